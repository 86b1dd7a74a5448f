//! A letter that we fail to file: how often it was tried, what went wrong, and where it waits for a person.

use serde::{Deserialize, Serialize};

use super::{Digest, FilingId, MailboxId, QuarantineId, Source, Timestamp};

/// An attempt at a letter, as it was written down before anybody looked into the letter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// The mailbox that received the letter.
    pub mailbox: MailboxId,
    /// Where it lies.
    pub source: Source,
    /// When it was received.
    pub received_at: Timestamp,
    /// SHA-256 of its bytes, the name of its blob.
    pub digest: Digest,
    /// Its size (bytes).
    pub bytes: u64,
    /// The first attempt, written down after the blob was synced: from then on the bytes are proven to exist.
    pub first_at: Timestamp,
    /// Earlier attempts that failed and count against the letter.
    pub failures: u32,
    /// What went wrong the last time.
    pub fault: Option<AttemptFault>,
}

/// What went wrong with an attempt, through our fault and because of this letter.
///
/// What concerns the store as a whole (a full disk, a lock) is none: it is nothing that the letter did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum AttemptFault {
    /// The program ended while it had the letter in hand.
    Died,
    /// The program stumbled over a mistake of its own (a panic); the log names the place.
    Panicked,
    /// Looking into the letter took longer than the limit.
    TookTooLong {
        /// Seconds allowed.
        seconds_max: u64,
    },
    /// The store refuses this letter's filing, whatever state the store is in.
    Refused {
        /// What it said.
        said: String,
    },
}

/// What is known of a letter before it is looked into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum History {
    /// Nothing.
    New,
    /// It was tried before and not filed.
    Tried,
    /// It is filed.
    Filed(FilingId),
    /// It is in quarantine, or was taken out by a person.
    Quarantined(QuarantineId),
}

/// A letter that was given up after too many failures: its bytes are kept, and a person decides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Quarantined {
    /// Its number.
    pub id: QuarantineId,
    /// The mailbox that received it.
    pub mailbox: MailboxId,
    /// Where it lay when it was given up; it still does, unless somebody else moved it.
    pub source: Source,
    /// When it was received.
    pub received_at: Timestamp,
    /// SHA-256 of its bytes, the name of its blob.
    pub digest: Digest,
    /// Its size (bytes).
    pub bytes: u64,
    /// The first attempt: our first durable write.
    pub first_at: Timestamp,
    /// When it was given up.
    pub quarantined_at: Timestamp,
    /// How often it failed, retries by hand included.
    pub failures: u32,
    /// What went wrong the last time.
    pub fault: AttemptFault,
    /// What became of it.
    #[serde(flatten)]
    pub state: QuarantineState,
}

/// What became of a letter in quarantine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum QuarantineState {
    /// It waits for a person.
    Held,
    /// A retry filed it.
    Filed {
        /// Its filing.
        filing: FilingId,
    },
    /// A person took its bytes and handles it by hand.
    Released {
        /// When it was taken last.
        #[serde(rename = "released_at")]
        at: Timestamp,
    },
}
