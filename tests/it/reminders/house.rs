//! An installation whose clock is turned by hand and whose post is a list.

use std::sync::{Arc, Mutex};

use skrynka::issuing::{self, Wanted};
use skrynka::mailer::{Fault, Mail, Post, PostError};
use skrynka::model::{Clock, CodeId, KyivDay, Ladder, MailAddress, Registry, Timestamp};
use skrynka::reminders::{Reminded, Reminders};
use skrynka::store::Store;
use tokio::sync::{Notify, watch};

/// Shows what it was set to.
pub(super) struct TurnedClock(Mutex<Timestamp>);

impl Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// What the post does with the next mails.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Mood {
    /// Takes them.
    Takes,
    /// The server is down.
    Down,
    /// Refuses this recipient for good, takes the others.
    Refuses(&'static str),
    /// The program dies before the server has anything.
    DiesBefore,
    /// The server takes the mail and the program dies before it knows.
    DiesAfter,
}

/// A post that keeps what it takes.
#[derive(Clone)]
pub(super) struct List {
    clock: Arc<TurnedClock>,
    pub(super) taken: Arc<Mutex<Vec<(Timestamp, Mail)>>>,
    pub(super) mood: Arc<Mutex<Mood>>,
    pub(super) tries: Arc<Mutex<u32>>,
    died: Arc<Notify>,
}

impl Post for List {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let mood = self.mood.lock().unwrap().clone();
        *self.tries.lock().unwrap() += 1;
        let refused = |fault| PostError { host: "smtp.x.org".to_owned(), port: 25, fault };
        let take = || self.taken.lock().unwrap().push((self.clock.now(), mail.clone()));
        match mood {
            Mood::Takes => take(),
            Mood::Down => return Err(refused(Fault::Unreachable("connection refused".to_owned()))),
            Mood::Refuses(whom) if whom == mail.to.as_str() => {
                let (to, answer) = (mail.to.masked(), "550 unknown".to_owned());
                return Err(refused(Fault::RecipientRefused { to, answer }));
            }
            Mood::Refuses(_) => take(),
            Mood::DiesBefore | Mood::DiesAfter => {
                if mood == Mood::DiesAfter {
                    take();
                }
                self.died.notify_one();
                std::future::pending::<()>().await;
            }
        }
        Ok(())
    }
}

/// The installation.
pub(super) struct House {
    folder: tempfile::TempDir,
    pub(super) clock: Arc<TurnedClock>,
    pub(super) post: List,
    pub(super) reminders: Reminders<List>,
}

impl House {
    /// With branches `cnap` and `hotel` of one organisation: `head@x.org` answers for both, `cnap@x.org` for one.
    pub(super) async fn at(now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TurnedClock(Mutex::new(now.parse().unwrap())));
        let post = List {
            clock: clock.clone(),
            taken: Arc::default(),
            mood: Arc::new(Mutex::new(Mood::Takes)),
            tries: Arc::default(),
            died: Arc::default(),
        };
        let reminders = Reminders {
            store: Store::open(folder.path()).await.unwrap(),
            post: post.clone(),
            ladder: Ladder::default(),
            domain: "x.org".to_owned(),
            clock: clock.clone(),
        };
        let house = Self { folder, clock, post, reminders };
        house.apply(&registry()).await;
        house
    }

    pub(super) async fn apply(&self, registry: &Registry) {
        self.reminders.store.apply_registry(registry, self.clock.now()).await.unwrap();
    }

    pub(super) fn turn_to(&self, now: Timestamp) {
        *self.clock.0.lock().unwrap() = now;
    }

    pub(super) fn mood(&self, mood: Mood) {
        *self.post.mood.lock().unwrap() = mood;
    }

    /// The store is closed and opened, as by a start of the program.
    pub(super) async fn restart(&mut self) {
        self.reminders.store.close().await;
        self.reminders.store = Store::open(self.folder.path()).await.unwrap();
    }

    /// One pass; none when the program died in it (then it is started again).
    pub(super) async fn pass(&mut self) -> Option<Reminded> {
        let (_never, stop) = watch::channel(false);
        let done = tokio::select! {
            done = self.reminders.remind(&stop) => Some(done.unwrap()),
            () = self.post.died.notified() => None,
        };
        if done.is_none() {
            self.mood(Mood::Takes);
            self.restart().await;
        }
        done
    }

    /// Keeps a code made in the cabinet on `day`.
    pub(super) async fn register(&self, branch: &str, day: &str) -> CodeId {
        let link = format!("https://diia.app/qr/{branch}-{day}");
        let wanted = wanted(branch, day);
        issuing::register(&self.reminders.store, &wanted, &link, self.clock.now()).await.unwrap().code.id
    }

    /// Makes an own code, valid from `day`.
    pub(super) async fn issue(&self, branch: &str, day: &str) -> CodeId {
        let seed = day.bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        let mut random = |bytes: &mut [u8]| bytes.fill(seed);
        let wanted = wanted(branch, day);
        issuing::issue(&self.reminders.store, &wanted, &mut random, self.clock.now()).await.unwrap().code.id
    }

    /// What was taken: Kyiv day, recipient, the codes it is about; and its Message-ID.
    pub(super) fn taken(&self) -> Vec<(String, String)> {
        let line = |(at, mail): &(Timestamp, Mail)| {
            let named = mail.plain.lines().filter_map(|line| line.strip_prefix("  Код ")?.split_once("№ "));
            let codes: Vec<&str> = named.filter_map(|(_, rest)| Some(rest.split_once(',')?.0)).collect();
            (format!("{} {} {}", KyivDay::of(*at), mail.to, codes.join(" ")), mail.message_id.clone())
        };
        self.post.taken.lock().unwrap().iter().map(line).collect()
    }

    /// What became of each notice of a code for a recipient, in the order of the steps.
    pub(super) async fn fates(&self, code: CodeId, recipient: &str) -> String {
        let rows = self.reminders.store.notices(1_000).await.unwrap();
        let of = |rung: &str| {
            let recipient: MailAddress = recipient.parse().unwrap();
            let row = rows
                .iter()
                .find(|row| row.code == code && row.recipient == recipient && row.rung.to_string() == rung)?;
            let fate = match (row.fate.passed_over_at, row.fate.fired_at, row.fate.delivered_at) {
                (Some(_), _, None) => "passed",
                (None, Some(_), Some(_)) => "sent",
                (None, Some(_), None) => "fired",
                (None, None, None) => "claimed",
                _ => "impossible",
            };
            Some(format!("{rung} {fate}"))
        };
        ["3m", "30d", "14d", "7d", "3d", "1d", "0d"].into_iter().filter_map(of).collect::<Vec<_>>().join(", ")
    }
}

fn wanted(branch: &str, day: &str) -> Wanted {
    Wanted {
        branch: branch.parse().unwrap(),
        services: vec!["admin".parse().unwrap()],
        issued_on: day.parse().unwrap(),
        days: 180,
    }
}

/// The registry of [`House::at`].
pub(super) fn registry() -> Registry {
    let text = include_str!("registry.toml");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("registry.toml");
    std::fs::write(&file, text).unwrap();
    skrynka::config::read_registry(&file).unwrap()
}
