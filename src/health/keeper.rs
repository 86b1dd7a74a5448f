//! Beats of time → incidents kept in the store, and one notice for the opening and one for the end of each.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::watch::Receiver;

use super::Health;
use super::pulse::{awake, is_due};
use crate::model::{Incident, MailboxId, Silence, Timestamp};
use crate::store::{Store, StoreError};
use crate::supervise::unless_stopped;

/// The longest time between two beats.
const BEAT_MAX: Duration = Duration::from_secs(15);

/// Beats in the shortest patience, so that an incident opens at most a tenth too late.
const BEATS_PER_PATIENCE: u32 = 10;

/// Silence below this is not kept over a restart: a healthy mailbox costs the store nothing.
const KEPT_SILENCE_MIN: Duration = Duration::from_secs(60);

/// Tells people of an incident, by another way than the mailbox that is silent.
pub trait Alarm: Send + Sync {
    /// Hands over the notice that the incident is open or, when `closed_at` is set, that it is over.
    ///
    /// Asked again with every beat until it says `Ok`, and perhaps once more if the program dies in between: who sends
    /// a mail keeps it under mailbox, `opened_at` and whether `closed_at` is set, and sends none twice.
    ///
    /// # Errors
    /// The notice could not be handed over; the text has no personal data.
    fn raise(&self, incident: &Incident) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Counts the silence, keeps the incidents, raises the alarm.
pub struct Keeper<A> {
    health: Health,
    store: Store,
    alarm: A,
    /// Whether an earlier run's knowledge was taken up.
    resumed: bool,
    last_beat: Option<Timestamp>,
    /// What the store has of incidents that are not finished.
    kept: BTreeMap<(String, Timestamp), Incident>,
    /// What the store has of silences (seconds).
    kept_silence: BTreeMap<String, u64>,
    /// Faults that were logged, so that each is logged once.
    said: BTreeSet<String>,
}

impl<A: Alarm> Keeper<A> {
    /// A keeper of what `health` knows.
    pub fn new(health: Health, store: Store, alarm: A) -> Self {
        Self {
            health,
            store,
            alarm,
            resumed: false,
            last_beat: None,
            kept: BTreeMap::new(),
            kept_silence: BTreeMap::new(),
            said: BTreeSet::new(),
        }
    }

    /// Beats until `stop` becomes true (or its sender is gone).
    pub async fn run(mut self, mut stop: Receiver<bool>) {
        while unless_stopped(&mut stop, tokio::time::sleep(self.beat_length())).await.is_some() {
            let now = self.health.now();
            self.beat(now).await;
        }
    }

    /// How long until the next beat.
    #[must_use]
    pub fn beat_length(&self) -> Duration {
        let board = self.health.board();
        let patience = board.pulses.values().map(|pulse| pulse.patience).min().unwrap_or(BEAT_MAX);
        (patience / BEATS_PER_PATIENCE).clamp(Duration::from_millis(100), BEAT_MAX)
    }

    /// One beat: time went by, what changed is kept, and who is to be told is told.
    pub async fn beat(&mut self, now: Timestamp) {
        if !self.resumed {
            let resumed = self.resume(now).await;
            self.resumed = resumed.is_ok();
            self.say("what an earlier run knew of silent mailboxes cannot be read", resumed.err().as_ref());
        }
        let awake = awake(self.last_beat.replace(now), now, self.beat_length());
        let incidents = self.pass(awake, now);
        let kept = self.keep(&incidents).await;
        // Whoever cannot keep an incident tells of it all the same: a full disk is a reason to tell.
        self.say("an incident cannot be kept", kept.err().as_ref());
        for incident in incidents.iter().filter(|incident| is_due(incident)) {
            self.tell(incident, now).await;
        }
    }

    /// Lets time go by for every mailbox; the incidents that last or of whose end nobody was told.
    fn pass(&self, awake: Duration, now: Timestamp) -> Vec<Incident> {
        let mut board = self.health.board();
        let mut incidents = Vec::new();
        for pulse in board.pulses.values_mut() {
            let before = pulse.has_incident();
            pulse.beat(awake, now);
            incidents.extend(pulse.incidents().iter().cloned());
            let minutes = pulse.silent.as_secs() / 60;
            if let Some(incident) = pulse.incidents().last()
                && before != pulse.has_incident()
            {
                let Incident { mailbox, reason, .. } = incident;
                if before {
                    tracing::warn!(mailbox, "the mailbox is read again: the incident is over");
                } else {
                    tracing::error!(mailbox, minutes, reason, "the mailbox is silent: an incident");
                }
            }
        }
        incidents
    }

    /// Takes up what an earlier run of the program knew.
    async fn resume(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let mut incidents: BTreeMap<String, Vec<Incident>> = BTreeMap::new();
        for incident in self.store.unfinished_incidents().await? {
            incidents.entry(incident.mailbox.clone()).or_default().push(incident);
        }
        let silences = self.store.silences().await?;
        let mailboxes: Vec<MailboxId> =
            self.health.board().pulses.keys().filter_map(|name| name.parse().ok()).collect();
        let newest = self.store.newest_filings(&mailboxes).await?;
        {
            let mut board = self.health.board();
            for filing in newest {
                board.newer(filing.mailbox, filing.received_at, filing.filed_at);
            }
            for (name, pulse) in &mut board.pulses {
                let silence = silences.iter().find(|silence| silence.mailbox == *name);
                let incidents = incidents.remove(name).unwrap_or_default();
                self.kept.extend(incidents.iter().map(|incident| (key(incident), incident.clone())));
                pulse.resume(silence, incidents);
            }
        }
        self.kept_silence = silences.iter().map(|s| (s.mailbox.clone(), s.seconds)).collect();
        for incident in incidents.into_values().flatten() {
            self.abandon(incident, now).await?;
        }
        Ok(())
    }

    /// Ends an incident of a mailbox that is watched no longer.
    async fn abandon(&mut self, mut incident: Incident, now: Timestamp) -> Result<(), StoreError> {
        incident.closed_at = incident.closed_at.or(Some(now));
        incident.told_close_at = Some(now);
        self.store.keep_incident(&incident).await?;
        self.kept.remove(&key(&incident));
        tracing::warn!(mailbox = incident.mailbox, "the mailbox is watched no longer: its incident is over");
        Ok(())
    }

    /// Writes down what changed.
    async fn keep(&mut self, incidents: &[Incident]) -> Result<(), StoreError> {
        for incident in incidents {
            if self.kept.get(&key(incident)) != Some(incident) {
                self.store.keep_incident(incident).await?;
                self.kept.insert(key(incident), incident.clone());
            }
        }
        let gone: Vec<Incident> = {
            let board = self.health.board();
            self.kept.values().filter(|kept| !board.pulses.contains_key(&kept.mailbox)).cloned().collect()
        };
        for incident in gone {
            self.abandon(incident, self.last_beat.unwrap_or(Timestamp::MAX)).await?;
        }
        for silence in self.silences() {
            self.store.keep_silence(&silence).await?;
            match silence.seconds {
                0 => self.kept_silence.remove(&silence.mailbox),
                seconds => self.kept_silence.insert(silence.mailbox, seconds),
            };
        }
        Ok(())
    }

    /// Silences that the store does not have like this.
    fn silences(&self) -> Vec<Silence> {
        let board = self.health.board();
        let mut silences: Vec<Silence> = board
            .pulses
            .values()
            .map(|pulse| match pulse.silence() {
                silence if silence.seconds < KEPT_SILENCE_MIN.as_secs() => Silence { seconds: 0, ..silence },
                silence => silence,
            })
            .collect();
        let gone = self.kept_silence.keys().filter(|name| !board.pulses.contains_key(*name));
        silences.extend(gone.map(|name| Silence { mailbox: name.clone(), seconds: 0, last_round_at: None }));
        silences.retain(|silence| {
            self.kept_silence.get(&silence.mailbox).copied().unwrap_or_default() != silence.seconds
        });
        silences
    }

    /// Hands one notice over.
    async fn tell(&mut self, incident: &Incident, now: Timestamp) {
        let raised = self.alarm.raise(incident).await;
        self.say("the notice of an incident cannot be handed over", raised.as_ref().err());
        if raised.is_err() {
            return;
        }
        let told = {
            let mut board = self.health.board();
            board.pulses.get_mut(&incident.mailbox).and_then(|pulse| pulse.told(incident, now))
        };
        let Some(told) = told else { return };
        let kept = self.store.keep_incident(&told).await;
        if kept.is_ok() {
            if told.told_close_at.is_some() {
                self.kept.remove(&key(&told));
            } else {
                self.kept.insert(key(&told), told);
            }
        }
        self.say("that a notice was handed over cannot be kept", kept.err().as_ref());
    }

    /// Logs a fault when it is new.
    fn say(&mut self, what: &str, fault: Option<&impl std::fmt::Display>) {
        let Some(fault) = fault else {
            self.said.retain(|said| !said.starts_with(what));
            return;
        };
        let line = format!("{what}: {fault:#}");
        if !self.said.contains(&line) {
            tracing::error!("{line}; tried again with the next beat");
            self.said.insert(line);
        }
    }
}

fn key(incident: &Incident) -> (String, Timestamp) {
    (incident.mailbox.clone(), incident.opened_at)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::intake::{RoundReport, Witness};
    use crate::model::Clock;

    const NAME: &str = "cnap@example.org";

    /// A clock that a test moves.
    struct Hands(Mutex<Timestamp>);

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }
    }

    /// What was told: whether an incident is over, and when it had been opened.
    #[derive(Clone, Default)]
    struct Told {
        notices: Arc<Mutex<Vec<(bool, Timestamp)>>>,
        refuses: Arc<Mutex<bool>>,
    }

    impl Alarm for Told {
        async fn raise(&self, incident: &Incident) -> anyhow::Result<()> {
            anyhow::ensure!(!*self.refuses.lock().unwrap(), "no route");
            self.notices.lock().unwrap().push((incident.closed_at.is_some(), incident.opened_at));
            Ok(())
        }
    }

    /// A daemon whose hours pass in a moment.
    struct Daemon {
        clock: Arc<Hands>,
        told: Told,
        keeper: Keeper<Told>,
        witness: Arc<dyn Witness>,
    }

    impl Daemon {
        async fn start(folder: &Path, clock: &Arc<Hands>, told: &Told) -> Self {
            let health = Health::new(Arc::clone(clock) as Arc<dyn Clock>);
            let witness = health.watching(NAME, Duration::from_secs(15 * 60));
            let store = Store::open(folder).await.unwrap();
            let keeper = Keeper::new(health, store, told.clone());
            Self { clock: Arc::clone(clock), told: told.clone(), keeper, witness }
        }

        /// So many minutes in which the mailbox is read, or is not.
        async fn minutes(&mut self, minutes: u32, read: bool) {
            for beat in 0..minutes * 4 {
                let now = {
                    let mut now = self.clock.0.lock().unwrap();
                    *now += Duration::from_secs(15);
                    *now
                };
                if read && beat.is_multiple_of(2) {
                    self.witness.round(Ok(&RoundReport::default()));
                }
                self.keeper.beat(now).await;
            }
        }

        async fn restart(self, folder: &Path, off_minutes: u64) -> Self {
            self.keeper.store.close().await;
            *self.clock.0.lock().unwrap() += Duration::from_secs(off_minutes * 60);
            Self::start(folder, &self.clock, &self.told).await
        }

        fn notices(&self) -> Vec<bool> {
            self.told.notices.lock().unwrap().iter().map(|(over, _)| *over).collect()
        }
    }

    async fn daemon() -> (tempfile::TempDir, Daemon) {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hands(Mutex::new("2026-03-15T10:00:00Z".parse().unwrap())));
        let daemon = Daemon::start(dir.path(), &clock, &Told::default()).await;
        (dir, daemon)
    }

    #[tokio::test]
    async fn hours_of_silence_with_restarts_are_one_incident_with_two_notices() {
        let (dir, mut daemon) = daemon().await;
        daemon.minutes(60, true).await;
        assert_eq!(daemon.notices(), [false; 0]);
        daemon.minutes(14, false).await;
        assert_eq!(daemon.notices(), [false; 0], "not yet");
        daemon.minutes(2, false).await;
        assert_eq!(daemon.notices(), [false]);
        for _ in 0..3 {
            daemon.minutes(60, false).await;
            daemon = daemon.restart(dir.path(), 5).await;
        }
        daemon.minutes(60, false).await;
        assert_eq!(daemon.notices(), [false], "told once, whatever was restarted");
        daemon.minutes(10, true).await;
        daemon = daemon.restart(dir.path(), 5).await;
        daemon.minutes(10, true).await;
        assert_eq!(daemon.notices(), [false, true]);
        let kept = daemon.keeper.store.incidents(10).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert!(kept[0].told_open_at.is_some() && kept[0].told_close_at.is_some());
        assert!(daemon.keeper.store.silences().await.unwrap().is_empty());
        daemon.minutes(20, false).await;
        assert_eq!(daemon.notices(), [false, true, false], "a new silence is a new incident");
    }

    #[tokio::test]
    async fn a_daemon_that_dies_again_and_again_does_not_forget_the_silence() {
        let (dir, mut daemon) = daemon().await;
        daemon.minutes(2, true).await;
        for _ in 0..4 {
            daemon.minutes(5, false).await;
            daemon = daemon.restart(dir.path(), 0).await;
        }
        daemon.minutes(1, false).await;
        assert_eq!(daemon.notices(), [false]);
    }

    #[tokio::test]
    async fn a_night_switched_off_a_suspended_machine_and_a_jumping_clock_raise_no_alarm() {
        let (dir, mut daemon) = daemon().await;
        daemon.minutes(10, true).await;
        daemon = daemon.restart(dir.path(), 12 * 60).await;
        daemon.minutes(5, false).await;
        daemon.minutes(5, true).await;
        *daemon.clock.0.lock().unwrap() += Duration::from_secs(8 * 3600);
        daemon.minutes(5, false).await;
        daemon.minutes(5, true).await;
        *daemon.clock.0.lock().unwrap() -= Duration::from_secs(3 * 24 * 3600);
        daemon.minutes(5, false).await;
        daemon.minutes(5, true).await;
        assert_eq!(daemon.notices(), [false; 0]);
    }

    #[tokio::test]
    async fn a_notice_without_a_route_is_handed_over_when_there_is_one_even_after_a_restart() {
        let (dir, mut daemon) = daemon().await;
        *daemon.told.refuses.lock().unwrap() = true;
        daemon.minutes(30, false).await;
        assert_eq!(daemon.notices(), [false; 0]);
        daemon = daemon.restart(dir.path(), 1).await;
        daemon.minutes(1, false).await;
        *daemon.told.refuses.lock().unwrap() = false;
        daemon.minutes(5, false).await;
        assert_eq!(daemon.notices(), [false]);

        *daemon.told.refuses.lock().unwrap() = true;
        daemon.minutes(5, true).await;
        daemon = daemon.restart(dir.path(), 1).await;
        *daemon.told.refuses.lock().unwrap() = false;
        daemon.minutes(5, true).await;
        assert_eq!(daemon.notices(), [false, true]);
    }

    #[tokio::test]
    async fn a_mailbox_that_is_watched_no_longer_ends_its_incident_without_a_notice() {
        let (_dir, mut daemon) = daemon().await;
        daemon.minutes(30, false).await;
        daemon.keeper.health.forget(NAME);
        daemon.minutes(1, false).await;
        assert_eq!(daemon.notices(), [false]);
        assert!(daemon.keeper.store.unfinished_incidents().await.unwrap().is_empty());
        assert!(daemon.keeper.store.silences().await.unwrap().is_empty());
    }
}
