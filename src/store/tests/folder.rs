use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::*;
use crate::store::work::Work;

fn everything_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_in(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn blob_file(place: &Place, digest: &Digest) -> PathBuf {
    let name = digest.to_string();
    place.folder.path().join("blobs").join(&name[..2]).join(&name[2..])
}

#[tokio::test]
async fn only_the_owner_can_read_what_is_kept() {
    let place = furnished().await;
    keep_and_file(&place, &filing("centre@example.org", b"a letter", 1)).await;
    let all = everything_in(place.folder.path());
    for name in ["skrynka.db", "skrynka.db-wal", "skrynka.db-shm"] {
        assert!(all.iter().any(|path| path.ends_with(name)), "{name} is there: {all:?}");
    }
    for path in all {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
}

#[tokio::test]
async fn a_folder_that_others_could_read_is_closed_to_them() {
    let outer = TempDir::new().unwrap();
    fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let folder = outer.path().join("store");
    Store::open(&folder).await.unwrap().close().await;
    for path in [folder.clone(), folder.join("blobs")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(folder.join("skrynka.db"), fs::Permissions::from_mode(0o644)).unwrap();
    let _store = Store::open(&folder).await.unwrap();
    for path in everything_in(&folder) {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    assert_eq!(mode(outer.path()), 0o755, "the folder above is not touched");
}

#[tokio::test]
async fn a_folder_with_other_files_is_left_alone() {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.path().join("holiday.jpg"), b"x").unwrap();
    is(Store::open(folder.path()).await, "holds other files and no store (found `holiday.jpg`)");
    assert_eq!(mode(folder.path()), 0o755);
    assert!(!folder.path().join("skrynka.db").exists());
}

#[tokio::test]
async fn a_path_with_odd_characters_is_a_path() {
    let outer = TempDir::new().unwrap();
    let folder = outer.path().join("скринька 100%?mode=memory#'\"");
    let store = Store::open(&folder).await.unwrap();
    store.apply_registry(&registry_of_two(), now()).await.unwrap();
    store.close().await;
    let again = Store::open(&folder).await.unwrap();
    assert_eq!(again.registry().await.unwrap(), registry_of_two());
}

#[tokio::test]
async fn a_file_in_the_way_is_named() {
    let outer = TempDir::new().unwrap();
    let path = outer.path().join("store");
    fs::write(&path, b"").unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_open_the_same_new_folder_at_once() {
    let folder = TempDir::new().unwrap();
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = folder.path().to_owned();
            tokio::spawn(async move { Store::open(&path).await })
        })
        .collect();
    for opened in opening {
        opened.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let place = furnished().await;
    let mut work = place.writing().await.unwrap();
    work.script("INSERT INTO migration (version) VALUES (99)").await.unwrap();
    work.commit().await.unwrap();
    let refused = Store::open(place.folder.path()).await;
    assert!(!refused.as_ref().unwrap_err().retry());
    is(refused, "newer skrynka (schema 99");
}

#[tokio::test]
async fn an_older_database_is_brought_forward_with_what_it_holds() {
    let folder = TempDir::new().unwrap();
    let (prepared, lock) = super::super::Folder::prepare(folder.path()).unwrap();
    drop(lock);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(prepared.database());
    let old = sqlx::sqlite::SqlitePool::connect_with(options).await.unwrap();
    for script in [
        "CREATE TABLE migration (version INTEGER NOT NULL PRIMARY KEY) STRICT",
        include_str!("../migrations/0001_house.sql"),
        "INSERT INTO migration (version) VALUES (1)",
        "INSERT INTO organisation VALUES ('rada', 0, 0, 'Рада', '13576954', '', '')",
        "INSERT INTO filing (id, mailbox, digest, source, received_at, filed_at, sender_name, sender, subject, matched,
             signers, defects, documents, unsigned, remarks)
         VALUES (1, 'a@example.org', 'ab', '{\"imap\":{\"folder\":\"INBOX\",\"uid_validity\":7,\"uid\":9}}', 0, 0, '', '',
             '', '{}', '[]', '[]', '[]', 0, 0)",
        "INSERT INTO ledger_imap VALUES ('a@example.org', 'INBOX', 7, 9, 1)",
        "INSERT INTO ledger_drop VALUES ('a@example.org', 'x.eml', 'ab', 1)",
    ] {
        sqlx::raw_sql(script).execute(&old).await.unwrap();
    }
    old.close().await;
    let store = Store::open(folder.path()).await.unwrap();
    assert_eq!(store.registry().await.unwrap().organisations[0].name, "Рада");
    assert_eq!(store.registry().await.unwrap().organisations[0].admins, []);
    assert!(count(&store, "SELECT COUNT(*) AS n FROM migration").await > 1);
    assert_eq!(count(&store, "SELECT COUNT(*) AS n FROM ledger_drop WHERE filing = 1").await, 1);
    let source: Source = {
        let mut work = store.reading().await.unwrap();
        let row = work.one(sqlx::query("SELECT source FROM filing")).await.unwrap();
        super::super::columns::facts(&row, "source").unwrap()
    };
    assert_eq!(source.place(), "INBOX 7/9", "what was kept before accounts were can be read");
    // Fetched once more and known by its digest: nobody wrote down then which account it came from.
    let mailbox = "a@example.org".parse().unwrap();
    assert_eq!(store.unaccounted(&folder_of(&mailbox, ACCOUNT, "INBOX", 7), &[9]).await.unwrap(), [9]);
    assert_eq!(store.unaccounted(&folder_of(&mailbox, "", "INBOX", 7), &[9]).await.unwrap(), [0; 0]);
    assert_eq!(count(&store, "SELECT COUNT(*) AS n FROM filing_text").await, 1);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told_as_damage() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("skrynka.db"), b"this is not a database, whatever its name says".repeat(99))
        .unwrap();
    is(Store::open(folder.path()).await, "is damaged");
}

#[tokio::test]
async fn the_database_syncs_every_commit_and_keeps_its_references() {
    let place = empty().await;
    let mut work = place.writing().await.unwrap();
    for (pragma, column, expected) in
        [("PRAGMA synchronous", "synchronous", 2), ("PRAGMA foreign_keys", "foreign_keys", 1)]
    {
        let row = work.one(sqlx::query(pragma)).await.unwrap();
        assert_eq!(super::super::columns::value::<i64>(&row, column).unwrap(), expected, "{pragma}");
    }
    let row = work.one(sqlx::query("PRAGMA journal_mode")).await.unwrap();
    assert_eq!(super::super::columns::value::<String>(&row, "journal_mode").unwrap(), "wal");
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let place = empty().await;
    let mut work = place.reading().await.unwrap();
    is(work.script("DELETE FROM code").await, "cannot be written");
}

#[tokio::test]
async fn what_is_dropped_before_its_end_leaves_no_trace() {
    let place = furnished().await;
    let mut work = place.writing().await.unwrap();
    work.script("UPDATE branch SET name = 'half done'").await.unwrap();
    drop(work);
    assert_eq!(place.registry().await.unwrap(), registry_of_two());
}

#[tokio::test]
async fn a_store_that_was_never_closed_is_whole() {
    let Place { store, folder } = furnished().await;
    let letter = filing("centre@example.org", b"a letter", 1);
    let id = keep_and_file(&store, &letter).await;
    // As after a kill: the files as they are at this moment, write-ahead log and all.
    let elsewhere = TempDir::new().unwrap();
    for path in everything_in(folder.path()).iter().filter(|path| path.is_file()) {
        let to = elsewhere.path().join(path.strip_prefix(folder.path()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(path, to).unwrap();
    }
    let again = Store::open(elsewhere.path()).await.unwrap();
    assert_eq!(again.filed(&letter.mail.mailbox, &letter.mail.digest).await.unwrap(), Some(id));
    assert_eq!(again.blob(&letter.mail.digest).await.unwrap(), letter.mail.bytes);
}

#[tokio::test]
async fn a_blob_comes_back_as_it_was_kept() {
    let place = empty().await;
    for bytes in [b"".as_slice(), b"abc", &[0, 255].repeat(1_000_000)] {
        let digest = place.keep_blob(bytes).await.unwrap();
        assert_eq!(digest, Digest::of(bytes));
        assert_eq!(place.keep_blob(bytes).await.unwrap(), digest, "again");
        assert_eq!(place.blob(&digest).await.unwrap(), bytes);
    }
    assert_eq!(fs::read_dir(place.folder.path().join("blobs/incoming")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_keep_the_same_blob_at_once() {
    let place = empty().await;
    let keeping: Vec<_> = (0..20)
        .map(|_| {
            let store = place.store.clone();
            tokio::spawn(async move { store.keep_blob(b"the same").await.unwrap() })
        })
        .collect();
    for kept in keeping {
        assert_eq!(kept.await.unwrap(), Digest::of(b"the same"));
    }
    assert_eq!(place.blob(&Digest::of(b"the same")).await.unwrap(), b"the same");
}

#[tokio::test]
async fn damage_to_a_blob_is_noticed_and_named() {
    let place = empty().await;
    let digest = place.keep_blob(b"a signed copy").await.unwrap();
    let file = blob_file(&place, &digest);
    fs::write(&file, b"a forged copy").unwrap();
    is(place.blob(&digest).await, file.to_str().unwrap());
    place.keep_blob(b"a signed copy").await.unwrap();
    assert_eq!(place.blob(&digest).await.unwrap(), b"a signed copy", "kept anew, it is whole again");
    fs::remove_file(&file).unwrap();
    is(place.blob(&digest).await, "is missing");
}

#[tokio::test]
async fn a_half_written_blob_is_harmless_and_goes_when_nobody_else_has_the_store() {
    let place = empty().await;
    let digest = Digest::of(b"whole");
    let stray = place.folder.path().join(format!("blobs/incoming/{digest}.{}.0", std::process::id()));
    fs::write(&stray, b"who").unwrap();
    assert_eq!(place.keep_blob(b"whole").await.unwrap(), digest);
    assert_eq!(place.blob(&digest).await.unwrap(), b"whole");
    let beside = Store::open(place.folder.path()).await.unwrap();
    fs::write(&stray, b"who").unwrap();
    drop(Store::open(place.folder.path()).await.unwrap());
    assert!(stray.exists(), "another process may be writing it");
    let Place { store, folder } = place;
    for store in [store, beside] {
        store.close().await;
        drop(store);
    }
    let _again = Store::open(folder.path()).await.unwrap();
    assert!(!stray.exists());
}

#[tokio::test]
async fn a_locked_database_is_told_and_may_be_tried_again() {
    let place = empty().await;
    let _busy = place.writing().await.unwrap();
    let database = place.folder().database();
    let impatient =
        sqlx::sqlite::SqliteConnectOptions::new().filename(&database).busy_timeout(std::time::Duration::ZERO);
    let beside = sqlx::sqlite::SqlitePool::connect_with(impatient).await.unwrap();
    let refused = Work::begin(&beside, "BEGIN IMMEDIATE", database.clone()).await.map(|_| ());
    assert!(refused.as_ref().unwrap_err().retry());
    is(refused, &format!("`{}` is locked", database.display()));
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_half_filed() {
    let place = furnished().await;
    let mut work = place.writing().await.unwrap();
    work.script("PRAGMA max_page_count = 1").await.unwrap(); // held at the present size
    work.commit().await.unwrap();
    let mut letter = filing("centre@example.org", b"x", 1);
    letter.letter.subject = "x".repeat(1_000_000);
    place.keep_blob(&letter.mail.bytes).await.unwrap();
    let refused = place.file(&letter).await;
    assert!(refused.as_ref().unwrap_err().retry());
    is(refused, "no room left");
    assert_eq!(place.filed(&letter.mail.mailbox, &letter.mail.digest).await.unwrap(), None);
    letter.letter.subject.clear();
    let mut work = place.writing().await.unwrap();
    work.script("PRAGMA max_page_count = 1000000").await.unwrap();
    work.commit().await.unwrap();
    place.file(&letter).await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_the_database_itself_ended_does_not_spoil_the_next_one() {
    let place = empty().await;
    let mut work = place.writing().await.unwrap();
    // As SQLite does when the disk is full at the commit; what follows from our side finds nothing to roll back.
    work.script("ROLLBACK").await.unwrap();
    drop(work);
    place.apply_registry(&registry_of_two(), now()).await.unwrap();
    let mut work = place.reading().await.unwrap();
    work.script("ROLLBACK").await.unwrap();
    drop(work);
    assert_eq!(place.registry().await.unwrap(), registry_of_two());
}
