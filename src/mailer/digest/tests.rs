use super::*;
use crate::model::{CodeId, Head, KyivDay, Rung};

fn reminder(code: i64, registered: bool, days_left: i32) -> Reminder {
    let today: KyivDay = "2027-05-06".parse().unwrap();
    Reminder {
        code: CodeId(code),
        registered,
        branch: "cnap".parse().unwrap(),
        branch_name: "ЦНАП Прикладівської міської ради".to_owned(),
        address: "вул. Соборна, 1, м. Прикладівка, Житомирський район, Житомирська область".to_owned(),
        organisation: "Прикладівська міська рада".to_owned(),
        head: Head {
            name: "Олена Прикладна".to_owned(), position: "міська голова".to_owned()
        },
        services: vec![("admin-services".parse().unwrap(), "для надання адміністративних послуг".to_owned())],
        documents: vec!["passport".parse().unwrap(), "taxpayer-card".parse().unwrap()],
        valid_until: today.plus(days_left),
        days_left,
        replaced_by: None,
    }
}

fn claimed() -> ClaimedMail {
    ClaimedMail {
        id: 1,
        message_id: "<notice.1.2@example.org>".to_owned(),
        recipient: "admin@example.org".parse().unwrap(),
        notices: vec![(CodeId(1), Rung::Days(14))],
        attempts: 0,
        unclear: false,
        not_before: Timestamp::UNIX_EPOCH,
    }
}

fn mail(about: Vec<Reminder>) -> Mail {
    digest(&claimed(), about, "2027-05-06T05:00:00Z".parse().unwrap())
}

/// Written where a person can open it in a browser: `target/notices/NAME.html`.
fn kept(name: &str, mail: &Mail) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/notices");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.html")), &mail.html).unwrap();
    std::fs::write(folder.join(format!("{name}.txt")), &mail.plain).unwrap();
}

#[test]
fn the_subject_says_how_many_and_which_is_first() {
    let subject = |days: &[i32]| {
        let about = (1..).zip(days).map(|(code, days)| reminder(code, true, *days)).collect();
        mail(about).subject
    };
    assert_eq!(subject(&[14]), "1 код потребує уваги: діє до 20.05.2027");
    assert_eq!(subject(&[-1]), "1 код потребує уваги: діяв до 05.05.2027");
    assert_eq!(subject(&[30, 14]), "2 коди потребують уваги: найближчий діє до 20.05.2027");
    assert_eq!(subject(&[30, -2, 14, 7, 3]), "5 кодів потребують уваги: перший діяв до 04.05.2027");
}

#[test]
fn a_digest_says_what_to_do_for_each_kind_of_code_in_both_languages() {
    let replaced = Reminder {
        replaced_by: Some((CodeId(9), "2027-10-30".parse().unwrap())),
        branch_name: "Відділення № 2".to_owned(),
        ..reminder(4, false, 0)
    };
    let mail = mail(vec![reminder(1, true, 89), reminder(2, false, 14), reminder(3, true, -3), replaced]);
    kept("digest", &mail);
    let tags_gone = mail.html.replace("</span> <span style=\"display:inline-block\">", " ");
    for text in [&mail.plain, &tags_gone] {
        for said in [
            "4 коди потребують уваги",
            "4 codes need attention",
            "Новий код може зробити лише керівник організації (Олена Прикладна, міська голова) у кабінеті Дії",
            "Only the head of the organisation (Олена Прикладна, міська голова) can make the new code",
            "skrynka code register --branch cnap --service admin-services --issued YYYY-MM-DD code.svg",
            "skrynka code issue --branch cnap --service admin-services --poster poster.svg",
            "skrynka code retire 1",
            "skrynka code poster 9 --out poster.svg",
            "картка платника податків (РНОКПП)",
            "taxpayer card (RNOKPP)",
            "закінчився 3 дні тому",
            "89 days left",
            "Новий код № 9 уже є",
            "Прикладівська міська рада",
        ] {
            assert!(text.contains(said), "«{said}» in:\n{text}");
        }
    }
    let first = mail.plain.find("закінчився 3 дні тому").unwrap();
    assert!(first < mail.plain.find("сьогодні останній день").unwrap(), "the first to end is on top");
    assert!(mail.plain.find("Що зробити").unwrap() < mail.plain.find("What to do").unwrap());
}

#[test]
fn one_code_makes_a_short_mail() {
    let mail = mail(vec![reminder(7, true, 1)]);
    kept("one", &mail);
    assert!(mail.plain.contains("завтра останній день"));
    kept("trial", &trial(&claimed().recipient, "example.org", Timestamp::UNIX_EPOCH));
}

#[test]
fn a_name_cannot_break_the_page_nor_look_like_a_line_of_ours() {
    let evil = "<script>alert(\"1\")</script> & 'x'\n■ Усе гаразд";
    let mail = mail(vec![Reminder { branch_name: evil.to_owned(), ..reminder(1, false, 7) }]);
    assert!(!mail.html.contains("<script>"));
    assert!(mail.html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; ■ Усе"));
    assert!(!mail.plain.contains("\n■ Усе гаразд"));
    assert_eq!(mail.html.matches("<div").count(), mail.html.matches("</div>").count());
}
