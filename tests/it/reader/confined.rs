//! Each lock by itself, and all together: what a child can still do.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use skrynka::reader::{Bar, Confinement, Landlock, Reader, Settings};

use super::{alone, good, is_good, settings, words};
use crate::program::SKRYNKA;

const ALL: &[&str] = &["landlock", "seccomp", "limits"];

/// What came of an attempt.
pub(super) struct Told {
    pub(super) signal: Option<i32>,
    locks: String,
    came: String,
}

/// Tries this in a child that is locked in without these locks.
pub(super) fn tried(attempt: &str, without: &[&str]) -> Told {
    let mut command = Command::new(SKRYNKA);
    command.args(["reader", "--memory-bytes", "536870912", "--cpu-seconds", "1", "--try", attempt]);
    for lock in without {
        command.args(["--without", lock]);
    }
    let ended = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(ended.stdout).unwrap();
    let mut lines = said.lines().map(str::to_owned);
    Told {
        signal: ended.status.signal(),
        locks: lines.next().unwrap_or_default(),
        came: lines.next().unwrap_or_default(),
    }
}

/// Tries this behind one lock only.
fn behind(lock: &str, attempt: &str) -> Told {
    let others: Vec<&str> = ALL.iter().copied().filter(|other| *other != lock).collect();
    tried(attempt, &others)
}

/// Whether this kernel can bar connections and signals too.
fn landlock_is_whole() -> bool {
    let locks = tried("nothing", &[]).locks;
    if !locks.contains("landlock whole") {
        #[expect(clippy::print_stderr, reason = "a part that did not run says so")]
        {
            eprintln!("skipped in part: {locks}");
        }
    }
    locks.contains("landlock whole")
}

#[test]
fn without_locks_everything_would_be_done() {
    for attempt in ["nothing", "open", "list", "write", "datagram", "exec", "thread", "signal", "memory"] {
        let told = tried(attempt, ALL);
        assert_eq!((told.signal, told.came.as_str()), (None, "done"), "{attempt}");
        assert_eq!(told.locks, "landlock absent, seccomp absent, limits absent");
    }
    // Nobody listens there; the attempt went out all the same.
    assert!(tried("connect", ALL).came.contains("Connection refused"));
}

#[test]
fn each_lock_refuses_by_itself_what_it_is_for() {
    for attempt in ["open", "list", "write", "connect", "datagram", "exec", "thread", "signal"] {
        assert_eq!(behind("seccomp", attempt).signal, Some(libc::SIGSYS), "seccomp: {attempt}");
    }
    if landlock_is_whole() {
        for attempt in ["open", "list", "write", "connect", "exec"] {
            let came = behind("landlock", attempt).came;
            assert!(came.starts_with("refused: Permission denied"), "landlock: {attempt}: {came}");
        }
        assert!(behind("landlock", "signal").came.starts_with("refused: Operation not permitted"));
    }
    for attempt in ["open", "list", "write", "connect", "datagram"] {
        let came = behind("limits", attempt).came;
        assert!(came.starts_with("refused: Too many open files"), "limits: {attempt}: {came}");
    }
    assert_eq!(behind("limits", "memory").signal, Some(libc::SIGABRT), "1 GB of 512 MB");
    assert_eq!(behind("limits", "time").signal, Some(libc::SIGXCPU), "more than a second");
}

#[test]
fn behind_all_locks_nothing_is_done_but_the_way_out() {
    for attempt in ["open", "list", "write", "connect", "datagram", "exec", "thread", "signal"] {
        assert_eq!(tried(attempt, &[]).signal, Some(libc::SIGSYS), "{attempt}");
    }
    // Without memory the C library may look for how many processors there are, which it must not; it is over anyhow.
    let way_out = tried("memory", &[]).signal;
    assert!(matches!(way_out, Some(libc::SIGABRT | libc::SIGSYS)), "{way_out:?}");
    assert_eq!(tried("abort", &[]).signal, Some(libc::SIGABRT));
    assert_eq!(tried("nothing", &[]).came, "done");
}

#[tokio::test]
async fn a_child_tells_what_it_is_locked_in_by() {
    let _alone = alone().await;
    let whole = Reader::new(settings(1)).confinement().await.unwrap();
    assert!(whole.seccomp && whole.limits, "{whole}");
    assert_eq!(whole.is_whole(), landlock_is_whole());
}

/// A kernel without landlock or seccomp: documents are read all the same, and it is told.
#[tokio::test]
async fn with_fewer_locks_documents_are_still_read_and_it_is_told() {
    let _alone = alone().await;
    let reader = Reader::new(Settings { without: vec![Bar::Landlock, Bar::Seccomp], ..settings(1) });
    let told = reader.confinement().await.unwrap();
    assert_eq!(told, Confinement { landlock: Landlock::Absent, seccomp: false, limits: true });
    assert_eq!(told.to_string(), "landlock absent, seccomp absent, limits on");
    assert!(!told.is_whole());
    is_good(reader.open(good(), words()).await);
}

/// Neither our variables nor what we have open nor our folder.
#[tokio::test]
async fn a_child_has_nothing_of_its_parent_but_three_pipes() {
    let _alone = alone().await;
    let held = std::fs::File::open("/etc/hostname").unwrap();
    let reader = Reader::new(settings(1));
    is_good(reader.open(good(), words()).await);
    let (id, _) = super::children()[0];
    let of = |what: &str| format!("/proc/{id}/{what}");
    // Who is not root may not look into a child: nobody may.
    let Ok(environment) = std::fs::read(of("environ")) else { return };
    assert_eq!(environment, b"");
    let descriptors: Vec<_> =
        std::fs::read_dir(of("fd")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let leads: Vec<_> =
        descriptors.iter().map(|descriptor| std::fs::read_link(descriptor).unwrap()).collect();
    assert!(leads.iter().all(|to| to != "/etc/hostname"), "{leads:?}");
    assert!(leads.iter().filter(|to| to.to_string_lossy().starts_with("pipe:")).count() >= 3, "{leads:?}");
    assert_eq!(std::fs::read_link(of("cwd")).unwrap().to_str(), Some("/"));
    drop(held);
}
