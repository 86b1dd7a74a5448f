//! Documents → one child process after another: started, asked, and ended so that nothing of it is left.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use pages::Opened;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::lock::{Confinement, Limits};
use super::{Settings, Trouble, Wish, check, frame};

/// How long a child may take to lock itself in: a thousand times what it takes.
const START_MAX: Duration = Duration::from_secs(10);

/// How long a child may take to leave by itself.
const LEAVE_MAX: Duration = Duration::from_secs(1);

/// How long the kernel may take to end a killed process.
const KILL_MAX: Duration = Duration::from_secs(5);

/// Octets of what a child complained that are looked at.
const COMPLAINT_BYTES_MAX: u64 = 4096;

/// A child that waits for a document.
pub(super) struct Child {
    process: tokio::process::Child,
    input: ChildStdin,
    output: ChildStdout,
    /// What it is locked in by, as it says.
    pub(super) confinement: Confinement,
    /// How many documents it was given.
    pub(super) documents: u32,
    /// Whether it still reads one.
    pub(super) is_busy: bool,
    /// Whether it broke: no other document is for it.
    pub(super) is_broken: bool,
}

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lost {
    /// The child has closed its end of a pipe.
    Gone,
    /// What came is no answer, for this reason.
    Nonsense(&'static str),
}

impl Child {
    /// Starts a child and waits until it is locked in.
    pub(super) async fn start(settings: &Settings) -> Result<Self, Trouble> {
        let mut process = command(settings, settings.limits()).spawn().map_err(|fault| {
            tracing::error!(%fault, "no child can be started to read documents");
            Trouble::NoReader
        })?;
        let (Some(input), Some(mut output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(Trouble::NoReader);
        };
        let hello = timeout(START_MAX, read(&mut output)).await;
        let confinement = match hello {
            Ok(Ok((facts, _))) => frame::read(&facts),
            Ok(Err(_)) | Err(_) => None,
        };
        let Some(confinement) = confinement else {
            tracing::error!("a child that was started to read documents does not answer");
            finish(&mut process, Duration::ZERO).await;
            return Err(Trouble::NoReader);
        };
        Ok(Self { process, input, output, confinement, documents: 0, is_busy: false, is_broken: false })
    }

    /// Gives it a document and takes its answer, checked.
    pub(super) async fn ask(&mut self, pdf: &[u8], wish: &Wish) -> Result<Result<Opened, Trouble>, Lost> {
        self.documents = self.documents.saturating_add(1);
        self.is_busy = true;
        let facts = frame::facts(wish).unwrap_or_default();
        let head = frame::Head { facts: facts.len(), tail: pdf.len() };
        let Some(head) = head.octets() else { return Err(Lost::Nonsense("the document is too long")) };
        for part in [&head, facts.as_slice(), pdf] {
            self.input.write_all(part).await.map_err(|_| Lost::Gone)?;
        }
        let (facts, pictures) = read(&mut self.output).await?;
        let told = frame::unpacked(&facts, &pictures).ok_or(Lost::Nonsense("it cannot be unpacked"))?;
        if let Ok(opened) = &told {
            check::answer(opened, wish).map_err(Lost::Nonsense)?;
        }
        self.is_busy = false;
        self.is_broken = told == Err(Trouble::Broke);
        Ok(told)
    }

    /// Ends it: it leaves when its input ends, or is killed. Tells what it ended of.
    pub(super) async fn end(self) -> Trouble {
        let Self { mut process, input, output, .. } = self;
        drop((input, output));
        let status = finish(&mut process, LEAVE_MAX).await;
        let complaint = complaint(&mut process).await;
        cause(status, &complaint)
    }

    /// Kills it at once.
    pub(super) async fn kill(mut self) {
        finish(&mut self.process, Duration::ZERO).await;
    }
}

/// The words that start a child: nothing of our environment, our folder, our terminal.
pub(super) fn command(settings: &Settings, limits: Limits) -> Command {
    let mut command = Command::new(&settings.program);
    command.arg0("skrynka").arg("reader");
    command.arg("--memory-bytes").arg(limits.memory_bytes.to_string());
    command.arg("--cpu-seconds").arg(limits.cpu_seconds.to_string());
    #[cfg(debug_assertions)]
    for bar in &settings.without {
        command.arg("--without").arg(bar.name());
    }
    command.env_clear().current_dir("/").process_group(0).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits so long for a process to leave, then kills it; reaps it. Tells how it left, if by itself.
pub(super) async fn finish(process: &mut tokio::process::Child, patience: Duration) -> Option<ExitStatus> {
    if let Ok(Ok(status)) = timeout(patience, process.wait()).await {
        return Some(status);
    }
    let _ = process.start_kill();
    let _ = timeout(KILL_MAX, process.wait()).await;
    None
}

/// A frame. Room is made for what has come, not for what is promised.
async fn read(output: &mut ChildStdout) -> Result<(Vec<u8>, Vec<u8>), Lost> {
    let mut octets = [0; frame::HEAD];
    output.read_exact(&mut octets).await.map_err(|_| Lost::Gone)?;
    let head = frame::Head::of(octets);
    if head.facts > frame::FACTS_BYTES_MAX || head.tail > frame::TAIL_BYTES_MAX {
        return Err(Lost::Nonsense("it is longer than agreed"));
    }
    Ok((part(output, head.facts).await?, part(output, head.tail).await?))
}

async fn part(output: &mut ChildStdout, length: usize) -> Result<Vec<u8>, Lost> {
    let mut octets = Vec::new();
    let wanted = u64::try_from(length).unwrap_or(u64::MAX);
    output.take(wanted).read_to_end(&mut octets).await.map_err(|_| Lost::Gone)?;
    if octets.len() == length { Ok(octets) } else { Err(Lost::Gone) }
}

/// The beginning of what a child that is gone said on standard error.
async fn complaint(process: &mut tokio::process::Child) -> String {
    let Some(errors) = process.stderr.take() else { return String::new() };
    let mut said = Vec::new();
    let _ = timeout(LEAVE_MAX, errors.take(COMPLAINT_BYTES_MAX).read_to_end(&mut said)).await;
    String::from_utf8_lossy(&said).into_owned()
}

/// How a child ended → what the document's trouble is. Its own words are not logged: they may quote the document.
fn cause(status: Option<ExitStatus>, complaint: &str) -> Trouble {
    if let Some(place) = place_of_panic(complaint) {
        tracing::warn!(place, "a document broke the child that read it; please report the place");
        return Trouble::Broke;
    }
    match status.and_then(|status| status.signal()) {
        Some(libc::SIGXCPU) => Trouble::TookTooLong,
        // Rust's own words when memory is refused.
        Some(libc::SIGABRT) if complaint.contains("memory allocation of ") => Trouble::TookTooMuch,
        // Not killed by us: by the kernel, for want of memory.
        Some(libc::SIGKILL) => Trouble::TookTooMuch,
        Some(libc::SIGSYS) => {
            tracing::warn!(
                "a document made the child that read it try something forbidden; the child was killed"
            );
            Trouble::Broke
        }
        Some(signal) => {
            tracing::warn!(signal, "a document broke the child that read it");
            Trouble::Broke
        }
        None => Trouble::Broke,
    }
}

/// Where a panic was, as the program's own hook tells it: a file of ours or of a library, and a line.
fn place_of_panic(complaint: &str) -> Option<&str> {
    let (_, after) = complaint.split_once("a fault of the program at ")?;
    let (place, _) = after.split_once(';')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:".contains(c);
    (place.len() <= 300 && place.contains(".rs:") && place.chars().all(is_plain)).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_child_ended_tells_what_the_document_did() {
        let killed_by = |signal| Some(ExitStatus::from_raw(signal));
        let memory = "memory allocation of 1073741824 bytes failed\n";
        for (status, complaint, trouble) in [
            (killed_by(libc::SIGXCPU), "", Trouble::TookTooLong),
            (killed_by(libc::SIGKILL), "", Trouble::TookTooMuch),
            (killed_by(libc::SIGABRT), memory, Trouble::TookTooMuch),
            (killed_by(libc::SIGABRT), "thread main has overflowed its stack", Trouble::Broke),
            (killed_by(libc::SIGSYS), "", Trouble::Broke),
            (killed_by(libc::SIGSEGV), "", Trouble::Broke),
            (Some(ExitStatus::from_raw(0)), "", Trouble::Broke),
            (None, "", Trouble::Broke),
        ] {
            assert_eq!(cause(status, complaint), trouble, "{status:?} {complaint}");
        }
    }

    #[test]
    fn of_a_panic_only_the_place_is_told() {
        let said = |place| format!("skrynka: a fault of the program at {place}; please report it\n");
        let place = "/cargo/hayro-0.9.0/src/lib.rs:10:5";
        assert_eq!(place_of_panic(&said(place)), Some(place));
        for other in ["Петренко.rs:1", "lib.rs:1 Olena", "/etc/passwd", &format!("{}.rs:1", "x".repeat(300))]
        {
            assert_eq!(place_of_panic(&said(other)), None, "{other}");
        }
        assert_eq!(place_of_panic("a fault of the program at lib.rs:1"), None);
    }
}
