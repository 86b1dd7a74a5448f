//! A letter's signed parts + whoever has evidence + a moment to be ready at → verdicts by what came in time.
//!
//! A bounded search: the verdict says what it lacks, that is asked for, and the verdict is made anew with what came; at
//! most three times, and nobody waits beyond [`EVIDENCE_PATIENCE`]. What comes later lands on the shelf, and
//! [`crate::reverify`] comes back to the letter.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use crate::evidence::{Fetcher, Gathered, NEEDS_MAX, Shelf};
use crate::model::{Clock, Digest, Found, Letter, Need, NeedKind, Policy, Proof, Signed, Timestamp, Verdict};
use crate::verify::{Evidence, Judge, Lack, Lacks, Trust};

/// How long a letter waits for evidence, in all. An OCSP answer takes a twentieth to half a second, so a good line has
/// it twice over; a mailbox is looked at every thirty seconds, so nobody notices the rest. With the line down only the
/// first letters wait at all: a host that fails is left alone for a while.
pub const EVIDENCE_PATIENCE: Duration = Duration::from_secs(2);

/// When each round ends, counted from the first: a responder's silence must leave time to look for its list on the shelf.
const ROUNDS: [Duration; 3] = [Duration::from_millis(1_000), Duration::from_millis(1_500), EVIDENCE_PATIENCE];

/// Where evidence comes from.
pub trait Source: Send + Sync {
    /// What there is for each need, in their order, at `deadline` at the latest.
    fn gather<'a>(&'a self, needs: &'a [Need], deadline: Instant) -> BoxFuture<'a, Vec<Gathered>>;

    /// What was found proves nothing: it is not given out again.
    fn refuse(&self, found: &Found, reason: &str);
}

impl<S: Shelf> Source for Fetcher<S> {
    fn gather<'a>(&'a self, needs: &'a [Need], deadline: Instant) -> BoxFuture<'a, Vec<Gathered>> {
        Box::pin(Self::gather(self, needs, deadline))
    }

    fn refuse(&self, found: &Found, reason: &str) {
        Self::refuse(self, found, reason);
    }
}

/// What is judged, and by which rules.
pub struct Case {
    /// The letter.
    pub letter: Letter,
    /// Its signed parts.
    pub signed: Signed,
    /// Whom to trust.
    pub trust: Arc<Trust>,
    /// What is demanded.
    pub policy: Arc<Policy>,
    /// What tells both from others.
    pub rules: Digest,
    /// When the signatures are proven to have existed.
    pub proof_at: Timestamp,
}

/// The verdicts on a case, and what is known of their ground.
#[derive(Clone, Debug)]
pub struct Judged {
    /// One for each signed part.
    pub verdicts: Vec<Verdict>,
    /// What each of them rests on, in their order.
    pub rests_on: Vec<Vec<Proof>>,
    /// The digest of the rules that they were judged by.
    pub rules: Digest,
    /// What would have helped.
    pub lacks: Lacks,
    /// Whether somebody who was asked gave no new answer in time.
    pub was_refused: bool,
}

impl Case {
    /// The verdicts by what is `found`. Pure work of milliseconds to a second: off the asynchronous workers.
    #[must_use]
    pub fn judge(&self, found: &[Found], judged_at: Timestamp) -> Judged {
        let mut evidence = Evidence::new();
        found.iter().for_each(|found| evidence.add_found(found));
        let judge = Judge { trust: &self.trust, evidence: &evidence, policy: &self.policy };
        let (parts, lacks) = judge.letter_and_lacks(&self.letter, &self.signed, self.proof_at, judged_at);
        let (verdicts, rests_on) = parts.into_iter().map(|part| (part.verdict, part.rests_on)).unzip();
        Judged { verdicts, rests_on, rules: self.rules, lacks, was_refused: false }
    }
}

/// Makes the verdicts anew while something comes that they lack. `wants_newer`: also asks again about what counted.
///
/// # Errors
/// Those of `aside`, which does the judging where it holds nobody up.
pub async fn with_what_comes<E>(
    mut case: Case,
    mut judged: Judged,
    source: &dyn Source,
    clock: &dyn Clock,
    wants_newer: bool,
    aside: impl AsyncFn(Case, Vec<Found>, Timestamp) -> Result<(Case, Judged), E>,
) -> Result<(Case, Judged), E> {
    let begun = Instant::now();
    let mut asked: HashSet<Digest> = HashSet::new();
    let mut found: Vec<Found> = Vec::new();
    let mut was_refused = false;
    for patience in ROUNDS {
        let newer = if wants_newer { judged.lacks.newer.as_slice() } else { &[] };
        let needs = next_ways(judged.lacks.missing.iter().chain(newer), &asked);
        if needs.is_empty() {
            break;
        }
        asked.extend(needs.iter().map(Need::key));
        let gathered = source.gather(&needs, begun + patience).await;
        was_refused |= gathered.iter().any(|gathered| gathered.fault.is_some());
        let came: Vec<Found> = gathered.iter().filter_map(|gathered| gathered.found.clone()).collect();
        if came.is_empty() {
            continue;
        }
        found.extend(came.iter().cloned());
        (case, judged) = aside(case, found.clone(), clock.now()).await?;
        for found in of_no_use(&came, &judged.lacks) {
            source.refuse(found, "the certificate's standing is not known by it");
        }
    }
    judged.was_refused = was_refused;
    look_ahead(&judged.lacks, &asked, source).await;
    Ok((case, judged))
}

/// The first way of each lack that was not gone yet; each need once.
fn next_ways<'a>(lacks: impl Iterator<Item = &'a Lack>, asked: &HashSet<Digest>) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for lack in lacks {
        let way = lack.ways.iter().find(|way| way.iter().any(|need| !asked.contains(&need.key())));
        for need in way.into_iter().flatten() {
            if needs.len() < NEEDS_MAX && !needs.contains(need) && !asked.contains(&need.key()) {
                needs.push(need.clone());
            }
        }
    }
    needs
}

/// OCSP answers that came, after which the same thing is still missing. A list may be of use to another certificate.
fn of_no_use<'a>(came: &'a [Found], lacks: &'a Lacks) -> impl Iterator<Item = &'a Found> {
    let is_missing =
        |need: &Need| lacks.missing.iter().flat_map(|lack| &lack.ways).flatten().any(|n| n == need);
    came.iter().filter(move |found| found.need.kind() == NeedKind::Ocsp && is_missing(&found.need))
}

/// Has the lists of the authorities that were met brought to the shelf, for hours without a line; waits for none of it.
async fn look_ahead(lacks: &Lacks, asked: &HashSet<Digest>, source: &dyn Source) {
    let all = lacks.missing.iter().chain(&lacks.newer).flat_map(|lack| lack.ways.iter().flatten());
    let mut lists: Vec<Need> = Vec::new();
    for need in all {
        let is_new = need.kind() == NeedKind::Crl && !asked.contains(&need.key()) && !lists.contains(need);
        if is_new && lists.len() < NEEDS_MAX {
            lists.push(need.clone());
        }
    }
    if !lists.is_empty() {
        source.gather(&lists, Instant::now()).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Gives nothing, as late as it may.
    #[derive(Default)]
    struct Silent(Mutex<Vec<(Vec<Need>, Duration)>>);

    impl Source for Silent {
        fn gather<'a>(&'a self, needs: &'a [Need], deadline: Instant) -> BoxFuture<'a, Vec<Gathered>> {
            let patience = deadline.saturating_duration_since(Instant::now());
            self.0.lock().unwrap().push((needs.to_vec(), patience));
            Box::pin(async move {
                tokio::time::sleep_until(deadline).await;
                Vec::new()
            })
        }

        fn refuse(&self, _: &Found, _: &str) {}
    }

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }

    fn list(name: &str) -> Vec<Need> {
        vec![Need::Crl { url: format!("http://ca.test/{name}") }]
    }

    fn judged(missing: Vec<Lack>) -> (Case, Judged) {
        let letter = crate::parse::letter(b"Subject: a\r\n\r\nb");
        let signed = crate::verify::signed_parts(&letter);
        let (trust, policy) = (Arc::default(), Arc::default());
        let rules = Digest::of(b"rules");
        let case = Case { letter, signed, trust, policy, rules, proof_at: Timestamp::UNIX_EPOCH };
        let mut judged = case.judge(&[], Timestamp::UNIX_EPOCH);
        judged.lacks.missing = missing;
        (case, judged)
    }

    async fn ask(source: &Silent, missing: Vec<Lack>) {
        let (case, judged) = judged(missing);
        let aside = async |_: Case, _: Vec<Found>, _: Timestamp| Err("nothing came, so nothing is judged");
        let done = with_what_comes(case, judged, source, &Stopped, false, aside).await;
        assert!(done.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn silent_servers_hold_a_letter_up_for_its_patience_and_no_longer() {
        let (source, begun) = (Silent::default(), Instant::now());
        let ways = (0..9).map(|n| list(&n.to_string())).collect();
        ask(&source, vec![Lack { ways }]).await;
        assert_eq!(begun.elapsed(), EVIDENCE_PATIENCE);
        let asked: Vec<usize> = source.0.lock().unwrap().iter().map(|(needs, _)| needs.len()).collect();
        assert_eq!(asked, [1, 1, 1, 6], "a way a round, and the other lists for later");
        assert_eq!(source.0.lock().unwrap()[3].1, Duration::ZERO, "nobody waits for those");
    }

    #[tokio::test(start_paused = true)]
    async fn a_letter_that_lacks_nothing_waits_for_nothing() {
        let (source, begun) = (Silent::default(), Instant::now());
        ask(&source, Vec::new()).await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
        assert!(source.0.lock().unwrap().is_empty());
    }

    #[test]
    fn each_need_is_asked_once_and_the_next_way_when_one_was_gone() {
        let lacks = [
            Lack { ways: vec![list("a"), list("b")] },
            Lack { ways: vec![list("a")] },
            Lack { ways: vec![list("c")] },
        ];
        let mut asked = HashSet::new();
        let first = next_ways(lacks.iter(), &asked);
        assert_eq!(first, [list("a"), list("c")].concat());
        asked.extend(first.iter().map(Need::key));
        assert_eq!(next_ways(lacks.iter(), &asked), list("b"));
    }
}
