//! Every letter of `fixtures/mail` → what an untouched daemon says of it, against what its author says must be found.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use skrynka::config::Policy;
use skrynka::model::{AttachmentKind, Letter, Timestamp, Verdict};
use skrynka::{parse, reading, verify};

/// The file beside a letter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Indication, and after a slash the sub-indication, of every P7S.
    verdicts: Vec<String>,
    /// File names of the P7S.
    signatures: Vec<String>,
    /// File names of the PDFs beside them.
    documents: Vec<String>,
    /// How many of these PDFs no P7S covers.
    unsigned: usize,
    /// Defects that must occur; others may.
    defects: Vec<String>,
}

#[test]
fn every_letter_of_the_collection_gets_what_its_author_expects() {
    let mail = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mail");
    let trust = trust();
    let letters = files(&mail, "eml");
    for path in &letters {
        check(path, &trust);
    }
    let expectations = files(&mail, "toml");
    assert!(letters.len() > 70, "only {} letters", letters.len());
    assert_eq!(letters.len(), expectations.len(), "each letter has its expectation, and no other");
}

#[track_caller]
fn check(path: &Path, trust: &verify::Trust) {
    let judged_at: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
    let expected = fs::read_to_string(path.with_extension("expected.toml")).unwrap();
    let expected: Expected = toml::from_str(&expected).unwrap();
    let at = path.display();

    let letter = parse::letter(&fs::read(path).unwrap());
    let signed = verify::signed_parts(&letter);
    let policy = Policy::default().signatures;
    let judge = verify::Judge { trust, evidence: &verify::Evidence::new(), policy: &policy };
    let judged = judge.letter(&letter, &signed, judged_at, judged_at);
    let verdicts: Vec<Verdict> = judged.into_iter().map(|part| part.verdict).collect();

    assert_eq!(verdicts.iter().map(words).collect::<Vec<_>>(), expected.verdicts, "{at}: {verdicts:#?}");
    assert_eq!(named(&letter, "p7s"), expected.signatures, "{at}");
    assert_eq!(named(&letter, "pdf"), expected.documents, "{at}");
    assert_eq!(signed.unsigned.len(), expected.unsigned, "{at}");
    let defects = defects(&letter);
    for defect in &expected.defects {
        assert!(defects.contains(defect), "{at}: {defect} is not among {defects:?}");
    }

    // What was read is what was signed or left unsigned: nothing is told of twice, and nothing is left out.
    let copies = reading::copies(&letter, &signed);
    let digests = |places: &[usize]| -> BTreeSet<_> {
        places.iter().map(|&place| letter.attachments.get(place).unwrap().digest).collect()
    };
    let unsigned: Vec<usize> =
        copies.iter().filter(|copy| copy.p7s_at.is_none()).filter_map(|copy| copy.pdf_at).collect();
    assert_eq!(digests(&unsigned), digests(&signed.unsigned), "{at}");
    for copy in &copies {
        assert!(copy.pdf_at.is_some() || copy.p7s_at.is_some(), "{at}: {copy:?}");
    }
    assert_eq!(copies.is_empty(), expected.documents.is_empty() && expected.signatures.is_empty(), "{at}");
}

fn words(verdict: &Verdict) -> String {
    let indication = verdict.indication.word();
    verdict.sub_indication.map_or_else(|| indication.to_owned(), |sub| format!("{indication}/{}", sub.word()))
}

fn named(letter: &Letter, kind: &str) -> Vec<String> {
    let of_kind = letter.attachments.iter().filter(|attachment| match attachment.kind {
        AttachmentKind::Pdf => kind == "pdf",
        AttachmentKind::Cms { .. } => kind == "p7s",
        AttachmentKind::Other => false,
    });
    of_kind.map(|attachment| attachment.file_name.clone()).collect()
}

/// Each defect's name, as it is kept.
fn defects(letter: &Letter) -> BTreeSet<String> {
    let name =
        |defect| serde_json::to_value(defect).unwrap().get("defect").unwrap().as_str().unwrap().to_owned();
    letter.defects.iter().map(name).collect()
}

/// Trust in the roots of `fixtures/pki/trust`.
fn trust() -> verify::Trust {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pki/trust");
    let roots = files(&folder, "pem");
    let (trust, faults) = verify::Trust::from_files(
        roots.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())),
    );
    assert!(faults.is_empty(), "{faults:?}");
    trust
}

/// The files with this ending in a folder and its folders, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
