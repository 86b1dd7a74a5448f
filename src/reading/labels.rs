//! Cells and a template's labels → which cells are labels, and of what; and which template a page's title names.

use std::cmp::Reverse;

use pages::Rect;

use super::UNKNOWN;
use super::likeness::{Apart, Looks};
use super::read::PageLines;
use super::sheet::{Cell, SAME_LEFT_PT, Sheet, around};
use super::templates::{Label, Scope, Target, Template, Templates};

/// A label or title takes so many lines at most.
const LABEL_LINES_MAX: usize = 4;
/// Titles stand in this upper part of a page.
const TITLE_PART: f32 = 0.4;

/// Cells that are one label.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    pub(super) target: Target,
    /// The cells of each text that was found: a label in two languages has two, each of one or more lines.
    pub(super) texts: Vec<LabelText>,
    pub(super) page: u32,
    /// Around the label's words.
    pub(super) at: Rect,
    /// The cell in which the value follows, and the word that it begins with.
    pub(super) value: Option<(usize, usize)>,
}

/// One label text where it was found.
#[derive(Clone, Debug)]
pub(super) struct LabelText {
    /// Which of the labels, by its place in the list.
    pub(super) label: usize,
    pub(super) cells: Vec<usize>,
    /// The words of the first cell that are before the label, and those up to its end.
    pub(super) words: (usize, usize),
    pub(super) apart: Apart,
}

/// The labels of a sheet.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// In reading order.
    pub(super) list: Vec<Anchor>,
    /// For each cell the anchor that it belongs to.
    pub(super) owner: Vec<Option<usize>>,
}

/// A title that was found.
#[derive(Debug)]
pub(super) struct Title<'a> {
    pub(super) template: &'a Template,
    pub(super) text: LabelText,
    pub(super) size: f32,
    pub(super) top: f32,
}

/// The title of a known document in the upper part of the first page: the nearest, then the largest, then the uppermost.
pub(super) fn title<'a>(
    sheet: &Sheet<'_>,
    pages: &[PageLines],
    templates: &'a Templates,
) -> Option<Title<'a>> {
    let page = pages.first()?;
    let lowest = page.height_pt * TITLE_PART;
    let mut found: Vec<Title<'a>> = Vec::new();
    for (at, cell) in sheet.cells.iter().enumerate().take(sheet.compared()) {
        if cell.page != page.number || cell.at.top > lowest {
            continue;
        }
        for template in &templates.documents {
            let texts = whole(sheet, at, &template.titles, |_| true, |_| true, 2);
            found.extend(texts.into_iter().min_by_key(rank(&template.titles)).map(|text| Title {
                template,
                text,
                size: cell.size,
                top: cell.at.top,
            }));
        }
    }
    let order = |a: &Title<'_>, b: &Title<'_>| {
        let cost = |title: &Title<'_>| (title.text.apart, Reverse(title.text.cells.len()));
        cost(a).cmp(&cost(b)).then(b.size.total_cmp(&a.size)).then(a.top.total_cmp(&b.top))
    };
    found.into_iter().min_by(order)
}

impl Anchors {
    /// Finds the labels of a sheet, from the top down; `title` is none of them.
    pub(super) fn find(sheet: &Sheet<'_>, labels: &[Label], title: Option<&Title<'_>>) -> Self {
        let mut anchors = Self { list: Vec::new(), owner: vec![None; sheet.cells.len()] };
        if let (Some(title), Some(at)) = (title, title.and_then(|title| box_of(sheet, &title.text))) {
            let page = title.text.cells.first().and_then(|at| sheet.get(*at)).map_or(0, |cell| cell.page);
            let texts = vec![title.text.clone()];
            anchors.add(Anchor { target: Target::Heading, texts, page, at, value: None });
        }
        let mut section = None;
        for at in 0..sheet.compared() {
            if anchors.owner.get(at).is_none_or(Option::is_some) {
                continue;
            }
            let counts = |label: &Label| match label.scope {
                Scope::Everywhere => true,
                Scope::Section(wanted) => wanted == section,
            };
            let free = |at: usize| anchors.owner.get(at).is_some_and(Option::is_none);
            let mut texts = whole(sheet, at, labels, counts, free, 0);
            texts.extend(anchors.beginnings(sheet, at, labels, counts));
            let Some(text) = nearest(&texts, labels) else { continue };
            let (Some(label), Some(place)) = (labels.get(text.label), box_of(sheet, &text)) else { continue };
            section = label.opens.or(section);
            anchors.add_or_join(sheet, label.target, text, place);
        }
        anchors
    }

    /// Labels with which a cell begins, its value behind them.
    fn beginnings(
        &self,
        sheet: &Sheet<'_>,
        at: usize,
        labels: &[Label],
        counts: impl Fn(&Label) -> bool,
    ) -> Vec<LabelText> {
        let Some(cell) = sheet.get(at) else { return Vec::new() };
        let alone = !sheet.row_of(at).any(|(other, _)| other != at);
        let mut found = Vec::new();
        for first in starts(cell, 0) {
            let mut looks = Looks::default();
            for (end, word) in cell.words.iter().enumerate().skip(first).take(24) {
                looks.push(&word.text);
                let end = end + 1;
                let Some(next) = cell.words.get(end) else { break };
                let colon = word.text.ends_with([':', ';']) || next.text.starts_with(':');
                for (number, label) in labels.iter().enumerate().filter(|(_, label)| counts(label)) {
                    let Some(apart) = label.looks.apart(&looks, label.edits_max) else { continue };
                    let exact = apart == Apart { edits: 0, unknown: 0 };
                    let long = label.looks.len() >= 16;
                    if colon || long || (alone && exact && label.looks.len() >= 6) {
                        let words = (first, end);
                        found.push(LabelText { label: number, cells: vec![at], words, apart });
                    }
                }
            }
        }
        found
    }

    fn add(&mut self, anchor: Anchor) {
        let number = self.list.len();
        for at in anchor.texts.iter().flat_map(|text| &text.cells) {
            if let Some(owner) = self.owner.get_mut(*at) {
                *owner = Some(number);
            }
        }
        self.list.push(anchor);
    }

    /// A label under the same one in another language is one label with it.
    fn add_or_join(&mut self, sheet: &Sheet<'_>, target: Target, text: LabelText, at: Rect) {
        let first = text.cells.first().and_then(|first| sheet.get(*first));
        let Some(first) = first else { return };
        let value = text.cells.first().map(|cell| (*cell, text.words.1));
        let value = value.filter(|(_, word)| *word < first.words.len() && text.cells.len() == 1);
        let above = self.list.iter_mut().enumerate().rev().take(4).find(|(_, above)| {
            above.target == target
                && above.page == first.page
                && (above.at.left - at.left).abs() <= SAME_LEFT_PT
                && at.top - above.at.bottom <= first.size.max(first.height())
        });
        match above {
            Some((number, above)) if value.is_none() => {
                for cell in &text.cells {
                    if let Some(owner) = self.owner.get_mut(*cell) {
                        *owner = Some(number);
                    }
                }
                above.at = around(above.at, at);
                above.texts.push(text);
            }
            _ => self.add(Anchor { target, texts: vec![text], page: first.page, at, value }),
        }
    }
}

/// Labels that a cell is, whole, by itself or with the lines below it. Up to `skipped_max` words before it may be something
/// else: an emblem.
fn whole(
    sheet: &Sheet<'_>,
    at: usize,
    labels: &[Label],
    counts: impl Fn(&Label) -> bool,
    is_free: impl Fn(usize) -> bool,
    skipped_max: usize,
) -> Vec<LabelText> {
    let Some(cell) = sheet.get(at) else { return Vec::new() };
    let mut found = Vec::new();
    for first in starts(cell, skipped_max) {
        let left = cell.words.get(first).map_or(cell.at.left, |word| word.at.left);
        let (mut looks, mut cells, mut last) = (Looks::default(), Vec::new(), Some(at));
        while let Some((number, line)) = last.and_then(|number| Some((number, sheet.get(number)?))) {
            let skipped = if number == at { first } else { 0 };
            // A line of which nothing is known may be anything.
            if !line.words.iter().skip(skipped).any(|word| word.text.chars().any(char::is_alphanumeric)) {
                break;
            }
            for word in line.words.iter().skip(skipped).filter(|word| !is_mark(&word.text)) {
                looks.push(&word.text);
            }
            cells.push(number);
            for (number, label) in labels.iter().enumerate().filter(|(_, label)| counts(label)) {
                if let Some(apart) = label.looks.apart(&looks, label.edits_max) {
                    let words = (first, cell.words.len());
                    found.push(LabelText { label: number, cells: cells.clone(), words, apart });
                }
            }
            if cells.len() >= LABEL_LINES_MAX {
                break;
            }
            last = sheet.below(number, left).filter(|below| is_free(*below));
        }
    }
    found
}

/// Where a label may begin in a cell: at its first word, behind a row's code (`4a.`), behind up to so many other words.
fn starts(cell: &Cell<'_>, skipped_max: usize) -> impl Iterator<Item = usize> {
    let coded = cell.words.len() > 1 && cell.words.first().is_some_and(|word| is_code(&word.text));
    let last = skipped_max.max(usize::from(coded)).min(cell.words.len().saturating_sub(1));
    0..=last
}

/// `1.`, `4a.`, `D.1`, `C.1.3`, `B`.
fn is_code(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':']);
    let signs = word.chars().count();
    (1..=5).contains(&signs)
        && word.chars().all(|c| c.is_alphanumeric() || c == '.' || c == UNKNOWN)
        && (signs == 1 || word.chars().any(|c| c.is_ascii_digit()))
}

/// A word of nothing but unknown letters is an emblem.
fn is_mark(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c == UNKNOWN)
}

fn rank(labels: &[Label]) -> impl Fn(&LabelText) -> (usize, Reverse<usize>) {
    |text| {
        let length = labels.get(text.label).map_or(0, |label| label.looks.len());
        (text.apart.edits * 2 + text.apart.unknown, Reverse(length))
    }
}

/// The nearest label, the longest of equals; none where two things are equally near.
fn nearest(texts: &[LabelText], labels: &[Label]) -> Option<LabelText> {
    let rank = rank(labels);
    let target = |text: &LabelText| labels.get(text.label).map(|label| label.target);
    let best = texts.iter().min_by_key(|text| rank(text))?.clone();
    let tied = texts.iter().any(|other| rank(other) == rank(&best) && target(other) != target(&best));
    (!tied).then_some(best)
}

fn box_of(sheet: &Sheet<'_>, text: &LabelText) -> Option<Rect> {
    let (first, rest) = text.cells.split_first()?;
    let first = sheet.get(*first)?;
    let words = first.words.iter().take(text.words.1).skip(text.words.0).map(|word| word.at);
    let rest = rest.iter().filter_map(|at| sheet.get(*at)).map(|cell| cell.at);
    let whole = text.words.1 >= first.words.len() && text.words.0 == 0;
    let own = if whole { Some(first.at) } else { words.reduce(around) };
    own.into_iter().chain(rest).reduce(around)
}
