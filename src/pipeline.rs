//! One letter's whole journey, from its bytes to its filing.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::health::{Health, LetterFacts};
use crate::judging::{self, Case};
use crate::mishap::{self, Point};
use crate::model::{
    Attempt, AttemptFault, Clock, Digest, Filing, FilingId, Found, History, Matched, Outcome, Policy,
    QuarantineId, RawMail, Reading, ReadingTrouble, Source, Timestamp, TokensFound,
};
use crate::store::{Store, StoreError};
use crate::transcribing::{self, Transcriber, Transcripts};
use crate::{matching, parse, qr, reading, verify};

/// After so many failures with a letter we give it up.
///
/// A death or two may be somebody pulling the plug, or another letter's doing; five are this letter's, which is looked
/// into alone from its second attempt on. A service manager starts us again within seconds, so that a letter which
/// kills the program holds the mailboxes up for less than a minute.
pub const ATTEMPTS_MAX: u32 = 5;

/// How long looking into one letter may take. The largest that is looked into (64 MiB by default) takes about a second;
/// what takes longer than this does not end.
const LOOK_MAX: Duration = Duration::from_secs(5 * 60);

/// Letters are looked into beside each other; one that was tried before, alone, so that when the program dies it is
/// known by which. The program dies as a whole, so all its pipelines share this.
static IN_HAND: RwLock<()> = RwLock::const_new(());

/// What a letter's journey needs.
#[derive(Clone)]
pub struct Pipeline {
    store: Store,
    rules: Rules,
    clock: Arc<dyn Clock>,
    health: Option<Health>,
    evidence: Option<Arc<dyn judging::Source>>,
    transcriber: Option<Transcriber>,
}

/// How long the parts of a journey took.
#[derive(Clone, Copy, Default)]
struct Took {
    parse: Duration,
    verify: Duration,
    evidence: Duration,
    read: Duration,
    store: Duration,
    all: Duration,
}

/// Whom to trust and how far to look, shared by every journey; when they change, the next letter meets the new ones.
#[derive(Clone)]
pub struct Rules(Arc<std::sync::RwLock<RulesNow>>);

/// The rules of one moment.
#[derive(Clone)]
struct RulesNow {
    trust: Arc<verify::Trust>,
    policy: Arc<Policy>,
    limits: parse::Limits,
    digest: Digest,
}

impl Rules {
    /// These rules.
    #[must_use]
    pub fn new(trust: Arc<verify::Trust>, policy: Policy, limits: parse::Limits) -> Self {
        let policy = Arc::new(policy);
        let digest = Digest([0; 32]);
        Self(Arc::new(std::sync::RwLock::new(RulesNow { trust, policy, limits, digest })))
    }

    /// The same rules, told from others by this digest.
    #[must_use]
    pub fn with_digest(self, digest: Digest) -> Self {
        self.0.write().unwrap_or_else(PoisonError::into_inner).digest = digest;
        self
    }

    /// What tells these rules from others.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.now().digest
    }

    /// From the next letter on, the rules of `other`.
    pub fn become_those_of(&self, other: &Self) {
        let new = other.now();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    /// Whom to trust, what to demand, how far to look, now; and what tells these rules from others.
    pub(crate) fn parts(&self) -> (Arc<verify::Trust>, Arc<Policy>, parse::Limits, Digest) {
        let RulesNow { trust, policy, limits, digest } = self.now();
        (trust, policy, limits, digest)
    }

    fn now(&self) -> RulesNow {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Why a letter was not filed: it will be tried again.
#[derive(Debug, thiserror::Error)]
pub enum NotFiled {
    /// The store could not do its part, whatever letter it was.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// We failed with this very letter.
    #[error("{}", crate::texts::attempt_fault(.0).en)]
    Letter(AttemptFault),
}

/// What is seen in a letter without asking the store anything.
struct Seen {
    case: Case,
    judged: judging::Judged,
    tokens: TokensFound,
    copies: Vec<crate::model::Copy>,
}

impl Pipeline {
    /// A pipeline over a store, with these rules and clock.
    #[must_use]
    pub fn new(store: Store, rules: Rules, clock: Arc<dyn Clock>) -> Self {
        Self { store, rules, clock, health: None, evidence: None, transcriber: None }
    }

    /// The same pipeline, which also counts its letters there.
    #[must_use]
    pub fn counting(self, health: Health) -> Self {
        Self { health: Some(health), ..self }
    }

    /// The same pipeline, which also asks there for what verdicts lack.
    #[must_use]
    pub fn asking(self, evidence: Option<Arc<dyn judging::Source>>) -> Self {
        Self { evidence, ..self }
    }

    /// The same pipeline, which also reads what the copies say.
    #[must_use]
    pub fn reading(self, transcriber: Option<Transcriber>) -> Self {
        Self { transcriber, ..self }
    }

    /// Files one letter. Safe to repeat, and to leave at any point: a filing is keyed by mailbox and digest.
    ///
    /// A forged signature is a `Verdict`, broken MIME is a `Defect`. A letter that we failed with [`ATTEMPTS_MAX`] times,
    /// deaths of the program included, goes to quarantine.
    ///
    /// # Errors
    /// Only when *we* failed and the letter must be tried again; it still lies where it came from.
    pub async fn process(&self, mail: RawMail) -> Result<Outcome, NotFiled> {
        let begun = Instant::now();
        mishap::at(Point::Fetched);
        let history = self.store.history(&mail.mailbox, &mail.digest).await?;
        match history {
            History::Filed(id) => {
                self.store.account(&mail, id).await?;
                self.tell_known(&mail, id, begun);
                return Ok(Outcome::AlreadyFiled(id));
            }
            History::Quarantined(id) => {
                self.store.account_quarantined(&mail, id).await?;
                return Ok(Outcome::Quarantined(id));
            }
            History::New | History::Tried => {}
        }
        self.store.keep_blob(&mail.bytes).await?;
        mishap::at(Point::BlobKept);
        let _in_hand = InHand::take(history).await;
        let attempt = self.store.begin_attempt(&mail, self.clock.now()).await?;
        mishap::at(Point::AttemptBegun);
        if attempt.failures >= ATTEMPTS_MAX {
            let fault = attempt.fault.clone().unwrap_or(AttemptFault::Died);
            return self.give_up(&attempt, attempt.failures, &fault).await;
        }
        match self.look_and_file(mail, attempt.first_at, begun).await {
            Ok(id) => {
                mishap::at(Point::Filed);
                Ok(Outcome::Filed(id))
            }
            Err(failed) => self.settle(&attempt, failed).await,
        }
    }

    /// Files a letter of the quarantine now, judged as at its first attempt.
    ///
    /// # Errors
    /// When there is no such letter, or it fails again; it stays in quarantine.
    pub async fn retry(&self, id: QuarantineId) -> Result<FilingId, NotFiled> {
        let held = self.store.quarantined_letter(id).await?;
        let bytes = self.store.blob(&held.digest).await?;
        let (mailbox, source) = (held.mailbox, held.source);
        let mail = RawMail { mailbox, source, received_at: held.received_at, digest: held.digest, bytes };
        let filed = match self.look_into(mail, held.first_at).await {
            Ok((filing, _)) => {
                let filed = self.store.file_from_quarantine(&filing, id, self.clock.now()).await;
                filed.map_err(NotFiled::of)
            }
            Err(failed) => Err(failed),
        };
        if let Err(NotFiled::Letter(fault)) = &filed {
            self.store.retry_failed(id, fault).await?;
        }
        filed
    }

    /// The same journey without filing: what would be filed now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn examine(&self, mail: RawMail) -> Result<Filing, NotFiled> {
        Ok(self.look_into(mail, self.clock.now()).await?.0)
    }

    async fn look_and_file(
        &self,
        mail: RawMail,
        first_at: Timestamp,
        begun: Instant,
    ) -> Result<FilingId, NotFiled> {
        let before = begun.elapsed();
        let (filing, looked) = self.look_into(mail, first_at).await?;
        mishap::at(Point::LookedInto);
        let examined = begun.elapsed();
        let id = self.store.file(&filing).await.map_err(NotFiled::of)?;
        let is_left = |reading: &Reading| reading.trouble == Some(ReadingTrouble::OcrLater);
        if let Some(transcriber) = self.transcriber.as_ref()
            && filing.readings.iter().flatten().any(is_left)
        {
            transcriber.leave_ocr();
        }
        let store = before + begun.elapsed().saturating_sub(examined);
        self.tell_filed(&filing, id, Took { store, all: begun.elapsed(), ..looked });
        Ok(id)
    }

    /// Everything that is to be filed. Signatures are judged with `first_at` as the proof that they existed then.
    async fn look_into(&self, mail: RawMail, first_at: Timestamp) -> Result<(Filing, Took), NotFiled> {
        let this = self.clone();
        let (mail, (seen, took)) = aside(move || {
            let seen = this.look(&mail, first_at);
            (mail, seen)
        })
        .await?;
        let (seen, took) = self.ask(seen, took).await?;
        let (seen, transcripts, took) = self.read(seen, took).await?;
        let known = self.known(&mail, &seen.tokens).await.map_err(NotFiled::of)?;
        aside(move || {
            let Seen { case, judged, tokens, copies } = seen;
            let judging::Judged { verdicts, rests_on, rules, .. } = judged;
            let letter = case.letter;
            let matched = matching::decide(&tokens, &copies, &known, &mail.mailbox, mail.received_at);
            let Transcripts { all, read_by } = transcripts;
            let pictures =
                all.iter().map(|one| one.as_ref().map(|one| one.pictures.clone()).unwrap_or_default());
            let pictures = pictures.collect();
            let readings = all.into_iter().map(|transcript| Some(transcript?.reading)).collect();
            let filing = Filing {
                mail,
                letter,
                verdicts,
                rests_on,
                rules,
                copies,
                readings,
                pictures,
                read_by,
                matched,
                filed_at: first_at,
            };
            (filing, took)
        })
        .await
    }

    fn look(&self, mail: &RawMail, first_at: Timestamp) -> (Seen, Took) {
        mishap::of_letter(&mail.bytes);
        let (trust, policy, limits, rules) = self.rules.parts();
        let begun = Instant::now();
        let letter = parse::letter_within(&mail.bytes, &limits);
        let parse = begun.elapsed();
        let signed = verify::signed_parts(&letter);
        let copies = reading::copies(&letter, &signed);
        let tokens = qr::tokens_in(&letter);
        let begun_to_judge = begun.elapsed();
        let case = Case { letter, signed, trust, policy, rules, proof_at: first_at };
        // By what the signatures bring themselves.
        let judged = case.judge(&[], self.clock.now());
        let verify = begun.elapsed().saturating_sub(begun_to_judge);
        (Seen { case, judged, tokens, copies }, Took { parse, verify, ..Took::default() })
    }

    /// The verdicts made anew by what comes in time, where they lack something and somebody can be asked.
    async fn ask(&self, seen: Seen, took: Took) -> Result<(Seen, Took), NotFiled> {
        let Some(source) = &self.evidence else { return Ok((seen, took)) };
        let begun = Instant::now();
        let Seen { case, judged, tokens, copies } = seen;
        let (case, judged) =
            judging::with_what_comes(case, judged, &**source, &*self.clock, false, judge_aside).await?;
        Ok((Seen { case, judged, tokens, copies }, Took { evidence: begun.elapsed(), ..took }))
    }

    /// What the copies say, their kinds by that, and what sealed ones teach.
    async fn read(&self, seen: Seen, took: Took) -> Result<(Seen, Transcripts, Took), NotFiled> {
        let Some(transcriber) = &self.transcriber else { return Ok((seen, Transcripts::default(), took)) };
        let begun = Instant::now();
        let deadline = tokio::time::Instant::now() + transcriber.patience();
        let (seen, documents) = aside(move || {
            let Seen { case, judged, copies, .. } = &seen;
            let documents = transcribing::documents(&case.letter, copies, &judged.verdicts, &case.policy);
            (seen, documents)
        })
        .await?;
        let transcripts = transcriber.read_letter(&documents, self.clock.now(), deadline).await?;
        let reading = |digest: &Digest| {
            let at = seen.copies.iter().position(|copy| copy.digest.as_ref() == Some(digest))?;
            Some(&transcripts.all.get(at)?.as_ref()?.reading)
        };
        let copies = reading::told_by_pages(seen.copies.clone(), reading);
        Ok((Seen { copies, ..seen }, transcripts, Took { read: begun.elapsed(), ..took }))
    }

    async fn known(&self, mail: &RawMail, tokens: &TokensFound) -> Result<crate::model::Known, StoreError> {
        let all: Vec<_> =
            [&tokens.address, &tokens.subject, &tokens.body].into_iter().flatten().copied().collect();
        self.store.matching_context(&mail.mailbox, &all).await
    }

    /// One line in the log for a letter that was filed, and its place in the counts. Nothing of its content.
    fn tell_filed(&self, filing: &Filing, id: FilingId, took: Took) {
        let mail = &filing.mail;
        let worst = filing.verdicts.iter().map(|verdict| verdict.indication).max();
        let verdict = worst.map_or(UNSIGNED, crate::model::Indication::word);
        let lag = filing.filed_at.duration_since(mail.received_at);
        tracing::info!(
            mailbox = %mail.mailbox,
            place = place(&mail.source),
            filing = id.0,
            verdict,
            matched = match &filing.matched.matched {
                Matched::Session { code, .. } => format!("code {code}"),
                Matched::Ambiguous { .. } => "ambiguous".to_owned(),
                Matched::Nothing => "nothing".to_owned(),
            },
            branch = filing.matched.branch.as_ref().map_or("", |branch| branch.as_str()),
            copies = filing.copies.len(),
            bytes = mail.bytes.len(),
            lag_s = lag.as_secs(),
            parse_ms = milliseconds(took.parse),
            verify_ms = milliseconds(took.verify),
            evidence_ms = milliseconds(took.evidence),
            read_ms = milliseconds(took.read),
            store_ms = milliseconds(took.store),
            all_ms = milliseconds(took.all),
            "letter filed"
        );
        self.count(mail, Some(verdict), filing.filed_at);
    }

    fn tell_known(&self, mail: &RawMail, id: FilingId, begun: Instant) {
        tracing::info!(
            mailbox = %mail.mailbox,
            place = place(&mail.source),
            filing = id.0,
            bytes = mail.bytes.len(),
            all_ms = milliseconds(begun.elapsed()),
            "letter known already"
        );
        self.count(mail, None, self.clock.now());
    }

    fn count(&self, mail: &RawMail, verdict: Option<&'static str>, filed_at: Timestamp) {
        if let Some(health) = &self.health {
            let bytes = u64::try_from(mail.bytes.len()).unwrap_or(u64::MAX);
            let (mailbox, received_at) = (mail.mailbox.clone(), mail.received_at);
            health.letter(&LetterFacts { mailbox, verdict, bytes, received_at, filed_at });
        }
    }

    /// After a failure: what concerns the store does not count; what concerns the letter does, up to a limit.
    async fn settle(&self, attempt: &Attempt, failed: NotFiled) -> Result<Outcome, NotFiled> {
        match &failed {
            NotFiled::Store(fault) => self.store.forgive_attempt(attempt, fault).await,
            NotFiled::Letter(fault) => {
                let failures = self.store.attempt_failed(attempt, fault, self.clock.now()).await?;
                if failures >= ATTEMPTS_MAX {
                    return self.give_up(attempt, failures, fault).await;
                }
            }
        }
        Err(failed)
    }

    async fn give_up(
        &self,
        attempt: &Attempt,
        failures: u32,
        fault: &AttemptFault,
    ) -> Result<Outcome, NotFiled> {
        let outcome = self.store.quarantine(attempt, failures, fault, self.clock.now()).await?;
        if let Outcome::Quarantined(id) = outcome {
            let (mailbox, why) = (&attempt.mailbox, crate::texts::attempt_fault(fault).en);
            tracing::error!(
                "mailbox {mailbox}: a letter was given up after {failures} failures and is now No. {id} in quarantine \
                 ({why}); its bytes are kept: see `skrynka quarantine show {id}`"
            );
        }
        mishap::at(Point::Quarantined);
        Ok(outcome)
    }
}

impl NotFiled {
    /// A fault met with a letter in hand: the letter's, if the database would not have what was to be written.
    fn of(fault: StoreError) -> Self {
        if fault.of_what_was_written() {
            return Self::Letter(AttemptFault::Refused { said: fault.to_string() });
        }
        Self::Store(fault)
    }
}

/// A letter in hand, beside others or alone.
enum InHand {
    Beside(#[expect(dead_code, reason = "held, not read")] RwLockReadGuard<'static, ()>),
    Alone(#[expect(dead_code, reason = "held, not read")] RwLockWriteGuard<'static, ()>),
}

impl InHand {
    async fn take(history: History) -> Self {
        if history == History::Tried {
            Self::Alone(IN_HAND.write().await)
        } else {
            Self::Beside(IN_HAND.read().await)
        }
    }
}

/// Does what takes the processor for milliseconds away from the threads that serve the network, bounded in time; a panic
/// in it is the letter's failure.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, NotFiled> {
    match tokio::time::timeout(LOOK_MAX, tokio::task::spawn_blocking(work)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(ended)) if ended.is_panic() => Err(NotFiled::Letter(AttemptFault::Panicked)),
        // The program is about to end.
        Ok(Err(_)) => Err(NotFiled::Store(StoreError::Interrupted)),
        Err(_) => Err(NotFiled::Letter(AttemptFault::TookTooLong { seconds_max: LOOK_MAX.as_secs() })),
    }
}

/// Judges where it holds nobody up.
pub(crate) async fn judge_aside(
    case: Case,
    found: Vec<Found>,
    judged_at: Timestamp,
) -> Result<(Case, judging::Judged), NotFiled> {
    aside(move || {
        let judged = case.judge(&found, judged_at);
        (case, judged)
    })
    .await
}

/// The verdict word of a letter in which nothing is signed.
const UNSIGNED: &str = "unsigned";

/// Where a letter lies, for the log: a file's name may be a visitor's, so its size must do to find it.
#[must_use]
pub fn place(source: &Source) -> String {
    match source {
        Source::Imap { .. } => source.place(),
        Source::DropFolder { .. } => "a file in a drop folder".to_owned(),
    }
}

/// To the microsecond, so that sums are not sums of roundings.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}
