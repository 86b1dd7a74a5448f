//! Two words of names → how well they fit.

use crate::light::letters::{UNKNOWN, apart, looks};

/// How well two things fit; the later the worse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Fit {
    /// They are the same.
    Same,
    /// They may be the same: letters are not read, or one is an initial.
    May,
    /// They are near enough to be two spellings of the same.
    Spelling,
    /// They are different.
    Differ,
}

/// A word of a name, folded: letters and `□` only. A word with a hyphen is several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word(String);

/// Words of so many letters may be a letter apart.
const TYPO_LETTERS_MIN: usize = 4;
/// Words of so many letters that OCR read may be two apart.
const OCR_LETTERS_MIN: usize = 5;

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let folded = ukr::fold(text);
    let is_part = |c: char| c.is_alphanumeric() || c == UNKNOWN || is_sign(c);
    let words = folded.split(|c| !is_part(c)).map(|word| word.replace(is_sign, ""));
    words.filter(|word| !word.is_empty()).map(Word).collect()
}

/// Apostrophes that stand beside a letter that was not read.
const fn is_sign(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | '′' | '*' | '"')
}

impl Word {
    /// Words written as one.
    pub(super) fn joined(words: &[Self]) -> Self {
        Self(words.iter().map(|word| word.0.as_str()).collect())
    }

    fn is_latin(&self) -> bool {
        self.0.chars().any(|c| c.is_ascii_alphabetic() || ('\u{C0}'..='\u{24F}').contains(&c))
    }

    fn has_unknown(&self) -> bool {
        self.0.contains(UNKNOWN)
    }

    /// Whether it ends as Ukrainian patronymics do.
    pub(super) fn is_patronymic(&self) -> bool {
        let ends = ["вич", "вна", "ьич", "ліч", "лич", "мич", "кич", "ична", "огли", "кизи"];
        ends.iter().any(|end| self.0.ends_with(end))
    }
}

/// How well two words fit. `loose`: OCR read one of them, so that two letters may be slips.
pub(super) fn compare(one: &Word, other: &Word, loose: bool) -> Fit {
    let (left, right) = (looks(&one.0), looks(&other.0));
    if one.has_unknown() || other.has_unknown() {
        return if fits(one, other, &left, &right) { Fit::May } else { near(one, other, loose) };
    }
    if left == right || is_spelling(one, other) {
        return Fit::Same;
    }
    let initial = match (left.as_slice(), right.as_slice()) {
        ([letter], [first, ..]) | ([first, ..], [letter]) => letter == first,
        _ => false,
    };
    if initial { Fit::May } else { near(one, other, loose) }
}

/// Whether the letters that were read are the same.
fn fits(one: &Word, other: &Word, left: &[char], right: &[char]) -> bool {
    let apostrophe_unread = |long: &[char], short: &[char]| {
        long.len() == short.len() + 1
            && (0..long.len()).any(|at| {
                let before_iotated = long.get(at + 1).is_some_and(|c| "яюєї".contains(*c));
                let mut without = long.to_vec();
                before_iotated && without.remove(at) == UNKNOWN && at > 0 && alike(&without, short)
            })
    };
    alike(left, right)
        || apostrophe_unread(left, right)
        || apostrophe_unread(right, left)
        || is_spelling(one, other)
}

fn alike(one: &[char], other: &[char]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a == b || *a == UNKNOWN || *b == UNKNOWN)
}

/// Whether one word is, or both are, Latin spellings of one Ukrainian word.
fn is_spelling(one: &Word, other: &Word) -> bool {
    match (one.is_latin(), other.is_latin()) {
        (true, true) => ukr::may_spell_one(&one.0, &other.0),
        (true, false) => ukr::may_spell(&one.0, &other.0),
        (false, true) => ukr::may_spell(&other.0, &one.0),
        (false, false) => false,
    }
}

/// Whether different words are near enough to be two spellings.
fn near(one: &Word, other: &Word, loose: bool) -> Fit {
    let (left, right) = (looks(&one.0), looks(&other.0));
    let slips = match left.len().max(right.len()) {
        0..TYPO_LETTERS_MIN => 0,
        TYPO_LETTERS_MIN..OCR_LETTERS_MIN => 1,
        _ => 1 + usize::from(loose),
    };
    let is_near = apart(&left, &right) <= slips
        || apart(&style(&left), &style(&right)) <= slips
        || (one.is_latin() != other.is_latin() && apart(&key(one), &key(other)) <= slips);
    if is_near { Fit::Spelling } else { Fit::Differ }
}

/// Letters without what people and offices write in different ways: и and і, е and є, -ий and -ій, doubled letters, marks
/// of softness, Russian letters.
fn style(letters: &[char]) -> Vec<char> {
    let mut styled: Vec<char> = Vec::new();
    for c in letters {
        let c = match c {
            'и' | 'ї' | 'й' | 'ы' | 'j' => 'і',
            'є' | 'ё' | 'э' => 'е',
            'ь' | 'ъ' => continue,
            _ => *c,
        };
        if styled.last() != Some(&c) || c == UNKNOWN {
            styled.push(c);
        }
    }
    styled
}

/// The key under which a Ukrainian word and a Latin one meet.
fn key(word: &Word) -> Vec<char> {
    ukr::search_key(&word.0).chars().collect()
}
