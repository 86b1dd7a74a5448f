//! The file name that a stranger gave → one that is harmless to show and to save.

use unicode_normalization::UnicodeNormalization as _;

use super::Limits;
use super::words::is_invisible;

/// Bytes that a file name may take on the usual file systems (ext4, XFS, NTFS count 255).
const NAME_BYTES_MAX: usize = 250;
/// Characters of an ending that are kept when a name is cut: `.p7s`, `.pdf.p7s`.
const ENDING_CHARS_MAX: usize = 12;

/// A file name made harmless.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Name {
    /// The name: NFC, no folders, no control characters, of limited length; perhaps empty.
    pub(super) text: String,
    /// Whether more than white space and the normal form had to change.
    pub(super) was_cleaned: bool,
}

/// Makes a name harmless. Colons stay: the official names have them in their time.
pub(super) fn harmless(given: &str, limits: &Limits) -> Name {
    let composed: String = given.nfc().collect();
    let last = composed.rsplit(['/', '\\']).find(|part| !part.trim_matches(['.', ' ']).is_empty());
    let visible: String =
        last.unwrap_or_default().chars().filter(|&c| !c.is_control() && !is_invisible(c)).collect();
    // Windows drops ending dots and spaces, and so could make another name of it; a leading dot hides a file.
    let plain = visible.trim().trim_end_matches(['.', ' ']).trim_start_matches(['.', ' ']);
    let text = shortened(&not_a_device(plain), limits.file_name_chars_max);
    let was_cleaned = text != composed.trim();
    Name { text, was_cleaned }
}

/// `CON`, `LPT1.pdf` and their like open a device on Windows, whatever follows the dot.
fn not_a_device(name: &str) -> String {
    let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let is_device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || numbered
            .is_some_and(|rest| rest.chars().count() == 1 && rest.contains(|c| "123456789¹²³".contains(c)));
    if is_device { format!("_{name}") } else { name.to_owned() }
}

/// Cuts the middle and keeps the ending, by which people and programs know what a file is.
fn shortened(name: &str, chars_max: usize) -> String {
    if name.chars().count() <= chars_max && name.len() <= NAME_BYTES_MAX {
        return name.to_owned();
    }
    let tail_at = name.char_indices().rev().take(ENDING_CHARS_MAX).last().map_or(0, |(at, _)| at);
    let (_, tail) = name.split_at(tail_at);
    let ending = tail.find('.').and_then(|dot| tail.get(dot..)).unwrap_or_default();
    let room = chars_max.saturating_sub(ending.chars().count());
    let mut short = String::new();
    for c in name.chars().take(room) {
        if short.len() + c.len_utf8() + ending.len() > NAME_BYTES_MAX {
            break;
        }
        short.push(c);
    }
    short + ending
}
