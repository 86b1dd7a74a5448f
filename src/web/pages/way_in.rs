//! Signing in and out, and the choice of a language.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::model::{Digest, Login};
use crate::texts::web::Lang;
use crate::web::fault::Fault;
use crate::web::forms::Sent;
use crate::web::frame::{Frame, page};
use crate::web::session::Caller;
use crate::web::{Web, cookies};

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    next: String,
    /// What came before: `saved`, `out`.
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "login.html")]
struct SignIn {
    frame: Frame,
    next: String,
    login: String,
    good: Option<&'static str>,
    bad: Option<&'static str>,
}

pub(in crate::web) async fn show(caller: Caller, Query(asked): Query<Asked>) -> Response {
    let frame = Frame::open(&caller, caller.lang.words().sign_in_title);
    let good = match asked.after.as_str() {
        "saved" => Some(frame.t.password_saved),
        "out" => Some(frame.t.signed_out),
        _ => None,
    };
    page(&SignIn { frame, next: ours(&asked.next), login: String::new(), good, bad: None })
}

pub(in crate::web) async fn sign_in(
    State(web): State<Web>,
    caller: Caller,
    Extension(sent): Extension<Sent>,
) -> Result<Response, Fault> {
    let (typed, next) = (sent.text("login"), ours(&sent.text("next")));
    let t = caller.lang.words();
    let refuse = |why| {
        let frame = Frame::open(&caller, t.sign_in_title);
        let mut response =
            page(&SignIn { frame, next: next.clone(), login: typed.clone(), good: None, bad: Some(why) });
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        response
    };
    // No login of ours: it fails as any other.
    let login: Login = match typed.parse() {
        Ok(login) => login,
        Err(_) => NOBODY.parse().map_err(|_| Fault::Broken)?,
    };
    let Some(turn) = web.0.throttle.turn(login.clone(), caller.address).await else {
        return Ok(refuse(t.sign_in_busy));
    };
    let kept = web.store().password_of(&login).await?;
    let (person, hash) = kept.map(|kept| (kept.person, kept.hash)).unzip();
    let fits = web.0.passwords.fits(sent.raw_text("password"), hash).await?;
    let Some(person) = person.filter(|_| fits) else {
        turn.failed();
        tracing::warn!(address = %caller.address, "a login failed");
        return Ok(refuse(t.sign_in_wrong));
    };
    turn.succeeded();
    // A session that this browser had before ends: who sits here now may be somebody else.
    if let Some(before) = &caller.session {
        web.store().end_session(before, false, web.now()).await?;
    }
    let secret = web.secret();
    let digest = Digest::of(secret.as_bytes());
    web.store().begin_session(person, &digest, web.session_limits(), web.now()).await?;
    let to = if next.is_empty() { "/" } else { &next };
    Ok(with_cookie(Redirect::to(to).into_response(), &caller, cookies::SESSION, &secret, None))
}

/// A login that nobody types.
const NOBODY: &str = "-nobody-";

pub(in crate::web) async fn sign_out(
    State(web): State<Web>,
    caller: Caller,
    Extension(sent): Extension<Sent>,
) -> Result<Response, Fault> {
    if let Some(session) = &caller.session {
        web.store().end_session(session, !sent.text("everywhere").is_empty(), web.now()).await?;
    }
    let response = Redirect::to("/login?after=out").into_response();
    Ok(with_cookie(response, &caller, cookies::SESSION, "", Some(0)))
}

pub(in crate::web) async fn language(
    caller: Caller,
    Extension(sent): Extension<Sent>,
) -> Result<Response, Fault> {
    let lang = Lang::of_code(&sent.text("to")).ok_or(Fault::Bad)?;
    let back = ours(&sent.text("back"));
    let response = Redirect::to(if back.is_empty() { "/" } else { &back }).into_response();
    Ok(with_cookie(response, &caller, cookies::LANGUAGE, lang.code(), Some(365 * 24 * 60 * 60)))
}

fn with_cookie(
    mut response: Response,
    caller: &Caller,
    name: &str,
    value: &str,
    seconds: Option<u32>,
) -> Response {
    if let Some(cookie) = cookies::set(name, value, caller.secure, seconds) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The path if it leads to a page of ours; else none. `//elsewhere` and `/\elsewhere` lead away.
fn ours(path: &str) -> String {
    let second = path.chars().nth(1);
    let is_ours = path.starts_with('/')
        && !matches!(second, Some('/' | '\\'))
        && !path.chars().any(char::is_control)
        && HeaderValue::from_str(path).is_ok();
    if is_ours { path.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_to_our_own_pages_only() {
        assert_eq!(ours("/letters/17?a=b"), "/letters/17?a=b");
        for away in
            ["", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\r\nb"]
        {
            assert_eq!(ours(away), "", "{away}");
        }
    }
}
