//! Numbered migrations → a database of the newest shape. They only go forward.

use super::work::Work;
use super::{Store, StoreError, columns};

/// Every migration, in order; one that has been released is never edited, a new one is added.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("migrations/0001_house.sql")),
    (2, include_str!("migrations/0002_filing_text.sql")),
    (3, include_str!("migrations/0003_notices.sql")),
    (5, include_str!("migrations/0005_quarantine.sql")),
    (6, include_str!("migrations/0006_incident.sql")),
    (7, include_str!("migrations/0007_evidence_shelf.sql")),
    (8, include_str!("migrations/0008_proof.sql")),
    (9, include_str!("migrations/0009_review.sql")),
    (10, include_str!("migrations/0010_tiding.sql")),
    (11, include_str!("migrations/0011_reading.sql")),
    (13, include_str!("migrations/0013_drawn_letters.sql")),
    (14, include_str!("migrations/0014_people.sql")),
    (15, include_str!("migrations/0015_light.sql")),
    (16, include_str!("migrations/0016_visit.sql")),
];

/// Brings the database to the newest shape, all or nothing.
///
/// # Errors
/// When the database was made by a newer program.
pub(super) async fn migrate(store: &Store) -> Result<(), StoreError> {
    let mut work = store.writing().await?;
    work.script("CREATE TABLE IF NOT EXISTS migration (version INTEGER NOT NULL PRIMARY KEY) STRICT").await?;
    let found = version(&mut work).await?;
    let known = newest();
    if found > known {
        return Err(StoreError::NewerSchema { database: store.folder().database(), found, known });
    }
    for (version, script) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        work.script(script).await?;
        work.run(sqlx::query("INSERT INTO migration (version) VALUES ($1)").bind(version)).await?;
    }
    work.commit().await
}

/// The newest schema that this program knows.
pub(super) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, _)| *version)
}

/// The schema of a database.
pub(super) async fn version(work: &mut Work) -> Result<i64, StoreError> {
    let row = work.one(sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM migration")).await?;
    columns::value(&row, "version")
}
