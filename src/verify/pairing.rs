//! A letter → which P7S signs what. By digest and by embedded bytes, never by name.

use super::algorithm::DigestAlgorithm;
use super::attributes::SignedAttributes;
use super::cms::{SignedData, SignerInfo};
use super::limits::CERTIFICATES_MAX;
use crate::model::{Attachment, AttachmentKind, ContentSource, Digest, Letter, Signed, SignedPart};

/// The signed and the unsigned documents of a letter.
///
/// A detached P7S covers the attachments that have the digest it signs; an attached one covers the attachments with the
/// very bytes inside it. A PDF with the same name and other bytes is not covered. Whether the signatures are right is
/// [`super::judge_all`]'s word: here a P7S only says what it is about. A digest that this program cannot compute yet
/// (GOST 34.311, Kupyna) or that proves nothing (SHA-1) pairs nothing.
#[must_use]
pub fn signed_parts(letter: &Letter) -> Signed {
    let mut digests = Digests { letter, sha384: None, sha512: None };
    let mut parts = Vec::new();
    for (p7s, attachment) in letter.attachments.iter().enumerate() {
        if let AttachmentKind::Cms { der } = &attachment.kind {
            parts.push(SignedPart { p7s, content: content_of(der, p7s, &mut digests) });
        }
    }
    let covered: Vec<usize> = parts.iter().flat_map(|part| covered_by(&part.content)).copied().collect();
    let is_unsigned = |(place, attachment): &(usize, &Attachment)| {
        attachment.kind == AttachmentKind::Pdf && !covered.contains(place)
    };
    let unsigned: Vec<usize> =
        letter.attachments.iter().enumerate().filter(is_unsigned).map(|(place, _)| place).collect();
    for part in &mut parts {
        if let ContentSource::Missing { candidates } = &mut part.content {
            candidates.clone_from(&unsigned);
        }
    }
    Signed { parts, unsigned }
}

fn covered_by(content: &ContentSource) -> &[usize] {
    match content {
        ContentSource::Embedded { beside, .. } => beside,
        ContentSource::Detached { at } => at,
        ContentSource::Missing { .. } | ContentSource::Unreadable => &[],
    }
}

fn content_of(der: &[u8], p7s: usize, digests: &mut Digests<'_>) -> ContentSource {
    let Ok(cms) = SignedData::read(der, CERTIFICATES_MAX) else { return ContentSource::Unreadable };
    if let Some(content) = &cms.content {
        let digest = Digest::of(content);
        let beside = digests.places(p7s, |attachment| attachment.digest == digest);
        return ContentSource::Embedded { digest, is_pdf: is_pdf(content), beside };
    }
    // The first signer whose digest is found says what the content is; the others are judged against the same.
    let found = cms.signers.iter().map(|signer| digests.signed_by(signer, p7s)).find(|at| !at.is_empty());
    match found {
        Some(at) => ContentSource::Detached { at },
        // A bundle of certificates signs nothing, so nothing is missing.
        None if cms.signers.is_empty() => ContentSource::Unreadable,
        None => ContentSource::Missing { candidates: Vec::new() },
    }
}

/// A PDF by its bytes: the mark may stand within the first 1024 (ISO 32000-1 annex H.3, note 13).
fn is_pdf(content: &[u8]) -> bool {
    const MARK: &[u8] = b"%PDF-";
    content.get(..1024).unwrap_or(content).windows(MARK.len()).any(|window| window == MARK)
}

/// The digests of a letter's attachments; the larger ones are computed when a signature first asks for them.
struct Digests<'a> {
    letter: &'a Letter,
    sha384: Option<Vec<Vec<u8>>>,
    sha512: Option<Vec<Vec<u8>>>,
}

impl Digests<'_> {
    /// Places of the attachments that this signer's message-digest names.
    fn signed_by(&mut self, signer: &SignerInfo<'_>, p7s: usize) -> Vec<usize> {
        let attributes = signer.signed_attributes.as_ref().and_then(|raw| SignedAttributes::read(raw).ok());
        let wanted = attributes.and_then(|attributes| attributes.message_digest().ok());
        let (Some(wanted), Ok(algorithm)) = (wanted, DigestAlgorithm::of(&signer.digest_algorithm)) else {
            return Vec::new();
        };
        let letter = self.letter;
        let digests = match algorithm {
            DigestAlgorithm::Sha256 => return self.places(p7s, |attachment| attachment.digest.0 == *wanted),
            DigestAlgorithm::Sha384 => &mut self.sha384,
            DigestAlgorithm::Sha512 => &mut self.sha512,
        };
        let digests = digests.get_or_insert_with(|| {
            letter.attachments.iter().map(|attachment| algorithm.digest(&attachment.bytes)).collect()
        });
        let fits = |(place, digest): (usize, &Vec<u8>)| (place != p7s && digest == wanted).then_some(place);
        digests.iter().enumerate().filter_map(fits).collect()
    }

    /// Places of the attachments that fit; the P7S itself does not.
    fn places(&self, p7s: usize, fits: impl Fn(&Attachment) -> bool) -> Vec<usize> {
        let all = self.letter.attachments.iter().enumerate();
        all.filter(|(place, attachment)| *place != p7s && fits(attachment)).map(|(place, _)| place).collect()
    }
}
