//! `skrynka config check`: is the configuration right, and do the mailboxes answer?

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Context, Report};

#[derive(Subcommand)]
pub(super) enum Words {
    /// Check the configuration file; with --connect, also log in to every mailbox and open its folders.
    Check(CheckWords),
    /// Print every key with its default and a comment.
    Reference,
}

#[derive(Args)]
pub(super) struct CheckWords {
    /// Also log in to every mailbox and open its folders.
    #[arg(long)]
    connect: bool,
}

pub(super) async fn config(context: &Context, words: &Words) -> anyhow::Result<Report> {
    match words {
        Words::Check(words) => check(context, words.connect).await,
        Words::Reference => {
            Report::new(skrynka::config::REFERENCE, &json!({ "reference": skrynka::config::REFERENCE }))
        }
    }
}

async fn check(context: &Context, connect: bool) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let config = app.config();
    let mut text = format!("{} is right\n", config.file.display());
    let anchors: Vec<_> = app.trust().anchors().collect();
    let _ = writeln!(text, "store      {}", config.store.display());
    let _ = writeln!(text, "trust      {} ({} anchors)", config.trust.display(), anchors.len());
    for anchor in &anchors {
        let _ = writeln!(
            text,
            "           {} until {}",
            anchor.subject,
            skrynka::model::KyivDay::of(anchor.not_after)
        );
    }
    for mailbox in &config.mailboxes {
        let _ = writeln!(
            text,
            "mailbox    {} at {}:{}, {}",
            mailbox.address,
            mailbox.host,
            mailbox.port,
            mailbox.folders.join(", ")
        );
    }
    if let Some(web) = &config.web {
        let _ = writeln!(text, "pages      {}", web.address());
    }
    let mut warnings = config.warnings.clone();
    warnings.extend(app.trust_faults().iter().map(|fault| format!("trust: {fault}")));
    warnings.extend(app.template_faults().iter().map(ToString::to_string));
    if anchors.is_empty() {
        warnings.push(format!(
            "the trust folder {} holds no authority: every signature will be INDETERMINATE; put the certificates that you trust there",
            config.trust.display()
        ));
    }
    let mut failed = false;
    let mut tried = Vec::new();
    if connect {
        for (mailbox, lines) in app.try_mailboxes().await {
            for line in lines {
                failed |= !line.ok;
                let mark = if line.ok { "ok    " } else { "FAILED" };
                let _ = writeln!(text, "{mark}     {}", line.text);
                tried.push(json!({ "mailbox": mailbox, "good": line.ok, "text": line.text }));
            }
        }
    }
    for warning in &warnings {
        let _ = writeln!(text, "warning    {warning}");
    }
    let value = json!({ "file": config.file, "good": !failed, "anchors": anchors, "warnings": warnings, "tried": tried });
    Ok(Report::new(text, &value)?.bad_if(failed))
}
