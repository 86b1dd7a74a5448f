//! `skrynka evidence export`: filed in 2026, checked in 2036 on another machine, by the program itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use skrynka::model::{
    Clock, Digest, Filing, Matched, Outcome, Policy, ProofKind, ProofRole, RawMail, ReaderRevision,
    RevocationRule, RevocationStanding, Source, Timestamp,
};
use skrynka::pipeline::{Pipeline, Rules};
use skrynka::store::Store;
use skrynka::verify::{Evidence, Judge, Trust};
use skrynka::{parse, reading, verify};
use skrynka_fixtures::cms::{self, SignedData, SignerInfo};
use skrynka_fixtures::mail::LetterDraft;
use skrynka_fixtures::pki::{Algorithm, House};
use skrynka_fixtures::revocation::{Crl, Ocsp, Status};
use skrynka_fixtures::time_stamp::TimeStamp;

use crate::forgeries::Circumstances;
use crate::program::{Desk, SKRYNKA, Said};

const SIGNED: &str = "2026-03-02T10:00:10Z";
const STAMPED: &str = "2026-03-02T10:00:12Z";
const GATHERED: &str = "2026-03-02T11:00:00Z";
const FILED: &str = "2026-03-02T12:00:00Z";
/// The certificates of the houses end on 1 January 2036.
const LATER: &str = "2036-06-01T00:00:00Z";
const COPY: &[u8] = "%PDF-1.7\n% ТЕСТ. Копія, якої ніхто не видавав.\n%%EOF\n".as_bytes();

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        at(FILED)
    }
}

fn house(algorithm: Algorithm) -> &'static House {
    House::all().iter().find(|house| house.algorithm == algorithm).unwrap()
}

fn stamped(house: &House) -> SignedData {
    let signer = SignerInfo::usual(&house.seal, COPY, at(SIGNED));
    let mut signed = SignedData::attached(COPY, &house.seal, signer);
    let token = TimeStamp::over(&house.tsa, at(STAMPED), &signed.signer().signature).der();
    signed.signer().unsigned.push(cms::attribute(cms::SIGNATURE_TIME_STAMP, token));
    signed
}

/// The list of the root, the list of the authority, the responder's word on the seal.
fn revocation(house: &'static House) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let until = at("2026-03-09T00:00:00Z");
    let list = |by| Crl::empty(by, at(GATHERED), until).der();
    let ocsp = Ocsp::about(&house.ocsp, &house.ca, &house.seal, Status::Good, at(GATHERED)).der();
    (list(&house.root), list(&house.ca), ocsp)
}

fn letter(p7s: Vec<u8>) -> RawMail {
    let draft = LetterDraft {
        from: "Марʼяна Тестовська <mariana@visitor.test>".to_owned(),
        to: "ЦНАП <cnap@example.org>".to_owned(),
        subject: "Копії документів".to_owned(),
        body: "Добрий день!\n".to_owned(),
        attachments: vec![
            ("internal-passport-02 Mar 26.pdf".to_owned(), "application/pdf".to_owned(), COPY.to_vec()),
            ("internal-passport-02 Mar 26.pdf.p7s".to_owned(), "application/pkcs7-signature".to_owned(), p7s),
        ],
        message_id: "1@visitor.test".to_owned(),
        date: at(SIGNED),
    };
    let bytes = draft.to_bytes();
    let source = Source::Imap {
        account: "cnap@imap.example.org:993".to_owned(),
        folder: "INBOX".to_owned(),
        uid_validity: 7,
        uid: 1,
    };
    let digest = Digest::of(&bytes);
    RawMail { mailbox: "cnap@example.org".parse().unwrap(), source, received_at: at(GATHERED), digest, bytes }
}

fn trust(house: &House) -> Trust {
    Trust::new(vec![house.root.certificate.clone()]).0
}

fn required() -> Policy {
    Policy { revocation: RevocationRule::Required, ..Policy::default() }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// A desk whose store has the letter, with its evidence from the shelf.
fn filed_with_fetched_evidence(house: &'static House) -> Desk {
    let desk = Desk::with_registry();
    let (root_crl, ca_crl, ocsp) = revocation(house);
    let mut evidence = Evidence::new();
    evidence.mark_fetched();
    let faults =
        [evidence.add_crl("", &root_crl), evidence.add_crl("", &ca_crl), evidence.add_ocsp("", &ocsp)];
    assert!(faults.concat().is_empty());
    let mail = letter(stamped(house).detached().der());
    let parsed = parse::letter(&mail.bytes);
    let signed = verify::signed_parts(&parsed);
    let (trust, policy) = (trust(house), required());
    let judge = Judge { trust: &trust, evidence: &evidence, policy: &policy };
    let judged = judge.letter(&parsed, &signed, at(FILED), at(FILED));
    let (verdicts, rests_on) = judged.into_iter().map(|part| (part.verdict, part.rests_on)).unzip();
    let copies = reading::copies(&parsed, &signed);
    let matched = skrynka::model::Match {
        matched: Matched::Nothing,
        branch: None,
        reasons: vec![],
        anomalies: vec![],
        visit: None,
    };
    let filing = Filing {
        mail,
        letter: parsed,
        verdicts,
        rests_on,
        rules: Digest::of(b"rules"),
        copies,
        readings: vec![],
        pictures: vec![],
        read_by: ReaderRevision::default(),
        matched,
        filed_at: at(FILED),
    };
    run(async {
        let store = Store::open(&desk.path().join("store")).await.unwrap();
        store.keep_blob(&filing.mail.bytes).await.unwrap();
        store.file(&filing).await.unwrap();
        store.close().await;
    });
    desk
}

/// A desk whose pipeline filed the letter with the evidence inside it.
fn filed_with_evidence_inside(house: &'static House) -> Desk {
    let desk = Desk::with_registry();
    let (root_crl, ca_crl, ocsp) = revocation(house);
    let mut signed = stamped(house);
    signed.crls = vec![root_crl, ca_crl, cms::ocsp_in_crls(ocsp)];
    run(async {
        let store = Store::open(&desk.path().join("store")).await.unwrap();
        let rules = Rules::new(Arc::new(trust(house)), required(), parse::Limits::default());
        let pipeline = Pipeline::new(store.clone(), rules, Arc::new(Stopped));
        let outcome = pipeline.process(letter(signed.der())).await.unwrap();
        assert!(matches!(outcome, Outcome::Filed(_)), "{outcome:?}");
        store.close().await;
    });
    desk
}

/// How many lines of exports of filing 1 the audit has.
fn audit_lines(desk: &Desk) -> i64 {
    let database = desk.path().join("store/skrynka.db");
    run(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database).read_only(true);
        let pool = sqlx::sqlite::SqlitePool::connect_with(options).await.unwrap();
        let count = "SELECT COUNT(*) FROM audit WHERE action = 'evidence.exported' AND subject = 'filing 1'";
        let lines: i64 = sqlx::query_scalar(count).fetch_one(&pool).await.unwrap();
        pool.close().await;
        lines
    })
}

/// Exports filing 1 into a folder of another desk, where neither the store nor its configuration is.
fn exported(desk: &Desk) -> (Desk, PathBuf) {
    let elsewhere = Desk::new();
    fs::remove_file(elsewhere.path().join("skrynka.toml")).unwrap();
    let to = elsewhere.path().join("evidence");
    let said = desk.run(&["evidence", "export", "1", "--to", to.to_str().unwrap()]);
    assert_eq!(said.err, "", "{}", said.out);
    said.good();
    assert_eq!(audit_lines(desk), 1, "an export leaves a line");
    (elsewhere, to)
}

fn report(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap()
}

/// Runs the report's own command, its moment replaced if another one is given.
fn check(folder: &Path, moment: Option<&str>) -> Said {
    let report = report(folder);
    let command = report["signed_parts"][0]["command"].as_str().unwrap();
    let mut words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words.remove(0), "skrynka");
    let place = words.iter().position(|word| *word == "--at").unwrap() + 1;
    assert_eq!(words[place], report["filing"]["filed_at"].as_str().unwrap());
    words[place] = moment.unwrap_or(words[place]);
    words.push("--json");
    let output = Command::new(SKRYNKA).args(words).current_dir(folder).output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700, "{folder:?}");
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn passes_in_2036(desk: &Desk) {
    let (_elsewhere, folder) = exported(desk);
    let said = check(&folder, None);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let part = report(&folder)["signed_parts"][0].clone();
    assert_eq!(part["checked"]["revocation"], "required");
    assert_eq!(part["checked"]["agrees"], true);
    assert_eq!(part["evidence_kept"], true);
    assert_eq!(part["rules_sha256"].as_str().unwrap().len(), 64);
    for field in ["indication", "sub_indication", "signatures", "content"] {
        assert_eq!(answer[field], part[field], "{field}");
    }
    // Without the proof of existence that our record is, the files alone prove nothing in 2036, and the text says so.
    let said = check(&folder, Some(LATER));
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(answer["sub_indication"], "OUT_OF_BOUNDS_NO_POE");
    let readme = fs::read_to_string(folder.join("README.txt")).unwrap();
    assert_eq!(readme.matches("OUT_OF_BOUNDS_NO_POE").count(), 2, "in both languages");
    assert_eq!(readme.matches(part["command"].as_str().unwrap()).count(), 2);
}

#[test]
fn a_verdict_with_fetched_evidence_passes_in_2036_on_another_machine() {
    for algorithm in [Algorithm::Ecdsa, Algorithm::DstuGost] {
        passes_in_2036(&filed_with_fetched_evidence(house(algorithm)));
    }
}

#[test]
fn a_verdict_with_its_evidence_inside_passes_in_2036_on_another_machine() {
    for algorithm in [Algorithm::Ecdsa, Algorithm::DstuGost] {
        passes_in_2036(&filed_with_evidence_inside(house(algorithm)));
    }
}

#[test]
fn no_file_of_an_export_can_be_changed_unnoticed() {
    let desk = filed_with_fetched_evidence(house(Algorithm::Ecdsa));
    let (_elsewhere, folder) = exported(&desk);
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let told = report(&folder);
    let mut changed = 0;
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        if name == "SHA256SUMS" {
            continue;
        }
        let right = fs::read(&path).unwrap();
        assert!(sums.contains(&format!("{}  {name}\n", Digest::of(&right))), "{name}");
        let listed = told["files"].as_array().unwrap().iter().find(|file| file["file"] == name);
        let is_report = ["report.json", "report.pdf", "README.txt"].contains(&name.as_str());
        assert_eq!(listed.is_none(), is_report, "{name}");
        if let Some(listed) = listed {
            assert_eq!(listed["sha256"], Digest::of(&right).to_string());
        }
        // What is inside the signed file too is needed by nobody: its digest tells of the change.
        let is_needed = ["signature.p7s", "copy.pdf", "trust/", "crl/", "ocsp/"];
        if is_needed.iter().any(|place| name.contains(place)) {
            let mut wrong = right.clone();
            // The end of a response is its responder's certificate, which lies beside it too.
            let place = if name.contains("ocsp/") { wrong.len() / 4 } else { wrong.len() - 10 };
            wrong[place] ^= 1;
            fs::write(&path, &wrong).unwrap();
            let said = check(&folder, None);
            // Without the list about its authority the time-stamp falls, and the signature stands on our record alone.
            let is_same = said.code == 0
                && serde_json::from_str::<serde_json::Value>(&said.out).unwrap()["signatures"]
                    == told["signed_parts"][0]["signatures"];
            assert!(!is_same, "{name}: {}", said.out);
            fs::write(&path, &right).unwrap();
            changed += 1;
        }
    }
    assert_eq!(changed, 6, "P7S, copy, root, two lists, one response");
    assert_eq!(check(&folder, None).code, 0);
}

#[test]
fn an_export_holds_what_came_and_says_where_everything_is_from() {
    let desk = filed_with_fetched_evidence(house(Algorithm::Ecdsa));
    let (_elsewhere, folder) = exported(&desk);
    let house = house(Algorithm::Ecdsa);
    assert_eq!(fs::read(folder.join("part-1/signature.p7s")).unwrap(), stamped(house).detached().der());
    assert_eq!(fs::read(folder.join("part-1/copy.pdf")).unwrap(), COPY);
    assert_eq!(
        Digest::of(&fs::read(folder.join("letter.eml")).unwrap()).to_string(),
        report(&folder)["filing"]["letter_sha256"]
    );
    let evidence = report(&folder)["signed_parts"][0]["evidence"].clone();
    let mut told: Vec<(String, String, String)> = Vec::new();
    for proof in evidence.as_array().unwrap() {
        let word = |field: &str| proof[field].as_str().unwrap().to_owned();
        assert_eq!(Digest::of(&fs::read(folder.join(word("file"))).unwrap()).to_string(), word("sha256"));
        told.push((word("kind"), word("role"), word("origin")));
    }
    let expected = [
        ("certificate", "signer", "file"),
        ("certificate", "authority", "file"),
        ("certificate", "anchor", "operator"),
        ("certificate", "responder", "fetched"),
        ("ocsp", "revocation", "fetched"),
        ("crl", "revocation", "fetched"),
        ("certificate", "time_stamping", "file"),
        ("crl", "revocation", "fetched"),
    ];
    for (kind, role, origin) in expected {
        let expected = (kind.to_owned(), role.to_owned(), origin.to_owned());
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for path in files(&folder) {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
    }
}

#[test]
fn a_zip_holds_the_same_files_and_nothing_is_overwritten() {
    let desk = filed_with_fetched_evidence(house(Algorithm::Ecdsa));
    let answer = desk.run(&["evidence", "export", "1", "--to", "one.zip", "--json"]).json();
    let zip = desk.path().join("one.zip");
    assert_eq!(fs::metadata(&zip).unwrap().permissions().mode() & 0o777, 0o600);
    let mut archive = zip::ZipArchive::new(fs::File::open(&zip).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let told: Vec<&str> =
        answer["files"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names, told);
    let unpacked = desk.path().join("unpacked");
    archive.extract(&unpacked).unwrap();
    assert_eq!(check(&unpacked, None).code, 0);
    let before = fs::read(&zip).unwrap();
    desk.run(&["evidence", "export", "1", "--to", "one.zip"]).refused(1, "is not overwritten");
    assert_eq!(fs::read(&zip).unwrap(), before);
    fs::create_dir(desk.path().join("evidence-1")).unwrap();
    desk.run(&["evidence", "export", "1"]).refused(1, "evidence-1 exists and is not overwritten");
    desk.run(&["evidence", "export", "99", "--to", "99"]).refused(1, "there is no filing 99");
    assert!(!desk.path().join("99").exists());
}

/// By poppler, where it is installed.
#[test]
#[expect(clippy::print_stdout, reason = "a test that cannot look says so")]
fn the_printed_report_says_it_in_ukrainian_and_can_be_selected() {
    let desk = filed_with_fetched_evidence(house(Algorithm::DstuGost));
    let (_elsewhere, folder) = exported(&desk);
    let pdf = fs::read(folder.join("report.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 200_000, "{} bytes", pdf.len());
    let Ok(output) =
        Command::new("pdftotext").arg("-layout").arg(folder.join("report.pdf")).arg("-").output()
    else {
        println!("skipped: no pdftotext");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Звіт про електронні підписи копій документів, лист № 1",
        "Підпис дійсний (TOTAL-PASSED)",
        "ТЕСТ Дія, печатка",
        "ЄДРПОУ 43395033",
        "не скасовано (OCSP станом на",
        "Корені довіри з теки trust",
        "skrynka verify --offline --at 2026-03-02T12:00:00Z",
        "OUT_OF_BOUNDS_NO_POE",
    ] {
        assert!(flat.contains(said), "«{said}» in:\n{text}");
    }
    let report = report(&folder);
    for proof in report["signed_parts"][0]["evidence"].as_array().unwrap() {
        assert!(flat.contains(proof["sha256"].as_str().unwrap()), "{proof}");
    }
}

/// What matters of a verdict: not the words for why nothing is known.
fn essence(judged: &verify::Judged) -> String {
    let verdict = &judged.verdict;
    let mut text = format!("{:?} {:?} {:?}", verdict.indication, verdict.sub_indication, judged.content);
    for signer in &verdict.signers {
        let chain: Vec<_> = signer.chain.iter().map(|link| link.fingerprint).collect();
        let stamps: Vec<_> =
            signer.time_stamps.iter().map(|stamp| (stamp.kind, stamp.time, stamp.sub_indication)).collect();
        text += &format!("\n{:?} {chain:?} {stamps:?} {}", signer.sub_indication, signer.proven_at);
        for facts in &signer.revocation {
            text += &match &facts.standing {
                RevocationStanding::Unknown { .. } => format!("\n{} unknown", facts.subject),
                known => format!("\n{} {known:?}", facts.subject),
            };
        }
    }
    text
}

#[test]
fn every_verdict_of_the_collection_is_reached_again_with_its_proofs_alone() {
    let mut rested = 0;
    for case in crate::forgeries::cases() {
        let all = Circumstances::of(&case);
        let judged = all.judge(&case.name, &case.bytes());
        let mut evidence = Evidence::new();
        let mut anchors = Vec::new();
        for proof in &judged.rests_on {
            let faults = match proof.kind {
                ProofKind::Certificate if proof.role == ProofRole::Anchor => {
                    anchors.push(proof.der.to_vec());
                    vec![]
                }
                ProofKind::Certificate => evidence.add_certificates("", &proof.der),
                ProofKind::Crl => evidence.add_crl("", &proof.der),
                ProofKind::Ocsp => evidence.add_ocsp("", &proof.der),
            };
            assert!(faults.is_empty(), "{}: {faults:?}", case.name);
        }
        rested += judged.rests_on.len();
        let again = Circumstances { trust: Trust::new(anchors).0, evidence, ..all };
        let again = again.judge(&case.name, &case.bytes());
        assert_eq!(essence(&again), essence(&judged), "{}: {}", case.name, case.why);
        assert_eq!(again.rests_on.len(), judged.rests_on.len(), "{}: {}", case.name, case.why);
    }
    assert!(rested > 500, "the collection rests on something: {rested}");
}
