//! A mailbox → rounds for as long as the program runs, and one log line for each change of its state.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use super::error::Fault;
use super::port::{Desk, Ledger, Witness};
use super::report::{Memory, RoundReport};
use super::round;
use super::{Account, IntakeError, door, wire};

/// The wait after a first failure, doubled after each further one.
const BACK_OFF_MIN: Duration = Duration::from_secs(1);

/// The longest wait after a failure. Short enough that a mailbox whose server came back is read within minutes, and
/// that a wrong password (which waits this long from the start) does not get the account locked.
const BACK_OFF_MAX: Duration = Duration::from_secs(5 * 60);

/// How often a watcher that waits for its next round says that it is alive.
const ALIVE_EVERY: Duration = Duration::from_secs(10);

/// The longest that a watcher is silent towards its [`Witness`] while the network makes it wait; what [`Desk::take`]
/// needs comes on top.
pub const SILENT_MAX: Duration = if wire::ONE_ANSWER_MAX.as_secs() > door::DOOR_PATIENCE.as_secs() {
    wire::ONE_ANSWER_MAX
} else {
    door::DOOR_PATIENCE
};

/// Visits the mailbox every `account.poll` until `stop` becomes true (or its sender is gone).
///
/// A failed round is repeated after 1, 2, 4 … seconds, at most five minutes; one that needs a person, after five
/// minutes. Stopping interrupts waiting and the network; a letter at the desk gets some seconds to be filed.
pub async fn watch(
    account: &Account,
    ledger: &impl Ledger,
    desk: &impl Desk,
    witness: &Arc<dyn Witness>,
    mut stop: Receiver<bool>,
) {
    let mut memory = Memory::default();
    let mut log = Log::default();
    let mut failures = 0;
    loop {
        let round = round::visit(account, ledger, desk, Arc::clone(witness), stop.clone(), &mut memory).await;
        let wait = match &round {
            Ok(_) => {
                failures = 0;
                account.poll
            }
            Err(IntakeError::Mailbox { fault: Fault::Stopped, .. }) => return,
            Err(error) => {
                failures += 1;
                back_off(failures, error.retry())
            }
        };
        log.note(account, &round, wait);
        witness.round(round.as_ref());
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            () = pass(wait, &**witness) => {}
        }
    }
}

/// Lets time go by, with signs of life.
pub(super) async fn pass(time: Duration, witness: &dyn Witness) {
    let until = Instant::now() + time;
    while Instant::now() < until {
        tokio::time::sleep_until(until.min(Instant::now() + ALIVE_EVERY)).await;
        witness.alive();
    }
}

/// How long to wait after so many failures in a row.
pub(super) fn back_off(failures: u32, retry: bool) -> Duration {
    if !retry {
        return BACK_OFF_MAX;
    }
    let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
    BACK_OFF_MIN.saturating_mul(doubled).min(BACK_OFF_MAX)
}

/// What was logged last, so that only changes are.
#[derive(Default)]
struct Log {
    /// The error of the last round.
    failing: Option<String>,
    /// What the last finished round left undone.
    undone: Option<String>,
}

impl Log {
    fn note(&mut self, account: &Account, round: &Result<RoundReport, IntakeError>, wait: Duration) {
        let mailbox = &account.mailbox;
        match round {
            Ok(report) => {
                if self.failing.take().is_some() {
                    tracing::info!("mailbox {mailbox}: reachable again");
                }
                if report.filed + report.already_filed > 0 {
                    let RoundReport { filed, already_filed, .. } = report;
                    tracing::info!("mailbox {mailbox}: {filed} letters filed, {already_filed} known already");
                }
                if report.quarantined > 0 {
                    let letters = report.quarantined;
                    tracing::warn!(
                        "mailbox {mailbox}: {letters} letters are in quarantine and stay in their folder: see `skrynka quarantine list`"
                    );
                }
                let undone = undone(report);
                if undone != self.undone {
                    match &undone {
                        Some(undone) => tracing::warn!("mailbox {mailbox}: {undone}"),
                        None => tracing::info!("mailbox {mailbox}: nothing is left undone any more"),
                    }
                    self.undone = undone;
                }
            }
            Err(error) => {
                let (text, seconds) = (error.to_string(), wait.as_secs());
                if self.failing.as_ref() != Some(&text) {
                    tracing::warn!("{text}; next try in {seconds} s");
                    self.failing = Some(text);
                }
            }
        }
    }
}

/// What a finished round left undone, as one line without any letter's content.
fn undone(report: &RoundReport) -> Option<String> {
    let mut parts = Vec::new();
    if report.failed > 0 {
        let why = report.first_failure.as_deref().unwrap_or("unknown");
        parts.push(format!("{} letters could not be filed and will be tried again ({why})", report.failed));
    }
    if report.not_handed_over > 0 {
        parts.push(format!("the server lists {} letters and does not give them", report.not_handed_over));
    }
    if report.too_large > 0 {
        parts.push(format!("{} letters are too large and stay in their folder", report.too_large));
    }
    parts.extend(report.action_problems.iter().map(ToString::to_string));
    if parts.is_empty() { None } else { Some(parts.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_five_minutes() {
        let waits: Vec<u64> = (1..=12).map(|failures| back_off(failures, true).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(back_off(u32::MAX, true), BACK_OFF_MAX);
        assert_eq!(back_off(1, false), BACK_OFF_MAX);
    }

    #[test]
    fn a_round_that_did_everything_leaves_nothing_to_say() {
        assert_eq!(undone(&RoundReport { filed: 3, already_filed: 1, ..RoundReport::default() }), None);
        let report =
            RoundReport { failed: 2, first_failure: Some("disk full".into()), ..RoundReport::default() };
        let said = undone(&report).unwrap();
        assert!(said.contains("2 letters") && said.contains("disk full"), "{said}");
    }
}
