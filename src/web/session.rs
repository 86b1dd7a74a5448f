//! A request → who asks: the session of its cookie, the language, the address.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::fault::Fault;
use super::{Web, cookies, pages};
use crate::model::{Digest, Person};
use crate::texts::web::Lang;

/// The path of the live list's stream: that it is open does not mean that somebody is there.
pub(super) const LIVE: &str = "/live";

/// Where a connection comes from; said by whoever accepted it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Who is signed in.
    pub(super) person: Option<Person>,
    /// The session, as the store knows it.
    pub(super) session: Option<Digest>,
    /// A secret that only this browser has; the tokens of its forms are made of it.
    pub(super) secret: String,
    pub(super) lang: Lang,
    /// Whether what is said between us is protected: cookies are named by it.
    pub(super) secure: bool,
    /// The visitor's address, as the connection or a trusted proxy says.
    pub(super) address: IpAddr,
    /// Path and query.
    pub(super) path: String,
    /// Whether a person will see the answer as a page.
    pub(super) wants_page: bool,
}

/// Finds out who asks, and gives failures their words.
pub(super) async fn recognise(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/assets/") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let secure = match line(&web, &parts) {
        Line::Protected => true,
        Line::ThisMachine => false,
        Line::Open => return refused(&web, &parts),
    };
    let (caller, is_new) = match caller(&web, &parts, secure).await {
        Ok(found) => found,
        Err(fault) => return fault.into_response(),
    };
    parts.extensions.insert(caller.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(fault) = Fault::of(&response) {
        let status = response.status();
        response = pages::failure(&caller, fault);
        *response.status_mut() = status;
    }
    if is_new && let Some(cookie) = cookies::set(cookies::FORM, &caller.secret, secure, None) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Who asks, and whether their secret was made just now.
async fn caller(web: &Web, request: &Parts, secure: bool) -> Result<(Caller, bool), Fault> {
    let (headers, path) = (&request.headers, request.uri.path());
    let (mut person, mut session, mut secret) = (None, None, None);
    if let Some(sent) = cookies::value(headers, cookies::SESSION, secure) {
        let digest = Digest::of(sent.as_bytes());
        let limits = web.session_limits();
        person = web.store().session(&digest, limits, path != LIVE, web.now()).await?;
        if person.is_some() {
            (session, secret) = (Some(digest), Some(sent));
        }
    }
    let secret =
        secret.or_else(|| cookies::value(headers, cookies::FORM, secure).filter(|sent| sent.len() == 43));
    let is_new = secret.is_none();
    let lang = cookies::value(headers, cookies::LANGUAGE, secure).and_then(|code| Lang::of_code(&code));
    let path_and_query = request.uri.path_and_query().map_or(path, |whole| whole.as_str());
    let caller = Caller {
        person,
        session,
        secret: secret.unwrap_or_else(|| web.secret()),
        lang: lang.unwrap_or_default(),
        secure,
        address: address(web, request),
        path: path_and_query.to_owned(),
        wants_page: wants_page(headers),
    };
    Ok((caller, is_new))
}

/// A page and not a part of one.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("text/html");
    !headers.contains_key("x-fragment") && (accepts.contains("text/html") || accepts.contains("*/*"))
}

/// What a connection is to whoever could listen to it.
enum Line {
    /// TLS, ours or the proxy's.
    Protected,
    /// Nobody else is on it.
    ThisMachine,
    /// Anybody on the way can read it.
    Open,
}

fn line(web: &Web, request: &Parts) -> Line {
    let (peer, settings) = (peer(request), web.settings());
    if settings.tls.is_some() {
        return Line::Protected;
    }
    if settings.proxies.contains(&peer) {
        let proto = request.headers.get("x-forwarded-proto").and_then(|proto| proto.to_str().ok());
        let is_https = proto.is_none_or(|proto| proto.eq_ignore_ascii_case("https"));
        return if is_https { Line::Protected } else { Line::Open };
    }
    if peer.is_loopback() { Line::ThisMachine } else { Line::Open }
}

/// Over an open line nothing is said, but where to come with TLS.
fn refused(web: &Web, request: &Parts) -> Response {
    match web.settings().public_url.as_deref().filter(|url| url.starts_with("https://")) {
        Some(url) if request.method == Method::GET => Redirect::permanent(url).into_response(),
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}

fn peer(request: &Parts) -> IpAddr {
    // A connection that nobody vouches for is from outside.
    request.extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip())
}

/// The nearest address that is not a trusted proxy's.
fn address(web: &Web, request: &Parts) -> IpAddr {
    let peer = peer(request);
    let proxies = &web.settings().proxies;
    if !proxies.contains(&peer) {
        return peer;
    }
    let lines = request.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let hops: Vec<IpAddr> =
        lines.flat_map(|line| line.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|hop| !proxies.contains(hop)).unwrap_or(peer)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or(Fault::Broken)
    }
}
