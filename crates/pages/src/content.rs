//! What was found on the pages of a document, as whoever opened it says it.
//!
//! Lengths are points (1/72 inch); the origin is the upper left corner of the page as it is shown, y runs down.

use serde::{Deserialize, Serialize};

/// A document that was opened.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Opened {
    /// How many pages it says it has; `pages` may be fewer.
    pub pages_total: u32,
    /// The pages that were looked at, in order.
    pub pages: Vec<Page>,
    /// The different shapes of all marks, each once.
    pub shapes: Vec<Shape>,
    /// What is strange about the document.
    pub oddities: Vec<Oddity>,
    /// The first page, small, where it was asked for.
    pub thumbnail: Option<Png>,
    /// Pages as people look at them, where they were asked for.
    pub previews: Vec<Png>,
    /// Pages as OCR wants them, where they were asked for.
    pub rasters: Vec<Raster>,
}

/// One page.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Width as shown, points.
    pub width_pt: f32,
    /// Height as shown, points.
    pub height_pt: f32,
    /// The text layer, in drawing order.
    pub glyphs: Vec<Glyph>,
    /// Filled outlines that may be letters, in drawing order.
    pub marks: Vec<Mark>,
    /// Pictures.
    pub pictures: Vec<Picture>,
}

/// A box on a page, points.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Right edge.
    pub right: f32,
    /// Lower edge.
    pub bottom: f32,
}

/// A character of the text layer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Glyph {
    /// What it stands for: usually one character; empty where the font does not say.
    pub text: String,
    /// Its advance box: from the baseline's origin to its advance, ascent to descent.
    pub at: Rect,
    /// Where its baseline is.
    pub baseline_pt: f32,
    /// Size of its font.
    pub size_pt: f32,
    /// Whether a person sees it: not drawn invisibly, not outside the page, not of the paper's colour.
    pub is_visible: bool,
}

/// A filled outline that may be a letter: contours that belong together.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Its shape: an index into [`Opened::shapes`].
    pub shape: ShapeAt,
    /// Its box.
    pub at: Rect,
    /// Which fill of the page drew it, from 0: makers fill a line, or a letter, at once.
    pub fill: u32,
}

/// An index into [`Opened::shapes`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ShapeAt(pub u32);

/// An outline without its place: the upper left corner of its box is the origin. Its size is kept.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Shape {
    /// Width of its box, points.
    pub width_pt: f32,
    /// Height of its box, points.
    pub height_pt: f32,
    /// Its contours, in drawing order.
    pub contours: Vec<Contour>,
}

/// A closed contour.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Contour {
    /// Where it begins: x, y.
    pub start: [f32; 2],
    /// Its segments; the last one ends where it began.
    pub segments: Vec<Segment>,
}

/// A piece of a contour; points are x, y.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum Segment {
    /// A straight line to a point.
    Line([f32; 2]),
    /// A cubic curve: two control points, then its end.
    Curve([f32; 2], [f32; 2], [f32; 2]),
}

/// A picture on a page.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Picture {
    /// Where it is drawn.
    pub at: Rect,
    /// Itself, made anew from its pixels and not larger than was asked for; none where it could not be drawn.
    pub png: Option<Png>,
}

/// A picture as a PNG file that we made ourselves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Png {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A page drawn in grey for OCR.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Raster {
    /// The page's number, from 1.
    pub page: u32,
    /// Pixels a point.
    pub scale: f32,
    /// The drawing.
    pub png: Png,
}

/// What is strange about a document; nothing of it is followed or run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// It is encrypted, and can be read without a password.
    Encrypted,
    /// It has scripts.
    JavaScript,
    /// It carries files.
    EmbeddedFiles,
    /// It wants to start a program, open a page, or send a form.
    Actions,
    /// It has fields to fill in.
    Form,
    /// It has text that nobody sees.
    HiddenText,
    /// Its tree of pages leads back to itself or too deep.
    PageTree,
    /// It has more pages than are looked at.
    TooManyPages,
    /// A page's box is missing, empty or huge, and was cut to what can be shown.
    PageBox,
    /// Its table of objects is broken and was rebuilt.
    Rebuilt,
    /// A part of it could not be read: fonts, pictures or streams.
    Damaged,
    /// It was changed after it was first written (incremental updates).
    Updated,
    /// Layers that are shown to some and not to others.
    Layers,
}
