//! Numbers and birth dates of two descriptions → how well they fit.

use ukr::{BirthDate, Rnokpp, Unzr};

use super::word::Fit;
use crate::light::letters::{UNKNOWN, apart};

/// A value as it is printed, and in one form where it has one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    pub(super) said: String,
    pub(super) plain: Option<String>,
    /// OCR read it, or it was read with doubt.
    pub(super) loose: bool,
}

/// Digits of two dates or numbers that OCR may have taken for others.
const SLIPS: usize = 2;

/// Which number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NumberKind {
    Rnokpp,
    Unzr,
}

impl NumberKind {
    pub(super) const ALL: [Self; 2] = [Self::Rnokpp, Self::Unzr];

    /// The field's name in the templates.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Rnokpp => "rnokpp",
            Self::Unzr => "unzr",
        }
    }

    /// The birth date in a number whose check digit is right.
    fn born(self, digits: &str) -> Option<BirthDate> {
        match self {
            Self::Rnokpp => digits.parse::<Rnokpp>().ok()?.birth_date(),
            Self::Unzr => digits.parse::<Unzr>().ok()?.birth_date(),
        }
    }

    /// Whether its check digit, and the date in it, are right.
    pub(super) fn is_valid(self, said: &Said) -> bool {
        let digits: String = said.digits().into_iter().collect();
        match self {
            Self::Rnokpp => digits.parse::<Rnokpp>().is_ok(),
            Self::Unzr => digits.parse::<Unzr>().is_ok(),
        }
    }
}

impl Said {
    /// Its digits and what could not be read, without remarks in parentheses.
    fn digits(&self) -> Vec<char> {
        let text = self.plain.as_ref().unwrap_or(&self.said);
        let number = text.split('(').next().unwrap_or_default();
        number.chars().filter(|c| c.is_ascii_digit() || *c == UNKNOWN).collect()
    }

    /// A day as eight digits: from one form, or from `17.01.199□`.
    fn day(&self) -> Option<Vec<char>> {
        if self.plain.is_some() {
            return Some(self.digits());
        }
        let printed: Vec<char> = self.said.trim().chars().take("17.01.1997".len()).collect();
        let [d1, d2, _, m1, m2, _, y1, y2, y3, y4] = printed.as_slice() else { return None };
        let day = [*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2];
        let is_day = day.iter().all(|c| c.is_ascii_digit() || *c == UNKNOWN);
        (is_day && self.said.contains(UNKNOWN)).then(|| day.to_vec())
    }
}

/// How well two numbers of one kind fit. Only numbers whose check digits are right can tell two persons apart: official test
/// documents have others.
pub(super) fn compare(kind: NumberKind, one: &Said, other: &Said) -> Fit {
    let (left, right) = (one.digits(), other.digits());
    if left.is_empty() || right.is_empty() {
        return Fit::May;
    }
    let unread = left.contains(&UNKNOWN) || right.contains(&UNKNOWN);
    let slips = if one.loose || other.loose { SLIPS } else { 0 };
    let trusted = |said: &Said| said.digits().contains(&UNKNOWN) || kind.is_valid(said);
    match apart(&left, &right) {
        0 if unread => Fit::May,
        0 => Fit::Same,
        slipped if slipped <= slips => Fit::Spelling,
        _ if trusted(one) && trusted(other) => Fit::Differ,
        _ => Fit::Spelling,
    }
}

/// How well two days fit; none: one of them cannot be understood.
pub(super) fn compare_days(one: &Said, other: &Said) -> Option<Fit> {
    let (left, right) = (one.day()?, other.day()?);
    let unread = left.contains(&UNKNOWN) || right.contains(&UNKNOWN);
    let slips = if one.loose || other.loose { SLIPS } else { 0 };
    Some(match apart(&left, &right) {
        0 if unread => Fit::May,
        0 => Fit::Same,
        slipped if slipped <= slips => Fit::Spelling,
        _ => Fit::Differ,
    })
}

/// The birth date in a number, as a document would say it.
pub(super) fn born(kind: NumberKind, number: &Said) -> Option<Said> {
    let digits: String = number.digits().into_iter().collect();
    let BirthDate { year, month, day } = kind.born(&digits)?;
    Some(Said {
        said: format!("{day:02}.{month:02}.{year:04}"),
        plain: Some(format!("{year:04}-{month:02}-{day:02}")),
        loose: number.loose,
    })
}
