//! Visits at counters: opened, closed, and the one letter that each may claim.

mod claim;
mod offers;

use serde::Serialize;
use sqlx::sqlite::SqliteRow;

pub(super) use claim::claim_by_code;
pub(super) use offers::facts;

use super::columns::{moment, moment_maybe, parsed, unreadable, value};
use super::work::{Statement, Work};
use super::{Store, StoreError, audit, codes};
use crate::model::{
    BranchId, CodeId, FilingId, KnownVisit, NewVisit, ServiceId, Timestamp, Token, Visit, VisitCode, VisitId,
};

/// Visits that a list shows when all are wanted, newest first.
const LISTED_MAX: i64 = 500;

/// Why something could not be done with a visit.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VisitRefusal {
    /// No such visit.
    #[error("there is no visit {0}: see `skrynka visit list --all`")]
    NoSuchVisit(VisitId),
    /// No such letter.
    #[error("there is no letter {0}: see `skrynka list`")]
    NoSuchLetter(FilingId),
    /// A one-time code rests on a code of the counter.
    #[error(
        "branch `{branch}` has no live code for service `{service}`, on which a one-time code rests: make one first (`skrynka code issue --branch {branch} --service {service}`)"
    )]
    NoLiveCode {
        /// The branch.
        branch: BranchId,
        /// The service.
        service: ServiceId,
    },
    /// The token is in use.
    #[error("the token is already in use: draw another one")]
    TokenTaken,
    /// It would be over before it begins.
    #[error("a visit ends after it begins: give it at least a minute")]
    EndsBeforeItBegins,
    /// The visit has its letter.
    #[error(
        "visit {visit} has claimed letter {filing} already, and a visit has one letter: open another visit"
    )]
    VisitHasLetter {
        /// The visit.
        visit: VisitId,
        /// Its letter.
        filing: FilingId,
    },
    /// The letter has its visit.
    #[error(
        "letter {filing} is claimed by visit {visit} already: choose another letter (`skrynka visit list`)"
    )]
    LetterHasVisit {
        /// The letter.
        filing: FilingId,
        /// Its visit.
        visit: VisitId,
    },
    /// The visit is closed.
    #[error("visit {0} is closed and claims no letter any more: open another one")]
    Closed(VisitId),
    /// The visit's time is up.
    #[error("visit {0} is over and claims no letter any more: open another one")]
    Over(VisitId),
    /// The letter did not come for this visit.
    #[error(
        "letter {filing} is not offered to visit {visit}: it came before the visit was opened, or is for another branch, service or one-time code; `skrynka visit list` shows what is offered"
    )]
    NotOffered {
        /// The letter.
        filing: FilingId,
        /// The visit.
        visit: VisitId,
    },
}

impl Store {
    /// Opens a visit. A one-time code rests on the live code of that branch and service that is valid longest.
    ///
    /// # Errors
    /// When the branch or service is missing, closed or not offered there; when a one-time code is wanted and there is no
    /// live code, or its token is in use.
    pub async fn open_visit(&self, new: &NewVisit, now: Timestamp) -> Result<Visit, StoreError> {
        if new.until <= now {
            return Err(VisitRefusal::EndsBeforeItBegins.into());
        }
        let mut work = self.writing().await?;
        codes::require_offered(&mut work, &new.branch, &new.service).await?;
        let code = match &new.code {
            Some((token, payload)) => Some(code_for(&mut work, new, *token, payload, now).await?),
            None => None,
        };
        let row = sqlx::query(
            "INSERT INTO visit (branch, service, name, rnokpp, opened_at, until, token, payload, code)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *",
        )
        .bind(new.branch.as_str())
        .bind(new.service.as_str())
        .bind(&new.name)
        .bind(new.rnokpp.as_deref())
        .bind(now.as_microsecond())
        .bind(new.until.as_microsecond())
        .bind(code.as_ref().map(|code| codes::token_number(code.token)))
        .bind(code.as_ref().map(|code| code.payload.as_str()))
        .bind(code.as_ref().map(|code| code.code.0));
        let visit = visit(&work.one(row).await?)?;
        let fact = Opened {
            branch: &visit.branch,
            service: &visit.service,
            until: visit.until,
            code: code.map(|code| code.code),
        };
        audit::note(&mut work, now, "visit.opened", &subject(visit.id), &fact).await?;
        work.commit().await?;
        Ok(visit)
    }

    /// Closes a visit at `now`; its letter stays its letter. A visit closed before keeps its first time.
    ///
    /// # Errors
    /// When there is no such visit, or the database cannot be written.
    pub async fn close_visit(&self, id: VisitId, now: Timestamp) -> Result<Visit, StoreError> {
        let mut work = self.writing().await?;
        let close = sqlx::query("UPDATE visit SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL")
            .bind(id.0)
            .bind(now.as_microsecond());
        if work.run(close).await? > 0 {
            audit::note(&mut work, now, "visit.closed", &subject(id), &()).await?;
        }
        let visit = by_id(&mut work, id).await?.ok_or(VisitRefusal::NoSuchVisit(id))?;
        work.commit().await?;
        Ok(visit)
    }

    /// One visit, if there is such a number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn visit(&self, id: VisitId) -> Result<Option<Visit>, StoreError> {
        by_id(&mut self.reading().await?, id).await
    }

    /// The visits that are open at `now`, oldest first; with `all` also the latest ones that are not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn visits(
        &self,
        branch: Option<&BranchId>,
        all: bool,
        now: Timestamp,
    ) -> Result<Vec<Visit>, StoreError> {
        let list = sqlx::query(if all {
            "SELECT * FROM (SELECT * FROM visit WHERE branch = $1 OR $1 IS NULL ORDER BY id DESC LIMIT $2) AS newest
             ORDER BY id"
        } else {
            "SELECT * FROM visit WHERE closed_at IS NULL AND until > $2 AND (branch = $1 OR $1 IS NULL) ORDER BY id"
        });
        let list =
            list.bind(branch.map(BranchId::as_str)).bind(if all { LISTED_MAX } else { now.as_microsecond() });
        self.reading().await?.all(list).await?.iter().map(visit).collect()
    }
}

/// What the audit keeps of an opening: who is expected is nobody's business there.
#[derive(Serialize)]
struct Opened<'a> {
    branch: &'a BranchId,
    service: &'a ServiceId,
    until: Timestamp,
    code: Option<CodeId>,
}

/// The subject of audit lines.
fn subject(id: VisitId) -> String {
    format!("visit {id}")
}

/// A one-time code on the live code of the visit's branch and service that is valid longest.
async fn code_for(
    work: &mut Work,
    new: &NewVisit,
    token: Token,
    payload: &str,
    now: Timestamp,
) -> Result<VisitCode, StoreError> {
    let taken = codes::is_token_taken(work, token).await?;
    if taken {
        return Err(VisitRefusal::TokenTaken.into());
    }
    let live = codes::live_of_service(work, &new.branch, &new.service, now).await?;
    let missing = || VisitRefusal::NoLiveCode { branch: new.branch.clone(), service: new.service.clone() };
    let code = live.ok_or_else(missing)?.id;
    Ok(VisitCode { token, payload: payload.to_owned(), code })
}

/// The visit of a token, if it is one's.
pub(super) async fn of_token(work: &mut Work, token: Token) -> Result<Option<KnownVisit>, StoreError> {
    let row = sqlx::query("SELECT id, code FROM visit WHERE token = $1").bind(codes::token_number(token));
    let row = work.maybe(row).await?;
    let known = |row: SqliteRow| {
        Ok(KnownVisit { visit: VisitId(value(&row, "id")?), token, code: CodeId(value(&row, "code")?) })
    };
    row.map(known).transpose()
}

async fn by_id(work: &mut Work, id: VisitId) -> Result<Option<Visit>, StoreError> {
    one(work, sqlx::query("SELECT * FROM visit WHERE id = $1").bind(id.0)).await
}

async fn one(work: &mut Work, visits: Statement<'_>) -> Result<Option<Visit>, StoreError> {
    work.maybe(visits).await?.as_ref().map(visit).transpose()
}

fn visit(row: &SqliteRow) -> Result<Visit, StoreError> {
    let code = match (codes::token(row, "token")?, value::<Option<i64>>(row, "code")?) {
        (Some(token), Some(code)) => {
            Some(VisitCode { token, payload: value(row, "payload")?, code: CodeId(code) })
        }
        (None, None) => None,
        _ => return Err(unreadable("code", &"a token without its code")),
    };
    let filing = value::<Option<i64>>(row, "filing")?.map(FilingId);
    Ok(Visit {
        id: VisitId(value(row, "id")?),
        branch: parsed(row, "branch")?,
        service: parsed(row, "service")?,
        name: value(row, "name")?,
        rnokpp: value(row, "rnokpp")?,
        opened_at: moment(row, "opened_at")?,
        until: moment(row, "until")?,
        closed_at: moment_maybe(row, "closed_at")?,
        code,
        claimed: filing.zip(moment_maybe(row, "claimed_at")?),
    })
}
