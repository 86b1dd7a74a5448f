//! What lies on the pages of a copy → its lines, each page by its text layer or its outlines, whichever says more.

use pages::{Alphabet, Opened, Way};

use crate::model::ReadingWay;
use crate::reading::PageLines;

/// Of five letters of a page so many must be text for it to be read as text.
const TEXT_OF_FIVE: usize = 4;
/// Letters by which a page counts as having a text layer, or outlines that are letters.
const LETTERS_MIN: usize = 16;

/// Each page by its text layer or its outlines, whichever says more; the way is that of most letters.
/// Beside these, how many letters are drawn and not known.
pub(super) fn by_what_is_there(
    opened: &Opened,
    alphabet: &Alphabet,
    only: Option<Way>,
) -> (ReadingWay, Vec<PageLines>, u32) {
    let outlines = pages::OutlineReader::new(&opened.shapes, alphabet);
    let (mut of_text, mut of_outlines, mut unknown) = (0, 0, 0);
    let mut all = Vec::new();
    for page in &opened.pages {
        let text = if only == Some(Way::Outlines) { Vec::new() } else { pages::lines_of_text(page) };
        let drawn = if only == Some(Way::TextLayer) { Vec::new() } else { outlines.lines(page) };
        let (by_text, by_outlines) = (letters(&text), letters(&drawn));
        // The outlines' lines have the text between them too: makers write some signs as text into a page of outlines, and
        // draw emblems into a page of text.
        let is_text = by_text >= LETTERS_MIN || page.marks.len() * 5 <= by_text;
        if by_outlines == 0 || (is_text && TEXT_OF_FIVE * by_outlines <= 5 * by_text) {
            of_text += by_text;
            all.push(page_lines(page, text));
        } else {
            of_outlines += by_outlines;
            unknown += signs(&drawn).filter(|sign| *sign == pages::UNKNOWN).count();
            all.push(page_lines(page, drawn));
        }
    }
    let way = match (of_text, of_outlines) {
        (0, 0) => ReadingWay::Unread,
        (text, outlines) if text >= outlines => ReadingWay::TextLayer,
        _ => ReadingWay::Outlines,
    };
    (way, all, u32::try_from(unknown).unwrap_or(u32::MAX))
}

fn letters(lines: &[pages::Line]) -> usize {
    signs(lines).count()
}

fn signs(lines: &[pages::Line]) -> impl Iterator<Item = char> {
    lines.iter().flat_map(|line| &line.words).flat_map(|word| word.text.chars())
}

pub(super) fn blank(opened: &Opened) -> Vec<PageLines> {
    opened.pages.iter().map(|page| page_lines(page, Vec::new())).collect()
}

pub(super) fn page_lines(page: &pages::Page, lines: Vec<pages::Line>) -> PageLines {
    PageLines { number: page.number, width_pt: page.width_pt, height_pt: page.height_pt, lines }
}
