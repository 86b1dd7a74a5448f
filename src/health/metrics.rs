//! What is known → Prometheus' text format (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
//!
//! Labels hold the organisation's own mailbox addresses and folders, and words of ours; nothing of a visitor.

use std::fmt::Write as _;

use super::board::Board;
use crate::model::{CodeState, KyivDay, QrCode, Timestamp};
use crate::store::StoreFigures;

/// A code that ends within so many days counts as expiring.
const EXPIRING_DAYS: i32 = 30;

/// The names of the labels and their values.
type Labels<'a> = &'a [(&'a str, &'a str)];

/// One page of metrics.
#[derive(Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// The text.
    pub(super) fn text(self) -> String {
        self.text
    }

    /// What the rounds and letters told since the program started.
    pub(super) fn board(&mut self, board: &Board, now: Timestamp) {
        self.family("skrynka_build_info", "gauge", "The program's version; always 1.");
        self.line("skrynka_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
        self.family("skrynka_start_time_seconds", "gauge", "When the daemon started (Unix time).");
        self.line("skrynka_start_time_seconds", &[], seconds(board.started_at));
        self.letters(board);
        self.rounds(board, now);
        self.anchors(board);
    }

    /// Authorities are no persons: their names may be labels.
    fn anchors(&mut self, board: &Board) {
        self.family("skrynka_trust_anchors", "gauge", "Trusted authorities and time-stamping services.");
        self.line("skrynka_trust_anchors", &[], float_of(board.anchors.len()));
        let name = "skrynka_trust_anchor_end_timestamp_seconds";
        self.family(name, "gauge", "When a trust anchor ends (Unix time).");
        for (fingerprint, subject, end) in &board.anchors {
            let labels = [("sha256", fingerprint.to_string()), ("subject", subject.clone())];
            let labels: Vec<(&str, &str)> =
                labels.iter().map(|(name, text)| (*name, text.as_str())).collect();
            self.line(name, &labels, seconds(*end));
        }
    }

    fn letters(&mut self, board: &Board) {
        let name = "skrynka_letters_filed_total";
        self.family(
            name,
            "counter",
            "Letters filed since the start, by mailbox and the worst verdict of their signed parts.",
        );
        for ((mailbox, verdict), letters) in &board.filed {
            self.line(name, &[("mailbox", mailbox.as_str()), ("verdict", verdict)], float(*letters));
        }
        let name = "skrynka_letters_known_total";
        self.family(name, "counter", "Letters since the start that turned out to be filed before.");
        for (mailbox, letters) in &board.known {
            self.line(name, &[("mailbox", mailbox.as_str())], float(*letters));
        }
        let name = "skrynka_verdicts_changed_total";
        self.family(
            name,
            "counter",
            "Verdicts that were judged again since the start and changed, by what they say now.",
        );
        for (verdict, changes) in &board.changed {
            self.line(name, &[("verdict", verdict)], float(*changes));
        }
        let name = "skrynka_letters_bytes_total";
        self.family(name, "counter", "Bytes of the letters filed since the start.");
        for (mailbox, bytes) in &board.bytes {
            self.line(name, &[("mailbox", mailbox.as_str())], float(*bytes));
        }
        let name = "skrynka_letter_lag_seconds";
        self.family(
            name,
            "gauge",
            "How long the newest letter lay on the server (INTERNALDATE) before it was filed.",
        );
        for (mailbox, (received_at, filed_at)) in &board.newest {
            let lag = filed_at.duration_since(*received_at).as_secs_f64();
            self.line(name, &[("mailbox", mailbox.as_str())], lag.max(0.0));
        }
    }

    fn rounds(&mut self, board: &Board, now: Timestamp) {
        let name = "skrynka_rounds_total";
        self.family(
            name,
            "counter",
            "Looks into a mailbox since the start: to the end (ok) or broken off (failed).",
        );
        for (mailbox, pulse) in &board.pulses {
            self.line(name, &[("mailbox", mailbox), ("result", "ok")], float(pulse.rounds));
            self.line(name, &[("mailbox", mailbox), ("result", "failed")], float(pulse.rounds_failed));
        }
        let name = "skrynka_round_failures_in_a_row";
        self.family(name, "gauge", "Looks that broke off since the last that came to its end.");
        for (mailbox, pulse) in &board.pulses {
            self.line(name, &[("mailbox", mailbox)], f64::from(pulse.failures_in_a_row));
        }
        let name = "skrynka_last_round_timestamp_seconds";
        self.family(name, "gauge", "When a mailbox was last read to its end (Unix time); absent if never.");
        for (mailbox, pulse) in &board.pulses {
            if let Some(at) = pulse.last_round_at {
                self.line(name, &[("mailbox", mailbox)], seconds(at));
            }
        }
        let name = "skrynka_last_round_age_seconds";
        self.family(name, "gauge", "How long ago a mailbox was last read to its end; absent if never.");
        for (mailbox, pulse) in &board.pulses {
            if let Some(at) = pulse.last_round_at {
                self.line(name, &[("mailbox", mailbox)], now.duration_since(at).as_secs_f64().max(0.0));
            }
        }
        let name = "skrynka_silence_seconds";
        self.family(
            name,
            "gauge",
            "How long a mailbox has not been read to its end, counted while the daemon ran and the machine was awake.",
        );
        for (mailbox, pulse) in &board.pulses {
            self.line(name, &[("mailbox", mailbox)], pulse.silent.as_secs_f64());
        }
        let name = "skrynka_incident_open";
        self.family(name, "gauge", "1 while a mailbox has been silent for too long.");
        for (mailbox, pulse) in &board.pulses {
            self.line(name, &[("mailbox", mailbox)], f64::from(u8::from(pulse.has_incident())));
        }
    }

    /// Whether the store answers.
    pub(super) fn store_up(&mut self, up: bool) {
        self.family("skrynka_store_up", "gauge", "1 when the store answers.");
        self.line("skrynka_store_up", &[], f64::from(u8::from(up)));
    }

    /// What the store says of itself.
    pub(super) fn figures(&mut self, figures: &StoreFigures) {
        let StoreFigures { filings, database_bytes, free_bytes, total_bytes, quarantined } = figures;
        let mut gauge = |name: &str, help: &str, value: u64| {
            self.family(name, "gauge", help);
            self.line(name, &[], float(value));
        };
        gauge("skrynka_filings", "Letters filed, ever.", *filings);
        gauge("skrynka_store_database_bytes", "The database with its write-ahead log.", *database_bytes);
        gauge("skrynka_store_free_bytes", "Free room in the store's file system.", *free_bytes);
        gauge("skrynka_store_size_bytes", "The size of the store's file system.", *total_bytes);
        let letters = quarantined;
        gauge(
            "skrynka_quarantine_letters",
            "Letters that could not be filed and wait for a person.",
            *letters,
        );
    }

    /// How many codes are in use, and how many of those end soon.
    pub(super) fn codes(&mut self, codes: &[QrCode], now: Timestamp) {
        let live = || codes.iter().filter(|code| code.state_at(now) == CodeState::Live);
        let today = KyivDay::of(now);
        let expiring = live().filter(|code| today.days_until(code.valid_until) <= EXPIRING_DAYS).count();
        self.family("skrynka_codes_live", "gauge", "Codes in use.");
        self.line("skrynka_codes_live", &[], float_of(live().count()));
        self.family("skrynka_codes_expiring", "gauge", "Codes in use whose last day is within 30 Kyiv days.");
        self.line("skrynka_codes_expiring", &[], float_of(expiring));
    }

    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: Labels<'_>, value: f64) {
        self.text.push_str(name);
        for (place, (label, text)) in labels.iter().enumerate() {
            let opening = if place == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{opening}{label}=\"{}\"", escaped(text));
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }
}

/// A label's value: backslash, quote and line break are escaped.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn seconds(at: Timestamp) -> f64 {
    at.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53; a metric has no more")]
fn float(count: u64) -> f64 {
    count as f64
}

fn float_of(count: usize) -> f64 {
    float(u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_prometheus_reads() {
        let mut page = Page::default();
        page.line("a", &[], 1.0);
        page.line("b", &[("mailbox", "drop folder /a\"b\\c\nd"), ("result", "ok")], 1_790_000_000.5);
        page.line("c", &[], float(20_000_000_000));
        assert_eq!(
            page.text(),
            "a 1\nb{mailbox=\"drop folder /a\\\"b\\\\c\\nd\",result=\"ok\"} 1790000000.5\nc 20000000000\n"
        );
    }
}
