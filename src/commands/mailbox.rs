//! `skrynka mailbox reconcile`: what the servers hold, laid beside what is accounted for.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;
use skrynka::intake::{FolderStock, Stock, Waiting};
use skrynka::model::{MailboxId, in_kyiv};

use super::Context;
use super::report::{Report, table};

/// Waiting letters that are printed of one folder; `--json` has more.
const WAITING_PRINTED_MAX: usize = 20;

#[derive(Subcommand)]
pub(super) enum Words {
    /// Count the letters on the server and say how each is accounted for; changes nothing there.
    Reconcile(ReconcileWords),
}

#[derive(Args)]
pub(super) struct ReconcileWords {
    /// Only this mailbox; all, if not given.
    address: Option<MailboxId>,
}

pub(super) async fn mailbox(context: &Context, words: &Words) -> anyhow::Result<Report> {
    let Words::Reconcile(words) = words;
    let app = context.app().await?;
    let stocks = app.take_stock(words.address.as_ref()).await?;
    let (mut rows, mut below, mut values, mut open) = (Vec::new(), String::new(), Vec::new(), false);
    for (mailbox, stock) in stocks {
        match stock {
            Ok(stock) => {
                open |= stock.folders.iter().any(|folder| folder.problem.is_some() || folder.waiting > 0);
                rows.extend(stock.folders.iter().map(|folder| row(&mailbox, folder)));
                explain(&mut below, &mailbox, &stock);
                values.push(json!({ "mailbox": mailbox, "folders": stock.folders, "target": stock.target }));
            }
            Err(fault) => {
                open = true;
                let text = format!("{fault:#}");
                let _ = writeln!(below, "FAILED   {text}");
                values.push(json!({ "mailbox": mailbox, "problem": text }));
            }
        }
    }
    let header =
        ["mailbox", "folder", "on the server", "filed", "filed before", "quarantined", "waiting", "gone"];
    let header = header.as_slice();
    let all = if open { "not every letter is accounted for" } else { "every letter is accounted for" };
    let text = format!("{}{below}{all}\n", table(header, &rows));
    Ok(Report::new(text, &json!({ "good": !open, "mailboxes": values }))?.bad_if(open))
}

fn row(mailbox: &MailboxId, stock: &FolderStock) -> Vec<String> {
    let mut row = vec![mailbox.to_string(), stock.folder.clone()];
    if stock.problem.is_some() {
        row.push("?".to_owned());
        return row;
    }
    let FolderStock { on_server, filed, already_filed, quarantined, waiting, gone, .. } = stock;
    let counts = [on_server, filed, already_filed, quarantined, waiting].map(ToString::to_string);
    row.extend(counts);
    row.push(gone.to_string());
    row
}

/// What the counts mean, where they do not speak for themselves.
fn explain(text: &mut String, mailbox: &MailboxId, stock: &Stock) {
    for folder in &stock.folders {
        let name = &folder.folder;
        if let Some(problem) = &folder.problem {
            let _ = writeln!(text, "FAILED   {mailbox}: {problem}");
        }
        for letter in folder.waiting_letters.iter().take(WAITING_PRINTED_MAX) {
            let _ = writeln!(text, "waiting  {mailbox} {name}: {}", said(letter));
        }
        let more = folder.waiting.saturating_sub(WAITING_PRINTED_MAX);
        if more > 0 {
            let _ = writeln!(text, "waiting  {mailbox} {name}: and {more} more");
        }
        if folder.waiting > 0 {
            let _ = writeln!(
                text,
                "         the daemon takes them in its next round; what still waits then is named in its log"
            );
        }
        if folder.gone > 0 && stock.target.is_none() {
            let _ = writeln!(
                text,
                "note     {mailbox} {name}: {} letters that are filed lie there no longer: others moved or removed them",
                folder.gone
            );
        }
    }
    if let Some(target) = &stock.target {
        let moved: u64 = stock.folders.iter().map(|folder| folder.gone).sum();
        let holds = target
            .letters
            .map_or("cannot be opened".to_owned(), |letters| format!("holds {letters} letters"));
        let watched = if target.watched {
            "it is watched too, so they count there as filed before"
        } else {
            "they have new UIDs there and are not counted again"
        };
        let _ = writeln!(
            text,
            "note     {mailbox}: filed letters move to `{}`, which {holds}; {moved} that are filed left their folder; {watched}",
            target.folder
        );
    }
}

fn said(letter: &Waiting) -> String {
    let mut said = format!("UID {}", letter.uid);
    match (letter.received_at, letter.bytes) {
        (Some(at), Some(bytes)) => {
            let _ = write!(said, ", received {}, {bytes} bytes", in_kyiv(at));
        }
        _ => said.push_str(", which the server no longer describes: removed just now?"),
    }
    if letter.too_large {
        said.push_str("; larger than what is taken: save it by hand");
    }
    said
}
