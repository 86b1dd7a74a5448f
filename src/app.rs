//! Configuration → live parts and the tasks that run them; the only place where parts are wired together.

mod evidence;
mod reading;
mod web;

use std::collections::{BTreeMap, HashSet};
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::sync::watch::Receiver;

use crate::assessing::Assessing;
use crate::config::{After, Config, DropFolder, Mailbox, Security, Smtp};
use crate::evidence::Fetcher;
use crate::health::{self, Health, Keeper, MailAlarm, Telling};
use crate::intake::{
    self, Account, AfterFiling, CheckLine, IntakeError, PortError, RoundReport, Stock, TooLarge, Witness,
};
use crate::judging;
use crate::mailer;
use crate::model::{Clock, Digest, ImapFolder, MailboxId, Outcome, RawMail, Source, Standing, Timestamp};
use crate::parse;
use crate::pipeline::{NotFiled, Pipeline, Rules};
use crate::previews::Previews;
use crate::reading::TemplateError;
use crate::relighting::Relighting;
use crate::reminders::Reminders;
use crate::rereading::Rereading;
use crate::reverify::Reverify;
use crate::store::{Store, StoreError};
use crate::supervise::Pulse;
use crate::templates_folder::TemplateFiles;
use crate::tidings::Tidings;
use crate::transcribing::Transcriber;
use crate::trust_folder::TrustFiles;
use crate::verify::{Trust, TrustFault};

pub use evidence::{StoreShelf, settings as evidence_settings};
pub use reading::settings as reader_settings;

/// The live parts of an installation.
pub struct App {
    config: Config,
    store: Store,
    trust: Arc<Trust>,
    trust_faults: Vec<TrustFault>,
    trust_digest: Digest,
    clock: Arc<dyn Clock>,
    health: Health,
    evidence: Option<Arc<Fetcher<StoreShelf>>>,
    evidence_digest: Digest,
    transcriber: Transcriber,
    template_faults: Vec<TemplateError>,
    templates_digest: Digest,
    reader_digest: Digest,
}

/// Something that a daemon keeps running.
pub struct Job {
    /// What it was set up with, in one digest: when that changes, it begins anew.
    pub settings: Digest,
    /// Its name on the board of health, for what is watched there.
    pub watched: Option<String>,
    /// How long it may show no sign of life.
    pub silence_max: Duration,
    /// Makes the task.
    pub start: Box<dyn Fn(Arc<Pulse>, Receiver<bool>) -> Task + Send + Sync>,
}

/// A job's task.
pub type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How long a watcher may show no sign of life: its longest wait for a server's answer, and then some minutes in which
/// the largest letter is filed by a slow disk.
const SILENCE_MAX: Duration = intake::SILENT_MAX.saturating_add(Duration::from_secs(10 * 60));

/// The same for the reminders, which pass once an hour and wait for a mail server in between.
const REMINDERS_SILENCE_MAX: Duration = Duration::from_secs(3 * 60 * 60);

/// The same for judging again: five hundred letters that each wait for evidence.
const REVERIFY_SILENCE_MAX: Duration = Duration::from_secs(60 * 60);

/// The same for making lights anew: a step is a transaction of fifty letters, a busy disk's worst.
const RELIGHTING_SILENCE_MAX: Duration = Duration::from_secs(10 * 60);

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
        let health = Health::new(Arc::clone(&clock));
        Self::over(store, config, clock, health, None)
    }

    /// The same installation with another configuration; the store stays the one that is open.
    ///
    /// # Errors
    /// When the trust folder cannot be read.
    pub fn again(&self, config: Config) -> anyhow::Result<Self> {
        let (clock, health) = (Arc::clone(&self.clock), self.health.clone());
        Self::over(self.store.clone(), config, clock, health, Some(self))
    }

    fn over(
        store: Store,
        config: Config,
        clock: Arc<dyn Clock>,
        health: Health,
        before: Option<&Self>,
    ) -> anyhow::Result<Self> {
        let files = TrustFiles::of(&config.trust)?;
        let trust_digest = files.digest();
        let (trust, trust_faults) = match before {
            // A trusted list of ten megabytes is not read again every minute.
            Some(before) if before.trust_digest == trust_digest => {
                (Arc::clone(&before.trust), before.trust_faults.clone())
            }
            _ => {
                let (trust, mut faults) = files.read();
                // That nothing is trusted shows in the anchors; here are the files that are of no use.
                faults.retain(|fault| !matches!(fault, TrustFault::NoAnchors));
                (Arc::new(trust), faults)
            }
        };
        let age = config.policy.signatures.revocation_age_seconds_max;
        let evidence_digest = Digest::of(format!("{} {age:?}", config.evidence.fingerprint()).as_bytes());
        // The same fetcher while its settings stay: what is under way and which hosts fail is known to it alone.
        let evidence = match before {
            Some(before) if before.evidence_digest == evidence_digest => before.evidence.clone(),
            _ => evidence::fetcher(&config, &store, &clock)?,
        };
        let reader_digest = config.reader.fingerprint();
        // The same children while their settings stay.
        let files = TemplateFiles::of(&config.reader.templates)?;
        let templates_digest = files.digest();
        let (transcriber, template_faults) = match before {
            Some(before)
                if before.reader_digest == reader_digest && before.templates_digest == templates_digest =>
            {
                (before.transcriber.clone(), before.template_faults.clone())
            }
            _ => {
                let (templates, faults) = files.read();
                let templates = Arc::new(templates);
                let same = before.filter(|before| before.reader_digest == reader_digest);
                let transcriber = match same {
                    Some(before) => before.transcriber.by_templates(templates),
                    None => reading::transcriber(&config, &store, templates),
                };
                (transcriber, faults)
            }
        };
        store.assess_by(Arc::new(Assessing(config.light.clone())));
        Ok(Self {
            config,
            store,
            trust,
            trust_faults,
            trust_digest,
            clock,
            health,
            evidence,
            evidence_digest,
            transcriber,
            template_faults,
            templates_digest,
            reader_digest,
        })
    }

    /// Whoever reads copies.
    #[must_use]
    pub fn transcriber(&self) -> &Transcriber {
        &self.transcriber
    }

    /// Shows pages of filed copies.
    #[must_use]
    pub fn previews(&self) -> Previews {
        Previews { store: self.store.clone(), transcriber: self.transcriber.clone(), rules: self.rules() }
    }

    /// Reads copies that are filed and not read, or could be read better.
    #[must_use]
    pub fn rereading(&self, rules: &Rules) -> Rereading {
        Rereading {
            store: self.store.clone(),
            transcriber: self.transcriber.clone(),
            rules: rules.clone(),
            clock: Arc::clone(&self.clock),
        }
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

    /// What is of no use in the folder of templates.
    #[must_use]
    pub fn template_faults(&self) -> &[TemplateError] {
        &self.template_faults
    }

    /// What copies are read by, in one digest.
    fn reading_digest(&self) -> Digest {
        Digest::of(format!("{} {}", self.reader_digest, self.templates_digest).as_bytes())
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How far a letter is looked into.
    #[must_use]
    pub fn limits(&self) -> parse::Limits {
        parse::Limits {
            letter_bytes_max: usize::try_from(self.config.policy.letter_bytes_max).unwrap_or(usize::MAX),
            ..parse::Limits::default()
        }
    }

    /// What letters are judged by: the trusted certificates and the limits of the policy.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let limits = self.limits();
        Rules::new(Arc::clone(&self.trust), self.config.policy.signatures.clone(), limits)
            .with_digest(self.rules_digest())
    }

    /// What the rules come from, in one digest: they change when it does.
    #[must_use]
    pub fn rules_digest(&self) -> Digest {
        Digest::of(format!("{} {:?}", self.trust_digest, self.config.policy).as_bytes())
    }

    /// The journey of letters through these parts.
    #[must_use]
    pub fn pipeline(&self, rules: Rules) -> Pipeline {
        Pipeline::new(self.store.clone(), rules, Arc::clone(&self.clock))
            .counting(self.health.clone())
            .asking(self.source())
            .reading(Some(self.transcriber.quickly()))
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

    /// Everything that a daemon keeps running, by its name for the log.
    #[must_use]
    pub fn jobs(&self, rules: &Rules) -> BTreeMap<String, Job> {
        let mut jobs = BTreeMap::new();
        for mailbox in &self.config.mailboxes {
            jobs.insert(format!("mailbox {}", mailbox.address), self.mailbox_job(mailbox, rules));
        }
        for drop_folder in &self.config.drop_folders {
            let name = format!("drop folder {}", drop_folder.folder.display());
            jobs.insert(name, self.drop_folder_job(drop_folder, rules));
        }
        jobs.insert("incidents".to_owned(), self.incidents_job());
        if self.config.evidence.review_days > 0 {
            jobs.insert("verdicts judged again".to_owned(), self.reverify_job(rules));
        }
        jobs.insert("copies read again".to_owned(), self.rereading_job(rules));
        jobs.insert("lights made anew".to_owned(), self.relighting_job());
        if let Some(fetcher) = &self.evidence {
            jobs.insert("evidence ahead".to_owned(), self.evidence_job(fetcher));
        }
        if let Some(address) = self.config.health.listen {
            jobs.insert("health port".to_owned(), self.health_port_job(address));
        }
        if let Some(settings) = self.web_settings() {
            jobs.insert("pages".to_owned(), self.pages_job(settings, rules));
        }
        if let Some(smtp) = &self.config.smtp {
            jobs.insert("reminders".to_owned(), self.reminders_job(smtp));
            jobs.insert("tidings".to_owned(), self.tidings_job(smtp, rules));
        }
        jobs
    }

    /// Judges verdicts again.
    #[must_use]
    pub fn reverify(&self, rules: &Rules) -> Reverify {
        Reverify {
            store: self.store.clone(),
            rules: rules.clone(),
            source: self.source(),
            days: self.config.evidence.review_days,
            clock: Arc::clone(&self.clock),
            health: self.health.clone(),
        }
    }

    fn reverify_job(&self, rules: &Rules) -> Job {
        let reverify = self.reverify(rules);
        let settings = (self.evidence_digest, reverify.days);
        Job {
            settings: Digest::of(format!("{settings:?}").as_bytes()),
            watched: None,
            silence_max: REVERIFY_SILENCE_MAX,
            start: Box::new(move |pulse, stop| {
                let reverify = reverify.clone();
                Box::pin(async move { reverify.run(stop, || pulse.beat()).await })
            }),
        }
    }

    /// Makes lights anew where the rules changed.
    #[must_use]
    pub fn relighting(&self) -> Relighting {
        Relighting { store: self.store.clone(), clock: Arc::clone(&self.clock) }
    }

    fn relighting_job(&self) -> Job {
        let relighting = self.relighting();
        Job {
            settings: Digest::of(b"lights"),
            watched: None,
            silence_max: RELIGHTING_SILENCE_MAX,
            start: Box::new(move |pulse, stop| {
                let relighting = relighting.clone();
                Box::pin(async move { relighting.run(stop, || pulse.beat()).await })
            }),
        }
    }

    fn rereading_job(&self, rules: &Rules) -> Job {
        let rereading = self.rereading(rules);
        Job {
            settings: self.reading_digest(),
            watched: None,
            silence_max: reading::SILENCE_MAX,
            start: Box::new(move |pulse, stop| {
                let rereading = rereading.clone();
                Box::pin(async move { rereading.run(stop, || pulse.beat()).await })
            }),
        }
    }

    /// Has what is on the shelf renewed before it ends.
    fn evidence_job(&self, fetcher: &Arc<Fetcher<StoreShelf>>) -> Job {
        let (fetcher, store, clock) = (Arc::clone(fetcher), self.store.clone(), Arc::clone(&self.clock));
        Job {
            settings: self.evidence_digest,
            watched: None,
            silence_max: REVERIFY_SILENCE_MAX,
            start: Box::new(move |pulse, stop| {
                let (fetcher, store, clock) = (Arc::clone(&fetcher), store.clone(), Arc::clone(&clock));
                Box::pin(async move {
                    evidence::look_ahead(&fetcher, &store, &*clock, stop, || pulse.beat()).await;
                })
            }),
        }
    }

    /// What a letter's journey is set up with, beside its rules.
    fn journey_digest(&self) -> Digest {
        Digest::of(format!("{} {}", self.evidence_digest, self.reading_digest()).as_bytes())
    }

    fn source(&self) -> Option<Arc<dyn judging::Source>> {
        self.evidence.clone().map(|fetcher| fetcher as Arc<dyn judging::Source>)
    }

    /// Counts silence and raises the alarm.
    fn incidents_job(&self) -> Job {
        let (health, store) = (self.health.clone(), self.store.clone());
        let telling = match self.reminders() {
            Ok(Some(Reminders { store, post, domain, .. })) => {
                Telling::Mail(MailAlarm { store, post, domain })
            }
            Ok(None) => Telling::Log,
            Err(fault) => Telling::Broken(format!("{fault:#}")),
        };
        let smtp = self.config.smtp.as_ref().map(Smtp::fingerprint);
        Job {
            settings: Digest::of(format!("{smtp:?}").as_bytes()),
            watched: None,
            silence_max: Duration::MAX,
            start: Box::new(move |_, stop| {
                Box::pin(Keeper::new(health.clone(), store.clone(), telling.clone()).run(stop))
            }),
        }
    }

    /// The port for monitoring programs.
    fn health_port_job(&self, address: SocketAddr) -> Job {
        let (health, store) = (self.health.clone(), self.store.clone());
        Job {
            settings: Digest::of(address.to_string().as_bytes()),
            watched: None,
            silence_max: Duration::MAX,
            start: Box::new(move |_, stop| {
                Box::pin(health::serve(address, health.clone(), store.clone(), stop))
            }),
        }
    }

    fn reminders_job(&self, smtp: &Smtp) -> Job {
        self.mailing_job(smtp, "reminders", self.reminders(), |reminders, pulse, stop| {
            Box::pin(async move { reminders.run(stop, || pulse.beat()).await })
        })
    }

    fn tidings_job(&self, smtp: &Smtp, rules: &Rules) -> Job {
        self.mailing_job(smtp, "tidings", self.tidings(rules), |tidings, pulse, stop| {
            Box::pin(async move { tidings.run(stop, || pulse.beat()).await })
        })
    }

    /// Runs who sends mails; where they cannot be made, the log says so.
    fn mailing_job<S: Clone + Send + Sync + 'static>(
        &self,
        smtp: &Smtp,
        name: &'static str,
        sender: anyhow::Result<Option<S>>,
        run: fn(S, Arc<Pulse>, Receiver<bool>) -> Task,
    ) -> Job {
        let sender = sender.map_err(|fault| format!("{fault:#}"));
        Job {
            settings: Digest::of(format!("{} {:?}", smtp.fingerprint(), self.config.ladder).as_bytes()),
            watched: None,
            silence_max: REMINDERS_SILENCE_MAX,
            start: Box::new(move |pulse, stop| match sender.clone() {
                Ok(Some(sender)) => run(sender, pulse, stop),
                Ok(None) => Box::pin(async {}),
                Err(fault) => Box::pin(async move { tracing::error!("{name}: {fault}") }),
            }),
        }
    }

    fn mailbox_job(&self, mailbox: &Mailbox, rules: &Rules) -> Job {
        let (settings, desk, ledger) = (mailbox.clone(), self.desk(rules), self.ledger());
        let (health, patience) = (self.health.clone(), self.patience(mailbox.poll));
        Job {
            settings: Digest::of(
                format!("{} {patience:?} {}", mailbox.fingerprint(), self.journey_digest()).as_bytes(),
            ),
            watched: Some(mailbox.address.to_string()),
            silence_max: SILENCE_MAX,
            start: Box::new(move |pulse, stop| {
                let (settings, desk, ledger) = (settings.clone(), desk.clone(), ledger.clone());
                let witness = heard(health.watching(settings.address.as_str(), patience), pulse);
                Box::pin(async move {
                    match account(&settings) {
                        Ok(account) => intake::watch(&account, &ledger, &*desk, &witness, stop).await,
                        Err(fault) => tracing::error!("mailbox {}: {fault:#}", settings.address),
                    }
                })
            }),
        }
    }

    fn drop_folder_job(&self, DropFolder { folder, mailbox }: &DropFolder, rules: &Rules) -> Job {
        let watched = intake::DropFolder { folder: folder.clone(), mailbox: mailbox.clone() };
        let name = format!("drop folder {}", folder.display());
        let (desk, health, patience) = (self.desk(rules), self.health.clone(), self.config.health.silence);
        Job {
            settings: Digest::of(format!("{watched:?} {patience:?} {}", self.journey_digest()).as_bytes()),
            watched: Some(name.clone()),
            silence_max: SILENCE_MAX,
            start: Box::new(move |pulse, stop| {
                let (watched, desk) = (watched.clone(), desk.clone());
                let witness = heard(health.watching(&name, patience), pulse);
                Box::pin(async move { intake::watch_drop_folder(&watched, &*desk, &witness, stop).await })
            }),
        }
    }

    /// What is known of the daemon's health.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// For how long a mailbox may be silent: as configured, but for three of its rounds at the least.
    fn patience(&self, poll: Duration) -> Duration {
        self.config.health.silence.max(poll * 3)
    }

    /// Tries every configured mailbox: login and folders; a line for each thing tried.
    pub async fn try_mailboxes(&self) -> Vec<(MailboxId, Vec<CheckLine>)> {
        try_mailboxes(&self.config).await
    }

    /// Lays what the server holds beside what is accounted for: of one mailbox, or of all.
    ///
    /// # Errors
    /// When that mailbox is not configured. A mailbox that cannot be read is an answer.
    pub async fn take_stock(
        &self,
        only: Option<&MailboxId>,
    ) -> anyhow::Result<Vec<(MailboxId, anyhow::Result<Stock>)>> {
        let asked = |mailbox: &&Mailbox| only.is_none_or(|only| *only == mailbox.address);
        let mailboxes: Vec<&Mailbox> = self.config.mailboxes.iter().filter(asked).collect();
        if let (Some(only), true) = (only, mailboxes.is_empty()) {
            bail!("{} has no [[mailbox]] with the address {only}", self.config.file.display());
        }
        let mut answers = Vec::new();
        for mailbox in mailboxes {
            let stock = match account(mailbox) {
                Ok(account) => intake::take_stock(&account, &self.ledger()).await.map_err(Into::into),
                Err(fault) => Err(fault),
            };
            answers.push((mailbox.address.clone(), stock));
        }
        Ok(answers)
    }

    /// Reminding of codes through the configured SMTP server; none without one.
    ///
    /// # Errors
    /// When its `ca_file` cannot be read.
    pub fn reminders(&self) -> anyhow::Result<Option<Reminders<mailer::Smtp>>> {
        let Some(smtp) = &self.config.smtp else { return Ok(None) };
        let post = mailer::Smtp::new(mailer::Account {
            host: smtp.host.clone(),
            port: smtp.port,
            security: match smtp.security {
                Security::Tls => mailer::Security::Tls,
                Security::Starttls => mailer::Security::StartTls,
                Security::None => mailer::Security::PlainLoopbackOnly,
            },
            login: smtp.login.clone(),
            from: smtp.from.clone(),
            ca: authorities(smtp.ca_file.as_deref())?,
        });
        Ok(Some(Reminders {
            store: self.store.clone(),
            domain: post.domain().to_owned(),
            post,
            ladder: self.config.ladder.clone(),
            clock: Arc::clone(&self.clock),
        }))
    }

    /// Telling of changed verdicts and of anchors that end, through the same server; none without one.
    ///
    /// # Errors
    /// As [`App::reminders`].
    pub fn tidings(&self, rules: &Rules) -> anyhow::Result<Option<Tidings<mailer::Smtp>>> {
        let Some(Reminders { store, post, ladder, domain, clock }) = self.reminders()? else {
            return Ok(None);
        };
        let (rules, from_hour) = (rules.clone(), ladder.from_hour);
        Ok(Some(Tidings { store, post, rules, from_hour, domain, clock }))
    }

    fn desk(&self, rules: &Rules) -> Arc<Desk> {
        Arc::new(Desk { pipeline: self.pipeline(rules.clone()), told: Mutex::default() })
    }

    fn ledger(&self) -> Ledger {
        Ledger { store: self.store.clone() }
    }
}

/// Tries the mailboxes of a configuration, all at the same time; a line for each thing tried.
pub async fn try_mailboxes(config: &Config) -> Vec<(MailboxId, Vec<CheckLine>)> {
    let tried = config.mailboxes.iter().map(async |mailbox| {
        let lines = match account(mailbox) {
            Ok(account) => intake::check_account(&account).await,
            Err(fault) => {
                vec![CheckLine { ok: false, text: format!("mailbox {}: {fault:#}", mailbox.address) }]
            }
        };
        (mailbox.address.clone(), lines)
    });
    futures_util::future::join_all(tried).await
}

/// The certificates (DER) of a `ca_file`.
fn authorities(ca_file: Option<&Path>) -> anyhow::Result<Vec<Vec<u8>>> {
    let Some(path) = ca_file else { return Ok(Vec::new()) };
    let pem = std::fs::read(path).with_context(|| format!("cannot read ca_file {}", path.display()))?;
    let certificates = openssl::x509::X509::stack_from_pem(&pem)
        .with_context(|| format!("ca_file {} holds no PEM certificates", path.display()))?;
    Ok(certificates.iter().map(|certificate| certificate.to_der()).collect::<Result<Vec<_>, _>>()?)
}

/// A configured mailbox as the intake wants it.
fn account(mailbox: &Mailbox) -> anyhow::Result<Account> {
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
        ca: authorities(mailbox.ca_file.as_deref())?,
        letter_bytes_hard_max: intake::LETTER_BYTES_HARD_MAX,
    })
}

/// A watcher's signs of life, for the board of health and for the supervisor.
struct Heard {
    board: Arc<dyn Witness>,
    pulse: Arc<Pulse>,
}

fn heard(board: Arc<dyn Witness>, pulse: Arc<Pulse>) -> Arc<dyn Witness> {
    Arc::new(Heard { board, pulse })
}

impl Witness for Heard {
    fn alive(&self) {
        self.pulse.beat();
        self.board.alive();
    }

    fn taken(&self) {
        self.pulse.beat();
        self.board.taken();
    }

    fn round(&self, result: Result<&RoundReport, &IntakeError>) {
        self.pulse.beat();
        self.board.round(result);
    }
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
        let place = crate::pipeline::place(&source);
        tracing::error!(%mailbox, place, bytes, bytes_max, "a letter is too large to be taken; it stays in its folder: save it by hand");
        Ok(())
    }
}

/// Where the intake asks what is accounted for: the store.
#[derive(Clone)]
struct Ledger {
    store: Store,
}

impl intake::Ledger for Ledger {
    async fn unaccounted(&self, folder: &ImapFolder, uids: Vec<u32>) -> Result<Vec<u32>, PortError> {
        let left = self.store.unaccounted(folder, &uids).await;
        left.map_err(PortError::passing)
    }

    async fn filed(&self, folder: &ImapFolder, uids: Vec<u32>) -> Result<Vec<u32>, PortError> {
        let filed = self.store.filed_uids(folder, &uids).await;
        filed.map_err(PortError::passing)
    }
}

impl intake::Books for Ledger {
    async fn standings(
        &self,
        folder: &ImapFolder,
        uids: Vec<u32>,
    ) -> Result<Vec<(u32, Standing)>, PortError> {
        self.store.standings(folder, &uids).await.map_err(PortError::passing)
    }

    async fn accounted_below(&self, folder: &ImapFolder, below: u32) -> Result<u64, PortError> {
        self.store.accounted_below(folder, below).await.map_err(PortError::passing)
    }
}
