//! The large lines under a title → the holder's names in both scripts, and the document's number.

use pages::Word;

use super::UNKNOWN;
use super::forms::{self, Form};
use super::sheet::{Run, Sheet};
use super::templates::{Field, Where};

/// Large is so many times the size of a row: the official sample has rows of 10, a Latin name of 18, names of 24 points.
const LARGE: f32 = 1.25;
/// Lines of the block: three names, one or two in Latin, a number, and one to spare.
const LINES_MAX: usize = 8;

/// Where the block is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) page: u32,
    /// Below the title.
    pub(super) top: f32,
    /// Above the first row of the table.
    pub(super) bottom: f32,
    /// The size of rows.
    pub(super) row_size: f32,
}

/// A line of the block.
struct Line<'a> {
    run: Run<'a>,
    has_digits: bool,
    is_latin: bool,
}

/// The values of the fields that have no label: each field's place in the template, and its words.
pub(super) fn block<'a>(
    sheet: &Sheet<'a>,
    taken: &[bool],
    fields: &[Field],
    bounds: Bounds,
) -> Vec<(usize, Run<'a>)> {
    let mut lines = lines(sheet, taken, bounds);
    let mut found = Vec::new();
    let at = |place| fields.iter().enumerate().filter(move |(_, field)| field.at == place);
    if let Some((number, line)) = number_line(&lines, &at(Where::LargeNumber).collect::<Vec<_>>()) {
        // Names stand before the number or, where there are none, behind it; what else is large is a detail.
        let behind = lines.split_off(line);
        let mut behind = behind.into_iter();
        found.extend(behind.next().map(|line| (number, line.run)));
        if lines.is_empty() {
            lines = behind.collect();
        }
    }
    lines.retain(|line| !line.has_digits);
    let (latin, own): (Vec<Line<'a>>, Vec<Line<'a>>) = lines.into_iter().partition(|line| line.is_latin);
    if let Some((number, _)) = at(Where::LatinNames).next()
        && let Some(page) = latin.first().map(|line| line.run.page)
    {
        let mut run = Run::default();
        run.push(page, latin.into_iter().flat_map(|line| line.run.words));
        found.push((number, run));
    }
    let numbers: Vec<usize> = at(Where::Names).map(|(number, _)| number).collect();
    found.extend(numbers.into_iter().zip(names(own)));
    found
}

/// Surname, given names, patronymic: each on its line or all on one.
fn names(lines: Vec<Line<'_>>) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = lines.into_iter().map(|line| line.run).collect();
    if runs.len() == 1
        && let Some(one) = runs.pop()
    {
        let (page, count) = (one.page, one.words.len());
        let patronymic = count >= 3 && one.words.last().is_some_and(|word| is_patronymic(&word.text));
        let given_end = if patronymic { count - 1 } else { count };
        let part = |from: usize, to: usize| Run {
            page,
            words: one.words.iter().take(to).skip(from).copied().collect::<Vec<&Word>>(),
        };
        return [part(0, 1), part(1, given_end), part(given_end, count)]
            .into_iter()
            .filter(|run| !run.words.is_empty())
            .collect();
    }
    // A fourth line is the rest of the third.
    while runs.len() > 3 {
        let Some(last) = runs.pop() else { break };
        if let Some(third) = runs.last_mut() {
            third.words.extend(last.words);
        }
    }
    runs
}

/// Whether a word ends as Ukrainian patronymics do.
fn is_patronymic(word: &str) -> bool {
    let word = ukr::fold(word);
    ["вич", "вна", "ьич", "іч", "ична"].iter().any(|end| word.ends_with(end))
}

/// Which of the fields is the number, and its line: the one that has a field's form, else the largest that has a digit, for
/// the first field.
fn number_line(lines: &[Line<'_>], fields: &[(usize, &Field)]) -> Option<(usize, usize)> {
    let has_form = |form: &Form, line: &Line<'_>| forms::plain(form, &line.run.text()).is_some();
    let exact = fields.iter().find_map(|(number, field)| {
        Some((*number, lines.iter().position(|line| has_form(&field.form, line))?))
    });
    let height = |line: &Line<'_>| line.run.words.iter().map(|w| w.at.bottom - w.at.top).fold(0.0, f32::max);
    let largest = || {
        let with_digits = lines.iter().enumerate().filter(|(_, line)| line.has_digits);
        with_digits.max_by(|(_, a), (_, b)| height(a).total_cmp(&height(b))).map(|(at, _)| at)
    };
    exact.or_else(|| Some((fields.first()?.0, largest()?)))
}

/// The large lines in the bounds that nobody took, from the top down.
fn lines<'a>(sheet: &Sheet<'a>, taken: &[bool], bounds: Bounds) -> Vec<Line<'a>> {
    let mut lines: Vec<(usize, Run<'a>)> = Vec::new();
    for (at, cell) in sheet.cells.iter().enumerate().take(sheet.compared()) {
        let inside = cell.page == bounds.page && cell.centre() > bounds.top && cell.centre() < bounds.bottom;
        if !inside || taken.get(at).is_none_or(|taken| *taken) || cell.size < bounds.row_size * LARGE {
            continue;
        }
        match lines.last_mut().filter(|(row, _)| *row == cell.row) {
            Some((_, run)) => run.push(cell.page, cell.words),
            None => {
                let mut run = Run::default();
                run.push(cell.page, cell.words);
                lines.push((cell.row, run));
            }
        }
    }
    let runs =
        lines.into_iter().map(|(_, run)| run).filter(|run| run.text().chars().any(char::is_alphanumeric));
    runs.take(LINES_MAX).map(Line::of).collect()
}

impl<'a> Line<'a> {
    fn of(run: Run<'a>) -> Self {
        let text = run.text();
        let latin = text.chars().filter(char::is_ascii_alphabetic).count();
        let letters = text.chars().filter(|c| c.is_alphabetic() && *c != UNKNOWN).count();
        Self { has_digits: text.chars().any(|c| c.is_ascii_digit()), is_latin: latin * 2 > letters, run }
    }
}
