//! `skrynka backup` and `skrynka restore`: the store → a folder on another disk, and back.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use skrynka::model::in_kyiv;
use skrynka::store::{LostBlob, Store};

use super::report::Report;
use super::{Context, store};

#[derive(Args)]
pub(super) struct BackupWords {
    /// The backup's folder, on another disk than the store. A later backup into it copies only what is new.
    folder: PathBuf,
    /// Also read every letter that an earlier backup copied, and copy it anew if it is damaged.
    #[arg(long)]
    reread: bool,
}

#[derive(Args)]
pub(super) struct RestoreWords {
    /// The backup's folder.
    folder: PathBuf,
    /// The folder of the store to make, new or empty; the configured one, if not given.
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// Restore although letters are missing or damaged in the backup: all the others.
    #[arg(long)]
    keep_going: bool,
}

pub(super) async fn backup(context: &Context, words: &BackupWords) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let version = env!("CARGO_PKG_VERSION");
    let done = app.store().backup(&words.folder, version, app.now(), words.reread).await?;
    let manifest = &done.manifest;
    let mut text =
        format!("{} holds the store as of {}\n", words.folder.display(), in_kyiv(manifest.taken_at));
    let _ = writeln!(text, "database   {} bytes, {} letters", manifest.database.bytes, manifest.filings);
    let _ = writeln!(
        text,
        "blobs      {} copied ({} bytes), {} there already",
        done.copied, done.copied_bytes, done.already_there
    );
    lost_text(&mut text, &manifest.lost, "the store has lost it; run `skrynka store check`");
    Ok(Report::new(text, &done)?.bad_if(!manifest.lost.is_empty()))
}

pub(super) async fn restore(context: &Context, words: &RestoreWords) -> anyhow::Result<Report> {
    let to = match &words.to {
        Some(to) => to.clone(),
        None => context.config()?.store,
    };
    let done = Store::restore(&words.folder, &to, words.keep_going).await?;
    let mut text =
        format!("{} holds the store as of {}\n", done.folder.display(), in_kyiv(done.manifest.taken_at));
    let _ = writeln!(text, "database   {} letters, sound", done.manifest.filings);
    let _ =
        writeln!(text, "blobs      {} restored ({} bytes), each read and right", done.blobs, done.blob_bytes);
    lost_text(&mut text, &done.lost, "the backup has not got it");
    let checked = store::checked(&done.checked)?;
    let _ = write!(text, "\n{}", checked.text);
    let value = json!({ "restored": done, "good": !checked.wrong });
    Ok(Report::new(text, &value)?.bad_if(checked.wrong || !done.lost.is_empty()))
}

fn lost_text(text: &mut String, lost: &[LostBlob], what: &str) {
    for LostBlob { digest, why } in lost {
        let _ = writeln!(text, "LOST       {digest}: {why}; {what}");
    }
}
