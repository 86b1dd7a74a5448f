//! The registry as kept and the registry as wanted → the changes that lead from one to the other. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::super::StoreError;
use crate::model::{Branch, Change, CodeId, Organisation, Registry, Service};

/// An entry as kept.
#[derive(Clone, Debug)]
pub(super) struct Kept<T> {
    pub(super) entry: T,
    /// No longer in the file, kept for its history.
    pub(super) closed: bool,
    /// Has codes or filings. An organisation has the history of its branches and services.
    pub(super) history: bool,
    /// Its codes that are in use.
    pub(super) live_codes: Vec<CodeId>,
}

/// Everything as kept.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptRegistry {
    pub(super) organisations: Vec<Kept<Organisation>>,
    pub(super) branches: Vec<Kept<Branch>>,
    pub(super) services: Vec<Kept<Service>>,
}

/// What the three kinds of entry have in common.
pub(super) trait Entry {
    /// `organisation`, `branch` or `service`.
    const WHAT: &'static str;
    /// Fields that are printed on codes or that letters depend on: codes in use keep the old value.
    const ON_CODES: &'static [&'static str];
    /// Its key.
    fn key(&self) -> &str;
    /// Every field but the key, as people read it.
    fn fields(&self) -> Vec<(&'static str, String)>;
}

impl Entry for Organisation {
    const WHAT: &'static str = "organisation";
    const ON_CODES: &'static [&'static str] = &[];

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.clone()),
            ("edrpou", self.edrpou.clone()),
            ("head.name", self.head.name.clone()),
            ("head.position", self.head.position.clone()),
            ("admins", listed(&self.admins)),
        ]
    }
}

impl Entry for Branch {
    const WHAT: &'static str = "branch";
    // Domain facts §2: a branch that moves needs new codes; an own code's letters go to the mailbox in its payload.
    const ON_CODES: &'static [&'static str] = &["address", "mailbox"];

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("organisation", self.organisation.to_string()),
            ("name", self.name.clone()),
            ("address", self.address.to_string()),
            ("mailbox", self.mailbox.to_string()),
            ("known_as", self.known_as.join("; ")),
            ("admins", listed(&self.admins)),
        ]
    }
}

impl Entry for Service {
    const WHAT: &'static str = "service";
    const ON_CODES: &'static [&'static str] = &["documents"];

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("organisation", self.organisation.to_string()),
            ("branches", listed(&self.branches)),
            ("purpose", self.purpose.clone()),
            ("documents", listed(&self.documents)),
            ("legal_ground", self.legal_ground.clone()),
            ("retention_days", self.retention_days.map_or_else(String::new, |days| days.to_string())),
            ("responsible", self.responsible.clone()),
        ]
    }
}

/// The changes, organisations first, each kind in the order of the file and then what left it.
///
/// # Errors
/// When the wanted registry names a key twice or refers to an entry that it does not have.
pub(super) fn changes(kept: &KeptRegistry, wanted: &Registry) -> Result<Vec<Change>, StoreError> {
    require_whole(wanted)?;
    let branches = of_kind(&kept.branches, &wanted.branches);
    let services = of_kind(&kept.services, &wanted.services);
    let gone: BTreeSet<(&str, &str)> = branches.iter().chain(&services).filter_map(removed).collect();
    let owners: BTreeSet<&str> = kept
        .branches
        .iter()
        .map(|kept| (Branch::WHAT, kept.entry.key(), kept.entry.organisation.as_str()))
        .chain(kept.services.iter().map(|k| (Service::WHAT, k.entry.key(), k.entry.organisation.as_str())))
        .filter(|(what, key, _)| !gone.contains(&(*what, *key)) && !is_wanted(wanted, what, key))
        .map(|(_, _, organisation)| organisation)
        .collect();
    let kept_organisations: Vec<_> = kept
        .organisations
        .iter()
        .map(|kept| Kept { history: owners.contains(kept.entry.key()), ..kept.clone() })
        .collect();
    let mut all = of_kind(&kept_organisations, &wanted.organisations);
    all.extend(branches);
    all.extend(services);
    Ok(all)
}

fn of_kind<T: Entry>(kept: &[Kept<T>], wanted: &[T]) -> Vec<Change> {
    let by_key: BTreeMap<&str, &Kept<T>> = kept.iter().map(|kept| (kept.entry.key(), kept)).collect();
    let wanted_keys: BTreeSet<&str> = wanted.iter().map(Entry::key).collect();
    let mut changes = Vec::new();
    for entry in wanted {
        match by_key.get(entry.key()) {
            Some(kept) => differences(kept, entry, &mut changes),
            None => changes.push(Change::Added { what: T::WHAT.to_owned(), id: entry.key().to_owned() }),
        }
    }
    for left in kept.iter().filter(|kept| !wanted_keys.contains(kept.entry.key())) {
        leaves(left, &mut changes);
    }
    changes
}

fn differences<T: Entry>(kept: &Kept<T>, wanted: &T, changes: &mut Vec<Change>) {
    let (what, id) = (T::WHAT.to_owned(), wanted.key().to_owned());
    if kept.closed {
        changes.push(Change::Reopened { what: what.clone(), id: id.clone() });
    }
    let mut on_codes = false;
    for ((field, from), (_, to)) in kept.entry.fields().into_iter().zip(wanted.fields()) {
        if from != to {
            on_codes |= T::ON_CODES.contains(&field);
            changes.push(Change::Changed {
                what: what.clone(),
                id: id.clone(),
                field: field.to_owned(),
                from,
                to,
            });
        }
    }
    if on_codes && !kept.live_codes.is_empty() {
        changes.push(Change::LiveCodes { what, id, codes: kept.live_codes.clone() });
    }
}

fn leaves<T: Entry>(kept: &Kept<T>, changes: &mut Vec<Change>) {
    let (what, id) = (T::WHAT.to_owned(), kept.entry.key().to_owned());
    if !kept.history {
        changes.push(Change::Removed { what, id });
    } else if !kept.closed {
        changes.push(Change::Closed { what: what.clone(), id: id.clone() });
        if !kept.live_codes.is_empty() {
            changes.push(Change::LiveCodes { what, id, codes: kept.live_codes.clone() });
        }
    }
}

fn removed(change: &Change) -> Option<(&str, &str)> {
    match change {
        Change::Removed { what, id } => Some((what, id)),
        _ => None,
    }
}

fn is_wanted(wanted: &Registry, what: &str, key: &str) -> bool {
    if what == Branch::WHAT {
        wanted.branches.iter().any(|branch| branch.key() == key)
    } else {
        wanted.services.iter().any(|service| service.key() == key)
    }
}

fn require_whole(wanted: &Registry) -> Result<(), StoreError> {
    let organisations = keys(&wanted.organisations)?;
    let branches = keys(&wanted.branches)?;
    keys(&wanted.services)?;
    let owned = wanted.branches.iter().map(|branch| (Branch::WHAT, branch.key(), &branch.organisation));
    let offered = wanted.services.iter().map(|service| (Service::WHAT, service.key(), &service.organisation));
    for (what, id, organisation) in owned.chain(offered) {
        require(what, id, Organisation::WHAT, organisation.as_str(), &organisations)?;
    }
    for service in &wanted.services {
        let mut named = BTreeSet::new();
        for branch in &service.branches {
            if !named.insert(branch) {
                return Err(StoreError::RepeatedBranch {
                    service: service.id.clone(),
                    branch: branch.clone(),
                });
            }
            require(Service::WHAT, service.key(), Branch::WHAT, branch.as_str(), &branches)?;
        }
    }
    Ok(())
}

fn keys<T: Entry>(entries: &[T]) -> Result<BTreeSet<&str>, StoreError> {
    let mut keys = BTreeSet::new();
    for entry in entries {
        if !keys.insert(entry.key()) {
            return Err(StoreError::RepeatedEntry { what: T::WHAT, id: entry.key().to_owned() });
        }
    }
    Ok(keys)
}

fn require(
    what: &'static str,
    id: &str,
    missing_what: &'static str,
    sought: &str,
    among: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    if among.contains(sought) {
        return Ok(());
    }
    Err(StoreError::MissingEntry { what, id: id.to_owned(), missing_what, missing: sought.to_owned() })
}

fn listed<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
