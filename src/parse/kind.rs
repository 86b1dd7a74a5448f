//! An attachment's bytes → what they are, whatever its name says.

use std::borrow::Cow;

use super::encoding::base64_whole;
use crate::model::AttachmentKind;

/// How far into a file its PDF header or PEM armour may stand; readers of PDF search the first 1,024 bytes
/// (ISO 32000-1, Annex H, note 13).
const PREFIX_BYTES_MAX: usize = 1024;

/// DER of id-signedData, 1.2.840.113549.1.7.2 (RFC 5652 §5.1).
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// DER of id-envelopedData, 1.2.840.113549.1.7.3 (RFC 5652 §6.1).
const ENVELOPED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];

/// What some bytes are.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) kind: AttachmentKind,
    /// The content, when it hid in base64 that nothing declared.
    pub(super) decoded: Option<Vec<u8>>,
    /// What else is to be said of them.
    pub(super) remark: Option<Remark>,
}

/// Something odd about the bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Remark {
    BytesAfterSignature,
    Encrypted,
    Archive,
}

/// Looks at an attachment's bytes. A CMS is looked for first: an attached signature has its PDF near the beginning.
pub(super) fn of(bytes: &[u8]) -> Seen {
    seen(bytes, PREFIX_BYTES_MAX)
}

/// Looks at the bytes of a text without a file name: only one that is a document from its first byte on counts,
/// not one that speaks of PDFs.
pub(super) fn of_text(bytes: &[u8]) -> Seen {
    seen(bytes, 0)
}

fn seen(bytes: &[u8], prefix_max: usize) -> Seen {
    let start = trimmed(bytes);
    if let Some((der, is_more)) = unarmoured(start, prefix_max)
        && let Some((kind, remark)) = cms(&der)
    {
        let remark = remark.or(is_more.then_some(Remark::BytesAfterSignature));
        return Seen { kind, decoded: None, remark };
    }
    let other = |remark| Seen { kind: AttachmentKind::Other, decoded: None, remark };
    if is_pdf(start, prefix_max) {
        return Seen { kind: AttachmentKind::Pdf, decoded: None, remark: None };
    }
    if start.starts_with(b"JVBERi0")
        && let Some(pdf) = base64_whole(start)
    {
        return Seen { kind: AttachmentKind::Pdf, decoded: Some(pdf), remark: None };
    }
    if content_info(start, ENVELOPED_DATA).is_some() {
        return other(Some(Remark::Encrypted));
    }
    let archives: [&[u8]; 3] = [b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"];
    other(archives.iter().any(|magic| bytes.starts_with(magic)).then_some(Remark::Archive))
}

fn is_pdf(bytes: &[u8], prefix_max: usize) -> bool {
    let magic = b"%PDF-";
    let window = bytes.get(..prefix_max + magic.len()).unwrap_or(bytes);
    window.windows(magic.len()).any(|at| at == magic)
}

/// The DER or BER inside PEM armour (RFC 7468, and the older `PKCS7` and `PKCS #7 SIGNED DATA` labels), inside bare
/// base64, or the bytes themselves; and whether something stands behind the armour: another signature, perhaps, that
/// another program would read.
fn unarmoured(bytes: &[u8], prefix_max: usize) -> Option<(Cow<'_, [u8]>, bool)> {
    if bytes.first() == Some(&0x30) {
        return Some((bytes.into(), false));
    }
    // 30, the first byte of every ContentInfo, begins with an `M` in base64.
    if bytes.starts_with(b"M") {
        return base64_whole(bytes).map(|der| (Cow::Owned(der), false));
    }
    let begin = b"-----BEGIN ";
    let window = bytes.get(..prefix_max + begin.len()).unwrap_or(bytes);
    let at = window.windows(begin.len()).position(|at| at == begin)?;
    let rest = bytes.get(at + begin.len()..)?;
    let label_end = find(rest.get(..40).unwrap_or(rest), b"-----")?;
    if !matches!(rest.get(..label_end)?, b"PKCS7" | b"CMS" | b"PKCS #7 SIGNED DATA") {
        return None;
    }
    let body = rest.get(label_end + 5..)?;
    let closing = b"-----END ";
    let end = find(body, closing).unwrap_or(body.len());
    let (body, after) = body.split_at_checked(end)?;
    let after = after.get(closing.len()..).unwrap_or_default();
    let after = find(after, b"-----").and_then(|label| after.get(label + 5..)).unwrap_or(after);
    Some((Cow::Owned(base64_whole(body)?), !after.trim_ascii().is_empty()))
}

fn cms(der: &[u8]) -> Option<(AttachmentKind, Option<Remark>)> {
    if content_info(der, ENVELOPED_DATA).is_some() {
        return Some((AttachmentKind::Other, Some(Remark::Encrypted)));
    }
    let end = content_info(der, SIGNED_DATA)?;
    let (der, after) = end.and_then(|end| der.split_at_checked(end)).unwrap_or((der, &[]));
    let remark = (!after.trim_ascii().is_empty()).then_some(Remark::BytesAfterSignature);
    Some((AttachmentKind::Cms { der: der.to_vec() }, remark))
}

/// Whether a ContentInfo of that type begins here; gives its end, unless its length is indefinite (X.690 §8.1.3.6).
#[expect(clippy::option_option, reason = "no ContentInfo, one without a length, one with")]
fn content_info(bytes: &[u8], content_type: &[u8]) -> Option<Option<usize>> {
    let [0x30, first, rest @ ..] = bytes else { return None };
    let (length, header) = match first {
        0x80 => (None, 2),
        0..0x80 => (Some(usize::from(*first)), 2),
        0x81..=0x84 => {
            let count = usize::from(first & 0x0f);
            let length =
                rest.get(..count)?.iter().fold(0_usize, |length, &byte| (length << 8) | usize::from(byte));
            (Some(length), 2 + count)
        }
        _ => return None,
    };
    bytes.get(header..)?.starts_with(content_type).then(|| length.map(|length| header.saturating_add(length)))
}

/// Without white space and a UTF-8 byte order mark in front.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.trim_ascii_start();
    bytes.strip_prefix(b"\xef\xbb\xbf").map_or(bytes, <[u8]>::trim_ascii_start)
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|at| at == sought)
}
