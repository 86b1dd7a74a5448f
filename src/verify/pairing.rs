//! A letter → which P7S signs what. By digest and by embedded bytes; a name only tells what a failing P7S was meant for.

use dstu::gost34311::Dke;

use super::algorithm::DigestAlgorithm;
use super::attributes::SignedAttributes;
use super::certificate::Certificate;
use super::cms::{SignedData, SignerInfo};
use super::digests::Digests;
use super::limits::CERTIFICATES_MAX;
use super::oid;
use super::shelf::Shelf;
use crate::model::{Attachment, AttachmentKind, ContentSource, Digest, Letter, Signed, SignedPart};

/// The signed and the unsigned documents of a letter.
///
/// A detached P7S covers the attachments that have the digest it signs; an attached one covers the attachments with the
/// very bytes inside it. Whether the signatures are right is [`super::Judge`]'s word: here a P7S only says what it is
/// about. A digest that this program does not know, or that proves nothing (SHA-1), pairs nothing. A detached P7S that is left over is laid beside the left-over PDF of its name, if there is one: as the two are
/// not bound by a digest, it cannot pass, and the verdict can say that the document was changed.
#[must_use]
pub fn signed_parts(letter: &Letter) -> Signed {
    let mut digests = Digests::of_letter(letter);
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
    let mut unsigned: Vec<usize> =
        letter.attachments.iter().enumerate().filter(is_unsigned).map(|(place, _)| place).collect();
    for part in &mut parts {
        let named = unsigned.iter().position(|pdf| bear_one_name(letter, part.p7s, *pdf));
        if let (ContentSource::Missing { .. }, Some(place)) = (&part.content, named) {
            part.content = ContentSource::Named { at: unsigned.remove(place) };
        }
    }
    for part in &mut parts {
        if let ContentSource::Missing { candidates } = &mut part.content {
            candidates.clone_from(&unsigned);
        }
    }
    Signed { parts, unsigned }
}

/// The document inside a P7S (DER or BER), whole; none where there is none, or the P7S cannot be read.
#[must_use]
pub fn document_inside(p7s: &[u8]) -> Option<Vec<u8>> {
    let cms = SignedData::read(p7s, CERTIFICATES_MAX).ok()?;
    cms.content.map(std::borrow::Cow::into_owned)
}

fn covered_by(content: &ContentSource) -> &[usize] {
    match content {
        ContentSource::Embedded { beside, .. } => beside,
        ContentSource::Detached { at } => at,
        ContentSource::Named { at } => std::slice::from_ref(at),
        ContentSource::Missing { .. } | ContentSource::Unreadable => &[],
    }
}

/// `a.pdf` and `a.pdf.p7s`, `A (1).pdf` and `a.p7s`: the name of a P7S and of the document it was made for.
fn bear_one_name(letter: &Letter, p7s: usize, pdf: usize) -> bool {
    let stem = |place: usize| letter.attachments.get(place).map(|attachment| stem(&attachment.file_name));
    stem(p7s).filter(|stem| !stem.is_empty()).is_some_and(|name| stem(pdf) == Some(name))
}

/// A file name in lower case without the endings that programs add to a signed document's name.
fn stem(file_name: &str) -> String {
    let name = file_name.trim().to_lowercase();
    let mut stem = name.as_str();
    loop {
        let bare = [".pdf", ".p7s", ".p7m", ".p7e"].iter().find_map(|ending| stem.strip_suffix(ending));
        let Some(shorter) = bare.or_else(|| without_copy_number(stem)) else { return stem.to_owned() };
        stem = shorter.trim_end();
    }
}

/// `name (2)` → `name`.
fn without_copy_number(stem: &str) -> Option<&str> {
    let (name, number) = stem.strip_suffix(')')?.rsplit_once('(')?;
    (!number.is_empty() && number.bytes().all(|c| c.is_ascii_digit())).then_some(name)
}

fn content_of(der: &[u8], p7s: usize, digests: &mut Digests<'_>) -> ContentSource {
    let Ok(cms) = SignedData::read(der, CERTIFICATES_MAX) else { return ContentSource::Unreadable };
    if let Some(content) = &cms.content {
        let digest = Digest::of(content);
        let beside = digests.places(DigestAlgorithm::Sha256, &digest.0);
        let beside = beside.into_iter().filter(|place| *place != p7s).collect();
        return ContentSource::Embedded { digest, is_pdf: is_pdf(content), beside };
    }
    // The first signer whose digest is found says what the content is; the others are judged against the same.
    let keys = SignersKeys::of(&cms);
    let found =
        cms.signers.iter().map(|signer| signed_by(signer, &keys, p7s, digests)).find(|at| !at.is_empty());
    match found {
        Some(at) => ContentSource::Detached { at },
        // A bundle of certificates signs nothing, so nothing is missing.
        None if cms.signers.is_empty() => ContentSource::Unreadable,
        None => ContentSource::Missing { candidates: Vec::new() },
    }
}

/// A PDF by its bytes: the mark may stand within the first 1024 (ISO 32000-1 annex H.3, note 13).
pub(super) fn is_pdf(content: &[u8]) -> bool {
    const MARK: &[u8] = b"%PDF-";
    content.get(..1024).unwrap_or(content).windows(MARK.len()).any(|window| window == MARK)
}

/// Places of the attachments that this signer's message-digest names; the P7S itself is not one.
pub(super) fn signed_by(
    signer: &SignerInfo<'_>,
    keys: &SignersKeys,
    p7s: usize,
    digests: &mut Digests<'_>,
) -> Vec<usize> {
    let attributes = signer.signed_attributes.as_ref().and_then(|raw| SignedAttributes::read(raw).ok());
    let wanted = attributes.and_then(|attributes| attributes.message_digest().ok());
    let (Some(wanted), Ok(algorithm)) = (wanted, DigestAlgorithm::of(&signer.digest_algorithm)) else {
        return Vec::new();
    };
    let algorithm = algorithm.with_sboxes(keys.sboxes(signer));
    digests.places(algorithm, wanted).into_iter().filter(|place| *place != p7s).collect()
}

/// The certificates in a P7S, if a signer's digest may take its S-boxes from one of them.
pub(super) struct SignersKeys(Shelf);

impl SignersKeys {
    pub(super) fn of(cms: &SignedData<'_>) -> Self {
        let mut shelf = Shelf::default();
        if cms.signers.iter().any(|signer| signer.digest_algorithm.oid.is(oid::GOST_34311)) {
            for certificate in cms.certificates.iter().filter_map(|der| Certificate::read(der).ok()) {
                shelf.add(certificate);
            }
        }
        Self(shelf)
    }

    fn sboxes(&self, signer: &SignerInfo<'_>) -> Option<Dke> {
        self.0.identified(&signer.identifier).find_map(|certificate| certificate.public_key().ok()?.sboxes())
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_document_and_its_signature_bear_one_name() {
        for name in ["a.pdf", "a.pdf.p7s", "A (1).pdf", "a.pdf (2).p7s", "a.p7s.p7e", "a.pdf.p7m ", "a"] {
            assert_eq!(stem(name), "a", "{name}");
        }
        assert_eq!(stem("a (x).pdf"), "a (x)");
        assert_eq!(stem(".pdf"), "");
    }
}
