//! Real certificates: every DSTU 4145 signature of the Ukrainian bundle whose issuer is in it.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test's own quick reading of files that are known to be whole"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dstu::gost34311::{self, Dke};
use dstu::kupyna::{Kupyna256, digest::Digest as _};
use dstu::{BasePointRule, KeyCache, PublicKey, Signature};

#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn data(path: &str) -> Option<Vec<u8>> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/signatures");
    std::fs::read(root.join(path)).map_err(|_| eprintln!("skipped: no ../shared/data")).ok()
}

/// Tag, the whole element, its contents.
type Element<'a> = (u8, &'a [u8], &'a [u8]);

fn elements(mut octets: &[u8]) -> Vec<Element<'_>> {
    let mut found = vec![];
    while let [tag, first, ..] = *octets {
        let count = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
        let length = if count == 0 {
            usize::from(first)
        } else {
            octets[2..2 + count].iter().fold(0, |l, o| l << 8 | usize::from(*o))
        };
        let head = 2 + count;
        found.push((tag, &octets[..head + length], &octets[head..head + length]));
        octets = &octets[head + length..];
    }
    found
}

struct Certificate<'a> {
    tbs: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
    spki: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
}

fn certificate(contents: &[u8]) -> Certificate<'_> {
    let parts = elements(contents);
    let tbs = elements(parts[0].2);
    let tbs = &tbs[usize::from(tbs[0].0 == 0xa0)..];
    Certificate {
        tbs: parts[0].1,
        issuer: tbs[2].1,
        subject: tbs[4].1,
        spki: tbs[5].1,
        algorithm: elements(parts[1].2)[0].2,
        signature: &parts[2].2[1..],
    }
}

const GOST: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1];
const KUPYNA_256: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 6, 1, 1];

fn digest(algorithm: &[u8], dke: Option<&Dke>, octets: &[u8]) -> Option<[u8; 32]> {
    match algorithm {
        GOST => Some(gost34311::digest(dke.unwrap_or(&Dke::NO_1), octets)),
        KUPYNA_256 => Some(Kupyna256::digest(octets).into()),
        _ => None,
    }
}

/// Whether one of these keys made the certificate's signature.
fn made_by_one_of(certificate: &Certificate<'_>, issuers: &[&Certificate<'_>], cache: &KeyCache) -> bool {
    issuers.iter().any(|issuer| {
        let Ok(key) = PublicKey::from_spki(issuer.spki, BasePointRule::OtherAllowed) else { return false };
        let Some(digest) = digest(certificate.algorithm, key.dke(), certificate.tbs) else { return false };
        let Ok(signature) = Signature::from_nested(key.curve(), certificate.signature) else { return false };
        let once = key.verify_digest(&digest, &signature);
        for prepared in [key.prepare(), key.prepare_split()] {
            assert_eq!(prepared.verify_digest(&digest, &signature), once);
        }
        let cached = cache.get(issuer.spki, BasePointRule::OtherAllowed).unwrap();
        assert_eq!(cached.verify_digest(&digest, &signature), once);
        once
    })
}

#[test]
fn every_certificate_of_the_bundle_verifies_under_its_issuer() {
    let Some(bundle) = data("ca-bundle/CACertificates.p7b") else { return };
    let content_info = elements(elements(&bundle)[0].2);
    let signed_data = elements(elements(content_info[1].2)[0].2);
    let set = signed_data.iter().find(|element| element.0 == 0xa0).unwrap();
    let elements = elements(set.2);
    let certificates: Vec<_> = elements.iter().map(|element| certificate(element.2)).collect();
    let cache = KeyCache::new(256);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for certificate in &certificates {
        if !certificate.algorithm.starts_with(&GOST[..8]) {
            continue;
        }
        let issuers: Vec<_> =
            certificates.iter().filter(|issuer| issuer.subject == certificate.issuer).collect();
        let what = if issuers.is_empty() {
            "issuer absent".to_owned()
        } else if made_by_one_of(certificate, &issuers, &cache) {
            "verified".to_owned()
        } else {
            format!("not verified, algorithm {:02x?}", certificate.algorithm)
        };
        *counts.entry(what).or_default() += 1;
    }
    let keys = certificates.iter().filter(|certificate| certificate.spki.windows(8).any(|w| w == &GOST[..8]));
    for certificate in keys {
        let key = PublicKey::from_spki(certificate.spki, BasePointRule::OtherAllowed);
        *counts.entry(format!("key {:?}", key.map(|key| (key.curve(), key.base_point())))).or_default() += 1;
    }
    let expected = [("key Ok((M257, Standard))", 277), ("key Ok((M431, Standard))", 68), ("verified", 345)];
    assert_eq!(counts, expected.map(|(what, count)| (what.to_owned(), count)).into());
}

#[test]
fn the_roots_sign_themselves_also_that_of_2005_with_its_own_base_point_and_that_of_2026_with_kupyna() {
    for name in ["CZO-ROOT-2005.cer", "CZO-ROOT-2017.cer", "CAO-2026.cer"] {
        let Some(octets) = data(&format!("roots/{name}")) else { return };
        let outer = elements(&octets);
        let root = certificate(outer[0].2);
        assert!(made_by_one_of(&root, &[&root], &KeyCache::new(1)), "{name}");
        let mut changed = octets.clone();
        // One bit of the name.
        changed[200] ^= 1;
        let outer = elements(&changed);
        let changed = certificate(outer[0].2);
        assert!(!made_by_one_of(&changed, &[&root], &KeyCache::new(1)), "{name}");
        let standard = PublicKey::from_spki(root.spki, BasePointRule::StandardOnly);
        assert_eq!(standard.is_err(), name == "CZO-ROOT-2005.cer");
    }
}
