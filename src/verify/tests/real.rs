//! Real files: the Ukrainian bundle, signatures made under the real Diia authority, and OpenSSL's own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::model::{ContentSource, Level, SignerKind, TimeStampKind};
use crate::verify::certificate::Certificate;
use crate::verify::cms::SignedData;
use crate::verify::limits::TRUST_CERTIFICATES_MAX;
use crate::verify::oid;

fn data(path: &str) -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/signatures");
    #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
    std::fs::read(root.join(path)).map_err(|_| eprintln!("skipped: no ../shared/data")).ok()
}

#[test]
fn real_dstu_signatures_are_indeterminate_and_name_their_algorithm() {
    let Some(root) = data("diia-test/CAO-05E19E2CD92EA2990100000001000000C1000000.cer") else { return };
    let trust = trust_in(&[&root]);
    assert_eq!(trust.anchors().count(), 1);
    let content = data("diia-test/03_verify_cades_bes_detached_data.content").unwrap();
    for (name, detached) in [
        ("00_verify_cades_bes_attached_data", false),
        ("01_verify_cades_t_attached_data", false),
        ("02_verify_cades_bes_attached_data_and_custom_attributes", false),
        ("03_verify_cades_bes_detached_data", true),
        ("04_verify_cades_bes_detached_data_invalid_content", true),
    ] {
        let p7s = data(&format!("diia-test/{name}.p7s")).unwrap();
        let letter = letter(&[(name, &p7s), ("content", &content)]);
        let verdict = judge(&letter, &trust).remove(0);
        let reason = Reason::UnsupportedAlgorithm { oid: "1.2.804.2.1.1.1.1.2.1".to_owned() };
        is_indeterminate(&verdict, SubIndication::CryptoConstraintsFailure, &reason);
        let missing = matches!(verdict.content, ContentSource::Missing { .. });
        assert_eq!(missing, detached, "{name}: {:?}", verdict.content);
        let signer = &verdict.signers[0];
        assert_eq!(signer.signature_oid.as_deref(), Some("1.2.804.2.1.1.1.1.3.1.1"));
        let certificate = signer.certificate.as_ref().expect("the signer's certificate is inside");
        assert!(certificate.issuer.contains("Дія"), "{certificate:?}");
        assert!(signer.claimed_at.is_some());
    }
}

/// The tokens are read and their times told, though DSTU is not verified here.
#[test]
fn a_real_cades_t_names_its_time_stamps() {
    let Some(p7s) = data("diia-test/01_verify_cades_t_attached_data.p7s") else { return };
    let root = data("diia-test/CAO-05E19E2CD92EA2990100000001000000C1000000.cer").unwrap();
    let tsa = data("diia-test/diia-2023-tsp-05E19E2CD92EA29902000000010000004A010000.cer").unwrap();
    let verdict = judge(&letter(&[("a.p7s", &p7s)]), &trust_in(&[&root, &tsa])).remove(0);
    let signer = &verdict.signers[0];
    assert_eq!(signer.level, Some(Level::T));
    let kinds: Vec<TimeStampKind> = signer.time_stamps.iter().map(|stamp| stamp.kind).collect();
    assert_eq!(kinds, [TimeStampKind::Content, TimeStampKind::Signature]);
    let times: Vec<Timestamp> = signer.time_stamps.iter().filter_map(|stamp| stamp.time).collect();
    let [content, signature] = times[..] else { panic!("{signer:?}") };
    assert!(
        content <= signature && signer.claimed_at.is_some_and(|claimed| claimed <= signature),
        "{times:?}"
    );
    for stamp in &signer.time_stamps {
        let authority = stamp.authority.as_ref().expect("the authority's certificate is at the operator");
        assert_eq!(authority.kind, SignerKind::TimeStamping);
        assert_eq!(stamp.sub_indication, Some(SubIndication::CryptoConstraintsFailure));
    }
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
fn the_real_bundle_is_read_whole_and_its_rsa_and_ecdsa_certificates_verify() {
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
    // 70 ECDSA and 68 RSA ones; one old RSA root that signs with SHA-1; the rest is DSTU.
    assert_eq!((verified, weak, unsupported, orphans), (138, 1, 345, 0));
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
