//! A filing → the folded words of every column of the search index. Pure.

use crate::model::{BranchId, Filing, KyivDay, Token};
use crate::texts;

/// Characters of a column that are indexed. A subject or a hundred file names fit many times over; a stranger's
/// megabyte of words would only swell the index.
const COLUMN_CHARS_MAX: usize = 10_000;

/// Characters of the body that are indexed: what a person writes is at the top, quoted letters below.
const BODY_CHARS_MAX: usize = 4_000;

/// The columns of the index, each as folded words followed by their Latin keys.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct SearchText {
    pub(super) sender: String,
    pub(super) subject: String,
    pub(super) files: String,
    pub(super) documents: String,
    pub(super) branch: String,
    pub(super) service: String,
    pub(super) token: String,
    pub(super) received: String,
    pub(super) mailbox: String,
    pub(super) body: String,
}

impl SearchText {
    /// What the letter itself tells. Branch, services and token are added by who knows them.
    pub(super) fn of(filing: &Filing) -> Self {
        let Filing { mail, letter, copies, .. } = filing;
        let sender = letter.from.as_ref().map(|from| format!("{} {}", from.name, from.address));
        let names = letter.attachments.iter().map(|attachment| attachment.file_name.as_str());
        let inside = copies.iter().filter(|copy| copy.pdf_at.is_none()).map(|copy| copy.file_name.as_str());
        let documents: Vec<_> = copies.iter().filter_map(|copy| copy.document.as_ref()).collect();
        let documents: Vec<_> = documents.into_iter().map(texts::document_search_words).collect();
        Self {
            sender: words(&sender.unwrap_or_default(), COLUMN_CHARS_MAX),
            subject: words(&letter.subject, COLUMN_CHARS_MAX),
            files: words(&names.chain(inside).collect::<Vec<_>>().join(" "), COLUMN_CHARS_MAX),
            documents: words(&documents.join(" "), COLUMN_CHARS_MAX),
            // Kept as it is, `2026-03-15`: three groups of digits side by side.
            received: KyivDay::of(mail.received_at).to_string(),
            mailbox: words(mail.mailbox.as_str(), COLUMN_CHARS_MAX),
            body: words(&letter.body, BODY_CHARS_MAX),
            ..Self::default()
        }
    }

    /// The branch under all its names.
    pub(super) fn add_branch(&mut self, id: &BranchId, name: &str, known_as: &[String], organisation: &str) {
        let names = format!("{id} {name} {} {organisation}", known_as.join(" "));
        self.branch = words(&names, COLUMN_CHARS_MAX);
    }

    /// A service of the matched code.
    pub(super) fn add_service(&mut self, id: &str, purpose: &str) {
        if !self.service.is_empty() {
            self.service.push(' ');
        }
        self.service.push_str(&words(&format!("{id} {purpose}"), COLUMN_CHARS_MAX));
    }

    /// The matched code's token, as printed in groups and as typed in one piece.
    pub(super) fn add_token(&mut self, token: Token) {
        let grouped = token.to_string();
        let whole: String = grouped.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        self.token = words(&format!("{grouped} {whole}"), COLUMN_CHARS_MAX);
    }
}

/// The folded words in their order, so that phrases are found; then their Latin keys in the same order, so that
/// «Шевченко» is found as `shevchenko` and the reverse.
fn words(text: &str, chars_max: usize) -> String {
    let cut = text.char_indices().nth(chars_max).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    let words = ukr::words(cut);
    let keys: Vec<String> = words.iter().map(|word| ukr::search_key(word)).collect();
    if keys == words { words.join(" ") } else { format!("{} {}", words.join(" "), keys.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_folded_and_then_as_latin_keys() {
        assert_eq!(words("Шевченко, О.", 100), "шевченко о shevchenko o");
        assert_eq!(words("plain Latin", 100), "plain latin");
        assert_eq!(words("🙂 «»", 100), "");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(words("їжак", 2), format!("їж {}", ukr::search_key("їж")));
        assert_eq!(words(&"слово ".repeat(1_000_000), 5), format!("слово {}", ukr::search_key("слово")));
    }
}
