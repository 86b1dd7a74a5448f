//! `skrynka read FILE`: without configuration, whatever the file is.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use skrynka_fixtures::copies::{Document, Make, Person};

use super::house::copy;
use crate::program::Desk;

fn desk() -> Desk {
    let desk = Desk::new();
    fs::remove_file(desk.path().join("skrynka.toml")).unwrap();
    let pdf = copy(Person::mariana(), Document::TaxpayerCard, Make::TextLayer, 1).pdf();
    desk.write("scan.pdf", pdf);
    desk.write("note.pdf", "not a document");
    desk
}

#[test]
fn a_copy_is_read_without_configuration_for_people_and_for_programs() {
    let desk = desk();
    let said = desk.run(&["read", "scan.pdf"]).good();
    assert!(said.contains("document    taxpayer-card (taxpayer card (RNOKPP))"), "{said}");
    assert!(said.contains("Тестовська") && said.contains("from the document's text: "), "{said}");
    let answer = desk.run(&["read", "--json", "scan.pdf"]).json();
    assert_eq!((&answer["file"], &answer["document"]), (&"scan.pdf".into(), &"taxpayer-card".into()));
    assert!(answer["error"].is_null() && answer["pictures"] == serde_json::json!([]), "{answer}");
    let by_outlines = desk.run(&["read", "--json", "--way", "outlines", "scan.pdf"]);
    let by_outlines: serde_json::Value = serde_json::from_str(&by_outlines.out).unwrap();
    assert_ne!(by_outlines["way"], "text_layer", "{by_outlines}");
    desk.run(&["read", "--way", "guess", "scan.pdf"]).refused(64, "possible values");
    desk.run(&["read"]).refused(64, "FILE");
    desk.run(&["read", "--name", "a.pdf", "scan.pdf", "note.pdf"]).refused(1, "--name goes with one copy");
}

#[test]
fn a_name_that_says_another_document_is_told_and_the_page_is_believed() {
    let desk = desk();
    let name = "internal-passport-2858364170864-02.04.2021-09:48:26.pdf";
    let answer = desk.run(&["read", "--json", "--name", name, "scan.pdf"]).json();
    assert_eq!(answer["document"], "taxpayer-card");
    assert!(answer["warnings"].to_string().contains("file-name"), "{answer}");
}

#[test]
fn a_file_that_cannot_be_read_says_why_and_stops_no_other() {
    let desk = desk();
    let alone = desk.run(&["read", "note.pdf"]);
    assert!(alone.code == 1 && alone.out.contains("This is not a PDF"), "{}{}", alone.out, alone.err);
    let missing = desk.run(&["read", "none.pdf"]);
    assert!(
        missing.code == 1 && missing.out.contains("cannot read the file: No such file"),
        "{}",
        missing.out
    );
    let all = desk.run(&["read", "--json", "none.pdf", "note.pdf", "scan.pdf"]);
    assert_eq!(all.code, 1);
    let all: serde_json::Value = serde_json::from_str(&all.out).unwrap();
    assert!(all[0]["error"].as_str().unwrap().contains("No such file") && all[0]["way"].is_null(), "{all}");
    assert!(all[1]["trouble"].is_string() && all[1]["error"].is_null(), "{all}");
    assert_eq!(all[2]["document"], "taxpayer-card");
}

#[test]
fn pictures_are_written_for_their_owner_and_nothing_is_overwritten() {
    let desk = desk();
    let answer = desk.run(&["read", "--json", "--pictures", "out", "scan.pdf"]).json();
    let written: Vec<&str> =
        answer["pictures"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert!(
        written.contains(&"out/scan.thumbnail.png") && written.contains(&"out/scan.page-1.png"),
        "{written:?}"
    );
    for path in &written {
        let path = desk.path().join(path);
        assert!(fs::read(&path).unwrap().starts_with(b"\x89PNG"));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
    }
    desk.write("out/scan.thumbnail.png", "mine");
    let again = desk.run(&["read", "--pictures", "out", "scan.pdf"]);
    assert!(again.code == 1 && again.out.contains("nothing is overwritten"), "{}", again.out);
    assert!(again.out.contains("Тестовська"), "what was read is said all the same: {}", again.out);
    assert_eq!(fs::read(desk.path().join("out/scan.thumbnail.png")).unwrap(), b"mine");
}
