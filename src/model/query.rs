//! What a person looks for, and where it was found.

use serde::Serialize;

use super::{FilingRow, KyivDay, Light};

/// A search: every term must be found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// The terms, in the order typed.
    pub terms: Vec<Term>,
}

/// One thing to find. What is said to be looked for everywhere is not looked for in the day of receipt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Term {
    /// A word's beginning, in every spelling that should be tried; folded, only letters, digits and single spaces.
    /// A spelling of several words means that they stand side by side, the last one a beginning.
    /// Looked for everywhere. A number is found by any part of four digits or more.
    Word {
        /// The spellings: as typed, transliterated, typed in the other keyboard layout. At least one.
        spellings: Vec<String>,
    },
    /// A [`Term::Word`] that may be a patronymic beside other names: where no exact answer has it, documents without a
    /// patronymic may lack it.
    Patronymic {
        /// As of a word.
        spellings: Vec<String>,
    },
    /// A year, month or day: one to three groups of digits, year first (`2026`, `03`, `15`). Of receipt or of birth; a
    /// whole day is looked for everywhere. A lone number from 2020 (before which there was no Дія) to 2099 is such a
    /// year; any other lone number is a word.
    Date {
        /// The groups: four digits, two, two.
        parts: Vec<String>,
    },
    /// Pieces that must stand side by side in this order: parts of an address, a token. Looked for everywhere.
    Phrase {
        /// The pieces, folded; the last one is a beginning. At least two.
        words: Vec<String>,
    },
    /// What was put in quotes: these whole words side by side, in any of the spellings. Looked for everywhere.
    Exact {
        /// As typed and transliterated.
        spellings: Vec<String>,
    },
    /// A day, month or year of birth, as of [`Term::Date`]; any of these.
    Born {
        /// The readings of what was typed: a year of two digits has two.
        days: Vec<Vec<String>>,
    },
    /// Received on these days, both included.
    Received {
        /// The first day; none: from the beginning.
        from: Option<KyivDay>,
        /// The last day; none: until now.
        until: Option<KyivDay>,
    },
    /// Letters with this light.
    Light {
        /// Which.
        light: Light,
    },
    /// A word, phrase or quotation in one field only.
    In {
        /// Where.
        field: SearchField,
        /// What.
        term: Box<Self>,
    },
}

/// Where a term may be looked for by its prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchField {
    /// `name:` the names that copies show.
    Name,
    /// `rnokpp:`
    Rnokpp,
    /// `doc:` the kind of a document, or its number.
    Document,
    /// `born:`
    Born,
    /// `branch:`
    Branch,
    /// `service:`
    Service,
    /// `from:` the letter's sender.
    Sender,
    /// `after:` received on this day or later.
    After,
    /// `before:` received on this day or earlier.
    Before,
    /// `light:` green, amber or red.
    Light,
}

/// Why a search cannot be followed as it was typed. Texts are as typed, shortened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum QueryFault {
    /// What stands before the colon names no field.
    UnknownField {
        /// The name.
        typed: String,
    },
    /// Nothing follows the colon.
    NoValue {
        /// The field.
        field: SearchField,
    },
    /// What follows the colon is no day, month or year.
    NoDate {
        /// The field.
        field: SearchField,
        /// The value.
        typed: String,
    },
    /// What follows the colon holds no letter or digit, or not those that the field has.
    NoNumber {
        /// The field.
        field: SearchField,
        /// The value.
        typed: String,
    },
    /// What follows the colon names no light.
    NoLight {
        /// The value.
        typed: String,
    },
    /// Nothing can be received after the one and before the other.
    EmptyRange {
        /// The first day.
        from: KyivDay,
        /// The last day.
        until: KyivDay,
    },
    /// A page was pasted.
    TooMuch {
        /// How many terms one search may have.
        terms_max: usize,
    },
}

/// A filing that was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Hit {
    /// The filing.
    #[serde(flatten)]
    pub row: FilingRow,
    /// Where the terms were found, in their order, each place once.
    pub matched: Vec<MatchedField>,
}

/// A place where a term was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MatchedField {
    /// The field of a copy by its template's name (`surname`), or what of the letter: `sender`, `subject`, `file-name`,
    /// `document`, `branch`, `service`, `token`, `received`, `mailbox`, `body`; `text` for the text of the pages.
    pub field: String,
    /// Which copy of the letter, from 0; none where it is not of one copy.
    pub copy: Option<usize>,
    /// What stands there, where it is short.
    pub value: Option<String>,
    /// Whether it differs from what was typed by one letter.
    pub typo: bool,
}
