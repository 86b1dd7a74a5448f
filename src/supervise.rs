//! A task → the same task kept running: begun again when it ends, panics or hangs, after a pause that grows.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::task::JoinError;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

/// The pause after a first end, doubled after each further one.
const PAUSE_MIN: Duration = Duration::from_secs(1);

/// The longest pause: a mailbox whose task keeps dying is tried again within five minutes.
const PAUSE_MAX: Duration = Duration::from_secs(5 * 60);

/// A task that lived so long is well again: its next end counts as a first one.
const WELL_AFTER: Duration = Duration::from_secs(10 * 60);

/// How often a task is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How long a task may take to end when it is told to stop; then it is cut short. Nothing is lost by it: what is filed is
/// one transaction, and what is not lies where it came from. With it the whole program ends within five seconds.
pub const FAREWELL: Duration = Duration::from_millis(3500);

/// A task's signs of life.
#[derive(Debug)]
pub struct Pulse(Mutex<Instant>);

impl Pulse {
    fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    /// The task is alive.
    pub fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long there was no sign of life.
    #[must_use]
    pub fn silence(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// Why a task is no more.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Stopped,
    Returned,
    Panicked,
    Hung,
}

/// Keeps the task running until `stop` turns true (or its sender is gone).
///
/// `start` makes the task; it shows signs of life through the [`Pulse`] more often than every `silence_max`, and ends by
/// itself when told to stop. `name` is for the log: the mailbox, the drop folder, the reminders.
pub async fn keep<F, T>(name: &str, silence_max: Duration, mut stop: Receiver<bool>, start: F)
where
    F: Fn(Arc<Pulse>) -> T,
    T: Future<Output = ()> + Send + 'static,
{
    let mut pause = PAUSE_MIN;
    loop {
        let began = Instant::now();
        let end = live(silence_max, stop.clone(), &start).await;
        if end == End::Stopped || *stop.borrow() {
            return;
        }
        if began.elapsed() >= WELL_AFTER {
            pause = PAUSE_MIN;
        }
        let why = match end {
            End::Panicked => "failed by a fault of the program",
            End::Hung => "showed no sign of life",
            End::Returned | End::Stopped => "ended by itself",
        };
        tracing::error!(task = name, pause_s = pause.as_secs(), "{name}: the task {why}; it begins again");
        tokio::select! {
            biased;
            () = told(&mut stop) => return,
            () = sleep(pause) => {}
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// One life of the task.
async fn live<F, T>(silence_max: Duration, mut stop: Receiver<bool>, start: &F) -> End
where
    F: Fn(Arc<Pulse>) -> T,
    T: Future<Output = ()> + Send + 'static,
{
    let pulse = Arc::new(Pulse::new());
    let mut task = tokio::spawn(start(Arc::clone(&pulse)));
    let mut look = interval(LOOK.min(silence_max));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            ended = &mut task => return ended.map_or_else(|fault| how(&fault), |()| End::Returned),
            () = told(&mut stop) => break,
            _ = look.tick() => {
                if pulse.silence() > silence_max {
                    task.abort();
                    return End::Hung;
                }
            }
        }
    }
    if timeout(FAREWELL, &mut task).await.is_err() {
        task.abort();
    }
    End::Stopped
}

/// What `work` comes to; none when `stop` turns true, or its sender is gone, before that: then `work` is cut where it is.
pub(crate) async fn unless_stopped<T>(stop: &mut Receiver<bool>, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = told(stop) => None,
        done = work => Some(done),
    }
}

/// Returns when `stop` turns true or its sender is gone.
async fn told(stop: &mut Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

fn how(fault: &JoinError) -> End {
    if fault.is_panic() { End::Panicked } else { End::Returned }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::watch;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    /// Keeps a task for `time` of the paused clock, then stops it; how often it began, and how long the stop took.
    async fn begun<T>(
        time: Duration,
        task: impl Fn(u32, Arc<Pulse>, Receiver<bool>) -> T + Send + Sync + 'static,
    ) -> (u32, Duration)
    where
        T: Future<Output = ()> + Send + 'static,
    {
        let (stopper, stop) = watch::channel(false);
        let count = Arc::new(AtomicU32::new(0));
        let (counted, stop_of_task) = (Arc::clone(&count), stop.clone());
        let keeper = tokio::spawn(async move {
            keep("test", LIMIT, stop, |pulse| {
                task(counted.fetch_add(1, Ordering::SeqCst), pulse, stop_of_task.clone())
            })
            .await;
        });
        sleep(time).await;
        stopper.send_replace(true);
        let told = Instant::now();
        keeper.await.unwrap();
        (count.load(Ordering::SeqCst), told.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_or_ends_begins_again_after_1_2_4_seconds() {
        for panics in [true, false] {
            let (times, _) = begun(Duration::from_millis(7500), move |_, _, _| async move {
                assert!(!panics, "a fault of the program");
            })
            .await;
            assert_eq!(times, 4, "at 0, 1, 3 and 7 seconds");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_hangs_is_cut_short_and_begins_again() {
        let (times, _) = begun(LIMIT + Duration::from_secs(5), |_, _, _| std::future::pending()).await;
        assert_eq!(times, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_shows_signs_of_life_is_left_alone() {
        let (times, _) = begun(LIMIT * 100, |_, pulse, _| async move {
            loop {
                pulse.beat();
                sleep(LIMIT / 2).await;
            }
        })
        .await;
        assert_eq!(times, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_was_well_for_long_begins_again_at_once() {
        let (times, _) = begun(Duration::from_secs(3 * 60 * 60), |_, pulse, _| async move {
            for _ in 0..22 {
                pulse.beat();
                sleep(LIMIT / 2).await;
            }
        })
        .await;
        // Eleven minutes of life and a second's pause: 10,800 s / 661 s.
        assert_eq!(times, 17);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_does_not_stop_is_cut_short_in_time() {
        let deaf = |_, pulse: Arc<Pulse>, _| async move {
            loop {
                pulse.beat();
                sleep(Duration::from_millis(100)).await;
            }
        };
        let (_, took) = begun(Duration::from_secs(5), deaf).await;
        assert!(took >= FAREWELL && took < FAREWELL + Duration::from_secs(1), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_listens_is_not_cut_short() {
        let polite = |_, _, mut stop: Receiver<bool>| async move {
            let _ = stop.wait_for(|stop| *stop).await;
            sleep(Duration::from_secs(1)).await;
        };
        let (times, took) = begun(Duration::from_secs(5), polite).await;
        assert_eq!((times, took.as_secs()), (1, 1));
    }
}
