//! What a page draws, in order → a small drawing of it, while it is walked.
//!
//! Fills, strokes, letters and pictures in one colour each, inside of boxes or paths: what copies are made of. A page with
//! more (patterns, masks, mixed colours) is given up, and drawn by [`crate::drawing`], which knows it all. Programs write each
//! box as a path of its own and clip everything by it, over and over; here a clip costs something only where it cuts.

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, DrawMode, DrawProps, FillRule, ImageDrawProps, Paint, StrokeProps,
};
use hayro::kurbo::{Affine, BezPath, Cap, Join, PathEl, Point, Rect, Shape as _};
use tiny_skia::{Color, LineCap, LineJoin, Mask, PathBuilder, Pixmap, Stroke, StrokeDash, Transform};

use crate::drawing::Measure;
use crate::geometry::{is_sane, narrow};
use crate::limits::{PATH_ELEMENTS_MAX, SKETCH_MASKS_MAX};
use crate::pictures::{Decoded, paint_over};
use crate::png_file::Pixels;

/// Draws the page that is walked.
pub(crate) struct Sketch {
    canvas: Pixmap,
    /// Points of the page to pixels.
    to_px: Affine,
    /// What is seen: the innermost last.
    clips: Vec<Clip>,
    masks: usize,
    is_given_up: bool,
}

struct Clip {
    /// Pixels.
    within: Rect,
    /// Where it is no box.
    mask: Option<Mask>,
}

impl Sketch {
    /// Blank paper. None where there is no memory for it.
    pub(crate) fn new(measure: &Measure) -> Option<Self> {
        let mut canvas = Pixmap::new(measure.width.into(), measure.height.into())?;
        canvas.fill(Color::WHITE);
        let within = Rect::new(0.0, 0.0, measure.width.into(), measure.height.into());
        let paper = Clip { within, mask: None };
        let to_px = Affine::scale(measure.scale);
        Some(Self { canvas, to_px, clips: vec![paper], masks: 0, is_given_up: false })
    }

    /// The drawing. None where the page has what is not drawn here.
    pub(crate) fn finish(self) -> Option<Pixels> {
        // On white paper nothing is transparent: premultiplied or not is the same.
        let rgb = self
            .canvas
            .data()
            .as_chunks::<4>()
            .0
            .iter()
            .flat_map(|[red, green, blue, _]| [*red, *green, *blue]);
        let rgb = rgb.collect();
        (!self.is_given_up).then_some(Pixels {
            width: self.canvas.width(),
            height: self.canvas.height(),
            rgb,
        })
    }

    /// Its longest side, pixels.
    pub(crate) fn longest_px(&self) -> u32 {
        self.canvas.width().max(self.canvas.height())
    }

    /// This page is not for this way.
    pub(crate) fn give_up(&mut self) {
        self.is_given_up = true;
    }

    /// A path is filled, its line drawn, or both.
    pub(crate) fn path(&mut self, path: &BezPath, transform: Affine, props: &DrawProps<'_>, mode: &DrawMode) {
        if self.is_given_up || matches!(mode, DrawMode::Invisible) {
            return;
        }
        let Some(paint) = plain(props) else { return self.give_up() };
        if let DrawMode::Fill(rule) | DrawMode::FillAndStroke(rule, _) = mode {
            self.fill(path, self.to_px * transform, &paint, *rule);
        }
        if let DrawMode::Stroke(line) | DrawMode::FillAndStroke(_, line) = mode {
            self.stroke(path, self.to_px * transform, &paint, line);
        }
    }

    /// Letters of a font.
    pub(crate) fn letters(&mut self, run: &GlyphRun<'_, '_>, props: &DrawProps<'_>, mode: &DrawMode) {
        for glyph in run.glyphs() {
            match &**glyph {
                _ if self.is_given_up || matches!(mode, DrawMode::Invisible) => return,
                Glyph::Outline(outline) => {
                    self.path(&outline.outline(), props.transform * glyph.transform(), props, mode);
                }
                Glyph::Type3(_) => self.give_up(),
            }
        }
    }

    /// A picture.
    pub(crate) fn picture(&mut self, picture: &Decoded<'_, '_, '_>, props: &ImageDrawProps<'_>) {
        if self.is_given_up {
            return;
        }
        let Some(clip) = self.clips.last() else { return };
        let is_plain =
            props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal && clip.mask.is_none();
        if !is_plain || !paint_over(&mut self.canvas, picture, self.to_px * props.transform, clip.within) {
            self.give_up();
        }
    }

    /// What comes is seen only inside of a path.
    pub(crate) fn clip(&mut self, clip: &ClipPath) {
        let outline = self.to_px * clip.path.clone();
        match as_box(&outline) {
            Some(within) => self.clip_px(within, None),
            None => {
                let inside = self.mask(&outline, clip.fill);
                self.clip_px(outline.control_box(), inside);
            }
        }
    }

    /// What comes is seen only inside of a box.
    pub(crate) fn clip_box(&mut self, of: Rect) {
        self.clip_px(self.to_px.transform_rect_bbox(of), None);
    }

    /// The last clip counts no more.
    pub(crate) fn unclip(&mut self) {
        // The first one is the page.
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn clip_px(&mut self, within: Rect, inside: Option<Mask>) {
        let Some(outer) = self.clips.last() else { return };
        let within = outer.within.intersect(within);
        let mask = match (&outer.mask, inside) {
            (None, inside) => inside,
            // A box inside of a path: what is outside of the box is cut where something is drawn across it.
            (Some(outer), None) => {
                self.masks += 1;
                Some(outer.clone())
            }
            (Some(outer), Some(mut inside)) => {
                for (one, other) in inside.data_mut().iter_mut().zip(outer.data()) {
                    *one = (*one).min(*other);
                }
                Some(inside)
            }
        };
        if self.masks > SKETCH_MASKS_MAX {
            self.is_given_up = true;
        }
        self.clips.push(Clip { within, mask: mask.filter(|_| !self.is_given_up) });
    }

    /// The pixels inside of a path.
    fn mask(&mut self, outline: &BezPath, rule: FillRule) -> Option<Mask> {
        self.masks += 1;
        if self.is_given_up || self.masks > SKETCH_MASKS_MAX {
            self.is_given_up = true;
            return None;
        }
        let mut mask = Mask::new(self.canvas.width(), self.canvas.height())?;
        match outline_px(outline) {
            // Empty: nothing is seen.
            Outline::Nothing => {}
            Outline::Path(path) => mask.fill_path(&path, fill_rule(rule), true, Transform::identity()),
            Outline::Odd => self.is_given_up = true,
        }
        Some(mask)
    }

    fn fill(&mut self, path: &BezPath, to_px: Affine, paint: &tiny_skia::Paint<'_>, rule: FillRule) {
        let outline = to_px * path.clone();
        let Some(mask) = self.seen(outline.control_box()) else { return };
        match outline_px(&outline) {
            Outline::Nothing => {}
            Outline::Odd => self.give_up(),
            Outline::Path(path) => {
                self.canvas.fill_path(&path, paint, fill_rule(rule), Transform::identity(), mask.as_ref());
            }
        }
    }

    fn stroke(&mut self, path: &BezPath, to_px: Affine, paint: &tiny_skia::Paint<'_>, line: &StrokeProps) {
        let [a, b, c, d, _, _] = to_px.as_coeffs();
        let widest = a.hypot(b).max(c.hypot(d));
        // Lines are drawn in pixels: a pen that is wider one way than the other is for the other way of drawing.
        let is_even = (a.hypot(b) - c.hypot(d)).abs() <= 0.01 * widest
            && (a * c + b * d).abs() <= 0.01 * widest * widest;
        let width = (f64::from(line.line_width) * widest).max(LINE_PX_MIN);
        let outline = to_px * path.clone();
        let reach = width * f64::from(line.miter_limit.clamp(2.0, 20.0));
        let Some(mask) = self.seen(outline.control_box().inflate(reach, reach)) else { return };
        if !is_even || line.miter_limit > 20.0 {
            return self.give_up();
        }
        let dashes: Vec<f32> = line.dash_array.iter().map(|dash| dash * narrow(widest)).collect();
        let dash = StrokeDash::new(dashes, line.dash_offset * narrow(widest));
        if dash.is_none() && !line.dash_array.is_empty() {
            return self.give_up();
        }
        let pen = Stroke {
            width: narrow(width),
            miter_limit: line.miter_limit,
            line_cap: match line.line_cap {
                Cap::Butt => LineCap::Butt,
                Cap::Round => LineCap::Round,
                Cap::Square => LineCap::Square,
            },
            line_join: match line.line_join {
                Join::Bevel => LineJoin::Bevel,
                Join::Miter => LineJoin::Miter,
                Join::Round => LineJoin::Round,
            },
            dash,
        };
        match outline_px(&outline) {
            Outline::Nothing => {}
            Outline::Odd => self.give_up(),
            Outline::Path(path) => {
                self.canvas.stroke_path(&path, paint, &pen, Transform::identity(), mask.as_ref());
            }
        }
    }

    /// Through what something in a box is seen: nothing where no clip cuts it. None where it is not seen at all.
    fn seen(&mut self, at: Rect) -> Option<Option<Mask>> {
        let clip = self.clips.last()?;
        let paper = Rect::new(0.0, 0.0, self.canvas.width().into(), self.canvas.height().into());
        let shown = at.intersect(clip.within);
        if shown.width() < 0.0 || shown.height() < 0.0 || !at.overlaps(clip.within) {
            return None;
        }
        let is_cut = !clip.within.inflate(CUT_PX_MIN, CUT_PX_MIN).contains_rect(at.intersect(paper));
        let mask = clip.mask.clone();
        if !is_cut && mask.is_none() {
            return Some(None);
        }
        let within = clip.within;
        let mut inside = self.mask(&within.to_path(0.1), FillRule::NonZero)?;
        for (one, other) in inside.data_mut().iter_mut().zip(mask.iter().flat_map(|mask| mask.data())) {
            *one = (*one).min(*other);
        }
        Some(Some(inside))
    }
}

/// A clip that takes less off is not seen, pixels.
const CUT_PX_MIN: f64 = 0.02;
/// Thinner lines are drawn so wide, pixels.
const LINE_PX_MIN: f64 = 1.0;

/// The one colour that something is painted with.
fn plain<'p>(props: &DrawProps<'_>) -> Option<tiny_skia::Paint<'p>> {
    let Paint::Color(color) = &props.paint else { return None };
    if props.soft_mask.is_some() || props.blend_mode != BlendMode::Normal {
        return None;
    }
    let [red, green, blue, alpha] = color.to_rgba().components().map(|part| part.clamp(0.0, 1.0));
    let mut paint = tiny_skia::Paint::default();
    paint.set_color(Color::from_rgba(red, green, blue, alpha)?);
    Some(paint)
}

fn fill_rule(rule: FillRule) -> tiny_skia::FillRule {
    match rule {
        FillRule::NonZero => tiny_skia::FillRule::Winding,
        FillRule::EvenOdd => tiny_skia::FillRule::EvenOdd,
    }
}

enum Outline {
    Path(tiny_skia::Path),
    /// Without an area or a length.
    Nothing,
    /// With too many elements, or points that are no numbers or too far.
    Odd,
}

fn outline_px(path: &BezPath) -> Outline {
    let bounds = path.control_box();
    let is_near = is_sane(Point::new(bounds.x0, bounds.y0)) && is_sane(Point::new(bounds.x1, bounds.y1));
    if path.elements().len() > PATH_ELEMENTS_MAX || !is_near {
        return Outline::Odd;
    }
    let mut builder = PathBuilder::new();
    let at = |point: Point| (narrow(point.x), narrow(point.y));
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(to) => builder.move_to(at(to).0, at(to).1),
            PathEl::LineTo(to) => builder.line_to(at(to).0, at(to).1),
            PathEl::QuadTo(by, to) => builder.quad_to(at(by).0, at(by).1, at(to).0, at(to).1),
            PathEl::CurveTo(one, two, to) => {
                builder.cubic_to(at(one).0, at(one).1, at(two).0, at(two).1, at(to).0, at(to).1);
            }
            PathEl::ClosePath => builder.close(),
        }
    }
    builder.finish().map_or(Outline::Nothing, Outline::Path)
}

/// A path that is nothing but an upright box, in whatever way it was written.
fn as_box(path: &BezPath) -> Option<Rect> {
    let mut corners: Vec<Point> = Vec::new();
    for (number, element) in path.elements().iter().enumerate() {
        match *element {
            PathEl::MoveTo(to) if number == 0 => corners.push(to),
            PathEl::LineTo(to) if corners.len() < 5 => corners.push(to),
            PathEl::ClosePath => {}
            _ => return None,
        }
    }
    let is_at = |one: Point, other: Point| one.distance(other) < 0.001;
    if let [first, _, _, _, last] = corners.as_slice()
        && is_at(*first, *last)
    {
        corners.pop();
    }
    let [one, two, three, four] = corners.as_slice() else { return None };
    let within = Rect::from_points(*one, *three);
    let is_upright = |one: Point, two: Point| (one.x - two.x).abs() < 0.001 || (one.y - two.y).abs() < 0.001;
    let others = Rect::from_points(*two, *four);
    let is_box = is_at(within.origin(), others.origin())
        && is_at(Point::new(within.x1, within.y1), Point::new(others.x1, others.y1));
    (is_box && is_upright(*one, *two) && is_upright(*two, *three)).then_some(within)
}
