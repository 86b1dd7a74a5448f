//! What the whole room says of letters: good ones, wrong ones, hostile ones, and real ones.

mod attacks;
mod chains;
mod file;
mod hostile;
mod lacks;
mod pairing;
mod policy;
mod proofs;
mod real;
mod revocation;
mod signatures;
mod standing;
mod time_stamps;
mod trust;

use super::testing::{CmsSpec, PKI, letter};
use super::{Evidence, Judge, JudgedPart, Trust, signed_parts};
use crate::model::{
    Indication, Letter, Policy, Reason, RevocationRule, Signed, SubIndication, Timestamp, Verdict,
};
use crate::texts;

/// The documents that the tests sign.
const PDF: &[u8] = b"%PDF-1.4 the copy";
const OTHER_PDF: &[u8] = b"%PDF-1.4 another copy";
/// Within the validity of every test certificate.
const NOW: &str = "2026-03-15T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Trust in the test root alone.
fn trust() -> Trust {
    trust_in(&[&PKI.root])
}

fn trust_in(certificates: &[&[u8]]) -> Trust {
    Trust::new(certificates.iter().map(|der| der.to_vec()).collect()).0
}

fn judge(letter: &Letter, trust: &Trust) -> Vec<Verdict> {
    judge_at(letter, trust, now())
}

fn judge_at(letter: &Letter, trust: &Trust, at: Timestamp) -> Vec<Verdict> {
    judge_later(letter, trust, at, at)
}

fn judge_later(letter: &Letter, trust: &Trust, at: Timestamp, judged_at: Timestamp) -> Vec<Verdict> {
    let judge = Judge { trust, evidence: &Evidence::new(), policy: &policy() };
    verdicts(judge.letter(letter, &signed_parts(letter), at, judged_at))
}

fn verdicts(judged: Vec<JudgedPart>) -> Vec<Verdict> {
    judged.into_iter().map(|part| part.verdict).collect()
}

/// The verdict on one attached P7S with these helpers, at this moment.
fn judge_with(p7s: &[u8], evidence: &Evidence, policy: &Policy, at: &str) -> Verdict {
    let letter = letter(&[("copy.pdf.p7s", p7s)]);
    let judge = Judge { trust: &trust(), evidence, policy };
    let at = at.parse().unwrap();
    judge.letter(&letter, &signed_parts(&letter), at, at).pop().expect("the file is a CMS").verdict
}

fn judge_signed(letter: &Letter, signed: &Signed) -> Vec<Verdict> {
    let judge = Judge { trust: &trust(), evidence: &Evidence::new(), policy: &policy() };
    verdicts(judge.letter(letter, signed, now(), now()))
}

/// Nobody asks for revocation.
fn policy() -> Policy {
    Policy { revocation: RevocationRule::Off, ..Policy::default() }
}

/// The verdict on one attached P7S, alone in its letter.
fn judge_file(p7s: &[u8], trust: &Trust) -> Verdict {
    judge(&letter(&[("copy.pdf.p7s", p7s)]), trust).pop().expect("the file is a CMS")
}

fn judge_spec(spec: &CmsSpec<'_>) -> Verdict {
    judge_file(&spec.make(), &trust())
}

#[track_caller]
fn passes(verdict: &Verdict) {
    assert_eq!((verdict.indication, &verdict.reason), (Indication::TotalPassed, &None));
    assert_eq!(verdict.sub_indication, None);
    assert!(!verdict.signers.is_empty());
    assert_eq!(texts::verdict_next_step(verdict), None);
}

/// Not passed, for this reason; and people are told so in words and what to do.
#[track_caller]
fn fails(verdict: &Verdict, indication: Indication, sub: SubIndication, reason: &Reason) {
    assert_eq!(
        (verdict.indication, verdict.sub_indication, verdict.reason.as_ref()),
        (indication, Some(sub), Some(reason))
    );
    let said = texts::verdict(verdict);
    assert!(said.uk.ends_with('.') && said.en.ends_with('.') && said.uk != said.en, "{said:?}");
    assert!(texts::verdict_next_step(verdict).is_some());
}

#[track_caller]
fn is_indeterminate(verdict: &Verdict, sub: SubIndication, reason: &Reason) {
    fails(verdict, Indication::Indeterminate, sub, reason);
}

#[track_caller]
fn is_failed(verdict: &Verdict, sub: SubIndication, reason: &Reason) {
    fails(verdict, Indication::TotalFailed, sub, reason);
}
