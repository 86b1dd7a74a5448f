//! Marks beside a text that stands there, or that OCR believes to see → which shape is which letter.

mod geometry;

use std::collections::HashMap;

use crate::alphabet::Stance;
use crate::ocr::OcrWord;
use crate::outlines::{Measure, OutlineReader, WORD_GAP};
use crate::text_layer::said;
use crate::twins::look;
use crate::{Evidence, MarkRow, Page, Piece, Proposal, ShapeAt, Sign, What};

/// OCR must be this sure of a word.
const SURE_MIN: f32 = 0.8;
/// Letters, or digits, that a word must have to be believed. OCR knows words, and confuses О and 0 elsewhere.
const LETTERS_MIN: usize = 3;
/// See [`LETTERS_MIN`].
const DIGITS_MIN: usize = 4;
/// Letters of a text at the beginning of a row that must be confirmed by others, by what is known, or by the end of a word.
/// «Ідентифікатор запиту:» alone has six repeated letters and two words.
const CONFIRMED_MIN: usize = 8;
/// A sign that takes several marks in some typefaces, of which none is proposed then.
const NUMERO: char = '№';
/// In the text that is compared: a mark of which nothing is said.
const ANY: char = '\0';

/// What the marks of a row are, where the text that stands in it is known: a label, a title, the time of the file's name, a
/// number that passes its check.
///
/// Proposes nothing unless all of it fits: as many marks as letters, one letter for each shape, known letters as they
/// are known, tall letters tall and low ones low. A text of one or two letters would fit too easily, and proposes nothing.
#[must_use]
pub fn align_known_text(
    page: &Page,
    row: &MarkRow,
    reader: &OutlineReader,
    known: &str,
    evidence: &Evidence,
) -> Vec<Proposal> {
    if known.chars().filter(|letter| !letter.is_whitespace()).count() < LETTERS_MIN {
        return Vec::new();
    }
    let aligned = written(known).into_iter().find_map(|letters| aligned(page, &row.pieces, reader, letters));
    let Some(pairs) = aligned else { return Vec::new() };
    let Some(measure) = measure(page, row, reader, &pairs) else { return Vec::new() };
    if !pairs.iter().all(|pair| geometry::fits(pair.letter, &pair.piece.at, measure)) {
        return Vec::new();
    }
    proposals(&pairs, measure, evidence)
}

/// The same for a text with which a row begins, before a space, or which is all of it: a label with its value beside it, a
/// title. It may be looked for on pages of which no letter is known yet, where many rows could be it.
///
/// So besides fitting it must be confirmed: its words are as long as those of the row, each of its letters has one shape,
/// and enough of them repeat, or are known, or end words (`CONFIRMED_MIN`).
#[must_use]
pub fn align_known_start(
    page: &Page,
    row: &MarkRow,
    reader: &OutlineReader,
    known: &str,
    evidence: &Evidence,
) -> Vec<Proposal> {
    written(known)
        .into_iter()
        .find_map(|letters| start(page, row, reader, letters, evidence))
        .unwrap_or_default()
}

fn start(
    page: &Page,
    row: &MarkRow,
    reader: &OutlineReader,
    letters: Vec<(usize, char)>,
    evidence: &Evidence,
) -> Option<Vec<Proposal>> {
    let pieces = row.pieces.get(..letters.len())?;
    let words: Vec<usize> = letters.iter().map(|(word, _)| *word).collect();
    let pairs = aligned(page, pieces, reader, letters)?;
    let mut shapes: HashMap<char, ShapeAt> = HashMap::new();
    let (mut confirmed, mut is_one_weight) = (0, true);
    for pair in pairs.iter().filter(|pair| pair.letter.is_alphanumeric()) {
        match shapes.insert(look(pair.letter), pair.shape) {
            Some(other) if other == pair.shape => confirmed += 1,
            Some(_) => is_one_weight = false,
            None => confirmed += usize::from(reader.knows(page, &pair.piece)),
        }
    }
    let head = MarkRow { pieces: pieces.to_vec() };
    let measure = measure(page, &head, reader, &pairs)?;
    let fits = pairs.iter().all(|pair| geometry::fits(pair.letter, &pair.piece.at, measure));
    confirmed += words_ended(row, &words, measure.cap_pt)?;
    (is_one_weight && fits && confirmed >= CONFIRMED_MIN).then(|| proposals(&pairs, measure, evidence))
}

/// How many words of a row's beginning end where they should; none where a gap is too wide or too narrow.
fn words_ended(row: &MarkRow, words: &[usize], cap_pt: f32) -> Option<usize> {
    let mut ended = 0;
    for (place, pair) in row.pieces.windows(2).take(words.len()).enumerate() {
        let [before, after] = pair else { return None };
        let ends = words.get(place) != words.get(place + 1);
        if ends != (after.at.left - before.at.right > WORD_GAP * cap_pt) {
            return None;
        }
        ended += usize::from(ends);
    }
    Some(ended)
}

/// What the marks of a page are by what OCR says of it.
///
/// A word counts where OCR is sure, it is words of letters or numbers of digits, and all of it fits as with a known
/// text. What is proposed may still be wrong: only copies that agree make it trusted.
#[must_use]
pub fn align_ocr(page: &Page, rows: &[MarkRow], reader: &OutlineReader, words: &[OcrWord]) -> Vec<Proposal> {
    let mut found = Vec::new();
    for row in rows {
        let mut in_row: Vec<Vec<Pair>> = Vec::new();
        for (word, pieces) in words_on(row, words) {
            if word.confidence >= SURE_MIN && is_plain(&word.text) {
                let letters = written(&word.text);
                in_row
                    .extend(letters.into_iter().find_map(|letters| aligned(page, &pieces, reader, letters)));
            }
        }
        let all: Vec<Pair> = in_row.iter().flatten().copied().collect();
        // By letters that are known, if any are: OCR takes Ґ for Г, and a row measured by that is too high for its others.
        let by_known = reader.measures(page, std::slice::from_ref(row)).into_iter().next().flatten();
        let Some(measure) = by_known.or_else(|| measure(page, row, reader, &all)) else { continue };
        for pairs in in_row {
            if pairs.iter().all(|pair| geometry::fits(pair.letter, &pair.piece.at, measure)) {
                found.extend(proposals(&pairs, measure, &Evidence::Ocr));
            }
        }
    }
    found
}

/// A mark and the letter that should be it.
#[derive(Clone, Copy)]
struct Pair {
    shape: ShapeAt,
    piece: Piece,
    letter: char,
}

/// The letters of a text as marks are drawn, each with the number of its word: a quotation mark is two strokes; № is one
/// mark to three.
fn written(text: &str) -> Vec<Vec<(usize, char)>> {
    let marks_of_numero: &[usize] = if text.contains(NUMERO) { &[0, 1, 2, 3] } else { &[0] };
    let drawn = |letter: char, marks: usize| match letter {
        '"' => vec!['\''; 2],
        NUMERO if marks > 0 => vec![ANY; marks],
        letter => vec![letter],
    };
    let with = |marks: usize| {
        let words = text.split_whitespace().enumerate();
        let letters = words.flat_map(|(word, text)| text.chars().map(move |letter| (word, letter)));
        letters
            .flat_map(|(word, of)| drawn(of, marks).into_iter().map(move |letter| (word, letter)))
            .collect()
    };
    marks_of_numero.iter().map(|marks| with(*marks)).collect()
}

/// Pairs each piece with its letter; none where they contradict each other or what is known.
fn aligned(
    page: &Page,
    pieces: &[Piece],
    reader: &OutlineReader,
    letters: Vec<(usize, char)>,
) -> Option<Vec<Pair>> {
    if letters.is_empty() || letters.len() != pieces.len() {
        return None;
    }
    let mut of_shape: HashMap<ShapeAt, char> = HashMap::new();
    let mut pairs = Vec::with_capacity(letters.len());
    // A whole word may be bold; within a word a letter has one shape.
    let mut in_word: HashMap<(usize, char), ShapeAt> = HashMap::new();
    for (piece, (word, letter)) in pieces.iter().zip(letters) {
        match piece.what {
            What::Glyph(at) => {
                let mut said = said(page.glyphs.get(at)?).chars();
                if said.next() != Some(letter) || said.next().is_some() {
                    return None;
                }
            }
            What::Mark(_) if letter == ANY => {}
            What::Mark(at) => {
                let shape = page.marks.get(at)?.shape;
                let other = *of_shape.entry(shape).or_insert(letter);
                // Hyphens and underscores, commas and apostrophes may be one drawing at two heights.
                let is_one_at_two_heights = !letter.is_alphanumeric() && !other.is_alphanumeric();
                let is_second_shape = *in_word.entry((word, letter)).or_insert(shape) != shape;
                if is_second_shape
                    || (look(other) != look(letter) && !is_one_at_two_heights)
                    || (letter.is_alphanumeric() && !reader.may_be(page, piece, letter))
                {
                    return None;
                }
                pairs.push(Pair { shape, piece: *piece, letter });
            }
        }
    }
    Some(pairs)
}

/// The size and baseline of a row by the letters that should stand in it, else by those that are known.
fn measure(page: &Page, row: &MarkRow, reader: &OutlineReader, pairs: &[Pair]) -> Option<Measure> {
    let letters: Vec<(char, crate::Rect)> = pairs.iter().map(|pair| (pair.letter, pair.piece.at)).collect();
    geometry::measure(&letters)
        .or_else(|| reader.measures(page, std::slice::from_ref(row)).into_iter().next().flatten())
}

fn proposals(pairs: &[Pair], measure: Measure, evidence: &Evidence) -> Vec<Proposal> {
    let proposal = |pair: &Pair| Proposal {
        shape: pair.shape,
        stance: Stance { cap_pt: measure.cap_pt, drop_pt: pair.piece.at.bottom - measure.baseline_pt },
        sign: Sign::Letter(pair.letter),
        evidence: evidence.clone(),
    };
    pairs.iter().map(proposal).collect()
}

/// The words of OCR that lie on a row, each with the pieces below it.
fn words_on<'a>(row: &MarkRow, words: &'a [OcrWord]) -> Vec<(&'a OcrWord, Vec<Piece>)> {
    let Some(band) = row.pieces.iter().map(|piece| piece.at).reduce(crate::rows::around) else {
        return Vec::new();
    };
    let near = words.iter().filter(|word| {
        let middle = f32::midpoint(word.at.top, word.at.bottom);
        (band.top..=band.bottom).contains(&middle)
    });
    let with_pieces = |word: &'a OcrWord| {
        let below = |piece: &&Piece| {
            let middle = f32::midpoint(piece.at.left, piece.at.right);
            (word.at.left..=word.at.right).contains(&middle)
        };
        (word, row.pieces.iter().filter(below).copied().collect::<Vec<Piece>>())
    };
    near.map(with_pieces).filter(|(_, pieces)| !pieces.is_empty()).collect()
}

/// Whether a word is of letters of one script, or a number, with signs between.
fn is_plain(text: &str) -> bool {
    let count = |kind: fn(char) -> bool| text.chars().filter(|letter| kind(*letter)).count();
    let (letters, digits) = (count(char::is_alphabetic), count(|letter| letter.is_ascii_digit()));
    let is_sign = |letter: char| ".,:;-()/'’".contains(letter);
    let is_latin = |letter: char| letter.is_ascii_alphabetic();
    let is_cyrillic = |letter: char| ('\u{400}'..='\u{52f}').contains(&letter);
    let all = |kind: &dyn Fn(char) -> bool| text.chars().all(|letter| kind(letter) || is_sign(letter));
    (letters >= LETTERS_MIN && (all(&is_latin) || all(&is_cyrillic)))
        || (digits >= DIGITS_MIN && all(&|letter| letter.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
