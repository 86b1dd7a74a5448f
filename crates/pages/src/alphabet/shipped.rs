//! The alphabet that comes with the product: the typeface of the official sample.

use super::{Alphabet, TrustRule};

/// Letters of the sample's typeface, and its emblems as drawings that are passed over. Made from the sample itself:
/// `cargo test -p opener --test sample write_the_shipped_alphabet -- --ignored`.
const SAMPLE: &str = include_str!("shipped.jsonl");

impl Alphabet {
    /// The letters that the product knows on its first day. It learns others by the usual rule.
    #[must_use]
    pub fn shipped() -> Self {
        // The file is a part of the program, and a test reads it: an empty alphabet here would read nothing, wrong nothing.
        Self::import(SAMPLE, TrustRule::default()).unwrap_or_default()
    }
}
