//! An address → requests answered there, over TLS or on loopback, until told to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch::Receiver;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::session::Peer;
use super::{Parts, Settings, Web, router};

/// How long to wait before an address that is taken is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Connections at once: a browser has six.
const CONNECTIONS_MAX: usize = 1024;

/// How long a browser may take to say hello, and to send the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);

/// Serves the pages until `stop` becomes true (or its sender is gone). An address that is taken, or a certificate that
/// cannot be read, is tried again and again: letters are more important than who looks at them.
pub async fn serve(settings: Settings, parts: Parts, mut stop: Receiver<bool>) {
    let address = settings.listen;
    let stopped = stop.clone();
    let serving = async {
        let mut said = String::new();
        loop {
            let fault = match begin(&settings).await {
                Ok((listener, tls)) => {
                    let scheme = if tls.is_some() { "https" } else { "http" };
                    tracing::info!(%address, "serving the pages: {scheme}://{address}/");
                    said.clear();
                    let router = router(Web::new(settings.clone(), parts.clone()));
                    accept(listener, tls, router, stopped.clone()).await
                }
                Err(fault) => fault,
            };
            let fault = format!("{fault:#}");
            if said != fault {
                tracing::error!("web.listen: {fault}; tried again every {} s", AGAIN.as_secs());
                said = fault;
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

async fn begin(settings: &Settings) -> anyhow::Result<(TcpListener, Option<TlsAcceptor>)> {
    let tls = settings.tls.as_ref().map(|(certificate, key)| acceptor(certificate, key)).transpose()?;
    let listener = TcpListener::bind(settings.listen).await;
    let listener =
        listener.with_context(|| format!("{} cannot be used: give another one", settings.listen))?;
    Ok((listener, tls))
}

fn acceptor(certificate: &Path, key: &Path) -> anyhow::Result<TlsAcceptor> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("web.tls_certificate: {} cannot be read", certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("web.tls_key: {} cannot be read", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("web.tls_certificate and web.tls_key do not fit together")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Accepts connections until the listener fails.
async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: Receiver<bool>,
) -> anyhow::Error {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            return anyhow::anyhow!("the room for connections is gone");
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                tokio::spawn(connection(stream, peer, tls.clone(), router.clone(), stop.clone(), permit));
            }
            // The browser was gone before we were there, or there are no more handles: others may do better.
            Err(fault) => {
                tracing::debug!(%fault, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: Receiver<bool>,
    _permit: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true); // a row of the live list must not wait for more
    let router = router.layer(Extension(Peer(peer)));
    match tls {
        None => talk(stream, router, stop).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(HEAD_PATIENCE, tls.accept(stream)).await {
                talk(stream, router, stop).await;
            }
        }
    }
}

/// Answers the requests of one connection, until told to stop.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    mut stop: Receiver<bool>,
) {
    let talking = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(32 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut talking = std::pin::pin!(talking);
    tokio::select! {
        // A browser that goes away in the middle is nobody's fault.
        _ = talking.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => {}
    }
    talking.as_mut().graceful_shutdown();
    let _ = timeout(Duration::from_secs(1), talking).await;
}
