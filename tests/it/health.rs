//! The daemon tells how it is: over its port, by incidents, and through `skrynka doctor`.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a test's helpers fail the test")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use skrynka::app::{App, SystemClock};
use skrynka::config::{Environment, load};
use skrynka::daemon::Daemon;
use skrynka::model::Incident;
use skrynka::service_manager::ServiceManager;
use skrynka::store::Store;
use skrynka_fixtures::demo::{CNAP, HOTEL, Stage};
use tempfile::TempDir;

use crate::program::{Desk, SKRYNKA};

const PATIENCE: Duration = Duration::from_secs(60);

/// An installation whose daemon serves its health on a port of its own.
fn stage() -> (Stage, SocketAddr, TempDir) {
    let dir = TempDir::with_prefix("skrynka-health-").unwrap();
    // Its Dovecot may run as somebody else.
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let stage = Stage::set_up(&dir.path().join("stage"), Path::new(SKRYNKA)).unwrap();
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    change(&stage, |text| text + &format!("\n[health]\nlisten = \"{free}\"\n"));
    (stage, free, dir)
}

fn change(stage: &Stage, how: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(stage.config_file()).unwrap();
    fs::write(stage.config_file(), how(text)).unwrap();
}

/// Status and body; status 0 when nobody answers.
fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let Ok(mut stream) = TcpStream::connect(address) else { return (0, String::new()) };
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut said = String::new();
    if stream.read_to_string(&mut said).is_err() {
        return (0, said);
    }
    let status = said.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    (status, said.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned()))
}

#[track_caller]
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        sleep(Duration::from_millis(50));
    }
}

/// The exit code and the findings of `skrynka doctor`: thing, state, text.
fn doctor(stage: &Stage) -> (i32, Vec<(String, String, String)>) {
    let output = stage.command(&["doctor", "--json"]).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|fault| panic!("{fault}: {}", String::from_utf8_lossy(&output.stderr)));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = said["findings"].as_array().unwrap().iter();
    let findings = findings.map(|f| (text(&f["thing"]), text(&f["state"]), text(&f["text"]))).collect();
    (output.status.code().unwrap(), findings)
}

#[track_caller]
fn found(stage: &Stage, thing: &str, state: &str, sentence: &str) {
    let (code, findings) = doctor(stage);
    has(&findings, thing, state, sentence);
    let wrong = findings.iter().any(|(_, state, _)| state == "WRONG");
    assert_eq!(code, i32::from(wrong), "{findings:#?}");
}

#[track_caller]
fn has(findings: &[(String, String, String)], thing: &str, state: &str, sentence: &str) {
    let line = |f: &&(String, String, String)| f.0 == thing && f.1 == state && f.2.contains(sentence);
    assert!(findings.iter().any(|f| line(&f)), "no «{thing} {state} {sentence}» in {findings:#?}");
}

#[test]
fn a_running_daemon_says_that_it_lives_is_ready_and_what_it_counted() {
    let (mut stage, port, _dir) = stage();
    found(&stage, "daemon", "warning", "start it");
    stage.start_daemon().unwrap();
    until("it lives", || get(port, "/healthz").0 == 200);
    until("it is ready", || get(port, "/readyz") == (200, "ready\n".to_owned()));
    stage.dovecot().append(CNAP, "INBOX", b"Subject: x\r\n\r\nno copy\r\n", None).unwrap();
    stage.wait_for_filings(1, PATIENCE).unwrap();
    let filed = format!("skrynka_letters_filed_total{{mailbox=\"{CNAP}\",verdict=\"unsigned\"}} 1");
    until("the letter is counted", || get(port, "/metrics").1.contains(&filed));
    let (status, metrics) = get(port, "/metrics");
    assert_eq!(status, 200);
    for line in [
        format!("skrynka_rounds_total{{mailbox=\"{HOTEL}\",result=\"ok\"}} "),
        format!("skrynka_rounds_total{{mailbox=\"{HOTEL}\",result=\"failed\"}} 0\n"),
        format!("skrynka_last_round_timestamp_seconds{{mailbox=\"{CNAP}\"}} "),
        format!("skrynka_letter_lag_seconds{{mailbox=\"{CNAP}\"}} "),
        format!("skrynka_incident_open{{mailbox=\"{CNAP}\"}} 0\n"),
        "skrynka_filings 1\n".to_owned(),
        "skrynka_store_up 1\n".to_owned(),
        "skrynka_store_free_bytes ".to_owned(),
        "skrynka_codes_live 0\n".to_owned(),
    ] {
        assert!(metrics.contains(&line), "no «{line}» in:\n{metrics}");
    }
    every_line_has_its_family(&metrics);
    assert_eq!(get(port, "/anything").0, 404);
    found(&stage, "daemon", "ok", "runs and is ready");
    // Somebody who asks and never finishes does not hold the daemon up.
    let mut idle = TcpStream::connect(port).unwrap();
    idle.write_all(b"GET /metrics HTTP/1.1\r\n").unwrap();
    stage.stop().unwrap();
}

#[track_caller]
fn every_line_has_its_family(metrics: &str) {
    let mut family = "";
    for line in metrics.lines() {
        if let Some(described) = line.strip_prefix("# TYPE ") {
            family = described.split(' ').next().unwrap();
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert_eq!(name.split('{').next(), Some(family), "{line}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
}

/// A daemon inside this process, with a shorter patience than a configuration allows.
struct Inside {
    stop: tokio::sync::watch::Sender<bool>,
    running: std::thread::JoinHandle<()>,
}

impl Inside {
    fn start(stage: &Stage) -> Self {
        let mut config = load(&stage.config_file(), &Environment::default()).unwrap();
        config.health.silence = Duration::from_secs(3);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = std::thread::spawn(move || {
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let app = App::open(config, Arc::new(SystemClock)).await.unwrap();
                Daemon::new(app, Environment::default(), ServiceManager::default())
                    .run(stopped)
                    .await
                    .unwrap();
            });
        });
        Self { stop, running }
    }

    fn stop(self) {
        self.stop.send_replace(true);
        self.running.join().unwrap();
    }
}

fn incidents(stage: &Stage) -> Vec<Incident> {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&stage.dir().join("store")).await.unwrap();
        let incidents = store.incidents(100).await.unwrap();
        store.close().await;
        incidents.into_iter().filter(|incident| incident.mailbox == CNAP).collect()
    })
}

#[test]
fn a_stopped_server_is_one_incident_until_it_is_back_whatever_is_restarted_meanwhile() {
    let (mut stage, port, _dir) = stage();
    let mut daemon = Inside::start(&stage);
    until("it is ready", || get(port, "/readyz").0 == 200);
    assert!(incidents(&stage).is_empty());

    stage.dovecot().stop().unwrap();
    until("the silence is told", || {
        let (status, said) = get(port, "/readyz");
        status == 503 && said.contains(CNAP) && said.contains("cannot connect")
    });
    until(
        "the incident is open and told",
        || matches!(&incidents(&stage)[..], [one] if one.told_open_at.is_some() && one.closed_at.is_none()),
    );
    let metrics = get(port, "/metrics").1;
    assert!(metrics.contains(&format!("skrynka_incident_open{{mailbox=\"{CNAP}\"}} 1\n")), "{metrics}");
    found(&stage, CNAP, "warning", "an incident is open");

    daemon.stop();
    daemon = Inside::start(&stage);
    until("it serves again", || get(port, "/readyz").0 == 503);
    sleep(Duration::from_secs(5));
    assert_eq!(incidents(&stage).len(), 1, "the restart opened no second one");

    stage.dovecot().restart().unwrap();
    until(
        "it is over and told",
        || matches!(&incidents(&stage)[..], [one] if one.told_close_at.is_some() && one.closed_at.is_some()),
    );
    until("it is ready again", || get(port, "/readyz").0 == 200);
    daemon.stop();
    stage.stop().unwrap();
}

#[test]
fn the_doctor_has_a_line_for_everything_that_is_wrong() {
    let (mut stage, _port, _dir) = stage();
    let cnap = format!("mailbox {CNAP}");
    let (code, findings) = doctor(&stage);
    assert_eq!(code, 0, "{findings:#?}");
    for (thing, sentence) in [
        ("configuration", "skrynka.toml"),
        ("store", "can be written"),
        ("blobs", "0 letters"),
        ("trust", "root authorities"),
        (&cnap, "logged in"),
        (&cnap, "the server offers IDLE"),
        (&cnap, "`INBOX` opens"),
        ("registry", "2 branches"),
        ("clock", ""),
        ("copies", "every filed copy is read"),
    ] {
        has(&findings, thing, "ok", sentence);
    }
    has(&findings, "smtp", "warning", "there is no [smtp]");

    let good = fs::read_to_string(stage.config_file()).unwrap();
    let file = stage.config_file();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "the test changes something that is there");
        fs::write(&file, good.replace(from, to)).unwrap();
    };
    with("password_file = \"password\"", "password_file = \"wrong\"");
    fs::write(stage.dir().join("wrong"), "not-the-password").unwrap();
    fs::set_permissions(stage.dir().join("wrong"), fs::Permissions::from_mode(0o644)).unwrap();
    let (code, findings) = doctor(&stage);
    assert_eq!(code, 1);
    has(&findings, &cnap, "WRONG", "is refused");
    has(&findings, "configuration", "warning", "chmod 600");
    with("folders = [\"INBOX\", \"Спам\"]", "folders = [\"INBOX\", \"Немає\"]");
    let (_, findings) = doctor(&stage);
    has(&findings, &cnap, "WRONG", "there is no folder `Немає`");
    has(&findings, &cnap, "ok", "`INBOX` opens");
    with("folder = \"trust\"", "folder = \"nobody\"");
    found(&stage, "trust", "WRONG", "put the certificates of the root authorities");
    with("folder = \"store\"", "folder = \"file\"");
    fs::write(stage.dir().join("file"), "not a folder").unwrap();
    let (_, findings) = doctor(&stage);
    has(&findings, "store", "WRONG", "see that this user owns the store folder");
    has(&findings, &cnap, "ok", "logged in");
    with("[store]", "[sotre]");
    found(&stage, "configuration", "WRONG", "did you mean `store`?");
    let closed = stage.dovecot().lmtp_port();
    let smtp = |port: u16| {
        format!(
            "[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"a@x.org\"\n[store]"
        )
    };
    // A server that is told HELLO in the language of another one says so.
    with("[store]", &smtp(closed));
    found(&stage, "smtp", "WRONG", "not a mail server that wants to talk");
    with("[store]", &smtp(1));
    found(&stage, "smtp", "WRONG", "cannot connect");
    with("[[mailbox]]\naddress = \"hotel", "[[mailbox]]\naddress = \"other");
    found(&stage, "branch hotel", "WRONG", "its mailbox hotel@demo.example is not watched");
    with("[store]", "[store]");
    stage.dovecot().stop().unwrap();
    found(&stage, &cnap, "WRONG", "cannot connect");
    stage.stop().unwrap();
}

#[test]
fn the_doctor_names_services_that_cannot_have_a_code_and_codes_that_end() {
    let desk = Desk::new();
    let without: String = crate::program::REGISTRY
        .lines()
        .filter(|line| !line.starts_with("legal_ground"))
        .map(|line| format!("{line}\n"))
        .collect();
    desk.run(&["registry", "apply", "registry.toml"]).good();
    desk.run(&["code", "issue", "--branch", "cnap", "--service", "admin-services"]).good();
    let said = desk.run(&["doctor"]);
    assert!(!said.out.contains("code 1"), "{}", said.out);
    desk.write("registry.toml", without);
    desk.run(&["registry", "apply", "registry.toml"]).good();
    desk.write("skrynka.toml", format!("[policy]\ncode_days = 20\n{}", crate::program::CONFIG));
    desk.write("registry2.toml", crate::program::REGISTRY);
    let said = desk.run(&["doctor"]);
    assert_eq!(said.code, 1, "{}", said.out);
    for words in ["cannot have a code yet, it lacks legal_ground", "WRONG", "thing ", "state "] {
        assert!(said.out.contains(words), "no «{words}» in:\n{}", said.out);
    }
    desk.run(&["registry", "apply", "registry2.toml"]).good();
    desk.run(&["code", "retire", "1"]).good();
    desk.run(&["code", "issue", "--branch", "cnap", "--service", "admin-services"]).good();
    let said = desk.run(&["doctor"]);
    assert!(said.out.contains("in 19 days: make a new one"), "{}", said.out);
}

#[test]
fn a_port_for_other_machines_is_refused() {
    let desk = Desk::new();
    desk.write("skrynka.toml", format!("[health]\nlisten = \"0.0.0.0:9464\"\n{}", crate::program::CONFIG));
    desk.run(&["config", "check"]).refused(1, "it must be a loopback address");
}

#[test]
fn each_letter_has_one_line_in_the_log_that_says_what_came_of_it_and_how_long_it_took() {
    let (mut stage, _port, _dir) = stage();
    for number in 0..3 {
        let letter = format!("From: <visitor@example.net>\r\nSubject: таємниця {number}\r\n\r\nno copy\r\n");
        stage.dovecot().append(CNAP, "INBOX", letter.as_bytes(), None).unwrap();
    }
    let log = stage.dir().join("json.log");
    let mut run = stage.command(&["run"]);
    run.env("SKRYNKA_LOG_FORMAT", "json").stderr(fs::File::create(&log).unwrap());
    let mut daemon = run.spawn().unwrap();
    stage.wait_for_filings(3, PATIENCE).unwrap();
    until("the round is told", || fs::read_to_string(&log).unwrap().contains("3 letters filed"));
    daemon.kill().unwrap();
    daemon.wait().unwrap();

    let log = fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let letters: Vec<&Value> = lines.iter().filter(|line| line["message"] == "letter filed").collect();
    assert_eq!(letters.len(), 3, "{log}");
    for line in letters {
        assert_eq!(line["mailbox"], CNAP);
        assert_eq!((&line["verdict"], &line["matched"]), (&"unsigned".into(), &"nothing".into()));
        assert!(line["place"].as_str().unwrap().starts_with("INBOX "), "{line}");
        for number in ["filing", "bytes", "lag_s", "parse_ms", "verify_ms", "store_ms", "all_ms"] {
            assert!(line[number].is_number(), "{number}: {line}");
        }
        assert!(line["store_ms"].as_f64().unwrap() > 0.0, "{line}");
    }
    assert!(!log.contains("таємниця") && !log.contains("visitor@"), "{log}");
    stage.stop().unwrap();
}
