//! A loopback address → `/healthz`, `/readyz` and `/metrics` for the monitoring programs of this machine.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;

use super::Health;
use super::metrics::Page;
use crate::store::Store;

/// How long the store may take for an answer; a monitoring program waits ten seconds as a rule.
const STORE_PATIENCE: Duration = Duration::from_secs(5);

/// How long to wait before an address that is taken is tried again.
const AGAIN: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Known {
    health: Health,
    store: Store,
}

/// Serves until `stop` becomes true (or its sender is gone). An address that is taken is tried again and again: letters
/// are more important than who watches them.
pub async fn serve(address: SocketAddr, health: Health, store: Store, mut stop: Receiver<bool>) {
    let router = Router::new()
        .route("/healthz", get(|| async { "the process lives\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Known { health, store });
    let serving = async {
        let mut said = false;
        loop {
            match TcpListener::bind(address).await {
                Ok(listener) => {
                    tracing::info!(%address, "serving /healthz, /readyz and /metrics");
                    // Ends only when it is dropped.
                    let _ = axum::serve(listener, router.clone()).await;
                }
                Err(error) if !said => {
                    tracing::error!(
                        "health.listen: {address} cannot be used ({error}): give another one; tried again every {} s",
                        AGAIN.as_secs()
                    );
                    said = true;
                }
                Err(_) => {}
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => {}
        () = serving => {}
    }
}

/// Ready when the store answers and every mailbox was read lately; else 503 and the reasons, a line each.
async fn ready(State(known): State<Known>) -> Response {
    let mut complaints = known.health.complaints();
    if let Err(fault) = known.store.answers(STORE_PATIENCE).await {
        complaints.insert(0, fault.to_string());
    }
    if complaints.is_empty() {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, complaints.join("\n") + "\n").into_response()
}

/// Everything that is counted.
async fn metrics(State(known): State<Known>) -> Response {
    let Known { health, store } = known;
    let now = health.now();
    let asked = async { Ok::<_, crate::store::StoreError>((store.figures().await?, store.codes().await?)) };
    let answered = tokio::time::timeout(STORE_PATIENCE, asked).await.ok().and_then(Result::ok);
    let mut page = Page::default();
    page.board(&health.board(), now);
    page.store_up(answered.is_some());
    if let Some((figures, codes)) = answered {
        page.figures(&figures);
        page.codes(&codes, now);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page.text()).into_response()
}
