//! Words and lines with their places on the page.

use serde::{Deserialize, Serialize};

use crate::Rect;

/// How something was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The document's own text layer.
    TextLayer,
    /// Outlines, by an alphabet of shapes.
    Outlines,
    /// Optical character recognition.
    Ocr,
}

/// A run of words that stand on one baseline without a wide gap between them: a cell of a table, a label, a value.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Line {
    /// The page's number, from 1.
    pub page: u32,
    /// Its box.
    pub at: Rect,
    /// The height of its letters, points: the font's size where known, else an estimate. Tells headings from rows.
    pub size_pt: f32,
    /// Its words, from left to right. At least one.
    pub words: Vec<Word>,
}

/// A word.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Word {
    /// What it says; `□` (U+25A1) for each letter that is not known.
    pub text: String,
    /// Its box.
    pub at: Rect,
    /// How it was read.
    pub way: Way,
    /// How sure: 0 to 1. A text layer is 1; outlines are 1 where every letter is known; OCR says it itself.
    pub confidence: f32,
}
