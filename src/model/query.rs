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
    /// A word's beginning, in every spelling that should be tried; folded, only letters and digits.
    Word {
        /// The spellings: as typed, transliterated, typed in the other keyboard layout.
        spellings: Vec<String>,
    },
    /// A year, month or day of receipt: one to three groups of digits, year first (`2026`, `03`, `15`).
    Date {
        /// The groups.
        parts: Vec<String>,
    },
    /// Pieces that must stand side by side in this order: parts of a number, an address, a token.
    Phrase {
        /// The pieces, folded; the last one is a beginning.
        words: Vec<String>,
    },
}
