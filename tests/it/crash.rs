//! The daemon dies at any moment, or its surroundings fail; then every letter is filed once, whole, and nobody else
//! can read it or learns of it from the log.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use skrynka::model::Digest;
use skrynka_fixtures::demo::{CNAP, HOTEL, SPAM, Stage, letters};
use tempfile::TempDir;

use crate::program::SKRYNKA;

pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// An installation in a folder that others may enter, since its Dovecot may run as somebody else.
pub(crate) fn stage() -> (Stage, TempDir) {
    let dir = TempDir::with_prefix("skrynka-crash-").unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    (Stage::set_up(&dir.path().join("stage"), Path::new(SKRYNKA)).unwrap(), dir)
}

/// A letter of about so many bytes, unlike any other number's.
pub(crate) fn letter(number: usize, bytes: usize) -> Vec<u8> {
    let mut letter = format!(
        "From: Visitor <visitor-{number}@example.net>\r\nMessage-ID: <{number}@crash.example>\r\n\
         Subject: letter {number}\r\n\r\n"
    );
    while letter.len() < bytes {
        letter.push_str(&format!("{:0>74}\r\n", letter.len() * (number + 7_919)));
    }
    letter.into_bytes()
}

/// Every file and folder below `folder`, itself included.
pub(crate) fn everything_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(everything_in(&path)) } else { found.push(path) }
    }
    found
}

pub(crate) fn log(stage: &Stage) -> String {
    String::from_utf8_lossy(&fs::read(stage.log()).unwrap()).into_owned()
}

#[track_caller]
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        sleep(Duration::from_millis(20));
    }
}

/// These letters and no others are filed, each once, each with its blob; what belongs to a filing is there, and nothing
/// is left over.
#[track_caller]
pub(crate) fn filed_once_and_whole(stage: &Stage, letters: &[Vec<u8>]) {
    let filed = || ask(stage, "SELECT digest FROM filing");
    until("every letter is filed", || filed().len() >= letters.len());
    let sent: Vec<String> = letters.iter().map(|letter| Digest::of(letter).to_string()).collect();
    let mut filed = filed();
    filed.sort();
    let mut expected = sent.clone();
    expected.sort();
    assert_eq!(filed, expected);
    let blobs = stage.dir().join("store/blobs");
    for digest in &sent {
        let blob = fs::read(blobs.join(&digest[..2]).join(&digest[2..])).unwrap();
        assert_eq!(Digest::of(&blob).to_string(), *digest);
    }
    let kept = everything_in(&blobs).into_iter().filter(|path| path.is_file()).count();
    assert_eq!(kept, sent.len(), "nothing is left half written");
    let rows = |table: &str| count(stage, &format!("SELECT COUNT(*) FROM {table}"));
    for table in ["filing", "filing_text", "audit WHERE action = 'filing.filed'"] {
        assert_eq!(rows(table), filed.len(), "{table}");
    }
    assert_eq!(rows("attempt"), 0);
    assert_eq!(ask(stage, "PRAGMA integrity_check"), ["ok"]);
    assert!(ask(stage, "SELECT \"table\" FROM pragma_foreign_key_check").is_empty());
}

/// A number from the database.
#[track_caller]
pub(crate) fn count(stage: &Stage, sql: &str) -> usize {
    ask(stage, &sql.replace("COUNT(*)", "CAST(COUNT(*) AS TEXT)"))[0].parse().unwrap()
}

/// A column of text from the database, asked as any other program would.
#[track_caller]
pub(crate) fn ask(stage: &Stage, sql: &str) -> Vec<String> {
    let database = stage.dir().join("store/skrynka.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database).read_only(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let column = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(&pool).await.unwrap();
        pool.close().await;
        column
    })
}

#[test]
fn a_daemon_killed_at_any_moment_files_every_letter_once_and_whole() {
    let (mut stage, _dir) = stage();
    let mut sent = Vec::new();
    for kill in 0..12 {
        stage.start_daemon().unwrap();
        for number in 0..6 {
            // Some in one window, some in several, so that a kill meets every step.
            let bytes = [300, 30_000, 400_000, 5_000_000][sent.len() % 4];
            let (address, folder) = [(CNAP, "INBOX"), (HOTEL, "INBOX"), (CNAP, SPAM)][number % 3];
            let letter = letter(sent.len(), bytes);
            stage.dovecot().append(address, folder, &letter, None).unwrap();
            sent.push(letter);
        }
        // Spread over the first second: starting, logging in, fetching, filing, waiting for the next round.
        sleep(Duration::from_millis(60 + kill * 389 % 900));
        stage.kill_daemon().unwrap();
    }
    stage.start_daemon().unwrap();
    filed_once_and_whole(&stage, &sent);
    for (address, folder) in [(CNAP, "INBOX"), (HOTEL, "INBOX"), (CNAP, SPAM)] {
        let flags = stage.dovecot().talk(address).unwrap().flags(folder).unwrap();
        assert_eq!(flags.len(), sent.len() / 3);
        assert!(flags.iter().all(|flags| !flags.contains(r"\Seen")), "{flags:?}");
    }
    stage.stop().unwrap();
}

#[test]
fn the_log_of_a_whole_run_names_no_sender_no_subject_and_no_file() {
    let (mut stage, _dir) = stage();
    let drop = stage.dir().join("drop");
    fs::create_dir(&drop).unwrap();
    let section = format!("\n[[drop_folder]]\nfolder = \"drop\"\nmailbox = \"{CNAP}\"\n");
    fs::File::options()
        .append(true)
        .open(stage.config_file())
        .unwrap()
        .write_all(section.as_bytes())
        .unwrap();
    let posters = stage.make_codes().unwrap();
    // As much as anybody can ask for.
    stage.start_daemon_saying("trace").unwrap();
    fs::write(drop.join("dropped-Шевченко.eml"), letter(70_001, 300)).unwrap();
    fs::write(drop.join("unfinished-Шевченко.eml"), b"").unwrap();
    fs::create_dir(drop.join("folder-Шевченко.eml")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", drop.join("link-Шевченко.eml")).unwrap();
    let too_large = fs::File::create(drop.join("large-Шевченко.eml")).unwrap();
    too_large.set_len(600 * 1024 * 1024).unwrap();
    until("the dropped letter is filed", || stage.skrynka(&["list"]).unwrap().as_array().unwrap().len() == 1);
    until("the large one is told of", || log(&stage).contains("too large"));
    until("the link is told of", || log(&stage).contains("2 files stay there"));
    for letter in letters(&posters).unwrap() {
        stage.deliver(&letter).unwrap();
    }
    let filings = stage.wait_for_filings(letters(&posters).unwrap().len() + 1, PATIENCE).unwrap();
    stage.stop_daemon().unwrap();

    let mut personal: BTreeSet<String> =
        ["Шевченко", "visitor-", "crash.example", "only-on-loopback"].map(str::to_owned).into();
    for filing in &filings {
        for field in ["sender", "subject", "message_id"] {
            personal.extend(filing[field].as_str().map(str::to_owned));
        }
        for attachment in filing["attachments"].as_array().unwrap() {
            personal.extend(attachment[0].as_str().map(str::to_owned));
        }
        for verdict in filing["verdicts"].as_array().unwrap() {
            for signer in verdict["signers"].as_array().unwrap() {
                personal.extend(signer["certificate"]["subject"].as_str().map(str::to_owned));
            }
        }
    }
    personal.remove("");
    assert!(personal.len() > 30, "{personal:?}");
    let log = log(&stage);
    assert!(log.contains("letters filed"));
    for words in personal {
        let line = log.lines().find(|line| line.contains(&words));
        assert!(line.is_none(), "«{words}» stands in the log: {line:?}");
    }
    stage.stop().unwrap();
}

#[test]
fn whatever_the_server_does_a_letter_is_one_filing_in_each_of_its_mailboxes() {
    let (mut stage, _dir) = stage();
    let (one, other) = (letter(1, 3_000), letter(2, 3_000));
    for (address, folder) in [(CNAP, "INBOX"), (CNAP, SPAM), (HOTEL, "INBOX")] {
        stage.dovecot().append(address, folder, &one, None).unwrap();
    }
    stage.start_daemon().unwrap();
    let filings = stage.wait_for_filings(2, PATIENCE).unwrap();
    let linked: Vec<_> = filings.iter().filter(|filing| !filing["duplicate_of"].is_null()).collect();
    assert_eq!(linked.len(), 1, "the later one names the earlier one");
    let places = |stage: &Stage| count(stage, "SELECT COUNT(*) FROM ledger_imap");
    until("each place is accounted for", || places(&stage) == 3);

    stage.dovecot().append(CNAP, "INBOX", &other, None).unwrap();
    stage.dovecot().stop().unwrap();
    sleep(Duration::from_millis(1_500));
    stage.dovecot().restart().unwrap();
    stage.wait_for_filings(3, PATIENCE).unwrap();
    stage.dovecot().reset_uidvalidity(CNAP, "INBOX").unwrap();
    until("both letters are seen under their new numbers", || places(&stage) == 6);
    stage.wait_for_filings(3, PATIENCE).unwrap();

    let others = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    for path in everything_in(&stage.dir().join("store")) {
        assert_eq!(others(&path), 0, "{}", path.display());
    }
    stage.stop().unwrap();
}
