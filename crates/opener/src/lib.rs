//! The bytes of a PDF → what lies on its pages ([`pages::Opened`]).
//!
//! A stranger's file is opened here, by libraries that may panic or eat memory on it: meant to run in a sandboxed process of
//! its own, which is killed when it takes too long. No I/O, no clock.

mod frame;
mod geometry;
mod ground;
mod limits;
mod outlines;
mod text;
mod walk;

use std::collections::BTreeSet;
use std::sync::Arc;

use hayro::hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use pages::{Oddity, Opened};
use serde::{Deserialize, Serialize};

use frame::Frame;
use geometry::narrow;
use outlines::Shapes;
use walk::Walker;

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
    let all = pdf.pages();
    if all.is_empty() {
        return Err(Fault::NoPages);
    }
    let mut oddities = BTreeSet::new();
    let mut shapes = Shapes::default();
    let cache = InterpreterCache::new();
    let wanted = usize::try_from(wish.pages_max).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for (number, page) in (1..).zip(all.iter().take(wanted)) {
        found.push(look(page, number, wish, &cache, &mut shapes, &mut oddities));
    }
    Ok(Opened {
        pages_total: u32::try_from(all.len()).unwrap_or(u32::MAX),
        pages: found,
        shapes: shapes.into_vec(),
        oddities: oddities.into_iter().collect(),
        ..Opened::default()
    })
}

fn look<'a>(
    page: &'a Page<'a>,
    number: u32,
    wish: &Wish,
    cache: &InterpreterCache<'a>,
    shapes: &mut Shapes,
    oddities: &mut BTreeSet<Oddity>,
) -> pages::Page {
    let frame = Frame::new(page);
    if frame.was_cut {
        oddities.insert(Oddity::PageBox);
    }
    let mut found = pages::Page {
        number,
        width_pt: narrow(frame.width),
        height_pt: narrow(frame.height),
        ..pages::Page::default()
    };
    if wish.words {
        let mut walker = Walker::new(&frame, shapes);
        let mut context =
            Context::new(frame.transform, frame.rect(), cache, page.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, &mut walker);
        if walker.was_cut {
            oddities.insert(Oddity::Damaged);
        }
        if walker.glyphs.iter().any(|glyph| !glyph.is_visible && !glyph.text.trim().is_empty()) {
            oddities.insert(Oddity::HiddenText);
        }
        found.glyphs = walker.glyphs;
        found.marks = walker.marks;
    }
    found
}
