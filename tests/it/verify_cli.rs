//! `skrynka verify` as people and programs use it: words in; page or JSON, standard error and exit code out.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::program::{CONFIG, Desk, Said};

/// A folder without a configuration, and the words that every run here begins with.
struct Bench(Desk);

impl Bench {
    fn new() -> Self {
        let desk = Desk::new();
        fs::remove_file(desk.path().join("skrynka.toml")).unwrap();
        Self(desk)
    }

    fn run(&self, words: &[&str]) -> Said {
        self.0.run(&[&["verify"], words].concat())
    }

    /// With the test roots trusted and nobody asking for revocation.
    fn trusting(&self, words: &[&str]) -> Said {
        let trust = fixture("pki/trust");
        self.run(&[&["--trust", &trust, "--revocation", "off"], words].concat())
    }

    /// The one answer, read strictly, with the exit code.
    #[track_caller]
    fn answer(&self, words: &[&str]) -> (i32, Answer) {
        let said = self.trusting(&[&["--json"], words].concat());
        (said.code, serde_json::from_str(&said.out).unwrap())
    }
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    assert!(path.exists(), "{}", path.display());
    path.to_string_lossy().into_owned()
}

fn attached() -> String {
    fixture("signed/good-ecdsa-attached.p7s")
}

fn detached() -> String {
    fixture("signed/good-ecdsa-detached.p7s")
}

fn content() -> String {
    fixture("signed/content.pdf")
}

/// The object of README.md: every field, and no other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    file: String,
    indication: String,
    #[serde(deserialize_with = "present")]
    sub_indication: Option<String>,
    sentence: Both,
    next_step: Both,
    signatures: Vec<Signature>,
    #[serde(deserialize_with = "present")]
    content: Option<Content>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    uk: String,
    en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    indication: String,
    #[serde(deserialize_with = "present")]
    sub_indication: Option<String>,
    #[serde(deserialize_with = "present")]
    level: Option<String>,
    #[serde(deserialize_with = "present")]
    signer: Option<Signer>,
    #[serde(deserialize_with = "present")]
    signing_time: Option<String>,
    time_stamps: Vec<TimeStamp>,
    chain: Vec<Link>,
    facts: Facts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signer {
    name: String,
    #[serde(deserialize_with = "present")]
    organisation: Option<String>,
    #[serde(deserialize_with = "present")]
    edrpou: Option<String>,
    #[serde(deserialize_with = "present")]
    rnokpp: Option<String>,
    kind: String,
    qualified: bool,
    serial: String,
    issuer: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that it can be read is what is tested")]
struct TimeStamp {
    kind: String,
    #[serde(deserialize_with = "present")]
    time: Option<String>,
    indication: String,
    #[serde(deserialize_with = "present")]
    sub_indication: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that it can be read is what is tested")]
struct Link {
    subject: String,
    issuer: String,
    serial: String,
    not_before: String,
    not_after: String,
    sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    #[serde(deserialize_with = "present")]
    reason: Option<serde_json::Value>,
    algorithms: Algorithms,
    #[serde(deserialize_with = "present")]
    policy: Option<String>,
    proven_at: String,
    revocation: Vec<serde_json::Value>,
    time_stamps: Vec<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Algorithms {
    signature: Option<String>,
    digest: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    sha256: String,
    length: u64,
    attached: bool,
}

/// A field that may be null and must be there.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(reader)
}

#[test]
fn an_authority_named_as_trusted_is_an_anchor_whoever_issued_it_and_a_mere_signer_is_none() {
    let bench = Bench::new();
    let judged = |option: &str, file: &str| {
        let certificate = fixture(&format!("pki/certificates/{file}"));
        let said = bench.run(&["--json", "--revocation", "off", option, &certificate, &attached()]);
        let answer: Answer = serde_json::from_str(&said.out).unwrap();
        (said.code, answer.signatures[0].chain.len())
    };
    assert_eq!(judged("--trust", "ecdsa-root.cer"), (0, 3));
    assert_eq!(judged("--trust", "ecdsa-ca.cer"), (0, 2));
    for (option, file) in
        [("--cert", "ecdsa-ca.cer"), ("--trust", "ecdsa-seal.cer"), ("--trust", "rsa-ca.cer")]
    {
        assert_eq!(judged(option, file).0, 2, "{option} {file}");
    }
}

#[test]
fn a_good_file_passes_without_configuration_and_store_and_leaves_nothing_behind() {
    let bench = Bench::new();
    let before = fs::read_dir(bench.0.path()).unwrap().count();
    let said = bench.trusting(&[&attached()]);
    assert_eq!(said.err, "");
    let out = said.good();
    assert!(out.starts_with("✓ Підпис дійсний  ") && out.contains("(TOTAL-PASSED)"), "{out}");
    assert!(out.contains("Підписав    ТЕСТ Дія, печатка") && out.contains("ЄДРПОУ 43395033"), "{out}");
    assert!(out.contains("Що далі"), "{out}");
    assert!(!out.contains('\x1b'), "colours are for a terminal: {out}");
    assert_eq!(fs::read_dir(bench.0.path()).unwrap().count(), before);
    let english = bench.trusting(&["--language", "en", &attached()]).good();
    assert!(english.starts_with("✓ Valid  ") && english.contains("Next step"), "{english}");
}

#[test]
fn the_exit_code_is_that_of_the_worst_file_and_each_is_told() {
    let bench = Bench::new();
    let (good, failed) = (attached(), fixture("signed/bad-content-changed.p7s"));
    let unsure = fixture("signed/bad-no-signed-attributes.p7s");
    for (files, code) in [
        (vec![&good], 0),
        (vec![&good, &good], 0),
        (vec![&failed], 1),
        (vec![&unsure], 2),
        (vec![&good, &unsure], 2),
        (vec![&unsure, &failed, &good], 1),
    ] {
        let words: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        let said = bench.trusting(&words);
        assert_eq!(said.code, code, "{words:?}: {}", said.out);
        for word in words {
            assert!(said.out.contains(word), "{word} is told of: {}", said.out);
        }
    }
    let three = bench.trusting(&[&good, &failed, &unsure]).out;
    assert!(
        three.trim_end().ends_with("Усього файлів: 3. Дійсних: 1, не підтверджених: 1, недійсних: 1."),
        "{three}"
    );
}

#[test]
fn json_is_one_object_for_one_file_and_an_array_for_several() {
    let bench = Bench::new();
    let (code, answer) = bench.answer(&[&attached()]);
    assert_eq!((code, answer.indication.as_str(), answer.sub_indication), (0, "TOTAL-PASSED", None));
    assert_eq!(answer.file, attached());
    for text in [&answer.sentence.uk, &answer.sentence.en, &answer.next_step.uk, &answer.next_step.en] {
        assert!(text.ends_with('.'), "{text}");
    }
    let content = answer.content.unwrap();
    let document = fs::read(self::content()).unwrap();
    assert!(content.attached);
    assert_eq!(content.length, document.len() as u64);
    assert_eq!(content.sha256, skrynka::model::Digest::of(&document).to_string());
    let [signature] = answer.signatures.as_slice() else { panic!("one signature") };
    assert_eq!((signature.indication.as_str(), &signature.sub_indication), ("TOTAL-PASSED", &None));
    assert_eq!(signature.level.as_deref(), Some("CAdES-BES"));
    assert_eq!(signature.signing_time.as_deref(), Some("2026-03-02T10:00:10Z"));
    let signer = signature.signer.as_ref().unwrap();
    assert_eq!((signer.name.as_str(), signer.edrpou.as_deref()), ("ТЕСТ Дія, печатка", Some("43395033")));
    assert_eq!((signer.kind.as_str(), signer.qualified, &signer.rnokpp), ("seal", true, &None));
    assert!(signer.organisation.is_some() && signer.issuer.contains("КНЕДП") && !signer.serial.is_empty());
    assert_eq!(signature.facts.algorithms.signature.as_deref(), Some("1.2.840.10045.4.3.2"));
    assert!(signature.facts.algorithms.digest.is_some() && signature.facts.reason.is_none());
    assert!(signature.facts.policy.is_none() && signature.facts.time_stamps.is_empty());
    assert!(signature.time_stamps.is_empty() && !signature.facts.proven_at.is_empty());
    assert!(signature.facts.revocation.iter().all(|facts| facts["standing"] == "not_asked"));
    let _chain: &[Link] = &signature.chain;

    let said = bench.trusting(&["--json", &attached(), &fixture("signed/bad-trailing-bytes.p7s")]);
    let answers: Vec<Answer> = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, answers.len(), said.err.as_str()), (1, 2, ""));
    assert_eq!(answers[1].sub_indication.as_deref(), Some("FORMAT_FAILURE"));
}

#[test]
fn a_person_is_named_with_the_number_for_the_one_who_asks_and_in_no_log() {
    let bench = Bench::new();
    let file = fixture("signed/good-person.p7s");
    let said = bench.trusting(&["--json", "--content", &content(), &file]);
    let answer: Answer = serde_json::from_str(&said.out).unwrap();
    let signer = answer.signatures[0].signer.as_ref().unwrap();
    let number = signer.rnokpp.as_deref().unwrap();
    assert_eq!((said.code, signer.kind.as_str(), number.len()), (0, "person", 10));
    let page = bench.trusting(&["--content", &content(), &file]);
    assert!(
        page.out.contains(&format!("РНОКПП {number}")) && page.out.contains(&signer.name),
        "{}",
        page.out
    );
    for err in [said.err, page.err] {
        assert_eq!(err, "");
    }
}

#[test]
fn a_detached_signature_wants_its_document_by_name() {
    let bench = Bench::new();
    let (code, answer) = bench.answer(&["--content", &content(), &detached()]);
    assert_eq!((code, answer.indication.as_str()), (0, "TOTAL-PASSED"));
    assert!(!answer.content.unwrap().attached);

    let copy = bench.0.path().join("content.pdf.p7s");
    fs::copy(detached(), &copy).unwrap();
    fs::copy(content(), bench.0.path().join("content.pdf")).unwrap();
    let (code, alone) = bench.answer(&["content.pdf.p7s"]);
    assert_eq!(
        (code, alone.sub_indication.as_deref()),
        (2, Some("SIGNED_DATA_NOT_FOUND")),
        "nothing is guessed"
    );
    assert!(alone.next_step.uk.contains("--content") && alone.next_step.en.contains("--content"));
    assert!(alone.content.is_none());

    let other = bench.0.write("other.pdf", "not what was signed");
    let (code, changed) = bench.answer(&["--content", &other.to_string_lossy(), &detached()]);
    assert_eq!((code, changed.sub_indication.as_deref()), (1, Some("HASH_FAILURE")));
    let (code, beside) = bench.answer(&["--content", &other.to_string_lossy(), &attached()]);
    assert_eq!((code, beside.sub_indication.as_deref()), (1, Some("HASH_FAILURE")), "both are compared");
    let (code, same) = bench.answer(&["--content", &content(), &attached()]);
    assert_eq!((code, same.indication.as_str()), (0, "TOTAL-PASSED"));
}

#[test]
fn nothing_is_trusted_unless_somebody_says_so() {
    let bench = Bench::new();
    let said = bench.run(&["--json", "--revocation", "off", &attached()]);
    let answer: Answer = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, answer.sub_indication.as_deref()), (2, Some("NO_CERTIFICATE_CHAIN_FOUND")));
    assert!(answer.next_step.uk.contains("--trust"), "{}", answer.next_step.uk);
    let warning: serde_json::Value = serde_json::from_str(&said.err).unwrap();
    assert!(warning["warning"].as_str().unwrap().contains("nothing is trusted"), "{warning}");

    // A configuration in this folder or in the environment is not asked.
    bench.0.write("skrynka.toml", format!("[trust]\nfolder = \"{}\"\n{CONFIG}", fixture("pki/trust")));
    assert_eq!(bench.run(&["--revocation", "off", &attached()]).code, 2);

    // A root as --cert helps and is not trusted; as --trust, file or folder, it is.
    let root = fixture("pki/trust/ecdsa-root.pem");
    assert_eq!(bench.run(&["--revocation", "off", "--cert", &root, &attached()]).code, 2);
    bench.run(&["--revocation", "off", "--trust", &root, &attached()]).good();
    let both = ["--trust", &root, "--trust", &fixture("pki/trust/rsa-root.pem")];
    bench.run(&[&both, &["--revocation", "off", &attached()][..]].concat()).good();
    let wrong = fixture("pki/trust/rsa-root.pem");
    assert_eq!(bench.run(&["--revocation", "off", "--trust", &wrong, &attached()]).code, 2);
}

#[test]
fn a_certificate_that_the_file_lacks_can_be_given() {
    let bench = Bench::new();
    let file = fixture("signed/bad-no-certificates.p7s");
    let (code, answer) = bench.answer(&["--content", &content(), &file]);
    assert_eq!((code, answer.sub_indication.as_deref()), (2, Some("NO_SIGNING_CERTIFICATE_FOUND")));
    assert!(answer.signatures[0].signer.is_none() && answer.next_step.uk.contains("--cert"));
    let (seal, authority) =
        (fixture("pki/certificates/ecdsa-seal.cer"), fixture("pki/certificates/ecdsa-ca.cer"));
    let given = ["--cert", &seal, "--cert", &authority, "--content", &content(), &file];
    let (code, answer) = bench.answer(&given);
    assert_eq!((code, answer.indication.as_str()), (0, "TOTAL-PASSED"), "{answer:?}");
}

#[test]
fn the_time_that_counts_can_be_given() {
    let bench = Bench::new();
    let file = fixture("signed/bad-expired.p7s");
    let with = |at: &[&str]| bench.answer(&[at, &["--content", &content(), &file]].concat());
    let (code, now) = with(&[]);
    assert_eq!((code, now.sub_indication.as_deref()), (2, Some("OUT_OF_BOUNDS_NO_POE")));
    let (code, then) = with(&["--at", "2024-06-01T12:00:00+03:00"]);
    assert_eq!((code, then.indication.as_str()), (0, "TOTAL-PASSED"), "{then:?}");
    assert_eq!(then.signatures[0].facts.proven_at, "2024-06-01T09:00:00Z");
    let (code, before) = with(&["--at", "2020-06-01T12:00:00Z"]);
    assert!(code != 0 && before.indication != "TOTAL-PASSED", "{before:?}");
}

#[test]
fn the_embedded_document_can_be_written_and_nothing_is_overwritten() {
    let bench = Bench::new();
    let target = bench.0.path().join("out.pdf");
    let said = bench.trusting(&["--extract", "out.pdf", &attached()]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(fs::read(&target).unwrap(), fs::read(content()).unwrap());
    bench.trusting(&["--extract", "out.pdf", &attached()]).refused(64, "exists and is not overwritten");

    let said = bench.trusting(&["--extract", "bad.pdf", &fixture("signed/bad-content-changed.p7s")]);
    assert!(said.code == 1 && said.err.contains("TOTAL-FAILED: do not rely on it"), "{}", said.err);
    assert!(bench.0.path().join("bad.pdf").exists());

    let said = bench.trusting(&["--extract", "none.pdf", "--content", &content(), &detached()]);
    assert!(said.out.contains("TOTAL-PASSED"), "the verdict is told all the same: {}", said.out);
    said.refused(64, "holds no document inside");
    assert!(!bench.0.path().join("none.pdf").exists());
    bench
        .trusting(&["--extract", "no/such/folder.pdf", &attached()])
        .refused(64, "cannot write no/such/folder.pdf");
    bench
        .trusting(&["--extract", "two.pdf", &attached(), &attached()])
        .refused(64, "--extract goes with one");
}

#[test]
fn wrong_usage_and_files_that_cannot_be_read_exit_with_64_and_say_what_to_do() {
    let bench = Bench::new();
    let file = attached();
    bench.run(&[]).refused(64, "<FILE>");
    bench.run(&["--json"]).refused(64, "\"error\"");
    bench.run(&["--revocation", "maybe", &file]).refused(64, "if-available");
    bench.run(&["--at", "yesterday", &file]).refused(64, "--at");
    bench.run(&["--language", "pl", &file]).refused(64, "uk");
    bench
        .trusting(&["--content", &content(), &file, &file])
        .refused(64, "--content goes with one signed file");
    bench.trusting(&["--content", "-", "-"]).refused(64, "can be read once only");
    bench.trusting(&["none.p7s"]).refused(64, "cannot read the signed file none.p7s: there is no such file");
    bench.trusting(&["."]).refused(64, "it is a folder; name a file");
    bench.trusting(&["--content", "none.pdf", &file]).refused(64, "cannot read the document none.pdf");
    for option in ["--trust", "--cert", "--crl", "--ocsp"] {
        bench.run(&[option, "none.pem", &file]).refused(64, "none.pem: there is no such file");
    }
    bench.0.write("words.txt", "no certificate");
    for option in ["--trust", "--cert", "--crl", "--ocsp"] {
        bench.run(&[option, "words.txt", &file]).refused(64, "words.txt: n");
    }
    // Where revocation is not required, what cannot be read may be what says «revoked».
    bench.0.write("broken.crl", [0x30, 0x03, 0x02, 0x01, 0x01]);
    let trust = fixture("pki/trust");
    for option in ["--crl", "--ocsp"] {
        let with =
            |rule: &str| bench.run(&["--trust", &trust, "--revocation", rule, option, "broken.crl", &file]);
        with("if-available").refused(64, "broken.crl");
        with("required").refused(2, "broken.crl");
    }
    bench.run(&["--config", "none.toml", &file]).refused(64, "there is no configuration none.toml");
}

#[test]
fn one_file_that_cannot_be_read_does_not_keep_the_others_from_being_judged() {
    let bench = Bench::new();
    let said = bench.trusting(&["--json", "none.p7s", &attached()]);
    let answers: Vec<Answer> = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, answers.len()), (64, 1), "{}", said.err);
    assert!(said.err.contains("none.p7s"), "{}", said.err);
}

#[test]
fn files_come_from_the_standard_input_and_in_pem_and_base64() {
    use std::io::Write as _;
    let bench = Bench::new();
    let run = |words: &[&str], typed: &[u8]| {
        let mut child = std::process::Command::new(crate::program::SKRYNKA)
            .args(["verify", "--json", "--revocation", "off", "--trust", &fixture("pki/trust")])
            .args(words)
            .env("SKRYNKA_LOG", "warn")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed).unwrap();
        serde_json::from_slice::<Answer>(&child.wait_with_output().unwrap().stdout).unwrap()
    };
    let answer = run(&["-"], &fs::read(attached()).unwrap());
    assert_eq!((answer.file.as_str(), answer.indication.as_str()), ("-", "TOTAL-PASSED"));
    let answer = run(&["--content", "-", &detached()], &fs::read(content()).unwrap());
    assert_eq!(answer.indication, "TOTAL-PASSED");

    let der = openssl_base64(&fs::read(attached()).unwrap());
    for armoured in [der.clone(), format!("-----BEGIN CMS-----\n{der}\n-----END CMS-----\n")] {
        let path = bench.0.write("armoured.p7s", &armoured);
        let (code, answer) = bench.answer(&[&path.to_string_lossy()]);
        assert_eq!((code, answer.indication.as_str()), (0, "TOTAL-PASSED"), "{armoured}");
    }
}

fn openssl_base64(bytes: &[u8]) -> String {
    let text = openssl::base64::encode_block(bytes);
    text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
}

#[test]
fn a_configuration_lends_its_trust_and_its_policy_only_when_it_is_named() {
    let bench = Bench::new();
    let write = |policy: &str| {
        let trust = fixture("pki/trust");
        bench.0.write("own.toml", format!("[trust]\nfolder = \"{trust}\"\n[policy]\n{policy}\n{CONFIG}"))
    };
    write("");
    bench.run(&["--config", "own.toml", &attached()]).good();
    assert_eq!(bench.run(&["--config", "own.toml", "--revocation", "required", &attached()]).code, 2);
    write("revocation = \"required\"");
    assert_eq!(bench.run(&["--config", "own.toml", &attached()]).code, 2);
    bench.run(&["--config", "own.toml", "--revocation", "off", &attached()]).good();
    write("algorthms = []");
    bench.run(&["--config", "own.toml", &attached()]).refused(64, "did you mean `algorithms`?");
    assert!(!bench.0.path().join("store").exists(), "a store is neither needed nor made");
}

#[test]
fn revocation_is_required_unless_somebody_says_otherwise() {
    let bench = Bench::new();
    let said = bench.run(&["--json", "--offline", "--trust", &fixture("pki/trust"), &attached()]);
    let answer: Answer = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, answer.sub_indication.as_deref()), (2, Some("TRY_LATER")));
    assert!(answer.next_step.uk.contains("--ocsp") && answer.next_step.uk.contains("--crl"));
    bench.run(&["--revocation", "if-available", "--trust", &fixture("pki/trust"), &attached()]).good();
}

#[test]
fn garbage_is_a_failed_file_and_never_a_panic() {
    let bench = Bench::new();
    let good = fs::read(attached()).unwrap();
    let garbage: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("zero", vec![0; 4096]),
        ("text", "Шановні колеги!".into()),
        ("pdf", b"%PDF-1.7\n".to_vec()),
        ("deep", [0x30, 0x80].repeat(50_000)),
        ("lies", vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
        ("half", good[..good.len() / 2].to_vec()),
        ("pem", b"-----BEGIN CMS-----\n????\n-----END CMS-----".to_vec()),
        ("doubled", [good.clone(), good].concat()),
    ];
    let mut files: Vec<PathBuf> = Vec::new();
    for (name, bytes) in garbage {
        files.push(bench.0.write(name, bytes));
    }
    for file in &files {
        let said = bench.trusting(&["--json", &file.to_string_lossy()]);
        let answer: Answer = serde_json::from_str(&said.out).unwrap();
        assert_eq!(said.code, 1, "{}: {}", file.display(), said.err);
        assert_eq!(answer.sub_indication.as_deref(), Some("FORMAT_FAILURE"), "{}", file.display());
        assert!(
            answer.signatures.is_empty() && answer.content.is_none() && said.err.is_empty(),
            "{answer:?}"
        );
    }
    let names: Vec<String> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(bench.trusting(&names).code, 1);
}

#[test]
fn help_tells_the_exit_codes() {
    let help = Bench::new().run(&["--help"]).good();
    for word in ["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE", "64", "--offline", "--extract"] {
        assert!(help.contains(word), "{word}: {help}");
    }
}
