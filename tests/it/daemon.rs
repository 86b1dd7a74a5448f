//! The daemon as its operator knows it: alone on its store, in step with its files, gone when told.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use skrynka_fixtures::demo::{self, DemoLetter, Stage};
use tempfile::TempDir;

use crate::program::SKRYNKA;

const PATIENCE: Duration = Duration::from_secs(30);

fn stage() -> (Stage, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::set_up(&dir.path().join("stage"), Path::new(SKRYNKA)).unwrap();
    (stage, dir)
}

/// Waits until the log says it so often.
#[track_caller]
fn says(stage: &Stage, sentence: &str, times: usize) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let log = fs::read_to_string(stage.log()).unwrap();
        if log.matches(sentence).count() >= times {
            return;
        }
        assert!(Instant::now() < deadline, "«{sentence}» is not said {times} times in:\n{log}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn said(stage: &Stage, sentence: &str) -> usize {
    fs::read_to_string(stage.log()).unwrap().matches(sentence).count()
}

fn change(stage: &Stage, from: &str, to: &str) {
    let text = fs::read_to_string(stage.config_file()).unwrap();
    assert!(text.contains(from), "the test changes something that is there");
    // As editors do: written beside, then renamed into place.
    let beside = stage.config_file().with_extension("new");
    fs::write(&beside, text.replacen(from, to, 1)).unwrap();
    fs::rename(&beside, stage.config_file()).unwrap();
}

fn signed_letter(stage: &Stage, number: usize) -> DemoLetter {
    let posters = demo::Posters {
        own: format!("mailto:{}?subject=x", demo::CNAP),
        registered: "https://diia.app/qr/x".to_owned(),
    };
    let mut letter = demo::letters(&posters).unwrap().remove(0);
    letter.message_id = format!("daemon-{number}@mail.example");
    let head = format!("Message-ID: <{}>\r\nX-Number: {number}\r\n", letter.message_id);
    let text = String::from_utf8(letter.bytes).unwrap();
    let rest: Vec<&str> =
        text.split_inclusive("\r\n").filter(|line| !line.starts_with("Message-ID:")).collect();
    letter.bytes = (head + &rest.concat()).into_bytes();
    stage.deliver(&letter).unwrap();
    letter
}

fn verdict_of(stage: &Stage, letter: &DemoLetter, letters: usize) -> String {
    let filings = stage.wait_for_filings(letters, PATIENCE).unwrap();
    let filing = filings.iter().find(|filing| filing["message_id"] == letter.message_id.as_str()).unwrap();
    filing["indication"].as_str().unwrap().to_owned()
}

/// How many letters are filed, asked with this configuration.
fn filed(config: &Path) -> usize {
    let list = Command::new(SKRYNKA).arg("--config").arg(config).args(["list", "--json"]).output().unwrap();
    serde_json::from_slice::<serde_json::Value>(&list.stdout).unwrap().as_array().unwrap().len()
}

#[test]
fn a_second_daemon_on_the_same_store_is_refused_and_a_killed_one_is_not_in_the_way() {
    let (mut stage, _dir) = stage();
    stage.start_daemon().unwrap();
    says(&stage, "watching", 1);
    let second = stage.command(&["run"]).output().unwrap();
    assert!(!second.status.success());
    let why = String::from_utf8(second.stderr).unwrap();
    assert!(why.contains("another `skrynka run` works on the store"), "{why}");
    stage.kill_daemon().unwrap();
    stage.start_daemon().unwrap();
    says(&stage, "watching", 2);
    let told = Instant::now();
    stage.stop_daemon().unwrap();
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
    stage.stop().unwrap();
}

#[test]
fn a_changed_configuration_begins_anew_what_changed_and_nothing_else() {
    let (mut stage, _dir) = stage();
    stage.start_daemon().unwrap();
    says(&stage, "watching", 1);
    let first = signed_letter(&stage, 1);
    assert_eq!(verdict_of(&stage, &first, 1), "TOTAL-PASSED");

    // A slip is refused with its line, and the old configuration goes on.
    let good = stage.dir().join("good.toml");
    fs::copy(stage.config_file(), &good).unwrap();
    change(&stage, "poll_seconds = 1", "pol_seconds = 1");
    says(&stage, "the changed configuration is refused, the old one stays", 1);
    says(&stage, "did you mean `poll_seconds`?", 1);
    signed_letter(&stage, 2);
    let deadline = Instant::now() + PATIENCE;
    while filed(&good) < 2 {
        assert!(Instant::now() < deadline, "the old configuration goes on");
        std::thread::sleep(Duration::from_millis(100));
    }
    change(&stage, "pol_seconds = 1", "poll_seconds = 1");
    says(&stage, "the configuration is right again", 1);
    assert_eq!(said(&stage, ": stopped"), 0, "nothing began anew");

    // One mailbox looks in other folders: it alone begins anew.
    change(&stage, "folders = [\"INBOX\", \"Спам\"]", "folders = [\"INBOX\"]");
    says(&stage, &format!("mailbox {}: stopped", demo::CNAP), 1);
    assert_eq!(said(&stage, &format!("mailbox {}: stopped", demo::HOTEL)), 0);

    // A mailbox leaves the configuration.
    let text = fs::read_to_string(stage.config_file()).unwrap();
    let kept = text.split("\n[[mailbox]]").take(2).collect::<Vec<_>>().join("\n[[mailbox]]");
    fs::write(stage.config_file(), kept).unwrap();
    says(&stage, &format!("mailbox {}: stopped", demo::HOTEL), 1);
    let third = signed_letter(&stage, 3);
    assert_eq!(verdict_of(&stage, &third, 3), "TOTAL-PASSED");
    stage.stop().unwrap();
}

#[test]
fn changed_trust_counts_from_the_next_letter_on() {
    let (mut stage, _dir) = stage();
    stage.start_daemon().unwrap();
    says(&stage, "watching", 1);
    let (trust, away) = (stage.dir().join("trust"), stage.dir().join("away"));
    fs::create_dir(&away).unwrap();
    let moved = |from: &Path, to: &Path| {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            fs::rename(entry.path(), to.join(entry.file_name())).unwrap();
        }
    };
    moved(&trust, &away);
    says(&stage, "the trusted certificates or limits changed", 1);
    says(&stage, "no trust anchor: every signature will be INDETERMINATE", 1);
    let doubted = signed_letter(&stage, 1);
    assert_eq!(verdict_of(&stage, &doubted, 1), "INDETERMINATE");
    moved(&away, &trust);
    says(&stage, "anchors=4", 2);
    let trusted = signed_letter(&stage, 2);
    assert_eq!(verdict_of(&stage, &trusted, 2), "TOTAL-PASSED");
    assert_eq!(said(&stage, ": stopped"), 0, "no mailbox began anew");
    stage.stop().unwrap();
}

#[test]
fn the_service_manager_is_told_of_each_state() {
    let (stage, dir) = stage();
    let socket = dir.path().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut daemon = stage
        .command(&["run"])
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "200000")
        .stderr(fs::File::create(stage.log()).unwrap())
        .spawn()
        .unwrap();
    let mut heard = Vec::new();
    let hear = || {
        let mut message = [0; 200];
        let length = manager.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    };
    while heard.iter().filter(|message: &&String| *message == "WATCHDOG=1").count() < 3 {
        heard.push(hear());
    }
    assert_eq!(heard[0], "READY=1\nSTATUS=watching", "{heard:?}");
    let pid = daemon.id().to_string();
    Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status().unwrap();
    let mut last = hear();
    while last == "WATCHDOG=1" {
        last = hear();
    }
    assert_eq!(last, "STOPPING=1\nSTATUS=stopping");
    assert!(daemon.wait().unwrap().success());
    stage.stop().unwrap();
}
