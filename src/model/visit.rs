//! A person at the counter whose letter a clerk waits for.

use serde::{Deserialize, Serialize};

use super::{BranchId, CodeId, FilingId, FilingRow, ServiceId, Timestamp, Token, VisitId};

/// A visit: a clerk of a branch expects a letter of one service's documents.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// Its number.
    pub id: VisitId,
    /// The branch.
    pub branch: BranchId,
    /// What the person came for.
    pub service: ServiceId,
    /// Who is expected, as the clerk typed it; empty: anybody. Personal.
    pub name: String,
    /// The person's РНОКПП, where it was given. Personal.
    pub rnokpp: Option<String>,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it is over by itself.
    pub until: Timestamp,
    /// When it was closed, if it was.
    pub closed_at: Option<Timestamp>,
    /// Its one-time code.
    pub code: Option<VisitCode>,
    /// The letter that it claimed, and when.
    pub claimed: Option<(FilingId, Timestamp)>,
}

/// The one-time code of a visit, for a screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VisitCode {
    /// The token in the subject of its letter.
    pub token: Token,
    /// What a scanner reads: a `mailto:` link.
    pub payload: String,
    /// The code whose standing session its letter answers.
    pub code: CodeId,
}

/// A visit to be opened; the store gives it its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewVisit {
    /// The branch.
    pub branch: BranchId,
    /// What the person came for.
    pub service: ServiceId,
    /// Who is expected; empty: anybody.
    pub name: String,
    /// The person's РНОКПП.
    pub rnokpp: Option<String>,
    /// When it is over by itself.
    pub until: Timestamp,
    /// Token and payload of its one-time code.
    pub code: Option<(Token, String)>,
}

/// What a visit is at a given moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    /// Letters that come now are offered to it.
    Open,
    /// Its time is up.
    Over,
    /// A clerk closed it.
    Closed,
}

impl Visit {
    /// When it is, or will be, over: its own end, or its closing before that.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        self.closed_at.map_or(self.until, |closed| closed.min(self.until))
    }

    /// What it is at `moment`.
    #[must_use]
    pub fn state_at(&self, moment: Timestamp) -> VisitState {
        if self.closed_at.is_some_and(|closed| closed <= moment) {
            VisitState::Closed
        } else if self.until <= moment {
            VisitState::Over
        } else {
            VisitState::Open
        }
    }
}

/// A letter that a visit may claim, or has claimed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// The letter.
    pub row: FilingRow,
    /// Whose documents these are, as the copies say, each once. Personal.
    pub holders: Vec<String>,
}

/// A visit's token, for matching letters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownVisit {
    /// The visit.
    pub visit: VisitId,
    /// Its token.
    pub token: Token,
    /// The code whose standing session its letter answers.
    pub code: CodeId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_open_until_its_time_is_up_or_it_is_closed() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let mut visit = Visit {
            id: VisitId(1),
            branch: "cnap".parse().unwrap(),
            service: "admin".parse().unwrap(),
            name: String::new(),
            rnokpp: None,
            opened_at: at("2026-03-15T10:00:00Z"),
            until: at("2026-03-15T10:15:00Z"),
            closed_at: None,
            code: None,
            claimed: None,
        };
        assert_eq!(visit.state_at(at("2026-03-15T10:14:59Z")), VisitState::Open);
        assert_eq!(visit.state_at(at("2026-03-15T10:15:00Z")), VisitState::Over);
        visit.closed_at = Some(at("2026-03-15T10:05:00Z"));
        assert_eq!(visit.state_at(at("2026-03-15T10:04:59Z")), VisitState::Open);
        assert_eq!(visit.state_at(at("2026-03-15T10:05:00Z")), VisitState::Closed);
        assert_eq!(visit.ends_at(), at("2026-03-15T10:05:00Z"));
        visit.closed_at = Some(at("2026-03-15T11:00:00Z"));
        assert_eq!(visit.ends_at(), visit.until, "closing it later does not make it longer");
    }
}
