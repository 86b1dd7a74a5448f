//! Text and a width → lines that fit into it, by the widths of real letters.

use ttf_parser::Face;

use crate::qr::QrError;

/// The two weights of the poster's font.
pub(super) struct Letters {
    regular: Face<'static>,
    bold: Face<'static>,
}

impl Letters {
    /// The letters of the font that is built in.
    pub(super) fn new() -> Result<Self, QrError> {
        let face = |bytes| Face::parse(bytes, 0).map_err(|_| QrError::Font);
        Ok(Self { regular: face(notosans::REGULAR_TTF)?, bold: face(notosans::BOLD_TTF)? })
    }

    /// The width of a text in letters of `size`, in the unit of `size`, with the margin for other fonts.
    pub(super) fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        text.chars().map(|c| self.advance(c, bold)).sum::<f32>() * size
    }

    /// The text in lines not wider than `width`: cut at spaces, and inside a word only where the word is wider.
    pub(super) fn lines(&self, text: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let joined = lines.last().map(|line| format!("{line} {word}"));
            match (joined, lines.last_mut()) {
                (Some(joined), Some(line)) if self.width(&joined, size, bold) <= width => *line = joined,
                _ => lines.extend(self.pieces(word, size, bold, width)),
            }
        }
        lines
    }

    /// A word in pieces not wider than `width`, of at least one letter each.
    fn pieces(&self, word: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut taken = 0.0;
        for c in word.chars() {
            let advance = self.advance(c, bold) * size;
            if taken + advance > width && taken > 0.0 {
                pieces.push(String::new());
                taken = 0.0;
            }
            taken += advance;
            if let Some(piece) = pieces.last_mut() {
                piece.push(c);
            }
        }
        pieces
    }

    /// The width of a letter in letters of size 1, with room for other fonts. A letter that the font lacks is taken
    /// from some other one: as wide as a full-width sign, to be safe.
    fn advance(&self, c: char, bold: bool) -> f32 {
        let face = if bold { &self.bold } else { &self.regular };
        let advance = face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph));
        let measured = advance.map_or(1.0, |advance| f32::from(advance) / f32::from(face.units_per_em()));
        measured * widening(c, bold)
    }
}

/// How much wider than in Noto Sans, by which lines are measured, a letter is in DejaVu Sans, the widest of the fonts
/// that the poster names: many machines have no Noto Sans and take that. A text is 8 to 12 % wider, but a line of
/// unlucky letters must not leave the page either.
const fn widening(c: char, bold: bool) -> f32 {
    match c {
        '!' | '+' | '<' | '=' | '>' | '^' | '{' | '}' | '~' | '\u{2019}' | '\u{2BC}' => 1.85,
        '(' | ')' | '[' | ']' | ':' | ';' | ',' | '.' | '\u{B7}' => 1.41,
        'Ж' | 'Ъ' | 'S' | '#' | '-' | '\u{2026}' => 1.32,
        _ if bold => 1.26,
        _ => 1.23,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: f32 = 40.0;

    #[track_caller]
    fn wraps(text: &str, expected: &[&str]) {
        let letters = Letters::new().unwrap();
        let lines = letters.lines(text, 5.0, false, WIDTH);
        assert_eq!(lines, expected);
        assert!(lines.iter().all(|line| letters.width(line, 5.0, false) <= WIDTH), "{lines:?}");
    }

    #[test]
    fn lines_are_cut_at_spaces() {
        wraps("для надання адміністративних послуг", &["для надання", "адміністрати", "вних послуг"]);
        wraps("  Готель \t «Палаццо»\n", &["Готель", "«Палаццо»"]);
        wraps("", &[]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut_and_loses_nothing() {
        let letters = Letters::new().unwrap();
        let word = "Щ".repeat(300);
        let lines = letters.lines(&word, 5.0, true, WIDTH);
        assert_eq!(lines.concat(), word);
        assert!(lines.iter().all(|line| letters.width(line, 5.0, true) <= WIDTH));
        // Wider than the line by itself: one letter a line, and an end.
        assert_eq!(letters.lines("ЩЩ", 500.0, true, WIDTH).len(), 2);
    }

    /// Against the font itself, where it is installed.
    #[test]
    #[expect(clippy::print_stdout, reason = "a test that cannot look says so")]
    fn no_letter_is_wider_in_dejavu_sans_than_foreseen() {
        let letters = Letters::new().unwrap();
        for (file, bold) in [("DejaVuSans.ttf", false), ("DejaVuSans-Bold.ttf", true)] {
            let Ok(bytes) = std::fs::read(format!("/usr/share/fonts/truetype/dejavu/{file}")) else {
                println!("skipped: no {file}");
                continue;
            };
            let face = Face::parse(&bytes, 0).unwrap();
            for c in ('!'..='~').chain('А'..='я').chain("ІіЇїЄєҐґ«»№–—…’ʼ·".chars()) {
                let advance = face.glyph_hor_advance(face.glyph_index(c).unwrap()).unwrap();
                let width = f32::from(advance) / f32::from(face.units_per_em());
                assert!(width <= letters.advance(c, bold), "{c} is {width} wide in {file}");
            }
        }
    }

    #[test]
    fn a_letter_that_the_font_lacks_has_a_width() {
        let letters = Letters::new().unwrap();
        assert!(letters.width("漢", 10.0, false) >= 10.0);
    }
}
