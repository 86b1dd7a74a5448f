//! `skrynka evidence export`: a filing → a folder or ZIP that shows others, years later, what its verdicts rest on.

mod bundle;
mod dossier;
mod paper;
mod readme;
mod report;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;
use skrynka::model::{Digest, FilingId};

use super::letters::found;
use super::report::Report;
use super::{Context, print_warning};
use bundle::Bundle;
use dossier::Dossier;

#[derive(Subcommand)]
pub(super) enum Words {
    /// Write a letter's signed copies with everything that their verdicts rest on, so that `skrynka verify --offline`
    /// passes them on another machine.
    Export(ExportWords),
}

#[derive(Args)]
pub(super) struct ExportWords {
    /// The filing's number.
    id: FilingId,
    /// The folder to make, or the file if the name ends with .zip; `evidence-ID` here, if not given. Nothing is
    /// overwritten.
    #[arg(long, value_name = "FOLDER|FILE.zip")]
    to: Option<PathBuf>,
}

pub(super) async fn evidence(context: &Context, words: &Words) -> anyhow::Result<Report> {
    let Words::Export(words) = words;
    let to = words.to.clone().unwrap_or_else(|| PathBuf::from(format!("evidence-{}", words.id)));
    if to.symlink_metadata().is_ok() {
        bail!("{} exists and is not overwritten; name another place with --to", to.display());
    }
    let app = context.app().await?;
    let view = found(&app, words.id).await?;
    if view.verdicts.is_empty() {
        bail!(
            "nothing in filing {} is signed, so there is no verdict to export; `skrynka save` writes the letter",
            words.id
        );
    }
    let letter = app.store().blob(&view.digest).await?;
    let proofs = app.store().proofs(words.id).await?;
    let dossier = Dossier::of(&view, letter, proofs, &app);
    let bundle = Bundle::of(&dossier)?;
    let sums = Digest::of(bundle.sums());
    // Before anything is handed out: an export that nobody knows of is worse than a line too much.
    app.store().note_export(words.id, bundle.names().len(), sums, app.now()).await?;
    bundle.write(&to)?;
    for warning in dossier.warnings() {
        print_warning(&warning, context.json);
    }
    let mut text = format!("written     {}\n", to.display());
    for part in &dossier.parts {
        let _ = writeln!(text, "check       {}", part.command());
    }
    let _ = writeln!(text, "SHA-256     {sums} of SHA256SUMS: write it down elsewhere, or sign the report");
    let commands: Vec<String> = dossier.parts.iter().map(dossier::Part::command).collect();
    let agree = dossier.parts.iter().all(|part| part.checked.agrees);
    Report::new(
        text,
        &json!({
            "written": to,
            "files": bundle.names(),
            "sha256sums": sums,
            "commands": commands,
            "agrees": agree,
        }),
    )
}
