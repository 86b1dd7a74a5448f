//! A path and where it is drawn → its closed contours on the page, lines and cubic curves only.

use hayro::kurbo::{Affine, BezPath, CubicBez, PathEl, Point, Rect, Shape as _};

use crate::geometry::is_sane;
use crate::limits::{
    LETTER_SEGMENTS_MAX, LETTER_SIDE_PT_MAX, LETTER_SIDE_PT_MIN, PATH_ELEMENTS_MAX, RULE_ASPECT,
};

/// Ends nearer than this are one point: a hundredth of the grid of 1/64 that makers round to.
/// (`hayro` moves the end of an empty line by 0.0001.)
const SAME_POINT_PT: f64 = 1.0 / 6_400.0;
/// What is thinner than this has no inside.
const NOTHING_PT: f64 = 1.0 / 640.0;
/// A rule is at least so long, points; a full stop or a dash of a small font is shorter.
const RULE_LENGTH_PT_MIN: f64 = 6.0;

/// A closed contour on the page.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    /// Where it begins and ends.
    pub(crate) start: Point,
    /// Its pieces; a quadratic curve is raised to a cubic one.
    pub(crate) pieces: Vec<Piece>,
    /// Its box.
    pub(crate) within: Rect,
}

/// A piece of a contour.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece {
    /// A line to a point.
    Line(Point),
    /// A cubic curve.
    Curve(Point, Point, Point),
}

impl Piece {
    /// Where it ends.
    pub(crate) fn end(self) -> Point {
        match self {
            Self::Line(end) | Self::Curve(_, _, end) => end,
        }
    }
}

/// The contours of a path that can belong to letters, in drawing order. None where the path has too many elements.
pub(crate) fn outlines(path: &BezPath, transform: Affine) -> Option<Vec<Outline>> {
    if path.elements().len() > PATH_ELEMENTS_MAX {
        return None;
    }
    let mut found = Vec::new();
    let mut pen = Pen::default();
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(to) => {
                found.extend(pen.take());
                pen.start = transform * to;
                pen.at = pen.start;
            }
            PathEl::LineTo(to) => pen.line(transform * to),
            PathEl::QuadTo(control, to) => pen.quad(transform * control, transform * to),
            PathEl::CurveTo(one, two, to) => pen.curve(transform * one, transform * two, transform * to),
            PathEl::ClosePath => {
                found.extend(pen.take());
                pen.at = pen.start;
            }
        }
    }
    found.extend(pen.take());
    Some(found)
}

#[derive(Default)]
struct Pen {
    start: Point,
    at: Point,
    pieces: Vec<Piece>,
}

impl Pen {
    fn line(&mut self, to: Point) {
        // A line to where the pen is adds nothing but a difference between equal letters.
        if (to - self.at).hypot() > SAME_POINT_PT {
            self.pieces.push(Piece::Line(to));
            self.at = to;
        }
    }

    fn quad(&mut self, control: Point, to: Point) {
        let one = self.at + (control - self.at) * (2.0 / 3.0);
        let two = to + (control - to) * (2.0 / 3.0);
        self.curve(one, two, to);
    }

    fn curve(&mut self, one: Point, two: Point, to: Point) {
        self.pieces.push(Piece::Curve(one, two, to));
        self.at = to;
    }

    /// Ends the contour. None where it cannot belong to a letter.
    fn take(&mut self) -> Option<Outline> {
        if (self.at - self.start).hypot() > SAME_POINT_PT {
            self.pieces.push(Piece::Line(self.start));
        }
        let is_possible = (2..=LETTER_SEGMENTS_MAX).contains(&self.pieces.len());
        if !is_possible {
            self.pieces.clear();
            return None;
        }
        let pieces = std::mem::take(&mut self.pieces);
        let within = bounds(self.start, &pieces)?;
        may_be_of_a_letter(within)
            .then(|| canonical_box(within, &pieces).unwrap_or(Outline { start: self.start, pieces, within }))
    }
}

fn may_be_of_a_letter(within: Rect) -> bool {
    let longer = within.width().max(within.height());
    let shorter = within.width().min(within.height());
    let is_rule = longer > RULE_LENGTH_PT_MIN && longer > shorter * RULE_ASPECT;
    shorter > NOTHING_PT && (LETTER_SIDE_PT_MIN..=LETTER_SIDE_PT_MAX).contains(&longer) && !is_rule
}

/// The box of a contour: of its curves, not of their control points. None where it is nowhere.
fn bounds(start: Point, pieces: &[Piece]) -> Option<Rect> {
    let mut within = Rect::from_points(start, start);
    let mut at = start;
    for piece in pieces {
        within = within.union_pt(piece.end());
        if let Piece::Curve(one, two, to) = *piece {
            if !is_sane(one) || !is_sane(two) {
                return None;
            }
            // Most curves of letters end at their extremes: no mathematics for those.
            let ends = Rect::from_points(at, to);
            if !covers(ends, one) || !covers(ends, two) {
                within = within.union(CubicBez::new(at, one, two, to).bounding_box());
            }
        }
        at = piece.end();
    }
    (is_sane(Point::new(within.x0, within.y0)) && is_sane(Point::new(within.x1, within.y1))).then_some(within)
}

/// Like [`Rect::contains`], the right and lower edges included.
fn covers(within: Rect, point: Point) -> bool {
    within.x0 <= point.x && point.x <= within.x1 && within.y0 <= point.y && point.y <= within.y1
}

/// A contour that is an upright box begins at its upper left corner and goes right, whoever drew it and how: the interpreter
/// tells of a path that is just a box without saying where it began.
fn canonical_box(within: Rect, pieces: &[Piece]) -> Option<Outline> {
    let is_corner = |point: Point| {
        let near = |one: f64, other: f64| (one - other).abs() < SAME_POINT_PT;
        (near(point.x, within.x0) || near(point.x, within.x1))
            && (near(point.y, within.y0) || near(point.y, within.y1))
    };
    let is_box = pieces.len() == 4
        && pieces.iter().all(|piece| matches!(piece, Piece::Line(end) if is_corner(*end)))
        && pieces.windows(2).all(|pair| match *pair {
            [one, other] => {
                let way = other.end() - one.end();
                way.x.abs() < SAME_POINT_PT || way.y.abs() < SAME_POINT_PT
            }
            _ => false,
        });
    is_box.then(|| {
        let start = within.origin();
        let corners =
            [(within.x1, within.y0), (within.x1, within.y1), (within.x0, within.y1), (within.x0, within.y0)];
        let pieces = corners.into_iter().map(|corner| Piece::Line(corner.into())).collect();
        Outline { start, pieces, within }
    })
}

impl Outline {
    /// Its ends and the middles of its curves: near enough to ask what is inside and what crosses.
    pub(crate) fn polygon(&self) -> Vec<Point> {
        let mut points = Vec::with_capacity(self.pieces.len() * 2);
        let mut at = self.start;
        for piece in &self.pieces {
            if let Piece::Curve(one, two, to) = *piece {
                let middle = (at.to_vec2() + one.to_vec2() * 3.0 + two.to_vec2() * 3.0 + to.to_vec2()) / 8.0;
                points.push(middle.to_point());
            }
            at = piece.end();
            points.push(at);
        }
        points
    }
}
