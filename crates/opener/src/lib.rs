//! The bytes of a PDF → what lies on its pages ([`pages::Opened`]).
//!
//! A stranger's file is opened here, by libraries that may panic or eat memory on it: meant to run in a sandboxed process of
//! its own, which is killed when it takes too long. No I/O, no clock.

mod drawing;
mod frame;
mod geometry;
mod ground;
mod limits;
mod look;
mod outlines;
mod pictures;
mod png_file;
mod sketch;
mod structure;
mod table;
mod text;
mod walk;

use std::sync::Arc;

use hayro::hayro_syntax::{LoadPdfError, Pdf};
use pages::{Oddity, Opened};
use serde::{Deserialize, Serialize};

/// What is wanted of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Wish {
    /// Pages that are looked at, from the first.
    pub pages_max: u32,
    /// Whether text and outlines are wanted.
    pub words: bool,
    /// Width of a thumbnail of the first page, pixels.
    pub thumbnail_px: Option<u32>,
    /// Width of a preview of each page, pixels.
    pub preview_px: Option<u32>,
    /// Longest side of each picture that is cut out, pixels.
    pub pictures_px: Option<u32>,
    /// Resolution of rasters for OCR, dots an inch.
    pub raster_dpi: Option<u32>,
}

/// Why nothing could be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It does not begin like a PDF.
    #[error("it is not a PDF")]
    NotPdf,
    /// It wants a password.
    #[error("it is encrypted and wants a password")]
    Password,
    /// No page can be found in it.
    #[error("it is damaged: no page can be found in it")]
    NoPages,
}

/// Opens a document and says what lies on its pages.
///
/// # Errors
/// When it has no page that can be read. It may also panic, hang or exhaust memory on a hostile file: see the crate's docs.
pub fn open(bytes: &[u8], wish: &Wish) -> Result<Opened, Fault> {
    let head = bytes.get(..bytes.len().min(limits::HEADER_WITHIN)).unwrap_or_default();
    if !head.windows(5).any(|word| word == b"%PDF-") {
        return Err(Fault::NotPdf);
    }
    let pdf = Pdf::new(Arc::new(bytes.to_vec())).map_err(|fault| match fault {
        LoadPdfError::Decryption(_) => Fault::Password,
        LoadPdfError::Invalid => Fault::NoPages,
    })?;
    if pdf.pages().is_empty() {
        return Err(Fault::NoPages);
    }
    let mut oddities = structure::oddities(&pdf);
    let is_broken = table::is_broken(bytes);
    let of_the_file = [
        (table::names_encryption(bytes), Oddity::Encrypted),
        (is_broken, Oddity::Rebuilt),
        (!is_broken && table::was_updated(bytes), Oddity::Updated),
    ];
    oddities.extend(of_the_file.into_iter().filter_map(|(is_so, oddity)| is_so.then_some(oddity)));
    Ok(look::look(&pdf, wish, oddities))
}
