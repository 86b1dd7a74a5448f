//! Two names of organisations or branches → whether they are one name, whatever the quotation marks, the case and the way of
//! writing the legal form.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::light::letters::{UNKNOWN, look};

/// How two names stand to each other; the later the worse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Likeness {
    /// One name.
    Same,
    /// They may be one: letters are not read, OCR slipped, or one lacks its legal form.
    May,
    /// Two names.
    Other,
}

/// A name: letters and digits without signs, and what of it is the legal form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// Without the form.
    own: Vec<char>,
    /// Its words.
    words: Vec<Vec<char>>,
    /// Which form, by its place among all; none: it has none, or it could not be read.
    form: Option<usize>,
    /// With the form as it is written.
    all: Vec<char>,
}

/// One letter in so many may be a slip of OCR.
const LETTERS_PER_SLIP: usize = 10;

/// Parts two digits that stand in two words: 1 1 is not 11.
const GAP: char = ' ';

impl Named {
    /// The name that a text says.
    pub(super) fn of(text: &str) -> Self {
        let words = words(text);
        let all = join(&words);
        let found = forms().iter().enumerate().find_map(|(at, spellings)| {
            let rest = spellings.iter().find_map(|form| without(&words, form));
            rest.filter(|rest| !rest.is_empty()).map(|rest| (at, rest))
        });
        match found {
            Some((form, rest)) => Self { own: join(&rest), words: rest, form: Some(form), all },
            None => Self { own: all.clone(), words, form: None, all },
        }
    }

    /// How the name that was read stands to one of ours. `loose`: OCR read it.
    pub(super) fn likeness(&self, ours: &Self, loose: bool) -> Likeness {
        if ours.own.is_empty() {
            return Likeness::Other;
        }
        let plain = align(&self.own, &marked(&ours.own, false));
        if self.form == ours.form && plain.0 > 0 && self.has_initials_of(ours) {
            return Likeness::May;
        }
        let by_own = match (self.form, ours.form) {
            (one, other) if one == other => self.judge(plain, loose),
            // A form that is left out on one side may be another one.
            (None, _) | (_, None) => self.judge(plain, loose).max(Likeness::May),
            (Some(_), Some(_)) => Likeness::Other,
        };
        // A form whose letters are not all read is not found as one: every way to write ours is tried.
        let unread = self.all.contains(&UNKNOWN) && self.form.is_none();
        let spelled = ours.form.filter(|_| unread).and_then(|form| forms().get(form));
        let by_form = spelled.into_iter().flatten().map(|form| {
            let form = join(form);
            let front = [marked(&form, true), marked(&ours.own, false)].concat();
            let behind = [marked(&ours.own, false), marked(&form, true)].concat();
            self.judge_all(&front, loose).min(self.judge_all(&behind, loose))
        });
        by_form.fold(by_own, Likeness::min)
    }

    /// Whether the same words stand there, some of them as initials: ФОП Зразкова Н. І.
    fn has_initials_of(&self, ours: &Self) -> bool {
        let is_initial = |one: &[char], other: &[char]| {
            one.len() == 1 && one.first() == other.first() && one.iter().all(|c| c.is_alphabetic())
        };
        self.words.len() == ours.words.len()
            && self
                .words
                .iter()
                .zip(&ours.words)
                .all(|(one, other)| one == other || is_initial(one, other) || is_initial(other, one))
    }

    fn judge_all(&self, ours: &[(char, bool)], loose: bool) -> Likeness {
        self.judge(align(&self.all, ours), loose)
    }

    fn judge(&self, (slips, unread): (usize, usize), loose: bool) -> Likeness {
        let forgiven = if loose { self.all.len() / LETTERS_PER_SLIP } else { 0 };
        match (slips, unread) {
            (0, 0) => Likeness::Same,
            // Where most of it is not read, anything fits.
            (slips, unread) if slips <= forgiven && unread * 2 <= self.own.len() => Likeness::May,
            (0, _) => Likeness::May,
            _ => Likeness::Other,
        }
    }
}

/// The least slips between what was read and our letters and, with them, the least `□` that stand for a letter of ours. A `□`
/// may also be a sign between words, and one in the legal form hides nothing.
fn align(read: &[char], ours: &[(char, bool)]) -> (usize, usize) {
    let add = |(slips, unread): (usize, usize), slip: usize, hidden: usize| (slips + slip, unread + hidden);
    let mut row: Vec<(usize, usize)> = (0..=ours.len()).map(|at| (at, 0)).collect();
    for (done, letter) in read.iter().enumerate() {
        let dropped = usize::from(*letter != UNKNOWN);
        let mut next = vec![row.first().map_or((done + 1, 0), |above| add(*above, dropped, 0))];
        for (pair, (own, is_form)) in row.windows(2).zip(ours) {
            let &[diagonal, above] = pair else { continue };
            let left = next.last().copied().unwrap_or_default();
            let hidden = usize::from(*letter == UNKNOWN && !is_form);
            let slip = usize::from(*letter != UNKNOWN && letter != own);
            next.push(add(diagonal, slip, hidden).min(add(above, dropped, 0)).min(add(left, 1, 0)));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

fn marked(letters: &[char], is_form: bool) -> Vec<(char, bool)> {
    letters.iter().map(|letter| (*letter, is_form)).collect()
}

/// The words of a name: letters, digits and `□`, folded, lookalikes made one; «№ 1», «№1» and «N 1» are 1.
fn words(text: &str) -> Vec<Vec<char>> {
    let folded = ukr::fold(&text.replace('№', " № "));
    let is_part = |c: char| c.is_alphanumeric() || c == UNKNOWN || c == '№';
    let mut words: Vec<Vec<char>> = folded
        .split(|c| !is_part(c))
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().map(look).collect())
        .collect();
    let begins_with_digit =
        |word: Option<&Vec<char>>| word.and_then(|word| word.first()).is_some_and(char::is_ascii_digit);
    let mut at = 0;
    while let Some(word) = words.get(at).map(|word| word.iter().collect::<String>()) {
        if word == "№" || (is_number_sign(&word) && begins_with_digit(words.get(at + 1))) {
            words.remove(at);
            continue;
        }
        // N1
        if let Some(number) =
            word.strip_prefix('n').filter(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
            && let Some(own) = words.get_mut(at)
        {
            *own = number.chars().collect();
        }
        at += 1;
    }
    words
}

/// What stands for №, in lookalikes.
fn is_number_sign(word: &str) -> bool {
    ["n", "nо", "nr", "номер"].contains(&word)
}

/// The words without those of the form, where they begin or end with it.
fn without(words: &[Vec<char>], form: &[Vec<char>]) -> Option<Vec<Vec<char>>> {
    words.strip_prefix(form).or_else(|| words.strip_suffix(form)).map(<[_]>::to_vec)
}

fn join(words: &[Vec<char>]) -> Vec<char> {
    let mut joined: Vec<char> = Vec::new();
    for word in words {
        let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
        if digit(joined.last()) && digit(word.first()) {
            joined.push(GAP);
        }
        joined.extend(word);
    }
    joined
}

/// Every legal form as the words of each way to write it; forms of more words first.
#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
fn forms() -> &'static [Vec<Vec<Vec<char>>>] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        form: Vec<Form>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        short: Vec<String>,
        long: Vec<String>,
    }
    static FORMS: OnceLock<Vec<Vec<Vec<Vec<char>>>>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let file: File = toml::from_str(include_str!("../forms.toml")).expect("forms.toml is whole");
        let spelled = |form: Form| form.short.iter().chain(&form.long).map(|text| words(text)).collect();
        let mut forms: Vec<Vec<Vec<Vec<char>>>> = file.form.into_iter().map(spelled).collect();
        forms.sort_by_key(|ways| std::cmp::Reverse(ways.iter().map(Vec::len).max()));
        forms
    })
}
