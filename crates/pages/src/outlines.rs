//! The outlines of a page → lines of words, by an alphabet of shapes.

use crate::alphabet::{Candidate, DROP_PART, is_same_cap};
use crate::outline::Outline;
use crate::rows::{around, is_box, rows};
use crate::text_layer::{is_readable, said};
use crate::twins::{look, spelled, swapped, tells_size};
use crate::{Alphabet, Line, Page, Rect, Shape, Sign, UNKNOWN, Way, Word};

/// A gap of more of the capitals' height than this separates words. On the official sample letters are up to 0.35 apart, words
/// from 0.41.
pub(crate) const WORD_GAP: f32 = 0.38;
/// The same behind a 1: where digits are equally wide it has much room, 0.43 before another in Noto Sans. With a space it would
/// be 0.57 at least.
const GAP_BEHIND_ONE: f32 = 0.5;
/// A gap of more of the capitals' height than this ends a line.
const COLUMN_GAP: f32 = 1.8;
/// A mark of a larger side is no letter, points.
const LETTER_PT_MAX: f32 = 90.0;
/// Frames of a page that are looked for; see [`frames`].
const FRAMES_MAX: usize = 64;
/// Voices that are heard on the size of a row.
const VOICES_MAX: usize = 160;

/// Reads outlines by an alphabet; made once for the shapes of a document.
pub struct OutlineReader {
    /// What each shape may be.
    candidates: Vec<Vec<Candidate>>,
    /// Letters of whose drawings the alphabet knows both cases.
    knows: Vec<char>,
}

/// What stands in one row of a page without a wide gap.
#[derive(Clone, PartialEq, Debug)]
pub struct MarkRow {
    /// From left to right. At least one.
    pub pieces: Vec<Piece>,
}

/// One thing in a row.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Piece {
    /// What it is.
    pub what: What,
    /// Its box.
    pub at: Rect,
}

/// What a piece is: makers write most letters as outlines and some signs as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// An index into [`Page::marks`].
    Mark(usize),
    /// An index into [`Page::glyphs`].
    Glyph(usize),
}

/// The size and the place of a row's letters.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Measure {
    pub(crate) cap_pt: f32,
    pub(crate) baseline_pt: f32,
}

/// The outlines of a page as lines: see [`OutlineReader`].
#[must_use]
pub fn lines_of_outlines(page: &Page, shapes: &[Shape], alphabet: &Alphabet) -> Vec<Line> {
    OutlineReader::new(shapes, alphabet).lines(page)
}

/// The rows of a page's marks and visible characters, top to bottom and left to right; without rules, frames and what is
/// too large for a letter.
#[must_use]
pub fn rows_of_marks(page: &Page) -> Vec<MarkRow> {
    let marks = page.marks.iter().enumerate().map(|(at, mark)| Piece { what: What::Mark(at), at: mark.at });
    let glyphs = page
        .glyphs
        .iter()
        .enumerate()
        .filter(|(_, glyph)| is_readable(glyph) && !said(glyph).trim().is_empty());
    let glyphs = glyphs.map(|(at, glyph)| Piece { what: What::Glyph(at), at: glyph.at });
    let mut pieces: Vec<Piece> = marks.filter(|piece| is_of_letter_size(&piece.at)).chain(glyphs).collect();
    let frames = frames(&pieces);
    pieces.retain(|piece| !frames.contains(&piece.at));
    let boxes: Vec<Rect> = pieces.iter().map(|piece| piece.at).collect();
    rows(&boxes)
        .into_iter()
        .map(|row| MarkRow { pieces: row.into_iter().filter_map(|at| pieces.get(at).copied()).collect() })
        .collect()
}

/// Neither a rule nor too large.
fn is_of_letter_size(at: &Rect) -> bool {
    let (width, height) = (at.right - at.left, at.bottom - at.top);
    let is_rule = (width > 15.0 && width > 12.0 * height) || (height > 15.0 && height > 15.0 * width);
    is_box(at) && width.max(height) <= LETTER_PT_MAX && !is_rule
}

/// Large boxes around other boxes: frames and the grounds of emblems.
fn frames(pieces: &[Piece]) -> Vec<Rect> {
    let large =
        pieces.iter().map(|piece| piece.at).filter(|at| (at.bottom - at.top).min(at.right - at.left) > 20.0);
    let holds = |frame: &Rect, at: &Rect| {
        frame.left < at.left && frame.top < at.top && frame.right > at.right && frame.bottom > at.bottom
    };
    large.take(FRAMES_MAX).filter(|frame| pieces.iter().any(|piece| holds(frame, &piece.at))).collect()
}

impl OutlineReader {
    /// Looks each shape up.
    #[must_use]
    pub fn new(shapes: &[Shape], alphabet: &Alphabet) -> Self {
        let candidates =
            |shape| Outline::of(shape).map(|outline| alphabet.candidates(&outline)).unwrap_or_default();
        Self { candidates: shapes.iter().map(candidates).collect(), knows: alphabet.known_letters() }
    }

    /// The same with what is known for these shapes only, for the time being: a shape that would be two letters is none.
    #[must_use]
    pub fn with(self, shapes: &[Shape], provisional: &Alphabet) -> Self {
        let Self { mut candidates, mut knows } = self;
        let other = Self::new(shapes, provisional);
        for (own, more) in candidates.iter_mut().zip(other.candidates) {
            own.extend(more);
        }
        knows.extend(other.knows);
        Self { candidates, knows }
    }

    /// The lines of a page. A word of which letters are not known has `□` for each and is less sure.
    #[must_use]
    pub fn lines(&self, page: &Page) -> Vec<Line> {
        let rows: Vec<MarkRow> = rows_of_marks(page)
            .into_iter()
            .filter_map(|mut row| {
                row.pieces.retain(|piece| !self.is_drawing(page, piece));
                (!row.pieces.is_empty()).then_some(row)
            })
            .collect();
        let measures = self.measures(page, &rows);
        let mut lines = Vec::with_capacity(rows.len());
        for (row, measure) in rows.iter().zip(measures) {
            self.read_row(page, row, measure, &mut lines);
        }
        lines
    }

    /// The size and baseline of each row, where its letters tell them.
    pub(crate) fn measures(&self, page: &Page, rows: &[MarkRow]) -> Vec<Option<Measure>> {
        let by_row = |row: &MarkRow| {
            self.measure(
                page,
                row,
                |candidate| matches!(candidate.sign, Sign::Letter(letter) if tells_size(letter)),
            )
        };
        let mut measures: Vec<Option<Measure>> = rows.iter().map(by_row).collect();
        // A row of such as Ж alone takes a size that other rows of the page have.
        let caps: Vec<f32> =
            measures.iter().flatten().map(|measure| measure.cap_pt).take(VOICES_MAX).collect();
        for (row, measure) in rows.iter().zip(&mut measures) {
            if measure.is_none() {
                *measure = self.measure(page, row, |candidate| {
                    matches!(candidate.sign, Sign::Letter(letter) if self.knows_the_likes_of(letter))
                        && caps.iter().any(|cap| is_same_cap(*cap, candidate.stance.cap_pt))
                });
            }
        }
        measures
    }

    /// What most letters of a row agree on; none where as many say otherwise.
    fn measure(&self, page: &Page, row: &MarkRow, counts: impl Fn(&Candidate) -> bool) -> Option<Measure> {
        let mut voices: Vec<(usize, Measure)> = Vec::new();
        for (place, piece) in row.pieces.iter().enumerate() {
            for candidate in self.candidates_of(page, piece).iter().filter(|candidate| counts(candidate)) {
                let baseline_pt = piece.at.bottom - candidate.stance.drop_pt;
                voices.push((place, Measure { cap_pt: candidate.stance.cap_pt, baseline_pt }));
            }
            if voices.len() > VOICES_MAX {
                break;
            }
        }
        let agree = |a: &Measure, b: &Measure| {
            is_same_cap(a.cap_pt, b.cap_pt)
                && (a.baseline_pt - b.baseline_pt).abs() <= DROP_PART * a.cap_pt + 0.03
        };
        let counted: Vec<(usize, Measure)> = voices
            .iter()
            .map(|(_, voice)| {
                let mut places: Vec<usize> =
                    voices.iter().filter(|(_, other)| agree(voice, other)).map(|(place, _)| *place).collect();
                places.dedup();
                (places.len(), *voice)
            })
            .collect();
        let (most, best) = *counted.iter().max_by_key(|(count, _)| *count)?;
        let is_tied = counted.iter().any(|(count, voice)| *count == most && !agree(&best, voice));
        (!is_tied).then_some(best)
    }

    /// Whether the alphabet knows the letters that may be drawn as a larger or smaller one, so that they would be seen.
    fn knows_the_likes_of(&self, letter: char) -> bool {
        let knows = |letter: char| self.knows.contains(&look(letter));
        match letter {
            '0' => knows('О') && knows('о'),
            '3' => knows('З') && knows('з'),
            '1' => knows('І'),
            _ => letter.is_alphabetic() && swapped(letter).is_some_and(knows),
        }
    }

    fn candidates_of(&self, page: &Page, piece: &Piece) -> &[Candidate] {
        let What::Mark(mark) = piece.what else { return &[] };
        let shape = page.marks.get(mark).and_then(|mark| usize::try_from(mark.shape.0).ok());
        shape.and_then(|shape| self.candidates.get(shape)).map_or(&[], Vec::as_slice)
    }

    /// What a piece may be at all, at any size: for whoever compares it with a text that should stand there.
    pub(crate) fn may_be(&self, page: &Page, piece: &Piece, letter: char) -> bool {
        let candidates = self.candidates_of(page, piece);
        candidates.is_empty()
            || candidates.iter().any(|candidate| candidate.sign == Sign::Letter(look(letter)))
    }

    /// Whether anything is known of a piece.
    pub(crate) fn knows(&self, page: &Page, piece: &Piece) -> bool {
        !self.candidates_of(page, piece).is_empty()
    }

    fn is_drawing(&self, page: &Page, piece: &Piece) -> bool {
        let candidates = self.candidates_of(page, piece);
        !candidates.is_empty() && candidates.iter().all(|candidate| candidate.sign == Sign::Drawing)
    }

    /// The letter of a mark, by its twins' common look, where only one is possible in its row.
    fn letter(&self, page: &Page, piece: &Piece, measure: Option<Measure>) -> char {
        let Some(Measure { cap_pt, baseline_pt }) = measure else { return UNKNOWN };
        let fits = |candidate: &&Candidate| {
            let drop_pt = piece.at.bottom - baseline_pt;
            is_same_cap(candidate.stance.cap_pt, cap_pt)
                && (candidate.stance.drop_pt - drop_pt).abs() <= DROP_PART * cap_pt + 0.03
        };
        let mut fitting = self.candidates_of(page, piece).iter().filter(fits);
        match (fitting.next().map(|candidate| candidate.sign), fitting.next()) {
            (Some(Sign::Letter(letter)), None) => letter,
            (Some(sign), Some(second)) if second.sign == sign && fitting.all(|other| other.sign == sign) => {
                if let Sign::Letter(letter) = sign {
                    letter
                } else {
                    UNKNOWN
                }
            }
            _ => UNKNOWN,
        }
    }

    fn read_row(&self, page: &Page, row: &MarkRow, measure: Option<Measure>, lines: &mut Vec<Line>) {
        let cap_pt = measure.map_or_else(|| guessed_cap(&row.pieces), |measure| measure.cap_pt).max(0.1);
        let gap = |a: &Piece, b: &Piece| b.at.left - a.at.right;
        for cell in row.pieces.chunk_by(|a, b| gap(a, b) <= COLUMN_GAP * cap_pt) {
            let words: Vec<Spelling> = cell
                .chunk_by(|a, b| {
                    let gap = gap(a, b) / cap_pt;
                    gap <= WORD_GAP || (gap <= GAP_BEHIND_ONE && self.letter(page, a, measure) == '1')
                })
                .map(|pieces| self.spelling(page, pieces, measure, cap_pt))
                .collect();
            let looks: Vec<Vec<char>> = words.iter().map(|word| word.looks.clone()).collect();
            let texts = spelled(&looks, self.knows.contains(&'l'));
            let words: Vec<Word> =
                words.iter().zip(texts).map(|(word, (text, sure))| word.written(text, sure)).collect();
            if let Some(at) = words.iter().map(|word| word.at).reduce(around) {
                lines.push(Line { page: page.number, at, size_pt: cap_pt / CAP_OF_SIZE, words });
            }
        }
    }

    fn spelling(&self, page: &Page, pieces: &[Piece], measure: Option<Measure>, cap_pt: f32) -> Spelling {
        let mut word =
            Spelling { looks: Vec::with_capacity(pieces.len()), at: Rect::default(), has_marks: false };
        let mut last_right = f32::MIN;
        for piece in pieces {
            word.at = if word.looks.is_empty() { piece.at } else { around(word.at, piece.at) };
            match piece.what {
                What::Mark(_) => {
                    word.has_marks = true;
                    let letter = self.letter(page, piece, measure);
                    // A quotation mark is two apostrophes that stand close.
                    match word.looks.last_mut() {
                        Some(last)
                            if *last == '\''
                                && letter == '\''
                                && piece.at.left - last_right < 0.25 * cap_pt =>
                        {
                            *last = '"';
                        }
                        _ => word.looks.push(letter),
                    }
                }
                What::Glyph(at) => {
                    let text = page.glyphs.get(at).map_or("", |glyph| said(glyph));
                    word.looks.extend(text.chars().filter(|letter| !letter.is_whitespace()));
                }
            }
            last_right = piece.at.right;
        }
        word
    }
}

/// The usual height of capitals in parts of the font's size.
const CAP_OF_SIZE: f32 = 0.714;

/// The height of capitals in a row of which no letter is known: most of its marks are lower.
fn guessed_cap(pieces: &[Piece]) -> f32 {
    let mut heights: Vec<f32> = pieces.iter().map(|piece| piece.at.bottom - piece.at.top).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() * 4 / 5).copied().unwrap_or_default()
}

/// A word before it is told in which script it is.
struct Spelling {
    looks: Vec<char>,
    at: Rect,
    has_marks: bool,
}

impl Spelling {
    fn written(&self, text: String, sure: f32) -> Word {
        let (all, known) = text.chars().fold((0.0_f32, 0.0_f32), |(all, known), letter| {
            (all + 1.0, if letter == UNKNOWN { known } else { known + 1.0 })
        });
        let way = if self.has_marks { Way::Outlines } else { Way::TextLayer };
        Word { text, at: self.at, way, confidence: sure * (known / all.max(1.0)) }
    }
}
