//! Lights made by earlier rules → made anew, newest letters first.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;

use crate::model::Clock;
use crate::store::{Store, StoreError};
use crate::supervise::unless_stopped;

/// How often to look whether the policy or the registry changed.
const EVERY: Duration = Duration::from_secs(30);

/// Lights in one transaction: letters that arrive wait for it.
const STEP: u32 = 50;

/// Between two steps: others write too.
const REST: Duration = Duration::from_millis(20);

/// What making lights anew needs.
#[derive(Clone)]
pub struct Relighting {
    /// Where letters and lights are kept; it knows who makes them.
    pub store: Store,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

impl Relighting {
    /// Passes every half minute until `stop` becomes true. `alive` is called before each step.
    pub async fn run(&self, mut stop: Receiver<bool>, alive: impl Fn()) {
        while let Some(pass) = unless_stopped(&mut stop, self.pass(&alive)).await {
            match pass {
                Ok(0) => {}
                Ok(letters) => {
                    tracing::info!(letters, "lights made anew: policy, registry or program changed");
                }
                Err(fault) => tracing::warn!("lights cannot be made anew, it will be tried later: {fault}"),
            }
            if unless_stopped(&mut stop, tokio::time::sleep(EVERY)).await.is_none() {
                return;
            }
        }
    }

    /// Makes anew what earlier rules made. How many letters it looked at. May be cut at any point.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pass(&self, alive: impl Fn()) -> Result<u64, StoreError> {
        let mut letters = 0;
        loop {
            alive();
            let done = self.store.relight(STEP, self.clock.now()).await?;
            letters += u64::from(done);
            if done < STEP {
                return Ok(letters);
            }
            tokio::time::sleep(REST).await;
        }
    }
}
