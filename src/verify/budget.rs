//! How much work a letter may still ask for, what of it is done already, and what it lacked.

use std::collections::HashMap;

use super::algorithm::AlgorithmFault;
use super::certificate::Certificate;
use super::fault::Fault;
use super::lacks::Lacks;
use super::limits::{CHAIN_SIGNATURES_MAX, CHAIN_STEPS_MAX, LETTER_SIGNATURES_MAX, OCTETS_PER_CHECK};
use super::revocation::Found;
use crate::model::{Digest, Timestamp};

/// How many signature values may still be checked, and the answers that were found.
#[derive(Debug)]
pub(super) struct Budget {
    /// For the letter: every signature value.
    letter: usize,
    /// For the part that is judged now: certificates'.
    part: usize,
    /// For the part that is judged now: steps of searches for paths.
    steps: usize,
    /// Whether one certificate's signature is by another one's key, for the whole letter.
    signed: HashMap<(Digest, Digest), Result<bool, AlgorithmFault>>,
    /// What the part's evidence says of a certificate under its issuer at a moment.
    standings: HashMap<StandingKey, Found>,
    /// Whether the part's evidence revokes an authority that changed its key, at a moment.
    revoked: HashMap<(Digest, Timestamp), bool>,
    /// What would have helped, for the whole letter.
    pub(super) lacks: Lacks,
}

/// The certificate, its issuer, the moment that counts.
pub(super) type StandingKey = (Digest, Digest, Timestamp);

impl Budget {
    /// What one letter may ask for.
    pub(super) fn of_letter() -> Self {
        Self {
            letter: LETTER_SIGNATURES_MAX,
            part: CHAIN_SIGNATURES_MAX,
            steps: CHAIN_STEPS_MAX,
            signed: HashMap::new(),
            standings: HashMap::new(),
            revoked: HashMap::new(),
            lacks: Lacks::none(),
        }
    }

    /// Another part of the same letter begins, with its own evidence.
    pub(super) fn next_part(&mut self) {
        self.part = CHAIN_SIGNATURES_MAX;
        self.steps = CHAIN_STEPS_MAX;
        self.standings.clear();
        self.revoked.clear();
    }

    /// Takes the check of one signature over so many octets.
    pub(super) fn spend(&mut self, octets: usize) -> Result<(), Fault> {
        let checks = 1 + octets / OCTETS_PER_CHECK;
        self.letter =
            self.letter.checked_sub(checks).ok_or_else(|| Fault::over_budget("LETTER_SIGNATURES_MAX"))?;
        Ok(())
    }

    /// Whether `issuer`'s key signed `certificate`: a step of a search, and a check the first time.
    ///
    /// # Errors
    /// When the budget is spent; the inner one when the algorithm or the key is of no use.
    pub(super) fn is_signed_by(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Result<bool, AlgorithmFault>, Fault> {
        self.steps = self.steps.checked_sub(1).ok_or_else(|| Fault::over_budget("CHAIN_STEPS_MAX"))?;
        let key = (certificate.fingerprint, issuer.fingerprint);
        if let Some(known) = self.signed.get(&key) {
            return Ok(known.clone());
        }
        self.part = self.part.checked_sub(1).ok_or_else(|| Fault::over_budget("CHAIN_SIGNATURES_MAX"))?;
        self.spend(certificate.der().len())?;
        let is = certificate.is_signed_by(issuer);
        self.signed.insert(key, is.clone());
        Ok(is)
    }

    pub(super) fn is_revoked(&self, key: &(Digest, Timestamp)) -> Option<bool> {
        self.revoked.get(key).copied()
    }

    pub(super) fn remember_revoked(&mut self, key: (Digest, Timestamp), is_revoked: bool) {
        self.revoked.insert(key, is_revoked);
    }

    pub(super) fn standing(&self, key: &StandingKey) -> Option<Found> {
        self.standings.get(key).cloned()
    }

    pub(super) fn remember_standing(&mut self, key: StandingKey, standing: Found) {
        self.standings.insert(key, standing);
    }
}
