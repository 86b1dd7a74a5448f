//! Notices of codes that come to their end: when one is due, to whom, and what became of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BranchId, CodeId, DocumentCode, Head, KyivDay, MailAddress, ServiceId, Timestamp};

/// One step of the ladder: how long before a code's last day it is reminded of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Rung {
    /// Calendar months; a day that the month does not have is its last one.
    Months(u8),
    /// Days; 0 is the last day itself.
    Days(u16),
}

/// The text is not a rung.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a step of the ladder: a number and `m` or `d`, for example `3m` or `14d`")]
pub struct InvalidRung(pub String);

impl Rung {
    /// The day on which a code with this last day is reminded of.
    #[must_use]
    pub fn day(self, valid_until: KyivDay) -> KyivDay {
        match self {
            Self::Months(months) => valid_until.months_before(months),
            Self::Days(days) => valid_until.plus(-i32::from(days)),
        }
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Months(months) => write!(f, "{months}m"),
            Self::Days(days) => write!(f, "{days}d"),
        }
    }
}

impl FromStr for Rung {
    type Err = InvalidRung;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let months = text.strip_suffix('m').and_then(|number| number.parse().ok()).map(Self::Months);
        let days = || text.strip_suffix('d').and_then(|number| number.parse().ok()).map(Self::Days);
        months.or_else(days).ok_or_else(|| InvalidRung(text.to_owned()))
    }
}

impl TryFrom<String> for Rung {
    type Error = InvalidRung;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Rung> for String {
    fn from(rung: Rung) -> Self {
        rung.to_string()
    }
}

/// When a code is reminded of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ladder {
    /// The steps, in any order, without repeats.
    pub rungs: Vec<Rung>,
    /// From which hour of its day on a step is due, in Kyiv: nobody is to be written to at midnight. 0 to 23.
    pub from_hour: u8,
}

impl Default for Ladder {
    /// Three calendar months (authorities ask for a new code when less remains), then ever closer; from eight o'clock.
    fn default() -> Self {
        let days = [30, 14, 7, 3, 1, 0].map(Rung::Days);
        Self { rungs: [Rung::Months(3)].into_iter().chain(days).collect(), from_hour: 8 }
    }
}

/// A code of which somebody is to be reminded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DueCode {
    /// The code.
    pub code: CodeId,
    /// The most urgent of the steps that it has reached: the one to be sent.
    pub rung: Rung,
    /// The steps before it: whoever did not get them will not get them any more.
    pub passed: Vec<Rung>,
    /// A newer code that does the same for longer: then only the poster must be changed.
    pub replaced_by: Option<CodeId>,
}

/// A notice that is due: one step of one code for one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DueNotice {
    /// Who is to be reminded.
    pub recipient: MailAddress,
    /// Of which code.
    pub code: CodeId,
    /// Which step.
    pub rung: Rung,
    /// The steps before it, which are passed over if they were not delivered.
    pub passed: Vec<Rung>,
}

/// A mail that is ours to send: nobody else does before `not_before`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClaimedMail {
    /// Its number in the store.
    pub id: i64,
    /// Its Message-ID, the same each time that it is tried.
    pub message_id: String,
    /// Whom it goes to.
    pub recipient: MailAddress,
    /// What it reminds of.
    pub notices: Vec<(CodeId, Rung)>,
    /// How often it was handed to a server before.
    pub attempts: u32,
    /// Whether one of those tries may have reached the recipient: it ended without an answer.
    pub unclear: bool,
    /// Until when it is ours.
    pub not_before: Timestamp,
}

/// What became of a notice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NoticeRow {
    /// Of which code.
    pub code: CodeId,
    /// Which step.
    pub rung: Rung,
    /// For whom.
    pub recipient: MailAddress,
    /// What became of its mail.
    #[serde(flatten)]
    pub fate: MailFate,
}

/// What became of one thing that a mail tells somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MailFate {
    /// When it was decided to tell it, or to pass it over.
    pub claimed_at: Timestamp,
    /// When it was given up for something more urgent, or because nothing was left to tell.
    pub passed_over_at: Option<Timestamp>,
    /// When its mail was first handed to the server.
    pub fired_at: Option<Timestamp>,
    /// When the server took its mail.
    pub delivered_at: Option<Timestamp>,
    /// How often its mail was handed to the server.
    pub attempts: u32,
    /// Why the last try failed, if it did.
    pub failure: Option<String>,
    /// When its mail is tried again, if it is not delivered.
    pub not_before: Option<Timestamp>,
}

/// What a mail says of one code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reminder {
    /// The code's number.
    pub code: CodeId,
    /// Whether it was made in the Дія cabinet; else it is our own.
    pub registered: bool,
    /// Where it hangs.
    pub branch: BranchId,
    /// That branch's name.
    pub branch_name: String,
    /// And its address.
    pub address: String,
    /// Whose branch it is.
    pub organisation: String,
    /// Who renews registered codes.
    pub head: Head,
    /// What for: key and purpose.
    pub services: Vec<(ServiceId, String)>,
    /// The documents it asks for.
    pub documents: Vec<DocumentCode>,
    /// Its last valid day.
    pub valid_until: KyivDay,
    /// Days from today until then; 0 on the last day, negative when it is over.
    pub days_left: i32,
    /// The newer code that does the same, with its last day.
    pub replaced_by: Option<(CodeId, KyivDay)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rung_reads_as_it_is_written() {
        for rung in [Rung::Months(3), Rung::Days(0), Rung::Days(366)] {
            assert_eq!(rung.to_string().parse::<Rung>(), Ok(rung));
        }
        for bad in ["", "3", "m", "-1d", "256m", "3 m", "3y"] {
            assert!(bad.parse::<Rung>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_day_of_a_rung_is_counted_on_the_calendar() {
        for (until, rung, expected) in [
            ("2027-05-20", Rung::Months(3), "2027-02-20"),
            ("2027-05-31", Rung::Months(3), "2027-02-28"),
            ("2028-05-31", Rung::Months(3), "2028-02-29"),
            ("2028-05-29", Rung::Months(3), "2028-02-29"),
            ("2027-01-15", Rung::Months(3), "2026-10-15"),
            ("2028-03-14", Rung::Days(14), "2028-02-29"),
            ("2027-03-14", Rung::Days(14), "2027-02-28"),
            ("2026-03-30", Rung::Days(1), "2026-03-29"),
            ("2026-10-26", Rung::Days(1), "2026-10-25"),
            ("2027-05-20", Rung::Days(0), "2027-05-20"),
        ] {
            assert_eq!(rung.day(until.parse().unwrap()).to_string(), expected, "{rung} before {until}");
        }
    }
}
