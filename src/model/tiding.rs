//! What people are told of besides codes that end: verdicts that changed, anchors of trust that end.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    BranchId, ClaimedMail, CodeId, Digest, DocumentCode, FilingId, Indication, KyivDay, MailAddress,
    MailFate, MailboxId, Rung, SubIndication, Timestamp,
};

/// What is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TidingKind {
    /// The verdict on a letter changed.
    Verdict,
    /// An anchor of trust ends.
    Anchor,
}

/// The text is no kind of tiding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of tiding")]
pub struct InvalidTidingKind(pub String);

impl TidingKind {
    /// Its word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Anchor => "anchor",
        }
    }
}

impl fmt::Display for TidingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for TidingKind {
    type Err = InvalidTidingKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = [Self::Verdict, Self::Anchor].into_iter();
        all.find(|kind| kind.word() == text).ok_or_else(|| InvalidTidingKind(text.to_owned()))
    }
}

/// What became of the verdict on one signed part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PartChange {
    /// The place of its signature among the letter's attachments.
    pub part: usize,
    /// What it was.
    pub before: Indication,
    /// What it is.
    pub now: Indication,
    /// Why, where it did not pass.
    pub why: Option<SubIndication>,
}

impl PartChange {
    /// Whether something that was thought better is worse now.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.now > self.before
    }

    /// Whether people are told: it is worse, or it was undecided and is decided.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.is_worse() || (self.before == Indication::Indeterminate && self.now != Indication::Indeterminate)
    }
}

/// A letter whose verdict changed, with nothing of its sender or content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct VerdictChange {
    /// The change's number in the store.
    pub id: i64,
    /// The letter's number.
    pub filing: FilingId,
    /// Where the letter came in.
    pub mailbox: MailboxId,
    /// Whose it is, where known.
    pub branch: Option<BranchId>,
    /// That branch's name, where known.
    pub branch_name: Option<String>,
    /// The code that it answers, where known.
    pub code: Option<CodeId>,
    /// Its kinds of documents, as far as they are known.
    pub documents: Vec<DocumentCode>,
    /// When the verdict changed.
    pub changed_at: Timestamp,
    /// What changed; at least one.
    pub parts: Vec<PartChange>,
}

impl VerdictChange {
    /// Whether any part of it is worse now.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        self.parts.iter().any(PartChange::is_worse)
    }
}

/// What a certificate in the trust folder is there for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorRole {
    /// Every path of certificates may end at it.
    Authority,
    /// Paths of time-stamps may.
    TimeStamps,
    /// It may sign trusted lists.
    ListSigner,
}

/// A certificate of the trust folder that comes to its end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EndingAnchor {
    /// Which.
    pub fingerprint: Digest,
    /// Whose, as its subject says.
    pub subject: String,
    /// What for.
    pub role: AnchorRole,
    /// The trusted list that names it; none where the operator put it there.
    pub list: Option<String>,
    /// Its last day.
    pub until: KyivDay,
    /// Days from today until then; negative when it is over.
    pub days_left: i32,
    /// The step of the ladder that it has reached.
    pub rung: Rung,
}

impl EndingAnchor {
    /// What it is claimed by: this step of this certificate.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.fingerprint, self.rung)
    }
}

/// Something that one person is to be told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DueTiding {
    /// What kind.
    pub kind: TidingKind,
    /// Which: unique within its kind.
    pub key: String,
    /// Whom.
    pub recipient: MailAddress,
}

/// A mail with tidings of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TidingMail {
    /// The mail; it has no notices.
    pub mail: ClaimedMail,
    /// Of what kind its tidings are.
    pub kind: TidingKind,
}

/// What became of a tiding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TidingRow {
    /// What kind.
    pub kind: TidingKind,
    /// Which.
    pub key: String,
    /// The letter, where it is about one.
    pub filing: Option<FilingId>,
    /// For whom.
    pub recipient: MailAddress,
    /// What became of its mail.
    #[serde(flatten)]
    pub fate: MailFate,
}

#[cfg(test)]
mod tests {
    use super::*;
    use Indication::{Indeterminate, TotalFailed, TotalPassed};

    #[test]
    fn people_are_told_of_what_is_worse_and_of_what_is_decided_and_of_nothing_else() {
        let told = |before, now| PartChange { part: 1, before, now, why: None }.is_told();
        for (before, now) in [
            (TotalPassed, Indeterminate),
            (TotalPassed, TotalFailed),
            (Indeterminate, TotalFailed),
            (Indeterminate, TotalPassed),
        ] {
            assert!(told(before, now), "{before:?} {now:?}");
        }
        for (before, now) in [
            (TotalPassed, TotalPassed),
            (Indeterminate, Indeterminate),
            (TotalFailed, TotalFailed),
            (TotalFailed, Indeterminate),
            (TotalFailed, TotalPassed),
        ] {
            assert!(!told(before, now), "{before:?} {now:?}");
        }
    }

    #[test]
    fn a_kind_reads_as_it_is_written() {
        for kind in [TidingKind::Verdict, TidingKind::Anchor] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("code".parse::<TidingKind>().is_err());
    }
}
