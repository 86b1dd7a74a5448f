//! Lines of a document → its cells in reading order, with their neighbours: what stands beside, what stands below.

use pages::{Line, Rect, Word};

use super::read::PageLines;
use crate::model::{Place, ReadingWay};

/// Lines of a document that are compared with templates: a copy has some fifty. All lines are text.
const CELLS_MAX: usize = 600;

/// A line of a page: a label, a value, or both.
#[derive(Clone, Debug)]
pub(super) struct Cell<'a> {
    pub(super) page: u32,
    pub(super) at: Rect,
    pub(super) size: f32,
    pub(super) words: &'a [Word],
    /// Cells with one number stand on one row.
    pub(super) row: usize,
}

/// The cells of a document, page by page, row by row, from the left.
#[derive(Debug, Default)]
pub(super) struct Sheet<'a> {
    pub(super) cells: Vec<Cell<'a>>,
}

impl<'a> Sheet<'a> {
    pub(super) fn of(pages: &'a [PageLines]) -> Self {
        let mut cells: Vec<Cell<'a>> = pages.iter().flat_map(cells_of).collect();
        cells.sort_by(|a, b| a.page.cmp(&b.page).then(a.centre().total_cmp(&b.centre())));
        let (mut row, mut begins): (usize, Option<(u32, f32, f32)>) = (0, None);
        for cell in &mut cells {
            let same = begins.is_some_and(|(page, centre, height)| {
                page == cell.page && cell.centre() - centre <= height.min(cell.height()) * 0.5
            });
            if !same {
                row += 1;
                begins = Some((cell.page, cell.centre(), cell.height()));
            }
            cell.row = row;
        }
        cells.sort_by(|a, b| a.row.cmp(&b.row).then(a.at.left.total_cmp(&b.at.left)));
        Self { cells }
    }

    /// The cells that templates are compared with.
    pub(super) fn compared(&self) -> usize {
        self.cells.len().min(CELLS_MAX)
    }

    pub(super) fn get(&self, at: usize) -> Option<&Cell<'a>> {
        self.cells.get(at)
    }

    /// The other cells on the row of one, from the left, with their numbers.
    pub(super) fn row_of(&self, at: usize) -> impl Iterator<Item = (usize, &Cell<'a>)> {
        let row = self.get(at).map(|cell| cell.row);
        let first = self.cells.partition_point(|cell| Some(cell.row) < row);
        self.cells.iter().enumerate().skip(first).take_while(move |(_, cell)| Some(cell.row) == row)
    }

    /// The nearest cell below that begins where this one does and is of its size: the next line of the same text.
    pub(super) fn below(&self, at: usize, left: f32) -> Option<usize> {
        let cell = self.get(at)?;
        let from = self.cells.partition_point(|other| other.row <= cell.row);
        let near = self
            .cells
            .iter()
            .enumerate()
            .skip(from)
            .take_while(|(_, other)| other.page == cell.page && cell.is_near_above(other));
        near.into_iter()
            .find(|(_, other)| (other.at.left - left).abs() <= SAME_LEFT_PT && cell.is_of_size(other))
            .map(|(at, _)| at)
    }

    /// The middle size of the cells.
    pub(super) fn usual_size(&self) -> f32 {
        let mut sizes: Vec<f32> = self.cells.iter().map(|cell| cell.size).collect();
        sizes.sort_by(f32::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or_default()
    }

    /// The whole text: a line for each row.
    pub(super) fn text(&self) -> String {
        let rows = self.cells.chunk_by(|a, b| a.row == b.row);
        let lines = rows.map(|row| row.iter().map(Cell::text).collect::<Vec<_>>().join("  "));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Left edges that are so near are one.
pub(super) const SAME_LEFT_PT: f32 = 6.0;

impl Cell<'_> {
    pub(super) fn text(&self) -> String {
        join(self.words.iter())
    }

    pub(super) fn centre(&self) -> f32 {
        f32::midpoint(self.at.top, self.at.bottom)
    }

    pub(super) fn height(&self) -> f32 {
        self.at.bottom - self.at.top
    }

    /// Whether `other` is on the line that follows within one text: lines of one value are 1.2 sizes apart, rows 1.8 or more;
    /// a size may be only the height of capitals, 0.7 of the font's.
    fn is_near_above(&self, other: &Self) -> bool {
        other.centre() - self.centre() <= 1.75 * self.size.max(self.height()).max(other.height()) + 1.0
    }

    pub(super) fn is_of_size(&self, other: &Self) -> bool {
        self.size <= other.size * 1.3 && other.size <= self.size * 1.3
    }
}

/// Words as a text.
pub(super) fn join<'a>(words: impl Iterator<Item = &'a Word>) -> String {
    words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Words of one value, with what is known of how they were read.
#[derive(Clone, Debug, Default)]
pub(super) struct Run<'a> {
    pub(super) page: u32,
    pub(super) words: Vec<&'a Word>,
}

impl<'a> Run<'a> {
    pub(super) fn text(&self) -> String {
        join(self.words.iter().copied())
    }

    pub(super) fn push(&mut self, page: u32, words: impl IntoIterator<Item = &'a Word>) {
        self.page = page;
        self.words.extend(words);
    }

    /// The least trusted way of its words.
    pub(super) fn way(&self) -> ReadingWay {
        self.words.iter().map(|word| word.way).max().map_or(ReadingWay::Unread, way)
    }

    /// Of the least sure word, percent.
    pub(super) fn sure_percent(&self) -> u8 {
        let least = self.words.iter().map(|word| finite(word.confidence)).fold(1.0_f32, f32::min);
        percent(least)
    }

    pub(super) fn place(&self) -> Place {
        place(self.page, self.words.iter().map(|word| word.at))
    }
}

pub(super) const fn way(way: pages::Way) -> ReadingWay {
    match way {
        pages::Way::TextLayer => ReadingWay::TextLayer,
        pages::Way::Outlines => ReadingWay::Outlines,
        pages::Way::Ocr => ReadingWay::Ocr,
    }
}

/// The box around boxes, outwards to whole points.
pub(super) fn place(page: u32, boxes: impl Iterator<Item = Rect>) -> Place {
    let Some(around) = boxes.map(sound).reduce(around) else { return Place { page, ..Place::default() } };
    Place {
        page,
        left: whole(around.left.floor()),
        top: whole(around.top.floor()),
        right: whole(around.right.ceil()),
        bottom: whole(around.bottom.ceil()),
    }
}

pub(super) const fn around(a: Rect, b: Rect) -> Rect {
    Rect {
        left: a.left.min(b.left),
        top: a.top.min(b.top),
        right: a.right.max(b.right),
        bottom: a.bottom.max(b.bottom),
    }
}

fn cells_of(page: &PageLines) -> impl Iterator<Item = Cell<'_>> {
    page.lines.iter().filter(|line| !line.words.is_empty()).map(|line: &Line| Cell {
        page: page.number,
        at: sound(line.at),
        size: finite(line.size_pt).max(1.0),
        words: &line.words,
        row: 0,
    })
}

/// A box whose numbers can be compared and whose edges are in order, whatever was said.
fn sound(at: Rect) -> Rect {
    let (left, top) = (finite(at.left), finite(at.top));
    Rect { left, top, right: finite(at.right).max(left), bottom: finite(at.bottom).max(top) }
}

const fn finite(length: f32) -> f32 {
    if length.is_finite() { length } else { 0.0 }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float stops at the type's ends")]
const fn whole(length: f32) -> i32 {
    length as i32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
fn percent(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 100.0).round() as u8
}
