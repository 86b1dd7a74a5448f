//! A command's answer → text for people or JSON for programs.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Value, json};

/// Wrong usage (sysexits.h EX_USAGE).
pub(crate) const USAGE: u8 = 64;

/// Something wrong was found, or the command failed.
const FAILURE: u8 = 1;

/// What a command answers, in both forms.
pub(crate) struct Report {
    text: String,
    value: Value,
    code: u8,
    unwritten: u8,
}

/// A failure that exits with [`USAGE`]: the words cannot be followed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

impl Report {
    /// An answer of a command that did what was asked.
    pub(crate) fn new(text: impl Into<String>, value: &impl Serialize) -> anyhow::Result<Self> {
        Ok(Self { text: text.into(), value: serde_json::to_value(value)?, code: 0, unwritten: FAILURE })
    }

    /// The same answer, from a command that found something wrong: its exit code is 1.
    pub(crate) fn bad_if(mut self, bad: bool) -> Self {
        if bad {
            self.code = FAILURE;
        }
        self
    }

    /// The same answer with this exit code, or with [`USAGE`] if it cannot be written: for a command whose 1 is an answer.
    pub(crate) fn with_code(mut self, code: u8) -> Self {
        (self.code, self.unwritten) = (code, USAGE);
        self
    }

    /// Prints the answer to standard output.
    pub(crate) fn print(&self, json: bool) -> ExitCode {
        let text = if json { format!("{:#}", self.value) } else { self.text.clone() };
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
            Ok(()) => {}
            // Whoever reads us may have read enough (`skrynka list | head`): then there is nobody to tell.
            Err(fault) if fault.kind() == std::io::ErrorKind::BrokenPipe => {}
            Err(fault) => {
                print_fault(&format!("the answer could not be written: {fault}"), json);
                return ExitCode::from(self.unwritten);
            }
        }
        ExitCode::from(self.code)
    }
}

/// Prints a failure to standard error.
pub(crate) fn print_failure(fault: &anyhow::Error, json: bool) -> ExitCode {
    print_fault(&said_once(fault), json);
    ExitCode::from(if fault.is::<Usage>() { USAGE } else { FAILURE })
}

/// Prints to standard error what does not hold the command up.
pub(crate) fn print_warning(text: &str, json: bool) {
    let text = if json {
        format!("{:#}", json!({ "warning": text }))
    } else {
        format!("skrynka: warning: {}", plain_lines(text))
    };
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Prints what went wrong to standard error.
pub(crate) fn print_fault(text: &str, json: bool) {
    let text = text.trim_end();
    let text = if json {
        format!("{:#}", json!({ "error": text }))
    } else {
        format!("skrynka: {}", plain_lines(text))
    };
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A fault and its causes; a cause that was named already is not said again.
pub(super) fn said_once(fault: &anyhow::Error) -> String {
    fault.chain().map(ToString::to_string).fold(String::new(), |said, cause| {
        if said.is_empty() {
            cause
        } else if said.contains(&cause) {
            said
        } else {
            format!("{said}: {cause}")
        }
    })
}

/// Lines in columns under a header; the last column is as wide as it likes.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(header.get(column).map(|name| name.chars().count())).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut text = String::new();
    let mut line = |cells: &[String]| {
        let mut padded = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(padded, "{cell:<width$}  ");
        }
        text.push_str(padded.trim_end());
        text.push('\n');
    };
    line(&header.iter().map(ToString::to_string).collect::<Vec<_>>());
    rows.iter().for_each(|row| line(row));
    text
}

/// A text without control characters and without marks that turn the direction of writing,
/// so that a stranger's subject can neither drive the terminal nor show itself backwards.
pub(crate) fn plain(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

/// The same for a text of several lines: a fault names files, and whoever sent a file chose its name.
fn plain_lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// The first `max` characters, with an ellipsis where something was cut.
pub(crate) fn shortened(text: &str, max: usize) -> String {
    let text = plain(text);
    if text.chars().count() <= max {
        return text;
    }
    text.chars().take(max.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_alphabet() {
        let rows = vec![vec!["1".to_owned(), "паспорт".to_owned(), "x".to_owned()]];
        assert_eq!(table(&["No.", "what", "why"], &rows), "No.  what     why\n1    паспорт  x\n");
    }

    #[test]
    fn a_cause_is_said_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("cannot use it: {0}; free some room")]
        struct Fault(#[source] std::io::Error);
        let fault = anyhow::Error::from(Fault(std::io::Error::other("no room"))).context("the store");
        assert_eq!(said_once(&fault), "the store: cannot use it: no room; free some room");
    }

    #[test]
    fn a_strangers_text_cannot_drive_the_terminal() {
        assert_eq!(plain("a\x1b[2Jb\nc"), "a [2Jb c");
        assert_eq!(plain("a\u{202e}fdp.exe"), "a fdp.exe");
        assert_eq!(plain_lines("a\x1b[2J\rb\nc\u{9b}31m"), "a [2J b\nc 31m");
        assert_eq!(shortened("паспорт", 4), "пас…");
        assert_eq!(shortened("паспорт", 7), "паспорт");
    }
}
