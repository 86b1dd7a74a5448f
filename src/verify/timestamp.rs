//! The content of a time-stamp token → what it stamps, and when.

use super::algorithm::AlgorithmIdentifier;
use super::extensions;
use super::oid::Oid;
use super::time;
use super::tlv::{self, CONTEXT, Element, Malformed, Reader, Rules};
use crate::model::Timestamp;

/// ```asn1
/// TSTInfo ::= SEQUENCE {
///     version         INTEGER { v1(1) },
///     policy          TSAPolicyId,
///     messageImprint  MessageImprint,
///     serialNumber    INTEGER,
///     genTime         GeneralizedTime,
///     accuracy        Accuracy OPTIONAL,
///     ordering        BOOLEAN DEFAULT FALSE,
///     nonce           INTEGER OPTIONAL,
///     tsa             [0] GeneralName OPTIONAL,
///     extensions      [1] IMPLICIT Extensions OPTIONAL }
/// MessageImprint ::= SEQUENCE {
///     hashAlgorithm  AlgorithmIdentifier,
///     hashedMessage  OCTET STRING }
/// Accuracy ::= SEQUENCE {
///     seconds     INTEGER OPTIONAL,
///     millis  [0] INTEGER (1..999) OPTIONAL,
///     micros  [1] INTEGER (1..999) OPTIONAL }
/// ```
/// RFC 3161 §2.4.2. Accuracy, ordering, nonce and the authority's name are read and not used: moments that are compared
/// here lie days apart, the nonce is for whoever asked, and the certificate says who the authority is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TstInfo {
    pub(super) imprint_algorithm: AlgorithmIdentifier,
    pub(super) imprint: Vec<u8>,
    pub(super) time: Timestamp,
}

impl TstInfo {
    /// Reads the octets of an eContent. Offsets of faults are within them.
    pub(super) fn read(content: &[u8]) -> Result<Self, Malformed> {
        let mut outer = Reader::new(content, 0, Rules::Der);
        let mut fields = outer.expect(tlv::SEQUENCE, "a TSTInfo")?.inside();
        outer.end("the end of TSTInfo")?;
        let version = fields.expect(tlv::INTEGER, "a TSTInfo's version")?;
        if version.small_integer()? != 1 {
            return Err(version.malformed("version 1 of TSTInfo"));
        }
        Oid::read(&fields.expect(tlv::OID, "a TSAPolicyId")?)?;
        let (imprint_algorithm, imprint) = read_imprint(&fields.expect(tlv::SEQUENCE, "a messageImprint")?)?;
        fields.expect(tlv::INTEGER, "a time-stamp's serialNumber")?;
        let time = time::read_fractional(&fields.expect(tlv::GENERALIZED_TIME, "a genTime")?)?;
        if let Some(accuracy) = fields.optional(tlv::SEQUENCE)? {
            read_accuracy(&accuracy)?;
        }
        extensions::read_boolean(&mut fields)?;
        fields.optional(tlv::INTEGER)?;
        fields.optional(CONTEXT)?;
        if let Some(list) = fields.optional(CONTEXT + 1)? {
            extensions::each(&mut list.inside(), |_, critical, value| {
                if critical { Err(value.malformed("no critical extension of a time-stamp")) } else { Ok(()) }
            })?;
        }
        fields.end("the end of TSTInfo's fields")?;
        Ok(Self { imprint_algorithm, imprint, time })
    }
}

fn read_imprint(element: &Element<'_>) -> Result<(AlgorithmIdentifier, Vec<u8>), Malformed> {
    let mut fields = element.inside();
    let algorithm = AlgorithmIdentifier::read(&fields.expect(tlv::SEQUENCE, "a hashAlgorithm")?)?;
    let hashed = fields.expect(tlv::OCTET_STRING, "a hashedMessage")?.content.to_vec();
    fields.end("the end of MessageImprint")?;
    Ok((algorithm, hashed))
}

fn read_accuracy(element: &Element<'_>) -> Result<(), Malformed> {
    let mut fields = element.inside();
    fields.optional(tlv::INTEGER)?;
    fields.optional(tlv::CONTEXT_PRIMITIVE)?;
    fields.optional(tlv::CONTEXT_PRIMITIVE + 1)?;
    fields.end("the end of Accuracy")
}
