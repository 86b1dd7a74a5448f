//! The main job through a real Dovecot: posters are scanned, letters sent, filed, found, saved.

use std::path::Path;
use std::time::Duration;

use skrynka_fixtures::demo::{self, Stage};

use crate::program::SKRYNKA;

const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn every_letter_of_the_demo_is_filed_as_it_should_be_and_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut stage = Stage::set_up(&dir.path().join("stage"), Path::new(SKRYNKA)).unwrap();
    let posters = stage.make_codes().unwrap();
    stage.start_daemon().unwrap();
    let rows = demo::send_and_look(&stage, &posters).unwrap();
    let wrong: Vec<_> = rows.iter().filter(|row| !row.wrong.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rows.len() >= 8, "good and bad letters, at least eight");

    a_restart_files_nothing_twice(&mut stage, rows.len());
    a_new_code_is_noticed_by_the_running_daemon(&stage, rows.len());
    a_saved_letter_is_what_was_sent(&stage);
    a_letter_can_be_explained_without_filing(&stage, rows.len() + 1);
    let trouble = demo::trouble(&mut stage, rows.len() + 1).unwrap();
    for expected in ["login", "cannot connect", "is back"] {
        assert!(trouble.contains(expected), "{expected}: {trouble}");
    }
    stage.stop().unwrap();
}

fn a_restart_files_nothing_twice(stage: &mut Stage, letters: usize) {
    stage.stop_daemon().unwrap();
    stage.start_daemon().unwrap();
    // Two rounds of the daemon: it looks every second.
    std::thread::sleep(Duration::from_millis(2500));
    stage.wait_for_filings(letters, PATIENCE).unwrap();
}

/// A service is added to the registry and gets a code, while the daemon runs.
fn a_new_code_is_noticed_by_the_running_daemon(stage: &Stage, letters: usize) {
    let mut registry = std::fs::read_to_string(stage.registry_file()).unwrap();
    registry.push_str(
        r#"
[[service]]
id = "library"
organisation = "town"
branches = ["cnap"]
purpose = "для запису до бібліотеки"
documents = ["student-id-card"]
legal_ground = "Закон України «Про бібліотеки і бібліотечну справу»"
retention_days = 30
responsible = "Ірина Зразкова"
"#,
    );
    std::fs::write(stage.registry_file(), registry).unwrap();
    let applied = stage.skrynka(&["registry", "apply", &stage.registry_file().to_string_lossy()]).unwrap();
    assert_eq!(applied["changes"].as_array().unwrap().len(), 1, "{applied}");
    let code = stage.skrynka(&["code", "issue", "--branch", "cnap", "--service", "library"]).unwrap();
    let token = code["token"].as_str().unwrap();
    let typed = token.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    let letter = demo::plain_letter("reader@mail.example", demo::CNAP, &format!("Re: {typed}"), 90);
    stage.deliver(&letter).unwrap();
    let filings = stage.wait_for_filings(letters + 1, PATIENCE).unwrap();
    let newest = filings.iter().find(|filing| filing["message_id"] == letter.message_id.as_str()).unwrap();
    assert_eq!(newest["code"], code["id"], "the token as a person types it decides: «{typed}»");
    for words in ["бібліотеки", "biblioteky", token] {
        let found = stage.skrynka(&["search", words]).unwrap();
        assert_eq!(found[0]["id"], newest["id"], "«{words}» finds it");
    }
}

fn a_saved_letter_is_what_was_sent(stage: &Stage) {
    let found = stage.skrynka(&["search", "mariana"]).unwrap();
    assert_eq!(found[0]["signers"][0], "ТЕСТ Дія, печатка (43395033)", "a list names who signed: {found}");
    let id = found[0]["id"].to_string();
    let to = stage.dir().join("saved");
    let saved = stage.skrynka(&["save", &id, "--to", &to.to_string_lossy()]).unwrap();
    let written: Vec<&str> =
        saved["written"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert_eq!(written.len(), 5, "the letter and two documents with their signatures: {written:?}");
    let pdf = written.iter().find(|path| path.ends_with(".pdf")).unwrap();
    assert!(std::fs::read(pdf).unwrap().starts_with(b"%PDF"));
    let refused = stage.skrynka(&["save", &id, "--to", &to.to_string_lossy()]).unwrap_err().to_string();
    assert!(refused.contains("nothing is overwritten"), "{refused}");
}

fn a_letter_can_be_explained_without_filing(stage: &Stage, letters: usize) {
    let eml = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mail/forged/pdf-changed.eml");
    let said = stage.skrynka(&["check", &eml.to_string_lossy(), "--mailbox", demo::CNAP]).unwrap();
    assert_eq!(said["verdicts"][0]["sub_indication"], "HASH_FAILURE", "{said}");
    assert!(said["said"]["verdicts"][0]["uk"].as_str().unwrap().contains("змінен"), "{said}");
    stage.wait_for_filings(letters, PATIENCE).unwrap();
}

#[test]
fn a_good_and_a_bad_day_at_four_places_end_with_the_right_light() {
    let dir = tempfile::tempdir().unwrap();
    let table = demo::journeys(&dir.path().join("journeys"), Path::new(SKRYNKA)).unwrap();
    assert_eq!(table.lines().filter(|line| line.starts_with('✓')).count(), 10, "{table}");
}
