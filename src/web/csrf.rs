//! A request for a change → whether our own page asked for it, and what it sent.
//!
//! Every POST goes through here, whatever its route: another site must not make a signed-in clerk's browser do something.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::fault::Fault;
use super::forms::Sent;
use super::session::Caller;
use crate::model::Digest;

/// The field that has the token.
pub(super) const FIELD: &str = "csrf";

/// What somebody who is not signed in may send: a login and a password.
const BYTES_MAX_ANYBODY: usize = 16 * 1024;

/// What somebody who is signed in may send: the picture of a code.
const BYTES_MAX_SIGNED_IN: usize = 2 * 1024 * 1024;

/// How long sending may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The token that the forms of this browser carry.
pub(super) fn token(caller: &Caller) -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(format!("skrynka form {}", caller.secret).as_bytes()).0)
}

/// Lets a change through to its page with what was sent ([`Sent`]), if our own page asked for it.
pub(super) async fn check(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match checked(request).await {
        Ok(request) => next.run(request).await,
        Err(fault) => fault.into_response(),
    }
}

async fn checked(request: Request) -> Result<Request, Fault> {
    let (mut parts, body) = request.into_parts();
    let caller = parts.extensions.get::<Caller>().ok_or(Fault::Broken)?;
    if !is_from_here(&parts.headers) {
        return Err(Fault::Stale);
    }
    let bytes_max = if caller.person.is_some() { BYTES_MAX_SIGNED_IN } else { BYTES_MAX_ANYBODY };
    let bytes = tokio::time::timeout(PATIENCE, to_bytes(body, bytes_max)).await;
    let bytes = bytes.map_err(|_| Fault::Bad)?.map_err(|_| Fault::Bad)?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let sent = Sent::read(kind.unwrap_or_default(), &bytes).ok_or(Fault::Bad)?;
    // Compared as digests: how long that takes tells nothing of the token.
    if Digest::of(sent.text(FIELD).as_bytes()) != Digest::of(token(caller).as_bytes()) {
        return Err(Fault::Stale);
    }
    parts.extensions.insert(sent);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// What the browser itself says of where the request comes from; older ones say nothing, and the token decides alone.
/// Under our `Referrer-Policy` a form of ours has the origin `null` (Fetch, «append a request Origin header»).
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    match (text("origin"), text("host")) {
        (None | Some("null"), _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, named)| named == host),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn from_here(pairs: &[(&'static str, &'static str)], expected: bool) {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| (name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap()))
            .collect();
        assert_eq!(is_from_here(&headers), expected, "{pairs:?}");
    }

    #[test]
    fn what_a_browser_says_of_another_site_is_believed() {
        let host = ("host", "desk.example");
        from_here(&[host], true);
        from_here(&[host, ("origin", "https://desk.example")], true);
        from_here(&[host, ("origin", "https://evil.example")], false);
        from_here(&[host, ("origin", "null"), ("sec-fetch-site", "same-origin")], true);
        from_here(&[host, ("origin", "null"), ("sec-fetch-site", "cross-site")], false);
        from_here(&[host, ("sec-fetch-site", "same-site")], false);
        from_here(&[host, ("sec-fetch-site", "none")], false);
        from_here(&[("origin", "https://desk.example")], false);
    }
}
