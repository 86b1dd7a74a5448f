//! A copy that was read + what must stand on its pages → what its shapes are.

use pages::{Alphabet, Evidence, Learned, MarkRow, OcrWord, Opened, OutlineReader, Proposal, Shape};

use crate::model::{Digest, Reading, ReadingWay};
use crate::reading::{KnownBy, KnownWord};

/// Points by which the place of a text and that of its marks may differ: OCR sees whole pixels.
const NEAR_PT: f32 = 2.5;

/// What the shapes of one copy are by what must stand on it, and by what OCR believes to see.
#[derive(Clone, PartialEq, Debug)]
pub struct Lesson {
    shapes: Vec<Shape>,
    proposals: Vec<Proposal>,
}

impl Lesson {
    /// What a copy can teach; nothing where it has no outlines, or where each letter of it is known already. `known` finds
    /// the words of which it is certain what they say, where there is something to learn.
    pub(super) fn of(
        opened: &Opened,
        read: &Reading,
        alphabet: &Alphabet,
        known: impl FnOnce() -> Vec<KnownWord>,
        seen: &[OcrWord],
    ) -> Option<Self> {
        let is_known = read.way == ReadingWay::Outlines && read.unread == 0;
        let first = opened.pages.first()?;
        if is_known || first.marks.is_empty() {
            return None;
        }
        let reader = OutlineReader::new(&opened.shapes, alphabet);
        let rows = pages::rows_of_marks(first);
        let mut proposals = Vec::new();
        for known in known().iter().filter(|known| known.page == first.number) {
            let evidence = evidence(known, read);
            for row in rows.iter().filter_map(|row| part_of(row, known)) {
                proposals.extend(pages::align_known_text(first, &row, &reader, &known.text, &evidence));
            }
        }
        proposals.extend(pages::align_ocr(first, &rows, &reader, seen));
        (!proposals.is_empty()).then(|| Self { shapes: opened.shapes.clone(), proposals })
    }

    /// Adds it to an alphabet: the copy with this digest says so.
    pub fn teach(&self, alphabet: &mut Alphabet, copy: &Digest) -> Learned {
        alphabet.learn(Some(copy.0.into()), &self.shapes, &self.proposals)
    }
}

fn evidence(known: &KnownWord, read: &Reading) -> Evidence {
    match known.by {
        KnownBy::Template => {
            let document = read.document.as_ref().map(|document| document.as_str().to_owned());
            Evidence::Label { document: document.unwrap_or_default() }
        }
        KnownBy::FileName => Evidence::FileName,
        KnownBy::CheckDigit => Evidence::CheckedNumber,
    }
}

/// The pieces of a row that lie where a text stands.
fn part_of(row: &MarkRow, known: &KnownWord) -> Option<MarkRow> {
    let at = known.at;
    let is_in = |piece: &&pages::Piece| {
        let (x, y) =
            (f32::midpoint(piece.at.left, piece.at.right), f32::midpoint(piece.at.top, piece.at.bottom));
        (at.left - NEAR_PT..=at.right + NEAR_PT).contains(&x)
            && (at.top - NEAR_PT..=at.bottom + NEAR_PT).contains(&y)
    };
    let pieces: Vec<_> = row.pieces.iter().filter(is_in).copied().collect();
    (!pieces.is_empty()).then_some(MarkRow { pieces })
}
