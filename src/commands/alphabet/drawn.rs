//! An outline → rows of characters, for a terminal.

use pages::{Segment, Shape};

/// Columns of a drawing; a row of the terminal is two high.
const COLUMNS: f32 = 28.0;
const ROWS_MAX: f32 = 16.0;
/// Straight pieces of a curve.
const PIECES: u16 = 8;

/// The shape filled by even-odd, two dots a character.
pub(super) fn drawn(shape: &Shape) -> String {
    let edges = edges(shape);
    let side = (shape.width_pt / COLUMNS).max(shape.height_pt / (2.0 * ROWS_MAX)).max(f32::EPSILON);
    let mut text = String::new();
    let mut row = 0_u16;
    while f32::from(row) * 2.0 * side < shape.height_pt && f32::from(row) < ROWS_MAX {
        text.push_str("  ");
        let mut column = 0_u16;
        while f32::from(column) * side < shape.width_pt && f32::from(column) < COLUMNS + 1.0 {
            let x = (f32::from(column) + 0.5) * side;
            let is_full = |half: f32| is_inside(&edges, x, (2.0 * f32::from(row) + half) * side);
            text.push(match (is_full(0.5), is_full(1.5)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
            column += 1;
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        row += 1;
    }
    text
}

type Point = [f32; 2];

fn edges(shape: &Shape) -> Vec<(Point, Point)> {
    let mut edges = Vec::new();
    for contour in &shape.contours {
        let mut at = contour.start;
        for segment in &contour.segments {
            match *segment {
                Segment::Line(to) => {
                    edges.push((at, to));
                    at = to;
                }
                Segment::Curve(a, b, to) => {
                    let from = at;
                    for piece in 1..=PIECES {
                        let next = on_curve([from, a, b, to], f32::from(piece) / f32::from(PIECES));
                        edges.push((at, next));
                        at = next;
                    }
                }
            }
        }
        edges.push((at, contour.start));
    }
    edges
}

fn on_curve([a, b, c, d]: [Point; 4], t: f32) -> Point {
    let s = 1.0 - t;
    let part = |a: f32, b: f32, c: f32, d: f32| {
        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
    };
    [part(a[0], b[0], c[0], d[0]), part(a[1], b[1], c[1], d[1])]
}

/// Whether a ray to the right crosses the edges an odd number of times.
fn is_inside(edges: &[(Point, Point)], x: f32, y: f32) -> bool {
    let crosses = |(a, b): &&(Point, Point)| {
        (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    };
    edges.iter().filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use pages::Contour;

    use super::*;

    #[test]
    fn a_frame_is_drawn_with_its_hole() {
        let square = |from: f32, to: f32| Contour {
            start: [from, from],
            segments: [[to, from], [to, to], [from, to], [from, from]].map(Segment::Line).to_vec(),
        };
        let frame =
            Shape { width_pt: 28.0, height_pt: 28.0, contours: vec![square(0.0, 28.0), square(8.0, 20.0)] };
        let text = drawn(&frame);
        let rows: Vec<&str> = text.lines().map(str::trim_start).collect();
        assert_eq!(rows.len(), 14);
        assert_eq!(rows[0], "█".repeat(28));
        assert_eq!(rows[7], format!("{0}{1}{0}", "█".repeat(8), " ".repeat(12)));
        assert_eq!(drawn(&Shape::default()), "");
    }
}
