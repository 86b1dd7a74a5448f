//! The unsigned attributes and a SignedData's crls: time-stamps and long-term evidence. Anybody may have put them there.

use super::cms::within;
use super::fault::Fault;
use super::limits::{LIST_MAX, PART_CERTIFICATES_MAX, PART_EVIDENCE_MAX, TIME_STAMPS_MAX};
use super::oid::{self, Oid};
use super::tlv::{self, CONTEXT, Element, Malformed, Reader};
use crate::model::{Level, TimeStampKind};

/// ```asn1
/// UnsignedAttributes ::= SET SIZE (1..MAX) OF Attribute
/// ```
/// RFC 5652 §5.3. Several attributes of one kind and several values in one are allowed (ETSI EN 319 122-1 §5.3), and BER
/// is. Evidence that cannot be read is none: it was put there after signing.
#[derive(Debug, Default)]
pub(super) struct UnsignedAttributes<'a> {
    /// Every time-stamp token, unread, in the order of the file.
    pub(super) time_stamps: Vec<(TimeStampKind, Element<'a>)>,
    /// certificate-values: each certificate's original bytes.
    pub(super) certificates: Vec<&'a [u8]>,
    /// revocation-values.
    pub(super) revocation: RevocationData<'a>,
    has_references: bool,
    has_values: bool,
}

/// Revocation lists and responses, unread.
#[derive(Debug, Default)]
pub(super) struct RevocationData<'a> {
    /// CertificateLists.
    pub(super) crls: Vec<&'a [u8]>,
    /// OCSPResponses.
    pub(super) responses: Vec<&'a [u8]>,
    /// BasicOCSPResponses.
    pub(super) basic_responses: Vec<&'a [u8]>,
}

impl<'a> UnsignedAttributes<'a> {
    pub(super) fn read(element: Option<&Element<'a>>) -> Result<Self, Fault> {
        let mut read = Self::default();
        let Some(element) = element else { return Ok(read) };
        let mut attributes = element.inside();
        let mut count = 0;
        while let Some(attribute) = attributes.next()? {
            within(count, LIST_MAX, "LIST_MAX")?;
            count += 1;
            let mut fields = attribute.inside_of(tlv::SEQUENCE, "an Attribute")?;
            let kind = Oid::read(&fields.expect(tlv::OID, "an attrType")?)?;
            let values = fields.expect(tlv::SET, "attrValues")?;
            fields.end("the end of Attribute")?;
            read.take(&kind, values.inside())?;
        }
        Ok(read)
    }

    /// Which form of CAdES this is. Each form stands on the one below, so without a signature time-stamp it is none of
    /// the higher ones, whatever else is there.
    pub(super) fn level(&self, has_crls: bool) -> Level {
        let has = |wanted: TimeStampKind| self.time_stamps.iter().any(|(kind, _)| *kind == wanted);
        if !has(TimeStampKind::Signature) {
            Level::Bes
        } else if has(TimeStampKind::Archive) {
            Level::A
        } else if self.has_values || has_crls {
            Level::XLong
        } else if self.has_references {
            Level::C
        } else {
            Level::T
        }
    }

    fn take(&mut self, kind: &Oid, mut values: Reader<'a>) -> Result<(), Fault> {
        let time_stamp = match kind.bytes() {
            oid::SIGNATURE_TIME_STAMP => TimeStampKind::Signature,
            oid::EVIDENCE_TIME_STAMP | oid::REFERENCES_TIME_STAMP => TimeStampKind::Evidence,
            oid::ARCHIVE_TIME_STAMP | oid::ARCHIVE_TIME_STAMP_V2 | oid::ARCHIVE_TIME_STAMP_V3 => {
                TimeStampKind::Archive
            }
            oid::CERTIFICATE_REFERENCES | oid::REVOCATION_REFERENCES => {
                self.has_references = true;
                return Ok(());
            }
            oid::CERTIFICATE_VALUES => {
                self.has_values = true;
                return each(values, |value| self.take_certificates(value));
            }
            oid::REVOCATION_VALUES => {
                self.has_values = true;
                return each(values, |value| self.take_revocation(value));
            }
            _ => return Ok(()),
        };
        while let Some(value) = values.next()? {
            within(self.time_stamps.len(), TIME_STAMPS_MAX, "TIME_STAMPS_MAX")?;
            self.time_stamps.push((time_stamp, value));
        }
        Ok(())
    }

    /// ```asn1
    /// CertificateValues ::= SEQUENCE OF Certificate
    /// ```
    /// ETSI EN 319 122-1 §A.1.1.2.
    fn take_certificates(&mut self, value: &Element<'a>) -> Result<(), Fault> {
        each(value.inside(), |certificate| {
            within(self.certificates.len(), PART_CERTIFICATES_MAX, "PART_CERTIFICATES_MAX")?;
            self.certificates.push(certificate.whole);
            Ok(())
        })
    }

    /// ```asn1
    /// RevocationValues ::= SEQUENCE {
    ///     crlVals       [0] SEQUENCE OF CertificateList OPTIONAL,
    ///     ocspVals      [1] SEQUENCE OF BasicOCSPResponse OPTIONAL,
    ///     otherRevVals  [2] OtherRevVals OPTIONAL }
    /// ```
    /// ETSI EN 319 122-1 §A.1.2.2, explicit tags.
    fn take_revocation(&mut self, value: &Element<'a>) -> Result<(), Fault> {
        each(value.inside(), |choice| {
            let into = match choice.tag {
                CONTEXT => &mut self.revocation.crls,
                tag if tag == CONTEXT + 1 => &mut self.revocation.basic_responses,
                _ => return Ok(()),
            };
            each(choice.inside(), |list| {
                each(list.inside(), |item| {
                    within(into.len(), PART_EVIDENCE_MAX, "PART_EVIDENCE_MAX")?;
                    into.push(item.whole);
                    Ok(())
                })
            })
        })
    }
}

impl<'a> RevocationData<'a> {
    /// ```asn1
    /// RevocationInfoChoices ::= SET OF RevocationInfoChoice
    /// RevocationInfoChoice ::= CHOICE {
    ///     crl    CertificateList,
    ///     other  [1] IMPLICIT OtherRevocationInfoFormat }
    /// OtherRevocationInfoFormat ::= SEQUENCE {
    ///     otherRevInfoFormat  OBJECT IDENTIFIER,
    ///     otherRevInfo        ANY DEFINED BY otherRevInfoFormat }
    /// ```
    /// RFC 5652 §10.2.1, RFC 5940 §2.1.
    pub(super) fn of_crls(crls: Option<&Element<'a>>) -> Result<Self, Fault> {
        let mut data = Self::default();
        let Some(crls) = crls else { return Ok(data) };
        each(crls.inside(), |choice| data.take(choice))?;
        Ok(data)
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.crls.len() + self.responses.len() + self.basic_responses.len()
    }

    fn take(&mut self, choice: &Element<'a>) -> Result<(), Fault> {
        within(self.len(), PART_EVIDENCE_MAX, "PART_EVIDENCE_MAX")?;
        if choice.tag == tlv::SEQUENCE {
            self.crls.push(choice.whole);
        } else if choice.tag == CONTEXT + 1
            && let Ok((format, info)) = read_other(choice)
        {
            match format.bytes() {
                oid::CRLS_OCSP_RESPONSE => self.responses.push(info.whole),
                oid::CRLS_OCSP_BASIC => self.basic_responses.push(info.whole),
                _ => {}
            }
        }
        Ok(())
    }
}

fn read_other<'a>(choice: &Element<'a>) -> Result<(Oid, Element<'a>), Malformed> {
    let mut fields = choice.inside();
    let format = Oid::read(&fields.expect(tlv::OID, "an otherRevInfoFormat")?)?;
    Ok((format, fields.any("an otherRevInfo")?))
}

/// Hands out the elements as far as they can be read.
fn each<'a>(
    mut elements: Reader<'a>,
    mut take: impl FnMut(&Element<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    while let Ok(Some(element)) = elements.next() {
        take(&element)?;
    }
    Ok(())
}
