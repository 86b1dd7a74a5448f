//! The live parts → watchers kept running, and kept in step with the files that they were set up by.
//!
//! A changed configuration begins anew what changed and nothing else; one that is not right is refused and the old one
//! stays. Changed certificates in the trust folder count from the next letter on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;
use tokio::sync::watch::{self, Receiver, Sender};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, sleep, timeout};

use crate::app::{App, Job};
use crate::config::{Config, Environment, load};
use crate::health::Health;
use crate::model::KyivDay;
use crate::pipeline::Rules;
use crate::service_manager::ServiceManager;
use crate::supervise;
use crate::trust_folder::{LIST_SIGNERS, remarks};

/// How long the files must rest before they are read: editors write in several steps.
const SETTLE: Duration = Duration::from_millis(300);

/// How long the store may take to close.
const CLOSE_MAX: Duration = Duration::from_millis(300);

/// How often the files are read although nothing was noticed: events are hints, and some file systems have none.
const REREAD: Duration = Duration::from_secs(60);

/// How often the loop turns when no service manager asks for signs of life.
const TURN: Duration = Duration::from_secs(10);

/// A daemon that is ready to run.
pub struct Daemon {
    app: App,
    environment: Environment,
    manager: ServiceManager,
}

/// A job that runs.
struct Running {
    job: Arc<Job>,
    stopper: Sender<bool>,
    keeper: JoinHandle<()>,
}

impl Daemon {
    /// A daemon over these parts; `environment` is what a changed configuration is read with.
    #[must_use]
    pub fn new(app: App, environment: Environment, manager: ServiceManager) -> Self {
        Self { app, environment, manager }
    }

    /// Runs until `stop` turns true: then every task is told, and what does not end within
    /// [`supervise::FAREWELL`] is cut short.
    ///
    /// # Errors
    /// When another daemon works on the same store.
    pub async fn run(mut self, mut stop: Receiver<bool>) -> anyhow::Result<()> {
        let _the_only_one = self.app.store().be_the_daemon()?;
        let rules = self.app.rules();
        let mut running = BTreeMap::new();
        let noticed = Arc::new(Notify::new());
        let mut eyes = watch_files(self.app.config(), &noticed);
        self.tell();
        let mut told_on = KyivDay::of(self.app.now());
        step(&mut running, self.app.jobs(&rules), self.app.health()).await;
        let mut refused = String::new();
        let mut turn = interval(self.manager.beat().unwrap_or(TURN));
        turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut reread = interval_at(Instant::now() + REREAD, REREAD);
        reread.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.manager.ready();
        loop {
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                _ = turn.tick() => { self.manager.alive(); continue }
                () = noticed.notified() => sleep(SETTLE).await,
                _ = reread.tick() => {}
            }
            if self.reload(&rules, &mut running, &mut refused).await {
                eyes = watch_files(self.app.config(), &noticed);
            }
            let today = KyivDay::of(self.app.now());
            if today != told_on {
                self.tell_of_trust();
                told_on = today;
            }
        }
        drop(eyes);
        self.manager.stopping();
        step(&mut running, BTreeMap::new(), self.app.health()).await;
        // A store that is not closed in order is whole too; a statement that waits for a lock must not hold the end up.
        let _ = timeout(CLOSE_MAX, self.app.store().close()).await;
        Ok(())
    }

    /// Reads the configuration again and takes over what changed; whether anything did.
    async fn reload(
        &mut self,
        rules: &Rules,
        running: &mut BTreeMap<String, Running>,
        refused: &mut String,
    ) -> bool {
        let file = self.app.config().file.clone();
        let read =
            load(&file, &self.environment).map_err(anyhow::Error::from).and_then(|new| self.app.again(new));
        let new = match read {
            Ok(new) => new,
            Err(fault) => {
                let why = format!("{fault:#}");
                if *refused != why {
                    tracing::error!("the changed configuration is refused, the old one stays: {why}");
                    self.manager.status("the changed configuration is refused, the old one stays");
                    *refused = why;
                }
                return false;
            }
        };
        if !refused.is_empty() {
            tracing::info!("the configuration is right again");
            refused.clear();
        }
        if new.config().store != self.app.config().store {
            tracing::error!("store.folder changed: restart the daemon to use another store; this one stays");
        }
        let rules_changed = new.rules_digest() != self.app.rules_digest();
        let wanted = new.jobs(rules);
        let jobs_changed = wanted.len() != running.len()
            || wanted
                .iter()
                .any(|(name, job)| running.get(name).is_none_or(|old| old.job.settings != job.settings));
        if !rules_changed && !jobs_changed {
            self.app = new;
            return false;
        }
        self.app = new;
        if rules_changed {
            rules.become_those_of(&self.app.rules());
            tracing::info!(
                anchors = self.app.trust().anchors().count(),
                "the trusted certificates or limits changed; the next letter is judged by the new ones"
            );
        }
        self.tell();
        step(running, wanted, self.app.health()).await;
        self.manager.status("watching");
        true
    }

    /// What should be mended, and what is watched.
    fn tell(&self) {
        let config = self.app.config();
        for warning in &config.warnings {
            tracing::warn!("{warning}");
        }
        for fault in self.app.template_faults() {
            tracing::warn!("{fault}");
        }
        self.tell_of_trust();
        let anchors = self.app.trust().anchors().count();
        if config.mailboxes.is_empty() && config.drop_folders.is_empty() {
            tracing::warn!(
                "{} names no [[mailbox]] and no [[drop_folder]]: nothing is watched",
                config.file.display()
            );
        }
        tracing::info!(
            mailboxes = config.mailboxes.len(),
            drop_folders = config.drop_folders.len(),
            anchors,
            "watching"
        );
    }

    /// What of the trust folder is of no use, has ended or will end soon: at the start, after a change, and once a day,
    /// for anchors end while nothing changes.
    fn tell_of_trust(&self) {
        let trust = self.app.trust();
        for remark in remarks(trust, self.app.trust_faults(), self.app.now()) {
            tracing::warn!(days = remark.days, "trust: {}", remark.text);
        }
        let anchors = trust.entries().filter(|entry| entry.trusted_for.is_some());
        let ends = anchors
            .map(|entry| (entry.facts.fingerprint, entry.facts.subject.clone(), entry.facts.not_after));
        self.app.health().trusting(ends.collect());
        if trust.anchors().next().is_none() {
            let folder = self.app.config().trust.display();
            tracing::warn!(%folder, "no trust anchor: every signature will be INDETERMINATE");
        }
    }
}

/// Makes what runs equal to what should: what is gone or changed is stopped, what is new or changed is started, the rest
/// is left alone.
async fn step(running: &mut BTreeMap<String, Running>, wanted: BTreeMap<String, Job>, health: &Health) {
    let stays =
        |name: &String, old: &Running| wanted.get(name).is_some_and(|job| job.settings == old.job.settings);
    let leaving: Vec<String> =
        running.iter().filter(|(name, old)| !stays(name, old)).map(|(name, _)| name.clone()).collect();
    let leaving: Vec<(String, Running)> =
        leaving.into_iter().filter_map(|name| running.remove_entry(&name)).collect();
    for (_, old) in &leaving {
        old.stopper.send_replace(true);
    }
    for (name, old) in leaving {
        if old.keeper.await.is_err() {
            tracing::error!("{name}: its keeper failed by a fault of the program");
        }
        tracing::info!("{name}: stopped");
        if let (Some(watched), false) = (&old.job.watched, wanted.contains_key(&name)) {
            health.forget(watched);
        }
    }
    for (name, job) in wanted {
        running.entry(name).or_insert_with_key(|name| begin(name.clone(), job));
    }
}

fn begin(name: String, job: Job) -> Running {
    let (stopper, stop) = watch::channel(false);
    let job = Arc::new(job);
    let kept = Arc::clone(&job);
    let keeper = tokio::spawn(async move {
        let stop_of_task = stop.clone();
        supervise::keep(&name, kept.silence_max, stop, |pulse| (kept.start)(pulse, stop_of_task.clone()))
            .await;
    });
    Running { job, stopper, keeper }
}

/// Notices changes beside the configuration's file, its `ca_file`s' and secrets' usual place, and in the trust folder.
fn watch_files(config: &Config, noticed: &Arc<Notify>) -> Option<RecommendedWatcher> {
    let noticed = Arc::clone(noticed);
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading is no change, and the store may lie beside the configuration.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            noticed.notify_one();
        }
    });
    let mut watcher = watcher.ok()?;
    let beside =
        config.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The folder of list signers is made with the first of them.
    let signers = config.trust.join(LIST_SIGNERS);
    let signers = signers.is_dir().then_some(signers.as_path());
    let templates = Some(config.reader.templates.as_path()).filter(|folder| folder.is_dir());
    for folder in [beside, &config.trust].into_iter().chain(signers).chain(templates) {
        if let Err(fault) = watcher.watch(folder, RecursiveMode::NonRecursive) {
            tracing::debug!(%fault, "{}: changes are noticed once a minute only", folder.display());
        }
    }
    Some(watcher)
}
