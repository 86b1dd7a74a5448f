//! A filing → the folded words of every column of the search index. Pure.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::model::{BranchId, Copy, FieldKind, Filing, KyivDay, Light, ReadField, Reading, Token};
use crate::texts;

/// Characters of a column that are indexed. A subject or a hundred file names fit many times over; a stranger's
/// megabyte of words would only swell the index.
const COLUMN_CHARS_MAX: usize = 10_000;

/// Characters of the body that are indexed: what a person writes is at the top, quoted letters below.
const BODY_CHARS_MAX: usize = 4_000;

/// Characters of the pages of all copies that are indexed: one copy has one to two thousand.
const PAGE_CHARS_MAX: usize = 30_000;

/// Digits of the shortest part that a number is found by.
const PART_DIGITS_MIN: usize = 4;

/// Digits of the longest number that is found by its parts: a request id has 14.
const NUMBER_DIGITS_MAX: usize = 32;

/// A column of the index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Column {
    /// Names on copies.
    Names,
    /// РНОКПП on copies.
    Rnokpp,
    /// Other numbers on copies.
    Numbers,
    /// Days of birth on copies.
    Born,
    /// Everything else that copies say in fields.
    Fields,
    /// Kinds of documents.
    Documents,
    /// The sender.
    Sender,
    /// The subject.
    Subject,
    /// The branch under all its names.
    Branch,
    /// Services of the matched code.
    Service,
    /// The matched code's token.
    Token,
    /// The day of receipt.
    Received,
    /// The mailbox.
    Mailbox,
    /// Names of files.
    Files,
    /// The whole text of the pages.
    Page,
    /// The letter's text.
    Body,
    /// Signs of our own: [`NO_PATRONYMIC`], [`light_mark`].
    Marks,
}

impl Column {
    /// Every column, the most telling first.
    pub(super) const ALL: [Self; 17] = [
        Self::Names,
        Self::Rnokpp,
        Self::Numbers,
        Self::Born,
        Self::Fields,
        Self::Documents,
        Self::Sender,
        Self::Subject,
        Self::Branch,
        Self::Service,
        Self::Token,
        Self::Received,
        Self::Mailbox,
        Self::Files,
        Self::Page,
        Self::Body,
        Self::Marks,
    ];

    /// Its name in the database.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Rnokpp => "rnokpp",
            Self::Numbers => "numbers",
            Self::Born => "born",
            Self::Fields => "fields",
            Self::Documents => "documents",
            Self::Sender => "sender",
            Self::Subject => "subject",
            Self::Branch => "branch",
            Self::Service => "service",
            Self::Token => "token",
            Self::Received => "received",
            Self::Mailbox => "mailbox",
            Self::Files => "files",
            Self::Page => "page",
            Self::Body => "body",
            Self::Marks => "marks",
        }
    }

    /// Whether one typed letter may be wrong. Not in what is long and seldom looked for by a word of its own.
    pub(super) const fn forgives_typos(self) -> bool {
        matches!(
            self,
            Self::Names
                | Self::Fields
                | Self::Documents
                | Self::Sender
                | Self::Subject
                | Self::Branch
                | Self::Service
        )
    }
}

/// The mark of a filing whose copies name a person without a patronymic.
pub(super) const NO_PATRONYMIC: &str = "nopatronymic";

/// The sign of a filing's light.
pub(super) const fn light_mark(light: Light) -> &'static str {
    match light {
        Light::Green => "lightgreen",
        Light::Amber => "lightamber",
        Light::Red => "lightred",
    }
}

/// What the letter tells: the columns that stay when a copy is read again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct LetterText {
    pub(super) sender: String,
    pub(super) subject: String,
    pub(super) files: String,
    pub(super) branch: String,
    pub(super) service: String,
    pub(super) token: String,
    pub(super) received: String,
    pub(super) mailbox: String,
    pub(super) body: String,
}

/// What the copies tell: the columns that are made anew when one is read again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct CopyText {
    pub(super) documents: String,
    pub(super) names: String,
    pub(super) rnokpp: String,
    pub(super) numbers: String,
    pub(super) born: String,
    pub(super) fields: String,
    pub(super) page: String,
    pub(super) marks: String,
    /// Every field by itself.
    pub(super) parts: Vec<Part>,
}

/// One field of one copy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Part {
    /// Which copy.
    #[serde(rename = "p")]
    pub(super) place: usize,
    /// The field's name.
    #[serde(rename = "n")]
    pub(super) name: String,
    /// Where its words are.
    #[serde(rename = "c")]
    pub(super) column: Column,
    /// The value as printed.
    #[serde(rename = "v")]
    pub(super) value: String,
    /// Its words as they stand in the column.
    #[serde(rename = "w")]
    pub(super) words: String,
}

impl LetterText {
    /// What the letter itself tells. Branch, services and token are added by who knows them.
    pub(super) fn of(filing: &Filing) -> Self {
        let Filing { mail, letter, copies, .. } = filing;
        let sender = letter.from.as_ref().map(|from| format!("{} {}", from.name, from.address));
        let names = letter.attachments.iter().map(|attachment| attachment.file_name.as_str());
        let inside = copies.iter().filter(|copy| copy.pdf_at.is_none()).map(|copy| copy.file_name.as_str());
        Self {
            sender: words(&sender.unwrap_or_default(), COLUMN_CHARS_MAX),
            subject: words(&letter.subject, COLUMN_CHARS_MAX),
            files: words(&names.chain(inside).collect::<Vec<_>>().join(" "), COLUMN_CHARS_MAX),
            received: received(KyivDay::of(mail.received_at)),
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
        add(&mut self.service, &words(&format!("{id} {purpose}"), COLUMN_CHARS_MAX));
    }

    /// The matched code's token, as printed in groups and as typed in one piece.
    pub(super) fn add_token(&mut self, token: Token) {
        let grouped = token.to_string();
        let whole: String = grouped.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        self.token = words(&format!("{grouped} {whole}"), COLUMN_CHARS_MAX);
    }
}

impl CopyText {
    /// What the copies of one letter tell, `readings` in their order.
    pub(super) fn of(copies: &[Copy], readings: &[Option<Reading>]) -> Self {
        let documents: Vec<_> = copies.iter().filter_map(|copy| copy.document.as_ref()).collect();
        let documents: Vec<_> = documents.into_iter().map(texts::document_search_words).collect();
        let mut text = Self { documents: words(&documents.join(" "), COLUMN_CHARS_MAX), ..Self::default() };
        let read = || readings.iter().enumerate().filter_map(|(place, read)| Some((place, read.as_ref()?)));
        for (place, reading) in read() {
            text.add(place, reading);
        }
        let pages: Vec<&str> = read().map(|(_, reading)| reading.text.as_str()).collect();
        text.page = plain_words(&pages.join("\n"), PAGE_CHARS_MAX).join(" ");
        let has = |name: &str| text.parts.iter().any(|part| part.name == name);
        if has("surname") && !has("patronymic") {
            NO_PATRONYMIC.clone_into(&mut text.marks);
        }
        text
    }

    fn add(&mut self, place: usize, reading: &Reading) {
        // Side by side, so that a surname and a given name are found as one phrase.
        let of_kind = |kind| reading.fields.iter().filter(move |field| field.kind == kind);
        for kind in [FieldKind::Name, FieldKind::NameLatin] {
            let names: Vec<&str> = of_kind(kind).map(|field| field.value.as_str()).collect();
            add(&mut self.names, &words(&names.join(" "), COLUMN_CHARS_MAX));
        }
        for field in &reading.fields {
            let (column, words) = column_of(field);
            match column {
                Column::Rnokpp => add(&mut self.rnokpp, &words),
                Column::Numbers => add(&mut self.numbers, &words),
                Column::Born => add(&mut self.born, &words),
                Column::Fields => add(&mut self.fields, &words),
                _ => {}
            }
            let (name, value) = (field.name.clone(), field.value.clone());
            self.parts.push(Part { place, name, column, value, words });
        }
    }
}

/// Where a field is looked for, and its words there.
fn column_of(field: &ReadField) -> (Column, String) {
    let value = field.value.as_str();
    match field.kind {
        FieldKind::Name | FieldKind::NameLatin => (Column::Names, words(value, COLUMN_CHARS_MAX)),
        FieldKind::Rnokpp => (Column::Rnokpp, number_words(value)),
        FieldKind::Unzr | FieldKind::DocumentNumber | FieldKind::RequestId => {
            (Column::Numbers, number_words(value))
        }
        FieldKind::BirthDate => (Column::Born, day_words(field)),
        FieldKind::Code if value.chars().filter(char::is_ascii_digit).count() >= PART_DIGITS_MIN => {
            (Column::Numbers, number_words(value))
        }
        FieldKind::ValidUntil | FieldKind::Date | FieldKind::RequestTime => {
            (Column::Fields, dated_words(field))
        }
        FieldKind::Code
        | FieldKind::Place
        | FieldKind::Sex
        | FieldKind::Text
        | FieldKind::RequestInitiator => (Column::Fields, words(value, COLUMN_CHARS_MAX)),
    }
}

/// A number as printed, in one piece ([`ukr::number_key`]), and every end of its digits from four on.
fn number_words(value: &str) -> String {
    let mut all = plain_words(value, COLUMN_CHARS_MAX);
    let key = ukr::number_key(value);
    let digits: String = key.chars().filter(char::is_ascii_digit).take(NUMBER_DIGITS_MAX).collect();
    all.push(key);
    let ends = 0..(digits.len() + 1).saturating_sub(PART_DIGITS_MIN);
    all.extend(ends.filter_map(|at| digits.get(at..).map(str::to_owned)));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|word| !word.is_empty() && seen.insert(word.clone()));
    all.join(" ")
}

/// Year, month and day of birth, each as one word; a day that was not understood as printed.
fn day_words(field: &ReadField) -> String {
    match field.plain.as_deref().and_then(|plain| plain.get(..10)).map(str::parse::<KyivDay>) {
        Some(Ok(day)) => {
            let whole = day.to_string().replace('-', "");
            format!("{} {} {whole}", whole.get(..4).unwrap_or_default(), whole.get(..6).unwrap_or_default())
        }
        _ => words(&field.value, COLUMN_CHARS_MAX),
    }
}

/// A date as printed and in digits, so that it is found however it is typed.
fn dated_words(field: &ReadField) -> String {
    let printed = words(&field.value, COLUMN_CHARS_MAX);
    match field.plain.as_deref().and_then(|plain| plain.get(..10)).map(str::parse::<KyivDay>) {
        Some(Ok(day)) => format!("{printed} {}", day.dotted().replace('.', " ")),
        _ => printed,
    }
}

/// `2026 03 15 202603 20260315`: three groups side by side, then what spans of days are made of.
fn received(day: KyivDay) -> String {
    let whole = day.to_string();
    format!("{} {} {}", whole.replace('-', " "), whole.get(..7).unwrap_or_default(), whole)
        .split(' ')
        .map(|word| word.replace('-', ""))
        .collect::<Vec<_>>()
        .join(" ")
}

fn add(column: &mut String, words: &str) {
    if !column.is_empty() && !words.is_empty() {
        column.push(' ');
    }
    column.push_str(words);
}

/// The folded words in their order, so that phrases are found; then their Latin keys in the same order, so that
/// «Шевченко» is found as `shevchenko` and the reverse.
fn words(text: &str, chars_max: usize) -> String {
    let words = plain_words(text, chars_max);
    let keys: Vec<String> = words.iter().map(|word| ukr::search_key(word)).collect();
    if keys == words { words.join(" ") } else { format!("{} {}", words.join(" "), keys.join(" ")) }
}

fn plain_words(text: &str, chars_max: usize) -> Vec<String> {
    let cut = text.char_indices().nth(chars_max).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    ukr::words(cut).iter().map(|word| without_marks(word)).collect()
}

/// A folded word without the marks of Latin letters: José is found as jose. й and ї are letters of their own.
pub(super) fn without_marks(word: &str) -> String {
    if word.chars().all(|c| c.is_ascii() || is_cyrillic(c)) {
        return word.to_owned();
    }
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        if is_cyrillic(c) {
            plain.push(c);
        } else {
            plain.extend(c.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')));
        }
    }
    plain
}

const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_folded_and_then_as_latin_keys() {
        assert_eq!(words("Шевченко, О.", 100), "шевченко о shevchenko o");
        assert_eq!(words("plain Latin", 100), "plain latin");
        assert_eq!(words("🙂 «»", 100), "");
        assert_eq!(
            words("José йод", 100),
            format!("jose йод {} {}", ukr::search_key("jose"), ukr::search_key("йод"))
        );
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(words("їжак", 2), format!("їж {}", ukr::search_key("їж")));
        assert_eq!(words(&"слово ".repeat(1_000_000), 5), format!("слово {}", ukr::search_key("слово")));
    }

    #[test]
    fn a_number_stands_there_with_every_end_of_four_digits_and_more() {
        assert_eq!(number_words("123456"), "123456 23456 3456");
        assert_eq!(number_words("СХТ 1234"), "схт 1234 cxt1234");
        assert_eq!(number_words("DR-44247"), "dr 44247 dr44247 4247");
        assert_eq!(
            number_words("20000213-01"),
            "20000213 01 2000021301 000021301 00021301 0021301 021301 21301 1301"
        );
        assert_eq!(number_words("□□"), "");
    }

    #[test]
    fn a_day_of_receipt_stands_there_in_groups_and_in_one_piece() {
        assert_eq!(received("2026-03-15".parse().unwrap()), "2026 03 15 202603 20260315");
    }
}
