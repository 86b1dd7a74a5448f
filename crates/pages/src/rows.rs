//! Boxes on a page → rows of boxes that stand on one line, in the order in which people read.

use crate::Rect;

/// Boxes of one page that are looked at; a page of text has a few thousand. More than this is a drawing.
pub const PIECES_MAX: usize = 20_000;
/// Part of a letter's height that must lie within a row's band.
const OVERLAP: f32 = 0.35;
/// The same for commas, apostrophes, hyphens: they stand at the edge of the band.
const OVERLAP_SMALL: f32 = 0.1;
/// A gap of more heights than this ends a row: the next column begins.
const COLUMN_GAP: f32 = 2.0;
/// A row that waits for its next letter.
struct Open {
    /// The letters so far, from left to right.
    pieces: Vec<usize>,
    top: f32,
    bottom: f32,
    right: f32,
}

/// Groups boxes into rows, each from left to right. A wide gap ends a row.
///
/// Boxes that are no finite box, and those beyond [`PIECES_MAX`], stand in no row.
pub(crate) fn rows(boxes: &[Rect]) -> Vec<Vec<usize>> {
    let mut order: Vec<(usize, Rect)> =
        boxes.iter().copied().enumerate().take(PIECES_MAX).filter(|(_, at)| is_box(at)).collect();
    order.sort_by(|(_, a), (_, b)| a.left.total_cmp(&b.left).then(a.top.total_cmp(&b.top)));
    let mut open: Vec<Open> = Vec::new();
    let mut closed: Vec<Open> = Vec::new();
    for (piece, at) in order {
        // Every later box begins further right: a row that is too far left by now is complete.
        let reach = |row: &Open| row.right + reach(row.bottom - row.top, at.bottom - at.top);
        if open.len() > 64 {
            closed.extend(open.extract_if(.., |row| reach(row) < at.left));
        }
        let best = open
            .iter_mut()
            .filter(|row| reach(row) >= at.left)
            .filter_map(|row| Some((closeness(row, &at)?, row)))
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        match best {
            Some((_, row)) => row.take(piece, &at),
            None => open.push(Open { pieces: vec![piece], top: at.top, bottom: at.bottom, right: at.right }),
        }
    }
    closed.append(&mut open);
    in_reading_order(closed)
}

/// Whether a box has a place and a size.
pub(crate) fn is_box(at: &Rect) -> bool {
    [at.left, at.top, at.right, at.bottom].into_iter().all(|side| side.abs() < 100_000.0)
        && at.right >= at.left
        && at.bottom >= at.top
}

/// The smallest box around two.
pub(crate) fn around(a: Rect, b: Rect) -> Rect {
    Rect {
        left: a.left.min(b.left),
        top: a.top.min(b.top),
        right: a.right.max(b.right),
        bottom: a.bottom.max(b.bottom),
    }
}

impl Open {
    fn take(&mut self, piece: usize, at: &Rect) {
        let (band, height) = (self.bottom - self.top, at.bottom - at.top);
        if band < 0.6 * height {
            // It began with a comma or a quotation mark: the first real letter says where the band is.
            (self.top, self.bottom) = (at.top, at.bottom);
        } else if height > 0.6 * band {
            (self.top, self.bottom) = (self.top.min(at.top), self.bottom.max(at.bottom));
        }
        self.right = self.right.max(at.right);
        self.pieces.push(piece);
    }
}

/// How far a row reaches for a letter: by the lower of both, so that an emblem does not; but not by a comma.
fn reach(band: f32, height: f32) -> f32 {
    let (lower, higher) = (band.min(height), band.max(height));
    COLUMN_GAP * if lower > 0.5 * higher { lower } else { higher }
}

/// How well a box fits into a row; none where it does not.
fn closeness(row: &Open, at: &Rect) -> Option<f32> {
    let (band, height, width) = (row.bottom - row.top, at.bottom - at.top, at.right - at.left);
    let overlap = row.bottom.min(at.bottom) - row.top.max(at.top);
    let smaller = band.min(height).max(0.01);
    let is_small = height < 0.5 * band || band < 0.5 * height;
    let needed = if is_small { OVERLAP_SMALL } else { OVERLAP };
    // Letters of one row stand beside each other: what lies inside another box belongs to a drawing.
    let stands_beside = at.left >= row.right - 0.6 * width.max(0.01);
    let is_alike = height <= 3.0 * band || row.pieces.len() == 1;
    let part = (overlap + 0.001) / smaller;
    (part >= needed && stands_beside && is_alike).then_some(part)
}

/// Top to bottom; rows that stand side by side, left to right.
fn in_reading_order(mut rows: Vec<Open>) -> Vec<Vec<usize>> {
    let middle = |row: &Open| row.top + row.bottom;
    let left_first = |group: &mut Vec<(f32, Vec<usize>)>| {
        group.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        std::mem::take(group).into_iter().map(|(_, pieces)| pieces)
    };
    rows.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut ordered = Vec::with_capacity(rows.len());
    let mut group: Vec<(f32, Vec<usize>)> = Vec::new();
    let mut group_middle = f32::MIN;
    for row in rows {
        // Two middles (doubled) within a half of the height: the same row of a table.
        if middle(&row) - group_middle > row.bottom - row.top {
            ordered.extend(left_first(&mut group));
            group_middle = middle(&row);
        }
        group.push((row.right, row.pieces));
    }
    ordered.extend(left_first(&mut group));
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(left: f32, top: f32, width: f32, height: f32) -> Rect {
        Rect { left, top, right: left + width, bottom: top + height }
    }

    #[test]
    fn a_label_and_its_value_are_two_rows_and_the_label_comes_first() {
        let boxes = [at(100.0, 10.0, 5.0, 7.0), at(107.0, 10.0, 5.0, 7.0), at(10.0, 10.2, 5.0, 7.0)];
        assert_eq!(rows(&boxes), [vec![2], vec![0, 1]]);
    }

    #[test]
    fn commas_and_apostrophes_stay_with_their_letters() {
        // п'я, with descender rows below and above at a leading of 12.
        let boxes = [
            at(10.0, 12.0, 5.0, 5.5),
            at(16.0, 10.0, 1.0, 2.6),
            at(18.0, 12.0, 5.0, 5.5),
            at(24.0, 16.1, 1.5, 2.9),
            at(10.0, 24.0, 5.0, 7.5),
            at(16.0, 22.0, 5.0, 9.5),
        ];
        assert_eq!(rows(&boxes), [vec![0, 1, 2, 3], vec![4, 5]]);
    }

    #[test]
    fn what_lies_inside_a_frame_is_not_its_neighbour() {
        let boxes = [at(10.0, 10.0, 50.0, 50.0), at(20.0, 30.0, 5.0, 7.0), at(26.0, 30.0, 5.0, 7.0)];
        assert_eq!(rows(&boxes), [vec![1, 2], vec![0]]);
    }

    #[test]
    fn boxes_without_a_place_stand_in_no_row() {
        let boxes = [
            at(f32::NAN, 1.0, 1.0, 1.0),
            at(1.0, f32::INFINITY, 1.0, 1.0),
            at(5.0, 5.0, -1.0, 2.0),
            at(1.0, 1.0, 0.0, 0.0),
        ];
        assert_eq!(rows(&boxes), [vec![3]]);
        assert!(rows(&[]).is_empty());
    }
}
