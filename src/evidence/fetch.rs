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

/// What a server is asked for.
pub(super) struct Asked<'a> {
    /// Posted: a question of this type; else it is a plain GET.
    pub(super) question: Option<(&'static str, &'a [u8])>,
    /// `Accept`.
    pub(super) accepted: &'static str,
    /// The terms of what is kept already: only something newer is sent then.
    pub(super) kept: Option<&'a Terms>,
}

impl<'a> Asked<'a> {
    /// OCSP by POST (RFC 6960 §A.1): a GET would write the certificate's serial number into the logs of everybody
    /// between.
    fn of(need: &'a Need, kept: Option<&'a Terms>) -> Self {
        let accepted = match need.kind() {
            NeedKind::Ocsp => "application/ocsp-response", // RFC 6960 §C.2
            NeedKind::Crl => "application/pkix-crl, */*;q=0.5", // RFC 2585 §4.2
            NeedKind::Issuer => "application/pkix-cert, application/pkcs7-mime, */*;q=0.5", // RFC 5280 §4.2.2.1
        };
        match need {
            // RFC 6960 §C.1
            Need::Ocsp { request, .. } => {
                Self { question: Some(("application/ocsp-request", request)), accepted, kept: None }
            }
            Need::Crl { .. } | Need::Issuer { .. } => Self { question: None, accepted, kept },
        }
    }
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
    let asked = Asked::of(need, kept);
    follow(way, &asked, first, bounds, now, |host, bytes| shape::check(need.kind(), host, bytes)).await
}

/// One request and its redirects; `check` looks at what came.
pub(super) async fn follow(
    way: &Way,
    asked: &Asked<'_>,
    first: &Target,
    bounds: Bounds,
    now: Timestamp,
    check: impl Fn(&str, &[u8]) -> Result<(), EvidenceFault>,
) -> Result<Fetched, Failed> {
    let mut target = first.clone();
    for hop in 0..=REDIRECTS_MAX {
        let failed = |fault| Failed { fault, redirected: hop > 0 };
        let reply = ask(way, asked, &target, bounds).await.map_err(failed)?;
        match reply.status.as_u16() {
            200 => {
                check(&target.host(), &reply.bytes).map_err(failed)?;
                return Ok(Fetched::New(reply.bytes, reply.head));
            }
            304 if asked.kept.is_some() => return Ok(Fetched::Unchanged(reply.head)),
            301 | 302 | 303 | 307 | 308 => {
                let redirected = |fault| Failed { fault, redirected: true };
                target = next(asked, &target, &reply).map_err(redirected)?;
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

async fn ask(way: &Way, asked: &Asked<'_>, target: &Target, bounds: Bounds) -> Result<Reply, EvidenceFault> {
    let absolute = way.settings.proxy.is_some() && !target.https;
    let request = request(asked, target, absolute)?;
    let stream = way.open(target, bounds.head_until).await?;
    exchange(stream, request, &target.host(), bounds).await
}

/// Where the answer says to go. A question that was posted is posted again: an OCSP request has no other form here, and
/// a 303 (RFC 9110 §15.4.4) would have us fetch some page about it.
fn next(asked: &Asked<'_>, target: &Target, reply: &Reply) -> Result<Target, EvidenceFault> {
    let bad = |reason: &str| EvidenceFault::Redirect { host: target.host(), reason: reason.to_owned() };
    if reply.status == 303 && asked.question.is_some() {
        return Err(bad("it leads to a page, not to a responder"));
    }
    let location = reply.head.get(LOCATION).ok_or_else(|| bad("it names no place"))?;
    let location = location.to_str().map_err(|_| bad("its place is no text"))?;
    target.redirected(location).map_err(|fault| match fault {
        EvidenceFault::BadUrl(reason) => bad(&reason),
        other => other,
    })
}

fn request(
    wanted: &Asked<'_>,
    target: &Target,
    absolute: bool,
) -> Result<Request<Full<Bytes>>, EvidenceFault> {
    let body = wanted.question.map_or_else(Bytes::new, |(_, body)| Bytes::copy_from_slice(body));
    let mut asked = Request::new(Full::new(body));
    *asked.method_mut() = if wanted.question.is_some() { Method::POST } else { Method::GET };
    *asked.uri_mut() = target.request_target(absolute)?;
    let head = asked.headers_mut();
    let host = HeaderValue::from_str(&target.host_header());
    head.insert(HOST, host.map_err(|_| EvidenceFault::BadUrl("its host is no header".to_owned()))?);
    head.insert(USER_AGENT, HeaderValue::from_static(concat!("skrynka/", env!("CARGO_PKG_VERSION"))));
    head.insert(ACCEPT, HeaderValue::from_static(wanted.accepted));
    head.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    head.insert(CONNECTION, HeaderValue::from_static("close"));
    if let Some((kind, _)) = wanted.question {
        head.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    // What the server itself sent once; where it does not fit into a header any more, the whole is fetched.
    let known = |text: Option<&String>| text.and_then(|text| HeaderValue::from_str(text).ok());
    if let Some(etag) = known(wanted.kept.and_then(|terms| terms.etag.as_ref())) {
        head.insert(IF_NONE_MATCH, etag);
    }
    if let Some(since) = known(wanted.kept.and_then(|terms| terms.last_modified.as_ref())) {
        head.insert(IF_MODIFIED_SINCE, since);
    }
    Ok(asked)
}
