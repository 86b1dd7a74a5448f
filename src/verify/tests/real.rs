//! Real files: the Ukrainian bundle, signatures made under the real Diia authority, and OpenSSL's own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::model::{Level, SignerKind, TimeStampKind};
use crate::verify::certificate::Certificate;
use crate::verify::cms::SignedData;
use crate::verify::limits::TRUST_CERTIFICATES_MAX;
use crate::verify::oid;
use crate::verify::testing::sequence;
use crate::verify::tlv::{Reader, Rules};

fn data(path: &str) -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/signatures");
    #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
    std::fs::read(root.join(path)).map_err(|_| eprintln!("skipped: no ../shared/data")).ok()
}

/// The real root, with the authority and the time-stamps' certificate that the files leave out.
fn real_trust() -> Option<Trust> {
    let root = data("diia-test/CAO-05E19E2CD92EA2990100000001000000C1000000.cer")?;
    let authority = data("diia-test/diia-CA-05E19E2CD92EA2990100000001000000E1000000.cer")?;
    let tsa = data("diia-test/diia-2023-tsp-05E19E2CD92EA29902000000010000004A010000.cer")?;
    Some(trust_in(&[&root, &authority, &tsa]))
}

#[track_caller]
fn judge_real(name: &str, trust: &Trust, at: &str) -> Verdict {
    let p7s = data(&format!("diia-test/{name}.p7s")).expect("the file is there");
    let content = data(&format!("diia-test/{name}.content"));
    let judge = Judge { trust, evidence: &Evidence::new(), policy: &policy() };
    let at = at.parse().unwrap();
    judge.file(name, &p7s, content.as_deref(), at, at).verdict
}

#[test]
fn real_dstu_signatures_pass_under_the_real_root_and_a_changed_content_fails() {
    let Some(trust) = real_trust() else { return };
    for name in [
        "00_verify_cades_bes_attached_data",
        "01_verify_cades_t_attached_data",
        "02_verify_cades_bes_attached_data_and_custom_attributes",
        "03_verify_cades_bes_detached_data",
    ] {
        let verdict = judge_real(name, &trust, "2023-10-01T00:00:00Z");
        passes(&verdict);
        let signer = &verdict.signers[0];
        assert_eq!(signer.signature_oid.as_deref(), Some("1.2.804.2.1.1.1.1.3.1.1"));
        assert_eq!(signer.chain.len(), 3, "signer, authority, root");
        let untrusted = judge_real(name, &Trust::default(), "2023-10-01T00:00:00Z");
        assert_eq!(untrusted.sub_indication, Some(SubIndication::NoCertificateChainFound));
    }
    let name = "04_verify_cades_bes_detached_data_invalid_content";
    let changed = judge_real(name, &trust, "2023-10-01T00:00:00Z");
    is_failed(&changed, SubIndication::HashFailure, &Reason::ContentChanged);
}

/// Its signer's certificate ended in 2024; the time-stamp is from 2023.
#[test]
fn a_real_time_stamp_saves_a_real_signer_whose_certificate_has_ended() {
    let Some(trust) = real_trust() else { return };
    let verdict = judge_real("01_verify_cades_t_attached_data", &trust, "2025-01-01T00:00:00Z");
    passes(&verdict);
    let signer = &verdict.signers[0];
    assert_eq!(signer.level, Some(Level::T));
    let stamps = signer.time_stamps.iter();
    let facts: Vec<_> = stamps.map(|stamp| (stamp.kind, stamp.indication, stamp.time)).collect();
    let time = Some("2023-09-19T18:17:19Z".parse().unwrap());
    let stamp = |kind| (kind, Indication::TotalPassed, time);
    assert_eq!(facts, [stamp(TimeStampKind::Content), stamp(TimeStampKind::Signature)]);
    assert_eq!(Some(signer.proven_at), time);
    for stamp in &signer.time_stamps {
        let authority = stamp.authority.as_ref().expect("the authority's certificate is at the operator");
        assert_eq!(authority.kind, SignerKind::TimeStamping);
    }
    let without = judge_real("00_verify_cades_bes_attached_data", &trust, "2025-01-01T00:00:00Z");
    assert_eq!(without.sub_indication, Some(SubIndication::OutOfBoundsNoPoe));
}

#[test]
fn real_authorities_of_time_stamps_are_not_all_critical_and_single() {
    let Some(bundle) = data("ca-bundle/CACertificates.p7b") else { return };
    let cms = SignedData::read(&bundle, TRUST_CERTIFICATES_MAX).unwrap();
    let certificates = cms.certificates.iter().map(|der| Certificate::read(der).unwrap());
    let purposes = certificates.map(|certificate| certificate.extensions.extended_key_usage);
    let stamping: Vec<_> =
        purposes.filter(|purposes| purposes.iter().any(|purpose| purpose.is(oid::TIME_STAMPING))).collect();
    let with_others = stamping.iter().filter(|purposes| purposes.len() > 1).count();
    assert_eq!((stamping.len(), with_others), (112, 30));
}

#[test]
fn every_real_root_is_an_anchor() {
    let names = ["CAO-2026.cer", "CZO-ROOT-2005.cer", "CZO-ROOT-2017.cer", "nbu-gost.pem", "nbu-kupyna.pem"];
    for name in names {
        let Some(bytes) = data(&format!("roots/{name}")) else { return };
        let (trust, faults) = Trust::from_files([(name.to_owned(), bytes)].into_iter());
        assert_eq!((trust.anchors().count(), faults), (1, vec![]), "{name}");
    }
}

#[test]
fn the_real_bundle_is_read_whole_and_its_certificates_verify() {
    let Some(bundle) = data("ca-bundle/CACertificates.p7b") else { return };
    let cms = SignedData::read(&bundle, TRUST_CERTIFICATES_MAX).unwrap();
    let certificates: Vec<Certificate> =
        cms.certificates.iter().map(|der| Certificate::read(der).unwrap()).collect();
    assert_eq!(certificates.len(), 484);
    let (mut verified, mut weak, mut unsupported, mut orphans) = (0, 0, 0, 0);
    for certificate in &certificates {
        let issuers: Vec<&Certificate> =
            certificates.iter().filter(|issuer| issuer.subject() == certificate.issuer()).collect();
        let answers: Vec<_> = issuers.iter().map(|issuer| certificate.is_signed_by(issuer)).collect();
        if answers.contains(&Ok(true)) {
            verified += 1;
        } else if answers
            .iter()
            .any(|answer| matches!(answer, Err(crate::verify::algorithm::AlgorithmFault::Weak { .. })))
        {
            weak += 1;
        } else if answers.iter().any(Result::is_err) {
            unsupported += 1;
        } else {
            orphans += 1;
        }
        assert_eq!(certificate.extensions.unknown_critical, None, "{}", certificate.title());
    }
    // 345 DSTU, 70 ECDSA and 68 RSA ones; one old RSA root signs with SHA-1.
    assert_eq!((verified, weak, unsupported, orphans), (483, 1, 0, 0));
    let (trust, faults) = Trust::from_files([("CACertificates.p7b".to_owned(), bundle.clone())].into_iter());
    assert_eq!(faults, []);
    assert_eq!((trust.anchors().count(), trust.certificates().count()), (11, 484));
}

#[test]
fn real_certificates_tell_whose_they_are() {
    let Some(signer) = data("diia-test/diia-test-sign-7775603.cer") else { return };
    let facts = Certificate::read(&signer).unwrap().facts();
    assert!(facts.issuer.contains("Дія"), "{facts:?}");
    assert!(facts.edrpou.is_some(), "{facts:?}");
    let Some(authority) = data("ecdsa/diia-qtsp-2311.der") else { return };
    let facts = Certificate::read(&authority).unwrap().facts();
    assert_eq!(facts.edrpou.as_deref(), Some("43395033"));
}

/// What OpenSSL's own program signs with `-cades` passes here: two writers, one reader.
#[test]
fn what_openssl_signs_passes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { folder.path().join(name) };
    let run = |arguments: &str| {
        Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder.path()).output()
    };
    if run("version").is_err() {
        #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
        {
            eprintln!("skipped: no openssl program");
        }
        return;
    }
    let openssl = |arguments: &str| {
        let output = run(arguments).unwrap();
        assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    };
    std::fs::write(at("a.pdf"), PDF).unwrap();
    std::fs::write(at("signer.cnf"), "subjectKeyIdentifier = hash\nkeyUsage = critical, nonRepudiation\n")
        .unwrap();
    for (kind, digest) in [("ec -pkeyopt ec_paramgen_curve:P-256", "sha256"), ("rsa:2048", "sha512")] {
        openssl(&format!(
            "req -x509 -newkey {kind} -nodes -keyout root.key -out root.pem -subj /CN=Root -days 3650 \
             -addext keyUsage=critical,keyCertSign"
        ));
        openssl(&format!("req -new -newkey {kind} -nodes -keyout key.pem -out request.pem -subj /CN=Signer"));
        openssl(
            "x509 -req -in request.pem -CA root.pem -CAkey root.key -CAcreateserial -days 365 \
             -extfile signer.cnf -out signer.pem",
        );
        let sign = format!(
            "cms -sign -cades -binary -md {digest} -in a.pdf -signer signer.pem -inkey key.pem -outform DER"
        );
        openssl(&format!("{sign} -out detached.p7s"));
        openssl(&format!("{sign} -nodetach -out attached.p7s"));
        openssl(&format!("{sign} -nodetach -stream -keyid -out streamed.p7s"));
        let files = [("root.pem".to_owned(), std::fs::read(at("root.pem")).unwrap())];
        let (trust, faults) = Trust::from_files(files.into_iter());
        assert_eq!(faults, []);
        // The program takes the present for the beginning of validity.
        let signer = Certificate::read(&openssl_der(&at("signer.pem"))).unwrap();
        let moment = signer.not_before;
        for name in ["detached.p7s", "attached.p7s", "streamed.p7s"] {
            let p7s = std::fs::read(at(name)).unwrap();
            let letter = letter(&[(name, &p7s), ("a.pdf", PDF)]);
            passes(&judge_at(&letter, &trust, moment)[0]);
        }
    }
}

fn openssl_der(path: &Path) -> Vec<u8> {
    openssl::x509::X509::from_pem(&std::fs::read(path).unwrap()).unwrap().to_der().unwrap()
}

/// The root of that collection names its algorithm outside with the key's parameters and inside without: with the inner
/// one in both places it is read.
fn mended(root: &[u8]) -> Certificate {
    let mut fields = Reader::new(root, 0, Rules::Der).any("a certificate").unwrap().inside();
    let (tbs, _, signature) = (fields.any("").unwrap(), fields.any("").unwrap(), fields.any("").unwrap());
    let mut inside = tbs.inside();
    let (_, _, algorithm) = (inside.any("").unwrap(), inside.any("").unwrap(), inside.any("").unwrap());
    let parts = [tbs.whole.to_vec(), algorithm.whole.to_vec(), signature.whole.to_vec()];
    Certificate::read(&sequence(&parts)).unwrap()
}

#[test]
fn a_responder_of_a_dstu_authority_is_asked_as_a_real_program_asks_it() {
    let at = |file: &str| data(&format!("revocation/pki-example/{file}"));
    let (Some(root), Some(user)) = (at("root_certificate.cer"), at("userfiz_certificate.cer")) else {
        return;
    };
    let theirs = at("ocsp_request.der").expect("the file is there");
    let (root, user) = (mended(&root), Certificate::read(&user).unwrap());
    let ours = crate::verify::ocsp::request(&user, &root).unwrap();
    // OCSPRequest, TBSRequest and requestList are three SEQUENCEs with lengths of one octet; the Request follows.
    let request = &ours[6..];
    assert!(theirs.windows(request.len()).any(|octets| octets == request), "{ours:02x?}");
    assert_eq!(user.extensions.places.lists, ["http://ca.ua/crls/full.crl"]);
    assert_eq!(user.extensions.places.deltas, ["http://ca.ua/crls/delta.crl"]);
    assert_eq!(root.extensions.places.responders, ["http://ca.ua/ocsp/"]);
}

#[test]
fn real_certificates_name_their_responders_and_lists() {
    let Some(trust) = real_trust() else { return };
    let name = "00_verify_cades_bes_attached_data";
    let p7s = data(&format!("diia-test/{name}.p7s")).expect("the file is there");
    let letter = letter(&[("copy.p7s", &p7s)]);
    let policy = Policy { revocation: RevocationRule::WhereTold, ..Policy::default() };
    let judge = Judge { trust: &trust, evidence: &Evidence::new(), policy: &policy };
    let at = "2023-10-01T00:00:00Z".parse().unwrap();
    let (parts, lacks) = judge.letter_and_lacks(&letter, &signed_parts(&letter), at, at);
    assert_eq!(parts[0].verdict.sub_indication, Some(SubIndication::TryLater));
    let urls: Vec<Vec<Vec<&str>>> = lacks
        .missing
        .iter()
        .map(|lack| lack.ways.iter().map(|way| way.iter().map(crate::model::Need::url).collect()).collect())
        .collect();
    let signer = [
        vec!["http://ca.informjust.ua/services/ocsp/"],
        vec![
            "http://ca.informjust.ua/download/crls/CA-BED50831-Full-S17.crl",
            "http://ca.informjust.ua/download/crls/CA-BED50831-Delta-S17.crl",
        ],
    ];
    let authority = [
        vec!["http://czo.gov.ua/services/ocsp/"],
        vec![
            "http://czo.gov.ua/download/crls/CZO-2020-Full.crl",
            "http://czo.gov.ua/download/crls/CZO-2020-Delta.crl",
        ],
    ];
    assert_eq!(urls, [signer, authority]);
}
