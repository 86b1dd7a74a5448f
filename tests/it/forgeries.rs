//! Every signed file of `fixtures/signed`, good or forged → the judge's answer, against the one in the manifest.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use skrynka::model::{
    Indication, Level, Policy, PolicyAlgorithm, RevocationRule, SubIndication, TimeStampKind,
    TimeStampVerdict, Timestamp,
};
use skrynka::verify::{Evidence, Judge, Judged, Trust};

/// `fixtures/signed/manifest.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) case: Vec<Case>,
}

/// A file, what stands beside it, and the answer that it must get.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    pub(crate) content: Option<PathBuf>,
    pub(crate) trust: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) cert: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) crl: Vec<PathBuf>,
    #[serde(default)]
    pub(crate) ocsp: Vec<PathBuf>,
    pub(crate) at: Timestamp,
    pub(crate) revocation: RevocationRule,
    #[serde(default)]
    pub(crate) policy: Demands,
    /// Indication, and after a slash the sub-indication.
    pub(crate) expected: String,
    pub(crate) level: Option<Level>,
    /// Kind, time, verdict of each time-stamp of the first signature.
    pub(crate) time_stamps: Option<Vec<String>>,
    /// Whether it passes although something beside the signature is forged.
    #[serde(default)]
    pub(crate) stands: bool,
    pub(crate) why: String,
}

/// What a case demands beside the usual.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Demands {
    level_min: Option<Level>,
    sealers: Option<Vec<String>>,
    algorithms: Option<Vec<PolicyAlgorithm>>,
    rsa_bits_min: Option<usize>,
    revocation_age_seconds_max: Option<i64>,
}

/// The houses of test parties whose mathematics the judge has. Nothing of the others passes, and what else is said of
/// them means nothing.
pub(crate) const JUDGED: [&str; 4] = ["rsa", "ecdsa", "dstu-gost", "dstu-kupyna"];

/// The folder of signed files.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/signed")
}

/// Every case of the manifest.
pub(crate) fn cases() -> Vec<Case> {
    let text = fs::read_to_string(folder().join("manifest.toml")).unwrap();
    toml::from_str::<Manifest>(&text).unwrap().case
}

/// What a case is judged by.
pub(crate) struct Circumstances {
    pub(crate) trust: Trust,
    pub(crate) evidence: Evidence,
    pub(crate) policy: Policy,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) at: Timestamp,
}

impl Circumstances {
    pub(crate) fn of(case: &Case) -> Self {
        let read = |path: &PathBuf| (path.display().to_string(), fs::read(folder().join(path)).unwrap());
        let (trust, faults) = Trust::from_files(case.trust.iter().map(read));
        assert!(faults.is_empty(), "{}: {faults:?}", case.name);
        let mut evidence = Evidence::new();
        // What cannot be read is told of and is no evidence: some cases give just that.
        for (name, bytes) in case.cert.iter().map(read) {
            let _told = evidence.add_certificates(&name, &bytes);
        }
        for (name, bytes) in case.crl.iter().map(read) {
            let _told = evidence.add_crl(&name, &bytes);
        }
        for (name, bytes) in case.ocsp.iter().map(read) {
            let _told = evidence.add_ocsp(&name, &bytes);
        }
        let content = case.content.as_ref().map(|path| read(path).1);
        Self { trust, evidence, policy: case.demanded(), content, at: case.at }
    }

    pub(crate) fn judge(&self, name: &str, file: &[u8]) -> Judged {
        let judge = Judge { trust: &self.trust, evidence: &self.evidence, policy: &self.policy };
        judge.file(name, file, self.content.as_deref(), self.at, self.at)
    }
}

impl Case {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        fs::read(folder().join(&self.file)).unwrap()
    }

    fn demanded(&self) -> Policy {
        let usual = Policy::default();
        let demands = self.policy.clone();
        Policy {
            algorithms: demands.algorithms.unwrap_or(usual.algorithms),
            rsa_bits_min: demands.rsa_bits_min.unwrap_or(usual.rsa_bits_min),
            sealers: demands.sealers.unwrap_or(usual.sealers),
            level_min: demands.level_min.unwrap_or(usual.level_min),
            revocation: self.revocation,
            revocation_age_seconds_max: demands.revocation_age_seconds_max,
        }
    }

    /// Whether the judge has the mathematics of the case's house.
    pub(crate) fn is_judged(&self) -> bool {
        self.name.split('/').nth(1).is_some_and(|house| JUDGED.contains(&house))
    }

    /// What is said otherwise than the manifest has it; none: nothing.
    fn disagreement(&self) -> Option<String> {
        let judged = Circumstances::of(self).judge(&self.name, &self.bytes());
        let verdict = &judged.verdict;
        let mut found = Vec::new();
        let said = words(verdict.indication, verdict.sub_indication);
        if said != self.expected {
            found.push(format!("is {said}, not {}, because of {:?}", self.expected, verdict.reason));
        }
        let first = verdict.signers.first();
        if let Some(level) = self.level
            && first.and_then(|signer| signer.level) != Some(level)
        {
            found.push(format!("has level {:?}, not {level:?}", first.and_then(|signer| signer.level)));
        }
        if let Some(expected) = &self.time_stamps {
            let mut expected = expected.clone();
            let mut said: Vec<String> =
                first.map(|signer| signer.time_stamps.iter().map(time_stamp).collect()).unwrap_or_default();
            expected.sort();
            said.sort();
            if said != expected {
                let reasons: Vec<_> =
                    first.iter().flat_map(|signer| &signer.time_stamps).map(|stamp| &stamp.reason).collect();
                found.push(format!("has time-stamps {said:?}, not {expected:?}, because of {reasons:?}"));
            }
        }
        (!found.is_empty()).then(|| format!("{} {} ({})", self.name, found.join("; "), self.why))
    }
}

/// Indication, and after a slash the sub-indication.
fn words(indication: Indication, sub_indication: Option<SubIndication>) -> String {
    let indication = indication.word();
    sub_indication.map_or_else(|| indication.to_owned(), |sub| format!("{indication}/{}", sub.word()))
}

fn time_stamp(stamp: &TimeStampVerdict) -> String {
    let kind = match stamp.kind {
        TimeStampKind::Content => "content",
        TimeStampKind::Signature => "signature",
        TimeStampKind::Evidence => "evidence",
        TimeStampKind::Archive => "archive",
    };
    let time = stamp.time.map(|time| format!(" {time}")).unwrap_or_default();
    format!("{kind}{time} {}", words(stamp.indication, stamp.sub_indication))
}

#[test]
fn every_signed_file_gets_the_answer_of_the_manifest() {
    let cases: Vec<Case> = cases().into_iter().filter(Case::is_judged).collect();
    let found: Vec<String> = cases.iter().filter_map(Case::disagreement).collect();
    assert!(found.is_empty(), "{} of {} cases:\n{}", found.len(), cases.len(), found.join("\n"));
}

#[test]
fn no_forgery_passes_unless_its_signature_stands_by_itself() {
    let cases = cases();
    let mut forgeries = 0;
    for case in cases.iter().filter(|case| case.name.starts_with("forgeries/")) {
        let judged = Circumstances::of(case).judge(&case.name, &case.bytes());
        let passed = judged.verdict.indication == Indication::TotalPassed;
        assert!(!passed || case.stands, "{} passes: {}", case.name, case.why);
        forgeries += 1;
    }
    assert!(forgeries > 700, "only {forgeries} forgeries");
}

#[test]
fn the_manifest_names_every_file_of_the_folder() {
    let named: BTreeMap<PathBuf, usize> = cases()
        .into_iter()
        .flat_map(|case| [vec![case.file], case.cert, case.crl, case.ocsp].concat())
        .map(|path| (folder().join(path), 0))
        .collect();
    for kind in ["good", "forgeries", "evidence"] {
        for house in fs::read_dir(folder().join(kind)).unwrap() {
            for file in fs::read_dir(house.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                assert!(named.contains_key(&path), "{} is in no case", path.display());
            }
        }
    }
}

#[test]
fn a_file_cut_short_at_any_length_never_passes() {
    let cases = cases();
    for house in JUDGED {
        for name in ["bes-attached", "bes-detached", "t-content-time-stamp", "x-long"] {
            let name = format!("good/{house}/{name}");
            let case = cases.iter().find(|case| case.name == name).unwrap();
            let (circumstances, file) = (Circumstances::of(case), case.bytes());
            for length in 0..file.len() {
                let judged = circumstances.judge(&name, &file[..length]);
                assert_ne!(
                    judged.verdict.indication,
                    Indication::TotalPassed,
                    "{name} cut to {length} bytes"
                );
            }
        }
    }
}
