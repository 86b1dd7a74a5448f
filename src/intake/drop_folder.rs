//! A folder into which other programs put `.eml` files → raw letters; what is filed moves to its subfolder `filed`.

mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;
use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use self::files::{Candidate, Opened, PutAway};
use super::port::{Desk, TooLarge, Witness};
use super::round::grace_is_over;
use super::watch::pass;
use super::{IntakeError, LETTER_BYTES_HARD_MAX, RoundReport};
use crate::model::{Digest, MailboxId, Outcome, RawMail, Source};

/// The subfolder for filed letters.
const FILED: &str = "filed";

/// A file is whole when it did not change for so long. A program that makes longer pauses should write under another
/// name and rename; if it does not, see [`WRITTEN_ON`].
const SETTLED: Duration = Duration::from_secs(1);

/// How long a filed file is looked at for somebody still writing to it: a copy over a bad line stalls for seconds,
/// and gives up after some minutes.
const WRITTEN_ON: Duration = Duration::from_secs(10 * 60);

/// How often it is looked at.
const WRITTEN_ON_LOOK: Duration = Duration::from_secs(5);

/// How often to look although nothing was noticed: notices get lost on network file systems and when a queue is full.
const RESCAN: Duration = Duration::from_secs(60);

/// Why a file stays whose letter was given up: a person decides.
const IN_QUARANTINE: &str = "in quarantine, see `skrynka quarantine list`";

/// A folder and the mailbox that its letters count as received in.
#[derive(Clone, Debug)]
pub struct DropFolder {
    /// The folder.
    pub folder: PathBuf,
    /// The mailbox.
    pub mailbox: MailboxId,
}

/// What one look into a drop folder did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DropReport {
    /// Letters filed now.
    pub filed: u32,
    /// Letters that turned out to be filed before.
    pub already_filed: u32,
    /// Files that are still being written, or empty.
    pub unfinished: u32,
    /// Of those that stay, letters that the desk could not take.
    pub failed: u32,
    /// Files that stay there: name and why. A name may be personal: for people, not for a log.
    pub stay: Vec<(String, String)>,
}

/// Looks into a drop folder until `stop` becomes true (or its sender is gone): when a file is noticed, and once a
/// minute.
pub async fn watch_drop_folder(
    drop_folder: &DropFolder,
    desk: &impl Desk,
    witness: &Arc<dyn Witness>,
    mut stop: Receiver<bool>,
) {
    let noticed = Arc::new(Notify::new());
    let mut watcher = None;
    let mut said = String::new();
    let mut lately = Lately::new();
    let folder = drop_folder.folder.display();
    loop {
        if watcher.is_none() {
            watcher = watch_files(&drop_folder.folder, &noticed);
        }
        let again = take_back(&mut lately).await;
        if again > 0 {
            tracing::warn!(
                "drop folder {folder}: {again} files were written on after they were filed: filed anew; \
                 let the program write under another name and rename"
            );
        }
        let mut stopped = stop.clone();
        let looked = tokio::select! {
            looked = scan(drop_folder, desk, &**witness, || *stop.borrow(), &mut lately) => looked,
            () = grace_is_over(&mut stopped) => return,
        };
        match &looked {
            Ok(report) => witness.round(Ok(&as_round(report))),
            Err(error) => witness.round(Err(error)),
        }
        let mut wait = if lately.is_empty() { RESCAN } else { WRITTEN_ON_LOOK };
        let now = match &looked {
            Ok(report) => {
                if report.filed + report.already_filed > 0 {
                    let DropReport { filed, already_filed, .. } = report;
                    tracing::info!(
                        "drop folder {folder}: {filed} letters filed, {already_filed} known already"
                    );
                }
                if report.unfinished > 0 {
                    wait = SETTLED * 3;
                }
                stays(report)
            }
            Err(error) => {
                // It may be made anew, and then must be watched anew.
                watcher = None;
                error.to_string()
            }
        };
        // A look that was cut short has not seen what is left undone.
        if *stop.borrow() {
            return;
        }
        if now != said {
            if now.is_empty() {
                tracing::info!("drop folder {folder}: nothing is left undone any more");
            } else {
                tracing::warn!("drop folder {folder}: {now}");
            }
            said = now;
        }
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            () = noticed.notified() => {}
            () = pass(wait, &**witness) => {}
        }
    }
}

/// Looks once: files every `.eml` that is whole and moves it to `filed`, adding a number where the name is taken.
///
/// Files whose name begins with a dot are left alone, as are folders; nothing is ever deleted.
///
/// # Errors
/// The folder cannot be read, or `filed` cannot be made in it.
pub async fn scan_drop_folder(drop_folder: &DropFolder, desk: &impl Desk) -> Result<DropReport, IntakeError> {
    scan(drop_folder, desk, &(), || false, &mut Lately::new()).await
}

/// Files that were put away, and when.
type Lately = Vec<(Instant, PutAway)>;

/// [`scan_drop_folder`], ending early between two letters.
async fn scan(
    drop_folder: &DropFolder,
    desk: &impl Desk,
    witness: &dyn Witness,
    stopping: impl Fn() -> bool,
    lately: &mut Lately,
) -> Result<DropReport, IntakeError> {
    let folder = drop_folder.folder.clone();
    let trouble = |source| IntakeError::DropFolder { folder: drop_folder.folder.clone(), source };
    let first = blocking(move || files::letters(&folder)).await.map_err(trouble)?;
    let mut report = DropReport::default();
    if first.is_empty() {
        return Ok(report);
    }
    tokio::time::sleep(SETTLED).await;
    for candidate in first {
        if stopping() {
            break;
        }
        let name = candidate.name();
        let taken = take(drop_folder, desk, candidate).await;
        witness.alive();
        match taken {
            Ok(Taken::Filed(outcome, put_away)) => {
                witness.taken();
                match outcome {
                    Outcome::Filed(_) => report.filed += 1,
                    Outcome::AlreadyFiled(_) | Outcome::Quarantined(_) => report.already_filed += 1,
                }
                lately.push((Instant::now(), put_away));
            }
            Ok(Taken::Unfinished) => report.unfinished += 1,
            Ok(Taken::Closed(why)) => {
                report.failed += 1;
                report.stay.push((name, why));
                break;
            }
            Err(Stays { why, ours }) => {
                report.failed += u32::from(ours);
                report.stay.push((name, why));
            }
        }
    }
    Ok(report)
}

enum Taken {
    Filed(Outcome, PutAway),
    Unfinished,
    /// Nothing can be taken now, and why; the next file would wait as long for the same answer.
    Closed(String),
}

/// Why a file stays, and whether that is our failure.
struct Stays {
    why: String,
    ours: bool,
}

impl Stays {
    fn as_it_is(why: &impl ToString) -> Self {
        Self { why: why.to_string(), ours: false }
    }

    fn not_taken(why: &impl ToString) -> Self {
        Self { why: why.to_string(), ours: true }
    }
}

/// Takes one file; an error says why it stays.
async fn take(drop_folder: &DropFolder, desk: &impl Desk, candidate: Candidate) -> Result<Taken, Stays> {
    let source = Source::DropFolder { file: candidate.name() };
    let mailbox = drop_folder.mailbox.clone();
    let first = candidate.clone();
    let opened = blocking(move || first.open_if_settled()).await.map_err(|why| Stays::as_it_is(&why))?;
    let (received_at, bytes) = match opened {
        Opened::Changing => return Ok(Taken::Unfinished),
        Opened::TooLarge { received_at, bytes } => {
            let bytes_max = LETTER_BYTES_HARD_MAX;
            let too_large = TooLarge { mailbox, source, received_at, bytes, bytes_max };
            desk.cannot_take(too_large).await.map_err(|why| Stays::as_it_is(&why))?;
            return Err(Stays::as_it_is(&format!("larger than {bytes_max} bytes")));
        }
        Opened::Whole { received_at, bytes } => (received_at, bytes),
    };
    let hashed = blocking(move || Ok((Digest::of(&bytes), bytes))).await;
    let (digest, bytes) = hashed.map_err(|why| Stays::as_it_is(&why))?;
    let mail = RawMail { mailbox, source, received_at, digest, bytes };
    let outcome = match desk.take(mail).await {
        Ok(Outcome::Quarantined(_)) => return Err(Stays::as_it_is(&IN_QUARANTINE)),
        Ok(outcome) => outcome,
        Err(error) if error.for_any_letter => return Ok(Taken::Closed(error.to_string())),
        Err(error) => return Err(Stays::not_taken(&error)),
    };
    let filed = drop_folder.folder.join(FILED);
    let put_away = blocking(move || candidate.put_away(&filed)).await;
    // Filed, and found again as such in the next look.
    let put_away = put_away
        .map_err(|error| Stays::as_it_is(&format!("filed, but cannot be moved to `{FILED}`: {error}")))?;
    Ok(Taken::Filed(outcome, put_away))
}

/// Takes back what was written on since it was put away, and forgets what was not for long enough; how many are back.
async fn take_back(lately: &mut Lately) -> u32 {
    let looked_at = std::mem::take(lately);
    let looked = blocking(move || {
        let mut back = 0;
        let mut left = Vec::new();
        for (since, file) in looked_at {
            match file.take_back_if_changed() {
                Ok(true) => back += 1,
                // Where its old name is taken, it may be free the next time.
                Ok(false) | Err(_) if since.elapsed() < WRITTEN_ON => left.push((since, file)),
                Ok(false) | Err(_) => {}
            }
        }
        Ok((back, left))
    });
    // The worker ends early only when the whole program does.
    let (back, left) = looked.await.unwrap_or_default();
    *lately = left;
    back
}

/// A watcher of the folder; `None` where there is none to be had, and then the rescan has to do.
fn watch_files(folder: &Path, noticed: &Arc<Notify>) -> Option<RecommendedWatcher> {
    let noticed = Arc::clone(noticed);
    // Whatever happened, an error too: look.
    let mut watcher = notify::recommended_watcher(move |_| noticed.notify_one()).ok()?;
    watcher.watch(folder, RecursiveMode::NonRecursive).ok()?;
    Some(watcher)
}

/// What a look did, in the words of a round.
fn as_round(report: &DropReport) -> RoundReport {
    RoundReport {
        filed: report.filed,
        already_filed: report.already_filed,
        failed: report.failed,
        first_failure: report.stay.first().map(|(_, why)| why.clone()),
        ..RoundReport::default()
    }
}

/// What stays and every reason, as one line without file names.
fn stays(report: &DropReport) -> String {
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, why) in &report.stay {
        *reasons.entry(why).or_default() += 1;
    }
    if reasons.is_empty() {
        return String::new();
    }
    let reasons: Vec<String> = reasons.iter().map(|(why, files)| format!("{files}: {why}")).collect();
    format!("{} files stay there and will be tried again ({})", report.stay.len(), reasons.join("; "))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|ended| Err(std::io::Error::other(ended)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_told_and_no_name() {
        assert_eq!(stays(&DropReport::default()), "");
        let stay =
            [("a.eml", "not a plain file"), ("b.eml", "Permission denied"), ("c.eml", "not a plain file")];
        let stay = stay.map(|(name, why)| (name.to_owned(), why.to_owned())).into();
        let said = stays(&DropReport { stay, ..DropReport::default() });
        assert_eq!(
            said,
            "3 files stay there and will be tried again (1: Permission denied; 2: not a plain file)"
        );
    }
}
