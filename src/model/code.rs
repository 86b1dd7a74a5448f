//! Issued codes and the sessions that letters answer.

use serde::{Deserialize, Serialize};

use super::{BranchId, CodeId, DocumentCode, KyivDay, ServiceId, SessionId, Timestamp, Token};

/// A QR code on a poster: one branch, one document list, a term of validity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QrCode {
    /// Its number.
    pub id: CodeId,
    /// Who made it, and so what it can carry.
    pub kind: CodeKind,
    /// Where it hangs.
    pub branch: BranchId,
    /// What for; several services may share a code when their document lists are the same.
    pub services: Vec<ServiceId>,
    /// The documents it asks for, as they were when it was made.
    pub documents: Vec<DocumentCode>,
    /// What a scanner reads: a `https://diia.app/…` link or a `mailto:` link.
    pub payload: String,
    /// The day of issue, the first valid one.
    pub issued_on: KyivDay,
    /// The last valid day, valid to its end.
    pub valid_until: KyivDay,
    /// When it was taken out of use before its time, if it was.
    pub retired_at: Option<Timestamp>,
}

/// The two kinds of code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeKind {
    /// Made in the Дія cabinet, scanned inside the Дія app: its letters carry nothing of ours.
    Registered,
    /// Ours, read by any phone camera: its letters carry the token.
    Own {
        /// The token in the subject.
        token: Token,
    },
}

/// A code to be issued; the store gives it its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCode {
    /// Who made it, with the token of an own one.
    pub kind: CodeKind,
    /// Where it will hang.
    pub branch: BranchId,
    /// What for, at least one.
    pub services: Vec<ServiceId>,
    /// The documents it asks for, at least one.
    pub documents: Vec<DocumentCode>,
    /// What a scanner reads.
    pub payload: String,
    /// The first valid day.
    pub issued_on: KyivDay,
    /// The last valid day.
    pub valid_until: KyivDay,
}

/// A code that has just been issued.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IssuedCode {
    /// The code.
    pub code: QrCode,
    /// Its standing session.
    pub session: Session,
    /// Other codes of the same branch with the same documents that are not over yet, oldest first: letters without a
    /// token will be ambiguous between them.
    pub also_live: Vec<QrCode>,
}

/// What a code is at a given moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    /// Issued for a later day.
    NotYetValid,
    /// In use.
    Live,
    /// Its last day is over.
    Expired,
    /// Taken out of use.
    Retired,
}

impl QrCode {
    /// What the code is at `moment`. A code retired later than `moment` was still live then.
    #[must_use]
    pub fn state_at(&self, moment: Timestamp) -> CodeState {
        if self.retired_at.is_some_and(|retired| retired <= moment) {
            CodeState::Retired
        } else if moment < self.issued_on.begins() {
            CodeState::NotYetValid
        } else if moment >= self.valid_until.ends() {
            CodeState::Expired
        } else {
            CodeState::Live
        }
    }

    /// The token, if it has one.
    #[must_use]
    pub const fn token(&self) -> Option<Token> {
        match self.kind {
            CodeKind::Own { token } => Some(token),
            CodeKind::Registered => None,
        }
    }
}

/// An expectation that a letter can answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// The code it belongs to.
    pub code: CodeId,
    /// What sort of expectation.
    pub kind: SessionKind,
}

/// What sort of expectation a session is. Visits, which open short sessions, come later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// The code's own: as long as the code is valid.
    Standing,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> QrCode {
        QrCode {
            id: CodeId(1),
            kind: CodeKind::Registered,
            branch: "cnap".parse().unwrap(),
            services: vec![],
            documents: vec![],
            payload: String::new(),
            issued_on: "2026-01-01".parse().unwrap(),
            valid_until: "2026-06-29".parse().unwrap(),
            retired_at: None,
        }
    }

    #[track_caller]
    fn state(code: &QrCode, moment: &str, expected: CodeState) {
        assert_eq!(code.state_at(moment.parse().unwrap()), expected, "at {moment}");
    }

    #[test]
    fn the_day_of_issue_is_the_first_and_the_last_day_is_valid_to_its_end_in_kyiv() {
        let code = code();
        state(&code, "2025-12-31T21:59:59Z", CodeState::NotYetValid);
        state(&code, "2025-12-31T22:00:00Z", CodeState::Live);
        state(&code, "2026-06-29T20:59:59Z", CodeState::Live);
        state(&code, "2026-06-29T21:00:00Z", CodeState::Expired);
    }

    #[test]
    fn a_retired_code_was_live_before_it_was_retired() {
        let code = QrCode { retired_at: Some("2026-03-01T10:00:00Z".parse().unwrap()), ..code() };
        state(&code, "2026-03-01T09:59:59Z", CodeState::Live);
        state(&code, "2026-03-01T10:00:00Z", CodeState::Retired);
    }
}
