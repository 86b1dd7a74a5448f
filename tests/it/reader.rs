//! Documents through children of the real program: good ones are read, hostile ones cost their own child.

mod bombs;
mod confined;
mod ends;
mod ocr;
mod samples;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use skrynka::reader::{Reader, Settings, Trouble, Wish};
use tokio::sync::{Mutex, MutexGuard};

use crate::program::SKRYNKA;

/// What children are called by the kernel.
const NAME: &str = "skrynka-reader";

/// Tests that count children run one after another, also where they share a process.
static ALONE: Mutex<()> = Mutex::const_new(());

pub async fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().await
}

/// So many children of the program under test, patient enough for a busy machine.
fn settings(children: usize) -> Settings {
    Settings {
        program: SKRYNKA.into(),
        children,
        open_timeout: Duration::from_secs(60),
        ..Settings::default()
    }
}

fn words() -> Wish {
    Wish { pages_max: 10, words: true, ..Wish::default() }
}

/// A copy that anybody can read.
fn good() -> Arc<[u8]> {
    let place = "fixtures/copies/text-layer/taxpayer-card.pdf";
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(place)).unwrap().into()
}

/// A document that makes its child try this.
fn hostile(attempt: &str) -> Vec<u8> {
    format!("%SKRYNKA-TRY {attempt}\n").into_bytes()
}

#[track_caller]
fn is_good(told: Result<pages::Opened, Trouble>) {
    let opened = told.unwrap();
    let text: String = opened.pages.iter().flat_map(|p| &p.glyphs).map(|g| g.text.as_str()).collect();
    assert!(text.contains("РНОКПП") || text.contains("Реєстраційний"), "{text}");
}

/// The processes with this parent and the name of children: id and state (`Z`: dead and not reaped).
fn children_of(parent: u32) -> Vec<(u32, char)> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        // «26342 (skrynka-reader) S 26341 …»; a process may go while we look.
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((id, rest)) = stat.split_once(" (") else { continue };
        let Some((name, rest)) = rest.rsplit_once(") ") else { continue };
        let mut fields = rest.split(' ');
        let state = fields.next().unwrap().chars().next().unwrap();
        if name == NAME && fields.next() == Some(parent.to_string().as_str()) {
            found.push((id.parse().unwrap(), state));
        }
    }
    found
}

fn children() -> Vec<(u32, char)> {
    children_of(std::process::id())
}

/// Waits until there is no child, not even an unreaped one.
async fn until_none_is_left() {
    while !children().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether a process runs: a dead one that nobody reaped does not.
fn runs(id: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else { return false };
    stat.contains(NAME) && !stat.rsplit_once(") ").unwrap().1.starts_with('Z')
}

fn shared(below: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(below);
    if folder.exists() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
    {
        eprintln!("skipped: no ../shared/data/{below}");
    }
    None
}

/// Each attempt, and what becomes of its document.
const ATTEMPTS: &[(&str, Trouble)] = &[
    ("open", Trouble::Broke),
    ("list", Trouble::Broke),
    ("write", Trouble::Broke),
    ("connect", Trouble::Broke),
    ("datagram", Trouble::Broke),
    ("exec", Trouble::Broke),
    ("thread", Trouble::Broke),
    ("signal", Trouble::Broke),
    ("memory", Trouble::TookTooMuch),
    ("stack", Trouble::Broke),
    ("abort", Trouble::Broke),
    ("panic", Trouble::Broke),
    ("leave", Trouble::Broke),
    ("garbage", Trouble::Broke),
    ("promise", Trouble::Broke),
    ("flood", Trouble::Broke),
];

#[tokio::test]
async fn a_document_that_takes_over_its_child_costs_that_child_and_nothing_else() {
    let _alone = alone().await;
    let reader = Reader::new(settings(1));
    is_good(reader.open(good(), words()).await);
    for (attempt, trouble) in ATTEMPTS {
        let before = children();
        assert_eq!(reader.open(hostile(attempt), words()).await, Err(*trouble), "{attempt}");
        is_good(reader.open(good(), words()).await);
        // Only one, and none dead and unreaped.
        let after = children();
        assert_eq!((before.len(), after.len()), (1, 1), "{attempt}");
        assert_ne!(before, after, "{attempt}: the child was replaced");
    }
    drop(reader);
    until_none_is_left().await;
}

#[tokio::test]
async fn a_document_that_hangs_is_given_up_in_time() {
    let _alone = alone().await;
    let hurried = Settings { open_timeout: Duration::from_secs(1), ..settings(1) };
    let reader = Reader::new(hurried);
    for attempt in ["time", "sleep"] {
        assert_eq!(reader.open(hostile(attempt), words()).await, Err(Trouble::TookTooLong), "{attempt}");
        assert_eq!(children(), [], "{attempt}: its child is gone and reaped");
    }
}

#[tokio::test]
async fn a_child_reads_so_many_documents_and_another_takes_its_place() {
    let _alone = alone().await;
    let reader = Reader::new(Settings { documents_per_child: 2, ..settings(1) });
    let mut seen = Vec::new();
    for _ in 0..3 {
        is_good(reader.open(good(), words()).await);
        seen.extend(children());
        is_good(reader.open(good(), words()).await);
        // It leaves by itself, after its answer.
        until_none_is_left().await;
    }
    seen.dedup();
    assert_eq!(seen.len(), 3, "{seen:?}");
}

#[tokio::test]
async fn what_is_no_pdf_or_empty_or_too_large_is_told_without_a_loss() {
    let _alone = alone().await;
    let reader = Reader::new(Settings { memory_bytes_max: 256 << 20, ..settings(1) });
    for (document, trouble) in [
        (Vec::new(), Trouble::NotPdf),
        (b"hello".to_vec(), Trouble::NotPdf),
        (b"%PDF-1.7\nnothing else\n".to_vec(), Trouble::NoPages),
        (vec![b' '; (64 << 20) + 1], Trouble::TookTooMuch),
    ] {
        assert_eq!(reader.open(document, words()).await, Err(trouble));
    }
    let (one, _) = children()[0];
    is_good(reader.open(good(), words()).await);
    assert_eq!(children()[0].0, one, "the same child has read them all");
}

#[tokio::test]
async fn where_no_child_can_be_started_that_is_said() {
    let _alone = alone().await;
    for program in ["/nowhere/skrynka", "/bin/true", "/etc/hostname"] {
        let reader = Reader::new(Settings { program: program.into(), ..settings(2) });
        assert_eq!(reader.open(good(), words()).await, Err(Trouble::NoReader), "{program}");
        assert_eq!(reader.confinement().await, Err(Trouble::NoReader), "{program}");
    }
    until_none_is_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_documents_at_once_are_answered_by_two_children() {
    let _alone = alone().await;
    let reader = Reader::new(settings(2));
    let (good, large) = (good(), Arc::<[u8]>::from([hostile("nothing"), vec![b' '; 8 << 20]].concat()));
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..200_usize {
        let (reader, good, large) = (reader.clone(), good.clone(), large.clone());
        asked.spawn(async move {
            match number % 10 {
                7 => {
                    let (attempt, trouble) = ATTEMPTS[number / 10 % ATTEMPTS.len()];
                    assert_eq!(reader.open(hostile(attempt), words()).await, Err(trouble), "{attempt}");
                }
                3 | 6 | 9 => assert_eq!(reader.open(large, words()).await, Err(Trouble::NoPages)),
                _ => is_good(reader.open(good, words()).await),
            }
            assert!(children().len() <= 2, "never more than the pool has");
        });
    }
    let mut answered = 0;
    while let Some(ended) = asked.join_next().await {
        ended.unwrap();
        answered += 1;
    }
    assert_eq!(answered, 200);
    // Sixty documents of 8 MB are one in memory, as their callers hold them, and not one for each that waits.
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak_kb: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak_kb < 400_000, "{peak_kb} kB");
    drop(reader);
    until_none_is_left().await;
}
