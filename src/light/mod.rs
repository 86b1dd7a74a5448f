//! What is known of a letter → its light: one answer that a clerk can act on, with every reason.
//!
//! A genuine signature proves the document; it does not prove that this copy was made for us, now, all of it, by its
//! owner. Facts become grounds by one table ([`TABLE`]); the worst ground's light is the letter's. Each row looks at one
//! fact, so that making a fact worse never makes a light better. Nothing that a sender writes in headers (addresses,
//! dates, DKIM results) is a fact here.

mod facts;
mod initiator;
mod kinds;
mod letters;
mod persons;
mod table;

pub use table::TABLE;

use crate::model::{Assessment, Ground, Light, LightCase, LightPolicy, LightRow};

/// Grows whenever the same facts could give another light: lights made by an earlier revision are made anew.
pub const REVISION: u32 = 1;

/// The light of a letter under a policy.
#[must_use]
pub fn assess(case: &LightCase, policy: &LightPolicy) -> Assessment {
    judge(&facts::Facts::of(case, policy), policy)
}

fn judge(facts: &facts::Facts, policy: &LightPolicy) -> Assessment {
    let mut grounds = table::grounds(facts, policy);
    say_once(&mut grounds);
    grounds.sort_by_key(|ground| (std::cmp::Reverse(ground.light), ground.row, ground.copy));
    let worst = |grounds: &mut dyn Iterator<Item = &Ground>| grounds.map(|ground| ground.light).max();
    Assessment {
        light: worst(&mut grounds.iter()).unwrap_or(Light::Red),
        copies: (0..facts.copies.len())
            .map(|copy| worst(&mut grounds.iter().filter(|ground| ground.copy == Some(copy))))
            .map(|light| light.unwrap_or(Light::Amber))
            .collect(),
        grounds,
    }
}

/// A copy that was not read says nothing of who asked for it and when: that is one reason, not three.
fn say_once(grounds: &mut Vec<Ground>) {
    let unread: Vec<_> = grounds
        .iter()
        .filter(|ground| matches!(ground.row, LightRow::Unread | LightRow::ReadLater))
        .map(|ground| ground.copy)
        .collect();
    grounds.retain(|ground| {
        let follows = matches!(ground.row, LightRow::InitiatorMissing | LightRow::RequestTimeMissing);
        !(follows && unread.contains(&ground.copy))
    });
}

#[cfg(test)]
mod tests;
