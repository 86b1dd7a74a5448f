//! `skrynka read --filed`: copies of filed letters that nobody read yet, or of which more can be read.

use std::io::{IsTerminal as _, Write as _};

use serde_json::json;

use super::Context;
use super::report::Report;

/// Width of the bar, characters.
const BAR_WIDTH: u64 = 30;

pub(super) async fn read_filed(context: &Context) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let rereading = app.rereading(&app.rules());
    let shows_bar = std::io::stderr().is_terminal() && !context.json;
    let done = rereading.pass(false, |done, all| bar(shows_bar, done, all)).await?;
    bar(shows_bar, done.copies, done.copies);
    if shows_bar && done.copies > 0 {
        let _ = writeln!(std::io::stderr());
    }
    let text = match done.copies {
        0 => "every filed copy is read already\n".to_owned(),
        copies => format!(
            "{copies} copies read again; {} of them have letters; {} letters failed\n",
            done.read, done.failed
        ),
    };
    let value = json!({ "copies": done.copies, "read": done.read, "failed": done.failed });
    Report::new(text, &value)
}

fn bar(shows: bool, done: u64, all: u64) {
    if !shows || all == 0 {
        return;
    }
    let full = usize::try_from(done.min(all) * BAR_WIDTH / all).unwrap_or_default();
    let empty = usize::try_from(BAR_WIDTH).unwrap_or_default().saturating_sub(full);
    let _ = write!(std::io::stderr(), "\r[{}{}] {done} of {all}", "#".repeat(full), ".".repeat(empty));
}
