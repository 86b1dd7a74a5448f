//! РНОКПП: a person's number in the register of taxpayers, with the day of birth in it.

use std::fmt;
use std::str::FromStr;

use super::{
    BirthDate, CheckDigit, InvalidNumber, days_in, digits, modulo_11_10, weighted, write_digits, write_masked,
};

const NUMBER: &str = "РНОКПП";

/// A taxpayer's number: 10 digits, the last one a check digit. `Debug` shows its last two digits only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rnokpp([u8; 10]);

/// What a number says of its bearer's sex.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Rnokpp {
    /// The number, whatever its check digit, and whether that is right. Spaces around it are ignored.
    ///
    /// # Errors
    /// When the text is not 10 digits.
    pub fn read(text: &str) -> Result<(Self, CheckDigit), InvalidNumber> {
        let number = Self(digits(NUMBER, text)?);
        Ok((number, number.check()))
    }

    /// The day of birth: the first five digits count days from 31 December 1899. None for five zeros.
    #[must_use]
    pub fn birth_date(&self) -> Option<BirthDate> {
        let [a, b, c, d, e, ..] = self.0;
        let mut days = [a, b, c, d, e].iter().fold(0_u32, |sum, &digit| sum * 10 + u32::from(digit));
        let (mut year, mut month) = (1900_u16, 1_u8);
        // 99,999 days are 273 years: the loops are short.
        loop {
            let in_month = u32::from(days_in(year, month));
            if days <= in_month {
                break;
            }
            days -= in_month;
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        let day = u8::try_from(days).ok().filter(|&day| day > 0)?;
        Some(BirthDate { year, month, day })
    }

    /// The sex: the ninth digit is even for women.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        let [.., ninth, _] = self.0;
        if ninth.is_multiple_of(2) { Sex::Female } else { Sex::Male }
    }

    fn check(self) -> CheckDigit {
        let [.., found] = self.0;
        CheckDigit::compare(modulo_11_10(weighted(&self.0, [-1, 5, 7, 9, 4, 6, 10, 5, 7])), found)
    }
}

impl FromStr for Rnokpp {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let (number, check) = Self::read(text)?;
        check.demand_right(NUMBER)?;
        Ok(number)
    }
}

impl fmt::Display for Rnokpp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, &self.0)
    }
}

impl fmt::Debug for Rnokpp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_masked(f, "Rnokpp", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn born(year: u16, month: u8, day: u8) -> Option<BirthDate> {
        Some(BirthDate { year, month, day })
    }

    #[test]
    fn good_numbers_tell_the_day_of_birth_and_the_sex() {
        let number: Rnokpp = "3656801869".parse().unwrap();
        assert_eq!((number.birth_date(), number.sex()), (born(2000, 2, 13), Sex::Female));
        let number: Rnokpp = "1759013776".parse().unwrap();
        assert_eq!((number.birth_date(), number.sex()), (born(1948, 2, 28), Sex::Male));
        assert_eq!(number.to_string(), "1759013776");
    }

    #[test]
    fn days_are_counted_from_the_end_of_1899() {
        for (first_five, expected) in [
            ("00000", None),
            ("00001", born(1900, 1, 1)),
            ("00031", born(1900, 1, 31)),
            ("00060", born(1900, 3, 1)), // 1900 was no leap year
            ("00365", born(1900, 12, 31)),
            ("36584", born(2000, 2, 29)),
            ("36585", born(2000, 3, 1)),
            ("99999", born(2173, 10, 14)),
        ] {
            let (number, _) = Rnokpp::read(&format!("{first_five}00000")).unwrap();
            assert_eq!(number.birth_date(), expected, "{first_five}");
        }
    }

    #[test]
    fn a_wrong_check_digit_is_read_leniently_and_refused_strictly() {
        let (number, check) = Rnokpp::read("3656801860").unwrap();
        assert_eq!(check, CheckDigit::Wrong { expected: 9, found: 0 });
        assert_eq!(number.birth_date(), born(2000, 2, 13));
        assert_eq!(
            "3656801860".parse::<Rnokpp>(),
            Err(InvalidNumber::CheckDigit { number: NUMBER, expected: 9, found: 0 })
        );
    }

    #[test]
    fn one_changed_digit_before_the_last_is_noticed() {
        let good = "3656801869";
        let (mut noticed, mut tried) = (0, 0);
        for at in 0..9 {
            for digit in b'0'..=b'9' {
                let mut changed = good.as_bytes().to_vec();
                if changed[at] == digit {
                    continue;
                }
                changed[at] = digit;
                tried += 1;
                noticed += i32::from(String::from_utf8(changed).unwrap().parse::<Rnokpp>().is_err());
            }
        }
        // Only the remainder 10, written as 0, can hide a change; the last digit here is 9, which no other one gives.
        assert_eq!(noticed, tried);
    }

    #[test]
    fn debug_shows_the_last_two_digits_only() {
        let number: Rnokpp = "3656801869".parse().unwrap();
        assert_eq!(format!("{number:?}"), "Rnokpp(********69)");
        assert!(!format!("{:?}", Rnokpp::read("3656801860")).contains("365680"));
    }
}
