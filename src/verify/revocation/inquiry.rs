//! Lists and responses, one after another → findings about one certificate, and of these one answer.

use std::rc::Rc;

use super::authorised::{self, Source, Until, Word};
use super::{Authorities, Found, Moments, Standing};
use crate::model::{Proof, ProofKind, RevocationSource, Timestamp};
use crate::verify::certificate::Certificate;
use crate::verify::crl::{Crl, Entry};
use crate::verify::fault::Fault;
use crate::verify::ocsp::{About, Answer, Response, Status};

/// How much the reason tells for which evidence is of no use, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Telling {
    OfAnother,
    Unusable,
    Unauthorised,
    OutOfTime,
    UnknownThere,
}

/// What one authorised source says.
#[derive(Debug)]
struct Finding {
    source: RevocationSource,
    this_update: Timestamp,
    fresh: bool,
    revoked: Option<Entry>,
    proofs: Vec<Proof>,
}

impl Finding {
    fn found(&self) -> Found {
        Found { standing: self.standing(), proofs: self.proofs.clone() }
    }

    fn standing(&self) -> Standing {
        match self.revoked {
            None => Standing::Good { source: self.source, as_of: self.this_update },
            Some(Entry { since, reason }) => {
                let hold = reason.is_hold();
                Standing::Revoked { source: self.source, since, cause: reason.word(), hold }
            }
        }
    }

    /// Revoked, and not only for the time being.
    fn for_good(&self) -> Option<Entry> {
        self.revoked.filter(|entry| !entry.reason.is_hold())
    }
}

/// An authorised list, the certificate's entry in it, and what its word rests on.
struct Usable<'c, 'a> {
    list: &'c Crl<'a>,
    entry: Option<Entry>,
    proofs: Vec<Proof>,
    until: Until,
}

/// The times that evidence gives itself.
#[derive(Clone, Copy)]
struct Times {
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    /// Certificates that expired after this are still told of.
    expired_since: Option<Timestamp>,
    /// The end of the signer.
    until: Until,
}

impl Times {
    const fn of(list: &Crl<'_>, until: Until) -> Self {
        Self {
            this_update: list.this_update,
            next_update: list.next_update,
            expired_since: list.expired_since(),
            until,
        }
    }
}

/// One question about one certificate, and what is known so far.
pub(super) struct Inquiry<'i> {
    certificate: &'i Certificate,
    issuer: &'i Certificate,
    moments: Moments,
    findings: Vec<Finding>,
    note: Option<(Telling, String)>,
}

impl<'i> Inquiry<'i> {
    pub(super) const fn about(
        certificate: &'i Certificate,
        issuer: &'i Certificate,
        moments: Moments,
    ) -> Self {
        Self { certificate, issuer, moments, findings: Vec::new(), note: None }
    }

    /// Full lists speak for themselves; a delta speaks on top of one (RFC 5280 §5.2.4).
    pub(super) fn ask_lists(
        &mut self,
        lists: &[Rc<Source<'_, Crl<'_>>>],
        authorities: &mut dyn Authorities<'_>,
    ) -> Result<(), Fault> {
        let mut usable = Vec::new();
        for list in lists {
            usable.extend(self.entry(list, authorities)?);
        }
        for Usable { list, entry, proofs, until } in usable.iter().filter(|usable| !usable.list.is_delta()) {
            if entry.is_some_and(|entry| entry.reason.is_removal()) {
                self.note(Telling::Unusable, "the CRL has removeFromCRL and is no delta".to_owned());
            } else {
                self.find(RevocationSource::Crl, "the CRL", Times::of(list, *until), *entry, proofs.clone());
            }
        }
        for delta in usable.iter().filter(|usable| usable.list.is_delta()) {
            let Usable { list: delta, entry, proofs, until } = delta;
            let fulls = usable.iter().filter(|full| delta.stands_on(full.list));
            let full = fulls.max_by_key(|full| full.list.number());
            let revoked = entry.filter(|entry| !entry.reason.is_removal());
            let revoked = match (full, revoked) {
                (Some(full), _) => applied(*entry, full.entry),
                (None, Some(entry)) => Some(entry),
                (None, None) => {
                    self.note(Telling::Unusable, "the delta CRL has no full CRL to stand on".to_owned());
                    continue;
                }
            };
            let proofs = proofs.iter().chain(full.iter().flat_map(|full| &full.proofs)).cloned().collect();
            self.find(RevocationSource::Crl, "the delta CRL", Times::of(delta, *until), revoked, proofs);
        }
        Ok(())
    }

    /// One list with the certificate's entry in it; none: the list is of no use here.
    fn entry<'c, 'a>(
        &mut self,
        list: &'c Source<'_, Crl<'a>>,
        authorities: &mut dyn Authorities<'_>,
    ) -> Result<Option<Usable<'c, 'a>>, Fault> {
        let crl = &list.said;
        if crl.issuer != self.certificate.issuer() {
            return Ok(None);
        }
        let points = &self.certificate.extensions.distribution_points;
        if let Some(why) = crl.out_of_scope(self.certificate.is_authority(), points) {
            self.note(Telling::Unusable, format!("the CRL cannot be used: {why}"));
        } else if self.moments.are_before(crl.this_update) {
            self.note(
                Telling::OutOfTime,
                format!("the CRL is from after the validation ({})", crl.this_update),
            );
        } else {
            match authorised::list(list, self.issuer, authorities)? {
                Err(why) => self.note(Telling::Unauthorised, why),
                Ok(Word { mut by, until }) => match crl.find(self.certificate.serial()) {
                    Ok(entry) => {
                        by.push(list.proof(ProofKind::Crl));
                        return Ok(Some(Usable { list: crl, entry, proofs: by, until }));
                    }
                    Err(why) => self.note(Telling::Unusable, format!("the CRL cannot be used: {why}")),
                },
            }
        }
        Ok(None)
    }

    /// Answers about the certificate, of responses that count.
    pub(super) fn ask_responses(
        &mut self,
        responses: &[Rc<Source<'_, Response<'_>>>],
        authorities: &mut dyn Authorities<'_>,
    ) -> Result<(), Fault> {
        for response in responses {
            let mut answers = Vec::new();
            for answer in &response.said.answers {
                match answer.is_about(self.certificate, self.issuer) {
                    About::It => answers.push(answer),
                    About::Another => {}
                    About::AnotherIssuer => {
                        self.note(
                            Telling::OfAnother,
                            "the OCSP response is about another issuer's certificate".to_owned(),
                        );
                    }
                    About::Unclear(oid) => {
                        let why = format!("the OCSP response names the issuer by an unknown digest {oid}");
                        self.note(Telling::OfAnother, why);
                    }
                }
            }
            if answers.is_empty() {
                continue;
            }
            if let Some(why) = self.response_fault(&response.said) {
                self.note(why.0, why.1);
                continue;
            }
            match authorised::response(response, self.issuer, authorities)? {
                Err(why) => self.note(Telling::Unauthorised, why),
                Ok(Word { mut by, until }) => {
                    by.push(response.proof(ProofKind::Ocsp));
                    answers.into_iter().for_each(|answer| self.take(answer, &by, until));
                }
            }
        }
        Ok(())
    }

    fn response_fault(&self, response: &Response<'_>) -> Option<(Telling, String)> {
        if let Some(id) = &response.unknown_critical {
            return Some((
                Telling::Unusable,
                format!("the OCSP response has the unknown critical extension {id}"),
            ));
        }
        let produced_at = response.produced_at;
        self.moments.are_before(produced_at).then(|| {
            (Telling::OutOfTime, format!("the OCSP response is from after the validation ({produced_at})"))
        })
    }

    /// Takes one answer of an authorised response.
    fn take(&mut self, answer: &Answer<'_>, proofs: &[Proof], until: Until) {
        if let Some(id) = answer.unknown_critical() {
            let why = format!("the OCSP response has the unknown critical extension {id}");
            return self.note(Telling::Unusable, why);
        }
        if self.moments.are_before(answer.this_update) {
            let why = format!("the OCSP response is from after the validation ({})", answer.this_update);
            return self.note(Telling::OutOfTime, why);
        }
        let Answer { this_update, next_update, expired_since, .. } = *answer;
        let times = Times { this_update, next_update, expired_since, until };
        let revoked = match answer.status {
            Status::Good => None,
            // RFC 6960 §2.2: another source may know it, so this one only counts where there is none.
            Status::Unknown => {
                let why = "the OCSP responder does not know the certificate".to_owned();
                return self.note(Telling::UnknownThere, why);
            }
            // No list, nothing to be removed from: a responder that says so says «revoked».
            Status::Revoked { since, reason } => Some(Entry { since, reason }),
        };
        self.find(RevocationSource::Ocsp, "the OCSP response", times, revoked, proofs.to_vec());
    }

    /// Keeps what authorised evidence says, or notes why it says nothing of [`Moments::best`].
    fn find(
        &mut self,
        source: RevocationSource,
        what: &str,
        times: Times,
        revoked: Option<Entry>,
        proofs: Vec<Proof>,
    ) {
        let Times { this_update, next_update, expired_since, until } = times;
        let not_after = self.certificate.not_after;
        // RFC 5280 §5: an expired certificate leaves the lists. Silence about it says nothing then.
        let silent = this_update > not_after && expired_since.is_none_or(|since| since > not_after);
        if revoked.is_none() && silent {
            let why = format!("{what} is from after the certificate's end, and need not tell of it");
            return self.note(Telling::OutOfTime, why);
        }
        let has_ended = until.filter(|until| self.moments.best > *until);
        let fresh = has_ended.is_none() && self.moments.are_covered(this_update, next_update);
        if let Some(until) = has_ended {
            self.note(Telling::OutOfTime, format!("the signer of {what} has ended before ({until})"));
        } else if !fresh {
            let limit = self.moments.limit();
            let why = format!("{what} is from before {limit} (thisUpdate {this_update})");
            self.note(Telling::OutOfTime, why);
        }
        self.findings.push(Finding { source, this_update, fresh, revoked, proofs });
    }

    /// The answer. What could not be read is told only where nothing else is to be told.
    pub(super) fn conclude(self, unreadable: Option<&String>) -> Found {
        let by_now = self
            .findings
            .iter()
            .filter(|finding| finding.for_good().is_some_and(|entry| entry.since <= self.moments.best));
        let by_now = by_now.min_by_key(|finding| finding.for_good().map(|entry| entry.since));
        let fresh = || self.findings.iter().filter(|finding| finding.fresh);
        // Revoked later: the certificate was good, and people are told the later end.
        let later = || {
            fresh().filter(|finding| finding.for_good().is_some()).max_by_key(|finding| finding.this_update)
        };
        // Of two from one moment the stricter.
        let newest = || fresh().max_by_key(|finding| (finding.this_update, finding.revoked.is_some()));
        if let Some(finding) = by_now.or_else(later).or_else(newest) {
            return finding.found();
        }
        let why = self.note.map(|(_, why)| why).or_else(|| unreadable.cloned());
        let why = why.unwrap_or_else(|| "no OCSP or CRL".to_owned());
        Found { standing: Standing::Unknown { why }, proofs: Vec::new() }
    }

    /// Keeps the most telling reason; the first of equals.
    fn note(&mut self, telling: Telling, why: String) {
        if self.note.as_ref().is_none_or(|(known, _)| telling > *known) {
            self.note = Some((telling, why));
        }
    }
}

/// A delta's entry over the full list's. removeFromCRL ends a hold; it is also written where a revoked certificate
/// expired (RFC 5280 §5.3.1), and that undoes no revocation.
fn applied(delta: Option<Entry>, listed: Option<Entry>) -> Option<Entry> {
    let Some(changed) = delta else { return listed };
    if changed.reason.is_removal() {
        return listed.filter(|entry| !entry.reason.is_hold());
    }
    Some(changed.with(listed))
}
