//! The octets of an answer → whether they look like what was asked for. What they say is not read here.

use super::error::{EvidenceFault, NotDer};
use crate::model::NeedKind;

/// The identifier octet of a SEQUENCE (X.690 §8.9): all three kinds of answers begin with it.
const SEQUENCE: u8 = 0x30;

/// Looks at the first octets and the length.
///
/// ```text
/// OCSPResponse ::= SEQUENCE {            -- RFC 6960 §4.2.1
///     responseStatus  OCSPResponseStatus,
///     responseBytes   [0] EXPLICIT ResponseBytes OPTIONAL }
/// ```
///
/// # Errors
/// It is no DER SEQUENCE of this very length, or an OCSP response that answers nothing.
pub(super) fn check(kind: NeedKind, host: &str, bytes: &[u8]) -> Result<(), EvidenceFault> {
    let not_der = |what| EvidenceFault::NotDer { host: host.to_owned(), what };
    let content = sequence(kind, bytes).map_err(not_der)?;
    match (kind, content) {
        (NeedKind::Ocsp, [0x0a, 1, 0, ..]) | (NeedKind::Crl | NeedKind::Issuer, _) => Ok(()),
        (NeedKind::Ocsp, &[0x0a, 1, status, ..]) => {
            Err(EvidenceFault::OcspStatus { host: host.to_owned(), status })
        }
        (NeedKind::Ocsp, _) => Err(not_der(NotDer::Other)),
    }
}

/// How far a page is looked for: an XML declaration, a comment or two and a document type stand before its element.
const PAGE_HEAD_BYTES: usize = 1024;

/// Whether this is HTML, where XML of another kind would be welcome.
pub(super) fn is_page(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = text.get(..PAGE_HEAD_BYTES).unwrap_or(text);
    let named = |mark: &[u8]| head.windows(mark.len()).any(|window| window.eq_ignore_ascii_case(mark));
    head.starts_with(b"<") && (named(b"<html") || named(b"<!doctype html"))
}

/// The content octets of a SEQUENCE that fills the answer.
fn sequence(kind: NeedKind, bytes: &[u8]) -> Result<&[u8], NotDer> {
    let rest = match bytes {
        [] => return Err(NotDer::Empty),
        [SEQUENCE, rest @ ..] => rest,
        other => return Err(instead(other)),
    };
    match rest {
        [] => Err(NotDer::Cut),
        [length @ 0..0x80, content @ ..] => exactly(content, usize::from(*length)),
        // RFC 5280 §4.2.2.1: certificates only come "BER or DER encoded", and BER may leave the length open.
        [0x80, content @ ..] if matches!(kind, NeedKind::Issuer) => Ok(content),
        [count @ 0x81..=0x84, rest @ ..] => {
            let (length, content) = rest.split_at_checked(usize::from(count & 0x7f)).ok_or(NotDer::Cut)?;
            exactly(content, length.iter().fold(0, |sum: usize, octet| (sum << 8) | usize::from(*octet)))
        }
        _ => Err(NotDer::Other),
    }
}

fn exactly(content: &[u8], length: usize) -> Result<&[u8], NotDer> {
    match content.len().cmp(&length) {
        std::cmp::Ordering::Less => Err(NotDer::Cut),
        std::cmp::Ordering::Equal => Ok(content),
        std::cmp::Ordering::Greater => Err(NotDer::Longer),
    }
}

fn instead(bytes: &[u8]) -> NotDer {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match text {
        [] => NotDer::Empty,
        [b'<', ..] => NotDer::Html,
        text if text.starts_with(b"-----BEGIN") => NotDer::Pem,
        _ => NotDer::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: NeedKind, bytes: &[u8]) -> Result<(), EvidenceFault> {
        check(kind, "ca.test", bytes)
    }

    #[track_caller]
    fn not_der(kind: NeedKind, bytes: &[u8], what: NotDer) {
        assert_eq!(told(kind, bytes), Err(EvidenceFault::NotDer { host: "ca.test".to_owned(), what }));
    }

    #[test]
    fn a_sequence_of_any_length_form_passes() {
        assert_eq!(told(NeedKind::Crl, &[0x30, 2, 5, 0]), Ok(()));
        assert_eq!(told(NeedKind::Crl, &[0x30, 0x81, 2, 5, 0]), Ok(()));
        assert_eq!(told(NeedKind::Crl, &[&[0x30, 0x82, 1, 0][..], &[0; 256]].concat()), Ok(()));
        assert_eq!(told(NeedKind::Issuer, &[0x30, 0x80, 5, 0, 0, 0]), Ok(()));
        not_der(NeedKind::Crl, &[0x30, 0x80, 5, 0, 0, 0], NotDer::Other);
    }

    #[test]
    fn what_is_something_else_is_named() {
        not_der(NeedKind::Crl, b"", NotDer::Empty);
        not_der(NeedKind::Crl, b"\r\n", NotDer::Empty);
        not_der(NeedKind::Crl, b"\xef\xbb\xbf\n <!DOCTYPE html>", NotDer::Html);
        not_der(NeedKind::Crl, b"-----BEGIN X509 CRL-----", NotDer::Pem);
        not_der(NeedKind::Crl, b"\x31\x00", NotDer::Other);
        not_der(NeedKind::Crl, &[0x30], NotDer::Cut);
        not_der(NeedKind::Crl, &[0x30, 3, 5, 0], NotDer::Cut);
        not_der(NeedKind::Crl, &[0x30, 0x84, 255, 255, 255], NotDer::Cut);
        not_der(NeedKind::Crl, &[0x30, 0x84, 255, 255, 255, 255, 1], NotDer::Cut);
        not_der(NeedKind::Crl, &[0x30, 2, 5, 0, b'\n'], NotDer::Longer);
        not_der(NeedKind::Crl, &[0x30, 0x85, 0, 0, 0, 0, 0], NotDer::Other);
    }

    #[test]
    fn a_page_is_told_from_other_xml() {
        for page in [
            &b"<!DOCTYPE html><p>"[..],
            b"\xef\xbb\xbf\n<HTML lang=\"uk\">",
            b"<?xml version=\"1.0\"?>\n<!-- x --><html xmlns=\"http://www.w3.org/1999/xhtml\">",
        ] {
            assert!(is_page(page), "{}", String::from_utf8_lossy(page));
        }
        let list =
            "<?xml version=\"1.0\"?>\n<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\">";
        for other in [list.as_bytes(), b"", b"0\x03<html", b"-----BEGIN CERTIFICATE-----"] {
            assert!(!is_page(other), "{}", String::from_utf8_lossy(other));
        }
    }

    #[test]
    fn an_ocsp_response_must_be_a_successful_one() {
        assert_eq!(told(NeedKind::Ocsp, &[0x30, 5, 0x0a, 1, 0, 0xa0, 0]), Ok(()));
        let later = told(NeedKind::Ocsp, &[0x30, 3, 0x0a, 1, 3]).unwrap_err();
        assert_eq!(later.to_string(), "ca.test: the OCSP responder answers tryLater");
        not_der(NeedKind::Ocsp, &[0x30, 2, 5, 0], NotDer::Other);
    }
}
