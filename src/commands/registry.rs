//! `skrynka registry`: what an installation serves.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;
use skrynka::model::{Change, NamingFinding, Registry, Severity};
use skrynka::registering::{Applied, ApplyError, apply};
use skrynka::texts;

use super::Context;
use super::report::Report;

#[derive(Subcommand)]
pub(super) enum Words {
    /// Make the registry equal to a file: adds, changes, and closes what is no longer in it. Safe to repeat.
    Apply(ApplyWords),
    /// Print the registry.
    Show,
}

#[derive(Args)]
pub(super) struct ApplyWords {
    /// The registry file (TOML).
    file: PathBuf,
    /// Only show what would change.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn registry(context: &Context, words: Words) -> anyhow::Result<Report> {
    match words {
        Words::Apply(words) => apply_file(context, &words).await,
        Words::Show => show(context).await,
    }
}

async fn apply_file(context: &Context, words: &ApplyWords) -> anyhow::Result<Report> {
    let registry = match skrynka::config::read_registry(&words.file) {
        Ok(registry) => registry,
        Err(problems) => bail!("{}", problems.join("\n")),
    };
    let app = context.app().await?;
    let mut warnings: Vec<String> = Vec::new();
    for branch in &registry.branches {
        let watched = app.config().mailboxes.iter().any(|mailbox| mailbox.address == branch.mailbox)
            || app.config().drop_folders.iter().any(|drop| drop.mailbox == branch.mailbox);
        if !watched {
            warnings.push(format!(
                "branch `{}` receives at {}, which the configuration does not watch; add a [[mailbox]] section",
                branch.id, branch.mailbox
            ));
        }
    }
    match apply(app.store(), &registry, words.dry_run, app.now()).await {
        Ok(applied) => applied_report(&applied, &warnings),
        Err(ApplyError::Names(findings)) => bail!("nothing was changed:\n{}", findings_text(&findings)),
        Err(ApplyError::Store(fault)) => Err(fault.into()),
    }
}

fn applied_report(applied: &Applied, warnings: &[String]) -> anyhow::Result<Report> {
    let mut text = String::new();
    for change in &applied.changes {
        let _ = writeln!(text, "{}", change_line(change));
    }
    let count = applied.changes.iter().filter(|change| !matches!(change, Change::LiveCodes { .. })).count();
    let changes = if count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
    let _ = match (count, applied.done) {
        (0, _) => writeln!(text, "nothing to change"),
        (_, true) => writeln!(text, "{changes} made"),
        (_, false) => writeln!(text, "{changes} would be made; run again without --dry-run"),
    };
    for warning in warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    text.push_str(&findings_text(&applied.findings));
    let value = json!({
        "changes": applied.changes,
        "done": applied.done,
        "warnings": warnings,
        "findings": applied.findings.iter().map(texts::naming).collect::<Vec<_>>(),
    });
    Report::new(text, &value)
}

fn change_line(change: &Change) -> String {
    match change {
        Change::Added { what, id } => format!("+ {what} {id}"),
        Change::Changed { what, id, field, from, to } => format!("~ {what} {id}: {field}: «{from}» → «{to}»"),
        Change::Removed { what, id } => format!("- {what} {id}"),
        Change::Closed { what, id } => format!("- {what} {id}: closed, its history is kept"),
        Change::Reopened { what, id } => format!("+ {what} {id}: open again"),
        Change::LiveCodes { what, id, codes } => {
            let list: Vec<String> = codes.iter().map(|code| format!("No. {code}")).collect();
            format!(
                "! {what} {id}: codes in use stay as they were made; replace their posters or retire them (`skrynka code retire`): {}",
                list.join(", ")
            )
        }
    }
}

fn findings_text(findings: &[NamingFinding]) -> String {
    findings.iter().fold(String::new(), |mut text, finding| {
        let mark = match finding.severity() {
            Severity::Refused => "refused",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        };
        let said = texts::naming(finding);
        let _ = writeln!(text, "{mark}: {}\n         {}", said.en, said.uk);
        text
    })
}

async fn show(context: &Context) -> anyhow::Result<Report> {
    let registry = context.app().await?.store().registry().await?;
    Report::new(registry_text(&registry), &registry)
}

fn registry_text(registry: &Registry) -> String {
    let mut text = String::new();
    for organisation in &registry.organisations {
        let head = &organisation.head;
        let _ = writeln!(
            text,
            "{}  {}, ЄДРПОУ {}; {}: {}",
            organisation.id, organisation.name, organisation.edrpou, head.position, head.name
        );
        for branch in registry.branches.iter().filter(|b| b.organisation == organisation.id) {
            let _ = writeln!(
                text,
                "  {}  {}\n    {}\n    {}",
                branch.id, branch.name, branch.address, branch.mailbox
            );
            for service in registry.services.iter().filter(|s| s.branches.contains(&branch.id)) {
                let documents: Vec<&str> =
                    service.documents.iter().map(skrynka::model::DocumentCode::as_str).collect();
                let ready = if service.legal_ground.is_empty() {
                    "  (no legal ground: no code can be made)"
                } else {
                    ""
                };
                let _ = writeln!(
                    text,
                    "    - {}  {}: {}{ready}",
                    service.id,
                    service.purpose,
                    documents.join(", ")
                );
            }
        }
    }
    if text.is_empty() {
        text.push_str(
            "the registry is empty; write a registry file and run `skrynka registry apply FILE.toml`",
        );
    }
    text
}
