//! `skrynka quarantine`: letters that were given up, for a person to decide.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use skrynka::model::{QuarantineId, QuarantineState, Quarantined, in_kyiv};
use skrynka::texts;

use super::Context;
use super::letters::{make_private_folder, write_new};
use super::report::{Report, plain, shortened, table};

#[derive(Subcommand)]
pub(super) enum Words {
    /// The letters that wait for a person.
    List(ListWords),
    /// One letter with everything known of it.
    Show(OneWord),
    /// Try again to file a letter.
    Retry(OneWord),
    /// Write a letter into a folder and mark it as taken, to be handled by hand; nothing is deleted.
    Release(ReleaseWords),
}

#[derive(Args)]
pub(super) struct ListWords {
    /// Those that were filed or taken since, too.
    #[arg(long)]
    all: bool,
}

#[derive(Args)]
pub(super) struct OneWord {
    /// The letter's number in quarantine.
    id: QuarantineId,
}

#[derive(Args)]
pub(super) struct ReleaseWords {
    /// The letter's number in quarantine.
    id: QuarantineId,
    /// The folder to write into; it is made if needed, and nothing in it is overwritten.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

pub(super) async fn quarantine(context: &Context, words: &Words) -> anyhow::Result<Report> {
    match words {
        Words::List(words) => list(context, words).await,
        Words::Show(word) => show(context, word.id).await,
        Words::Retry(word) => retry(context, word.id).await,
        Words::Release(words) => release(context, words).await,
    }
}

async fn list(context: &Context, words: &ListWords) -> anyhow::Result<Report> {
    let letters = context.app().await?.store().quarantined(words.all).await?;
    let rows: Vec<Vec<String>> = letters
        .iter()
        .map(|letter| {
            vec![
                letter.id.to_string(),
                in_kyiv(letter.received_at),
                letter.mailbox.to_string(),
                shortened(&letter.source.place(), 28),
                letter.failures.to_string(),
                state(&letter.state),
                plain(&texts::attempt_fault(&letter.fault).en),
            ]
        })
        .collect();
    let text = if rows.is_empty() {
        "no letter waits in quarantine".to_owned()
    } else {
        table(&["No.", "received (Kyiv)", "mailbox", "where it lies", "failures", "state", "why"], &rows)
    };
    let letters: Vec<Value> = letters.iter().map(value).collect::<Result<_, _>>()?;
    Report::new(text, &letters)
}

async fn show(context: &Context, id: QuarantineId) -> anyhow::Result<Report> {
    let letter = context.app().await?.store().quarantined_letter(id).await?;
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<12}{}", plain(value));
    };
    line("quarantine", &letter.id.to_string());
    line("state", &state(&letter.state));
    line("received", &in_kyiv(letter.received_at));
    line("first tried", &in_kyiv(letter.first_at));
    line("given up", &in_kyiv(letter.quarantined_at));
    line("mailbox", &format!("{} ({})", letter.mailbox, letter.source.place()));
    line("size", &format!("{} bytes", letter.bytes));
    line("digest", &letter.digest.to_string());
    line("failures", &letter.failures.to_string());
    for (name, said) in [
        ("why", texts::attempt_fault(&letter.fault)),
        ("next step", texts::quarantine_next_step(&letter.state)),
    ] {
        line(name, &said.en);
        line("", &said.uk);
    }
    Report::new(text, &value(&letter)?)
}

async fn retry(context: &Context, id: QuarantineId) -> anyhow::Result<Report> {
    let app = context.app().await?;
    if let QuarantineState::Filed { filing } = app.store().quarantined_letter(id).await?.state {
        bail!("letter {id} is filed already: see `skrynka show {filing}`");
    }
    match app.pipeline(app.rules()).retry(id).await {
        Ok(filing) => Report::new(
            format!("filed: see `skrynka show {filing}`"),
            &json!({ "quarantine": id, "filing": filing }),
        ),
        Err(failed) => bail!("letter {id} stays in quarantine: {failed}"),
    }
}

async fn release(context: &Context, words: &ReleaseWords) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let letter = app.store().quarantined_letter(words.id).await?;
    if let QuarantineState::Filed { filing } = letter.state {
        bail!("letter {} is filed: take it with `skrynka save {filing} --to DIR`", words.id);
    }
    let bytes = app.store().blob(&letter.digest).await?;
    make_private_folder(&words.to)?;
    let written = write_new(&words.to, &format!("quarantine-{}.eml", words.id), &bytes)?;
    app.store().release(words.id, app.now()).await?;
    Report::new(
        format!("{}\nHandle this letter by hand: it is not filed and will not be.", written.display()),
        &json!({ "quarantine": words.id, "written": written }),
    )
}

fn state(state: &QuarantineState) -> String {
    match state {
        QuarantineState::Held => "waits".to_owned(),
        QuarantineState::Filed { filing } => format!("filed: {filing}"),
        QuarantineState::Released { at } => format!("taken {}", in_kyiv(*at)),
    }
}

fn value(letter: &Quarantined) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(letter)?;
    if let Value::Object(fields) = &mut value {
        let said = json!({
            "fault": texts::attempt_fault(&letter.fault),
            "next_step": texts::quarantine_next_step(&letter.state),
        });
        fields.insert("said".to_owned(), said);
    }
    Ok(value)
}
