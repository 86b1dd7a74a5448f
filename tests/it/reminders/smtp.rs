//! Mails on their way through a real server: what arrives, under which protection, and what is said when it does not.

use base64::Engine as _;
use mail_parser::{MessageParser, MimeHeaders as _};
use skrynka::mailer::{Account, Mail, Post as _, PostError, Security, Smtp, trial};
use skrynka::reminders::Reminders;
use tokio::sync::watch;

use super::house::House;
use super::server::{Manners, Server, tls};

fn account(port: u16, security: Security) -> Account {
    Account {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        login: Some(("skrynka@x.org".to_owned(), "пароль".into())),
        from: "skrynka@x.org".parse().unwrap(),
        ca: Vec::new(),
    }
}

fn mail() -> Mail {
    trial(&"admin@x.org".parse().unwrap(), "x.org", "2027-05-06T05:00:00Z".parse().unwrap())
}

#[tokio::test]
async fn a_digest_arrives_whole_in_both_forms_and_both_languages() {
    let server = Server::start(Manners::default()).await;
    let house = House::at("2027-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    house.issue("hotel", "2026-11-22").await;
    let House { reminders, .. } = &house;
    let reminders = Reminders {
        store: reminders.store.clone(),
        post: Smtp::new(account(server.port, Security::PlainLoopbackOnly)),
        ladder: reminders.ladder.clone(),
        domain: "x.org".to_owned(),
        clock: reminders.clock.clone(),
    };
    let (_never, stop) = watch::channel(false);
    assert_eq!(reminders.remind(&stop).await.unwrap().delivered, 2);
    assert_eq!(reminders.remind(&stop).await.unwrap().delivered, 0);

    let letters = server.letters();
    assert_eq!(letters.len(), 2);
    let letter = MessageParser::default().parse(&letters[1]).unwrap();
    assert_eq!(letter.subject(), Some("2 коди потребують уваги: найближчий діє до 20.05.2027"));
    assert_eq!(letter.to().unwrap().first().unwrap().address(), Some("head@x.org"));
    assert_eq!(letter.date().unwrap().to_rfc3339(), "2027-05-06T06:00:00Z");
    assert_eq!(letter.content_type().unwrap().subtype(), Some("alternative"));
    let kinds: Vec<_> = letter.parts[1..].iter().map(|part| part.content_type().unwrap().subtype()).collect();
    assert_eq!(kinds, [Some("plain"), Some("html")], "the better one is the last");
    let (plain, html) = (letter.body_text(0).unwrap(), letter.body_html(0).unwrap());
    for said in ["залишилося 14 днів", "14 days left", "Готель «Приклад»", "skrynka code retire 2"]
    {
        assert!(plain.contains(said) && html.contains(said), "{said}");
    }
    let rows = reminders.store.notices(100).await.unwrap();
    assert!(
        rows.iter().any(|row| row.fate.delivered_at.is_some()
            && row.fate.fired_at.is_some()
            && row.fate.attempts == 1)
    );

    let commands = server.kept.lock().unwrap().commands.clone();
    assert!(commands.contains(&"MAIL FROM:<skrynka@x.org>".to_owned()), "{commands:?}");
    assert!(commands.contains(&"RCPT TO:<cnap@x.org>".to_owned()), "one recipient a mail: {commands:?}");
    let login = base64::engine::general_purpose::STANDARD.encode("\0skrynka@x.org\0пароль");
    assert!(commands.contains(&format!("AUTH PLAIN {login}")), "{commands:?}");
}

#[tokio::test]
async fn tls_and_starttls_want_a_certificate_that_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    skrynka_fixtures::dovecot::certificate::make(folder.path()).unwrap();
    let pem = std::fs::read(folder.path().join("ca.pem")).unwrap();
    let ca = openssl::x509::X509::from_pem(&pem).unwrap().to_der().unwrap();
    for (security, tls_at_once) in [(Security::StartTls, false), (Security::Tls, true)] {
        let manners = Manners { tls: Some(tls(folder.path())), tls_at_once, ..Manners::default() };
        let server = Server::start(manners).await;
        let trusting = Account { ca: vec![ca.clone()], ..account(server.port, security) };
        Smtp::new(trusting).send(&mail()).await.unwrap();
        assert_eq!(server.letters().len(), 1);

        let stranger = Smtp::new(account(server.port, security)).send(&mail()).await.unwrap_err();
        told(&stranger, "the server's certificate is not trusted", "ca_file", [false, false, false]);
        let commands = server.kept.lock().unwrap().commands.clone();
        assert_eq!(commands.iter().filter(|c| c.starts_with("AUTH")).count(), 1, "{commands:?}");
    }
}

#[tokio::test]
async fn nothing_is_said_in_the_clear_where_protection_is_configured() {
    let server = Server::start(Manners::default()).await;
    let fault = Smtp::new(account(server.port, Security::StartTls)).send(&mail()).await.unwrap_err();
    told(&fault, "does not offer STARTTLS", "465", [false, false, false]);
    let fault = Smtp::new(account(server.port, Security::Tls)).send(&mail()).await.unwrap_err();
    told(&fault, "no TLS connection", "587", [false, false, false]);
    let commands = server.kept.lock().unwrap().commands.clone();
    assert!(
        commands.iter().all(|command| !command.starts_with("AUTH") && !command.contains("x.org")),
        "{commands:?}"
    );
}

/// A fault says what and what to do, and answers: retry? unclear? about this mail?
#[track_caller]
fn told(fault: &PostError, what: &str, remedy: &str, expected: [bool; 3]) {
    let said = fault.to_string();
    assert!(said.contains(what) && said.contains(remedy), "«{what}», «{remedy}» in: {said}");
    assert!(said.contains(&format!("127.0.0.1:{}", fault.port)), "{said}");
    assert!(!said.contains("admin@x.org"), "{said}");
    assert_eq!([fault.retry(), fault.unclear(), fault.about_this_mail()], expected, "{said}");
}

#[tokio::test]
async fn every_no_of_a_server_is_told_with_its_remedy() {
    const YES: bool = true;
    const NO: bool = false;
    for (command, answer, what, remedy, expected) in [
        ("", "554 5.3.2 closed", "the server refuses (connecting: 554", "check `host`", [NO, NO, NO]),
        ("", "421 busy", "does not take it now (connecting: 421", "busy", [YES, NO, NO]),
        ("", "", "the connection was lost (connecting", "", [YES, NO, NO]),
        ("", "* OK IMAP4 ready", "the connection was lost (connecting", "", [YES, NO, NO]),
        ("EHLO", "250 x", "no login with a password", "leave `login` out", [NO, NO, NO]),
        (
            "AUTH",
            "535 5.7.8 wrong",
            "the login `skrynka@x.org` is refused (535",
            "app password",
            [NO, NO, NO],
        ),
        ("AUTH", "454 later", "does not take it now (logging in: 454", "later", [YES, NO, NO]),
        ("MAIL", "553 not yours", "the sender `skrynka@x.org` is refused", "`from` of [smtp]", [NO, NO, NO]),
        (
            "RCPT",
            "550 <admin@x.org>: unknown",
            "the recipient a…@x.org is refused (550 <a…@x.org>",
            "`admins`",
            [NO, NO, YES],
        ),
        (
            "RCPT",
            "451 <admin@x.org> greylisted",
            "now (naming the recipient: 451 <a…@x.org>",
            "",
            [YES, NO, YES],
        ),
        ("DATA", "554 no", "the mail is refused (554", "", [NO, NO, YES]),
        (".", "554 5.6.0 spam?", "the mail is refused (554 5.6.0 spam?)", "", [NO, NO, YES]),
        (".", "452 full", "does not take it now (sending the mail: 452", "full", [YES, NO, YES]),
        (".", "", "the connection was lost (sending the mail", "", [YES, YES, NO]),
    ] {
        let server = Server::start(Manners { instead: vec![(command, answer)], ..Manners::default() }).await;
        let fault =
            Smtp::new(account(server.port, Security::PlainLoopbackOnly)).send(&mail()).await.unwrap_err();
        told(&fault, what, remedy, expected);
        assert_eq!(server.letters().len(), 0);
    }
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for security in [Security::PlainLoopbackOnly, Security::StartTls, Security::Tls] {
        let fault = Smtp::new(account(closed, security)).send(&mail()).await.unwrap_err();
        told(&fault, "cannot connect", "that the server runs", [true, false, false]);
    }
}

#[tokio::test]
async fn a_goodbye_that_does_not_come_does_not_unsend_the_mail() {
    let server = Server::start(Manners { instead: vec![("QUIT", "")], ..Manners::default() }).await;
    Smtp::new(account(server.port, Security::PlainLoopbackOnly)).send(&mail()).await.unwrap();
    assert_eq!(server.letters().len(), 1);
}
