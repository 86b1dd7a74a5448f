//! The operator's folder: every form in which authorities hand out certificates.

use base64::Engine as _;

use super::*;
use crate::verify::TrustFault;
use crate::verify::testing::{CertificateSpec, Key, ROOT, SIGNER};

fn pem(label: &str, der: &[u8]) -> String {
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\r\n{}\r\n-----END {label}-----\r\n", lines.join("\r\n"))
}

fn bundle() -> Vec<u8> {
    let mut spec = CmsSpec::good(b"", false);
    spec.signers.clear();
    spec.digest_algorithms.clear();
    spec.certificates = vec![PKI.root.clone(), PKI.authority.clone()];
    spec.make()
}

fn load(files: &[(&str, Vec<u8>)]) -> (Trust, Vec<TrustFault>) {
    Trust::from_files(files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())))
}

#[track_caller]
fn holds(files: &[(&str, Vec<u8>)], anchors: usize, certificates: usize) {
    let (trust, faults) = load(files);
    assert_eq!(faults, []);
    assert_eq!((trust.anchors().count(), trust.certificates().count()), (anchors, certificates));
    assert_eq!(trust.anchors().next().unwrap().subject, ROOT);
}

#[test]
fn der_pem_base64_and_bundles_are_all_read_and_repeats_count_once() {
    holds(&[("root.cer", PKI.root.clone())], 1, 1);
    holds(&[("root.cer", [PKI.root.clone(), b"\r\n".to_vec()].concat())], 1, 1);
    let two =
        [pem("CERTIFICATE", &PKI.root), "comment\n".into(), pem("CERTIFICATE", &PKI.authority)].concat();
    holds(&[("two.pem", two.into_bytes())], 1, 2);
    holds(&[("bundle.p7b", bundle())], 1, 2);
    holds(&[("bundle.p7b", pem("PKCS7", &bundle()).into_bytes())], 1, 2);
    let base64 = base64::engine::general_purpose::STANDARD.encode(&PKI.root);
    holds(&[("root.txt", base64.into_bytes())], 1, 1);
    holds(&[("root.cer", PKI.root.clone()), ("again.p7b", bundle())], 1, 2);
}

#[test]
fn an_anchor_is_a_self_issued_authority_and_nothing_else() {
    let self_signed = CertificateSpec::signer(SIGNER, &PKI.signer_key, SIGNER, &PKI.signer_key).make();
    let (trust, faults) = Trust::new(vec![PKI.authority.clone(), PKI.signer.clone(), self_signed]);
    assert_eq!(faults, [TrustFault::NoAnchors]);
    assert_eq!((trust.anchors().count(), trust.certificates().count()), (0, 3));
}

#[test]
fn a_fault_names_the_file_the_place_and_the_remedy_and_spoils_nothing_else() {
    let mut broken = PKI.authority.clone();
    broken[4] = 0x31;
    let files = [
        ("notes.txt", b"hello".to_vec()),
        ("empty.cer", Vec::new()),
        ("picture.png", vec![0x89, 0x50]),
        (
            "bundle.pem",
            [pem("CERTIFICATE", &PKI.root), pem("CERTIFICATE", &broken[..40])].concat().into_bytes(),
        ),
        ("key.pem", pem("PRIVATE KEY", b"x").into_bytes()),
    ];
    let (trust, faults) = load(&files);
    assert_eq!(trust.anchors().count(), 1);
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    for name in ["notes.txt", "empty.cer", "picture.png", "key.pem"] {
        assert!(
            said.iter().any(|fault| fault.starts_with(&format!("{name}: neither a certificate"))),
            "{said:?}"
        );
    }
    let not_whole = PKI.root[..PKI.root.len() - 1].to_vec();
    let (_, faults) =
        Trust::new(vec![PKI.root.clone(), [PKI.root.clone(), b"x".to_vec()].concat(), not_whole]);
    assert!(faults[0].to_string().starts_with("certificate 2, certificate 1: broken at byte"), "{faults:?}");
}

#[test]
fn an_empty_folder_says_that_nothing_can_pass() {
    let (trust, faults) = Trust::new(Vec::new());
    assert_eq!((trust.anchors().count(), faults), (0, vec![TrustFault::NoAnchors]));
}

#[test]
fn a_root_whose_algorithm_is_not_verified_yet_is_an_anchor_all_the_same() {
    let key = Key::on(openssl::nid::Nid::SECP256K1, "root");
    let root = CertificateSpec::authority("K1", &key, "K1", &key).make();
    assert_eq!(trust_in(&[&root]).anchors().count(), 1);
}
