//! The trusted certificates and now → those that come to their end, each with the step of the ladder that it reached.

use std::collections::BTreeSet;

use crate::model::{AnchorRole, CertificateFacts, EndingAnchor, KyivDay, Rung, Timestamp};
use crate::trust_folder::ENDS_SOON_DAYS;
use crate::verify::{Trust, TrustedFor};

/// How long after its end an anchor is still told of (days): longer than a daemon is off by mistake. Roots that ended
/// years ago lie in the folder for the signatures of their time, and are no news.
const ENDED_DAYS_MAX: i32 = 30;

/// What ends, the soonest first; each certificate once. A step counts from `from_hour` of its day in Kyiv.
#[must_use]
pub fn ending(trust: &Trust, from_hour: u8, now: Timestamp) -> Vec<EndingAnchor> {
    let anchors = trust.entries().filter_map(|entry| {
        let role = match entry.trusted_for? {
            TrustedFor::Everything => AnchorRole::Authority,
            TrustedFor::TimeStamps => AnchorRole::TimeStamps,
        };
        let list = trust.lists().iter().find(|list| list.file == entry.file);
        Some((entry.facts, role, list.map(|list| list.file.as_str())))
    });
    let signers = trust.list_signers().iter().map(|signer| (signer, AnchorRole::ListSigner, None));
    let mut seen = BTreeSet::new();
    let mut all: Vec<EndingAnchor> = anchors
        .chain(signers)
        .filter_map(|(facts, role, list)| one(facts, role, list, from_hour, now))
        .filter(|anchor| seen.insert(anchor.fingerprint))
        .collect();
    all.sort_by_key(|anchor| (anchor.until, anchor.fingerprint));
    all
}

fn one(
    facts: &CertificateFacts,
    role: AnchorRole,
    list: Option<&str>,
    from_hour: u8,
    now: Timestamp,
) -> Option<EndingAnchor> {
    let until = KyivDay::of(facts.not_after);
    let days_left = KyivDay::of(now).days_until(until);
    if days_left < -ENDED_DAYS_MAX {
        return None;
    }
    let days = ENDS_SOON_DAYS.into_iter().chain([0]).filter_map(|days| u16::try_from(days).ok());
    let rung = days.map(Rung::Days).rfind(|rung| rung.day(until).at_hour(from_hour) <= now)?;
    // A file's name is enough for people; where the folder lies is not theirs to know.
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    Some(EndingAnchor {
        fingerprint: facts.fingerprint,
        subject: facts.subject.clone(),
        role,
        list: list.map(name),
        until,
        days_left,
        rung,
    })
}
