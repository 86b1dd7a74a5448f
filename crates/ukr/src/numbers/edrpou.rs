//! ЄДРПОУ: the number of a legal entity in the state register.

use std::fmt;
use std::str::FromStr;

use super::{CheckDigit, InvalidNumber, digits, modulo_11_10, weighted, write_digits};

const NUMBER: &str = "ЄДРПОУ";

/// The number of a legal entity: 8 digits, the last one a check digit. It is public, so it prints whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edrpou([u8; 8]);

impl Edrpou {
    /// The number, whatever its check digit, and whether that is right. Spaces around it are ignored.
    ///
    /// # Errors
    /// When the text is not 8 digits.
    pub fn read(text: &str) -> Result<(Self, CheckDigit), InvalidNumber> {
        let number = Self(digits(NUMBER, text)?);
        Ok((number, number.check()))
    }

    fn check(self) -> CheckDigit {
        let [first, .., found] = self.0;
        let weights = if matches!(first, 3..=5) { [7, 1, 2, 3, 4, 5, 6] } else { [1, 2, 3, 4, 5, 6, 7] };
        let mut sum = weighted(&self.0, weights);
        if sum % 11 == 10 {
            sum = weighted(&self.0, weights.map(|weight| weight + 2));
        }
        CheckDigit::compare(modulo_11_10(sum), found)
    }
}

impl FromStr for Edrpou {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let (number, check) = Self::read(text)?;
        check.demand_right(NUMBER)?;
        Ok(number)
    }
}

impl fmt::Display for Edrpou {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, &self.0)
    }
}

impl fmt::Debug for Edrpou {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Edrpou({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_numbers_are_right() {
        for good in ["43395033", "43220851", "14360570", " 14360570\n"] {
            assert_eq!(good.parse::<Edrpou>().unwrap().to_string(), good.trim());
        }
    }

    #[test]
    fn every_other_last_digit_is_wrong_and_the_error_says_the_right_one() {
        for wrong in (0..=9).filter(|&digit| digit != 3) {
            let error = format!("4339503{wrong}").parse::<Edrpou>().unwrap_err();
            assert_eq!(error, InvalidNumber::CheckDigit { number: NUMBER, expected: 3, found: wrong });
        }
        let said = "43395034".parse::<Edrpou>().unwrap_err().to_string();
        assert!(said.contains("should be 3, here is 4"), "{said}");
    }

    /// Computed apart from this code: the first weights leave 10, the second ones 4, 2, and 10 again, which counts as 0.
    #[test]
    fn a_remainder_of_ten_takes_the_second_weights() {
        for good in ["76317064", "38675652", "11131870"] {
            assert!(good.parse::<Edrpou>().is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_not_eight_digits_is_said_so() {
        assert_eq!(
            "1234567".parse::<Edrpou>(),
            Err(InvalidNumber::Length { number: NUMBER, expected: 8, found: 7 })
        );
        assert_eq!(
            "123456789".parse::<Edrpou>(),
            Err(InvalidNumber::Length { number: NUMBER, expected: 8, found: 9 })
        );
        assert_eq!(
            "1234-567".parse::<Edrpou>(),
            Err(InvalidNumber::NotADigit { number: NUMBER, found: '-', place: 5 })
        );
        assert!("".parse::<Edrpou>().is_err());
    }
}
