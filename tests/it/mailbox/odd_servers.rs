//! Servers that lie, stop in mid-sentence or say too much: nothing of it passes for a letter or for an empty mailbox.

use std::sync::Arc;

use skrynka::intake::{Account, AfterFiling, LETTER_BYTES_HARD_MAX, RoundReport, Security, poll_once};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::house::{ADDRESS, Memory, letter};

/// A server that answers each command by the first rule whose beginning fits; `T` in an answer is the command's tag.
/// An answer without a tagged line ends the connection.
async fn server(rules: &[(&'static str, String)]) -> Account {
    let mut rules: Vec<(&str, String)> = rules.to_vec();
    rules.extend([
        ("CAPABILITY", "* CAPABILITY IMAP4rev1\r\nT OK\r\n".to_owned()),
        ("EXAMINE", "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 12] x\r\nT OK\r\n".to_owned()),
        ("UID SEARCH", "* SEARCH 10 11\r\nT OK\r\n".to_owned()),
        ("UID FETCH 10:11 (UID RFC822", format!("{}{}T OK\r\n", size(1, 10, 30), size(2, 11, 30))),
        ("", "T OK\r\n".to_owned()),
    ]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let rules = Arc::new(rules);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let rules = rules.clone();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                stream.get_mut().write_all(b"* OK\r\n").await.unwrap();
                let mut line = String::new();
                while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
                    let (tag, command) = line.trim_end().split_once(' ').unwrap();
                    let (_, answer) = rules.iter().find(|(begins, _)| command.starts_with(begins)).unwrap();
                    let whole = answer.starts_with("T ") || answer.contains("\r\nT ");
                    let answer = answer.replace("\r\nT ", &format!("\r\n{tag} "));
                    let answer =
                        answer.strip_prefix("T ").map_or(answer.clone(), |rest| format!("{tag} {rest}"));
                    let _ = stream.get_mut().write_all(answer.as_bytes()).await;
                    if !whole {
                        return;
                    }
                    line.clear();
                }
            });
        }
    });
    Account {
        mailbox: ADDRESS.parse().unwrap(),
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::PlainLoopbackOnly,
        login: ADDRESS.to_owned(),
        password: "x".into(),
        folders: vec!["INBOX".to_owned()],
        after_filing: AfterFiling::Nothing,
        poll: std::time::Duration::from_secs(1),
        ca: Vec::new(),
        letter_bytes_hard_max: LETTER_BYTES_HARD_MAX,
    }
}

fn size(number: u32, uid: u32, size: u32) -> String {
    format!("* {number} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE \" 2-Jan-2026 03:04:05 +0000\")\r\n")
}

fn body(number: u32, uid: u32, letter: &[u8]) -> String {
    let text = std::str::from_utf8(letter).unwrap();
    format!("* {number} FETCH (UID {uid} BODY[] {{{}}}\r\n{text})\r\n", letter.len())
}

#[tokio::test]
async fn only_letters_that_were_asked_for_count_and_each_only_once() {
    let (first, second) = (letter("first"), letter("second"));
    let answer = [
        body(9, 99, &letter("stranger")),
        "* 1 FETCH (FLAGS (\\Seen))\r\n".to_owned(),
        body(1, 10, &first),
        body(1, 10, &letter("again")),
        "* 3 EXISTS\r\n".to_owned(),
        body(2, 11, &second),
        "T OK\r\n".to_owned(),
    ];
    let account = server(&[("UID FETCH 10:11 (UID BODY.PEEK", answer.concat())]).await;
    let house = Memory::default();
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!(report, RoundReport { filed: 2, ..RoundReport::default() });
    house.filed_as(&first);
    house.filed_as(&second);
}

#[tokio::test]
async fn a_letter_that_is_listed_and_not_given_is_counted() {
    for nothing in ["* 2 FETCH (UID 11 BODY[] NIL)\r\nT OK\r\n", "T NO [SERVERBUG] broken\r\n"] {
        let given = format!("{}{nothing}", body(1, 10, &letter("first")));
        let account = server(&[
            ("UID FETCH 10:11 (UID BODY.PEEK", given),
            ("UID SEARCH 1:2 UID 11", "* SEARCH 11\r\nT OK\r\n".to_owned()),
        ])
        .await;
        let house = Memory::default();
        let report = poll_once(&account, &house, &house).await.unwrap();
        assert_eq!((report.filed, report.not_handed_over), (1, 1), "{nothing}");
    }
}

#[tokio::test]
async fn a_broken_or_refused_answer_is_an_error_and_not_an_empty_folder() {
    for (command, answer, words) in [
        ("UID SEARCH", "", "the connection was lost (searching a folder): the server closed it"),
        ("UID SEARCH", "* SEARCH 10", "the connection was lost (searching a folder)"),
        ("UID SEARCH", "* BYE too many\r\n", "the connection was lost (searching a folder): too many"),
        ("UID SEARCH", "T NO not now\r\n", "the server refuses (searching a folder): not now"),
        ("UID FETCH 10:11 (UID RFC822", "T BAD what\r\n", "the server refuses (asking for sizes): what"),
        ("UID FETCH 10:11 (UID BODY", "* 1 FETCH (UID 10 BODY[] {99}\r\nhalf", "lost (fetching letters)"),
        ("EXAMINE", "* 2 EXISTS\r\nT OK\r\n", "gives no UIDVALIDITY"),
        ("LOGIN", "T NO [UNAVAILABLE] later\r\n", "cannot log anyone in at present"),
    ] {
        let account = server(&[(command, answer.to_owned())]).await;
        let house = Memory::default();
        let error = poll_once(&account, &house, &house).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.retry(), "{error}");
        assert_eq!(house.takes(), 0);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_repeated_in_the_error() {
    let secret = "* 1 FETCH (UID 10 BODY[] Шевченко Тарас)\r\nT OK\r\n".to_owned();
    let account = server(&[("UID FETCH 10:11 (UID BODY", secret)]).await;
    let house = Memory::default();
    let error = poll_once(&account, &house, &house).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Шевченко"), "{error:?}");
    assert!(error.to_string().contains("something that is not IMAP"), "{error}");
}

#[tokio::test]
async fn a_large_letter_ends_where_the_server_ends_it_whatever_size_it_named() {
    const WINDOW: usize = 4 * 1024 * 1024;
    let mut big = letter("big");
    big.resize(WINDOW + 100, b'x');
    let window = |bytes: &[u8], from: usize| {
        let text = std::str::from_utf8(bytes).unwrap();
        format!("* 1 FETCH (UID 10 BODY[]<{from}> {{{}}}\r\n{text})\r\nT OK\r\n", text.len())
    };
    for (end, said) in [("\"\"", big.len() + 5_000), ("NIL", WINDOW + 1), ("\"\"", big.len())] {
        let account = server(&[
            ("UID SEARCH", "* SEARCH 10\r\nT OK\r\n".to_owned()),
            ("UID FETCH 10 (UID RFC822", format!("{}T OK\r\n", size(1, 10, u32::try_from(said).unwrap()))),
            ("UID FETCH 10 (UID BODY.PEEK[]<0.", window(&big[..WINDOW], 0)),
            ("UID FETCH 10 (UID BODY.PEEK[]<4194304.", window(&big[WINDOW..], WINDOW)),
            (
                "UID FETCH 10 (UID BODY.PEEK[]<4194404.",
                format!("* 1 FETCH (UID 10 BODY[]<4194404> {end})\r\nT OK\r\n"),
            ),
        ])
        .await;
        let house = Memory::default();
        assert_eq!(poll_once(&account, &house, &house).await.unwrap().filed, 1, "{end} {said}");
        house.filed_as(&big);
    }
}
