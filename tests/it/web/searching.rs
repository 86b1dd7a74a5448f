//! Search, a letter, and what came from a stranger.

use skrynka::model::Role;

use super::client::Browser;
use super::house::{House, NORTH};

async fn search(browser: &mut Browser, words: &str) -> String {
    let asked: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    browser.get(&format!("/search?q={asked}")).await.text()
}

#[tokio::test]
async fn a_search_says_where_it_found_what_and_marks_it() {
    let house = House::open().await;
    let id = house.file(NORTH, "перший", "Шевчук").await;
    house.file(NORTH, "другий", "Коваль").await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let page = search(&mut browser, "шевч").await;
    assert!(page.contains(&format!("href=\"/letters/{id}\"")) && !page.contains("Коваль"), "{page}");
    assert!(page.contains("Прізвище: <mark>Шевч</mark>ук"), "{page}");
    assert!(search(&mut browser, "shevchuk").await.contains("<mark>Шевчук</mark>"), "the other alphabet");
    assert!(search(&mut browser, "шевчкк").await.contains("з одною іншою літерою"));
    let none = search(&mut browser, "<script>alert(1)</script>").await;
    assert!(none.contains("Нічого не знайдено") && !none.contains("<script>"), "{none}");
    assert!(search(&mut browser, "нікого").await.contains("Шукали так"));
    assert!(search(&mut browser, "після:вчора").await.contains("не дата"));
    assert!(search(&mut browser, "").await.contains("Введіть, що шукати"));

    browser.more = vec![("X-Fragment".to_owned(), "results".to_owned())];
    let part = search(&mut browser, "коваль").await;
    assert!(part.contains("Коваль") && !part.contains("<html"), "{part}");
}

#[tokio::test]
async fn filters_narrow_a_search_down() {
    let house = House::open().await;
    house.file(NORTH, "перший", "Шевчук").await;
    house.later(3 * 24 * 60);
    house.file(NORTH, "другий", "Шевчук").await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    for (filter, count) in [
        ("", 2),
        ("from=2026-03-17", 1),
        ("until=2026-03-15", 1),
        ("from=2026-03-15&until=2026-03-18", 2),
        ("branch=north", 2),
        ("branch=hotel", 0),
        ("document=internal-passport", 2),
        ("document=pension-card", 0),
        ("service=admin", 0),
    ] {
        let page = browser.get(&format!("/search?q=%D1%88%D0%B5%D0%B2%D1%87&{filter}")).await.text();
        assert_eq!(page.matches("data-letter=").count(), count, "{filter}");
        if !filter.is_empty() {
            let page = browser.get(&format!("/search?{filter}")).await.text();
            assert_eq!(page.matches("data-letter=").count(), count, "{filter} alone");
        }
    }
}

#[tokio::test]
async fn what_came_in_a_letter_is_shown_as_text_and_saved_as_a_file() {
    let house = House::open().await;
    let id = house.file(NORTH, "<img src=x onerror=alert(1)>", "<b>Жирна</b>").await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    for path in ["/".to_owned(), format!("/letters/{id}"), "/search?from=2026-01-01".to_owned()] {
        let page = browser.get(&path).await.text();
        assert!(!page.contains("<img src=x") && !page.contains("<b>Жирна"), "{path}: {page}");
    }
    browser.get(&format!("/letters/{id}")).await.says(200, "onerror=alert(1)");
    let file = browser.get(&format!("/letters/{id}/files/0")).await;
    assert!(file.body.starts_with(b"%PDF"));
    let disposition = file.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"01-copy_b_.pdf\""), "{disposition}");
    let eml = browser.get(&format!("/letters/{id}/eml")).await;
    assert!(eml.text().contains("visitor@mail.example"));
    for answer in [&file, &eml, &browser.get(&format!("/letters/{id}/pictures/0")).await] {
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-security-policy").unwrap().contains("sandbox"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    for path in ["files/9", "files/x", "pictures/9", "files/18446744073709551616"] {
        assert_eq!(browser.get(&format!("/letters/{id}/{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_list_is_turned_by_pages() {
    let house = House::open().await;
    for number in 0..53 {
        house.file(NORTH, &format!("лист-{number}"), "Прикладенко").await;
    }
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let first = browser.get("/").await.text();
    assert_eq!(first.matches("data-letter=").count(), 50);
    assert!(first.contains("data-after=\"53\"") && first.contains("href=\"/?before=4\""), "{first}");
    let second = browser.get("/?before=4").await.text();
    assert_eq!(second.matches("data-letter=").count(), 3);
    assert!(!second.contains("data-after") && !second.contains("rel=\"next\""));
    assert_eq!(browser.get("/?before=x").await.status, 400);
}
