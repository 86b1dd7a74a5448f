//! Two other implementations in Rust, asked the same questions.

use num_bigint::BigUint;
use structured_dstu4145::domain::{Domain, PublicKey as StructuredKey};
use structured_dstu4145::{Basis, ByteOrder};
use ua_cryptography_dstu4145::{DomainParameters, Signer, get_polynomial_curve, hash_to_field_element};

use crate::curves::{ROWS, Row};
use crate::ladder::{Key, digest_for};
use crate::openssl::{Number, Twin};
use crate::random::Random;
use crate::subject::{Subject, raw};

/// `structured-dstu4145`: verifies only; takes the wire forms of Ukrainian certificates.
fn structured(row: &Row, point: &[u8]) -> Option<StructuredKey> {
    let domain = Domain::named(Basis::Polynomial, row.m()).unwrap();
    domain.public_key(point, ByteOrder::LittleEndian).ok()
}

/// `ua-cryptography-dstu4145`: signs and verifies; big-endian as the standard prints.
struct Ua {
    parameters: DomainParameters,
}

impl Ua {
    fn new(row: &Row) -> Self {
        Self { parameters: get_polynomial_curve(row.m() as u32).unwrap() }
    }

    fn verifies(&self, point: &[u8], digest: &[u8], raw: &[u8]) -> bool {
        let curve = self.parameters.curve();
        let Ok(key) = curve.decompress(&BigUint::from_bytes_le(point)) else { return false };
        if self.parameters.validate_public_key(&key).is_err() {
            return false;
        }
        let (r, s) = raw.split_at(raw.len() / 2);
        let (r, s) = (BigUint::from_bytes_le(r), BigUint::from_bytes_le(s));
        Signer::new(&self.parameters).verify(&key, &self.element(digest), &r, &s)
    }

    /// r‖s little-endian, and the compressed public key.
    fn signs(&self, d: &[u8], e: &[u8], digest: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let signer = Signer::new(&self.parameters);
        let (d, e) = (BigUint::from_bytes_le(d), BigUint::from_bytes_le(e));
        let presignature = signer.calculate_presignature(&e).unwrap();
        let (r, s) = signer.sign(&d, &self.element(digest), &presignature).unwrap().unwrap();
        let half = self.parameters.n().bits().div_ceil(8) as usize;
        let octets = |number: &BigUint| {
            let mut octets = number.to_bytes_le();
            octets.resize(half, 0);
            octets
        };
        let key = signer.calculate_public_key(&d).unwrap();
        let mut point = self.parameters.curve().compress_to_bytes(&key).unwrap();
        point.reverse();
        ([octets(&r), octets(&s)].concat(), point)
    }

    fn element(&self, digest: &[u8]) -> ua_element::FieldElement {
        let turned: Vec<u8> = digest.iter().rev().copied().collect();
        hash_to_field_element(&turned, self.parameters.field())
    }
}

mod ua_element {
    pub(super) use ua_cryptography_gf2m::FieldElement;
}

#[test]
fn good_and_spoiled_signatures_are_judged_alike_by_both_crates() {
    let mut random = Random::new(0x9ee5);
    let (mut good, mut bad) = (0, 0);
    for row in &ROWS {
        let (twin, ua) = (Twin::new(row), Ua::new(row));
        for _ in 0..4 {
            let key = Key::new(&twin, Number::random(twin.n.bits() - 1, &mut random));
            let point = twin.compress(&key.point);
            let structured = structured(row, &point).unwrap();
            for _ in 0..6 {
                let r = Number::random(twin.n.bits() - 1, &mut random).plus(&Number::from_word(1));
                let s = Number::random(twin.n.bits() - 1, &mut random).plus(&Number::from_word(1));
                let Some(mut digest) = digest_for(&twin, &key.point, &r, &s, &mut random) else { continue };
                let mut octets = raw(&twin, &r, &s);
                match random.below(4) {
                    0 => digest[random.below(20)] ^= 1 << random.below(8),
                    1 => octets[random.below(20)] ^= 1 << random.below(8),
                    _ => {}
                }
                let ours = key.subject.verifies_raw(&digest, &octets);
                let theirs = structured.verify_prehash(&digest, &octets, ByteOrder::LittleEndian);
                assert_eq!(theirs.unwrap_or(false), ours, "{:?} {octets:x?} {digest:x?}", row.curve);
                assert_eq!(ua.verifies(&point, &digest, &octets), ours, "{:?} {octets:x?}", row.curve);
                if ours { good += 1 } else { bad += 1 }
            }
        }
    }
    assert!(good > 80 && bad > 80, "{good} good, {bad} bad");
}

#[test]
fn signatures_made_by_ua_cryptography_verify() {
    let mut random = Random::new(0x51641);
    for row in &ROWS {
        let (twin, ua) = (Twin::new(row), Ua::new(row));
        for _ in 0..4 {
            let digest = random.octets(32);
            let [d, e] = [(); 2].map(|()| Number::random(twin.n.bits() - 1, &mut random));
            let (octets, point) = ua.signs(&d.to_le(64), &e.to_le(64), &digest);
            let key = Subject::from_compressed(row.curve, &point).unwrap();
            assert!(key.verifies_raw(&digest, &octets), "{:?} {octets:x?}", row.curve);
            let (r, s) = twin.sign(&d, &e, &digest).unwrap();
            assert_eq!(raw(&twin, &r, &s), octets, "OpenSSL signs the same with the same nonce");
        }
    }
}

#[test]
fn random_octets_are_a_key_for_structured_dstu4145_exactly_when_they_are_for_us() {
    let mut random = Random::new(0x9e57);
    let mut keys = 0;
    for row in &ROWS {
        for _ in 0..12 {
            let octets = Number::random(row.m(), &mut random).to_le(row.m().div_ceil(8));
            let ours = dstu::PublicKey::from_compressed(row.curve, &octets).is_ok();
            assert_eq!(structured(row, &octets).is_some(), ours, "{:?} {octets:x?}", row.curve);
            keys += usize::from(ours);
        }
    }
    assert!((20..100).contains(&keys), "{keys}");
}
