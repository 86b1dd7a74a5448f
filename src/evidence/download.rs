//! An address that a person named → the octets there: one plain GET and its redirects.
//!
//! Nothing is kept and nothing remembered: what came is shown to the person who asked for it.

use std::sync::Arc;

use tokio::time::Instant;

use super::door::Way;
use super::error::{EvidenceFault, NotDer};
use super::exchange::Bounds;
use super::fetch::{Asked, Fetched, follow};
use super::limits::DOWNLOAD_BYTES_MAX;
use super::port::{Names, SystemNames};
use super::settings::Settings;
use super::shape;
use super::target::Target;
use crate::model::Timestamp;

/// Downloads at most [`DOWNLOAD_BYTES_MAX`] octets, with the system's resolver; addresses, redirects, proxy and time are
/// bounded as they are for evidence.
///
/// # Errors
/// Nothing came, or a page for people.
pub async fn download(settings: Settings, url: &str, now: Timestamp) -> Result<Vec<u8>, EvidenceFault> {
    download_with_names(settings, Arc::new(SystemNames), url, now).await
}

/// The same with another resolver.
///
/// # Errors
/// As [`download`].
pub async fn download_with_names(
    settings: Settings,
    names: Arc<dyn Names>,
    url: &str,
    now: Timestamp,
) -> Result<Vec<u8>, EvidenceFault> {
    if !settings.allowed {
        return Err(EvidenceFault::Off);
    }
    let target = Target::read(url)?;
    let bounds = Bounds {
        bytes_max: DOWNLOAD_BYTES_MAX,
        head_until: Instant::now() + settings.patience,
        // As large as a CRL may be, and as long in coming.
        until: Instant::now() + settings.crl_patience,
    };
    let way = Way { settings, names };
    let asked = Asked { question: None, accepted: "*/*", kept: None };
    match follow(&way, &asked, &target, bounds, now, is_a_file).await {
        Ok(Fetched::New(bytes, _)) => Ok(bytes),
        // Nothing was asked on a condition: `follow` takes such an answer for a fault.
        Ok(Fetched::Unchanged(_)) => Err(EvidenceFault::Abandoned),
        Err(failed) => Err(failed.fault),
    }
}

fn is_a_file(host: &str, bytes: &[u8]) -> Result<(), EvidenceFault> {
    let what = match bytes {
        [] => NotDer::Empty,
        page if shape::is_page(page) => NotDer::Page,
        _ => return Ok(()),
    };
    Err(EvidenceFault::NotDer { host: host.to_owned(), what })
}
