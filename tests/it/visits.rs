//! Visits at a counter, through the real program: opened, offered what comes, claimed once, closed.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;
use skrynka::app::SystemClock;
use skrynka::model::{Clock as _, FilingId, KyivDay, Timestamp, VisitId};
use skrynka::qr;
use skrynka::store::{Store, StoreError, VisitRefusal};
use skrynka_fixtures::copies::{Document, Make, Person};
use skrynka_fixtures::mail::LetterDraft;

use crate::program::Desk;
use crate::reading::house::{ADDRESS, House, copy, seal};

const OPEN: [&str; 6] = ["visit", "open", "--branch", "cnap", "--service", "admin-services"];
const LINK: &str = "https://diia.app/documents/offer-request-static/1";

/// An installation whose branch has a code from the cabinet.
fn house() -> House {
    let house = House::new("", "");
    house.run(&["registry", "apply", "registry.toml"]).good();
    let words = ["code", "register", "--branch", "cnap", "--service", "admin-services", "--issued"];
    let today = KyivDay::of(now()).to_string();
    house.run(&[&words[..], &[today.as_str(), "--link", LINK]].concat()).good();
    house
}

fn now() -> Timestamp {
    SystemClock.now()
}

/// A letter with both documents that the service asks for.
fn letter(number: u32, subject: &str) -> Vec<u8> {
    let documents =
        [(Document::InternalPassport, "internal-passport"), (Document::TaxpayerCard, "taxpayer-card")];
    let mut attachments = Vec::new();
    for (at, (document, name)) in documents.into_iter().enumerate() {
        let pdf =
            copy(Person::mariana(), document, Make::TextLayer, number * 10 + u32::try_from(at).unwrap())
                .pdf();
        attachments.push((
            format!("{name}.pdf.p7s"),
            "application/octet-stream".to_owned(),
            seal().sign(&pdf),
        ));
        attachments.push((format!("{name}.pdf"), "application/pdf".to_owned(), pdf));
    }
    LetterDraft {
        from: "visitor@mail.example".to_owned(),
        to: ADDRESS.to_owned(),
        subject: subject.to_owned(),
        body: "Добрий день!\n".to_owned(),
        attachments,
        message_id: format!("visit-{number}@mail.example"),
        date: now(),
    }
    .to_bytes()
}

fn list(house: &House, more: &[&str]) -> Vec<Value> {
    house.ask(&[&["visit", "list"], more].concat()).as_array().unwrap().clone()
}

#[test]
fn a_visit_is_offered_the_letter_that_comes_claims_it_and_is_closed() {
    let mut house = house();
    house.start();
    let opened = house.ask(&[&OPEN[..], &["--name", "Тестовська", "--rnokpp", "3347700040"]].concat());
    assert_eq!((&opened["id"], &opened["state"]), (&1.into(), &"open".into()), "{opened}");
    house.ask(&OPEN);
    house.drop_letter("letter.eml", &letter(1, "копії"));
    house.until_filed(1);
    let visits = list(&house, &["--branch", "cnap"]);
    assert_eq!(visits.len(), 2);
    for visit in &visits {
        let offered = &visit["offered"][0];
        assert_eq!(offered["id"], 1, "{visit}");
        assert_eq!(offered["persons"], serde_json::json!(["Тестовська Марʼяна Ігорівна"]), "{offered}");
        assert_eq!(offered["documents"], serde_json::json!(["internal-passport", "taxpayer-card"]));
    }
    let said = house.run(&["visit", "list"]).good();
    assert!(said.contains("offered     1 ") && said.contains("Марʼяна"), "{said}");

    let claimed = house.ask(&["visit", "claim", "1", "1"]);
    assert_eq!((&claimed["filing"], &claimed["letter"]["id"]), (&1.into(), &1.into()), "{claimed}");
    house.run(&["visit", "claim", "2", "1"]).refused(1, "claimed by visit 1 already");
    house.run(&["visit", "claim", "1", "1"]).refused(1, "has claimed letter 1 already");
    assert_eq!(list(&house, &[])[1]["offered"], serde_json::json!([]));
    let closed = house.ask(&["visit", "close", "1"]);
    assert_eq!((&closed["state"], &closed["filing"]), (&"closed".into(), &1.into()), "{closed}");
    house.ask(&["visit", "close", "2"]);
    house.run(&["visit", "claim", "2", "1"]).refused(1, "visit 2 is closed");
    assert_eq!(list(&house, &[]), Vec::<Value>::new());
    let all = list(&house, &["--all"]);
    assert_eq!((all.len(), &all[0]["letter"]["id"]), (2, &1.into()), "{all:?}");
    house.stop();
    for personal in ["Тестовська", "3347700040"] {
        assert!(!house.log().contains(personal), "{personal} is in the log");
    }
}

#[test]
fn a_one_time_code_leads_a_letter_to_its_visit() {
    let mut house = house();
    house.start();
    let svg = house.path().join("code.svg");
    let opened = house.ask(&[&OPEN[..], &["--code", "--svg", "code.svg"]].concat());
    let payload = opened["payload"].as_str().unwrap();
    assert_eq!(
        qr::read_picture(&fs::read(svg).unwrap()).unwrap(),
        payload,
        "the screen shows what is scanned"
    );
    let (mailbox, token) = qr::read_own_payload(payload).unwrap();
    assert_eq!((mailbox.as_str(), token.to_string().as_str()), (ADDRESS, opened["token"].as_str().unwrap()));
    house.ask(&OPEN);

    let letter = letter(1, &token.to_string().to_lowercase());
    let file = house.write("letter.eml", &letter);
    let said = house.ask(&["check", &file.to_string_lossy(), "--mailbox", ADDRESS]);
    assert_eq!(
        (&said["match"]["visit"], &said["match"]["anomalies"]),
        (&opened["id"], &serde_json::json!([])),
        "{said}"
    );
    assert_eq!(said["match"]["matched"]["code"], opened["code"], "{said}");
    house.drop_letter("letter.eml", &letter);
    house.until_filed(1);
    let offered: Vec<usize> =
        list(&house, &[]).iter().map(|visit| visit["offered"].as_array().unwrap().len()).collect();
    let claimed = house.ask(&["visit", "list"])[0]["filing"].is_number();
    assert_eq!(offered, [usize::from(!claimed), 0], "nobody else is offered it");
    let drawn = house.run(&[&OPEN[..], &["--code"]].concat()).good();
    assert!(drawn.contains("mailto:cnap") && drawn.contains('█'), "{drawn}");
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_do() {
    let desk = Desk::with_registry();
    desk.run(&[&OPEN[..], &["--code"]].concat())
        .refused(1, "skrynka code issue --branch cnap --service admin-services");
    desk.run(&["visit", "open", "--branch", "cnap", "--service", "no"]).refused(1, "no open service `no`");
    desk.run(&["visit", "open", "--branch", "no", "--service", "no"]).refused(1, "no open branch `no`");
    desk.run(&[&OPEN[..], &["--minutes", "0"]].concat()).refused(64, "--minutes");
    desk.run(&[&OPEN[..], &["--svg", "a.svg"]].concat()).refused(64, "--code");
    let said = desk.run(&[&OPEN[..], &["--rnokpp", "36568"]].concat());
    assert!(!said.err.contains("36568"), "{}", said.err);
    said.refused(1, "10 digits");
    let warned = desk.run(&[&OPEN[..], &["--rnokpp", "3656801860"]].concat()).good();
    assert!(warned.contains("warning") && warned.contains("check digit"), "{warned}");
    desk.run(&["visit", "claim", "1", "1"]).refused(1, "there is no letter 1");
    desk.run(&["visit", "claim", "7", "1"]).refused(1, "there is no visit 7");
    desk.run(&["visit", "close", "7"]).refused(1, "there is no visit 7");
    assert!(desk.run(&["visit", "list", "--branch", "none"]).good().contains("no visit is open"));
}

/// Rounds of each kind: two visits claim one letter, and one visit is given two letters.
const ROUNDS: i64 = 500;

/// A clerk at another desk: a process of its own.
struct Clerk {
    process: Child,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Clerk {
    fn sit_down(store: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "visits::a_clerk_for_another_test", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut asks = process.stdin.take().unwrap();
        writeln!(asks, "{}", store.display()).unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut clerk = Self { process, asks, answers };
        assert_eq!(clerk.answer(), "ready");
        clerk
    }

    fn ask(&mut self, visit: i64, filing: i64) {
        writeln!(self.asks, "{visit} {filing}").unwrap();
    }

    fn answer(&mut self) -> String {
        let mut lines = self.answers.by_ref().map(Result::unwrap);
        lines.find_map(|line| Some(line.split_once("clerk: ")?.1.to_owned())).unwrap()
    }

    fn leave(self) {
        let Self { mut process, asks, answers } = self;
        drop((asks, answers));
        process.wait().unwrap();
    }
}

#[test]
#[ignore = "a clerk of `of_two_clerks_at_once_exactly_one_gets_the_letter`"]
fn a_clerk_for_another_test() {
    #[expect(clippy::print_stdout, reason = "the test that started us waits for these lines")]
    fn say(what: &str) {
        println!("clerk: {what}");
    }
    let mut lines = std::io::stdin().lines().map(Result::unwrap);
    let folder = lines.next().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let store = runtime.block_on(Store::open(Path::new(&folder))).unwrap();
    say("ready");
    for line in lines {
        let (visit, filing) = line.split_once(' ').unwrap();
        let (visit, filing) = (VisitId(visit.parse().unwrap()), FilingId(filing.parse().unwrap()));
        match runtime.block_on(store.claim_letter(visit, filing, now())) {
            Ok(claimed) => say(&format!("won {}", claimed.claimed.unwrap().0)),
            Err(StoreError::Visit(VisitRefusal::LetterHasVisit { .. })) => say("the letter has its visit"),
            Err(StoreError::Visit(VisitRefusal::VisitHasLetter { .. })) => say("the visit has its letter"),
            Err(other) => say(&format!("failed: {other}")),
        }
    }
    runtime.block_on(store.close());
}

/// A store with a letter and a visit, each as often as the rounds need.
fn many_letters_and_visits(house: &House) {
    house.ask(&OPEN);
    house.file_unread(&[letter(1, "копії")]);
    let database = house.path().join("store/skrynka.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let numbers = format!(
            "WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < {})",
            ROUNDS * 3
        );
        let letters = format!(
            "INSERT INTO filing (mailbox, digest, source, received_at, filed_at, sender_name, sender, subject, branch, session,
                 code, matched, defects, documents, signers, unsigned, remarks)
             {numbers} SELECT mailbox, printf('%064x', n), source, received_at, filed_at, sender_name, sender, subject, branch,
                 session, code, matched, defects, documents, signers, unsigned, remarks FROM filing, more"
        );
        let visits = format!(
            "INSERT INTO visit (branch, service, name, opened_at, until)
             {numbers} SELECT branch, service, name, opened_at - 60000000, until + 3600000000 FROM visit, more"
        );
        for sql in [letters, visits] {
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        }
        pool.close().await;
    });
}

#[test]
fn of_two_clerks_at_once_exactly_one_gets_the_letter() {
    let house = house();
    many_letters_and_visits(&house);
    let store = house.path().join("store");
    let mut clerks = [Clerk::sit_down(&store), Clerk::sit_down(&store)];
    let mut wins = [0, 0];
    // Numbers 1 are the first letter and visit, that the others were made of.
    let mut round = |asked: [(i64, i64); 2], lost: &str| {
        for (clerk, (visit, filing)) in clerks.iter_mut().zip(asked) {
            clerk.ask(visit, filing);
        }
        let answers = clerks.each_mut().map(Clerk::answer);
        let won: Vec<usize> = (0..2).filter(|at| answers[*at] == format!("won {}", asked[*at].1)).collect();
        let [winner] = won[..] else { unreachable!("{asked:?}: {answers:?}") };
        assert_eq!(answers[1 - winner], lost, "{asked:?}");
        wins[winner] += 1;
    };
    for n in 0..ROUNDS {
        let (visit, letter) = (2 + 2 * n, 2 + n);
        round([(visit, letter), (visit + 1, letter)], "the letter has its visit");
    }
    for n in 0..ROUNDS {
        let (visit, letter) = (2 + 2 * ROUNDS + n, 2 + ROUNDS + 2 * n);
        round([(visit, letter), (visit, letter + 1)], "the visit has its letter");
    }
    assert!(wins.iter().all(|wins| *wins > 0), "the two never met: {wins:?}");
    clerks.into_iter().for_each(Clerk::leave);

    let all = list(&house, &["--all"]);
    assert!(all.len() > 100, "what is listed");
    let claimed = |sql: &str| ask(&store, sql);
    let rounds = 2 * ROUNDS;
    assert_eq!(
        claimed("SELECT COUNT(*) FROM visit WHERE filing IS NOT NULL AND claimed_at IS NOT NULL"),
        rounds
    );
    assert_eq!(claimed("SELECT COUNT(DISTINCT filing) FROM visit"), rounds);
    let lines = "SELECT COUNT(*) FROM audit JOIN visit ON subject = 'visit ' || visit.id
        WHERE action = 'visit.claimed' AND json_extract(detail, '$.filing') = visit.filing";
    assert_eq!(claimed(lines), rounds, "each claim is in the audit, as it was made");
    assert_eq!(claimed("SELECT COUNT(*) FROM audit WHERE action = 'visit.claimed'"), rounds);
}

/// A number from the database, asked as any other program would.
fn ask(store: &Path, sql: &str) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(store.join("skrynka.db")).read_only(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let number = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(&pool).await.unwrap();
        pool.close().await;
        number
    })
}
