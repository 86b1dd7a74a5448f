//! What pages say → a copy's fields, and the documents of a letter, each once.
//!
//! Documents are not opened here: their lines come from a sandbox. Templates are data ([`Templates`]); a document that none
//! of them fits is still read as text, with its request lines.

mod checks;
mod copies;
mod file_name;
mod forms;
mod known;
mod labels;
mod likeness;
mod names;
mod photo;
mod prefer;
mod read;
mod sheet;
mod templates;
#[cfg(test)]
mod tests;
mod values;

pub use copies::{copies, told_by_pages};
pub use known::{KnownBy, KnownWord, known_words, printed_texts};
pub use photo::photo;
pub use prefer::{needs_ocr, prefer};
pub use read::{PageLines, read};
pub use templates::{Source, TemplateError, TemplateFault, Templates};

/// Stands for a letter that is not known.
const UNKNOWN: char = '□';
