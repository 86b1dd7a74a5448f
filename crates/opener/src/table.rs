//! The octets of a file, its tables of objects and trailers → whether they are broken, added to, encrypted.

use crate::limits::TABLE_ENTRIES_MAX;

/// The word before the place of the last table.
const START: &[u8] = b"startxref";
/// An entry of a table of the first kind (ISO 32000-1, 7.5.4).
const ENTRY_LENGTH: usize = 20;

/// Whether the table of objects that the file names last is not where it says, or names other places than its objects'.
pub(crate) fn is_broken(bytes: &[u8]) -> bool {
    // Some files have octets before their header, and count from it.
    let shift = find(bytes, b"%PDF-", 0).unwrap_or(0);
    let Some(place) = starts(bytes).last().and_then(|start| start.place) else { return true };
    !(table_stands(bytes, place, 0) || shift > 0 && table_stands(bytes, place + shift, shift))
}

/// Whether something was added to the file after it was written. The first half of a linearized file ends with «0».
pub(crate) fn was_updated(bytes: &[u8]) -> bool {
    starts(bytes).filter(|start| start.place.is_some_and(|place| place > 0)).nth(1).is_some()
}

/// Whether a trailer names how the file is encrypted.
pub(crate) fn names_encryption(bytes: &[u8]) -> bool {
    let word = b"/Encrypt";
    let mut from = 0;
    while let Some(at) = find(bytes, word, from) {
        let after = bytes.get(at + word.len()..).unwrap_or_default();
        let value = after.trim_ascii_start();
        // Not `/EncryptMetadata`; its value is a reference or a dictionary.
        let is_name_over = value.len() < after.len() || value.starts_with(b"<<");
        if is_name_over && (value.starts_with(b"<<") || value.first().is_some_and(u8::is_ascii_digit)) {
            return true;
        }
        from = at + word.len();
    }
    false
}

struct Start {
    place: Option<usize>,
}

fn starts(bytes: &[u8]) -> impl Iterator<Item = Start> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = find(bytes, START, from)?;
        from = at + START.len();
        Some(Start { place: number(bytes.get(from..)?).map(|(number, _)| number) })
    })
}

fn table_stands(bytes: &[u8], place: usize, shift: usize) -> bool {
    let Some(table) = bytes.get(place..).map(<[u8]>::trim_ascii_start) else { return false };
    match table.strip_prefix(b"xref") {
        Some(rest) => entries_stand(bytes, rest, shift),
        None => is_object(table, None),
    }
}

fn entries_stand(bytes: &[u8], mut rest: &[u8], shift: usize) -> bool {
    let mut looked_at = 0;
    while let Some((first, after)) = number(rest) {
        let Some((count, after)) = number(after) else { return false };
        rest = after.trim_ascii_start();
        for object in first..first.saturating_add(count) {
            looked_at += 1;
            if looked_at > TABLE_ENTRIES_MAX {
                return true;
            }
            let Some((entry, after)) =
                rest.split_at_checked(ENTRY_LENGTH).or_else(|| rest.split_at_checked(18))
            else {
                return false;
            };
            let is_used = entry.get(17) == Some(&b'n');
            let stands = number(entry).and_then(|(place, _)| bytes.get(place + shift..));
            if is_used && !stands.is_some_and(|at| is_object(at, Some(object))) {
                return false;
            }
            rest = after;
        }
    }
    rest.trim_ascii_start().starts_with(b"trailer")
}

/// Whether an object begins here: `7 0 obj`.
fn is_object(at: &[u8], wanted: Option<usize>) -> bool {
    let Some((object, after)) = number(at) else { return false };
    let Some((_, after)) = number(after) else { return false };
    wanted.is_none_or(|wanted| wanted == object) && after.trim_ascii_start().starts_with(b"obj")
}

/// A whole number after white space, and what follows.
fn number(text: &[u8]) -> Option<(usize, &[u8])> {
    let text = text.trim_ascii_start();
    let digits = text.iter().take(12).take_while(|octet| octet.is_ascii_digit()).count();
    let (digits, after) = text.split_at_checked(digits)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, after))
}

fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let first = *word.first()?;
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|octet| *octet == first)?;
        if bytes.get(at..)?.starts_with(word) {
            return Some(at);
        }
        at += 1;
    }
}
