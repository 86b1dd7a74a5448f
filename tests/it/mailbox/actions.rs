//! What happens on the server to filed letters, and only to filed ones.

use skrynka::intake::{AfterFiling, poll_once};

use super::house::{ADDRESS, Memory, Server, letter};

#[tokio::test(flavor = "multi_thread")]
async fn filed_letters_are_moved_and_only_those() {
    let (server, house) = (Server::start(), Memory::default());
    let mut account = server.account();
    account.after_filing = AfterFiling::Move("Оброблено".to_owned());
    for subject in ["перша", "отруйна", "третя"] {
        server.put("INBOX", &letter(subject));
    }
    house.fail_on(Some("отруйна"));
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!((report.filed, report.acted_on, report.failed), (2, 2, 1));
    assert_eq!(server.flags("INBOX").len(), 1, "what is not filed stays");
    let moved = server.flags("Оброблено");
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|flags| !flags.contains(r"\Seen")), "{moved:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_a_crash_prevented_is_made_up_for() {
    let (server, house) = (Server::start(), Memory::default());
    server.put("INBOX", &letter("перша"));
    server.put("Спам", &letter("друга"));
    // Filed and accounted for, and then we died before the move.
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap().filed, 2);
    let mut account = server.account();
    account.after_filing = AfterFiling::Move("Оброблено".to_owned());
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!((report.filed, report.acted_on), (0, 2));
    assert_eq!((server.flags("INBOX").len(), server.flags("Оброблено").len()), (0, 2));
    assert_eq!(poll_once(&account, &house, &house).await.unwrap().acted_on, 0);
    assert_eq!(house.takes(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_target_is_named_and_the_letters_are_filed_and_stay() {
    let (server, house) = (Server::start(), Memory::default());
    let mut account = server.account();
    account.after_filing = AfterFiling::Move("Немає".to_owned());
    server.put("INBOX", &letter("перша"));
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!((report.filed, report.acted_on), (1, 0));
    let problem = report.action_problems[0].to_string();
    assert!(
        problem.contains("from `INBOX` to `Немає`") && problem.contains("create that folder"),
        "{problem}"
    );
    assert_eq!(server.flags("INBOX").len(), 1);
    server.dovecot.talk(ADDRESS).unwrap().command("CREATE \"&BB0ENQQ8BDAEVA-\"").unwrap();
    assert_eq!(poll_once(&account, &house, &house).await.unwrap().acted_on, 1);
    assert_eq!(server.flags("Немає").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn filed_letters_get_the_keyword_also_after_a_crash_and_nothing_else_changes() {
    let (server, house) = (Server::start(), Memory::default());
    server.put("INBOX", &letter("перша"));
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap().filed, 1);
    let mut account = server.account();
    account.after_filing = AfterFiling::Keyword("$Skrynka".to_owned());
    server.put("INBOX", &letter("друга"));
    server.put("INBOX", &letter("отруйна"));
    house.fail_on(Some("отруйна"));
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!((report.filed, report.acted_on, report.action_problems.len()), (1, 2, 0));
    assert_eq!(server.flags("INBOX"), ["1 $Skrynka", "2 $Skrynka", "3"]);
    assert_eq!(poll_once(&account, &house, &house).await.unwrap().acted_on, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_flag_is_not_a_keyword() {
    let (server, house) = (Server::start(), Memory::default());
    let mut account = server.account();
    account.after_filing = AfterFiling::Keyword(r"\Seen".to_owned());
    server.put("INBOX", &letter("перша"));
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!((report.filed, report.acted_on), (1, 0));
    assert!(report.action_problems[0].to_string().contains(r"keeps no keyword `\Seen`"));
    assert_eq!(server.flags("INBOX"), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_move_copies_and_removes_only_what_was_copied() {
    let (mut server, house) = (Server::start(), Memory::default());
    server.dovecot.restart_offering("IMAP4rev1 UIDPLUS").unwrap();
    let mut account = server.account();
    account.after_filing = AfterFiling::Move("Оброблено".to_owned());
    server.put("INBOX", &letter("чужа"));
    server.put("INBOX", &letter("наша"));
    let mut talk = server.dovecot.talk(ADDRESS).unwrap();
    talk.open("INBOX").unwrap();
    talk.command(r"UID STORE 1 +FLAGS (\Deleted)").unwrap();
    drop(talk);
    house.fail_on(Some("чужа"));
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!((report.filed, report.acted_on, report.failed), (1, 1, 1));
    assert_eq!(server.flags("INBOX"), [r"1 \Deleted"], "not ours to remove");
    assert_eq!(server.flags("Оброблено").len(), 1);
    house.fail_on(None);
    assert_eq!(poll_once(&account, &house, &house).await.unwrap().acted_on, 1);
    assert_eq!((server.flags("INBOX").len(), server.flags("Оброблено").len()), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_uidplus_gets_one_copy_and_a_mark_and_no_expunge() {
    let (mut server, house) = (Server::start(), Memory::default());
    server.dovecot.restart_offering("IMAP4rev1").unwrap();
    let mut account = server.account();
    account.after_filing = AfterFiling::Move("Оброблено".to_owned());
    server.put("INBOX", &letter("перша"));
    assert_eq!(poll_once(&account, &house, &house).await.unwrap().acted_on, 1);
    assert_eq!(poll_once(&account, &house, &house).await.unwrap().acted_on, 0);
    assert_eq!(server.flags("INBOX"), [r"1 \Deleted"]);
    assert_eq!(server.flags("Оброблено").len(), 1, "copied once");
}
