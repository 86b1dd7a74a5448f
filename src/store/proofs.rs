//! What verdicts rest on: kept once for all verdicts, under its digest, and never changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::columns::{number, parsed, unreadable, value, word};
use super::work::Work;
use super::{Store, StoreError, audit};
use crate::model::{Digest, FilingId, Proof, ProofKind, Timestamp};

/// What the audit keeps of an export. Where it was written to is not in it: a folder may be named after a visitor.
#[derive(Serialize)]
struct Exported {
    files: usize,
    sha256sums: Digest,
}

impl Store {
    /// What the newest verdict of each signed part rests on, by the place of its P7S. A part of which nothing was kept is
    /// not in the answer. Every object's bytes have the digest that it is kept under.
    ///
    /// # Errors
    /// When the database or a blob cannot be read; when an object is no longer what was kept.
    pub async fn proofs(&self, filing: FilingId) -> Result<BTreeMap<usize, Vec<Proof>>, StoreError> {
        let rows = {
            let mut work = self.reading().await?;
            let newest = sqlx::query(
                "SELECT verdict.p7s_at, proof.digest, proof.kind, proof.der, verdict_proof.role, verdict_proof.origin
                 FROM verdict_proof
                 JOIN verdict ON verdict.seq = verdict_proof.verdict
                 JOIN proof ON proof.digest = verdict_proof.digest
                 WHERE verdict.seq IN (SELECT MAX(seq) FROM verdict WHERE filing = $1 GROUP BY p7s_at)
                 ORDER BY verdict.p7s_at, verdict_proof.place",
            )
            .bind(filing.0);
            work.all(newest).await?
        };
        let mut kept: BTreeMap<usize, Vec<Proof>> = BTreeMap::new();
        for row in rows {
            let proof = self.read(&row).await?;
            kept.entry(place(&row)?).or_default().push(proof);
        }
        Ok(kept)
    }

    /// Notes that what a filing's verdicts rest on is written out for others: how many files, and the digest of their sums.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing should be handed out.
    pub async fn note_export(
        &self,
        filing: FilingId,
        files: usize,
        sums: Digest,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        let fact = Exported { files, sha256sums: sums };
        audit::note(&mut work, at, "evidence.exported", &format!("filing {filing}"), &fact).await?;
        work.commit().await
    }

    /// Keeps the lists among the objects as blobs, as [`Store::keep_blob`] does, before a verdict names them. One that is
    /// kept already costs a question.
    pub(super) async fn keep_lists(&self, proofs: impl Iterator<Item = &Proof>) -> Result<(), StoreError> {
        for list in proofs.filter(|proof| is_blob(proof.kind)) {
            let known = sqlx::query("SELECT 1 FROM proof WHERE digest = $1").bind(list.digest.to_string());
            if self.reading().await?.maybe(known).await?.is_none() {
                self.keep_blob(&list.der).await?;
            }
        }
        Ok(())
    }

    async fn read(&self, row: &SqliteRow) -> Result<Proof, StoreError> {
        let digest: Digest = parsed(row, "digest")?;
        let der = match value::<Option<Vec<u8>>>(row, "der")? {
            Some(der) => sound(digest, der)?,
            None => self.blob(&digest).await?,
        };
        let (kind, role, origin) = (word(row, "kind")?, word(row, "role")?, word(row, "origin")?);
        Ok(Proof { kind, role, origin, digest, der: Arc::from(der) })
    }
}

fn place(row: &SqliteRow) -> Result<usize, StoreError> {
    usize::try_from(value::<i64>(row, "p7s_at")?).map_err(|error| unreadable("p7s_at", &error))
}

/// The bytes, if they are still those that were kept.
pub(super) fn sound(digest: Digest, der: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    if Digest::of(&der) == digest {
        return Ok(der);
    }
    Err(unreadable("proof.der", &format!("the bytes of {digest} no longer have this digest")))
}

/// Writes what a verdict rests on, in its own transaction. Lists must be kept as blobs before ([`Store::keep_lists`]).
pub(super) async fn insert(work: &mut Work, verdict: i64, proofs: &[Proof]) -> Result<(), StoreError> {
    for (place, proof) in proofs.iter().enumerate() {
        let object = sqlx::query(
            "INSERT INTO proof (digest, kind, der) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(proof.digest.to_string())
        .bind(proof.kind.word())
        .bind((!is_blob(proof.kind)).then_some(&*proof.der));
        work.run(object).await?;
        let link = sqlx::query(
            "INSERT INTO verdict_proof (verdict, place, digest, role, origin) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(verdict)
        .bind(number(place))
        .bind(proof.digest.to_string())
        .bind(proof.role.word())
        .bind(proof.origin.word());
        work.run(link).await?;
    }
    Ok(())
}

/// Whether the bytes of this kind are in a blob: lists have megabytes, and a backup copies a blob once.
const fn is_blob(kind: ProofKind) -> bool {
    matches!(kind, ProofKind::Crl)
}
