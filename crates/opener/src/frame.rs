//! A page's boxes and rotation → its size as shown, and where its points go.

use hayro::hayro_interpret::TransformExt as _;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};

use crate::limits::{PAGE_SIDE_PT_MAX, PAGE_SIDE_PT_MIN};

/// A page as it is shown: origin at the upper left corner, y down, points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Width as shown.
    pub(crate) width: f64,
    /// Height as shown.
    pub(crate) height: f64,
    /// Where the page's own points go.
    pub(crate) transform: Affine,
}

impl Frame {
    pub(crate) fn new(page: &Page<'_>) -> Self {
        let (width, height) = page.render_dimensions();
        let cut = |side: f32| f64::from(side).clamp(PAGE_SIDE_PT_MIN, PAGE_SIDE_PT_MAX);
        Self { width: cut(width), height: cut(height), transform: page.initial_transform(true).to_kurbo() }
    }

    pub(crate) fn rect(&self) -> Rect {
        Rect::new(0.0, 0.0, self.width, self.height)
    }
}
