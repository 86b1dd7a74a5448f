//! The bytes of a letter → [`Letter`]; whatever is wrong with them becomes a [`Defect`], never an error.
//!
//! The structure (parts, borders, letters inside letters) is walked here, in one pass over the bytes and without
//! recursion: the parser crate has no caps of its own, turns text parts into lossy text (and so would damage a PDF
//! that is declared as text), and its tree of letters in letters can overflow the stack when it is dropped.
//! The grammar of header fields, character sets, base64 and quoted-printable are the crate's.

mod attachments;
mod body;
mod encoding;
mod headers;
mod kind;
mod limits;
mod name;
mod parameters;
mod structure;
#[cfg(test)]
mod tests;
mod words;

pub use limits::Limits;

use crate::model::{Defect, Digest, Letter};

/// Parses a letter within [`Limits::default`]. See [`letter_within`].
#[must_use]
pub fn letter(bytes: &[u8]) -> Letter {
    letter_within(bytes, &Limits::default())
}

/// Parses a letter (RFC 5322 with MIME, RFC 2045–2049). The same bytes always give the same letter.
///
/// Never fails: what cannot be read is named in [`Letter::defects`], and the letter's own bytes are the caller's to keep.
#[must_use]
pub fn letter_within(bytes: &[u8], limits: &Limits) -> Letter {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut letter = Letter::default();
    let head = headers::first(bytes, limits);
    if head.is_empty() {
        letter.defects.push(Defect::NotALetter);
        return letter;
    }
    headers::describe(&head, limits, &mut letter);
    if bytes.len() > limits.letter_bytes_max {
        let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        letter.defects.push(Defect::LetterTooLarge {
            bytes: size(bytes.len()),
            bytes_max: size(limits.letter_bytes_max),
        });
        return letter;
    }
    let texts = attachments::collect(bytes, limits, &mut letter);
    body::compose(texts, limits, &mut letter);
    if letter.attachments.is_empty() {
        letter.defects.push(Defect::NothingAttached);
    }
    letter.content_digest = Some(content_digest(&letter));
    letter
}

/// What the letter brought, whatever way it came: see [`Letter::content_digest`].
fn content_digest(letter: &Letter) -> Digest {
    let mut digests: Vec<[u8; 32]> =
        letter.attachments.iter().map(|attachment| attachment.digest.0).collect();
    digests.sort_unstable();
    digests.dedup();
    if digests.is_empty() {
        let sender = letter.from.as_ref().map_or("", |from| from.address.as_str());
        Digest::of([letter.subject.as_str(), sender, &letter.body].join("\0").as_bytes())
    } else {
        Digest::of(digests.as_flattened())
    }
}
