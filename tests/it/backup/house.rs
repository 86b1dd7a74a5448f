//! A store with letters in it, without a mail server.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use skrynka::model::{Clock, Digest, Policy, RawMail, Source};
use skrynka::parse;
use skrynka::pipeline::{Pipeline, Rules};
use skrynka::store::Store;
use skrynka::verify::Trust;

use crate::program::{Desk, Noon, Said};

pub(super) struct House {
    pub(super) desk: Desk,
}

impl House {
    /// A registry and so many letters.
    pub(super) fn with_letters(letters: u32) -> Self {
        let house = Self { desk: Desk::with_registry() };
        house.file(0..letters);
        house
    }

    pub(super) fn path(&self) -> &Path {
        self.desk.path()
    }

    pub(super) fn store(&self) -> PathBuf {
        self.path().join("store")
    }

    /// Files letters with these numbers, as the daemon does.
    pub(super) fn file(&self, numbers: Range<u32>) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = Store::open(&self.store()).await.unwrap();
            let (trust, _) = Trust::from_files(std::iter::empty());
            let pipeline = Pipeline::new(
                store.clone(),
                Rules::new(Arc::new(trust), Policy::default(), parse::Limits::default()),
                Arc::new(Noon),
            );
            for number in numbers {
                pipeline.process(mail(number)).await.unwrap();
            }
            store.close().await;
        });
    }

    pub(super) fn backup(&self, to: &Path) -> Said {
        self.desk.run(&["backup", to.to_str().unwrap(), "--json"])
    }

    pub(super) fn restore(&self, from: &Path, to: &Path) -> Said {
        self.desk.run(&["restore", from.to_str().unwrap(), "--to", to.to_str().unwrap()])
    }

    /// Runs statements on the database, past the program.
    pub(super) fn sql(&self, script: &'static str) {
        let file = self.store().join("skrynka.db");
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).foreign_keys(false);
            let pool = sqlx::sqlite::SqlitePool::connect_with(options).await.unwrap();
            sqlx::raw_sql(script).execute(&pool).await.unwrap();
            pool.close().await;
        });
    }
}

/// A signed fixture, made another letter by its subject.
pub(super) fn mail(number: u32) -> RawMail {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mail/good/detached.eml");
    let mut bytes = format!("X-Number: {number}\r\n").into_bytes();
    bytes.extend(fs::read(fixture).unwrap());
    RawMail {
        mailbox: "cnap@example.org".parse().unwrap(),
        source: Source::Imap {
            account: String::new(),
            folder: "INBOX".to_owned(),
            uid_validity: 7,
            uid: number + 1,
        },
        received_at: Noon.now(),
        digest: Digest::of(&bytes),
        bytes,
    }
}

/// The file of a letter's bytes in a store or a backup.
pub(super) fn blob(folder: &Path, number: u32) -> PathBuf {
    let name = mail(number).digest.to_string();
    folder.join("blobs").join(&name[..2]).join(&name[2..])
}

/// Turns one bit over.
pub(super) fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}

/// A folder with everything below it.
pub(super) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_in(&path));
        } else {
            found.push(path);
        }
    }
    found
}
