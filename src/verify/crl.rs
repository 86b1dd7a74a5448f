//! DER bytes → a revocation list with what a verdict needs to know of it; its entries are searched where they lie.
//!
//! A list may have a million entries: none is kept, each search reads them all once. The signed bytes stay as they came.

mod entries;

pub(super) use self::entries::{Entry, Reason};

use super::algorithm::AlgorithmIdentifier;
use super::extensions::{self, full_names};
use super::name::NameWords;
use super::oid;
use super::time;
use super::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE, Element, Malformed, Reader, Rules};
use crate::model::Timestamp;

/// ```asn1
/// CertificateList ::= SEQUENCE {
///     tbsCertList         TBSCertList,
///     signatureAlgorithm  AlgorithmIdentifier,
///     signatureValue      BIT STRING }
///
/// TBSCertList ::= SEQUENCE {
///     version                  Version OPTIONAL,
///     signature                AlgorithmIdentifier,
///     issuer                   Name,
///     thisUpdate               Time,
///     nextUpdate               Time OPTIONAL,
///     revokedCertificates      SEQUENCE OF SEQUENCE {
///         userCertificate         CertificateSerialNumber,
///         revocationDate          Time,
///         crlEntryExtensions      Extensions OPTIONAL } OPTIONAL,
///     crlExtensions        [0] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 5280 §5.1.
#[derive(Debug)]
pub(super) struct Crl<'a> {
    pub(super) tbs: &'a [u8],
    pub(super) signature: &'a [u8],
    pub(super) signature_algorithm: AlgorithmIdentifier,
    /// The issuer's Name, as it came.
    pub(super) issuer: &'a [u8],
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
    entries: Option<Element<'a>>,
    extensions: ListExtensions<'a>,
}

/// What the crlExtensions say (RFC 5280 §5.2).
#[derive(Debug, Default)]
struct ListExtensions<'a> {
    number: Option<Number<'a>>,
    base: Option<Number<'a>>,
    scope: Option<&'a [u8]>,
    authority_key_id: Option<&'a [u8]>,
    expired_since: Option<Timestamp>,
    /// Why the list may not be used at all.
    unusable: Option<String>,
}

/// A CRLNumber: at most twenty octets (RFC 5280 §5.2.3), compared as a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Number<'a>(&'a [u8]);

impl<'a> Number<'a> {
    fn read(inner: &mut Reader<'a>) -> Result<Self, Malformed> {
        let number = inner.expect(tlv::INTEGER, "a CRLNumber")?;
        inner.end("the end of a CRLNumber")?;
        match number.content {
            [first, ..] if *first < 0x80 && number.content.len() <= 20 => Ok(Self(magnitude(number.content))),
            _ => Err(number.malformed("a CRLNumber of at most twenty octets")),
        }
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.len(), self.0).cmp(&(other.0.len(), other.0))
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> Crl<'a> {
    /// Reads a list that fills `der` to its end. Its entries are not looked at yet.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let mut file = Reader::new(der, 0, Rules::Der);
        let mut fields = file.expect(tlv::SEQUENCE, "a CertificateList")?.inside();
        file.end("the end of the list")?;
        let tbs = fields.expect(tlv::SEQUENCE, "a TBSCertList")?;
        let outer_algorithm = fields.expect(tlv::SEQUENCE, "a signatureAlgorithm")?;
        let signature = fields.expect(tlv::BIT_STRING, "a signatureValue")?;
        fields.end("the end of CertificateList")?;

        let mut inside = tbs.inside();
        let version_2 = read_version(&mut inside)?;
        let algorithm = inside.expect(tlv::SEQUENCE, "a signature AlgorithmIdentifier")?;
        // RFC 5280 §5.1.1.2: the two must be the same; only the inner one is signed.
        if algorithm.whole != outer_algorithm.whole {
            return Err(outer_algorithm.malformed("the signatureAlgorithm that is inside tbsCertList"));
        }
        let issuer = inside.expect(tlv::SEQUENCE, "an issuer")?;
        NameWords::read(&issuer)?;
        let this_update = time::read(&inside.any("a thisUpdate")?)?;
        let next_update = match inside.optional(tlv::UTC_TIME)? {
            Some(time) => Some(time),
            None => inside.optional(tlv::GENERALIZED_TIME)?,
        };
        let next_update = next_update.map(|time| time::read(&time)).transpose()?;
        // RFC 5280 §5.1.2.6 wants no empty one; real deltas have it.
        let entries = inside.optional(tlv::SEQUENCE)?;
        let extensions = inside.optional(CONTEXT)?;
        inside.end("the end of TBSCertList")?;
        if extensions.is_some() && !version_2 {
            return Err(tbs.malformed("version 2, for there are extensions"));
        }
        Ok(Self {
            tbs: tbs.whole,
            signature: der.get(signature.whole_bits()?).unwrap_or_default(),
            signature_algorithm: AlgorithmIdentifier::read(&algorithm)?,
            issuer: issuer.whole,
            this_update,
            next_update,
            entries,
            extensions: extensions.map(|list| ListExtensions::read(&list)).transpose()?.unwrap_or_default(),
        })
    }

    /// Whether it tells only what changed since another list.
    pub(super) const fn is_delta(&self) -> bool {
        self.extensions.base.is_some()
    }

    /// Its own number.
    pub(super) const fn number(&self) -> Option<Number<'a>> {
        self.extensions.number
    }

    /// The key that it says to be signed by: a hint for the order of a search, never proof.
    pub(super) const fn authority_key_id(&self) -> Option<&'a [u8]> {
        self.extensions.authority_key_id
    }

    /// Certificates that expired after this moment stay listed (expiredCertsOnCRL).
    pub(super) const fn expired_since(&self) -> Option<Timestamp> {
        self.extensions.expired_since
    }

    /// Whether this delta may stand on `full`: the same issuer, scope and key, and a number neither older than what the
    /// delta begins at nor newer than the delta (RFC 5280 §5.2.4).
    pub(super) fn stands_on(&self, full: &Self) -> bool {
        let (delta, full_list) = (&self.extensions, &full.extensions);
        let (Some(base), Some(number), Some(own)) = (delta.base, full_list.number, delta.number) else {
            return false;
        };
        !full.is_delta()
            && self.issuer == full.issuer
            && delta.scope == full_list.scope
            && delta.authority_key_id == full_list.authority_key_id
            && base <= number
            && number < own
    }

    /// Why the list says nothing of a certificate whose cRLDistributionPoints are these: it is another's business, or it
    /// holds what this program does not process.
    ///
    /// ```asn1
    /// IssuingDistributionPoint ::= SEQUENCE {
    ///     distributionPoint          [0] DistributionPointName OPTIONAL,
    ///     onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
    ///     onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
    ///     onlySomeReasons            [3] ReasonFlags OPTIONAL,
    ///     indirectCRL                [4] BOOLEAN DEFAULT FALSE,
    ///     onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
    /// ```
    /// RFC 5280 §5.2.5.
    pub(super) fn out_of_scope(&self, is_authority: bool, points: &[Vec<u8>]) -> Option<String> {
        if let Some(why) = &self.extensions.unusable {
            return Some(why.clone());
        }
        let scope = self.extensions.scope?;
        match scope_fault(scope, is_authority, points) {
            Ok(fault) => fault.map(str::to_owned),
            Err(_) => Some("its issuingDistributionPoint cannot be read".to_owned()),
        }
    }
}

impl<'a> ListExtensions<'a> {
    fn read(explicit: &Element<'a>) -> Result<Self, Malformed> {
        let mut outer = explicit.inside();
        let mut list = outer.expect(tlv::SEQUENCE, "crlExtensions")?.inside();
        outer.end("the end of crlExtensions")?;
        let mut known = Self::default();
        extensions::each(&mut list, |id, critical, value| {
            let mut inner = Reader::new(value.content, value.content_range().start, Rules::Der);
            match id.bytes() {
                oid::CRL_NUMBER => known.number = Some(Number::read(&mut inner)?),
                oid::DELTA_CRL_INDICATOR => known.base = Some(Number::read(&mut inner)?),
                oid::ISSUING_DISTRIBUTION_POINT => known.scope = Some(value.content),
                oid::EXPIRED_CERTS_ON_CRL => {
                    known.expired_since = Some(time::read(&inner.any("an expiredCertsOnCRL")?)?);
                }
                oid::AUTHORITY_KEY_IDENTIFIER => {
                    let mut fields = inner.expect(tlv::SEQUENCE, "an AuthorityKeyIdentifier")?.inside();
                    known.authority_key_id = fields.optional(CONTEXT_PRIMITIVE)?.map(|id| id.content);
                }
                _ if critical && known.unusable.is_none() => {
                    known.unusable = Some(format!("it has the unknown critical extension {id}"));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(known)
    }
}

fn scope_fault(
    scope: &[u8],
    is_authority: bool,
    points: &[Vec<u8>],
) -> Result<Option<&'static str>, Malformed> {
    let mut outer = Reader::new(scope, 0, Rules::Der);
    let mut fields = outer.expect(tlv::SEQUENCE, "an IssuingDistributionPoint")?.inside();
    outer.end("the end of IssuingDistributionPoint")?;
    let name = fields.optional(CONTEXT)?;
    let names = name.map(|name| full_names(&name)).transpose()?;
    let mut flag = |number: u8| {
        let field = fields.optional(CONTEXT_PRIMITIVE + number)?;
        Ok(field.is_some_and(|field| field.content != [0]))
    };
    let (users, authorities) = (flag(1)?, flag(2)?);
    let (reasons, indirect, attributes) = (flag(3)?, flag(4)?, flag(5)?);
    fields.end("the end of IssuingDistributionPoint")?;
    let elsewhere = names.is_some_and(|names| !names.iter().any(|name| points.contains(name)));
    Ok(if indirect {
        Some("it is an indirect one")
    } else if reasons {
        Some("it is for some reasons only")
    } else if attributes || (users && is_authority) || (authorities && !is_authority) {
        Some("it is for other certificates")
    } else if elsewhere {
        Some("it is for other distribution points")
    } else {
        None
    })
}

/// Version 2, or 1 where it is not said (RFC 5280 §5.1.2.1).
fn read_version(inside: &mut Reader<'_>) -> Result<bool, Malformed> {
    let Some(version) = inside.optional(tlv::INTEGER)? else { return Ok(false) };
    match version.small_integer()? {
        1 => Ok(true),
        _ => Err(version.malformed("version 2 of a list")),
    }
}

/// A number without the zeros before it, so that one spelled otherwise is still the same number.
pub(super) fn magnitude(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|octet| **octet == 0).count();
    integer.get(zeros..).unwrap_or_default()
}
