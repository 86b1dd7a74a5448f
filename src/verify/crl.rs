//! DER bytes → a revocation list with what a verdict needs to know of it; its entries are searched where they lie.
//!
//! A list may have a million entries: none is kept, each search reads them all once. The signed bytes stay as they came.

use super::algorithm::AlgorithmIdentifier;
use super::extensions::{self, full_names, read_boolean};
use super::limits::CRL_ENTRIES_MAX;
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

/// What a list says of one certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    /// The earliest revocationDate.
    pub(super) since: Timestamp,
    pub(super) reason: Reason,
}

/// ```asn1
/// CRLReason ::= ENUMERATED { unspecified (0), …, certificateHold (6), removeFromCRL (8), … }
/// ```
/// RFC 5280 §5.3.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reason(Option<u64>);

impl Reason {
    pub(super) const UNSAID: Self = Self(None);
    const HOLD: u64 = 6;
    const REMOVED: u64 = 8;

    /// Reads the ENUMERATED.
    pub(super) fn read(element: &Element<'_>) -> Result<Self, Malformed> {
        if element.tag == tlv::ENUMERATED {
            element.small_integer().map(|code| Self(Some(code)))
        } else {
            Err(element.malformed("a CRLReason"))
        }
    }

    /// Revoked for the time being.
    pub(super) fn is_hold(self) -> bool {
        self.0 == Some(Self::HOLD)
    }

    /// No longer on hold, or expired: only a delta list says so.
    pub(super) fn is_removal(self) -> bool {
        self.0 == Some(Self::REMOVED)
    }

    /// The standard's word.
    pub(super) fn word(self) -> Option<String> {
        let word = match self.0? {
            0 => "unspecified",
            1 => "keyCompromise",
            2 => "cACompromise",
            3 => "affiliationChanged",
            4 => "superseded",
            5 => "cessationOfOperation",
            6 => "certificateHold",
            8 => "removeFromCRL",
            9 => "privilegeWithdrawn",
            10 => "aACompromise",
            other => return Some(format!("reasonCode {other}")),
        };
        Some(word.to_owned())
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

    /// What the list says of this serial number; every entry is read, for one that holds an unknown critical extension
    /// spoils the whole list (RFC 5280 §5.3).
    ///
    /// # Errors
    /// Why the list cannot be used, in English.
    pub(super) fn find(&self, serial: &[u8]) -> Result<Option<Entry>, String> {
        let Some(entries) = self.entries else { return Ok(None) };
        let serial = magnitude(serial);
        let broken =
            |fault: Malformed| format!("its entries: expected {} at {}", fault.expected, fault.offset);
        let mut entries = entries.inside();
        let mut found: Option<Entry> = None;
        let mut count = 0usize;
        while let Some(entry) = entries.next().map_err(broken)? {
            count += 1;
            if count > CRL_ENTRIES_MAX {
                return Err("it is over the limit CRL_ENTRIES_MAX".to_owned());
            }
            let raw = RawEntry::read(&entry).map_err(broken)?;
            let reason = raw.reason()?;
            if magnitude(raw.serial) != serial {
                continue;
            }
            let since = time::read(&raw.date).map_err(broken)?;
            found = Some(Entry { since, reason }.with(found));
        }
        Ok(found)
    }
}

impl Entry {
    /// Real lists tell a certificate's history: first the hold, then the revocation. What is for good counts, since the
    /// first of all dates; of two alike the later one.
    pub(super) fn with(self, earlier: Option<Self>) -> Self {
        let Some(earlier) = earlier else { return self };
        let lasting = |entry: Self| !entry.reason.is_hold() && !entry.reason.is_removal();
        let reason = if lasting(earlier) && !lasting(self) { earlier.reason } else { self.reason };
        Self { since: self.since.min(earlier.since), reason }
    }
}

/// One entry, not judged yet.
struct RawEntry<'a> {
    serial: &'a [u8],
    date: Element<'a>,
    extensions: Option<Element<'a>>,
}

impl<'a> RawEntry<'a> {
    fn read(entry: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = entry.inside_of(tlv::SEQUENCE, "an entry")?;
        let serial = fields.expect(tlv::INTEGER, "a userCertificate")?.content;
        let date = fields.any("a revocationDate")?;
        let extensions = fields.optional(tlv::SEQUENCE)?;
        fields.end("the end of an entry")?;
        Ok(Self { serial, date, extensions })
    }

    /// The reasonCode. Nothing is copied: this runs a million times.
    fn reason(&self) -> Result<Reason, String> {
        let broken = |fault: Malformed| format!("an entry: expected {} at {}", fault.expected, fault.offset);
        let mut reason = Reason::UNSAID;
        let Some(list) = self.extensions else { return Ok(reason) };
        let mut list = list.inside();
        while let Some(extension) = list.next().map_err(broken)? {
            let mut fields = extension.inside_of(tlv::SEQUENCE, "an Extension").map_err(broken)?;
            let id = fields.expect(tlv::OID, "an extnID").map_err(broken)?;
            let critical = read_boolean(&mut fields).map_err(broken)?;
            let value = fields.expect(tlv::OCTET_STRING, "an extnValue").map_err(broken)?;
            match id.content {
                oid::REASON_CODE => {
                    reason = value
                        .inside()
                        .any("a CRLReason")
                        .and_then(|code| Reason::read(&code))
                        .map_err(broken)?;
                }
                // When the key may have been lost decides nothing here: the revocationDate does.
                oid::INVALIDITY_DATE => {}
                _ if critical => {
                    let id = oid::Oid::read(&id).map_err(broken)?;
                    return Err(format!("an entry has the unknown critical extension {id}"));
                }
                _ => {}
            }
        }
        Ok(reason)
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
