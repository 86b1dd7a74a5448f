//! `skrynka notices` and the daemon, as their users see them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use skrynka::app::SystemClock;
use skrynka::model::{Clock as _, KyivDay};

use super::server::{Manners, Server};
use crate::program::{CONFIG, Desk, SKRYNKA};

/// A desk with a code that ends in ten days, and a server that takes its mail.
async fn desk() -> (Desk, Server) {
    let server = Server::start(Manners::default()).await;
    let desk = Desk::with_registry();
    // At whatever hour the test runs, today's step has begun.
    let smtp = format!(
        "{CONFIG}\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"skrynka@example.org\"\n[notices]\nfrom_hour = 0\n",
        server.port
    );
    desk.write("skrynka.toml", smtp);
    let issued = KyivDay::of(SystemClock.now()).plus(-169).to_string();
    desk.run(&["code", "issue", "--branch", "cnap", "--service", "admin-services", "--issued", &issued])
        .good();
    (desk, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_are_shown_sent_once_and_listed() {
    let (desk, server) = desk().await;
    let shown = desk.run(&["notices", "list"]).good();
    assert!(shown.contains("nobody has been reminded"), "{shown}");
    assert!(shown.contains("due         admin@example.org: code 1 (14 days before)"), "{shown}");
    let dry = desk.run(&["notices", "send", "--dry-run"]).good();
    assert!(dry.contains("cnap.admin@example.org: code 1 (14 days before)"), "{dry}");
    assert_eq!(server.letters().len(), 0);
    let sent = desk.run(&["notices", "send"]).good();
    assert!(sent.contains("2 mails sent"), "{sent}");
    assert!(desk.run(&["notices", "send"]).good().contains("0 mails sent"));
    assert_eq!(server.letters().len(), 2);
    let listed = desk.run(&["notices", "list"]).good();
    assert!(listed.contains("delivered") && listed.contains("passed over"), "{listed}");
    let json = desk.run(&["notices", "list", "--json"]).json();
    assert_eq!(json["notices"].as_array().unwrap().len(), 6, "three steps for two people");
    assert_eq!(json["due"], serde_json::json!([]));
    desk.run(&["notices", "test", "somebody@example.org"]).good();
    assert_eq!(server.letters().len(), 3);
    desk.run(&["notices", "test", "somebody"]).refused(64, "is not a mail address");
}

#[test]
fn without_a_server_or_admins_it_is_said() {
    let desk = Desk::with_registry();
    desk.run(&["notices", "send"]).refused(1, "has no [smtp] section");
    assert!(desk.run(&["notices", "list"]).good().contains("nobody is reminded"));
    let shown = desk.run(&["registry", "show"]).good();
    assert!(shown.contains("reminded: cnap.admin@example.org"), "{shown}");
    let without: String = crate::program::REGISTRY
        .lines()
        .filter(|line| !line.starts_with("admins"))
        .map(|line| format!("{line}\n"))
        .collect();
    desk.write("registry.toml", without);
    let said = desk.run(&["registry", "apply", "registry.toml"]).good();
    assert!(said.contains("~ branch cnap: admins: «cnap.admin@example.org» → «»"), "{said}");
    assert!(said.contains("nobody will be reminded"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_reminds_at_its_start_and_names_nobody_in_its_log() {
    let (desk, server) = desk().await;
    let daemon = Command::new(SKRYNKA)
        .arg("run")
        .current_dir(desk.path())
        .env_remove("SKRYNKA_CONFIG")
        .env("SKRYNKA_LOG", "debug")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while server.letters().len() < 2 && Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The shell's own `kill`: a small system has no other.
    Command::new("sh").args(["-c", &format!("kill {}", daemon.id())]).status().unwrap();
    let said = String::from_utf8(daemon.wait_with_output().unwrap().stderr).unwrap();
    assert_eq!(server.letters().len(), 2, "{said}");
    assert!(said.contains("reminders of codes were sent"), "{said}");
    assert!(!said.contains("admin@example.org"), "{said}");
}
