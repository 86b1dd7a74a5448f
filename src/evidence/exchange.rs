//! A connection and a request → the head of its answer and, where it succeeded, its body within bounds.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::CONTENT_ENCODING;
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::door::Stream;
use super::error::{Doing, EvidenceFault};
use super::limits::{HEAD_BYTES_MAX, HEADERS_MAX};

/// The slowest line on which a large body is still awaited. A server that drips holds up others no longer than one that
/// says nothing.
const BYTES_PER_SECOND_MIN: u64 = 64 * 1024;

/// What one answer may cost.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// The most octets of its body.
    pub(super) bytes_max: usize,
    /// When its head must be there, and its body too, but for a second more for each [`BYTES_PER_SECOND_MIN`] octets.
    pub(super) head_until: Instant,
    /// When everything must be.
    pub(super) until: Instant,
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) head: HeaderMap,
    /// Empty unless the status is 200.
    pub(super) bytes: Vec<u8>,
}

/// Asks once, over a connection that is thrown away afterwards.
pub(super) async fn exchange(
    stream: Box<dyn Stream>,
    request: Request<Full<Bytes>>,
    host: &str,
    bounds: Bounds,
) -> Result<Reply, EvidenceFault> {
    let too_slow = |doing| move |_| EvidenceFault::TimedOut { host: host.to_owned(), doing };
    let broken =
        |error: hyper::Error| EvidenceFault::Broken { host: host.to_owned(), reason: error.to_string() };
    let mut client = http1::Builder::new();
    client.max_buf_size(HEAD_BYTES_MAX).max_headers(HEADERS_MAX);
    let (mut sender, connection) = client.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // Dropped at the end of this function, and the connection with it.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let answer =
        timeout_at(bounds.head_until, sender.send_request(request)).await.map_err(too_slow(Doing::Asking))?;
    let (head, body) = answer.map_err(broken)?.into_parts();
    let mut reply = Reply { status: head.status, head: head.headers, bytes: Vec::new() };
    if reply.status == StatusCode::OK {
        plain(&reply.head, host)?;
        reply.bytes = read(body, host, bounds).await?;
    }
    Ok(reply)
}

/// Compressed answers are not asked for, and could unfold into anything.
fn plain(head: &HeaderMap, host: &str) -> Result<(), EvidenceFault> {
    for coding in head.get_all(CONTENT_ENCODING) {
        let coding = String::from_utf8_lossy(coding.as_bytes()).trim().to_ascii_lowercase();
        if !coding.is_empty() && coding != "identity" {
            let coding = coding.chars().filter(|c| !c.is_control()).take(40).collect();
            return Err(EvidenceFault::Encoded { host: host.to_owned(), coding });
        }
    }
    Ok(())
}

/// Counts what really comes; a length that is promised can only make it give up earlier.
async fn read(mut body: Incoming, host: &str, bounds: Bounds) -> Result<Vec<u8>, EvidenceFault> {
    let Bounds { bytes_max, head_until, until } = bounds;
    let too_large = || EvidenceFault::TooLarge { host: host.to_owned(), bytes_max };
    if body.size_hint().lower() > u64::try_from(bytes_max).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    loop {
        let earned = u64::try_from(bytes.len()).unwrap_or(u64::MAX) / BYTES_PER_SECOND_MIN;
        let patience = until.min(head_until + Duration::from_secs(earned));
        let read = timeout_at(patience, body.frame()).await;
        let too_slow = |_| EvidenceFault::TimedOut { host: host.to_owned(), doing: Doing::Reading };
        let Some(frame) = read.map_err(too_slow)? else { return Ok(bytes) };
        let frame = frame
            .map_err(|error| EvidenceFault::Broken { host: host.to_owned(), reason: error.to_string() })?;
        let Ok(piece) = frame.into_data() else { continue };
        if piece.len() > bytes_max.saturating_sub(bytes.len()) {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
}
