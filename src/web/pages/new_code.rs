//! A form → an own code, or one from the cabinet kept; what is missing is said beside the form.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::rows::document;
use crate::issuing::{self, IssueError, Wanted};
use crate::model::{BranchId, KyivDay, NameUse, NamingFinding, Service, ServiceId};
use crate::qr;
use crate::store::{Deed, StoreError};
use crate::texts;
use crate::texts::web::Words;
use crate::web::Web;
use crate::web::access::Visitor;
use crate::web::fault::Fault;
use crate::web::forms::Sent;
use crate::web::frame::{Frame, Section, page};

/// A registered code's term, by the rules of Дія.
const REGISTERED_DAYS: u16 = 180;

#[derive(Template)]
#[template(path = "new_code.html")]
struct NewCode {
    frame: Frame,
    t: &'static Words,
    is_registered: bool,
    branches: Vec<Choice>,
    services: Vec<ServiceChoice>,
    payload: String,
    issued_on: String,
    /// What must be mended.
    bad: Vec<String>,
    /// Remarks on names.
    remarks: Vec<String>,
}

struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

struct ServiceChoice {
    value: String,
    purpose: String,
    documents: String,
    ground: String,
    /// What it lacks for a code.
    lacks: Vec<&'static str>,
    is_chosen: bool,
}

/// Which of the two forms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Own,
    Registered,
}

pub(in crate::web) async fn issue_form(State(web): State<Web>, visitor: Visitor) -> Result<Response, Fault> {
    form(&web, &visitor, Kind::Own, &Sent::default(), Vec::new()).await
}

pub(in crate::web) async fn register_form(
    State(web): State<Web>,
    visitor: Visitor,
) -> Result<Response, Fault> {
    form(&web, &visitor, Kind::Registered, &Sent::default(), Vec::new()).await
}

pub(in crate::web) async fn issue(
    State(web): State<Web>,
    visitor: Visitor,
    Extension(sent): Extension<Sent>,
) -> Result<Response, Fault> {
    make(&web, &visitor, Kind::Own, &sent).await
}

pub(in crate::web) async fn register(
    State(web): State<Web>,
    visitor: Visitor,
    Extension(sent): Extension<Sent>,
) -> Result<Response, Fault> {
    make(&web, &visitor, Kind::Registered, &sent).await
}

async fn make(web: &Web, visitor: &Visitor, kind: Kind, sent: &Sent) -> Result<Response, Fault> {
    let wanted = match wanted(web, visitor, kind, sent).await? {
        Ok(wanted) => wanted,
        Err(bad) => return form(web, visitor, kind, sent, bad).await,
    };
    let made = match kind {
        Kind::Own => {
            let random = web.0.parts.random;
            issuing::issue(web.store(), &wanted, &mut |bytes: &mut [u8]| random(bytes), web.now()).await
        }
        Kind::Registered => match payload(sent).await {
            Ok(payload) => issuing::register(web.store(), &wanted, &payload, web.now()).await,
            Err(is_read) => {
                let t = visitor.caller.lang.words();
                let bad = if is_read { t.code_picture_bad } else { t.code_payload_needed };
                return form(web, visitor, kind, sent, vec![bad.to_owned()]).await;
            }
        },
    };
    match made {
        Ok(issued) => {
            let id = issued.code.id;
            web.store().note_deed(visitor.person.id, Deed::CodeMade(id), web.now()).await?;
            Ok(Redirect::to(&format!("/codes/{id}")).into_response())
        }
        Err(fault) => match refusal(fault, visitor.caller.lang.words()) {
            Ok(said) => form(web, visitor, kind, sent, vec![said]).await,
            Err(fault) => Err(fault),
        },
    }
}

/// What the form asks for, or what it lacks. A branch outside of the scope does not exist.
async fn wanted(
    web: &Web,
    visitor: &Visitor,
    kind: Kind,
    sent: &Sent,
) -> Result<Result<Wanted, Vec<String>>, Fault> {
    let t = visitor.caller.lang.words();
    let mut bad = Vec::new();
    let branches = web.store().within(&visitor.scope).branches().await?;
    let branch: Option<BranchId> = sent.text("branch").parse().ok();
    if sent.text("branch").is_empty() {
        bad.push(t.code_branch_needed.to_owned());
    } else if branch.as_ref().is_none_or(|id| !branches.iter().any(|branch| branch.id == *id)) {
        return Err(Fault::NotFound);
    }
    let services: Vec<ServiceId> = sent.texts("service").iter().filter_map(|id| id.parse().ok()).collect();
    if services.is_empty() {
        bad.push(t.code_service_needed.to_owned());
    }
    if sent.text("ground").is_empty() {
        bad.push(t.code_ground_needed.to_owned());
    }
    let issued_on = match kind {
        Kind::Own => Some(KyivDay::of(web.now())),
        Kind::Registered => sent.text("issued_on").parse().ok(),
    };
    if issued_on.is_none() {
        bad.push(t.code_day_needed.to_owned());
    }
    let days = match kind {
        Kind::Own => web.settings().code_days,
        Kind::Registered => REGISTERED_DAYS,
    };
    Ok(match (branch, issued_on) {
        (Some(branch), Some(issued_on)) if bad.is_empty() => Ok(Wanted { branch, services, issued_on, days }),
        _ => Err(bad),
    })
}

/// Why no code was made, for whoever filled the form in.
fn refusal(fault: IssueError, t: &'static Words) -> Result<String, Fault> {
    match fault {
        IssueError::Payload(_) => Ok(t.code_payload_bad.to_owned()),
        IssueError::Store(StoreError::PayloadTaken { code } | StoreError::TokenTaken { code }) => {
            Ok(format!("{} {}{code}", t.code_taken, t.codes_number))
        }
        IssueError::Refused(_)
        | IssueError::Store(StoreError::NoSuchService { .. } | StoreError::ServiceNotReady { .. }) => {
            Ok(t.code_refused.to_owned())
        }
        IssueError::Store(fault) => Err(fault.into()),
    }
}

/// The link that was pasted, or the one that the picture has; else whether there was a picture at all.
async fn payload(sent: &Sent) -> Result<String, bool> {
    let link = sent.text("payload");
    if !link.is_empty() {
        return Ok(link);
    }
    let picture = sent.bytes("picture").to_vec();
    if picture.is_empty() {
        return Err(false);
    }
    let read = tokio::task::spawn_blocking(move || qr::read_picture(&picture)).await;
    read.map_err(|_| true)?.map_err(|_| true)
}

async fn form(
    web: &Web,
    visitor: &Visitor,
    kind: Kind,
    sent: &Sent,
    bad: Vec<String>,
) -> Result<Response, Fault> {
    let lang = visitor.caller.lang;
    let t = lang.words();
    let within = web.store().within(&visitor.scope);
    let (branches, services) = (within.branches().await?, within.services().await?);
    let used = if kind == Kind::Own { NameUse::Own } else { NameUse::RegisteredCode };
    let findings = branches.iter().flat_map(|branch| qr::naming::branch(branch, used));
    let findings: Vec<NamingFinding> =
        findings.chain(services.iter().flat_map(|service| qr::naming::service(service, used))).collect();
    let chosen = sent.texts("service");
    let service = |service: &Service| ServiceChoice {
        value: service.id.to_string(),
        purpose: service.purpose.clone(),
        documents: service
            .documents
            .iter()
            .map(|code| document(code.as_str(), lang))
            .collect::<Vec<_>>()
            .join(", "),
        ground: service.legal_ground.clone(),
        lacks: lacks(service, t),
        is_chosen: chosen.iter().any(|id| id == service.id.as_str()),
    };
    let only = branches.len() == 1;
    let is_registered = kind == Kind::Registered;
    let title = if is_registered { t.code_register } else { t.code_issue };
    let is_bad = !bad.is_empty();
    let mut response = page(&NewCode {
        frame: Frame::of(visitor, Section::Codes, title),
        t,
        is_registered,
        services: services.iter().map(service).collect(),
        branches: branches
            .into_iter()
            .map(|branch| Choice {
                is_chosen: only || sent.text("branch") == branch.id.as_str(),
                value: branch.id.to_string(),
                name: branch.name,
            })
            .collect(),
        payload: sent.text("payload"),
        issued_on: sent.text("issued_on"),
        bad,
        remarks: findings.iter().map(|finding| lang.of(texts::naming(finding))).collect(),
    });
    if is_bad {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn lacks(service: &Service, t: &'static Words) -> Vec<&'static str> {
    let lacks = [
        (service.legal_ground.is_empty(), t.lack_ground),
        (service.retention_days.is_none(), t.lack_retention),
        (service.responsible.is_empty(), t.lack_responsible),
    ];
    lacks.into_iter().filter(|(lack, _)| *lack).map(|(_, name)| name).collect()
}
