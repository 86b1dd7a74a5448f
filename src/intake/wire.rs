//! IMAP commands → their answers, as plain values, over one logged-in connection.
//!
//! The library frames and parses what the server says; the conversation is ours, because the library's own commands
//! take the end of a connection, and a NO, for the end of an answer. Nothing here may be dropped half-way and used
//! again: after any error the connection is thrown away.

use std::sync::Arc;
use std::time::Duration;

use imap::imap_proto::{AttributeValue, Capability, MailboxDatum, Response, ResponseCode, Status};
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

use super::door::{self, Stream};
use super::error::Fault;
use super::fetch::WINDOW_BYTES;
use super::{Account, Witness, folder_name};

/// How long the server may be silent before an answer. Searching a large folder on a slow disk takes some seconds.
const ANSWER_PATIENCE: Duration = Duration::from_secs(60);

/// The slowest line on which a letter is still awaited: 16 KiB/s, a tenth of a poor mobile connection.
const BYTES_PER_SECOND_MIN: u64 = 16 * 1024;

/// How long a good-bye may take; the round is done by then.
const GOODBYE_PATIENCE: Duration = Duration::from_secs(5);

/// The longest wait for one answer: that to the largest window.
pub(super) const ONE_ANSWER_MAX: Duration = patience(WINDOW_BYTES);

/// The most characters of a server's words that go into an error.
const WORDS_CHARS_MAX: usize = 200;

/// A logged-in connection.
pub(super) struct Wire {
    session: imap::Session<Box<dyn Stream>>,
    stop: watch::Receiver<bool>,
    /// Who is told that the server speaks.
    pub(super) witness: Arc<dyn Witness>,
    /// What the server offers after the login, in upper case.
    pub(super) capabilities: Vec<String>,
    /// The server can MOVE (RFC 6851).
    pub(super) can_move: bool,
    /// The server can UID EXPUNGE (RFC 4315).
    pub(super) can_uid_expunge: bool,
}

/// Something that the server said.
pub(super) enum Answer {
    /// A letter, or part of what is known of it.
    Letter(Fetched),
    /// UIDs that were found.
    Found(Vec<u32>),
    /// How many letters the folder has.
    Exists(u32),
    /// The letter with this sequence number is gone, and all later numbers are one less.
    Expunged(u32),
    /// The folder's UIDVALIDITY.
    UidValidity(u32),
    /// The UID that the next letter will have, or a smaller one.
    UidNext(u32),
    /// The flags that can be kept, in upper case.
    PermanentFlags(Vec<String>),
    /// A folder's plain name.
    Folder(String),
    /// What the server can do, in upper case.
    Capabilities(Vec<String>),
    /// The command is done.
    Done(Done),
    /// Anything else.
    Other,
}

/// What a FETCH answer holds.
#[derive(Default)]
pub(super) struct Fetched {
    pub(super) uid: Option<u32>,
    pub(super) size: Option<u64>,
    pub(super) received_at: Option<String>,
    pub(super) bytes: Option<Vec<u8>>,
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct Done {
    /// OK, not NO or BAD.
    pub(super) ok: bool,
    /// The server's words.
    pub(super) words: String,
}

/// A command that was sent and not yet answered.
pub(super) struct Asked {
    tag: String,
    doing: &'static str,
}

impl Wire {
    /// Connects and logs in.
    pub(super) async fn log_in(account: &Account, mut stop: watch::Receiver<bool>) -> Result<Self, Fault> {
        let open = within(&mut stop, door::DOOR_PATIENCE, "connecting", door::open(account)).await??;
        let client = imap::Client::new(open.stream);
        let logging_in = log_in(client, account, &open.capabilities);
        let session = within(&mut stop, door::DOOR_PATIENCE, "logging in", logging_in).await??;
        let (witness, capabilities) = (Arc::new(()), Vec::new());
        let mut wire = Self { session, stop, witness, capabilities, can_move: false, can_uid_expunge: false };
        // A server may offer more after the login than before.
        for answer in wire.run("CAPABILITY", "asking for capabilities").await? {
            if let Answer::Capabilities(words) = answer {
                wire.can_move |= words.iter().any(|word| word == "MOVE");
                wire.can_uid_expunge |= words.iter().any(|word| word == "UIDPLUS");
                wire.capabilities.extend(words);
            }
        }
        Ok(wire)
    }

    /// Sends a command.
    pub(super) async fn ask(&mut self, command: &str, doing: &'static str) -> Result<Asked, Fault> {
        let sent = within(&mut self.stop, ANSWER_PATIENCE, doing, self.session.run_command(command)).await?;
        let tag = sent.map_err(|error| broken(doing, &error))?;
        Ok(Asked { tag: tag.0, doing })
    }

    /// The next answer, `bytes` being the size of the largest letter that it may hold.
    pub(super) async fn next(&mut self, asked: &Asked, bytes: u64) -> Result<Answer, Fault> {
        let said = within(&mut self.stop, patience(bytes), asked.doing, self.session.read_response()).await?;
        self.witness.alive();
        let lost = |reason: &str| Fault::ConnectionLost { doing: asked.doing, reason: reason.to_owned() };
        match said {
            Ok(Some(response)) => match response.parsed() {
                Response::Data { status: Status::Bye, outcome } => {
                    Err(lost(&words(outcome.information.as_deref())))
                }
                parsed => Ok(answer(parsed, &asked.tag)),
            },
            Ok(None) => Err(lost("the server closed it")),
            Err(error) => Err(broken(asked.doing, &error.into())),
        }
    }

    /// Sends a command and reads all its answers; the last of them is always [`Answer::Done`].
    pub(super) async fn run_any(
        &mut self,
        command: &str,
        doing: &'static str,
    ) -> Result<(Vec<Answer>, Done), Fault> {
        let asked = self.ask(command, doing).await?;
        let mut answers = Vec::new();
        loop {
            match self.next(&asked, 0).await? {
                Answer::Done(done) => return Ok((answers, done)),
                Answer::Other => {}
                answer => answers.push(answer),
            }
        }
    }

    /// Sends a command that must succeed.
    pub(super) async fn run(&mut self, command: &str, doing: &'static str) -> Result<Vec<Answer>, Fault> {
        let (answers, done) = self.run_any(command, doing).await?;
        if done.ok { Ok(answers) } else { Err(Fault::Refused { doing, answer: done.words }) }
    }

    /// The plain names of all folders.
    pub(super) async fn folders(&mut self) -> Result<Vec<String>, Fault> {
        let answers = self.run("LIST \"\" \"*\"", "listing the folders").await?;
        let names = answers.into_iter().filter_map(|answer| match answer {
            Answer::Folder(name) => Some(name),
            _ => None,
        });
        Ok(names.collect())
    }

    /// Says good-bye. All work is done by now, so a server that does not answer is no error.
    pub(super) async fn log_out(mut self) {
        let _ = tokio::time::timeout(GOODBYE_PATIENCE, self.session.logout()).await;
    }
}

/// How long to wait for an answer that may hold a letter of this size.
const fn patience(bytes: u64) -> Duration {
    Duration::from_secs(ANSWER_PATIENCE.as_secs() + bytes / BYTES_PER_SECOND_MIN)
}

/// Waits for something, but not for ever, and not when we are asked to stop.
async fn within<T>(
    stop: &mut watch::Receiver<bool>,
    patience: Duration,
    doing: &'static str,
    work: impl Future<Output = T>,
) -> Result<T, Fault> {
    tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => Err(Fault::Stopped),
        done = tokio::time::timeout(patience, work) => {
            done.map_err(|_| Fault::TimedOut { doing, seconds: patience.as_secs() })
        }
    }
}

/// SASL PLAIN (RFC 4616) where offered, since it carries a password in any alphabet; else LOGIN.
async fn log_in(
    client: imap::Client<Box<dyn Stream>>,
    account: &Account,
    capabilities: &[String],
) -> Result<imap::Session<Box<dyn Stream>>, Fault> {
    let password = account.password.expose_secret();
    let logged_in = if capabilities.iter().any(|word| word == "AUTH=PLAIN") {
        client.authenticate("PLAIN", Plain { login: &account.login, password }).await
    } else {
        client.login(&account.login, password).await
    };
    logged_in.map_err(|(error, _)| match error {
        imap::error::Error::No(answer) | imap::error::Error::Bad(answer) => {
            refused(account, words(Some(information(&answer))))
        }
        imap::error::Error::Validate(_) => {
            refused(account, "login or password holds a line break".to_owned())
        }
        error => broken("logging in", &error),
    })
}

/// The server's own words inside the library's `code: None, info: Some("…")`.
fn information(error: &str) -> &str {
    let inside = error.split_once("info: Some(\"").and_then(|(_, rest)| rest.strip_suffix("\")"));
    inside.unwrap_or(error)
}

fn refused(account: &Account, answer: String) -> Fault {
    // RFC 5530 §3: the server's own fault, or too many sessions at once, is not a wrong password.
    let passing = ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"];
    if passing.iter().any(|code| answer.contains(code)) {
        Fault::LoginUnavailable(answer)
    } else {
        Fault::LoginRefused { login: account.login.clone(), answer }
    }
}

struct Plain<'a> {
    login: &'a str,
    password: &'a str,
}

impl imap::Authenticator for Plain<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        format!("\0{}\0{}", self.login, self.password)
    }
}

/// The library's parse errors quote what the server sent, which may be a letter: only their kind is told.
fn broken(doing: &'static str, error: &imap::error::Error) -> Fault {
    let reason = match error {
        imap::error::Error::Io(error) if error.kind() == std::io::ErrorKind::Other => {
            "the server said something that is not IMAP".to_owned()
        }
        imap::error::Error::Io(error) => error.to_string(),
        imap::error::Error::ConnectionLost => "the server closed it".to_owned(),
        _ => "the server said something unexpected".to_owned(),
    };
    Fault::ConnectionLost { doing, reason }
}

fn words(text: Option<&str>) -> String {
    let shown = text.unwrap_or("no reason given").chars().filter(|c| !c.is_control());
    shown.take(WORDS_CHARS_MAX).collect()
}

fn answer(response: &Response<'_>, tag: &str) -> Answer {
    match response {
        Response::Done { tag: done, status, outcome } if done.0 == tag => Answer::Done(Done {
            ok: matches!(status, Status::Ok),
            words: words(outcome.information.as_deref()),
        }),
        Response::Fetch(_, attributes) => Answer::Letter(fetched(attributes)),
        Response::MailboxData(MailboxDatum::Search(uids)) => Answer::Found(uids.clone()),
        Response::MailboxData(MailboxDatum::Exists(count)) => Answer::Exists(*count),
        Response::Expunge(number) => Answer::Expunged(*number),
        Response::MailboxData(MailboxDatum::List(list)) => Answer::Folder(folder_name::decode(&list.name)),
        Response::Capabilities(offered) => Answer::Capabilities(offered.iter().map(capability).collect()),
        Response::Data { outcome, .. } => match &outcome.code {
            Some(ResponseCode::UidValidity(value)) => Answer::UidValidity(*value),
            Some(ResponseCode::UidNext(value)) => Answer::UidNext(*value),
            Some(ResponseCode::PermanentFlags(flags)) => {
                Answer::PermanentFlags(flags.iter().map(|flag| flag.to_ascii_uppercase()).collect())
            }
            _ => Answer::Other,
        },
        _ => Answer::Other,
    }
}

fn capability(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(word) => format!("AUTH={}", word.to_ascii_uppercase()),
        Capability::Atom(word) => word.to_ascii_uppercase(),
    }
}

fn fetched(attributes: &[AttributeValue<'_>]) -> Fetched {
    let mut fetched = Fetched::default();
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(uid) => fetched.uid = Some(*uid),
            AttributeValue::Rfc822Size(size) => fetched.size = Some(u64::from(*size)),
            AttributeValue::InternalDate(date) => fetched.received_at = Some(date.to_string()),
            AttributeValue::BodySection { section: None, data: Some(data), .. } => {
                fetched.bytes = Some(data.to_vec());
            }
            _ => {}
        }
    }
    fetched
}
