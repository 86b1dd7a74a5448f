//! УНЗР: a person's record number in the demographic register, with the day of birth in it.

use std::fmt;
use std::str::FromStr;

use super::{BirthDate, CheckDigit, InvalidNumber, days_in, digits, weighted, write_digits, write_masked};

const NUMBER: &str = "УНЗР";

/// Digits before the hyphen.
const DATE_DIGITS: usize = 8;

/// A record number: `YYYYMMDD-NNNNC`, printed so. `Debug` shows its last two digits only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unzr([u8; 13]);

impl Unzr {
    /// The number, whatever its check digit and its date, and whether the check digit is right. Spaces around it are
    /// ignored, the hyphen may be missing.
    ///
    /// # Errors
    /// When the text is not 8 digits, a hyphen and 5 digits.
    pub fn read(text: &str) -> Result<(Self, CheckDigit), InvalidNumber> {
        let text = text.trim();
        let joined = match text.split_once('-') {
            Some((date, rest)) if date.len() == DATE_DIGITS => format!("{date}{rest}"),
            _ => text.to_owned(),
        };
        let number = Self(digits(NUMBER, &joined)?);
        Ok((number, number.check()))
    }

    /// The day of birth; none when no calendar has it.
    #[must_use]
    pub fn birth_date(&self) -> Option<BirthDate> {
        let [y1, y2, y3, y4, m1, m2, d1, d2, ..] = self.0;
        let year = [y1, y2, y3, y4].iter().fold(0_u16, |sum, &digit| sum * 10 + u16::from(digit));
        let (month, day) = (m1 * 10 + m2, d1 * 10 + d2);
        (day >= 1 && day <= days_in(year, month)).then_some(BirthDate { year, month, day })
    }

    /// Weights 7, 3, 1 over the twelve digits before the last, as in the machine-readable zone (ICAO 9303-3 §4.9).
    fn check(self) -> CheckDigit {
        let [.., found] = self.0;
        let sum = weighted(&self.0, [7, 3, 1].into_iter().cycle().take(12));
        CheckDigit::compare(u8::try_from(sum % 10).unwrap_or_default(), found)
    }
}

impl FromStr for Unzr {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let (number, check) = Self::read(text)?;
        check.demand_right(NUMBER)?;
        number.birth_date().map(|_| number).ok_or(InvalidNumber::NoSuchDay { number: NUMBER })
    }
}

impl fmt::Display for Unzr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, rest) = self.0.split_at(DATE_DIGITS);
        write_digits(f, date)?;
        f.write_str("-")?;
        write_digits(f, rest)
    }
}

impl fmt::Debug for Unzr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_masked(f, "Unzr", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_numbers_are_right_with_and_without_the_hyphen() {
        let number: Unzr = "19910824-00026".parse().unwrap();
        assert_eq!(number.to_string(), "19910824-00026");
        assert_eq!(number.birth_date(), Some(BirthDate { year: 1991, month: 8, day: 24 }));
        assert_eq!("2000021301467".parse::<Unzr>().unwrap().to_string(), "20000213-01467");
    }

    #[test]
    fn the_error_says_which_digit_was_expected() {
        assert_eq!(
            "19910824-00020".parse::<Unzr>(),
            Err(InvalidNumber::CheckDigit { number: NUMBER, expected: 6, found: 0 })
        );
        assert!(Unzr::read("19910824-00020").is_ok());
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused_and_read_leniently() {
        let refused = |date: &str| {
            let (_, check) = Unzr::read(&format!("{date}-00000")).unwrap();
            let last = if let CheckDigit::Wrong { expected, .. } = check { expected } else { 0 };
            let text = format!("{date}-0000{last}");
            assert_eq!(Unzr::read(&text).unwrap().0.birth_date(), None, "{date}");
            assert_eq!(text.parse::<Unzr>(), Err(InvalidNumber::NoSuchDay { number: NUMBER }));
        };
        ["19910230", "19911301", "19910800", "19990229", "21000229"].into_iter().for_each(refused);
        let (leap, _) = Unzr::read("20000229-00000").unwrap();
        assert!(leap.birth_date().is_some());
    }

    #[test]
    fn other_shapes_are_refused() {
        for wrong in
            ["", "19910824", "1991-0824-00026", "19910824--0026", "19910824-000266", "1991082a-00026"]
        {
            assert!(Unzr::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn debug_shows_the_last_two_digits_only() {
        assert_eq!(format!("{:?}", "19910824-00026".parse::<Unzr>().unwrap()), "Unzr(***********26)");
    }
}
