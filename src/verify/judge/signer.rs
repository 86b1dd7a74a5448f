//! One signer of a document → its verdict: structure and mathematics, then time, then certificates at that time.

use jiff::SignedDuration;

use super::Work;
use super::part::{Part, Signer};
use super::signature::Signature;
use super::time_stamp::{self, Stamped};
use crate::model::{
    Indication, ProofRole, Reason, SignerVerdict, SubIndication, TimeStampKind, TimeStampVerdict, Timestamp,
};
use crate::verify::attributes::SignedAttributes;
use crate::verify::certificate::Certificate;
use crate::verify::chain::{self, Ground, Path, Purpose, Question};
use crate::verify::digests::Content;
use crate::verify::fault::Fault;
use crate::verify::limits::STAMP_ORDER_TOLERANCE_SECONDS;
use crate::verify::policy;
use crate::verify::proofs::Proofs;

/// The verdict on one signer, and its fault; `proofs` get what they rest on.
pub(super) fn judge<'a>(
    part: &'a Part<'a>,
    signer: &'a Signer<'a>,
    ground: &Ground<'a>,
    proof_at: Timestamp,
    content: &mut Content<'_>,
    work: &mut Work<'_>,
    proofs: &mut Proofs,
) -> (SignerVerdict, Option<Fault>) {
    let Signer { info, attributes, unsigned, tokens } = signer;
    let signature = Signature { cms: part.cms, signer: info, attributes, purpose: Purpose::Document };
    let examined = signature.examine(ground, content, work);
    let mut value = Content::inside_unknown(info.signature);
    let mut over = Stamped { content, signature: &mut value };
    let mut stamps = Proofs::default();
    let judged =
        tokens.iter().map(|token| time_stamp::judge(token, ground, proof_at, &mut over, work, &mut stamps));
    let time_stamps: Vec<TimeStampVerdict> = judged.collect();
    let times = Times::of(&time_stamps, proof_at);
    let path = match &examined.certificate {
        Ok(certificate) => {
            let Times { proven_at: at, signed_after, .. } = times;
            let question = Question { purpose: Purpose::Document, at, signed_after };
            chain::find(certificate, ground, question, &mut work.budget)
        }
        Err(missing) => Path::without(missing.clone()),
    };
    proofs.add_path(examined.certificate.as_ref().ok().copied(), &path, ProofRole::Signer, ground);
    stamps.into_vec().into_iter().for_each(|proof| proofs.add(proof));
    let level = unsigned.level(part.has_crls());
    let named_policy = attributes.as_ref().map_or(Ok(None), SignedAttributes::signature_policy);
    let faults = [
        examined.fault,
        times.order_fault(),
        path.fault,
        policy::check_level(ground.policy, level, times.stamped_at.is_some()).err(),
        named_policy.as_ref().err().cloned(),
    ];
    let fault = faults.into_iter().flatten().reduce(Fault::worse);
    let verdict = SignerVerdict {
        indication: fault.as_ref().map_or(Indication::TotalPassed, Fault::indication),
        sub_indication: fault.as_ref().map(|fault| fault.sub_indication),
        reason: fault.as_ref().map(|fault| fault.reason.clone()),
        level: Some(level),
        certificate: examined.certificate.ok().map(Certificate::facts),
        chain: path.certificates.into_iter().map(Certificate::facts).collect(),
        revocation: path.revocation,
        claimed_at: examined.claimed_at,
        proven_at: times.proven_at,
        time_stamps,
        policy_oid: named_policy.ok().flatten().map(|policy| policy.to_string()),
        signature_oid: Some(info.signature_algorithm.oid.to_string()),
        digest_oid: Some(info.digest_algorithm.oid.to_string()),
    };
    (verdict, fault)
}

/// What the valid time-stamps prove together.
struct Times {
    /// The moment that certificates are judged at.
    proven_at: Timestamp,
    /// The earliest valid signature time-stamp: the signature existed then.
    stamped_at: Option<Timestamp>,
    /// The latest valid content time-stamp: the signature was made after it.
    signed_after: Option<Timestamp>,
}

impl Times {
    fn of(time_stamps: &[TimeStampVerdict], proof_at: Timestamp) -> Self {
        let valid = |kind: TimeStampKind| {
            let valid = time_stamps
                .iter()
                .filter(move |stamp| stamp.kind == kind && stamp.indication == Indication::TotalPassed);
            valid.filter_map(|stamp| stamp.time)
        };
        let stamped_at = valid(TimeStampKind::Signature).min();
        let proven_at = stamped_at.map_or(proof_at, |stamped_at| stamped_at.min(proof_at));
        Self { proven_at, stamped_at, signed_after: valid(TimeStampKind::Content).max() }
    }

    /// The content's time-stamp is signed, so it is older than the signature and than each of its time-stamps. Two
    /// authorities do not keep one clock, and one may tell fractions of a second where the other cuts them off.
    fn order_fault(&self) -> Option<Fault> {
        let (earlier, later) = (self.signed_after?, self.stamped_at?);
        let tolerance = SignedDuration::from_secs(STAMP_ORDER_TOLERANCE_SECONDS);
        let latest = later.saturating_add(tolerance).unwrap_or(Timestamp::MAX);
        let reason = Reason::TimeStampOrder { earlier, later };
        (earlier > latest).then(|| Fault::new(SubIndication::TimestampOrderFailure, reason))
    }
}
