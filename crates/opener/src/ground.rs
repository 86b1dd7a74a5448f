//! What was painted before → the colour under a point: whether somebody sees what is drawn there.

use hayro::hayro_interpret::Paint;
use hayro::kurbo::{BezPath, Point, Rect, Shape as _};

use crate::limits::{GROUND_ELEMENTS_MAX, GROUNDS_MAX};

/// Red, green, blue, each 0 to 1.
type Colour = [f32; 3];
/// The colour of paper.
const PAPER: Colour = [1.0; 3];
/// Colours nearer than this cannot be told apart: 4 of 255 steps in each channel.
const SAME_COLOUR: f32 = 4.5 / 255.0;
/// What lets so little through is invisible.
const OPACITY_MIN: f32 = 0.02;
/// The smallest area that can be a ground, points: smaller than any letter to be read on it.
const GROUND_SIDE_PT_MIN: f64 = 4.0;

/// What a thing is painted with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Ink {
    /// None for patterns and pictures.
    colour: Option<Colour>,
    opacity: f32,
}

impl Ink {
    /// The ink of a paint under a veil of so much opacity.
    pub(crate) fn new(paint: &Paint<'_>, veil: f32) -> Self {
        match paint {
            Paint::Color(color) => {
                let [red, green, blue, alpha] = color.to_rgba().components();
                Self { colour: Some([red, green, blue]), opacity: alpha * veil }
            }
            Paint::Pattern(_) => Self { colour: None, opacity: veil },
        }
    }

    /// The ink of a picture.
    pub(crate) fn picture(opacity: f32) -> Self {
        Self { colour: None, opacity }
    }

    /// Whether nothing of it is seen whatever is under it.
    pub(crate) fn is_transparent(self) -> bool {
        self.opacity < OPACITY_MIN
    }

    /// Whether nothing under it is seen.
    pub(crate) fn is_opaque(self) -> bool {
        self.opacity > 1.0 - OPACITY_MIN
    }
}

/// The painted areas of a page, from the lowest.
#[derive(Default)]
pub(crate) struct Grounds {
    areas: Vec<Ground>,
    /// Whether there were more than are remembered: then nothing is known of what is under a point.
    is_over: bool,
}

struct Ground {
    within: Rect,
    /// None where it fills its whole box.
    outline: Option<BezPath>,
    colour: Option<Colour>,
}

impl Grounds {
    /// Whether something painted with an ink at a point is seen.
    pub(crate) fn shows(&self, ink: Ink, at: Point) -> bool {
        if ink.is_transparent() {
            return false;
        }
        let Some(colour) = ink.colour.filter(|_| !self.is_over) else { return true };
        let beneath = self.areas.iter().rev().find(|ground| ground.holds(at));
        match beneath.map_or(Some(PAPER), |ground| ground.colour) {
            None => true,
            Some(ground) => ground.iter().zip(colour).any(|(one, other)| (one - other).abs() > SAME_COLOUR),
        }
    }

    /// A box was painted.
    pub(crate) fn paint_box(&mut self, within: Rect, ink: Ink) {
        self.add(within, None, ink);
    }

    /// An area was painted. What is more complicated than a few elements counts as its box, of a colour not known.
    pub(crate) fn paint_area(&mut self, outline: BezPath, ink: Ink) {
        let within = outline.control_box();
        if outline.elements().len() > GROUND_ELEMENTS_MAX {
            self.add(within, None, Ink::picture(ink.opacity));
        } else {
            self.add(within, Some(outline), ink);
        }
    }

    fn add(&mut self, within: Rect, outline: Option<BezPath>, ink: Ink) {
        let is_large = within.width() >= GROUND_SIDE_PT_MIN && within.height() >= GROUND_SIDE_PT_MIN;
        if !is_large || ink.is_transparent() {
            return;
        }
        if self.areas.len() >= GROUNDS_MAX {
            self.is_over = true;
            return;
        }
        let colour = if ink.is_opaque() { ink.colour } else { None };
        self.areas.push(Ground { within, outline, colour });
    }
}

impl Ground {
    fn holds(&self, at: Point) -> bool {
        self.within.contains(at) && self.outline.as_ref().is_none_or(|outline| outline.contains(at))
    }
}
