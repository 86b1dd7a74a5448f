//! A folder's plain name ↔ the way it travels: modified UTF-7 (RFC 3501 §5.1.3).

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 without padding and with `,` for `/`.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The name as it travels: printable ASCII only, whatever the name holds.
pub(super) fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut units = Vec::new();
    for letter in name.chars() {
        if (' '..='~').contains(&letter) {
            flush(&mut wire, &mut units);
            wire.push(letter);
            if letter == '&' {
                wire.push('-');
            }
        } else {
            units.extend(letter.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut wire, &mut units);
    wire
}

fn flush(wire: &mut String, units: &mut Vec<u8>) {
    if !units.is_empty() {
        wire.push('&');
        BASE64.encode_string(&*units, wire);
        wire.push('-');
        units.clear();
    }
}

/// The plain name. What is not modified UTF-7 is given back as it came: newer servers send UTF-8 (RFC 9051 §5.1).
pub(super) fn decode(wire: &str) -> String {
    try_decode(wire).unwrap_or_else(|| wire.to_owned())
}

fn try_decode(wire: &str) -> Option<String> {
    let mut name = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((plain, shifted)) = rest.split_once('&') {
        let (encoded, after) = shifted.split_once('-')?;
        name.push_str(plain);
        if encoded.is_empty() {
            name.push('&');
        } else {
            let bytes = BASE64.decode(encoded).ok()?;
            let pairs = bytes.chunks_exact(2);
            if !pairs.remainder().is_empty() {
                return None;
            }
            let units: Vec<u16> =
                pairs.map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))).collect();
            name.push_str(&String::from_utf16(&units).ok()?);
        }
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

/// A name as a quoted string of a command (RFC 9051 §4.3), already encoded: it cannot break out of its quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", encode(name).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether two names mean one folder: INBOX is the only one whose case does not matter (RFC 9051 §5.1).
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || (a.eq_ignore_ascii_case("INBOX") && b.eq_ignore_ascii_case("INBOX"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_travels_as_the_standard_says_and_comes_back() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("Спам", "&BCEEPwQwBDw-"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("R&D", "R&-D"),
            ("Спам & Co", "&BCEEPwQwBDw- &- Co"),
            ("😀", "&2D3eAA-"),
            ("", ""),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire), name);
        }
    }

    #[test]
    fn what_is_not_modified_utf7_is_given_back_as_it_came() {
        for odd in ["Спам", "a&b", "&BCE", "&!!-", "&BA-", "&2D0-"] {
            assert_eq!(decode(odd), odd, "{odd}");
        }
    }

    #[test]
    fn a_name_cannot_smuggle_a_command() {
        assert_eq!(quoted("a\"b\\c"), r#""a\"b\\c""#);
        let smuggled = quoted("x\"\r\nT DELETE INBOX");
        assert!(smuggled.is_ascii() && !smuggled.contains(['\r', '\n']), "{smuggled}");
    }
}
