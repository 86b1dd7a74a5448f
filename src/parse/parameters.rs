//! A Content-Type or Content-Disposition field → its value and parameters (RFC 2045 §5.1, RFC 2183, RFC 2231).
//!
//! Written here because the crate reads the second and later pieces of a split name without their character set.

use super::words::{decoded, hex_pair, in_charset, undeclared};

/// Parameters of one field that are looked at; a name of 255 bytes split into lines of 75 takes a dozen.
const PARAMETERS_MAX: usize = 100;

/// A field's value and its parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    /// The value, lower case: `text/plain`, `attachment`; empty when there is none.
    pub(super) value: String,
    found: Vec<Parameter>,
}

#[derive(Clone, Debug)]
struct Parameter {
    /// Lower case, without the marks of RFC 2231.
    name: String,
    /// Which piece of a split value: 0 also for a whole one.
    piece: u32,
    /// Whether the name was marked as RFC 2231 marks it: such a value goes before a plain one.
    extended: bool,
    /// Whether the text is percent-encoded.
    encoded: bool,
    text: String,
}

impl Parameters {
    /// Reads the field's value, already unfolded.
    pub(super) fn read(field: &str) -> Self {
        let mut pieces = split(field).into_iter();
        let value = pieces.next().unwrap_or_default();
        let value = value.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        let found = pieces.take(PARAMETERS_MAX).filter_map(|piece| parameter(&piece)).collect();
        Self { value, found }
    }

    /// Whether the parameter of that name (lower case) is written twice with different values, or in both ways.
    pub(super) fn contradicts(&self, name: &str) -> bool {
        let named = || self.found.iter().filter(|parameter| parameter.name == name);
        let is_both = named().any(|one| one.extended) && named().any(|one| !one.extended);
        let same_piece = |one: &Parameter, other: &Parameter| {
            one.extended == other.extended && one.piece == other.piece && one.text != other.text
        };
        is_both || named().any(|one| named().any(|other| same_piece(one, other)))
    }

    /// The parameter of that name (lower case), decoded.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let named = || self.found.iter().filter(|parameter| parameter.name == name);
        let mut pieces: Vec<&Parameter> = named().filter(|parameter| parameter.extended).collect();
        if pieces.is_empty() {
            // Many programs write encoded words here, though RFC 2047 §5 forbids it.
            return named().next().map(|plain| decoded(&plain.text));
        }
        pieces.sort_by_key(|parameter| parameter.piece);
        let mut bytes = Vec::new();
        let mut charset = None;
        for parameter in pieces {
            let mut text = parameter.text.as_str();
            if parameter.encoded {
                if charset.is_none()
                    && let Some((named, rest)) = text.split_once('\'')
                    && let Some((_language, rest)) = rest.split_once('\'')
                {
                    charset = Some(named);
                    text = rest;
                }
                bytes.extend(percent_decoded(text));
            } else {
                bytes.extend_from_slice(text.as_bytes());
            }
        }
        Some(charset.map_or_else(|| undeclared(&bytes), |charset| in_charset(&bytes, charset)))
    }
}

/// The field in pieces at its semicolons, without comments; a semicolon inside quotes does not count.
///
/// A comment begins behind a space: many programs do not quote `name=copy(1).pdf`.
fn split(field: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped, mut comments) = (false, false, 0_usize);
    let mut before = ' ';
    for c in field.chars() {
        let mut keep = comments == 0;
        if escaped {
            escaped = false;
        } else {
            match c {
                '\\' if quoted || comments > 0 => escaped = true,
                '"' if comments == 0 => quoted = !quoted,
                '(' if !quoted && (comments > 0 || matches!(before, ' ' | '\t' | ';')) => {
                    comments += 1;
                    keep = false;
                }
                ')' if comments > 0 => comments -= 1,
                ';' if !quoted && comments == 0 => {
                    pieces.push(String::new());
                    keep = false;
                }
                _ => {}
            }
        }
        if keep && let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
        before = c;
    }
    pieces
}

fn parameter(piece: &str) -> Option<Parameter> {
    let (name, text) = piece.split_once('=')?;
    let name = name.trim().to_ascii_lowercase();
    let (name, marks) =
        name.split_once('*').map_or((name.as_str(), None), |(name, marks)| (name, Some(marks)));
    let encoded = marks.is_some_and(|marks| marks.is_empty() || marks.ends_with('*'));
    let piece = marks.and_then(|marks| marks.trim_end_matches('*').parse().ok()).unwrap_or(0);
    Some(Parameter {
        name: name.to_owned(),
        piece,
        extended: marks.is_some(),
        encoded,
        text: unquoted(text.trim()),
    })
}

fn unquoted(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"') else { return text.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut plain = String::with_capacity(inner.len());
    let mut rest = inner.chars().peekable();
    while let Some(c) = rest.next() {
        // Only what must be escaped is unescaped: a Windows path keeps its backslashes, and so loses its folders later.
        match (c, rest.peek()) {
            ('\\', Some('"' | '\\')) => plain.extend(rest.next()),
            _ => plain.push(c),
        }
    }
    plain
}

/// A wrong escape stays as it is written.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let [b'%', high, low, after @ ..] = rest
            && let Some(byte) = hex_pair(*high, *low)
        {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    bytes
}
