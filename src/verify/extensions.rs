//! A certificate's extensions → what a path and a reader need to know.

use super::limits::{LIST_MAX, URL_CHARS_MAX};
use super::name;
use super::oid::{self, Oid};
use super::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE, Element, Malformed, Reader, Rules};

/// ```asn1
/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
/// Extension ::= SEQUENCE {
///     extnID     OBJECT IDENTIFIER,
///     critical   BOOLEAN DEFAULT FALSE,
///     extnValue  OCTET STRING }
/// ```
/// RFC 5280 §4.1.2.9, §4.2.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Extensions {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Vec<Oid>,
    /// A hint for the order of a search, never proof.
    pub(super) subject_key_id: Option<Vec<u8>>,
    /// A hint for the order of a search, never proof.
    pub(super) authority_key_id: Option<Vec<u8>>,
    /// ЄДРПОУ from the subject directory attributes.
    pub(super) edrpou: Option<String>,
    /// РНОКПП from the subject directory attributes.
    pub(super) rnokpp: Option<String>,
    /// The policies that the certificate was issued under.
    pub(super) policies: Vec<Oid>,
    /// The statements of qualification, those of QcType as their own.
    pub(super) qc_statements: Vec<Oid>,
    /// Where its revocation is told: the GeneralNames of cRLDistributionPoints, as they came.
    pub(super) distribution_points: Vec<Vec<u8>>,
    /// Addresses that it names. A stranger's words, until its chain is trusted.
    pub(super) places: Places,
    /// The first critical extension that this program does not process.
    pub(super) unknown_critical: Option<Oid>,
}

/// ```asn1
/// BasicConstraints ::= SEQUENCE {
///     cA                 BOOLEAN DEFAULT FALSE,
///     pathLenConstraint  INTEGER (0..MAX) OPTIONAL }
/// ```
/// RFC 5280 §4.2.1.9.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BasicConstraints {
    pub(super) authority: bool,
    pub(super) path_length_max: Option<u64>,
}

/// ```asn1
/// KeyUsage ::= BIT STRING { digitalSignature (0), nonRepudiation (1), …, keyCertSign (5), cRLSign (6), … }
/// ```
/// RFC 5280 §4.2.1.3. The first octet of the bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct KeyUsage(u8);

impl KeyUsage {
    /// digitalSignature or nonRepudiation.
    pub(super) const fn signs_documents(self) -> bool {
        self.0 & 0xc0 != 0
    }

    /// keyCertSign.
    pub(super) const fn signs_certificates(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// cRLSign.
    pub(super) const fn signs_lists(self) -> bool {
        self.0 & 0x02 != 0
    }
}

impl Extensions {
    /// Reads `[3] EXPLICIT Extensions`.
    pub(super) fn read(explicit: &Element<'_>) -> Result<Self, Malformed> {
        let mut outer = explicit.inside();
        let mut list = outer.expect(tlv::SEQUENCE, "Extensions")?.inside();
        outer.end("the end of Extensions")?;
        let mut extensions = Self::default();
        each(&mut list, |id, critical, value| extensions.take(id, critical, value))?;
        Ok(extensions)
    }

    /// Whether the certificate says to be a qualified one.
    pub(super) fn is_qualified(&self) -> bool {
        self.qc_statements.iter().any(|oid| oid.is(oid::QC_COMPLIANCE))
            || self.policies.iter().any(|oid| oid.is(oid::POLICY_QUALIFIED))
    }

    fn take(&mut self, id: &Oid, critical: bool, value: &Element<'_>) -> Result<(), Malformed> {
        let mut inner = Reader::new(value.content, value.content_range().start, Rules::Der);
        match id.bytes() {
            oid::BASIC_CONSTRAINTS => {
                self.basic_constraints = Some(read_basic_constraints(&mut inner)?);
            }
            oid::KEY_USAGE => {
                let bits = inner.expect(tlv::BIT_STRING, "a KeyUsage")?;
                // The octet after the count of unused bits.
                self.key_usage = Some(KeyUsage(bits.content.get(1).copied().unwrap_or(0)));
            }
            oid::EXTENDED_KEY_USAGE => {
                let mut purposes = inner.expect(tlv::SEQUENCE, "an ExtKeyUsageSyntax")?.inside();
                while let Some(purpose) = purposes.next()? {
                    self.extended_key_usage.push(Oid::read(&purpose)?);
                }
            }
            oid::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_id = inner.optional(tlv::OCTET_STRING)?.map(|id| id.content.to_vec());
            }
            oid::AUTHORITY_KEY_IDENTIFIER => {
                // AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] IMPLICIT OCTET STRING OPTIONAL, … }
                let mut fields = inner.expect(tlv::SEQUENCE, "an AuthorityKeyIdentifier")?.inside();
                self.authority_key_id = fields.optional(CONTEXT_PRIMITIVE)?.map(|id| id.content.to_vec());
            }
            // The next three are words for people only: what cannot be read spoils nothing.
            oid::SUBJECT_DIRECTORY_ATTRIBUTES => {
                (self.edrpou, self.rnokpp) = read_numbers(&mut inner).unwrap_or_default();
            }
            // Critical in nearly every Ukrainian certificate. Any policy will do for us (RFC 5280 §6.1.1: anyPolicy, no
            // explicit policy required), and a statement of qualification restricts nothing.
            oid::CERTIFICATE_POLICIES => self.policies = read_policies(&mut inner).unwrap_or_default(),
            oid::QC_STATEMENTS => self.qc_statements = read_qc_statements(&mut inner).unwrap_or_default(),
            oid::CRL_DISTRIBUTION_POINTS => {
                self.distribution_points = read_distribution_points(&mut inner).unwrap_or_default();
                self.places.lists = self.distribution_points.iter().filter_map(|name| url(name)).collect();
                // Where a list is fetched decides nothing on a path: critical it stays one that is not processed.
                if critical {
                    self.unknown_critical.get_or_insert_with(|| id.clone());
                }
            }
            // Both must be non-critical (RFC 5280 §4.2.1.15, §4.2.2.1): a critical one is left to the next arm.
            oid::FRESHEST_CRL if !critical => {
                let names = read_distribution_points(&mut inner).unwrap_or_default();
                self.places.deltas = names.iter().filter_map(|name| url(name)).collect();
            }
            oid::AUTHORITY_INFORMATION_ACCESS if !critical => {
                // What cannot be read names no address, and spoils nothing.
                let _ = self.places.read_access(&mut inner);
            }
            _ if critical && self.unknown_critical.is_none() => self.unknown_critical = Some(id.clone()),
            _ => {}
        }
        Ok(())
    }
}

/// Where a certificate says that its revocation and its issuer can be asked for: URLs of http and https.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Places {
    /// OCSP responders.
    pub(super) responders: Vec<String>,
    /// Full revocation lists.
    pub(super) lists: Vec<String>,
    /// Delta revocation lists (freshestCRL, RFC 5280 §4.2.1.15).
    pub(super) deltas: Vec<String>,
    /// Its issuer's certificate.
    pub(super) issuers: Vec<String>,
}

impl Places {
    /// Whether there is anybody to be asked about its revocation.
    pub(super) const fn tell_revocation(&self) -> bool {
        !(self.responders.is_empty() && self.lists.is_empty())
    }

    /// Every address.
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        self.responders.iter().chain(&self.lists).chain(&self.deltas).chain(&self.issuers)
    }

    /// ```asn1
    /// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
    /// AccessDescription ::= SEQUENCE {
    ///     accessMethod    OBJECT IDENTIFIER,
    ///     accessLocation  GeneralName }
    /// ```
    /// RFC 5280 §4.2.2.1.
    fn read_access(&mut self, inner: &mut Reader<'_>) -> Result<(), Malformed> {
        let mut list = inner.expect(tlv::SEQUENCE, "an AuthorityInfoAccessSyntax")?.inside();
        while let Some(description) = list.next()? {
            let mut fields = description.inside_of(tlv::SEQUENCE, "an AccessDescription")?;
            let method = Oid::read(&fields.expect(tlv::OID, "an accessMethod")?)?;
            let Some(url) = url(fields.any("an accessLocation")?.whole) else { continue };
            match method.bytes() {
                oid::ACCESS_OCSP => self.responders.push(url),
                oid::ACCESS_CA_ISSUERS => self.issuers.push(url),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The URL of a GeneralName: `uniformResourceIdentifier [6] IA5String` (RFC 5280 §4.2.1.6), of http or https.
fn url(name: &[u8]) -> Option<String> {
    let name = Reader::new(name, 0, Rules::Der).any("a GeneralName").ok()?;
    let text = std::str::from_utf8(name.content).ok()?.trim();
    let is_web =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let is_url = name.tag == CONTEXT_PRIMITIVE + 6
        && text.len() <= URL_CHARS_MAX
        && text.bytes().all(|octet| octet.is_ascii_graphic())
        && (is_web("http://") || is_web("https://"));
    is_url.then(|| text.to_owned())
}

/// Hands out each Extension of a list: what it is, whether it is critical, its OCTET STRING.
pub(super) fn each<'a>(
    list: &mut Reader<'a>,
    mut take: impl FnMut(&Oid, bool, &Element<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut seen: Vec<Oid> = Vec::new();
    while let Some(extension) = list.next()? {
        let mut fields = extension.inside_of(tlv::SEQUENCE, "an Extension")?;
        let id = Oid::read(&fields.expect(tlv::OID, "an extnID")?)?;
        let critical = read_boolean(&mut fields)?;
        let value = fields.expect(tlv::OCTET_STRING, "an extnValue")?;
        fields.end("the end of Extension")?;
        // RFC 5280 §4.2: at most one of each.
        if seen.contains(&id) || seen.len() == LIST_MAX {
            return Err(extension.malformed("each extension once, and few"));
        }
        take(&id, critical, &value)?;
        seen.push(id);
    }
    Ok(())
}

pub(super) fn read_boolean(fields: &mut Reader<'_>) -> Result<bool, Malformed> {
    match fields.optional(tlv::BOOLEAN)? {
        None => Ok(false),
        // Any non-zero octet: read as TRUE it is the stricter one for `critical`.
        Some(flag) => match flag.content {
            [octet] => Ok(*octet != 0),
            _ => Err(flag.malformed("a BOOLEAN")),
        },
    }
}

fn read_basic_constraints(inner: &mut Reader<'_>) -> Result<BasicConstraints, Malformed> {
    let mut fields = inner.expect(tlv::SEQUENCE, "a BasicConstraints")?.inside();
    let authority = read_boolean(&mut fields)?;
    let path_length_max = fields.optional(tlv::INTEGER)?.map(|length| length.small_integer()).transpose()?;
    fields.end("the end of BasicConstraints")?;
    Ok(BasicConstraints { authority, path_length_max })
}

/// ```asn1
/// SubjectDirectoryAttributes ::= SEQUENCE SIZE (1..MAX) OF Attribute
/// Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET OF AttributeValue }
/// ```
/// RFC 5280 §4.2.1.8. ЄДРПОУ and РНОКПП.
fn read_numbers(inner: &mut Reader<'_>) -> Result<(Option<String>, Option<String>), Malformed> {
    let mut attributes = inner.expect(tlv::SEQUENCE, "SubjectDirectoryAttributes")?.inside();
    let (mut edrpou, mut rnokpp) = (None, None);
    while let Some(attribute) = attributes.next()? {
        let mut fields = attribute.inside();
        let kind = Oid::read(&fields.expect(tlv::OID, "an attribute's type")?)?;
        let value = fields.expect(tlv::SET, "an attribute's values")?.inside().any("a value")?;
        match kind.bytes() {
            oid::EDRPOU => edrpou = edrpou.or_else(|| name::edrpou(&name::exact_text(&value))),
            oid::RNOKPP => rnokpp = rnokpp.or_else(|| name::rnokpp(&name::exact_text(&value))),
            _ => {}
        }
    }
    Ok((edrpou, rnokpp))
}

/// ```asn1
/// certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
/// PolicyInformation ::= SEQUENCE { policyIdentifier CertPolicyId, policyQualifiers SEQUENCE … OPTIONAL }
/// ```
/// RFC 5280 §4.2.1.4.
fn read_policies(inner: &mut Reader<'_>) -> Result<Vec<Oid>, Malformed> {
    let mut list = inner.expect(tlv::SEQUENCE, "certificatePolicies")?.inside();
    let mut policies = Vec::new();
    while let Some(policy) = list.next()? {
        policies.push(Oid::read(&policy.inside().expect(tlv::OID, "a policyIdentifier")?)?);
    }
    Ok(policies)
}

/// ```asn1
/// CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
/// DistributionPoint ::= SEQUENCE {
///     distributionPoint  [0] DistributionPointName OPTIONAL,
///     reasons            [1] ReasonFlags OPTIONAL,
///     cRLIssuer          [2] GeneralNames OPTIONAL }
/// ```
/// RFC 5280 §4.2.1.13. Points of other issuers and for some reasons only are left out.
fn read_distribution_points(inner: &mut Reader<'_>) -> Result<Vec<Vec<u8>>, Malformed> {
    let mut points = inner.expect(tlv::SEQUENCE, "CRLDistributionPoints")?.inside();
    let mut names = Vec::new();
    while let Some(point) = points.next()? {
        let mut fields = point.inside_of(tlv::SEQUENCE, "a DistributionPoint")?;
        let name = fields.optional(CONTEXT)?;
        if let (Some(name), true) = (name, fields.rest().is_empty()) {
            names.extend(full_names(&name)?);
        }
    }
    Ok(names)
}

/// ```asn1
/// DistributionPointName ::= CHOICE {
///     fullName                 [0] GeneralNames,
///     nameRelativeToCRLIssuer  [1] RelativeDistinguishedName }
/// ```
/// RFC 5280 §4.2.1.13. The names in full, as they came; a relative one is none.
pub(super) fn full_names(explicit: &Element<'_>) -> Result<Vec<Vec<u8>>, Malformed> {
    let mut names = Vec::new();
    if let Some(list) = explicit.inside().optional(CONTEXT)? {
        let mut list = list.inside();
        while let Some(name) = list.next()? {
            names.push(name.whole.to_vec());
        }
    }
    Ok(names)
}

/// ```asn1
/// QCStatements ::= SEQUENCE OF QCStatement
/// QCStatement ::= SEQUENCE { statementId OBJECT IDENTIFIER, statementInfo ANY DEFINED BY statementId OPTIONAL }
/// QcType ::= SEQUENCE OF OBJECT IDENTIFIER
/// ```
/// RFC 3739 §3.2.6; ETSI EN 319 412-5 §4.2.3.
fn read_qc_statements(inner: &mut Reader<'_>) -> Result<Vec<Oid>, Malformed> {
    let mut list = inner.expect(tlv::SEQUENCE, "QCStatements")?.inside();
    let mut statements = Vec::new();
    while let Some(statement) = list.next()? {
        let mut fields = statement.inside();
        let id = Oid::read(&fields.expect(tlv::OID, "a statementId")?)?;
        if id.is(oid::QC_TYPE)
            && let Some(types) = fields.optional(tlv::SEQUENCE)?
        {
            let mut types = types.inside();
            while let Some(kind) = types.next()? {
                statements.push(Oid::read(&kind)?);
            }
        }
        statements.push(id);
    }
    Ok(statements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::testing::{attribute, element, extension, sequence};

    fn read(list: &[Vec<u8>]) -> Result<Extensions, Malformed> {
        let bytes = element(CONTEXT + 3, &sequence(list));
        Extensions::read(&Reader::new(&bytes, 0, Rules::Der).any("[3]").unwrap())
    }

    fn edrpou_of(value: &str) -> Option<String> {
        let attribute = attribute(oid::EDRPOU, &[element(tlv::UTF8_STRING, value.as_bytes())]);
        read(&[extension(oid::SUBJECT_DIRECTORY_ATTRIBUTES, false, &sequence(&[attribute]))]).unwrap().edrpou
    }

    #[test]
    fn an_edrpou_is_read_from_the_subject_directory_attributes() {
        assert_eq!(edrpou_of("43395033").as_deref(), Some("43395033"));
        assert_eq!(edrpou_of("1234567890"), None);
        let broken = extension(oid::SUBJECT_DIRECTORY_ATTRIBUTES, false, b"x");
        assert_eq!(read(&[broken]).unwrap().edrpou, None);
    }

    #[test]
    fn an_extension_without_sense_is_refused() {
        for broken in [
            extension(oid::BASIC_CONSTRAINTS, true, &sequence(&[element(tlv::INTEGER, &[0xff])])),
            extension(oid::KEY_USAGE, true, &[]),
            extension(oid::EXTENDED_KEY_USAGE, true, &sequence(&[element(tlv::INTEGER, &[1])])),
        ] {
            assert!(read(&[broken]).is_err());
        }
        let many: Vec<Vec<u8>> = (0..=64).map(|n| extension(&[0x2a, n], false, &[])).collect();
        assert!(read(&many[..64]).is_ok());
        assert!(read(&many).is_err());
    }
}
