//! The characters of a text layer → lines of words.

use crate::rows::{around, is_box};
use crate::{Glyph, Line, Page, Rect, UNKNOWN, Way, Word};

/// A gap of more of the font's size than this separates words: a space is at least a fifth of it.
const WORD_GAP: f32 = 0.17;
/// A gap of more of the font's size than this ends a line.
const COLUMN_GAP: f32 = 1.4;

/// The visible text of a page, top to bottom and left to right. What a font does not name is `□`.
#[must_use]
pub fn lines_of_text(page: &Page) -> Vec<Line> {
    let mut glyphs: Vec<&Glyph> = page.glyphs.iter().filter(|glyph| is_readable(glyph)).collect();
    glyphs.sort_by(|a, b| a.baseline_pt.total_cmp(&b.baseline_pt));
    let mut lines = Vec::new();
    let mut row: Vec<&Glyph> = Vec::new();
    let mut baseline = f32::MIN;
    for glyph in glyphs {
        if glyph.baseline_pt - baseline > 0.25 * glyph.size_pt {
            add_row(page.number, &mut row, &mut lines);
            baseline = glyph.baseline_pt;
        }
        row.push(glyph);
    }
    add_row(page.number, &mut row, &mut lines);
    lines
}

/// What a glyph says; `□` for what is no text.
pub(crate) fn said(glyph: &Glyph) -> &str {
    let is_text = !glyph.text.is_empty()
        && glyph
            .text
            .chars()
            .all(|c| (c.is_whitespace() || !c.is_control()) && c != char::REPLACEMENT_CHARACTER);
    if is_text { &glyph.text } else { UNKNOWN_TEXT }
}

/// Whether a glyph stands somewhere and is seen.
pub(crate) fn is_readable(glyph: &Glyph) -> bool {
    glyph.is_visible && is_box(&glyph.at) && glyph.baseline_pt.is_finite() && glyph.size_pt.is_finite()
}

const UNKNOWN_TEXT: &str = "□";

/// Splits the glyphs of one baseline into lines and words.
fn add_row(page: u32, row: &mut Vec<&Glyph>, lines: &mut Vec<Line>) {
    row.sort_by(|a, b| a.at.left.total_cmp(&b.at.left));
    let mut line = Line { page, ..Line::default() };
    let mut last: Option<&Glyph> = None;
    let mut is_new_word = true;
    for glyph in row.drain(..) {
        let text = said(glyph);
        if text.trim().is_empty() {
            is_new_word = true;
            continue;
        }
        if let Some(last) = last {
            let size = glyph.size_pt.max(last.size_pt);
            let gap = glyph.at.left - last.at.right;
            if last.text == glyph.text && (glyph.at.left - last.at.left).abs() < 0.1 * size {
                // Drawn twice, a little aside, to look bold.
                continue;
            }
            if gap > COLUMN_GAP * size {
                push_line(&mut line, lines);
                is_new_word = true;
            } else if gap > WORD_GAP * size {
                is_new_word = true;
            }
        }
        line.size_pt = line.size_pt.max(glyph.size_pt);
        add_text(&mut line, text.trim(), glyph.at, is_new_word);
        is_new_word = false;
        last = Some(glyph);
    }
    push_line(&mut line, lines);
}

fn push_line(line: &mut Line, lines: &mut Vec<Line>) {
    let empty = Line { page: line.page, ..Line::default() };
    let mut full = std::mem::replace(line, empty);
    for word in &mut full.words {
        let (all, known) = word.text.chars().fold((0.0, 0.0), |(all, known), letter| {
            (all + 1.0, if letter == UNKNOWN { known } else { known + 1.0 })
        });
        word.confidence = if all > 0.0 { known / all } else { 0.0 };
    }
    if let Some(at) = full.words.iter().map(|word| word.at).reduce(around) {
        full.at = at;
        lines.push(full);
    }
}

fn add_text(line: &mut Line, text: &str, at: Rect, is_new_word: bool) {
    match line.words.last_mut() {
        Some(word) if !is_new_word => {
            word.text.push_str(text);
            word.at = around(word.at, at);
        }
        _ => line.words.push(Word { text: text.to_owned(), at, way: Way::TextLayer, confidence: 1.0 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(runs: &[(f32, f32, &str)]) -> Page {
        let mut page = Page { number: 1, ..Page::default() };
        for (left, baseline, text) in runs {
            let mut x = *left;
            for letter in text.chars() {
                let at = Rect { left: x, top: baseline - 8.0, right: x + 5.0, bottom: baseline + 2.0 };
                let (text, size_pt) = (letter.to_string(), 10.0);
                page.glyphs.push(Glyph { text, at, baseline_pt: *baseline, size_pt, is_visible: true });
                x += 5.0;
            }
        }
        page
    }

    fn texts(page: &Page) -> Vec<String> {
        let text = |line: Line| line.words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ");
        lines_of_text(page).into_iter().map(text).collect()
    }

    #[test]
    fn labels_and_values_are_lines_of_their_own_in_reading_order() {
        let page = page(&[
            (200.0, 120.0, "17.01.1997"),
            (10.0, 100.0, "Стать:"),
            (10.0, 120.1, "Дата народження:"),
            (200.0, 100.0, "Ж"),
        ]);
        assert_eq!(texts(&page), ["Стать:", "Ж", "Дата народження:", "17.01.1997"]);
    }

    #[test]
    fn a_gap_without_a_space_still_separates_words() {
        let page = page(&[(10.0, 100.0, "Дата"), (33.0, 100.0, "видачі"), (10.0, 130.0, "a b")]);
        assert_eq!(texts(&page), ["Дата видачі", "a b"]);
    }

    #[test]
    fn unseen_and_broken_glyphs_are_left_out_and_unnamed_ones_are_boxes() {
        let mut page = page(&[(10.0, 100.0, "абвг")]);
        page.glyphs[0].is_visible = false;
        page.glyphs[1].at.left = f32::NAN;
        page.glyphs[2].text = String::new();
        let lines = lines_of_text(&page);
        assert_eq!((lines[0].words[0].text.as_str(), lines[0].words[0].confidence), ("□г", 0.5));
        assert!(lines_of_text(&Page::default()).is_empty());
    }

    #[test]
    fn text_that_is_drawn_twice_is_read_once() {
        let mut page = page(&[(10.0, 100.0, "аа")]);
        let mut again = page.glyphs.clone();
        for glyph in &mut again {
            (glyph.at.left, glyph.at.right) = (glyph.at.left + 0.3, glyph.at.right + 0.3);
        }
        page.glyphs.append(&mut again);
        assert_eq!(texts(&page), ["аа"]);
    }
}
