//! What a page draws, in order → its characters, marks and pictures.

use hayro::hayro_interpret::font::{Glyph, GlyphRun, PositionedGlyph};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape as _};
use pages::Mark;

use crate::frame::Frame;
use crate::geometry::{is_sane, keeps_boxes, rect};
use crate::ground::{Grounds, Ink};
use crate::limits::{COVERS_MAX, GLYPHS_MAX, MARKS_MAX, SEEN_SIZE_PT_MIN};
use crate::outlines::{self, Group, Outline, Shapes};
use crate::pictures::{Decoded, Pictures, hides_what_is_under};
use crate::sketch::Sketch;
use crate::text;

/// Follows the drawing of one page.
pub(crate) struct Walker<'s> {
    /// The text layer.
    pub(crate) glyphs: Vec<pages::Glyph>,
    /// Outlines that may be letters.
    pub(crate) marks: Vec<Mark>,
    /// Whether there was more than is taken.
    pub(crate) was_cut: bool,
    /// Pictures.
    pub(crate) pictures: Pictures,
    /// A small drawing of the page, where one is wanted.
    pub(crate) sketch: Option<Sketch>,
    shapes: &'s mut Shapes,
    grounds: Grounds,
    covers: usize,
    fills: u32,
    /// What is seen: the innermost last.
    clips: Vec<Rect>,
    /// How much of what is drawn now is seen: the innermost last.
    veils: Vec<f32>,
    /// Groups that are drawn now through a mask, or mixed with what is under them.
    masks: usize,
    /// For each group that is drawn now, whether it is such a one.
    groups: Vec<bool>,
    /// The outlines of the glyph that is being drawn by a font of drawings (Type 3).
    drawn_glyph: Option<Vec<Outline>>,
}

impl<'s> Walker<'s> {
    pub(crate) fn new(frame: &Frame, shapes: &'s mut Shapes, pictures: Pictures) -> Self {
        Self {
            glyphs: Vec::new(),
            marks: Vec::new(),
            was_cut: false,
            pictures,
            sketch: None,
            shapes,
            grounds: Grounds::default(),
            covers: 0,
            fills: 0,
            clips: vec![frame.rect()],
            veils: vec![1.0],
            masks: 0,
            groups: Vec::new(),
            drawn_glyph: None,
        }
    }

    fn seen(&self) -> Rect {
        self.clips.last().copied().unwrap_or_default()
    }

    fn veil(&self) -> f32 {
        self.veils.last().copied().unwrap_or(1.0)
    }

    fn next_fill(&mut self) -> u32 {
        let fill = self.fills;
        self.fills = self.fills.saturating_add(1);
        fill
    }

    fn shows(&self, ink: Ink, at: Point) -> bool {
        self.seen().contains(at) && self.grounds.shows(ink, at)
    }

    fn fill(&mut self, path: &BezPath, transform: Affine, ink: Ink) {
        let Some(outlines) = outlines::outlines(path, transform) else {
            self.was_cut = true;
            return;
        };
        if let Some(drawn) = &mut self.drawn_glyph {
            drawn.extend(outlines);
            return;
        }
        let fill = self.next_fill();
        for group in outlines::groups(&outlines) {
            self.mark(&outlines, &group, ink, fill);
        }
        let contours =
            path.elements().iter().filter(|element| matches!(element, hayro::kurbo::PathEl::MoveTo(_)));
        if contours.take(GROUND_CONTOURS_MAX + 1).count() <= GROUND_CONTOURS_MAX {
            self.grounds.paint_area(transform * path.clone(), ink);
        }
    }

    fn mark(&mut self, outlines: &[Outline], group: &Group, ink: Ink, fill: u32) {
        if !self.shows(ink, group.within.center()) {
            return;
        }
        if self.marks.len() >= MARKS_MAX {
            self.was_cut = true;
            return;
        }
        let members = outlines.get(group.of.clone()).unwrap_or_default();
        match self.shapes.at(members, group.within) {
            Some(shape) => self.marks.push(Mark { shape, at: rect(group.within), fill }),
            None => self.was_cut = true,
        }
    }

    /// What was drawn in a box before is not seen any more.
    fn cover(&mut self, within: Rect, ink: Ink) {
        if !ink.is_opaque() || self.covers >= COVERS_MAX {
            return;
        }
        self.covers += 1;
        let within = rect(within.intersect(self.seen()));
        let is_under = |at: &pages::Rect| {
            let (x, y) = ((at.left + at.right) / 2.0, (at.top + at.bottom) / 2.0);
            within.left < x && x < within.right && within.top < y && y < within.bottom
        };
        for glyph in self.glyphs.iter_mut().filter(|glyph| is_under(&glyph.at)) {
            glyph.is_visible = false;
        }
        self.marks.retain(|mark| !is_under(&mark.at));
    }

    fn character<'a>(
        &mut self,
        glyph: &PositionedGlyph<'a>,
        props: &DrawProps<'a>,
        mode: &DrawMode,
        fill: u32,
    ) {
        let Some(mut found) = text::character(glyph, props.transform) else { return };
        if self.glyphs.len() >= GLYPHS_MAX {
            self.was_cut = true;
            return;
        }
        let ink = Ink::new(&props.paint, self.veil());
        let middle = Point::new(
            f64::from(found.at.left + found.at.right) / 2.0,
            f64::from(found.at.top + found.at.bottom) / 2.0,
        );
        found.is_visible = !matches!(mode, DrawMode::Invisible)
            && found.size_pt >= SEEN_SIZE_PT_MIN
            && self.shows(ink, middle);
        let is_unread = found.text.is_empty() && found.is_visible;
        self.glyphs.push(found);
        if is_unread {
            self.unread(glyph, props, ink, fill);
        }
    }

    /// A character that the font does not name: its outline can still be read.
    fn unread<'a>(&mut self, glyph: &PositionedGlyph<'a>, props: &DrawProps<'a>, ink: Ink, fill: u32) {
        let outlines = match &**glyph {
            Glyph::Outline(outline) => {
                outlines::outlines(&outline.outline(), props.transform * glyph.transform())
                    .unwrap_or_default()
            }
            // A drawing inside a drawing is a trick.
            Glyph::Type3(_) if self.drawn_glyph.is_some() => return,
            Glyph::Type3(drawn) => {
                self.drawn_glyph = Some(Vec::new());
                drawn.interpret(self, props.transform, glyph.transform(), &props.paint);
                self.drawn_glyph.take().unwrap_or_default()
            }
        };
        if let Some(group) = outlines::whole(&outlines) {
            self.mark(&outlines, &group, ink, fill);
        }
    }
}

/// A fill of more contours is text, not a ground for it.
const GROUND_CONTOURS_MAX: usize = 8;

impl<'a> Device<'a> for Walker<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if let Some(sketch) = &mut self.sketch {
            sketch.path(path, props.transform, &props, mode);
        }
        if matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            let ink = Ink::new(&props.paint, self.veil());
            self.fill(path, props.transform, ink);
        }
    }

    fn draw_rect(&mut self, of: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        if let Some(sketch) = &mut self.sketch {
            sketch.path(&of.to_path(0.1), props.transform, &props, mode);
        }
        if !matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            return;
        }
        let ink = Ink::new(&props.paint, self.veil());
        if keeps_boxes(props.transform) && self.drawn_glyph.is_none() {
            let within = props.transform.transform_rect_bbox(*of);
            if self.masks == 0 && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal {
                self.cover(within, ink);
            }
        }
        self.fill(&of.to_path(0.1), props.transform, ink);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        if let Some(sketch) = &mut self.sketch {
            sketch.clip(clip);
        }
        let within = self.seen().intersect(clip.path.control_box());
        self.clips.push(within);
    }

    fn push_clip_rect(&mut self, of: &Rect) {
        if let Some(sketch) = &mut self.sketch {
            sketch.clip_box(*of);
        }
        self.clips.push(self.seen().intersect(*of));
    }

    fn pop_clip(&mut self) {
        if let Some(sketch) = &mut self.sketch {
            sketch.unclip();
        }
        // The first one is the page.
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, mode: BlendMode) {
        self.veils.push(self.veil() * opacity);
        let is_mixed = mask.is_some() || mode != BlendMode::Normal;
        self.groups.push(is_mixed);
        self.masks += usize::from(is_mixed);
        if let Some(sketch) = self.sketch.as_mut().filter(|_| is_mixed || opacity < 1.0) {
            sketch.give_up();
        }
    }

    fn pop_transparency_group(&mut self) {
        if self.groups.pop() == Some(true) {
            self.masks = self.masks.saturating_sub(1);
        }
        if self.veils.len() > 1 {
            self.veils.pop();
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if let Some(sketch) = &mut self.sketch {
            sketch.letters(run, &props, mode);
        }
        let fill = self.next_fill();
        for glyph in run.glyphs() {
            self.character(glyph, &props, mode, fill);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        // A letter of a font of pictures.
        if self.drawn_glyph.is_some() {
            return;
        }
        let pixels = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let within = props.transform.transform_rect_bbox(pixels);
        let ink = Ink::picture(self.veil());
        if ink.is_transparent() || !is_sane(within.origin()) || !is_sane(Point::new(within.x1, within.y1)) {
            return;
        }
        if keeps_boxes(props.transform) && self.masks == 0 && hides_what_is_under(&image, ink) {
            self.cover(within, ink);
        }
        self.grounds.paint_box(within.intersect(self.seen()), ink);
        let sketch_px = self.sketch.as_ref().map(Sketch::longest_px);
        let picture = Decoded::new(&image, self.pictures.longest_px().max(sketch_px));
        self.pictures.add(&picture, props.transform, self.seen());
        if let Some(sketch) = self.sketch.as_mut().filter(|_| !self.pictures.is_too_much) {
            sketch.picture(&picture, &props);
        }
    }
}
