//! The contours of one fill → which of them are one letter.
//!
//! A letter's contours are consecutive in drawing order. Two contours belong to one letter where one lies inside the other
//! (`о`, `8`, `®`), where they cross (`Ø`), where one stands over the other (`й`, `і`, `:`, `=`), or where a stroke runs
//! between two equal rings (`%`). The boxes of neighbours may overlap through kerning (`Та`, `Т.`): that alone is nothing.

use std::ops::Range;

use hayro::kurbo::{Point, Rect};

use super::contours::{Outline, Piece};
use crate::limits::{LETTER_CONTOURS_MAX, LETTER_SEGMENTS_MAX};

/// How far apart in drawing order two contours of one letter may be: `%` has five contours.
const REACH: usize = 5;
/// Of two parts that stand over each other, the narrower one has this share of its width in common with the other.
const COMMON_WIDTH_MIN: f64 = 0.5;
/// The gap between parts that stand over each other is at most so many times the height of the lower one of them: in `:` it is
/// three to four times a dot. The next line of text is eleven dots away.
const GAP_IN_HEIGHTS_MAX: f64 = 4.5;
/// … and at most this share of the larger of width and height of both together.
const GAP_IN_WHOLE_MAX: f64 = 0.75;
/// A part is lower than this share of the one under it: in `;` the dot has 0.6 of the comma.
const SMALL_PART: f64 = 0.65;
/// A bar is so many times wider than high at least.
const FLAT_ASPECT: f64 = 2.0;
/// Curves of a round dot: four to eight, as fonts have them.
const DOT_CURVES_MAX: usize = 8;
/// Parts may touch: rounding.
const TOUCH_PT: f64 = 1.0 / 32.0;
/// Contours that cross have so much of the narrower one's width in common: `к` and `у` of the official sample touch.
const CROSSING_WIDTH_MIN: f64 = 0.35;
/// A dot is lower than this share of its stem.
const DOT_HEIGHT_MAX: f64 = 0.5;
/// What is so many times wider than high, and much wider than what is over it, underlines.
const UNDERLINE_ASPECT: f64 = 6.0;
const UNDERLINE_EXCESS: f64 = 1.5;
/// Sizes that differ by less are equal.
const EQUAL: f64 = 0.08;

/// Contours that are one letter.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Group {
    /// Which contours of the fill.
    pub(crate) of: Range<usize>,
    /// Their box.
    pub(crate) within: Rect,
}

/// All contours as one letter: a glyph that a font draws. None where there is nothing, or too much for a letter.
pub(crate) fn whole(outlines: &[Outline]) -> Option<Group> {
    group(outlines, 0..outlines.len())
}

/// The letters among the contours of a fill, in drawing order.
pub(crate) fn groups(outlines: &[Outline]) -> Vec<Group> {
    let with_next = joints(outlines);
    let mut found = Vec::new();
    let mut begin = 0;
    for (at, is_joined) in with_next.iter().enumerate() {
        if !is_joined {
            found.extend(group(outlines, begin..at + 1));
            begin = at + 1;
        }
    }
    join_numeros(outlines, found)
}

/// `№` is an `N` and a small ring over a bar, which nothing connects.
fn join_numeros(outlines: &[Outline], found: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::with_capacity(found.len());
    for group in found {
        let whole = joined.last().filter(|last| {
            last.of.end == group.of.start
                && (is_numero(last, &group, outlines) || is_numero(&group, last, outlines))
        });
        match whole.map(|last| last.of.start..group.of.end).and_then(|of| self::group(outlines, of)) {
            Some(numero) => {
                joined.pop();
                joined.push(numero);
            }
            None => joined.push(group),
        }
    }
    joined
}

fn is_numero(letter: &Group, other: &Group, outlines: &[Outline]) -> bool {
    let Some([one, two, three]) = outlines.get(other.of.clone()) else { return false };
    let mut parts = [one.within, two.within, three.within];
    parts.sort_by(|one, other| one.y1.total_cmp(&other.y1));
    let [hole, ring, bar] = parts;
    let slack = letter.within.height() * 0.15;
    let has_hole = ring.union(hole) == ring;
    let is_bar = bar.width() > bar.height() * 2.5 && bar.y0 > ring.y1;
    let is_small = letter.within.height() > ring.height() * 1.2;
    let is_beside =
        ring.x0 > letter.within.x1 - ring.width() * 0.25 && ring.x0 - letter.within.x1 < ring.width();
    let is_level = ring.y0 > letter.within.y0 - slack && bar.y1 < letter.within.y1 + slack;
    has_hole && is_bar && is_small && is_beside && is_level
}

fn group(outlines: &[Outline], of: Range<usize>) -> Option<Group> {
    let members = outlines.get(of.clone())?;
    let segments: usize = members.iter().map(|outline| outline.pieces.len()).sum();
    let within = members.iter().map(|outline| outline.within).reduce(|one, other| one.union(other))?;
    (members.len() <= LETTER_CONTOURS_MAX && segments <= LETTER_SEGMENTS_MAX).then_some(Group { of, within })
}

/// For each contour whether the next one belongs to the same letter.
fn joints(outlines: &[Outline]) -> Vec<bool> {
    let mut with_next = vec![false; outlines.len()];
    let mut join = |from: usize, to: usize| {
        if let Some(between) = with_next.get_mut(from..to) {
            between.fill(true);
        }
    };
    for (at, outline) in outlines.iter().enumerate() {
        let after = || outlines.iter().enumerate().skip(at + 1).take(REACH);
        for (other_at, other) in after() {
            if belong(outline, other) {
                join(at, other_at);
            }
        }
        if let Some(next) = outlines.get(at + 1)
            && let Some(dots) = twin_dots(outline.within, next.within)
        {
            let before = at.saturating_sub(REACH - 1);
            let around = outlines.iter().enumerate().skip(before).take(2 * REACH);
            for (body_at, body) in around.filter(|(body_at, _)| *body_at != at && *body_at != at + 1) {
                if are_dots_of(dots, body.within) {
                    join(body_at.min(at), body_at.max(at + 1));
                }
            }
        }
        for (ring_at, ring) in after().filter(|(_, ring)| rings_of_a_percent(outline.within, ring.within)) {
            let first = at.saturating_sub(REACH - 1);
            for (stroke_at, stroke) in outlines.iter().enumerate().take(ring_at + REACH).skip(first) {
                if runs_between(stroke.within, outline.within, ring.within) {
                    join(at.min(stroke_at), ring_at.max(stroke_at));
                }
            }
        }
    }
    with_next
}

fn belong(one: &Outline, other: &Outline) -> bool {
    if stand_over(one.within, other.within) && are_parts(one, other) {
        return true;
    }
    let common = one.within.intersect(other.within);
    if common.width() <= 0.0 || common.height() <= 0.0 {
        return false;
    }
    let (polygon, other_polygon) = (one.polygon(), other.polygon());
    let inside = |point: Option<&Point>, of: &[Point]| point.is_some_and(|point| is_inside(*point, of));
    inside(other_polygon.first(), &polygon)
        || inside(polygon.first(), &other_polygon)
        || (common.width() >= one.within.width().min(other.within.width()) * CROSSING_WIDTH_MIN
            && cross(&polygon, &other_polygon))
}

/// Whether what stands over each other is a small part and a large one (`й`), two dots (`:`) or two bars (`=`), and not the
/// letters of two lines.
fn are_parts(one: &Outline, other: &Outline) -> bool {
    let (height, other_height) = (one.within.height(), other.within.height());
    let is_flat = |within: Rect| within.width() > within.height() * FLAT_ASPECT;
    height.min(other_height) < height.max(other_height) * SMALL_PART
        || (is_flat(one.within) && is_flat(other.within))
        || (is_dot(one) && is_dot(other) && are_equal(one.within, other.within))
}

/// Whether a contour is a box, or nothing but curves: as wide as high.
fn is_dot(outline: &Outline) -> bool {
    let lines = outline.pieces.iter().filter(|piece| matches!(piece, Piece::Line(_))).count();
    let is_plain = outline.pieces.len() <= 4 || (lines == 0 && outline.pieces.len() <= DOT_CURVES_MAX);
    is_plain && is_as_wide_as_high(outline.within)
}

fn is_as_wide_as_high(within: Rect) -> bool {
    within.height() < within.width() * 1.7 && within.width() < within.height() * 1.7
}

/// Whether one box stands over the other like a dot over its stem.
fn stand_over(one: Rect, other: Rect) -> bool {
    let common = one.x1.min(other.x1) - one.x0.max(other.x0);
    let gap = one.y0.max(other.y0) - one.y1.min(other.y1);
    let (narrow, wide) = if one.width() < other.width() { (one, other) } else { (other, one) };
    let whole = one.union(other);
    let underlines =
        wide.width() > wide.height() * UNDERLINE_ASPECT && wide.width() > narrow.width() * UNDERLINE_EXCESS;
    common >= narrow.width() * COMMON_WIDTH_MIN
        && gap >= -TOUCH_PT
        && gap <= one.height().min(other.height()) * GAP_IN_HEIGHTS_MAX
        && gap <= whole.height().max(whole.width()) * GAP_IN_WHOLE_MAX
        && !underlines
}

/// The box of two dots side by side, as over `ї` and `ё`: both together stand over the stem, though neither may alone.
fn twin_dots(one: Rect, other: Rect) -> Option<Rect> {
    let gap = one.x0.max(other.x0) - one.x1.min(other.x1);
    let is_pair =
        is_as_wide_as_high(one) && are_equal(one, other) && (one.y0 - other.y0).abs() < one.height() * EQUAL;
    (is_pair && gap > 0.0 && gap < one.width() * 2.0).then(|| one.union(other))
}

fn are_dots_of(dots: Rect, body: Rect) -> bool {
    dots.height() < body.height() * DOT_HEIGHT_MAX && dots.y0 < body.y0 && stand_over(dots, body)
}

fn are_equal(one: Rect, other: Rect) -> bool {
    (one.width() - other.width()).abs() <= one.width() * EQUAL
        && (one.height() - other.height()).abs() <= one.height() * EQUAL
}

/// Two equal boxes, one at the upper left of the other.
fn rings_of_a_percent(one: Rect, other: Rect) -> bool {
    let (upper, lower) = if one.y0 < other.y0 { (one, other) } else { (other, one) };
    are_equal(one, other)
        && upper.x1 < lower.x0 + upper.width() * 0.5
        && lower.x0 - upper.x1 < upper.width()
        && lower.y0 > upper.y0 + upper.height() * 0.5
        && lower.y0 - upper.y1 < upper.height()
}

/// Whether a box goes from the height of the upper ring to that of the lower one and across the gap between them.
fn runs_between(stroke: Rect, one: Rect, other: Rect) -> bool {
    let whole = one.union(other);
    stroke.x0 > whole.x0
        && stroke.x1 < whole.x1
        && stroke.height() > whole.height() * 0.8
        && stroke.union(whole).height() < whole.height() * 1.2
        && stroke.x0 < one.x1.min(other.x1)
        && stroke.x1 > one.x0.max(other.x0)
}

/// Whether a point is inside a polygon (even-odd).
fn is_inside(point: Point, polygon: &[Point]) -> bool {
    edges(polygon).filter(|(from, to)| crosses_ray(point, *from, *to)).count() % 2 == 1
}

fn crosses_ray(point: Point, from: Point, to: Point) -> bool {
    (from.y > point.y) != (to.y > point.y)
        && point.x < (to.x - from.x) * (point.y - from.y) / (to.y - from.y) + from.x
}

fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    polygon.iter().copied().zip(polygon.iter().copied().cycle().skip(1))
}

/// Whether two polygons cross. What only touches does not.
fn cross(polygon: &[Point], other: &[Point]) -> bool {
    edges(polygon).any(|(a, b)| {
        edges(other).any(|(c, d)| {
            let side = |from: Point, to: Point, of: Point| (to - from).cross(of - from);
            side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
        })
    })
}
