//! `[evidence]` and the store → a fetcher with its shelf and reader.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use crate::config::Config;
use crate::evidence::{Fetcher, Kept, Proxy, Reader, Settings, Shelf, ShelfError, Terms};
use crate::model::{Clock, Need, Timestamp};
use crate::store::{Shelved, ShelvedTerms, Store, StoreError};
use crate::supervise::unless_stopped;
use crate::verify;

/// The store as a shelf.
#[derive(Clone)]
pub struct StoreShelf {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// Dates answers by the judge's own parsers.
struct Parsers;

/// How evidence is fetched by this configuration.
///
/// # Errors
/// When an address, the proxy or the `ca_file` cannot be used.
pub fn settings(config: &Config) -> anyhow::Result<Settings> {
    let section = &config.evidence;
    let mut spread = [0; 8];
    super::system_random(&mut spread);
    let age = config.policy.signatures.revocation_age_seconds_max;
    let allowed = section.addresses_allowed.iter().map(|text| FromStr::from_str(text));
    let allowed = allowed.collect::<Result<_, crate::evidence::InvalidAllowed>>();
    let proxy = section.proxy.as_deref().map(Proxy::from_str).transpose();
    Ok(Settings {
        allowed: section.fetch,
        addresses_allowed: allowed.context("evidence.addresses_allowed")?,
        proxy: proxy.context("evidence.proxy")?,
        extra_roots: super::authorities(section.ca_file.as_deref()).context("evidence.ca_file")?,
        age_max: age.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs),
        spread: u64::from_le_bytes(spread),
        ..Settings::default()
    })
}

/// The fetcher of an installation; none where nothing is fetched.
///
/// # Errors
/// As [`settings`].
pub(super) fn fetcher(
    config: &Config,
    store: &Store,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Option<Arc<Fetcher<StoreShelf>>>> {
    let settings = settings(config)?;
    if !settings.allowed {
        return Ok(None);
    }
    let shelf = StoreShelf { store: store.clone(), clock: Arc::clone(clock) };
    Ok(Some(Arc::new(Fetcher::new(settings, shelf, Arc::new(Parsers), Arc::clone(clock)))))
}

/// How often to look for what ends soon. The store says what: an hour before its end at the least.
const LOOK_AHEAD_EVERY: Duration = Duration::from_secs(10 * 60);

/// How many are asked for at once: below what one call may bring.
const LOOK_AHEAD_MAX: u32 = 32;

/// Asks for lists and answers of authorities that are met before they end, so that hours without a line harm nobody;
/// takes away what nobody wants any more. Until `stop` becomes true.
pub(super) async fn look_ahead(
    fetcher: &Fetcher<StoreShelf>,
    store: &Store,
    clock: &dyn Clock,
    mut stop: Receiver<bool>,
    alive: impl Fn(),
) {
    loop {
        alive();
        let now = clock.now();
        let due = match store.sweep_shelf(now).await {
            Ok(_) => store.shelf_due(now, LOOK_AHEAD_MAX).await,
            Err(fault) => Err(fault),
        };
        match due {
            // What is under way lands on the shelf; nobody waits for it.
            Ok(due) => drop(fetcher.gather(&due, Instant::now()).await),
            Err(fault) => tracing::warn!(%fault, "evidence cannot be renewed ahead"),
        }
        if unless_stopped(&mut stop, tokio::time::sleep(LOOK_AHEAD_EVERY)).await.is_none() {
            return;
        }
    }
}

impl Shelf for StoreShelf {
    async fn get(&self, need: &Need) -> Result<Option<Kept>, ShelfError> {
        let shelved = self.store.shelved(need, self.clock.now()).await.map_err(fault)?;
        Ok(shelved.map(|Shelved { bytes, terms }| Kept { bytes: bytes.into(), terms: of_store(terms) }))
    }

    async fn put(&self, need: &Need, kept: &Kept) -> Result<(), ShelfError> {
        let shelved = Shelved { bytes: kept.bytes.to_vec(), terms: for_store(&kept.terms) };
        self.store.shelve(need, &shelved).await.map_err(fault)
    }

    async fn renew(&self, need: &Need, terms: &Terms) -> Result<(), ShelfError> {
        self.store.renew_shelved(need, &for_store(terms)).await.map_err(fault)
    }
}

impl Reader for Parsers {
    fn next_update(&self, need: &Need, bytes: &[u8]) -> Result<Option<Timestamp>, String> {
        verify::next_update(need, bytes)
    }
}

fn fault(fault: StoreError) -> ShelfError {
    ShelfError(Box::new(fault))
}

fn of_store(terms: ShelvedTerms) -> Terms {
    let ShelvedTerms { fetched_at, confirmed_at, fresh_until, next_update, etag, last_modified } = terms;
    Terms { fetched_at, confirmed_at, fresh_until, next_update, etag, last_modified }
}

fn for_store(terms: &Terms) -> ShelvedTerms {
    let Terms { fetched_at, confirmed_at, fresh_until, next_update, etag, last_modified } = terms.clone();
    ShelvedTerms { fetched_at, confirmed_at, fresh_until, next_update, etag, last_modified }
}
