//! A Name's original bytes → the words that people know it by. Chains compare the bytes, never these words.

use super::limits::NAME_CHARS_MAX;
use super::oid::{self, Oid};
use super::tlv::{self, Element, Malformed, Reader, Rules};

/// What people want to know of a name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct NameWords {
    pub(super) common_name: Option<String>,
    pub(super) organisation: Option<String>,
    /// From organizationIdentifier `NTRUA-########` (ETSI EN 319 412-1 §5.1.4).
    pub(super) edrpou: Option<String>,
    /// From serialNumber `TINUA-##########` (ETSI EN 319 412-1 §5.1.3).
    pub(super) rnokpp: Option<String>,
}

impl NameWords {
    /// ```asn1
    /// Name ::= CHOICE { rdnSequence  RDNSequence }
    /// RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
    /// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
    /// AttributeTypeAndValue ::= SEQUENCE {
    ///     type   OBJECT IDENTIFIER,
    ///     value  ANY DEFINED BY type }
    /// ```
    /// RFC 5280 §4.1.2.4. The first of each kind counts.
    pub(super) fn read(name: &Element<'_>) -> Result<Self, Malformed> {
        let mut words = Self::default();
        let mut rdns = name.inside();
        while let Some(rdn) = rdns.next()? {
            let mut attributes = rdn.inside_of(tlv::SET, "a RelativeDistinguishedName")?;
            while let Some(attribute) = attributes.next()? {
                let mut fields = attribute.inside_of(tlv::SEQUENCE, "an AttributeTypeAndValue")?;
                let kind = Oid::read(&fields.expect(tlv::OID, "a name attribute's type")?)?;
                let value = fields.any("a name attribute's value")?;
                let slot = match kind.bytes() {
                    oid::COMMON_NAME => &mut words.common_name,
                    oid::ORGANISATION_NAME => &mut words.organisation,
                    oid::ORGANISATION_IDENTIFIER => {
                        words.edrpou =
                            words.edrpou.take().or_else(|| edrpou_of_identifier(&exact_text(&value)));
                        continue;
                    }
                    oid::SERIAL_NUMBER => {
                        words.rnokpp =
                            words.rnokpp.take().or_else(|| rnokpp_of_identifier(&exact_text(&value)));
                        continue;
                    }
                    _ => continue,
                };
                if slot.is_none() {
                    *slot = Some(text(&value)).filter(|text| !text.is_empty());
                }
            }
        }
        Ok(words)
    }

    /// The words of a name that was read before; empty if it cannot be.
    pub(super) fn of(name: &[u8]) -> Self {
        Reader::new(name, 0, Rules::Der)
            .expect(tlv::SEQUENCE, "a Name")
            .and_then(|name| Self::read(&name))
            .unwrap_or_default()
    }

    /// The common name, or else the organisation, or else a dash.
    pub(super) fn title(&self) -> String {
        self.common_name.as_ref().or(self.organisation.as_ref()).map_or_else(|| "—".to_owned(), Clone::clone)
    }
}

/// A string of any of the ASN.1 kinds as clean text: no control characters, no marks that turn the direction of
/// writing, at most [`NAME_CHARS_MAX`] characters.
pub(super) fn text(element: &Element<'_>) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let raw = exact_text(element);
    let clean: String = raw.chars().filter(|c| !c.is_control() && !turns(*c)).take(NAME_CHARS_MAX).collect();
    clean.trim().to_owned()
}

/// A string of any of the ASN.1 kinds, nothing left out: cleaning could make a number out of what is none.
pub(super) fn exact_text(element: &Element<'_>) -> String {
    match element.tag {
        tlv::BMP_STRING => {
            let code = |pair: &[u8]| pair.iter().fold(0u16, |code, octet| code << 8 | u16::from(*octet));
            let units = element.content.chunks_exact(2).map(code);
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        tlv::UNIVERSAL_STRING => {
            let code = |four: &[u8]| four.iter().fold(0u32, |code, octet| code << 8 | u32::from(*octet));
            let units = element.content.chunks_exact(4).map(code);
            units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => String::from_utf8_lossy(element.content).into_owned(),
    }
}

/// Eight digits, or nothing: a person's number of ten digits in the same place is not an organisation's.
pub(super) fn edrpou(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == 8 && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.to_owned())
}

/// Ten digits, or nothing.
pub(super) fn rnokpp(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == 10 && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.to_owned())
}

fn rnokpp_of_identifier(text: &str) -> Option<String> {
    rnokpp(text.strip_prefix("TINUA-")?)
}

fn edrpou_of_identifier(text: &str) -> Option<String> {
    edrpou(text.strip_prefix("NTRUA-")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tag: u8, content: &[u8]) -> String {
        let bytes = [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
        text(&Reader::new(&bytes, 0, Rules::Der).any("a string").unwrap())
    }

    #[test]
    fn every_kind_of_string_becomes_clean_text() {
        assert_eq!(said(tlv::UTF8_STRING, "ДП «ДІЯ»".as_bytes()), "ДП «ДІЯ»");
        assert_eq!(said(tlv::BMP_STRING, &[0x04, 0x14, 0x04, 0x06, 0x04, 0x2f]), "ДІЯ");
        assert_eq!(said(tlv::UNIVERSAL_STRING, &[0, 0, 4, 0x14]), "Д");
        assert_eq!(said(tlv::UTF8_STRING, "a\u{202e}b\u{1b}[31mc\n".as_bytes()), "ab[31mc");
        assert_eq!(said(tlv::UTF8_STRING, &[0xff, b'a']), "\u{fffd}a");
    }

    #[test]
    fn an_edrpou_is_eight_digits() {
        assert_eq!(edrpou_of_identifier("NTRUA-43395033").as_deref(), Some("43395033"));
        for other in ["NTRPL-43395033", "NTRUA-1234567890", "NTRUA-4339503a", "43395033", "NTRUA-"] {
            assert_eq!(edrpou_of_identifier(other), None, "{other}");
        }
    }

    #[test]
    fn an_rnokpp_is_ten_digits() {
        assert_eq!(rnokpp_of_identifier("TINUA-3656801869").as_deref(), Some("3656801869"));
        for other in ["PNOUA-3656801869", "TINUA-43395033", "TINUA-36568o1869", "3656801869", "TINUA-"] {
            assert_eq!(rnokpp_of_identifier(other), None, "{other}");
        }
    }
}
