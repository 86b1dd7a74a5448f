//! What the watchers and the pipeline tell → what is known of every mailbox at this moment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::pulse::Pulse;
use crate::intake::{IntakeError, RoundReport, Witness};
use crate::model::{Clock, Digest, Indication, MailboxId, Timestamp};

/// What is known of the daemon's health. A clone is the same one.
#[derive(Clone)]
pub struct Health(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    board: Mutex<Board>,
    /// Letters filed since the start: a hint that there is something new to read in the store.
    filings: watch::Sender<u64>,
}

/// Everything that is known.
pub(super) struct Board {
    pub(super) started_at: Timestamp,
    pub(super) pulses: BTreeMap<String, Pulse>,
    /// Letters filed since the start, by mailbox and verdict.
    pub(super) filed: BTreeMap<(MailboxId, &'static str), u64>,
    /// Verdicts that changed after their letter was filed, since the start, by what they say now.
    pub(super) changed: BTreeMap<&'static str, u64>,
    /// Letters that turned out to be filed before, since the start.
    pub(super) known: BTreeMap<MailboxId, u64>,
    /// Bytes of letters filed since the start.
    pub(super) bytes: BTreeMap<MailboxId, u64>,
    /// The newest letter of each mailbox: when it was received, and when it was filed.
    pub(super) newest: BTreeMap<MailboxId, (Timestamp, Timestamp)>,
    /// The trust anchors: fingerprint, subject, end.
    pub(super) anchors: Vec<(Digest, String, Timestamp)>,
}

/// So many rounds that broke off in a row are no chance: whoever waits for a letter is told that there is no connection.
const CUT_OFF_AFTER: u32 = 2;

/// How a mailbox goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailboxHealth {
    /// Its address, or `drop folder` and its path.
    pub name: String,
    /// The last time when it was read to its end.
    pub last_round_at: Option<Timestamp>,
    /// Whether it cannot be read now.
    pub is_cut_off: bool,
}

/// What is counted of a letter. Nothing of its content.
#[derive(Clone, Debug)]
pub struct LetterFacts {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// The worst verdict's word, or `unsigned`; none when the letter was filed before.
    pub verdict: Option<&'static str>,
    /// Its size (bytes).
    pub bytes: u64,
    /// When the server received it.
    pub received_at: Timestamp,
    /// When it was filed.
    pub filed_at: Timestamp,
}

impl Health {
    /// Nothing is watched yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let board = Board {
            started_at: clock.now(),
            pulses: BTreeMap::new(),
            filed: BTreeMap::new(),
            changed: BTreeMap::new(),
            known: BTreeMap::new(),
            bytes: BTreeMap::new(),
            newest: BTreeMap::new(),
            anchors: Vec::new(),
        };
        Self(Arc::new(Inner { clock, board: Mutex::new(board), filings: watch::Sender::new(0) }))
    }

    /// A mailbox (its address) or drop folder (`drop folder` and its path) is watched from now on, and may be silent for
    /// so long. Told anew, it keeps what is known of it.
    #[must_use]
    pub fn watching(&self, name: &str, patience: Duration) -> Arc<dyn Witness> {
        let mut board = self.board();
        let pulse = board.pulses.entry(name.to_owned()).or_insert_with(|| Pulse::new(name, patience));
        pulse.patience = patience;
        Arc::new(Reporter { health: self.clone(), name: name.to_owned() })
    }

    /// It is watched no longer, because the configuration changed: its silence means nothing.
    pub fn forget(&self, name: &str) {
        self.board().pulses.remove(name);
    }

    /// These are the trust anchors from now on: fingerprint, subject, end.
    pub fn trusting(&self, anchors: Vec<(Digest, String, Timestamp)>) {
        self.board().anchors = anchors;
    }

    /// A letter went through the pipeline.
    pub fn letter(&self, letter: &LetterFacts) {
        let mut board = self.board();
        let mailbox = || letter.mailbox.clone();
        let Some(verdict) = letter.verdict else {
            *board.known.entry(mailbox()).or_default() += 1;
            return;
        };
        *board.filed.entry((mailbox(), verdict)).or_default() += 1;
        *board.bytes.entry(mailbox()).or_default() += letter.bytes;
        board.newer(mailbox(), letter.received_at, letter.filed_at);
        drop(board);
        self.0.filings.send_modify(|filed| *filed += 1);
    }

    /// Changes after a letter was filed by this process: a hint to look into the store, which alone knows what.
    #[must_use]
    pub fn filings(&self) -> watch::Receiver<u64> {
        self.0.filings.subscribe()
    }

    /// How every mailbox and drop folder that is watched goes, by its name.
    #[must_use]
    pub fn mailboxes(&self) -> Vec<MailboxHealth> {
        let board = self.board();
        let of = |(name, pulse): (&String, &Pulse)| MailboxHealth {
            name: name.clone(),
            last_round_at: pulse.last_round_at,
            is_cut_off: pulse.is_silent() || pulse.failures_in_a_row >= CUT_OFF_AFTER,
        };
        board.pulses.iter().map(of).collect()
    }

    /// The trust anchors: subject and end, those that end first before others.
    #[must_use]
    pub fn anchors(&self) -> Vec<(String, Timestamp)> {
        let board = self.board();
        let mut anchors: Vec<_> =
            board.anchors.iter().map(|(_, subject, end)| (subject.clone(), *end)).collect();
        anchors.sort_by_key(|(_, end)| *end);
        anchors
    }

    /// A verdict was judged again, and says this now.
    pub fn verdict_changed(&self, now: Indication) {
        *self.board().changed.entry(now.word()).or_default() += 1;
    }

    /// Why this daemon is not ready, a sentence each; empty when it is.
    pub(super) fn complaints(&self) -> Vec<String> {
        let board = self.board();
        let mut complaints = Vec::new();
        for (name, pulse) in &board.pulses {
            let why = pulse.last_error.as_deref().unwrap_or("no round has come to its end");
            if pulse.is_silent() {
                complaints
                    .push(format!("{name}: not read for {} minutes: {why}", pulse.silent.as_secs() / 60));
            } else if pulse.rounds == 0 {
                complaints.push(format!("{name}: not read since the start: {why}"));
            }
        }
        if board.pulses.is_empty() {
            complaints.push("nothing is watched".to_owned());
        }
        complaints
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(super) fn board(&self) -> MutexGuard<'_, Board> {
        // Whoever panicked here left counters, at worst one too low.
        self.0.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Board {
    /// A letter of a mailbox; counts if none newer is known.
    pub(super) fn newer(&mut self, mailbox: MailboxId, received_at: Timestamp, filed_at: Timestamp) {
        let newest = self.newest.entry(mailbox).or_insert((received_at, filed_at));
        if newest.0 <= received_at {
            *newest = (received_at, filed_at);
        }
    }
}

/// A mailbox's witness.
struct Reporter {
    health: Health,
    name: String,
}

impl Witness for Reporter {
    /// Who hangs is the supervisor's matter; here only rounds and letters count.
    fn alive(&self) {}

    fn taken(&self) {
        if let Some(pulse) = self.health.board().pulses.get_mut(&self.name) {
            pulse.gave_a_letter();
        }
    }

    fn round(&self, result: Result<&RoundReport, &IntakeError>) {
        let now = self.health.now();
        if let Some(pulse) = self.health.board().pulses.get_mut(&self.name) {
            match proof(result) {
                Ok(()) => pulse.read(now),
                Err(why) => pulse.failed(why),
            }
        }
    }
}

/// Whether a round proves that letters come in. One that reached every letter and could file none of them does not.
fn proof(result: Result<&RoundReport, &IntakeError>) -> Result<(), String> {
    let report = result.map_err(ToString::to_string)?;
    if report.failed > 0 && report.filed + report.already_filed == 0 {
        let why = report.first_failure.as_deref().unwrap_or("for an unknown reason");
        return Err(format!("{} letters could not be filed: {why}", report.failed));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_that_could_file_nothing_proves_nothing() {
        let report = |filed, failed| RoundReport {
            filed,
            failed,
            first_failure: (failed > 0).then(|| "no room left".to_owned()),
            ..RoundReport::default()
        };
        assert!(proof(Ok(&report(0, 0))).is_ok());
        assert!(proof(Ok(&report(1, 1))).is_ok());
        assert!(proof(Ok(&report(0, 3))).unwrap_err().contains("3 letters could not be filed: no room left"));
        let error = IntakeError::DropFolder {
            folder: "/nowhere".into(),
            source: std::io::Error::from(std::io::ErrorKind::NotFound),
        };
        assert!(proof(Err(&error)).unwrap_err().contains("drop folder /nowhere"));
    }
}
