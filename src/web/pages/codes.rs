//! The codes of the scope: how long each lasts, its letters, its poster; new ones, and the end of one.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::letter::download;
use super::rows::document;
use crate::issuing;
use crate::model::{Branch, CodeId, CodeKind, CodeState, KyivDay, QrCode, Timestamp};
use crate::store::Deed;
use crate::texts::web::{self as words, Lang, Words};
use crate::web::Web;
use crate::web::access::Visitor;
use crate::web::fault::Fault;
use crate::web::forms::Sent;
use crate::web::frame::{Frame, Section, page};

/// A code in a list.
pub(super) struct CodeLine {
    pub(super) id: i64,
    pub(super) kind: &'static str,
    pub(super) branch: String,
    pub(super) services: String,
    pub(super) documents: String,
    pub(super) state: String,
    pub(super) is_live: bool,
    pub(super) days_left: i32,
    pub(super) valid: String,
    pub(super) letters: u64,
}

impl CodeLine {
    pub(super) fn of(code: &QrCode, letters: u64, branches: &[Branch], lang: Lang, now: Timestamp) -> Self {
        let t = lang.words();
        let state = code.state_at(now);
        let branch = branches.iter().find(|branch| branch.id == code.branch);
        let documents: Vec<String> =
            code.documents.iter().map(|code| document(code.as_str(), lang)).collect();
        Self {
            id: code.id.0,
            kind: match code.kind {
                CodeKind::Own { .. } => t.code_kind_own,
                CodeKind::Registered => t.code_kind_registered,
            },
            branch: branch.map_or_else(|| code.branch.to_string(), |branch| branch.name.clone()),
            services: code.services.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            documents: documents.join(", "),
            state: lang.of(words::code_state(state)),
            is_live: state == CodeState::Live,
            days_left: match state {
                CodeState::Retired => 0,
                _ => KyivDay::of(now).days_until(code.valid_until).max(0),
            },
            valid: format!("{} – {}", code.issued_on.dotted(), code.valid_until.dotted()),
            letters,
        }
    }
}

#[derive(Template)]
#[template(path = "codes.html")]
struct Codes {
    frame: Frame,
    t: &'static Words,
    codes: Vec<CodeLine>,
}

#[derive(Template)]
#[template(path = "code.html")]
struct Code {
    frame: Frame,
    t: &'static Words,
    code: CodeLine,
    has_poster: bool,
    is_retired: bool,
    bad: Option<&'static str>,
}

pub(in crate::web) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Fault> {
    let (lang, now) = (visitor.caller.lang, web.now());
    let within = web.store().within(&visitor.scope);
    let branches = within.branches().await?;
    let services = within.services().await?;
    let mut codes = within.codes().await?;
    // Those in use first, and of them those that end first.
    codes.sort_by_key(|(code, _)| (code.state_at(now) != CodeState::Live, code.valid_until, code.id));
    let line = |(code, letters): &(QrCode, u64)| {
        let mut line = CodeLine::of(code, *letters, &branches, lang, now);
        line.services = purposes(code, &services);
        line
    };
    let t = lang.words();
    let frame = Frame::of(&visitor, Section::Codes, t.codes_title);
    Ok(page(&Codes { frame, t, codes: codes.iter().map(line).collect() }))
}

/// The purposes of a code's services; of one that is closed, its key.
pub(super) fn purposes(code: &QrCode, services: &[crate::model::Service]) -> String {
    let purpose = |id: &crate::model::ServiceId| {
        let service = services.iter().find(|service| service.id == *id);
        service.map_or_else(|| id.to_string(), |service| service.purpose.clone())
    };
    code.services.iter().map(purpose).collect::<Vec<_>>().join(", ")
}

pub(in crate::web) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    shown(&web, &visitor, &code, None).await
}

async fn shown(web: &Web, visitor: &Visitor, id: &str, bad: Option<&'static str>) -> Result<Response, Fault> {
    let (lang, now) = (visitor.caller.lang, web.now());
    let t = lang.words();
    let (code, letters) = found(web, visitor, id).await?;
    let within = web.store().within(&visitor.scope);
    let mut line = CodeLine::of(&code, letters, &within.branches().await?, lang, now);
    line.services = purposes(&code, &within.services().await?);
    let registry = web.store().registry().await?;
    let title = format!("{} {}{}", t.code_title, t.codes_number, line.id);
    let mut response = page(&Code {
        frame: Frame::of(visitor, Section::Codes, &title),
        t,
        code: line,
        has_poster: issuing::poster(&registry, &code).is_ok(),
        is_retired: code.retired_at.is_some(),
        bad,
    });
    if bad.is_some() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// A code of the scope; what is not there and what lies outside are answered alike.
async fn found(web: &Web, visitor: &Visitor, id: &str) -> Result<(QrCode, u64), Fault> {
    let id: CodeId = id.parse().map_err(|_| Fault::NotFound)?;
    web.store().within(&visitor.scope).code(id).await?.ok_or(Fault::NotFound)
}

/// The poster as a picture in the page.
pub(in crate::web) async fn poster(
    State(web): State<Web>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let svg = drawn(&web, &visitor, &code).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
    ];
    Ok((headers, svg).into_response())
}

/// The poster as a file.
pub(in crate::web) async fn poster_file(
    State(web): State<Web>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let svg = drawn(&web, &visitor, &code).await?;
    Ok(download(&format!("poster-{code}.svg"), "image/svg+xml", svg))
}

async fn drawn(web: &Web, visitor: &Visitor, id: &str) -> Result<String, Fault> {
    let (code, _) = found(web, visitor, id).await?;
    let registry = web.store().registry().await?;
    issuing::poster(&registry, &code).map_err(|_| Fault::NotFound)
}

pub(in crate::web) async fn retire(
    State(web): State<Web>,
    visitor: Visitor,
    Path(code): Path<String>,
    Extension(sent): Extension<Sent>,
) -> Result<Response, Fault> {
    let (found, _) = found(&web, &visitor, &code).await?;
    if sent.text("down").is_empty() {
        return shown(&web, &visitor, &code, Some(visitor.caller.lang.words().code_retire_needed)).await;
    }
    if found.retired_at.is_none() {
        web.store().retire_code(found.id, web.now()).await?;
        web.store().note_deed(visitor.person.id, Deed::CodeRetired(found.id), web.now()).await?;
    }
    Ok(Redirect::to(&format!("/codes/{}", found.id)).into_response())
}
