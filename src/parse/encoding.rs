//! Transferred bytes → the content (RFC 2045 §6), or the news that it is damaged.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::headers::{Field, Head};

/// A part's content with its transfer encoding undone.
#[derive(Debug)]
pub(super) struct Content<'a> {
    /// The bytes; when damaged, as much as could be told, or the transferred bytes as they are.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Whether the encoding is broken.
    pub(super) is_damaged: bool,
    /// The encoding named, lower case, when nobody knows it.
    pub(super) unknown: Option<String>,
}

/// Whether the head names an encoding that changes bytes.
pub(super) fn is_encoded(head: &Head<'_>) -> bool {
    matches!(named(head).as_str(), "base64" | "quoted-printable")
}

/// Undoes the encoding that the head names.
pub(super) fn content<'a>(head: &Head<'_>, bytes: &'a [u8]) -> Content<'a> {
    let whole = |bytes| Content { bytes, is_damaged: false, unknown: None };
    match named(head).as_str() {
        "base64" => base64(bytes),
        "quoted-printable" => match quoted_printable_decode(bytes) {
            Some(decoded) => whole(decoded.into()),
            None => Content { bytes: bytes.into(), is_damaged: true, unknown: None },
        },
        "" | "7bit" | "8bit" | "binary" => whole(bytes.into()),
        other => Content { bytes: bytes.into(), is_damaged: false, unknown: Some(other.to_owned()) },
    }
}

/// Something that is not base64 is kept as it came: half a decoding would be neither the file nor what was sent.
fn base64(bytes: &[u8]) -> Content<'_> {
    let Some(decoded) = base64_whole(bytes) else {
        return Content { bytes: bytes.into(), is_damaged: true, unknown: None };
    };
    // One symbol over holds six bits of a byte: the rest of it was lost.
    let symbols = bytes.iter().filter(|c| !c.is_ascii_whitespace() && **c != b'=').count();
    Content { bytes: decoded.into(), is_damaged: symbols % 4 == 1, unknown: None }
}

/// What base64 says, or none when a sign in it is not base64's.
///
/// The crate takes the byte 0xff for an end of its own and leaves out whatever follows, where other programs read on:
/// a person would then see another file than the one that was examined.
pub(super) fn base64_whole(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.contains(&0xff) { None } else { base64_decode(bytes) }
}

fn named(head: &Head<'_>) -> String {
    let field = head.first(Field::ContentTransferEncoding).unwrap_or_default();
    let end = field.find([';', '(', ' ']).unwrap_or(field.len());
    field.get(..end).unwrap_or_default().trim().chars().take(40).collect::<String>().to_ascii_lowercase()
}
