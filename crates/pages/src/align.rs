//! Marks beside a text that stands there, or that OCR believes to see → which shape is which letter.

mod geometry;

use std::collections::HashMap;

use crate::alphabet::Stance;
use crate::ocr::OcrWord;
use crate::outlines::{Measure, OutlineReader};
use crate::text_layer::said;
use crate::twins::look;
use crate::{Evidence, MarkRow, Page, Piece, Proposal, ShapeAt, Sign, What};

/// OCR must be this sure of a word.
const SURE_MIN: f32 = 0.8;
/// Letters, or digits, that a word must have to be believed. OCR knows words, and confuses О and 0 elsewhere.
const LETTERS_MIN: usize = 3;
/// See [`LETTERS_MIN`].
const DIGITS_MIN: usize = 4;
/// A sign that takes several marks in some typefaces, of which none is proposed.
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
    let letters: Vec<char> = known.chars().filter(|letter| !letter.is_whitespace()).collect();
    if letters.len() < LETTERS_MIN {
        return Vec::new();
    }
    let aligned =
        written(&letters).into_iter().find_map(|letters| aligned(page, &row.pieces, reader, letters));
    let Some(pairs) = aligned else { return Vec::new() };
    let Some(measure) = measure(page, row, reader, &pairs) else { return Vec::new() };
    if !pairs.iter().all(|pair| geometry::fits(pair.letter, &pair.piece.at, measure)) {
        return Vec::new();
    }
    proposals(&pairs, measure, evidence)
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
                let letters = written(&word.text.chars().collect::<Vec<char>>());
                in_row
                    .extend(letters.into_iter().find_map(|letters| aligned(page, &pieces, reader, letters)));
            }
        }
        let all: Vec<Pair> = in_row.iter().flatten().copied().collect();
        let Some(measure) = measure(page, row, reader, &all) else { continue };
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

/// The letters of a text as marks are drawn: a quotation mark is two strokes; № is one mark to three.
fn written(letters: &[char]) -> Vec<Vec<char>> {
    let marks_of_numero: &[usize] = if letters.contains(&NUMERO) { &[0, 1, 2, 3] } else { &[0] };
    let with = |marks: usize| {
        let mut all = Vec::with_capacity(letters.len());
        for letter in letters {
            match letter {
                '"' => all.extend(['\'', '\'']),
                &NUMERO if marks > 0 => all.extend(std::iter::repeat_n(ANY, marks)),
                letter => all.push(*letter),
            }
        }
        all
    };
    marks_of_numero.iter().map(|marks| with(*marks)).collect()
}

/// Pairs each piece with its letter; none where they contradict each other or what is known.
fn aligned(page: &Page, pieces: &[Piece], reader: &OutlineReader, letters: Vec<char>) -> Option<Vec<Pair>> {
    if letters.is_empty() || letters.len() != pieces.len() {
        return None;
    }
    let mut of_shape: HashMap<ShapeAt, char> = HashMap::new();
    let mut pairs = Vec::with_capacity(letters.len());
    for (piece, letter) in pieces.iter().zip(letters) {
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
                if letter == NUMERO
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
