//! Ukrainian writing → keys and checks: names folded, transliterated, typed in the wrong layout; numbers with check digits.
//!
//! Everything is pure: text in, text or a verdict on it out. Keys are for finding, never for deciding that two
//! people are the same one.

mod fold;
mod latin;
mod layout;
mod numbers;
mod spelling;

pub use fold::{fold, words};
pub use latin::{search_key, transliterate};
pub use layout::other_layout;
pub use numbers::{BirthDate, CheckDigit, Edrpou, InvalidNumber, Rnokpp, Sex, Unzr, number_key};
pub use spelling::{may_spell, may_spell_one};
