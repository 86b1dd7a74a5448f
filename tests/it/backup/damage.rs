//! Every kind of damage is found, named with its place, and comes with what to do; backups heal what they can.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::house::{House, blob, flip};

/// `store check` exits with 1 and says each of these.
#[track_caller]
fn finds(house: &House, words: &[&str], sentences: &[&str]) {
    let said = house.desk.run(words);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    let all = said.out + &said.err;
    for sentence in sentences {
        assert!(all.contains(sentence), "expected «{sentence}» in:\n{all}");
    }
}

const CHECK: [&str; 2] = ["store", "check"];

#[test]
fn a_sound_store_is_told_as_one_with_its_counts() {
    let house = House::with_letters(7);
    let said = house.desk.run(&["store", "check", "--json"]).json();
    assert_eq!(said["good"], true, "{said:#}");
    let count = |what: &str| -> u64 {
        let lines = said["checked"].as_array().unwrap();
        lines.iter().find(|line| line["what"] == what).unwrap()["count"].as_u64().unwrap()
    };
    for (what, expected) in [
        ("filings", 7),
        ("attachments", 14),
        ("copies", 7),
        ("verdicts", 7),
        ("search index", 7),
        ("ledger places", 7),
        ("blobs", 7),
    ] {
        assert_eq!(count(what), expected, "{what}");
    }
    assert!(count("database pages") > 10 && count("references between tables") > 10);
    assert!(
        count("files closed to others") > 10 && count("audit lines") >= 7 && count("registry entries") > 2
    );
}

#[test]
fn a_flipped_bit_and_a_missing_blob_are_named_with_the_remedy() {
    let house = House::with_letters(5);
    flip(&blob(&house.store(), 3), 1000);
    let damaged = blob(&house.store(), 3).display().to_string();
    finds(&house, &CHECK, &[&damaged, "is damaged", "copy the file of the same name", "something is wrong"]);
    house.desk.run(&["store", "check", "--quick"]).good();
    fs::remove_file(blob(&house.store(), 1)).unwrap();
    let missing = blob(&house.store(), 1).display().to_string();
    finds(&house, &CHECK, &[&format!("{missing} is missing"), &damaged]);
    finds(&house, &["store", "check", "--quick"], &[&missing]);
}

#[test]
fn rows_that_do_not_belong_together_are_named() {
    for (script, sentences) in [
        (
            "DELETE FROM filing_text WHERE rowid = 2",
            &["filing 2 is not in the search index", "only search misses them"][..],
        ),
        (
            "INSERT INTO filing_text (rowid, sender) VALUES (99, 'x')",
            &["the search index knows a filing 99 that is not there"],
        ),
        ("DELETE FROM ledger_imap WHERE uid = 3", &["filing 3 has no place in the ledger"]),
        ("UPDATE ledger_imap SET mailbox = 'x@example.org' WHERE uid = 1", &["accounted for by filing 1"]),
        (
            "UPDATE copy SET facts = '{' WHERE filing = 2",
            &["filing 2: the store holds a facts that cannot be read"],
        ),
        (
            "UPDATE attachment SET digest = 'x' WHERE filing = 1",
            &["attachments", "filing 1:", "64 hexadecimal"],
        ),
        ("DELETE FROM verdict WHERE filing = 4", &["filing 4: its light is not that of its verdicts"]),
        ("DELETE FROM copy WHERE filing = 4", &["filing 4: its documents are not those of its copies"]),
        ("UPDATE filing SET matched = '[]' WHERE id = 1", &["filing 1: the store holds a matched"]),
        (
            "DROP TRIGGER audit_stays; DELETE FROM audit WHERE subject = 'filing 3'",
            &["filing 3 has no line in the audit"],
        ),
        ("DELETE FROM filing WHERE id = 4", &["names a `filing` that is not there", "skrynka restore"]),
        (
            "DELETE FROM filing_text_data WHERE id = (SELECT MAX(id) FROM filing_text_data)",
            &["database pages", "filing_text"],
        ),
    ] {
        let house = House::with_letters(4);
        house.sql(script);
        finds(&house, &CHECK, sentences);
    }
}

#[test]
fn what_a_crash_leaves_is_told_and_is_no_fault() {
    let house = House::with_letters(2);
    let stray = house.store().join("blobs/ab");
    fs::create_dir_all(&stray).unwrap();
    fs::write(stray.join("c".repeat(62)), b"x").unwrap();
    for path in [stray.clone(), stray.join("c".repeat(62))] {
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let said = house.desk.run(&CHECK).good();
    assert!(said.contains("1 blobs that nothing names") && said.contains("all is well"), "{said}");
    let backup = house.path().join("backup");
    assert_eq!(house.backup(&backup).json()["copied"], 2, "strays are not copied");
}

#[test]
fn a_file_that_others_may_read_is_named() {
    let house = House::with_letters(2);
    let open = blob(&house.store(), 1);
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
    finds(&house, &CHECK, &[&open.display().to_string(), "mode 644", "chmod -R go="]);
}

#[test]
fn a_damaged_database_is_told_and_never_replaces_a_good_backup() {
    let house = House::with_letters(30);
    let backup = house.path().join("backup");
    house.backup(&backup).good();
    let database = house.store().join("skrynka.db");
    let pages = fs::metadata(&database).unwrap().len() / 4096;
    // The last pages belong to rows and indexes, whatever the order in which tables were made.
    let mut bytes = fs::read(&database).unwrap();
    for page in (pages / 2)..pages {
        let from = usize::try_from(page * 4096).unwrap();
        bytes[from..from + 200].fill(0xa5);
    }
    fs::write(&database, bytes).unwrap();
    finds(&house, &CHECK, &["database", "restore"]);
    let said = house.backup(&backup);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.err.contains("is damaged"), "{}", said.err);
    let text = house.restore(&backup, &house.path().join("restored")).good();
    assert!(text.contains("30 restored"), "{text}");
    fs::write(&database, b"this is not a database, whatever its name says".repeat(99)).unwrap();
    finds(&house, &CHECK, &["is damaged", "restore the folder from a backup"]);
}

#[test]
fn a_blob_that_the_store_has_lost_is_told_and_the_backups_own_is_kept() {
    let house = House::with_letters(4);
    let backup = house.path().join("backup");
    house.backup(&backup).good();
    fs::remove_file(blob(&house.store(), 0)).unwrap();
    fs::write(blob(&house.store(), 1), b"cut short").unwrap();
    house.file(4..5);
    fs::remove_file(blob(&house.store(), 4)).unwrap();
    let said = house.backup(&backup);
    assert_eq!(said.code, 1);
    let value: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let lost = value["manifest"]["lost"].as_array().unwrap();
    assert_eq!(lost.len(), 1, "only what no backup has: {value:#}");
    assert_eq!(lost[0]["why"], "it is missing");

    let restored = house.path().join("restored");
    house.restore(&backup, &restored).refused(1, "lacks the bytes of 1 letters");
    let words = ["restore", backup.to_str().unwrap(), "--to", restored.to_str().unwrap(), "--keep-going"];
    let said = house.desk.run(&words);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("4 restored") && said.out.contains("LOST"), "{}", said.out);
    for number in 0..4 {
        assert_eq!(fs::read(blob(&restored, number)).unwrap(), super::house::mail(number).bytes);
    }
}

#[test]
fn a_damaged_backup_is_not_restored_as_if_it_were_whole_and_can_be_healed() {
    let house = House::with_letters(6);
    let (backup, restored) = (house.path().join("backup"), house.path().join("restored"));
    house.backup(&backup).good();
    flip(&blob(&backup, 2), 500);
    let named = blob(&backup, 2).display().to_string();
    house.restore(&backup, &restored).refused(1, &named);
    house.desk.run(&["list"]).good();
    assert!(!restored.join("skrynka.db").exists(), "half of it is no store");
    house.backup(&backup).good();
    house.restore(&backup, &restored).refused(1, &named);
    let healed = house.desk.run(&["backup", backup.to_str().unwrap(), "--reread", "--json"]).json();
    assert_eq!((&healed["copied"], &healed["already_there"]), (&1.into(), &5.into()));
    house.restore(&backup, &restored).good();

    let database = only_database(&backup);
    flip(&database, 9000);
    let other = house.path().join("other");
    house.restore(&backup, &other).refused(1, "its digest is not the manifest's");
    assert!(!other.exists());
    flip(&database, 9000);
    let manifest = fs::read_to_string(backup.join("manifest.json")).unwrap();
    for (bad, sentence) in [
        (manifest[..100].to_owned(), "`manifest.json` is damaged".replace("`m", "m")),
        (manifest.replace("\"filings\": 6", "\"filings\": 7"), "tells of another database".to_owned()),
        (manifest.replace("\"format\": 1", "\"format\": 2"), "its layout is 2".to_owned()),
        (
            manifest.replace("\"file\": \"database-", "\"file\": \"../database-"),
            "it names the database".to_owned(),
        ),
        (manifest.replace("\"schema\": ", "\"schema\": 9"), "newer skrynka".to_owned()),
    ] {
        assert_ne!(bad, manifest);
        fs::write(backup.join("manifest.json"), bad).unwrap();
        house.restore(&backup, &other).refused(1, sentence.trim_start_matches("manifest.json` "));
        assert!(!other.exists());
    }
}

fn only_database(backup: &Path) -> std::path::PathBuf {
    let mut found = fs::read_dir(backup).unwrap().map(|entry| entry.unwrap().path());
    found.find(|path| path.extension().is_some_and(|kind| kind == "db")).unwrap()
}
