//! UTCTime and GeneralizedTime → a moment.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::tlv::{self, Element, Malformed};
use crate::model::Timestamp;

/// ```asn1
/// Time ::= CHOICE {
///     utcTime      UTCTime,            -- YYMMDDHHMMSSZ, years 1950 to 2049
///     generalTime  GeneralizedTime }   -- YYYYMMDDHHMMSSZ
/// ```
/// RFC 5280 §4.1.2.5, RFC 5652 §11.3: in seconds and in Greenwich time, nothing else. Moments after the end of our
/// calendar (`99991231235959Z`, «never ends») become its last moment.
pub(super) fn read(element: &Element<'_>) -> Result<Timestamp, Malformed> {
    let fault = element.malformed("a time as YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ");
    moment(element.tag, element.content, fault)
}

fn moment(tag: u8, text: &[u8], fault: Malformed) -> Result<Timestamp, Malformed> {
    let digits = text.strip_suffix(b"Z").ok_or(fault)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(fault);
    }
    let (year, rest) = match (tag, digits.len()) {
        (tlv::UTC_TIME, 12) => {
            let (year, rest) = digits.split_at_checked(2).ok_or(fault)?;
            let year = number(year);
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        (tlv::GENERALIZED_TIME, 14) => {
            let (year, rest) = digits.split_at_checked(4).ok_or(fault)?;
            (number(year), rest)
        }
        _ => return Err(fault),
    };
    let mut pairs = rest.chunks_exact(2).map(|pair| i8::try_from(number(pair)).unwrap_or(i8::MAX));
    let mut pair = || pairs.next().ok_or(fault);
    let moment = DateTime::new(year, pair()?, pair()?, pair()?, pair()?, pair()?, 0).map_err(|_| fault)?;
    Ok(moment.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp()))
}

/// A GeneralizedTime of a time-stamp, `YYYYMMDDHHMMSS[.s…]Z`: fractions of a second, to nine digits (RFC 3161 §2.4.2).
/// Trailing zeros are against DER and change nothing, so they are read.
pub(super) fn read_fractional(element: &Element<'_>) -> Result<Timestamp, Malformed> {
    let fault = element.malformed("a time as YYYYMMDDHHMMSS.sZ");
    let Some(dot) = element.content.iter().position(|octet| *octet == b'.') else { return read(element) };
    let (seconds, fraction) = element.content.split_at_checked(dot).ok_or(fault)?;
    let fraction = fraction.get(1..).and_then(|rest| rest.strip_suffix(b"Z")).ok_or(fault)?;
    if fraction.is_empty() || fraction.len() > 9 || !fraction.iter().all(u8::is_ascii_digit) {
        return Err(fault);
    }
    let nanoseconds = fraction.iter().chain([b'0'; 9].iter()).take(9);
    let nanoseconds = nanoseconds.fold(0i64, |number, digit| number * 10 + i64::from(digit - b'0'));
    let whole = [seconds, b"Z"].concat();
    let whole = moment(element.tag, &whole, fault)?;
    whole.checked_add(SignedDuration::from_nanos(nanoseconds)).map_err(|_| fault)
}

/// At most four decimal digits.
fn number(digits: &[u8]) -> i16 {
    digits.iter().fold(0, |number, digit| number * 10 + i16::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::tlv::{Reader, Rules};

    fn moment_of(tag: u8, text: &str) -> Result<Timestamp, Malformed> {
        let bytes = [&[tag, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        read(&Reader::new(&bytes, 0, Rules::Der).any("a time").unwrap())
    }

    #[track_caller]
    fn is(tag: u8, text: &str, expected: &str) {
        assert_eq!(moment_of(tag, text), Ok(expected.parse().unwrap()), "{text}");
    }

    #[test]
    fn two_digit_years_turn_at_1950() {
        is(tlv::UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z");
        is(tlv::UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z");
        is(tlv::GENERALIZED_TIME, "20500101000000Z", "2050-01-01T00:00:00Z");
    }

    #[test]
    fn a_certificate_that_never_ends_ends_at_the_last_moment_of_the_calendar() {
        assert_eq!(moment_of(tlv::GENERALIZED_TIME, "99991231235959Z"), Ok(Timestamp::MAX));
    }

    #[test]
    fn a_time_stamp_tells_fractions_of_a_second() {
        let moment = |text: &str| {
            let bytes =
                [&[tlv::GENERALIZED_TIME, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
            read_fractional(&Reader::new(&bytes, 0, Rules::Der).any("a time").unwrap())
        };
        let is =
            |text: &str, expected: &str| assert_eq!(moment(text), Ok(expected.parse().unwrap()), "{text}");
        is("20260101000000Z", "2026-01-01T00:00:00Z");
        is("20260101000000.5Z", "2026-01-01T00:00:00.5Z");
        is("20260101000000.123456789Z", "2026-01-01T00:00:00.123456789Z");
        for text in
            ["20260101000000.Z", "20260101000000.5", "20260101000000.1234567890Z", "20260101000000.aZ", ".5Z"]
        {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "260101000000",
            "2601010000Z",
            "260101000000+0200",
            "261301000000Z",
            "260230000000Z",
            "26010100000aZ",
        ] {
            assert!(moment_of(tlv::UTC_TIME, text).is_err(), "{text}");
        }
        for text in ["20260101000000.5Z", "260101000000Z", "20260101000000"] {
            assert!(moment_of(tlv::GENERALIZED_TIME, text).is_err(), "{text}");
        }
        assert!(moment_of(tlv::UTF8_STRING, "20260101000000Z").is_err());
    }
}
