//! `skrynka trust …`: whom the operator trusts, how a certificate or a trusted list comes into the folder, and what ends
//! soon.

mod fetch;
mod import;

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use skrynka::app::SystemClock;
use skrynka::model::{CertificateFacts, Clock as _, Digest, KyivDay, in_kyiv};
use skrynka::trust_folder::{history, read_trust, remarks};
use skrynka::verify::{Anchor, Trust, TrustedFor};

use super::report::{plain, shortened, table};
use super::{Context, Report};

#[derive(Subcommand)]
pub(super) enum Words {
    /// Take in a certificate, a bundle or a trusted list, after its fingerprint was compared.
    Import(import::Words),
    /// Who is trusted, for what, and until when.
    List(ListWords),
    /// What ends soon, which files are of no use, which lists are overdue.
    Check,
    /// Download a bundle or a trusted list, and take it in as `import` does.
    Fetch(fetch::Words),
}

#[derive(Args)]
pub(super) struct ListWords {
    /// Also certificates that are only known: they help to find paths and prove nothing.
    #[arg(long)]
    all: bool,
    /// What was taken in, when and by whom, instead.
    #[arg(long)]
    history: bool,
}

pub(super) async fn trust(context: &Context, words: Words) -> anyhow::Result<Report> {
    match words {
        Words::Import(words) => import::import(context, &words),
        Words::List(words) if words.history => told_history(context),
        Words::List(words) => list(context, &words),
        Words::Check => check(context),
        Words::Fetch(words) => fetch::fetch(context, &words).await,
    }
}

/// What a certificate is trusted for, in a word.
const fn word(trusted_for: Option<TrustedFor>) -> &'static str {
    match trusted_for {
        Some(TrustedFor::Everything) => "everything",
        Some(TrustedFor::TimeStamps) => "time-stamps",
        None => "known only",
    }
}

/// A fingerprint as authorities print it: pairs of capital digits.
fn printed(fingerprint: &Digest) -> String {
    fingerprint.0.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(":")
}

fn value_of(facts: &CertificateFacts) -> Value {
    json!({
        "subject": facts.subject, "organisation": facts.organisation, "edrpou": facts.edrpou, "issuer": facts.issuer,
        "kind": facts.kind, "not_before": facts.not_before, "not_after": facts.not_after,
        "sha256": facts.fingerprint,
    })
}

fn row(entry: &Anchor<'_>) -> Vec<String> {
    let facts = entry.facts;
    let file =
        std::path::Path::new(entry.file).file_name().unwrap_or_default().to_string_lossy().into_owned();
    vec![
        word(entry.trusted_for).to_owned(),
        shortened(&facts.subject, 60),
        facts.edrpou.clone().unwrap_or_else(|| "—".to_owned()),
        KyivDay::of(facts.not_after).to_string(),
        facts.fingerprint.to_string().chars().take(16).collect(),
        plain(&file),
    ]
}

fn list(context: &Context, words: &ListWords) -> anyhow::Result<Report> {
    let folder = context.config()?.trust;
    let (trust, faults, _) = read_trust(&folder)?;
    let shown = || trust.entries().filter(|entry| words.all || entry.trusted_for.is_some());
    let rows: Vec<Vec<String>> = shown().map(|entry| row(&entry)).collect();
    let mut text = format!("{}\n", folder.display());
    if !rows.is_empty() {
        text += &table(&["trusted for", "who", "ЄДРПОУ", "until", "SHA-256 begins", "from"], &rows);
    }
    lists_text(&mut text, &trust)?;
    let known = trust.entries().filter(|entry| entry.trusted_for.is_none()).count();
    writeln!(text, "{} anchors, {known} certificates that are only known", trust.anchors().count())?;
    if !faults.is_empty() {
        writeln!(text, "{} things to mend: `skrynka trust check`", faults.len())?;
    }
    let certificates: Vec<Value> = shown()
        .map(|entry| {
            let mut value = value_of(entry.facts);
            if let Some(fields) = value.as_object_mut() {
                fields.insert("trusted_for".to_owned(), json!(entry.trusted_for));
                fields.insert("file".to_owned(), json!(entry.file));
            }
            value
        })
        .collect();
    let signers: Vec<Value> = trust.list_signers().iter().map(value_of).collect();
    let value = json!({
        "folder": folder, "certificates": certificates, "known": known, "lists": trust.lists(), "list_signers": signers,
    });
    Report::new(text, &value)
}

fn lists_text(text: &mut String, trust: &Trust) -> anyhow::Result<()> {
    for list in trust.lists() {
        let scheme = &list.scheme;
        let none = || "—".to_owned();
        writeln!(
            text,
            "trusted list  {}: {} No. {}, signed by «{}»; {} of {} services granted, {} anchors; next issue due {}",
            plain(&list.file),
            scheme.territory.clone().unwrap_or_else(none),
            scheme.sequence.map_or_else(none, |number| number.to_string()),
            plain(&list.signer.subject),
            list.granted,
            list.services,
            list.anchors,
            scheme.next_update.map_or_else(none, |due| KyivDay::of(due).to_string()),
        )?;
    }
    for signer in trust.list_signers() {
        let until = KyivDay::of(signer.not_after);
        writeln!(
            text,
            "list signer   «{}» until {until}, SHA-256 {}",
            plain(&signer.subject),
            signer.fingerprint
        )?;
    }
    Ok(())
}

fn told_history(context: &Context) -> anyhow::Result<Report> {
    let folder = context.config()?.trust;
    let (entries, broken) = history(&folder)?;
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let taken =
                serde_json::to_value(entry.taken).ok().and_then(|taken| taken.as_str().map(str::to_owned));
            vec![
                in_kyiv(entry.at).to_string(),
                plain(&entry.by),
                taken.unwrap_or_default(),
                shortened(&entry.subject, 60),
                plain(&entry.file),
                entry.sha256.to_string(),
            ]
        })
        .collect();
    let mut text = table(&["when", "who", "what", "subject", "file", "SHA-256"], &rows);
    if broken > 0 {
        writeln!(text, "{broken} lines of the history cannot be read")?;
    }
    Ok(Report::new(text, &json!({ "folder": folder, "history": entries, "unreadable": broken }))?
        .bad_if(broken > 0))
}

/// What should be mended. Something of no use is a failure; what ends soon is not yet.
fn check(context: &Context) -> anyhow::Result<Report> {
    let folder = context.config()?.trust;
    let (trust, faults, _) = read_trust(&folder)?;
    let remarks = remarks(&trust, &faults, SystemClock.now());
    let mut text = String::new();
    for remark in &remarks {
        writeln!(text, "{}  {}", if remark.wrong { "WRONG  " } else { "warning" }, plain(&remark.text))?;
    }
    let wrong = remarks.iter().filter(|remark| remark.wrong).count();
    let (anchors, lists) = (trust.anchors().count(), trust.lists().len());
    writeln!(
        text,
        "{anchors} anchors, {lists} trusted lists; {wrong} WRONG, {} to look at",
        remarks.len() - wrong
    )?;
    let value = json!({ "folder": folder, "good": wrong == 0, "anchors": anchors, "lists": lists, "remarks": remarks });
    Ok(Report::new(text, &value)?.bad_if(wrong > 0))
}
