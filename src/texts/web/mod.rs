//! Every word of the pages, Ukrainian and English side by side: a word that lacks one of them does not compile.

mod sentences;
mod words;

pub use sentences::*;
pub use words::{ALL, EN, UK, Words};

use super::Said;

/// The language of a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    /// Ukrainian.
    #[default]
    Uk,
    /// English.
    En,
}

impl Lang {
    /// Its code, as HTML and the cookie have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::En => "en",
        }
    }

    /// The language with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Uk, Self::En].into_iter().find(|lang| lang.code() == code)
    }

    /// The fixed words of the pages.
    #[must_use]
    pub const fn words(self) -> &'static Words {
        match self {
            Self::Uk => &UK,
            Self::En => &EN,
        }
    }

    /// A sentence in this language.
    #[must_use]
    pub fn of(self, said: Said) -> String {
        match self {
            Self::Uk => said.uk,
            Self::En => said.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_cyrillic(text: &str) -> bool {
        text.chars().any(|c| matches!(c, '\u{400}'..='\u{4FF}'))
    }

    #[test]
    fn every_word_of_the_pages_is_there_in_both_languages() {
        assert!(ALL.len() > 40, "the catalogue is read");
        for (name, uk, en) in ALL {
            assert!(!uk.trim().is_empty() && !en.trim().is_empty(), "{name} is empty");
            assert!(has_cyrillic(uk) || *name == "codes_number", "{name} is not Ukrainian: {uk}");
            // Names of Ukrainian things stay as they are, in quotation marks.
            let outside: String = en.split('«').map(|part| part.rsplit('»').next().unwrap_or(part)).collect();
            assert!(!has_cyrillic(&outside) || *name == "language_uk", "{name} is not English: {en}");
            assert_ne!(uk, en, "{name} is not translated");
        }
    }

    #[test]
    fn a_language_is_known_by_its_code() {
        assert_eq!(Lang::of_code("en"), Some(Lang::En));
        assert_eq!(Lang::of_code("uk").map(Lang::code), Some("uk"));
        assert_eq!(Lang::of_code("ru"), None);
        assert_eq!(Lang::default(), Lang::Uk);
    }
}
