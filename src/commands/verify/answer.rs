//! A verdict on a file → the JSON object that programs read. README.md describes every field.

use serde::Serialize;
use skrynka::model::{
    CertificateFacts, Digest, Indication, Level, Reason, RevocationFacts, SignerKind, SignerVerdict,
    SubIndication, TimeStampKind, TimeStampVerdict, Timestamp,
};
use skrynka::texts::{self, Said};
use skrynka::verify::Judged;

/// One file's answer.
#[derive(Serialize)]
pub(in crate::commands) struct Answer {
    file: String,
    pub(super) indication: Indication,
    sub_indication: Option<SubIndication>,
    sentence: Said,
    next_step: Said,
    signatures: Vec<Signature>,
    content: Option<Content>,
}

#[derive(Serialize)]
struct Signature {
    indication: Indication,
    sub_indication: Option<SubIndication>,
    level: Option<Level>,
    signer: Option<Signer>,
    /// The signer's word.
    signing_time: Option<Timestamp>,
    time_stamps: Vec<TimeStamp>,
    chain: Vec<Link>,
    facts: Facts,
}

#[derive(Serialize)]
struct Signer {
    name: String,
    organisation: Option<String>,
    edrpou: Option<String>,
    rnokpp: Option<String>,
    kind: SignerKind,
    qualified: bool,
    serial: String,
    issuer: String,
}

#[derive(Serialize)]
struct TimeStamp {
    kind: TimeStampKind,
    time: Option<Timestamp>,
    indication: Indication,
    sub_indication: Option<SubIndication>,
}

/// One certificate of the path.
#[derive(Serialize)]
struct Link {
    subject: String,
    issuer: String,
    serial: String,
    not_before: Timestamp,
    not_after: Timestamp,
    sha256: Digest,
}

#[derive(Serialize)]
struct Facts {
    reason: Option<Reason>,
    algorithms: Algorithms,
    policy: Option<String>,
    proven_at: Timestamp,
    revocation: Vec<RevocationFacts>,
    time_stamps: Vec<TimeStampFacts>,
}

#[derive(Serialize)]
struct Algorithms {
    signature: Option<String>,
    digest: Option<String>,
}

/// The facts of the time-stamp in the same place of [`Signature::time_stamps`].
#[derive(Serialize)]
struct TimeStampFacts {
    reason: Option<Reason>,
    authority: Option<Link>,
}

#[derive(Serialize)]
struct Content {
    sha256: Digest,
    length: u64,
    attached: bool,
}

impl Answer {
    /// The answer for a file of this name.
    pub(in crate::commands) fn of(file: &str, judged: &Judged) -> Self {
        let verdict = &judged.verdict;
        Self {
            file: file.to_owned(),
            indication: verdict.indication,
            sub_indication: verdict.sub_indication,
            sentence: texts::file_verdict(verdict),
            next_step: texts::file_next_step(verdict),
            signatures: verdict.signers.iter().map(Signature::of).collect(),
            content: judged.content.map(|content| Content {
                sha256: content.sha256,
                length: content.length,
                attached: content.attached,
            }),
        }
    }
}

impl Signature {
    fn of(signer: &SignerVerdict) -> Self {
        Self {
            indication: signer.indication,
            sub_indication: signer.sub_indication,
            level: signer.level,
            signer: signer.certificate.as_ref().map(Signer::of),
            signing_time: signer.claimed_at,
            time_stamps: signer.time_stamps.iter().map(TimeStamp::of).collect(),
            chain: signer.chain.iter().map(Link::of).collect(),
            facts: Facts {
                reason: signer.reason.clone(),
                algorithms: Algorithms {
                    signature: signer.signature_oid.clone(),
                    digest: signer.digest_oid.clone(),
                },
                policy: signer.policy_oid.clone(),
                proven_at: signer.proven_at,
                revocation: signer.revocation.clone(),
                time_stamps: signer.time_stamps.iter().map(TimeStampFacts::of).collect(),
            },
        }
    }
}

impl Signer {
    fn of(certificate: &CertificateFacts) -> Self {
        Self {
            name: certificate.subject.clone(),
            organisation: certificate.organisation.clone(),
            edrpou: certificate.edrpou.clone(),
            rnokpp: certificate.rnokpp.clone(),
            kind: certificate.kind,
            qualified: certificate.qualified,
            serial: certificate.serial.clone(),
            issuer: certificate.issuer.clone(),
        }
    }
}

impl TimeStamp {
    fn of(stamp: &TimeStampVerdict) -> Self {
        Self {
            kind: stamp.kind,
            time: stamp.time,
            indication: stamp.indication,
            sub_indication: stamp.sub_indication,
        }
    }
}

impl TimeStampFacts {
    fn of(stamp: &TimeStampVerdict) -> Self {
        Self { reason: stamp.reason.clone(), authority: stamp.authority.as_ref().map(Link::of) }
    }
}

impl Link {
    fn of(certificate: &CertificateFacts) -> Self {
        Self {
            subject: certificate.subject.clone(),
            issuer: certificate.issuer.clone(),
            serial: certificate.serial.clone(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            sha256: certificate.fingerprint,
        }
    }
}
