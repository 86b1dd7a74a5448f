//! One visit to a mailbox: every letter that is not accounted for → the desk, and only then the action on the server.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::action::Action;
use super::error::Fault;
use super::fetch::{self, Batch, Got, Known, WINDOW_BYTES};
use super::folder::Folder;
use super::port::{Desk, Ledger, PortError, TooLarge, Witness};
use super::report::{Memory, RoundReport};
use super::wire::Wire;
use super::{Account, IntakeError, LETTER_BYTES_HARD_MAX, uids};
use crate::mishap::{self, Point};
use crate::model::{Digest, Outcome, RawMail};

/// After so many letters in a row that the desk could not take, the fault is not the letters'; fetching more would
/// only load the server.
const FAILURES_IN_A_ROW_MAX: u32 = 10;

/// How long a letter that is at the desk when we are asked to stop may still take: the whole program has five seconds
/// (see `skrynka run`). As a rule it takes milliseconds; a locked database would take longer. Left then, the letter
/// is tried again after the start, as after a crash.
const DESK_GRACE: Duration = Duration::from_secs(3);

/// A letter above this (bytes) is hashed away from the workers that serve connections: 1 MiB takes 1–3 ms.
const HASH_INLINE_BYTES_MAX: u64 = 1024 * 1024;

/// Visits the mailbox once: connects, takes what is not accounted for in every folder, and leaves.
///
/// Safe to repeat and to cut short at any point. A folder that cannot be opened does not keep the others from
/// being read.
///
/// # Errors
/// The mailbox could not be read to its end; what was filed until then stays filed.
pub async fn poll_once(
    account: &Account,
    ledger: &impl Ledger,
    desk: &impl Desk,
) -> Result<RoundReport, IntakeError> {
    let (_never, stop) = watch::channel(false);
    visit(account, ledger, desk, Arc::new(()), stop, &mut Memory::default()).await
}

/// [`poll_once`] with a memory of earlier rounds, ending early when asked to stop.
pub(super) async fn visit<L: Ledger, D: Desk>(
    account: &Account,
    ledger: &L,
    desk: &D,
    witness: Arc<dyn Witness>,
    stop: watch::Receiver<bool>,
    memory: &mut Memory,
) -> Result<RoundReport, IntakeError> {
    memory.suspect_what_was_not_finished();
    let mut wire = Wire::log_in(account, stop.clone()).await.map_err(|fault| blame(account, fault))?;
    wire.witness = witness;
    let report = RoundReport::default();
    let mut round = Round { account, ledger, desk, stop, wire, memory, report, failed_in_a_row: 0 };
    let mut shut = None;
    for folder in &account.folders {
        match round.folder(folder).await {
            Ok(()) => {}
            Err(Trouble::Fault(fault @ (Fault::NoFolder { .. } | Fault::FolderRefused { .. }))) => {
                shut.get_or_insert(fault);
            }
            Err(trouble) => return Err(trouble.of(account)),
        }
    }
    round.suspects().await.map_err(|trouble| trouble.of(account))?;
    let Round { wire, report, .. } = round;
    wire.log_out().await;
    match shut {
        Some(fault) => Err(blame(account, fault)),
        None => Ok(report),
    }
}

pub(super) fn blame(account: &Account, fault: Fault) -> IntakeError {
    let (mailbox, host) = (account.mailbox.clone(), account.host.clone());
    IntakeError::Mailbox { mailbox, host, port: account.port, fault }
}

/// What ends a round early.
enum Trouble {
    Fault(Fault),
    Ledger(PortError),
    Desk(u32, PortError),
    DeskClosed(PortError),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Trouble {
    fn of(self, account: &Account) -> IntakeError {
        let mailbox = account.mailbox.clone();
        match self {
            Self::Fault(fault) => blame(account, fault),
            Self::Ledger(source) => IntakeError::Ledger { mailbox, source },
            Self::Desk(failed, source) => IntakeError::Desk { mailbox, failed, source },
            Self::DeskClosed(source) => IntakeError::DeskClosed { mailbox, source },
        }
    }
}

struct Round<'a, L, D> {
    account: &'a Account,
    ledger: &'a L,
    desk: &'a D,
    stop: watch::Receiver<bool>,
    wire: Wire,
    memory: &'a mut Memory,
    report: RoundReport,
    failed_in_a_row: u32,
}

impl<L: Ledger, D: Desk> Round<'_, L, D> {
    /// Takes everything in a folder but the suspects.
    async fn folder(&mut self, name: &str) -> Result<(), Trouble> {
        let account = self.account;
        let mut action = Action::of(&account.after_filing, name);
        let folder = Folder::open(&mut self.wire, name, action.writes()).await?;
        if self.memory.is_quiet(&folder) {
            return Ok(());
        }
        self.memory.quiet.remove(name);
        let left_before = self.report.left();
        if let Some(problem) = action.impossible(name, &folder.permanent_flags) {
            self.report.action_problems.push(problem);
            action = Action::None;
        }
        let lying = folder.search(&mut self.wire, "").await?;
        let todo = self.unaccounted(&folder, &lying).await?;
        if action.writes() {
            // Filed in an earlier round that did not get as far as the action.
            let key = action.search_key(&self.wire);
            let left = if key.is_empty() { lying } else { folder.search(&mut self.wire, &key).await? };
            let left = self.filed(&folder, left).await?;
            self.act(&action, &folder, &left).await?;
        }
        let (suspects, todo): (Vec<u32>, Vec<u32>) =
            todo.into_iter().partition(|uid| self.memory.suspects.contains(&folder.place(*uid)));
        for uids in todo.chunks(uids::UIDS_MAX) {
            self.fetch(&action, &folder, uids).await?;
        }
        if let Some(uid_next) = folder.uid_next
            && suspects.is_empty()
            && left_before == self.report.left()
        {
            self.memory.quiet.insert(folder.name, (folder.uid_validity, uid_next, 0));
        }
        Ok(())
    }

    /// Of `uids`, those that are filed, asked now: a letter may have been found since the last search.
    async fn filed(&self, folder: &Folder, uids: BTreeSet<u32>) -> Result<Vec<u32>, Trouble> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let asked = uids.iter().copied().collect();
        let filed = self.ledger.filed(&folder.known(self.account), asked).await;
        Ok(filed.map_err(Trouble::Ledger)?.into_iter().filter(|uid| uids.contains(uid)).collect())
    }

    /// Takes the suspects one by one.
    async fn suspects(&mut self) -> Result<(), Trouble> {
        for (name, uid_validity, uid) in self.memory.suspects.clone() {
            let action = Action::of(&self.account.after_filing, &name);
            let folder = match Folder::open(&mut self.wire, &name, action.writes()).await {
                Err(Fault::NoFolder { .. } | Fault::FolderRefused { .. }) => continue,
                opened => opened?,
            };
            if folder.uid_validity == uid_validity {
                let action = match action.impossible(&name, &folder.permanent_flags) {
                    None => action,
                    Some(_) => Action::None,
                };
                let todo = self.unaccounted(&folder, &BTreeSet::from([uid])).await?;
                match self.fetch(&action, &folder, &todo.into_iter().collect::<Vec<_>>()).await {
                    // Everything else was taken before: the other suspects come first in the next round.
                    Err(Trouble::Desk(..)) => return Ok(()),
                    fetched => fetched?,
                }
            }
            self.memory.suspects.retain(|suspect| *suspect != (name.clone(), uid_validity, uid));
        }
        Ok(())
    }

    /// Fetches letters and hands them over, a few at a time.
    async fn fetch(&mut self, action: &Action<'_>, folder: &Folder, uids: &[u32]) -> Result<(), Trouble> {
        if uids.is_empty() {
            return Ok(());
        }
        let known = fetch::known(&mut self.wire, uids).await?;
        let mut missing: BTreeSet<u32> = uids.iter().copied().collect();
        let bytes_max = self.account.letter_bytes_hard_max.min(LETTER_BYTES_HARD_MAX);
        let alone_above = bytes_max.min(WINDOW_BYTES);
        for batch in fetch::batches(&known, alone_above) {
            self.memory.in_hand = batch.iter().map(|letter| folder.place(letter.uid)).collect();
            let mut taken = Vec::new();
            if let [letter] = *batch
                && letter.size > alone_above
            {
                if self.large(folder, letter, bytes_max, &mut taken).await? {
                    missing.remove(&letter.uid);
                }
            } else {
                let mut letters = Batch::ask(&mut self.wire, &batch).await?;
                while let Some((letter, bytes)) = letters.next(&mut self.wire).await? {
                    missing.remove(&letter.uid);
                    if fetch::length(&bytes) > bytes_max {
                        let bytes = fetch::length(&bytes);
                        self.report_too_large(folder, letter, bytes, bytes_max).await;
                    } else {
                        taken.extend(self.hand_over(folder, letter, bytes).await?);
                    }
                }
            }
            self.memory.in_hand.clear();
            self.act(action, folder, &taken).await?;
        }
        self.look_for(folder, missing).await
    }

    /// Fetches a large letter and hands it over; whether the server gave it, or too much of it.
    async fn large(
        &mut self,
        folder: &Folder,
        letter: Known,
        bytes_max: u64,
        taken: &mut Vec<u32>,
    ) -> Result<bool, Trouble> {
        let got = if letter.size > bytes_max {
            Got::TooLarge(letter.size)
        } else {
            fetch::in_windows(&mut self.wire, letter, bytes_max).await?
        };
        match got {
            Got::Whole(bytes) => taken.extend(self.hand_over(folder, letter, bytes).await?),
            Got::TooLarge(bytes) => self.report_too_large(folder, letter, bytes, bytes_max).await,
            Got::Nothing => return Ok(false),
        }
        Ok(true)
    }

    /// Hands a letter to the desk; its UID if it is accounted for now.
    async fn hand_over(
        &mut self,
        folder: &Folder,
        letter: Known,
        bytes: Vec<u8>,
    ) -> Result<Option<u32>, Trouble> {
        let (digest, bytes) = digest(bytes).await?;
        let mail = RawMail {
            mailbox: self.account.mailbox.clone(),
            source: folder.known(self.account).letter(letter.uid),
            received_at: letter.received_at,
            digest,
            bytes,
        };
        let mut stop = self.stop.clone();
        let taken = tokio::select! {
            taken = self.desk.take(mail) => taken,
            () = grace_is_over(&mut stop) => return Err(Fault::Stopped.into()),
        };
        self.wire.witness.alive();
        match taken {
            Ok(outcome) => {
                self.wire.witness.taken();
                self.failed_in_a_row = 0;
                match outcome {
                    Outcome::Filed(_) => self.report.filed += 1,
                    Outcome::AlreadyFiled(_) => self.report.already_filed += 1,
                    Outcome::Quarantined(_) => {
                        self.report.quarantined += 1;
                        return Ok(None);
                    }
                }
                Ok(Some(letter.uid))
            }
            Err(error) if error.for_any_letter => {
                self.memory.in_hand.clear();
                self.memory.failed.push(folder.place(letter.uid));
                Err(Trouble::DeskClosed(error))
            }
            Err(error) => {
                self.memory.failed.push(folder.place(letter.uid));
                self.report.failed += 1;
                self.report.first_failure.get_or_insert_with(|| error.to_string());
                self.failed_in_a_row += 1;
                if self.failed_in_a_row >= FAILURES_IN_A_ROW_MAX {
                    // The connection did not break: those that were not handed over yet are above suspicion.
                    self.memory.in_hand.clear();
                    return Err(Trouble::Desk(self.failed_in_a_row, error));
                }
                Ok(None)
            }
        }
    }

    async fn report_too_large(&mut self, folder: &Folder, letter: Known, bytes: u64, bytes_max: u64) {
        let too_large = TooLarge {
            mailbox: self.account.mailbox.clone(),
            source: folder.known(self.account).letter(letter.uid),
            received_at: letter.received_at,
            bytes,
            bytes_max,
        };
        self.report.too_large += 1;
        if let Err(error) = self.desk.cannot_take(too_large).await {
            self.report.first_failure.get_or_insert_with(|| error.to_string());
        }
    }

    /// Does the action on letters that are accounted for.
    async fn act(&mut self, action: &Action<'_>, folder: &Folder, uids: &[u32]) -> Result<(), Trouble> {
        if !action.writes() || uids.is_empty() {
            return Ok(());
        }
        match action.carry_out(&mut self.wire, &folder.name, uids).await? {
            Ok(()) => {
                mishap::at(Point::ActedOn);
                self.report.acted_on += count(uids.len());
            }
            Err(problem) if self.report.action_problems.contains(&problem) => {}
            Err(problem) => self.report.action_problems.push(problem),
        }
        Ok(())
    }

    /// Counts the letters that did not come although they lie there; those removed meanwhile are nobody's loss.
    async fn look_for(&mut self, folder: &Folder, missing: BTreeSet<u32>) -> Result<(), Trouble> {
        if !missing.is_empty() {
            let missing: Vec<u32> = missing.into_iter().collect();
            let still = folder.search(&mut self.wire, &format!(" UID {}", uids::set(&missing))).await?;
            self.report.not_handed_over += count(still.len());
        }
        Ok(())
    }

    async fn unaccounted(&self, folder: &Folder, uids: &BTreeSet<u32>) -> Result<BTreeSet<u32>, Trouble> {
        if uids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let asked = uids.iter().copied().collect();
        let unaccounted = self.ledger.unaccounted(&folder.known(self.account), asked).await;
        let unaccounted = unaccounted.map_err(Trouble::Ledger)?;
        Ok(unaccounted.into_iter().filter(|uid| uids.contains(uid)).collect())
    }
}

/// Waits until we were asked to stop and a letter at the desk had its time.
pub(super) async fn grace_is_over(stop: &mut watch::Receiver<bool>) {
    // Nobody is left who could ask: then nobody waits for the end either.
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(DESK_GRACE).await;
}

async fn digest(bytes: Vec<u8>) -> Result<(Digest, Vec<u8>), Fault> {
    if fetch::length(&bytes) <= HASH_INLINE_BYTES_MAX {
        return Ok((Digest::of(&bytes), bytes));
    }
    let hashed = tokio::task::spawn_blocking(move || (Digest::of(&bytes), bytes)).await;
    // The worker ends early only when the whole program does.
    hashed.map_err(|_| Fault::Stopped)
}

fn count(letters: usize) -> u32 {
    u32::try_from(letters).unwrap_or(u32::MAX)
}
