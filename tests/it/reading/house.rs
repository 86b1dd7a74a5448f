//! A small installation: a drop folder, the test authorities, and copies that visitors send.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use skrynka::app::{App, SystemClock};
use skrynka::config::{Environment, load};
use skrynka::model::{Outcome, Timestamp};
use skrynka::store::Store;
use skrynka_fixtures::copies::{CopyRequest, Details, Document, Look, Make, Person, Portrait, Typeface};
use skrynka_fixtures::mail::LetterDraft;
use skrynka_fixtures::pki::House as Authorities;
use skrynka_fixtures::signed::Seal;

use crate::program::{Desk, SKRYNKA, Said};

pub(crate) const ADDRESS: &str = "cnap@example.org";
/// OCR, patient enough for a busy machine.
pub(crate) const WITH_OCR: &str = "ocr_seconds_max = 600";
const PATIENCE: Duration = Duration::from_secs(120);

/// The installation; its daemon, where one was started, ends with it.
pub(crate) struct House {
    desk: Desk,
    daemon: Option<Child>,
}

impl House {
    /// `reader` goes into the section `[reader]`, `more` after it.
    pub(crate) fn new(reader: &str, more: &str) -> Self {
        let desk = Desk::new();
        desk.write(
            "skrynka.toml",
            format!(
                "[store]\nfolder = \"store\"\n[trust]\nfolder = \"trust\"\n[health]\nlisten = \"\"\n[evidence]\nfetch = false\n\
                 [reader]\n{reader}\n[[drop_folder]]\nfolder = \"drop\"\nmailbox = \"{ADDRESS}\"\n{more}"
            ),
        );
        for folder in ["trust", "drop", "aside"] {
            fs::create_dir(desk.path().join(folder)).unwrap();
        }
        for Authorities { root, .. } in Authorities::all() {
            let file = desk.path().join(format!("trust/{}.pem", root.file));
            fs::write(file, root.certificate_pem()).unwrap();
        }
        Self { desk, daemon: None }
    }

    pub(crate) fn path(&self) -> &Path {
        self.desk.path()
    }

    pub(crate) fn run(&self, words: &[&str]) -> Said {
        self.desk.run(words)
    }

    /// An answer as JSON.
    #[track_caller]
    pub(crate) fn ask(&self, words: &[&str]) -> Value {
        self.run(&[words, &["--json"]].concat()).json()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        self.desk.write(name, bytes)
    }

    /// Puts a letter into the drop folder, whole at once.
    pub(crate) fn drop_letter(&self, name: &str, letter: &[u8]) {
        let aside = self.write("aside/letter", letter);
        fs::rename(aside, self.path().join("drop").join(name)).unwrap();
    }

    pub(crate) fn start(&mut self) {
        let log = fs::File::options().create(true).append(true).open(self.path().join("log")).unwrap();
        let mut command = Command::new(SKRYNKA);
        command.arg("run").current_dir(self.path()).env("SKRYNKA_LOG", "trace").stdin(Stdio::null());
        self.daemon = Some(command.stdout(Stdio::null()).stderr(log).spawn().unwrap());
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path().join("log")).unwrap()
    }

    /// Waits until so many letters are filed.
    #[track_caller]
    pub(crate) fn until_filed(&self, count: usize) {
        self.until("the letters are filed", || self.ask(&["list"]).as_array().unwrap().len() == count);
    }

    #[track_caller]
    pub(crate) fn until(&self, what: &str, so: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !so() {
            assert!(Instant::now() < deadline, "waited in vain until {what}");
            sleep(Duration::from_millis(100));
        }
    }

    /// Files letters without reading them, as a program did that could not read yet.
    #[track_caller]
    pub(crate) fn file_unread(&self, letters: &[Vec<u8>]) {
        let config = load(&self.path().join("skrynka.toml"), &Environment::of(&[])).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = App::open(config, Arc::new(SystemClock)).await.unwrap();
            let pipeline = app.pipeline(app.rules()).reading(None);
            for letter in letters {
                let file = self.write("aside/letter.eml", letter);
                let mail = app.letter_in_file(&file, ADDRESS.parse().unwrap()).unwrap();
                assert!(matches!(pipeline.process(mail).await.unwrap(), Outcome::Filed(_)));
            }
            Store::close(app.store()).await;
        });
    }

    /// Drawings that the store keeps beside those that came with the program.
    pub(crate) fn learnt(&self) -> usize {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&self.path().join("store")).await.unwrap();
            let rows = store.alphabet().await.unwrap().len();
            Store::close(&store).await;
            rows
        })
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Whether Tesseract with Ukrainian is here; where not, that is said.
pub(crate) fn has_ocr() -> bool {
    let languages = Command::new("/usr/bin/tesseract").arg("--list-langs").output();
    let has =
        languages.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).lines().any(|line| line == "ukr"));
    if !has {
        #[expect(clippy::print_stderr, reason = "a test that did not run says so")]
        {
            eprintln!("skipped: no Tesseract with Ukrainian");
        }
    }
    has
}

fn asked_at() -> Timestamp {
    Timestamp::from_second(1_772_611_200).unwrap()
}

/// A copy in a typeface that nobody knows on the first day, the pictures as the official sample has them.
pub(crate) fn copy(person: Person, document: Document, make: Make, number: u32) -> CopyRequest {
    CopyRequest {
        person,
        document,
        initiator: "ЦНАП Прикладської міської ради".to_owned(),
        requested_at: asked_at(),
        request_id: format!("DR-4424771950{number:04}"),
        make,
        look: Look { typeface: Typeface::DejaVuSerif, portrait: Portrait::Jpeg, ..Look::default() },
        details: Details::default(),
    }
}

pub(crate) fn seal() -> Seal {
    Seal::by(&skrynka_fixtures::pki::Pki::get().ecdsa_seal, asked_at())
}

/// A letter with these files.
pub(crate) fn letter(number: u32, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let attach = |(name, bytes): &(&str, Vec<u8>)| {
        let kind = if name.ends_with(".pdf") { "application/pdf" } else { "application/octet-stream" };
        ((*name).to_owned(), kind.to_owned(), bytes.clone())
    };
    LetterDraft {
        from: "visitor@mail.example".to_owned(),
        to: ADDRESS.to_owned(),
        subject: format!("копії {number}"),
        body: "Добрий день!\n".to_owned(),
        attachments: files.iter().map(attach).collect(),
        message_id: format!("reading-{number}@mail.example"),
        date: asked_at(),
    }
    .to_bytes()
}

/// A letter with one PDF under this name, sealed by `seal` where there is one.
pub(crate) fn letter_with(number: u32, name: &str, pdf: Vec<u8>, seal: Option<&Seal>) -> Vec<u8> {
    let signature = format!("{name}.p7s");
    let p7s = seal.map(|seal| seal.sign(&pdf));
    let mut files = vec![(name, pdf)];
    files.extend(p7s.map(|p7s| (signature.as_str(), p7s)));
    letter(number, &files)
}
