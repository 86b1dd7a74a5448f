//! Algorithm identifiers → the algorithms that this program verifies, or why it does not.

use dstu::gost34311::{self, Dke};
use dstu::kupyna::{Kupyna256, Kupyna384, Kupyna512};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

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
        Self::read_fields(element.inside_of(tlv::SEQUENCE, "an AlgorithmIdentifier")?)
    }

    /// The same without its SEQUENCE tag, as under an IMPLICIT one.
    pub(super) fn read_fields(mut fields: Reader<'_>) -> Result<Self, Malformed> {
        let oid = Oid::read(&fields.expect(tlv::OID, "an algorithm's OBJECT IDENTIFIER")?)?;
        let parameters = fields.next()?.map(|parameters| parameters.whole.to_vec());
        fields.end("the end of an AlgorithmIdentifier")?;
        Ok(Self { oid, parameters: parameters.filter(|bytes| bytes.as_slice() != [tlv::NULL, 0]) })
    }

    pub(super) fn unsupported(&self) -> AlgorithmFault {
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
    /// With these S-boxes: those of the signer's key where it has any, else №1.
    Gost34311(Dke),
    Kupyna256,
    Kupyna384,
    Kupyna512,
}

impl DigestAlgorithm {
    pub(super) fn of(identifier: &AlgorithmIdentifier) -> Result<Self, AlgorithmFault> {
        let weak = |what: &str| Err(AlgorithmFault::Weak { what: what.to_owned() });
        match identifier.oid.bytes() {
            oid::SHA_1 => weak("SHA-1"),
            oid::MD5 => weak("MD5"),
            // S-boxes may stand here; real signatures leave them out.
            oid::GOST_34311 => Ok(Self::Gost34311(sboxes(identifier)?)),
            // None of the others has parameters (RFC 5754 §2).
            _ if identifier.parameters.is_some() => Err(identifier.unsupported()),
            oid::SHA_256 => Ok(Self::Sha256),
            oid::SHA_384 => Ok(Self::Sha384),
            oid::SHA_512 => Ok(Self::Sha512),
            oid::KUPYNA_256 => Ok(Self::Kupyna256),
            oid::KUPYNA_384 => Ok(Self::Kupyna384),
            oid::KUPYNA_512 => Ok(Self::Kupyna512),
            _ => Err(identifier.unsupported()),
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
            Self::Gost34311(dke) => gost34311::digest(&dke, bytes).to_vec(),
            Self::Kupyna256 => <Kupyna256 as dstu::kupyna::Digest>::digest(bytes).to_vec(),
            Self::Kupyna384 => <Kupyna384 as dstu::kupyna::Digest>::digest(bytes).to_vec(),
            Self::Kupyna512 => <Kupyna512 as dstu::kupyna::Digest>::digest(bytes).to_vec(),
        }
    }

    /// The same digest as a key with S-boxes of its own computes it.
    pub(super) const fn with_sboxes(self, of_key: Option<Dke>) -> Self {
        match (self, of_key) {
            (Self::Gost34311(_), Some(dke)) => Self::Gost34311(dke),
            _ => self,
        }
    }

    const fn octets(self) -> u64 {
        match self {
            Self::Sha256 | Self::Gost34311(_) | Self::Kupyna256 => 32,
            Self::Sha384 | Self::Kupyna384 => 48,
            Self::Sha512 | Self::Kupyna512 => 64,
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
    /// DSTU 4145-2002 in a polynomial basis.
    Dstu4145(DigestAlgorithm),
}

impl SignatureAlgorithm {
    /// What the identifier names. Without a digest in its name (`rsaEncryption` in a SignerInfo, RFC 3370 §3.2) the
    /// given one applies.
    pub(super) fn of(
        identifier: &AlgorithmIdentifier,
        digest: Option<DigestAlgorithm>,
    ) -> Result<Self, AlgorithmFault> {
        use DigestAlgorithm::{Gost34311, Kupyna256, Kupyna384, Kupyna512, Sha256, Sha384, Sha512};
        let weak = |what: &str| Err(AlgorithmFault::Weak { what: what.to_owned() });
        match identifier.oid.bytes() {
            oid::MD5_WITH_RSA => weak("MD5 with RSA"),
            oid::SHA_1_WITH_RSA => weak("SHA-1 with RSA"),
            oid::ECDSA_WITH_SHA_1 => weak("ECDSA with SHA-1"),
            oid::RSASSA_PSS => Self::pss(identifier),
            // Whatever parameters stand here: the key names the curve and the S-boxes.
            oid::DSTU_WITH_GOST | oid::DSTU_WITH_GOST_BE => Ok(Self::Dstu4145(Gost34311(Dke::NO_1))),
            oid::DSTU_WITH_KUPYNA_256 => Ok(Self::Dstu4145(Kupyna256)),
            oid::DSTU_WITH_KUPYNA_384 => Ok(Self::Dstu4145(Kupyna384)),
            oid::DSTU_WITH_KUPYNA_512 => Ok(Self::Dstu4145(Kupyna512)),
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
            Self::RsaPkcs1(digest)
            | Self::RsaPss(digest, _)
            | Self::Ecdsa(digest)
            | Self::Dstu4145(digest) => digest,
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

/// The S-boxes of a digest's identifier: none (№1), or 64 octets.
fn sboxes(identifier: &AlgorithmIdentifier) -> Result<Dke, AlgorithmFault> {
    let Some(parameters) = identifier.parameters.as_deref() else { return Ok(Dke::NO_1) };
    let unsupported = |_: Malformed| identifier.unsupported();
    let mut reader = Reader::new(parameters, 0, Rules::Der);
    let packed = reader.expect(tlv::OCTET_STRING, "packed S-boxes").map_err(unsupported)?.content;
    Dke::try_from(packed).map_err(|_| identifier.unsupported())
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
