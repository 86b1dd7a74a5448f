//! Real certificates, revocation lists and roots: what the Ukrainian authorities signed must verify.

use std::collections::BTreeMap;
use std::path::Path;

use dstu::gost34311::{Dke, digest};
use dstu::kupyna::{Digest, Kupyna256, Kupyna384, Kupyna512};
use dstu::{PublicKey, Signature};

use crate::curves::row;
use crate::der::{Element, all, dotted, first};
use crate::openssl::{Number, Twin};
use crate::subject::Subject;

/// A file of the shared test data; none where they are absent.
pub(crate) fn data(path: &str) -> Option<Vec<u8>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/signatures"));
    std::fs::read(root.join(path)).map_err(|_| eprintln!("skipped: no ../shared/data")).ok()
}

/// What a signature check needs of a certificate or a revocation list.
pub(crate) struct Signed<'a> {
    tbs: &'a [u8],
    algorithm: String,
    /// Octets of the BIT STRING.
    signature: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
    pub(crate) spki: &'a [u8],
}

/// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING } (RFC 5280, 4.1)
pub(crate) fn certificate(der: &[u8]) -> Option<Signed<'_>> {
    let (tbs, algorithm, signature) = signed(der)?;
    let mut parts = all(tbs.contents)?;
    if parts.first()?.tag == 0xa0 {
        parts.remove(0);
    }
    let [_serial, _algorithm, issuer, _validity, subject, spki, ..] = parts[..] else { return None };
    let (issuer, subject, spki) = (issuer.raw, subject.raw, spki.raw);
    Some(Signed { tbs: tbs.raw, algorithm, signature, issuer, subject, spki })
}

/// SEQUENCE { what was signed, AlgorithmIdentifier, BIT STRING }
fn signed(der: &[u8]) -> Option<(Element<'_>, String, &[u8])> {
    let [tbs, algorithm, signature] = all(first(der)?.0.contents)?[..] else { return None };
    let algorithm = dotted(first(algorithm.contents)?.0.contents);
    Some((tbs, algorithm, signature.contents.strip_prefix(&[0])?))
}

/// The certificates of a degenerate SignedData.
pub(crate) fn bundle(der: &[u8]) -> Vec<&[u8]> {
    let content = all(first(der).unwrap().0.contents).unwrap()[1];
    let parts = all(first(content.contents).unwrap().0.contents).unwrap();
    let set = parts.iter().find(|part| part.tag == 0xa0).unwrap();
    all(set.contents).unwrap().iter().map(|certificate| certificate.raw).collect()
}

/// PEM text or plain DER → DER.
fn binary(octets: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(octets) else { return octets.to_vec() };
    let digits: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let (mut octets, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for value in digits.bytes().filter_map(|digit| alphabet.iter().position(|&letter| letter == digit)) {
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count) as u8);
        }
    }
    octets
}

/// The digest of a signature algorithm, with the substitution of the key that signs.
fn digest_of(algorithm: &str, dke: Option<&Dke>, message: &[u8]) -> Option<Vec<u8>> {
    Some(match algorithm {
        "1.2.804.2.1.1.1.1.3.1.1" | "1.2.804.2.1.1.1.1.3.1.1.1.1" => {
            digest(dke.unwrap_or(&Dke::NO_1), message).to_vec()
        }
        "1.2.804.2.1.1.1.1.3.6.1.1" | "1.2.804.2.1.1.1.1.3.6.1" => Kupyna256::digest(message).to_vec(),
        "1.2.804.2.1.1.1.1.3.6.2.1" => Kupyna384::digest(message).to_vec(),
        "1.2.804.2.1.1.1.1.3.6.3.1" => Kupyna512::digest(message).to_vec(),
        _ => return None,
    })
}

/// One signature under one key, by every way; the verdict of OpenSSL must be the same.
fn verifies(key: &PublicKey, algorithm: &str, message: &[u8], octets: &[u8]) -> bool {
    let Some(digest) = digest_of(algorithm, key.dke(), message) else { return false };
    let Ok(signature) = Signature::from_nested(key.curve(), octets) else { return false };
    let verdict = Subject::new(key.clone()).agree(&digest, &signature);
    if crate::rules::has_standard_base(key) {
        let twin = Twin::new(row(key.curve()));
        let point = twin.decompress(key.to_compressed().as_ref()).unwrap();
        let (r, s) = octets[2..].split_at(twin.scalar_octets());
        let theirs = twin.verify(&point, &digest, &Number::from_le(r), &Number::from_le(s));
        assert_eq!(verdict, theirs, "OpenSSL disagrees");
    }
    let mut other = digest.clone();
    other[0] ^= 1;
    assert!(!key.verify_digest(&other, &signature));
    verdict
}

#[test]
fn every_certificate_of_the_bundle_whose_issuer_is_present_verifies() {
    let Some(file) = data("ca-bundle/CACertificates.p7b") else { return };
    let files = bundle(&file);
    let certificates: Vec<Signed> = files.iter().map(|der| certificate(der).unwrap()).collect();
    let mut by_subject: BTreeMap<&[u8], Vec<&Signed>> = BTreeMap::new();
    for certificate in &certificates {
        by_subject.entry(certificate.subject).or_default().push(certificate);
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for certificate in &certificates {
        let outcome = outcome(certificate, by_subject.get(certificate.issuer));
        *counts.entry(outcome).or_default() += 1;
    }
    for (outcome, count) in &counts {
        println!("{count:4} {outcome}");
    }
    let counts: Vec<(&str, usize)> =
        counts.iter().map(|(outcome, &count)| (outcome.as_str(), count)).collect();
    assert_eq!(counts, EXPECTED_OUTCOMES);
}

/// All 345 that were signed with DSTU: every issuer is present, and each signature verifies.
const EXPECTED_OUTCOMES: &[(&str, usize)] = &[
    ("good: M257, 1.2.804.2.1.1.1.1.3.1.1", 155),
    ("good: M431, 1.2.804.2.1.1.1.1.3.1.1", 190),
    ("not DSTU: 1.2.840.10045.4.3.2", 70),
    ("not DSTU: 1.2.840.113549.1.1.11", 68),
    ("not DSTU: 1.2.840.113549.1.1.5", 1),
];

fn outcome(certificate: &Signed, issuers: Option<&Vec<&Signed>>) -> String {
    let algorithm = &certificate.algorithm;
    if digest_of(algorithm, None, b"").is_none() {
        return format!("not DSTU: {algorithm}");
    }
    let Some(issuers) = issuers else { return "issuer absent".to_owned() };
    let keys: Vec<PublicKey> = issuers
        .iter()
        .filter_map(|issuer| PublicKey::from_spki(issuer.spki, crate::rules::ANY).ok())
        .collect();
    if keys.is_empty() {
        return format!("issuer's key is not read: {algorithm}");
    }
    match keys.iter().find(|key| verifies(key, algorithm, certificate.tbs, certificate.signature)) {
        Some(key) => format!("good: {:?}, {algorithm}", key.curve()),
        None => format!("refused: {algorithm}, {} keys", keys.len()),
    }
}

#[test]
fn every_dstu_key_of_the_bundle_is_read() {
    let Some(file) = data("ca-bundle/CACertificates.p7b") else { return };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for der in bundle(&file) {
        let certificate = certificate(der).unwrap();
        let outcome = match PublicKey::from_spki(certificate.spki, crate::rules::STANDARD_ONLY) {
            Ok(key) => format!("{:?}", key.curve()),
            Err(error) => format!("{error:?}").chars().take_while(|letter| letter.is_alphabetic()).collect(),
        };
        *counts.entry(outcome).or_default() += 1;
    }
    let counts: Vec<(&str, usize)> =
        counts.iter().map(|(outcome, &count)| (outcome.as_str(), count)).collect();
    assert_eq!(counts, EXPECTED_KEYS);
}

const EXPECTED_KEYS: &[(&str, usize)] = &[("Algorithm", 139), ("M257", 277), ("M431", 68)];

/// Certificates and revocation lists outside the bundle, each with a certificate of whoever signed it.
#[test]
fn every_other_certificate_and_revocation_list_verifies_under_its_issuer() {
    let Some(bundled) = data("ca-bundle/CACertificates.p7b") else { return };
    let mut files = Vec::new();
    for folder in ["roots", "diia-test", "revocation", "revocation/pki-example"] {
        let path =
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/signatures")).join(folder);
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| ["cer", "pem", "crl"].iter().any(|known| end == *known)) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                files.push((format!("{folder}/{name}"), binary(&std::fs::read(&path).unwrap())));
            }
        }
    }
    files.sort();
    let everybody: Vec<Signed> = bundle(&bundled)
        .into_iter()
        .chain(files.iter().map(|(_, der)| &der[..]))
        .filter_map(certificate)
        .collect();
    let mut outcomes = Vec::new();
    for (name, der) in &files {
        let (tbs, algorithm, signature) = signed(der).unwrap();
        let issuer = issuer_of_either(tbs);
        let keys = everybody.iter().filter(|certificate| certificate.subject == issuer);
        let keys: Vec<PublicKey> =
            keys.filter_map(|issuer| PublicKey::from_spki(issuer.spki, crate::rules::ANY).ok()).collect();
        let good = keys.iter().any(|key| verifies(key, &algorithm, tbs.raw, signature));
        outcomes.push((
            name.as_str(),
            if keys.is_empty() {
                "issuer absent"
            } else if good {
                "good"
            } else {
                "refused"
            },
        ));
    }
    for (name, outcome) in &outcomes {
        println!("{outcome:14}{name}");
    }
    let rest: Vec<_> = outcomes.iter().filter(|(_, outcome)| *outcome != "good").collect();
    assert_eq!(rest, [&("revocation/ocsp.cer", "issuer absent")]);
    assert_eq!(outcomes.len(), 22);
}

/// The issuer of a TBSCertificate or a TBSCertList: the first SEQUENCE after the algorithm.
fn issuer_of_either(tbs: Element<'_>) -> &[u8] {
    let parts = all(tbs.contents).unwrap();
    parts.iter().filter(|part| part.tag == 0x30).nth(1).unwrap().raw
}

#[test]
fn every_root_signs_itself() {
    for (name, algorithm) in [
        ("CAO-2026.cer", "1.2.804.2.1.1.1.1.3.6.1.1"),
        ("CZO-ROOT-2005.cer", "1.2.804.2.1.1.1.1.3.1.1"),
        ("CZO-ROOT-2017.cer", "1.2.804.2.1.1.1.1.3.1.1"),
        ("nbu-gost.pem", "1.2.804.2.1.1.1.1.3.1.1"),
        ("nbu-kupyna.pem", "1.2.804.2.1.1.1.1.3.6.1.1"),
    ] {
        let Some(file) = data(&format!("roots/{name}")) else { return };
        let der = binary(&file);
        let root = certificate(&der).unwrap();
        assert_eq!(root.algorithm, algorithm, "{name}");
        let key = PublicKey::from_spki(root.spki, crate::rules::ANY).unwrap();
        assert!(verifies(&key, algorithm, root.tbs, root.signature), "{name}");
        let standard_only = PublicKey::from_spki(root.spki, crate::rules::STANDARD_ONLY);
        assert_eq!(standard_only.is_ok(), name != "CZO-ROOT-2005.cer", "{name}: {standard_only:?}");
    }
}

#[test]
fn the_chain_and_the_revocation_list_of_diia_verify() {
    let name = |file: &str| format!("diia-test/{file}.cer");
    let Some(root) = data(&name("CAO-05E19E2CD92EA2990100000001000000C1000000")) else { return };
    let diia = data(&name("diia-CA-05E19E2CD92EA2990100000001000000E1000000")).unwrap();
    let key_of = |der: &[u8]| {
        PublicKey::from_spki(certificate(der).unwrap().spki, crate::rules::STANDARD_ONLY).unwrap()
    };
    let (root, authority) = (key_of(&root), key_of(&diia));
    let by = |key: &PublicKey, der: &[u8]| {
        let (tbs, algorithm, signature) = signed(der).unwrap();
        verifies(key, &algorithm, tbs.raw, signature)
    };
    assert!(by(&root, &diia));
    for file in [
        "diia-ocsp-3ED5083160DBC59B0200000001000000202B0F00",
        "diia-test-kep-7775604",
        "diia-test-sign-7775603",
    ] {
        let file = data(&name(file)).unwrap();
        assert!(by(&authority, &file));
        assert!(!by(&root, &file));
    }
    let stamp = data(&name("diia-2023-tsp-05E19E2CD92EA29902000000010000004A010000")).unwrap();
    assert!(by(&root, &stamp) || by(&authority, &stamp));
    let list = "diia-test/BED5083160DBC59BCDDF707C10293F58BB6ED263C6EA5893D3781B61F493BE57-delta-0ABEA7.crl";
    assert!(by(&authority, &data(list).unwrap()));
}
