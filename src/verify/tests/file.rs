//! One file from the command line: as people keep it, with or without its content beside it.

use super::*;
use crate::model::{ContentSource, Digest};
use crate::verify::testing::SignerSpec;
use crate::verify::{Content, Judged};

fn judge_file_of(bytes: &[u8], content: Option<&[u8]>) -> Judged {
    let judge = Judge { trust: &trust(), evidence: &Evidence::new(), policy: &policy() };
    judge.file("copy.p7s", bytes, content, now(), now())
}

fn told(attached: bool) -> Option<Content> {
    let length = u64::try_from(PDF.len()).unwrap();
    Some(Content { sha256: Digest::of(PDF), length, attached })
}

#[test]
fn an_attached_file_is_judged_and_its_content_handed_out() {
    let p7s = CmsSpec::good(PDF, true).make();
    let judged = judge_file_of(&p7s, None);
    passes(&judged.verdict);
    assert_eq!((judged.verdict.p7s.as_str(), judged.verdict.p7s_at), ("copy.p7s", 0));
    assert_eq!((judged.content, judged.extracted.as_deref()), (told(true), Some(PDF)));
    let beside = judge_file_of(&p7s, Some(PDF));
    passes(&beside.verdict);
    assert!(matches!(&beside.verdict.content, ContentSource::Embedded { beside, .. } if *beside == [1]));
}

#[test]
fn another_content_beside_the_one_inside_is_a_changed_document() {
    let p7s = CmsSpec::good(PDF, true).make();
    let judged = judge_file_of(&p7s, Some(OTHER_PDF));
    is_failed(&judged.verdict, SubIndication::HashFailure, &Reason::ContentChanged);
    assert_eq!(judged.content, told(true));
    // The same when nothing else is right.
    let untrusted = Judge { trust: &Trust::default(), evidence: &Evidence::new(), policy: &policy() };
    let judged = untrusted.file("a", &p7s, Some(OTHER_PDF), now(), now());
    is_failed(&judged.verdict, SubIndication::HashFailure, &Reason::ContentChanged);
}

#[test]
fn a_detached_file_is_judged_against_the_content_given() {
    let p7s = CmsSpec::good(PDF, false).make();
    let judged = judge_file_of(&p7s, Some(PDF));
    passes(&judged.verdict);
    assert_eq!(judged.verdict.content, ContentSource::Detached { at: vec![1] });
    assert_eq!((judged.content, judged.extracted), (told(false), None));
    let changed = judge_file_of(&p7s, Some(OTHER_PDF));
    is_failed(&changed.verdict, SubIndication::HashFailure, &Reason::ContentChanged);
    assert_eq!(changed.verdict.content, ContentSource::Named { at: 1 });
    let alone = judge_file_of(&p7s, None);
    is_indeterminate(&alone.verdict, SubIndication::SignedDataNotFound, &Reason::ContentNotFound);
    assert_eq!(alone.content, None);
}

#[test]
fn the_file_may_be_pem_or_base64_and_nothing_else_may_be_in_it() {
    let p7s = CmsSpec::good(PDF, true).make();
    let base64 = openssl::base64::encode_block(&p7s);
    let pem = format!("-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n");
    for text in [base64.clone(), format!("{base64}\r\n"), pem.clone(), pem.replace("CMS", "PKCS7")] {
        passes(&judge_file_of(text.as_bytes(), None).verdict);
    }
    passes(&judge_file_of(&[&p7s[..], b"\r\n"].concat(), None).verdict);
    let others = [
        Vec::new(),
        b"%PDF-1.4".to_vec(),
        [&p7s[..], b"\r\n\r\n"].concat(),
        [&p7s[..], PDF].concat(),
        format!("{pem}{pem}").into_bytes(),
        format!("see below\n{pem}").into_bytes(),
        format!("{pem}see above").into_bytes(),
        PKI.signer.clone(),
    ];
    for bytes in others {
        let judged = judge_file_of(&bytes, None);
        let verdict = &judged.verdict;
        assert_eq!(verdict.sub_indication, Some(SubIndication::FormatFailure), "{bytes:02x?}");
        assert_eq!((verdict.indication, judged.content), (Indication::TotalFailed, None));
    }
}

#[test]
fn every_signer_of_a_file_is_told_and_the_worst_counts() {
    let mut spec = CmsSpec::good(PDF, true);
    let wrong = CmsSpec::good(OTHER_PDF, true).signers.remove(0);
    spec.signers.insert(0, SignerSpec { ..wrong });
    let judged = judge_file_of(&spec.make(), None);
    assert_eq!(judged.verdict.signers.len(), 2);
    is_failed(&judged.verdict, SubIndication::HashFailure, &Reason::ContentChanged);
}
