//! The command line: words → one command of [`commands`] → its report, as text or as JSON.

mod commands;

use std::process::ExitCode;

use clap::Parser as _;

/// Wrong usage (sysexits.h EX_USAGE).
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let words = match commands::CommandLine::try_parse() {
        Ok(words) => words,
        Err(fault) => {
            // Help and version are answers, not mistakes. A closed pipe is nobody's fault.
            if !fault.use_stderr() {
                let _ = fault.print();
                return ExitCode::SUCCESS;
            }
            // The words could not be read, so they are looked through for the one that counts here.
            if std::env::args_os().any(|word| word == "--json") {
                commands::print_fault(fault.to_string().trim_start_matches("error: "), true);
            } else {
                let _ = fault.print();
            }
            return ExitCode::from(USAGE);
        }
    };
    let json = words.json;
    match commands::perform(words) {
        Ok(report) => report.print(json),
        Err(fault) => commands::print_failure(&fault, json),
    }
}
