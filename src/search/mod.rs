//! What a person typed → a [`Query`]: words, dates, numbers by part, addresses, tokens, quotations, fields.

mod chunk;
mod date;

use self::chunk::{Chunk, chunks, field};
use crate::model::{KyivDay, Light, Query, QueryFault, SearchField, Term};

/// Terms of one query; a person types three or four, a pasted page means nothing.
const TERMS_MAX: usize = 16;
/// Chunks that are read: a date may have four.
const CHUNKS_MAX: usize = 4 * TERMS_MAX;
/// Pieces of one phrase: the official file names have eight.
const PIECES_MAX: usize = 12;
/// Digits of the shortest part that a number is found by.
const PART_DIGITS_MIN: usize = 4;
/// Letters of the longest series before a number.
const SERIES_CHARS_MAX: usize = 6;
/// Characters of a typed text that a fault repeats.
const SAID_CHARS_MAX: usize = 40;

/// Ends of patronymics, folded.
const PATRONYMICS: [&str; 9] = ["ович", "евич", "йович", "івна", "ївна", "ovych", "evych", "ovich", "ivna"];

/// Reads a search as it was typed. Where nothing can be searched for, the query has no terms.
///
/// # Errors
/// When it cannot be followed: a field that is none, a value that the field cannot have, a pasted page.
pub fn parse(text: &str) -> Result<Query, QueryFault> {
    let all = chunks(text, CHUNKS_MAX);
    let mut terms: Vec<Term> = Vec::new();
    let mut rest = all.as_slice();
    while let Some((chunk, after)) = rest.split_first() {
        let (found, behind) = match &chunk.field {
            Some(name) => in_field(name, chunk, after)?,
            None => anywhere(chunk, rest, after),
        };
        terms.extend(found.filter(|found| !terms.contains(found)));
        if terms.len() > TERMS_MAX {
            return Err(QueryFault::TooMuch { terms_max: TERMS_MAX });
        }
        rest = behind;
    }
    if all.len() > CHUNKS_MAX {
        return Err(QueryFault::TooMuch { terms_max: TERMS_MAX });
    }
    let terms = with_patronymic(with_span(terms)?);
    Ok(Query { terms })
}

/// What is looked for everywhere, and the chunks behind it.
fn anywhere<'a>(chunk: &Chunk, from: &'a [Chunk], after: &'a [Chunk]) -> (Option<Term>, &'a [Chunk]) {
    if chunk.is_quoted {
        return (exact(&chunk.text), after);
    }
    let plain = plain(from);
    match date::leading(false, &plain) {
        Some((parts, left)) => (Some(Term::Date { parts }), behind(from, &plain, left)),
        None => (term(&chunk.text), after),
    }
}

/// What is looked for in the field that the chunk names, and the chunks behind it. A value may follow after a space.
fn in_field<'a>(
    name: &str,
    chunk: &Chunk,
    after: &'a [Chunk],
) -> Result<(Option<Term>, &'a [Chunk]), QueryFault> {
    let Some(field) = field(name) else { return Err(QueryFault::UnknownField { typed: said(name) }) };
    let mut value = Chunk { field: None, ..chunk.clone() };
    let mut rest = after;
    if !value.is_quoted && value.text.is_empty() {
        let Some((next, behind)) = after.split_first().filter(|(next, _)| next.field.is_none()) else {
            return Err(QueryFault::NoValue { field });
        };
        (value, rest) = (next.clone(), behind);
    }
    let typed = said(&value.text);
    let all = [std::slice::from_ref(&value), rest].concat();
    let plain = if value.is_quoted { quoted_words(&value.text) } else { plain(&all) };
    // Chunks of the value's date that follow it.
    let behind = |left: &[String]| {
        let read = if value.is_quoted { 0 } else { (plain.len() - left.len()).saturating_sub(1) };
        rest.get(read..).unwrap_or_default()
    };
    match field {
        SearchField::Born => match date::of_birth(&plain) {
            Some((days, left)) => Ok((Some(Term::Born { days }), behind(left))),
            None => Err(QueryFault::NoDate { field, typed }),
        },
        SearchField::After | SearchField::Before => match date::leading(true, &plain) {
            Some((parts, left)) => Ok((received(field, &parts), behind(left))),
            None => Err(QueryFault::NoDate { field, typed }),
        },
        // «від 01.03.2026 до 31.03.2026»: nobody's name is a date.
        SearchField::Sender if date::leading(false, &plain).is_some_and(|(parts, _)| parts.len() > 1) => {
            let (parts, left) = date::leading(false, &plain).unwrap_or_default();
            Ok((received(SearchField::After, &parts), behind(left)))
        }
        SearchField::Rnokpp => {
            let digits: String = value.text.chars().filter(char::is_ascii_digit).collect();
            let is_number = value.text.chars().all(|c| !c.is_alphabetic());
            if !is_number || !(PART_DIGITS_MIN..=10).contains(&digits.len()) {
                return Err(QueryFault::NoNumber { field, typed });
            }
            Ok((Some(within(field, Term::Word { spellings: vec![digits] })), rest))
        }
        SearchField::Light => match light(&value.text) {
            Some(light) => Ok((Some(Term::Light { light }), rest)),
            None => Err(QueryFault::NoLight { typed }),
        },
        SearchField::Name
        | SearchField::Document
        | SearchField::Branch
        | SearchField::Service
        | SearchField::Sender => {
            let found = if value.is_quoted { exact(&value.text) } else { term(&value.text) };
            match found {
                Some(found) => Ok((Some(within(field, found)), rest)),
                None => Err(QueryFault::NoValue { field }),
            }
        }
    }
}

/// The light that a word names, in either language and any ending.
fn light(word: &str) -> Option<Light> {
    let word = ukr::fold(word);
    let named = [
        (Light::Green, ["green", "зелен"]),
        (Light::Amber, ["amber", "жовт"]),
        (Light::Red, ["red", "червон"]),
    ];
    let is_named = |names: &[&str; 2]| word == names[0] || word.starts_with(names[1]);
    named.iter().find(|(_, names)| is_named(names)).map(|(light, _)| *light)
}

fn within(field: SearchField, term: Term) -> Term {
    Term::In { field, term: Box::new(term) }
}

/// The chunks up to the first that is quoted or names a field, as far as a date may go.
fn plain(chunks: &[Chunk]) -> Vec<String> {
    let plain = chunks.iter().take_while(|chunk| chunk.field.is_none() && !chunk.is_quoted).take(4);
    plain.map(|chunk| chunk.text.clone()).collect()
}

fn quoted_words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The chunks behind those of `plain` that were read: all but `left`.
fn behind<'a>(from: &'a [Chunk], plain: &[String], left: &[String]) -> &'a [Chunk] {
    from.get(plain.len() - left.len()..).unwrap_or_default()
}

/// The days from a date on, or until its end.
fn received(field: SearchField, parts: &[String]) -> Option<Term> {
    let group = |at: usize, otherwise: &str| parts.get(at).cloned().unwrap_or_else(|| otherwise.to_owned());
    let first = format!("{}-{}-{}", group(0, ""), group(1, "01"), group(2, "01")).parse::<KyivDay>().ok()?;
    let last = KyivDay(match parts.len() {
        1 => first.0.last_of_year(),
        2 => first.0.last_of_month(),
        _ => first.0,
    });
    Some(match field {
        SearchField::Before => Term::Received { from: None, until: Some(last) },
        _ => Term::Received { from: Some(first), until: None },
    })
}

/// All days of receipt as one span.
fn with_span(terms: Vec<Term>) -> Result<Vec<Term>, QueryFault> {
    let (mut from, mut until): (Option<KyivDay>, Option<KyivDay>) = (None, None);
    let mut others = Vec::new();
    for term in terms {
        match term {
            Term::Received { from: first, until: last } => {
                from = from.max(first);
                until = [until, last].into_iter().flatten().min();
            }
            other => others.push(other),
        }
    }
    match (from, until) {
        (None, None) => {}
        (Some(from), Some(until)) if from > until => return Err(QueryFault::EmptyRange { from, until }),
        _ => others.push(Term::Received { from, until }),
    }
    Ok(others)
}

/// Beside two other names, and not the first, a word that ends so is a patronymic, which documents may lack.
fn with_patronymic(mut terms: Vec<Term>) -> Vec<Term> {
    fn name(term: &Term) -> Option<&str> {
        let (Term::Word { spellings } | Term::Patronymic { spellings }) = term else { return None };
        spellings
            .first()
            .map(String::as_str)
            .filter(|word| word.chars().all(|c| c.is_alphabetic() || c == ' '))
    }
    if terms.iter().filter_map(name).count() < 3 {
        return terms;
    }
    for term in terms.iter_mut().skip(1) {
        let is_one = name(term).is_some_and(|word| PATRONYMICS.iter().any(|end| word.ends_with(end)));
        if let Term::Word { spellings } = term
            && is_one
        {
            *term = Term::Patronymic { spellings: std::mem::take(spellings) };
        }
    }
    terms
}

/// What was put in quotes, as typed and in Latin letters.
fn exact(text: &str) -> Option<Term> {
    let words = ukr::words(text).into_iter().take(PIECES_MAX).collect::<Vec<_>>().join(" ");
    let mut spellings = Vec::new();
    add(&mut spellings, words.clone());
    add(&mut spellings, ukr::search_key(&words));
    (!spellings.is_empty()).then_some(Term::Exact { spellings })
}

/// What a fault repeats of a typed text.
fn said(text: &str) -> String {
    text.chars().take(SAID_CHARS_MAX).collect()
}

/// What stands between two spaces, as a word or a phrase.
fn term(chunk: &str) -> Option<Term> {
    let pieces: Vec<String> = ukr::words(chunk).into_iter().take(PIECES_MAX).collect();
    let mut spellings = Vec::new();
    add(&mut spellings, pieces.join(" "));
    // Addresses are written in one way only, and the key of one would be another address.
    if !chunk.contains('@') {
        add(&mut spellings, ukr::search_key(&pieces.join(" ")));
        if let Some(token) = token(&pieces) {
            add(&mut spellings, token);
        }
        number(&mut spellings, chunk);
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

/// A document's number, or a part of one, in one piece: a series of letters, perhaps, and digits. Every request id begins
/// with `DR-`, so that a part of one is its digits alone.
fn number(spellings: &mut Vec<String>, chunk: &str) {
    let key = ukr::number_key(chunk);
    let digits = key.trim_start_matches(|c: char| !c.is_ascii_digit());
    let series = key.len() - digits.len();
    // What dots part is a piece of a date or an address.
    let has_dots = chunk.trim_matches(|c: char| !c.is_alphanumeric()).contains(['.', '/', ':', ',']);
    let is_number = !has_dots
        && digits.len() >= PART_DIGITS_MIN
        && digits.bytes().all(|c| c.is_ascii_digit())
        && key.get(..series).is_some_and(|series| series.chars().count() <= SERIES_CHARS_MAX);
    if is_number {
        add(spellings, key.clone());
        if key.starts_with("dr") && series == 2 {
            add(spellings, digits.to_owned());
        }
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

    fn read(typed: &str) -> Vec<Term> {
        parse(typed).unwrap().terms
    }

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
        spelled_as(&[digits])
    }

    fn spelled_as(spellings: &[&str]) -> Term {
        Term::Word { spellings: owned(spellings) }
    }

    fn within(field: SearchField, term: Term) -> Term {
        Term::In { field, term: Box::new(term) }
    }

    fn span(from: Option<&str>, until: Option<&str>) -> Term {
        let day = |text: &str| text.parse().unwrap();
        Term::Received { from: from.map(day), until: until.map(day) }
    }

    #[track_caller]
    fn refused(typed: &str, expected: QueryFault) {
        assert_eq!(parse(typed), Err(expected), "{typed}");
    }

    #[track_caller]
    fn becomes(typed: &str, expected: &[Term]) {
        assert_eq!(read(typed), expected, "{typed}");
    }

    /// One word whose spellings begin so.
    #[track_caller]
    fn spelled(typed: &str, expected: &[&str]) {
        let terms = read(typed);
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
        let terms = read("шевч 2026-03 паспорт");
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
        for typed in ["17.01.1997", "1997-01-17", "17 січня 1997 р.", "17.01.97"] {
            becomes(typed, &[day(&["1997", "01", "17"])]);
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
        becomes("2026-13", &[spelled_as(&["2026 13", "202613"])]);
        becomes("123.03.2026", &[phrase(&["123", "03", "2026"])]);
        becomes("15.03", &[phrase(&["15", "03"])]);
        assert!(matches!(read("березень").as_slice(), [Term::Word { .. }]));
        assert_eq!(read("березень паспорт").len(), 2);
        assert_eq!(read("паспорт березень 2026").len(), 2, "a word before a month is no day of it");
        assert_eq!(read("45 березня 2026").len(), 2, "a number, and the month");
    }

    #[test]
    fn numbers_and_addresses_are_found_by_their_pieces() {
        becomes("2858364", &[number("2858364")]);
        becomes("20000213-01467", &[spelled_as(&["20000213 01467", "2000021301467"])]);
        becomes("СХТ123456", &[spelled_as(&["схт123456", "skht123456", "cxt123456"])]);
        becomes(
            "DR-44247719539502",
            &[spelled_as(&["dr 44247719539502", "dr44247719539502", "44247719539502"])],
        );
        becomes("№1234", &[number("1234")]);
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
        refused(&many, QueryFault::TooMuch { terms_max: TERMS_MAX });
        refused(&"шевч ".repeat(100_000), QueryFault::TooMuch { terms_max: TERMS_MAX });
        let long = read(&"слово".repeat(100_000));
        let Some(Term::Word { spellings }) = long.first() else { panic!("{long:?}") };
        assert!(spellings.iter().all(|spelling| spelling.chars().count() <= 4 * 100));
        let Some(Term::Phrase { words }) = read(&"a@-".repeat(1_000)).into_iter().next() else { panic!() };
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
            for term in read(typed) {
                let texts = match term {
                    Term::Word { spellings } | Term::Exact { spellings } => spellings,
                    Term::Phrase { words } | Term::Date { parts: words } => words,
                    other => panic!("{other:?}"),
                };
                assert!(!texts.is_empty());
                for text in texts {
                    let is_plain = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
                    assert!(text.split(' ').all(is_plain), "{typed}: {text:?}");
                }
            }
        }
    }

    #[test]
    fn a_field_is_named_in_both_languages() {
        for (english, ukrainian) in [
            ("name:Шевченко", "ім'я:Шевченко"),
            ("name:Шевченко", "Прізвище: Шевченко"),
            ("rnokpp:1759013776", "іпн:1759013776"),
            ("doc:паспорт", "документ:паспорт"),
            ("born:17.01.1997", "народження:1997-01-17"),
            ("branch:centre", "відділення:centre"),
            ("service:готель", "послуга:готель"),
            ("from:ivan@example.com", "від:ivan@example.com"),
            ("after:2026-03-01", "після: 1 березня 2026"),
            ("before:03.2026", "до:2026-03-31"),
        ] {
            assert_eq!(read(english), read(ukrainian), "{english}");
        }
        becomes("rnokpp:0137", &[within(SearchField::Rnokpp, number("0137"))]);
        let taras = Term::Exact { spellings: owned(&["тарас шевченко", "taras shevchenko"]) };
        becomes("name:\"Тарас Шевченко\"", &[within(SearchField::Name, taras.clone())]);
        becomes("«Тарас  Шевченко»", &[taras]);
    }

    #[test]
    fn a_birth_date_is_read_in_every_way_of_writing() {
        let born = |days: &[&[&str]]| Term::Born { days: days.iter().map(|day| owned(day)).collect() };
        for typed in [
            "17.01.1997",
            "17/1/1997",
            "1997-01-17",
            "17 січня 1997",
            "17 Січня 1997 року",
            "\"17 January 1997\"",
        ] {
            becomes(&format!("born:{typed}"), &[born(&[&["1997", "01", "17"]])]);
            assert_eq!(read(&format!("born: {typed} паспорт")).len(), 2, "{typed}");
        }
        becomes("born:1997", &[born(&[&["1997"]])]);
        becomes("born:січень 1997", &[born(&[&["1997", "01"]])]);
        becomes("born:17.01.45", &[born(&[&["1945", "01", "17"], &["2045", "01", "17"]])]);
    }

    #[test]
    fn days_of_receipt_are_one_span() {
        becomes("after:2026-03", &[span(Some("2026-03-01"), None)]);
        becomes("before:2026-02", &[span(None, Some("2026-02-28"))]);
        becomes("від:01.03.2026 до:31.03.2026", &[span(Some("2026-03-01"), Some("2026-03-31"))]);
        becomes(
            "after:2026 after:2026-05 before:2027 before:2026",
            &[span(Some("2026-05-01"), Some("2026-12-31"))],
        );
        let (from, until) = ("2026-03-02".parse().unwrap(), "2026-03-01".parse().unwrap());
        refused("after:2026-03-02 before:2026-03-01", QueryFault::EmptyRange { from, until });
    }

    #[test]
    fn a_patronymic_is_one_only_beside_two_names() {
        assert!(matches!(read("Шевченко Тарас Григорович")[2], Term::Patronymic { .. }));
        assert!(matches!(read("Тарас Григорович Шевченко")[1], Term::Patronymic { .. }));
        assert!(matches!(
            read("Маркович Олена Іванівна").as_slice(),
            [Term::Word { .. }, _, Term::Patronymic { .. }]
        ));
        assert!(matches!(read("Тарас Григорович")[1], Term::Word { .. }));
    }

    #[test]
    fn what_cannot_be_followed_is_said() {
        let typed = |text: &str| text.to_owned();
        refused("nmae:Шевченко", QueryFault::UnknownField { typed: typed("nmae") });
        refused("http://x", QueryFault::UnknownField { typed: typed("http") });
        refused("name:", QueryFault::NoValue { field: SearchField::Name });
        refused("name: doc:паспорт", QueryFault::NoValue { field: SearchField::Name });
        refused("name:\"\"", QueryFault::NoValue { field: SearchField::Name });
        refused("born:Шевченко", QueryFault::NoDate { field: SearchField::Born, typed: typed("Шевченко") });
        refused(
            "after:31.02.2026",
            QueryFault::NoDate { field: SearchField::After, typed: typed("31.02.2026") },
        );
        refused("rnokpp:123", QueryFault::NoNumber { field: SearchField::Rnokpp, typed: typed("123") });
        refused(
            "rnokpp:12345678901",
            QueryFault::NoNumber { field: SearchField::Rnokpp, typed: typed("12345678901") },
        );
        refused("rnokpp:12a45", QueryFault::NoNumber { field: SearchField::Rnokpp, typed: typed("12a45") });
    }
}
