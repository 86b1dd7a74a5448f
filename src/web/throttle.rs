//! Failed logins → how long the next try waits: by account and by address, growing, and never shutting anybody out.
//!
//! Kept in memory: whoever can restart the daemon needs no password.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::Login;

/// Failures that cost nothing: of one account, people mistype; of one address, a whole office is behind it.
const FREE_OF_ACCOUNT: u32 = 3;
const FREE_OF_ADDRESS: u32 = 20;

/// The longest wait. Guessing from one address is slower than one try a second with it; the account's owner, who may have
/// somebody's guesses to thank for it, can bear it.
const WAIT_MAX: Duration = Duration::from_secs(8);

/// Tries of one address that may be under way at once.
const AT_ONCE_OF_ADDRESS: u32 = 8;

/// After so long without a failure, all is forgiven.
const MEMORY: Duration = Duration::from_secs(15 * 60);

/// Accounts and addresses that are remembered; beyond that, those go whose last failure is oldest.
const REMEMBERED_MAX: usize = 20_000;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Who {
    Account(Login),
    Address(IpAddr),
}

#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<Tries>);

#[derive(Debug, Default)]
struct Tries {
    failed: HashMap<Who, (u32, Instant)>,
    under_way: HashMap<IpAddr, u32>,
}

/// A try that is under way.
#[derive(Debug)]
pub(super) struct Try<'a> {
    throttle: &'a Throttle,
    login: Login,
    address: IpAddr,
}

impl Throttle {
    /// Waits for this try's turn; none when too many of its address are waiting.
    pub(super) async fn turn(&self, login: Login, address: IpAddr) -> Option<Try<'_>> {
        let address = network(address);
        let begun = {
            let mut tries = self.tries();
            let under_way = tries.under_way.entry(address).or_default();
            if *under_way >= AT_ONCE_OF_ADDRESS {
                return None;
            }
            *under_way += 1;
            Try { throttle: self, login, address }
        };
        let wait = self.wait(&begun.login, address);
        tokio::time::sleep(wait).await;
        Some(begun)
    }

    fn wait(&self, login: &Login, address: IpAddr) -> Duration {
        let tries = self.tries();
        let of = |who: &Who, free: u32| match tries.failed.get(who) {
            Some((failures, at)) if at.elapsed() < MEMORY => delay(failures.saturating_sub(free)),
            _ => Duration::ZERO,
        };
        let of_account = of(&Who::Account(login.clone()), FREE_OF_ACCOUNT);
        of_account.max(of(&Who::Address(address), FREE_OF_ADDRESS))
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Try<'_> {
    /// It failed: the next ones wait longer.
    pub(super) fn failed(self) {
        let now = Instant::now();
        let mut tries = self.throttle.tries();
        for who in [Who::Account(self.login.clone()), Who::Address(self.address)] {
            let (failures, at) = tries.failed.entry(who).or_insert((0, now));
            *failures = if at.elapsed() < MEMORY { failures.saturating_add(1) } else { 1 };
            *at = now;
        }
        while tries.failed.len() > REMEMBERED_MAX {
            let oldest = tries.failed.iter().min_by_key(|(_, (_, at))| *at).map(|(who, _)| who.clone());
            let Some(oldest) = oldest else { break };
            tries.failed.remove(&oldest);
        }
    }

    /// It succeeded: the account's failures are forgiven. The address's are not: whoever has one account could guess at
    /// others in between.
    pub(super) fn succeeded(self) {
        self.throttle.tries().failed.remove(&Who::Account(self.login.clone()));
    }
}

impl Drop for Try<'_> {
    fn drop(&mut self) {
        let mut tries = self.throttle.tries();
        let left = tries.under_way.get_mut(&self.address).map(|count| {
            *count = count.saturating_sub(1);
            *count
        });
        if left == Some(0) {
            tries.under_way.remove(&self.address);
        }
    }
}

/// 1, 2, 4, 8 seconds and no more.
fn delay(failures: u32) -> Duration {
    match failures.checked_sub(1) {
        None => Duration::ZERO,
        Some(power) => Duration::from_secs(1 << power.min(16)).min(WAIT_MAX),
    }
}

/// An IPv6 network belongs to one house; its single addresses are for the taking (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    fn login(text: &str) -> Login {
        text.parse().unwrap()
    }

    async fn fail(throttle: &Throttle, who: &str, address: IpAddr) -> u64 {
        let begun = Instant::now();
        throttle.turn(login(who), address).await.unwrap().failed();
        begun.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn guessing_at_one_account_grows_slow_and_shuts_nobody_out() {
        let throttle = Throttle::default();
        let mut waited = Vec::new();
        for _ in 0..9 {
            waited.push(fail(&throttle, "olena", HERE).await);
        }
        assert_eq!(waited, [0, 0, 0, 0, 1, 2, 4, 8, 8]);
        assert_eq!(fail(&throttle, "petro", HERE).await, 0, "a colleague at the same address");
        let begun = Instant::now();
        throttle.turn(login("olena"), ELSEWHERE).await.unwrap().succeeded();
        assert_eq!(begun.elapsed().as_secs(), 8, "the owner waits and comes in");
        assert_eq!(fail(&throttle, "olena", ELSEWHERE).await, 0, "and all is forgiven");
    }

    #[tokio::test(start_paused = true)]
    async fn guessing_at_many_accounts_from_one_address_grows_slow() {
        let throttle = Throttle::default();
        let mut waited = 0;
        for n in 0..30 {
            waited = fail(&throttle, &format!("clerk{n}"), HERE).await;
        }
        assert_eq!(waited, 8);
        assert_eq!(fail(&throttle, "clerk99", ELSEWHERE).await, 0);
        tokio::time::sleep(MEMORY).await;
        assert_eq!(fail(&throttle, "clerk99", HERE).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_tries_of_an_address_wait_at_once() {
        let throttle = Throttle::default();
        let mut waiting = Vec::new();
        for _ in 0..AT_ONCE_OF_ADDRESS {
            waiting.push(throttle.turn(login("olena"), HERE).await.unwrap());
        }
        assert!(throttle.turn(login("olena"), HERE).await.is_none());
        assert!(throttle.turn(login("olena"), ELSEWHERE).await.is_some());
        drop(waiting);
        assert!(throttle.turn(login("olena"), HERE).await.is_some());
    }

    #[test]
    fn an_ipv6_house_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
