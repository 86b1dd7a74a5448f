//! Why something was not had: what is wrong with an address, a server, the way to it, or what it sent.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// Why a need was not answered. Its text names hosts, never whole URLs, requests or contents.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EvidenceFault {
    /// Nothing is fetched, by configuration.
    #[error("fetching evidence is switched off")]
    Off,
    /// One call brought too many needs.
    #[error("more than {max} things are needed at once")]
    TooMany {
        /// How many are taken.
        max: usize,
    },
    /// Too much else is under way.
    #[error("too many requests are waiting already")]
    Busy,
    /// The caller's deadline passed first; the request goes on and its answer lands on the shelf.
    #[error("not here before the deadline")]
    Late,
    /// The program ends, or the task that was to fetch it broke down.
    #[error("the request was abandoned")]
    Abandoned,
    /// The address is none.
    #[error("the address cannot be used: {0}")]
    BadUrl(String),
    /// Only http and https are spoken.
    #[error("`{0}:` addresses are not supported, only http and https")]
    Scheme(String),
    /// Neither 80 nor 443, and not allowed by the operator.
    #[error("{host}: port {port} is not allowed")]
    Port {
        /// The host.
        host: String,
        /// Its port.
        port: u16,
    },
    /// Not an address of the public internet, and not allowed by the operator.
    #[error("{host} is at {address}, {kind}, which is not allowed")]
    Address {
        /// The host.
        host: String,
        /// Where it was found.
        address: IpAddr,
        /// What kind of address that is.
        kind: &'static str,
    },
    /// The name was not resolved.
    #[error("{host}: the name is not resolved: {reason}")]
    Dns {
        /// The host.
        host: String,
        /// The resolver's words.
        reason: String,
    },
    /// No connection.
    #[error("{host}: cannot connect: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// The configured proxy does not do its part.
    #[error("the proxy {proxy}: {reason}")]
    Proxy {
        /// The proxy's host.
        proxy: String,
        /// What it said.
        reason: String,
    },
    /// TLS failed.
    #[error("{host}: no TLS connection: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// The server takes too long.
    #[error("{host}: too slow while {doing}")]
    TimedOut {
        /// The host.
        host: String,
        /// At what.
        doing: Doing,
    },
    /// The connection broke, or something else than HTTP answers.
    #[error("{host}: the answer broke off or is not HTTP: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// The reader's words.
        reason: String,
    },
    /// An HTTP status that is not success.
    #[error("{host}: HTTP status {status}")]
    Status {
        /// The host.
        host: String,
        /// Its status.
        status: u16,
        /// What the server said of a next try (RFC 9110 §10.2.3), at most a day.
        retry_after: Option<Duration>,
    },
    /// It sends on and on.
    #[error("{host}: more than {max} redirects")]
    Redirects {
        /// The host that redirected last.
        host: String,
        /// How many are followed.
        max: usize,
    },
    /// A redirect that leads nowhere.
    #[error("{host}: a redirect that cannot be followed: {reason}")]
    Redirect {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// More octets than such an answer may have.
    #[error("{host}: more than {bytes_max} octets")]
    TooLarge {
        /// The host.
        host: String,
        /// How many are taken.
        bytes_max: usize,
    },
    /// A content coding that was not asked for.
    #[error("{host}: encoded as {coding}, which was not asked for")]
    Encoded {
        /// The host.
        host: String,
        /// RFC 9110 §8.4: `gzip` …
        coding: String,
    },
    /// Something else than a DER SEQUENCE.
    #[error("{host}: {what}")]
    NotDer {
        /// The host.
        host: String,
        /// What it is instead.
        what: NotDer,
    },
    /// The responder answered that it does not answer (RFC 6960 §4.2.1, OCSPResponseStatus).
    #[error("{host}: the OCSP responder answers {}", ocsp_status(*status))]
    OcspStatus {
        /// The host.
        host: String,
        /// Its status, never 0.
        status: u8,
    },
    /// It has the right shape and is of no use.
    #[error("{host}: of no use: {reason}")]
    Unusable {
        /// The host.
        host: String,
        /// The reader's or the judge's words.
        reason: String,
    },
}

/// What stands where DER should.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDer {
    /// Nothing.
    #[error("an empty answer")]
    Empty,
    /// A page: of an error, or of a network that wants a login first.
    #[error("an HTML or XML page instead of DER")]
    Html,
    /// The same, where a file was wanted.
    #[error("a web page instead of a file")]
    Page,
    /// RFC 7468.
    #[error("PEM text instead of DER")]
    Pem,
    /// Its header promises more than came.
    #[error("DER that ends too early")]
    Cut,
    /// More came than its header says.
    #[error("DER with octets after its end")]
    Longer,
    /// None of these.
    #[error("something that is not a DER SEQUENCE")]
    Other,
}

/// The steps of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// Asking for the name's addresses.
    Resolving,
    /// Connecting.
    Connecting,
    /// Shaking hands.
    StartingTls,
    /// Asking, until the head of the answer is there.
    Asking,
    /// Reading the body.
    Reading,
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolving => "its name is resolved",
            Self::Connecting => "connecting",
            Self::StartingTls => "starting TLS",
            Self::Asking => "waiting for an answer",
            Self::Reading => "reading the answer",
        })
    }
}

/// A network that comes back is noticed within this time.
const PASSING: Duration = Duration::from_secs(30);

/// A server that answers, but wrongly, is mended by a person.
const STUBBORN: Duration = Duration::from_secs(5 * 60);

impl EvidenceFault {
    /// How long to leave it alone after a first failure; none when a person must change something first.
    ///
    /// What [`crate::evidence::Gathered::retry_after`] says grows from this with each further failure.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Off | Self::BadUrl(_) | Self::Scheme(_) | Self::Port { .. } => None,
            Self::Busy | Self::Late | Self::Abandoned | Self::TooMany { .. } => Some(Duration::ZERO),
            Self::Dns { .. }
            | Self::Unreachable { .. }
            | Self::Proxy { .. }
            | Self::Tls { .. }
            | Self::TimedOut { .. }
            | Self::Broken { .. } => Some(PASSING),
            Self::Status { status, retry_after, .. } => {
                Some(retry_after.unwrap_or(if *status >= 500 || *status == 429 { PASSING } else { STUBBORN }))
            }
            // internalError (2) and tryLater (3) pass; the others speak of the request itself.
            Self::OcspStatus { status: 2 | 3, .. } => Some(PASSING),
            // A network that wants a login first answers everything with a page; it passes when somebody logs in.
            Self::NotDer { what: NotDer::Html | NotDer::Page | NotDer::Empty | NotDer::Cut, .. } => {
                Some(PASSING)
            }
            Self::Address { .. }
            | Self::Redirects { .. }
            | Self::Redirect { .. }
            | Self::TooLarge { .. }
            | Self::Encoded { .. }
            | Self::NotDer { .. }
            | Self::OcspStatus { .. }
            | Self::Unusable { .. } => Some(STUBBORN),
        }
    }
}

/// RFC 6960 §4.2.1:
///
/// ```text
/// OCSPResponseStatus ::= ENUMERATED { successful (0), malformedRequest (1), internalError (2), tryLater (3),
///     -- (4) is not used -- sigRequired (5), unauthorized (6) }
/// ```
const fn ocsp_status(status: u8) -> &'static str {
    match status {
        1 => "malformedRequest",
        2 => "internalError",
        3 => "tryLater",
        5 => "sigRequired",
        6 => "unauthorized",
        _ => "a status that RFC 6960 does not know",
    }
}
