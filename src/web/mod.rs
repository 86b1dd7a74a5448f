//! A browser's request → a page for a clerk: who asks, what of the store they may see, in which words it is shown.
//!
//! The way of a request: `headers` (what every answer says to the browser), `session` (who asks), `csrf` (whether a
//! change was asked for by our own page), `access` (whether this person may, and the scope of every question to the
//! store), then one of `pages`. The table in `routes` is the list of all there is.

mod access;
mod assets;
mod cookies;
mod csrf;
mod fault;
mod forms;
mod frame;
mod headers;
mod pages;
mod passwords;
mod routes;
mod serve;
mod session;
mod throttle;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::sync::Semaphore;

use crate::health::Health;
use crate::model::{Clock, Timestamp};
use crate::pipeline::Rules;
use crate::store::{SessionLimits, Store};

pub use access::Access;
pub use routes::{Route, table};
pub use serve::serve;

/// How long a session lasts at the most, however much it is used: a working day and its overtime.
const SESSION_MAX: Duration = Duration::from_secs(12 * 60 * 60);

/// Live lists that are open at once. A counter has one; a hundred counters are a large department.
const STREAMS_MAX: usize = 256;

/// How the pages are served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Where.
    pub listen: SocketAddr,
    /// Certificate chain and key (PEM files); none: without TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Proxies whose word on the visitor's address and connection counts.
    pub proxies: Vec<IpAddr>,
    /// How browsers reach the pages, without a slash at the end; where a link for a person begins.
    pub public_url: Option<String>,
    /// For how long a session may be unused.
    pub idle: Duration,
    /// Days that an own code is valid.
    pub code_days: u16,
}

impl Settings {
    /// Whether browsers reach the pages over TLS: ours or the proxy's.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.tls.is_some() || !self.proxies.is_empty()
    }
}

/// What the pages stand on.
#[derive(Clone)]
pub struct Parts {
    /// The store.
    pub store: Store,
    /// What is known of the mailboxes, and when a letter was filed.
    pub health: Health,
    /// The trusted certificates.
    pub rules: Rules,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: fn(&mut [u8]),
}

/// Everything that a page needs; a clone is the same one.
#[derive(Clone)]
struct Web(Arc<Inner>);

struct Inner {
    settings: Settings,
    parts: Parts,
    passwords: passwords::Passwords,
    throttle: throttle::Throttle,
    streams: Arc<Semaphore>,
}

impl Web {
    fn new(settings: Settings, parts: Parts) -> Self {
        Self(Arc::new(Inner {
            settings,
            parts,
            passwords: passwords::Passwords::default(),
            throttle: throttle::Throttle::default(),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
        }))
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn store(&self) -> &Store {
        &self.0.parts.store
    }

    fn health(&self) -> &Health {
        &self.0.parts.health
    }

    fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// A secret for a cookie: 256 random bits.
    fn secret(&self) -> String {
        use base64::Engine as _;
        let mut bytes = [0; 32];
        (self.0.parts.random)(&mut bytes);
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Since when sessions must have been used, and begun, to count now.
    fn session_limits(&self) -> SessionLimits {
        let before = |time: Duration| self.now().checked_sub(time).unwrap_or(Timestamp::MIN);
        SessionLimits { seen_since: before(self.settings().idle), begun_since: before(SESSION_MAX) }
    }
}

/// Every route of the table behind what every request goes through.
fn router(web: Web) -> Router {
    let mut router = Router::new();
    for route in table() {
        let guard = from_fn_with_state(route.access, access::guard);
        router = router.route(route.path, route.handler().layer(guard));
    }
    router
        .fallback(|| async { fault::Fault::NotFound })
        .layer(from_fn(csrf::check))
        .layer(from_fn_with_state(web.clone(), session::recognise))
        .layer(from_fn_with_state(web.clone(), headers::finish))
        .with_state(web)
}
