//! The registry file → organisations, branches and services as kept; what has history is never deleted.

mod plan;

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;

use super::columns::{as_json, facts, number, parsed, value};
use super::work::Work;
use super::{Store, StoreError, audit, lights};
use crate::model::{
    Branch, BranchAddress, BranchId, Change, CodeId, Head, KyivDay, Organisation, Registry, Service,
    Timestamp,
};
use plan::{Kept, KeptRegistry};

impl Store {
    /// The registry as last applied. Closed entries are not in it: see [`Store::closed_registry`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn registry(&self) -> Result<Registry, StoreError> {
        let kept = read(&mut self.reading().await?, None).await?;
        Ok(part(&kept, false))
    }

    /// What was taken out of the registry and is kept for its codes and filings.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn closed_registry(&self) -> Result<Registry, StoreError> {
        let kept = read(&mut self.reading().await?, None).await?;
        Ok(part(&kept, true))
    }

    /// What [`Store::apply_registry`] would change, without changing it.
    ///
    /// # Errors
    /// As for applying.
    pub async fn plan_registry(&self, wanted: &Registry, now: Timestamp) -> Result<Vec<Change>, StoreError> {
        let kept = read(&mut self.reading().await?, Some(now)).await?;
        plan::changes(&kept, wanted)
    }

    /// Makes the registry what `wanted` says, and tells what that changed; applied again it changes nothing. An entry
    /// that is no longer wanted is removed, or closed for new codes if it has codes or filings.
    ///
    /// # Errors
    /// When a key is named twice or an entry refers to a missing one (nothing is changed then), or the database
    /// cannot be written.
    pub async fn apply_registry(&self, wanted: &Registry, now: Timestamp) -> Result<Vec<Change>, StoreError> {
        let mut work = self.writing().await?;
        let kept = read(&mut work, Some(now)).await?;
        let changes = plan::changes(&kept, wanted)?;
        if changes.is_empty() && part(&kept, false) == *wanted {
            return Ok(changes);
        }
        write(&mut work, wanted).await?;
        // Services and branches come after their organisation in the list and must leave before it.
        for change in changes.iter().rev() {
            leave(&mut work, change).await?;
        }
        for change in &changes {
            note(&mut work, change, now).await?;
        }
        lights::all_are_due(&mut work).await?;
        work.commit().await?;
        Ok(changes)
    }
}

/// The open or the closed part.
fn part(kept: &KeptRegistry, closed: bool) -> Registry {
    fn entries<T: Clone>(kept: &[Kept<T>], closed: bool) -> Vec<T> {
        kept.iter().filter(|kept| kept.closed == closed).map(|kept| kept.entry.clone()).collect()
    }
    Registry {
        organisations: entries(&kept.organisations, closed),
        branches: entries(&kept.branches, closed),
        services: entries(&kept.services, closed),
    }
}

/// Everything as kept; with `now`, also which codes are in use then.
async fn read(work: &mut Work, now: Option<Timestamp>) -> Result<KeptRegistry, StoreError> {
    let (by_branch, by_service) = match now {
        Some(now) => live_codes(work, KyivDay::of(now)).await?,
        None => <_>::default(),
    };
    let mut kept = KeptRegistry::default();
    for row in work.all(sqlx::query("SELECT * FROM organisation ORDER BY place, id")).await? {
        kept.organisations.push(Kept {
            entry: organisation(&row)?,
            closed: value(&row, "closed")?,
            history: false, // that of its branches and services: `plan` sees to it
            live_codes: Vec::new(),
        });
    }
    let branches = sqlx::query(
        "SELECT *, EXISTS (SELECT 1 FROM code WHERE code.branch = branch.id)
                OR EXISTS (SELECT 1 FROM filing WHERE filing.branch = branch.id) AS history
         FROM branch ORDER BY place, id",
    );
    for row in work.all(branches).await? {
        let entry = branch(&row)?;
        let live_codes = by_branch.get(entry.id.as_str()).cloned().unwrap_or_default();
        let (closed, history) = (value(&row, "closed")?, value(&row, "history")?);
        kept.branches.push(Kept { entry, closed, history, live_codes });
    }
    let mut offered = offered_at(work).await?;
    let services = sqlx::query(
        "SELECT *, EXISTS (SELECT 1 FROM code_service WHERE code_service.service = service.id) AS history
         FROM service ORDER BY place, id",
    );
    for row in work.all(services).await? {
        let mut entry = service(&row)?;
        entry.branches = offered.remove(entry.id.as_str()).unwrap_or_default();
        let live_codes = by_service.get(entry.id.as_str()).cloned().unwrap_or_default();
        let (closed, history) = (value(&row, "closed")?, value(&row, "history")?);
        kept.services.push(Kept { entry, closed, history, live_codes });
    }
    Ok(kept)
}

type CodesOf = BTreeMap<String, Vec<CodeId>>;

/// Codes in use on `day` (or later), by branch and by service.
async fn live_codes(work: &mut Work, day: KyivDay) -> Result<(CodesOf, CodesOf), StoreError> {
    let (mut by_branch, mut by_service) = (CodesOf::new(), CodesOf::new());
    let live = sqlx::query(
        "SELECT code.id, code.branch, code_service.service
         FROM code JOIN code_service ON code_service.code = code.id
         WHERE code.retired_at IS NULL AND code.valid_until >= $1
         ORDER BY code.id, code_service.place",
    )
    .bind(day.to_string());
    for row in work.all(live).await? {
        let id = CodeId(value(&row, "id")?);
        let of_branch: &mut Vec<CodeId> = by_branch.entry(value(&row, "branch")?).or_default();
        if of_branch.last() != Some(&id) {
            of_branch.push(id);
        }
        by_service.entry(value(&row, "service")?).or_default().push(id);
    }
    Ok((by_branch, by_service))
}

async fn offered_at(work: &mut Work) -> Result<BTreeMap<String, Vec<BranchId>>, StoreError> {
    let mut offered: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let rows = sqlx::query("SELECT service, branch FROM service_branch ORDER BY service, place");
    for row in work.all(rows).await? {
        offered.entry(value(&row, "service")?).or_default().push(parsed(&row, "branch")?);
    }
    Ok(offered)
}

async fn write(work: &mut Work, wanted: &Registry) -> Result<(), StoreError> {
    for (place, entry) in wanted.organisations.iter().enumerate() {
        write_organisation(work, place, entry).await?;
    }
    for (place, entry) in wanted.branches.iter().enumerate() {
        write_branch(work, place, entry).await?;
    }
    for (place, entry) in wanted.services.iter().enumerate() {
        write_service(work, place, entry).await?;
    }
    Ok(())
}

async fn write_organisation(work: &mut Work, place: usize, entry: &Organisation) -> Result<(), StoreError> {
    let upsert = sqlx::query(
        "INSERT INTO organisation (id, place, closed, name, edrpou, head_name, head_position, admins)
         VALUES ($1, $2, 0, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET place = excluded.place, closed = 0, name = excluded.name,
             edrpou = excluded.edrpou, head_name = excluded.head_name, head_position = excluded.head_position,
             admins = excluded.admins",
    )
    .bind(entry.id.as_str())
    .bind(number(place))
    .bind(&entry.name)
    .bind(&entry.edrpou)
    .bind(&entry.head.name)
    .bind(&entry.head.position)
    .bind(as_json(&entry.admins, "admins")?);
    work.run(upsert).await.map(|_| ())
}

async fn write_branch(work: &mut Work, place: usize, entry: &Branch) -> Result<(), StoreError> {
    let BranchAddress { region, district, location, street, house } = &entry.address;
    let upsert = sqlx::query(
        "INSERT INTO branch (id, place, closed, organisation, name, region, district, location, street, house,
             mailbox, known_as, admins)
         VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (id) DO UPDATE SET place = excluded.place, closed = 0, organisation = excluded.organisation,
             name = excluded.name, region = excluded.region, district = excluded.district,
             location = excluded.location, street = excluded.street, house = excluded.house,
             mailbox = excluded.mailbox, known_as = excluded.known_as, admins = excluded.admins",
    )
    .bind(entry.id.as_str())
    .bind(number(place))
    .bind(entry.organisation.as_str())
    .bind(&entry.name)
    .bind(region)
    .bind(district)
    .bind(location)
    .bind(street)
    .bind(house)
    .bind(entry.mailbox.as_str())
    .bind(as_json(&entry.known_as, "known_as")?)
    .bind(as_json(&entry.admins, "admins")?);
    work.run(upsert).await.map(|_| ())
}

async fn write_service(work: &mut Work, place: usize, entry: &Service) -> Result<(), StoreError> {
    let upsert = sqlx::query(
        "INSERT INTO service (id, place, closed, organisation, purpose, documents, legal_ground,
             retention_days, responsible)
         VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET place = excluded.place, closed = 0, organisation = excluded.organisation,
             purpose = excluded.purpose, documents = excluded.documents, legal_ground = excluded.legal_ground,
             retention_days = excluded.retention_days, responsible = excluded.responsible",
    )
    .bind(entry.id.as_str())
    .bind(number(place))
    .bind(entry.organisation.as_str())
    .bind(&entry.purpose)
    .bind(as_json(&entry.documents, "documents")?)
    .bind(&entry.legal_ground)
    .bind(entry.retention_days)
    .bind(&entry.responsible);
    work.run(upsert).await?;
    work.run(sqlx::query("DELETE FROM service_branch WHERE service = $1").bind(entry.id.as_str())).await?;
    for (place, branch) in entry.branches.iter().enumerate() {
        let link = sqlx::query("INSERT INTO service_branch (service, branch, place) VALUES ($1, $2, $3)")
            .bind(entry.id.as_str())
            .bind(branch.as_str())
            .bind(number(place));
        work.run(link).await?;
    }
    Ok(())
}

/// Removes or closes what is no longer wanted.
async fn leave(work: &mut Work, change: &Change) -> Result<(), StoreError> {
    let (sql, id) = match change {
        Change::Removed { what, id } => match what.as_str() {
            "organisation" => ("DELETE FROM organisation WHERE id = $1", id),
            "branch" => ("DELETE FROM branch WHERE id = $1", id),
            _ => ("DELETE FROM service WHERE id = $1", id),
        },
        Change::Closed { what, id } => match what.as_str() {
            "organisation" => ("UPDATE organisation SET closed = 1 WHERE id = $1", id),
            "branch" => ("UPDATE branch SET closed = 1 WHERE id = $1", id),
            _ => ("UPDATE service SET closed = 1 WHERE id = $1", id),
        },
        _ => return Ok(()),
    };
    work.run(sqlx::query(sql).bind(id)).await.map(|_| ())
}

async fn note(work: &mut Work, change: &Change, now: Timestamp) -> Result<(), StoreError> {
    let (action, what, id) = match change {
        Change::Added { what, id } => ("registry.added", what, id),
        Change::Changed { what, id, .. } => ("registry.changed", what, id),
        Change::Removed { what, id } => ("registry.removed", what, id),
        Change::Closed { what, id } => ("registry.closed", what, id),
        Change::Reopened { what, id } => ("registry.reopened", what, id),
        // Not a change of its own.
        Change::LiveCodes { .. } => return Ok(()),
    };
    audit::note(work, now, action, &format!("{what} {id}"), change).await
}

fn organisation(row: &SqliteRow) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: parsed(row, "id")?,
        name: value(row, "name")?,
        edrpou: value(row, "edrpou")?,
        head: Head { name: value(row, "head_name")?, position: value(row, "head_position")? },
        admins: facts(row, "admins")?,
    })
}

/// A branch from a row with the columns of its table.
pub(super) fn branch(row: &SqliteRow) -> Result<Branch, StoreError> {
    Ok(Branch {
        id: parsed(row, "id")?,
        organisation: parsed(row, "organisation")?,
        name: value(row, "name")?,
        address: BranchAddress {
            region: value(row, "region")?,
            district: value(row, "district")?,
            location: value(row, "location")?,
            street: value(row, "street")?,
            house: value(row, "house")?,
        },
        mailbox: parsed(row, "mailbox")?,
        known_as: facts(row, "known_as")?,
        admins: facts(row, "admins")?,
    })
}

/// A service without its branches, which are rows of their own.
pub(super) fn service(row: &SqliteRow) -> Result<Service, StoreError> {
    Ok(Service {
        id: parsed(row, "id")?,
        organisation: parsed(row, "organisation")?,
        branches: Vec::new(),
        purpose: value(row, "purpose")?,
        documents: facts(row, "documents")?,
        legal_ground: value(row, "legal_ground")?,
        retention_days: value(row, "retention_days")?,
        responsible: value(row, "responsible")?,
    })
}
