//! A time-stamp token → what it proves: judged as a signature of its own, at the moment of validation.

use dstu::gost34311::Dke;
use jiff::SignedDuration;

use super::Work;
use super::part::{Token, TokenData};
use super::signature::Signature;
use crate::model::{
    Indication, ProofRole, Reason, SubIndication, TimeStampKind, TimeStampVerdict, Timestamp,
};
use crate::verify::algorithm::DigestAlgorithm;
use crate::verify::certificate::Certificate;
use crate::verify::chain::{self, Ground, Path, Purpose, Question};
use crate::verify::digests::Content;
use crate::verify::fault::Fault;
use crate::verify::limits::CLOCK_TOLERANCE_SECONDS;
use crate::verify::proofs::Proofs;

/// What the time-stamps of one signer may be over. Both are hashed once for all of them.
pub(super) struct Stamped<'c, 'a, 'b> {
    pub(super) content: &'c mut Content<'a>,
    /// The signature value's octets (ETSI EN 319 122-1 §5.3).
    pub(super) signature: &'c mut Content<'b>,
}

/// The verdict on one token. Time-stamps over references and archives are named with their time and prove
/// nothing here: GENERIC, without a reason.
pub(super) fn judge<'a>(
    token: &'a Token<'a>,
    ground: &Ground<'a>,
    proof_at: Timestamp,
    over: &mut Stamped<'_, '_, '_>,
    work: &mut Work<'_>,
    proofs: &mut Proofs,
) -> TimeStampVerdict {
    let mut verdict = TimeStampVerdict {
        kind: token.kind,
        time: token.read.as_ref().ok().map(|data| data.info.time),
        indication: Indication::TotalPassed,
        sub_indication: None,
        reason: None,
        authority: None,
    };
    let fault = match &token.read {
        Err(unreadable) => Some(unreadable.clone()),
        Ok(data) => {
            let imprint = match token.kind {
                TimeStampKind::Content => check_imprint(data, over.content, work),
                TimeStampKind::Signature => check_imprint(data, over.signature, work),
                TimeStampKind::Evidence | TimeStampKind::Archive => {
                    verdict.indication = Indication::Indeterminate;
                    verdict.sub_indication = Some(SubIndication::Generic);
                    return verdict;
                }
            };
            let (authority, fault) = judge_data(data, imprint, ground, proof_at, work, proofs);
            verdict.authority = authority.map(Certificate::facts);
            fault
        }
    };
    if let Some(Fault { sub_indication, reason }) = fault {
        verdict.indication = sub_indication.indication();
        verdict.sub_indication = Some(sub_indication);
        verdict.reason = Some(reason);
    }
    verdict
}

fn judge_data<'a>(
    data: &'a TokenData<'a>,
    imprint: Result<(), Fault>,
    ground: &Ground<'a>,
    proof_at: Timestamp,
    work: &mut Work<'_>,
    proofs: &mut Proofs,
) -> (Option<&'a Certificate>, Option<Fault>) {
    let TokenData { cms, info, attributes, .. } = data;
    let Some(signer) = cms.signers.first() else { return (None, None) };
    let signature = Signature { cms, signer, attributes, purpose: Purpose::TimeStamping };
    let mut stamped = Content::inside_unknown(cms.content.as_deref().unwrap_or_default());
    let examined = signature.examine(ground, &mut stamped, work);
    let path = match &examined.certificate {
        Ok(authority) => {
            let purpose = Purpose::TimeStamping;
            let question = Question { purpose, at: proof_at, signed_after: None };
            chain::find(authority, ground, question, &mut work.budget)
        }
        Err(missing) => Path::without(missing.clone()),
    };
    let certificate = examined.certificate.ok();
    proofs.add_path(certificate, &path, ProofRole::TimeStamping, ground);
    let faults =
        [imprint.err(), examined.fault, path.fault, check_time(info.time, proof_at, certificate).err()];
    (certificate, faults.into_iter().flatten().reduce(Fault::worse))
}

fn check_imprint(data: &TokenData<'_>, over: &mut Content<'_>, work: &mut Work<'_>) -> Result<(), Fault> {
    let algorithm = DigestAlgorithm::of(&data.info.imprint_algorithm)?;
    // The identifier is the requester's, and the authority signs it unread. With S-boxes of his choice there is no digest
    // left: he would get a stamp today that fits a signature of next year.
    if matches!(algorithm, DigestAlgorithm::Gost34311(sboxes) if sboxes != Dke::NO_1) {
        return Err(data.info.imprint_algorithm.unsupported().into());
    }
    let imprint = &data.info.imprint;
    match over.has(algorithm, imprint, &mut work.digests)? {
        Some(true) => Ok(()),
        Some(false) => Err(Fault::new(SubIndication::HashFailure, Reason::TimeStampOfOther)),
        None => Err(Fault::new(SubIndication::SignedDataNotFound, Reason::ContentNotFound)),
    }
}

/// A time-stamp is neither from the future nor from before its authority's certificate.
fn check_time(time: Timestamp, proof_at: Timestamp, authority: Option<&Certificate>) -> Result<(), Fault> {
    let fault = |earlier: Timestamp, later: Timestamp| {
        Err(Fault::new(SubIndication::TimestampOrderFailure, Reason::TimeStampOrder { earlier, later }))
    };
    let tolerance = SignedDuration::from_secs(CLOCK_TOLERANCE_SECONDS);
    if time > proof_at.saturating_add(tolerance).unwrap_or(Timestamp::MAX) {
        return fault(time, proof_at);
    }
    match authority {
        Some(authority) if time < authority.not_before => fault(authority.not_before, time),
        _ => Ok(()),
    }
}
