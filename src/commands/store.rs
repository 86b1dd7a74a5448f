//! `skrynka store check`: is everything that was kept still there, whole and closed to others?

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;
use skrynka::store::{Checked, Depth};

use super::Context;
use super::report::{Report, table};

#[derive(Subcommand)]
pub(super) enum Words {
    /// Check the database, the search index, the ledger and every letter's bytes.
    Check(CheckWords),
}

#[derive(Args)]
pub(super) struct CheckWords {
    /// Only see that each letter's bytes are there, without reading them.
    #[arg(long)]
    quick: bool,
}

pub(super) async fn store(context: &Context, words: &Words) -> anyhow::Result<Report> {
    let Words::Check(words) = words;
    let app = context.app().await?;
    let depth = if words.quick { Depth::Present } else { Depth::Digests };
    let lines = app.store().check(depth).await;
    let checked = checked(&lines)?;
    let value = json!({ "store": app.config().store, "good": !checked.wrong, "checked": lines });
    Ok(Report::new(checked.text, &value)?.bad_if(checked.wrong))
}

/// The answer of a check, for people.
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) wrong: bool,
}

/// The table, and below it every fault, what to do, and what else is worth knowing.
pub(super) fn checked(lines: &[Checked]) -> anyhow::Result<Answer> {
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let (wrong, remedy) =
                if line.wrong == 0 { ("—".to_owned(), "") } else { (line.wrong.to_string(), line.remedy) };
            vec![line.what.to_owned(), line.count.to_string(), wrong, remedy.to_owned()]
        })
        .collect();
    let mut text = table(&["checked", "count", "wrong", "what to do"], &rows);
    for line in lines.iter().filter(|line| line.wrong > 0) {
        for fault in &line.faults {
            writeln!(text, "WRONG  {}: {fault}", line.what)?;
        }
        let named = u64::try_from(line.faults.len())?;
        if line.wrong > named {
            writeln!(text, "WRONG  {}: and {} more", line.what, line.wrong - named)?;
        }
    }
    for note in lines.iter().flat_map(|line| &line.notes) {
        writeln!(text, "note   {note}")?;
    }
    let wrong = lines.iter().any(|line| line.wrong > 0);
    text.push_str(if wrong { "something is wrong\n" } else { "all is well\n" });
    Ok(Answer { text, wrong })
}
