//! `skrynka run`: the daemon, until SIGTERM or Ctrl-C.

use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Context, Report};

pub(super) async fn run(context: &Context) -> anyhow::Result<Report> {
    let app = context.app().await?;
    for warning in &app.config().warnings {
        tracing::warn!("{warning}");
    }
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
    tracing::info!(
        mailboxes = app.config().mailboxes.len(),
        drop_folders = app.config().drop_folders.len(),
        anchors = app.trust().anchors().count(),
        "watching"
    );
    app.run(stop).await?;
    Report::new("stopped", &json!({ "stopped": true }))
}
