use super::*;
use crate::model::{Query, Term};
use crate::store::dialect;

fn word(typed: &str) -> Term {
    Term::Word { spellings: vec![ukr::fold(typed), ukr::search_key(typed)] }
}

fn date(parts: &[&str]) -> Term {
    Term::Date { parts: parts.iter().map(|part| (*part).to_owned()).collect() }
}

fn phrase(typed: &str) -> Term {
    Term::Phrase { words: ukr::words(typed) }
}

async fn found(store: &Store, terms: Vec<Term>) -> Vec<i64> {
    let rows = store.search(&Query { terms }, 100).await.unwrap();
    rows.iter().map(|hit| hit.row.id.0).collect()
}

#[tokio::test]
async fn a_filing_is_found_by_everything_that_is_known_of_it() {
    let place = furnished().await;
    let code = place.issue_code(&own_code("centre", 0xabc_def0_1234), now()).await.unwrap();
    let token = code.code.token().unwrap().to_string();
    keep_and_file(&place, &matched_to(filing("centre@example.org", b"1", 1), &code)).await;
    let mut other = filing("south@example.org", b"2", 2);
    other.letter = Letter { subject: "інше".to_owned(), ..Letter::default() };
    other.copies.clear();
    other.mail.received_at = at("2026-04-01T10:00:00Z");
    keep_and_file(&place, &other).await;
    for term in [
        word("шевч"),
        word("SHEVCH"),
        word("Тарас"),
        phrase("taras.shevchenko@example.com"),
        phrase("taras.shev"),
        word("копії"),
        word("надсилаю"),
        phrase("internal-passport-17.pdf"),
        word("паспорт"),
        word("passport"),
        word("адміністративних"),
        word("centre"),
        word("ЦНАП"),
        word("житомирська"),
        phrase("центр надання"),
        phrase(&token),
        phrase(&token.to_lowercase().replace('-', " ")),
        word(&token.replace('-', "")),
        date(&["2026", "03"]),
        date(&["2026", "03", "15"]),
    ] {
        assert_eq!(found(&place, vec![term.clone()]).await, [1], "{term:?}");
    }
    assert_eq!(found(&place, vec![date(&["2026"])]).await, [2, 1]);
    for term in
        [word("вченко"), word("15"), date(&["03", "15"]), date(&["2026", "0"]), phrase("центр послуг")]
    {
        assert_eq!(found(&place, vec![term.clone()]).await, [0; 0], "{term:?}");
    }
}

#[tokio::test]
async fn every_term_must_be_found_in_one_filing() {
    let place = furnished().await;
    keep_and_file(&place, &filing("centre@example.org", b"1", 1)).await;
    let all = [word("шевч"), date(&["2026", "03"]), word("паспорт")];
    assert_eq!(found(&place, all.to_vec()).await, [1]);
    assert_eq!(found(&place, vec![all[0].clone(), date(&["2026", "04"])]).await, [0; 0]);
    assert_eq!(found(&place, vec![all[0].clone(), word("франко")]).await, [0; 0]);
    assert_eq!(
        found(&place, vec![Term::Word { spellings: vec!["франко".into(), "шевч".into()] }]).await,
        [1]
    );
}

#[tokio::test]
async fn accents_are_optional_on_latin_letters_and_part_of_ukrainian_ones() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"1", 1);
    letter.letter.subject = "José йод їжа".to_owned();
    keep_and_file(&place, &letter).await;
    for (typed, expected) in [
        ("jose", vec![1]),
        ("josé", vec![1]),
        ("йод", vec![1]),
        ("їжа", vec![1]),
        ("иод", vec![]),
        ("іжа", vec![]),
    ] {
        let term = Term::Word { spellings: vec![typed.to_owned()] };
        assert_eq!(found(&place, vec![term]).await, expected, "{typed}");
    }
}

#[tokio::test]
async fn a_day_is_looked_for_in_kyiv() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"1", 1);
    letter.mail.received_at = at("2026-03-31T21:30:00Z");
    keep_and_file(&place, &letter).await;
    assert_eq!(found(&place, vec![date(&["2026", "04", "01"])]).await, [1]);
    assert_eq!(found(&place, vec![date(&["2026", "03"])]).await, [0; 0]);
}

#[tokio::test]
async fn nothing_that_is_typed_is_an_error() {
    let place = furnished().await;
    keep_and_file(&place, &filing("centre@example.org", b"1", 1)).await;
    let long = "а".repeat(100_000);
    for typed in [
        "",
        " ",
        "\"",
        "\"\"",
        "'",
        "*",
        "^",
        "-",
        "(",
        ")",
        "{",
        "}",
        ":",
        "+",
        ",",
        "\\",
        "\0",
        "a\0b",
        "NEAR",
        "NEAR(a b, 2)",
        "AND",
        "OR",
        "NOT",
        "a AND",
        "\" OR rowid > 0 --",
        "sender:",
        "- sender : x",
        "🙂",
        "🙂🙂 a",
        "\u{301}",
        "e\u{301}",
        "\u{0}\"",
        "$1",
        "%",
        ";",
        "DROP TABLE filing",
        "\u{fffd}",
        "½",
        "٣",
        "\u{e000}",
        "𝒜",
        long.as_str(),
    ] {
        for terms in [
            vec![Term::Word { spellings: vec![typed.to_owned()] }],
            vec![Term::Word { spellings: vec![typed.to_owned(), "шевч".to_owned()] }],
            vec![Term::Phrase { words: vec![typed.to_owned(), "x".to_owned()] }],
            vec![Term::Phrase { words: vec![typed.to_owned()] }, word("шевч")],
            vec![Term::Date { parts: vec![typed.to_owned()] }],
        ] {
            let found = place.search(&Query { terms: terms.clone() }, 10).await;
            assert!(found.is_ok(), "{typed:.40}: {found:?}");
        }
    }
    assert_eq!(found(&place, vec![Term::Word { spellings: vec!["\"".into()] }]).await, [0; 0]);
    assert_eq!(found(&place, vec![]).await, [1], "no terms: everything");
    let many = vec![Term::Word { spellings: vec!["шевч".to_owned(); 10_000] }; 1_000];
    assert_eq!(found(&place, many).await, [1]);
}

#[tokio::test]
async fn a_strangers_words_cannot_break_the_index() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"1", 1);
    letter.letter.subject = "nul\0inside \"quoted\" \u{301}\u{202e}".to_owned();
    letter.letter.body = "довге".repeat(200_000);
    letter.letter.attachments = (0..500).map(|n| pdf(&format!("\0{n}🙂.pdf"), b"pdf")).collect();
    let id = keep_and_file(&place, &letter).await;
    let row = place.view(id).await.unwrap().unwrap().row;
    assert_eq!(row.subject, letter.letter.subject);
    assert_eq!(found(&place, vec![word("inside")]).await, [1]);
}

/// Many letters in one transaction; every tenth is from «Франко».
async fn many(place: &Place, number: u32) {
    let mut work = place.writing().await.unwrap();
    for uid in 0..number {
        let mut letter = filing("centre@example.org", &uid.to_be_bytes(), uid);
        if uid % 10 == 0 {
            letter.letter.from =
                Some(Address { name: "Іван Франко".to_owned(), address: "if@x.ua".to_owned() });
        }
        let id = super::super::filings::insert(&mut work, &letter).await.unwrap();
        super::super::filings::index(&mut work, id, &letter).await.unwrap();
    }
    work.commit().await.unwrap();
}

#[tokio::test]
async fn of_many_the_newest_come_first() {
    let place = furnished().await;
    many(&place, 2_000).await;
    let rows = place.search(&Query { terms: vec![word("франк"), word("паспорт")] }, 3).await.unwrap();
    assert_eq!(rows.iter().map(|hit| hit.row.id.0).collect::<Vec<_>>(), [1991, 1981, 1971]);
    assert_eq!(place.search(&Query { terms: vec![word("франк")] }, 5_000).await.unwrap().len(), 200);
}

async fn plan(place: &Place, sql: String) -> String {
    let mut work = place.reading().await.unwrap();
    let sql = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = work.all(sqlx::query(sql).bind("\"a\" *").bind(10)).await.unwrap();
    let steps = rows.iter().map(|row| super::super::columns::value::<String>(row, "detail").unwrap());
    steps.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_search_walks_the_index_and_sorts_nothing() {
    let place = furnished().await;
    let index = plan(&place, dialect::FOUND.to_owned()).await;
    assert!(
        index.contains("SCAN filing_text VIRTUAL TABLE INDEX") && !index.contains("TEMP B-TREE"),
        "{index}"
    );
    for rows in [crate::store::lists::THESE_FILINGS, dialect::WORDS_OF] {
        let whole = plan(&place, rows.to_owned()).await;
        assert!(whole.contains("USING INTEGER PRIMARY KEY"), "{whole}");
        assert!(!whole.contains("SCAN filing") && !whole.contains("TEMP B-TREE FOR ORDER"), "{whole}");
    }
}

/// The index of a store of the version before copies were read.
#[tokio::test]
async fn what_was_filed_before_copies_were_read_is_found_as_before() {
    let folder = TempDir::new().unwrap();
    let (prepared, lock) = super::super::Folder::prepare(folder.path()).unwrap();
    drop(lock);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(prepared.database());
    let old = sqlx::sqlite::SqlitePool::connect_with(options).await.unwrap();
    for script in [
        "CREATE TABLE migration (version INTEGER NOT NULL PRIMARY KEY) STRICT",
        include_str!("../migrations/0001_house.sql"),
        include_str!("../migrations/0002_filing_text.sql"),
        "INSERT INTO migration (version) VALUES (1), (2)",
        "INSERT INTO filing (id, mailbox, digest, source, received_at, filed_at, sender_name, sender, subject, matched,
             signers, defects, documents, unsigned, remarks)
         VALUES (7, 'a@example.org', 'ab', '{\"drop_folder\":{\"file\":\"x\"}}', 0, 0, '', '', '',
             '{\"matched\":\"nothing\",\"branch\":null,\"reasons\":[],\"anomalies\":[]}', '[]', '[]', '[]', 0, 0)",
        "INSERT INTO filing_text (rowid, sender, subject, files, documents, branch, service, token, received, mailbox, body)
         VALUES (7, 'тарас шевченко taras shevchenko', 'копії документів', 'scan 12 pdf', 'паспорт', '', '', '', '2026 03 15',
             'a example org', 'добрий день надсилаю копії')",
    ] {
        sqlx::raw_sql(script).execute(&old).await.unwrap();
    }
    old.close().await;
    let store = Store::open(folder.path()).await.unwrap();
    for typed in [
        "шевченко",
        "shevch",
        "\"тарас шевченко\"",
        "\"день надсилаю копії\"",
        "2026-03",
        "after:2026-03-15 before:2026-03-15",
        "from:тарас",
        "doc:паспорт",
        "шевчинко",
        "надсилаю",
        "н",
        "документ",
    ] {
        let query = crate::search::parse(typed).unwrap();
        let found = super::super::found::numbers_of(&store, &query).await;
        assert_eq!(found, [7], "{typed}");
    }
}
