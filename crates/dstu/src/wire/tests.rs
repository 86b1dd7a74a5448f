//! Structures built by hand, right and wrong.

use crate::curve::Curve;
use crate::gost34311::Dke;
use crate::{BasePoint, BasePointRule, KeyError, PublicKey};

const LITTLE_ENDIAN: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1];
const BIG_ENDIAN: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1, 1, 1];

fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut octets = vec![tag];
    match contents.len() {
        length @ 0..=0x7f => octets.push(u8::try_from(length).unwrap()),
        length @ 0x80..=0xff => octets.extend([0x81, u8::try_from(length).unwrap()]),
        length => octets.extend([&[0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat()),
    }
    octets.extend(contents);
    octets
}

fn spki(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let algorithm = tlv(0x30, &[tlv(6, algorithm), tlv(0x30, parameters)].concat());
    let bits = tlv(3, &[&[0][..], &tlv(4, key)].concat());
    tlv(0x30, &[algorithm, bits].concat())
}

fn named(curve: Curve) -> Vec<u8> {
    tlv(6, curve.oid())
}

fn unsigned(mut octets: Vec<u8>) -> Vec<u8> {
    while octets.len() > 1 && octets[0] == 0 {
        octets.remove(0);
    }
    if octets[0] >= 0x80 {
        octets.insert(0, 0);
    }
    tlv(2, &octets)
}

/// `ECBinary` of a standard curve with this base point (all little-endian, or all reversed).
fn explicit(curve: Curve, base: &[u8], reversed: bool) -> Vec<u8> {
    let numbers = curve.numbers();
    let small = |number: usize| unsigned(u16::try_from(number).unwrap().to_be_bytes().to_vec());
    let octets = |words: &[u64]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let middle = match numbers.middle {
        [k] => small(*k),
        ks => tlv(0x30, &ks.iter().rev().map(|k| small(*k)).collect::<Vec<_>>().concat()),
    };
    let mut b = octets(&numbers.b)[..curve.element_octets()].to_vec();
    let mut base = base.to_vec();
    if reversed {
        b.reverse();
        base.reverse();
    }
    let mut n = octets(&numbers.n);
    n.reverse();
    let field = tlv(0x30, &[small(numbers.m), middle].concat());
    tlv(0x30, &[field, small(usize::from(numbers.a)), tlv(4, &b), unsigned(n), tlv(4, &base)].concat())
}

fn base(curve: Curve) -> Vec<u8> {
    crate::key::standard_base(curve).to_vec()
}

const STANDARD: BasePointRule = BasePointRule::StandardOnly;

#[test]
fn named_and_explicit_parameters_in_both_orders_with_and_without_dke_give_the_same_key() {
    for curve in Curve::ALL {
        let key = base(curve);
        let expected = PublicKey::from_compressed(curve, &key).unwrap();
        assert_eq!(expected.to_compressed().to_vec(), key);
        let mut reversed = key.clone();
        reversed.reverse();
        let dke = tlv(4, &Dke::NO_1.to_packed());
        for (algorithm, key, explicit) in [
            (LITTLE_ENDIAN, &key, explicit(curve, &key, false)),
            (BIG_ENDIAN, &reversed, explicit(curve, &key, true)),
        ] {
            for definition in [named(curve), explicit] {
                let read = PublicKey::from_spki(&spki(algorithm, &definition, key), STANDARD).unwrap();
                assert_eq!(read, expected, "{curve:?}");
                assert_eq!((read.curve(), read.base_point(), read.dke()), (curve, BasePoint::Standard, None));
                let with_dke = [definition, dke.clone()].concat();
                let read = PublicKey::from_spki(&spki(algorithm, &with_dke, key), STANDARD).unwrap();
                assert_eq!(read, expected.clone().with_dke(Some(Dke::NO_1)));
            }
        }
    }
}

#[test]
fn another_base_point_is_taken_only_where_the_rule_allows_it() {
    let curve = Curve::M257;
    let key = base(curve);
    // −P is a base point as good as P.
    let mut other = key.clone();
    other[0] ^= 1;
    let spki = spki(LITTLE_ENDIAN, &explicit(curve, &other, false), &key);
    assert_eq!(PublicKey::from_spki(&spki, STANDARD), Err(KeyError::OtherBasePoint));
    let read = PublicKey::from_spki(&spki, BasePointRule::OtherAllowed).unwrap();
    assert_eq!(read.base_point(), BasePoint::Other);
}

#[test]
fn what_is_not_exactly_a_key_is_refused_by_name() {
    let curve = Curve::M257;
    let key = base(curve);
    let good = spki(LITTLE_ENDIAN, &named(curve), &key);
    let refused = |spki: &[u8]| PublicKey::from_spki(spki, STANDARD).unwrap_err();
    assert!(PublicKey::from_spki(&good, STANDARD).is_ok());
    assert_eq!(refused(&[good.clone(), vec![0]].concat()), KeyError::NotDer);
    for length in 0..good.len() {
        assert_eq!(refused(&good[..length]), KeyError::NotDer, "cut to {length}");
    }
    assert_eq!(refused(&spki(&LITTLE_ENDIAN[..10], &named(curve), &key)), KeyError::Algorithm);
    assert_eq!(refused(&spki(LITTLE_ENDIAN, &tlv(6, LITTLE_ENDIAN), &key)), KeyError::UnknownCurve);
    let length = KeyError::PointLength { expected: 33, found: 32 };
    assert_eq!(refused(&spki(LITTLE_ENDIAN, &named(curve), &key[1..])), length);
    let short_dke = [named(curve), tlv(4, &[0; 63])].concat();
    assert_eq!(refused(&spki(LITTLE_ENDIAN, &short_dke, &key)), KeyError::DkeLength { found: 63 });
    let mut long = key.clone();
    long[32] |= 2;
    assert_eq!(refused(&spki(LITTLE_ENDIAN, &named(curve), &long)), KeyError::PointOutsideField);
    assert_eq!(refused(&spki(LITTLE_ENDIAN, &named(curve), &[0; 33])), KeyError::PointOfOrderTwo);
    let one: Vec<u8> = std::iter::once(1).chain([0; 32]).collect();
    assert_eq!(refused(&spki(LITTLE_ENDIAN, &named(curve), &one)), KeyError::PointOfOrderTwo);
    // Explicit parameters with any number changed are no standard curve, or no DER.
    let binary = explicit(curve, &key, false);
    for index in 0..binary.len() - key.len() {
        let mut changed = binary.clone();
        changed[index] ^= 1;
        let error = refused(&spki(LITTLE_ENDIAN, &changed, &key));
        let known = matches!(
            error,
            KeyError::NotDer | KeyError::UnknownCurve | KeyError::PointLength { .. } | KeyError::NormalBasis
        );
        assert!(known, "octet {index}: {error:?}");
    }
}

#[test]
fn s_boxes_with_a_row_that_is_no_permutation_are_refused() {
    let key = base(Curve::M257);
    let read = |packed: &[u8]| {
        let parameters = [named(Curve::M257), tlv(4, packed)].concat();
        PublicKey::from_spki(&spki(LITTLE_ENDIAN, &parameters, &key), STANDARD)
    };
    let identity: Vec<u8> = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef].repeat(8);
    assert!(read(&identity).is_ok() && read(&Dke::NO_1.to_packed()).is_ok());
    assert_eq!(read(&[0; 64]), Err(KeyError::DkeNotPermutation));
    for row in 0..8 {
        for (octet, mask) in [(0, 0x10), (3, 0x01), (7, 0x02)] {
            let mut packed = Dke::NO_1.to_packed();
            // The turned bit makes the nibble equal to another of its row.
            packed[8 * row + octet] ^= mask;
            assert_eq!(read(&packed), Err(KeyError::DkeNotPermutation), "row {row}, octet {octet}");
            // Two nibbles in each other's place: still each once.
            packed[8 * row + octet] ^= mask;
            packed[8 * row + octet] = packed[8 * row + octet].rotate_left(4);
            assert!(read(&packed).is_ok(), "row {row}, octet {octet}");
        }
    }
}
