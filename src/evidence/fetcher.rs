//! Needs and a deadline → what is on the shelf or comes in time, each thing fetched once whoever waits for it.

mod flight;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use self::flight::{Landing, Progress};
use super::backing_off::{Blamed, Failures};
use super::door::Way;
use super::error::EvidenceFault;
use super::limits::{CRLS_AT_ONCE, FAILURES_MAX, FLIGHTS_MAX, NEEDS_MAX};
use super::port::{Names, Reader, Shelf, SystemNames};
use super::settings::Settings;
use super::target::Target;
use crate::model::{Clock, Found, Need, Timestamp};

/// Fetches evidence. One for the whole program, shared in an `Arc`; dropping it abandons what is under way.
pub struct Fetcher<S: Shelf> {
    house: Arc<House<S>>,
    flights: Mutex<JoinSet<()>>,
}

/// What all flights share.
struct House<S> {
    way: Way,
    shelf: S,
    reader: Arc<dyn Reader>,
    clock: Arc<dyn Clock>,
    board: Mutex<Board>,
    at_once: Semaphore,
    crls_at_once: Semaphore,
}

/// What is under way, and what went wrong lately.
struct Board {
    flights: HashMap<Need, watch::Receiver<Progress>>,
    hosts: HashMap<String, Arc<Semaphore>>,
    failures: Failures,
    /// What the judge could not use, by the moment when it was fetched: the shelf's copy of it is as good as none.
    refused: HashMap<Need, Timestamp>,
}

/// What came of one need.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What was asked for.
    pub need: Need,
    /// What there is. Together with a fault: what was kept from earlier and could not be renewed (yet).
    pub found: Option<Found>,
    /// Why there is nothing, or nothing newer.
    pub fault: Option<EvidenceFault>,
    /// In how long it makes sense to ask again; none when nothing is wrong or a person must change something first.
    pub retry_after: Option<Duration>,
}

impl Gathered {
    fn failed(need: Need, found: Option<Found>, fault: EvidenceFault) -> Self {
        let retry_after = fault.retry_after();
        Self { need, found, fault: Some(fault), retry_after }
    }
}

impl<S: Shelf> Fetcher<S> {
    /// Fetches by these settings, keeps on this shelf, dates by this reader, with the system's resolver.
    #[must_use]
    pub fn new(settings: Settings, shelf: S, reader: Arc<dyn Reader>, clock: Arc<dyn Clock>) -> Self {
        Self::with_names(settings, shelf, reader, clock, Arc::new(SystemNames))
    }

    /// The same with another resolver.
    #[must_use]
    pub fn with_names(
        settings: Settings,
        shelf: S,
        reader: Arc<dyn Reader>,
        clock: Arc<dyn Clock>,
        names: Arc<dyn Names>,
    ) -> Self {
        let board = Board {
            flights: HashMap::new(),
            hosts: HashMap::new(),
            failures: Failures::new(settings.spread),
            refused: HashMap::new(),
        };
        let house = House {
            at_once: Semaphore::new(settings.at_once.max(1)),
            crls_at_once: Semaphore::new(CRLS_AT_ONCE),
            way: Way { settings, names },
            shelf,
            reader,
            clock,
            board: Mutex::new(board),
        };
        Self { house: Arc::new(house), flights: Mutex::default() }
    }

    /// What there is for each need, in their order, at `deadline` at the latest.
    ///
    /// What comes later lands on the shelf, for whoever asks next: with a deadline that has passed it is a prefetch.
    /// Must run inside a Tokio runtime with time and I/O.
    pub async fn gather(&self, needs: &[Need], deadline: Instant) -> Vec<Gathered> {
        let taken = needs.iter().take(NEEDS_MAX).map(|need| self.one(need.clone(), deadline));
        let mut gathered = join_all(taken).await;
        gathered.extend(
            needs
                .iter()
                .skip(NEEDS_MAX)
                .map(|need| Gathered::failed(need.clone(), None, EvidenceFault::TooMany { max: NEEDS_MAX })),
        );
        gathered
    }

    /// What was found proves nothing (a wrong signature, another certificate's answer): it is not given out again, and
    /// its source is left alone for a while. Until the program ends: what is on the shelf stays there until replaced.
    pub fn refuse(&self, found: &Found, reason: &str) {
        let Ok(target) = Target::read(found.need.url()) else { return };
        let fault = EvidenceFault::Unusable { host: target.host(), reason: reason.to_owned() };
        let mut board = self.house.board();
        if board.refused.len() >= FAILURES_MAX {
            board.refused.clear();
        }
        board.refused.insert(found.need.clone(), found.fetched_at);
        board.failures.note(Blamed::Need(found.need.clone()), fault, Instant::now());
    }

    async fn one(&self, need: Need, deadline: Instant) -> Gathered {
        if !self.house.way.settings.allowed {
            return Gathered::failed(need, None, EvidenceFault::Off);
        }
        let mut flight = match self.flight(&need) {
            Ok(flight) => flight,
            Err(fault) => return Gathered::failed(need, None, fault),
        };
        let landed = timeout_at(deadline, flight.wait_for(|progress| progress.done.is_some())).await;
        let fault = match landed.map(|landed| landed.map(|progress| progress.done.clone())) {
            Ok(Ok(Some(done))) => return done,
            Ok(_) => EvidenceFault::Abandoned,
            Err(_) => EvidenceFault::Late,
        };
        let kept = flight.borrow().kept.clone();
        Gathered::failed(need, kept, fault)
    }

    /// The flight that brings this need: one that is under way, or a new one.
    fn flight(&self, need: &Need) -> Result<watch::Receiver<Progress>, EvidenceFault> {
        let mut board = self.house.board();
        if let Some(flight) = board.flights.get(need) {
            return Ok(flight.clone());
        }
        if board.flights.len() >= FLIGHTS_MAX {
            return Err(EvidenceFault::Busy);
        }
        let target = Target::read(need.url())?;
        let (sender, receiver) = watch::channel(Progress::default());
        board.flights.insert(need.clone(), receiver.clone());
        drop(board);
        let landing = Landing { house: Arc::clone(&self.house), need: need.clone() };
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        while flights.try_join_next().is_some() {}
        flights.spawn(async move {
            let done = landing.house.bring(&landing.need, &target, &sender).await;
            // From here on a new caller finds the shelf filled, or the failure remembered.
            drop(landing);
            sender.send_modify(|progress| progress.done = Some(done));
        });
        Ok(receiver)
    }
}

impl<S> House<S> {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
