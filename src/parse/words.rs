//! Header text → readable text: folding, encoded words (RFC 2047), undeclared character sets, dangerous characters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_parser::decoders::charsets::map::charset_decoder;

use super::encoding::base64_whole;

/// Bytes of one encoded word that are looked at; RFC 2047 §2 allows 75, some programs write a whole name in one.
const WORD_BYTES_MAX: usize = 2_000;

/// Text of bytes whose character set was not declared: UTF-8 where it is that, else what Ukrainian programs wrote before.
pub(super) fn undeclared(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| in_charset(bytes, "windows-1251"), str::to_owned)
}

/// Text of bytes in a declared character set; an unknown or ASCII one counts as undeclared.
pub(super) fn in_charset(bytes: &[u8], charset: &str) -> String {
    let ascii = charset.is_empty()
        || charset.eq_ignore_ascii_case("us-ascii")
        || charset.eq_ignore_ascii_case("ascii");
    if ascii && std::str::from_utf8(bytes).is_err() {
        return in_charset(bytes, "windows-1251");
    }
    match charset_decoder(charset.as_bytes()) {
        Some(decode) if !ascii => decode(bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A field's value on one line: the line ends of folding (RFC 5322 §2.2.3) are removed.
pub(super) fn unfolded(value: &[u8]) -> String {
    let flat: Vec<u8> = value.iter().copied().filter(|c| !matches!(c, b'\r' | b'\n' | 0)).collect();
    undeclared(&flat).trim().to_owned()
}

/// The text with its encoded words decoded.
///
/// Neighbouring words of one character set are decoded together: many programs cut a letter's two bytes apart.
pub(super) fn decoded(text: &str) -> String {
    with_words(text, |word| word)
}

/// The text with its encoded words written anew, each run of them as one whole word.
pub(super) fn recoded(text: &str) -> String {
    with_words(text, |word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)))
}

/// Text for one line: without line ends, control characters and characters that hide or reorder their neighbours.
pub(super) fn one_line(text: &str, chars_max: usize) -> String {
    let spaced: String = text
        .chars()
        .filter(|&c| !is_invisible(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(chars_max)
        .collect();
    spaced.trim().to_owned()
}

/// Characters that show nothing, or turn the direction of others (Unicode UAX #9 §2): a name must show what it is.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

fn with_words(text: &str, write: impl Fn(String) -> String) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        result.push_str(before);
        let Some((mut run, mut after)) = word(from) else {
            result.push_str("=?");
            rest = from.get(2..).unwrap_or_default();
            continue;
        };
        let mut readable = String::new();
        while let Some((next, behind)) = word(after.trim_start()) {
            if next.charset.eq_ignore_ascii_case(run.charset) {
                run.bytes.extend(next.bytes);
            } else {
                readable += &in_charset(&run.bytes, run.charset);
                run = next;
            }
            after = behind;
        }
        readable += &in_charset(&run.bytes, run.charset);
        result += &write(readable);
        rest = after;
    }
    result + rest
}

/// The encoded word at the very start of `text`, and what follows it.
fn word(text: &str) -> Option<(Word<'_>, &str)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
    if charset.is_empty() || charset.len() > 40 || !charset.bytes().all(|c| c.is_ascii_graphic()) {
        return None;
    }
    let (encoding, rest) = rest.split_once('?')?;
    let window = rest.get(..WORD_BYTES_MAX).unwrap_or(rest);
    let end = window.find("?=")?;
    let (data, after) = (rest.get(..end)?, rest.get(end + 2..)?);
    let bytes = match encoding {
        "B" | "b" => base64_whole(data.as_bytes())?,
        "Q" | "q" => q_decoded(data.as_bytes())?,
        _ => return None,
    };
    // RFC 2231 §5: a language may follow the character set.
    let charset = charset.split_once('*').map_or(charset, |(charset, _)| charset);
    Some((Word { charset, bytes }, after))
}

fn q_decoded(data: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data.iter();
    while let Some(&c) = rest.next() {
        bytes.push(match c {
            b'_' => b' ',
            b'=' => hex_pair(*rest.next()?, *rest.next()?)?,
            other => other,
        });
    }
    Some(bytes)
}

/// The byte that two hexadecimal digits write.
pub(super) fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? * 16 + digit(low)?)
}
