//! Revocation lists and OCSP responses + moments → what they say of one certificate.
//!
//! ETSI EN 319 102-1 §5.2.5 (freshness) and §5.2.6 (validation of a path's certificates). A verdict is made offline: what
//! is asked here is evidence that travelled with a signature, that an operator gave, or that was kept from before.

mod authorised;
mod inquiry;

use std::rc::Rc;

use jiff::SignedDuration;

use self::authorised::Source;
use self::inquiry::Inquiry;
use super::certificate::Certificate;
use super::crl::Crl;
use super::fault::Fault;
use super::limits::{CLOCK_TOLERANCE_SECONDS, REVOCATION_SOURCES_MAX};
use super::ocsp::Response;
use super::tlv::Malformed;
use crate::model::{Proof, ProofOrigin, ProofRole, RevocationSource, Timestamp};

/// Revocation evidence that was given: lists and responses over their original bytes. Nothing of it is believed yet.
///
/// A clone shares what was found of their signatures, so that what an operator gives is checked once for a whole letter.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources<'a> {
    crls: Vec<Rc<Source<'a, Crl<'a>>>>,
    responses: Vec<Rc<Source<'a, Response<'a>>>>,
    unreadable: Vec<String>,
    /// Where what is added now comes from.
    origin: Origin,
}

/// Where a source came from: the operator's, unless said otherwise.
#[derive(Clone, Copy, Debug)]
struct Origin(ProofOrigin);

impl Default for Origin {
    fn default() -> Self {
        Self(ProofOrigin::Operator)
    }
}

impl<'a> Sources<'a> {
    /// Says where whatever is added from now on comes from.
    pub(super) const fn coming_from(&mut self, origin: ProofOrigin) {
        self.origin = Origin(origin);
    }

    /// Adds a CertificateList (DER, RFC 5280 §5.1), full or delta.
    ///
    /// # Errors
    /// When it cannot be read; the reason is also kept. Add the operator's evidence before a stranger's: at most
    /// [`REVOCATION_SOURCES_MAX`] are taken.
    pub(super) fn add_crl(&mut self, der: &'a [u8]) -> Result<(), Malformed> {
        let list = self.room().and_then(|()| Crl::read(der));
        let list = self.keep("the CRL", list)?;
        self.crls.push(Rc::new(Source::new(list, der, self.origin.0)));
        Ok(())
    }

    /// Adds an OCSPResponse (DER, RFC 6960 §4.2.1).
    ///
    /// # Errors
    /// As [`Self::add_crl`]; also for a response that says no more than that the responder would not answer.
    pub(super) fn add_ocsp(&mut self, der: &'a [u8]) -> Result<(), Malformed> {
        let response = self.room().and_then(|()| Response::read(der));
        let response = self.keep("the OCSP response", response)?;
        self.responses.push(Rc::new(Source::new(response, der, self.origin.0)));
        Ok(())
    }

    /// Adds a BasicOCSPResponse (DER, RFC 6960 §4.2.1).
    ///
    /// # Errors
    /// As [`Self::add_crl`].
    pub(super) fn add_basic_ocsp(&mut self, der: &'a [u8]) -> Result<(), Malformed> {
        let response = self.room().and_then(|()| Response::read_basic(der));
        let response = self.keep("the OCSP response", response)?;
        self.responses.push(Rc::new(Source::new(response, der, self.origin.0)));
        Ok(())
    }

    /// The certificates that came inside OCSP responses: untrusted, as those inside a signature are.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.responses.iter().flat_map(|response| &response.said.certificates)
    }

    #[cfg(test)]
    /// Why the unreadable ones could not be read, in English.
    pub(super) fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    fn room(&self) -> Result<(), Malformed> {
        if self.crls.len() + self.responses.len() + self.unreadable.len() < REVOCATION_SOURCES_MAX {
            Ok(())
        } else {
            Err(Malformed { expected: "at most REVOCATION_SOURCES_MAX lists and responses", offset: 0 })
        }
    }

    fn keep<T>(&mut self, what: &str, read: Result<T, Malformed>) -> Result<T, Malformed> {
        read.inspect_err(|fault| {
            let Malformed { expected, offset } = fault;
            self.unreadable.push(format!("{what} cannot be read: expected {expected} at {offset}"));
        })
    }
}

/// When revocation is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moments {
    /// The moment that the certificate must not be revoked at.
    pub(super) best: Timestamp,
    /// The moment of validation: evidence from after it does not exist yet.
    pub(super) proof: Timestamp,
    /// How much older than `best` evidence may be, in seconds. None: it counts up to its own nextUpdate.
    pub(super) age_seconds_max: Option<i64>,
}

impl Moments {
    /// The oldest thisUpdate that is fresh without the help of a nextUpdate.
    fn limit(&self) -> Timestamp {
        let age = SignedDuration::from_secs(self.age_seconds_max.unwrap_or(0));
        self.best.saturating_sub(age).unwrap_or(Timestamp::MIN)
    }

    /// Evidence of this moment does not exist yet, by the clock of validation.
    fn are_before(&self, moment: Timestamp) -> bool {
        let tolerance = SignedDuration::from_secs(CLOCK_TOLERANCE_SECONDS);
        moment > self.proof.saturating_add(tolerance).unwrap_or(Timestamp::MAX)
    }

    /// Whether evidence of these times speaks of `best`. Real responders name no nextUpdate, and their clock is not that
    /// of the authority of time-stamps.
    fn are_covered(&self, this_update: Timestamp, next_update: Option<Timestamp>) -> bool {
        match (self.age_seconds_max, next_update) {
            (None, Some(next_update)) => self.best <= next_update,
            (None, None) => {
                let tolerance = SignedDuration::from_secs(CLOCK_TOLERANCE_SECONDS);
                this_update.saturating_add(tolerance).unwrap_or(Timestamp::MAX) >= self.best
            }
            (Some(_), _) => this_update >= self.limit(),
        }
    }
}

/// What revocation asks of those who know the certificates: authorities of a name, and whether they are trusted.
pub(super) trait Authorities<'a> {
    /// The certificates with this subject (the Name's bytes), anchors first.
    fn issuers_named(&self, name: &[u8]) -> Vec<&'a Certificate>;

    /// The certificates that a responder may mean by this hash of its key; the hash proves nothing.
    fn keyed(&self, hash: &[u8]) -> Vec<&'a Certificate>;

    /// The certificates of a path from `authority` to an anchor, all in force at `at`, if there is one.
    fn path_to_anchor(
        &mut self,
        authority: &'a Certificate,
        at: Timestamp,
    ) -> Result<Option<Vec<Proof>>, Fault>;

    /// A certificate of theirs as what a verdict rests on.
    fn proof(&self, certificate: &Certificate, role: ProofRole) -> Proof;

    /// Takes the check of one signature over so many octets.
    fn spend(&mut self, octets: usize) -> Result<(), Fault>;
}

/// What the evidence says of a certificate at [`Moments::best`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// Not revoked, as of a thisUpdate that is fresh enough.
    Good { source: RevocationSource, as_of: Timestamp },
    /// Revoked, at whatever time: `since` after [`Moments::best`] means good then, a hold's too. `hold`: for the time being.
    Revoked { source: RevocationSource, since: Timestamp, cause: Option<String>, hold: bool },
    /// Nothing usable, and why.
    Unknown { why: String },
}

/// A standing, and what it rests on: lists, responses, and certificates of those who signed them beside the issuer's.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) standing: Standing,
    pub(super) proofs: Vec<Proof>,
}

/// What `sources` say of `certificate`, which `issuer` issued and signed.
///
/// Evidence counts if somebody signed it who may, if it is about this certificate, and if it is not from after
/// [`Moments::proof`]. «Revoked by now» counts from however old evidence: it is for good. Everything else must be fresh,
/// and of several the newest thisUpdate counts.
///
/// # Errors
/// Only when the budget of signature checks is spent.
pub(super) fn standing(
    certificate: &Certificate,
    issuer: &Certificate,
    sources: &Sources<'_>,
    moments: Moments,
    authorities: &mut dyn Authorities<'_>,
) -> Result<Found, Fault> {
    let mut inquiry = Inquiry::about(certificate, issuer, moments);
    inquiry.ask_lists(&sources.crls, authorities)?;
    inquiry.ask_responses(&sources.responses, authorities)?;
    Ok(inquiry.conclude(sources.unreadable.first()))
}
