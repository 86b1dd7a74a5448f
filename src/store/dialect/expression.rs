//! A query in the words of the domain → an FTS5 expression (<https://sqlite.org/fts5.html>, «Full-text Query Syntax»).
//! Pure. Nothing that a person typed reaches FTS5 but letters and digits within quotes.

use crate::model::{Query, Term};

/// Spellings of one word, pieces of one phrase, terms of one query that are looked at. A person types a few; the index
/// takes every one in turn.
const ALTERNATIVES_MAX: usize = 32;

/// An FTS5 expression that is always well-formed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::store) struct Expression(String);

impl Expression {
    /// The expression of a query; none when a term holds no letter or digit, for then nothing can be found by it.
    pub(in crate::store) fn of(query: &Query) -> Option<Self> {
        let terms: Option<Vec<String>> = query.terms.iter().take(ALTERNATIVES_MAX).map(term).collect();
        terms.filter(|terms| !terms.is_empty()).map(|terms| Self(terms.join(" AND ")))
    }

    /// The expression as FTS5 reads it.
    pub(in crate::store) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Words and phrases are not looked for in the day of receipt: `03` there would be found in every March.
fn term(term: &Term) -> Option<String> {
    match term {
        Term::Word { spellings } => {
            let spellings: Vec<String> = spellings
                .iter()
                .take(ALTERNATIVES_MAX)
                .filter_map(|spelling| beginning([spelling]))
                .collect();
            (!spellings.is_empty()).then(|| format!("(- received : ({}))", spellings.join(" OR ")))
        }
        Term::Phrase { words } => beginning(words).map(|phrase| format!("(- received : ({phrase}))")),
        // From the column's first word, the year: `03 15` is not a year and a month.
        Term::Date { parts } => quoted(parts).map(|phrase| format!("(received : ^ {phrase})")),
    }
}

/// The pieces side by side, the last one a word's beginning.
fn beginning<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Option<String> {
    quoted(texts).map(|phrase| format!("{phrase} *"))
}

/// The letters and digits of the texts as one quoted phrase; none when there are none.
fn quoted<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Option<String> {
    let pieces: Vec<String> = texts
        .into_iter()
        .flat_map(|text| {
            let pieces = text.as_ref().split(|c: char| !c.is_alphanumeric());
            pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        })
        .take(ALTERNATIVES_MAX)
        .collect();
    (!pieces.is_empty()).then(|| format!("\"{}\"", pieces.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[track_caller]
    fn becomes(terms: Vec<Term>, expected: Option<&str>) {
        assert_eq!(Expression::of(&Query { terms }).as_ref().map(Expression::as_str), expected);
    }

    #[test]
    fn every_term_must_be_found_and_any_spelling_suffices() {
        becomes(
            vec![
                Term::Word { spellings: owned(&["шевч", "shevch"]) },
                Term::Date { parts: owned(&["2026", "03"]) },
                Term::Phrase { words: owned(&["ivan", "example"]) },
            ],
            Some(
                "(- received : (\"шевч\" * OR \"shevch\" *)) AND (received : ^ \"2026 03\") AND (- received : (\"ivan example\" *))",
            ),
        );
    }

    #[test]
    fn only_letters_and_digits_come_through() {
        becomes(
            vec![Term::Word { spellings: owned(&["a\" OR b*\0c", "NEAR(x)", "🙂"]) }],
            Some("(- received : (\"a OR b c\" * OR \"NEAR x\" *))"),
        );
    }

    #[test]
    fn a_term_without_letters_or_digits_finds_nothing() {
        becomes(vec![], None);
        becomes(vec![Term::Word { spellings: vec![] }], None);
        becomes(
            vec![Term::Word { spellings: owned(&["a"]) }, Term::Phrase { words: owned(&["🙂", "\""]) }],
            None,
        );
    }
}
