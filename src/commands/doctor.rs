//! `skrynka doctor`: tries everything that an installation depends on, and says in one table what is wrong and what to do.

mod keeping;
mod reaching;
mod reading;
mod serving;

use serde::Serialize;
use serde_json::json;
use skrynka::app::{SystemClock, try_mailboxes};
use skrynka::config::{Config, load};
use skrynka::model::{Clock as _, Timestamp};
use skrynka::store::Store;

use super::report::{plain, table};
use super::{Context, Report};

/// How it is with one thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
enum State {
    /// As it should be.
    #[serde(rename = "ok")]
    Ok,
    /// It works, and should be mended.
    #[serde(rename = "warning")]
    Warning,
    /// It does not work.
    #[serde(rename = "WRONG")]
    Wrong,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "WRONG",
        }
    }
}

/// One line of the table.
#[derive(Debug, Serialize)]
struct Finding {
    thing: String,
    state: State,
    /// What was found and, if it is not as it should be, what to do.
    text: String,
}

/// The lines so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, state: State, thing: &str, text: impl Into<String>) {
        self.0.push(Finding { thing: thing.to_owned(), state, text: text.into() });
    }

    fn ok(&mut self, thing: &str, text: impl Into<String>) {
        self.add(State::Ok, thing, text);
    }

    fn warn(&mut self, thing: &str, text: impl Into<String>) {
        self.add(State::Warning, thing, text);
    }

    fn wrong(&mut self, thing: &str, text: impl Into<String>) {
        self.add(State::Wrong, thing, text);
    }

    fn count(&self, state: State) -> usize {
        self.0.iter().filter(|finding| finding.state == state).count()
    }
}

pub(super) async fn doctor(context: &Context) -> anyhow::Result<Report> {
    let mut findings = Findings::default();
    match load(&context.config_file(), &context.environment) {
        Ok(config) => examine(&config, SystemClock.now(), &mut findings).await,
        Err(fault) => {
            for problem in fault.problems {
                findings.wrong("configuration", problem);
            }
        }
    }
    report(&findings)
}

async fn examine(config: &Config, now: Timestamp, findings: &mut Findings) {
    findings.ok("configuration", config.file.display().to_string());
    for warning in &config.warnings {
        findings.warn("configuration", warning);
    }
    let store = keeping::store(config, findings).await;
    keeping::trust(config, now, findings);
    mailboxes(config, findings).await;
    keeping::drop_folders(config, findings);
    reaching::smtp(config, findings).await;
    if let Some(store) = &store {
        serving::registry(store, config, now, findings).await;
        serving::incidents(store, findings).await;
    }
    reading::copies(config, store.as_ref(), findings).await;
    keeping::clock(config, store.as_ref(), now, findings).await;
    reaching::daemon(config, findings).await;
    if let Some(store) = store {
        Store::close(&store).await;
    }
}

async fn mailboxes(config: &Config, findings: &mut Findings) {
    if config.mailboxes.is_empty() && config.drop_folders.is_empty() {
        findings.wrong(
            "mailboxes",
            "the configuration names no [[mailbox]] and no [[drop_folder]]: no letter can come in; add one",
        );
    }
    for (mailbox, lines) in try_mailboxes(config).await {
        let thing = format!("mailbox {mailbox}");
        for line in lines {
            let state = if line.ok { State::Ok } else { State::Wrong };
            // The first column says whose it is.
            let text = line
                .text
                .strip_prefix(&thing)
                .map_or(line.text.as_str(), |rest| rest.trim_start_matches(':').trim_start());
            findings.add(state, &thing, text);
        }
    }
}

fn report(findings: &Findings) -> anyhow::Result<Report> {
    let rows: Vec<Vec<String>> = findings
        .0
        .iter()
        .map(|finding| vec![finding.thing.clone(), finding.state.word().to_owned(), plain(&finding.text)])
        .collect();
    let (wrong, warnings) = (findings.count(State::Wrong), findings.count(State::Warning));
    let mut text = table(&["thing", "state", "what was found, and what to do"], &rows);
    text.push_str(&match (wrong, warnings) {
        (0, 0) => "everything is as it should be".to_owned(),
        (0, warnings) => format!("nothing is WRONG, {warnings} to look at"),
        (wrong, warnings) => format!("{wrong} WRONG, {warnings} to look at"),
    });
    let value = json!({ "good": wrong == 0, "wrong": wrong, "warnings": warnings, "findings": findings.0 });
    Ok(Report::new(text, &value)?.bad_if(wrong > 0))
}
