//! A copy that was read + what must stand on its pages → what its shapes are.

use pages::{
    Alphabet, Evidence, Learned, MarkRow, OcrWord, Opened, OutlineReader, Page, Proposal, Shape, TrustRule,
};

use crate::model::{Digest, Reading, ReadingWay};
use crate::reading::{self, KnownBy, KnownWord, PageLines, Templates};

/// Points by which the place of a text and that of its marks may differ: OCR sees whole pixels.
const NEAR_PT: f32 = 2.5;

/// What one text proves helps to find the next at most so many times; most is found in two.
const ROUNDS_MAX: usize = 6;
/// What is certain on a page is a letter of this page.
const AT_ONCE: TrustRule = TrustRule { agreements: 1, copies: 0 };

/// What the names of two files say is not known by that; a number that is read by it and passes its check confirms it.
const LIKELY: TrustRule = TrustRule { agreements: 4, copies: 1 };

/// What the shapes of one copy are by what must stand on it, and by what OCR believes to see.
#[derive(Clone, PartialEq, Debug)]
pub struct Lesson {
    shapes: Vec<Shape>,
    proposals: Vec<Proposal>,
}

/// What is said of a copy beside its marks.
pub(super) struct Said<'a> {
    /// What was read of it.
    pub(super) read: &'a Reading,
    /// Lines by text layer and outlines, and by OCR.
    pub(super) lines: [&'a [PageLines]; 2],
    /// What OCR believes to see on the first page.
    pub(super) seen: &'a [OcrWord],
    /// The name of its file.
    pub(super) file_name: &'a str,
    /// What stands on documents.
    pub(super) templates: &'a Templates,
}

impl Lesson {
    /// What a copy can teach; nothing where it has no outlines, or where each letter of it is known already.
    ///
    /// What one text proves helps to find the next: the request's line alone has half of the alphabet, and by it labels
    /// are found that prove more. For the copy itself such letters count at once, for others as any lesson does.
    pub(super) fn of(opened: &Opened, alphabet: &Alphabet, said: &Said<'_>) -> Option<Self> {
        let is_known = said.read.way == ReadingWay::Outlines && said.read.unread == 0;
        let page = opened.pages.first()?;
        if is_known || page.marks.is_empty() {
            return None;
        }
        let likely = alphabet.trusting(LIKELY);
        let sheet = Sheet { page, shapes: &opened.shapes, rows: pages::rows_of_marks(page), likely, said };
        let known = |lines: &[PageLines]| reading::known_words(lines, said.file_name, said.templates);
        let texts = reading::printed_texts(said.read.document.as_ref(), said.file_name, said.templates);
        let reader = OutlineReader::new(&opened.shapes, alphabet);
        let mut certain = Vec::new();
        add(&mut certain, sheet.by_words(&reader, &said.lines.map(known).concat()));
        for _ in 0..ROUNDS_MAX {
            let reader = sheet.reader(&certain);
            let lines = PageLines {
                number: page.number,
                width_pt: page.width_pt,
                height_pt: page.height_pt,
                lines: reader.lines(page),
            };
            let mut found = sheet.by_texts(&reader, &texts);
            found.extend(sheet.by_words(&reader, &known(&[lines])));
            if !add(&mut certain, found) {
                break;
            }
        }
        let reader = sheet.reader(&certain);
        certain.extend(pages::align_ocr(page, &sheet.rows, &reader, said.seen));
        (!certain.is_empty()).then(|| Self { shapes: opened.shapes.clone(), proposals: certain })
    }

    /// Adds it to an alphabet: the copy with this digest says so.
    pub fn teach(&self, alphabet: &mut Alphabet, copy: &Digest) -> Learned {
        alphabet.learn(Some(copy.0.into()), &self.shapes, &self.proposals)
    }
}

/// The first page of a copy that teaches.
struct Sheet<'a> {
    page: &'a Page,
    shapes: &'a [Shape],
    rows: Vec<MarkRow>,
    /// The alphabet, and what is likely beside it.
    likely: Alphabet,
    said: &'a Said<'a>,
}

impl Sheet<'_> {
    /// A reader by what is likely and by what is certain on this page.
    fn reader(&self, certain: &[Proposal]) -> OutlineReader {
        let mut own = Alphabet::new(AT_ONCE);
        own.learn(None, self.shapes, certain);
        OutlineReader::new(self.shapes, &self.likely).with(self.shapes, &own)
    }

    /// By words of which place and letters are known.
    fn by_words(&self, reader: &OutlineReader, known: &[KnownWord]) -> Vec<Proposal> {
        let mut found = Vec::new();
        for known in known.iter().filter(|known| known.page == self.page.number) {
            let evidence = self.evidence(known.by);
            for row in self.rows.iter().filter_map(|row| part_of(row, known)) {
                found.extend(pages::align_known_text(self.page, &row, reader, &known.text, &evidence));
            }
        }
        found
    }

    /// By texts that stand on every copy of the kind, at the beginning of whichever row they fit.
    fn by_texts(&self, reader: &OutlineReader, texts: &[String]) -> Vec<Proposal> {
        let evidence = self.evidence(KnownBy::Template);
        let pairs = self.rows.iter().flat_map(|row| texts.iter().map(move |text| (row, text)));
        pairs
            .flat_map(|(row, text)| pages::align_known_start(self.page, row, reader, text, &evidence))
            .collect()
    }

    fn evidence(&self, by: KnownBy) -> Evidence {
        match by {
            KnownBy::Template => {
                let document = self.said.read.document.as_ref().map(|document| document.as_str().to_owned());
                Evidence::Label { document: document.unwrap_or_default() }
            }
            KnownBy::FileName => Evidence::FileName,
            KnownBy::CheckDigit => Evidence::CheckedNumber,
        }
    }
}

/// Adds what is new; whether anything is.
fn add(certain: &mut Vec<Proposal>, found: Vec<Proposal>) -> bool {
    let before = certain.len();
    for proposal in found {
        if !certain.contains(&proposal) {
            certain.push(proposal);
        }
    }
    certain.len() > before
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
