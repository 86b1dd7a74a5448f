//! Decoded pixels and where they are drawn → pixels of a box of the page.

use hayro::hayro_interpret::{ImageData, LumaData};
use hayro::kurbo::{Affine, Point, Rect};
use tiny_skia::{ColorU8, Pixmap};

use crate::geometry::is_sane;
use crate::png_file::Pixels;

/// A pixel is the mean of at most so many by so many of the picture's own.
const MEAN_OF_MAX: u32 = 8;
/// A picture that is turned by less stands upright: over a page of 14,400 points it is out by 0.0001.
const TURN_MAX: f64 = 1e-8;

/// Decoded pixels.
pub(super) struct Source<'d> {
    colours: Colours<'d>,
    width: u32,
    height: u32,
    alpha: Option<&'d LumaData>,
    /// What the picture says it measures: decoders may give less.
    declared: (u32, u32),
}

enum Colours<'d> {
    Rgb(&'d [u8]),
    Grey(&'d [u8]),
    One([u8; 3]),
}

impl<'d> Source<'d> {
    pub(super) fn raster(
        data: &'d ImageData,
        alpha: Option<&'d LumaData>,
        declared: (u32, u32),
    ) -> Option<Self> {
        let colours = match data {
            ImageData::Rgb(rgb) => Colours::Rgb(&rgb.data),
            ImageData::Luma(luma) => Colours::Grey(&luma.data),
        };
        Self { colours, width: data.width(), height: data.height(), alpha, declared }.checked()
    }

    pub(super) fn stencil(mask: &'d LumaData, colour: [u8; 3], declared: (u32, u32)) -> Option<Self> {
        let colours = Colours::One(colour);
        Self { colours, width: mask.width, height: mask.height, alpha: Some(mask), declared }.checked()
    }

    /// Where a point of what is drawn is among the decoded pixels. None where the picture is drawn without an area.
    fn back(&self, transform: Affine) -> Option<Affine> {
        let shrunk = Affine::scale_non_uniform(
            f64::from(self.declared.0) / f64::from(self.width),
            f64::from(self.declared.1) / f64::from(self.height),
        );
        let drawn = transform * shrunk;
        (drawn.determinant().abs() >= f64::MIN_POSITIVE).then(|| drawn.inverse())
    }

    fn checked(self) -> Option<Self> {
        (self.width > 0 && self.height > 0 && self.declared.0 > 0 && self.declared.1 > 0).then_some(self)
    }

    /// A pixel on paper of a colour.
    fn at(&self, x: u32, y: u32, paper: [u8; 3]) -> [u8; 3] {
        let colour = match &self.colours {
            Colours::Rgb(data) => {
                place(x, y, self.width).and_then(|at| data.as_chunks::<3>().0.get(at).copied())
            }
            Colours::Grey(data) => place(x, y, self.width).and_then(|at| data.get(at)).map(|grey| [*grey; 3]),
            Colours::One(colour) => Some(*colour),
        };
        let colour = colour.unwrap_or([u8::MAX; 3]);
        let Some(alpha) = self.alpha else { return colour };
        let opacity = self.opacity(alpha, x, y);
        let mix = |part: u8, paper: u8| {
            let mixed = (u32::from(part) * opacity + u32::from(paper) * (255 - opacity) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        let ([red, green, blue], [under_red, under_green, under_blue]) = (colour, paper);
        [mix(red, under_red), mix(green, under_green), mix(blue, under_blue)]
    }

    /// How opaque a pixel is, 0 to 255: the mask may have another size than the picture.
    fn opacity(&self, alpha: &LumaData, x: u32, y: u32) -> u32 {
        let scaled = |at: u32, of: u32, to: u32| {
            let at = u64::from(at) * u64::from(to) / u64::from(of);
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        let (x, y) = (scaled(x, self.width, alpha.width), scaled(y, self.height, alpha.height));
        place(x, y, alpha.width).and_then(|at| alpha.data.get(at)).map_or(255, |value| u32::from(*value))
    }

    /// The mean of the pixels under a box on paper of a colour; nothing but paper outside of the picture.
    fn mean(&self, under: Under, paper: [u8; 3]) -> [u8; 3] {
        let (Some((left, across)), Some((top, down))) = under else { return paper };
        if across == 1 && down == 1 {
            return self.at(left, top, paper);
        }
        let (columns, rows) = (across.min(MEAN_OF_MAX), down.min(MEAN_OF_MAX));
        let mut sums = [0_u32; 3];
        for row in 0..rows {
            for column in 0..columns {
                let pixel = self.at(left + column * across / columns, top + row * down / rows, paper);
                for (sum, part) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(part);
                }
            }
        }
        sums.map(|sum| u8::try_from(sum / (columns * rows)).unwrap_or(u8::MAX))
    }
}

fn place(x: u32, y: u32, width: u32) -> Option<usize> {
    usize::try_from(u64::from(y) * u64::from(width) + u64::from(x)).ok()
}

/// The pixels between two places: the first, and how many (at least one). None where all are outside.
type Span = Option<(u32, u32)>;

/// The pixels of a picture under a box: columns and rows.
type Under = (Span, Span);

fn span(from: f64, to: f64, of: u32) -> Span {
    if to <= 0.0 || from >= f64::from(of) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to 0..of")]
    let whole = |place: f64| place.clamp(0.0, f64::from(of)) as u32;
    let first = whole(from).min(of - 1);
    let end = whole(to.round());
    Some((first, end.saturating_sub(first).max(1).min(of - first)))
}

/// The pixels of a box of the page into which a picture is drawn. Not finer than the picture is. None where nothing is.
pub(super) fn sample(
    source: &Source<'_>,
    transform: Affine,
    within: Rect,
    longest_px: u32,
) -> Option<Pixels> {
    let back = source.back(transform)?;
    let [a, b, c, d, _, _] = back.as_coeffs();
    // Pixels of the picture a point of the page, in its finer direction.
    let fineness = a.hypot(b).max(c.hypot(d));
    let scale = fineness.min(f64::from(longest_px) / within.width().max(within.height()));
    let (width, height) =
        (side_px(within.width() * scale, longest_px)?, side_px(within.height() * scale, longest_px)?);
    let step = (within.width() / f64::from(width), within.height() / f64::from(height));
    let grid = Grid { origin: within.origin(), step, columns: width, rows: height };
    let mut rgb = Vec::new();
    grid.over(source, back, |_, _, under| rgb.extend(source.mean(under, [u8::MAX; 3])))?;
    Some(Pixels { width, height, rgb })
}

/// Paints a picture over a canvas, inside of a box of it. Says whether it could be.
pub(super) fn blend(canvas: &mut Pixmap, source: &Source<'_>, transform: Affine, seen: Rect) -> bool {
    let Some(back) = source.back(transform) else { return false };
    let whole = Rect::new(0.0, 0.0, f64::from(source.declared.0), f64::from(source.declared.1));
    let within = transform.transform_rect_bbox(whole).intersect(seen);
    let width = canvas.width();
    let rows = span(within.y0, within.y1, canvas.height());
    let columns = span(within.x0, within.x1, width);
    let (Some((top, down)), Some((left, across))) = (rows, columns) else { return true };
    let origin = Point::new(f64::from(left), f64::from(top));
    let grid = Grid { origin, step: (1.0, 1.0), columns: across, rows: down };
    let painted = grid.over(source, back, |column, row, under| {
        let pixel = place(left + column, top + row, width).and_then(|at| canvas.pixels_mut().get_mut(at));
        if let Some(pixel) = pixel {
            let [red, green, blue] = source.mean(under, [pixel.red(), pixel.green(), pixel.blue()]);
            *pixel = ColorU8::from_rgba(red, green, blue, u8::MAX).premultiply();
        }
    });
    painted.is_some()
}

/// Boxes of one size, side by side.
struct Grid {
    origin: Point,
    step: (f64, f64),
    columns: u32,
    rows: u32,
}

impl Grid {
    /// Names the boxes row by row, each with the pixels under it. None where that leads to places that cannot be.
    fn over(&self, source: &Source<'_>, back: Affine, mut each: impl FnMut(u32, u32, Under)) -> Option<()> {
        // Almost every picture stands upright: what is under a column is the same in every row.
        let [a, b, c, d, _, _] = back.as_coeffs();
        if b.abs() <= TURN_MAX * a.abs() && c.abs() <= TURN_MAX * d.abs() {
            let under = |column, row| self.under(source, back, column, row);
            let columns: Vec<Span> =
                (0..self.columns).map(|column| Some(under(column, 0)?.0)).collect::<Option<_>>()?;
            for row in 0..self.rows {
                let (_, across) = under(0, row)?;
                for (column, down) in (0..).zip(&columns) {
                    each(column, row, (*down, across));
                }
            }
            return Some(());
        }
        for row in 0..self.rows {
            for column in 0..self.columns {
                each(column, row, self.under(source, back, column, row)?);
            }
        }
        Some(())
    }

    fn under(&self, source: &Source<'_>, back: Affine, column: u32, row: u32) -> Option<Under> {
        let left = self.origin.x + f64::from(column) * self.step.0;
        let top = self.origin.y + f64::from(row) * self.step.1;
        let of = back.transform_rect_bbox(Rect::new(left, top, left + self.step.0, top + self.step.1));
        let is_somewhere = is_sane(of.origin()) && is_sane(Point::new(of.x1, of.y1));
        is_somewhere.then(|| (span(of.x0, of.x1, source.width), span(of.y0, of.y1, source.height)))
    }
}

fn side_px(length: f64, longest_px: u32) -> Option<u32> {
    if !length.is_finite() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to 1..=longest_px")]
    let px = length.round().clamp(1.0, f64::from(longest_px)) as u32;
    Some(px)
}
