//! A need and its target → new bytes, or that what is kept still holds: one request and its redirects.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_TYPE, HOST, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LOCATION, USER_AGENT,
};
use hyper::{HeaderMap, Method, Request};
use tokio::time::Instant;

use super::door::Way;
use super::error::EvidenceFault;
use super::exchange::{Bounds, Reply, exchange};
use super::freshness;
use super::limits::{REDIRECTS_MAX, bytes_max};
use super::port::Terms;
use super::shape;
use super::target::Target;
use crate::model::{Need, NeedKind, Timestamp};

/// What the server has.
pub(super) enum Fetched {
    /// Bytes of the right shape, and the head that came with them.
    New(Vec<u8>, HeaderMap),
    /// What is kept (RFC 9110 §15.4.5).
    Unchanged(HeaderMap),
}

/// Why nothing was fetched.
pub(super) struct Failed {
    pub(super) fault: EvidenceFault,
    /// Whether it failed behind a redirect.
    pub(super) redirected: bool,
}

/// Fetches. `kept` are the terms of what is on the shelf: only something newer is sent then.
pub(super) async fn fetch(
    way: &Way,
    need: &Need,
    first: &Target,
    kept: Option<&Terms>,
    now: Timestamp,
) -> Result<Fetched, Failed> {
    let head_until = Instant::now() + way.settings.patience;
    let until = match need.kind() {
        NeedKind::Crl => Instant::now() + way.settings.crl_patience,
        NeedKind::Ocsp | NeedKind::Issuer => head_until,
    };
    let bounds = Bounds { bytes_max: bytes_max(need.kind()), head_until, until };
    let mut target = first.clone();
    for hop in 0..=REDIRECTS_MAX {
        let failed = |fault| Failed { fault, redirected: hop > 0 };
        let reply = ask(way, need, &target, kept, bounds).await.map_err(failed)?;
        match reply.status.as_u16() {
            200 => {
                shape::check(need.kind(), &target.host(), &reply.bytes).map_err(failed)?;
                return Ok(Fetched::New(reply.bytes, reply.head));
            }
            304 if kept.is_some() => return Ok(Fetched::Unchanged(reply.head)),
            301 | 302 | 303 | 307 | 308 => {
                target = next(need, &target, &reply).map_err(|fault| Failed { fault, redirected: true })?;
            }
            status => {
                let retry_after = freshness::retry_after(&reply.head, now);
                return Err(failed(EvidenceFault::Status { host: target.host(), status, retry_after }));
            }
        }
    }
    let fault = EvidenceFault::Redirects { host: target.host(), max: REDIRECTS_MAX };
    Err(Failed { fault, redirected: true })
}

async fn ask(
    way: &Way,
    need: &Need,
    target: &Target,
    kept: Option<&Terms>,
    bounds: Bounds,
) -> Result<Reply, EvidenceFault> {
    let absolute = way.settings.proxy.is_some() && !target.https;
    let request = request(need, target, kept, absolute)?;
    let stream = way.open(target, bounds.head_until).await?;
    exchange(stream, request, &target.host(), bounds).await
}

/// Where the answer says to go. A question that was posted is posted again: an OCSP request has no other form here, and
/// a 303 (RFC 9110 §15.4.4) would have us fetch some page about it.
fn next(need: &Need, target: &Target, reply: &Reply) -> Result<Target, EvidenceFault> {
    let bad = |reason: &str| EvidenceFault::Redirect { host: target.host(), reason: reason.to_owned() };
    if reply.status == 303 && matches!(need, Need::Ocsp { .. }) {
        return Err(bad("it leads to a page, not to a responder"));
    }
    let location = reply.head.get(LOCATION).ok_or_else(|| bad("it names no place"))?;
    let location = location.to_str().map_err(|_| bad("its place is no text"))?;
    target.redirected(location).map_err(|fault| match fault {
        EvidenceFault::BadUrl(reason) => bad(&reason),
        other => other,
    })
}

/// OCSP by POST (RFC 6960 §A.1): a GET would write the certificate's serial number into the logs of everybody between.
fn request(
    need: &Need,
    target: &Target,
    kept: Option<&Terms>,
    absolute: bool,
) -> Result<Request<Full<Bytes>>, EvidenceFault> {
    let (method, body) = match need {
        Need::Ocsp { request, .. } => (Method::POST, Bytes::copy_from_slice(request)),
        Need::Crl { .. } | Need::Issuer { .. } => (Method::GET, Bytes::new()),
    };
    let accepted = match need.kind() {
        NeedKind::Ocsp => "application/ocsp-response", // RFC 6960 §C.2
        NeedKind::Crl => "application/pkix-crl, */*;q=0.5", // RFC 2585 §4.2
        NeedKind::Issuer => "application/pkix-cert, application/pkcs7-mime, */*;q=0.5", // RFC 5280 §4.2.2.1
    };
    let mut asked = Request::new(Full::new(body));
    *asked.method_mut() = method;
    *asked.uri_mut() = target.request_target(absolute)?;
    let head = asked.headers_mut();
    let host = HeaderValue::from_str(&target.host_header());
    head.insert(HOST, host.map_err(|_| EvidenceFault::BadUrl("its host is no header".to_owned()))?);
    head.insert(USER_AGENT, HeaderValue::from_static(concat!("skrynka/", env!("CARGO_PKG_VERSION"))));
    head.insert(ACCEPT, HeaderValue::from_static(accepted));
    head.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    head.insert(CONNECTION, HeaderValue::from_static("close"));
    if matches!(need, Need::Ocsp { .. }) {
        head.insert(CONTENT_TYPE, HeaderValue::from_static("application/ocsp-request")); // RFC 6960 §C.1
        return Ok(asked);
    }
    // What the server itself sent once; where it does not fit into a header any more, the whole is fetched.
    let known = |text: Option<&String>| text.and_then(|text| HeaderValue::from_str(text).ok());
    if let Some(etag) = known(kept.and_then(|terms| terms.etag.as_ref())) {
        head.insert(IF_NONE_MATCH, etag);
    }
    if let Some(since) = known(kept.and_then(|terms| terms.last_modified.as_ref())) {
        head.insert(IF_MODIFIED_SINCE, since);
    }
    Ok(asked)
}
