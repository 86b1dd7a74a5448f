//! An installation with four branches of two organisations, its people, and letters; its pages on a port of their own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use skrynka::app::{App, system_random};
use skrynka::config::{Environment, load, read_registry};
use skrynka::health::LetterFacts;
use skrynka::model::{
    Clock, CopyPicture, Digest, FieldKind, FilingId, NewPerson, Person, PictureKind, Place, RawMail,
    ReadField, Reading, ReadingWay, Role, Source, Timestamp,
};
use skrynka::store::{SessionLimits, Store};
use skrynka::web::{Parts, Settings, serve};
use tempfile::TempDir;
use tokio::sync::watch;

use super::client::Browser;

const REGISTRY: &str = r#"
[[organisation]]
id = "town"
name = "Прикладівська міська рада"
edrpou = "43220851"
head = { name = "Олена Прикладна", position = "міська голова" }

[[organisation]]
id = "inn"
name = "ТОВ «Зразковий двір»"
edrpou = "14360570"
head = { name = "Петро Зразковий", position = "директор" }

[[branch]]
id = "north"
organisation = "town"
name = "ЦНАП Північний"
mailbox = "north@demo.example"
address = { region = "Житомирська область", district = "Житомирський район", location = "м. Прикладівка", street = "вул. Соборна", house = "1" }

[[branch]]
id = "south"
organisation = "town"
name = "ЦНАП Південний"
mailbox = "shared@demo.example"
address = { region = "Житомирська область", district = "Житомирський район", location = "м. Прикладівка", street = "вул. Соборна", house = "2" }

[[branch]]
id = "east"
organisation = "town"
name = "ЦНАП Східний"
mailbox = "shared@demo.example"
address = { region = "Житомирська область", district = "Житомирський район", location = "м. Прикладівка", street = "вул. Соборна", house = "3" }

[[branch]]
id = "hotel"
organisation = "inn"
name = "Готель «Зразковий двір»"
mailbox = "hotel@demo.example"
address = { region = "Житомирська область", district = "Житомирський район", location = "м. Прикладівка", street = "вул. Садова", house = "12-А" }

[[service]]
id = "admin"
organisation = "town"
branches = ["north", "south", "east"]
purpose = "для надання адміністративних послуг"
documents = ["internal-passport", "taxpayer-card"]
legal_ground = "Закон України «Про адміністративні послуги», стаття 9"
retention_days = 1095
responsible = "Ірина Зразкова"

[[service]]
id = "stay"
organisation = "inn"
branches = ["hotel"]
purpose = "для поселення у готель"
documents = ["passport"]
legal_ground = "Правила користування готелями, пункт 2.1"
retention_days = 365
responsible = "Петро Зразковий"
"#;

pub(super) const NORTH: &str = "north@demo.example";
pub(super) const SHARED: &str = "shared@demo.example";
pub(super) const HOTEL: &str = "hotel@demo.example";

/// A clock that a test sets.
pub(super) struct SetClock(Mutex<Timestamp>);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub(super) struct House {
    pub(super) app: App,
    pub(super) address: SocketAddr,
    clock: Arc<SetClock>,
    _stop: watch::Sender<bool>,
    dir: TempDir,
}

impl House {
    /// Open, on a Sunday in March.
    pub(super) async fn open() -> Self {
        Self::open_with(|_, _| {}).await
    }

    /// Open with other settings; the folder is for their files.
    pub(super) async fn open_with(change: impl FnOnce(&mut Settings, &Path)) -> Self {
        let dir = TempDir::with_prefix("skrynka-web-").unwrap();
        let free = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let config = format!(
            "[store]\nfolder = \"store\"\n[health]\nlisten = \"\"\n[evidence]\nfetch = false\n[web]\nlisten = \"{address}\"\n"
        );
        std::fs::create_dir(dir.path().join("trust")).unwrap();
        std::fs::write(dir.path().join("skrynka.toml"), config).unwrap();
        std::fs::write(dir.path().join("registry.toml"), REGISTRY).unwrap();
        let clock = Arc::new(SetClock(Mutex::new("2026-03-15T08:00:00Z".parse().unwrap())));
        let config = load(&dir.path().join("skrynka.toml"), &Environment::of(&[])).unwrap();
        let app = App::open(config, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let registry = read_registry(&dir.path().join("registry.toml")).unwrap();
        app.store().apply_registry(&registry, app.now()).await.unwrap();
        let mut settings = Settings {
            listen: address,
            tls: None,
            proxies: Vec::new(),
            public_url: None,
            idle: Duration::from_secs(30 * 60),
            code_days: 180,
        };
        change(&mut settings, dir.path());
        let (stop, stopped) = watch::channel(false);
        let parts = Parts {
            store: app.store().clone(),
            health: app.health().clone(),
            rules: app.rules(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            random: system_random,
        };
        tokio::spawn(serve(settings, parts, stopped));
        while tokio::net::TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Self { app, address, clock, _stop: stop, dir }
    }

    pub(super) fn store(&self) -> &Store {
        self.app.store()
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Lets time pass.
    pub(super) fn later(&self, minutes: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now += jiff::SignedDuration::from_mins(minutes);
    }

    pub(super) async fn person(
        &self,
        login: &str,
        role: Role,
        branches: &[&str],
        organisations: &[&str],
    ) -> Person {
        let new = NewPerson {
            login: login.parse().unwrap(),
            name: format!("Працівниця {login}"),
            role,
            branches: branches.iter().map(|id| id.parse().unwrap()).collect(),
            organisations: organisations.iter().map(|id| id.parse().unwrap()).collect(),
        };
        self.store().add_person(&new, self.app.now()).await.unwrap()
    }

    /// A browser in which this person is signed in.
    pub(super) async fn signed_in(&self, person: &Person) -> Browser {
        let mut secret = [0; 16];
        system_random(&mut secret);
        let secret: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let limits = SessionLimits { seen_since: Timestamp::MIN, begun_since: Timestamp::MIN };
        let digest = Digest::of(secret.as_bytes());
        self.store().begin_session(person.id, &digest, limits, self.app.now()).await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("skrynka".to_owned(), secret);
        browser
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// Files a letter with a passport of somebody of this surname, with a thumbnail, received now.
    pub(super) async fn file(&self, mailbox: &str, subject: &str, surname: &str) -> FilingId {
        let pdf = format!("%PDF-1.4 {surname} {subject}");
        let bytes = letter(subject, &pdf);
        self.store().keep_blob(&bytes).await.unwrap();
        let mail = RawMail {
            mailbox: mailbox.parse().unwrap(),
            source: Source::DropFolder { file: format!("{subject}.eml") },
            received_at: self.app.now(),
            digest: Digest::of(&bytes),
            bytes,
        };
        let mut filing = self.app.pipeline(self.app.rules()).reading(None).examine(mail).await.unwrap();
        filing.readings = vec![Some(reading(surname))];
        let png = pages::Png { width_px: 1, height_px: 1, bytes: format!("PNG {surname}").into_bytes() };
        filing.pictures = vec![vec![CopyPicture { kind: PictureKind::Thumbnail, png }]];
        let id = self.store().file(&filing).await.unwrap();
        self.app.health().letter(&LetterFacts {
            mailbox: filing.mail.mailbox.clone(),
            verdict: Some("unsigned"),
            bytes: 1,
            received_at: filing.mail.received_at,
            filed_at: filing.filed_at,
        });
        id
    }
}

fn letter(subject: &str, pdf: &str) -> Vec<u8> {
    format!(
        "From: visitor@mail.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@mail.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{subject}\r\n\
         --x\r\nContent-Type: application/pdf; name=\"copy<b>.pdf\"\r\n\
         Content-Disposition: attachment; filename=\"copy<b>.pdf\"\r\n\r\n{pdf}\r\n--x--\r\n"
    )
    .into_bytes()
}

fn reading(surname: &str) -> Reading {
    let field = |name: &str, value: &str| ReadField {
        name: name.to_owned(),
        kind: FieldKind::Name,
        value: value.to_owned(),
        plain: None,
        way: ReadingWay::TextLayer,
        place: Place::default(),
        sure_percent: 100,
    };
    Reading {
        way: ReadingWay::TextLayer,
        document: Some("internal-passport".parse().unwrap()),
        fields: vec![
            field("surname", surname),
            field("given-names", "Марія"),
            field("patronymic", "Іванівна"),
        ],
        text: surname.to_owned(),
        letters: 10,
        pages: 1,
        ..Reading::default()
    }
}
