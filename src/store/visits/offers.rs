//! Visits and letters → which letters a visit may claim, and what a letter's light has to know of its visit.

use std::collections::BTreeMap;

use super::claim::{claimer, standing};
use super::{VisitRefusal, by_id};
use crate::model::{FilingId, FilingRow, Offer, Visit, VisitFacts, VisitId, VisitStanding};
use crate::store::columns::{as_json, moment, value};
use crate::store::dialect::{self, Words};
use crate::store::holders::holders;
use crate::store::work::{Statement, Work};
use crate::store::{Store, StoreError, lists};

/// Letters that one visit is offered at once; a counter has a handful.
const OFFERS_MAX: i64 = 50;

/// The numbers of the letters that may be this visit's (`$1`): of its branch or, where nobody could tell the branch, of the
/// branch's mailbox; whose code is for its service, or that have no code; received while it was open (mail servers tell whole
/// seconds, RFC 9051 §2.3.3); claimed by nobody else; not naming another visit's one-time code.
macro_rules! offered_sql {
    ($rest:literal) => {
        concat!(
            "SELECT filing.id FROM visit
             JOIN branch ON branch.id = visit.branch
             JOIN filing ON (filing.branch = visit.branch OR (filing.branch IS NULL AND filing.mailbox = branch.mailbox))
             WHERE visit.id = $1
                 AND filing.received_at >= visit.opened_at - 1000000
                 AND filing.received_at < visit.until
                 AND (visit.closed_at IS NULL OR filing.received_at < visit.closed_at)
                 AND (filing.code IS NULL OR EXISTS (SELECT 1 FROM code_service
                     WHERE code_service.code = filing.code AND code_service.service = visit.service))
                 AND NOT EXISTS (SELECT 1 FROM visit AS other WHERE other.filing = filing.id AND other.id <> visit.id)
                 AND COALESCE(json_extract(filing.matched, '$.visit'), visit.id) = visit.id ",
            $rest
        )
    };
}

impl Store {
    /// The letters that a visit may claim, newest first; of one that has its letter that one alone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn offers(&self, visit: &Visit) -> Result<Vec<Offer>, StoreError> {
        let mut work = self.reading().await?;
        let ids = match visit.claimed {
            Some((filing, _)) => vec![filing],
            None => {
                let offered = sqlx::query(offered_sql!("ORDER BY filing.id DESC LIMIT $2"));
                numbers(&mut work, offered.bind(visit.id.0).bind(OFFERS_MAX)).await?
            }
        };
        let numbers = as_json(&ids, "id")?;
        let words = dialect::words_of(&mut work, &numbers).await?;
        let words: BTreeMap<i64, &Words> = words.iter().map(|words| (words.filing, words)).collect();
        let rows = lists::rows(&mut work, sqlx::query(lists::THESE_FILINGS).bind(&numbers)).await?;
        let mut rows: BTreeMap<FilingId, FilingRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut offers = Vec::with_capacity(ids.len());
        for row in ids.iter().filter_map(|id| rows.remove(id)) {
            let parts = words.get(&row.id.0).map(|words| words.parts()).transpose()?;
            offers.push(Offer { holders: holders(&parts.unwrap_or_default()), row });
        }
        Ok(offers)
    }
}

/// Whether a visit may claim this letter.
pub(super) async fn is_offered(work: &mut Work, visit: &Visit, filing: FilingId) -> Result<bool, StoreError> {
    let offered = sqlx::query(offered_sql!("AND filing.id = $2")).bind(visit.id.0).bind(filing.0);
    Ok(work.maybe(offered).await?.is_some())
}

/// What bears on the light of a letter: the visit that claimed it, else the one whose one-time code it names.
pub(in crate::store) async fn facts(
    work: &mut Work,
    filing: FilingId,
    matched: Option<VisitId>,
) -> Result<Option<VisitFacts>, StoreError> {
    let (id, standing) = match (claimer(work, filing).await?, matched) {
        (Some(claimer), _) => (claimer, VisitStanding::Claimed),
        (None, Some(named)) => {
            let received = sqlx::query("SELECT received_at FROM filing WHERE id = $1").bind(filing.0);
            let received_at = moment(&work.one(received).await?, "received_at")?;
            (named, standing(work, named, filing, received_at).await?)
        }
        (None, None) => return Ok(None),
    };
    let visit = by_id(work, id).await?.ok_or(VisitRefusal::NoSuchVisit(id))?;
    Ok(Some(VisitFacts { visit: id, name: visit.name, rnokpp: visit.rnokpp, standing }))
}

async fn numbers(work: &mut Work, filings: Statement<'_>) -> Result<Vec<FilingId>, StoreError> {
    work.all(filings).await?.iter().map(|row| value(row, "id").map(FilingId)).collect()
}
