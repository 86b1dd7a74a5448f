//! The store as it lies → what was checked, how many of it, what is wrong, and what to do.
//!
//! It runs beside the daemon: every question that compares two things asks for both in one statement, or for the later
//! one first, so that a letter which is being filed is never told as a fault. Nothing is changed.

mod files;
mod proofs;
mod readings;
mod rows;

use serde::Serialize;

use super::columns::value;
use super::work::{Statement, Work};
use super::{Store, StoreError, dialect};

/// Faults of one kind that are named; the rest is counted.
const NAMED_MAX: usize = 20;

/// How deep to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Blobs are there.
    Present,
    /// Blobs are read, and their bytes have the digest of their name.
    Digests,
}

/// One thing that was checked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Checked {
    /// What.
    pub what: &'static str,
    /// How many of it.
    pub count: u64,
    /// How many are wrong.
    pub wrong: u64,
    /// The first of them, each named with its fault.
    pub faults: Vec<String>,
    /// What to do when something is wrong.
    pub remedy: &'static str,
    /// What is worth knowing and is no fault.
    pub notes: Vec<String>,
}

impl Checked {
    fn new(what: &'static str, remedy: &'static str) -> Self {
        Self { what, count: 0, wrong: 0, faults: Vec::new(), remedy, notes: Vec::new() }
    }

    fn wrong(&mut self, fault: impl Into<String>) {
        self.wrong += 1;
        if self.faults.len() < NAMED_MAX {
            self.faults.push(fault.into());
        }
    }

    /// A question that could not be answered is a fault too.
    fn unless_failed(&mut self, done: Result<(), StoreError>) {
        if let Err(error) = done {
            self.wrong(error.to_string());
        }
    }
}

const RESTORE: &str = "stop the daemon and restore a backup into a new folder (`skrynka restore`)";
const FETCH_BLOB: &str = "copy the file of the same name from the `blobs` of a backup";
const SEARCH_ONLY: &str = "the letters are safe and in the list, only search misses them; restore a backup";
const CLOSE: &str = "take the rights of others away: `chmod -R go= FOLDER`";

impl Store {
    /// Checks everything that is kept.
    pub async fn check(&self, depth: Depth) -> Vec<Checked> {
        let mut lines = vec![self.check_pages().await, self.check_references().await];
        lines.extend(self.check_rows().await);
        lines.push(self.check_proofs().await);
        lines.extend(self.check_readings().await);
        for (what, remedy, questions) in [
            ("search index", SEARCH_ONLY, &INDEX[..]),
            ("ledger places", RESTORE, &LEDGER[..]),
            ("audit lines", RESTORE, &AUDIT[..]),
        ] {
            let mut line = Checked::new(what, remedy);
            let done = self.ask(&mut line, questions).await;
            line.unless_failed(done);
            lines.push(line);
        }
        lines.push(self.check_registry().await);
        lines.push(self.check_codes().await);
        lines.push(self.check_blobs(depth).await);
        lines.push(self.check_rights().await);
        lines
    }

    async fn check_pages(&self) -> Checked {
        let mut line = Checked::new("database pages", RESTORE);
        let done = async {
            let mut work = self.reading().await?;
            line.count =
                count(&mut work, sqlx::query("SELECT page_count AS n FROM pragma_page_count")).await?;
            for fault in unsound(&mut work).await? {
                line.wrong(fault);
            }
            Ok(())
        };
        let done = done.await;
        line.unless_failed(done);
        line
    }

    async fn check_references(&self) -> Checked {
        let mut line = Checked::new("references between tables", RESTORE);
        let done = async {
            let mut work = self.reading().await?;
            let keys = "SELECT COUNT(*) AS n FROM sqlite_schema, pragma_foreign_key_list(sqlite_schema.name)
                        WHERE sqlite_schema.type = 'table'";
            line.count = count(&mut work, sqlx::query(keys)).await?;
            for row in work.all(sqlx::query("PRAGMA foreign_key_check")).await? {
                let (table, parent): (String, String) = (value(&row, "table")?, value(&row, "parent")?);
                line.wrong(format!("a row of `{table}` names a `{parent}` that is not there"));
            }
            Ok(())
        };
        let done = done.await;
        line.unless_failed(done);
        line
    }

    async fn check_registry(&self) -> Checked {
        let mut line = Checked::new("registry entries", RESTORE);
        let done = async {
            for registry in [self.registry().await?, self.closed_registry().await?] {
                let entries =
                    registry.organisations.len() + registry.branches.len() + registry.services.len();
                line.count += u64::try_from(entries).unwrap_or(u64::MAX);
            }
            Ok(())
        };
        let done = done.await;
        line.unless_failed(done);
        line
    }

    async fn check_codes(&self) -> Checked {
        let mut line = Checked::new("codes", RESTORE);
        let done = async {
            line.count = u64::try_from(self.codes().await?.len()).unwrap_or(u64::MAX);
            self.ask(&mut line, &CODES).await
        };
        let done = done.await;
        line.unless_failed(done);
        line
    }

    /// Puts questions whose every answer is the key of something wrong.
    async fn ask(&self, line: &mut Checked, questions: &[Question]) -> Result<(), StoreError> {
        let mut work = self.reading().await?;
        for Question { sql, fault } in questions {
            if fault.is_empty() {
                line.count = count(&mut work, sqlx::query(*sql)).await?;
                continue;
            }
            for row in work.all(sqlx::query(*sql)).await? {
                let key: i64 = value(&row, "id")?;
                line.wrong(fault.replace("{}", &key.to_string()));
            }
        }
        Ok(())
    }
}

/// A statement that finds what is wrong by number (`id`), and the words for it; without words, one that counts (`n`).
struct Question {
    sql: &'static str,
    fault: &'static str,
}

const INDEX: [Question; 4] = [
    Question { sql: dialect::INDEX_COUNT, fault: "" },
    Question { sql: dialect::UNINDEXED, fault: "filing {} is not in the search index" },
    Question { sql: dialect::WORDLESS, fault: "the words of filing {} are missing" },
    Question {
        sql: dialect::INDEXED_WITHOUT_FILING,
        fault: "the search index knows a filing {} that is not there",
    },
];

const LEDGER: [Question; 4] = [
    Question {
        sql: "SELECT (SELECT COUNT(*) FROM ledger_imap) + (SELECT COUNT(*) FROM ledger_drop) AS n",
        fault: "",
    },
    Question {
        sql: "SELECT id FROM filing WHERE NOT EXISTS (SELECT 1 FROM ledger_imap WHERE filing = filing.id)
                  AND NOT EXISTS (SELECT 1 FROM ledger_drop WHERE filing = filing.id) ORDER BY id",
        fault: "filing {} has no place in the ledger: its letter would be fetched again",
    },
    Question {
        sql: "SELECT DISTINCT filing.id FROM ledger_imap JOIN filing ON filing.id = ledger_imap.filing
              WHERE ledger_imap.mailbox <> filing.mailbox ORDER BY filing.id",
        fault: "a letter of another mailbox is accounted for by filing {}",
    },
    Question {
        sql: "SELECT DISTINCT filing.id FROM ledger_drop JOIN filing ON filing.id = ledger_drop.filing
              WHERE ledger_drop.mailbox <> filing.mailbox OR ledger_drop.digest <> filing.digest
              ORDER BY filing.id",
        fault: "a file of other bytes or of another mailbox is accounted for by filing {}",
    },
];

const AUDIT: [Question; 2] = [
    Question { sql: "SELECT COUNT(*) AS n FROM audit", fault: "" },
    Question {
        sql:
            "SELECT id FROM filing WHERE NOT EXISTS (SELECT 1 FROM audit
                  WHERE audit.subject = 'filing ' || filing.id AND audit.action = 'filing.filed') ORDER BY id",
        fault: "filing {} has no line in the audit",
    },
];

const CODES: [Question; 1] = [Question {
    sql: "SELECT id FROM code WHERE NOT EXISTS (SELECT 1 FROM session WHERE session.code = code.id) ORDER BY id",
    fault: "code {} has no session: no letter can be matched to it",
}];

/// What SQLite finds wrong with the database's pages and indexes, the search index included; empty when it is sound.
pub(super) async fn unsound(work: &mut Work) -> Result<Vec<String>, StoreError> {
    let rows = work.all(sqlx::query("PRAGMA integrity_check")).await?;
    let said: Vec<String> = rows.iter().map(|row| value(row, "integrity_check")).collect::<Result<_, _>>()?;
    Ok(said.into_iter().filter(|word| word != "ok").collect())
}

async fn count(work: &mut Work, statement: Statement<'_>) -> Result<u64, StoreError> {
    let n: i64 = value(&work.one(statement).await?, "n")?;
    Ok(u64::try_from(n).unwrap_or_default())
}
