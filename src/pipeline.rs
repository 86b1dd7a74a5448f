//! One letter's whole journey, from its bytes to its filing.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;

use crate::model::{Clock, Filing, Outcome, RawMail, Signed, Timestamp, TokensFound, Verdict};
use crate::store::{Store, StoreError};
use crate::{matching, parse, qr, reading, verify};

/// What a letter's journey needs.
#[derive(Clone)]
pub struct Pipeline {
    store: Store,
    rules: Rules,
    clock: Arc<dyn Clock>,
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
        Self { store, rules, clock }
    }

    /// Files one letter. Safe to repeat: a filing is keyed by mailbox and digest.
    ///
    /// A forged signature is a `Verdict`, broken MIME is a `Defect`.
    ///
    /// # Errors
    /// Only when *we* failed and the letter must be tried again; it still lies where it came from.
    pub async fn process(&self, mail: RawMail) -> anyhow::Result<Outcome> {
        if let Some(id) = self.store.filed(&mail.mailbox, &mail.digest).await? {
            self.store.account(&mail, id).await?;
            return Ok(Outcome::AlreadyFiled(id));
        }
        self.store.keep_blob(&mail.bytes).await?;
        let filing = self.examine(mail).await?;
        let id = self.store.file(&filing).await?;
        Ok(Outcome::Filed(id))
    }

    /// The same journey without filing: what would be filed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn examine(&self, mail: RawMail) -> anyhow::Result<Filing> {
        let filed_at = self.clock.now();
        let this = self.clone();
        // Parsing, hashing and signatures take the processor for milliseconds: not on the threads that serve the network.
        let (mail, seen) = tokio::task::spawn_blocking(move || {
            let seen = this.look(&mail, filed_at);
            (mail, seen)
        })
        .await
        .context("looking into a letter was cut short")?;
        let copies = reading::copies(&seen.letter, &seen.signed);
        let known = self.known(&mail, &seen.tokens).await?;
        let matched = matching::decide(&seen.tokens, &copies, &known, &mail.mailbox, mail.received_at);
        Ok(Filing { mail, letter: seen.letter, verdicts: seen.verdicts, copies, matched, filed_at })
    }

    fn look(&self, mail: &RawMail, filed_at: Timestamp) -> Seen {
        let (trust, limits) = self.rules.now();
        let letter = parse::letter_within(&mail.bytes, &limits);
        let signed = verify::signed_parts(&letter);
        let verdicts = verify::judge_all(&letter, &signed, &trust, filed_at, filed_at);
        let tokens = qr::tokens_in(&letter);
        Seen { letter, signed, verdicts, tokens }
    }

    async fn known(&self, mail: &RawMail, tokens: &TokensFound) -> Result<crate::model::Known, StoreError> {
        let all: Vec<_> =
            [&tokens.address, &tokens.subject, &tokens.body].into_iter().flatten().copied().collect();
        self.store.matching_context(&mail.mailbox, &all).await
    }
}
