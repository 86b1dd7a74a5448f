//! What was read + what the copy says → what differs.

use skrynka::model::{ReadField, Reading, ReadingWarning};
use skrynka_fixtures::copies::{Flaw, Sample};

/// Stands for a letter that is not known.
pub const UNKNOWN: char = '□';

/// Latin letters and the Cyrillic ones that are drawn alike.
const TWINS: (&str, &str) = ("ABCEHIKMOPTXaceiopxy", "АВСЕНІКМОРТХасеіорху");

/// A text as it is drawn: signs that are one drawing are one sign.
pub fn signs(text: &str) -> String {
    text.chars().map(|c| if "’ʼ‘`´".contains(c) { '\'' } else { c }).collect()
}

/// A text as it looks: Latin letters as the Cyrillic ones that are drawn alike.
pub fn looks(text: &str) -> String {
    let twin = |c| TWINS.0.chars().position(|latin| latin == c).and_then(|at| TWINS.1.chars().nth(at));
    signs(text).chars().map(|c| twin(c).unwrap_or(c)).collect()
}

/// The fields that were not read exactly: absent, other, or not of the copy at all.
pub fn wrong_fields(sample: &Sample, reading: &Reading) -> Vec<String> {
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

pub fn field<'a>(reading: &'a Reading, name: &str) -> Option<&'a ReadField> {
    reading.fields.iter().find(|field| field.name == name)
}

/// Whether a field says what the copy says: in its one form where it has one, else as printed.
pub fn is_exact(sample: &Sample, read: &ReadField) -> bool {
    match sample.plain.iter().find(|(name, _)| *name == read.name) {
        Some((_, plain)) => read.plain.as_ref() == Some(plain),
        None => sample.value(&read.name).is_some_and(|expected| signs(expected) == signs(&read.value)),
    }
}

/// What a person must be told of a copy's numbers.
pub fn warnings(flaw: Option<Flaw>) -> Vec<ReadingWarning> {
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

/// Words of one line that contradict every line of the copy: each letter must be that of one line at one place, or □. A
/// letter of a word that is `sure` must be the very letter, of another only its look.
pub fn is_on_the_page(words: &[(String, bool)], lines: &[String]) -> bool {
    let read: Vec<(char, bool)> =
        words.iter().flat_map(|(word, sure)| word.chars().map(|c| (c, *sure)).collect::<Vec<_>>()).collect();
    lines.iter().any(|line| {
        let exact: Vec<char> = signs(line).chars().filter(|c| !c.is_whitespace()).collect();
        let looks: Vec<char> = looks(line).chars().filter(|c| !c.is_whitespace()).collect();
        let fits = |from: usize| {
            read.iter().enumerate().all(|(at, (c, sure))| {
                let is = |wanted: &str, letters: &[char]| wanted.chars().eq([letters[from + at]]);
                *c == UNKNOWN
                    || if *sure {
                        is(&signs(&c.to_string()), &exact)
                    } else {
                        is(&self::looks(&c.to_string()), &looks)
                    }
            })
        };
        exact.len() >= read.len() && (0..=exact.len() - read.len()).any(fits)
    })
}

/// How many letters must be changed, added or taken away to make one text of another.
pub fn apart(one: &str, other: &str) -> usize {
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

#[test]
fn a_wrong_letter_on_the_page_is_found() {
    let lines = ["Дата народження:".to_owned(), "ТЕС 123".to_owned()];
    let on = |text: &str, sure| {
        let words: Vec<(String, bool)> = text.split(' ').map(|word| (word.to_owned(), sure)).collect();
        is_on_the_page(&words, &lines)
    };
    assert!(on("Дата народження:", true) && on("Д□та нар□дження", true) && on("ТЕС", true));
    assert!(!on("Дота", true) && !on("TEC", true) && !on("ТЕС 124", true));
    assert!(on("TEC", false) && !on("ТЕО", false));
    assert_eq!((apart("кіт", "кит"), apart("", "кит"), apart("скриня", "криня")), (1, 3, 1));
}
