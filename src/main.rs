//! The command line: words → one command of [`commands`] → its report, as text or as JSON.

mod commands;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(tell_place));
    if let Some(code) = commands::as_child() {
        return code;
    }
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
            return ExitCode::from(commands::USAGE);
        }
    };
    let json = words.json;
    match commands::perform(words) {
        Ok(report) => report.print(json),
        Err(fault) => commands::print_failure(&fault, json),
    }
}

/// Tells where a panic was, and not its text: that may quote a letter, and this is what the log keeps.
fn tell_place(panic: &std::panic::PanicHookInfo<'_>) {
    use std::io::Write as _;
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let _ =
        writeln!(std::io::stderr().lock(), "skrynka: a fault of the program at {place}; please report it");
}
