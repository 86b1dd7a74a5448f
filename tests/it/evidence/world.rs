//! A local authority with a responder and a list on loopback, an installation that trusts it, a clock that is turned.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use skrynka::app::App;
use skrynka::config::{Environment, load};
use skrynka::model::{
    Digest, FilingId, FilingView, Indication, Outcome, RawMail, Source, SubIndication, Timestamp,
};
use skrynka_fixtures::der;
use skrynka_fixtures::mail::LetterDraft;
use skrynka_fixtures::pki::{Algorithm, House, Party};
use skrynka_fixtures::revocation::{Crl, Ocsp, Status};
use skrynka_fixtures::signed::{Certificates, Seal};

use super::house::{Answer, Hands, Server, http};

pub(super) const NOON: &str = "2027-03-01T12:00:00Z";

/// What the authority says when it is asked.
pub(super) struct Desk {
    pub(super) port: u16,
    pub(super) clock: Arc<Hands>,
    pub(super) ca: &'static Party,
    pub(super) ocsp: &'static Party,
    pub(super) seal: Option<&'static Party>,
    pub(super) revoked: Option<Timestamp>,
    /// Nothing answers otherwise.
    pub(super) is_up: bool,
    pub(super) has_ocsp: bool,
    /// Its answers are a stranger's.
    pub(super) lies: bool,
    /// It takes questions and says nothing.
    pub(super) is_silent: bool,
    /// What its responder answers instead, at this moment.
    pub(super) instead: Option<fn(&Desk, Timestamp) -> Answer>,
    /// Whether letters come without the certificate of the authority.
    pub(super) is_without_authority: bool,
}

/// An authority with its server, a seal under it, and an installation that trusts its root.
pub(super) struct World {
    pub(super) desk: Arc<Mutex<Desk>>,
    pub(super) server: Server,
    pub(super) clock: Arc<Hands>,
    pub(super) seal: &'static Party,
    pub(super) app: App,
    pub(super) folder: tempfile::TempDir,
}

fn leaked(party: Party) -> &'static Party {
    Box::leak(Box::new(party))
}

fn uri(url: &str) -> Vec<u8> {
    der::context_primitive(6, url.as_bytes())
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with("").await
    }

    /// With these lines in `[evidence]`.
    pub(super) async fn with(lines: &str) -> Self {
        let house = House::all().iter().find(|house| house.algorithm == Algorithm::Ecdsa).unwrap();
        let clock = Arc::new(Hands(Mutex::new(NOON.parse().unwrap())));
        let ca = leaked(house.authority_template("живий КНЕДП", 0x70).issue(
            "live-ca",
            house.key("live-ca"),
            &house.root,
        ));
        let responder = skrynka_fixtures::pki::Template::new(
            house.name("OCSP живого КНЕДП"),
            0x72,
            skrynka_fixtures::pki::Profile::OcspResponder,
            "2027-01-01T00:00:00Z".parse().unwrap(),
            "2027-03-02T00:00:00Z".parse().unwrap(),
        );
        let ocsp = leaked(responder.issue("live-ocsp", house.key("live-ocsp"), ca));
        let desk = Desk {
            port: 0,
            clock: clock.clone(),
            ca,
            ocsp,
            seal: None,
            revoked: None,
            is_up: true,
            has_ocsp: true,
            lies: false,
            is_silent: false,
            instead: None,
            is_without_authority: false,
        };
        let desk = Arc::new(Mutex::new(desk));
        let said = Arc::clone(&desk);
        let server = Server::start(move |_, request| said.lock().unwrap().answer(request)).await;
        let access = der::sequence(&[
            der::sequence(&[der::oid("1.3.6.1.5.5.7.48.1"), uri(&server.url("/ocsp"))]),
            der::sequence(&[der::oid("1.3.6.1.5.5.7.48.2"), uri(&server.url("/ca.cer"))]),
        ]);
        let point = der::context(0, &[der::context(0, &[uri(&server.url("/full.crl"))])]);
        let seal = house.seal_template(0x71).extension("1.3.6.1.5.5.7.1.1", false, &access).extension(
            "2.5.29.31",
            false,
            &der::sequence(&[der::sequence(&[point])]),
        );
        let seal = leaked(seal.issue("live-seal", house.key("live-seal"), ca));
        desk.lock().unwrap().seal = Some(seal);
        desk.lock().unwrap().port = server.port;
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("trust")).unwrap();
        std::fs::create_dir(folder.path().join("drop")).unwrap();
        std::fs::write(folder.path().join("trust/root.cer"), &house.root.certificate).unwrap();
        let port = server.port;
        let config = format!("[evidence]\naddresses_allowed = [\"127.0.0.1:{port}\"]\n{lines}\n");
        std::fs::write(folder.path().join("skrynka.toml"), config).unwrap();
        let app = open(&folder, &clock).await;
        Self { desk, server, clock, seal, app, folder }
    }

    /// The program starts anew: what it knew of failing hosts is gone.
    pub(super) async fn restart(&mut self) {
        self.app.store().close().await;
        self.app = open(&self.folder, &self.clock).await;
    }

    pub(super) fn say(&self, change: impl FnOnce(&mut Desk)) {
        change(&mut self.desk.lock().unwrap());
    }

    pub(super) fn letter(&self, number: usize) -> RawMail {
        let now = skrynka::model::Clock::now(&*self.clock);
        let inside = if self.desk.lock().unwrap().is_without_authority {
            Certificates::Signer
        } else {
            Certificates::Chain
        };
        let seal = Seal::by(self.seal, "2027-03-01T11:00:00Z".parse().unwrap()).attached();
        let p7s = seal.certificates(inside).sign(b"%PDF-1.4 copy");
        let draft = LetterDraft {
            from: "visitor@example.org".to_owned(),
            to: "cnap@example.org".to_owned(),
            subject: format!("letter {number}"),
            body: "copies".to_owned(),
            attachments: vec![("copy.pdf.p7s".to_owned(), "application/pkcs7-signature".to_owned(), p7s)],
            message_id: format!("{number}@example.org"),
            date: now,
        };
        let bytes = draft.to_bytes();
        RawMail {
            mailbox: "cnap@example.org".parse().unwrap(),
            source: Source::DropFolder { file: format!("{number}.eml") },
            received_at: now,
            digest: Digest::of(&bytes),
            bytes,
        }
    }

    pub(super) async fn file(&self, number: usize) -> FilingId {
        let pipeline = self.app.pipeline(self.app.rules());
        let outcome = pipeline.process(self.letter(number)).await.unwrap();
        let Outcome::Filed(id) = outcome else { unreachable!("{outcome:?}") };
        id
    }

    pub(super) async fn view(&self, id: FilingId) -> FilingView {
        self.app.store().view(id).await.unwrap().unwrap()
    }

    pub(super) async fn pass(&self) -> skrynka::reverify::Reviewed {
        self.app.reverify(&self.app.rules()).pass().await.unwrap()
    }

    pub(super) fn asked(&self, path: &str) -> usize {
        self.server.asked().iter().filter(|request| request.lines().next().unwrap().contains(path)).count()
    }

    pub(super) fn turn(&self, hours: u64) {
        self.clock.turn(Duration::from_secs(hours * 3600));
    }
}

async fn open(folder: &tempfile::TempDir, clock: &Arc<Hands>) -> App {
    let config = load(&folder.path().join("skrynka.toml"), &Environment::default()).unwrap();
    App::open(config, clock.clone()).await.unwrap()
}

impl Desk {
    pub(super) fn answer(&self, request: &str) -> Answer {
        let now = skrynka::model::Clock::now(&*self.clock);
        let (Some(seal), true) = (self.seal, self.is_up) else { return Answer::Bytes(Vec::new()) };
        // What comes through a proxy has the absolute form.
        let request = &request.replacen(&format!(" http://127.0.0.1:{}/", self.port), " /", 1);
        if self.is_silent {
            return Answer::Silence(Vec::new());
        }
        if request.starts_with("GET /full.crl") {
            let list = Crl::empty(self.ca, now, now + jiff::SignedDuration::from_hours(24));
            let list = match self.revoked {
                Some(since) => list.revoking(seal, since, 1),
                None => list,
            };
            return Answer::Bytes(http("200 OK", "Content-Type: application/pkix-crl\r\n", &list.der()));
        }
        if request.starts_with("GET /ca.cer") {
            return Answer::Bytes(http("200 OK", "", &self.ca.certificate));
        }
        if let Some(instead) = self.instead {
            return instead(self, now);
        }
        if !self.has_ocsp {
            return Answer::Bytes(http("500 Internal Server Error", "", b""));
        }
        let status = self.revoked.map_or(Status::Good, |since| Status::Revoked(since, Some(1)));
        let by = if self.lies { seal } else { self.ocsp };
        let response = Ocsp::about(by, self.ca, seal, status, now).der();
        Answer::Bytes(http("200 OK", "Content-Type: application/ocsp-response\r\n", &response))
    }
}

#[track_caller]
pub(super) fn light(view: &FilingView, indication: Indication, sub: Option<SubIndication>) {
    let verdict = &view.verdicts[0];
    assert_eq!((verdict.indication, verdict.sub_indication), (indication, sub), "{:?}", verdict.reason);
    assert_eq!((view.row.indication, view.row.sub_indication), (Some(indication), sub));
}
