//! A letter and a visit → the one belongs to the other, exactly once: decided in the transaction that writes it.

use serde::Serialize;

use super::{VisitRefusal, by_id, offers, subject};
use crate::model::{FilingId, Timestamp, Visit, VisitId, VisitStanding, VisitState};
use crate::store::columns::value;
use crate::store::work::Work;
use crate::store::{Store, StoreError, audit};

impl Store {
    /// A clerk takes a letter that is offered to an open visit. Of two who try at once, one does.
    ///
    /// # Errors
    /// When the visit or the letter is not there, is claimed, over or closed, or the letter is not offered to it.
    pub async fn claim_letter(
        &self,
        id: VisitId,
        filing: FilingId,
        now: Timestamp,
    ) -> Result<Visit, StoreError> {
        let mut work = self.writing().await?;
        claim(&mut work, id, filing, now).await?;
        self.claim_relights(&mut work, id, filing, now).await?;
        let visit = by_id(&mut work, id).await?.ok_or(VisitRefusal::NoSuchVisit(id))?;
        work.commit().await?;
        Ok(visit)
    }
}

/// Claims a letter for a visit as a clerk does, within a transaction.
///
/// # Errors
/// As [`Store::claim_letter`].
async fn claim(work: &mut Work, id: VisitId, filing: FilingId, now: Timestamp) -> Result<(), StoreError> {
    let visit = by_id(work, id).await?.ok_or(VisitRefusal::NoSuchVisit(id))?;
    let letter = sqlx::query("SELECT id FROM filing WHERE id = $1").bind(filing.0);
    if work.maybe(letter).await?.is_none() {
        return Err(VisitRefusal::NoSuchLetter(filing).into());
    }
    if let Some((filing, _)) = visit.claimed {
        return Err(VisitRefusal::VisitHasLetter { visit: id, filing }.into());
    }
    match visit.state_at(now) {
        VisitState::Open => {}
        VisitState::Over => return Err(VisitRefusal::Over(id).into()),
        VisitState::Closed => return Err(VisitRefusal::Closed(id).into()),
    }
    if let Some(visit) = claimer(work, filing).await? {
        return Err(VisitRefusal::LetterHasVisit { filing, visit }.into());
    }
    if !offers::is_offered(work, &visit, filing).await? {
        return Err(VisitRefusal::NotOffered { filing, visit: id }.into());
    }
    // The transaction holds the database's only pen, so what was asked above still stands; the statement asks again all
    // the same, and the columns are unique.
    let take = sqlx::query(
        "UPDATE visit SET filing = $2, claimed_at = $3
         WHERE id = $1 AND filing IS NULL AND closed_at IS NULL AND until > $3
             AND NOT EXISTS (SELECT 1 FROM visit AS other WHERE other.filing = $2)",
    );
    if work.run(take.bind(id.0).bind(filing.0).bind(now.as_microsecond())).await? == 0 {
        return Err(VisitRefusal::Over(id).into());
    }
    note(work, id, filing, false, now).await
}

/// A letter that names a visit's one-time code and is complete takes it, if the letter was received before the visit was
/// over and no other one took it. Part of the transaction that files the letter, after its light is known; safe to repeat.
pub(in crate::store) async fn claim_by_code(
    work: &mut Work,
    id: VisitId,
    filing: FilingId,
    received_at: Timestamp,
    now: Timestamp,
) -> Result<VisitStanding, StoreError> {
    let standing = standing(work, id, filing, received_at).await?;
    // A clerk may have given the letter to another visit.
    if standing != VisitStanding::Waits || claimer(work, filing).await?.is_some() {
        return Ok(standing);
    }
    let take = sqlx::query("UPDATE visit SET filing = $2, claimed_at = $3 WHERE id = $1 AND filing IS NULL")
        .bind(id.0)
        .bind(filing.0)
        .bind(now.as_microsecond());
    if work.run(take).await? == 0 {
        return Ok(VisitStanding::Taken);
    }
    note(work, id, filing, true, now).await?;
    Ok(VisitStanding::Claimed)
}

/// How a letter stands to the visit whose one-time code it names.
pub(super) async fn standing(
    work: &mut Work,
    id: VisitId,
    filing: FilingId,
    received_at: Timestamp,
) -> Result<VisitStanding, StoreError> {
    let visit = by_id(work, id).await?.ok_or(VisitRefusal::NoSuchVisit(id))?;
    Ok(match visit.claimed {
        Some((claimed, _)) if claimed == filing => VisitStanding::Claimed,
        Some(_) => VisitStanding::Taken,
        None if received_at >= visit.ends_at() => VisitStanding::Over,
        None => VisitStanding::Waits,
    })
}

/// The visit that claimed a letter.
pub(super) async fn claimer(work: &mut Work, filing: FilingId) -> Result<Option<VisitId>, StoreError> {
    let visit = sqlx::query("SELECT id FROM visit WHERE filing = $1").bind(filing.0);
    work.maybe(visit).await?.map(|row| value(&row, "id").map(VisitId)).transpose()
}

#[derive(Serialize)]
struct Claimed {
    filing: FilingId,
    by_code: bool,
}

async fn note(
    work: &mut Work,
    id: VisitId,
    filing: FilingId,
    by_code: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    audit::note(work, now, "visit.claimed", &subject(id), &Claimed { filing, by_code }).await
}
