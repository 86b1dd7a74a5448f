//! Spoiled keys and signatures by the thousand: an answer each time, never a panic; and what passes is a good key.

use dstu::{Curve, PublicKey, Signature};

use crate::curves::{ROWS, row};
use crate::openssl::{Number, Twin};
use crate::random::Random;
use crate::spki::{BIG_ENDIAN, LITTLE_ENDIAN, explicit, named, spki};

/// One to four small faults: bits, octets, lengths, cuts, doublings.
fn spoil(octets: &[u8], random: &mut Random) -> Vec<u8> {
    let mut spoiled = octets.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(spoiled.len().max(1));
        match random.below(8) {
            _ if spoiled.is_empty() => spoiled.push(random.word() as u8),
            0 | 1 => spoiled[at] ^= 1 << random.below(8),
            2 => spoiled[at] = random.word() as u8,
            3 => spoiled[at] = [0, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff][random.below(8)],
            4 => spoiled.truncate(at),
            5 => spoiled.insert(at, random.word() as u8),
            6 => drop(spoiled.remove(at)),
            _ => {
                let end = at + random.below(spoiled.len() - at);
                let piece = spoiled[at..end].to_vec();
                let to = random.below(spoiled.len());
                spoiled.splice(to..to, piece);
            }
        }
    }
    spoiled
}

/// Own keys of every form on every curve.
fn own_keys() -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    for row in &ROWS {
        let twin = Twin::new(row);
        let octets = twin.compress(&twin.times_base(&Number::from_word(0xabcdef)));
        let base = twin.compress(&twin.times_base(&Number::from_word(1)));
        let turned: Vec<u8> = octets.iter().rev().copied().collect();
        let dke = dstu::gost34311::Dke::NO_1.to_packed();
        keys.push(spki(LITTLE_ENDIAN, &named(row, None), &octets));
        keys.push(spki(LITTLE_ENDIAN, &named(row, Some(&dke)), &octets));
        keys.push(spki(LITTLE_ENDIAN, &explicit(&twin, &base, Some(&dke)), &octets));
        keys.push(spki(BIG_ENDIAN, &named(row, None), &turned));
    }
    keys
}

/// A key that was read has a point that OpenSSL finds in the subgroup.
fn check_key(whole: &[u8]) -> bool {
    let strict = PublicKey::from_spki(whole, crate::rules::STANDARD_ONLY);
    let any = PublicKey::from_spki(whole, crate::rules::ANY);
    assert!(strict.is_err() || any.is_ok(), "allowing more refuses nothing");
    let Ok(key) = any else { return false };
    let twin = Twin::new(row(key.curve()));
    let point = twin.decompress(key.to_compressed().as_ref()).unwrap();
    assert!(twin.in_subgroup(&point), "{whole:x?}");
    true
}

fn spoil_keys(keys: &[Vec<u8>], rounds: usize, seed: u64) {
    let mut random = Random::new(seed);
    let mut read = 0;
    for _ in 0..rounds {
        let key = &keys[random.below(keys.len())];
        read += usize::from(check_key(&spoil(key, &mut random)));
    }
    assert!(read < rounds / 4, "{read} of {rounds} spoiled keys were read");
}

#[test]
fn spoiled_keys_get_an_answer() {
    let keys = own_keys();
    assert!(keys.iter().all(|key| check_key(key)));
    spoil_keys(&keys, 20_000, 0x5b01);
}

#[test]
fn spoiled_keys_of_real_certificates_get_an_answer() {
    let Some(file) = crate::real::data("ca-bundle/CACertificates.p7b") else { return };
    let keys: Vec<Vec<u8>> = crate::real::bundle(&file)
        .into_iter()
        .map(|der| crate::real::certificate(der).unwrap().spki.to_vec())
        .filter(|key| PublicKey::from_spki(key, crate::rules::ANY).is_ok())
        .collect();
    spoil_keys(&keys, 20_000, 0x4ea1);
}

#[test]
fn every_single_octet_of_explicit_parameters_matters() {
    let twin = Twin::new(row(Curve::M257));
    let base = twin.compress(&twin.times_base(&Number::from_word(1)));
    let octets = twin.compress(&twin.times_base(&Number::from_word(77)));
    let parameters = explicit(&twin, &base, None);
    for at in 0..parameters.len() {
        for bit in 0..8 {
            let mut spoiled = parameters.clone();
            spoiled[at] ^= 1 << bit;
            let whole = spki(LITTLE_ENDIAN, &spoiled, &octets);
            let read = PublicKey::from_spki(&whole, crate::rules::STANDARD_ONLY);
            assert!(read.is_err(), "octet {at}, bit {bit}: {spoiled:x?}");
        }
    }
}

#[test]
fn random_octets_are_no_key_and_no_panic() {
    let mut random = Random::new(0x0c7e75);
    for _ in 0..20_000 {
        let length = random.below(200);
        let octets = random.octets(length);
        assert!(PublicKey::from_spki(&octets, crate::rules::ANY).is_err());
    }
}

#[test]
fn spoiled_signatures_get_an_answer() {
    let mut random = Random::new(0x5167);
    for round in 0..20_000 {
        let curve = Curve::ALL[round % 10];
        let length = curve.signature_octets();
        let raw = random.octets(length);
        let nested = [&[4, length as u8][..], &raw].concat();
        let spoiled = spoil(if round % 2 == 0 { &raw } else { &nested }, &mut random);
        for signature in [Signature::from_raw(curve, &spoiled), Signature::from_nested(curve, &spoiled)] {
            let Ok(signature) = signature else { continue };
            let again = Signature::from_raw(curve, signature.to_raw().as_ref()).unwrap();
            assert_eq!(AsRef::<[u8]>::as_ref(&again.to_raw()), AsRef::<[u8]>::as_ref(&signature.to_raw()));
        }
    }
}
