//! What was fetched for verdicts, on a shelf of bounded age and size. A cache: what a verdict rests on is kept with it.

use std::time::Duration;

use sqlx::sqlite::SqliteRow;

use super::columns::{moment, moment_maybe, number, unreadable, value};
use super::work::Work;
use super::{Store, StoreError};
use crate::model::{Digest, Need, NeedKind, Timestamp};

/// The most octets on the shelf: the full lists of thirty authorities of some megabytes each, and a hundred thousand
/// OCSP responses. Beyond it, what was wanted longest ago goes.
pub const SHELF_BYTES_MAX: i64 = 512 * 1024 * 1024;

/// What nobody wanted for so long goes: longer than the window in which verdicts are judged again by default.
pub const SHELF_AGE_MAX: Duration = Duration::from_secs(45 * 24 * 60 * 60);

/// Wants are written down to the hour, so that a hundred letters are one write.
const WANTED_EVERY: Duration = Duration::from_secs(60 * 60);

/// An authority that was met within this time is likely to be met again.
const MET_WITHIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An OCSP response that letters wanted in so many different hours is of a seal that is met again, not of one citizen.
const OCSP_WANTED_MIN: i64 = 3;

/// The least time before nextUpdate at which a newer one is asked for. Else a quarter of its whole time.
const RENEWED_BEFORE_MIN: Duration = Duration::from_secs(60 * 60);

/// An answer that promises no newer one is asked for again after this.
const RENEWED_UNTOLD: Duration = Duration::from_secs(6 * 60 * 60);

/// An answer on the shelf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shelved {
    /// As it came.
    pub bytes: Vec<u8>,
    /// What is known of its age.
    pub terms: ShelvedTerms,
}

/// What is known of an answer's age.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShelvedTerms {
    /// When these bytes came.
    pub fetched_at: Timestamp,
    /// When the server last said that they are what it has.
    pub confirmed_at: Timestamp,
    /// Until when nobody asks again.
    pub fresh_until: Timestamp,
    /// When its issuer promises a newer one.
    pub next_update: Option<Timestamp>,
    /// The server's ETag.
    pub etag: Option<String>,
    /// The server's Last-Modified.
    pub last_modified: Option<String>,
}

impl Store {
    /// What was kept for a need, at `now`, which is remembered as wanted then.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn shelved(&self, need: &Need, now: Timestamp) -> Result<Option<Shelved>, StoreError> {
        let key = need.key().to_string();
        let one = sqlx::query("SELECT * FROM evidence_shelf WHERE key = $1").bind(&key);
        let Some(row) = self.reading().await?.maybe(one).await? else { return Ok(None) };
        let shelved = Shelved { bytes: value(&row, "bytes")?, terms: terms(&row)? };
        if later(moment(&row, "wanted_at")?, WANTED_EVERY) <= now {
            let want = "UPDATE evidence_shelf SET wanted_at = $2, wanted = wanted + 1 WHERE key = $1";
            let mut work = self.writing().await?;
            work.run(sqlx::query(want).bind(&key).bind(now.as_microsecond())).await?;
            work.commit().await?;
        }
        Ok(Some(shelved))
    }

    /// Whether there is something for a need.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_shelved(&self, need: &Need) -> Result<bool, StoreError> {
        let one = sqlx::query("SELECT 1 FROM evidence_shelf WHERE key = $1").bind(need.key().to_string());
        Ok(self.reading().await?.maybe(one).await?.is_some())
    }

    /// Keeps an answer in place of an earlier one. What there is no room for any more goes.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn shelve(&self, need: &Need, shelved: &Shelved) -> Result<(), StoreError> {
        let Shelved { bytes, terms } = shelved;
        let request = if let Need::Ocsp { request, .. } = need { Some(request.as_slice()) } else { None };
        let keep = sqlx::query(
            "INSERT INTO evidence_shelf (key, kind, url, request, bytes, fetched_at, confirmed_at, fresh_until,
                 next_update, etag, last_modified, wanted_at, wanted)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $6, 1)
             ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes, fetched_at = excluded.fetched_at,
                 confirmed_at = excluded.confirmed_at, fresh_until = excluded.fresh_until,
                 next_update = excluded.next_update, etag = excluded.etag, last_modified = excluded.last_modified",
        )
        .bind(need.key().to_string())
        .bind(need.kind().word())
        .bind(need.url())
        .bind(request)
        .bind(bytes.as_slice())
        .bind(terms.fetched_at.as_microsecond())
        .bind(terms.confirmed_at.as_microsecond())
        .bind(terms.fresh_until.as_microsecond())
        .bind(terms.next_update.map(Timestamp::as_microsecond))
        .bind(&terms.etag)
        .bind(&terms.last_modified);
        let mut work = self.writing().await?;
        work.run(keep).await?;
        sweep(&mut work, &need.key(), SHELF_BYTES_MAX).await?;
        work.commit().await
    }

    /// New terms for what is kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn renew_shelved(&self, need: &Need, terms: &ShelvedTerms) -> Result<(), StoreError> {
        let renew = sqlx::query(
            "UPDATE evidence_shelf SET confirmed_at = $2, fresh_until = $3, next_update = $4, etag = $5,
                 last_modified = $6 WHERE key = $1",
        )
        .bind(need.key().to_string())
        .bind(terms.confirmed_at.as_microsecond())
        .bind(terms.fresh_until.as_microsecond())
        .bind(terms.next_update.map(Timestamp::as_microsecond))
        .bind(&terms.etag)
        .bind(&terms.last_modified);
        let mut work = self.writing().await?;
        work.run(renew).await?;
        work.commit().await
    }

    /// What should be asked for again at `now`, before it ends: lists of authorities that were met lately, and OCSP
    /// responses about certificates that are met often. At most `limit`, what ends first first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn shelf_due(&self, now: Timestamp, limit: u32) -> Result<Vec<Need>, StoreError> {
        let due = sqlx::query(
            "SELECT kind, url, request FROM evidence_shelf
             WHERE wanted_at >= $2 AND (kind = 'crl' OR (kind = 'ocsp' AND wanted >= $3))
               AND CASE WHEN next_update IS NULL THEN confirmed_at + $4 <= $1
                        ELSE next_update - MAX($5, (next_update - confirmed_at) / 4) <= $1 END
             ORDER BY COALESCE(next_update, confirmed_at), key LIMIT $6",
        )
        .bind(now.as_microsecond())
        .bind(earlier(now, MET_WITHIN).as_microsecond())
        .bind(OCSP_WANTED_MIN)
        .bind(microseconds(RENEWED_UNTOLD))
        .bind(microseconds(RENEWED_BEFORE_MIN))
        .bind(limit);
        self.reading().await?.all(due).await?.iter().map(need).collect()
    }

    /// Takes away what nobody wanted for [`SHELF_AGE_MAX`].
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep_shelf(&self, now: Timestamp) -> Result<u64, StoreError> {
        let old = sqlx::query("DELETE FROM evidence_shelf WHERE wanted_at < $1 AND confirmed_at < $1");
        let mut work = self.writing().await?;
        let gone = work.run(old.bind(earlier(now, SHELF_AGE_MAX).as_microsecond())).await?;
        work.commit().await?;
        Ok(gone)
    }
}

/// Takes away what was wanted longest ago until the rest has room; never what was just put.
async fn sweep(work: &mut Work, put: &Digest, bytes_max: i64) -> Result<(), StoreError> {
    let sum = "SELECT COALESCE(SUM(LENGTH(bytes)), 0) AS total FROM evidence_shelf";
    if value::<i64>(&work.one(sqlx::query(sum)).await?, "total")? <= bytes_max {
        return Ok(());
    }
    let beyond = sqlx::query(
        "DELETE FROM evidence_shelf WHERE key <> $1 AND key IN (
             SELECT key FROM (
                 SELECT key, SUM(LENGTH(bytes)) OVER (ORDER BY key <> $1, wanted_at DESC, key) AS up_to
                 FROM evidence_shelf
             ) AS shelf WHERE up_to > $2
         )",
    );
    work.run(beyond.bind(put.to_string()).bind(bytes_max)).await?;
    Ok(())
}

fn terms(row: &SqliteRow) -> Result<ShelvedTerms, StoreError> {
    Ok(ShelvedTerms {
        fetched_at: moment(row, "fetched_at")?,
        confirmed_at: moment(row, "confirmed_at")?,
        fresh_until: moment(row, "fresh_until")?,
        next_update: moment_maybe(row, "next_update")?,
        etag: value(row, "etag")?,
        last_modified: value(row, "last_modified")?,
    })
}

fn need(row: &SqliteRow) -> Result<Need, StoreError> {
    let url: String = value(row, "url")?;
    let kind: &str = value(row, "kind")?;
    match [NeedKind::Ocsp, NeedKind::Crl, NeedKind::Issuer].into_iter().find(|known| known.word() == kind) {
        Some(NeedKind::Ocsp) => Ok(Need::Ocsp { url, request: value(row, "request")? }),
        Some(NeedKind::Crl) => Ok(Need::Crl { url }),
        Some(NeedKind::Issuer) => Ok(Need::Issuer { url }),
        None => Err(unreadable("kind", &kind)),
    }
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn earlier(moment: Timestamp, by: Duration) -> Timestamp {
    moment.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn microseconds(time: Duration) -> i64 {
    number(usize::try_from(time.as_micros()).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::TempDir::new().unwrap();
        (Store::open(folder.path()).await.unwrap(), folder)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn list(name: &str) -> Need {
        Need::Crl { url: format!("http://ca.test/{name}.crl") }
    }

    fn shelved(fetched_at: &str, next_update: Option<&str>) -> Shelved {
        let fetched_at = at(fetched_at);
        Shelved {
            bytes: vec![7; 1000],
            terms: ShelvedTerms {
                fetched_at,
                confirmed_at: fetched_at,
                fresh_until: later(fetched_at, Duration::from_secs(3600)),
                next_update: next_update.map(at),
                etag: Some("\"1\"".to_owned()),
                last_modified: None,
            },
        }
    }

    #[tokio::test]
    async fn what_is_put_is_found_and_a_renewal_touches_no_bytes() {
        let (store, _folder) = store().await;
        let now = at("2026-03-01T00:30:00Z");
        let need = Need::Ocsp { url: "http://ca.test/".to_owned(), request: vec![1, 2] };
        assert_eq!(store.shelved(&need, now).await.unwrap(), None);
        let kept = shelved("2026-03-01T00:00:00Z", None);
        store.shelve(&need, &kept).await.unwrap();
        assert_eq!(store.shelved(&need, now).await.unwrap().as_ref(), Some(&kept));
        let terms = ShelvedTerms { confirmed_at: now, etag: None, ..kept.terms.clone() };
        store.renew_shelved(&need, &terms).await.unwrap();
        assert_eq!(store.shelved(&need, now).await.unwrap(), Some(Shelved { terms, ..kept }));
        assert!(!store.is_shelved(&list("other")).await.unwrap());
    }

    #[tokio::test]
    async fn lists_are_due_before_their_next_update_and_responses_only_if_met_often() {
        let (store, _folder) = store().await;
        let ocsp = Need::Ocsp { url: "http://ca.test/".to_owned(), request: vec![1] };
        for need in [&list("a"), &ocsp] {
            store.shelve(need, &shelved("2026-03-01T00:00:00Z", Some("2026-03-02T00:00:00Z"))).await.unwrap();
        }
        store.shelve(&list("untold"), &shelved("2026-03-01T16:00:00Z", None)).await.unwrap();
        let due = async |now| store.shelf_due(at(now), 10).await.unwrap();
        assert_eq!(due("2026-03-01T17:59:59Z").await, []);
        assert_eq!(due("2026-03-01T18:00:00Z").await, [list("a")]);
        assert_eq!(due("2026-03-01T22:00:00Z").await, [list("untold"), list("a")]);
        for hour in ["2026-03-01T02:00:00Z", "2026-03-01T02:30:00Z", "2026-03-01T04:00:00Z"] {
            store.shelved(&ocsp, at(hour)).await.unwrap();
        }
        assert_eq!(due("2026-03-01T18:00:00Z").await.len(), 2, "wanted in three different hours");
        assert_eq!(due("2026-03-20T00:00:00Z").await, [], "nobody met that authority for a week");
    }

    #[tokio::test]
    async fn what_nobody_wanted_for_long_goes_and_what_has_no_room_goes_oldest_first() {
        let (store, _folder) = store().await;
        store.shelve(&list("old"), &shelved("2026-01-01T00:00:00Z", None)).await.unwrap();
        store.shelve(&list("middle"), &shelved("2026-03-01T00:00:00Z", None)).await.unwrap();
        store.shelve(&list("new"), &shelved("2026-03-02T00:00:00Z", None)).await.unwrap();
        let mut work = store.writing().await.unwrap();
        sweep(&mut work, &list("old").key(), 2500).await.unwrap();
        work.commit().await.unwrap();
        let names = async || {
            let mut there = Vec::new();
            for name in ["old", "middle", "new"] {
                if store.is_shelved(&list(name)).await.unwrap() {
                    there.push(name);
                }
            }
            there
        };
        assert_eq!(names().await, ["old", "new"], "what was just put stays");
        assert_eq!(store.sweep_shelf(at("2026-03-02T00:00:00Z")).await.unwrap(), 1);
        assert_eq!(names().await, ["new"]);
    }
}
