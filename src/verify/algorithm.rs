//! Algorithm identifiers → the algorithms that this program verifies, or why it does not; and the mathematics itself.
//!
//! Digests come from RustCrypto, signatures from OpenSSL, which sees a digest, a key and a signature and nothing else:
//! every decision is made here. DSTU 4145 with GOST 34.311 and Kupyna takes its place in these enums later.

use openssl::bn::BigNum;
use openssl::md::{Md, MdRef};
use openssl::pkey::{Id, PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::limits::{RSA_BITS_MAX, RSA_BITS_MIN, RSA_EXPONENT_BITS_MAX};
use super::oid::{self, Oid};
use super::tlv::{self, CONTEXT, Element, Malformed, Reader, Rules};

/// ```asn1
/// AlgorithmIdentifier ::= SEQUENCE {
///     algorithm   OBJECT IDENTIFIER,
///     parameters  ANY DEFINED BY algorithm OPTIONAL }
/// ```
/// RFC 5280 §4.1.1.2.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct AlgorithmIdentifier {
    pub(super) oid: Oid,
    /// The parameters' original bytes; NULL counts as absent, for both are written (RFC 5754 §2).
    pub(super) parameters: Option<Vec<u8>>,
}

impl AlgorithmIdentifier {
    pub(super) fn read(element: &Element<'_>) -> Result<Self, Malformed> {
        Self::read_fields(element.inside())
    }

    /// The same without its SEQUENCE tag, as under an IMPLICIT one.
    pub(super) fn read_fields(mut fields: Reader<'_>) -> Result<Self, Malformed> {
        let oid = Oid::read(&fields.expect(tlv::OID, "an algorithm's OBJECT IDENTIFIER")?)?;
        let parameters = fields.next()?.map(|parameters| parameters.whole.to_vec());
        fields.end("the end of an AlgorithmIdentifier")?;
        Ok(Self { oid, parameters: parameters.filter(|bytes| bytes.as_slice() != [tlv::NULL, 0]) })
    }

    fn unsupported(&self) -> AlgorithmFault {
        AlgorithmFault::Unsupported { oid: self.oid.to_string() }
    }
}

/// Why an algorithm or a key proves nothing here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum AlgorithmFault {
    /// Not one that this program verifies.
    Unsupported { oid: String },
    /// Broken or too small.
    Weak { what: String },
    /// Too large to be honest.
    OverBudget { limit: &'static str },
}

/// A digest algorithm that proves something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum DigestAlgorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl DigestAlgorithm {
    pub(super) fn of(identifier: &AlgorithmIdentifier) -> Result<Self, AlgorithmFault> {
        let weak = |what: &str| Err(AlgorithmFault::Weak { what: what.to_owned() });
        match identifier.oid.bytes() {
            oid::SHA_1 => weak("SHA-1"),
            oid::MD5 => weak("MD5"),
            // None of these digests has parameters (RFC 5754 §2).
            _ if identifier.parameters.is_some() => Err(identifier.unsupported()),
            oid::SHA_256 => Ok(Self::Sha256),
            oid::SHA_384 => Ok(Self::Sha384),
            oid::SHA_512 => Ok(Self::Sha512),
            _ => Err(identifier.unsupported()),
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn md(self) -> &'static MdRef {
        match self {
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
        }
    }

    const fn octets(self) -> u64 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// A signature algorithm that proves something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SignatureAlgorithm {
    /// RFC 8017 §8.2 RSASSA-PKCS1-v1_5.
    RsaPkcs1(DigestAlgorithm),
    /// RFC 8017 §8.1 RSASSA-PSS, with the salt's length in octets; MGF1 takes the same digest.
    RsaPss(DigestAlgorithm, u8),
    /// ECDSA over a named curve (RFC 5753 §2.1).
    Ecdsa(DigestAlgorithm),
}

impl SignatureAlgorithm {
    /// What the identifier names. Without a digest in its name (`rsaEncryption` in a SignerInfo, RFC 3370 §3.2) the
    /// given one applies.
    pub(super) fn of(
        identifier: &AlgorithmIdentifier,
        digest: Option<DigestAlgorithm>,
    ) -> Result<Self, AlgorithmFault> {
        use DigestAlgorithm::{Sha256, Sha384, Sha512};
        let weak = |what: &str| Err(AlgorithmFault::Weak { what: what.to_owned() });
        match identifier.oid.bytes() {
            oid::MD5_WITH_RSA => weak("MD5 with RSA"),
            oid::SHA_1_WITH_RSA => weak("SHA-1 with RSA"),
            oid::ECDSA_WITH_SHA_1 => weak("ECDSA with SHA-1"),
            oid::RSASSA_PSS => Self::pss(identifier),
            _ if identifier.parameters.is_some() => Err(identifier.unsupported()),
            oid::RSA_ENCRYPTION => digest.map(Self::RsaPkcs1).ok_or_else(|| identifier.unsupported()),
            oid::SHA_256_WITH_RSA => Ok(Self::RsaPkcs1(Sha256)),
            oid::SHA_384_WITH_RSA => Ok(Self::RsaPkcs1(Sha384)),
            oid::SHA_512_WITH_RSA => Ok(Self::RsaPkcs1(Sha512)),
            oid::ECDSA_WITH_SHA_256 => Ok(Self::Ecdsa(Sha256)),
            oid::ECDSA_WITH_SHA_384 => Ok(Self::Ecdsa(Sha384)),
            oid::ECDSA_WITH_SHA_512 => Ok(Self::Ecdsa(Sha512)),
            _ => Err(identifier.unsupported()),
        }
    }

    /// The digest that the signature is made over.
    pub(super) const fn digest(self) -> DigestAlgorithm {
        match self {
            Self::RsaPkcs1(digest) | Self::RsaPss(digest, _) | Self::Ecdsa(digest) => digest,
        }
    }

    /// ```asn1
    /// RSASSA-PSS-params ::= SEQUENCE {
    ///     hashAlgorithm     [0] HashAlgorithm     DEFAULT sha1Identifier,
    ///     maskGenAlgorithm  [1] MaskGenAlgorithm  DEFAULT mgf1SHA1Identifier,
    ///     saltLength        [2] INTEGER           DEFAULT 20,
    ///     trailerField      [3] INTEGER           DEFAULT 1 }
    /// ```
    /// RFC 4055 §3.1. The defaults are SHA-1, so both algorithms must be named.
    fn pss(identifier: &AlgorithmIdentifier) -> Result<Self, AlgorithmFault> {
        let unsupported = |_: Malformed| identifier.unsupported();
        let parameters = identifier.parameters.as_deref().unwrap_or_default();
        let (hash, mask, salt, trailer) = pss_fields(parameters).map_err(unsupported)?;
        let (Some(hash), Some(mask)) = (hash, mask) else {
            return Err(AlgorithmFault::Weak { what: "RSASSA-PSS with SHA-1".to_owned() });
        };
        let digest = DigestAlgorithm::of(&hash)?;
        let mask_digest =
            mask.parameters.as_deref().ok_or_else(|| identifier.unsupported()).and_then(|bytes| {
                let inner = Reader::new(bytes, 0, Rules::Der)
                    .expect(tlv::SEQUENCE, "a digest")
                    .map_err(unsupported)?;
                DigestAlgorithm::of(&AlgorithmIdentifier::read(&inner).map_err(unsupported)?)
            })?;
        // A salt longer than the digest adds nothing; a shorter one is not what the standards ask for (RFC 4055 §3.1).
        if !mask.oid.is(oid::MGF1) || mask_digest != digest || salt != digest.octets() || trailer != 1 {
            return Err(identifier.unsupported());
        }
        let salt = u8::try_from(salt).map_err(|_| identifier.unsupported())?;
        Ok(Self::RsaPss(digest, salt))
    }
}

type PssFields = (Option<AlgorithmIdentifier>, Option<AlgorithmIdentifier>, u64, u64);

fn pss_fields(parameters: &[u8]) -> Result<PssFields, Malformed> {
    let mut outer = Reader::new(parameters, 0, Rules::Der);
    let mut fields = outer.expect(tlv::SEQUENCE, "RSASSA-PSS-params")?.inside();
    outer.end("the end of RSASSA-PSS-params")?;
    let algorithm = |field: Option<Element<'_>>| {
        let read = |field: Element<'_>| {
            AlgorithmIdentifier::read(&field.inside().expect(tlv::SEQUENCE, "an AlgorithmIdentifier")?)
        };
        field.map(read).transpose()
    };
    let number = |field: Option<Element<'_>>, default: u64| {
        let read = |field: Element<'_>| field.inside().expect(tlv::INTEGER, "an INTEGER")?.small_integer();
        field.map_or(Ok(default), read)
    };
    let hash = algorithm(fields.optional(CONTEXT)?)?;
    let mask = algorithm(fields.optional(CONTEXT + 1)?)?;
    let salt = number(fields.optional(CONTEXT + 2)?, 20)?;
    let trailer = number(fields.optional(CONTEXT + 3)?, 1)?;
    fields.end("the end of RSASSA-PSS-params")?;
    Ok((hash, mask, salt, trailer))
}

/// A public key whose kind and size are good enough to be asked.
#[derive(Debug)]
pub(super) struct PublicKey(PKey<Public>);

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
            oid::EC_PUBLIC_KEY => check_curve(&identifier)?,
            _ => return Err(identifier.unsupported()),
        }
        let key = PKey::public_key_from_der(spki).map_err(|_| identifier.unsupported())?;
        Ok(Self(key))
    }

    /// Whether `signature` is this key's over `message`. A key of another kind than the algorithm's: no.
    pub(super) fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let digest = algorithm.digest().digest(message);
        // An error says that the signature cannot even be read: it is not this key's. OpenSSL insists on DER for the
        // two numbers of ECDSA, so no second spelling of a signature passes.
        self.ask(algorithm, &digest, signature).unwrap_or(false)
    }

    fn ask(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, openssl::error::ErrorStack> {
        let kind = match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(..) => Id::RSA,
            SignatureAlgorithm::Ecdsa(_) => Id::EC,
        };
        if self.0.id() != kind {
            return Ok(false);
        }
        let mut context = PkeyCtx::new(&self.0)?;
        context.verify_init()?;
        match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) => context.set_rsa_padding(Padding::PKCS1)?,
            SignatureAlgorithm::RsaPss(..) => context.set_rsa_padding(Padding::PKCS1_PSS)?,
            SignatureAlgorithm::Ecdsa(_) => {}
        }
        context.set_signature_md(algorithm.digest().md())?;
        if let SignatureAlgorithm::RsaPss(digest, salt) = algorithm {
            context.set_rsa_mgf1_md(digest.md())?;
            context.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt)))?;
        }
        context.verify(digest, signature)
    }
}

fn spki_fields(spki: &[u8]) -> Result<(AlgorithmIdentifier, &[u8]), Malformed> {
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
