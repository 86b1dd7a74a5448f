//! The subcommands: each reads its words, calls the trunk, and answers with a [`Report`].

mod code;
mod config;
mod init;
mod letters;
mod quarantine;
mod registry;
mod report;
mod run;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use skrynka::app::{App, SystemClock};
use skrynka::config::{Config, Environment, load};

pub(crate) use report::{Report, print_failure, print_fault};

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
    /// Organisations, branches, services.
    #[command(subcommand)]
    Registry(registry::Words),
    /// QR codes: issue, register, list, show, poster, retire.
    #[command(subcommand)]
    Code(code::Words),
    /// Watch the mailboxes and file what arrives, until stopped.
    Run,
    /// Explain a letter without filing it.
    Check(letters::CheckWords),
    /// Find filed letters: names, dates, documents, numbers.
    Search(letters::SearchWords),
    /// The newest filed letters.
    List(letters::ListWords),
    /// One filed letter with everything known of it.
    Show(letters::ShowWords),
    /// Write a filed letter and its files into a folder.
    Save(letters::SaveWords),
    /// Letters that could not be filed: list, show, retry, release.
    #[command(subcommand)]
    Quarantine(quarantine::Words),
}

/// What every command may need.
struct Context {
    environment: Environment,
    config_file: Option<PathBuf>,
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

/// Performs one command.
pub(crate) fn perform(words: CommandLine) -> anyhow::Result<Report> {
    let context = Context { environment: Environment::of_this_process(), config_file: words.config };
    start_log(&context.environment);
    #[cfg(debug_assertions)]
    skrynka::mishap::arrange(|name| context.environment.get(name));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match words.command {
            Command::Init(words) => init::init(&words),
            Command::Config(words) => config::config(&context, &words).await,
            Command::Registry(words) => registry::registry(&context, words).await,
            Command::Code(words) => code::code(&context, words).await,
            Command::Run => run::run(&context).await,
            Command::Check(words) => letters::check(&context, &words).await,
            Command::Search(words) => letters::search(&context, &words).await,
            Command::List(words) => letters::list(&context, &words).await,
            Command::Show(words) => letters::show(&context, &words).await,
            Command::Save(words) => letters::save(&context, &words).await,
            Command::Quarantine(words) => quarantine::quarantine(&context, &words).await,
        }
    })
}

/// Logs go to standard error; `SKRYNKA_LOG` chooses how much (`warn`, `info`, `debug`, `skrynka::intake=debug` …).
fn start_log(environment: &Environment) {
    let wanted = environment.get("SKRYNKA_LOG").unwrap_or_else(|| "info".to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(&wanted).unwrap_or_else(|_| "info".into());
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .init();
}
