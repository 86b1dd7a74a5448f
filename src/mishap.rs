//! A point on a letter's way, or a word in a letter → the mishap that a test arranged there; in release builds nothing.
//!
//! The points stand between every two states that a letter can be in, on disk and in the store, so that a test can kill
//! the program exactly there. ARCHITECTURE.md has the table of the states.

/// A point between two states of a letter, in the order of its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Point {
    /// Fetched; nothing is kept yet.
    Fetched,
    /// Its blob is made and still empty, under a name of its own.
    BlobBegun,
    /// Its blob is whole and synced, under a name of its own.
    BlobWritten,
    /// Its blob has its name; the folder is not synced.
    BlobNamed,
    /// Its blob is kept; no attempt is written down.
    BlobKept,
    /// The attempt is written down; nobody has looked into it.
    AttemptBegun,
    /// Looked into; nothing of it is in the store.
    LookedInto,
    /// Its filing is written, in a transaction that is not committed.
    FilingUncommitted,
    /// Filed; not acted on, or its file not moved.
    Filed,
    /// Another place of a filed letter is entered, in a transaction that is not committed.
    PlaceUncommitted,
    /// Moved or marked on the server.
    ActedOn,
    /// Its place among the filed files is reserved by an empty file.
    FileReserved,
    /// Its file is among the filed ones; the folders are not synced.
    FileMoved,
    /// Its quarantine is written, in a transaction that is not committed.
    QuarantineUncommitted,
    /// In quarantine.
    Quarantined,
}

impl Point {
    /// Every point.
    pub const ALL: [Self; 15] = [
        Self::Fetched,
        Self::BlobBegun,
        Self::BlobWritten,
        Self::BlobNamed,
        Self::BlobKept,
        Self::AttemptBegun,
        Self::LookedInto,
        Self::FilingUncommitted,
        Self::Filed,
        Self::PlaceUncommitted,
        Self::ActedOn,
        Self::FileReserved,
        Self::FileMoved,
        Self::QuarantineUncommitted,
        Self::Quarantined,
    ];
}

#[cfg(debug_assertions)]
pub use arranged::{arrange, at, of_letter};

/// Nothing happens here in a release build.
#[cfg(not(debug_assertions))]
pub const fn at(_: Point) {}

/// Nothing happens here in a release build.
#[cfg(not(debug_assertions))]
pub const fn of_letter(_: &[u8]) {}

#[cfg(debug_assertions)]
mod arranged {
    use std::sync::OnceLock;
    use std::time::Duration;

    use super::Point;

    static ARRANGED: OnceLock<Mishaps> = OnceLock::new();

    #[derive(Debug)]
    struct Mishaps {
        stand_still_at: Option<String>,
        abort_on: Option<String>,
        panic_on: Option<String>,
    }

    /// Arranges what the variables ask for, once for the whole process: SKRYNKA_STAND_STILL_AT names a [`Point`],
    /// SKRYNKA_ABORT_ON and SKRYNKA_PANIC_ON a text in a letter.
    pub fn arrange(variable: impl Fn(&str) -> Option<String>) {
        let mishaps = Mishaps {
            stand_still_at: variable("SKRYNKA_STAND_STILL_AT"),
            abort_on: variable("SKRYNKA_ABORT_ON"),
            panic_on: variable("SKRYNKA_PANIC_ON"),
        };
        // Whoever comes second wants the same: the variables of a process do not change.
        let _ = ARRANGED.set(mishaps);
    }

    /// Stands still for ever if a test asked for it at this point, after saying so in the log.
    pub fn at(point: Point) {
        let Some(wanted) = ARRANGED.get().and_then(|mishaps| mishaps.stand_still_at.as_ref()) else { return };
        if *wanted == format!("{point:?}") {
            tracing::warn!("standing still at {point:?}");
            loop {
                std::thread::sleep(Duration::from_secs(3600));
            }
        }
    }

    /// Ends the process, or panics, if a test asked for it on a letter that holds this text.
    pub fn of_letter(bytes: &[u8]) {
        let Some(Mishaps { abort_on, panic_on, .. }) = ARRANGED.get() else { return };
        let holds = |text: &Option<String>| {
            text.as_ref().is_some_and(|text| bytes.windows(text.len().max(1)).any(|at| at == text.as_bytes()))
        };
        if holds(abort_on) {
            std::process::abort();
        }
        assert!(!holds(panic_on), "a test asked for it");
    }
}
