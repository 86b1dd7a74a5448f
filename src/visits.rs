//! A branch, a service and who is expected → an open visit; the letters that came for it, with whom they name.

use crate::model::{Branch, BranchId, NewVisit, Offer, ServiceId, Timestamp, Visit, VisitId};
use crate::qr::{self, QrError};
use crate::store::{Store, StoreError, VisitRefusal};

/// Minutes that a visit may last at most: a working day.
pub const MINUTES_MAX: u32 = 12 * 60;

/// Characters of a name; the longest in documents have some sixty.
const NAME_CHARS_MAX: usize = 200;

/// How often another token is drawn where the first is in use: of sixty random bits that never happens by chance.
const DRAWS_MAX: usize = 3;

/// What a clerk says of a visit.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The branch.
    pub branch: BranchId,
    /// What the person came for.
    pub service: ServiceId,
    /// Who is expected, as typed; empty: anybody.
    pub name: String,
    /// The person's РНОКПП, as typed.
    pub rnokpp: Option<String>,
    /// How long it lasts.
    pub minutes: u32,
    /// Whether it gets a one-time code.
    pub code: bool,
}

/// A visit that was opened, and what should be known of it.
#[derive(Debug)]
pub struct Opened {
    /// The visit.
    pub visit: Visit,
    /// Its one-time code as a picture (SVG) and as text for a terminal.
    pub pictures: Option<(String, String)>,
    /// Sentences for the person who opened it. They repeat nothing personal.
    pub warnings: Vec<String>,
}

/// A visit with the letters that it may claim, or the one that it claimed.
#[derive(Debug)]
pub struct Listed {
    /// The visit.
    pub visit: Visit,
    /// The letters, newest first.
    pub letters: Vec<Offer>,
}

/// Why no visit was opened.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// What was typed cannot be a visit.
    #[error("{0}")]
    Refused(String),
    /// The mailbox's address does not fit in a code.
    #[error(transparent)]
    Code(#[from] QrError),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens a visit.
///
/// # Errors
/// When the branch or service is missing or not offered there, when a one-time code is wanted and no live code of the branch is
/// for the service, when a value cannot be used, or the store fails.
pub async fn open(
    store: &Store,
    wanted: &Wanted,
    random: &mut dyn FnMut(&mut [u8]),
    now: Timestamp,
) -> Result<Opened, VisitError> {
    let mut warnings = Vec::new();
    let mut new = NewVisit {
        branch: wanted.branch.clone(),
        service: wanted.service.clone(),
        name: name(&wanted.name)?,
        rnokpp: wanted.rnokpp.as_deref().map(|text| rnokpp(text, &mut warnings)).transpose()?,
        until: end(wanted.minutes, now)?,
        code: None,
    };
    if !wanted.code {
        let visit = store.open_visit(&new, now).await?;
        return Ok(Opened { visit, pictures: None, warnings });
    }
    let registry = store.registry().await?;
    let branch = registry.branches.iter().find(|branch| branch.id == wanted.branch);
    let branch: &Branch = branch.ok_or_else(|| StoreError::NoSuchBranch(wanted.branch.clone()))?;
    let mut draws = 0;
    let visit = loop {
        draws += 1;
        let token = qr::make_token(random);
        new.code = Some((token, qr::own_payload(&branch.mailbox, token)?));
        match store.open_visit(&new, now).await {
            Err(StoreError::Visit(VisitRefusal::TokenTaken)) if draws < DRAWS_MAX => {}
            opened => break opened?,
        }
    };
    let payload = visit.code.as_ref().map(|code| code.payload.clone()).unwrap_or_default();
    let pictures = Some((qr::picture_of(&payload)?, qr::text_of(&payload)?));
    Ok(Opened { visit, pictures, warnings })
}

/// The visits of a list with their letters.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(
    store: &Store,
    branch: Option<&BranchId>,
    all: bool,
    now: Timestamp,
) -> Result<Vec<Listed>, StoreError> {
    let mut listed = Vec::new();
    for visit in store.visits(branch, all, now).await? {
        let letters = store.offers(&visit).await?;
        listed.push(Listed { visit, letters });
    }
    Ok(listed)
}

/// One visit with its letters.
///
/// # Errors
/// When there is no such visit, or the store cannot be read.
pub async fn one(store: &Store, id: VisitId) -> Result<Listed, StoreError> {
    let visit = store.visit(id).await?.ok_or(VisitRefusal::NoSuchVisit(id))?;
    let letters = store.offers(&visit).await?;
    Ok(Listed { visit, letters })
}

fn name(typed: &str) -> Result<String, VisitError> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let refused = |why: &str| {
        Err(VisitError::Refused(format!("{why}; give --name as documents have it, or leave it out")))
    };
    if name.chars().count() > NAME_CHARS_MAX {
        return refused("this name is too long");
    }
    if name.chars().any(char::is_control) || (!name.is_empty() && ukr::words(&name).is_empty()) {
        return refused("this is no name");
    }
    Ok(name)
}

/// The digits of a РНОКПП; one whose check digit is wrong is kept and warned of, because official test documents have such.
fn rnokpp(typed: &str, warnings: &mut Vec<String>) -> Result<String, VisitError> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (number, check) =
        ukr::Rnokpp::read(&digits).map_err(|fault| VisitError::Refused(format!("--rnokpp: {fault}")))?;
    if !check.is_right() {
        warnings
            .push("the check digit of this РНОКПП is wrong: compare it with what the person says".to_owned());
    }
    Ok(number.to_string())
}

fn end(minutes: u32, now: Timestamp) -> Result<Timestamp, VisitError> {
    if !(1..=MINUTES_MAX).contains(&minutes) {
        return Err(VisitError::Refused(format!("a visit lasts from 1 to {MINUTES_MAX} minutes")));
    }
    let lasts = jiff::SignedDuration::from_mins(i64::from(minutes));
    now.checked_add(lasts).map_err(|_| VisitError::Refused("a visit must end within the calendar".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_clerk_typed_is_cleaned_or_refused() {
        assert_eq!(name("  Зразкова \t Надія ").unwrap(), "Зразкова Надія");
        assert_eq!(name("").unwrap(), "");
        for bad in ["…", "\u{7}Надія", &"я".repeat(201)] {
            assert!(name(bad).is_err(), "{bad}");
        }
        let mut warnings = Vec::new();
        assert_eq!(rnokpp("3656 801869", &mut warnings).unwrap(), "3656801869");
        assert!(warnings.is_empty());
        assert_eq!(rnokpp("3656801860", &mut warnings).unwrap(), "3656801860");
        assert_eq!(warnings.len(), 1);
        assert!(!warnings.concat().contains("36568"), "{warnings:?}");
        let fault = rnokpp("36568", &mut warnings).unwrap_err().to_string();
        assert!(fault.contains("10 digits") && !fault.contains("36568"), "{fault}");
        let now: Timestamp = "2026-03-15T10:00:00Z".parse().unwrap();
        assert_eq!(end(15, now).unwrap(), "2026-03-15T10:15:00Z".parse().unwrap());
        assert!(end(0, now).is_err() && end(MINUTES_MAX + 1, now).is_err());
    }
}
