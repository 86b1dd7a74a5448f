use super::*;
use crate::model::{Attempt, AttemptFault, FilingId, History, Outcome, QuarantineId, QuarantineState};

const LETTER: &[u8] = b"a letter";

fn letter(uid: u32) -> RawMail {
    mail("centre@example.org", LETTER, uid)
}

async fn begun(store: &Store, at: Timestamp) -> Attempt {
    store.keep_blob(LETTER).await.unwrap();
    store.begin_attempt(&letter(1), at).await.unwrap()
}

async fn given_up(store: &Store) -> QuarantineId {
    let attempt = begun(store, now()).await;
    match store.quarantine(&attempt, 5, &AttemptFault::Panicked, now()).await.unwrap() {
        Outcome::Quarantined(id) => id,
        other => panic!("{other:?}"),
    }
}

async fn history(store: &Store) -> History {
    store.history(&letter(1).mailbox, &letter(1).digest).await.unwrap()
}

/// UIDs 1 and 2 of the inbox: not accounted for, and filed.
async fn places(store: &Store) -> (Vec<u32>, Vec<u32>) {
    let mailbox = letter(1).mailbox;
    let left = store.unaccounted(&folder_of(&mailbox, ACCOUNT, "INBOX", 7), &[1, 2]).await.unwrap();
    (left, store.filed_uids(&folder_of(&mailbox, ACCOUNT, "INBOX", 7), &[1, 2]).await.unwrap())
}

#[tokio::test]
async fn an_attempt_that_was_never_settled_counts_and_the_first_one_keeps_its_time() {
    let place = furnished().await;
    assert_eq!(history(&place).await, History::New);
    let attempt = begun(&place, now()).await;
    assert_eq!((attempt.failures, attempt.fault, attempt.first_at), (0, None, now()));
    assert_eq!(history(&place).await, History::Tried);
    for failures in 1..=6 {
        let attempt = begun(&place, at("2026-03-16T10:00:00Z")).await;
        let died = Some(AttemptFault::Died);
        assert_eq!((attempt.failures, attempt.fault, attempt.first_at), (failures, died, now()));
    }
}

#[tokio::test]
async fn an_attempt_that_failed_counts_once_and_one_that_the_store_failed_does_not() {
    let place = furnished().await;
    let attempt = begun(&place, now()).await;
    let refused = AttemptFault::Refused { said: "no".to_owned() };
    assert_eq!(place.attempt_failed(&attempt, &refused, now()).await.unwrap(), 1);
    let attempt = begun(&place, now()).await;
    assert_eq!((attempt.failures, attempt.fault.clone()), (1, Some(refused)));
    let database = place.folder().database();
    for fault in [StoreError::DiskFull { path: database.clone() }, StoreError::Locked { database }] {
        place.forgive_attempt(&attempt, &fault).await;
        assert_eq!(begun(&place, now()).await.failures, 1, "{fault}");
    }
    assert_eq!(begun(&place, now()).await.failures, 2, "forgiven once, not for ever");
}

#[tokio::test]
async fn a_filing_ends_the_attempts_in_its_own_transaction() {
    let place = furnished().await;
    begun(&place, now()).await;
    let filed = filing("centre@example.org", LETTER, 1);
    let id = place.file(&filed).await.unwrap();
    assert_eq!(history(&place).await, History::Filed(id));
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM attempt").await, 0);
}

#[tokio::test]
async fn a_letter_given_up_is_accounted_for_and_not_filed() {
    let place = furnished().await;
    let id = given_up(&place).await;
    assert_eq!(history(&place).await, History::Quarantined(id));
    assert_eq!(places(&place).await, (vec![2], vec![]));
    place.account_quarantined(&letter(2), id).await.unwrap();
    assert_eq!(places(&place).await, (vec![], vec![]));
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM attempt").await, 0);
    let held = place.quarantined(false).await.unwrap();
    assert_eq!(held, [place.quarantined_letter(id).await.unwrap()]);
    let [held] = &*held else { panic!("{held:?}") };
    assert_eq!((held.failures, &held.fault, held.state), (5, &AttemptFault::Panicked, QuarantineState::Held));
    assert_eq!((held.source.place(), held.bytes, held.first_at), ("INBOX 7/1".to_owned(), 8, now()));
    assert_eq!(place.blob(&held.digest).await.unwrap(), LETTER);
    assert_eq!(given_up(&place).await, id, "twice is once");
}

#[tokio::test]
async fn a_letter_without_its_blob_is_neither_tried_nor_given_up() {
    let place = furnished().await;
    is(place.begin_attempt(&letter(1), now()).await, "is missing");
    let attempt = begun(&place, now()).await;
    let never_kept = Attempt { digest: Digest::of(b"other"), ..attempt };
    is(place.quarantine(&never_kept, 5, &AttemptFault::Died, now()).await, "is missing");
}

#[tokio::test]
async fn a_letter_that_was_filed_meanwhile_is_not_given_up() {
    let place = furnished().await;
    let attempt = begun(&place, now()).await;
    let id = place.file(&filing("centre@example.org", LETTER, 2)).await.unwrap();
    let outcome = place.quarantine(&attempt, 5, &AttemptFault::Died, now()).await.unwrap();
    assert_eq!(outcome, Outcome::AlreadyFiled(id));
    assert_eq!(places(&place).await, (vec![], vec![1, 2]));
    assert!(place.quarantined(true).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_retry_files_the_letter_and_takes_over_its_places() {
    let place = furnished().await;
    let id = given_up(&place).await;
    place.account_quarantined(&letter(2), id).await.unwrap();
    place.retry_failed(id, &AttemptFault::Died).await.unwrap();
    assert_eq!(place.quarantined_letter(id).await.unwrap().failures, 6);
    let letter = filing("centre@example.org", LETTER, 1);
    let other = filing("centre@example.org", b"another letter", 9);
    place.keep_blob(b"another letter").await.unwrap();
    is(place.file_from_quarantine(&other, id, now()).await, "no letter 1 in quarantine");
    assert_eq!(place.filed(&other.mail.mailbox, &other.mail.digest).await.unwrap(), None);
    let filing = place.file_from_quarantine(&letter, id, now()).await.unwrap();
    assert_eq!(history(&place).await, History::Filed(filing));
    assert_eq!(places(&place).await, (vec![], vec![1, 2]));
    assert!(place.quarantined(false).await.unwrap().is_empty());
    let [ended] = &*place.quarantined(true).await.unwrap() else { panic!() };
    assert_eq!(ended.state, QuarantineState::Filed { filing: FilingId(1) });
    let noted = "SELECT COUNT(*) AS n FROM audit WHERE subject = 'quarantine 1'";
    assert_eq!(count(&place, noted).await, 2, "given up, filed");
}

#[tokio::test]
async fn what_is_released_is_kept_and_marked() {
    let place = furnished().await;
    let id = given_up(&place).await;
    place.release(id, now()).await.unwrap();
    assert!(place.quarantined(false).await.unwrap().is_empty());
    let [released] = &*place.quarantined(true).await.unwrap() else { panic!() };
    assert_eq!(released.state, QuarantineState::Released { at: now() });
    assert_eq!(place.blob(&released.digest).await.unwrap(), LETTER);
    assert_eq!(history(&place).await, History::Quarantined(id));
    is(place.release(QuarantineId(9), now()).await, "no letter 9 in quarantine");
}

#[tokio::test]
async fn only_what_was_written_is_blamed_for_a_refused_statement() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", LETTER, 1);
    letter.matched.branch = Some("nowhere".parse().unwrap());
    place.keep_blob(LETTER).await.unwrap();
    let refused = place.file(&letter).await.unwrap_err();
    assert!(refused.of_what_was_written(), "{refused}");
    let database = place.folder().database();
    for fault in [
        StoreError::Locked { database: database.clone() },
        StoreError::DiskFull { path: database.clone() },
        StoreError::Damaged { database: database.clone(), detail: String::new() },
        StoreError::Database { database, source: sqlx::Error::WorkerCrashed },
        StoreError::Interrupted,
    ] {
        assert!(!fault.of_what_was_written(), "{fault}");
    }
}

#[tokio::test]
async fn the_same_numbers_of_another_account_are_not_accounted_for() {
    let place = furnished().await;
    keep_and_file(&place, &filing("centre@example.org", LETTER, 1)).await;
    let mailbox = letter(1).mailbox;
    let elsewhere = "cnap@imap.other.example:993";
    assert_eq!(place.unaccounted(&folder_of(&mailbox, ACCOUNT, "INBOX", 7), &[1]).await.unwrap(), [0; 0]);
    assert_eq!(place.unaccounted(&folder_of(&mailbox, elsewhere, "INBOX", 7), &[1]).await.unwrap(), [1]);
    assert_eq!(place.filed_uids(&folder_of(&mailbox, elsewhere, "INBOX", 7), &[1]).await.unwrap(), [0; 0]);
}
