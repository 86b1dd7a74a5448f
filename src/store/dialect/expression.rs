//! The ways in which terms are found → an FTS5 expression (<https://sqlite.org/fts5.html>, «Full-text Query Syntax»).
//! Pure. Nothing that a person typed reaches FTS5 but letters and digits within quotes.

use super::vocabulary::Begun;
use crate::store::seeking::{Clause, End, Way};

/// An FTS5 expression that is always well-formed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::store) struct Expression(String);

impl Expression {
    /// Every term as it was typed.
    pub(in crate::store) fn exact(clauses: &[Clause], begun: &Begun) -> Self {
        Self(all(clauses, |clause| any(&clause.exact, begun)))
    }

    /// Every term as it was typed or with what is forgiven; where one term alone forgives, that one by what is forgiven. What
    /// [`Self::exact`] finds may be among it: to leave that out is cheaper where all of it is known. None where nothing is
    /// forgiven.
    pub(in crate::store) fn loose(clauses: &[Clause], begun: &Begun) -> Option<Self> {
        let forgiving = clauses.iter().filter(|clause| !clause.loose.is_empty()).count();
        let either = |clause: &Clause| {
            let exact = clause.exact.iter().filter(|_| forgiving > 1 || clause.loose.is_empty());
            let ways: Vec<Way> = exact.chain(&clause.loose).cloned().collect();
            any(&ways, begun)
        };
        (forgiving > 0).then(|| Self(all(clauses, either)))
    }

    /// The expression as FTS5 reads it.
    pub(in crate::store) fn as_str(&self) -> &str {
        &self.0
    }
}

fn all(clauses: &[Clause], each: impl Fn(&Clause) -> String) -> String {
    clauses.iter().map(each).collect::<Vec<_>>().join(" AND ")
}

/// Ways that share their columns share a filter.
fn any(ways: &[Way], begun: &Begun) -> String {
    let groups: Vec<String> = ways
        .chunk_by(|a, b| a.columns == b.columns)
        .map(|group| {
            let columns = group.first().map(|way| way.columns.as_slice()).unwrap_or_default();
            let columns: Vec<&str> = columns.iter().map(|column| column.word()).collect();
            let phrases: Vec<String> = group.iter().flat_map(|way| phrases(way, begun)).collect();
            format!("{{{}}} : ({})", columns.join(" "), phrases.join(" OR "))
        })
        .collect();
    format!("({})", groups.join(" OR "))
}

/// A way as quoted phrases: one, or one for each word that its last one may be.
fn phrases(way: &Way, begun: &Begun) -> Vec<String> {
    let start = if way.at_start { "^ " } else { "" };
    let quoted = |words: &[String]| format!("{start}\"{}\"", words.join(" "));
    if way.end == End::Whole {
        return vec![quoted(&way.words)];
    }
    match way.words.split_last().and_then(|(last, before)| Some((before, begun.words(last)?))) {
        Some((before, words)) if !words.is_empty() => {
            words.iter().map(|word| quoted(&[before, std::slice::from_ref(word)].concat())).collect()
        }
        _ => vec![format!("{} *", quoted(&way.words))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Query, SearchField, Term};
    use crate::store::seeking;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[track_caller]
    fn becomes(terms: Vec<Term>, expected: Option<&str>) {
        let clauses = seeking::clauses(&Query { terms });
        let said = clauses.map(|clauses| Expression::exact(&clauses, &Begun::default()));
        assert_eq!(said.as_ref().map(Expression::as_str), expected);
    }

    fn name(term: Term) -> Term {
        Term::In { field: SearchField::Name, term: Box::new(term) }
    }

    #[test]
    fn every_term_must_be_found_and_any_spelling_suffices() {
        becomes(
            vec![
                name(Term::Word { spellings: owned(&["шевч", "shevch"]) }),
                Term::Date { parts: owned(&["2026", "03"]) },
                name(Term::Phrase { words: owned(&["ivan", "example"]) }),
                name(Term::Exact { spellings: owned(&["тарас григорович"]) }),
            ],
            Some(
                "({names} : (\"шевч\" * OR \"shevch\" *)) AND ({received} : (^ \"2026 03\") OR {born} : (\"202603\")) AND \
                 ({names} : (\"ivan example\" *)) AND ({names} : (\"тарас григорович\"))",
            ),
        );
    }

    #[test]
    fn only_letters_and_digits_come_through() {
        becomes(
            vec![name(Term::Word { spellings: owned(&["a\" OR b*\0c", "NEAR(x)", "🙂"]) })],
            Some("({names} : (\"a OR b c\" * OR \"NEAR x\" *))"),
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

    #[test]
    fn what_is_forgiven_stands_beside_what_was_typed_where_several_terms_forgive() {
        let typed = |word: &str| name(Term::Word { spellings: owned(&[word]) });
        let mut clauses =
            seeking::clauses(&Query { terms: vec![typed("шевчинко"), typed("таарс")] }).unwrap();
        assert_eq!(Expression::loose(&clauses, &Begun::default()), None);
        let loose = |clauses: &[Clause]| Expression::loose(clauses, &Begun::default()).unwrap().0;
        let typo = clauses[0].exact[0].with_word(0, "шевченко");
        clauses[0].loose.push(typo);
        assert_eq!(loose(&clauses), "({names} : (\"шевченко\")) AND ({names} : (\"таарс\" *))");
        let typo = clauses[1].exact[0].with_word(0, "тарас");
        clauses[1].loose.push(typo);
        assert_eq!(
            loose(&clauses),
            "({names} : (\"шевчинко\" * OR \"шевченко\")) AND ({names} : (\"таарс\" * OR \"тарас\"))"
        );
    }
}
