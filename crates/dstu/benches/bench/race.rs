//! Contestants that take turns in short rounds, so that a noisy machine disturbs all of them alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Turns of each contestant; the best one counts.
const ROUNDS: usize = 12;
/// About how long one turn takes.
const TURN: Duration = Duration::from_millis(90);

/// One implementation at one task.
pub(crate) struct Contestant<'a> {
    name: &'a str,
    work: Box<dyn FnMut() + 'a>,
    /// What one call does: verifications, or octets.
    units: f64,
    /// Calls that fill a turn.
    calls: u32,
    seconds_best: f64,
}

/// Everybody who does the same task.
pub(crate) struct Race<'a> {
    title: &'a str,
    contestants: Vec<Contestant<'a>>,
}

impl<'a> Race<'a> {
    pub(crate) fn new(title: &'a str) -> Self {
        Self { title, contestants: Vec::new() }
    }

    /// `work` does `units` units a call.
    pub(crate) fn enter<T>(&mut self, name: &'a str, units: usize, mut work: impl FnMut() -> T + 'a) {
        self.contestants.push(Contestant {
            name,
            work: Box::new(move || drop(black_box(work()))),
            units: units as f64,
            calls: 1,
            seconds_best: f64::INFINITY,
        });
    }

    /// Units a second of a contestant that has run.
    pub(crate) fn rate(&self, name: &str) -> f64 {
        let contestant = self.contestants.iter().find(|contestant| contestant.name == name).unwrap();
        contestant.units / contestant.seconds_best
    }

    /// One line each: the rate, and how the first contestant compares.
    pub(crate) fn print(&self, unit: &str, scale: f64) {
        println!("\n{:<52}{unit:>14}{:>22}", self.title, "the first is");
        let first = self.rate(self.contestants[0].name);
        for contestant in &self.contestants {
            let rate = self.rate(contestant.name);
            println!("  {:<50}{:>14}{:>17.2} ×", contestant.name, thousands(rate / scale), first / rate);
        }
    }
}

/// Runs every contestant of every race, turn by turn.
pub(crate) fn run(races: &mut [&mut Race<'_>]) {
    let mut everybody: Vec<&mut Contestant<'_>> =
        races.iter_mut().flat_map(|race| race.contestants.iter_mut()).collect();
    for contestant in &mut everybody {
        contestant.warm_up();
    }
    for _ in 0..ROUNDS {
        for contestant in &mut everybody {
            let calls = contestant.calls;
            contestant.seconds_best = contestant.seconds_best.min(contestant.turn(calls));
        }
    }
}

impl Contestant<'_> {
    /// Doubles the calls until a turn is long enough.
    fn warm_up(&mut self) {
        loop {
            let seconds = self.turn(self.calls) * f64::from(self.calls);
            if seconds * 2.0 > TURN.as_secs_f64() {
                return;
            }
            self.calls *= 2;
        }
    }

    /// Seconds a call.
    fn turn(&mut self, calls: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..calls {
            (self.work)();
        }
        start.elapsed().as_secs_f64() / f64::from(calls)
    }
}

/// 12,345 or 12.3.
pub(crate) fn thousands(number: f64) -> String {
    if number < 1000.0 {
        return format!("{number:.1}");
    }
    let whole = number.round() as u64;
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
