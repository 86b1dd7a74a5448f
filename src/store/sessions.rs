//! Who is signed in: sessions known by the SHA-256 of a secret that only the browser has.

use super::columns::value;
use super::people::{by_id, subject};
use super::{Store, StoreError, audit};
use crate::model::{Digest, Person, PersonId, Timestamp};

/// How exactly it is known when a session was last used: a page is then no write to the disk each time.
const SEEN_EXACTNESS_MICROS: i64 = 60 * 1_000_000;

/// Moments before which a session is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionLimits {
    /// Last used before this.
    pub seen_since: Timestamp,
    /// Begun before this.
    pub begun_since: Timestamp,
}

impl Store {
    /// Begins a session; those that are over are forgotten on the way.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_session(
        &self,
        person: PersonId,
        secret: &Digest,
        limits: SessionLimits,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        let over = sqlx::query("DELETE FROM web_session WHERE seen_at < $1 OR begun_at < $2")
            .bind(limits.seen_since.as_microsecond())
            .bind(limits.begun_since.as_microsecond());
        work.run(over).await?;
        let row = sqlx::query(
            "INSERT INTO web_session (digest, person, begun_at, seen_at) VALUES ($1, $2, $3, $3)",
        )
        .bind(secret.to_string())
        .bind(person.0)
        .bind(now.as_microsecond());
        work.run(row).await?;
        audit::note(&mut work, now, "person.signed_in", &subject(person), &()).await?;
        work.commit().await
    }

    /// Who is signed in with this secret within the limits; `is_used`: which keeps the session from growing idle.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn session(
        &self,
        secret: &Digest,
        limits: SessionLimits,
        is_used: bool,
        now: Timestamp,
    ) -> Result<Option<Person>, StoreError> {
        let mut work = self.reading().await?;
        let row = sqlx::query(
            "SELECT person, seen_at FROM web_session
             JOIN person ON person.id = web_session.person AND person.disabled_at IS NULL
             WHERE digest = $1 AND seen_at >= $2 AND begun_at >= $3",
        )
        .bind(secret.to_string())
        .bind(limits.seen_since.as_microsecond())
        .bind(limits.begun_since.as_microsecond());
        let Some(row) = work.maybe(row).await? else { return Ok(None) };
        let person = by_id(&mut work, PersonId(value(&row, "person")?)).await?;
        drop(work);
        let seen_at: i64 = value(&row, "seen_at")?;
        if is_used && now.as_microsecond().saturating_sub(seen_at) >= SEEN_EXACTNESS_MICROS {
            let mut work = self.writing().await?;
            let seen = sqlx::query("UPDATE web_session SET seen_at = $2 WHERE digest = $1 AND seen_at < $2");
            work.run(seen.bind(secret.to_string()).bind(now.as_microsecond())).await?;
            work.commit().await?;
        }
        Ok(Some(person))
    }

    /// Ends one session, or every session of its person.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_session(
        &self,
        secret: &Digest,
        everywhere: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        let whose = sqlx::query("SELECT person FROM web_session WHERE digest = $1").bind(secret.to_string());
        let Some(row) = work.maybe(whose).await? else { return Ok(()) };
        let person = PersonId(value(&row, "person")?);
        if everywhere {
            work.run(sqlx::query("DELETE FROM web_session WHERE person = $1").bind(person.0)).await?;
        } else {
            let one = sqlx::query("DELETE FROM web_session WHERE digest = $1");
            work.run(one.bind(secret.to_string())).await?;
        }
        let action = if everywhere { "person.signed_out_everywhere" } else { "person.signed_out" };
        audit::note(&mut work, now, action, &subject(person), &()).await?;
        work.commit().await
    }
}
