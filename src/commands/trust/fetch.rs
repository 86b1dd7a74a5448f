//! `skrynka trust fetch`: an address → a bundle or a trusted list, taken in as from a file.
//!
//! How it came proves nothing, so it may come over plain HTTP: a list counts by its signer, a certificate by its compared
//! fingerprint.

use anyhow::{Context as _, bail};
use clap::Args;
use skrynka::app::{SystemClock, evidence_settings};
use skrynka::evidence::{EvidenceFault, download};
use skrynka::model::Clock as _;

use super::import::{Answers, Import};
use crate::commands::{Context, Report};

#[derive(Args)]
pub(in crate::commands) struct Words {
    /// Where it is published: http:// or https://.
    url: String,
    #[command(flatten)]
    answers: Answers,
}

pub(super) async fn fetch(context: &Context, words: &Words) -> anyhow::Result<Report> {
    let url = words.url.as_str();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        bail!("`{url}` is no address that can be downloaded from: http:// or https:// is expected");
    }
    let settings = evidence_settings(&context.config()?)?;
    let downloaded = download(settings, url, SystemClock.now()).await;
    let bytes = downloaded.map_err(|fault| {
        let remedy = remedy(&fault);
        anyhow::Error::new(fault).context(format!("nothing was downloaded from {url}{remedy}"))
    })?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("downloaded");
    Import::begin(context, name, url, &words.answers)?
        .perform(&bytes)
        .with_context(|| format!("what {url} gives was not taken in"))
}

/// What the operator can do about it.
const fn remedy(fault: &EvidenceFault) -> &'static str {
    match fault {
        EvidenceFault::Off => {
            " (`fetch` in [evidence] is false: save it with a browser and run `skrynka trust import FILE`)"
        }
        EvidenceFault::Address { .. } | EvidenceFault::Port { .. } => {
            " (`addresses_allowed` in [evidence] names further places)"
        }
        EvidenceFault::Proxy { .. } => " (see `proxy` in [evidence])",
        _ => "",
    }
}
