//! What a round did, for people; and what the next round is to know of it.

use std::collections::HashMap;
use std::mem;

use super::ActionProblem;
use super::folder::{Folder, Place};

/// A folder in which nothing is new is searched all the same after so many rounds, so that whatever was overlooked
/// is found: with the usual 30 s about every half hour.
const QUIET_ROUNDS_MAX: u32 = 60;

/// What one round did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RoundReport {
    /// Letters filed now.
    pub filed: u32,
    /// Letters that turned out to be filed before, for example after a change of UIDVALIDITY.
    pub already_filed: u32,
    /// Letters that were given up and lie in quarantine; they stay in their folder as they are.
    pub quarantined: u32,
    /// Letters that the desk could not take; they are offered again.
    pub failed: u32,
    /// What the desk said of the first of them.
    pub first_failure: Option<String>,
    /// Letters that the server lists and does not hand over; they are asked for again.
    pub not_handed_over: u32,
    /// Letters larger than the limit; they stay in their folder and were reported to the desk.
    pub too_large: u32,
    /// Letters moved or marked now.
    pub acted_on: u32,
    /// Why filed letters could not be moved or marked.
    pub action_problems: Vec<ActionProblem>,
}

impl RoundReport {
    /// How much was left undone: letters, and reasons why filed ones were not acted on.
    pub(super) fn left(&self) -> (u32, usize) {
        (self.failed + self.not_handed_over + self.too_large, self.action_problems.len())
    }
}

/// What is remembered from round to round. Losing it costs time only.
#[derive(Default)]
pub(super) struct Memory {
    /// Letters that were being fetched when a connection broke, or that the desk could not take. Each may be what is
    /// wrong, so they come last and one by one, and the rest of the mailbox moves on.
    pub(super) suspects: Vec<Place>,
    /// Letters being fetched now.
    pub(super) in_hand: Vec<Place>,
    /// Letters that the desk could not take in this round.
    pub(super) failed: Vec<Place>,
    /// Per folder: UIDVALIDITY and UIDNEXT when nothing was left to do, and the rounds since.
    pub(super) quiet: HashMap<String, (u32, u32, u32)>,
}

impl Memory {
    /// Begins a round: what an earlier one did not finish fetching or filing is suspected, the newest suspects last.
    pub(super) fn suspect_what_was_not_finished(&mut self) {
        for unfinished in [mem::take(&mut self.failed), mem::take(&mut self.in_hand)] {
            self.suspects.retain(|suspect| !unfinished.contains(suspect));
            self.suspects.extend(unfinished);
        }
    }

    /// Whether nothing can have come since a round that left nothing to do: a new letter has a new UID
    /// (RFC 9051 §2.3.1.1), so UIDNEXT would have grown.
    pub(super) fn is_quiet(&mut self, folder: &Folder) -> bool {
        match self.quiet.get_mut(&folder.name) {
            Some((uid_validity, uid_next, rounds)) => {
                *rounds += 1;
                (*uid_validity, Some(*uid_next)) == (folder.uid_validity, folder.uid_next)
                    && *rounds < QUIET_ROUNDS_MAX
            }
            None => false,
        }
    }
}
