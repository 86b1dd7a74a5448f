//! The alphabet: shapes → letters, with the evidence for each.
//!
//! A letter is known by its drawing, by the height of the capitals beside it (so that с is not С) and by its place over the
//! baseline (so that a comma is no apostrophe). What is not known, or disputed, is `□`: never a wrong letter.

mod exchange;
mod learning;
mod shipped;
mod trust;

use std::collections::HashMap;

pub use exchange::{Conflict, ExchangeFault};
pub use learning::{Learned, Proposal};
pub use trust::{CopyId, Evidence, Sign, Standing, TrustRule, Vote};

use crate::Shape;
use crate::outline::Outline;

/// Entries that an alphabet holds at most: some hundred typefaces.
pub const ENTRIES_MAX: usize = 50_000;
/// Two measures of capitals are the same within this part: І and l of one typeface differ by 4 % at least.
pub(crate) const CAP_PART: f32 = 0.03;
/// Two places over the baseline are the same within this part of a capital's height: letters overshoot by 2 %.
pub(crate) const DROP_PART: f32 = 0.06;

/// How a drawing stands in its line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stance {
    /// The height of the capitals beside it, points.
    pub cap_pt: f32,
    /// How far its lower edge is below the baseline, points; negative over it.
    pub drop_pt: f32,
}

/// One drawing and what is known of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The drawing, at the size in which it was first seen.
    pub shape: Shape,
    /// How it stands in its line.
    pub stance: Stance,
    /// Who says which letter it is.
    pub votes: Vec<Vote>,
    pub(crate) outline: Outline,
    /// What it is by the alphabet's rule: kept, as every page asks for it.
    standing: Standing,
}

/// The name of an entry: the same wherever the same drawing is met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntryId(u64);

impl std::fmt::Display for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for EntryId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Entry {
    /// None where the shape is no letter or the stance is no number.
    fn new(shape: &Shape, stance: Stance) -> Option<Self> {
        let is_stance = (0.5..2_000.0).contains(&stance.cap_pt) && stance.drop_pt.abs() < 2_000.0;
        let outline = Outline::of(shape).filter(|_| is_stance)?;
        Some(Self { shape: shape.clone(), stance, votes: Vec::new(), outline, standing: Standing::Disputed })
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> EntryId {
        let stance = (self.stance.cap_pt * 8.0).round() + 100_000.0 * (self.stance.drop_pt * 2.0).round();
        EntryId(self.outline.name() ^ u64::from(stance.to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// Shapes and their letters.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Alphabet {
    entries: Vec<Entry>,
    /// Entries by the digest of their structure.
    by_structure: HashMap<u64, Vec<usize>>,
    rule: TrustRule,
}

/// An entry that a shape may be, and how much larger it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Candidate {
    pub(crate) sign: Sign,
    /// The entry's stance at the size of the shape.
    pub(crate) stance: Stance,
}

impl Alphabet {
    /// An alphabet that knows nothing and trusts by a rule.
    #[must_use]
    pub fn new(rule: TrustRule) -> Self {
        Self { rule, ..Self::default() }
    }

    /// The same entries, trusted by another rule.
    #[must_use]
    pub fn trusting(&self, rule: TrustRule) -> Self {
        let mut other = Self { rule, ..self.clone() };
        for entry in &mut other.entries {
            entry.standing = trust::standing(&entry.votes, rule);
        }
        other
    }

    /// All entries, in the order in which they were met.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry with a name.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id() == id)
    }

    /// What an entry is by the rule of this alphabet.
    #[must_use]
    pub fn standing(&self, entry: &Entry) -> Standing {
        // An entry may come from another alphabet.
        trust::standing(&entry.votes, self.rule)
    }

    /// A person says what a drawing is: their word stands against all others. False where there is no such entry.
    pub fn settle(&mut self, id: EntryId, sign: Sign) -> bool {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id() == id) else { return false };
        entry.votes.retain(|vote| vote.evidence != Evidence::Person);
        entry.votes.push(Vote { sign, evidence: Evidence::Person, copy: None });
        entry.standing = trust::standing(&entry.votes, self.rule);
        true
    }

    /// The letters that are known, twins as one.
    pub(crate) fn known_letters(&self) -> Vec<char> {
        let mut letters: Vec<char> = self
            .entries
            .iter()
            .filter_map(|entry| match entry.standing {
                Standing::Known(Sign::Letter(letter)) => Some(letter),
                _ => None,
            })
            .collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    /// What a shape may be: entries that are known and drawn alike, each letter and stance once.
    pub(crate) fn candidates(&self, outline: &Outline) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for entry in
            self.by_structure.get(&outline.hash).into_iter().flatten().filter_map(|at| self.entries.get(*at))
        {
            let Some(fit) = outline.against(&entry.outline).filter(|fit| fit.is_same()) else { continue };
            let Standing::Known(sign) = entry.standing else { continue };
            let Stance { cap_pt, drop_pt } = entry.stance;
            let stance = Stance { cap_pt: cap_pt * fit.scale, drop_pt: drop_pt * fit.scale };
            if !found.iter().any(|other| other.sign == sign && is_same_stance(other.stance, stance)) {
                found.push(Candidate { sign, stance });
            }
        }
        found
    }

    /// The entry with the same drawing and stance.
    fn position(&self, outline: &Outline, stance: Stance) -> Option<usize> {
        let same = |at: &&usize| {
            self.entries.get(**at).is_some_and(|entry| {
                let fit = outline.against(&entry.outline).filter(|fit| fit.is_same());
                fit.is_some_and(|fit| {
                    let Stance { cap_pt, drop_pt } = entry.stance;
                    let here = Stance { cap_pt: cap_pt * fit.scale, drop_pt: drop_pt * fit.scale };
                    is_same_stance(here, stance)
                })
            })
        };
        self.by_structure.get(&outline.hash)?.iter().find(same).copied()
    }

    /// The place of an entry for a drawing: the one that is there, or a new one. None where it can be none, or all are taken.
    fn place(&mut self, shape: &Shape, stance: Stance) -> Option<usize> {
        let entry = Entry::new(shape, stance)?;
        if let Some(at) = self.position(&entry.outline, stance) {
            return Some(at);
        }
        if self.entries.len() >= ENTRIES_MAX {
            return None;
        }
        let at = self.entries.len();
        self.by_structure.entry(entry.outline.hash).or_default().push(at);
        self.entries.push(entry);
        Some(at)
    }
}

/// Whether two letters stand alike in lines of the same size.
pub(crate) fn is_same_stance(a: Stance, b: Stance) -> bool {
    is_same_cap(a.cap_pt, b.cap_pt) && (a.drop_pt - b.drop_pt).abs() <= DROP_PART * a.cap_pt + 0.03
}

/// Whether two heights of capitals are one.
pub(crate) fn is_same_cap(a: f32, b: f32) -> bool {
    (a - b).abs() <= CAP_PART * a.max(b) + 0.03
}
