//! What lies on a page → lines of words: from a text layer, from outlines by an alphabet of shapes, from what OCR says.
//!
//! Knows nothing of documents, letters or of how a page was opened. Pure: no I/O, no clock, no randomness.

mod content;
mod words;

pub use content::{
    Contour, Glyph, Mark, Oddity, Opened, Page, Picture, Png, Raster, Rect, Segment, Shape, ShapeAt,
};
pub use words::{Line, Way, Word};
