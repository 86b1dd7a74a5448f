//! Configuration → live parts and the tasks that run them; the only place where parts are wired together.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::{After, Config, DropFolder, Mailbox, Security};
use crate::intake::{self, Account, AfterFiling, CheckLine, PortError, TooLarge};
use crate::model::{Clock, Digest, MailboxId, Outcome, RawMail, Source, Timestamp};
use crate::parse;
use crate::pipeline::{NotFiled, Pipeline};
use crate::store::{Store, StoreError};
use crate::verify::{Trust, TrustFault};

/// The live parts of an installation.
pub struct App {
    config: Config,
    store: Store,
    trust: Arc<Trust>,
    trust_faults: Vec<TrustFault>,
    clock: Arc<dyn Clock>,
}

/// The system's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the present moment comes in")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has none: a code with a predictable token must not exist.
#[expect(clippy::disallowed_methods, clippy::expect_used, reason = "this is where randomness comes in")]
pub fn system_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

impl App {
    /// Opens the store and the trust folder that the configuration names.
    ///
    /// # Errors
    /// When the store cannot be opened or the trust folder cannot be read.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let store = Store::open(&config.store).await?;
        let (trust, faults) = read_trust(&config.trust)?;
        // That nothing is trusted shows in the anchors; here are the files that are of no use.
        let trust_faults =
            faults.into_iter().filter(|fault| !matches!(fault, TrustFault::NoAnchors)).collect();
        Ok(Self { config, store, trust: Arc::new(trust), trust_faults, clock })
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The trusted certificates.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// What is of no use in the trust folder.
    #[must_use]
    pub fn trust_faults(&self) -> &[TrustFault] {
        &self.trust_faults
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The journey of letters through these parts.
    #[must_use]
    pub fn pipeline(&self) -> Pipeline {
        let limits = parse::Limits {
            letter_bytes_max: usize::try_from(self.config.policy.letter_bytes_max).unwrap_or(usize::MAX),
            ..parse::Limits::default()
        };
        Pipeline::new(self.store.clone(), Arc::clone(&self.trust), limits, Arc::clone(&self.clock))
    }

    /// A letter in a file, as if `mailbox` had received it now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn letter_in_file(&self, file: &Path, mailbox: MailboxId) -> anyhow::Result<RawMail> {
        let bytes =
            std::fs::read(file).with_context(|| format!("cannot read the letter {}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(RawMail {
            mailbox,
            source: Source::DropFolder { file: name },
            received_at: self.now(),
            digest: Digest::of(&bytes),
            bytes,
        })
    }

    /// Watches every mailbox and drop folder until `stop` turns true.
    ///
    /// # Errors
    /// When there is nothing to watch, or a watcher ended although nobody stopped it.
    pub async fn run(&self, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        if self.config.mailboxes.is_empty() && self.config.drop_folders.is_empty() {
            bail!(
                "{} names no [[mailbox]] and no [[drop_folder]]; there is nothing to watch",
                self.config.file.display()
            );
        }
        for fault in &self.trust_faults {
            tracing::warn!(%fault, "a file in the trust folder is of no use");
        }
        if self.trust.anchors().next().is_none() {
            tracing::warn!(folder = %self.config.trust.display(), "no trust anchor: every signature will be INDETERMINATE");
        }
        let mut watchers = JoinSet::new();
        for mailbox in &self.config.mailboxes {
            let account = account(mailbox)?;
            let (ledger, desk, stop) = (self.ledger(), self.desk(), stop.clone());
            watchers.spawn(async move { intake::watch(&account, &ledger, &desk, stop).await });
        }
        for DropFolder { folder, mailbox } in &self.config.drop_folders {
            let drop = intake::DropFolder { folder: folder.clone(), mailbox: mailbox.clone() };
            let (desk, stop) = (self.desk(), stop.clone());
            watchers.spawn(async move { intake::watch_drop_folder(&drop, &desk, stop).await });
        }
        while let Some(ended) = watchers.join_next().await {
            ended.context("a watcher failed")?;
            if !*stop.borrow() {
                bail!("a watcher ended although nobody stopped it");
            }
        }
        Ok(())
    }

    /// Tries every configured mailbox: login and folders; a line for each thing tried.
    pub async fn try_mailboxes(&self) -> Vec<(MailboxId, Vec<CheckLine>)> {
        let mut answers = Vec::new();
        for mailbox in &self.config.mailboxes {
            let tried = match account(mailbox) {
                Ok(account) => intake::check_account(&account).await,
                Err(fault) => {
                    vec![CheckLine { ok: false, text: format!("mailbox {}: {fault:#}", mailbox.address) }]
                }
            };
            answers.push((mailbox.address.clone(), tried));
        }
        answers
    }

    fn desk(&self) -> Desk {
        Desk { pipeline: self.pipeline(), told: Mutex::default() }
    }

    fn ledger(&self) -> Ledger {
        Ledger { store: self.store.clone() }
    }
}

/// Reads the trusted certificates of a folder; a folder that is not there trusts nobody.
fn read_trust(folder: &Path) -> anyhow::Result<(Trust, Vec<TrustFault>)> {
    let mut files = Vec::new();
    if folder.is_dir() {
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read the trust folder {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let certificate = path.extension().is_some_and(|extension| {
                ["cer", "crt", "pem", "der", "p7b"].iter().any(|known| extension.eq_ignore_ascii_case(known))
            });
            if certificate && path.is_file() {
                let bytes =
                    std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                files.push((path.display().to_string(), bytes));
            }
        }
    }
    files.sort();
    Ok(Trust::from_files(files.into_iter()))
}

/// A configured mailbox as the intake wants it.
fn account(mailbox: &Mailbox) -> anyhow::Result<Account> {
    let ca = match &mailbox.ca_file {
        Some(path) => {
            let pem =
                std::fs::read(path).with_context(|| format!("cannot read ca_file {}", path.display()))?;
            let certificates = openssl::x509::X509::stack_from_pem(&pem)
                .with_context(|| format!("ca_file {} holds no PEM certificates", path.display()))?;
            certificates.iter().map(|certificate| certificate.to_der()).collect::<Result<Vec<_>, _>>()?
        }
        None => Vec::new(),
    };
    Ok(Account {
        mailbox: mailbox.address.clone(),
        host: mailbox.host.clone(),
        port: mailbox.port,
        security: match mailbox.security {
            Security::Tls => intake::Security::Tls,
            Security::Starttls => intake::Security::StartTls,
            Security::None => intake::Security::PlainLoopbackOnly,
        },
        login: mailbox.login.clone(),
        password: mailbox.password.clone(),
        folders: mailbox.folders.clone(),
        after_filing: match &mailbox.after {
            After::Nothing => AfterFiling::Nothing,
            After::Move(folder) => AfterFiling::Move(folder.clone()),
            After::Keyword(flag) => AfterFiling::Keyword(flag.clone()),
        },
        poll: mailbox.poll,
        ca,
        letter_bytes_hard_max: intake::LETTER_BYTES_HARD_MAX,
    })
}

/// Where the intake hands its letters in: the pipeline.
struct Desk {
    pipeline: Pipeline,
    /// Letters too large to be taken that were told of: the log says it once, not in every round.
    told: Mutex<HashSet<Source>>,
}

impl intake::Desk for Desk {
    async fn take(&self, mail: RawMail) -> Result<Outcome, PortError> {
        self.pipeline.process(mail).await.map_err(|fault| match &fault {
            // Each letter would wait for the lock as long as this one.
            NotFiled::Store(StoreError::Locked { .. }) => PortError::for_any_letter(fault),
            NotFiled::Store(store) if !store.retry() => PortError::lasting(fault),
            NotFiled::Store(_) | NotFiled::Letter(_) => PortError::passing(fault),
        })
    }

    async fn cannot_take(&self, letter: TooLarge) -> Result<(), PortError> {
        let TooLarge { mailbox, source, bytes, bytes_max, .. } = letter;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if !told.insert(source.clone()) {
            return Ok(());
        }
        let place = place(&source);
        tracing::error!(%mailbox, place, bytes, bytes_max, "a letter is too large to be taken; it stays in its folder: save it by hand");
        Ok(())
    }
}

/// Where a letter lies, for the log: a file's name may be a visitor's, so its size must do to find it.
fn place(source: &Source) -> String {
    match source {
        Source::Imap { .. } => source.place(),
        Source::DropFolder { .. } => "a file in a drop folder".to_owned(),
    }
}

/// Where the intake asks what is accounted for: the store.
struct Ledger {
    store: Store,
}

impl intake::Ledger for Ledger {
    async fn unaccounted(
        &self,
        mailbox: &MailboxId,
        account: &str,
        folder: &str,
        uid_validity: u32,
        uids: Vec<u32>,
    ) -> Result<Vec<u32>, PortError> {
        let left = self.store.unaccounted(mailbox, account, folder, uid_validity, &uids).await;
        left.map_err(PortError::passing)
    }

    async fn filed(
        &self,
        mailbox: &MailboxId,
        account: &str,
        folder: &str,
        uid_validity: u32,
        uids: Vec<u32>,
    ) -> Result<Vec<u32>, PortError> {
        let filed = self.store.filed_uids(mailbox, account, folder, uid_validity, &uids).await;
        filed.map_err(PortError::passing)
    }
}
