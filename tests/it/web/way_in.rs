//! Passwords, sessions, changes, headers.

use skrynka::model::{Digest, Role};
use skrynka::web::table;

use super::client::Browser;
use super::house::House;

const PASSWORD: &str = "чотири слова без складу";

/// A link for a person, as `skrynka person add` makes it.
async fn link(house: &House, login: &str, secret: &str) {
    let person = house.store().person_called(&login.parse().unwrap()).await.unwrap();
    let now = house.app.now();
    let ends_at = now + jiff::SignedDuration::from_hours(48);
    house.store().keep_link(person.id, &Digest::of(secret.as_bytes()), ends_at, now).await.unwrap();
}

async fn with_password(house: &House, login: &str) {
    house.person(login, Role::Clerk, &["north"], &[]).await;
    link(house, login, login).await;
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    house.browser().post(&format!("/password/{login}"), &fields).await.leads_to("/login?after=saved");
}

async fn sign_in(browser: &mut Browser, login: &str, password: &str) -> super::client::Answer {
    browser.post("/login", &[("login", login), ("password", password), ("next", "/search?q=a")]).await
}

/// What the audit says of a person, oldest first.
async fn audit(house: &House, subject: &str) -> Vec<String> {
    let database = house.path().join("store/skrynka.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let rows = sqlx::query("SELECT action FROM audit WHERE subject = $1 ORDER BY id").bind(subject);
    let rows = rows.fetch_all(&pool).await.unwrap();
    rows.iter().map(|row| sqlx::Row::get(row, "action")).collect()
}

#[tokio::test]
async fn a_person_sets_a_password_by_a_link_once_and_signs_in_and_out() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    link(&house, "olena", "secret-of-the-link").await;
    let mut browser = house.browser();
    browser.get("/").await.leads_to("/login?next=%2F");
    browser.get("/password/another").await.says(410, "вже використано");
    browser.get("/password/secret-of-the-link").await.says(200, "Працівниця olena");
    let path = "/password/secret-of-the-link";
    browser.post(path, &[("password", "короткий"), ("again", "короткий")]).await.says(422, "закороткий");
    browser.post(path, &[("password", PASSWORD), ("again", "інший пароль")]).await.says(422, "не збігаються");
    browser.post(path, &[("password", PASSWORD), ("again", PASSWORD)]).await.leads_to("/login?after=saved");
    browser.get("/login?after=saved").await.says(200, "Пароль збережено");
    browser.get(path).await.says(410, "вже використано");
    browser.post(path, &[("password", PASSWORD), ("again", PASSWORD)]).await.says(410, "вже використано");

    sign_in(&mut browser, "olena", "не той пароль").await.says(422, "не підходить");
    sign_in(&mut browser, " OLENA ", PASSWORD).await.leads_to("/search?q=a");
    browser.get("/").await.says(200, "Працівниця olena");
    browser.post("/logout", &[]).await.leads_to("/login?after=out");
    assert!(!browser.cookies.contains_key("skrynka"));
    browser.get("/").await.leads_to("/login?next=%2F");
    let acts = audit(&house, &format!("person {}", person.id)).await;
    let expected =
        ["person.added", "person.link_made", "person.password_set", "person.signed_in", "person.signed_out"];
    assert_eq!(acts, expected);
}

#[tokio::test]
async fn a_link_ends_after_two_days_and_with_the_next_one() {
    let house = House::open().await;
    house.person("olena", Role::Clerk, &["north"], &[]).await;
    link(&house, "olena", "first").await;
    link(&house, "olena", "second").await;
    house.browser().get("/password/first").await.says(410, "вже використано");
    house.browser().get("/password/second").await.says(200, "olena");
    house.later(48 * 60);
    house.browser().get("/password/second").await.says(410, "вже використано");
}

#[tokio::test]
async fn an_unknown_login_a_disabled_one_and_a_wrong_password_are_answered_alike() {
    let house = House::open().await;
    with_password(&house, "olena").await;
    with_password(&house, "petro").await;
    house.store().let_person(&"petro".parse().unwrap(), false, house.app.now()).await.unwrap();
    let mut answers = Vec::new();
    let mut browser = house.browser();
    browser.get("/login").await;
    for (login, password) in
        [("olena", "не той пароль"), ("nobody", PASSWORD), ("petro", PASSWORD), ("неможливий", "")]
    {
        let answer = sign_in(&mut browser, login, password).await;
        assert_eq!(answer.status, 422);
        answers.push(answer.text().replace(login, "…"));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_after_twelve_hours_however_used() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    house.later(29);
    assert_eq!(browser.get("/").await.status, 200);
    house.later(29);
    assert_eq!(browser.get("/").await.status, 200, "used in between");
    house.later(31);
    assert_eq!(browser.get("/").await.status, 303, "idle for too long");

    let mut browser = house.signed_in(&person).await;
    for _ in 0..36 {
        house.later(20);
        assert_eq!(browser.get("/").await.status, 200);
    }
    house.later(1);
    assert_eq!(browser.get("/").await.status, 303, "twelve hours");
}

#[tokio::test]
async fn signing_out_everywhere_being_disabled_and_a_new_password_end_every_session() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let (mut here, mut there) = (house.signed_in(&person).await, house.signed_in(&person).await);
    here.post("/logout", &[("everywhere", "yes")]).await.leads_to("/login?after=out");
    assert_eq!(there.get("/").await.status, 303);

    let mut browser = house.signed_in(&person).await;
    house.store().let_person(&person.login, false, house.app.now()).await.unwrap();
    assert_eq!(browser.get("/").await.status, 303, "disabled");
    house.store().let_person(&person.login, true, house.app.now()).await.unwrap();
    assert_eq!(browser.get("/").await.status, 303, "and its session stays over");

    let mut browser = house.signed_in(&person).await;
    link(&house, "olena", "new").await;
    house.browser().post("/password/new", &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(browser.get("/").await.status, 303);
}

#[tokio::test]
async fn signing_in_changes_the_secret_and_ends_the_session_before() {
    let house = House::open().await;
    with_password(&house, "olena").await;
    let mut browser = house.browser();
    browser.cookies.insert("skrynka".to_owned(), "chosen-by-somebody-else".to_owned());
    sign_in(&mut browser, "olena", PASSWORD).await;
    let first = browser.clone();
    assert_ne!(first.cookies["skrynka"], "chosen-by-somebody-else");
    sign_in(&mut browser, "olena", PASSWORD).await;
    assert_ne!(first.cookies["skrynka"], browser.cookies["skrynka"]);
    assert_eq!(first.clone().get("/").await.status, 303);
    assert_eq!(browser.get("/").await.status, 200);
}

#[tokio::test]
async fn no_change_is_made_without_the_token_or_for_another_site() {
    let house = House::open().await;
    let person = house.person("olena", Role::OrganisationAdmin, &[], &["town"]).await;
    let mut browser = house.signed_in(&person).await;
    let token = browser.token().await;
    let changes: Vec<&str> =
        table().iter().filter(|route| route.method == "POST").map(|route| route.path).collect();
    assert!(changes.len() >= 6, "{changes:?}");
    for path in changes {
        let path = path.replace("{code}", "1").replace("{link}", "x");
        assert_eq!(browser.post_bare(&path, &[]).await.status, 403, "{path} without a token");
        assert_eq!(
            browser.post_bare(&path, &[("csrf", "guessed")]).await.status,
            403,
            "{path} with another token"
        );
        for (name, value) in [
            ("Origin", "https://evil.example"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ] {
            browser.more = vec![(name.to_owned(), value.to_owned())];
            let answer = browser.post_bare(&path, &[("csrf", &token)]).await;
            assert_eq!(answer.status, 403, "{path} with {name}: {value}");
            browser.more.clear();
        }
    }
    assert_eq!(browser.get("/").await.status, 200, "still signed in");
    let answer = browser.ask("POST", "/logout", "text/plain", format!("csrf={token}").as_bytes()).await;
    assert_eq!(answer.status, 400, "a form that no page of ours sends");
    for method in ["PUT", "DELETE", "PATCH"] {
        assert!(browser.ask(method, "/", "", b"").await.status >= 400, "{method}");
    }
}

#[tokio::test]
async fn every_page_forbids_what_is_inline_from_elsewhere_and_kept() {
    let house = House::open().await;
    let person = house.person("olena", Role::OrganisationAdmin, &[], &["town"]).await;
    let mut browser = house.signed_in(&person).await;
    for path in ["/", "/login", "/search", "/health", "/codes", "/nowhere", "/letters/999", "/codes/issue"] {
        let answer = browser.get(path).await;
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"),
            "{policy}"
        );
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
        let page = answer.text();
        for inline in ["style=", "onclick=", "<style", "javascript:", "http://", "https://"] {
            let without_namespaces = page.replace("https://diia.app/", "");
            assert!(!without_namespaces.contains(inline), "{path} has {inline}");
        }
        assert!(page.contains("<html lang=\"uk\"") && page.contains("<h1"), "{path}");
    }
}

#[tokio::test]
async fn a_page_with_its_style_and_script_stays_small() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    for number in 0..50 {
        house.file(super::house::NORTH, &format!("лист {number}"), "Прикладенко").await;
    }
    let mut browser = house.signed_in(&person).await;
    let page = browser.get("/").await;
    assert_eq!(page.text().matches("data-letter=").count(), 50);
    let mut bytes = page.body.len();
    for asset in page.text().split('"').filter(|text| text.starts_with("/assets/")) {
        let file = browser.get(asset).await;
        assert_eq!(file.status, 200, "{asset}");
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(file.header("set-cookie"), None);
        bytes += file.body.len();
    }
    assert!(bytes <= 60 * 1024, "{bytes}");
}

#[tokio::test]
async fn the_language_is_chosen_by_a_switch_and_stays() {
    let house = House::open().await;
    let mut browser = house.browser();
    browser.more = vec![("Accept-Language".to_owned(), "en".to_owned())];
    browser.get("/login").await.says(200, "Увійти");
    browser.post("/language", &[("to", "en"), ("back", "/login")]).await.leads_to("/login");
    browser.get("/login").await.says(200, "Sign in");
    browser.get("/nowhere").await.says(404, "There is no such page");
    browser.post("/language", &[("to", "uk"), ("back", "//evil.example")]).await.leads_to("/");
    assert_eq!(browser.post("/language", &[("to", "xx")]).await.status, 400);
}
