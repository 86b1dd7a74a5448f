//! SubjectPublicKeyInfo of DSTU 4145 keys, written octet by octet: named, explicit, and wrong on purpose.
//!
//! ```text
//! DSTU4145Params ::= SEQUENCE { CHOICE { ecbinary ECBinary, namedCurve OBJECT IDENTIFIER },
//!                               dke OCTET STRING (SIZE (64)) OPTIONAL }
//! ECBinary ::= SEQUENCE { version [0] EXPLICIT INTEGER DEFAULT 0, f BinaryField, a INTEGER (0..1),
//!                         b OCTET STRING, n INTEGER, bp OCTET STRING }
//! BinaryField ::= SEQUENCE { m INTEGER, CHOICE { Trinomial ::= INTEGER, Pentanomial ::= SEQUENCE { k, j, l } } }
//! ```

use crate::curves::Row;
use crate::der::{element, integer, sequence};
use crate::openssl::{Number, Twin};

/// 1.2.804.2.1.1.1.1.3.1.1: DSTU 4145 on a polynomial basis, little-endian.
pub(crate) const LITTLE_ENDIAN: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1];
/// 1.2.804.2.1.1.1.1.3.1.1.1.1: the same, big-endian.
pub(crate) const BIG_ENDIAN: &[u8] = &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1, 1, 1];

/// Parameters that name the curve.
pub(crate) fn named(row: &Row, dke: Option<&[u8]>) -> Vec<u8> {
    parameters(element(0x06, row.curve.oid()), dke)
}

/// Parameters that spell the curve out, with this compressed base point.
pub(crate) fn explicit(twin: &Twin, base: &[u8], dke: Option<&[u8]>) -> Vec<u8> {
    let row = twin.row;
    let small = |number: i32| integer(&number.to_be_bytes());
    let middle: Vec<i32> = row.polynomial[1..row.polynomial.len() - 1].iter().rev().copied().collect();
    let exponents = match middle[..] {
        [k] => small(k),
        _ => sequence(&middle.iter().map(|&k| small(k)).collect::<Vec<_>>()),
    };
    let n: Vec<u8> = twin.n.to_le(twin.scalar_octets()).into_iter().rev().collect();
    let binary = sequence(&[
        sequence(&[small(row.polynomial[0]), exponents]),
        small(row.a.into()),
        element(0x04, &Number::from_hex(row.b).to_le(twin.element_octets())),
        integer(&n),
        element(0x04, base),
    ]);
    parameters(binary, dke)
}

/// The whole key: algorithm, parameters, and the point in an OCTET STRING inside the BIT STRING.
pub(crate) fn spki(algorithm: &[u8], parameters: &[u8], point: &[u8]) -> Vec<u8> {
    let bits = [vec![0], element(0x04, point)].concat();
    sequence(&[sequence(&[element(0x06, algorithm), parameters.to_vec()]), element(0x03, &bits)])
}

fn parameters(curve: Vec<u8>, dke: Option<&[u8]>) -> Vec<u8> {
    let dke = dke.map(|dke| element(0x04, dke));
    sequence(&[curve, dke.unwrap_or_default()])
}
