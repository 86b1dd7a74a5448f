//! A page → drawings of it: a thumbnail, a preview, a raster for OCR.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use pages::{Png, Raster};

use crate::frame::Frame;
use crate::geometry::narrow;
use crate::limits::{DRAWING_PIXELS_MAX, DRAWING_SIDE_PX_MAX, RASTER_DPI_MAX, THUMBNAIL_PIXELS_MAX};
use crate::png_file::Pixels;

/// Points an inch.
const POINTS: f64 = 72.0;

/// Draws the pages of one document.
pub(crate) struct Drawer<'a> {
    cache: RenderCache<'a>,
    settings: InterpreterSettings,
}

impl<'a> Drawer<'a> {
    pub(crate) fn new(settings: InterpreterSettings) -> Self {
        Self { cache: RenderCache::new(), settings }
    }

    /// A page so many pixels wide, in a small file.
    pub(crate) fn thumbnail(&self, page: &'a Page<'a>, frame: &Frame, width_px: u32) -> Option<Png> {
        self.draw(page, frame, &Measure::thumbnail(frame, width_px)?).thumbnail()
    }

    /// A page so many pixels wide.
    pub(crate) fn preview(&self, page: &'a Page<'a>, frame: &Frame, width_px: u32) -> Option<Png> {
        let scale = f64::from(width_px) / frame.width;
        self.draw(page, frame, &Measure::new(frame, scale, DRAWING_PIXELS_MAX)?).png()
    }

    /// A page in grey at so many dots an inch.
    pub(crate) fn raster(&self, page: &'a Page<'a>, frame: &Frame, number: u32, dpi: u32) -> Option<Raster> {
        let scale = f64::from(dpi.min(RASTER_DPI_MAX)) / POINTS;
        let measure = Measure::new(frame, scale, DRAWING_PIXELS_MAX)?;
        let pixels = self.draw(page, frame, &measure);
        Some(Raster { page: number, scale: narrow(measure.scale), png: pixels.grey_png()? })
    }

    fn draw(&self, page: &'a Page<'a>, frame: &Frame, measure: &Measure) -> Pixels {
        let Measure { scale, width, height } = *measure;
        let mut canvas = RenderContext::new(width, height);
        let transform = Affine::scale(scale) * frame.transform;
        // Hinting runs the programs of a stranger's font, and gains nothing at these sizes.
        let looks = RenderSettings { hinting: false, ..RenderSettings::default() };
        render_into(page, &self.cache, &self.settings, &looks, &mut canvas, transform);
        canvas.flush();
        let mut drawn = Pixmap::new(width, height);
        let on_paper =
            RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
        canvas.render_with(&mut drawn, &mut Resources::default(), on_paper);
        // On white paper nothing is transparent: premultiplied or not is the same.
        let rgb = drawn.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
        Pixels { width: width.into(), height: height.into(), rgb }
    }
}

/// How large a page is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    /// Pixels a point.
    pub(crate) scale: f64,
    /// Pixels.
    pub(crate) width: u16,
    /// Pixels.
    pub(crate) height: u16,
}

impl Measure {
    /// Of a thumbnail so many pixels wide.
    pub(crate) fn thumbnail(frame: &Frame, width_px: u32) -> Option<Self> {
        Self::new(frame, f64::from(width_px) / frame.width, THUMBNAIL_PIXELS_MAX)
    }

    /// At a scale, or smaller where a drawing would have too many pixels.
    fn new(frame: &Frame, wish: f64, pixels_max: f64) -> Option<Self> {
        let by_area = (pixels_max / (frame.width * frame.height)).sqrt();
        let by_side = DRAWING_SIDE_PX_MAX / frame.width.max(frame.height);
        let scale = wish.min(by_area).min(by_side);
        let (width, height) = (side_px(frame.width * scale)?, side_px(frame.height * scale)?);
        Some(Self { scale, width, height })
    }
}

/// A side in whole pixels, at least one. None where it is no number.
fn side_px(length: f64) -> Option<u16> {
    if !length.is_finite() || length > DRAWING_SIDE_PX_MAX + 1.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and the limit above"
    )]
    let px = length.round().max(1.0) as u16;
    Some(px)
}
