//! Two readings of one copy → one: what the first left unread, the second proposes. And whether a second one is needed.

use pages::Opened;

use super::{UNKNOWN, checks};
use crate::model::{ReadField, Reading, ReadingWarning, ReadingWay};

/// One letter in so many may be unknown without asking OCR, as long as no field has one.
const UNREAD_PART: u32 = 50;
/// A picture that covers so much of a page may be a page that was scanned.
const SCAN_PART: f32 = 0.3;

/// Whether OCR should look at the document: a page shows something and has no text, or too many letters are not known, or
/// one in a field is not.
#[must_use]
pub fn needs_ocr(opened: &Opened, reading: &Reading) -> bool {
    let unread = reading.fields.iter().any(|field| field.value.contains(UNKNOWN));
    let silent = |page: &pages::Page| {
        page.glyphs.iter().all(|glyph| !glyph.is_visible || glyph.text.trim().is_empty())
    };
    let scanned = |page: &pages::Page| {
        let area = page.width_pt * page.height_pt;
        let covers = |at: pages::Rect| (at.right - at.left) * (at.bottom - at.top) >= area * SCAN_PART;
        silent(page) && page.pictures.iter().any(|picture| covers(picture.at))
    };
    let nothing = reading.letters == reading.unread
        && opened.pages.iter().any(|page| !page.marks.is_empty() || !page.pictures.is_empty());
    unread || nothing || reading.unread > reading.letters / UNREAD_PART || opened.pages.iter().any(scanned)
}

/// Merges two readings of the same copy field by field: `proposed` fills what `first` left out or could not read whole. A
/// whole value stays unless `proposed` read it in a better way: a text layer goes before outlines, these before OCR.
///
/// Each field keeps its own way and confidence.
#[must_use]
pub fn prefer(first: Reading, proposed: Reading) -> Reading {
    let is_first = |field: &ReadField| {
        let other = proposed.fields.iter().find(|other| other.name == field.name);
        other.is_none_or(|other| rank(field) <= rank(other))
    };
    let mut fields: Vec<ReadField> = first.fields.iter().filter(|field| is_first(field)).cloned().collect();
    let kept = fields.len();
    let added: Vec<ReadField> = proposed
        .fields
        .iter()
        .filter(|field| fields.iter().all(|own| own.name != field.name))
        .cloned()
        .collect();
    let from_first = |name: &str| fields.iter().take(kept).any(|field| field.name == name);
    let mut warnings: Vec<ReadingWarning> =
        first.warnings.iter().filter(|warning| of_field(warning).is_some_and(from_first)).cloned().collect();
    let is_added = |name: &str| added.iter().any(|field| field.name == name);
    warnings
        .extend(proposed.warnings.iter().filter(|warning| of_field(warning).is_some_and(is_added)).cloned());
    fields.extend(added.iter().cloned());
    fields.sort_by_key(|field| (field.place.page, field.place.top, field.place.left));
    warnings.extend(checks::of_numbers(&fields));
    // What both miss is missing; of the kind of document the one that told it speaks.
    let teller = if first.document.is_some() { &first } else { &proposed };
    for warning in &teller.warnings {
        let stays = match warning {
            ReadingWarning::Missing { field } => fields.iter().all(|own| own.name != *field),
            ReadingWarning::FileName { field } => field == "document",
            _ => false,
        };
        if stays && !warnings.contains(warning) {
            warnings.push(warning.clone());
        }
    }
    let better_text = known_part(&first) >= known_part(&proposed);
    let (text, way, letters, unread) = if better_text {
        (first.text, first.way, first.letters, first.unread)
    } else {
        (proposed.text, proposed.way, proposed.letters, proposed.unread)
    };
    Reading {
        way,
        document: first.document.or(proposed.document),
        fields,
        text,
        letters,
        unread,
        drawn: first.drawn.max(proposed.drawn),
        pages: first.pages.max(proposed.pages),
        warnings,
        oddities: if first.oddities.is_empty() { proposed.oddities } else { first.oddities },
        trouble: first.trouble.and(proposed.trouble),
    }
}

/// The lower the better: whole before unread, then by way.
fn rank(field: &ReadField) -> (bool, u8) {
    let way = match field.way {
        ReadingWay::TextLayer => 0,
        ReadingWay::Outlines => 1,
        ReadingWay::Ocr => 2,
        ReadingWay::FileName => 3,
        ReadingWay::Unread => 4,
    };
    (field.value.contains(UNKNOWN), way)
}

/// Whether half of the letters are known: of such texts the better way's counts.
fn known_part(reading: &Reading) -> (bool, u8) {
    let is_read = reading.letters > 0 && reading.unread * 2 <= reading.letters;
    let way = match reading.way {
        ReadingWay::TextLayer => 2,
        ReadingWay::Outlines => 1,
        _ => 0,
    };
    (is_read, way)
}

/// The field that a warning is of, for warnings that go with its value; contradictions and check digits are found anew.
fn of_field(warning: &ReadingWarning) -> Option<&str> {
    match warning {
        ReadingWarning::Form { field } | ReadingWarning::Unread { field } => Some(field),
        ReadingWarning::FileName { field } if field != "document" => Some(field),
        _ => None,
    }
}
