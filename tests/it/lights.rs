//! Lights in the store: one first use of a copy whatever comes at once, and made anew when rules change.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use base64::Engine as _;
use skrynka::assessing::Assessing;
use skrynka::config::Environment;
use skrynka::light::TABLE;
use skrynka::model::{
    Clock, Digest, FilingFilter, FilingId, Light, LightPolicy, LightRow, Occasion, Outcome, Policy, RawMail,
    Source,
};
use skrynka::parse;
use skrynka::pipeline::{Pipeline, Rules};
use skrynka::relighting::Relighting;
use skrynka::store::Store;
use skrynka::verify::Trust;

use crate::program::{Desk, Noon};

const ROUNDS: u32 = 1_000;

/// A letter with one small PDF, the same for the same `copy`.
fn mail(mailbox: &str, sender: &str, copy: u32) -> RawMail {
    let pdf = base64::engine::general_purpose::STANDARD.encode(format!("%PDF-1.4\n% copy {copy}\n%%EOF\n"));
    let bytes = format!(
        "From: {sender}\r\nTo: {mailbox}\r\nMessage-ID: <{copy}-{sender}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: application/pdf; name=\"copy.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{pdf}\r\n"
    )
    .into_bytes();
    RawMail {
        mailbox: mailbox.parse().unwrap(),
        source: Source::DropFolder { file: format!("{copy}-{sender}") },
        received_at: Noon.now(),
        digest: Digest::of(&bytes),
        bytes,
    }
}

async fn store(folder: &Path, policy: LightPolicy) -> Store {
    let store = Store::open(folder).await.unwrap();
    store.assess_by(Arc::new(Assessing(policy)));
    store
}

fn pipeline(store: &Store) -> Pipeline {
    let (trust, _) = Trust::from_files(std::iter::empty());
    let rules = Rules::new(Arc::new(trust), Policy::default(), parse::Limits::default());
    Pipeline::new(store.clone(), rules, Arc::new(Noon))
}

async fn file(pipeline: &Pipeline, mail: RawMail) -> FilingId {
    let outcome = pipeline.process(mail).await.unwrap();
    let Outcome::Filed(id) = outcome else { unreachable!("{outcome:?}") };
    id
}

async fn rows(store: &Store, id: FilingId) -> Vec<LightRow> {
    let record = store.light(id).await.unwrap().unwrap();
    record.assessment.grounds.iter().map(|ground| ground.row).collect()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

const FOLDER: &str = "SKRYNKA_TEST_STORE";
const MAILBOX: &str = "SKRYNKA_TEST_MAILBOX";

/// Not a test by itself: what each process of the next one does. For every number that it reads it files the copy of that
/// number, and says which filing that is.
#[test]
#[ignore = "a part of the test below, which starts it twice"]
fn one_of_two_processes() {
    let environment = Environment::of_this_process();
    let (Some(folder), Some(mailbox)) = (environment.get(FOLDER), environment.get(MAILBOX)) else { return };
    runtime().block_on(async {
        let store = store(Path::new(&folder), LightPolicy::default()).await;
        let pipeline = pipeline(&store);
        for line in std::io::stdin().lines() {
            let copy: u32 = line.unwrap().parse().unwrap();
            let id = file(&pipeline, mail(&mailbox, &format!("somebody-at-{mailbox}"), copy)).await;
            writeln!(std::io::stdout(), "filed {id}").unwrap();
        }
        store.close().await;
    });
}

struct Process {
    child: Child,
    words: ChildStdin,
    answers: BufReader<std::process::ChildStdout>,
}

impl Process {
    fn start(folder: &Path, mailbox: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "lights::one_of_two_processes", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .env(MAILBOX, mailbox)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (words, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, words, answers: BufReader::new(answers) }
    }

    fn ask(&mut self, copy: u32) {
        writeln!(self.words, "{copy}").unwrap();
    }

    fn answer(&mut self) -> FilingId {
        loop {
            let mut line = String::new();
            assert!(self.answers.read_line(&mut line).unwrap() > 0, "the process ended");
            // The test harness of the child writes lines of its own, and begins one that is ours.
            if let Some((_, id)) = line.trim_end().rsplit_once("filed ") {
                return id.parse().unwrap();
            }
        }
    }

    fn end(mut self) {
        drop(self.words);
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn of_two_processes_that_bring_one_copy_at_once_exactly_one_is_first_a_thousand_times() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("store");
    let mut processes =
        ["hotel@example.org", "cnap@example.org"].map(|mailbox| Process::start(&folder, mailbox));
    let mut pairs = Vec::new();
    for copy in 0..ROUNDS {
        for process in &mut processes {
            process.ask(copy);
        }
        pairs.push(processes.each_mut().map(Process::answer));
    }
    processes.into_iter().for_each(Process::end);
    runtime().block_on(async {
        let store = store(&folder, LightPolicy::default()).await;
        let mut first_by = [0_u32, 0];
        for pair in pairs {
            let mut used = Vec::new();
            for id in pair {
                used.push(rows(&store, id).await.contains(&LightRow::UsedBefore));
            }
            // The later one is told, never both and never none.
            let later = usize::from(pair[1] > pair[0]);
            assert_eq!((used[later], used[1 - later]), (true, false), "{pair:?}");
            first_by[1 - later] += 1;
        }
        assert_eq!(first_by.iter().sum::<u32>(), ROUNDS);
        store.close().await;
    });
}

#[test]
fn the_same_sender_again_is_amber_and_another_one_is_red() {
    let dir = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let policy = LightPolicy { unsigned: Light::Amber, ..LightPolicy::default() };
        let store = store(dir.path(), policy).await;
        let pipeline = pipeline(&store);
        let here = "cnap@example.org";
        let first = file(&pipeline, mail(here, "a@mail.example", 1)).await;
        let mut again = mail(here, "a@mail.example", 1);
        again.bytes.extend_from_slice(b"\r\n");
        again.digest = Digest::of(&again.bytes);
        let again = file(&pipeline, again).await;
        let other = file(&pipeline, mail(here, "b@mail.example", 1)).await;
        let first = rows(&store, first).await;
        assert!(!first.contains(&LightRow::SentAgain) && !first.contains(&LightRow::UsedBefore), "{first:?}");
        assert!(rows(&store, again).await.contains(&LightRow::SentAgain));
        assert!(rows(&store, other).await.contains(&LightRow::UsedBefore));
        for (light, letters) in [(Light::Green, 0), (Light::Amber, 2), (Light::Red, 1)] {
            let filter = FilingFilter { light: Some(light), ..FilingFilter::default() };
            assert_eq!(store.list(10, None, &filter).await.unwrap().len(), letters, "{light}");
        }
        store.close().await;
    });
}

#[test]
fn changed_rules_make_every_light_anew_and_what_was_before_stays() {
    let dir = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let first = store(dir.path(), LightPolicy::default()).await;
        let letters = pipeline(&first);
        for copy in 0..120 {
            file(&letters, mail("cnap@example.org", "a@mail.example", copy)).await;
        }
        let relighting = Relighting { store: first.clone(), clock: Arc::new(Noon) };
        assert_eq!(relighting.pass(|| {}).await.unwrap(), 120, "nobody has looked yet");
        assert_eq!(relighting.pass(|| {}).await.unwrap(), 0, "nothing changed");
        let red = FilingFilter { light: Some(Light::Red), ..FilingFilter::default() };
        assert_eq!(first.list(200, None, &red).await.unwrap().len(), 120);

        let policy = LightPolicy { unsigned: Light::Amber, ..LightPolicy::default() };
        first.assess_by(Arc::new(Assessing(policy)));
        // Cut short after its first step, it goes on where it was.
        assert_eq!(first.relight(50, Noon.now()).await.unwrap(), 50);
        assert_eq!(first.list(200, None, &red).await.unwrap().len(), 70);
        assert_eq!(relighting.pass(|| {}).await.unwrap(), 70);
        assert!(first.list(200, None, &red).await.unwrap().is_empty());
        let history = first.light_history(FilingId(1)).await.unwrap();
        let told: Vec<_> = history.iter().map(|record| (record.assessment.light, record.occasion)).collect();
        assert_eq!(told, [(Light::Red, Occasion::Filed), (Light::Amber, Occasion::Rules)]);
        first.close().await;
    });
}

#[test]
fn a_changed_registry_makes_lights_anew_too() {
    let desk = Desk::with_registry();
    let registry = std::fs::read_to_string(desk.path().join("registry.toml")).unwrap();
    runtime().block_on(async {
        let store = store(&desk.path().join("store"), LightPolicy::default()).await;
        let relighting = Relighting { store: store.clone(), clock: Arc::new(Noon) };
        file(&pipeline(&store), mail("cnap@example.org", "a@mail.example", 1)).await;
        assert_eq!(relighting.pass(|| {}).await.unwrap(), 1);
        assert_eq!(relighting.pass(|| {}).await.unwrap(), 0);
        let renamed = registry.replacen("name = \"", "name = \"Перейменований ", 1);
        assert_ne!(renamed, registry);
        std::fs::write(desk.path().join("registry.toml"), renamed).unwrap();
        let file = desk.path().join("registry.toml");
        desk.run(&["registry", "apply", file.to_str().unwrap()]).good();
        assert_eq!(relighting.pass(|| {}).await.unwrap(), 1, "another name may be the initiator's");
        store.close().await;
    });
}

#[test]
fn the_documentation_shows_the_table_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, language) in [("README.md", "en"), ("README.uk.md", "uk")] {
        let table = Desk::new().run(&["explain", "--table", language]).good();
        assert_eq!(table.lines().filter(|line| line.starts_with('|')).count(), TABLE.len() + 2);
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(
            text.contains(table.trim()),
            "{file}: take the table that `skrynka explain --table {language}` prints"
        );
    }
}
