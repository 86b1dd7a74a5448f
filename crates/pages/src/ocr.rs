//! What OCR says of a drawn page (Tesseract's TSV) → its words with their places → lines.

use crate::rows::{around, is_box};
use crate::{Line, Page, Rect, Way, Word};

/// The columns of the table.
const HEADER: &str =
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext";
/// The rows that are words; the others are pages, blocks, paragraphs and lines.
const LEVEL_OF_WORDS: u32 = 5;
/// Words of one page that are looked at.
const WORDS_MAX: usize = 50_000;
/// A gap of more heights than this ends a line.
const COLUMN_GAP: f32 = 1.8;

/// A word that OCR saw.
#[derive(Clone, PartialEq, Debug)]
pub struct OcrWord {
    /// What it says.
    pub text: String,
    /// Its box, points.
    pub at: Rect,
    /// How sure the program is: 0 to 1.
    pub confidence: f32,
    /// Which line of the program's it stands on, from 0.
    pub line: u32,
}

/// Why a table of words cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OcrFault {
    /// It has no row of headings, or another one.
    Header,
    /// A row, counted from 1, has missing columns or no numbers in them.
    Row(usize),
    /// The scale is no number above 0.
    Scale,
}

impl std::fmt::Display for OcrFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header => write!(f, "what OCR said does not begin with the headings of its table"),
            Self::Row(row) => write!(f, "row {row} of what OCR said is no row of its table"),
            Self::Scale => write!(f, "the scale of what OCR saw is no number above 0"),
        }
    }
}

impl std::error::Error for OcrFault {}

/// Reads the table (`tesseract … tsv`) of one page that was drawn with `scale` pixels a point.
///
/// # Errors
/// When it is no such table.
pub fn words(tsv: &str, scale: f32) -> Result<Vec<OcrWord>, OcrFault> {
    if !(scale.is_finite() && scale > 0.0) {
        return Err(OcrFault::Scale);
    }
    let mut rows = tsv.lines().enumerate();
    if rows.next().is_none_or(|(_, header)| header.trim_end() != HEADER) {
        return Err(OcrFault::Header);
    }
    let (mut words, mut place, mut line) = (Vec::new(), [0; 3], 0);
    for (number, row) in rows.filter(|(_, row)| !row.trim().is_empty()) {
        let (here, word) = word_of_row(row, scale).ok_or(OcrFault::Row(number + 1))?;
        let Some(mut word) = word else { continue };
        if here != place && !words.is_empty() {
            line += 1;
        }
        place = here;
        word.line = line;
        words.push(word);
        if words.len() == WORDS_MAX {
            break;
        }
    }
    Ok(words)
}

/// The block, paragraph and line of a row, and its word, if it is one; none where it is no row of the table.
fn word_of_row(row: &str, scale: f32) -> Option<([u32; 3], Option<OcrWord>)> {
    let mut columns = row.splitn(12, '\t');
    let mut whole = || columns.next()?.parse::<u32>().ok();
    let (level, _page, block, paragraph, line, _word) =
        (whole()?, whole()?, whole()?, whole()?, whole()?, whole()?);
    let mut points = || Some(columns.next()?.parse::<f32>().ok()? / scale);
    let (left, top, width, height) = (points()?, points()?, points()?, points()?);
    let percent: f32 = columns.next()?.parse().ok()?;
    // Rows above words have no text, and older programs no column for it.
    let text = columns.next().unwrap_or_default().trim();
    let at = Rect { left, top, right: left + width, bottom: top + height };
    if !is_box(&at) || !percent.is_finite() {
        return None;
    }
    let confidence = (percent / 100.0).clamp(0.0, 1.0);
    let is_word = level == LEVEL_OF_WORDS && !text.is_empty();
    let word = is_word.then(|| OcrWord { text: text.to_owned(), at, confidence, line: 0 });
    Some(([block, paragraph, line], word))
}

/// The words of OCR as lines of a page: a wide gap ends a line.
#[must_use]
pub fn lines_of_ocr(words: &[OcrWord], page: &Page) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last: Option<&OcrWord> = None;
    for word in words.iter().filter(|word| is_box(&word.at)) {
        let read = Word {
            text: word.text.clone(),
            at: word.at,
            way: Way::Ocr,
            confidence: if word.confidence.is_finite() { word.confidence.clamp(0.0, 1.0) } else { 0.0 },
        };
        let height = word.at.bottom - word.at.top;
        let continues = last.is_some_and(|last| {
            let gap = word.at.left - last.at.right;
            last.line == word.line && gap <= COLUMN_GAP * height.max(last.at.bottom - last.at.top)
        });
        last = Some(word);
        match lines.last_mut() {
            Some(line) if continues => {
                line.at = around(line.at, word.at);
                line.size_pt = line.size_pt.max(height);
                line.words.push(read);
            }
            _ => lines.push(Line { page: page.number, at: word.at, size_pt: height, words: vec![read] }),
        }
    }
    in_reading_order(lines)
}

/// Top to bottom; lines that stand side by side, left to right.
fn in_reading_order(mut lines: Vec<Line>) -> Vec<Line> {
    let middle = |line: &Line| line.at.top + line.at.bottom;
    lines.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut row = 0;
    let mut row_middle = f32::MIN;
    let mut placed: Vec<(u32, Line)> = Vec::with_capacity(lines.len());
    for line in lines {
        if middle(&line) - row_middle > line.at.bottom - line.at.top {
            (row, row_middle) = (row + 1, middle(&line));
        }
        placed.push((row, line));
    }
    placed.sort_by(|(a, one), (b, other)| a.cmp(b).then(one.at.left.total_cmp(&other.at.left)));
    placed.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
        1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t\n\
        5\t1\t1\t1\t1\t1\t600\t100\t40\t20\t91.5\t9999\n\
        5\t1\t1\t1\t2\t1\t100\t102\t80\t20\t96\tДата\n\
        5\t1\t1\t1\t2\t2\t190\t102\t90\t20\t-1\tвидачі:\n\
        5\t1\t1\t1\t2\t3\t300\t102\t90\t20\t95\t \n\
        5\t1\t1\t1\t2\t3\t500\t102\t90\t20\t50\tx\n";

    #[test]
    fn words_have_places_in_points_and_confidence_from_0_to_1() {
        let words = words(TABLE, 2.0).unwrap();
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["9999", "Дата", "видачі:", "x"]);
        assert_eq!(words[1].at, Rect { left: 50.0, top: 51.0, right: 90.0, bottom: 61.0 });
        assert_eq!(words.iter().map(|word| word.line).collect::<Vec<_>>(), [0, 1, 1, 1]);
        assert_eq!(words.iter().map(|word| word.confidence).collect::<Vec<_>>(), [0.915, 0.96, 0.0, 0.5]);
    }

    #[test]
    fn lines_end_at_wide_gaps_and_stand_in_reading_order() {
        let page = Page { number: 3, ..Page::default() };
        let lines = lines_of_ocr(&words(TABLE, 2.0).unwrap(), &page);
        let texts: Vec<Vec<&str>> =
            lines.iter().map(|line| line.words.iter().map(|word| word.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["Дата", "видачі:"], vec!["x"], vec!["9999"]]);
        assert!(lines.iter().all(|line| line.page == 3));
        assert!(lines_of_ocr(&[], &page).is_empty());
    }

    #[test]
    fn another_table_is_refused_and_the_row_is_named() {
        assert_eq!(words("", 1.0), Err(OcrFault::Header));
        assert_eq!(words("hello", 1.0), Err(OcrFault::Header));
        assert_eq!(words(&format!("{HEADER}\n5\t1\t1"), 1.0), Err(OcrFault::Row(2)));
        assert_eq!(words(TABLE, 0.0), Err(OcrFault::Scale));
        assert_eq!(words(TABLE, f32::NAN), Err(OcrFault::Scale));
        let far = format!("{HEADER}\n5\t1\t1\t1\t1\t1\tinf\t1\t1\t1\t90\tx");
        assert_eq!(words(&far, 1.0), Err(OcrFault::Row(2)));
        assert_eq!(words(&format!("{HEADER}\n"), 1.0), Ok(Vec::new()));
    }
}
