//! Boxes and points of `kurbo` → those of [`pages`].

use hayro::kurbo::{Affine, Point, Rect};

/// A length for [`pages`], which keeps lengths in single precision: a page has 14,400 points at most.
#[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is what is wanted")]
pub(crate) fn narrow(length: f64) -> f32 {
    length as f32
}

/// A box for [`pages`].
pub(crate) fn rect(of: Rect) -> pages::Rect {
    pages::Rect { left: narrow(of.x0), top: narrow(of.y0), right: narrow(of.x1), bottom: narrow(of.y1) }
}

/// How far one step along y goes after a transformation.
pub(crate) fn height_scale(of: Affine) -> f64 {
    let [_, _, c, d, _, _] = of.as_coeffs();
    c.hypot(d)
}

/// Whether boxes stay boxes: no rotation but by quarters, no skew.
pub(crate) fn keeps_boxes(transform: Affine) -> bool {
    let [a, b, c, d, _, _] = transform.as_coeffs();
    let nothing = 1e-6 * (a.abs() + b.abs() + c.abs() + d.abs());
    (b.abs() <= nothing && c.abs() <= nothing) || (a.abs() <= nothing && d.abs() <= nothing)
}

/// Whether a point can be worked with: hostile matrices make infinities.
pub(crate) fn is_sane(point: Point) -> bool {
    // A page is 14,400 points; what is a thousand times as far is never on it.
    point.x.abs() < 1e7 && point.y.abs() < 1e7
}
