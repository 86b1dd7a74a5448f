//! `skrynka run`: the daemon, until SIGTERM or Ctrl-C.

use anyhow::{Context as _, bail};
use serde_json::json;
use skrynka::daemon::Daemon;
use skrynka::service_manager::ServiceManager;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Context, Report};

pub(super) async fn run(context: &Context) -> anyhow::Result<Report> {
    // First, so that a request to stop that comes while the store is opened ends in an orderly stop too.
    let mut stop = asked_to_stop()?;
    let app = tokio::select! {
        app = context.app() => app?,
        _ = stop.wait_for(|stop| *stop) => return stopped(),
    };
    let config = app.config();
    if config.mailboxes.is_empty() && config.drop_folders.is_empty() {
        bail!(
            "{} names no [[mailbox]] and no [[drop_folder]]; there is nothing to watch",
            config.file.display()
        );
    }
    let of = |name: &str| context.environment.get(name);
    let manager = ServiceManager::named(of("NOTIFY_SOCKET").as_deref(), of("WATCHDOG_USEC").as_deref())
        .context("NOTIFY_SOCKET names a socket that cannot be used")?;
    Daemon::new(app, context.environment.clone(), manager).run(stop).await?;
    stopped()
}

fn stopped() -> anyhow::Result<Report> {
    Report::new("stopped", &json!({ "stopped": true }))
}

/// Becomes true at SIGTERM or Ctrl-C.
fn asked_to_stop() -> anyhow::Result<watch::Receiver<bool>> {
    let (stopper, stop) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stopper.send_replace(true);
    });
    Ok(stop)
}
