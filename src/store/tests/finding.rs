//! Three hundred filings with what their copies say; every kind of query against a naive search in memory.

mod naive;
mod people;

use self::naive::{Doc, Sought};
use self::people::Dice;
pub(super) use self::people::Person;
use super::*;
use crate::model::Hit;
use crate::search;

const FILINGS: u32 = 300;

async fn filed() -> (Place, Vec<Doc>) {
    let place = furnished().await;
    let mut dice = Dice(7);
    let mut docs = Vec::new();
    for number in 0..FILINGS {
        let person = Person::drawn(&mut dice);
        let id = keep_and_file(&place, &person.filing(number)).await;
        docs.push(Doc::of(id.0, &person, &person.filing(number)));
    }
    (place, docs)
}

async fn hits(place: &Place, typed: &str) -> Vec<Hit> {
    place.search(&search::parse(typed).unwrap(), 1000).await.unwrap()
}

/// The search finds what the naive one finds, in its order; how many it were.
async fn alike(place: &Place, docs: &[Doc], typed: &str, sought: &[Sought]) -> usize {
    let found: Vec<i64> = hits(place, typed).await.iter().map(|hit| hit.row.id.0).collect();
    let expected = naive::search(docs, sought);
    assert_eq!(found, expected, "«{typed}»");
    found.len()
}

/// A word typed as other people write it.
fn written(dice: &mut Dice, word: &str) -> String {
    match dice.below(7) {
        0 => ukr::transliterate(word),
        1 => word.to_uppercase(),
        2 => word.replace(['\'', 'ʼ', '’'], ["'", "’", "ʼ", "`", "*"][dice.below(5)]),
        3 => word.replace(['ґ', 'Ґ'], "г"),
        4 => word.replace(['\'', 'ʼ', '’'], ""),
        5 => word.replace('i', "і"),
        _ => word.to_owned(),
    }
}

#[tokio::test]
async fn names_are_found_in_every_way_of_writing_whole_or_begun() {
    let (place, docs) = filed().await;
    let (mut dice, mut found) = (Dice(1), 0);
    for _ in 0..12 {
        let person = &docs[dice.below(docs.len())].person;
        let name = [&person.surname, &person.given][dice.below(2)];
        let whole = written(&mut dice, name);
        let typed: String = whole.chars().take(3 + dice.below(9)).collect();
        found += usize::from(alike(&place, &docs, &typed, &[Sought::word(&typed)]).await > 0);
        let typed = format!("{} {}", written(&mut dice, &person.surname), written(&mut dice, &person.given));
        let sought: Vec<Sought> = typed.split(' ').map(Sought::word).collect();
        found += usize::from(alike(&place, &docs, &typed, &sought).await > 0);
        let scoped = format!("name:{whole}");
        found += usize::from(alike(&place, &docs, &scoped, &[Sought::Name(whole)]).await > 0);
    }
    assert!(found > 30, "of 36: {found}");
}

#[tokio::test]
async fn a_double_surname_is_found_by_either_half() {
    let (place, docs) = filed().await;
    for typed in ["Нечуй", "Левицький", "Нечуй-Левицький", "levytskyi", "Основ'яненко", "основяненко"]
    {
        assert!(alike(&place, &docs, typed, &[Sought::word(typed)]).await > 0, "{typed}");
    }
}

#[tokio::test]
async fn a_document_without_a_patronymic_is_found_by_the_full_name_after_those_with_it() {
    let (place, docs) = filed().await;
    let (mut with, mut without) = (0, 0);
    for doc in docs.iter().take(16) {
        let Person { surname, given, .. } = &doc.person;
        for patronymic in ["Григорович", "Петрівна"] {
            let typed = format!("{surname} {given} {patronymic}");
            let sought =
                [Sought::word(surname), Sought::word(given), Sought::Patronymic(patronymic.to_owned())];
            let found = alike(&place, &docs, &typed, &sought).await;
            with += usize::from(found > 0 && doc.person.patronymic.is_some());
            without += usize::from(found > 0 && doc.person.patronymic.is_none());
        }
    }
    assert!(with > 0 && without > 0, "{with} {without}");
}

#[tokio::test]
async fn numbers_are_found_whole_and_by_any_part() {
    let (place, docs) = filed().await;
    let mut dice = Dice(2);
    for _ in 0..60 {
        let doc = &docs[dice.below(docs.len())];
        let number =
            [&doc.person.rnokpp, &doc.person.number, &doc.person.unzr, &doc.person.request][dice.below(4)];
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let length = 4 + dice.below(digits.len() - 3);
        let at = dice.below(digits.len() - length + 1);
        let part = &digits[at..at + length];
        if search::parse(part)
            .unwrap()
            .terms
            .iter()
            .any(|term| matches!(term, crate::model::Term::Date { .. }))
        {
            continue; // a lone year
        }
        assert!(alike(&place, &docs, part, &[Sought::Number(part.to_owned())]).await > 0);
        assert!(alike(&place, &docs, number, &[Sought::Whole(number.clone())]).await > 0);
        let own = &doc.person.rnokpp[3..3 + 4 + dice.below(3)];
        assert!(alike(&place, &docs, &format!("rnokpp:{own}"), &[Sought::Rnokpp(own.to_owned())]).await > 0);
    }
}

#[tokio::test]
async fn days_of_birth_are_found_in_every_way_of_writing() {
    let (place, docs) = filed().await;
    let mut dice = Dice(3);
    let months = ["січня", "лютого", "березня", "квітня", "травня", "червня"];
    for _ in 0..25 {
        let born = docs[dice.below(docs.len())].person.born;
        let (year, month, day) = (born.0.year(), born.0.month(), born.0.day());
        let name = months.get(usize::try_from(month - 1).unwrap()).copied();
        let named = name.map_or_else(|| born.to_string(), |name| format!("{day} {name} {year}"));
        let typed =
            [born.to_string(), born.dotted(), format!("{day}/{month}/{year}"), named][dice.below(4)].clone();
        assert!(alike(&place, &docs, &typed, &[Sought::Day(born)]).await > 0);
        assert!(alike(&place, &docs, &format!("born:{typed}"), &[Sought::Born(born.to_string())]).await > 0);
        alike(&place, &docs, &format!("born:{month}.{year}"), &[Sought::Born(format!("{year}-{month:02}"))])
            .await;
        alike(&place, &docs, &format!("народження:{year}"), &[Sought::Born(year.to_string())]).await;
    }
}

#[tokio::test]
async fn one_typo_is_forgiven_and_comes_after_what_is_exact() {
    let (place, docs) = filed().await;
    let (mut dice, mut forgiven) = (Dice(4), 0);
    for _ in 0..30 {
        let person = &docs[dice.below(docs.len())].person;
        let word = ukr::fold([&person.surname, &person.given, &person.city][dice.below(3)]);
        if word.contains('-') || word.chars().count() < 5 {
            continue;
        }
        let mut letters: Vec<char> = word.chars().collect();
        let at = dice.below(letters.len() - 1);
        match dice.below(4) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, *dice.of(&['о', 'к', 'м'])),
            2 => letters[at] = *dice.of(&['у', 'п', 'з']),
            _ => letters.swap(at, at + 1),
        }
        let typed: String = letters.into_iter().collect();
        let found = alike(&place, &docs, &typed, &[Sought::word(&typed)]).await;
        let hits = hits(&place, &typed).await;
        let typos = hits.iter().filter(|hit| hit.matched.iter().any(|field| field.typo)).count();
        forgiven += usize::from(typos > 0);
        assert!(hits.iter().all(|hit| hit.matched.len() >= usize::from(found > 0)), "«{typed}» {hits:?}");
        let exact = hits.iter().take_while(|hit| hit.matched.iter().all(|field| !field.typo)).count();
        assert_eq!(exact + typos, hits.len(), "«{typed}»: what is forgiven comes last");
    }
    assert!(forgiven > 10, "{forgiven}");
}

#[tokio::test]
async fn fields_days_of_receipt_and_quotations_narrow_a_search() {
    let (place, docs) = filed().await;
    let mut dice = Dice(5);
    for _ in 0..15 {
        let doc = &docs[dice.below(docs.len())];
        let day = doc.received;
        let surname = &doc.person.surname;
        for (typed, from, until) in [
            (format!("after:{day}"), Some(day), None),
            (format!("до:{}", day.dotted()), None, Some(day)),
            (format!("after:{day} before:{}", day.plus(40)), Some(day), Some(day.plus(40))),
        ] {
            assert!(alike(&place, &docs, &typed, &[Sought::Span(from, until)]).await > 0);
            let typed = format!("{typed} {surname}");
            alike(&place, &docs, &typed, &[Sought::Span(from, until), Sought::word(surname)]).await;
        }
        for kind in ["паспорт", "internal-passport", "водія"] {
            alike(&place, &docs, &format!("doc:{kind}"), &[Sought::Kind(kind.to_owned())]).await;
        }
        let number = &doc.person.number[2..7];
        alike(&place, &docs, &format!("документ:{number}"), &[Sought::KindOrNumber(number.to_owned())]).await;
        let from = doc.person.sender.split('@').next().unwrap();
        assert!(alike(&place, &docs, &format!("from:{from}"), &[Sought::Sender(from.to_owned())]).await > 0);
        let quoted = format!("{} {}", surname, doc.person.given);
        assert!(alike(&place, &docs, &format!("\"{quoted}\""), &[Sought::Quoted(quoted)]).await > 0);
        let quoted = format!("місто {}", doc.person.city);
        assert!(alike(&place, &docs, &format!("«{quoted}»"), &[Sought::Quoted(quoted)]).await > 0);
    }
    for label in ["громадянство", "запит", "орган, що видав", "Запит на цифрові копії"]
    {
        let sought: Vec<Sought> = label.split(' ').map(Sought::word).collect();
        assert_eq!(alike(&place, &docs, label, &sought).await, docs.len(), "{label}");
    }
    alike(&place, &docs, "branch:centre", &[Sought::Branch]).await;
    alike(&place, &docs, "філія:\"центр надання\"", &[Sought::Branch]).await;
    assert_eq!(hits(&place, "service:готель").await.len(), 0);
}

#[tokio::test]
async fn the_answer_says_where_each_term_was_found() {
    let (place, docs) = filed().await;
    let person = &docs[11].person;
    let matched = |hits: &[Hit]| -> Vec<(String, Option<usize>, Option<String>, bool)> {
        let hit = hits.iter().find(|hit| hit.row.id.0 == 12).unwrap();
        hit.matched.iter().map(|m| (m.field.clone(), m.copy, m.value.clone(), m.typo)).collect()
    };
    let typed = format!("{} {} born:{}", person.surname, &person.rnokpp[2..7], person.born);
    assert_eq!(
        matched(&hits(&place, &typed).await),
        [
            ("surname".to_owned(), Some(0), Some(person.surname.clone()), false),
            ("rnokpp".to_owned(), Some(0), Some(person.rnokpp.clone()), false),
            ("birth-date".to_owned(), Some(0), Some(person.born.dotted()), false),
        ]
    );
    let found = matched(&hits(&place, &format!("from:{} громадянство", person.sender)).await);
    assert_eq!(found[0], ("sender".to_owned(), None, Some(person.sender.clone()), false));
    assert_eq!(found[1], ("text".to_owned(), None, None, false));
    assert!(hits(&place, "before:1999").await.is_empty());
}

#[tokio::test]
async fn hostile_queries_answer_or_are_refused() {
    let (place, _) = filed().await;
    let long = "ш".repeat(10_000);
    let words = "слово ".repeat(2_000);
    let quotes = "\"".repeat(10_000);
    let fields = "name:".repeat(2_000);
    for typed in [
        "NEAR(a b, 2)",
        "a AND b OR NOT c",
        "\"",
        "\"\"",
        "«",
        "name:\"",
        "name:*",
        "born:\"\"",
        "{names} : x",
        "- received : x",
        "^ x",
        "a*",
        "' OR 1=1 --",
        "🙂",
        "🙂🙂🙂 паспорт",
        "name:🙂",
        "rnokpp:🙂🙂",
        "\u{0}",
        "a\u{0}b",
        ":",
        "::",
        "a:",
        ":a",
        "::::a:::",
        "doc:::",
        "after:",
        "after:9999-99-99",
        "before:0000-00-00",
        "after:2026-02-30",
        "%",
        "_",
        "\\",
        "\u{202e}abc",
        "AND",
        "OR",
        "NOT",
        "+",
        "\u{301}",
        "e\u{301}",
        "½",
        "٣٤٥٦",
        long.as_str(),
        words.as_str(),
        quotes.as_str(),
        fields.as_str(),
    ] {
        if let Ok(query) = search::parse(typed) {
            let found = place.search(&query, 10).await;
            assert!(found.is_ok(), "{typed:.40}: {found:?}");
        }
    }
}
