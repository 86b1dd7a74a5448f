//! A number as written → the number, and whether its check digit is right.
//!
//! Each number has two readers: `FromStr` takes only what is right in everything; `read` takes whatever has the shape
//! of the number and says whether the check digit fits, because real documents and official examples break it.

mod edrpou;
mod key;
mod rnokpp;
mod unzr;

pub use edrpou::Edrpou;
pub use key::number_key;
pub use rnokpp::{Rnokpp, Sex};
pub use unzr::Unzr;

/// Whether the last digit is the one that the others demand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CheckDigit {
    /// It is.
    Right,
    /// It is not: a digit was mistyped, or the number was invented.
    Wrong {
        /// The digit that the others demand.
        expected: u8,
        /// The digit that stands there.
        found: u8,
    },
}

impl CheckDigit {
    const fn compare(expected: u8, found: u8) -> Self {
        if expected == found { Self::Right } else { Self::Wrong { expected, found } }
    }

    /// Refuses a wrong one, for a strict reader of the number with this name.
    fn demand_right(self, number: &'static str) -> Result<(), InvalidNumber> {
        match self {
            Self::Right => Ok(()),
            Self::Wrong { expected, found } => Err(InvalidNumber::CheckDigit { number, expected, found }),
        }
    }

    /// Whether it is right.
    #[must_use]
    pub const fn is_right(self) -> bool {
        matches!(self, Self::Right)
    }
}

/// A day of birth as a number carries it, without a calendar's arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BirthDate {
    /// Year, four digits.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

/// Why a text is not such a number. It never repeats the number, which may be somebody's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvalidNumber {
    /// Too few or too many digits.
    Length {
        /// Which number, in its Ukrainian short name.
        number: &'static str,
        /// Digits that it has.
        expected: usize,
        /// Digits (or other characters) that were there.
        found: usize,
    },
    /// Something else than a digit, or than the hyphen of an УНЗР at its place.
    NotADigit {
        /// Which number.
        number: &'static str,
        /// What stands there.
        found: char,
        /// Where, counted from 1.
        place: usize,
    },
    /// The check digit does not fit.
    CheckDigit {
        /// Which number.
        number: &'static str,
        /// The digit that the others demand.
        expected: u8,
        /// The digit that stands there.
        found: u8,
    },
    /// The date in the number does not exist.
    NoSuchDay {
        /// Which number.
        number: &'static str,
    },
}

impl std::fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length { number, expected, found } => {
                write!(f, "{number} has {expected} digits, here are {found}")
            }
            Self::NotADigit { number, found, place } => {
                write!(f, "{number} is made of digits, but character {place} is `{found}`")
            }
            Self::CheckDigit { number, expected, found } => write!(
                f,
                "the check digit of this {number} is wrong: the last digit should be {expected}, here is {found}; compare it with the document"
            ),
            Self::NoSuchDay { number } => write!(f, "the date of birth in this {number} does not exist"),
        }
    }
}

impl std::error::Error for InvalidNumber {}

/// The digits of `text` without the spaces around it.
fn digits<const N: usize>(number: &'static str, text: &str) -> Result<[u8; N], InvalidNumber> {
    let text = text.trim();
    let mut digits = [0; N];
    let mut slots = digits.iter_mut();
    let length = InvalidNumber::Length { number, expected: N, found: text.chars().count() };
    for (at, c) in text.chars().enumerate() {
        let value = c.to_digit(10).and_then(|value| u8::try_from(value).ok());
        let value = value.ok_or(InvalidNumber::NotADigit { number, found: c, place: at + 1 })?;
        *slots.next().ok_or(length)? = value;
    }
    if slots.next().is_some() { Err(length) } else { Ok(digits) }
}

/// Σ digit × weight over as many digits as there are weights.
fn weighted(digits: &[u8], weights: impl IntoIterator<Item = i32>) -> i32 {
    digits.iter().zip(weights).map(|(&digit, weight)| i32::from(digit) * weight).sum()
}

/// `sum` modulo 11, then modulo 10; the floor modulo, so that it is never negative.
fn modulo_11_10(sum: i32) -> u8 {
    u8::try_from(sum.rem_euclid(11) % 10).unwrap_or_default()
}

fn write_digits(f: &mut std::fmt::Formatter<'_>, digits: &[u8]) -> std::fmt::Result {
    digits.iter().try_for_each(|digit| write!(f, "{digit}"))
}

/// Everything but the last two digits as stars: personal numbers reach log lines only so.
fn write_masked(f: &mut std::fmt::Formatter<'_>, name: &str, digits: &[u8]) -> std::fmt::Result {
    let (hidden, shown) = digits.split_at(digits.len().saturating_sub(2));
    write!(f, "{name}({}", "*".repeat(hidden.len()))?;
    write_digits(f, shown)?;
    f.write_str(")")
}

/// Days in a month of the Gregorian calendar; 0 for a month that does not exist.
const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}
