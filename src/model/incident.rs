//! Mailboxes that stay silent.

use serde::Serialize;

use super::Timestamp;

/// A mailbox or drop folder that could not be read for too long, from when it was noticed until it could be read again.
///
/// Known by its place and the moment when it was opened. Of each, people are told once and, when it is over, once again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Incident {
    /// The mailbox's address, or `drop folder` and its path.
    pub mailbox: String,
    /// When the silence had lasted too long.
    pub opened_at: Timestamp,
    /// The last time before that when the mailbox was read to its end; none when that never happened.
    pub last_round_at: Option<Timestamp>,
    /// What the last attempt said; empty when none came to its end. No letter's content.
    pub reason: String,
    /// When the mailbox could be read again.
    pub closed_at: Option<Timestamp>,
    /// When the notice that it is open was handed over.
    pub told_open_at: Option<Timestamp>,
    /// When the notice that it is over was handed over.
    pub told_close_at: Option<Timestamp>,
}

/// How long a mailbox was not read to its end while this program was awake. It outlives a restart, so that a program
/// that dies again and again does not forget.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Silence {
    /// As in [`Incident::mailbox`].
    pub mailbox: String,
    /// For how long, in whole seconds.
    pub seconds: u64,
    /// The last time when it was.
    pub last_round_at: Option<Timestamp>,
}
