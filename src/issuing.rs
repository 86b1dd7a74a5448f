//! Branch × services → an issued code and its poster.

use crate::model::{
    Branch, BranchId, CodeKind, CodeState, DocumentCode, KyivDay, NewCode, QrCode, Registry, Service,
    ServiceId, Timestamp,
};
use crate::qr::{self, PosterContent, QrError};
use crate::store::{Store, StoreError};
use crate::texts;

/// What a code is wanted for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where it will hang.
    pub branch: BranchId,
    /// For which services; several only when they ask for the same documents.
    pub services: Vec<ServiceId>,
    /// The day of issue.
    pub issued_on: KyivDay,
    /// Days of validity, the day of issue being the first.
    pub days: u16,
}

/// A code that was made, and what should be known of it.
#[derive(Debug)]
pub struct Issued {
    /// The code.
    pub code: QrCode,
    /// Sentences for the person who made it.
    pub warnings: Vec<String>,
}

/// Why no code was made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The registry does not allow it.
    #[error("{0}")]
    Refused(String),
    /// The payload is not usable.
    #[error(transparent)]
    Payload(#[from] QrError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an own code: a `mailto:` link with a fresh token.
///
/// # Errors
/// When the registry does not allow it, the mailbox's address is too long for a code, or the store fails.
pub async fn issue(
    store: &Store,
    wanted: &Wanted,
    random: &mut (dyn FnMut(&mut [u8]) + Send),
    now: Timestamp,
) -> Result<Issued, IssueError> {
    let registry = store.registry().await?;
    let place = allowed(&registry, wanted)?;
    let token = qr::make_token(random);
    let payload = qr::own_payload(&place.branch.mailbox, token)?;
    make(store, wanted, &place, CodeKind::Own { token }, payload, now).await
}

/// Keeps a code that was made in the Дія cabinet.
///
/// # Errors
/// When the registry does not allow it, the payload is not a Дія link or is kept already, or the store fails.
pub async fn register(
    store: &Store,
    wanted: &Wanted,
    payload: &str,
    now: Timestamp,
) -> Result<Issued, IssueError> {
    let payload = qr::registered_payload(payload)?;
    let registry = store.registry().await?;
    let place = allowed(&registry, wanted)?;
    if wanted.issued_on > KyivDay::of(now) {
        return Err(IssueError::Refused(format!(
            "the day of issue, {}, is still to come; give the day on which the cabinet made the code",
            wanted.issued_on
        )));
    }
    let mut issued = make(store, wanted, &place, CodeKind::Registered, payload, now).await?;
    let services: Vec<&Service> =
        registry.services.iter().filter(|s| wanted.services.contains(&s.id)).collect();
    let findings = qr::naming::registered_code(place.branch, &services);
    issued.warnings.extend(findings.iter().map(|finding| texts::naming(finding).en));
    Ok(issued)
}

/// The poster of a code as SVG.
///
/// # Errors
/// When its branch or services are no longer in the registry, or its texts do not fit on a page.
pub fn poster(registry: &Registry, code: &QrCode) -> Result<String, IssueError> {
    let branch = find(&registry.branches, |b| b.id == code.branch, "branch", &code.branch)?;
    let organisation =
        find(&registry.organisations, |o| o.id == branch.organisation, "organisation", &branch.organisation)?;
    let mut services = Vec::new();
    for id in &code.services {
        services.push(find(&registry.services, |s| s.id == *id, "service", id)?);
    }
    Ok(qr::poster(&PosterContent::new(organisation, branch, &services, code))?)
}

struct Place<'a> {
    branch: &'a Branch,
    documents: Vec<DocumentCode>,
}

async fn make(
    store: &Store,
    wanted: &Wanted,
    place: &Place<'_>,
    kind: CodeKind,
    payload: String,
    now: Timestamp,
) -> Result<Issued, IssueError> {
    let new = NewCode {
        kind,
        branch: wanted.branch.clone(),
        services: wanted.services.clone(),
        documents: place.documents.clone(),
        payload,
        issued_on: wanted.issued_on,
        valid_until: wanted.issued_on.plus(i32::from(wanted.days) - 1),
    };
    let issued = store.issue_code(&new, now).await?;
    let mut warnings = Vec::new();
    let others: Vec<String> = issued.also_live.iter().map(|code| format!("No. {}", code.id)).collect();
    if !others.is_empty() {
        warnings.push(format!(
            "code {} of this branch asks for the same documents and is live too: a letter without a token cannot be told apart and will be marked ambiguous; retire the old one when its poster is gone (`skrynka code retire`)",
            others.join(", ")
        ));
    }
    if issued.code.state_at(now) == CodeState::Expired {
        warnings
            .push(format!("this code ended on {}; its letters will be marked so", issued.code.valid_until));
    }
    Ok(Issued { code: issued.code, warnings })
}

/// Whether the registry allows such a code, and the documents that it asks for.
fn allowed<'a>(registry: &'a Registry, wanted: &Wanted) -> Result<Place<'a>, IssueError> {
    let branch = find(&registry.branches, |b| b.id == wanted.branch, "branch", &wanted.branch)?;
    let mut documents: Option<Vec<DocumentCode>> = None;
    for id in &wanted.services {
        let service = find(&registry.services, |s| s.id == *id, "service", id)?;
        offered(service, branch)?;
        lawful(service)?;
        match &documents {
            Some(first) if !same_set(first, &service.documents) => {
                return Err(IssueError::Refused(format!(
                    "service `{id}` asks for other documents than `{}`; services share a code only when their lists are the same: make a code for each",
                    wanted.services.first().map_or("", ServiceId::as_str)
                )));
            }
            Some(_) => {}
            None => documents = Some(service.documents.clone()),
        }
    }
    match documents {
        Some(documents) => Ok(Place { branch, documents }),
        None => Err(IssueError::Refused("a code needs a service: give --service".to_owned())),
    }
}

fn same_set(a: &[DocumentCode], b: &[DocumentCode]) -> bool {
    a.len() == b.len() && a.iter().all(|document| b.contains(document))
}

fn offered(service: &Service, branch: &Branch) -> Result<(), IssueError> {
    if service.branches.contains(&branch.id) {
        return Ok(());
    }
    Err(IssueError::Refused(format!(
        "service `{}` is not offered at branch `{}`; add the branch to the service's `branches` and apply the registry",
        service.id, branch.id
    )))
}

/// Copies may be requested only on a legal ground, for a term, with a person who answers for them.
///
/// # Errors
/// What the service lacks.
pub fn lawful(service: &Service) -> Result<(), IssueError> {
    let lacks = [
        (
            service.legal_ground.is_empty(),
            "legal_ground (the law or consent that allows to process these data)",
        ),
        (service.retention_days.is_none(), "retention_days (how long copies are kept)"),
        (service.responsible.is_empty(), "responsible (who answers for the processing)"),
    ];
    let lacks: Vec<&str> = lacks.into_iter().filter(|(lack, _)| *lack).map(|(_, name)| name).collect();
    if lacks.is_empty() {
        return Ok(());
    }
    Err(IssueError::Refused(format!(
        "service `{}` cannot have a code yet, it lacks {}; add it to the registry file and run `skrynka registry apply`",
        service.id,
        lacks.join(", ")
    )))
}

fn find<'a, T>(
    all: &'a [T],
    is: impl Fn(&T) -> bool,
    what: &str,
    id: &dyn std::fmt::Display,
) -> Result<&'a T, IssueError> {
    all.iter().find(|item| is(item)).ok_or_else(|| {
        IssueError::Refused(format!(
            "there is no {what} `{id}` in the registry; `skrynka registry show` lists what there is"
        ))
    })
}
