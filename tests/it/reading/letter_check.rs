//! `skrynka check` on a letter with a picture of a document: a person waits for OCR, and gets nothing but the answer.

use std::process::Command;

use skrynka_fixtures::copies::{Document, Make, Person};

use super::house::{House, WITH_OCR, copy, has_ocr, letter_with, seal};
use super::value;
use crate::program::SKRYNKA;

#[test]
fn check_waits_for_ocr() {
    if !has_ocr() {
        return;
    }
    let house = House::new(WITH_OCR, "");
    let pdf = copy(Person::gedeon(), Document::TaxpayerCard, Make::Picture, 1).pdf();
    house.write("letter.eml", &letter_with(1, "scan.pdf", pdf, Some(&seal())));
    let checked = house.ask(&["check", "letter.eml", "--mailbox", super::house::ADDRESS]);
    assert_eq!(
        (&checked["readings"][0]["way"], checked["readings"][0]["trouble"].is_null()),
        (&"ocr".into(), true)
    );
    assert!(value(&checked, 0, "rnokpp").contains(&Person::gedeon().rnokpp()), "{checked}");
    assert_eq!(house.ask(&["list"]), serde_json::json!([]), "nothing is filed");
}

#[test]
fn read_and_check_print_nothing_but_their_answer_unless_asked() {
    let house = House::new("ocr = \"off\"", "");
    let pdf = copy(Person::gedeon(), Document::TaxpayerCard, Make::TextLayer, 1).pdf();
    house.write("scan.pdf", &pdf);
    house.write("letter.eml", &letter_with(1, "scan.pdf", pdf, None));
    let run = |words: &[&str], log: Option<&str>| {
        let mut command = Command::new(SKRYNKA);
        command.args(words).current_dir(house.path()).env_remove("SKRYNKA_LOG").env_remove("SKRYNKA_CONFIG");
        command.envs(log.map(|log| ("SKRYNKA_LOG", log)));
        let output = command.output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{words:?}");
        // A kernel that lacks locks is worth a warning to whoever opens documents.
        let err = String::from_utf8(output.stderr).unwrap();
        err.lines()
            .filter(|line| !line.contains("this kernel does not lock in"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let check = ["check", "letter.eml", "--mailbox", super::house::ADDRESS];
    for words in [&["read", "scan.pdf"][..], &["read", "--filed"], &check] {
        assert_eq!(run(words, None), [""; 0], "{words:?}");
    }
    assert!(run(&["read", "scan.pdf"], Some("info")).iter().any(|line| line.contains("locked-in children")));
}
