//! Signed parts + trust + evidence + policy + time → verdicts.

mod part;
mod signature;
mod signer;
mod time_stamp;

use std::borrow::Cow;

use super::armour;
use super::budget::Budget;
use super::chain::Ground;
use super::cms::{SignedData, SignerInfo, within};
use super::digests::{self, Digests};
use super::evidence::Evidence;
use super::fault::Fault;
use super::lacks::Lacks;
use super::limits::{CERTIFICATES_MAX, PART_CERTIFICATES_MAX};
use super::oid;
use super::pairing::{SignersKeys, is_pdf, signed_by};
use super::policy;
use super::proofs::Proofs;
use super::revocation::Sources;
use super::trust::Trust;
use crate::model::{
    AttachmentKind, ContentSource, Digest, Indication, Letter, Policy, Proof, Reason, Signed, SignedPart,
    SignerVerdict, SubIndication, Timestamp, Verdict,
};
use part::Part;

/// Whom to trust, what helps, and what is demanded: all that a verdict depends on beside the bytes and the time.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// The anchors, and certificates that are merely known.
    pub trust: &'a Trust,
    /// Certificates and revocation data from outside the signature.
    pub evidence: &'a Evidence,
    /// What is demanded of signatures.
    pub policy: &'a Policy,
}

/// The verdict on one file, with what it signs.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The verdict. Its places: 0 is the file, 1 the content given beside it.
    pub verdict: Verdict,
    /// The content that the signatures are judged against; none when there is none.
    pub content: Option<Content>,
    /// The octets of the content inside the file, whatever the verdict on them.
    pub extracted: Option<Vec<u8>>,
    /// As [`JudgedPart::rests_on`].
    pub rests_on: Vec<Proof>,
}

/// The verdict on one signed part of a letter.
#[derive(Clone, Debug)]
pub struct JudgedPart {
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on, each once: the certificates of the judged paths and what told of their revocation, not what was
    /// merely looked at. With these, at the same moment and by the same policy, the verdict is the same.
    pub rests_on: Vec<Proof>,
}

/// What is told of a signed content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Content {
    /// SHA-256 of its octets.
    pub sha256: Digest,
    /// Number of its octets.
    pub length: u64,
    /// Whether it is inside the signed file.
    pub attached: bool,
}

/// The moments of a verdict: what certificates are judged at without a time-stamp, and when the verdict is made.
type Moments = (Timestamp, Timestamp);

/// What all parts of a letter share, so that a hundred of them do not do the same work a hundred times.
struct Work<'a> {
    digests: Digests<'a>,
    budget: Budget,
    /// The operator's revocation lists and responses.
    given: Sources<'a>,
}

impl<'a> Work<'a> {
    fn over(digests: Digests<'a>, evidence: &'a Evidence) -> Self {
        Self { digests, budget: Budget::of_letter(), given: evidence.sources() }
    }
}

impl Judge<'_> {
    /// A verdict for every signed part, in their order.
    ///
    /// `signed` is what [`super::signed_parts`] says of this very letter. `proof_at` is our first durable write of the
    /// letter: the earliest moment at which we can prove that the signature existed, and so the one at which
    /// certificates are judged where no time-stamp proves an earlier one. `judged_at` is the moment of validation: evidence
    /// counts that was there by then.
    #[must_use]
    pub fn letter(
        &self,
        letter: &Letter,
        signed: &Signed,
        proof_at: Timestamp,
        judged_at: Timestamp,
    ) -> Vec<JudgedPart> {
        self.letter_and_lacks(letter, signed, proof_at, judged_at).0
    }

    /// [`Self::letter`], and what would have helped.
    #[must_use]
    pub fn letter_and_lacks(
        &self,
        letter: &Letter,
        signed: &Signed,
        proof_at: Timestamp,
        judged_at: Timestamp,
    ) -> (Vec<JudgedPart>, Lacks) {
        let mut work = Work::over(Digests::of_letter(letter), self.evidence);
        let judge = |part| self.part(letter, part, (proof_at, judged_at), &mut work);
        let verdicts = signed.parts.iter().map(judge).collect();
        (verdicts, work.budget.lacks)
    }

    /// The verdict on one signed file: DER, BER, or the same as one PEM block or as base64, and nothing beside it.
    ///
    /// `content` is what a detached signature is about. Given beside a content inside the file, the two must be the same
    /// octets. A file that is no signed one is FORMAT_FAILURE. Times as in [`Self::letter`].
    #[must_use]
    pub fn file(
        &self,
        file_name: &str,
        bytes: &[u8],
        content: Option<&[u8]>,
        proof_at: Timestamp,
        judged_at: Timestamp,
    ) -> Judged {
        let beside = content.map(|content| (content, Digest::of(content)));
        // The file's own place, which holds no content.
        let file = (&[][..], Digest([0; 32]));
        let digests = Digests::of([file].into_iter().chain(beside).collect());
        let mut work = Work::over(digests, self.evidence);
        let moments = (proof_at, judged_at);
        let der = armour::single_block(bytes);
        let read =
            der.as_deref().ok_or_else(no_signed_data).and_then(|der| SignedData::read(der, CERTIFICATES_MAX));
        let cms = match read {
            Ok(cms) => cms,
            Err(fault) => {
                let verdict = verdict_of(file_name, 0, ContentSource::Unreadable, Err(fault), moments);
                return Judged { verdict, content: None, extracted: None, rests_on: Vec::new() };
            }
        };
        let inside = cms.content.as_deref().map(|inside| (inside, Digest::of(inside)));
        let against = match inside {
            Some((inside, digest)) => digests::Content::inside(inside, &digest),
            None if beside.is_some() => digests::Content::Beside(1),
            None => digests::Content::Missing,
        };
        let mut proofs = Proofs::default();
        let mut judged = self.signers(&cms, against, moments, &mut work, &mut proofs);
        let keys = SignersKeys::of(&cms);
        let signed = |signer: &SignerInfo<'_>, work: &mut Work<'_>| {
            signed_by(signer, &keys, 0, &mut work.digests).contains(&1)
        };
        let is_of_its_content = cms.signers.iter().any(|signer| signed(signer, &mut work));
        let source = source_of(inside, beside, is_of_its_content);
        if let (Ok((_, worst)), Some((_, inside)), Some((_, beside))) = (&mut judged, inside, beside)
            && inside != beside
        {
            let changed = Fault::new(SubIndication::HashFailure, Reason::ContentChanged);
            *worst = Some(worst.take().map_or(changed.clone(), |known| known.worse(changed)));
        }
        let told = |(bytes, sha256): (&[u8], Digest), attached| Content {
            sha256,
            length: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            attached,
        };
        Judged {
            verdict: verdict_of(file_name, 0, source, judged, moments),
            content: inside.map(|inside| told(inside, true)).or(beside.map(|beside| told(beside, false))),
            extracted: cms.content.map(Cow::into_owned),
            rests_on: proofs.into_vec(),
        }
    }

    fn part(&self, letter: &Letter, part: &SignedPart, moments: Moments, work: &mut Work<'_>) -> JudgedPart {
        let attachment = letter.attachments.get(part.p7s);
        let name = attachment.map(|attachment| attachment.file_name.clone()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| (part.p7s + 1).to_string());
        let read = match attachment.map(|attachment| &attachment.kind) {
            Some(AttachmentKind::Cms { der }) => SignedData::read(der, CERTIFICATES_MAX),
            _ => Err(no_signed_data()),
        };
        let mut proofs = Proofs::default();
        let judged = read.and_then(|cms| {
            let content = match (&cms.content, &part.content) {
                (Some(inside), ContentSource::Embedded { digest, .. }) => {
                    digests::Content::inside(inside, digest)
                }
                (Some(inside), _) => digests::Content::inside(inside, &Digest::of(inside)),
                (None, ContentSource::Detached { at }) => {
                    at.first().map_or(digests::Content::Missing, |place| digests::Content::Beside(*place))
                }
                (None, ContentSource::Named { at }) => digests::Content::Beside(*at),
                (None, _) => digests::Content::Missing,
            };
            self.signers(&cms, content, moments, work, &mut proofs)
        });
        let verdict = verdict_of(&name, part.p7s, part.content.clone(), judged, moments);
        JudgedPart { verdict, rests_on: proofs.into_vec() }
    }

    /// Every signer's verdict and the worst fault of all: one good signer never hides a bad one.
    fn signers(
        &self,
        cms: &SignedData<'_>,
        mut content: digests::Content<'_>,
        (proof_at, judged_at): Moments,
        work: &mut Work<'_>,
        proofs: &mut Proofs,
    ) -> JudgedSigners {
        if cms.signers.is_empty() {
            return Err(Fault::new(SubIndication::FormatFailure, Reason::NoSigners));
        }
        // A SignedData over another type (a time-stamp token, another SignedData) says nothing about a document.
        if !cms.content_type.is(oid::ID_DATA) {
            let reason = Reason::ContentTypeNotData { oid: cms.content_type.to_string() };
            return Err(Fault::new(SubIndication::FormatFailure, reason));
        }
        let part = Part::open(cms)?;
        // The operator's evidence first: there is room for so much.
        let mut sources = work.given.clone();
        part.add_sources(&mut sources)?;
        let mut embedded = part.certificates()?;
        let inside = embedded.fingerprints().clone();
        let of_operator = work.given.certificates().count();
        for certificate in sources.certificates().skip(of_operator) {
            if !embedded.has(&certificate.fingerprint) {
                within(embedded.len(), PART_CERTIFICATES_MAX, "PART_CERTIFICATES_MAX")?;
                embedded.add(certificate.clone());
            }
        }
        work.given.certificates().for_each(|certificate| embedded.add(certificate.clone()));
        let Judge { trust, evidence, policy } = *self;
        // What was published since tells more of the earlier moment, not less.
        let validated_at = proof_at.max(judged_at);
        let (embedded, inside, sources) = (&embedded, &inside, &sources);
        let ground = Ground { trust, evidence, policy, embedded, inside, sources, validated_at };
        work.budget.next_part();
        let mut verdicts = Vec::new();
        let mut worst: Option<Fault> = None;
        for signer in &part.signers {
            let (verdict, fault) =
                signer::judge(&part, signer, &ground, proof_at, &mut content, work, proofs);
            verdicts.push(verdict);
            worst = match (worst, fault) {
                (Some(known), Some(fault)) => Some(known.worse(fault)),
                (known, fault) => known.or(fault),
            };
        }
        // Only where the file would pass otherwise: what is wrong with a signature tells more.
        let worst = worst.or_else(|| policy::check_sealers(policy, &verdicts).err());
        Ok((verdicts, worst))
    }
}

/// Signers' verdicts with the worst fault of all, or why there are none.
type JudgedSigners = Result<(Vec<SignerVerdict>, Option<Fault>), Fault>;

fn verdict_of(
    name: &str,
    p7s_at: usize,
    content: ContentSource,
    judged: JudgedSigners,
    (proof_at, judged_at): Moments,
) -> Verdict {
    let (signers, worst) = judged.unwrap_or_else(|fault| (Vec::new(), Some(fault)));
    Verdict {
        p7s: name.to_owned(),
        p7s_at,
        content,
        indication: worst.as_ref().map_or(Indication::TotalPassed, Fault::indication),
        sub_indication: worst.as_ref().map(|fault| fault.sub_indication),
        reason: worst.map(|fault| fault.reason),
        signers,
        proof_at,
        judged_at,
    }
}

/// Where a file's content is: the places of [`Judged`].
fn source_of(
    inside: Option<(&[u8], Digest)>,
    beside: Option<(&[u8], Digest)>,
    is_of_its_content: bool,
) -> ContentSource {
    match (inside, beside) {
        (Some((bytes, digest)), beside) => {
            let is_beside = beside.is_some_and(|(_, beside)| beside == digest);
            let beside = if is_beside { vec![1] } else { Vec::new() };
            ContentSource::Embedded { digest, is_pdf: is_pdf(bytes), beside }
        }
        (None, Some(_)) if is_of_its_content => ContentSource::Detached { at: vec![1] },
        (None, Some(_)) => ContentSource::Named { at: 1 },
        (None, None) => ContentSource::Missing { candidates: Vec::new() },
    }
}

fn no_signed_data() -> Fault {
    let reason = Reason::Malformed { expected: "a CMS SignedData".to_owned(), offset: 0 };
    Fault::new(SubIndication::FormatFailure, reason)
}
