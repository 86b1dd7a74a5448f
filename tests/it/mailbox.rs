//! Intake against a real Dovecot: what lies in a mailbox is filed once, whole, and nothing is lost on the way.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test's helpers fail the test")]

mod actions;
mod dropped;
mod house;
mod mistakes;
mod odd_servers;

use skrynka::intake::{AfterFiling, RoundReport, Security, poll_once};
use skrynka::model::Source;

use self::house::{ADDRESS, Memory, Server, letter, nobody};

fn filed(letters: u32) -> RoundReport {
    RoundReport { filed: letters, ..RoundReport::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_of_the_inbox_and_of_spam_are_filed_once_with_their_time_of_receipt_and_stay_unseen() {
    let (server, house) = (Server::start(), Memory::default());
    let received_at = "2026-01-02T03:04:05Z".parse().unwrap();
    let first = letter("перша");
    server.dovecot.append(ADDRESS, "INBOX", &first, Some(received_at)).unwrap();
    server.put("INBOX", &letter("друга"));
    server.put("Спам", &letter("третя"));
    server.put("Archive", &letter("не для нас"));

    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(3));
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(0));

    let mail = house.filed_as(&first);
    assert_eq!((mail.received_at, mail.mailbox.as_str()), (received_at, ADDRESS));
    assert!(matches!(mail.source, Source::Imap { folder, uid: 1, .. } if folder == "INBOX"));
    let spam = house.filed_as(&letter("третя"));
    assert!(matches!(spam.source, Source::Imap { folder, .. } if folder == "Спам"));
    for (folder, letters) in [("INBOX", 2), ("Спам", 1)] {
        let flags = server.flags(folder);
        assert_eq!(flags.len(), letters, "nothing is removed");
        assert!(flags.iter().all(|flags| !flags.contains(r"\Seen")), "{flags:?}");
    }

    server.put("INBOX", &letter("четверта"));
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_letters_with_gaps_between_their_uids_are_all_filed() {
    let (server, house) = (Server::start(), Memory::default());
    let mut talk = server.dovecot.talk(ADDRESS).unwrap();
    for number in 0..230 {
        talk.append("INBOX", &letter(&format!("лист {number}")), None).unwrap();
    }
    talk.open("INBOX").unwrap();
    talk.command(r"UID STORE 3,50:60,201 +FLAGS (\Deleted)").unwrap();
    talk.command("EXPUNGE").unwrap();
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(217));
    house.filed_as(&letter("лист 229"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_30_mb_is_fetched_in_windows_byte_by_byte() {
    let (server, house) = (Server::start(), Memory::default());
    let mut big = letter("великий");
    // No two windows are alike, and the last one is short.
    let lines = (0_u64..).map(|number| format!("{:0>74}\r\n", number * 7_919));
    for line in lines.take(400_000) {
        big.extend_from_slice(line.as_bytes());
    }
    server.put("INBOX", &letter("до"));
    server.put("INBOX", &big);
    // Exactly two windows: its end is found by an empty third one.
    let mut even = letter("рівний");
    even.resize(8 * 1024 * 1024 - 2, b'x');
    even.extend_from_slice(b"\r\n");
    server.put("INBOX", &even);
    server.put("INBOX", &letter("після"));
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(4));
    assert_eq!(house.filed_as(&big).bytes.len(), big.len());
    house.filed_as(&even);
    assert!(server.flags("INBOX").iter().all(|flags| !flags.contains(r"\Seen")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_above_the_limit_stays_is_reported_each_time_and_is_never_acted_on() {
    let (server, house) = (Server::start(), Memory::default());
    let mut account = server.account();
    account.letter_bytes_hard_max = 5_000_000;
    account.after_filing = AfterFiling::Move("Оброблено".to_owned());
    let mut big = letter("завеликий");
    big.resize(6_000_000, b'x');
    server.put("INBOX", &big);
    server.put("INBOX", &letter("звичайний"));
    for round in 1..=2 {
        let report = poll_once(&account, &house, &house).await.unwrap();
        assert_eq!((report.filed, report.too_large), (2 - round, 1));
    }
    let told = house.too_large.lock().unwrap().clone();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|letter| letter.bytes >= 6_000_000 && letter.bytes_max == 5_000_000));
    assert_eq!(server.flags("INBOX").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_change_of_uidvalidity_every_letter_is_seen_again_and_known_already() {
    let (mut server, house) = (Server::start(), Memory::default());
    server.put("INBOX", &letter("перша"));
    server.put("INBOX", &letter("друга"));
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(2));
    server.dovecot.reset_uidvalidity(ADDRESS, "INBOX").unwrap();
    let report = poll_once(&server.account(), &house, &house).await.unwrap();
    assert_eq!(report, RoundReport { already_filed: 2, ..RoundReport::default() });
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(0));
    assert_eq!(house.filed().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_cannot_be_filed_holds_up_no_other_and_is_tried_again() {
    let (server, house) = (Server::start(), Memory::default());
    for subject in ["перша", "отруйна", "третя"] {
        server.put("INBOX", &letter(subject));
    }
    house.fail_on(Some("отруйна"));
    let report = poll_once(&server.account(), &house, &house).await.unwrap();
    assert_eq!((report.filed, report.failed), (2, 1));
    assert_eq!(report.first_failure.as_deref(), Some("the disk is full"));
    house.fail_on(None);
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(1));
    house.filed_as(&letter("отруйна"));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_no_letter_can_be_filed_the_round_is_given_up_after_ten() {
    let (server, house) = (Server::start(), Memory::default());
    let mut talk = server.dovecot.talk(ADDRESS).unwrap();
    for number in 0..15 {
        talk.append("INBOX", &letter(&format!("лист {number}")), None).unwrap();
    }
    house.fail_on(Some("лист"));
    let error = poll_once(&server.account(), &house, &house).await.unwrap_err();
    assert!(
        error.to_string().contains("10 letters in a row could not be filed: the disk is full"),
        "{error}"
    );
    assert!(error.retry());
    assert_eq!(house.refused.lock().unwrap().len(), 10);
    house.fail_on(None);
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(15));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nothing_can_be_filed_the_round_ends_at_the_first_letter() {
    let (server, house) = (Server::start(), Memory::default());
    for number in 0..5 {
        server.put("INBOX", &letter(&format!("лист {number}")));
    }
    house.close_at(Some("лист"));
    let error = poll_once(&server.account(), &house, &house).await.unwrap_err();
    assert!(error.to_string().contains("no letter can be filed now: the database is locked"), "{error}");
    assert!(error.retry());
    assert_eq!(house.refused.lock().unwrap().len(), 1);
    house.close_at(None);
    assert_eq!(poll_once(&server.account(), &house, &house).await.unwrap(), filed(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_in_quarantine_stays_where_it_is_and_is_not_fetched_again() {
    let (server, house) = (Server::start(), Memory::default());
    let mut account = server.account();
    account.after_filing = AfterFiling::Move("Оброблено".to_owned());
    for subject in ["перша", "отруйна", "третя"] {
        server.put("INBOX", &letter(subject));
    }
    house.give_up(Some("отруйна"));
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!(report, RoundReport { quarantined: 1, acted_on: 2, ..filed(2) });
    assert_eq!(poll_once(&account, &house, &house).await.unwrap(), filed(0));
    assert_eq!((server.flags("INBOX").len(), server.flags("Оброблено").len()), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_numbers_in_another_account_are_fetched_anew_and_known_by_their_digest() {
    let (server, house) = (Server::start(), Memory::default());
    server.put("INBOX", &letter("перша"));
    let first = server.account();
    assert_eq!(poll_once(&first, &house, &house).await.unwrap(), filed(1));
    // To us another server, whose folder happens to have the same UIDVALIDITY: the address moved to another provider.
    let mut second = server.account();
    (second.security, second.port) = (Security::StartTls, server.dovecot.imap_port());
    let report = poll_once(&second, &house, &house).await.unwrap();
    assert_eq!(report, RoundReport { already_filed: 1, ..RoundReport::default() });
    for account in [first, second] {
        assert_eq!(poll_once(&account, &house, &house).await.unwrap(), filed(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_letters_that_cannot_be_filed_hold_up_no_later_one() {
    let (server, house) = (Server::start(), std::sync::Arc::new(Memory::default()));
    let mut talk = server.dovecot.talk(ADDRESS).unwrap();
    for number in 0..30 {
        talk.append("INBOX", &letter(&format!("отруйна {number}")), None).unwrap();
    }
    talk.append("INBOX", &letter("добра"), None).unwrap();
    house.fail_on(Some("отруйна"));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let watching = {
        let (account, house) = (server.account(), house.clone());
        tokio::spawn(
            async move { skrynka::intake::watch(&account, &*house, &*house, &nobody(), stopped).await },
        )
    };
    house::until("the good one is filed", || house.takes() == 1).await;
    let all_but = || house.refused.lock().unwrap().iter().collect::<std::collections::BTreeSet<_>>().len();
    house::until("each of the others was tried", || all_but() == 30).await;
    house.fail_on(None);
    house::until("all are filed", || house.filed().len() == 31).await;
    stop.send(true).unwrap();
    watching.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_arrive_over_starttls_too() {
    let (server, house) = (Server::start(), Memory::default());
    server.put("INBOX", &letter("перша"));
    let mut account = server.account();
    account.security = Security::StartTls;
    account.port = server.dovecot.imap_port();
    assert_eq!(poll_once(&account, &house, &house).await.unwrap(), filed(1));
    account.security = Security::PlainLoopbackOnly;
    server.put("INBOX", &letter("друга"));
    assert_eq!(poll_once(&account, &house, &house).await.unwrap(), filed(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_in_the_middle_of_a_letter_costs_nothing_but_time() {
    let (mut server, house) = (Server::start(), Memory::default());
    let mut talk = server.dovecot.talk(ADDRESS).unwrap();
    let mut big = letter("великий");
    big.resize(20_000_000, b'x');
    for number in 0..20 {
        talk.append("INBOX", &letter(&format!("лист {number}")), None).unwrap();
    }
    talk.append("INBOX", &big, None).unwrap();
    talk.append("INBOX", &letter("останній"), None).unwrap();
    drop(talk);
    let mut account = server.account();
    account.port = house::breaking_after(6_000_000, account.port).await;
    let error = poll_once(&account, &house, &house).await.unwrap_err();
    assert!(error.retry(), "{error}");
    assert!(error.to_string().contains("the connection was lost (fetching a large letter)"), "{error}");
    assert_eq!(house.takes(), 20, "the small ones are filed");

    let account = server.account();
    tokio::task::block_in_place(|| server.dovecot.stop()).unwrap();
    let error = poll_once(&account, &house, &house).await.unwrap_err();
    assert!(error.retry() && error.to_string().contains("cannot connect"), "{error}");
    tokio::task::block_in_place(|| server.dovecot.restart()).unwrap();
    // On another port, so to us another account: the small ones are fetched once more.
    let report = poll_once(&account, &house, &house).await.unwrap();
    assert_eq!(report, RoundReport { already_filed: 20, ..filed(2) });
    house.filed_as(&big);
    assert_eq!(house.filed().len(), 22);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_breaks_every_connection_does_not_hold_up_the_others() {
    let (server, house) = (Server::start(), std::sync::Arc::new(Memory::default()));
    let mut talk = server.dovecot.talk(ADDRESS).unwrap();
    talk.append("INBOX", &letter("перша"), None).unwrap();
    let mut big = letter("великий");
    big.resize(12_000_000, b'x');
    talk.append("INBOX", &big, None).unwrap();
    for number in 0..3 {
        talk.append("Спам", &letter(&format!("лист {number}")), None).unwrap();
    }
    let mut account = server.account();
    account.port = house::breaking_after(5_000_000, account.port).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let watching = {
        let house = house.clone();
        tokio::spawn(
            async move { skrynka::intake::watch(&account, &*house, &*house, &nobody(), stopped).await },
        )
    };
    house::until("the others are filed", || house.takes() == 4).await;
    stop.send(true).unwrap();
    watching.await.unwrap();
    // On another port, so to us another account: the others are fetched once more.
    let report = poll_once(&server.account(), &*house, &*house).await.unwrap();
    assert_eq!(report, RoundReport { already_filed: 4, ..filed(1) });
    house.filed_as(&big);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_mailbox_files_what_comes_survives_a_restart_and_stops_when_told() {
    let (mut server, house) = (Server::start(), std::sync::Arc::new(Memory::default()));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let watching = {
        let (account, house) = (server.account(), house.clone());
        tokio::spawn(
            async move { skrynka::intake::watch(&account, &*house, &*house, &nobody(), stopped).await },
        )
    };
    for (number, subject) in ["перша", "друга", "третя"].into_iter().enumerate() {
        server.put("INBOX", &letter(subject));
        house::until("the letter is filed", || house.filed().len() > number).await;
        tokio::task::block_in_place(|| server.dovecot.restart()).unwrap();
    }
    stop.send(true).unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), watching).await.unwrap().unwrap();
    assert_eq!(house.takes(), 3);
}
