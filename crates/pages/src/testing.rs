//! A made-up typeface for tests: each letter has a shape of its own, rounded to 1/64 pt as the official sample is.

use crate::{Contour, Mark, Page, Rect, Segment, Shape, ShapeAt};

/// A number that looks random and is the same in every run.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `from` to `to`.
    pub(crate) fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * (self.next() % 100_000) as f32 / 100_000.0
    }
}

/// Where a letter of the typeface stands at size 1: its top over the baseline, its bottom below, its width.
pub(crate) fn extent(letter: char) -> (f32, f32, f32) {
    match letter {
        '.' => (0.12, 0.0, 0.12),
        ',' => (0.12, 0.14, 0.12),
        '\'' => (0.72, -0.46, 0.12),
        '-' => (0.32, -0.22, 0.3),
        ':' => (0.5, 0.0, 0.12),
        'р' | 'у' | 'ф' => (0.5, 0.2, 0.5),
        'і' | 'ї' => (0.7, 0.0, 0.12),
        _ if letter.is_lowercase() => (0.5, 0.0, 0.5),
        _ => (0.72, 0.0, 0.6),
    }
}

/// The shape of a letter: a polygon of lines and a curve that follow from the letter's look. с and о are drawn as
/// small С and О, and a comma is the apostrophe let down, as in many typefaces.
pub(crate) fn letter_shape(letter: char, size: f32) -> Shape {
    let look = crate::twins::look(letter);
    let drawn = match look {
        'с' => 'С',
        'о' => 'О',
        ',' => '\'',
        other => other,
    };
    let (top, bottom, width) = extent(letter);
    let height = top + bottom;
    let mut random = Seeded(u64::from(u32::from(drawn)));
    let mut point = || [random.between(0.0, 1.0), random.between(0.0, 1.0)];
    let (a, b, c, d) = (point(), point(), point(), point());
    // Corners keep the box; small and large letters of one drawing keep their proportion.
    let width = if matches!(look, 'с' | 'о') { 0.6 * 0.5 / 0.72 } else { width };
    let place = |[x, y]: [f32; 2]| {
        let round = |value: f32| (value * size * 64.0).round() / 64.0;
        [round(x * width), round(y * height)]
    };
    let contour = Contour {
        start: place([0.0, 0.0]),
        segments: vec![
            Segment::Line(place([1.0, 0.0])),
            Segment::Curve(place(a), place(b), place([1.0, 1.0])),
            Segment::Line(place(c)),
            Segment::Line(place([0.0, 1.0])),
            Segment::Line(place(d)),
            Segment::Line(place([0.0, 0.0])),
        ],
    };
    let [width_pt, height_pt] = place([1.0, 1.0]);
    Shape { width_pt, height_pt, contours: vec![contour] }
}

/// A shape with all numbers multiplied.
pub(crate) fn scaled(shape: &Shape, by: f32) -> Shape {
    let point = |[x, y]: [f32; 2]| [x * by, y * by];
    let segment = |segment: &Segment| match *segment {
        Segment::Line(to) => Segment::Line(point(to)),
        Segment::Curve(a, b, to) => Segment::Curve(point(a), point(b), point(to)),
    };
    let contours = shape
        .contours
        .iter()
        .map(|contour| Contour {
            start: point(contour.start),
            segments: contour.segments.iter().map(segment).collect(),
        })
        .collect();
    Shape { width_pt: shape.width_pt * by, height_pt: shape.height_pt * by, contours }
}

/// A page of outlines under construction, with its shapes.
#[derive(Default)]
pub(crate) struct Sheet {
    pub(crate) page: Page,
    pub(crate) shapes: Vec<Shape>,
}

impl Sheet {
    /// Writes a line.
    pub(crate) fn write(mut self, left: f32, baseline: f32, size: f32, text: &str) -> Self {
        self.page.number = 1;
        let fill = self.page.marks.last().map_or(0, |mark| mark.fill + 1);
        let mut x = left;
        for letter in text.chars() {
            if letter == ' ' {
                x += 0.4 * size;
                continue;
            }
            let shape = letter_shape(letter, size);
            let (top, _, _) = extent(letter);
            let y = baseline - (top * size * 64.0).round() / 64.0;
            let at = Rect { left: x, top: y, right: x + shape.width_pt, bottom: y + shape.height_pt };
            x = at.right + 0.08 * size;
            let known = self.shapes.iter().position(|known| *known == shape);
            let place = known.unwrap_or_else(|| {
                self.shapes.push(shape);
                self.shapes.len() - 1
            });
            self.page.marks.push(Mark { shape: ShapeAt(u32::try_from(place).unwrap()), at, fill });
        }
        self
    }
}
