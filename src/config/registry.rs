//! A registry file (TOML) → a [`Registry`] whose ids, numbers and references are right.
//!
//! The names themselves are judged by `qr::naming`, which knows the rules of Дія.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::keys;
use crate::model::{Branch, DocumentCode, Organisation, Registry, Service};

/// Something in a registry file that must be mended: what, where, and how.
pub type RegistryProblem = String;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    organisation: Vec<OrganisationSection>,
    branch: Vec<BranchSection>,
    service: Vec<ServiceSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationSection {
    id: String,
    name: String,
    edrpou: String,
    head: HeadSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadSection {
    name: String,
    position: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BranchSection {
    id: String,
    organisation: String,
    name: String,
    mailbox: String,
    address: AddressSection,
    #[serde(default)]
    known_as: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressSection {
    region: String,
    district: String,
    location: String,
    street: String,
    house: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceSection {
    id: String,
    organisation: String,
    branches: Vec<String>,
    purpose: String,
    documents: Vec<String>,
    #[serde(default)]
    legal_ground: String,
    retention_days: Option<u32>,
    #[serde(default)]
    responsible: String,
}

/// Reads a registry file.
///
/// # Errors
/// Every problem at once, each naming its section, its value and a remedy.
pub fn read_registry(file: &Path) -> Result<Registry, Vec<RegistryProblem>> {
    let text = keys::text_of("registry", file, "write one after the example that `skrynka init` makes")
        .map_err(|problem| vec![problem])?;
    let parsed: File = keys::read(file, &text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let named = Named::of(&parsed);
    let registry = Registry {
        organisations: parsed.organisation.iter().filter_map(|s| organisation(s, &mut problems)).collect(),
        branches: parsed.branch.into_iter().filter_map(|s| branch(s, &mut problems)).collect(),
        services: parsed.service.iter().filter_map(|s| service(s, &mut problems)).collect(),
    };
    references(&named, &registry, &mut problems);
    if problems.is_empty() {
        Ok(registry)
    } else {
        Err(problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect())
    }
}

fn organisation(section: &OrganisationSection, problems: &mut Vec<String>) -> Option<Organisation> {
    let what = format!("organisation `{}`", section.id);
    let id = noted(&what, "id", section.id.parse(), problems);
    let edrpou: Option<ukr::Edrpou> = noted(&what, "edrpou", section.edrpou.parse(), problems);
    let name = filled(&what, "name", &section.name, problems);
    let head_name = filled(&what, "head.name", &section.head.name, problems);
    let position = filled(&what, "head.position", &section.head.position, problems);
    Some(Organisation {
        id: id?,
        name: name?,
        edrpou: edrpou?.to_string(),
        head: crate::model::Head { name: head_name?, position: position? },
    })
}

fn branch(section: BranchSection, problems: &mut Vec<String>) -> Option<Branch> {
    let what = format!("branch `{}`", section.id);
    let id = noted(&what, "id", section.id.parse(), problems);
    let organisation = noted(&what, "organisation", section.organisation.parse(), problems);
    let mailbox = noted(&what, "mailbox", section.mailbox.parse(), problems);
    let mut part = |key: &str, value: &str| filled(&what, key, value, problems);
    let name = part("name", &section.name);
    let address = &section.address;
    let region = part("address.region", &address.region);
    let district = part("address.district", &address.district);
    let location = part("address.location", &address.location);
    let street = part("address.street", &address.street);
    let house = part("address.house", &address.house);
    let address = crate::model::BranchAddress {
        region: region?,
        district: district?,
        location: location?,
        street: street?,
        house: house?,
    };
    let known_as = section.known_as.into_iter().filter(|name| !name.trim().is_empty()).collect();
    Some(Branch { id: id?, organisation: organisation?, name: name?, address, mailbox: mailbox?, known_as })
}

fn service(section: &ServiceSection, problems: &mut Vec<String>) -> Option<Service> {
    let what = format!("service `{}`", section.id);
    let id = noted(&what, "id", section.id.parse(), problems);
    let organisation = noted(&what, "organisation", section.organisation.parse(), problems);
    let purpose = filled(&what, "purpose", &section.purpose, problems);
    let branches =
        section.branches.iter().filter_map(|b| noted(&what, "branches", b.parse(), problems)).collect();
    let mut documents: Vec<DocumentCode> = Vec::new();
    for text in &section.documents {
        match known_document(text) {
            Ok(code) if documents.contains(&code) => {
                problems.push(format!("{what}: documents names `{text}` twice"));
            }
            Ok(code) => documents.push(code),
            Err(problem) => problems.push(format!("{what}: documents: {problem}")),
        }
    }
    if section.documents.is_empty() {
        problems.push(format!(
            "{what}: documents is empty; name at least one, for example \"internal-passport\""
        ));
    }
    if section.retention_days.is_some_and(|days| !(1..=36_500).contains(&days)) {
        problems.push(format!("{what}: retention_days must be 1 to 36500 (days)"));
    }
    Some(Service {
        id: id?,
        organisation: organisation?,
        branches,
        purpose: purpose?,
        documents,
        legal_ground: section.legal_ground.trim().to_owned(),
        retention_days: section.retention_days,
        responsible: section.responsible.trim().to_owned(),
    })
}

/// A code from the known list, or a well-formed new one that is not a slip of a known one: the list of Дія grows.
fn known_document(text: &str) -> Result<DocumentCode, String> {
    let code: DocumentCode = text.parse().map_err(|fault| format!("{fault}"))?;
    if code.is_known() {
        return Ok(code);
    }
    match keys::nearest(text, &DocumentCode::KNOWN) {
        Some(near) => Err(format!("unknown document code `{text}`; did you mean `{near}`?")),
        None => Ok(code),
    }
}

/// The ids that sections bear, right or wrong: a section with a problem of its own is there all the same.
struct Named {
    organisations: Vec<String>,
    /// Branch and its organisation.
    branches: Vec<(String, String)>,
    services: Vec<String>,
}

impl Named {
    fn of(file: &File) -> Self {
        Self {
            organisations: file.organisation.iter().map(|s| s.id.clone()).collect(),
            branches: file.branch.iter().map(|s| (s.id.clone(), s.organisation.clone())).collect(),
            services: file.service.iter().map(|s| s.id.clone()).collect(),
        }
    }
}

/// What the sections say of each other.
fn references(named: &Named, registry: &Registry, problems: &mut Vec<String>) {
    let counted = [
        ("organisation", named.organisations.iter().collect::<Vec<_>>()),
        ("branch", named.branches.iter().map(|(id, _)| id).collect()),
        ("service", named.services.iter().collect()),
    ];
    for (what, ids) in counted {
        let mut seen = BTreeSet::new();
        for id in ids.into_iter().filter(|id| !seen.insert(*id)) {
            problems.push(format!("two sections [[{what}]] have the id `{id}`; give each its own"));
        }
    }
    let missing = |id: &str| !named.organisations.iter().any(|known| known == id);
    for branch in registry.branches.iter().filter(|b| missing(b.organisation.as_str())) {
        problems.push(format!(
            "branch `{}`: there is no organisation `{}` in the file; add a section [[organisation]]",
            branch.id, branch.organisation
        ));
    }
    for service in &registry.services {
        if missing(service.organisation.as_str()) {
            problems.push(format!(
                "service `{}`: there is no organisation `{}` in the file; add a section [[organisation]]",
                service.id, service.organisation
            ));
        }
        for id in &service.branches {
            let owner =
                named.branches.iter().find(|(branch, _)| branch == id.as_str()).map(|(_, owner)| owner);
            if owner.is_none_or(|owner| owner != service.organisation.as_str()) {
                problems.push(format!(
                    "service `{}`: branches names `{id}`, which is not a branch of `{}`; correct it or add a section [[branch]]",
                    service.id, service.organisation
                ));
            }
        }
    }
}

fn noted<T, E: std::fmt::Display>(
    what: &str,
    key: &str,
    value: Result<T, E>,
    problems: &mut Vec<String>,
) -> Option<T> {
    value.map_err(|fault| problems.push(format!("{what}: {key}: {fault}"))).ok()
}

fn filled(what: &str, key: &str, value: &str, problems: &mut Vec<String>) -> Option<String> {
    let value = value.trim();
    if value.is_empty() {
        problems.push(format!("{what}: {key} is empty"));
        None
    } else {
        Some(value.to_owned())
    }
}
