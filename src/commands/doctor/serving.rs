//! What is served: branches and services of the registry, codes, incidents.

use std::collections::BTreeSet;

use skrynka::config::Config;
use skrynka::issuing::lawful;
use skrynka::model::{CodeState, KyivDay, QrCode, Timestamp, in_kyiv};
use skrynka::store::Store;

use super::Findings;

/// A code that ends within so many days is named.
const CODE_DAYS: i32 = 30;

/// Whether everything in the registry can receive letters and have codes.
pub(super) async fn registry(store: &Store, config: &Config, now: Timestamp, findings: &mut Findings) {
    let (registry, codes) = match (store.registry().await, store.codes().await) {
        (Ok(registry), Ok(codes)) => (registry, codes),
        (Err(fault), _) | (_, Err(fault)) => return findings.wrong("registry", fault.to_string()),
    };
    if registry.organisations.is_empty() {
        return findings
            .warn("registry", "it is empty: fill in a file and run `skrynka registry apply FILE`");
    }
    findings.ok(
        "registry",
        format!(
            "{} branches, {} services, {} codes",
            registry.branches.len(),
            registry.services.len(),
            codes.len()
        ),
    );
    let watched: BTreeSet<_> = config
        .mailboxes
        .iter()
        .map(|mailbox| &mailbox.address)
        .chain(config.drop_folders.iter().map(|drop| &drop.mailbox))
        .collect();
    for branch in registry.branches.iter().filter(|branch| !watched.contains(&branch.mailbox)) {
        findings.wrong(
            &format!("branch {}", branch.id),
            format!("its mailbox {} is not watched: its letters are never filed; add a [[mailbox]] or correct the registry", branch.mailbox),
        );
    }
    for service in &registry.services {
        if let Err(why) = lawful(service) {
            findings.warn(&format!("service {}", service.id), why.to_string());
        }
    }
    for code in codes.iter().filter(|code| code.state_at(now) == CodeState::Live) {
        ending(code, &codes, now, findings);
    }
}

/// Names a code that ends soon, unless its successor is there.
fn ending(code: &QrCode, codes: &[QrCode], now: Timestamp, findings: &mut Findings) {
    let days = KyivDay::of(now).days_until(code.valid_until);
    let succeeds = |other: &QrCode| {
        other.branch == code.branch
            && other.documents == code.documents
            && other.valid_until > code.valid_until
            && matches!(other.state_at(now), CodeState::Live | CodeState::NotYetValid)
    };
    if days > CODE_DAYS {
        return;
    }
    let thing = format!("code {}", code.id);
    let until = code.valid_until;
    if codes.iter().any(succeeds) {
        findings.ok(&thing, format!("ends on {until}; its successor is there: hang up the new poster"));
    } else {
        findings.warn(
            &thing,
            format!(
                "of branch {} ends on {until}, in {days} days: make a new one and hang up its poster",
                code.branch
            ),
        );
    }
}

/// Mailboxes that are silent, by what the daemon found.
pub(super) async fn incidents(store: &Store, findings: &mut Findings) {
    match store.unfinished_incidents().await {
        Ok(incidents) => {
            for incident in incidents.iter().filter(|incident| incident.closed_at.is_none()) {
                let since = in_kyiv(incident.last_round_at.unwrap_or(incident.opened_at));
                findings.warn(
                    &incident.mailbox,
                    format!("an incident is open: not read since {since} ({})", incident.reason),
                );
            }
        }
        Err(fault) => findings.wrong("store", fault.to_string()),
    }
}
