//! Backups and restores are killed at many moments; what was there before can be restored, and a restore goes on.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::house::{House, files_in};
use crate::program::SKRYNKA;

/// Kills of each kind. They are spread over the whole length of a run, each at a moment of its own.
const KILLS: u32 = 24;

fn start(house: &House, words: &[&str]) -> Child {
    let mut command = Command::new(SKRYNKA);
    command.args(words).current_dir(house.path()).env("SKRYNKA_LOG", "warn");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// How long a run takes that nobody kills.
fn length_of(house: &House, words: &[&str]) -> Duration {
    let begun = Instant::now();
    assert!(start(house, words).wait().unwrap().success());
    begun.elapsed()
}

/// Kills a run after `length` × `number` / [`KILLS`]; whether it was still running.
fn killed(house: &House, words: &[&str], length: Duration, number: u32) -> bool {
    let mut child = start(house, words);
    std::thread::sleep(length * number / KILLS);
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

fn filings(folder: &Path) -> u64 {
    let text = fs::read(folder.join("manifest.json")).unwrap();
    serde_json::from_slice::<serde_json::Value>(&text).unwrap()["filings"].as_u64().unwrap()
}

#[test]
fn a_backup_killed_at_any_moment_leaves_the_earlier_one_or_the_new_one() {
    let house = House::with_letters(60);
    let (backup, fresh) = (house.path().join("backup"), house.path().join("fresh"));
    let mut length = length_of(&house, &["backup", fresh.to_str().unwrap()]);
    house.backup(&backup).good();
    let (mut earlier, mut letters, mut kills) = (60, 60, 0);
    for number in 0..KILLS {
        house.file(letters..letters + 5);
        letters += 5;
        if killed(&house, &["backup", backup.to_str().unwrap()], length, number) {
            kills += 1;
        } else {
            // It ended before its kill: the machine is less busy than when the length was taken.
            length = length * 3 / 4;
        }
        let now = filings(&backup);
        assert!(now == earlier || now == u64::from(letters), "{now}: neither {earlier} nor {letters}");
        earlier = now;
        let restored = house.path().join(format!("restored-{number}"));
        let text = house.restore(&backup, &restored).good();
        assert!(text.contains(&format!("{now} restored")), "{text}");
        fs::remove_dir_all(restored).unwrap();
    }
    assert!(kills > KILLS / 3, "most runs were really killed: {kills}");
    // What the killed ones left behind is used, or goes.
    house.backup(&backup).good();
    assert_eq!(filings(&backup), u64::from(letters));
    let left = files_in(&backup);
    assert_eq!(left.iter().filter(|path| path.extension().is_some_and(|kind| kind == "db")).count(), 1);
    assert!(!backup.join("incoming").exists(), "{left:?}");
}

#[test]
fn a_first_backup_killed_at_any_moment_is_no_backup_and_is_gone_on_with() {
    let house = House::with_letters(60);
    let length = length_of(&house, &["backup", house.path().join("fresh").to_str().unwrap()]);
    for number in 0..KILLS / 3 {
        let backup = house.path().join(format!("backup-{number}"));
        killed(&house, &["backup", backup.to_str().unwrap()], length, number * 3);
        let restored = house.path().join(format!("restored-{number}"));
        if backup.join("manifest.json").exists() {
            house.restore(&backup, &restored).good();
        } else {
            house.restore(&backup, &restored).refused(1, "holds no finished backup");
            house.backup(&backup).good();
            house.restore(&backup, &restored).good();
        }
    }
}

#[test]
fn a_restore_killed_at_any_moment_is_no_store_until_it_is_gone_on_with() {
    let house = House::with_letters(100);
    let backup = house.path().join("backup");
    house.backup(&backup).good();
    let from = backup.to_str().unwrap();
    let mut kills = 0;
    for number in (0..KILLS).step_by(2) {
        let to = house.path().join("new");
        let _ = fs::remove_dir_all(&to);
        // Killed when so many of the 100 letters are there: a moment that a busy machine does not move.
        let mut child = start(&house, &["restore", from, "--to", to.to_str().unwrap()]);
        while child.try_wait().unwrap().is_none() && letters_in(&to) < number * 4 {
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if to.join("skrynka.db").exists() {
            continue;
        }
        if to.join("restoring").exists() {
            kills += 1;
            let opened = tokio::runtime::Runtime::new().unwrap().block_on(skrynka::store::Store::open(&to));
            let said = opened.unwrap_err().to_string();
            assert!(
                said.contains("found `restoring`"),
                "the daemon does not begin an empty store there: {said}"
            );
        }
        let text = house.restore(&backup, &to).good();
        assert!(text.contains("100 restored") && text.contains("all is well"), "{text}");
    }
    assert!(kills > 2, "some were killed in the middle: {kills}");
}

fn letters_in(store: &Path) -> u32 {
    let shelves = fs::read_dir(store.join("blobs")).into_iter().flatten().flatten();
    let shelves = shelves.filter(|shelf| !shelf.path().ends_with("incoming"));
    let letters: usize =
        shelves.map(|shelf| fs::read_dir(shelf.path()).map_or(0, |shelf| shelf.count())).sum();
    u32::try_from(letters).unwrap()
}

/// The moments that a random kill seldom meets, made by hand.
#[test]
fn what_lies_beside_the_manifests_database_neither_counts_nor_stays() {
    let house = House::with_letters(3);
    let backup = house.path().join("backup");
    house.backup(&backup).good();
    // A newer database has its name and the manifest is not yet replaced; or it was, and the older one still lies there.
    let other = backup.join(format!("database-{}.db", "ab".repeat(32)));
    fs::write(&other, b"half a thought").unwrap();
    fs::create_dir(backup.join("incoming")).unwrap();
    for name in ["database", "manifest.json", "0123"] {
        fs::write(backup.join("incoming").join(name), b"half").unwrap();
    }
    let restored = house.path().join("restored");
    assert!(house.restore(&backup, &restored).good().contains("3 restored"));
    house.file(3..4);
    house.backup(&backup).good();
    assert!(!other.exists() && !backup.join("incoming").exists());
    assert_eq!(filings(&backup), 4);
}
