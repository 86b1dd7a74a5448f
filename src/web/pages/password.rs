//! A link that an administrator gave → a password.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::model::Digest;
use crate::web::Web;
use crate::web::fault::Fault;
use crate::web::forms::Sent;
use crate::web::frame::{Frame, page};
use crate::web::passwords::{CHARS_MAX, CHARS_MIN};
use crate::web::session::Caller;

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    frame: Frame,
    /// Whose, if the link can be used.
    login: Option<String>,
    name: String,
    bad: Option<&'static str>,
}

pub(in crate::web) async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path(link): Path<String>,
) -> Result<Response, Fault> {
    shown(&web, &caller, &link, None).await
}

pub(in crate::web) async fn set(
    State(web): State<Web>,
    caller: Caller,
    Path(link): Path<String>,
    Extension(sent): Extension<Sent>,
) -> Result<Response, Fault> {
    let t = caller.lang.words();
    let password = sent.raw_text("password");
    let chars = password.chars().count();
    let bad = if chars < CHARS_MIN {
        Some(t.password_short)
    } else if chars > CHARS_MAX {
        Some(t.password_long)
    } else {
        (password != sent.raw_text("again")).then_some(t.password_differs)
    };
    let digest = Digest::of(link.as_bytes());
    if bad.is_some() || web.store().link_of(&digest, web.now()).await?.is_none() {
        return shown(&web, &caller, &link, bad).await;
    }
    let mut salt = [0; 16];
    (web.0.parts.random)(&mut salt);
    let hash = web.0.passwords.hash(password, salt).await?;
    match web.store().set_password(&digest, &hash, web.now()).await? {
        Some(_) => Ok(Redirect::to("/login?after=saved").into_response()),
        None => shown(&web, &caller, &link, None).await,
    }
}

async fn shown(web: &Web, caller: &Caller, link: &str, bad: Option<&'static str>) -> Result<Response, Fault> {
    let person = web.store().link_of(&Digest::of(link.as_bytes()), web.now()).await?;
    let mut frame = Frame::open(caller, caller.lang.words().password_title);
    // The secret in the path is for this page alone.
    frame.path = "/login".to_owned();
    let useless = person.is_none();
    let (login, name) = person.map(|person| (person.login.to_string(), person.name)).unzip();
    let mut response = page(&Password { frame, login, name: name.unwrap_or_default(), bad });
    if useless {
        *response.status_mut() = axum::http::StatusCode::GONE;
    } else if bad.is_some() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}
