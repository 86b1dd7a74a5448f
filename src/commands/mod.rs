//! The subcommands: each reads its words, calls the trunk, and answers with a [`Report`].

mod alphabet;
mod backup;
mod code;
mod config;
mod doctor;
mod evidence;
mod explain;
mod init;
mod letters;
mod mailbox;
mod notices;
mod person;
mod quarantine;
mod read;
mod read_filed;
mod reader;
mod reading_lines;
mod registry;
mod report;
mod run;
mod store;
mod trust;
mod verify;
mod visit;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, Subcommand};
use skrynka::app::{App, SystemClock};
use skrynka::config::{Config, Environment, load};

pub(crate) use reader::as_child;
use report::print_warning;
pub(crate) use report::{Report, USAGE, print_failure, print_fault};

/// Receives signed copies of documents that visitors mail through QR codes: issues codes, watches mailboxes,
/// validates signatures, matches, files, finds.
#[derive(Parser)]
#[command(name = "skrynka", version, propagate_version = true)]
pub(crate) struct CommandLine {
    /// The configuration file; else the variable SKRYNKA_CONFIG, ./skrynka.toml, /etc/skrynka/skrynka.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Answer as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a first configuration by asking.
    Init(init::Words),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(config::Words),
    /// Try everything that the daemon depends on, and say what is wrong and what to do.
    Doctor,
    /// Organisations, branches, services.
    #[command(subcommand)]
    Registry(registry::Words),
    /// QR codes: issue, register, list, show, poster, retire.
    #[command(subcommand)]
    Code(code::Words),
    /// Reminders of codes that come to their end: list, send, test.
    #[command(subcommand)]
    Notices(notices::Words),
    /// Who may sign in to the pages: add, list, disable, enable, link.
    #[command(subcommand)]
    Person(person::Words),
    /// Watch the mailboxes and file what arrives, until stopped.
    Run,
    /// Judge signed files (CAdES): needs no configuration and no store.
    #[command(after_help = verify::EXIT_CODES)]
    Verify(verify::Words),
    /// Read copies (PDF): whose, which document, its fields. Needs no configuration and no store.
    #[command(after_help = read::EXIT_CODES)]
    Read(read::Words),
    /// Explain a letter without filing it.
    Check(letters::CheckWords),
    /// Find filed letters: names, dates, documents, numbers.
    Search(letters::SearchWords),
    /// The newest filed letters.
    List(letters::ListWords),
    /// One filed letter with everything known of it.
    Show(letters::ShowWords),
    /// Why a filed letter is green, amber or red: every reason, what to do, and how it changed.
    Explain(explain::Words),
    /// Write a filed letter and its files into a folder.
    Save(letters::SaveWords),
    /// What verdicts rest on, for others to check.
    #[command(subcommand)]
    Evidence(evidence::Words),
    /// Letters of copies that are drawn and not written: which drawing is which.
    #[command(subcommand)]
    Alphabet(alphabet::Words),
    /// Copy the store to a folder on another disk, also while the daemon runs.
    Backup(backup::BackupWords),
    /// Make a store from a backup, in a new folder.
    Restore(backup::RestoreWords),
    /// Look at the store itself.
    #[command(subcommand)]
    Store(store::Words),
    /// Whom signatures are trusted for: import, list, check, fetch.
    #[command(subcommand)]
    Trust(trust::Words),
    /// Look at the mailboxes.
    #[command(subcommand)]
    Mailbox(mailbox::Words),
    /// Letters that could not be filed: list, show, retry, release.
    #[command(subcommand)]
    Quarantine(quarantine::Words),
    /// Visitors at the counter: open, list, claim, close.
    #[command(subcommand)]
    Visit(visit::Words),
}

impl Command {
    /// How much the log says where nobody asked for more: whoever looks at a copy or a letter wants the answer only.
    const fn logs_usually(&self) -> &'static str {
        match self {
            Self::Read(_) | Self::Check(_) => "error",
            _ => "info",
        }
    }
}

/// What every command may need.
struct Context {
    environment: Environment,
    config_file: Option<PathBuf>,
    json: bool,
}

impl Context {
    fn config_file(&self) -> PathBuf {
        let given =
            self.config_file.clone().or_else(|| self.environment.get("SKRYNKA_CONFIG").map(PathBuf::from));
        given.unwrap_or_else(|| {
            let here = PathBuf::from("skrynka.toml");
            let system = PathBuf::from("/etc/skrynka/skrynka.toml");
            if here.exists() || !system.exists() { here } else { system }
        })
    }

    fn config(&self) -> anyhow::Result<Config> {
        Ok(load(&self.config_file(), &self.environment)?)
    }

    async fn app(&self) -> anyhow::Result<App> {
        App::open(self.config()?, Arc::new(SystemClock)).await
    }
}

/// How long what still runs on the side may take when a command has its answer.
const FAREWELL: Duration = Duration::from_millis(500);

/// Performs one command.
pub(crate) fn perform(words: CommandLine) -> anyhow::Result<Report> {
    let context =
        Context { environment: Environment::of_this_process(), config_file: words.config, json: words.json };
    start_log(&context.environment, words.command.logs_usually());
    #[cfg(debug_assertions)]
    skrynka::mishap::arrange(|name| context.environment.get(name));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        match words.command {
            Command::Init(words) => init::init(&words),
            Command::Config(words) => config::config(&context, &words).await,
            Command::Doctor => doctor::doctor(&context).await,
            Command::Registry(words) => registry::registry(&context, words).await,
            Command::Code(words) => code::code(&context, words).await,
            Command::Notices(words) => notices::notices(&context, words).await,
            Command::Person(words) => person::person(&context, words).await,
            Command::Run => run::run(&context).await,
            Command::Verify(words) => verify::verify(&context, &words),
            Command::Read(words) => read::read(&context, &words).await,
            Command::Check(words) => letters::check(&context, &words).await,
            Command::Search(words) => letters::search(&context, &words).await,
            Command::List(words) => letters::list(&context, &words).await,
            Command::Show(words) => letters::show(&context, &words).await,
            Command::Explain(words) => explain::explain(&context, &words).await,
            Command::Save(words) => letters::save(&context, &words).await,
            Command::Evidence(words) => evidence::evidence(&context, &words).await,
            Command::Alphabet(words) => alphabet::alphabet(&context, &words).await,
            Command::Backup(words) => backup::backup(&context, &words).await,
            Command::Restore(words) => backup::restore(&context, &words).await,
            Command::Store(words) => store::store(&context, &words).await,
            Command::Trust(words) => trust::trust(&context, words).await,
            Command::Mailbox(words) => mailbox::mailbox(&context, &words).await,
            Command::Quarantine(words) => quarantine::quarantine(&context, &words).await,
            Command::Visit(words) => visit::visit(&context, words).await,
        }
    });
    // A letter that is looked into without end must not hold the program.
    runtime.shutdown_timeout(FAREWELL);
    report
}

/// Logs go to standard error; `SKRYNKA_LOG` chooses how much (`warn`, `info`, `debug`, `skrynka::intake=debug` …), and
/// `SKRYNKA_LOG_FORMAT` how: `text` or `json`, an object a line. Variables, since the log begins before the
/// configuration is read.
fn start_log(environment: &Environment, usually: &str) {
    let wanted = environment.get("SKRYNKA_LOG").unwrap_or_else(|| usually.to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(&wanted).unwrap_or_else(|_| usually.into());
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let format = environment.get("SKRYNKA_LOG_FORMAT").unwrap_or_default();
    match format.as_str() {
        "json" => log.json().flatten_event(true).init(),
        _ => log.with_ansi(colours).init(),
    }
    if !matches!(format.as_str(), "" | "text" | "json") {
        tracing::warn!("SKRYNKA_LOG_FORMAT is `{format}`; it must be `text` or `json`: the log is text");
    }
}
