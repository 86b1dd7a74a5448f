//! Lights: made in the transaction of what they rest on, appended, never overwritten; the newest one counts.

use super::columns::{as_json, facts, moment, parsed, parsed_maybe, value};
use super::work::Work;
use super::{Store, StoreError, codes, dialect, filings, readings, verdicts, visits};
use crate::model::{
    Addressee, Assessment, BranchId, Copy, Digest, EarlierUse, FieldKind, Filing, FilingId, Ground, Light,
    LightCase, LightRecord, LightRow, Match, Matched, Occasion, Reading, Timestamp, VisitId, VisitStanding,
};

/// Who says what a clerk may do with a letter.
///
/// It is asked inside the transaction that changes what a light rests on, so that of two letters that bring the same
/// copy at once only one is the first. It must be quick, and the same for the same case.
pub trait Assessor: Send + Sync {
    /// The light of a letter.
    fn assess(&self, case: &LightCase) -> Assessment;

    /// What tells these rules from others: when it changes, every light is made anew.
    fn rules(&self) -> Digest;
}

impl Store {
    /// The newest light of a filing; none where none was made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn light(&self, filing: FilingId) -> Result<Option<LightRecord>, StoreError> {
        newest(&mut self.reading().await?, filing).await
    }

    /// Every light that a filing had, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn light_history(&self, filing: FilingId) -> Result<Vec<LightRecord>, StoreError> {
        let all = sqlx::query("SELECT * FROM light WHERE filing = $1 ORDER BY seq").bind(filing.0);
        self.reading().await?.all(all).await?.iter().map(record).collect()
    }

    /// The light that a letter would have if it were filed now: it is filed, and taken back. Of a letter that is filed
    /// already, what it has.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn light_if_filed(&self, filing: &Filing) -> Result<Option<Assessment>, StoreError> {
        let Some(assessor) = self.assessor() else { return Ok(None) };
        let mut work = self.writing().await?;
        let (mailbox, digest) = (&filing.mail.mailbox, &filing.mail.digest);
        let assessment = match filings::filed(&mut work, mailbox, digest).await? {
            Some(earlier) => newest(&mut work, earlier).await?.map(|record| record.assessment),
            None => {
                let id = filings::insert(&mut work, filing).await?;
                Some(settle(&mut work, &*assessor, id, Occasion::Filed, filing.filed_at).await?.1)
            }
        };
        work.roll_back().await?;
        Ok(assessment)
    }

    /// Makes at most `limit` lights anew at `at`, newest letters first, where the rules or the registry changed since
    /// they were made. How many letters it looked at: fewer than `limit` means that all are done.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn relight(&self, limit: u32, at: Timestamp) -> Result<u32, StoreError> {
        let Some(assessor) = self.assessor() else { return Ok(0) };
        let rules = assessor.rules().to_string();
        // Nearly always: nobody is kept waiting for it.
        if pass(&mut self.reading().await?, &rules).await? == Some(0) {
            return Ok(0);
        }
        let mut work = self.writing().await?;
        let before = match pass(&mut work, &rules).await? {
            Some(next_at) => next_at,
            None => newest_filing(&mut work).await?.saturating_add(1),
        };
        let these = sqlx::query("SELECT id FROM filing WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let these = work.all(these.bind(before).bind(limit)).await?;
        let mut next_at = 0;
        for row in &these {
            let id = FilingId(value(row, "id")?);
            settle(&mut work, &*assessor, id, Occasion::Rules, at).await?;
            next_at = id.0;
        }
        let done = u32::try_from(these.len()).unwrap_or(limit);
        let keep = sqlx::query(
            "INSERT INTO light_pass (one, rules, next_at) VALUES (1, $1, $2)
             ON CONFLICT (one) DO UPDATE SET rules = excluded.rules, next_at = excluded.next_at",
        );
        work.run(keep.bind(rules).bind(if done < limit { 0 } else { next_at })).await?;
        work.commit().await?;
        Ok(done)
    }

    /// Makes a filing's light again within the transaction that changed what it rests on.
    pub(super) async fn relit(
        &self,
        work: &mut Work,
        filing: FilingId,
        occasion: Occasion,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(assessor) = self.assessor() else { return Ok(()) };
        let (case, assessment) = settle(work, &*assessor, filing, occasion, at).await?;
        // A one-time code is for the first letter that is complete and not to be refused.
        let incomplete = |ground: &Ground| ground.row == LightRow::SetIncomplete;
        let may_claim = assessment.light < Light::Red && !assessment.grounds.iter().any(incomplete);
        if let Some(visit) = case.matched.visit.filter(|_| may_claim)
            && case.visit.is_none_or(|visit| visit.standing == VisitStanding::Waits)
            && visits::claim_by_code(work, visit, filing, case.received_at, at).await?
                == VisitStanding::Claimed
        {
            self.claim_relights(work, visit, filing, at).await?;
        }
        Ok(())
    }

    /// After a visit claimed a letter: its light, and those of letters that name the same one-time code or bring the same
    /// copies later.
    pub(super) async fn claim_relights(
        &self,
        work: &mut Work,
        visit: VisitId,
        filing: FilingId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(assessor) = self.assessor() else { return Ok(()) };
        let touched = sqlx::query(
            "SELECT $2 AS id
             UNION SELECT filing.id FROM visit JOIN filing
                 ON filing.branch = visit.branch AND filing.received_at >= visit.opened_at - 1000000
             WHERE visit.id = $1 AND visit.token IS NOT NULL AND json_extract(filing.matched, '$.visit') = $1
             UNION SELECT later.filing FROM copy
                 JOIN copy AS later ON later.digest = copy.digest AND later.filing > copy.filing
             WHERE copy.filing = $2",
        );
        for row in work.all(touched.bind(visit.0).bind(filing.0)).await? {
            settle(work, &*assessor, FilingId(value(&row, "id")?), Occasion::Visit, at).await?;
        }
        Ok(())
    }
}

/// Up to which letter lights are made by these rules; none: nobody has begun.
async fn pass(work: &mut Work, rules: &str) -> Result<Option<i64>, StoreError> {
    let pass = sqlx::query("SELECT next_at FROM light_pass WHERE rules = $1");
    work.maybe(pass.bind(rules)).await?.map(|row| value(&row, "next_at")).transpose()
}

async fn newest_filing(work: &mut Work) -> Result<i64, StoreError> {
    let newest = work.one(sqlx::query("SELECT COALESCE(MAX(id), 0) AS id FROM filing")).await?;
    value(&newest, "id")
}

/// Every light is to be made anew: what names the organisation, its branches or services changed.
pub(super) async fn all_are_due(work: &mut Work) -> Result<(), StoreError> {
    work.run(sqlx::query("DELETE FROM light_pass")).await.map(|_| ())
}

/// Makes a filing's light by what the transaction knows of it, and keeps it where it says something else than before.
pub(super) async fn settle(
    work: &mut Work,
    assessor: &dyn Assessor,
    id: FilingId,
    occasion: Occasion,
    at: Timestamp,
) -> Result<(LightCase, Assessment), StoreError> {
    let case = case(work, id).await?;
    let assessment = assessor.assess(&case);
    let before = newest(work, id).await?;
    let light_before = before.as_ref().map(|before| before.assessment.light);
    if before.is_none_or(|before| before.assessment != assessment) {
        let row = sqlx::query(
            "INSERT INTO light (filing, light, facts, occasion, made_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.0)
        .bind(assessment.light.word())
        .bind(as_json(&assessment, "light")?)
        .bind(occasion.word())
        .bind(at.as_microsecond());
        work.run(row).await?;
        let light = sqlx::query("UPDATE filing SET light = $2 WHERE id = $1");
        work.run(light.bind(id.0).bind(assessment.light.word())).await?;
        if light_before != Some(assessment.light) {
            dialect::index_light(work, id).await?;
        }
    }
    Ok((case, assessment))
}

/// A filing's newest light.
pub(super) async fn newest(work: &mut Work, id: FilingId) -> Result<Option<LightRecord>, StoreError> {
    let newest = sqlx::query("SELECT * FROM light WHERE filing = $1 ORDER BY seq DESC LIMIT 1").bind(id.0);
    work.maybe(newest).await?.as_ref().map(record).transpose()
}

fn record(row: &sqlx::sqlite::SqliteRow) -> Result<LightRecord, StoreError> {
    Ok(LightRecord {
        assessment: facts(row, "facts")?,
        made_at: moment(row, "made_at")?,
        occasion: parsed(row, "occasion")?,
    })
}

/// Everything that bears on a filing's light.
async fn case(work: &mut Work, id: FilingId) -> Result<LightCase, StoreError> {
    let filing = sqlx::query("SELECT * FROM filing WHERE id = $1").bind(id.0);
    let filing = work.one(filing).await?;
    let copies = readings::copies_of(work, id).await?;
    let readings = readings::of_filing(work, id, copies.len()).await?;
    let matched: Match = facts(&filing, "matched")?;
    let code = match matched.matched {
        Matched::Session { code, .. } => codes::by_id(work, code).await?,
        Matched::Ambiguous { .. } | Matched::Nothing => None,
    };
    let branch: Option<BranchId> = parsed_maybe(&filing, "branch")?;
    let this = This { id, branch: branch.as_ref(), sender: value(&filing, "sender")? };
    Ok(LightCase {
        received_at: moment(&filing, "received_at")?,
        verdicts: verdicts::newest(work, id).await?,
        addressees: addressees(work, branch.as_ref(), value(&filing, "mailbox")?).await?,
        earlier: earlier_uses(work, &this, &copies, &readings).await?,
        defects: facts(&filing, "defects")?,
        visit: visits::facts(work, id, matched.visit).await?,
        copies,
        readings,
        matched,
        code,
    })
}

/// The branches that the letter may be for, and the others of their organisations.
async fn addressees(
    work: &mut Work,
    branch: Option<&BranchId>,
    mailbox: &str,
) -> Result<Vec<Addressee>, StoreError> {
    let all = sqlx::query(
        "SELECT branch.id, branch.name, branch.known_as, organisation.name AS organisation_name,
             COALESCE(branch.id = $1, branch.mailbox = $2) AS ours
         FROM branch JOIN organisation ON organisation.id = branch.organisation
         WHERE branch.organisation IN (SELECT organisation FROM branch WHERE COALESCE(id = $1, mailbox = $2))
         ORDER BY branch.place, branch.id",
    );
    let rows = work.all(all.bind(branch.map(BranchId::as_str)).bind(mailbox)).await?;
    let mut found = Vec::new();
    for row in &rows {
        let ours: bool = value(row, "ours")?;
        let mut names: Vec<String> = facts(row, "known_as")?;
        names.push(value(row, "name")?);
        if ours {
            names.push(value(row, "organisation_name")?);
        }
        found.push(Addressee { branch: parsed(row, "id")?, ours, names });
    }
    Ok(found)
}

/// The letter that is looked at.
struct This<'a> {
    id: FilingId,
    branch: Option<&'a BranchId>,
    sender: &'a str,
}

/// For each copy the earlier letter that matters most: one from elsewhere, else the first.
async fn earlier_uses(
    work: &mut Work,
    this: &This<'_>,
    copies: &[Copy],
    readings: &[Option<Reading>],
) -> Result<Vec<EarlierUse>, StoreError> {
    let mut uses = Vec::new();
    for (copy, facts) in copies.iter().enumerate() {
        let reading = readings.get(copy).and_then(Option::as_ref);
        let earlier = sqlx::query(
            "SELECT filing.id, filing.branch,
                 (filing.sender = '' OR LOWER(filing.sender) <> LOWER($4)
                     OR filing.branch IS NOT $5
                     OR COALESCE((SELECT id FROM visit WHERE visit.filing = filing.id)
                         <> (SELECT id FROM visit WHERE visit.filing = $1), 0)) AS elsewhere
             FROM filing WHERE filing.id < $1 AND filing.id IN (
                 SELECT filing FROM copy WHERE digest = $2 AND filing < $1
                 UNION SELECT filing FROM reading WHERE request = $3 AND filing < $1)
             ORDER BY elsewhere DESC, filing.id LIMIT 1",
        )
        .bind(this.id.0)
        .bind(facts.digest.map(|digest| digest.to_string()))
        .bind(reading.and_then(request))
        .bind(this.sender)
        .bind(this.branch.map(BranchId::as_str));
        if let Some(row) = work.maybe(earlier).await? {
            uses.push(EarlierUse {
                copy,
                filing: FilingId(value(&row, "id")?),
                branch: parsed_maybe(&row, "branch")?,
                elsewhere: value(&row, "elsewhere")?,
            });
        }
    }
    Ok(uses)
}

/// The request that a copy was made for, as its `DR-` number.
pub(super) fn request(reading: &Reading) -> Option<&str> {
    let field = reading.fields.iter().find(|field| field.kind == FieldKind::RequestId)?;
    field.plain.as_deref()
}
