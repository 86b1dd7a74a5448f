//! Signatures good and spoiled: every bit turned, every number out of range, the digests that standards forget.

use dstu::{Curve, PublicKey, Signature};

use crate::curves::{ROWS, row};
use crate::ladder::Key;
use crate::openssl::{Number, Twin};
use crate::random::Random;
use crate::subject::{Subject, raw};

/// A key, a digest, and a signature that OpenSSL made.
struct Signed {
    twin: Twin,
    key: Key,
    digest: Vec<u8>,
    r: Number,
    s: Number,
}

/// Q = −d·P, so the key's multiple is −d.
fn signed(curve: Curve, digest: &[u8], random: &mut Random) -> Signed {
    let twin = Twin::new(row(curve));
    let d = Number::random(twin.n.bits() - 1, random);
    let e = Number::random(twin.n.bits() - 1, random);
    let (r, s) = twin.sign(&d, &e, digest).unwrap();
    let key = Key::new(&twin, twin.negate_mod_n(&d));
    assert!(twin.verify(&key.point, digest, &r, &s));
    assert!(key.subject.verifies(digest, &r, &s), "{curve:?}: refused {r:?} {s:?}");
    Signed { twin, key, digest: digest.to_vec(), r, s }
}

fn every_bit(curve: Curve) {
    let mut random = Random::new(0xb175);
    let digest = random.octets(32);
    let Signed { twin, key, digest, r, s } = signed(curve, &digest, &mut random);
    let good = raw(&twin, &r, &s);
    for bit in 0..8 * good.len() {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.subject.verifies_raw(&digest, &bad), "{curve:?}: bit {bit} of the signature");
    }
    let signature = Signature::from_raw(curve, &good).unwrap();
    for bit in 0..8 * digest.len() {
        let mut bad = digest.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        // Bits beyond the field are cut off by the standard itself (5.9).
        let expected = bit >= curve.field_bits();
        assert_eq!(key.subject.agree(&bad, &signature), expected, "{curve:?}: bit {bit} of the digest");
    }
    let octets = twin.compress(&key.point);
    for bit in 0..8 * octets.len() {
        let mut bad = octets.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        if let Ok(other) = Subject::from_compressed(curve, &bad) {
            assert!(!other.agree(&digest, &signature), "{curve:?}: bit {bit} of the key");
        }
    }
}

#[test]
fn every_turned_bit_is_refused_on_m163() {
    every_bit(Curve::M163);
}

#[test]
fn every_turned_bit_is_refused_on_m173() {
    every_bit(Curve::M173);
}

#[test]
fn every_turned_bit_is_refused_on_m257() {
    every_bit(Curve::M257);
}

#[test]
fn every_turned_bit_is_refused_on_m367() {
    every_bit(Curve::M367);
}

#[test]
fn every_turned_bit_is_refused_on_m431() {
    every_bit(Curve::M431);
}

#[test]
fn a_digest_of_zero_counts_as_one() {
    let mut random = Random::new(0);
    for row in &ROWS {
        let Signed { twin, key, r, s, .. } = signed(row.curve, &[0; 32], &mut random);
        let mut one = vec![0; 32];
        one[0] = 1;
        let mut two = vec![0; 32];
        two[0] = 2;
        let beyond = Number::power_of_two(row.m()).to_le(64);
        assert!(key.subject.verifies(&[0; 64], &r, &s), "{:?}", row.curve);
        assert!(key.subject.verifies(&one, &r, &s), "{:?}", row.curve);
        assert!(key.subject.verifies(&beyond, &r, &s), "{:?}: 2^m is cut to 0", row.curve);
        assert!(!key.subject.verifies(&two, &r, &s), "{:?}", row.curve);
        assert!(twin.verify(&key.point, &beyond, &r, &s));
    }
}

#[test]
fn digests_of_every_usual_length_verify() {
    let mut random = Random::new(0x1e47);
    for row in &ROWS {
        for length in [1, 20, 32, 48, 54, 64] {
            let digest = random.octets(length);
            let Signed { key, r, s, .. } = signed(row.curve, &digest, &mut random);
            let mut other = digest.clone();
            other[0] ^= 1;
            assert!(!key.subject.verifies(&other, &r, &s), "{:?}, {length} octets", row.curve);
        }
    }
}

#[test]
fn numbers_out_of_range_are_no_signature() {
    let mut random = Random::new(0xba6e);
    for row in &ROWS {
        let twin = Twin::new(row);
        let octets = twin.scalar_octets();
        let good =
            Number::random(twin.n.bits() - 1, &mut random).flip(0).low_bits(100).plus(&Number::from_word(1));
        let minus_one = twin.negate_mod_n(&Number::from_word(1));
        let bad = [
            Number::from_word(0),
            twin.n.clone(),
            twin.n.plus(&Number::from_word(1)),
            twin.n.plus(&good),
            Number::power_of_two(twin.n.bits()),
            Number::ones(8 * octets),
        ];
        let accepted = |r: &Number, s: &Number| Signature::from_raw(row.curve, &raw(&twin, r, s)).is_ok();
        assert!(accepted(&good, &good) && accepted(&minus_one, &minus_one), "{:?}", row.curve);
        for number in bad.iter().filter(|number| number.bits() <= 8 * octets) {
            assert!(!accepted(number, &good), "{:?}: r = {number:?}", row.curve);
            assert!(!accepted(&good, number), "{:?}: s = {number:?}", row.curve);
            assert!(!accepted(number, number), "{:?}: both {number:?}", row.curve);
        }
    }
}

#[test]
fn a_signature_keeps_its_octets_in_both_wire_forms() {
    let mut random = Random::new(0x317e);
    for row in &ROWS {
        let Signed { twin, key, digest, r, s } = signed(row.curve, &[7; 32], &mut random);
        let octets = raw(&twin, &r, &s);
        let signature = Signature::from_raw(row.curve, &octets).unwrap();
        let nested = [&[4, octets.len() as u8][..], &octets].concat();
        assert_eq!(AsRef::<[u8]>::as_ref(&signature.to_raw()), octets);
        assert_eq!(AsRef::<[u8]>::as_ref(&signature.to_nested()), nested);
        for again in [Signature::from_nested(row.curve, &nested), Signature::from_raw(row.curve, &nested)] {
            assert!(key.subject.agree(&digest, &again.unwrap()), "{:?}", row.curve);
        }
        let odd = [&octets[..], &[0]].concat();
        let wrong_length = [&[4, octets.len() as u8 - 1][..], &octets].concat();
        let wrong_tag = [&[3, octets.len() as u8][..], &octets].concat();
        for bad in [&octets[1..], &odd, &wrong_length, &wrong_tag, &nested[..nested.len() - 1], &[]] {
            assert!(Signature::from_raw(row.curve, bad).is_err(), "{:?}: {bad:x?}", row.curve);
            assert!(Signature::from_nested(row.curve, bad).is_err(), "{:?}: {bad:x?}", row.curve);
        }
        assert!(Signature::from_nested(row.curve, &octets).is_err(), "{:?}: raw is not nested", row.curve);
    }
}

#[test]
fn a_signature_of_one_curve_is_refused_by_a_key_of_another() {
    let mut random = Random::new(0xc805);
    let small = signed(Curve::M257, &[1; 32], &mut random);
    let large = signed(Curve::M431, &[1; 32], &mut random);
    let signature = Signature::from_raw(Curve::M257, &raw(&small.twin, &small.r, &small.s)).unwrap();
    assert!(!large.key.subject.agree(&[1; 32], &signature));
    let signature = Signature::from_raw(Curve::M431, &raw(&large.twin, &large.r, &large.s)).unwrap();
    assert!(!small.key.subject.agree(&[1; 32], &signature));
}

#[test]
fn verdicts_side_by_side_fall_where_they_belong() {
    let mut random = Random::new(0x51de);
    let curves = [Curve::M257, Curve::M431, Curve::M257, Curve::M163, Curve::M257, Curve::M431, Curve::M257];
    let all: Vec<Signed> = curves.map(|curve| signed(curve, &random.octets(32), &mut random)).into();
    let signatures: Vec<Signature> = all
        .iter()
        .map(|one| Signature::from_raw(one.twin.row.curve, &raw(&one.twin, &one.r, &one.s)).unwrap())
        .collect();
    for _ in 0..60 {
        let count = random.below(24);
        let picks: Vec<(usize, bool, bool)> =
            (0..count).map(|_| (random.below(all.len()), random.below(3) > 0, random.below(2) > 0)).collect();
        let bad_digest = [0x5a; 32];
        let items: Vec<_> = picks
            .iter()
            .map(|&(at, good, split)| {
                let key = if split { &all[at].key.subject.split } else { &all[at].key.subject.prepared };
                (key, if good { &all[at].digest[..] } else { &bad_digest[..] }, &signatures[at])
            })
            .collect();
        let mut verdicts: Vec<bool> = picks.iter().map(|pick| !pick.1).collect();
        dstu::verify_digests(&items, &mut verdicts);
        assert_eq!(verdicts, picks.iter().map(|pick| pick.1).collect::<Vec<_>>(), "{picks:?}");
    }
}

#[test]
fn a_key_equals_itself_however_it_is_spelled() {
    use crate::spki::{BIG_ENDIAN, LITTLE_ENDIAN, explicit, named, spki};
    let mut random = Random::new(0x5914);
    for row in &ROWS {
        let Signed { twin, key, digest, r, s } = signed(row.curve, &random.octets(32), &mut random);
        let octets = twin.compress(&key.point);
        let base = twin.compress(&twin.times_base(&Number::from_word(1)));
        let turned: Vec<u8> = octets.iter().rev().copied().collect();
        for whole in [
            spki(LITTLE_ENDIAN, &named(row, None), &octets),
            spki(LITTLE_ENDIAN, &explicit(&twin, &base, None), &octets),
            spki(BIG_ENDIAN, &named(row, None), &turned),
        ] {
            let read = PublicKey::from_spki(&whole, crate::rules::STANDARD_ONLY).unwrap();
            assert!(Subject::new(read).verifies(&digest, &r, &s), "{:?}: {whole:x?}", row.curve);
        }
    }
}

#[test]
fn another_base_point_is_a_key_only_where_the_caller_allows_it() {
    use crate::spki::{LITTLE_ENDIAN, explicit, spki};
    let mut random = Random::new(0xba5e);
    for row in &ROWS {
        let standard = Twin::new(row);
        let (x, y) = standard.affine(&standard.times_base(&Number::random(150, &mut random))).unwrap();
        let twin = Twin::with_base(row, &x, &y);
        let (d, e) = (Number::random(150, &mut random), Number::random(150, &mut random));
        let (r, s) = twin.sign(&d, &e, &[9; 32]).unwrap();
        let point = twin.times_base(&twin.negate_mod_n(&d));
        let base = twin.compress(&twin.times_base(&Number::from_word(1)));
        let whole = spki(LITTLE_ENDIAN, &explicit(&twin, &base, None), &twin.compress(&point));
        assert!(PublicKey::from_spki(&whole, crate::rules::STANDARD_ONLY).is_err(), "{:?}", row.curve);
        let key = Subject::new(PublicKey::from_spki(&whole, crate::rules::ANY).unwrap());
        assert!(key.verifies(&[9; 32], &r, &s), "{:?}", row.curve);
        assert!(!key.verifies(&[8; 32], &r, &s), "{:?}", row.curve);
        let plain = Subject::from_compressed(row.curve, &twin.compress(&point)).unwrap();
        assert!(!plain.verifies(&[9; 32], &r, &s), "{:?}: the base point matters", row.curve);
    }
}
