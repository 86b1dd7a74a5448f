//! `skrynka reader`: documents on standard input → what lies on their pages, in a process that locked itself in.
//!
//! The program starts itself with these words; nobody else needs them, so no help names them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use skrynka::reader::{Limits, Orders, exec_ocr, serve};

/// The first word of such a start.
const WORD: &str = "reader";

/// Reads documents in a locked process; started by the program itself.
#[derive(Parser)]
#[command(name = "skrynka reader")]
struct Words {
    /// Address space that it may use.
    #[arg(long, value_name = "BYTES")]
    memory_bytes: u64,
    /// Processor time in its whole life.
    #[arg(long, value_name = "SECONDS")]
    cpu_seconds: u64,
    /// Become this OCR program instead.
    #[arg(long, value_name = "PROGRAM")]
    ocr: Option<PathBuf>,
    /// What the OCR program is told.
    #[arg(last = true)]
    words: Vec<OsString>,
    /// Leave this lock open: landlock, seccomp, limits.
    #[cfg(debug_assertions)]
    #[arg(long)]
    without: Vec<String>,
    /// Try this once locked in, and say what came of it.
    #[cfg(debug_assertions)]
    #[arg(long = "try")]
    attempt: Option<String>,
}

/// Does what a child does, where this process was started as one: without threads, log and configuration.
pub(crate) fn as_child() -> Option<ExitCode> {
    let mut given = std::env::args_os().skip(1).peekable();
    given.peek().filter(|word| *word == WORD)?;
    Some(match Words::try_parse_from(given) {
        Ok(words) => reader(&words),
        Err(fault) => {
            let _ = fault.print();
            ExitCode::from(super::USAGE)
        }
    })
}

fn reader(words: &Words) -> ExitCode {
    let limits = Limits { memory_bytes: words.memory_bytes, cpu_seconds: words.cpu_seconds };
    #[cfg(debug_assertions)]
    let without = words.without.iter().filter_map(|name| skrynka::reader::Bar::named(name)).collect();
    #[cfg(not(debug_assertions))]
    let without = Vec::new();
    let orders = Orders { limits, without };
    #[cfg(debug_assertions)]
    if let Some(attempt) = &words.attempt {
        return tried(&orders, attempt);
    }
    if let Some(program) = &words.ocr {
        let fault = exec_ocr(program, &words.words, &orders);
        super::print_fault(&format!("{}: {fault}", program.display()), false);
        return ExitCode::FAILURE;
    }
    // The parent sees the pipe end, and there is nobody else to tell.
    if serve(&orders).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(debug_assertions)]
fn tried(orders: &Orders, attempt: &str) -> ExitCode {
    use std::io::Write as _;
    let confinement = orders.lock();
    let came = match skrynka::reader::attempt(attempt) {
        Ok(()) => "done".to_owned(),
        Err(fault) => format!("refused: {fault}"),
    };
    let _ = writeln!(std::io::stdout(), "{confinement}\n{came}");
    ExitCode::SUCCESS
}
