//! `skrynka alphabet`: which drawing is which letter, how that is known, and what a person says.

mod drawn;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use pages::{Alphabet, Entry, EntryId, Evidence, Sign, Standing, TrustRule};
use serde_json::{Value, json};
use skrynka::app::App;
use skrynka::model::in_kyiv;
use skrynka::transcribing::{alphabet_in_use, change_alphabet};

use super::Context;
use super::report::{Report, table};

/// Changes of one drawing that `show` tells of.
const HISTORY_MAX: usize = 20;

#[derive(Subcommand)]
pub(super) enum Words {
    /// The drawings that are known, waiting for more copies, or disputed.
    List(ListWords),
    /// One drawing, or all of one letter: how it looks and how it is known.
    Show(ShowWords),
    /// Say what a drawing is: a person's word stands against all others.
    Set(SetWords),
    /// Learn from filed copies that passed and have letters that are not known.
    Learn,
    /// Write the alphabet, a line of JSON for each drawing.
    Export(ExportWords),
    /// Take the drawings of another alphabet.
    Import(ImportWords),
}

#[derive(Args)]
pub(super) struct ListWords {
    /// Only those that are not settled: waiting for more copies, or disputed.
    #[arg(long)]
    open: bool,
}

#[derive(Args)]
pub(super) struct ShowWords {
    /// A drawing's name, as `list` gives it, or a letter.
    #[arg(value_name = "ID|LETTER")]
    what: String,
}

#[derive(Args)]
pub(super) struct SetWords {
    /// The drawing's name, as `list` gives it.
    id: String,
    /// The letter that it is.
    #[arg(required_unless_present = "drawing", conflicts_with = "drawing")]
    letter: Option<char>,
    /// It is no letter: an emblem, a tick.
    #[arg(long)]
    drawing: bool,
    /// Who says so, for the history.
    #[arg(long, value_name = "NAME", default_value = "a person")]
    by: String,
}

#[derive(Args)]
pub(super) struct ExportWords {
    /// The file to write; nothing is overwritten. The standard output, if not given.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct ImportWords {
    /// A file of `skrynka alphabet export`.
    file: PathBuf,
}

pub(super) async fn alphabet(context: &Context, words: &Words) -> anyhow::Result<Report> {
    let app = context.app().await?;
    match words {
        Words::List(words) => list(&app, words).await,
        Words::Show(words) => show(&app, words).await,
        Words::Set(words) => set(&app, words).await,
        Words::Learn => learn(&app).await,
        Words::Export(words) => export(&app, words).await,
        Words::Import(words) => import(&app, words).await,
    }
}

async fn in_use(app: &App) -> anyhow::Result<Alphabet> {
    Ok(alphabet_in_use(&app.store().alphabet().await?))
}

async fn list(app: &App, words: &ListWords) -> anyhow::Result<Report> {
    let alphabet = in_use(app).await?;
    let is_asked = |entry: &&Entry| !words.open || !matches!(alphabet.standing(entry), Standing::Known(_));
    let entries: Vec<&Entry> = alphabet.entries().iter().filter(is_asked).collect();
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let (word, letter) = standing(&alphabet, entry);
            vec![
                entry.id().to_string(),
                letter,
                word.to_owned(),
                copies(entry).to_string(),
                evidence(entry).join(", "),
            ]
        })
        .collect();
    let text = if rows.is_empty() {
        "nothing is waiting for a person\n".to_owned()
    } else {
        table(&["DRAWING", "LETTER", "STANDING", "COPIES", "KNOWN BY"], &rows)
    };
    let values: Vec<Value> = entries.iter().map(|entry| value(&alphabet, entry)).collect();
    Report::new(text, &values)
}

async fn show(app: &App, words: &ShowWords) -> anyhow::Result<Report> {
    let alphabet = in_use(app).await?;
    let entries: Vec<&Entry> = match words.what.parse::<EntryId>() {
        Ok(id) if words.what.chars().count() == 16 => alphabet.entry(id).into_iter().collect(),
        _ => alphabet.entries().iter().filter(|entry| standing(&alphabet, entry).1 == words.what).collect(),
    };
    if entries.is_empty() {
        bail!("no drawing is called, or is, `{}`: see `skrynka alphabet list`", words.what);
    }
    let mut text = String::new();
    for entry in &entries {
        let (word, letter) = standing(&alphabet, entry);
        let _ = writeln!(text, "{}  {letter}  {word}, {}", entry.id(), evidence(entry).join(", "));
        text.push_str(&drawn::drawn(&entry.shape));
        for change in app.store().alphabet_history(Some(&entry.id().to_string()), HISTORY_MAX).await? {
            let _ = writeln!(text, "  {}  {}", in_kyiv(change.at), change.by);
        }
        text.push('\n');
    }
    let values: Vec<Value> = entries.iter().map(|entry| value(&alphabet, entry)).collect();
    Report::new(text, &values)
}

async fn set(app: &App, words: &SetWords) -> anyhow::Result<Report> {
    let id: EntryId = words
        .id
        .parse()
        .with_context(|| format!("`{}` is no name of a drawing: see `skrynka alphabet list`", words.id))?;
    let sign = words.letter.map_or(Sign::Drawing, Sign::Letter);
    let mut is_there = false;
    change_alphabet(app.store(), &words.by, app.now(), |alphabet| is_there = alphabet.settle(id, sign))
        .await?;
    if !is_there {
        bail!("there is no drawing {id}: see `skrynka alphabet list`");
    }
    let said = words.letter.map_or("no letter".to_owned(), |letter| format!("«{letter}»"));
    let text = format!(
        "{id} is {said}; copies with letters that were not known are read again by the daemon, or now by \
         `skrynka read --filed`\n"
    );
    Report::new(text, &json!({ "id": id.to_string(), "letter": words.letter }))
}

async fn learn(app: &App) -> anyhow::Result<Report> {
    let before = known(&in_use(app).await?);
    let rereading = app.rereading(&app.rules());
    let done = rereading.pass_for_letters().await?;
    // What the first copies taught reads the others better.
    let again = if done.copies > 0 { rereading.pass(false, |_, _| {}).await? } else { done };
    let alphabet = in_use(app).await?;
    let (after, open) = (known(&alphabet), alphabet.entries().len().saturating_sub(known(&alphabet)));
    let text = format!(
        "{} copies had letters that were not known; {} drawings are known now, {before} were before, {open} are open\n",
        done.copies, after
    );
    let value = json!({
        "copies": done.copies, "read_again": again.copies, "known_before": before, "known": after, "open": open,
    });
    Report::new(text, &value)
}

async fn export(app: &App, words: &ExportWords) -> anyhow::Result<Report> {
    let text = in_use(app).await?.export();
    let Some(file) = &words.to else {
        let lines = text.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>()?;
        return Report::new(text, &lines);
    };
    let mut to = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .with_context(|| format!("cannot write {}", file.display()))?;
    std::io::Write::write_all(&mut to, text.as_bytes())?;
    let entries = text.lines().count();
    Report::new(format!("{entries} drawings written to {}\n", file.display()), &json!({ "entries": entries }))
}

async fn import(app: &App, words: &ImportWords) -> anyhow::Result<Report> {
    let text = std::fs::read_to_string(&words.file)
        .with_context(|| format!("cannot read {}", words.file.display()))?;
    let other = Alphabet::import(&text, TrustRule::default())
        .with_context(|| format!("{} is no alphabet", words.file.display()))?;
    let mut conflicts = Vec::new();
    change_alphabet(app.store(), "import", app.now(), |alphabet| conflicts = alphabet.merge(&other)).await?;
    let mut said = format!("{} drawings taken\n", other.entries().len());
    for conflict in &conflicts {
        let _ = writeln!(
            said,
            "{} is {} here and {} there: it is read as □ until you say which (`skrynka alphabet set`)",
            conflict.id,
            shown(conflict.here),
            shown(conflict.there)
        );
    }
    let conflicts: Vec<String> = conflicts.iter().map(|conflict| conflict.id.to_string()).collect();
    Report::new(said, &json!({ "entries": other.entries().len(), "conflicts": conflicts }))
}

fn known(alphabet: &Alphabet) -> usize {
    let is_known = |entry: &&Entry| matches!(alphabet.standing(entry), Standing::Known(_));
    alphabet.entries().iter().filter(is_known).count()
}

/// How a drawing stands, and its letter.
fn standing(alphabet: &Alphabet, entry: &Entry) -> (&'static str, String) {
    match alphabet.standing(entry) {
        Standing::Known(sign) => ("known", shown(sign)),
        Standing::Waiting(sign) => ("waiting for more copies", shown(sign)),
        Standing::Disputed => ("disputed", "□".to_owned()),
    }
}

fn shown(sign: Sign) -> String {
    match sign {
        Sign::Letter(letter) => letter.to_string(),
        Sign::Drawing => "(no letter)".to_owned(),
    }
}

/// Each letter that is said, with who says so and how often.
fn evidence(entry: &Entry) -> Vec<String> {
    let mut all: Vec<(String, usize)> = Vec::new();
    for vote in &entry.votes {
        let by = match &vote.evidence {
            Evidence::Shipped => "came with the program".to_owned(),
            Evidence::Person => "a person".to_owned(),
            Evidence::Label { document } => format!("labels of {document}"),
            Evidence::FileName => "the file's name".to_owned(),
            Evidence::CheckedNumber => "a checked number".to_owned(),
            Evidence::Ocr => "OCR".to_owned(),
        };
        let said = format!("{} by {by}", shown(vote.sign));
        match all.iter_mut().find(|(other, _)| *other == said) {
            Some((_, count)) => *count += 1,
            None => all.push((said, 1)),
        }
    }
    all.into_iter().map(|(said, count)| if count > 1 { format!("{said} ({count})") } else { said }).collect()
}

fn copies(entry: &Entry) -> usize {
    let mut copies: Vec<_> = entry.votes.iter().filter_map(|vote| vote.copy).collect();
    copies.sort_unstable();
    copies.dedup();
    copies.len()
}

fn value(alphabet: &Alphabet, entry: &Entry) -> Value {
    let (standing, letter) = standing(alphabet, entry);
    json!({
        "id": entry.id().to_string(), "letter": letter, "standing": standing, "copies": copies(entry),
        "evidence": evidence(entry),
    })
}
