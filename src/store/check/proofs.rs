//! Everything that verdicts rest on → whether its bytes are those that were kept. Lists are blobs, and checked as these.

use super::{Checked, RESTORE};
use crate::model::{Digest, ProofKind, ProofOrigin, ProofRole};
use crate::store::columns::{parsed, value, word};
use crate::store::proofs::sound;
use crate::store::{Store, StoreError};

/// Objects that are read at once: a few kilobytes each.
const PAGE: u32 = 500;

impl Store {
    /// One line: each object is read and has its digest, each use of one says what it did. That every object that a
    /// verdict names is there is checked with the references between tables.
    pub(super) async fn check_proofs(&self) -> Checked {
        let mut line = Checked::new("what verdicts rest on", RESTORE);
        let done = async {
            let mut after = String::new();
            while let Some(last) = self.check_objects(&mut line, &after).await? {
                after = last;
            }
            self.check_uses(&mut line).await
        };
        let done = done.await;
        line.unless_failed(done);
        line
    }

    /// Reads the objects that follow `after`; returns the last one's digest.
    async fn check_objects(&self, line: &mut Checked, after: &str) -> Result<Option<String>, StoreError> {
        let page = sqlx::query("SELECT * FROM proof WHERE digest > $1 ORDER BY digest LIMIT $2");
        let page = self.reading().await?.all(page.bind(after).bind(PAGE)).await?;
        let mut last = None;
        for row in &page {
            line.count += 1;
            let name: String = value(row, "digest")?;
            let read = parsed::<Digest>(row, "digest").and_then(|digest| {
                word::<ProofKind>(row, "kind")?;
                value::<Option<Vec<u8>>>(row, "der")?.map(|der| sound(digest, der)).transpose()
            });
            if let Err(error) = read {
                line.wrong(format!("{name}: {error}"));
            }
            last = Some(name);
        }
        Ok(last)
    }

    async fn check_uses(&self, line: &mut Checked) -> Result<(), StoreError> {
        let words = sqlx::query("SELECT DISTINCT role, origin FROM verdict_proof");
        for row in self.reading().await?.all(words).await? {
            let read = word::<ProofRole>(&row, "role").and_then(|_| word::<ProofOrigin>(&row, "origin"));
            if let Err(error) = read {
                line.wrong(error.to_string());
            }
        }
        Ok(())
    }
}
