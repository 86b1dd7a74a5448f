//! Failures → for how long a host, an address or a need is left alone.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use tokio::time::Instant;

use super::error::{Doing, EvidenceFault};
use super::limits::FAILURES_MAX;
use super::target::Target;
use crate::model::Need;

/// The longest pause after many failures: a network that comes back is noticed within some minutes. (A pause that the
/// server itself asks for may be longer.)
const PAUSE_MAX: Duration = Duration::from_secs(5 * 60);

/// How long after its pause a failure is remembered, so that the next one counts as a further one.
const MEMORY: Duration = Duration::from_secs(30 * 60);

/// What a failure is blamed on: as much as cannot work either, and no more, since strangers choose addresses. A letter
/// that names a wrong path on an authority's server must not keep others from that server.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Blamed {
    /// The configured proxy.
    Proxy,
    /// Everything at a host and port.
    Host(String),
    /// Everything at one URL: a responder that hangs does so for every certificate.
    Url(String),
    /// This need alone.
    Need(Need),
}

impl Blamed {
    /// All that a need can fail by.
    pub(super) fn all(need: &Need, target: &Target) -> [Self; 4] {
        let url = need.url().to_owned();
        [Self::Proxy, Self::Host(target.authority()), Self::Url(url), Self::Need(need.clone())]
    }

    /// What this fault is to be blamed on. What happened behind a redirect concerns the need alone.
    pub(super) fn by(fault: &EvidenceFault, need: &Need, target: &Target, redirected: bool) -> Self {
        match fault {
            EvidenceFault::Proxy { .. } => Self::Proxy,
            _ if redirected => Self::Need(need.clone()),
            EvidenceFault::Dns { .. }
            | EvidenceFault::Unreachable { .. }
            | EvidenceFault::Tls { .. }
            | EvidenceFault::TimedOut {
                doing: Doing::Resolving | Doing::Connecting | Doing::StartingTls,
                ..
            } => Self::Host(target.authority()),
            EvidenceFault::TimedOut { doing: Doing::Asking, .. }
            | EvidenceFault::Status { status: 429 | 500..600, .. }
            | EvidenceFault::Broken { .. }
            | EvidenceFault::Address { .. } => Self::Url(need.url().to_owned()),
            _ => Self::Need(need.clone()),
        }
    }
}

/// Recent failures.
#[derive(Debug)]
pub(super) struct Failures {
    recent: HashMap<Blamed, Failure>,
    spread: u64,
}

#[derive(Debug)]
struct Failure {
    in_a_row: u32,
    until: Instant,
    fault: EvidenceFault,
}

impl Failures {
    /// None yet. `spread` makes the pauses of two installations differ.
    pub(super) fn new(spread: u64) -> Self {
        Self { recent: HashMap::new(), spread }
    }

    /// The fault that still holds, and for how long.
    pub(super) fn holding(&self, blamed: &[Blamed], now: Instant) -> Option<(EvidenceFault, Duration)> {
        let failures = blamed.iter().filter_map(|blamed| self.recent.get(blamed));
        let longest = failures.filter(|failure| failure.until > now).max_by_key(|failure| failure.until)?;
        Some((longest.fault.clone(), longest.until - now))
    }

    /// Remembers a failure; the pause.
    pub(super) fn note(&mut self, blamed: Blamed, fault: EvidenceFault, now: Instant) -> Duration {
        self.forget_old(now);
        let before = self.recent.get(&blamed).map_or(0, |failure| failure.in_a_row);
        let in_a_row = before.saturating_add(1);
        let pause = self.pause(&blamed, &fault, in_a_row);
        self.recent.insert(blamed, Failure { in_a_row, until: now + pause, fault });
        pause
    }

    /// It works again.
    pub(super) fn forgive(&mut self, blamed: &[Blamed]) {
        for blamed in blamed {
            self.recent.remove(blamed);
        }
    }

    /// Doubled after each further failure, and off by up to a quarter, so that what failed together is not tried
    /// together again.
    fn pause(&self, blamed: &Blamed, fault: &EvidenceFault, in_a_row: u32) -> Duration {
        let first = fault.retry_after().unwrap_or(PAUSE_MAX);
        let doublings = in_a_row.saturating_sub(1).min(16);
        let grown = first.saturating_mul(1 << doublings).min(first.max(PAUSE_MAX));
        let mut hasher = DefaultHasher::new();
        (self.spread, blamed, in_a_row).hash(&mut hasher);
        let thousandths = u32::try_from(hasher.finish() % 501).unwrap_or(0);
        grown * (750 + thousandths) / 1000
    }

    fn forget_old(&mut self, now: Instant) {
        if self.recent.len() < FAILURES_MAX {
            return;
        }
        self.recent.retain(|_, failure| failure.until + MEMORY > now);
        // Strangers' letters can fill it; who has the shortest pause left is asked again soonest anyway.
        while self.recent.len() >= FAILURES_MAX {
            let soonest = self.recent.iter().min_by_key(|(_, failure)| failure.until);
            let Some(soonest) = soonest.map(|(blamed, _)| blamed.clone()) else { return };
            self.recent.remove(&soonest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(url: &str) -> Need {
        Need::Ocsp { url: url.to_owned(), request: vec![1] }
    }

    fn down() -> EvidenceFault {
        EvidenceFault::Unreachable { host: "ca.test".to_owned(), reason: String::new() }
    }

    #[test]
    fn pauses_grow_up_to_five_minutes_and_differ_between_installations() {
        let now = Instant::now();
        let pauses = |spread| {
            let mut failures = Failures::new(spread);
            let blamed = Blamed::Host("ca.test:80".to_owned());
            (0..8).map(|_| failures.note(blamed.clone(), down(), now)).collect::<Vec<_>>()
        };
        for (pause, seconds) in pauses(1).into_iter().zip([30, 60, 120, 240, 300, 300, 300, 300]) {
            let plain = Duration::from_secs(seconds);
            assert!(pause >= plain * 3 / 4 && pause <= plain * 5 / 4, "{pause:?} {plain:?}");
        }
        assert_ne!(pauses(1), pauses(2));
        assert_eq!(pauses(1), pauses(1));
    }

    #[test]
    fn a_pause_that_the_server_asks_for_is_kept_and_not_doubled() {
        let (now, mut failures) = (Instant::now(), Failures::new(0));
        let (host, retry_after) = ("ca.test".to_owned(), Some(Duration::from_secs(3000)));
        let fault = EvidenceFault::Status { host, status: 503, retry_after };
        for _ in 0..5 {
            let pause = failures.note(Blamed::Url("u".to_owned()), fault.clone(), now);
            assert!(pause <= Duration::from_secs(3750) && pause >= Duration::from_secs(2250));
        }
    }

    #[test]
    fn a_host_that_is_down_holds_up_all_its_needs_and_a_bad_answer_only_its_own() {
        let (now, mut failures) = (Instant::now(), Failures::new(0));
        let (one, other) = (need("http://ca.test/one"), need("http://ca.test/other"));
        let target = Target::read(one.url()).unwrap();
        let holds = |failures: &Failures, need| failures.holding(&Blamed::all(need, &target), now).is_some();
        let useless = EvidenceFault::Unusable { host: "ca.test".to_owned(), reason: String::new() };
        failures.note(Blamed::by(&useless, &one, &target, false), useless, now);
        assert!(holds(&failures, &one) && !holds(&failures, &other));
        failures.note(Blamed::by(&down(), &one, &target, true), down(), now);
        assert!(!holds(&failures, &other), "behind a redirect");
        failures.note(Blamed::by(&down(), &one, &target, false), down(), now);
        assert!(holds(&failures, &other));
        failures.forgive(&Blamed::all(&one, &target));
        assert!(!holds(&failures, &one) && !holds(&failures, &other));
    }

    #[test]
    fn a_flood_of_failing_addresses_does_not_grow_the_memory() {
        let (now, mut failures) = (Instant::now(), Failures::new(0));
        for number in 0..FAILURES_MAX + 100 {
            failures.note(Blamed::Url(number.to_string()), down(), now);
        }
        assert!(failures.recent.len() <= FAILURES_MAX);
    }
}
