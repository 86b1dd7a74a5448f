//! A glyph that a font draws → a character of the text layer with its place.

use hayro::hayro_interpret::font::{Glyph, PositionedGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::kurbo::{Affine, Point, Rect};

use crate::geometry::{height_scale, is_sane, narrow, rect};

/// Glyphs are drawn in thousandths of their size (`hayro`).
const UNITS: f64 = 1_000.0;
/// How far the box of a character goes over and under its baseline, in sizes. The fonts' own values are not told;
/// these are the usual ones.
const ASCENT: f64 = 0.8;
const DESCENT: f64 = 0.2;
/// The width of a character whose font does not say it, in sizes.
const USUAL_WIDTH: f64 = 0.5;

/// The character of a glyph drawn with a transformation. None where it is nowhere.
pub(crate) fn character(glyph: &PositionedGlyph<'_>, transform: Affine) -> Option<pages::Glyph> {
    let place = transform * glyph.transform();
    let (advance, text) = match &**glyph {
        Glyph::Outline(outline) => (outline.advance_width(), outline.as_unicode()),
        Glyph::Type3(drawn) => (drawn.advance_width(), drawn.as_unicode()),
    };
    let advance = advance.map_or(USUAL_WIDTH * UNITS, f64::from);
    let corner = |x: f64, share: f64| place * Point::new(x, share * UNITS);
    let origin = corner(0.0, 0.0);
    let at = Rect::from_points(corner(0.0, ASCENT), corner(advance, -DESCENT))
        .union(Rect::from_points(corner(0.0, -DESCENT), corner(advance, ASCENT)));
    let is_somewhere = is_sane(at.origin()) && is_sane(Point::new(at.x1, at.y1));
    is_somewhere.then(|| pages::Glyph {
        text: text.map(readable).unwrap_or_default(),
        at: rect(at),
        baseline_pt: narrow(origin.y),
        size_pt: narrow(height_scale(place) * UNITS),
        is_visible: true,
    })
}

/// What a font says that a glyph stands for; nothing where it is no character that people write.
fn readable(text: BfString) -> String {
    let mut text = match text {
        BfString::Char(character) => character.to_string(),
        BfString::String(text) => text,
    };
    text.retain(|character| !is_nothing(character));
    text
}

/// Controls, private use, and the sign for «unknown».
fn is_nothing(character: char) -> bool {
    let is_private = matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    character.is_control() || is_private || matches!(character, '\u{fffd}' | '\u{feff}')
}
