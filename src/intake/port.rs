//! What intake needs from the rest of the house, and what it tells it, as three narrow ports.

use std::future::Future;

use super::{IntakeError, RoundReport};
use crate::model::{ImapFolder, MailboxId, Outcome, RawMail, Source, Timestamp};

/// Knows which letters were accounted for.
pub trait Ledger: Send + Sync {
    /// Of `uids`, those that are not accounted for yet.
    ///
    /// # Errors
    /// The ledger cannot be read: nothing is fetched in this round.
    fn unaccounted(
        &self,
        folder: &ImapFolder,
        uids: Vec<u32>,
    ) -> impl Future<Output = Result<Vec<u32>, PortError>> + Send;

    /// Of `uids`, those that are filed: only these may be moved or marked. A letter in quarantine is accounted for and
    /// not filed.
    ///
    /// # Errors
    /// The ledger cannot be read: nothing is acted on in this round.
    fn filed(
        &self,
        folder: &ImapFolder,
        uids: Vec<u32>,
    ) -> impl Future<Output = Result<Vec<u32>, PortError>> + Send;
}

/// Takes letters.
pub trait Desk: Send + Sync {
    /// Takes one letter: after `Ok` it is durably filed and, in the same transaction, accounted for in the ledger. Or it
    /// is durably in quarantine and accounted for: then it stays as it lies, and is not offered again.
    ///
    /// Called again for the same letter when an earlier call failed or was cut short, and for the same bytes under
    /// another UID after a change of UIDVALIDITY: the answer is then [`Outcome::AlreadyFiled`], and the new place is
    /// accounted for too.
    ///
    /// # Errors
    /// We failed, not the letter: it stays where it lies and is offered again in a later round. After an error that is
    /// [`PortError::for_any_letter`] no other letter is offered in this round.
    fn take(&self, mail: RawMail) -> impl Future<Output = Result<Outcome, PortError>> + Send;

    /// Is told of a letter that is too large to be taken, so that a person learns of it.
    ///
    /// The letter stays unaccounted for and untouched where it lies, and is reported in every round while it does:
    /// keep one note per [`Source`].
    ///
    /// # Errors
    /// The note could not be kept. The letter is reported again anyway.
    fn cannot_take(&self, letter: TooLarge) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// Learns how the rounds of one mailbox or drop folder go. Called between the steps of a round, so it must be quick and
/// must not wait.
pub trait Witness: Send + Sync {
    /// A sign of life: the server said something, a letter was handed over, or there is nothing to do but wait.
    ///
    /// Between two of them lie at most [`super::SILENT_MAX`] and one call of [`Desk::take`]: who is silent for longer
    /// hangs.
    fn alive(&self);

    /// A letter was taken by the desk: a long round moves on.
    fn taken(&self);

    /// A round came to its end, or broke off.
    fn round(&self, result: Result<&RoundReport, &IntakeError>);
}

/// Nobody looks.
impl Witness for () {
    fn alive(&self) {}
    fn taken(&self) {}
    fn round(&self, _result: Result<&RoundReport, &IntakeError>) {}
}

/// A letter that is larger than [`super::LETTER_BYTES_HARD_MAX`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TooLarge {
    /// The mailbox that received it.
    pub mailbox: MailboxId,
    /// Where it lies.
    pub source: Source,
    /// When it was received.
    pub received_at: Timestamp,
    /// Its size as the server gives it, or as much of it as was counted (bytes).
    pub bytes: u64,
    /// The size allowed (bytes).
    pub bytes_max: u64,
}

/// Why a port could not do its work. Its text goes to the log, so it holds no personal data.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct PortError {
    /// What failed.
    pub source: Box<dyn std::error::Error + Send + Sync>,
    /// Whether trying again later may help by itself (a full disk, a locked database); if not, a person must act.
    pub retry: bool,
    /// Whether any other letter would meet the same fault, after as long a wait.
    pub for_any_letter: bool,
}

impl PortError {
    /// A fault that may pass by itself.
    pub fn passing(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into(), retry: true, for_any_letter: false }
    }

    /// A fault that may pass by itself, and that every other letter would meet as well.
    pub fn for_any_letter(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into(), retry: true, for_any_letter: true }
    }

    /// A fault that stays until a person acts.
    pub fn lasting(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: source.into(), retry: false, for_any_letter: false }
    }
}
