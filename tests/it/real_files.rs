//! Real signatures of Ukraine through the program itself: each sample of the collection beside the project, with the
//! answer that is known of it. Where the collection is absent a test says so and passes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Desk, Said};

/// When the Diia samples hold: their signer's certificate is from 2022 to 2024.
const IN_TIME: &str = "2023-10-01T00:00:00Z";
/// After the signer's certificate has ended, while those above it and the time-stamps' are in force.
const LATER: &str = "2025-01-01T00:00:00Z";

const ROOT: &str = "diia-test/CAO-05E19E2CD92EA2990100000001000000C1000000.cer";
const AUTHORITY: &str = "diia-test/diia-CA-05E19E2CD92EA2990100000001000000E1000000.cer";
const TSA: &str = "diia-test/diia-2023-tsp-05E19E2CD92EA29902000000010000004A010000.cer";
const DELTA: &str =
    "diia-test/BED5083160DBC59BCDDF707C10293F58BB6ED263C6EA5893D3781B61F493BE57-delta-0ABEA7.crl";
const BUNDLE: &str = "ca-bundle/CACertificates.p7b";

const BES: &str = "diia-test/00_verify_cades_bes_attached_data.p7s";
const T: &str = "diia-test/01_verify_cades_t_attached_data.p7s";

/// The collection, and a folder to run the program in.
struct Collection {
    folder: PathBuf,
    desk: Desk,
}

/// None: it is not here, which was said.
fn collection() -> Option<Collection> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/signatures");
    if !folder.is_dir() {
        #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
        {
            eprintln!("skipped: no ../shared/data");
        }
        return None;
    }
    Some(Collection { folder, desk: Desk::new() })
}

impl Collection {
    fn path(&self, name: &str) -> String {
        let path = self.folder.join(name);
        assert!(path.exists(), "{}", path.display());
        path.to_string_lossy().into_owned()
    }

    /// Words of `verify`; those with a dot or a slash that are no option's other values are files of the collection.
    fn run(&self, words: &[&str]) -> Said {
        let is_file = |word: &str| self.folder.join(word).is_file();
        let words: Vec<String> = words
            .iter()
            .map(|word| if is_file(word) { self.path(word) } else { (*word).to_owned() })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.desk.run(&[&["verify", "--json"], words.as_slice()].concat())
    }

    /// One file under the root of 2020, with what the samples leave out.
    fn diia(&self, at: &str, revocation: &str, words: &[&str]) -> Answer {
        let given = ["--trust", ROOT, "--cert", AUTHORITY, "--cert", TSA];
        let asked = ["--at", at, "--revocation", revocation];
        Answer::of(&self.run(&[&given[..], &asked, words].concat()))
    }
}

/// What the program said of one file.
struct Answer {
    code: i32,
    json: Value,
}

impl Answer {
    #[track_caller]
    fn of(said: &Said) -> Self {
        let json = serde_json::from_str(&said.out).unwrap();
        Self { code: said.code, json }
    }

    fn words(&self) -> String {
        words(&self.json)
    }

    #[track_caller]
    fn is(&self, expected: &str) -> &Self {
        assert_eq!(self.words(), expected, "{:#}", self.json);
        let code = match self.json["indication"].as_str().unwrap() {
            "TOTAL-PASSED" => 0,
            "TOTAL-FAILED" => 1,
            _ => 2,
        };
        assert_eq!(self.code, code);
        self
    }

    fn time_stamps(&self) -> Vec<String> {
        let stamps = self.json["signatures"][0]["time_stamps"].as_array().unwrap().iter();
        stamps
            .map(|stamp| format!("{} {} {}", text(&stamp["kind"]), text(&stamp["time"]), words(stamp)))
            .collect()
    }

    /// Why nothing is known of the signer's revocation.
    fn why(&self) -> &str {
        text(&self.json["signatures"][0]["facts"]["revocation"][0]["why"])
    }
}

/// The indication, and after a slash the sub-indication.
fn words(answer: &Value) -> String {
    let sub = answer["sub_indication"].as_str().map(|sub| format!("/{sub}")).unwrap_or_default();
    format!("{}{sub}", text(&answer["indication"]))
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The samples of the index, with their content beside them and the answer in time and later.
const DIIA: [(&str, Option<&str>, &str, &str); 5] = [
    (BES, None, "TOTAL-PASSED", "INDETERMINATE/OUT_OF_BOUNDS_NO_POE"),
    (T, None, "TOTAL-PASSED", "TOTAL-PASSED"),
    (
        "diia-test/02_verify_cades_bes_attached_data_and_custom_attributes.p7s",
        None,
        "TOTAL-PASSED",
        "INDETERMINATE/OUT_OF_BOUNDS_NO_POE",
    ),
    (
        "diia-test/03_verify_cades_bes_detached_data.p7s",
        Some("diia-test/03_verify_cades_bes_detached_data.content"),
        "TOTAL-PASSED",
        "INDETERMINATE/OUT_OF_BOUNDS_NO_POE",
    ),
    (
        "diia-test/04_verify_cades_bes_detached_data_invalid_content.p7s",
        Some("diia-test/04_verify_cades_bes_detached_data_invalid_content.content"),
        "TOTAL-FAILED/HASH_FAILURE",
        "TOTAL-FAILED/HASH_FAILURE",
    ),
];

#[test]
fn the_diia_samples_get_their_known_answers_in_time_and_later() {
    let Some(collection) = collection() else { return };
    for (file, content, in_time, later) in DIIA {
        let beside: Vec<&str> = content.into_iter().flat_map(|content| ["--content", content]).collect();
        let words = [&beside[..], &[file]].concat();
        for (at, expected) in [(IN_TIME, in_time), (LATER, later)] {
            collection.diia(at, "off", &words).is(expected);
            collection.diia(at, "if-available", &words).is(expected);
        }
        // Nobody answers for the signer: required evidence is missing, and what is changed stays changed.
        let required = if content.is_some() && in_time.starts_with("TOTAL-FAILED") {
            in_time
        } else {
            "INDETERMINATE/TRY_LATER"
        };
        collection.diia(IN_TIME, "required", &words).is(required);
        // Before the certificate was issued.
        let early = collection.diia("2021-01-01T00:00:00Z", "off", &words);
        assert_ne!(early.code, 0, "{file}: {}", early.words());
        // Nothing is trusted because it is named.
        let untrusted =
            ["--cert", ROOT, "--cert", AUTHORITY, "--cert", TSA, "--revocation", "off", "--at", IN_TIME];
        let untrusted = Answer::of(&collection.run(&[&untrusted[..], words.as_slice()].concat()));
        assert_ne!(untrusted.code, 0, "{file}: {}", untrusted.words());
        if content.is_some() {
            let alone = collection.diia(IN_TIME, "off", &[file]);
            alone.is("INDETERMINATE/SIGNED_DATA_NOT_FOUND");
        }
    }
}

#[test]
fn the_signer_the_chain_and_the_time_stamps_of_a_real_file_are_told() {
    let Some(collection) = collection() else { return };
    let answer = collection.diia(LATER, "off", &[T]);
    let signature = &answer.is("TOTAL-PASSED").json["signatures"][0];
    let signer = &signature["signer"];
    assert_eq!((text(&signer["edrpou"]), text(&signer["kind"])), ("43395033", "seal"));
    assert_eq!(signer["qualified"], true);
    assert_eq!(text(&signature["level"]), "CAdES-T");
    assert_eq!(text(&signature["facts"]["algorithms"]["signature"]), "1.2.804.2.1.1.1.1.3.1.1");
    assert_eq!(text(&signature["facts"]["proven_at"]), "2023-09-19T18:17:19Z");
    assert_eq!(signature["chain"].as_array().unwrap().len(), 3);
    let stamp = |kind| format!("{kind} 2023-09-19T18:17:19Z TOTAL-PASSED");
    assert_eq!(answer.time_stamps(), [stamp("content"), stamp("signature")]);

    // Without the time-stamps' authority they prove nothing, and then the certificate has ended.
    let without = ["--trust", ROOT, "--cert", AUTHORITY, "--at", LATER, "--revocation", "off", T];
    let without = Answer::of(&collection.run(&without));
    without.is("INDETERMINATE/OUT_OF_BOUNDS_NO_POE");
    let stamp = |kind| format!("{kind} 2023-09-19T18:17:19Z INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
    assert_eq!(without.time_stamps(), [stamp("content"), stamp("signature")]);
}

#[test]
fn the_real_bundle_is_trust_enough_and_another_root_is_not() {
    let Some(collection) = collection() else { return };
    let under = |trust: &str| {
        Answer::of(&collection.run(&["--trust", trust, "--at", IN_TIME, "--revocation", "off", T]))
    };
    under(BUNDLE).is("TOTAL-PASSED");
    let roots = ["CAO-2026.cer", "CZO-ROOT-2005.cer", "CZO-ROOT-2017.cer", "nbu-gost.pem", "nbu-kupyna.pem"];
    for root in roots {
        under(&format!("roots/{root}")).is("INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND");
    }
    // All of them beside the right one are no hindrance.
    let roots: Vec<String> = roots.iter().map(|root| format!("roots/{root}")).collect();
    let all: Vec<&str> = roots.iter().flat_map(|root| ["--trust", root.as_str()]).collect();
    collection.diia(IN_TIME, "off", &[&all[..], &[T]].concat()).is("TOTAL-PASSED");
}

/// The delta list is real, and its signature is right; the full list that it stands on is not at hand.
#[test]
fn a_real_delta_list_alone_proves_nothing_and_says_so() {
    let Some(collection) = collection() else { return };
    let within = "2023-09-19T17:00:00Z";
    collection.diia(within, "if-available", &["--crl", DELTA, BES]).is("TOTAL-PASSED");
    let required = collection.diia(within, "required", &["--crl", DELTA, BES]);
    required.is("INDETERMINATE/TRY_LATER");
    assert_eq!(required.why(), "the delta CRL has no full CRL to stand on");
    let none = collection.diia(within, "required", &[BES]);
    assert_eq!(none.why(), "no OCSP or CRL");
}

/// `test_cms.p7s`: a person's test certificate that ended before its content-time-stamp, under an authority that is not
/// in the bundle; the time-stamp is of a real authority under the root of 2012.
#[test]
fn a_real_list_proves_the_authority_of_a_real_time_stamp() {
    let Some(collection) = collection() else { return };
    const CMS: &str = "revocation/test_cms.p7s";
    const LISTS: [&str; 4] = ["--crl", "revocation/CZO-Full.crl", "--crl", "revocation/CZO-Delta.crl"];
    let under_bundle = |at, rule, lists: &[&str]| {
        let words = ["--trust", BUNDLE, "--at", at, "--revocation", rule];
        let answer = Answer::of(&collection.run(&[&words[..], lists, &[CMS]].concat()));
        answer.is("INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND");
        assert_eq!(text(&answer.json["signatures"][0]["signer"]["edrpou"]), "11111111");
        answer.time_stamps()
    };
    let stamp = |words| [format!("content 2016-06-15T13:51:46Z {words}")];
    let (within, both, after) = ("2016-09-10T00:00:00Z", "2016-09-16T11:00:00Z", "2016-09-30T00:00:00Z");
    assert_eq!(under_bundle(within, "off", &[]), stamp("TOTAL-PASSED"));
    assert_eq!(under_bundle(within, "required", &[]), stamp("INDETERMINATE/TRY_LATER"));
    assert_eq!(under_bundle(within, "required", &LISTS), stamp("TOTAL-PASSED"), "the full list");
    assert_eq!(under_bundle(both, "required", &LISTS), stamp("TOTAL-PASSED"), "the full list and the delta");
    assert_eq!(
        under_bundle(both, "required", &LISTS[2..]),
        stamp("INDETERMINATE/TRY_LATER"),
        "the delta alone"
    );
    assert_eq!(under_bundle(after, "required", &LISTS), stamp("INDETERMINATE/TRY_LATER"), "both are old");
    // What was published since tells more of the earlier moment, not less.
    assert_eq!(under_bundle("2016-06-20T00:00:00Z", "required", &LISTS), stamp("TOTAL-PASSED"));
}

#[test]
fn files_that_are_no_signatures_are_format_failures() {
    let Some(collection) = collection() else { return };
    for file in [
        "revocation/tsp_response.dat",
        "revocation/tsp_request.dat",
        "revocation/ocsp_response.dat",
        "revocation/ocsp_request.dat",
        "revocation/CZO-Full.crl",
        "diia-test/03_verify_cades_bes_detached_data.content",
        "ecdsa/ua-msTl.xml",
        ROOT,
    ] {
        let answer = collection.diia(IN_TIME, "off", &[file]);
        answer.is("TOTAL-FAILED/FORMAT_FAILURE");
        assert_eq!(answer.json["signatures"].as_array().unwrap().len(), 0, "{file}");
    }
    // The time-stamp token inside the response is a SignedData, and signs no document.
    let response = fs::read(collection.path("revocation/tsp_response.dat")).unwrap();
    let [0x30, 0x82, _, _, 0x30, status, rest @ ..] = response.as_slice() else { panic!("a TimeStampResp") };
    let token = collection.desk.write("token.der", &rest[usize::from(*status)..]);
    let answer = collection.diia(IN_TIME, "off", &[&token.to_string_lossy()]);
    answer.is("TOTAL-FAILED/FORMAT_FAILURE");
    let said = text(&answer.json["sentence"]["en"]);
    assert!(said.contains("1.2.840.113549.1.9.16.1.4"), "{said}");
}

#[test]
fn evidence_of_others_is_of_no_use_and_what_cannot_be_read_is_named() {
    let Some(collection) = collection() else { return };
    for list in ["CZO-Full.crl", "CZO-Delta.crl", "pki-example/full.crl", "pki-example/delta.crl"] {
        let list = format!("revocation/{list}");
        collection.diia(IN_TIME, "required", &["--crl", &list, BES]).is("INDETERMINATE/TRY_LATER");
        collection.diia(IN_TIME, "if-available", &["--crl", &list, BES]).is("TOTAL-PASSED");
    }
    // The second has fractions of a second, which RFC 6960 §4.2.2.1 does not know and a real responder writes.
    for of_other in ["revocation/ocsp_resp_for_revoked_cert.dat", "revocation/ocsp_response.dat"] {
        collection.diia(IN_TIME, "required", &["--ocsp", of_other, BES]).is("INDETERMINATE/TRY_LATER");
        collection.diia(IN_TIME, "if-available", &["--ocsp", of_other, BES]).is("TOTAL-PASSED");
    }
    for name in ["ocsp_request", "tsp_response"] {
        let file = format!("revocation/{name}.dat");
        let trust = ["--trust", ROOT, "--cert", AUTHORITY, "--at", IN_TIME, "--ocsp", &file];
        let said = collection.run(&[&trust[..], &["--revocation", "required", BES]].concat());
        assert!(said.err.contains(&format!("{name}.dat, OCSP response 1: broken at byte")), "{}", said.err);
        Answer::of(&said).is("INDETERMINATE/TRY_LATER");
        let said = collection.run(&[&trust[..], &["--revocation", "if-available", BES]].concat());
        said.refused(64, "give another file, or leave it out");
    }
}
