//! The texts of a letter → one plain text for people, tokens and the index.

use mail_parser::decoders::html::html_to_text;

use super::Limits;
use super::words::{in_charset, is_invisible};
use crate::model::{Defect, Letter};

/// How many times longer than its text an HTML may be and still be read whole.
const HTML_OVERHEAD: usize = 20;
/// Tags that end a line or a cell: without a space their texts would run together.
const BLOCKS: [&str; 14] =
    ["div", "/div", "td", "/td", "tr", "/tr", "li", "/li", "h", "/h", "p", "table", "/table", "blockquote"];

/// A text part, or the subject of a letter inside.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) is_html: bool,
    /// The multipart/alternative that it lies in: of one, plain text goes before HTML.
    pub(super) alternative: Option<usize>,
    /// Whether it was longer than what is read.
    pub(super) was_cut: bool,
}

impl Text {
    /// Reads a text part; of its bytes no more than could be kept.
    pub(super) fn read(
        bytes: &[u8],
        charset: &str,
        is_html: bool,
        alternative: Option<usize>,
        limits: &Limits,
    ) -> Self {
        // Four bytes a character is the most that UTF-8, UTF-16 and GB 18030 take.
        let bytes_max = limits.body_chars_max.saturating_mul(if is_html { 4 * HTML_OVERHEAD } else { 4 });
        let window = bytes.get(..bytes_max).unwrap_or(bytes);
        let text = in_charset(window, charset);
        Self { text, is_html, alternative, was_cut: window.len() < bytes.len() }
    }

    /// One line of plain text.
    pub(super) fn line(text: String) -> Self {
        Self { text, is_html: false, alternative: None, was_cut: false }
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Writes the body from the texts in their order.
pub(super) fn compose(texts: Vec<Text>, limits: &Limits, letter: &mut Letter) {
    let plain: Vec<Option<usize>> =
        texts.iter().filter(|text| !text.is_html && !text.is_blank()).map(|text| text.alternative).collect();
    let mut lines: Vec<String> = Vec::new();
    let mut was_cut = false;
    let mut has_html = false;
    for text in texts {
        if text.is_blank() || text.is_html && text.alternative.is_some() && plain.contains(&text.alternative)
        {
            continue;
        }
        was_cut |= text.was_cut;
        has_html |= text.is_html;
        lines.push(if text.is_html { without_tags(&text.text) } else { text.text });
    }
    let readable: String = lines.join("\n").chars().filter(|&c| is_readable(c)).collect();
    let readable = readable.trim();
    letter.body = readable.chars().take(limits.body_chars_max).collect();
    if was_cut || letter.body.len() < readable.len() {
        let chars_max = u32::try_from(limits.body_chars_max).unwrap_or(u32::MAX);
        letter.defects.push(Defect::BodyCut { chars_max });
    }
    if has_html && plain.is_empty() {
        letter.defects.push(Defect::HtmlOnly);
    }
}

/// The name that a uuencoded file in the text bears (POSIX `uuencode`: `begin 644 name`).
pub(super) fn uuencoded_name(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
        let is_mode = (3..=4).contains(&mode.len()) && mode.bytes().all(|c| matches!(c, b'0'..=b'7'));
        (is_mode && !name.trim().is_empty()).then(|| name.trim().to_owned())
    })
}

fn is_readable(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || is_invisible(c))
}

/// The text of an HTML, never rendered: no picture is fetched and nothing in it runs.
fn without_tags(html: &str) -> String {
    let mut spaced = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        spaced.push_str(before);
        let name = tag.get(1..).unwrap_or_default();
        let is_block = BLOCKS
            .iter()
            .any(|block| name.get(..block.len()).is_some_and(|start| start.eq_ignore_ascii_case(block)));
        spaced.push_str(if is_block { " <" } else { "<" });
        rest = name;
    }
    spaced.push_str(rest);
    html_to_text(&spaced)
}
