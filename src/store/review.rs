//! Letters whose verdicts are judged again: which, when, and what came of it.

use std::time::Duration;

use serde::Serialize;

use super::columns::{facts, moment, parsed, value};
use super::work::Work;
use super::{Store, StoreError, audit, tidings, verdicts};
use crate::model::{
    Digest, Filing, FilingId, Indication, Occasion, Proof, RevocationStanding, SubIndication, Timestamp,
    Verdict,
};

/// The wait before the first time where something is missing: what came too late for the letter is there by then.
const FIRST_WAIT_MISSING: Duration = Duration::from_secs(60);

/// The same where it passed and something is not known of it.
const FIRST_WAIT_UNSURE: Duration = Duration::from_secs(10 * 60);

/// The same where all is well: a revocation may be told late.
const FIRST_WAIT_GOOD: Duration = Duration::from_secs(60 * 60);

/// A letter whose verdicts are to be judged again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DueReview {
    /// Its filing.
    pub filing: FilingId,
    /// Its blob.
    pub digest: Digest,
    /// When it was filed: the moment that its signatures are proven at.
    pub filed_at: Timestamp,
    /// Whether something that was asked for is missing.
    pub waits: bool,
    /// How often it was judged without anything new.
    pub tries: u32,
    /// The newest verdict on each signed part.
    pub verdicts: Vec<Verdict>,
}

/// What came of a review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Verdicts that say something else than before.
    pub changed: Vec<Verdict>,
    /// What each of them rests on, in their order.
    pub rests_on: Vec<Vec<Proof>>,
    /// The digest of the rules that they were judged by.
    pub rules: Digest,
    /// Whether something that was asked for is missing.
    pub waits: bool,
    /// How often it was judged without anything new.
    pub tries: u32,
    /// When it is judged again.
    pub next_at: Timestamp,
}

impl Store {
    /// The letter that is due at `now`, those that wait for something first; it is put off until `again_at` in the same
    /// transaction, so that one which ends the program does not do so at once again.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn take_review(
        &self,
        now: Timestamp,
        again_at: Timestamp,
    ) -> Result<Option<DueReview>, StoreError> {
        let due = sqlx::query(
            "SELECT review.*, filing.digest FROM review JOIN filing ON filing.id = review.filing
             WHERE review.next_at <= $1 ORDER BY review.waits DESC, review.next_at, review.filing LIMIT 1",
        );
        let mut work = self.writing().await?;
        let Some(row) = work.maybe(due.bind(now.as_microsecond())).await? else { return Ok(None) };
        let filing = FilingId(value(&row, "filing")?);
        let put_off = sqlx::query("UPDATE review SET next_at = $2 WHERE filing = $1");
        work.run(put_off.bind(filing.0).bind(again_at.as_microsecond())).await?;
        let due = DueReview {
            filing,
            digest: parsed(&row, "digest")?,
            filed_at: moment(&row, "filed_at")?,
            waits: value(&row, "waits")?,
            tries: value(&row, "tries")?,
            verdicts: verdicts::newest(&mut work, filing).await?,
        };
        work.commit().await?;
        Ok(Some(due))
    }

    /// Appends what changed, at `at`; the filing's light follows, and what was before stays. What people are to be told
    /// of it is noted in the same transaction.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_review(
        &self,
        filing: FilingId,
        review: &Review,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.keep_lists(review.rests_on.iter().flatten()).await?;
        let mut work = self.writing().await?;
        if !review.changed.is_empty() {
            append(&mut work, filing, review, at).await?;
            self.relit(&mut work, filing, Occasion::Verdict, at).await?;
        }
        let next = sqlx::query("UPDATE review SET next_at = $2, waits = $3, tries = $4 WHERE filing = $1")
            .bind(filing.0)
            .bind(review.next_at.as_microsecond())
            .bind(review.waits)
            .bind(review.tries);
        work.run(next).await?;
        work.commit().await
    }

    /// Everything that waits is due at `now`: something has come. How many they are.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn hasten_reviews(&self, now: Timestamp) -> Result<u64, StoreError> {
        let hasten = "UPDATE review SET next_at = $1 WHERE waits = 1 AND next_at > $1";
        let mut work = self.writing().await?;
        let hastened = work.run(sqlx::query(hasten).bind(now.as_microsecond())).await?;
        work.commit().await?;
        Ok(hastened)
    }

    /// The rules that letters are judged by now: where they are others than before, every letter is due at `now`. How
    /// many; none where the rules are the same, or were never told before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn review_by(&self, rules: &Digest, now: Timestamp) -> Result<u64, StoreError> {
        let mut work = self.writing().await?;
        let known = work.maybe(sqlx::query("SELECT digest FROM review_rules")).await?;
        let known: Option<Digest> = known.map(|row| parsed(&row, "digest")).transpose()?;
        if known == Some(*rules) {
            return Ok(0);
        }
        let keep = sqlx::query(
            "INSERT INTO review_rules (one, digest) VALUES (1, $1)
             ON CONFLICT (one) DO UPDATE SET digest = excluded.digest",
        );
        work.run(keep.bind(rules.to_string())).await?;
        let due = match known {
            None => 0,
            Some(_) => {
                let all = sqlx::query("UPDATE review SET next_at = $1 WHERE next_at > $1");
                work.run(all.bind(now.as_microsecond())).await?
            }
        };
        work.commit().await?;
        Ok(due)
    }

    /// Letters that were filed before `before` are judged no more. How many they were.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_reviews(&self, before: Timestamp) -> Result<u64, StoreError> {
        let end = sqlx::query("DELETE FROM review WHERE filed_at < $1").bind(before.as_microsecond());
        let mut work = self.writing().await?;
        let ended = work.run(end).await?;
        work.commit().await?;
        Ok(ended)
    }

    /// When the next letter is due; none when nothing is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_review(&self) -> Result<Option<Timestamp>, StoreError> {
        let next = sqlx::query("SELECT next_at FROM review ORDER BY next_at LIMIT 1");
        self.reading().await?.maybe(next).await?.map(|row| moment(&row, "next_at")).transpose()
    }

    /// Every verdict that was ever made on a filing's parts, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verdict_history(&self, filing: FilingId) -> Result<Vec<Verdict>, StoreError> {
        let all = sqlx::query("SELECT facts FROM verdict WHERE filing = $1 ORDER BY seq").bind(filing.0);
        self.reading().await?.all(all).await?.iter().map(|row| facts(row, "facts")).collect()
    }
}

/// A new filing's verdicts are judged again, unless all of them are false for good.
pub(super) async fn begin(work: &mut Work, id: FilingId, filing: &Filing) -> Result<(), StoreError> {
    if filing.verdicts.iter().all(|verdict| verdict.indication == Indication::TotalFailed) {
        return Ok(());
    }
    let unknown = |standing: &RevocationStanding| matches!(standing, RevocationStanding::Unknown { .. });
    let waits = filing.verdicts.iter().any(|verdict| verdict.indication == Indication::Indeterminate);
    let mut signers = filing.verdicts.iter().flat_map(|verdict| &verdict.signers);
    let is_unsure = signers.any(|signer| signer.revocation.iter().any(|facts| unknown(&facts.standing)));
    let wait = match (waits, is_unsure) {
        (true, _) => FIRST_WAIT_MISSING,
        (false, true) => FIRST_WAIT_UNSURE,
        (false, false) => FIRST_WAIT_GOOD,
    };
    let next_at = filing.filed_at.checked_add(wait).unwrap_or(Timestamp::MAX);
    let row = sqlx::query(
        "INSERT INTO review (filing, filed_at, next_at, waits, tries) VALUES ($1, $2, $3, $4, 0)",
    );
    let row = row.bind(id.0).bind(filing.filed_at.as_microsecond()).bind(next_at.as_microsecond());
    work.run(row.bind(waits)).await.map(|_| ())
}

#[derive(Serialize)]
struct JudgedAgain {
    parts: Vec<usize>,
    before: Option<Indication>,
    now: Option<Indication>,
}

async fn append(
    work: &mut Work,
    filing: FilingId,
    Review { changed, rests_on, rules, .. }: &Review,
    at: Timestamp,
) -> Result<(), StoreError> {
    let old = verdicts::newest(work, filing).await?;
    let before = verdicts::worst(&old).map(|(indication, _)| indication);
    tidings::note_change(work, filing, &old, changed, at).await?;
    verdicts::append(work, filing, changed, rests_on, rules).await?;
    let newest = verdicts::newest(work, filing).await?;
    let worst = verdicts::worst(&newest);
    let light =
        sqlx::query("UPDATE filing SET indication = $2, sub_indication = $3, signers = $4 WHERE id = $1")
            .bind(filing.0)
            .bind(worst.map(|(indication, _)| indication.word()))
            .bind(worst.and_then(|(_, sub_indication)| sub_indication).map(SubIndication::word))
            .bind(super::columns::as_json(&verdicts::signers(&newest), "signers")?);
    work.run(light).await?;
    let parts = changed.iter().map(|verdict| verdict.p7s_at).collect();
    let fact = JudgedAgain { parts, before, now: worst.map(|(indication, _)| indication) };
    audit::note(work, at, "filing.judged-again", &format!("filing {filing}"), &fact).await
}
