//! Who changed what and when: a line in the same transaction as the change, never altered.

use serde::Serialize;

use super::StoreError;
use super::columns::as_json;
use super::work::Work;
use crate::model::Timestamp;

/// Adds a line. `subject` is a kind and a key (`code 7`); `detail` holds facts of our own house, nothing that
/// a visitor wrote.
pub(super) async fn note(
    work: &mut Work,
    at: Timestamp,
    action: &str,
    subject: &str,
    detail: &impl Serialize,
) -> Result<(), StoreError> {
    let line = sqlx::query("INSERT INTO audit (at, action, subject, detail) VALUES ($1, $2, $3, $4)")
        .bind(at.as_microsecond())
        .bind(action)
        .bind(subject)
        .bind(as_json(detail, "detail")?);
    work.run(line).await.map(|_| ())
}
