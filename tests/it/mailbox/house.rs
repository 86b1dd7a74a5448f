//! A ledger and a desk in memory, and mailboxes of a private Dovecot to go with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openssl::x509::X509;
use skrynka::intake::{
    Account, AfterFiling, Desk, LETTER_BYTES_HARD_MAX, Ledger, PortError, Security, TooLarge, Witness,
};
use skrynka::model::{Digest, FilingId, ImapFolder, Outcome, QuarantineId, RawMail, Source};
use skrynka_fixtures::dovecot::Dovecot;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

pub(super) const ADDRESS: &str = "cnap@example.org";
pub(super) const PASSWORD: &str = "пароль \"з\" \\ лапками";

/// A private Dovecot with one mailbox.
pub(super) struct Server {
    pub(super) dovecot: Dovecot,
    // Removed after the server has ended.
    _dir: TempDir,
}

impl Server {
    #[track_caller]
    pub(super) fn start() -> Self {
        let dir = TempDir::with_prefix("skrynka-mailbox-").unwrap();
        let dovecot = Dovecot::start(dir.path(), &[(ADDRESS, PASSWORD)]).unwrap();
        Self { dovecot, _dir: dir }
    }

    pub(super) fn account(&self) -> Account {
        let ca = std::fs::read(self.dovecot.ca_pem()).unwrap();
        let ca = X509::stack_from_pem(&ca).unwrap().iter().map(|root| root.to_der().unwrap()).collect();
        Account {
            mailbox: ADDRESS.parse().unwrap(),
            host: "127.0.0.1".to_owned(),
            port: self.dovecot.imaps_port(),
            security: Security::Tls,
            login: ADDRESS.to_owned(),
            password: PASSWORD.into(),
            folders: vec!["INBOX".to_owned(), "Спам".to_owned()],
            after_filing: AfterFiling::Nothing,
            poll: Duration::from_millis(100),
            ca,
            letter_bytes_hard_max: LETTER_BYTES_HARD_MAX,
        }
    }

    #[track_caller]
    pub(super) fn put(&self, folder: &str, letter: &[u8]) {
        self.dovecot.append(ADDRESS, folder, letter, None).unwrap();
    }

    /// UID and flags of the letters in a folder.
    #[track_caller]
    pub(super) fn flags(&self, folder: &str) -> Vec<String> {
        self.dovecot.talk(ADDRESS).unwrap().flags(folder).unwrap()
    }
}

/// A port that leads to `port` and breaks each connection after so many bytes from there.
pub(super) async fn breaking_after(bytes: u64, port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let (server_says, mut to_server) = server.split();
                let (mut client_says, mut to_client) = client.split();
                let mut server_says = server_says.take(bytes);
                tokio::select! {
                    _ = tokio::io::copy(&mut server_says, &mut to_client) => {}
                    _ = tokio::io::copy(&mut client_says, &mut to_server) => {}
                }
            });
        }
    });
    here
}

/// Waits until something is so.
pub(super) async fn until(what: &str, so: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(40);
    while !so() {
        assert!(tokio::time::Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A letter whose text is its subject.
pub(super) fn letter(subject: &str) -> Vec<u8> {
    format!("From: v@example.net\r\nSubject: {subject}\r\n\r\n{subject}\r\n").into_bytes()
}

/// A desk that files into memory, keeps the ledger that goes with it, and fails when told to.
#[derive(Default)]
pub(super) struct Memory {
    kept: Mutex<Kept>,
    /// Letters holding this text cannot be filed.
    failing: Mutex<Option<String>>,
    /// At letters holding this text the desk finds that nothing can be filed now.
    closing: Mutex<Option<String>>,
    /// Letters holding this text are given up.
    giving_up: Mutex<Option<String>>,
    /// Tried in vain, by digest.
    pub(super) refused: Mutex<Vec<Digest>>,
    pub(super) too_large: Mutex<Vec<TooLarge>>,
}

#[derive(Default)]
struct Kept {
    filed: BTreeMap<Digest, RawMail>,
    accounted: BTreeSet<(String, String, u32, u32)>,
    quarantined: BTreeSet<(String, String, u32, u32)>,
    takes: u32,
}

impl Memory {
    /// How often a letter was handed over and taken.
    pub(super) fn takes(&self) -> u32 {
        self.kept.lock().unwrap().takes
    }

    pub(super) fn fail_on(&self, text: Option<&str>) {
        *self.failing.lock().unwrap() = text.map(str::to_owned);
    }

    pub(super) fn close_at(&self, text: Option<&str>) {
        *self.closing.lock().unwrap() = text.map(str::to_owned);
    }

    pub(super) fn give_up(&self, text: Option<&str>) {
        *self.giving_up.lock().unwrap() = text.map(str::to_owned);
    }

    /// Everything filed, by digest.
    pub(super) fn filed(&self) -> Vec<RawMail> {
        self.kept.lock().unwrap().filed.values().cloned().collect()
    }

    /// The filed letter with exactly these bytes.
    #[track_caller]
    pub(super) fn filed_as(&self, bytes: &[u8]) -> RawMail {
        let kept = self.kept.lock().unwrap();
        let mail = kept.filed.get(&Digest::of(bytes)).expect("the letter is filed byte by byte");
        assert_eq!(mail.digest, Digest::of(&mail.bytes));
        mail.clone()
    }
}

fn holds(mail: &RawMail, text: &Mutex<Option<String>>) -> bool {
    let text = text.lock().unwrap();
    let found = |text: &String| mail.bytes.windows(text.len()).any(|window| window == text.as_bytes());
    text.as_ref().is_some_and(found)
}

impl Ledger for Memory {
    async fn unaccounted(&self, folder: &ImapFolder, uids: Vec<u32>) -> Result<Vec<u32>, PortError> {
        assert_eq!(folder.mailbox.as_str(), ADDRESS);
        let kept = self.kept.lock().unwrap();
        let unknown = |uid: &u32| {
            let ImapFolder { account, folder, uid_validity, .. } = folder.clone();
            let place = (account, folder, uid_validity, *uid);
            !kept.accounted.contains(&place)
        };
        Ok(uids.into_iter().filter(unknown).collect())
    }

    async fn filed(&self, folder: &ImapFolder, uids: Vec<u32>) -> Result<Vec<u32>, PortError> {
        let kept = self.kept.lock().unwrap();
        let filed = |uid: &u32| {
            let ImapFolder { account, folder, uid_validity, .. } = folder.clone();
            let place = (account, folder, uid_validity, *uid);
            kept.accounted.contains(&place) && !kept.quarantined.contains(&place)
        };
        Ok(uids.into_iter().filter(filed).collect())
    }
}

impl Desk for Memory {
    async fn take(&self, mail: RawMail) -> Result<Outcome, PortError> {
        if holds(&mail, &self.closing) {
            self.refused.lock().unwrap().push(mail.digest);
            return Err(PortError::for_any_letter("the database is locked"));
        }
        if holds(&mail, &self.failing) {
            self.refused.lock().unwrap().push(mail.digest);
            return Err(PortError::passing("the disk is full"));
        }
        let mut kept = self.kept.lock().unwrap();
        kept.takes += 1;
        if let Source::Imap { account, folder, uid_validity, uid } = &mail.source {
            let place = (account.clone(), folder.clone(), *uid_validity, *uid);
            if holds(&mail, &self.giving_up) {
                kept.accounted.insert(place.clone());
                kept.quarantined.insert(place);
                return Ok(Outcome::Quarantined(QuarantineId(1)));
            }
            let new = kept.accounted.insert(place);
            assert!(new, "{:?} was handed over twice", mail.source);
        }
        let id = FilingId(i64::from(kept.takes));
        match kept.filed.insert(mail.digest, mail) {
            None => Ok(Outcome::Filed(id)),
            Some(_) => Ok(Outcome::AlreadyFiled(id)),
        }
    }

    async fn cannot_take(&self, letter: TooLarge) -> Result<(), PortError> {
        self.too_large.lock().unwrap().push(letter);
        Ok(())
    }
}

/// Nobody looks at the rounds.
pub(super) fn nobody() -> Arc<dyn Witness> {
    Arc::new(())
}
