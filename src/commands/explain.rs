//! `skrynka explain`: why a letter has its light, every reason, and how that changed.

use std::fmt::Write as _;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use skrynka::light::TABLE;
use skrynka::model::{Assessment, FilingId, FilingView, Ground, GroundFact, Light, LightRecord, in_kyiv};
use skrynka::texts;

use super::Context;
use super::letters::found;
use super::report::{Report, plain};

#[derive(Args)]
pub(super) struct Words {
    /// The filing's number.
    #[arg(required_unless_present = "table")]
    id: Option<FilingId>,
    /// Print the whole table of lights instead, as Markdown: `en` or `uk`.
    #[arg(long, value_name = "LANGUAGE", conflicts_with = "id", value_parser = ["en", "uk"])]
    table: Option<String>,
}

pub(super) async fn explain(context: &Context, words: &Words) -> anyhow::Result<Report> {
    let id = match (&words.table, words.id) {
        (Some(language), _) => return Report::new(table(language == "uk"), &rows()),
        (None, Some(id)) => id,
        (None, None) => bail!("which letter? Give its number"),
    };
    let app = context.app().await?;
    let view = found(&app, id).await?;
    let history = app.store().light_history(id).await?;
    let Some(newest) = history.last() else {
        bail!(
            "filing {id} has no light yet: it was filed by an earlier version; `skrynka run` makes lights within a minute"
        );
    };
    let mut text = String::new();
    assessment_text(&mut text, &newest.assessment, &view);
    for earlier in history.iter().rev().skip(1) {
        history_line(&mut text, earlier);
    }
    history_line(&mut text, newest);
    let value = json!({
        "filing": id,
        "light": newest.assessment.light,
        "said": texts::light(newest.assessment.light),
        "grounds": said(&newest.assessment),
        "copies": newest.assessment.copies,
        "made_at": newest.made_at,
        "occasion": newest.occasion,
        "history": history,
    });
    Report::new(text, &value)
}

/// The reasons that people see first, for the commands that show a letter.
pub(super) fn light_text(text: &mut String, assessment: &Assessment) {
    let said = texts::light(assessment.light);
    let _ = writeln!(text, "\nlight       {}: {}\n            {}", assessment.light, said.en, said.uk);
    for ground in assessment.shown() {
        ground_lines(text, ground, "");
    }
    let rest = assessment.grounds.iter().filter(|ground| ground.light > Light::Green).count();
    if rest > Assessment::SHOWN {
        let _ = writeln!(text, "            and {} more reasons", rest - Assessment::SHOWN);
    }
}

/// The grounds with their sentences, for programs that show them.
pub(super) fn said(assessment: &Assessment) -> Vec<Value> {
    let one = |ground: &Ground| {
        let mut value = json!(ground);
        if let Value::Object(fields) = &mut value {
            fields.insert("said".to_owned(), json!(texts::light_ground(ground)));
            fields.insert("next_step".to_owned(), json!(texts::light_next_step(ground.row)));
        }
        value
    };
    assessment.grounds.iter().map(one).collect()
}

fn assessment_text(text: &mut String, assessment: &Assessment, view: &FilingView) {
    let (id, said) = (view.row.id, texts::light(assessment.light));
    let _ = writeln!(text, "filing {id}   {}: {}\n            {}", assessment.light, said.en, said.uk);
    for ground in &assessment.grounds {
        text.push('\n');
        ground_lines(text, ground, &copy_words(ground, view));
    }
    text.push('\n');
    for (at, light) in assessment.copies.iter().enumerate() {
        let kind = view.copies.get(at).and_then(|copy| copy.document.as_ref());
        let kind = kind.map_or_else(|| "unknown kind".to_owned(), ToString::to_string);
        let _ = writeln!(text, "copy {:<7}{light}: {kind} by itself", at + 1);
    }
}

fn ground_lines(text: &mut String, ground: &Ground, of: &str) {
    let said = texts::light_ground(ground);
    let _ = writeln!(text, "{:<12}{}{of}\n            {}", ground.light, plain(&said.en), plain(&said.uk));
    if let Some(GroundFact::Earlier { filing, .. }) = ground.fact {
        let _ = writeln!(text, "            see `skrynka show {filing}`");
    }
    if let Some(next) = texts::light_next_step(ground.row) {
        let _ = writeln!(text, "next step   {}\n            {}", next.en, next.uk);
    }
}

fn copy_words(ground: &Ground, view: &FilingView) -> String {
    let Some(at) = ground.copy else { return String::new() };
    let kind = view.copies.get(at).and_then(|copy| copy.document.as_ref());
    kind.map_or_else(|| format!(" (copy {})", at + 1), |kind| format!(" (copy {}, {kind})", at + 1))
}

fn history_line(text: &mut String, LightRecord { assessment, made_at, occasion }: &LightRecord) {
    let why = texts::occasion(*occasion).en;
    let _ = writeln!(text, "history     {} {}: {why}", in_kyiv(*made_at), assessment.light);
}

/// The table as the documentation has it.
fn table(ukrainian: bool) -> String {
    let header = if ukrainian {
        "| світло | коли | речення | що робити |"
    } else {
        "| light | when | sentence | next step |"
    };
    let mut text = format!("{header}\n|---|---|---|---|\n");
    for (row, light) in TABLE {
        let ground = Ground { row, light, copy: None, fact: None };
        let cells = [
            texts::light_word(light),
            texts::light_condition(row),
            texts::light_ground(&ground),
            texts::light_next_step(row).unwrap_or_else(|| texts::Said::new("", "")),
        ];
        let cells: Vec<String> =
            cells.into_iter().map(|said| if ukrainian { said.uk } else { said.en }).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn rows() -> Vec<Value> {
    let row = |(row, light): (_, Light)| {
        json!({
            "row": row,
            "light": light,
            "condition": texts::light_condition(row),
            "said": texts::light_ground(&Ground { row, light, copy: None, fact: None }),
            "next_step": texts::light_next_step(row),
        })
    };
    TABLE.into_iter().map(row).collect()
}
