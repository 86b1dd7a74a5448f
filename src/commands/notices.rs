//! `skrynka notices`: who is reminded of which code or told of which verdict or anchor, and what became of it.

use std::fmt::Write as _;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;
use skrynka::app::App;
use skrynka::mailer::{self, Post as _, Smtp};
use skrynka::model::{
    ClaimedMail, CodeId, MailAddress, MailFate, NoticeRow, TidingKind, TidingRow, Timestamp, in_kyiv,
};
use skrynka::reminders::{Due, Reminders, due};
use skrynka::texts;
use tokio::sync::watch;

use super::Context;
use super::report::{Report, table};

#[derive(Subcommand)]
pub(super) enum Words {
    /// What is due, and what became of the notices before.
    List(ListWords),
    /// Send now what is due and not yet delivered, as the daemon does by itself. Safe beside it.
    Send(SendWords),
    /// Send a test mail, to see that mail arrives.
    Test(TestWords),
}

#[derive(Args)]
pub(super) struct ListWords {
    /// How many of the newest.
    #[arg(long, default_value_t = 50)]
    limit: u32,
}

#[derive(Args)]
pub(super) struct SendWords {
    /// Only show what would be sent.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub(super) struct TestWords {
    /// Whom to send it to.
    address: MailAddress,
}

pub(super) async fn notices(context: &Context, words: Words) -> anyhow::Result<Report> {
    let app = context.app().await?;
    match words {
        Words::List(words) => list(&app, words.limit).await,
        Words::Send(words) => send(&app, words.dry_run).await,
        Words::Test(words) => test(&app, &words.address).await,
    }
}

async fn list(app: &App, limit: u32) -> anyhow::Result<Report> {
    let rows = app.store().notices(limit).await?;
    let tidings = app.store().tidings(limit).await?;
    let due = due(app.store(), &app.config().ladder, app.now()).await?;
    let planned = match app.reminders()? {
        Some(reminders) => reminders.plan().await?.1,
        None => Vec::new(),
    };
    let mut text = String::new();
    if rows.is_empty() {
        text.push_str("nobody has been reminded of a code yet\n");
    } else {
        let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
        text.push_str(&table(&["code", "step", "for", "state", "when", ""], &lines));
    }
    if !tidings.is_empty() {
        let lines: Vec<Vec<String>> = tidings.iter().map(tiding_line).collect();
        text.push_str(&table(&["what", "for", "state", "when", ""], &lines));
    }
    text.push_str(&planned_text(&planned));
    text.push_str(&remarks(app, &due));
    Report::new(text, &json!({ "notices": rows, "tidings": tidings, "due": planned, "nobody": due.nobody }))
}

async fn send(app: &App, dry_run: bool) -> anyhow::Result<Report> {
    let reminders = configured(app)?;
    if dry_run {
        let (due, mails) = reminders.plan().await?;
        let news = match app.tidings(&app.rules())? {
            Some(tidings) => tidings.due().await?.tidings,
            None => Vec::new(),
        };
        let news = app.store().unclaimed_tidings(news).await?;
        let nothing = if mails.is_empty() && news.is_empty() { "nothing to send\n" } else { "" };
        let told: String = news
            .iter()
            .map(|due| format!("due         {}: {} {}\n", due.recipient, due.kind, due.key))
            .collect();
        let text = format!("{nothing}{}{told}{}", planned_text(&mails), remarks(app, &due));
        return Report::new(text, &json!({ "due": mails, "tidings": news, "nobody": due.nobody }));
    }
    let (_never, stop) = watch::channel(false);
    let mut done = reminders.remind(&stop).await?;
    if let Some(tidings) = app.tidings(&app.rules())? {
        let told = tidings.tell(&stop).await?;
        done.delivered += told.delivered;
        done.failed += told.failed;
        done.failure = done.failure.or(told.failure);
        done.next_try = [done.next_try, told.next_try].into_iter().flatten().min();
    }
    let mut text = format!("{} mails sent\n", done.delivered);
    if let Some(why) = &done.failure {
        let _ = writeln!(text, "{} mails not sent: {why}", done.failed);
    }
    if let Some(next) = done.next_try {
        let _ = writeln!(text, "the next try is not before {}", in_kyiv(next));
    }
    let value = json!({
        "delivered": done.delivered,
        "failed": done.failed,
        "failure": done.failure,
        "next_try": done.next_try,
    });
    Ok(Report::new(text, &value)?.bad_if(done.failed > 0))
}

async fn test(app: &App, address: &MailAddress) -> anyhow::Result<Report> {
    let reminders = configured(app)?;
    let mail = mailer::trial(address, &reminders.domain, app.now());
    reminders.post.send(&mail).await?;
    let text = format!("the server took a test mail to {address}; look whether it arrived, also among spam");
    Report::new(text, &json!({ "sent": address, "message_id": mail.message_id }))
}

fn configured(app: &App) -> anyhow::Result<Reminders<Smtp>> {
    let reminders = app.reminders()?;
    let file = app.config().file.display();
    reminders.with_context(|| {
        format!(
            "{file} has no [smtp] section: say there which server sends mail (`skrynka config reference`)"
        )
    })
}

fn planned_text(mails: &[ClaimedMail]) -> String {
    mails.iter().fold(String::new(), |mut text, mail| {
        let codes: Vec<String> = mail
            .notices
            .iter()
            .map(|(code, rung)| format!("code {code} ({})", texts::rung(*rung).en))
            .collect();
        let _ = writeln!(text, "due         {}: {}", mail.recipient, codes.join(", "));
        text
    })
}

/// Why nobody would be reminded.
fn remarks(app: &App, due: &Due) -> String {
    let mut text = String::new();
    if app.config().smtp.is_none() {
        let _ = writeln!(text, "warning     the configuration has no [smtp] section: nobody is reminded");
    }
    if !due.nobody.is_empty() {
        let codes: Vec<String> = due.nobody.iter().map(CodeId::to_string).collect();
        let codes = codes.join(", ");
        let _ = writeln!(
            text,
            "warning     nobody is reminded of code {codes}: neither branch nor organisation names `admins` in the registry"
        );
    }
    text
}

fn line(row: &NoticeRow) -> Vec<String> {
    let (state, when, why) = fate(&row.fate);
    vec![
        row.code.to_string(),
        texts::rung(row.rung).en,
        row.recipient.to_string(),
        state.to_owned(),
        in_kyiv(when),
        why,
    ]
}

fn tiding_line(row: &TidingRow) -> Vec<String> {
    let what = match (row.kind, row.filing, row.key.split_once(' ')) {
        (TidingKind::Verdict, Some(filing), _) => format!("verdict on letter {filing}"),
        (TidingKind::Anchor, _, Some((fingerprint, rung))) => {
            let begin: String = fingerprint.chars().take(16).collect();
            let step = rung.parse().map_or_else(|_| rung.to_owned(), |rung| texts::rung(rung).en);
            format!("end of anchor {begin}, {step}")
        }
        _ => format!("{} {}", row.kind, row.key),
    };
    let (state, when, why) = fate(&row.fate);
    vec![what, row.recipient.to_string(), state.to_owned(), in_kyiv(when), why]
}

/// What became of a mail, when, and what is left to say.
fn fate(row: &MailFate) -> (&'static str, Timestamp, String) {
    if let Some(at) = row.delivered_at {
        let tries = if row.attempts > 1 { format!("at try {}", row.attempts) } else { String::new() };
        return ("delivered", at, tries);
    }
    if let Some(at) = row.passed_over_at {
        return ("passed over", at, String::new());
    }
    let next = row.not_before.map(|next| format!("next try {}", in_kyiv(next))).unwrap_or_default();
    let why = [row.failure.clone().unwrap_or_default(), next].join("; ");
    let why = why.trim_start_matches("; ").to_owned();
    match row.fired_at {
        Some(at) => ("fired, not delivered", at, format!("{} tries: {why}", row.attempts)),
        None => ("claimed, not fired", row.claimed_at, why),
    }
}
