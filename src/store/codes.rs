//! Codes with their standing sessions: issued, retired, and what of them bears on a letter.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::columns::{as_json, facts, moment_maybe, number, parsed, unreadable, value};
use super::visits::{self, VisitRefusal};
use super::work::{Statement, Work};
use super::{Store, StoreError, audit, registry};
use crate::model::{
    BranchId, CodeId, CodeKind, CodeState, DocumentCode, IssuedCode, Known, KyivDay, MailboxId, NewCode,
    QrCode, ServiceId, Session, SessionId, SessionKind, Timestamp, Token,
};

/// Codes of one mailbox that a letter is compared with, those valid longest first. A branch makes a code every half
/// year; letters rarely come for one that ended long ago, and a token finds its code beyond this limit too.
const MAILBOX_CODES_MAX: i64 = 1_000;

/// Selects codes with their standing session; the rest of the statement follows.
macro_rules! code_sql {
    ($rest:literal) => {
        concat!(
            "SELECT code.*, session.id AS session,
                 (SELECT string_agg(service, ' ' ORDER BY place) FROM code_service
                  WHERE code_service.code = code.id) AS services
             FROM code JOIN session ON session.code = code.id AND session.kind = 'standing' ",
            $rest
        )
    };
}

impl Store {
    /// Issues a code and opens its standing session.
    ///
    /// # Errors
    /// When the branch or a service is missing, closed or not offered there; when a service lacks its legal ground,
    /// term or responsible person; when the payload or token is already that of another code.
    pub async fn issue_code(&self, new: &NewCode, now: Timestamp) -> Result<IssuedCode, StoreError> {
        let mut work = self.writing().await?;
        require_asked(&mut work, new).await?;
        require_unused(&mut work, new).await?;
        let also_live = also_live(&mut work, new, now).await?;
        let (code, session) = insert(&mut work, new, now).await?;
        let fact = Issued { kind: kind_word(&new.kind), branch: &new.branch, services: &new.services };
        audit::note(&mut work, now, "code.issued", &format!("code {}", code.id), &fact).await?;
        work.commit().await?;
        Ok(IssuedCode { code, session, also_live })
    }

    /// Every code, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn codes(&self) -> Result<Vec<QrCode>, StoreError> {
        let mut work = self.reading().await?;
        let codes = select(&mut work, sqlx::query(code_sql!("ORDER BY code.id"))).await?;
        Ok(codes.into_iter().map(|(code, _)| code).collect())
    }

    /// One code, if there is such a number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn code(&self, id: CodeId) -> Result<Option<QrCode>, StoreError> {
        by_id(&mut self.reading().await?, id).await
    }

    /// Takes a code out of use at `now`. A code retired before keeps its first time.
    ///
    /// # Errors
    /// When there is no such code, or the database cannot be written.
    pub async fn retire_code(&self, id: CodeId, now: Timestamp) -> Result<QrCode, StoreError> {
        let mut work = self.writing().await?;
        let retire = sqlx::query("UPDATE code SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL")
            .bind(id.0)
            .bind(now.as_microsecond());
        if work.run(retire).await? > 0 {
            audit::note(&mut work, now, "code.retired", &format!("code {id}"), &()).await?;
        }
        let code = by_id(&mut work, id).await?.ok_or(StoreError::NoSuchCode(id))?;
        work.commit().await?;
        Ok(code)
    }

    /// What bears on a letter in `mailbox` that holds `tokens`: the branches that receive there, their codes whatever
    /// their state (at most a thousand, those valid longest), and the codes and visits of the tokens, wherever they are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn matching_context(&self, mailbox: &MailboxId, tokens: &[Token]) -> Result<Known, StoreError> {
        let mut work = self.reading().await?;
        let of_mailbox = sqlx::query(code_sql!(
            "JOIN branch ON branch.id = code.branch
             WHERE branch.mailbox = $1 ORDER BY code.valid_until DESC, code.id DESC LIMIT $2"
        ))
        .bind(mailbox.as_str())
        .bind(MAILBOX_CODES_MAX);
        let mut codes: BTreeMap<CodeId, _> =
            select(&mut work, of_mailbox).await?.into_iter().map(|found| (found.0.id, found)).collect();
        for token in tokens {
            let of_token = sqlx::query(code_sql!("WHERE code.token = $1")).bind(token_number(*token));
            codes.extend(select(&mut work, of_token).await?.into_iter().map(|found| (found.0.id, found)));
        }
        let mut visits = Vec::new();
        for token in tokens {
            visits.extend(visits::of_token(&mut work, *token).await?);
        }
        for visit in &visits {
            let of_visit = sqlx::query(code_sql!("WHERE code.id = $1")).bind(visit.code.0);
            codes.extend(select(&mut work, of_visit).await?.into_iter().map(|found| (found.0.id, found)));
        }
        let codes: Vec<_> = codes.into_values().collect();
        let mut hang: BTreeSet<&BranchId> = codes.iter().map(|(code, _)| &code.branch).collect();
        let mut known = Known { visits, ..Known::default() };
        let of_mailbox =
            sqlx::query("SELECT * FROM branch WHERE mailbox = $1 ORDER BY place, id").bind(mailbox.as_str());
        for row in work.all(of_mailbox).await? {
            let branch = registry::branch(&row)?;
            if hang.remove(&branch.id) || !value::<bool>(&row, "closed")? {
                known.branches.push(branch);
            }
        }
        for elsewhere in hang {
            let row =
                work.one(sqlx::query("SELECT * FROM branch WHERE id = $1").bind(elsewhere.as_str())).await?;
            known.branches.push(registry::branch(&row)?);
        }
        known.codes = codes;
        Ok(known)
    }
}

/// What the audit keeps of an issue. The payload is not in it: a token in the audit would be one more place to guard.
#[derive(Serialize)]
struct Issued<'a> {
    kind: &'static str,
    branch: &'a BranchId,
    services: &'a [ServiceId],
}

/// That the code asks for something, somewhere open, on a legal ground.
async fn require_asked(work: &mut Work, new: &NewCode) -> Result<(), StoreError> {
    if new.services.is_empty() {
        return Err(StoreError::EmptyCode("service"));
    }
    if new.documents.is_empty() {
        return Err(StoreError::EmptyCode("document"));
    }
    for service in &new.services {
        let row = require_offered(work, &new.branch, service).await?;
        if let Some(lacks) = lacks(&row)? {
            return Err(StoreError::ServiceNotReady { service: service.clone(), lacks });
        }
    }
    Ok(())
}

/// That a service is offered at an open branch: its row.
pub(super) async fn require_offered(
    work: &mut Work,
    branch: &BranchId,
    service: &ServiceId,
) -> Result<SqliteRow, StoreError> {
    let open = sqlx::query("SELECT id FROM branch WHERE id = $1 AND closed = 0").bind(branch.as_str());
    if work.maybe(open).await?.is_none() {
        return Err(StoreError::NoSuchBranch(branch.clone()));
    }
    let offered = sqlx::query(
        "SELECT service.legal_ground, service.retention_days, service.responsible
         FROM service JOIN service_branch ON service_branch.service = service.id
         WHERE service.id = $1 AND service_branch.branch = $2 AND service.closed = 0",
    )
    .bind(service.as_str())
    .bind(branch.as_str());
    let missing = || StoreError::NoSuchService { service: service.clone(), branch: branch.clone() };
    work.maybe(offered).await?.ok_or_else(missing)
}

/// The code of a branch for a service that is live at `now`; of several the one that is valid longest.
pub(super) async fn live_of_service(
    work: &mut Work,
    branch: &BranchId,
    service: &ServiceId,
    now: Timestamp,
) -> Result<Option<QrCode>, StoreError> {
    let of_service = sqlx::query(code_sql!(
        "JOIN code_service ON code_service.code = code.id
         WHERE code.branch = $1 AND code_service.service = $2 AND code.valid_until >= $3
         ORDER BY code.valid_until DESC, code.id DESC"
    ))
    .bind(branch.as_str())
    .bind(service.as_str())
    .bind(KyivDay::of(now).to_string());
    let codes = select(work, of_service).await?.into_iter().map(|(code, _)| code);
    Ok(codes.into_iter().find(|code| code.state_at(now) == CodeState::Live))
}

/// Whether a code or a visit has this token.
pub(super) async fn is_token_taken(work: &mut Work, token: Token) -> Result<bool, StoreError> {
    let taken =
        sqlx::query("SELECT id FROM code WHERE token = $1 UNION ALL SELECT id FROM visit WHERE token = $1")
            .bind(token_number(token));
    Ok(work.maybe(taken).await?.is_some())
}

fn lacks(service: &SqliteRow) -> Result<Option<&'static str>, StoreError> {
    Ok(if value::<&str>(service, "legal_ground")?.trim().is_empty() {
        Some("legal ground")
    } else if value::<Option<u32>>(service, "retention_days")?.is_none() {
        Some("retention term")
    } else if value::<&str>(service, "responsible")?.trim().is_empty() {
        Some("responsible person")
    } else {
        None
    })
}

/// That neither token nor payload is another code's.
async fn require_unused(work: &mut Work, new: &NewCode) -> Result<(), StoreError> {
    if let CodeKind::Own { token } = new.kind {
        let same = sqlx::query("SELECT id FROM code WHERE token = $1").bind(token_number(token));
        if let Some(row) = work.maybe(same).await? {
            return Err(StoreError::TokenTaken { code: CodeId(value(&row, "id")?) });
        }
        if visits::of_token(work, token).await?.is_some() {
            return Err(VisitRefusal::TokenTaken.into());
        }
    }
    let same = sqlx::query("SELECT id FROM code WHERE payload = $1").bind(&new.payload);
    match work.maybe(same).await? {
        Some(row) => Err(StoreError::PayloadTaken { code: CodeId(value(&row, "id")?) }),
        None => Ok(()),
    }
}

/// Codes of the branch with the same documents, in whatever order, that are live at `now` or will be.
async fn also_live(work: &mut Work, new: &NewCode, now: Timestamp) -> Result<Vec<QrCode>, StoreError> {
    let of_branch = sqlx::query(code_sql!(
        "WHERE code.branch = $1 AND code.retired_at IS NULL AND code.valid_until >= $2 ORDER BY code.id"
    ))
    .bind(new.branch.as_str())
    .bind(KyivDay::of(now).to_string());
    let documents: BTreeSet<&DocumentCode> = new.documents.iter().collect();
    let codes = select(work, of_branch).await?.into_iter().map(|(code, _)| code);
    Ok(codes
        .filter(|code| matches!(code.state_at(now), CodeState::Live | CodeState::NotYetValid))
        .filter(|code| code.documents.iter().collect::<BTreeSet<_>>() == documents)
        .collect())
}

async fn insert(work: &mut Work, new: &NewCode, now: Timestamp) -> Result<(QrCode, Session), StoreError> {
    let code = sqlx::query(
        "INSERT INTO code (kind, token, branch, documents, payload, issued_on, valid_until, issued_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
    )
    .bind(kind_word(&new.kind))
    .bind(match new.kind {
        CodeKind::Own { token } => Some(token_number(token)),
        CodeKind::Registered => None,
    })
    .bind(new.branch.as_str())
    .bind(as_json(&new.documents, "documents")?)
    .bind(&new.payload)
    .bind(new.issued_on.to_string())
    .bind(new.valid_until.to_string())
    .bind(now.as_microsecond());
    let id = CodeId(value(&work.one(code).await?, "id")?);
    for (place, service) in new.services.iter().enumerate() {
        let link = sqlx::query("INSERT INTO code_service (code, service, place) VALUES ($1, $2, $3)")
            .bind(id.0)
            .bind(service.as_str())
            .bind(number(place));
        work.run(link).await?;
    }
    let session =
        sqlx::query("INSERT INTO session (code, kind) VALUES ($1, 'standing') RETURNING id").bind(id.0);
    let session = SessionId(value(&work.one(session).await?, "id")?);
    let NewCode { kind, branch, services, documents, payload, issued_on, valid_until } = new.clone();
    let code =
        QrCode { id, kind, branch, services, documents, payload, issued_on, valid_until, retired_at: None };
    Ok((code, Session { id: session, code: id, kind: SessionKind::Standing }))
}

/// Every code of these branches (a JSON list), oldest first.
pub(super) async fn of_branches(work: &mut Work, branches: &str) -> Result<Vec<QrCode>, StoreError> {
    let of_branches =
        sqlx::query(code_sql!("WHERE code.branch IN (SELECT value FROM json_each($1)) ORDER BY code.id"));
    let codes = select(work, of_branches.bind(branches)).await?;
    Ok(codes.into_iter().map(|(code, _)| code).collect())
}

/// One code, if there is such a number.
pub(super) async fn by_id(work: &mut Work, id: CodeId) -> Result<Option<QrCode>, StoreError> {
    let one = sqlx::query(code_sql!("WHERE code.id = $1")).bind(id.0);
    Ok(select(work, one).await?.pop().map(|(code, _)| code))
}

async fn select(work: &mut Work, codes: Statement<'_>) -> Result<Vec<(QrCode, Session)>, StoreError> {
    let mut found = Vec::new();
    for row in work.all(codes).await? {
        let id = CodeId(value(&row, "id")?);
        let services = value::<&str>(&row, "services")?.split(' ').map(ServiceId::from_str);
        let services: Result<_, _> = services.collect();
        let code = QrCode {
            id,
            kind: kind(&row)?,
            branch: parsed(&row, "branch")?,
            services: services.map_err(|error| unreadable("services", &error))?,
            documents: facts(&row, "documents")?,
            payload: value(&row, "payload")?,
            issued_on: parsed(&row, "issued_on")?,
            valid_until: parsed(&row, "valid_until")?,
            retired_at: moment_maybe(&row, "retired_at")?,
        };
        let session = SessionId(value(&row, "session")?);
        found.push((code, Session { id: session, code: id, kind: SessionKind::Standing }));
    }
    Ok(found)
}

const fn kind_word(kind: &CodeKind) -> &'static str {
    match kind {
        CodeKind::Registered => "registered",
        CodeKind::Own { .. } => "own",
    }
}

fn kind(row: &SqliteRow) -> Result<CodeKind, StoreError> {
    Ok(match token(row, "token")? {
        Some(token) => CodeKind::Own { token },
        None => CodeKind::Registered,
    })
}

/// The token in a column, where NULL is none.
pub(super) fn token(row: &SqliteRow, column: &str) -> Result<Option<Token>, StoreError> {
    value::<Option<i64>>(row, column)?
        .map(|bits| {
            let bits = u64::try_from(bits).map_err(|error| unreadable(column, &error))?;
            Token::new(bits).map_err(|error| unreadable(column, &error))
        })
        .transpose()
}

/// Sixty bits fit in the database's 63.
pub(super) const fn token_number(token: Token) -> i64 {
    token.bits().cast_signed()
}
