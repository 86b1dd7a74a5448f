//! «Вердикт змінився» and anchors that end: who is told, once, whatever happens to the mail server and the program.

use std::sync::{Arc, Mutex};

use skrynka::config::read_registry;
use skrynka::mailer::{Fault, Mail, Post, PostError};
use skrynka::model::Clock;
use skrynka::tidings::{Tidings, Told};
use tokio::sync::{Notify, watch};

use super::world::World;
use crate::program::Desk;
use crate::reminders::server::{Manners, Server as Smtp};

/// What the post does with the next mails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mood {
    Takes,
    Down,
    /// The program dies before the server has anything.
    DiesBefore,
    /// The server takes the mail and the program dies before it knows.
    DiesAfter,
}

/// A post that keeps what it takes.
#[derive(Clone)]
struct List {
    taken: Arc<Mutex<Vec<Mail>>>,
    mood: Arc<Mutex<Mood>>,
    died: Arc<Notify>,
}

impl Post for List {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let mood = *self.mood.lock().unwrap();
        if mood == Mood::Down {
            let fault = Fault::Unreachable("connection refused".to_owned());
            return Err(PostError { host: "smtp.example.org".to_owned(), port: 25, fault });
        }
        if mood != Mood::DiesBefore {
            self.taken.lock().unwrap().push(mail.clone());
        }
        if mood != Mood::Takes {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

const REGISTRY: &str = r#"
[[organisation]]
id = "city"
name = "Прикладівська міська рада"
edrpou = "43395033"
head = { name = "Олена Прикладна", position = "міська голова" }
admins = ["head@example.org"]

[[branch]]
id = "cnap"
organisation = "city"
name = "ЦНАП Прикладівської міської ради"
mailbox = "cnap@example.org"
address = { region = "Житомирська область", district = "Житомирський район", location = "м. Прикладівка", street = "вул. Соборна", house = "1" }
admins = ["clerk@example.org", "head@example.org"]

[[branch]]
id = "hotel"
organisation = "city"
name = "Готель «Приклад»"
mailbox = "hotel@example.org"
address = { region = "Житомирська область", district = "Житомирський район", location = "м. Прикладівка", street = "вул. Соборна", house = "2" }
admins = ["porter@example.org"]
"#;

/// A world with people and a post.
struct Town {
    world: World,
    post: List,
}

impl Town {
    async fn new() -> Self {
        Self::with(REGISTRY).await
    }

    async fn with(registry: &str) -> Self {
        let world = World::new().await;
        let file = world.folder.path().join("registry.toml");
        std::fs::write(&file, registry).unwrap();
        let registry = read_registry(&file).unwrap();
        world.app.store().apply_registry(&registry, world.clock.now()).await.unwrap();
        let mood = Arc::new(Mutex::new(Mood::Takes));
        Self { world, post: List { taken: Arc::default(), mood, died: Arc::default() } }
    }

    fn tidings(&self) -> Tidings<List> {
        Tidings {
            store: self.world.app.store().clone(),
            post: self.post.clone(),
            rules: self.world.app.rules(),
            from_hour: 8,
            domain: "example.org".to_owned(),
            clock: Arc::clone(&self.world.clock) as Arc<dyn Clock>,
        }
    }

    /// One pass; none when the program died in it (then it is started again).
    async fn tell(&mut self) -> Option<Told> {
        let (_never, stop) = watch::channel(false);
        let tidings = self.tidings();
        let told = tokio::select! {
            told = tidings.tell(&stop) => Some(told.unwrap()),
            () = self.post.died.notified() => None,
        };
        if told.is_none() {
            self.mood(Mood::Takes);
            drop(tidings);
            self.world.restart().await;
        }
        told
    }

    fn mood(&self, mood: Mood) {
        *self.post.mood.lock().unwrap() = mood;
    }

    fn taken(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.post.taken.lock().unwrap())
    }

    /// A letter that passed, and whose seal turns out to have been revoked before it was made.
    async fn revoked_late(&self) -> skrynka::model::FilingId {
        let id = self.world.file(1).await;
        self.world.say(|desk| desk.revoked = Some("2027-03-01T09:00:00Z".parse().unwrap()));
        self.world.turn(12);
        assert_eq!(self.world.pass().await.changed, 1);
        id
    }
}

fn recipients(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.to.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_grew_worse_is_told_once_to_those_who_answer_for_its_branch() {
    let mut town = Town::new().await;
    let id = town.revoked_late().await;
    let told = town.tell().await.unwrap();
    assert_eq!((told.claimed, told.delivered, told.nobody), (2, 2, 0));
    let mails = town.taken();
    assert_eq!(recipients(&mails), ["clerk@example.org", "head@example.org"], "not the other branch's");
    for mail in &mails {
        assert_eq!(mail.subject, "Вердикт змінився: 1 лист, на гірше");
        let command = format!("skrynka show {id}");
        for part in [
            "ЦНАП Прикладівської міської ради",
            "Підпис дійсний (TOTAL-PASSED) → Не підтверджено (INDETERMINATE, REVOKED_NO_POE)",
            "Valid (TOTAL-PASSED) → Not established (INDETERMINATE, REVOKED_NO_POE)",
            command.as_str(),
        ] {
            assert!(mail.plain.contains(part), "no «{part}» in:\n{}", mail.plain);
        }
        for secret in ["visitor", "letter 1", "copy.pdf"] {
            assert!(!mail.plain.contains(secret) && !mail.html.contains(secret), "«{secret}» is nobody's");
        }
    }
    town.world.restart().await;
    town.world.turn(12);
    town.world.pass().await;
    town.tell().await.unwrap();
    assert_eq!(town.taken(), [], "once");
    let rows = town.world.app.store().tidings(10).await.unwrap();
    assert!(
        rows.iter()
            .all(|row| row.filing == Some(id) && row.fate.delivered_at.is_some() && row.fate.attempts == 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn days_without_a_line_that_end_are_one_mail_and_not_one_a_letter() {
    let mut town = Town::new().await;
    town.world.say(|desk| desk.is_up = false);
    for number in 0..40 {
        town.world.file(number).await;
    }
    town.world.restart().await;
    town.world.say(|desk| desk.is_up = true);
    town.world.clock.turn(std::time::Duration::from_secs(11 * 60));
    assert_eq!(town.world.pass().await.changed, 40);
    let told = town.tell().await.unwrap();
    assert_eq!(
        (told.claimed, town.taken().len()),
        (0, 0),
        "what is merely decided waits for more of its kind"
    );
    town.world.turn(1);
    let told = town.tell().await.unwrap();
    assert_eq!((told.claimed, told.delivered), (80, 2));
    let mails = town.taken();
    let mail = &mails[0];
    assert_eq!(mail.subject, "Вердикт змінився: 40 листів");
    assert_eq!(mail.plain.matches("■ Лист № ").count(), 30, "{}", mail.plain);
    assert!(mail.plain.contains("не показано ще 10 листів"), "{}", mail.plain);
    assert!(mail.plain.contains("Не підтверджено (INDETERMINATE) → Підпис дійсний (TOTAL-PASSED)"));
    town.tell().await.unwrap();
    assert_eq!(town.taken(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_down_and_a_program_that_dies_lose_nothing_and_double_nothing() {
    let mut town = Town::new().await;
    town.revoked_late().await;
    town.mood(Mood::Down);
    let told = town.tell().await.unwrap();
    assert_eq!((told.delivered, told.failed), (0, 2), "the second is not tried: the server takes none");
    assert!(told.next_try.is_some() && told.failure.unwrap().contains("cannot connect"));
    let told = town.tell().await.unwrap();
    assert_eq!((told.claimed, told.failed), (0, 0), "not before its time");
    // What changes meanwhile goes along in the same mail.
    town.world.say(|desk| desk.revoked = None);
    town.world.file(2).await;
    town.world.say(|desk| desk.revoked = Some("2027-03-01T09:00:00Z".parse().unwrap()));
    town.world.turn(12);
    town.world.pass().await;
    town.mood(Mood::DiesBefore);
    assert_eq!(town.tell().await, None);
    assert_eq!(town.taken(), []);
    town.world.turn(1);
    town.mood(Mood::DiesAfter);
    assert_eq!(town.tell().await, None);
    let first = town.taken();
    assert_eq!(first.len(), 1);
    town.world.turn(1);
    town.tell().await.unwrap();
    let mails = town.taken();
    assert_eq!(recipients(&mails), ["clerk@example.org", "head@example.org"]);
    assert_eq!(mails[0].message_id, first[0].message_id, "it may have arrived: the same mail again");
    assert_eq!(mails[0].plain, first[0].plain);
    town.world.turn(12);
    town.tell().await.unwrap();
    assert_eq!(town.taken(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_named_it_is_counted_and_does_not_come_back() {
    let registry = REGISTRY.lines().filter(|line| !line.starts_with("admins")).collect::<Vec<_>>().join("\n");
    let mut town = Town::with(&registry).await;
    town.revoked_late().await;
    assert_eq!(town.tell().await.unwrap().nobody, 1);
    assert_eq!(town.tell().await.unwrap(), Told::default());
    assert_eq!(town.taken(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_anchor_is_told_at_each_step_once_to_those_who_answer_for_the_installation() {
    let mut town = Town::new().await;
    let (trust, ..) = skrynka::trust_folder::read_trust(&town.world.folder.path().join("trust")).unwrap();
    let end = trust.anchors().next().unwrap().not_after;
    let day = jiff::SignedDuration::from_hours(24);
    *town.world.clock.0.lock().unwrap() =
        end.checked_sub(100 * day).unwrap().checked_add(jiff::SignedDuration::from_hours(10)).unwrap();
    let mut told: Vec<(i64, String)> = Vec::new();
    for passed in 0..140 {
        for _ in 0..2 {
            town.tell().await.unwrap();
            told.extend(town.taken().into_iter().map(|mail| {
                assert_eq!(mail.to.as_str(), "head@example.org");
                (100 - passed, mail.subject)
            }));
        }
        if passed % 29 == 0 {
            town.world.restart().await;
        }
        town.world.turn(24);
    }
    let days: Vec<i64> = told.iter().map(|(days, _)| *days).collect();
    assert_eq!(days, [90, 30, 7, 0], "{told:?}");
    assert!(told[0].1.starts_with("закінчується 1 сертифікат довіри: останній день "), "{}", told[0].1);
    let rows = town.world.app.store().tidings(100).await.unwrap();
    assert_eq!(rows.len(), 4);
}

/// The clock of [`Town`] is turned by hand; here the program itself runs, by the system's.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_sends_them_by_the_configured_server_and_lists_what_became_of_them() {
    let smtp = Smtp::start(Manners::default()).await;
    let desk = Desk::new();
    let port = smtp.port;
    let lines = format!(
        "{}\n[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"skrynka@example.org\"\n\n[notices]\nfrom_hour = 0\n",
        crate::program::CONFIG
    );
    desk.write("skrynka.toml", lines);
    desk.write("registry.toml", REGISTRY);
    desk.run(&["registry", "apply", "registry.toml"]).good();
    let root = crate::trust::root(5);
    desk.write("root.cer", &root);
    desk.run(&["trust", "import", "root.cer", "--yes", &crate::trust::fingerprint(&root)]).good();
    let planned = desk.run(&["notices", "send", "--dry-run"]).good();
    assert!(planned.contains("head@example.org: anchor "), "{planned}");
    assert!(desk.run(&["notices", "send"]).good().contains("1 mails sent"));
    assert!(desk.run(&["notices", "send"]).good().contains("0 mails sent"));
    assert_eq!(smtp.letters().len(), 1);
    let listed = desk.run(&["notices", "list"]).good();
    assert!(listed.contains("end of anchor ") && listed.contains("delivered"), "{listed}");
    let json = desk.run(&["notices", "list", "--json"]).json();
    assert_eq!(json["tidings"][0]["kind"], "anchor");
    assert_eq!(json["tidings"][0]["recipient"], "head@example.org");
}
