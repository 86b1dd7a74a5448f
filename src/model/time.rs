//! Moments and Kyiv days.

use std::fmt;

pub use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Where `now` comes from: the system in the daemon, a given moment in a test.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A calendar day in Kyiv, printed as `2026-03-15`. Validity and reminders count in these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KyivDay(pub jiff::civil::Date);

impl KyivDay {
    /// The Kyiv day that holds the moment.
    #[must_use]
    pub fn of(moment: Timestamp) -> Self {
        Self(moment.to_zoned(kyiv()).date())
    }

    /// The moment when the day begins in Kyiv.
    ///
    /// Days at the very edge of the calendar (year 9999) begin at its last moment.
    #[must_use]
    pub fn begins(self) -> Timestamp {
        self.0.to_zoned(kyiv()).map_or(Timestamp::MAX, |start| start.timestamp())
    }

    /// The moment when the day is over: the beginning of the next one, itself outside the day.
    #[must_use]
    pub fn ends(self) -> Timestamp {
        self.plus(1).begins()
    }

    /// The day `days` later (earlier if negative), held within the calendar.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// The same day of the month `months` earlier, or that month's last day if it has no such day.
    #[must_use]
    pub fn months_before(self, months: u8) -> Self {
        Self(self.0.saturating_sub(jiff::Span::new().months(i64::from(months))))
    }

    /// The moment when the clocks of Kyiv show this hour of the day; its end if there is no such hour.
    #[must_use]
    pub fn at_hour(self, hour: u8) -> Timestamp {
        let clock = i8::try_from(hour).ok().and_then(|hour| jiff::civil::Time::new(hour, 0, 0, 0).ok());
        clock.map_or_else(
            || self.ends(),
            |clock| {
                self.0.to_datetime(clock).to_zoned(kyiv()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
            },
        )
    }

    /// Days from `self` until `later`; negative when `later` is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        self.0.until(later.0).map_or(0, |span| span.get_days())
    }

    /// The day as Ukrainians write it: `15.03.2026`.
    #[must_use]
    pub fn dotted(self) -> String {
        self.0.strftime("%d.%m.%Y").to_string()
    }
}

impl fmt::Display for KyivDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that is no day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a day of the calendar is expected, written year-month-day: 2026-03-01")]
pub struct InvalidDay;

impl std::str::FromStr for KyivDay {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        text.parse().map(Self).map_err(|_| InvalidDay)
    }
}

/// A moment as a Ukrainian reads it, to the second, in Kyiv: `15.03.2026 14:05:09`.
#[must_use]
pub fn in_kyiv(moment: Timestamp) -> String {
    moment.to_zoned(kyiv()).strftime("%d.%m.%Y %H:%M:%S").to_string()
}

/// The moment that clocks of Kyiv show as `2021-04-02T09:48:26`; of the two that an autumn night has, the one nearer to
/// `near`. None: the text is no such time.
#[must_use]
pub fn kyiv_moment(text: &str, near: Timestamp) -> Option<Timestamp> {
    // A day alone would be read as its midnight.
    let shown: jiff::civil::DateTime = text.contains('T').then(|| text.parse().ok())??;
    let zone = kyiv();
    let either = [zone.to_ambiguous_timestamp(shown).earlier(), zone.to_ambiguous_timestamp(shown).later()];
    either.into_iter().flatten().min_by_key(|moment| moment.duration_since(near).abs())
}

/// The zone, from the database compiled into the program: a machine without tzdata counts the same days.
fn kyiv() -> TimeZone {
    TimeZone::get("Europe/Kyiv").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_of_kyiv_is_a_moment_and_in_an_autumn_night_the_nearer_one() {
        let summer = moment("2021-04-02T06:48:26Z");
        assert_eq!(kyiv_moment("2021-04-02T09:48:26", moment("2030-01-01T00:00:00Z")), Some(summer));
        let (before, after) = (moment("2026-10-25T00:30:00Z"), moment("2026-10-25T01:30:00Z"));
        assert_eq!(kyiv_moment("2026-10-25T03:30:00", moment("2026-10-25T00:31:00Z")), Some(before));
        assert_eq!(kyiv_moment("2026-10-25T03:30:00", moment("2026-10-25T01:31:00Z")), Some(after));
        for bad in ["", "2021-04-02", "02.04.2021", "2021-13-02T09:48:26"] {
            assert_eq!(kyiv_moment(bad, summer), None, "{bad}");
        }
    }

    #[test]
    fn a_day_is_kyivs_not_utcs() {
        assert_eq!(KyivDay::of(moment("2026-03-14T22:30:00Z")).to_string(), "2026-03-15");
        assert_eq!(KyivDay::of(moment("2026-07-14T20:59:59Z")).to_string(), "2026-07-14");
        assert_eq!(KyivDay::of(moment("2026-07-14T21:00:00Z")).to_string(), "2026-07-15");
    }

    #[test]
    fn a_day_with_a_clock_change_still_ends_at_midnight() {
        let day: KyivDay = "2026-03-29".parse().unwrap();
        assert_eq!(day.begins(), moment("2026-03-28T22:00:00Z"));
        assert_eq!(day.ends(), moment("2026-03-29T21:00:00Z"));
    }

    #[test]
    fn an_hour_is_that_of_the_clocks_in_kyiv() {
        let at = |day: &str, hour| day.parse::<KyivDay>().unwrap().at_hour(hour);
        assert_eq!(at("2026-03-28", 8), moment("2026-03-28T06:00:00Z"));
        assert_eq!(at("2026-03-29", 8), moment("2026-03-29T05:00:00Z"), "summer time began at three");
        assert_eq!(at("2026-10-25", 8), moment("2026-10-25T06:00:00Z"), "and ended at four");
        assert_eq!(at("2026-03-29", 0), "2026-03-29".parse::<KyivDay>().unwrap().begins());
        assert_eq!(at("2026-03-29", 24), moment("2026-03-29T21:00:00Z"));
    }

    #[test]
    fn days_are_counted_on_the_calendar() {
        let first: KyivDay = "2026-01-01".parse().unwrap();
        assert_eq!(first.plus(179).to_string(), "2026-06-29");
        assert_eq!(first.days_until(first.plus(179)), 179);
        assert_eq!(first.plus(10).days_until(first), -10);
        assert_eq!(first.dotted(), "01.01.2026");
    }
}
