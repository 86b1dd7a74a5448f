//! Labels and the cells around them → their values: behind the label, beside it, or under it, line by line.

use super::UNKNOWN;
use super::forms::{self, Form};
use super::labels::{Anchor, Anchors};
use super::sheet::{Cell, Run, SAME_LEFT_PT, Sheet};
use super::templates::{Field, Target, Where};

/// Lines of one value; an address has some five.
const VALUE_LINES_MAX: usize = 12;

/// The values of all labels, and which cells they took.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    /// A field's place in the template, and its words.
    pub(super) list: Vec<(usize, Run<'a>)>,
    pub(super) taken: Vec<bool>,
    /// Most labels have their values beside them: what stands under one is then something else.
    is_table: bool,
}

impl<'a> Values<'a> {
    pub(super) fn collect(sheet: &Sheet<'a>, anchors: &Anchors, fields: &[Field]) -> Self {
        let mut values = Self {
            list: Vec::new(),
            taken: anchors.owner.iter().map(Option::is_some).collect(),
            is_table: false,
        };
        values.is_table = values.has_values_beside(sheet, anchors, fields);
        let right = sheet.cells.iter().map(|cell| cell.at.right).fold(0.0, f32::max);
        for anchor in &anchors.list {
            let Target::Field(number) = anchor.target else { continue };
            let Some(field) = fields.get(number).filter(|field| field.at != Where::Nothing) else { continue };
            let run = values.value(sheet, anchor, field, right);
            if !run.words.is_empty() {
                values.list.push((number, run));
            }
        }
        values
    }

    fn has_values_beside(&self, sheet: &Sheet<'a>, anchors: &Anchors, fields: &[Field]) -> bool {
        let is_row = |anchor: &&Anchor| matches!(anchor.target, Target::Field(at) if fields.get(at).is_some_and(|field| field.at == Where::Row));
        let has_beside = |anchor: &&Anchor| {
            let first = anchor.texts.first().and_then(|text| text.cells.first());
            let right = |(_, cell): &(usize, &Cell<'_>)| cell.at.left >= anchor.at.right - 2.0;
            let next = first.and_then(|first| sheet.row_of(*first).find(right));
            anchor.value.is_some() || next.is_some_and(|(next, _)| !self.is_taken(next))
        };
        let rows = anchors.list.iter().filter(is_row).count();
        anchors.list.iter().filter(is_row).filter(has_beside).count() * 2 > rows
    }

    fn value(&mut self, sheet: &Sheet<'a>, anchor: &Anchor, field: &Field, right: f32) -> Run<'a> {
        let mut run = Run::default();
        let beside = self.beside(sheet, anchor, &mut run);
        // Where the value's lines begin: in its column; a line of a paragraph goes on under its label.
        let (last, left) = match (beside, field.at) {
            (Some((last, _)), Where::Line) => (last, anchor.at.left),
            (Some(found), _) => found,
            (None, _) => {
                let Some(under) = self.under(sheet, anchor) else { return run };
                let Some(cell) = sheet.get(under) else { return run };
                self.take(under, cell, 0, &mut run);
                (under, cell.at.left)
            }
        };
        self.go_on(sheet, (anchor, field), (last, left, right), &mut run);
        run
    }

    /// Takes what stands behind the label in its line, or to the right of it: the last cell of its first line, and where the
    /// value begins.
    fn beside(&mut self, sheet: &Sheet<'a>, anchor: &Anchor, run: &mut Run<'a>) -> Option<(usize, f32)> {
        let mut found: Option<(usize, f32)> = None;
        if let Some((at, word)) = anchor.value
            && let Some(cell) = sheet.get(at)
        {
            let colon = cell.words.get(word).is_some_and(|word| word.text.chars().all(|c| ":;".contains(c)));
            let word = word + usize::from(colon);
            self.take(at, cell, word, run);
            found = cell.words.get(word).map(|word| (at, word.at.left));
        }
        let rows: Vec<usize> = anchor.texts.iter().flat_map(|text| &text.cells).copied().collect();
        let mut lines: Vec<usize> = Vec::new();
        for &row in &rows {
            for (at, cell) in sheet.row_of(row).filter(|(_, cell)| cell.at.left >= anchor.at.right - 2.0) {
                // The next label of the row ends it.
                if self.is_taken(at) && !rows.contains(&at) {
                    break;
                }
                if !lines.contains(&at) && !rows.contains(&at) && is_level(anchor, cell) {
                    lines.push(at);
                }
            }
        }
        for at in lines {
            let Some(cell) = sheet.get(at) else { continue };
            // The second line of a label in two languages has its value's second line beside it, in one column.
            let new_row = found.and_then(|(last, _)| sheet.get(last)).is_none_or(|last| last.row != cell.row);
            let off = found.is_some_and(|(_, left)| (cell.at.left - left).abs() > SAME_LEFT_PT * 2.0);
            if found.is_some() && new_row && off {
                continue;
            }
            self.take(at, cell, 0, run);
            found = Some((at, found.map_or(cell.at.left, |(_, left)| left)));
        }
        found
    }

    /// The cell under a label that has nothing beside it, where it is no label and nothing stands left of it.
    fn under(&self, sheet: &Sheet<'a>, anchor: &Anchor) -> Option<usize> {
        if self.is_table {
            return None;
        }
        let last = anchor.texts.iter().flat_map(|text| &text.cells).copied().max()?;
        let below = sheet.below(last, anchor.at.left)?;
        // What stands left of it is under a label of its own.
        let mut before = sheet.row_of(below).filter(|(_, cell)| cell.at.left < anchor.at.left - SAME_LEFT_PT);
        let under_labels = before.all(|(_, cell)| {
            sheet.row_of(last).any(|(_, label)| (label.at.left - cell.at.left).abs() <= SAME_LEFT_PT)
        });
        (under_labels && self.may_be_value(sheet, below)).then_some(below)
    }

    /// Takes the lines below that belong to the value, until it has its form.
    fn go_on(
        &mut self,
        sheet: &Sheet<'a>,
        (anchor, field): (&Anchor, &Field),
        (mut last, left, right): (usize, f32, f32),
        run: &mut Run<'a>,
    ) {
        for _ in 1..VALUE_LINES_MAX {
            let Some(below) = sheet.below(last, left) else { return };
            let (Some(above), Some(cell)) = (sheet.get(last), sheet.get(below)) else { return };
            if !self.may_follow(sheet, below, left, anchor) || !goes_on(field, run, cell, above, right) {
                return;
            }
            let row: Vec<usize> = sheet
                .row_of(below)
                .filter(|(_, other)| other.at.left >= cell.at.left)
                .map(|(at, _)| at)
                .collect();
            for at in row.into_iter().take_while(|at| !self.is_taken(*at)).collect::<Vec<_>>() {
                let Some(cell) = sheet.get(at) else { continue };
                self.take(at, cell, 0, run);
            }
            last = below;
        }
    }

    /// Whether a cell may be a line of a value: nobody took it, it is no label that was not understood, and nothing stands
    /// left of it, which would be the next label, but the value's own.
    fn may_follow(&self, sheet: &Sheet<'a>, at: usize, left: f32, anchor: &Anchor) -> bool {
        let own = |at: &usize| anchor.texts.iter().any(|text| text.cells.contains(at));
        let begins_a_row =
            sheet.row_of(at).any(|(other, cell)| cell.at.left < left - SAME_LEFT_PT && !own(&other));
        !begins_a_row && self.may_be_value(sheet, at)
    }

    fn may_be_value(&self, sheet: &Sheet<'a>, at: usize) -> bool {
        let is_label = |cell: &Cell<'_>| cell.words.last().is_some_and(|word| word.text.ends_with(':'));
        !self.is_taken(at) && !sheet.get(at).is_none_or(is_label)
    }

    fn is_taken(&self, at: usize) -> bool {
        self.taken.get(at).is_none_or(|taken| *taken)
    }

    fn take(&mut self, at: usize, cell: &Cell<'a>, from: usize, run: &mut Run<'a>) {
        if let Some(taken) = self.taken.get_mut(at) {
            *taken = true;
        }
        run.push(cell.page, cell.words.iter().skip(from));
    }
}

/// Whether a cell stands beside the label: at least a third of the lower of the two is level with the other.
fn is_level(anchor: &Anchor, cell: &Cell<'_>) -> bool {
    let common = anchor.at.bottom.min(cell.at.bottom) - anchor.at.top.max(cell.at.top);
    common >= 0.3 * cell.height().min(anchor.at.bottom - anchor.at.top)
}

/// Whether a value goes on with the cell below it.
fn goes_on(field: &Field, run: &Run<'_>, cell: &Cell<'_>, above: &Cell<'_>, right: f32) -> bool {
    let text = run.text();
    let next = cell.text();
    let is_remark = text.matches('(').count() > text.matches(')').count() || next.starts_with('(');
    // What has its form whole has nothing below it but a remark, or the same in another language; with a second thing in its
    // place that may be anything.
    let is_whole = field.form != Form::Free && forms::plain(&field.form, &text).is_some();
    if is_whole && field.rest.is_none() {
        return is_remark || forms::plain(&field.form, &format!("{text} {next}")).is_some();
    }
    if field.at == Where::Line {
        // A paragraph goes on where its next word had no room.
        let word = cell.words.first().map_or(0.0, |word| word.at.right - word.at.left);
        let has_room = above.at.right + word + cell.size * 0.3 < right * 0.95;
        let is_other = next.contains(':') || next.to_uppercase().replace(UNKNOWN, "").starts_with("DR-");
        return !has_room && !is_other;
    }
    true
}
