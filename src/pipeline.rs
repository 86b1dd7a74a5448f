//! One letter's whole journey, from its bytes to its filing.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::health::{Health, LetterFacts};
use crate::model::{
    Clock, Filing, FilingId, Matched, Outcome, RawMail, Signed, Source, Timestamp, TokensFound, Verdict,
};
use crate::store::{Store, StoreError};
use crate::{matching, parse, qr, reading, verify};

/// What a letter's journey needs.
#[derive(Clone)]
pub struct Pipeline {
    store: Store,
    rules: Rules,
    clock: Arc<dyn Clock>,
    health: Option<Health>,
}

/// How long the parts of a journey took.
#[derive(Clone, Copy, Default)]
struct Took {
    parse: Duration,
    verify: Duration,
    store: Duration,
    all: Duration,
}

/// Whom to trust and how far to look, shared by every journey; when they change, the next letter meets the new ones.
#[derive(Clone)]
pub struct Rules(Arc<RwLock<(Arc<verify::Trust>, parse::Limits)>>);

impl Rules {
    /// These rules.
    #[must_use]
    pub fn new(trust: Arc<verify::Trust>, limits: parse::Limits) -> Self {
        Self(Arc::new(RwLock::new((trust, limits))))
    }

    /// From the next letter on, the rules of `other`.
    pub fn become_those_of(&self, other: &Self) {
        let new = other.now();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    fn now(&self) -> (Arc<verify::Trust>, parse::Limits) {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What is seen in a letter without asking the store anything.
struct Seen {
    letter: crate::model::Letter,
    signed: Signed,
    verdicts: Vec<Verdict>,
    tokens: TokensFound,
}

impl Pipeline {
    /// A pipeline over a store, with these rules and clock.
    #[must_use]
    pub fn new(store: Store, rules: Rules, clock: Arc<dyn Clock>) -> Self {
        Self { store, rules, clock, health: None }
    }

    /// The same pipeline, which also counts its letters there.
    #[must_use]
    pub fn counting(self, health: Health) -> Self {
        Self { health: Some(health), ..self }
    }

    /// Files one letter. Safe to repeat: a filing is keyed by mailbox and digest.
    ///
    /// A forged signature is a `Verdict`, broken MIME is a `Defect`.
    ///
    /// # Errors
    /// Only when *we* failed and the letter must be tried again; it still lies where it came from.
    pub async fn process(&self, mail: RawMail) -> anyhow::Result<Outcome> {
        let begun = Instant::now();
        if let Some(id) = self.store.filed(&mail.mailbox, &mail.digest).await? {
            self.store.account(&mail, id).await?;
            self.tell_known(&mail, id, begun);
            return Ok(Outcome::AlreadyFiled(id));
        }
        self.store.keep_blob(&mail.bytes).await?;
        let kept = begun.elapsed();
        let (filing, looked) = self.look_into(mail).await?;
        let examined = begun.elapsed();
        let id = self.store.file(&filing).await?;
        let store = kept + begun.elapsed().saturating_sub(examined);
        self.tell_filed(&filing, id, Took { store, all: begun.elapsed(), ..looked });
        Ok(Outcome::Filed(id))
    }

    /// The same journey without filing: what would be filed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn examine(&self, mail: RawMail) -> anyhow::Result<Filing> {
        Ok(self.look_into(mail).await?.0)
    }

    async fn look_into(&self, mail: RawMail) -> anyhow::Result<(Filing, Took)> {
        let filed_at = self.clock.now();
        let this = self.clone();
        // Parsing, hashing and signatures take the processor for milliseconds: not on the threads that serve the network.
        let (mail, (seen, took)) = tokio::task::spawn_blocking(move || {
            let seen = this.look(&mail, filed_at);
            (mail, seen)
        })
        .await
        .context("looking into a letter was cut short")?;
        let copies = reading::copies(&seen.letter, &seen.signed);
        let known = self.known(&mail, &seen.tokens).await?;
        let matched = matching::decide(&seen.tokens, &copies, &known, &mail.mailbox, mail.received_at);
        let filing = Filing { mail, letter: seen.letter, verdicts: seen.verdicts, copies, matched, filed_at };
        Ok((filing, took))
    }

    fn look(&self, mail: &RawMail, filed_at: Timestamp) -> (Seen, Took) {
        let (trust, limits) = self.rules.now();
        let begun = Instant::now();
        let letter = parse::letter_within(&mail.bytes, &limits);
        let parse = begun.elapsed();
        let signed = verify::signed_parts(&letter);
        let verdicts = verify::judge_all(&letter, &signed, &trust, filed_at, filed_at);
        let verify = begun.elapsed().saturating_sub(parse);
        let tokens = qr::tokens_in(&letter);
        (Seen { letter, signed, verdicts, tokens }, Took { parse, verify, ..Took::default() })
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
}

/// The verdict word of a letter in which nothing is signed.
const UNSIGNED: &str = "unsigned";

/// Where a letter lies, for the log: a file's name may be a visitor's, so its size must do to find it.
#[must_use]
pub fn place(source: &Source) -> String {
    match source {
        Source::Imap { folder, uid_validity, uid } => format!("{folder} {uid_validity}/{uid}"),
        Source::DropFolder { .. } => "a file in a drop folder".to_owned(),
    }
}

/// To the microsecond, so that sums are not sums of roundings.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}
