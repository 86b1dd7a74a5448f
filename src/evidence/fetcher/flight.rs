//! One need → from the shelf while fresh, else from its server; what came of it is remembered.

use std::sync::Arc;
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{ETAG, HeaderName, LAST_MODIFIED};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, timeout};
use tracing::{debug, info, warn};

use super::super::backing_off::Blamed;
use super::super::error::EvidenceFault;
use super::super::fetch::{Failed, Fetched, fetch};
use super::super::freshness::{fresh, fresh_until};
use super::super::limits::QUEUE_PATIENCE;
use super::super::port::{Kept, Shelf, ShelfError, Terms};
use super::super::target::Target;
use super::{Gathered, House};
use crate::model::{Found, Need, NeedKind, Timestamp};

/// How many hosts' turns are remembered before those that nobody waits for are forgotten.
const HOSTS_KEPT: usize = 64;

/// The longest validator of a server's that is kept. RFC 9110 sets no bound; real ones have under 100.
const VALIDATOR_CHARS_MAX: usize = 256;

/// How far a flight is.
#[derive(Clone, Default)]
pub(super) struct Progress {
    /// What was on the shelf and is not fresh: better than nothing when the deadline comes.
    pub(super) kept: Option<Found>,
    /// What came of it.
    pub(super) done: Option<Gathered>,
}

/// Takes a flight off the board when it ends, however it ends.
pub(super) struct Landing<S> {
    pub(super) house: Arc<House<S>>,
    pub(super) need: Need,
}

impl<S> Drop for Landing<S> {
    fn drop(&mut self) {
        self.house.board().flights.remove(&self.need);
    }
}

/// What keeps others waiting while it is held.
struct Turn<'a> {
    _crl: Option<SemaphorePermit<'a>>,
    _host: tokio::sync::OwnedSemaphorePermit,
    _any: SemaphorePermit<'a>,
}

impl<S: Shelf> House<S> {
    /// The whole flight.
    pub(super) async fn bring(
        &self,
        need: &Need,
        target: &Target,
        progress: &watch::Sender<Progress>,
    ) -> Gathered {
        let kept = self.kept(need).await;
        let found = kept.as_ref().map(|kept| found(need, kept));
        let fresh_enough = |kept: &Kept| fresh(&kept.terms, self.clock.now(), self.way.settings.age_max);
        if kept.as_ref().is_some_and(fresh_enough) {
            return Gathered { need: need.clone(), found, fault: None, retry_after: None };
        }
        progress.send_modify(|progress| progress.kept.clone_from(&found));
        let failed = |(fault, pause): (EvidenceFault, Duration)| Gathered {
            need: need.clone(),
            found: found.clone(),
            fault: Some(fault),
            retry_after: Some(pause),
        };
        let blamed = Blamed::all(need, target);
        let holding = || self.board().failures.holding(&blamed, Instant::now());
        if let Some(held) = holding() {
            return failed(held);
        }
        let Some(_turn) = self.turn(need.kind(), target).await else {
            return Gathered::failed(need.clone(), found, EvidenceFault::Busy);
        };
        // While this one waited, another may have learned that the host is down.
        if let Some(held) = holding() {
            return failed(held);
        }
        match self.fetch(need, target, kept).await {
            Ok(found) => {
                self.board().failures.forgive(&blamed);
                Gathered { need: need.clone(), found: Some(found), fault: None, retry_after: None }
            }
            Err(error) => failed(self.note(need, target, error)),
        }
    }

    /// What is on the shelf, unless the judge refused it.
    async fn kept(&self, need: &Need) -> Option<Kept> {
        let kept = self.shelf.get(need).await.unwrap_or_else(|error| {
            warn!(kind = need.kind().word(), %error, "the shelf of evidence cannot be read");
            None
        })?;
        let refused = self.board().refused.get(need).copied();
        refused.is_none_or(|refused| kept.terms.fetched_at > refused).then_some(kept)
    }

    /// Waits for its turn: first at its host, so that who waits for a slow host holds up nobody else.
    async fn turn(&self, kind: NeedKind, target: &Target) -> Option<Turn<'_>> {
        let host = self.host(&target.authority());
        let waiting = async {
            let crl = match kind {
                NeedKind::Crl => Some(self.crls_at_once.acquire().await.ok()?),
                NeedKind::Ocsp | NeedKind::Issuer => None,
            };
            let host = host.acquire_owned().await.ok()?;
            Some(Turn { _crl: crl, _host: host, _any: self.at_once.acquire().await.ok()? })
        };
        timeout(QUEUE_PATIENCE, waiting).await.ok().flatten()
    }

    fn host(&self, authority: &str) -> Arc<Semaphore> {
        let mut board = self.board();
        if board.hosts.len() >= HOSTS_KEPT {
            board.hosts.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        let turns = self.way.settings.at_once_per_host.max(1);
        let host = board.hosts.entry(authority.to_owned());
        Arc::clone(host.or_insert_with(|| Arc::new(Semaphore::new(turns))))
    }

    /// Fetches, has it read, and keeps it.
    async fn fetch(&self, need: &Need, target: &Target, kept: Option<Kept>) -> Result<Found, Failed> {
        let terms = kept.as_ref().map(|kept| &kept.terms);
        let fetched = fetch(&self.way, need, target, terms, self.clock.now()).await?;
        let now = self.clock.now();
        match (fetched, kept) {
            (Fetched::New(bytes, head), _) => {
                let bytes: Arc<[u8]> = bytes.into();
                let next_update = self.read(need, target, &bytes).await?;
                debug!(
                    kind = need.kind().word(),
                    host = target.host(),
                    octets = bytes.len(),
                    "evidence fetched"
                );
                let terms = terms_of(need.kind(), now, now, next_update, &head);
                let kept = Kept { bytes, terms };
                self.said(need, self.shelf.put(need, &kept).await);
                Ok(found(need, &kept))
            }
            (Fetched::Unchanged(head), Some(mut kept)) => {
                debug!(kind = need.kind().word(), host = target.host(), "evidence is unchanged");
                let old = kept.terms;
                let terms = terms_of(need.kind(), old.fetched_at, now, old.next_update, &head);
                // RFC 9111 §3.2: what the new head does not name stays.
                kept.terms = Terms {
                    etag: terms.etag.or(old.etag),
                    last_modified: terms.last_modified.or(old.last_modified),
                    ..terms
                };
                self.said(need, self.shelf.renew(need, &kept.terms).await);
                Ok(found(need, &kept))
            }
            (Fetched::Unchanged(_), None) => {
                let fault = EvidenceFault::Status { host: target.host(), status: 304, retry_after: None };
                Err(Failed { fault, redirected: false })
            }
        }
    }

    /// Has the answer read, off the asynchronous workers.
    async fn read(
        &self,
        need: &Need,
        target: &Target,
        bytes: &Arc<[u8]>,
    ) -> Result<Option<Timestamp>, Failed> {
        let (reader, asked, answer) = (Arc::clone(&self.reader), need.clone(), Arc::clone(bytes));
        let read = tokio::task::spawn_blocking(move || reader.next_update(&asked, &answer)).await;
        let fault = match read {
            Ok(Ok(next_update)) => return Ok(next_update),
            Ok(Err(reason)) => EvidenceFault::Unusable { host: target.host(), reason },
            Err(_) => EvidenceFault::Abandoned,
        };
        Err(Failed { fault, redirected: false })
    }

    fn said(&self, need: &Need, kept: Result<(), ShelfError>) {
        match kept {
            // A new answer, whatever was refused before.
            Ok(()) => drop(self.board().refused.remove(need)),
            Err(error) => warn!(kind = need.kind().word(), %error, "evidence is not kept"),
        }
    }

    fn note(&self, need: &Need, target: &Target, failed: Failed) -> (EvidenceFault, Duration) {
        let Failed { fault, redirected } = failed;
        let blamed = Blamed::by(&fault, need, target, redirected);
        let pause = self.board().failures.note(blamed, fault.clone(), Instant::now());
        info!(
            kind = need.kind().word(),
            host = target.host(),
            %fault,
            again_in_s = pause.as_secs(),
            "evidence cannot be fetched"
        );
        (fault, pause)
    }
}

fn found(need: &Need, kept: &Kept) -> Found {
    Found {
        need: need.clone(),
        bytes: Arc::clone(&kept.bytes),
        fetched_at: kept.terms.fetched_at,
        confirmed_at: kept.terms.confirmed_at,
    }
}

fn terms_of(
    kind: NeedKind,
    fetched_at: Timestamp,
    confirmed_at: Timestamp,
    next_update: Option<Timestamp>,
    head: &HeaderMap,
) -> Terms {
    let line = |name: HeaderName| {
        let text = head.get(name)?.to_str().ok()?;
        (text.len() <= VALIDATOR_CHARS_MAX).then(|| text.to_owned())
    };
    Terms {
        fetched_at,
        confirmed_at,
        fresh_until: fresh_until(kind, confirmed_at, next_update, head),
        next_update,
        etag: line(ETAG),
        last_modified: line(LAST_MODIFIED),
    }
}
