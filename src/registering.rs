//! A registry file → the registry in the store, after the names were judged.

use crate::model::{Change, NamingFinding, Registry, Severity, Timestamp};
use crate::qr::naming;
use crate::store::{Store, StoreError};

/// What applying a registry did, or would do.
#[derive(Debug)]
pub struct Applied {
    /// The differences, empty when nothing changes.
    pub changes: Vec<Change>,
    /// What was found about names and packages: warnings and advice.
    pub findings: Vec<NamingFinding>,
    /// Whether the changes were made.
    pub done: bool,
}

/// Why a registry was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Names that may not be used.
    #[error("the registry holds names that may not be used")]
    Names(Vec<NamingFinding>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the store's registry equal to this one; `dry_run` only tells what would change.
///
/// # Errors
/// When a name is refused (nothing is changed then), or the store fails.
pub async fn apply(
    store: &Store,
    registry: &Registry,
    dry_run: bool,
    now: Timestamp,
) -> Result<Applied, ApplyError> {
    let (refused, findings): (Vec<_>, Vec<_>) =
        naming::registry(registry).into_iter().partition(|finding| finding.severity() == Severity::Refused);
    if !refused.is_empty() {
        return Err(ApplyError::Names(refused));
    }
    let changes = if dry_run {
        store.plan_registry(registry, now).await?
    } else {
        store.apply_registry(registry, now).await?
    };
    Ok(Applied { changes, findings, done: !dry_run })
}
