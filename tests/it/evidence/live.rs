//! Letters judged by live evidence: a local authority with a responder and a list on loopback, a store, a clock that is
//! turned.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use skrynka::app::App;
use skrynka::config::{Environment, load};
use skrynka::model::{
    Digest, FilingId, FilingView, Indication, Outcome, RawMail, Reason, RevocationSource, RevocationStanding,
    Source, SubIndication, Timestamp,
};
use skrynka_fixtures::der;
use skrynka_fixtures::mail::LetterDraft;
use skrynka_fixtures::pki::{Algorithm, House, Party};
use skrynka_fixtures::revocation::{Crl, Ocsp, Status};
use skrynka_fixtures::signed::Seal;

use super::house::{Answer, Hands, Server, http};

const NOON: &str = "2027-03-01T12:00:00Z";

/// What the authority says when it is asked.
struct Desk {
    clock: Arc<Hands>,
    ca: &'static Party,
    ocsp: &'static Party,
    seal: Option<&'static Party>,
    revoked: Option<Timestamp>,
    /// Nothing answers otherwise.
    is_up: bool,
    has_ocsp: bool,
    /// Its answers are a stranger's.
    lies: bool,
    /// It takes questions and says nothing.
    is_silent: bool,
}

/// An authority with its server, a seal under it, and an installation that trusts its root.
struct World {
    desk: Arc<Mutex<Desk>>,
    server: Server,
    clock: Arc<Hands>,
    seal: &'static Party,
    app: App,
    folder: tempfile::TempDir,
}

fn leaked(party: Party) -> &'static Party {
    Box::leak(Box::new(party))
}

fn uri(url: &str) -> Vec<u8> {
    der::context_primitive(6, url.as_bytes())
}

impl World {
    async fn new() -> Self {
        Self::with("").await
    }

    /// With these lines in `[evidence]`.
    async fn with(lines: &str) -> Self {
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
            clock: clock.clone(),
            ca,
            ocsp,
            seal: None,
            revoked: None,
            is_up: true,
            has_ocsp: true,
            lies: false,
            is_silent: false,
        };
        let desk = Arc::new(Mutex::new(desk));
        let said = Arc::clone(&desk);
        let server = Server::start(move |_, request| said.lock().unwrap().answer(request)).await;
        let access =
            der::sequence(&[der::sequence(&[der::oid("1.3.6.1.5.5.7.48.1"), uri(&server.url("/ocsp"))])]);
        let point = der::context(0, &[der::context(0, &[uri(&server.url("/full.crl"))])]);
        let seal = house.seal_template(0x71).extension("1.3.6.1.5.5.7.1.1", false, &access).extension(
            "2.5.29.31",
            false,
            &der::sequence(&[der::sequence(&[point])]),
        );
        let seal = leaked(seal.issue("live-seal", house.key("live-seal"), ca));
        desk.lock().unwrap().seal = Some(seal);
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("trust")).unwrap();
        std::fs::write(folder.path().join("trust/root.cer"), &house.root.certificate).unwrap();
        let port = server.port;
        let config = format!("[evidence]\naddresses_allowed = [\"127.0.0.1:{port}\"]\n{lines}\n");
        std::fs::write(folder.path().join("skrynka.toml"), config).unwrap();
        let app = open(&folder, &clock).await;
        Self { desk, server, clock, seal, app, folder }
    }

    /// The program starts anew: what it knew of failing hosts is gone.
    async fn restart(&mut self) {
        self.app.store().close().await;
        self.app = open(&self.folder, &self.clock).await;
    }

    fn say(&self, change: impl FnOnce(&mut Desk)) {
        change(&mut self.desk.lock().unwrap());
    }

    fn letter(&self, number: usize) -> RawMail {
        let now = skrynka::model::Clock::now(&*self.clock);
        let p7s =
            Seal::by(self.seal, "2027-03-01T11:00:00Z".parse().unwrap()).attached().sign(b"%PDF-1.4 copy");
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

    async fn file(&self, number: usize) -> FilingId {
        let pipeline = self.app.pipeline(self.app.rules());
        let outcome = pipeline.process(self.letter(number)).await.unwrap();
        let Outcome::Filed(id) = outcome else { unreachable!("{outcome:?}") };
        id
    }

    async fn view(&self, id: FilingId) -> FilingView {
        self.app.store().view(id).await.unwrap().unwrap()
    }

    async fn pass(&self) -> skrynka::reverify::Reviewed {
        self.app.reverify(&self.app.rules()).pass().await.unwrap()
    }

    fn asked(&self, path: &str) -> usize {
        self.server.asked().iter().filter(|request| request.lines().next().unwrap().contains(path)).count()
    }

    fn turn(&self, hours: u64) {
        self.clock.turn(Duration::from_secs(hours * 3600));
    }
}

async fn open(folder: &tempfile::TempDir, clock: &Arc<Hands>) -> App {
    let config = load(&folder.path().join("skrynka.toml"), &Environment::default()).unwrap();
    App::open(config, clock.clone()).await.unwrap()
}

impl Desk {
    fn answer(&self, request: &str) -> Answer {
        let now = skrynka::model::Clock::now(&*self.clock);
        let (Some(seal), true) = (self.seal, self.is_up) else { return Answer::Bytes(Vec::new()) };
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
fn light(view: &FilingView, indication: Indication, sub: Option<SubIndication>) {
    let verdict = &view.verdicts[0];
    assert_eq!((verdict.indication, verdict.sub_indication), (indication, sub), "{:?}", verdict.reason);
    assert_eq!((view.row.indication, view.row.sub_indication), (Some(indication), sub));
}

#[track_caller]
fn is_good_by_the_list(view: &FilingView) {
    light(view, Indication::TotalPassed, None);
    let standing = &view.verdicts[0].signers[0].revocation[0].standing;
    assert!(
        matches!(standing, RevocationStanding::Good { source: RevocationSource::Crl, .. }),
        "{standing:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_letters_with_one_seal_ask_its_responder_once() {
    let world = World::new().await;
    let ids = join_all((0..100).map(|number| world.file(number))).await;
    assert_eq!(world.asked("/ocsp"), 1);
    assert!(world.asked("/full.crl") <= 1, "its list is brought for hours without a line, once");
    for id in ids {
        let view = world.view(id).await;
        light(&view, Indication::TotalPassed, None);
        let standing = &view.verdicts[0].signers[0].revocation[0].standing;
        let is_live = matches!(standing, RevocationStanding::Good { source: RevocationSource::Ocsp, .. });
        assert!(is_live, "{standing:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_seal_is_found_out_when_its_letter_comes() {
    let world = World::new().await;
    world.say(|desk| desk.revoked = Some("2027-02-01T00:00:00Z".parse().unwrap()));
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::Indeterminate, Some(SubIndication::RevokedNoPoe));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_responder_fails_the_list_tells() {
    let world = World::new().await;
    world.say(|desk| desk.has_ocsp = false);
    let view = world.view(world.file(1).await).await;
    is_good_by_the_list(&view);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_days_without_a_line_leave_letters_filed_and_told_and_all_is_settled_after() {
    let mut world = World::new().await;
    world.say(|desk| desk.is_up = false);
    let mut ids = Vec::new();
    for number in 0..12 {
        ids.push(world.file(number).await);
        world.turn(4);
        world.pass().await;
    }
    for id in &ids {
        let view = world.view(*id).await;
        light(&view, Indication::Indeterminate, Some(SubIndication::TryLater));
        let reason = view.verdicts[0].reason.as_ref();
        assert!(matches!(reason, Some(Reason::RevocationUnknown { .. })), "{reason:?}");
        assert_eq!(world.app.store().verdict_history(*id).await.unwrap().len(), 1, "nothing new was learned");
    }
    world.restart().await;
    world.say(|desk| desk.is_up = true);
    world.clock.turn(Duration::from_secs(11 * 60));
    assert_eq!(world.pass().await.changed, 12);
    assert!(world.asked("/ocsp") <= 12 * 2 + 13, "{}", world.asked("/ocsp"));
    for id in &ids {
        let view = world.view(*id).await;
        light(&view, Indication::TotalPassed, None);
        let history = world.app.store().verdict_history(*id).await.unwrap();
        let told: Vec<Indication> = history.iter().map(|verdict| verdict.indication).collect();
        assert_eq!(told, [Indication::Indeterminate, Indication::TotalPassed]);
        assert_eq!(history[0].proof_at, history[1].proof_at, "the proof of existence stays");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_from_before_bears_hours_without_a_line() {
    let world = World::new().await;
    world.say(|desk| desk.has_ocsp = false);
    world.file(1).await;
    world.say(|desk| desk.is_up = false);
    world.turn(5);
    let view = world.view(world.file(2).await).await;
    light(&view, Indication::TotalPassed, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_is_told_late_is_found_and_one_from_later_harms_nobody() {
    let world = World::new().await;
    let id = world.file(1).await;
    light(&world.view(id).await, Indication::TotalPassed, None);
    world.say(|desk| desk.revoked = Some("2027-03-01T13:00:00Z".parse().unwrap()));
    world.turn(2);
    world.pass().await;
    light(&world.view(id).await, Indication::TotalPassed, None);
    world.say(|desk| desk.revoked = Some("2027-03-01T09:00:00Z".parse().unwrap()));
    world.turn(12);
    world.pass().await;
    light(&world.view(id).await, Indication::Indeterminate, Some(SubIndication::RevokedNoPoe));
    assert!(world.app.store().verdict_history(id).await.unwrap().len() >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responders_later_end_takes_nothing_back() {
    let mut world = World::new().await;
    let id = world.file(1).await;
    let before = world.view(id).await.verdicts;
    world.turn(20 * 24);
    world.say(|desk| desk.has_ocsp = false);
    world.pass().await;
    light(&world.view(id).await, Indication::TotalPassed, None);
    world.say(|desk| desk.is_up = false);
    world.restart().await;
    world.app.store().sweep_shelf("2028-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    world.turn(9 * 24);
    world.pass().await;
    let after = world.view(id).await;
    light(&after, Indication::TotalPassed, None);
    assert_eq!(after.verdicts[0].proof_at, before[0].proof_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_nothing_is_fetched() {
    let world = World::with("fetch = false").await;
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::Indeterminate, Some(SubIndication::TryLater));
    world.turn(1);
    world.pass().await;
    assert_eq!(world.server.asked().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_window_nothing_is_judged_again() {
    let world = World::with("review_days = 2").await;
    world.file(1).await;
    world.turn(49);
    assert_eq!(world.pass().await.letters, 0);
    assert_eq!(world.app.store().next_review().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_trust_judges_again_what_was_filed() {
    let mut world = World::new().await;
    let id = world.file(1).await;
    world.pass().await;
    std::fs::remove_file(world.folder.path().join("trust/root.cer")).unwrap();
    world.restart().await;
    assert_eq!(world.pass().await.changed, 1);
    let no_chain = Some(SubIndication::NoCertificateChainFound);
    light(&world.view(id).await, Indication::Indeterminate, no_chain);
    assert_eq!(world.pass().await.letters, 0, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_answer_is_not_believed_and_the_list_tells() {
    let world = World::new().await;
    world.say(|desk| desk.lies = true);
    let view = world.view(world.file(1).await).await;
    is_good_by_the_list(&view);
    world.file(2).await;
    assert_eq!(world.asked("/ocsp"), 1, "it is left alone for a while");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_filed_though_nobody_answers() {
    let world = World::new().await;
    world.say(|desk| desk.is_silent = true);
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::Indeterminate, Some(SubIndication::TryLater));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_its_key() {
    let folder = tempfile::TempDir::new().unwrap();
    for (line, key) in [
        ("addresses_allowed = [\"http://x\"]", "evidence.addresses_allowed"),
        ("proxy = \"proxy:3128\"", "evidence.proxy"),
    ] {
        std::fs::write(folder.path().join("skrynka.toml"), format!("[evidence]\n{line}\n")).unwrap();
        let config = load(&folder.path().join("skrynka.toml"), &Environment::default()).unwrap();
        let clock = Arc::new(Hands(Mutex::new(NOON.parse().unwrap())));
        let Err(fault) = App::open(config, clock).await else { unreachable!("{line} was taken") };
        assert!(format!("{fault:#}").contains(key), "{fault:#}");
    }
}
