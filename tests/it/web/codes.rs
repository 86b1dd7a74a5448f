//! Codes: made, kept, shown, taken out of use; and the page of health.

use skrynka::model::{CodeId, Role};

use super::house::{House, NORTH};

#[tokio::test]
async fn an_own_code_is_made_with_its_ground_confirmed_and_taken_out_of_use() {
    let house = House::open().await;
    let person = house.person("olena", Role::BranchAdmin, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    browser.get("/codes/issue").await.says(200, "Закон України «Про адміністративні послуги», стаття 9");
    let fields = [("branch", "north"), ("service", "admin")];
    browser.post("/codes/issue", &fields).await.says(422, "Підтвердьте правову підставу");
    browser
        .post("/codes/issue", &[("branch", "north"), ("ground", "yes")])
        .await
        .says(422, "хоча б одну послугу");
    assert!(house.store().codes().await.unwrap().is_empty());
    let fields = [("branch", "north"), ("service", "admin"), ("ground", "yes")];
    browser.post("/codes/issue", &fields).await.leads_to("/codes/1");
    browser.get("/codes").await.says(200, "для надання адміністративних послуг");
    browser.get("/codes/1").await.says(200, "Завантажити плакат");
    let poster = browser.get("/codes/1/poster").await;
    assert_eq!(poster.header("content-type"), Some("image/svg+xml"));
    assert!(poster.text().starts_with("<svg") || poster.text().starts_with("<?xml"));
    let file = browser.get("/codes/1/poster.svg").await;
    assert!(file.header("content-disposition").unwrap().contains("poster-1.svg"));

    browser.post("/codes/1/retire", &[]).await.says(422, "Позначте, що плакат знято");
    browser.post("/codes/1/retire", &[("down", "yes")]).await.leads_to("/codes/1");
    browser.get("/codes/1").await.says(200, "не вішайте його плаката");
    assert!(house.store().code(CodeId(1)).await.unwrap().unwrap().retired_at.is_some());
}

#[tokio::test]
async fn a_code_from_the_cabinet_is_kept_by_its_link_or_its_picture() {
    let house = House::open().await;
    let person = house.person("olena", Role::BranchAdmin, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    let fields = |payload: &'static str| {
        [
            ("branch", "north"),
            ("service", "admin"),
            ("ground", "yes"),
            ("issued_on", "2026-03-01"),
            ("payload", payload),
        ]
    };
    browser.post("/codes/register", &fields("")).await.says(422, "Вставте посилання");
    browser.post("/codes/register", &fields("https://evil.example/x")).await.says(422, "https://diia.app/");
    browser.post("/codes/register", &fields("https://diia.app/qr/abc")).await.leads_to("/codes/1");
    browser
        .post("/codes/register", &fields("https://diia.app/qr/abc"))
        .await
        .says(422, "уже є в списку: №\u{a0}1");

    let token = browser.token().await;
    let picture = skrynka_fixtures::code::svg(skrynka_fixtures::code::REGISTERED_LINK);
    let mut body = Vec::new();
    let texts = [
        ("csrf", token.as_str()),
        ("branch", "north"),
        ("service", "admin"),
        ("ground", "yes"),
        ("issued_on", "2026-03-01"),
        ("payload", ""),
    ];
    for (name, value) in texts {
        body.extend_from_slice(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    body.extend_from_slice(
        b"--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"c.svg\"\r\n\r\n",
    );
    body.extend_from_slice(picture.as_bytes());
    body.extend_from_slice(b"\r\n--x--\r\n");
    let answer = browser.ask("POST", "/codes/register", "multipart/form-data; boundary=x", &body).await;
    answer.leads_to("/codes/2");
    let kept = house.store().code(CodeId(2)).await.unwrap().unwrap();
    assert_eq!(kept.payload, skrynka_fixtures::code::REGISTERED_LINK);
}

#[tokio::test]
async fn a_clerk_looks_at_codes_and_changes_none() {
    let house = House::open().await;
    let admin = house.person("admin", Role::BranchAdmin, &["north"], &[]).await;
    let fields = [("branch", "north"), ("service", "admin"), ("ground", "yes")];
    house.signed_in(&admin).await.post("/codes/issue", &fields).await.leads_to("/codes/1");
    let clerk = house.person("clerk", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&clerk).await;
    let page = browser.get("/codes").await;
    assert!(page.text().contains("/codes/1") && !page.text().contains("/codes/issue"));
    assert!(!browser.get("/codes/1").await.text().contains("/retire"));
    assert_eq!(browser.post("/codes/1/retire", &[("down", "yes")]).await.status, 403);
    assert_eq!(browser.post("/codes/issue", &fields).await.status, 403);
}

#[tokio::test]
async fn health_says_when_a_mailbox_was_read_last_and_what_lag_its_newest_letter_had() {
    let house = House::open().await;
    let person = house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut browser = house.signed_in(&person).await;
    browser.get("/health").await.says(200, "не під наглядом").says(200, "Жодного довіреного центру");
    let witness = house.app.health().watching(NORTH, std::time::Duration::from_secs(900));
    let other = house.app.health().watching("hotel@demo.example", std::time::Duration::from_secs(900));
    browser.get("/health").await.says(200, "ще не прочитано");
    witness.round(Ok(&skrynka::intake::RoundReport::default()));
    house.file(NORTH, "перший", "Прикладенко").await;
    house.later(4);
    browser.get("/health").await.says(200, "4 хв тому").says(200, "0 с");
    let broken = skrynka::intake::IntakeError::DropFolder {
        folder: "/nowhere".into(),
        source: std::io::Error::from(std::io::ErrorKind::NotFound),
    };
    for _ in 0..2 {
        witness.round(Err(&broken));
        other.round(Err(&broken));
    }
    for path in ["/", "/health"] {
        let page = browser.get(path).await;
        page.says(200, "Зв’язку зі скринькою north@demo.example немає з 10:00");
        assert!(!page.text().contains("hotel@demo.example"), "{path}");
    }
}
