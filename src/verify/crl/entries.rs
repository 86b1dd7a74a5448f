//! The entries of a list and a serial number → what the list says of it. Nothing is kept of the others.

use super::{Crl, magnitude};
use crate::model::Timestamp;
use crate::verify::extensions::read_boolean;
use crate::verify::limits::CRL_ENTRIES_MAX;
use crate::verify::oid::{self, Oid};
use crate::verify::time;
use crate::verify::tlv::{self, Element, Malformed};

/// What a list says of one certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::verify) struct Entry {
    /// The earliest revocationDate.
    pub(in crate::verify) since: Timestamp,
    pub(in crate::verify) reason: Reason,
}

/// ```asn1
/// CRLReason ::= ENUMERATED { unspecified (0), …, certificateHold (6), removeFromCRL (8), … }
/// ```
/// RFC 5280 §5.3.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::verify) struct Reason(Option<u64>);

impl Reason {
    pub(in crate::verify) const UNSAID: Self = Self(None);
    const HOLD: u64 = 6;
    const REMOVED: u64 = 8;

    /// Reads the ENUMERATED.
    pub(in crate::verify) fn read(element: &Element<'_>) -> Result<Self, Malformed> {
        if element.tag == tlv::ENUMERATED {
            element.small_integer().map(|code| Self(Some(code)))
        } else {
            Err(element.malformed("a CRLReason"))
        }
    }

    /// Revoked for the time being.
    pub(in crate::verify) fn is_hold(self) -> bool {
        self.0 == Some(Self::HOLD)
    }

    /// No longer on hold, or expired: only a delta list says so.
    pub(in crate::verify) fn is_removal(self) -> bool {
        self.0 == Some(Self::REMOVED)
    }

    /// The standard's word.
    pub(in crate::verify) fn word(self) -> Option<String> {
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

impl Crl<'_> {
    /// What the list says of this serial number; every entry is read, for one that holds an unknown critical extension
    /// spoils the whole list (RFC 5280 §5.3).
    ///
    /// # Errors
    /// Why the list cannot be used, in English.
    pub(in crate::verify) fn find(&self, serial: &[u8]) -> Result<Option<Entry>, String> {
        self.find_within(CRL_ENTRIES_MAX, serial)
    }

    /// The same for lists with at most so many entries.
    pub(in crate::verify) fn find_within(
        &self,
        entries_max: usize,
        serial: &[u8],
    ) -> Result<Option<Entry>, String> {
        let Some(entries) = self.entries else { return Ok(None) };
        let serial = magnitude(serial);
        let broken =
            |fault: Malformed| format!("its entries: expected {} at {}", fault.expected, fault.offset);
        let mut entries = entries.inside();
        let mut found: Option<Entry> = None;
        let mut count = 0usize;
        while let Some(entry) = entries.next().map_err(broken)? {
            count += 1;
            if count > entries_max {
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
    pub(in crate::verify) fn with(self, earlier: Option<Self>) -> Self {
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
        // Of any spelling: a revocation must not be missed for a needless zero.
        let serial = fields.any("a userCertificate")?;
        if serial.tag != tlv::INTEGER {
            return Err(serial.malformed("a userCertificate"));
        }
        let serial = serial.content;
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
                    let id = Oid::read(&id).map_err(broken)?;
                    return Err(format!("an entry has the unknown critical extension {id}"));
                }
                _ => {}
            }
        }
        Ok(reason)
    }
}
