//! What a person looks for.

/// A search: every term must be found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// The terms, in the order typed.
    pub terms: Vec<Term>,
}

/// One thing to find.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Term {
    /// A word's beginning, in every spelling that should be tried; folded, only letters, digits and single spaces.
    /// A spelling of several words means that they stand side by side, the last one a beginning.
    /// Looked for everywhere but in the day of receipt.
    Word {
        /// The spellings: as typed, transliterated, typed in the other keyboard layout. At least one.
        spellings: Vec<String>,
    },
    /// A year, month or day of receipt: one to three groups of digits, year first (`2026`, `03`, `15`).
    /// A lone number from 2020 (before which there was no Дія) to 2099 is such a year and not a word;
    /// any other lone number is a word.
    Date {
        /// The groups: four digits, two, two.
        parts: Vec<String>,
    },
    /// Pieces that must stand side by side in this order: parts of a number, an address, a token.
    /// Looked for everywhere but in the day of receipt.
    Phrase {
        /// The pieces, folded; the last one is a beginning. At least two.
        words: Vec<String>,
    },
}
