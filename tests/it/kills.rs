//! The daemon is killed between every two states of a letter, at hundreds of random moments, and by letters themselves:
//! each letter is filed exactly once, or waits in quarantine with its bytes.

#![expect(clippy::print_stdout, reason = "how many kills met what is worth reading")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use skrynka::config::Environment;
use skrynka::mishap::Point;
use skrynka_fixtures::demo::{CNAP, HOTEL, SPAM, Stage};
use tempfile::TempDir;

use crate::crash::{ask, count, filed_once_and_whole, letter, log, stage, until};

/// Where the second mailbox's letters go once they are filed.
const DONE: &str = "Оброблено";

/// [`stage`] with a drop folder, and a second mailbox whose letters are moved when filed.
fn stage_with_all_ways() -> (Stage, PathBuf, TempDir) {
    let (stage, dir) = stage();
    let drop = stage.dir().join("drop");
    fs::create_dir(&drop).unwrap();
    let mut text = fs::read_to_string(stage.config_file()).unwrap();
    assert!(text.rfind(HOTEL) > text.rfind(CNAP), "the second mailbox is the last section");
    text.push_str(&format!(
        "after_filing = {{ move = \"{DONE}\" }}\n\n[[drop_folder]]\nfolder = \"drop\"\nmailbox = \"{CNAP}\"\n"
    ));
    fs::write(stage.config_file(), text).unwrap();
    (stage, drop, dir)
}

/// Puts a letter into a drop folder as a careful program does.
fn put(drop: &std::path::Path, name: &str, letter: &[u8]) {
    let half = drop.join(format!(".{name}.tmp"));
    fs::write(&half, letter).unwrap();
    fs::rename(half, drop.join(format!("{name}.eml"))).unwrap();
}

/// Nothing of `letters` lies in the drop folder any more; each is among its filed ones once.
#[track_caller]
fn put_away(drop: &std::path::Path, letters: usize) {
    let emls = |folder: PathBuf| {
        // `filed` is made for the first letter.
        let names = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        names.filter(|path| path.extension().is_some_and(|e| e == "eml")).collect::<Vec<_>>()
    };
    until("every dropped file is put away", || emls(drop.to_owned()).is_empty());
    let filed = emls(drop.join("filed"));
    assert_eq!(filed.len(), letters, "{filed:?}");
    assert!(filed.iter().all(|path| fs::metadata(path).unwrap().len() > 0), "{filed:?}");
}

/// Kills the daemon exactly at a point.
#[track_caller]
fn kill_at(stage: &mut Stage, point: Point, more: &[(&str, &str)]) {
    let name = format!("{point:?}");
    let mut variables = vec![("SKRYNKA_STAND_STILL_AT", name.as_str())];
    variables.extend(more);
    stage.start_daemon_with(&variables).unwrap();
    until(&format!("it stands still at {name}"), || {
        log(stage).lines().any(|line| line.ends_with(&format!("standing still at {name}")))
    });
    stage.kill_daemon().unwrap();
}

#[test]
fn killed_between_any_two_states_every_letter_is_filed_once_and_whole() {
    let (mut stage, drop, _dir) = stage_with_all_ways();
    let (mut sent, mut dropped, mut moved) = (Vec::new(), 0, 0);
    for point in Point::ALL {
        if matches!(point, Point::Quarantined | Point::QuarantineUncommitted) {
            continue; // below
        }
        let mut new = || {
            sent.push(letter(sent.len(), 1_000));
            sent[sent.len() - 1].clone()
        };
        // The same letter in two folders; one that is moved when filed; one in a file.
        let twice = new();
        stage.dovecot().append(CNAP, "INBOX", &twice, None).unwrap();
        stage.dovecot().append(CNAP, SPAM, &twice, None).unwrap();
        let to_move = new();
        stage.dovecot().append(HOTEL, "INBOX", &to_move, None).unwrap();
        moved += 1;
        if matches!(point, Point::BlobNamed | Point::Filed | Point::FileReserved | Point::FileMoved) {
            put(&drop, &format!("{point:?}"), &new());
            dropped += 1;
        }
        kill_at(&mut stage, point, &[]);
        stage.start_daemon().unwrap();
        filed_once_and_whole(&stage, &sent);
        put_away(&drop, dropped);
        let done = || {
            let mut talk = stage.dovecot().talk(HOTEL).unwrap();
            (talk.flags("INBOX").unwrap().len(), talk.flags(DONE).unwrap().len())
        };
        let mut done = done;
        until("the second mailbox's letters are moved", || done() == (0, moved));
        stage.kill_daemon().unwrap();
    }
    assert_eq!(count(&stage, "SELECT COUNT(*) FROM quarantine"), 0);
    stage.stop().unwrap();
}

#[test]
fn killed_on_its_way_to_quarantine_a_letter_comes_there_once_and_is_filed_by_a_retry() {
    let (mut stage, _dir) = stage();
    let mut sent = Vec::new();
    for (number, point) in (1..).zip([Point::QuarantineUncommitted, Point::Quarantined]) {
        let magic = format!("letter {}\r\n", sent.len());
        let panic_on = [("SKRYNKA_PANIC_ON", magic.as_str())];
        sent.push(letter(sent.len(), 1_000));
        stage.dovecot().append(HOTEL, "INBOX", &sent[sent.len() - 1], None).unwrap();
        kill_at(&mut stage, point, &panic_on);
        stage.start_daemon_with(&panic_on).unwrap();
        until("it is in quarantine", || count(&stage, "SELECT COUNT(*) FROM quarantine") == number);
        let held = stage.skrynka(&["quarantine", "list"]).unwrap();
        assert_eq!(held.as_array().unwrap().len(), 1);
        assert_eq!((&held[0]["failures"], &held[0]["fault"]["fault"]), (&5.into(), &"panicked".into()));
        stage.skrynka(&["quarantine", "retry", &number.to_string()]).unwrap();
        filed_once_and_whole(&stage, &sent);
        stage.stop_daemon().unwrap();
    }
    let log = log(&stage);
    assert!(log.contains("a letter was given up after 5 failures"), "{log}");
    assert!(log.contains("a fault of the program at src/mishap.rs"), "{log}");
    assert!(!log.contains("a test asked for it"), "what a panic says may quote a letter");
    stage.stop().unwrap();
}

#[test]
fn a_letter_that_kills_the_daemon_is_given_up_after_five_deaths_and_holds_up_no_other() {
    let (mut stage, _dir) = stage();
    let poison = b"From: a@example.net\r\nX-Poison: drink me\r\nSubject: letter 99\r\n\r\nx\r\n".to_vec();
    let good: Vec<_> = (0..12).map(|number| letter(number, 500)).collect();
    for (number, letter) in good.iter().enumerate() {
        if number == 1 {
            stage.dovecot().append(CNAP, "INBOX", &poison, None).unwrap();
        }
        // The other mailbox has letters in hand while this one dies.
        stage.dovecot().append([CNAP, HOTEL][number % 2], "INBOX", letter, None).unwrap();
    }
    let mut deaths = 0;
    stage.start_daemon_with(&[("SKRYNKA_ABORT_ON", "X-Poison: drink me")]).unwrap();
    while count(&stage, "SELECT COUNT(*) FROM filing") < good.len() {
        if stage.daemon_ends_within(Duration::from_secs(1)).unwrap() {
            deaths += 1;
            assert!(deaths <= 5, "five deaths are enough");
            stage.start_daemon_with(&[("SKRYNKA_ABORT_ON", "X-Poison: drink me")]).unwrap();
        }
    }
    assert_eq!(deaths, 5);

    let held = stage.skrynka(&["quarantine", "list"]).unwrap();
    assert_eq!(held.as_array().unwrap().len(), 1, "nothing but the poison: {held:#}");
    let held = &held[0];
    assert_eq!((&held["failures"], &held["fault"]["fault"]), (&5.into(), &"died".into()));
    assert_eq!((&held["state"], &held["mailbox"]), (&"held".into(), &CNAP.into()));
    let text = stage.command(&["list"]).output().unwrap();
    assert!(String::from_utf8(text.stdout).unwrap().contains("in quarantine, not filed: 1"));
    let flags = stage.dovecot().talk(CNAP).unwrap().flags("INBOX").unwrap();
    assert!(flags.len() == 7 && flags.iter().all(|flags| !flags.contains(r"\Seen")), "{flags:?}");

    let counted = stage.skrynka(&["mailbox", "reconcile", CNAP]).unwrap().to_string();
    assert!(counted.contains("\"quarantined\":1"), "its mailbox is accounted for: {counted}");
    stage.skrynka(&["store", "check"]).unwrap();

    it_is_released_whole(&stage, &poison);
    let again =
        stage.command(&["quarantine", "retry", "1"]).env("SKRYNKA_PANIC_ON", "X-Poison").output().unwrap();
    assert!(!again.status.success());
    assert!(String::from_utf8(again.stderr).unwrap().contains("letter 1 stays in quarantine"));
    let filed = stage.skrynka(&["quarantine", "retry", "1"]).unwrap();
    let filed = stage.skrynka(&["show", &filed["filing"].to_string()]).unwrap();
    let ended = stage.skrynka(&["quarantine", "show", "1"]).unwrap();
    assert_eq!((&ended["state"], &ended["filing"]), (&"filed".into(), &filed["id"]));
    assert_eq!(ended["first_at"], filed["filed_at"], "our first durable write is the proof of existence");
    let all: Vec<_> = good.into_iter().chain([poison]).collect();
    filed_once_and_whole(&stage, &all);
    assert_eq!(stage.skrynka(&["quarantine", "list"]).unwrap(), Value::Array(vec![]));
    stage.stop().unwrap();
}

#[track_caller]
fn it_is_released_whole(stage: &Stage, poison: &[u8]) {
    let taken = stage.dir().join("taken");
    let words = ["quarantine", "release", "1", "--to", &taken.to_string_lossy()];
    let written = stage.skrynka(&words).unwrap();
    let written = written["written"].as_str().unwrap();
    assert_eq!(fs::read(written).unwrap(), poison);
    assert_eq!(fs::metadata(written).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(stage.skrynka(&words).unwrap_err().to_string().contains("nothing is overwritten"));
    let released = stage.skrynka(&["quarantine", "show", "1"]).unwrap();
    assert_eq!(released["state"], "released");
}

#[test]
fn a_database_locked_for_long_is_told_soon_and_does_not_hold_up_the_end() {
    let (mut stage, _dir) = stage();
    let letters: Vec<_> = (0..6).map(|number| letter(number, 500)).collect();
    for (number, letter) in letters.iter().enumerate() {
        stage.dovecot().append([CNAP, HOTEL][number % 2], "INBOX", letter, None).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let locked = runtime.block_on(async {
        let database = stage.dir().join("store/skrynka.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        stage.start_daemon().unwrap();
        until("the daemon watches", || log(&stage).contains("watching"));
        pool.begin_with("BEGIN IMMEDIATE").await.unwrap()
    });
    let begun = Instant::now();
    let told = |address: &str| {
        let words = format!("mailbox {address}: no letter can be filed now");
        log(&stage).lines().filter(|line| line.contains(&words)).count()
    };
    until("both mailboxes tell", || told(CNAP) > 0 && told(HOTEL) > 0);
    assert!(begun.elapsed() < Duration::from_secs(35), "one wait for the lock each, one after the other");
    sleep(Duration::from_millis(2_500)); // the next round is at its first letter
    let begun = Instant::now();
    stage.stop_daemon().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    runtime.block_on(locked.rollback()).unwrap();
    stage.start_daemon().unwrap();
    filed_once_and_whole(&stage, &letters);
    stage.stop().unwrap();
}

/// Kills the daemon again and again at random moments while letters come by every way, until `enough(kills)`.
fn kill_at_random(enough: impl Fn(usize) -> bool) {
    let (mut stage, drop, _dir) = stage_with_all_ways();
    let mut random = Random(0x5eed_1e77);
    let (mut sent, mut dropped, mut kills, mut met) = (Vec::new(), 0, 0, 0);
    while !enough(kills) {
        stage.start_daemon().unwrap();
        let begun = Instant::now();
        let letter = letter(sent.len(), 300 + 40 * (sent.len() % 100));
        match sent.len() % 4 {
            0 => {
                put(&drop, &sent.len().to_string(), &letter);
                dropped += 1;
            }
            1 => stage.dovecot().append(CNAP, SPAM, &letter, None).unwrap(),
            number => stage.dovecot().append([CNAP, HOTEL][number - 2], "INBOX", &letter, None).unwrap(),
        }
        sent.push(letter);
        // Starting, logging in, filing. Now and then long enough for dropped files, which must be quiet for a second.
        let life = if kills % 25 == 24 { random.between(1_000, 1_500) } else { random.between(20, 200) };
        sleep(Duration::from_millis(life).saturating_sub(begun.elapsed()));
        stage.kill_daemon().unwrap();
        kills += 1;
        met += count(&stage, "SELECT COUNT(*) FROM attempt WHERE begun = 1");
    }
    let on_the_way = count(&stage, "SELECT COUNT(*) FROM filing");
    assert!(met > 0 && on_the_way > sent.len() / 4, "the kills meet work: {met}, {on_the_way} filed");
    stage.start_daemon().unwrap();
    let held = || ask(&stage, "SELECT CAST(id AS TEXT) FROM quarantine WHERE filing IS NULL");
    until("every letter is accounted for", || {
        count(&stage, "SELECT COUNT(*) FROM filing") + held().len() >= sent.len()
    });
    // A letter that five kills met is rightly suspected, and not lost.
    let suspected = held();
    assert!(suspected.len() <= sent.len() / 50, "{} of {} are suspected", suspected.len(), sent.len());
    for id in &suspected {
        stage.skrynka(&["quarantine", "retry", id]).unwrap();
    }
    filed_once_and_whole(&stage, &sent);
    put_away(&drop, dropped);
    println!(
        "{kills} kills, {} letters, {on_the_way} filed on the way, {met} in hand, {} suspected",
        sent.len(),
        suspected.len()
    );
    stage.stop().unwrap();
}

/// Marsaglia's xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + self.0 % (high - low)
    }
}

#[test]
fn killed_five_hundred_times_at_random_every_letter_is_filed_once_and_whole() {
    kill_at_random(|kills| kills >= 500);
}

/// `make soak`: as the test above, for SKRYNKA_SOAK_MINUTES (10).
#[test]
#[ignore = "takes as long as it is told to"]
fn killed_at_random_for_many_minutes_every_letter_is_filed_once_and_whole() {
    let minutes = Environment::of_this_process().get("SKRYNKA_SOAK_MINUTES");
    let minutes: u64 = minutes.map_or(10, |minutes| minutes.parse().unwrap());
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    kill_at_random(|_| Instant::now() > end);
}
