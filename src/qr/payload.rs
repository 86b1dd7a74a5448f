//! Mailbox and token → the payload of an own code, and back; a pasted link → the payload of a registered code.

use super::QrError;
use crate::model::{MailboxId, Token};

/// Bytes in the payload of an own code: what a QR code of version 5 holds at level M (ISO/IEC 18004, table 7). Its
/// modules are still 2 mm wide on the poster, so that a phone reads them from across a counter.
pub const PAYLOAD_BYTES_MAX: usize = 84;

/// Bytes in the payload of a registered code: what the largest QR code (version 40) holds at level M.
pub const REGISTERED_BYTES_MAX: usize = 2_331;

const SCHEME: &str = "mailto:";
const SUBJECT: &str = "subject";

/// Characters of a token as printed, hyphens included.
const TOKEN_CHARS: usize = 16;

/// Bytes of an address, as the link writes it, that fit beside the token.
pub const ADDRESS_BYTES_MAX: usize = PAYLOAD_BYTES_MAX - SCHEME.len() - "?subject=".len() - TOKEN_CHARS;

/// The payload of an own code: a `mailto:` link (RFC 6068) to the mailbox with the token as subject; ASCII.
///
/// # Errors
/// When the address is longer than [`ADDRESS_BYTES_MAX`] as a link writes it.
pub fn own_payload(mailbox: &MailboxId, token: Token) -> Result<String, QrError> {
    let address = encoded_address(mailbox.as_str());
    if address.len() > ADDRESS_BYTES_MAX {
        return Err(QrError::AddressTooLong {
            mailbox: mailbox.clone(),
            bytes: address.len(),
            bytes_max: ADDRESS_BYTES_MAX,
        });
    }
    Ok(format!("{SCHEME}{address}?{SUBJECT}={token}"))
}

/// What a payload of ours says; none for any other text. Forgiving where RFC 6068 is: case of the scheme and of the
/// field's name, percent-encoding, further fields.
#[must_use]
pub fn read_own_payload(payload: &str) -> Option<(MailboxId, Token)> {
    let (scheme, rest) = payload.trim().split_at_checked(SCHEME.len())?;
    if !scheme.eq_ignore_ascii_case(SCHEME) || rest.len() > REGISTERED_BYTES_MAX {
        return None;
    }
    let (address, fields) = rest.split_once('?')?;
    let subject = fields
        .split('&')
        .filter_map(|field| field.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case(SUBJECT))?
        .1;
    Some((decoded(address)?.parse().ok()?, decoded(subject)?.parse().ok()?))
}

/// The payload of a registered code as pasted or scanned: a link of the Дія application, kept as it is.
///
/// Taken when it is `https`, at `diia.app` or a name below it, with a path, without spaces and control characters.
///
/// # Errors
/// When it is anything else; the error says what it is.
pub fn registered_payload(text: &str) -> Result<String, QrError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(QrError::EmptyLink);
    }
    if text.len() > REGISTERED_BYTES_MAX {
        return Err(QrError::LinkTooLong { bytes: text.len(), bytes_max: REGISTERED_BYTES_MAX });
    }
    if starts_with(text, SCHEME) {
        return Err(QrError::OwnCodeLink);
    }
    if let Some(c) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return Err(QrError::LinkWithSpace { found: c });
    }
    let (host, path) = parts_of(text)?;
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    if name != "diia.app" && !name.ends_with(".diia.app") {
        return Err(QrError::OtherSite { host });
    }
    if path.is_empty() { Err(QrError::LinkWithoutPath) } else { Ok(text.to_owned()) }
}

/// Host and path (without its first slash) of an `https` link.
fn parts_of(link: &str) -> Result<(String, &str), QrError> {
    let Some((scheme, rest)) = link.split_once("://") else {
        return Err(QrError::NotALink { found: brief(link) });
    };
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(QrError::NotHttps { scheme: brief(scheme) });
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    // `https://diia.app@elsewhere/` leads elsewhere; a port or a `\` is in no link of the application.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if !host.chars().all(plain) || tail.starts_with('\\') {
        return Err(QrError::OtherSite { host: brief(host) });
    }
    Ok((brief(host), tail.strip_prefix('/').unwrap_or_default()))
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.split_at_checked(scheme.len()).is_some_and(|(start, _)| start.eq_ignore_ascii_case(scheme))
}

/// The beginning of a text, for a message.
pub(super) fn brief(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut brief: String = text.chars().filter(|c| !c.is_control()).take(CHARS_MAX).collect();
    if text.chars().count() > CHARS_MAX {
        brief.push('…');
    }
    brief
}

/// The address with everything percent-encoded that could be misread in a link.
///
/// RFC 6068 §2 demands it for `%`, `/`, `?`, `#`, `[`, `]`, `&`, `;`, `=` and for what no URI may hold; a comma would
/// begin another address, and some programs take `+` for a space (§5 allows to encode it).
fn encoded_address(address: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~@!$'*".contains(c);
    address.chars().fold(String::with_capacity(address.len()), |mut encoded, c| {
        if plain(c) {
            encoded.push(c);
        } else {
            let mut utf8 = [0; 4];
            for byte in c.encode_utf8(&mut utf8).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        encoded
    })
}

/// The text with its percent-encoding undone; none when that is broken or the bytes are no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token::new(0x0012_3456_789a_bcde).unwrap()
    }

    fn mailbox(address: &str) -> MailboxId {
        address.parse().unwrap()
    }

    #[test]
    fn an_own_code_is_a_letter_with_its_subject_filled_in() {
        let payload = own_payload(&mailbox("cnap@example.org"), token()).unwrap();
        assert_eq!(payload, format!("mailto:cnap@example.org?subject={}", token()));
    }

    #[test]
    fn an_own_code_reads_back_whatever_is_in_the_address() {
        for address in ["cnap@example.org", "a.b+c%d/e?f#g&h=i@x.ua", "o'neil!$*{|}^`~_-@x-y.ua"] {
            let payload = own_payload(&mailbox(address), token()).unwrap();
            assert!(payload.is_ascii() && payload.len() <= PAYLOAD_BYTES_MAX, "{payload}");
            assert!(!payload.contains(['+', '#', ' ', '{']), "{payload}");
            assert_eq!(payload.matches('?').count(), 1, "{payload}");
            assert_eq!(read_own_payload(&payload), Some((mailbox(address), token())), "{payload}");
        }
    }

    #[test]
    fn an_address_is_taken_up_to_the_limit_and_the_error_says_it() {
        let longest = format!("{}@example.org", "a".repeat(ADDRESS_BYTES_MAX - 12));
        let payload = own_payload(&mailbox(&longest), token()).unwrap();
        assert_eq!(payload.len(), PAYLOAD_BYTES_MAX);
        let error = own_payload(&mailbox(&format!("a{longest}")), token()).unwrap_err();
        assert!(error.to_string().contains("52"), "{error}");
        // A plus takes three bytes in a link.
        assert!(own_payload(&mailbox(&longest.replacen('a', "+", 1)), token()).is_err());
    }

    #[test]
    fn a_full_payload_fits_version_5_at_level_m() {
        let code =
            qrcode::QrCode::with_error_correction_level("a".repeat(PAYLOAD_BYTES_MAX), qrcode::EcLevel::M);
        assert_eq!(code.unwrap().version(), qrcode::Version::Normal(5));
    }

    #[test]
    fn reading_an_own_payload_forgives_and_refuses() {
        let expected = Some((mailbox("cnap@example.org"), token()));
        for good in [
            format!("MAILTO:CNAP@example.org?SUBJECT={token}", token = token()),
            format!(" mailto:cnap%40example.org?body=a&subject={}\n", token().to_string().to_lowercase()),
            format!("mailto:cnap@example.org?subject={}", token().to_string().replace('-', "%20")),
        ] {
            assert_eq!(read_own_payload(&good), expected, "{good}");
        }
        for bad in [
            "",
            "mailto:",
            "mailto:cnap@example.org",
            "mailto:cnap@example.org?subject=hello",
            "mailto:cnap@example.org?subject=%4",
            "mailto:cnap@example.org?subject=%+f",
            "https://diia.app/x",
            "маілто:cnap@example.org",
        ] {
            assert_eq!(read_own_payload(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_registered_code_is_a_link_of_the_application_kept_as_it_is() {
        for good in [
            "https://diia.app/documents/offer-request-static/x?y=1#z",
            "HTTPS://Diia.App/a",
            "https://go.diia.app/a",
        ] {
            assert_eq!(registered_payload(&format!("  {good}\n")).unwrap(), good);
        }
    }

    #[test]
    fn anything_else_is_named() {
        let long = format!("https://diia.app/{}", "a".repeat(REGISTERED_BYTES_MAX));
        for (text, named) in [
            ("", "empty"),
            ("mailto:cnap@example.org?subject=7", "own code"),
            ("MAILTO:x", "own code"),
            ("http://diia.app/a", "http"),
            ("https://example.org/a", "example.org"),
            ("https://diia.app.example.org/a", "diia.app.example.org"),
            ("https://notdiia.app/a", "notdiia.app"),
            ("https://diia.app@example.org/a", "diia.app@example.org"),
            ("https://diia.app\\@example.org/a", "diia.app"),
            ("https://diia.app:8443/a", "diia.app:8443"),
            ("https:///a", "another site"),
            ("https://diia.app", "nothing after"),
            ("https://diia.app/", "nothing after"),
            ("https://diia.app?x=1", "nothing after"),
            ("https://diia.app/a b", "space"),
            ("https://diia.app/a\u{7}b", "space"),
            ("WIFI:S:cafe;;", "WIFI"),
            ("diia.app/a", "diia.app/a"),
            (long.as_str(), "2331"),
        ] {
            let error = registered_payload(text).unwrap_err().to_string();
            assert!(error.contains(named), "{text:?}: {error}");
            assert!(error.contains("cabinet") || error.contains("code issue"), "no remedy: {error}");
        }
    }
}
