//! What lies on a page → lines of words: from a text layer, from outlines by an alphabet of shapes, from what OCR says.
//!
//! Knows nothing of documents, letters or of how a page was opened. Pure: no I/O, no clock, no randomness.

mod align;
mod alphabet;
mod content;
mod ocr;
mod outline;
mod outlines;
#[cfg(test)]
mod properties;
mod rows;
#[cfg(test)]
mod testing;
mod text_layer;
mod twins;
mod words;

pub use align::{align_known_start, align_known_text, align_ocr};
pub use alphabet::{
    Alphabet, Conflict, CopyId, ENTRIES_MAX, Entry, EntryId, Evidence, ExchangeFault, Learned, Proposal,
    Sign, Stance, Standing, TrustRule, Vote,
};
pub use content::{
    Contour, Glyph, Mark, Oddity, Opened, Page, Picture, Png, Raster, Rect, Segment, Shape, ShapeAt,
};
pub use ocr::{OcrFault, OcrWord, lines_of_ocr, words as words_of_tsv};
pub use outline::apart;
pub use outlines::{MarkRow, OutlineReader, Piece, What, lines_of_outlines, rows_of_marks};
pub use rows::PIECES_MAX;
pub use text_layer::lines_of_text;
pub use twins::{cyrillic_twin, latin_twin};
pub use words::{Line, Way, Word};

/// Stands for each letter that is not known: □.
pub const UNKNOWN: char = '\u{25a1}';
