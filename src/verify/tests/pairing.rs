//! Which P7S signs what: by digest and by embedded bytes, whatever the names say.

use super::*;
use crate::model::ContentSource;
use crate::verify::testing::{Hash, SignerSpec};

fn detached_over(content: &[u8], hash: Hash) -> Vec<u8> {
    let signer = SignerSpec::new(&PKI.signer_key, &PKI.signer, hash, content);
    CmsSpec::by(content, false, signer, vec![PKI.signer.clone(), PKI.authority.clone()]).make()
}

#[test]
fn a_detached_signature_finds_its_document_by_digest_and_not_by_name() {
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let p7s = detached_over(PDF, hash);
        let letter = letter(&[("other.pdf", PDF), ("copy.pdf", OTHER_PDF), ("copy.pdf.p7s", &p7s)]);
        let signed = signed_parts(&letter);
        assert_eq!(signed.parts[0].content, ContentSource::Detached { at: vec![0] }, "{hash:?}");
        assert_eq!((signed.parts[0].p7s, signed.unsigned), (2, vec![1]));
        passes(&judge(&letter, &trust())[0]);
    }
}

#[test]
fn repeated_documents_are_covered_together() {
    let p7s = detached_over(PDF, Hash::Sha512);
    let signed = signed_parts(&letter(&[("a.pdf", PDF), ("a.p7s", &p7s), ("b.pdf", PDF)]));
    assert_eq!(signed.parts[0].content, ContentSource::Detached { at: vec![0, 2] });
    assert_eq!(signed.unsigned, Vec::<usize>::new());
}

#[test]
fn a_document_changed_after_signing_is_told_by_its_name_and_fails() {
    let p7s = detached_over(PDF, Hash::Sha256);
    let letter = letter(&[("b.pdf", OTHER_PDF), ("Copy (1).pdf", OTHER_PDF), ("copy.pdf.p7s", &p7s)]);
    let signed = signed_parts(&letter);
    assert_eq!(signed.parts[0].content, ContentSource::Named { at: 1 });
    assert_eq!(signed.unsigned, [0]);
    is_failed(&judge(&letter, &trust())[0], SubIndication::HashFailure, &Reason::ContentChanged);
}

#[test]
fn one_document_is_not_named_by_two_signatures() {
    let (first, second) = (detached_over(PDF, Hash::Sha256), detached_over(PDF, Hash::Sha512));
    let letter = letter(&[("a.pdf", OTHER_PDF), ("a.pdf.p7s", &first), ("a.p7s", &second)]);
    let signed = signed_parts(&letter);
    assert_eq!(signed.parts[0].content, ContentSource::Named { at: 0 });
    assert_eq!(signed.parts[1].content, ContentSource::Missing { candidates: vec![] });
}

#[test]
fn a_detached_signature_without_its_document_names_the_unsigned_ones() {
    let p7s = detached_over(PDF, Hash::Sha256);
    let letter = letter(&[("copy.pdf", OTHER_PDF), ("signature.p7s", &p7s)]);
    let signed = signed_parts(&letter);
    assert_eq!(signed.parts[0].content, ContentSource::Missing { candidates: vec![0] });
    assert_eq!(signed.unsigned, [0]);
    is_indeterminate(
        &judge(&letter, &trust())[0],
        SubIndication::SignedDataNotFound,
        &Reason::ContentNotFound,
    );
}

#[test]
fn an_attached_signature_covers_only_the_very_same_bytes_beside_it() {
    let p7s = CmsSpec::good(PDF, true).make();
    let signed = signed_parts(&letter(&[("copy.pdf", PDF), ("copy.pdf.p7s", &p7s)]));
    let embedded =
        |beside| ContentSource::Embedded { digest: crate::model::Digest::of(PDF), is_pdf: true, beside };
    assert_eq!((&signed.parts[0].content, signed.unsigned.len()), (&embedded(vec![0]), 0));
    // The same name beside it, other bytes: that one stays unsigned, and the signature over the inner one still passes.
    let letter = letter(&[("copy.pdf", OTHER_PDF), ("copy.pdf.p7s", &p7s)]);
    let signed = signed_parts(&letter);
    assert_eq!((&signed.parts[0].content, signed.unsigned), (&embedded(vec![]), vec![0]));
    passes(&judge(&letter, &trust())[0]);
}

#[test]
fn several_signatures_each_find_their_own() {
    let (one, two) = (detached_over(PDF, Hash::Sha256), CmsSpec::good(OTHER_PDF, true).make());
    let letter = letter(&[("1.p7s", &one), ("2.p7s", &two), ("a.pdf", OTHER_PDF), ("b.pdf", PDF)]);
    let signed = signed_parts(&letter);
    assert_eq!(signed.parts[0].content, ContentSource::Detached { at: vec![3] });
    assert!(matches!(&signed.parts[1].content, ContentSource::Embedded { beside, .. } if *beside == [2]));
    assert!(signed.unsigned.is_empty());
    judge(&letter, &trust()).iter().for_each(passes);
}

#[test]
fn a_pdf_without_a_signature_is_unsigned_and_other_files_are_not_documents() {
    let signed = signed_parts(&letter(&[("a.pdf", PDF), ("notes.txt", b"hello")]));
    assert!(signed.parts.is_empty());
    assert_eq!(signed.unsigned, [0]);
}

#[test]
fn a_signature_that_cannot_be_read_is_a_format_failure_and_covers_nothing() {
    let letter = letter(&[("", b"\x30\x03\x02\x01\x00"), ("a.pdf", PDF)]);
    let signed = signed_parts(&letter);
    assert_eq!((&signed.parts[0].content, &signed.unsigned), (&ContentSource::Unreadable, &vec![1]));
    let verdict = judge(&letter, &trust()).remove(0);
    assert_eq!((verdict.p7s.as_str(), verdict.p7s_at), ("1", 0));
    let reason = Reason::Malformed { expected: "a contentType".to_owned(), offset: 2 };
    is_failed(&verdict, SubIndication::FormatFailure, &reason);
}

#[test]
fn two_signers_of_different_documents_do_not_pass_together() {
    let mut spec = CmsSpec::good(PDF, false);
    let second = SignerSpec::new(&PKI.signer_key, &PKI.signer, Hash::Sha256, OTHER_PDF);
    spec.signers.push(second);
    let letter = letter(&[("a.p7s", &spec.make()), ("a.pdf", PDF), ("b.pdf", OTHER_PDF)]);
    let signed = signed_parts(&letter);
    assert_eq!(signed.parts[0].content, ContentSource::Detached { at: vec![1] });
    assert_eq!(signed.unsigned, [2]);
    is_failed(&judge(&letter, &trust())[0], SubIndication::HashFailure, &Reason::ContentChanged);
}

#[test]
fn a_part_that_does_not_belong_to_the_letter_is_a_verdict_and_no_panic() {
    let stray = letter(&[("a.p7s", &detached_over(PDF, Hash::Sha256)), ("a.pdf", PDF)]);
    let signed = signed_parts(&stray);
    let verdicts = judge_signed(&letter(&[]), &signed);
    assert_eq!(verdicts[0].sub_indication, Some(SubIndication::FormatFailure));
    let shorter = Letter { attachments: stray.attachments[..1].to_vec(), ..Letter::default() };
    let verdicts = judge_signed(&shorter, &signed);
    assert_eq!(verdicts[0].sub_indication, Some(SubIndication::SignedDataNotFound));
}
