//! Letters of all fills → the distinct shapes among them: the same outline but for its place.

use std::collections::HashMap;

use hayro::kurbo::{Point, Rect};
use pages::{Contour, Segment, Shape, ShapeAt};

use super::contours::{Outline, Piece};
use crate::geometry::narrow;
use crate::limits::{SHAPE_SEGMENTS_MAX, SHAPES_MAX};

/// Makers round to 1/64 pt (measured on the official sample), or to hundredths: equal letters differ by one step at most.
const STEP_PT: f32 = 1.0 / 64.0;
/// … and different letters, however small, by more than this share of their size.
const SAME_SHARE: f32 = 0.01;

/// The distinct shapes of a document, each once, in the order of their first use.
#[derive(Default)]
pub(crate) struct Shapes {
    found: Vec<Shape>,
    /// Shapes by what must be equal exactly: how many lines and curves, in which order.
    by_build: HashMap<Vec<u8>, Vec<u32>>,
    segments: usize,
}

impl Shapes {
    /// The shape of contours in a box. None where there are too many shapes already.
    pub(crate) fn at(&mut self, outlines: &[Outline], within: Rect) -> Option<ShapeAt> {
        let shape = shape(outlines, within);
        let build = build(outlines);
        let segments = build.len();
        let known = self.by_build.entry(build).or_default();
        let is_same = |at: &&u32| {
            usize::try_from(**at)
                .ok()
                .and_then(|at| self.found.get(at))
                .is_some_and(|other| same(&shape, other))
        };
        if let Some(at) = known.iter().find(is_same) {
            return Some(ShapeAt(*at));
        }
        if self.found.len() >= SHAPES_MAX || self.segments + segments > SHAPE_SEGMENTS_MAX {
            return None;
        }
        let at = u32::try_from(self.found.len()).ok()?;
        known.push(at);
        self.segments += segments;
        self.found.push(shape);
        Some(ShapeAt(at))
    }

    /// All of them.
    pub(crate) fn into_vec(self) -> Vec<Shape> {
        self.found
    }
}

fn shape(outlines: &[Outline], within: Rect) -> Shape {
    let point = |of: Point| [narrow(of.x - within.x0), narrow(of.y - within.y0)];
    let segment = |piece: &Piece| match *piece {
        Piece::Line(to) => Segment::Line(point(to)),
        Piece::Curve(one, two, to) => Segment::Curve(point(one), point(two), point(to)),
    };
    let contour = |outline: &Outline| Contour {
        start: point(outline.start),
        segments: outline.pieces.iter().map(segment).collect(),
    };
    Shape {
        width_pt: narrow(within.width()),
        height_pt: narrow(within.height()),
        contours: outlines.iter().map(contour).collect(),
    }
}

fn build(outlines: &[Outline]) -> Vec<u8> {
    let mut build = Vec::new();
    for outline in outlines {
        build.push(b'm');
        build.extend(outline.pieces.iter().map(|piece| match piece {
            Piece::Line(_) => b'l',
            Piece::Curve(..) => b'c',
        }));
    }
    build
}

/// Whether two shapes of the same build are one.
fn same(one: &Shape, other: &Shape) -> bool {
    let nearness = (one.width_pt.max(one.height_pt) * SAME_SHARE).min(STEP_PT) + f32::EPSILON;
    let near = |a: f32, b: f32| (a - b).abs() <= nearness;
    let near_points = |a: [f32; 2], b: [f32; 2]| a.into_iter().zip(b).all(|(a, b)| near(a, b));
    near(one.width_pt, other.width_pt)
        && near(one.height_pt, other.height_pt)
        && one.contours.iter().zip(&other.contours).all(|(one, other)| {
            near_points(one.start, other.start)
                && one.segments.iter().zip(&other.segments).all(|pair| match pair {
                    (Segment::Line(a), Segment::Line(b)) => near_points(*a, *b),
                    (Segment::Curve(a, b, c), Segment::Curve(d, e, f)) => {
                        near_points(*a, *d) && near_points(*b, *e) && near_points(*c, *f)
                    }
                    _ => false,
                })
        })
}
