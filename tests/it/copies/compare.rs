//! What was read + what the copy says → what differs.

use skrynka::model::{ReadField, Reading, ReadingWarning};
use skrynka_fixtures::copies::{Flaw, Sample};

/// Stands for a letter that is not known.
pub(super) const UNKNOWN: char = '□';

/// Latin letters and the Cyrillic ones that are drawn alike.
const TWINS: (&str, &str) = ("ABCEHIKMOPTXaceiopxy", "АВСЕНІКМОРТХасеіорху");

/// A text as it is drawn: signs that are one drawing are one sign.
pub(super) fn signs(text: &str) -> String {
    text.chars().map(|c| if "’ʼ‘`´".contains(c) { '\'' } else { c }).collect()
}

/// A text as it looks: Latin letters as the Cyrillic ones that are drawn alike.
pub(super) fn looks(text: &str) -> String {
    let twin = |c| TWINS.0.chars().position(|latin| latin == c).and_then(|at| TWINS.1.chars().nth(at));
    signs(text).chars().map(|c| twin(c).unwrap_or(c)).collect()
}

/// The fields that were not read exactly: absent, other, or not of the copy at all.
pub(super) fn wrong_fields(sample: &Sample, reading: &Reading) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, expected) in &sample.expected {
        match field(reading, name) {
            None => wrong.push(format!("{name} «{expected}» is missing")),
            Some(read) if !is_exact(sample, read) => {
                wrong.push(format!("{name} «{expected}» is read as «{}» {:?}", read.value, read.plain));
            }
            Some(_) => {}
        }
    }
    let extra = reading.fields.iter().filter(|read| sample.value(&read.name).is_none());
    wrong.extend(extra.map(|read| format!("{} «{}» is not there", read.name, read.value)));
    wrong
}

pub(super) fn field<'a>(reading: &'a Reading, name: &str) -> Option<&'a ReadField> {
    reading.fields.iter().find(|field| field.name == name)
}

/// Whether a field says what the copy says: in its one form where it has one, else as printed.
pub(super) fn is_exact(sample: &Sample, read: &ReadField) -> bool {
    match sample.plain.iter().find(|(name, _)| *name == read.name) {
        Some((_, plain)) => read.plain.as_ref() == Some(plain),
        None => sample.value(&read.name).is_some_and(|expected| signs(expected) == signs(&read.value)),
    }
}

/// What a person must be told of a copy's numbers.
pub(super) fn warnings(flaw: Option<Flaw>) -> Vec<ReadingWarning> {
    let Some(flaw) = flaw else { return Vec::new() };
    let field = flaw.field().to_owned();
    let contradicts =
        |other: &str| ReadingWarning::Contradicts { field: field.clone(), other: other.to_owned() };
    vec![match flaw {
        Flaw::RnokppCheckDigit | Flaw::UnzrCheckDigit => ReadingWarning::CheckDigit { field },
        Flaw::RnokppOtherDay => contradicts("birth-date"),
        Flaw::RnokppOtherSex => contradicts("sex"),
    }]
}

/// How many letters must be changed, added or taken away to make one text of another.
pub(super) fn apart(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (place, d) in other.iter().enumerate() {
            let changed = corner + usize::from(c != *d);
            corner = row[place + 1];
            row[place + 1] = changed.min(row[place] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}
