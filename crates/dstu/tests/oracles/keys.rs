//! Public keys: which compressed octets are a key at all, asked of OpenSSL.

use dstu::{Curve, PublicKey};

use crate::curves::{ROWS, row};
use crate::openssl::{Number, Twin};
use crate::random::Random;

#[test]
fn every_curve_is_what_it_claims() {
    assert_eq!(Curve::ALL, ROWS.each_ref().map(|row| row.curve));
    for row in &ROWS {
        let twin = Twin::new(row);
        assert!(twin.order_is_prime(), "{:?}", row.curve);
        assert!(twin.in_subgroup(&twin.times_base(&Number::from_word(1))), "{:?}", row.curve);
        assert_eq!(row.curve.field_bits(), row.m());
        assert_eq!(row.curve.order_bits(), twin.n.bits());
        assert_eq!(row.curve.element_octets(), twin.element_octets());
        assert_eq!(row.curve.signature_octets(), 2 * twin.scalar_octets());
        assert_eq!(Curve::from_oid(row.curve.oid()), Some(row.curve));
    }
}

#[test]
fn random_octets_are_a_key_exactly_when_openssl_finds_them_in_the_subgroup() {
    let mut random = Random::new(0xdec0);
    for row in &ROWS {
        let twin = Twin::new(row);
        let (mut keys, mut outside, mut off) = (0, 0, 0);
        for _ in 0..80 {
            let octets = Number::random(row.m(), &mut random).to_le(twin.element_octets());
            let point = twin.decompress(&octets);
            let expected = point.as_ref().is_some_and(|point| twin.in_subgroup(point));
            let key = PublicKey::from_compressed(row.curve, &octets);
            assert_eq!(key.is_ok(), expected, "{:?} {octets:x?}: {key:?}", row.curve);
            match (point, key) {
                (None, _) => off += 1,
                (Some(_), Err(_)) => outside += 1,
                (Some(point), Ok(key)) => {
                    keys += 1;
                    let back = key.to_compressed();
                    assert_eq!(AsRef::<[u8]>::as_ref(&back), twin.compress(&point), "{:?}", row.curve);
                }
            }
        }
        assert!(keys > 5 && off > 5, "{:?}: {keys} keys, {outside} outside, {off} off", row.curve);
        assert_eq!(outside > 5, row.cofactor == 4, "{:?}: {outside} outside the subgroup", row.curve);
    }
}

#[test]
fn special_octets_are_a_key_exactly_when_openssl_finds_them_in_the_subgroup() {
    for row in &ROWS {
        let twin = Twin::new(row);
        let m = row.m();
        let mut specials: Vec<Number> = (0..12).map(Number::from_word).collect();
        specials.extend((1..m).step_by(7).map(Number::power_of_two));
        specials.extend([
            Number::ones(m),
            Number::ones(m - 1),
            Number::ones(m).flip(0),
            Number::from_hex(row.b),
        ]);
        for x in specials {
            let octets = x.to_le(twin.element_octets());
            let expected = twin.decompress(&octets).is_some_and(|point| twin.in_subgroup(&point));
            assert_eq!(
                PublicKey::from_compressed(row.curve, &octets).is_ok(),
                expected,
                "{:?} {x:?}",
                row.curve
            );
        }
    }
}

#[test]
fn a_key_moved_by_the_point_of_order_two_is_no_key() {
    // On the curves of cofactor 4 the sum compresses and decompresses like any key, and its order is 2n.
    let mut random = Random::new(0x2);
    for row in ROWS.iter().filter(|row| row.cofactor == 4) {
        let twin = Twin::new(row);
        let (zero, b) = (Number::from_word(0), Number::from_hex(row.b));
        let root = (1..row.m()).fold(b, |root, _| twin.multiply(&root, &root));
        let two = twin.point(&zero, &root).unwrap();
        assert!(PublicKey::from_compressed(row.curve, &zero.to_le(twin.element_octets())).is_err());
        for _ in 0..20 {
            let moved = twin.joint(&Number::random(150, &mut random), &two, &Number::from_word(1));
            let octets = twin.compress(&moved);
            assert_eq!(twin.affine(&twin.decompress(&octets).unwrap()), twin.affine(&moved));
            assert!(PublicKey::from_compressed(row.curve, &octets).is_err(), "{:?} {octets:x?}", row.curve);
        }
    }
}

#[test]
fn octets_of_another_length_or_beyond_the_field_are_no_key() {
    for row in &ROWS {
        let twin = Twin::new(row);
        let good = twin.compress(&twin.times_base(&Number::from_word(5)));
        assert!(PublicKey::from_compressed(row.curve, &good).is_ok());
        for bit in row.m()..8 * good.len() {
            let mut beyond = good.clone();
            beyond[bit / 8] ^= 1 << (bit % 8);
            assert!(PublicKey::from_compressed(row.curve, &beyond).is_err(), "{:?} bit {bit}", row.curve);
        }
        let longer = [&good[..], &[0]].concat();
        for octets in [&good[1..], &good[..good.len() - 1], &longer, &[]] {
            assert!(PublicKey::from_compressed(row.curve, octets).is_err(), "{:?} {octets:x?}", row.curve);
        }
    }
}

#[test]
fn the_sign_bit_alone_makes_the_opposite_key() {
    let twin = Twin::new(row(Curve::M257));
    let q = Number::from_word(12345);
    let mut octets = twin.compress(&twin.times_base(&q));
    octets[0] ^= 1;
    assert_eq!(octets, twin.compress(&twin.times_base(&twin.negate_mod_n(&q))));
    assert!(PublicKey::from_compressed(Curve::M257, &octets).is_ok());
}
