//! Filed letters → their verdicts judged again, while evidence may still come or a revocation be told late.
//!
//! A letter is judged from its kept bytes with the same proof of existence, its first writing; only the evidence and the
//! rules are of today. What says something else is appended; nothing is overwritten, and the match stays. A verdict that
//! knew of a certificate's revocation is not replaced by one that does not: evidence that ended, or a responder whose own
//! certificate did, takes nothing back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use tokio::sync::watch::Receiver;

use crate::health::Health;
use crate::judging::{self, Case, Judged};
use crate::model::{Clock, Digest, Indication, Proof, Reason, RevocationStanding, Timestamp, Verdict};
use crate::pipeline::{NotFiled, Rules, judge_aside};
use crate::store::{DueReview, Review, Store, StoreError};
use crate::supervise::unless_stopped;
use crate::{parse, verify};

/// How often to look for what is due.
const EVERY: Duration = Duration::from_secs(60);

/// Letters judged in one pass.
const PASS_MAX: u32 = 500;

/// After so many letters in a row whose evidence cannot be had, the rest waits for the next pass: the line is down, and
/// each letter more would only say it again.
const FRUITLESS_MAX: u32 = 8;

/// Between two letters as long as the last one took, this at the least: half a core at most is spent on old letters.
const REST_MIN: Duration = Duration::from_millis(5);

/// A letter that ends the program while it is judged is not judged again sooner.
const PUT_OFF: SignedDuration = SignedDuration::from_hours(1);

/// The waits after tries without anything new: doubled from the first to the last. One whose evidence cannot be had is
/// tried every ten minutes at least, so that all is settled within minutes when the line is back.
const WAIT_MIN: SignedDuration = SignedDuration::from_mins(1);
const WAIT_MISSING_MAX: SignedDuration = SignedDuration::from_mins(10);
const WAIT_NEWER_MAX: SignedDuration = SignedDuration::from_hours(6);

/// What is settled is looked at again when it is twice as old: about ten times in a month.
const WAIT_SETTLED_MIN: SignedDuration = SignedDuration::from_hours(1);

/// What judging again needs.
#[derive(Clone)]
pub struct Reverify {
    /// Where letters and verdicts are kept.
    pub store: Store,
    /// Whom to trust and what to demand.
    pub rules: Rules,
    /// Where evidence comes from; none: only changed rules are a reason.
    pub source: Option<Arc<dyn judging::Source>>,
    /// For how many days after a letter was filed.
    pub days: u16,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Where changes are counted.
    pub health: Health,
}

/// What a pass did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reviewed {
    /// Letters judged.
    pub letters: u32,
    /// Letters of which a verdict says something else now.
    pub changed: u32,
    /// Whether it ended because nothing could be had.
    pub is_fruitless: bool,
}

impl Reverify {
    /// Passes every minute until `stop` becomes true. `alive` is called before each.
    pub async fn run(&self, mut stop: Receiver<bool>, alive: impl Fn()) {
        loop {
            alive();
            let Some(pass) = unless_stopped(&mut stop, self.pass()).await else { return };
            match pass {
                Ok(Reviewed { letters: 0, .. }) => {}
                Ok(Reviewed { letters, changed, is_fruitless }) => {
                    tracing::debug!(letters, changed, is_fruitless, "verdicts judged again");
                }
                Err(fault) => {
                    tracing::warn!("verdicts cannot be judged again, it will be tried later: {fault}");
                }
            }
            if unless_stopped(&mut stop, tokio::time::sleep(EVERY)).await.is_none() {
                return;
            }
        }
    }

    /// Judges what is due. May be cut at any point.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pass(&self) -> Result<Reviewed, StoreError> {
        let now = self.clock.now();
        self.store.end_reviews(earlier(now, SignedDuration::from_hours(24 * i64::from(self.days)))).await?;
        let by_new_rules = self.store.review_by(&self.rules.digest(), now).await?;
        if by_new_rules > 0 {
            tracing::info!(letters = by_new_rules, "the rules changed: verdicts are judged again");
        }
        let mut done = Reviewed::default();
        let (mut fruitless, mut hastened) = (0, false);
        while done.letters < PASS_MAX {
            let begun = Instant::now();
            let now = self.clock.now();
            let Some(due) = self.store.take_review(now, later(now, PUT_OFF)).await? else { break };
            done.letters += 1;
            let Some((review, was_refused)) = self.review(&due).await? else { continue };
            let is_new = !review.changed.is_empty();
            self.store.keep_review(due.filing, &review, self.clock.now()).await?;
            if is_new {
                done.changed += 1;
                self.tell(&due, &review.changed);
            }
            // Something has come for which this letter waited: for others too, perhaps.
            if due.waits && (is_new || !review.waits) && !hastened {
                hastened = true;
                self.store.hasten_reviews(self.clock.now()).await?;
            }
            fruitless = if was_refused && !is_new { fruitless + 1 } else { 0 };
            if fruitless == FRUITLESS_MAX {
                done.is_fruitless = true;
                break;
            }
            tokio::time::sleep(begun.elapsed().max(REST_MIN)).await;
        }
        Ok(done)
    }

    /// One letter judged by today's evidence and rules, and whether somebody gave no answer; none where we failed with it:
    /// it was put off already.
    async fn review(&self, due: &DueReview) -> Result<Option<(Review, bool)>, StoreError> {
        let bytes = match self.store.blob(&due.digest).await {
            Ok(bytes) => bytes,
            Err(fault) => {
                tracing::warn!(filing = due.filing.0, %fault, "a letter cannot be judged again");
                return Ok(None);
            }
        };
        let judged = self.judged(bytes, due.filed_at).await;
        let judged = match judged {
            Ok(judged) => judged,
            Err(NotFiled::Store(fault)) => return Err(fault),
            Err(fault) => {
                tracing::warn!(filing = due.filing.0, %fault, "a letter cannot be judged again");
                return Ok(None);
            }
        };
        let rules = judged.rules;
        let new = judged.verdicts.into_iter().zip(judged.rests_on);
        let new = new.filter(|(new, _)| says_something_else(new, &due.verdicts));
        let (changed, rests_on): (Vec<Verdict>, Vec<Vec<Proof>>) = new.unzip();
        let is_missing = !judged.lacks.missing.is_empty();
        let tries = if changed.is_empty() { due.tries.saturating_add(1) } else { 0 };
        let now = self.clock.now();
        let wait = if judged.lacks.settled || self.source.is_none() {
            due.filed_at.duration_until(now).max(WAIT_SETTLED_MIN)
        } else {
            let longest = if is_missing { WAIT_MISSING_MAX } else { WAIT_NEWER_MAX };
            WAIT_MIN.saturating_mul(2_i32.saturating_pow(tries)).min(longest)
        };
        let review = Review { changed, rests_on, rules, waits: is_missing, tries, next_at: later(now, wait) };
        Ok(Some((review, judged.was_refused)))
    }

    async fn judged(&self, bytes: Vec<u8>, proof_at: Timestamp) -> Result<Judged, NotFiled> {
        let (rules, now) = (self.rules.clone(), self.clock.now());
        let (case, judged) = crate::pipeline::aside(move || {
            let (trust, policy, limits, rules) = rules.parts();
            let letter = parse::letter_within(&bytes, &limits);
            let signed = verify::signed_parts(&letter);
            let case = Case { letter, signed, trust, policy, rules, proof_at };
            let judged = case.judge(&[], now);
            (case, judged)
        })
        .await?;
        let Some(source) = &self.source else { return Ok(judged) };
        let anew = judging::with_what_comes(case, judged, &**source, &*self.clock, true, judge_aside).await?;
        Ok(anew.1)
    }

    /// A line in the log and a count; nothing of the letter's content.
    fn tell(&self, due: &DueReview, changed: &[Verdict]) {
        for new in changed {
            let before = due.verdicts.iter().find(|old| old.p7s_at == new.p7s_at);
            let before = before.map_or("", |old| old.indication.word());
            let now = new.indication.word();
            let why = new.sub_indication.map_or("", crate::model::SubIndication::word);
            if before == now {
                tracing::info!(filing = due.filing.0, part = new.p7s_at, now, why, "a verdict rests on more");
            } else {
                tracing::warn!(
                    filing = due.filing.0,
                    part = new.p7s_at,
                    before,
                    now,
                    why,
                    "a verdict changed"
                );
                self.health.verdict_changed(new.indication);
            }
        }
    }
}

/// Whether a verdict on the same part says something else than the newest of the old ones, and knows no less.
fn says_something_else(new: &Verdict, old: &[Verdict]) -> bool {
    let Some(old) = old.iter().find(|old| old.p7s_at == new.p7s_at) else { return true };
    said(new) != said(old) && !forgets(new, old)
}

/// What a verdict says, without the words and moments that change with every answer.
type Said<'a> = (Indication, Option<crate::model::SubIndication>, Option<&'a Reason>, Vec<SignerSaid<'a>>);
type SignerSaid<'a> =
    (Indication, Option<crate::model::SubIndication>, Vec<Digest>, Vec<(&'a str, Standing)>, Vec<Indication>);

/// What is known of a certificate.
#[derive(PartialEq, Eq, Debug)]
enum Standing {
    /// Good; whether by evidence from after the moment that counts.
    Good(bool),
    Revoked(Timestamp),
    Unknown,
}

fn said(verdict: &Verdict) -> Said<'_> {
    let reason = verdict.reason.as_ref().filter(|reason| !matches!(reason, Reason::RevocationUnknown { .. }));
    let signers = verdict.signers.iter().map(|signer| {
        let standings = signer.revocation.iter().map(|facts| {
            let standing = match &facts.standing {
                RevocationStanding::Good { as_of, .. } => Standing::Good(*as_of >= signer.proven_at),
                RevocationStanding::Revoked { since, .. } => Standing::Revoked(*since),
                RevocationStanding::Unknown { .. } | RevocationStanding::NotAsked => Standing::Unknown,
            };
            (facts.subject.as_str(), standing)
        });
        let chain = signer.chain.iter().map(|facts| facts.fingerprint).collect();
        let stamps = signer.time_stamps.iter().map(|stamp| stamp.indication).collect();
        (signer.indication, signer.sub_indication, chain, standings.collect(), stamps)
    });
    (verdict.indication, verdict.sub_indication, reason, signers.collect())
}

/// Whether `new` does not know what `old` knew of a certificate on the same path.
fn forgets(new: &Verdict, old: &Verdict) -> bool {
    new.signers.iter().zip(&old.signers).any(|(new, old)| {
        let chain = |signer: &crate::model::SignerVerdict| -> Vec<Digest> {
            signer.chain.iter().map(|facts| facts.fingerprint).collect()
        };
        let known = |standing: &RevocationStanding| {
            matches!(standing, RevocationStanding::Good { .. } | RevocationStanding::Revoked { .. })
        };
        let unknown = |standing: &RevocationStanding| matches!(standing, RevocationStanding::Unknown { .. });
        let mut pairs = new.revocation.iter().zip(&old.revocation);
        chain(new) == chain(old) && pairs.any(|(new, old)| unknown(&new.standing) && known(&old.standing))
    })
}

fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn earlier(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_sub(by).unwrap_or(Timestamp::MIN)
}
