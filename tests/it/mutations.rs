//! Good files with their structure disturbed at random → no false pass, no panic, no long thought, no large memory.
//!
//! A disturbed file may pass only where its content, its signed attributes, its signature values and its signers'
//! certificates are an original's, octet by octet. Then it is the same signature: what changed is not signed.

mod tree;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use skrynka::model::{Digest, Indication};
use skrynka::verify::Judged;

use super::forgeries::{self, Circumstances};
use tree::{Dice, Node, disturb, disturb_bytes};

/// The forms that are disturbed, of each house.
const FORMS: [&str; 9] = [
    "bes-attached",
    "bes-detached",
    "bes-streamed",
    "bes-seal-and-person",
    "bes-by-key-identifier",
    "t-content-time-stamp",
    "c",
    "x-long",
    "t-evidence-in-crls",
];

/// The longest thought about one file. Good ones take a few milliseconds; the judge's own budget is far below it.
const THOUGHT_MAX: Duration = Duration::from_secs(1);

/// How much the peak of memory may grow over all files, in KiB. The files have ten; a length that lies may say 4 GB.
const GROWTH_KIB_MAX: u64 = 64 * 1024;

/// A good file with its circumstances.
struct Original {
    name: String,
    file: Vec<u8>,
    tree: Node,
    circumstances: Circumstances,
}

/// Everything that may pass: taken from the good files.
struct Known {
    signatures: BTreeSet<(Vec<u8>, Vec<u8>)>,
    certificates: BTreeSet<Digest>,
    content: Digest,
}

fn originals() -> (Vec<Original>, Known) {
    let cases = forgeries::cases();
    let mut originals = Vec::new();
    let content = Digest::of(&fs::read(forgeries::folder().join("small.pdf")).unwrap());
    let mut known = Known { signatures: BTreeSet::new(), certificates: BTreeSet::new(), content };
    for house in forgeries::JUDGED {
        for form in FORMS {
            let name = format!("good/{house}/{form}");
            let case = cases.iter().find(|case| case.name == name).unwrap();
            let (file, circumstances) = (case.bytes(), Circumstances::of(case));
            let judged = circumstances.judge(&name, &file);
            assert_eq!(judged.verdict.indication, Indication::TotalPassed, "{name}");
            known.signatures.extend(tree::signatures(&file).unwrap());
            known.certificates.extend(certificates(&judged));
            let tree = Node::read(&file).unwrap();
            originals.push(Original { name, file, tree, circumstances });
        }
    }
    (originals, known)
}

fn certificates(judged: &Judged) -> impl Iterator<Item = Digest> {
    judged.verdict.signers.iter().map(|signer| signer.certificate.as_ref().unwrap().fingerprint)
}

/// The file that belongs to a number, and which original it comes from.
fn disturbed(originals: &[Original], trees: &[Node], number: u64) -> (usize, Vec<u8>) {
    let mut dice = Dice::new(number);
    let which = dice.below(originals.len());
    let original = &originals[which];
    if dice.below(4) == 0 {
        let mut file = original.file.clone();
        disturb_bytes(&mut file, &mut dice);
        return (which, file);
    }
    let mut tree = original.tree.clone();
    for _ in 0..=dice.below(3) {
        disturb(&mut tree, trees, &mut dice);
    }
    let mut file = Vec::new();
    tree.write(&mut file);
    (which, file)
}

/// Judges the file of a number; says whether it passed.
#[track_caller]
fn check(originals: &[Original], trees: &[Node], known: &Known, number: u64) -> bool {
    let (which, file) = disturbed(originals, trees, number);
    let original = &originals[which];
    let (began, worked) = (Instant::now(), worked());
    let judged = catch_unwind(AssertUnwindSafe(|| original.circumstances.judge(&original.name, &file)));
    let thought = worked_since(worked).unwrap_or_else(|| began.elapsed());
    let what = format!("disturbed file {number} of {}", original.name);
    assert!(judged.is_ok(), "{what}: the judge panics");
    let judged = judged.unwrap();
    assert!(thought < THOUGHT_MAX, "{what}: {thought:?}");
    if judged.verdict.indication != Indication::TotalPassed {
        return false;
    }
    let signatures = tree::signatures(&file);
    assert!(signatures.is_some(), "{what} passes and cannot be read");
    let signatures = signatures.unwrap();
    assert!(
        !signatures.is_empty() && signatures.is_subset(&known.signatures),
        "{what}: other attributes or value"
    );
    assert!(
        certificates(&judged).all(|one| known.certificates.contains(&one)),
        "{what}: another certificate"
    );
    assert_eq!(judged.content.map(|content| content.sha256), Some(known.content), "{what}: another content");
    true
}

/// Processor time of this thread, which a busy machine does not lengthen; none where the system does not tell it.
fn worked() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn worked_since(before: Option<Duration>) -> Option<Duration> {
    worked()?.checked_sub(before?)
}

/// The peak of this process's memory, in KiB.
fn peak_kib() -> Option<u64> {
    let told = fs::read_to_string("/proc/self/status").ok()?;
    let line = told.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Judges so many disturbed files on two threads.
fn judge_disturbed(count: u64) {
    let (originals, known) = originals();
    let trees: Vec<Node> = originals.iter().map(|original| original.tree.clone()).collect();
    let before = peak_kib();
    let passed: usize = std::thread::scope(|scope| {
        let work = |first: u64| {
            let (originals, trees, known) = (&originals, &trees, &known);
            move || (first..count).step_by(2).filter(|number| check(originals, trees, known, *number)).count()
        };
        let threads = [scope.spawn(work(0)), scope.spawn(work(1))];
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    if let (Some(before), Some(after)) = (before, peak_kib()) {
        assert!(after - before < GROWTH_KIB_MAX, "{} KiB more", after - before);
    }
    // What is not signed may change: none passing would mean that the disturbance always hits what is.
    assert!(passed > 0, "not one of {count} disturbed files passes");
}

#[test]
fn twenty_thousand_disturbed_files_pass_only_as_the_same_signature() {
    judge_disturbed(20_000);
}

#[test]
#[ignore = "a million files take many minutes: `make soak`"]
fn a_million_disturbed_files_pass_only_as_the_same_signature() {
    judge_disturbed(1_000_000);
}
