//! `skrynka mailbox reconcile` on a real Dovecot: the counts are those of the server, and the difference has names.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use serde_json::{Value, json};
use skrynka_fixtures::demo::{self, SPAM, Stage};

use crate::program::SKRYNKA;

const PATIENCE: Duration = Duration::from_secs(60);

fn reconcile(stage: &Stage, words: &[&str]) -> (bool, Value) {
    let mut all = vec!["mailbox", "reconcile"];
    all.extend(words);
    let Output { status, stdout, stderr } = stage.command(&all).arg("--json").output().unwrap();
    assert!(!stdout.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    (status.success(), serde_json::from_slice(&stdout).unwrap())
}

#[track_caller]
fn counts(folder: &Value, expected: [u64; 5]) {
    let found =
        ["on_server", "filed", "already_filed", "waiting", "gone"].map(|key| folder[key].as_u64().unwrap());
    assert_eq!(found, expected, "on the server, filed, filed before, waiting, gone:\n{folder:#}");
}

#[test]
fn every_letter_of_a_mailbox_is_accounted_for_or_named() {
    let dir = tempfile::tempdir().unwrap();
    let mut stage = Stage::set_up(&dir.path().join("stage"), Path::new(SKRYNKA)).unwrap();
    let (good, said) = reconcile(&stage, &[]);
    assert!(good, "empty mailboxes are in order: {said:#}");
    assert_eq!(said["mailboxes"].as_array().unwrap().len(), 2);

    // Three letters, the last one twice, byte by byte.
    let letter = |number| demo::plain_letter("v@mail.example", demo::CNAP, "Лист", number);
    let received_at = Some("2026-02-03T04:05:06Z".parse().unwrap());
    for (folder, number) in [("INBOX", 1), (SPAM, 2), ("INBOX", 3), ("INBOX", 3)] {
        stage.dovecot().append(demo::CNAP, folder, &letter(number).bytes, received_at).unwrap();
    }
    let (good, said) = reconcile(&stage, &[demo::CNAP]);
    assert!(!good, "nothing is filed yet");
    counts(&said["mailboxes"][0]["folders"][0], [3, 0, 0, 3, 0]);
    stage.start_daemon().unwrap();
    stage.wait_for_filings(3, PATIENCE).unwrap();
    until_in_order(&stage);
    stage.stop_daemon().unwrap();
    let (_, said) = reconcile(&stage, &[demo::CNAP]);
    let folders = &said["mailboxes"][0]["folders"];
    counts(&folders[0], [3, 2, 1, 0, 0]);
    counts(&folders[1], [1, 1, 0, 0, 0]);

    // One that nobody fetched is named by UID, time of receipt and size.
    let late = letter(4);
    stage.dovecot().append(demo::CNAP, "INBOX", &late.bytes, received_at).unwrap();
    let (good, said) = reconcile(&stage, &[]);
    assert!(!good);
    let inbox = &said["mailboxes"][0]["folders"][0];
    counts(inbox, [4, 2, 1, 1, 0]);
    let named = json!([{
        "uid": 4, "received_at": "2026-02-03T04:05:06Z", "bytes": late.bytes.len(), "too_large": false,
    }]);
    assert_eq!(inbox["waiting_letters"], named);
    let said = stage.command(&["mailbox", "reconcile"]).output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(text.contains("UID 4, received 03.02.2026 06:05:06, "), "{text}");
    assert!(text.contains("not every letter is accounted for"), "{text}");
    let flags = stage.dovecot().talk(demo::CNAP).unwrap().flags("INBOX").unwrap();
    assert!(flags.iter().all(|flags| !flags.contains("Seen")), "nothing changed on the server: {flags:?}");

    // One that was filed and then removed by a person.
    let mut talk = stage.dovecot().talk(demo::CNAP).unwrap();
    talk.open("INBOX").unwrap();
    talk.command(r"UID STORE 1 +FLAGS (\Deleted)").unwrap();
    talk.command("EXPUNGE").unwrap();
    let (_, said) = reconcile(&stage, &[demo::CNAP]);
    counts(&said["mailboxes"][0]["folders"][0], [3, 1, 1, 1, 1]);

    let refused = stage.command(&["mailbox", "reconcile", "nobody@example.org"]).output().unwrap();
    assert!(String::from_utf8(refused.stderr).unwrap().contains("no [[mailbox]] with the address"));
    moved_letters_are_explained(&mut stage);
    stage.dovecot().stop().unwrap();
    let (good, said) = reconcile(&stage, &[demo::CNAP]);
    assert!(
        !good && said["mailboxes"][0]["problem"].as_str().unwrap().contains("cannot connect"),
        "{said:#}"
    );
}

/// The daemon moves what it filed: the folder is empty, the target is full, and the counts say why.
fn moved_letters_are_explained(stage: &mut Stage) {
    let config = std::fs::read_to_string(stage.config_file()).unwrap();
    let moving =
        config.replace("poll_seconds = 1\n", "poll_seconds = 1\nafter_filing = { move = \"Archive\" }\n");
    std::fs::write(stage.config_file(), moving).unwrap();
    stage.start_daemon().unwrap();
    stage.wait_for_filings(4, PATIENCE).unwrap();
    let said = until_in_order(stage);
    stage.stop_daemon().unwrap();
    let cnap = &said["mailboxes"][0];
    counts(&cnap["folders"][0], [0, 0, 0, 0, 4]);
    assert_eq!(cnap["target"], json!({ "folder": "Archive", "letters": 4, "watched": false }));
    let text = String::from_utf8(stage.command(&["mailbox", "reconcile"]).output().unwrap().stdout).unwrap();
    assert!(text.contains("filed letters move to `Archive`, which holds 4 letters; 5"), "{text}");
}

/// Waits until nothing waits and nothing is left to be moved.
fn until_in_order(stage: &Stage) -> Value {
    for patience in (0..300).rev() {
        let (good, said) = reconcile(stage, &[demo::CNAP]);
        let cnap = &said["mailboxes"][0];
        let left = cnap["folders"].as_array().unwrap().iter().any(|folder| folder["on_server"] != 0);
        if good && (cnap["target"].is_null() || !left) {
            return said;
        }
        assert!(patience > 0, "not every letter was filed in time: {said:#}");
        std::thread::sleep(Duration::from_millis(200));
    }
    unreachable!("the last round returns or fails")
}
