//! A letter and its verdicts → the documents that can be read, and which of them may teach letters.

use std::sync::Arc;

use crate::model::{AttachmentKind, ContentSource, Copy, Digest, Indication, Letter, Policy, Verdict};
use crate::verify;

/// A document of a letter, to be read.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its bytes.
    pub pdf: Arc<[u8]>,
    /// The best file name that the letter gives it.
    pub file_name: String,
    /// Its digest, where what it teaches counts: see `teaches`.
    pub teaches: Option<Digest>,
}

/// The documents of a letter that can be read; none for one that is not there.
#[must_use]
pub fn documents(
    letter: &Letter,
    copies: &[Copy],
    verdicts: &[Verdict],
    policy: &Policy,
) -> Vec<Option<Document>> {
    let document = |copy: &Copy| {
        let teaches = copy.digest.filter(|_| teaches(copy, verdicts, policy));
        Some(Document { pdf: bytes(letter, copy)?, file_name: copy.file_name.clone(), teaches })
    };
    copies.iter().map(document).collect()
}

/// The document's bytes: beside its signature, or inside it.
fn bytes(letter: &Letter, copy: &Copy) -> Option<Arc<[u8]>> {
    if let Some(pdf) = copy.pdf_at.and_then(|at| letter.attachments.get(at)) {
        return Some(pdf.bytes.as_slice().into());
    }
    let AttachmentKind::Cms { der } = &letter.attachments.get(copy.p7s_at?)?.kind else { return None };
    Some(verify::document_inside(der)?.into())
}

/// Whether what a copy shows may be learnt: it passed, and the policy says who may seal copies. Where anybody may, anybody
/// could teach wrong letters.
fn teaches(copy: &Copy, verdicts: &[Verdict], policy: &Policy) -> bool {
    let covers = |verdict: &Verdict| match &verdict.content {
        ContentSource::Embedded { digest, .. } => Some(*digest) == copy.digest,
        ContentSource::Detached { at } => copy.pdf_at.is_some_and(|pdf| at.contains(&pdf)),
        ContentSource::Named { .. } | ContentSource::Missing { .. } | ContentSource::Unreadable => false,
    };
    let passed = |verdict: &Verdict| verdict.indication == Indication::TotalPassed && covers(verdict);
    !policy.sealers.is_empty() && verdicts.iter().any(passed)
}
