//! What a person typed → a [`Query`]: words, dates, numbers by part, addresses, tokens.

mod date;

use crate::model::{Query, Term};

/// Terms of one query; a person types three or four, a pasted page means nothing.
const TERMS_MAX: usize = 16;
/// Characters between two spaces that are read: an address may have 254 (RFC 5321 §4.5.3.1.3 with its errata), what
/// distinguishes it stands in front.
const WORD_CHARS_MAX: usize = 100;
/// Pieces of one phrase: the official file names have eight.
const PIECES_MAX: usize = 12;

/// Reads a search as it was typed. Never fails: where nothing can be searched for, the query has no terms.
#[must_use]
pub fn parse(text: &str) -> Query {
    let chunks: Vec<String> = text
        .split_whitespace()
        .filter(|chunk| chunk.chars().any(char::is_alphanumeric))
        .take(2 * TERMS_MAX)
        .map(|chunk| chunk.chars().take(WORD_CHARS_MAX).collect())
        .collect();
    let mut terms: Vec<Term> = Vec::new();
    let mut rest = chunks.as_slice();
    while let [chunk, after @ ..] = rest
        && terms.len() < TERMS_MAX
    {
        let (found, behind) = match date::leading(rest) {
            Some((parts, behind)) => (Some(Term::Date { parts }), behind),
            None => (term(chunk), after),
        };
        terms.extend(found.filter(|found| !terms.contains(found)));
        rest = behind;
    }
    Query { terms }
}

/// What stands between two spaces, as a word or a phrase.
fn term(chunk: &str) -> Option<Term> {
    let pieces: Vec<String> = ukr::words(chunk).into_iter().take(PIECES_MAX).collect();
    let mut spellings = Vec::new();
    add(&mut spellings, pieces.join(" "));
    // Numbers and addresses are written in one way only, and the key of an address would be another address.
    if !chunk.contains('@') {
        add(&mut spellings, ukr::search_key(&pieces.join(" ")));
        if let Some(token) = token(&pieces) {
            add(&mut spellings, token);
        }
        let has_digits = chunk.chars().any(char::is_numeric);
        if let Some(other) = ukr::other_layout(chunk).filter(|_| !has_digits) {
            let other: Vec<String> = ukr::words(&other).into_iter().take(PIECES_MAX).collect();
            add(&mut spellings, other.join(" "));
            add(&mut spellings, ukr::search_key(&other.join(" ")));
        }
    }
    match (spellings.len(), pieces.len()) {
        (0, _) => None,
        (1, 2..) => Some(Term::Phrase { words: pieces }),
        _ => Some(Term::Word { spellings }),
    }
}

/// Adds a spelling that is not there yet; one that is nothing but spaces is none.
fn add(spellings: &mut Vec<String>, spelling: String) {
    if !spelling.trim().is_empty() && !spellings.contains(&spelling) {
        spellings.push(spelling);
    }
}

/// A token, or its beginning, typed in groups of four: in one piece and in the symbols that tokens have, for people
/// read O for 0, and I and L for 1 (see [`crate::model::Token`]).
fn token(pieces: &[String]) -> Option<String> {
    let (last, groups) = pieces.split_last()?;
    let is_symbols = |piece: &String| piece.bytes().all(|c| c.is_ascii_alphanumeric() && c != b'u');
    let has_letters = pieces.iter().any(|piece| piece.contains(|c: char| c.is_ascii_alphabetic()));
    let is_token = has_letters
        && (1..=3).contains(&groups.len())
        && groups.iter().all(|group| group.len() == 4 && is_symbols(group))
        && last.len() <= 4
        && is_symbols(last);
    let symbol = |c: char| match c {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    is_token.then(|| pieces.concat().chars().map(symbol).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn day(parts: &[&str]) -> Term {
        Term::Date { parts: owned(parts) }
    }

    fn phrase(words: &[&str]) -> Term {
        Term::Phrase { words: owned(words) }
    }

    fn number(digits: &str) -> Term {
        Term::Word { spellings: owned(&[digits]) }
    }

    #[track_caller]
    fn becomes(typed: &str, expected: &[Term]) {
        assert_eq!(parse(typed).terms, expected, "{typed}");
    }

    /// One word whose spellings begin so.
    #[track_caller]
    fn spelled(typed: &str, expected: &[&str]) {
        let terms = parse(typed).terms;
        let [Term::Word { spellings }] = terms.as_slice() else { panic!("{typed}: {terms:?}") };
        for spelling in expected {
            assert!(
                spellings.iter().any(|found| found == spelling),
                "{typed}: no {spelling} in {spellings:?}"
            );
        }
        assert_eq!(spellings[0], expected[0], "as typed comes first");
    }

    #[test]
    fn a_word_is_tried_in_its_alphabets_and_in_the_other_keyboard_layout() {
        spelled("Шевч", &["шевч", "shevch"]);
        spelled("itdx", &["itdx", "шевч", "shevch"]);
        spelled("gfcgjhn", &["gfcgjhn", "паспорт", "pasport"]);
        spelled("Нечуй-Левицьк", &["нечуй левицьк"]);
        spelled("internal-passport", &["internal passport"]);
    }

    #[test]
    fn words_dates_and_documents_stand_side_by_side() {
        let terms = parse("шевч 2026-03 паспорт").terms;
        assert_eq!(terms.len(), 3);
        assert!(matches!(&terms[0], Term::Word { spellings } if spellings[0] == "шевч"));
        assert_eq!(terms[1], day(&["2026", "03"]));
        assert!(matches!(&terms[2], Term::Word { spellings } if spellings[0] == "паспорт"));
    }

    #[test]
    fn dates_are_known_in_every_way_of_writing() {
        for typed in [
            "15.03.2026",
            "15.3.2026",
            "15/03/2026",
            "15-03-2026",
            "2026-03-15",
            "2026.03.15",
            "15.03.26",
            "15.03.2026,",
            "(15.03.2026)",
            "15 березня 2026",
            "15 Березня 2026 року",
            "15 березня 2026 р.",
            "15 March 2026",
            "15.03.2026р.",
        ] {
            becomes(typed, &[day(&["2026", "03", "15"])]);
        }
        for typed in
            ["2026-03", "03.2026", "3.2026", "03/2026", "березень 2026", "березня 2026", "March 2026"]
        {
            becomes(typed, &[day(&["2026", "03"])]);
        }
        becomes("2026", &[day(&["2026"])]);
        becomes("2026 року", &[day(&["2026"])]);
    }

    #[test]
    fn what_is_no_date_of_receipt_is_a_number_or_a_word() {
        becomes("15", &[number("15")]);
        becomes("1991", &[number("1991")]);
        becomes("2100", &[number("2100")]);
        becomes("20261", &[number("20261")]);
        becomes("45.03.2026", &[phrase(&["45", "03", "2026"])]);
        becomes("31.02.2026", &[phrase(&["31", "02", "2026"])]);
        becomes("2026-13", &[phrase(&["2026", "13"])]);
        becomes("123.03.2026", &[phrase(&["123", "03", "2026"])]);
        becomes("15.03", &[phrase(&["15", "03"])]);
        becomes("15.03.1991", &[phrase(&["15", "03", "1991"])]);
        assert!(matches!(parse("березень").terms.as_slice(), [Term::Word { .. }]));
        assert_eq!(parse("березень паспорт").terms.len(), 2);
        assert_eq!(parse("паспорт березень 2026").terms.len(), 2, "a word before a month is no day of it");
        assert_eq!(parse("45 березня 2026").terms.len(), 2, "a number, and the month");
    }

    #[test]
    fn numbers_and_addresses_are_found_by_their_pieces() {
        becomes("2858364", &[number("2858364")]);
        becomes("20000213-01467", &[phrase(&["20000213", "01467"])]);
        becomes("Ivan@Example.com", &[phrase(&["ivan", "example", "com"])]);
        becomes("<ivan@exam", &[phrase(&["ivan", "exam"])]);
    }

    #[test]
    fn a_token_is_found_as_typed_and_as_meant() {
        spelled("7k3f-9m2x-ab5o-c", &["7k3f 9m2x ab5o c", "7k3f9m2xab50c"]);
        spelled("7K3F-IL", &["7k3f il", "7k3f11"]);
        // A group with a U, or of another length, is no token's.
        assert!(!format!("{:?}", parse("7k3f-ulul")).contains("1"));
    }

    #[test]
    fn what_cannot_be_searched_for_gives_an_empty_query() {
        for typed in ["", " \n\t", "!!! ??? ...", "\u{0}\u{202e}", "🙂", "«»"] {
            becomes(typed, &[]);
        }
    }

    #[test]
    fn a_query_is_bounded_and_says_nothing_twice() {
        becomes("1234 1234 01.03.2026 2026-03-01", &[number("1234"), day(&["2026", "03", "01"])]);
        let many: String = (0..1_000).map(|number| format!("{number}x ")).collect();
        assert_eq!(parse(&many).terms.len(), TERMS_MAX);
        let long = parse(&"слово".repeat(100_000)).terms;
        let Some(Term::Word { spellings }) = long.first() else { panic!("{long:?}") };
        assert!(spellings.iter().all(|spelling| spelling.chars().count() <= 4 * WORD_CHARS_MAX));
        let Some(Term::Phrase { words }) = parse(&"1-".repeat(1_000)).terms.into_iter().next() else {
            panic!()
        };
        assert_eq!(words.len(), PIECES_MAX);
    }

    #[test]
    fn every_spelling_is_words_parted_by_single_spaces() {
        for typed in [
            "a--b",
            "О'Коннор",
            "x_y",
            "№ 5/б",
            "\"quoted phrase\"",
            "NEAR(a b)",
            "a*",
            "-x",
            "'; DROP TABLE",
        ] {
            for term in parse(typed).terms {
                let texts = match term {
                    Term::Word { spellings } => spellings,
                    Term::Phrase { words } | Term::Date { parts: words } => words,
                };
                assert!(!texts.is_empty());
                for text in texts {
                    let is_plain = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
                    assert!(text.split(' ').all(is_plain), "{typed}: {text:?}");
                }
            }
        }
    }
}
