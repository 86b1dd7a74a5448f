//! Titles, rows and paragraphs → A4 sheets of a PDF with text that can be selected, in the built-in font.

use std::mem;

use anyhow::Context as _;
use krilla::Document;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::text::{Font, TextDirection};
use ttf_parser::Face;

use crate::commands::report::plain;

/// A4 in points of 1/72 inch.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 48.0;
/// Where values begin.
const INDENT: f32 = 96.0;
const SIZE: f32 = 9.0;
/// From one line to the next, in sizes.
const LEADING: f32 = 1.4;

/// One piece of a line.
struct Piece {
    x: f32,
    y: f32,
    size: f32,
    bold: bool,
    text: String,
}

/// Sheets that grow from the top down.
pub(super) struct Sheets {
    regular: Weight,
    bold: Weight,
    done: Vec<Vec<Piece>>,
    sheet: Vec<Piece>,
    y: f32,
    title: String,
}

/// A weight of the font, to measure by and to draw with.
struct Weight {
    face: Face<'static>,
    font: Font,
}

impl Weight {
    fn read(bytes: &'static [u8]) -> anyhow::Result<Self> {
        let face = Face::parse(bytes, 0).context("the built-in font cannot be read")?;
        let font = Font::new(bytes.to_vec().into(), 0).context("the built-in font cannot be used")?;
        Ok(Self { face, font })
    }

    /// The text in letters that the font has.
    fn written(&self, text: &str) -> String {
        let known = |c: char| if self.face.glyph_index(c).is_some() { c } else { '?' };
        plain(text).chars().map(known).collect()
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let advance = |c| self.face.glyph_index(c).and_then(|glyph| self.face.glyph_hor_advance(glyph));
        let units: f32 = text.chars().filter_map(advance).map(f32::from).sum();
        units / f32::from(self.face.units_per_em()) * size
    }

    /// Lines not wider than `width`, cut at spaces, and inside a word only where the word is wider.
    fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let Some(line) = lines.last_mut() else { break };
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&joined, size) <= width {
                *line = joined;
                continue;
            }
            let mut rest = String::new();
            for c in word.chars() {
                if self.width(&format!("{rest}{c}"), size) > width && !rest.is_empty() {
                    push(&mut lines, mem::take(&mut rest));
                }
                rest.push(c);
            }
            push(&mut lines, rest);
        }
        lines
    }
}

/// Puts a line after the others, or in the place of a last one that is empty.
fn push(lines: &mut Vec<String>, line: String) {
    match lines.last_mut() {
        Some(last) if last.is_empty() => *last = line,
        _ => lines.push(line),
    }
}

impl Sheets {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            regular: Weight::read(notosans::REGULAR_TTF)?,
            bold: Weight::read(notosans::BOLD_TTF)?,
            done: Vec::new(),
            sheet: Vec::new(),
            y: MARGIN,
            title: String::new(),
        })
    }

    pub(super) fn title(&mut self, text: &str) {
        text.clone_into(&mut self.title);
        self.paragraph(text, 15.0, true, 0.0);
        self.y += SIZE;
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.y += SIZE;
        // A heading alone at the foot of a sheet says nothing.
        if self.y + 5.0 * SIZE * LEADING > HEIGHT - MARGIN {
            self.turn();
        }
        self.paragraph(text, 11.0, true, 0.0);
        self.y += 3.0;
    }

    pub(super) fn text(&mut self, text: &str) {
        self.paragraph(text, SIZE, false, 0.0);
        self.y += 3.0;
    }

    /// A label and its value; nothing without a value.
    pub(super) fn row(&mut self, label: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.make_room(SIZE);
        if !label.is_empty() {
            let text = self.bold.written(label);
            self.sheet.push(Piece { x: MARGIN, y: self.y + SIZE, size: SIZE, bold: true, text });
        }
        self.paragraph(value, SIZE, false, INDENT);
    }

    fn paragraph(&mut self, text: &str, size: f32, bold: bool, indent: f32) {
        let weight = if bold { &self.bold } else { &self.regular };
        let lines = weight.lines(&weight.written(text), size, WIDTH - 2.0 * MARGIN - indent);
        for text in lines {
            self.make_room(size);
            self.sheet.push(Piece { x: MARGIN + indent, y: self.y + size, size, bold, text });
            self.y += size * LEADING;
        }
    }

    fn make_room(&mut self, size: f32) {
        if self.y + size * LEADING > HEIGHT - MARGIN {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.done.push(mem::take(&mut self.sheet));
        self.y = MARGIN;
    }

    /// The PDF, each sheet with its number.
    pub(super) fn finish(mut self) -> anyhow::Result<Vec<u8>> {
        self.turn();
        let Self { regular, bold, done, title, .. } = self;
        let all = done.len();
        let mut document = Document::new();
        document.set_metadata(Metadata::new().title(title).language("uk".to_owned()));
        for (place, mut sheet) in done.into_iter().enumerate() {
            let text = format!("{} / {all}", place + 1);
            let x = WIDTH - MARGIN - regular.width(&text, 8.0);
            sheet.push(Piece { x, y: HEIGHT - MARGIN / 2.0, size: 8.0, bold: false, text });
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).context("a sheet has no size")?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for Piece { x, y, size, bold: is_bold, text } in sheet {
                let font = if is_bold { &bold.font } else { &regular.font };
                let (at, direction) = (Point::from_xy(x, y), TextDirection::LeftToRight);
                surface.draw_text(at, font.clone(), size, &text, false, direction);
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|fault| anyhow::anyhow!("the report cannot be written as PDF: {fault:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_only_where_they_are_wider_than_the_line_and_lose_nothing() {
        let weight = Weight::read(notosans::REGULAR_TTF).unwrap();
        let text = format!("Підписав ТЕСТ {} кінець", "ab".repeat(100));
        let lines = weight.lines(&text, SIZE, 120.0);
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert!(lines.iter().all(|line| weight.width(line, SIZE) <= 120.0), "{lines:?}");
        assert_eq!(weight.lines("", SIZE, 120.0), [""]);
    }

    #[test]
    fn a_letter_that_the_font_lacks_is_told() {
        let weight = Weight::read(notosans::REGULAR_TTF).unwrap();
        assert_eq!(weight.written("Ґанок 漢\u{202e}\n"), "Ґанок ?  ");
    }
}
