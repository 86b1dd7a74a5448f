//! A SubjectPublicKeyInfo → a key that can be asked whether a signature is its own.
//!
//! The mathematics is OpenSSL's and, for DSTU 4145, that of `crates/dstu`. Both see a digest, a key and a signature and
//! nothing else: every decision is made here.

use std::sync::{Arc, LazyLock};

use dstu::gost34311::Dke;
use dstu::{BasePointRule, KeyCache, KeyError, PreparedKey, Signature};
use openssl::bn::BigNum;
use openssl::md::{Md, MdRef};
use openssl::pkey::{Id, PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;

use super::algorithm::{AlgorithmFault, AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm};
use super::limits::{DSTU_KEYS_MAX, RSA_BITS_MAX, RSA_BITS_MIN, RSA_EXPONENT_BITS_MAX};
use super::oid::{self, Oid};
use super::tlv::{self, Malformed, Reader, Rules};

/// DSTU keys with their tables. Only a memo: what it answers, it would answer anew.
static DSTU_KEYS: LazyLock<KeyCache> = LazyLock::new(|| KeyCache::new(DSTU_KEYS_MAX));

/// A public key whose kind and size are good enough to be asked.
#[derive(Clone, Debug)]
pub(super) enum PublicKey {
    /// RSA, or ECDSA on a named curve.
    OpenSsl(PKey<Public>),
    /// DSTU 4145.
    Dstu(Arc<PreparedKey>),
}

impl PublicKey {
    /// ```asn1
    /// SubjectPublicKeyInfo ::= SEQUENCE {
    ///     algorithm         AlgorithmIdentifier,
    ///     subjectPublicKey  BIT STRING }
    /// ```
    /// RFC 5280 §4.1.2.7. OpenSSL reads the key only after its kind and size were found good here: explicit curve
    /// parameters and giant exponents are ways to make it work for minutes.
    pub(super) fn of(spki: &[u8]) -> Result<Self, AlgorithmFault> {
        let broken = |_: Malformed| AlgorithmFault::Weak { what: "a broken public key".to_owned() };
        let (identifier, key) = spki_fields(spki).map_err(broken)?;
        match identifier.oid.bytes() {
            oid::RSA_ENCRYPTION if identifier.parameters.is_none() => check_rsa(key)?,
            oid::EC_PUBLIC_KEY => {
                check_curve(&identifier)?;
                check_point(key)?;
            }
            oid::DSTU_WITH_GOST | oid::DSTU_WITH_GOST_BE => return Self::dstu(spki, &identifier),
            _ => return Err(identifier.unsupported()),
        }
        let key = PKey::public_key_from_der(spki).map_err(|_| identifier.unsupported())?;
        Ok(Self::OpenSsl(key))
    }

    /// A base point of its own is refused: only a root that ended in 2010 has one, and whoever chooses the base point
    /// chooses whose signatures fit. So are S-boxes with a row that is no permutation: the block cipher loses its key, the
    /// digest its strength, and whoever asks for a certificate writes the S-boxes into the request.
    fn dstu(spki: &[u8], identifier: &AlgorithmIdentifier) -> Result<Self, AlgorithmFault> {
        DSTU_KEYS.get(spki, BasePointRule::StandardOnly).map(Self::Dstu).map_err(|fault| match fault {
            KeyError::UnknownCurve | KeyError::NormalBasis => identifier.unsupported(),
            fault => AlgorithmFault::Weak { what: format!("DSTU 4145: {fault}") },
        })
    }

    /// The S-boxes that the key computes GOST 34.311 with; none: №1.
    pub(super) fn sboxes(&self) -> Option<Dke> {
        match self {
            Self::OpenSsl(_) => None,
            Self::Dstu(key) => key.dke().copied(),
        }
    }

    /// Whether `signature` is this key's over `message`. A key of another kind than the algorithm's: no.
    pub(super) fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let digest = algorithm.digest().with_sboxes(self.sboxes()).digest(message);
        match (self, algorithm) {
            (Self::Dstu(key), SignatureAlgorithm::Dstu4145(_)) => Signature::from_raw(key.curve(), signature)
                .is_ok_and(|signature| key.verify_digest(&digest, &signature)),
            // An error says that the signature cannot even be read: it is not this key's. OpenSSL insists on DER for
            // the two numbers of ECDSA, so no second spelling of a signature passes.
            (Self::OpenSsl(key), _) => Self::ask(key, algorithm, &digest, signature).unwrap_or(false),
            (Self::Dstu(_), _) => false,
        }
    }

    fn ask(
        key: &PKey<Public>,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, openssl::error::ErrorStack> {
        let kind = match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(..) => Id::RSA,
            SignatureAlgorithm::Ecdsa(_) => Id::EC,
            SignatureAlgorithm::Dstu4145(_) => return Ok(false),
        };
        let Some(md) = md(algorithm.digest()) else { return Ok(false) };
        if key.id() != kind {
            return Ok(false);
        }
        let mut context = PkeyCtx::new(key)?;
        context.verify_init()?;
        match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) => context.set_rsa_padding(Padding::PKCS1)?,
            SignatureAlgorithm::RsaPss(..) => context.set_rsa_padding(Padding::PKCS1_PSS)?,
            SignatureAlgorithm::Ecdsa(_) | SignatureAlgorithm::Dstu4145(_) => {}
        }
        context.set_signature_md(md)?;
        if let SignatureAlgorithm::RsaPss(_, salt) = algorithm {
            context.set_rsa_mgf1_md(md)?;
            context.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt)))?;
        }
        context.verify(digest, signature)
    }
}

/// None for the digests that only go with DSTU 4145.
fn md(digest: DigestAlgorithm) -> Option<&'static MdRef> {
    match digest {
        DigestAlgorithm::Sha256 => Some(Md::sha256()),
        DigestAlgorithm::Sha384 => Some(Md::sha384()),
        DigestAlgorithm::Sha512 => Some(Md::sha512()),
        DigestAlgorithm::Gost34311(_)
        | DigestAlgorithm::Kupyna256
        | DigestAlgorithm::Kupyna384
        | DigestAlgorithm::Kupyna512 => None,
    }
}

/// The algorithm and the key's own octets: what the BIT STRING holds, without its count of unused bits.
pub(super) fn spki_fields(spki: &[u8]) -> Result<(AlgorithmIdentifier, &[u8]), Malformed> {
    let mut outer = Reader::new(spki, 0, Rules::Der);
    let mut fields = outer.expect(tlv::SEQUENCE, "a SubjectPublicKeyInfo")?.inside();
    outer.end("the end of SubjectPublicKeyInfo")?;
    let identifier = AlgorithmIdentifier::read(&fields.expect(tlv::SEQUENCE, "an AlgorithmIdentifier")?)?;
    let key = fields.expect(tlv::BIT_STRING, "a public key")?;
    fields.end("the end of SubjectPublicKeyInfo")?;
    Ok((identifier, spki.get(key.whole_bits()?).unwrap_or_default()))
}

/// ```asn1
/// RSAPublicKey ::= SEQUENCE {
///     modulus         INTEGER,
///     publicExponent  INTEGER }
/// ```
/// RFC 8017 §A.1.1.
fn check_rsa(key: &[u8]) -> Result<(), AlgorithmFault> {
    let weak = |what: String| AlgorithmFault::Weak { what };
    let broken = |_: Malformed| weak("RSA with a broken key".to_owned());
    let mut outer = Reader::new(key, 0, Rules::Der);
    let mut fields = outer.expect(tlv::SEQUENCE, "an RSAPublicKey").map_err(broken)?.inside();
    let modulus = fields.expect(tlv::INTEGER, "a modulus").map_err(broken)?;
    let exponent = fields.expect(tlv::INTEGER, "an exponent").map_err(broken)?;
    let (bits, exponent_bits) = (bits(modulus.content), bits(exponent.content));
    if bits < RSA_BITS_MIN {
        return Err(weak(format!("RSA {bits}")));
    }
    if bits > RSA_BITS_MAX {
        return Err(AlgorithmFault::OverBudget { limit: "RSA_BITS_MAX" });
    }
    if exponent_bits > RSA_EXPONENT_BITS_MAX {
        return Err(AlgorithmFault::OverBudget { limit: "RSA_EXPONENT_BITS_MAX" });
    }
    // With the exponent 1 everyone can sign; an even one has no inverse.
    if exponent_bits < 2 || exponent.content.last().is_none_or(|last| last & 1 == 0) {
        return Err(weak("RSA with the public exponent 1 or an even one".to_owned()));
    }
    Ok(())
}

/// The modulus of an RSA key in bits; none for a key of another kind, and for one that cannot be read.
pub(super) fn rsa_bits(spki: &[u8]) -> Option<usize> {
    let (identifier, key) = spki_fields(spki).ok()?;
    if !identifier.oid.is(oid::RSA_ENCRYPTION) {
        return None;
    }
    let mut fields = Reader::new(key, 0, Rules::Der).expect(tlv::SEQUENCE, "an RSAPublicKey").ok()?.inside();
    Some(bits(fields.expect(tlv::INTEGER, "a modulus").ok()?.content))
}

fn bits(integer: &[u8]) -> usize {
    // Two's complement: a leading octet above 0x7f is a negative number, which is no key at all.
    if integer.first().is_none_or(|first| *first >= 0x80) {
        return 0;
    }
    let significant: Vec<u8> = integer.iter().copied().skip_while(|octet| *octet == 0).collect();
    BigNum::from_slice(&significant).map_or(0, |number| usize::try_from(number.num_bits()).unwrap_or(0))
}

/// ```asn1
/// ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER }
/// ```
/// RFC 5480 §2.1.1: only named curves.
fn check_curve(identifier: &AlgorithmIdentifier) -> Result<(), AlgorithmFault> {
    let parameters = identifier.parameters.as_deref().unwrap_or_default();
    let curve = Reader::new(parameters, 0, Rules::Der)
        .expect(tlv::OID, "a named curve")
        .and_then(|curve| Oid::read(&curve))
        .map_err(|_| identifier.unsupported())?;
    if curve.is_one_of(&[oid::P_256, oid::P_384, oid::P_521]) {
        Ok(())
    } else {
        Err(AlgorithmFault::Unsupported { oid: curve.to_string() })
    }
}

/// RFC 5480 §2.2: a point is compressed (02, 03) or not (04). OpenSSL also takes 00, the point at infinity, for a key,
/// and then everyone can sign: s may be any number and r the x of h/s·G. Whether the point is on its curve it checks.
fn check_point(key: &[u8]) -> Result<(), AlgorithmFault> {
    match key.first() {
        Some(2..=4) => Ok(()),
        _ => Err(AlgorithmFault::Weak { what: "an elliptic key that is no point".to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::testing::{element, oid, sequence};

    fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, AlgorithmFault> {
        let key = sequence(&[element(tlv::INTEGER, modulus), element(tlv::INTEGER, exponent)]);
        let key = element(tlv::BIT_STRING, &[vec![0], key].concat());
        PublicKey::of(&sequence(&[sequence(&[oid(oid::RSA_ENCRYPTION), vec![tlv::NULL, 0]]), key]))
    }

    fn modulus(bits: usize) -> Vec<u8> {
        [vec![0], vec![0xff; bits / 8]].concat()
    }

    #[track_caller]
    fn is_weak(key: Result<PublicKey, AlgorithmFault>, expected: &str) {
        assert_eq!(key.unwrap_err(), AlgorithmFault::Weak { what: expected.to_owned() });
    }

    #[test]
    fn rsa_keys_that_prove_nothing_are_weak() {
        assert!(rsa(&modulus(2048), &[1, 0, 1]).is_ok());
        assert!(rsa(&modulus(2048), &[3]).is_ok());
        is_weak(rsa(&modulus(2040), &[1, 0, 1]), "RSA 2040");
        is_weak(rsa(&[0x80; 256], &[1, 0, 1]), "RSA 0");
        is_weak(rsa(&[], &[1, 0, 1]), "RSA with a broken key");
        for exponent in [&[1][..], &[0], &[2], &[1, 0, 0]] {
            is_weak(rsa(&modulus(2048), exponent), "RSA with the public exponent 1 or an even one");
        }
        for exponent in [&[][..], &[0, 3]] {
            is_weak(rsa(&modulus(2048), exponent), "RSA with a broken key");
        }
    }

    #[test]
    fn rsa_keys_that_only_cost_time_are_over_budget() {
        let over = |limit| Err(AlgorithmFault::OverBudget { limit });
        assert_eq!(rsa(&modulus(8200), &[1, 0, 1]).map(|_| ()), over("RSA_BITS_MAX"));
        assert_eq!(rsa(&modulus(2048), &[0x7f; 9]).map(|_| ()), over("RSA_EXPONENT_BITS_MAX"));
    }

    #[test]
    fn a_curve_with_explicit_parameters_is_not_handed_to_openssl() {
        let parameters = sequence(&[element(tlv::INTEGER, &[1])]);
        let key = element(tlv::BIT_STRING, &[0, 4]);
        let spki = sequence(&[sequence(&[oid(oid::EC_PUBLIC_KEY), parameters]), key]);
        let unsupported = AlgorithmFault::Unsupported { oid: "1.2.840.10045.2.1".to_owned() };
        assert_eq!(PublicKey::of(&spki).unwrap_err(), unsupported);
    }

    /// Whoever signs under a digest without strength signs everything.
    #[test]
    fn a_dstu_key_with_s_boxes_that_are_none_is_weak() {
        let base = "B60FD2D8DCE8A93423C6101BCA91C47A007E6C300B26CD556C9B0E7D20EF292A00";
        let base: Vec<u8> =
            (0..33).map(|at| u8::from_str_radix(&base[2 * at..2 * at + 2], 16).unwrap()).collect();
        let curve = oid(&[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1, 2, 6]);
        let with = |sboxes: &[u8]| {
            let sboxes = if sboxes.is_empty() { Vec::new() } else { element(tlv::OCTET_STRING, sboxes) };
            let parameters = sequence(&[curve.clone(), sboxes]);
            let key = [vec![0], element(tlv::OCTET_STRING, &base)].concat();
            let algorithm = sequence(&[oid(oid::DSTU_WITH_GOST), parameters]);
            PublicKey::of(&sequence(&[algorithm, element(tlv::BIT_STRING, &key)]))
        };
        let usual = Dke::NO_1.to_packed();
        assert!(with(&[]).is_ok() && with(&usual).is_ok());
        let mut doubled = usual;
        doubled[63] = doubled[62];
        for sboxes in [[0; 64], [0x77; 64], doubled] {
            is_weak(with(&sboxes), "DSTU 4145: a row of the key's S-boxes is not a permutation");
        }
    }

    fn on_p256(point: &[u8]) -> Result<PublicKey, AlgorithmFault> {
        let key = element(tlv::BIT_STRING, &[&[0], point].concat());
        PublicKey::of(&sequence(&[sequence(&[oid(oid::EC_PUBLIC_KEY), oid(oid::P_256)]), key]))
    }

    /// With the point at infinity for a key, everyone could sign.
    #[test]
    fn a_key_that_is_no_point_of_its_curve_is_refused() {
        let good = crate::verify::testing::Key::p256("point").spki();
        let point = &good[good.len() - 65..];
        assert!(on_p256(point).is_ok());
        let mut off_the_curve = point.to_vec();
        off_the_curve[64] ^= 1;
        let mut hybrid = point.to_vec();
        hybrid[0] = 6 | (point[64] & 1);
        for bad in [&[][..], &[0], &[0; 65], &hybrid, &off_the_curve, &point[..64], &[point, &[0]].concat()] {
            assert!(on_p256(bad).is_err(), "{bad:02x?}");
        }
    }

    /// ECDSA takes 0 < r, s < n in DER (FIPS 186-5 §6.4.2, RFC 3279 §2.2.3) and nothing else.
    #[test]
    fn numbers_of_ecdsa_that_no_signer_writes_are_refused() {
        let key = crate::verify::testing::Key::p256("numbers");
        let public = PublicKey::of(&key.spki()).unwrap();
        let good = key.sign(crate::verify::testing::Hash::Sha256, b"message");
        let verifies = |signature: &[u8]| {
            public.verifies(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256), b"message", signature)
        };
        assert!(verifies(&good));
        let mut fields = Reader::new(&good, 0, Rules::Der).any("").unwrap().inside();
        let (r, s) = (fields.any("").unwrap().content.to_vec(), fields.any("").unwrap().content.to_vec());
        let order = "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        let order: Vec<u8> = (0..order.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&order[at..at + 2], 16).unwrap())
            .collect();
        let beyond = |number: &[u8]| {
            let sum = &BigNum::from_slice(number).unwrap() + &BigNum::from_slice(&order).unwrap();
            [vec![0], sum.to_vec()].concat()
        };
        let negative = |number: &[u8]| {
            let mut octets = number.to_vec();
            octets.iter_mut().rev().fold(true, |carry, octet| {
                let (negated, over) = (!*octet).overflowing_add(u8::from(carry));
                *octet = negated;
                over
            });
            octets
        };
        let pair = |r: &[u8], s: &[u8]| sequence(&[element(tlv::INTEGER, r), element(tlv::INTEGER, s)]);
        assert!(verifies(&pair(&r, &s)));
        for number in
            [vec![], vec![0], vec![1], order.clone(), negative(&r), [vec![0, 0], r.clone()].concat()]
        {
            assert!(!verifies(&pair(&number, &s)) && !verifies(&pair(&r, &number)), "{number:02x?}");
        }
        assert!(!verifies(&pair(&beyond(&r), &s)) && !verifies(&pair(&r, &beyond(&s))));
        assert!(!verifies(&pair(&r, &negative(&s))) && !verifies(&pair(&[0], &[0])));
        for around in [
            [good.clone(), vec![0]].concat(),
            [&[0x30, 0x81, good[1]], &good[2..]].concat(),
            [&[0x30, 0x80], &good[2..], &[0, 0]].concat(),
            good[..good.len() - 1].to_vec(),
            [r.clone(), s.clone()].concat(),
        ] {
            assert!(!verifies(&around), "{around:02x?}");
        }
    }

    /// RFC 8017 §8.2.2: a signature is as long as the modulus and below it; one DigestInfo and no other padding.
    #[test]
    fn rsa_signatures_of_another_length_or_padding_are_refused() {
        let key = crate::verify::testing::Key::rsa(2048);
        let public = PublicKey::of(&key.spki()).unwrap();
        let good = key.sign(crate::verify::testing::Hash::Sha256, b"message");
        let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
        let verifies = |signature: &[u8]| public.verifies(algorithm, b"message", signature);
        assert!(verifies(&good));
        for bad in [
            vec![],
            vec![0; 256],
            [&[0; 255][..], &[1]].concat(),
            vec![0xff; 256],
            [vec![0], good.clone()].concat(),
            [good.clone(), vec![0]].concat(),
            good[1..].to_vec(),
        ] {
            assert!(!verifies(&bad), "{} octets", bad.len());
        }
        let pss = SignatureAlgorithm::RsaPss(DigestAlgorithm::Sha256, 32);
        assert!(!public.verifies(pss, b"message", &good));
        assert!(!public.verifies(SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512), b"message", &good));
        assert!(!public.verifies(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256), b"message", &good));
    }
}
