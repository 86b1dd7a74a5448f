//! Pages and their template → words whose letters are certain, from which an alphabet of shapes may learn.

use pages::Rect;

use super::labels::LabelText;
use super::likeness::Apart;
use super::read::{PageLines, Study};
use super::templates::{Target, Templates};
use super::{UNKNOWN, file_name};
use crate::model::{DocumentCode, FieldKind};

/// A word of which every letter is certain, whatever of it was read.
#[derive(Clone, PartialEq, Debug)]
pub struct KnownWord {
    /// The page, from 1.
    pub page: u32,
    /// The word's box.
    pub at: Rect,
    /// What it says.
    pub text: String,
    /// Whence it is known.
    pub by: KnownBy,
}

/// Whence a word is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KnownBy {
    /// A title or a label of the template.
    Template,
    /// The time in the file's name.
    FileName,
    /// A number whose check digit fits.
    CheckDigit,
}

/// The words of titles and labels that were recognised, of the request's time where the file's name says it, and of numbers
/// that pass their check.
///
/// A word is among them only if it has as many letters as it must have and every letter that was read is the expected one
/// (twins of the other script count as the same): what is not certain is left out.
#[must_use]
pub fn known_words(pages: &[PageLines], file_name: &str, templates: &Templates) -> Vec<KnownWord> {
    let study = Study::of(pages, file_name, templates);
    let mut known = Vec::new();
    if let Some(title) = &study.title {
        let label = title.template.titles.get(title.text.label);
        label.iter().for_each(|label| of_text(&study, &title.text, &label.text, &mut known));
    }
    for anchor in &study.anchors.list {
        for text in &anchor.texts {
            let is_title = study.title.as_ref().is_some_and(|title| title.text.cells == text.cells);
            if let Some(label) = study.labels.get(text.label).filter(|_| !is_title) {
                of_text(&study, text, &label.text, &mut known);
            }
        }
    }
    let (fields, _) = templates.choice(study.template);
    for anchor in &study.anchors.list {
        let Target::Field(number) = anchor.target else { continue };
        let is_time = fields.get(number).is_some_and(|field| field.kind == FieldKind::RequestTime);
        if let (true, Some(time), Some((at, word))) =
            (is_time, file_name::request_time(file_name), anchor.value)
            && let Some(cell) = study.sheet.get(at)
            && let Some(word) = cell.words.get(word)
            && let Some(text) = dotted(&time)
            && agrees(&text, &word.text)
        {
            known.push(KnownWord { page: cell.page, at: word.at, text, by: KnownBy::FileName });
        }
    }
    for field in study.fields(pages, fields) {
        let passes = match field.kind {
            FieldKind::Rnokpp => field.plain.as_deref().is_some_and(|n| n.parse::<ukr::Rnokpp>().is_ok()),
            FieldKind::Unzr => field.plain.as_deref().is_some_and(|n| n.parse::<ukr::Unzr>().is_ok()),
            _ => false,
        };
        let plain = field.plain.filter(|_| passes).unwrap_or_default();
        let inside = study.sheet.cells.iter().filter(|cell| cell.page == field.place.page);
        let words = inside.flat_map(|cell| cell.words.iter().map(move |word| (cell.page, word)));
        let same = words.filter(|(_, word)| !plain.is_empty() && word.text == plain);
        known.extend(same.map(|(page, word)| KnownWord {
            page,
            at: word.at,
            text: word.text.clone(),
            by: KnownBy::CheckDigit,
        }));
    }
    known
}

/// The texts that stand on every copy of a kind, with the colon that a page may put behind a label and without: of the kind
/// that is known, else of the one that the file's name tells, else the request lines' beginnings alone.
#[must_use]
pub fn printed_texts(document: Option<&DocumentCode>, file_name: &str, templates: &Templates) -> Vec<String> {
    let named = || file_name::document(file_name);
    let document = document.cloned().or_else(named).and_then(|document| templates.of(&document));
    let labels = document.map_or_else(
        || templates.choice(None).1.iter().collect(),
        |template| template.titles.iter().chain(&template.labels).collect::<Vec<_>>(),
    );
    labels.iter().flat_map(|label| [format!("{}:", label.text), label.text.clone()]).collect()
}

/// The words of a label, one by one, where nothing of it was misread.
fn of_text(study: &Study<'_>, text: &LabelText, printed: &str, known: &mut Vec<KnownWord>) {
    if matches!(text.apart, Apart { edits: 1.., .. }) {
        return;
    }
    let mut expected = printed.split([' ', '/']).filter(|word| !word.is_empty()).peekable();
    for (number, at) in text.cells.iter().enumerate() {
        let Some(cell) = study.sheet.get(*at) else { return };
        let (from, to) = if number == 0 { text.words } else { (0, cell.words.len()) };
        for word in cell.words.iter().take(to).skip(from) {
            let Some(next) = expected.peek() else { return };
            // A colon behind the label is the page's own.
            let exact =
                ["", ":"].iter().map(|end| format!("{next}{end}")).find(|text| agrees(text, &word.text));
            let Some(exact) = exact else { return };
            known.push(KnownWord { page: cell.page, at: word.at, text: exact, by: KnownBy::Template });
            expected.next();
        }
    }
}

/// Whether a word that was read may be the expected one: as long, and equal in every letter that is known.
fn agrees(expected: &str, read: &str) -> bool {
    let same = |(a, b): (char, char)| b == UNKNOWN || a == b || are_twins(a, b) || are_twins(b, a);
    expected.chars().count() == read.chars().count() && expected.chars().zip(read.chars()).all(same)
}

/// Whether a Cyrillic letter and one of ASCII are drawn alike.
fn are_twins(cyrillic: char, latin: char) -> bool {
    latin.is_ascii() && pages::latin_twin(cyrillic) == Some(latin)
}

/// `2021-04-02T09:48:26` → `02.04.2021-09:48:26`.
fn dotted(time: &str) -> Option<String> {
    let moment: jiff::civil::DateTime = time.parse().ok()?;
    Some(moment.strftime("%d.%m.%Y-%H:%M:%S").to_string())
}
