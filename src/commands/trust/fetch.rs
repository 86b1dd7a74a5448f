//! `skrynka trust fetch`: an address → a bundle or a trusted list, taken in as from a file.
//!
//! How it came proves nothing, so it may come over plain HTTP: a list counts by its signer, a certificate by its compared
//! fingerprint.

use std::future::Future;

use anyhow::bail;
use clap::Args;

use super::import::{Answers, Import};
use crate::commands::{Context, Report};

#[derive(Args)]
pub(in crate::commands) struct Words {
    /// Where it is published: http:// or https://.
    url: String,
    #[command(flatten)]
    answers: Answers,
}

/// The most octets that are downloaded: as much as a trusted list may have.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// Who downloads.
pub(super) trait Download {
    /// The octets at an address, at most so many; else why not, in a sentence.
    fn get(&self, url: &str, bytes_max: usize) -> impl Future<Output = Result<Vec<u8>, String>>;
}

/// Nothing downloads yet: the client of OCSP and CRLs takes this place.
pub(super) struct Nowhere;

impl Download for Nowhere {
    async fn get(&self, _: &str, _: usize) -> Result<Vec<u8>, String> {
        Err("this version downloads nothing: save it with a browser and run `skrynka trust import FILE`"
            .to_owned())
    }
}

pub(super) async fn fetch(context: &Context, words: &Words, from: &impl Download) -> anyhow::Result<Report> {
    let url = words.url.as_str();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        bail!("`{url}` is no address that can be downloaded from: http:// or https:// is expected");
    }
    let bytes = from.get(url, BYTES_MAX).await.map_err(|why| anyhow::anyhow!("{url}: {why}"))?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("downloaded");
    Import::begin(context, name, url, &words.answers)?.perform(&bytes)
}
