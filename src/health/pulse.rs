//! One mailbox's rounds and the time that goes by → when it has been silent for too long, and when that is over. Pure.

use std::time::Duration;

use crate::model::{Incident, Silence, Timestamp};

/// What is known of one mailbox or drop folder.
#[derive(Debug)]
pub(super) struct Pulse {
    /// Its name: an address, or `drop folder` and a path.
    name: String,
    /// For how long it may be silent.
    pub(super) patience: Duration,
    /// How long it has been silent while we were awake to see it.
    pub(super) silent: Duration,
    /// Whether it was read to its end since the last beat.
    proved: bool,
    /// Whether it gave letters since the last beat: a first round through thousands of letters takes its time.
    busy: bool,
    /// The last time when it was read to its end.
    pub(super) last_round_at: Option<Timestamp>,
    /// Rounds that came to their end since the program started.
    pub(super) rounds: u64,
    /// Rounds that broke off since the program started.
    pub(super) rounds_failed: u64,
    /// Rounds that broke off since the last that came to its end.
    pub(super) failures_in_a_row: u32,
    /// Why the last round broke off; none when it did not.
    pub(super) last_error: Option<String>,
    /// Incidents that last, or of whose end nobody was told yet.
    incidents: Vec<Incident>,
}

impl Pulse {
    /// A mailbox of which nothing is known yet.
    pub(super) fn new(name: &str, patience: Duration) -> Self {
        Self {
            name: name.to_owned(),
            patience,
            silent: Duration::ZERO,
            proved: false,
            busy: false,
            last_round_at: None,
            rounds: 0,
            rounds_failed: 0,
            failures_in_a_row: 0,
            last_error: None,
            incidents: Vec::new(),
        }
    }

    /// Takes up what an earlier run of the program knew.
    pub(super) fn resume(&mut self, silence: Option<&Silence>, incidents: Vec<Incident>) {
        if let Some(silence) = silence {
            self.silent += Duration::from_secs(silence.seconds);
            self.last_round_at = self.last_round_at.max(silence.last_round_at);
        }
        let ours = self.incidents.iter().position(|incident| incident.closed_at.is_none());
        let theirs = incidents.iter().any(|incident| incident.closed_at.is_none());
        // The store did not answer at first, and the silence was noticed anew: it is still the same one.
        let ours = ours.filter(|_| theirs).map(|place| self.incidents.remove(place));
        self.incidents.extend(incidents);
        for incident in self.incidents.iter_mut().filter(|incident| incident.closed_at.is_none()) {
            let told = ours.as_ref().and_then(|ours| ours.told_open_at);
            incident.told_open_at = incident.told_open_at.or(told);
        }
    }

    /// It was read to its end.
    pub(super) fn read(&mut self, now: Timestamp) {
        self.rounds += 1;
        self.failures_in_a_row = 0;
        self.last_error = None;
        self.last_round_at = Some(now);
        self.silent = Duration::ZERO;
        self.proved = true;
    }

    /// A round broke off.
    pub(super) fn failed(&mut self, why: String) {
        self.rounds_failed += 1;
        self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
        self.last_error = Some(why);
    }

    /// It gave a letter.
    pub(super) fn gave_a_letter(&mut self) {
        self.busy = true;
    }

    /// Time went by, of which we were `awake` so long. Opens or ends an incident.
    pub(super) fn beat(&mut self, awake: Duration, now: Timestamp) {
        if std::mem::take(&mut self.proved) {
            self.busy = false;
            for incident in self.incidents.iter_mut().filter(|incident| incident.closed_at.is_none()) {
                incident.closed_at = Some(now);
            }
        } else if !std::mem::take(&mut self.busy) {
            self.silent += awake;
        }
        if self.is_silent() && !self.has_incident() {
            self.incidents.push(Incident {
                mailbox: self.name.clone(),
                opened_at: now,
                last_round_at: self.last_round_at,
                reason: self.last_error.clone().unwrap_or_default(),
                closed_at: None,
                told_open_at: None,
                told_close_at: None,
            });
        }
    }

    /// Whether it has been silent for too long.
    pub(super) fn is_silent(&self) -> bool {
        self.silent >= self.patience
    }

    /// Whether an incident lasts.
    pub(super) fn has_incident(&self) -> bool {
        self.incidents.iter().any(|incident| incident.closed_at.is_none())
    }

    /// Incidents that last, or of whose end nobody was told yet.
    pub(super) fn incidents(&self) -> &[Incident] {
        &self.incidents
    }

    /// What must outlive a restart.
    pub(super) fn silence(&self) -> Silence {
        Silence {
            mailbox: self.name.clone(),
            seconds: self.silent.as_secs(),
            last_round_at: self.last_round_at,
        }
    }

    /// A notice of this incident was handed over. One that is over and told of is forgotten here.
    pub(super) fn told(&mut self, told: &Incident, now: Timestamp) -> Option<Incident> {
        let incident = self.incidents.iter_mut().find(|incident| incident.opened_at == told.opened_at)?;
        // It may have ended while the notice that it is open was on its way.
        if told.closed_at.is_some() {
            incident.told_close_at = Some(now);
        } else {
            incident.told_open_at = Some(now);
        }
        let incident = incident.clone();
        self.incidents.retain(|incident| incident.told_close_at.is_none());
        Some(incident)
    }
}

/// Whether a notice of this incident is due: that it is open, or that it is over. If it ended before anybody could be
/// told that it is open, the one notice that it is over says both.
pub(super) const fn is_due(incident: &Incident) -> bool {
    match incident.closed_at {
        None => incident.told_open_at.is_none(),
        Some(_) => incident.told_close_at.is_none(),
    }
}

/// How long we were awake between two beats that should be `beat` apart: a machine that slept, or a clock that was put
/// forward, does not make a mailbox silent.
pub(super) fn awake(last: Option<Timestamp>, now: Timestamp, beat: Duration) -> Duration {
    let between = last.map_or(Duration::ZERO, |last| {
        // Negative: the clock was put back.
        Duration::try_from(now.duration_since(last)).unwrap_or_default()
    });
    between.min(beat * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    /// A mailbox with a patience of 15 minutes after so many minutes of silence.
    fn silent_for(minutes: i64) -> Pulse {
        let mut pulse = Pulse::new("cnap@example.org", MINUTE * 15);
        pulse.read(at(0));
        pulse.beat(MINUTE, at(0));
        for minute in 1..=minutes {
            pulse.failed("cannot connect".to_owned());
            pulse.beat(MINUTE, at(minute));
        }
        pulse
    }

    #[test]
    fn an_incident_opens_once_when_the_patience_is_over_and_ends_with_the_first_whole_round() {
        assert!(!silent_for(14).has_incident());
        let mut pulse = silent_for(40);
        let [incident] = pulse.incidents() else { panic!("one incident: {:?}", pulse.incidents()) };
        assert_eq!((incident.opened_at, incident.last_round_at), (at(15), Some(at(0))));
        assert_eq!(incident.reason, "cannot connect");
        pulse.read(at(41));
        pulse.beat(MINUTE, at(41));
        assert_eq!(pulse.incidents()[0].closed_at, Some(at(41)));
        assert_eq!((pulse.failures_in_a_row, pulse.rounds, pulse.rounds_failed), (0, 2, 40));
    }

    #[test]
    fn a_new_silence_is_a_new_incident_although_nobody_was_told_of_the_old_one() {
        let mut pulse = silent_for(15);
        pulse.read(at(16));
        for minute in 16..=40 {
            pulse.beat(MINUTE, at(minute));
        }
        let opened: Vec<_> = pulse.incidents().iter().map(|incident| incident.opened_at).collect();
        assert_eq!(opened, [at(15), at(31)]);
        assert_eq!(pulse.incidents().iter().filter(|incident| is_due(incident)).count(), 2);
    }

    #[test]
    fn a_first_round_through_many_letters_is_no_silence_and_no_proof() {
        let mut pulse = Pulse::new("cnap@example.org", MINUTE * 15);
        for minute in 0..100 {
            pulse.gave_a_letter();
            pulse.beat(MINUTE, at(minute));
        }
        assert!(!pulse.has_incident());
        for minute in 100..115 {
            pulse.beat(MINUTE, at(minute));
        }
        assert!(pulse.has_incident(), "it stopped in the middle");
        pulse.gave_a_letter();
        pulse.beat(MINUTE, at(116));
        assert!(pulse.has_incident(), "one folder gives letters, another one does not open");
    }

    #[test]
    fn who_slept_or_changed_the_clock_saw_no_silence() {
        let beat = Duration::from_secs(15);
        for (last, now, expected) in [
            (None, at(9_000), 0),
            (Some(at(0)), Timestamp::from_second(at(0).as_second() + 15).unwrap(), 15),
            (Some(at(0)), at(8 * 60), 30),
            (Some(at(0)), at(60 * 24 * 365 * 30), 30),
            (Some(at(0)), at(-60), 0),
        ] {
            assert_eq!(awake(last, now, beat).as_secs(), expected, "{last:?} {now}");
        }
    }

    #[test]
    fn each_incident_is_told_twice_or_only_at_its_end() {
        let mut pulse = silent_for(15);
        let open = pulse.incidents()[0].clone();
        assert!(is_due(&open));
        let told = pulse.told(&open, at(16)).unwrap();
        assert!(!is_due(&told));
        pulse.read(at(20));
        pulse.beat(MINUTE, at(20));
        let over = pulse.incidents()[0].clone();
        assert!(is_due(&over));
        let told = pulse.told(&over, at(21)).unwrap();
        assert_eq!((told.told_open_at, told.told_close_at), (Some(at(16)), Some(at(21))));
        assert!(pulse.incidents().is_empty());

        let mut pulse = silent_for(15);
        let open = pulse.incidents()[0].clone();
        pulse.read(at(16));
        pulse.beat(MINUTE, at(16));
        // The notice that it is open was on its way when it ended.
        pulse.told(&open, at(17)).unwrap();
        assert!(is_due(&pulse.incidents()[0]));
    }
}
