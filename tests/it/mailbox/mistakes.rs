//! A newcomer's mistakes: each gets the sentence that leads out of it, and none gives the password away.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use skrynka::intake::{Account, IntakeError, Security, check_account, poll_once};

use super::house::{ADDRESS, Memory, PASSWORD, Server, letter};

async fn refused(account: &Account) -> IntakeError {
    let house = Memory::default();
    let error = poll_once(account, &house, &house).await.expect_err("the settings are wrong");
    assert!(!format!("{error} {error:?} {account:?}").contains("лапками"), "the password is told: {error:?}");
    error
}

#[track_caller]
fn says(error: &IntakeError, words: &[&str], retry: bool) {
    let text = error.to_string();
    assert!(text.contains(&format!("mailbox {ADDRESS} on ")), "{text}");
    for words in words {
        assert!(text.contains(words), "no `{words}` in: {text}");
    }
    assert_eq!(error.retry(), retry, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_gets_its_sentence() {
    let server = Server::start();
    let right = server.account();

    let mut account = right.clone();
    account.password = format!("{PASSWORD}!").into();
    let error = refused(&account).await;
    says(
        &error,
        &["login `cnap@example.org` is refused", "AUTHENTICATIONFAILED", "check `login` and the password"],
        false,
    );

    let mut account = right.clone();
    account.folders = vec!["Спасибі".to_owned()];
    let error = refused(&account).await;
    says(
        &error,
        &["no folder `Спасибі`", "check `folders`", "The server has: ", "INBOX", "Спам", "Оброблено"],
        false,
    );

    let mut account = right.clone();
    account.ca = Vec::new();
    says(&refused(&account).await, &["not trusted", "UnknownIssuer", "`ca_file`"], false);

    let mut account = right.clone();
    account.host = "localhost.localdomain.invalid".to_owned();
    says(&refused(&account).await, &["cannot connect", "check `host` and `port`"], true);

    let mut account = right.clone();
    account.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    says(&refused(&account).await, &["127.0.0.1:", "refused", "check `host` and `port`"], true);

    let mut account = right.clone();
    account.port = server.dovecot.imap_port();
    says(&refused(&account).await, &["no TLS connection", "143 `starttls`"], false);

    let mut account = right.clone();
    account.port = server.dovecot.lmtp_port();
    account.security = Security::PlainLoopbackOnly;
    says(&refused(&account).await, &["this is not IMAP"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_folder_does_not_keep_the_others_from_being_read() {
    let (server, house) = (Server::start(), Memory::default());
    let mut account = server.account();
    account.folders = vec!["Немає".to_owned(), "INBOX".to_owned()];
    server.put("INBOX", &letter("перша"));
    let error = poll_once(&account, &house, &house).await.unwrap_err();
    says(&error, &["no folder `Немає`"], false);
    assert_eq!(house.filed().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_starttls_the_password_is_not_sent() {
    let server = Server::start();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut account = server.account();
    account.security = Security::StartTls;
    account.port = listener.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"* OK here\r\n").unwrap();
        let mut heard = String::new();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        while lines.read_line(&mut heard).unwrap_or(0) > 0 {
            let _ = stream.write_all(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nD OK done\r\n");
        }
        heard
    });
    says(&refused(&account).await, &["does not offer STARTTLS", "not sent in the clear"], false);
    assert_eq!(heard.join().unwrap(), "D CAPABILITY\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_what_works_and_what_does_not_and_changes_nothing() {
    let server = Server::start();
    let mut account = server.account();
    account.folders.push("Немає".to_owned());
    account.after_filing = skrynka::intake::AfterFiling::Move("Теж немає".to_owned());
    server.put("INBOX", &letter("перша"));
    let lines = check_account(&account).await;
    let oks: Vec<bool> = lines.iter().map(|line| line.ok).collect();
    assert_eq!(oks, [true, true, true, true, false, false], "{lines:?}");
    assert!(lines[0].text.contains("logged in to 127.0.0.1"));
    assert!(lines[1].text.contains("the server offers IDLE, MOVE, UIDPLUS"), "{lines:?}");
    assert!(lines[4].text.contains("no folder `Немає`"));
    assert!(lines[5].text.contains("no folder `Теж немає` for filed letters"));
    assert_eq!(server.flags("INBOX").len(), 1);

    account.password = "інший".into();
    let lines = check_account(&account).await;
    assert_eq!(lines.len(), 1);
    assert!(!lines[0].ok && lines[0].text.contains("is refused"), "{lines:?}");
}
