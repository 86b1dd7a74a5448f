//! A connection and the name that the server must prove → the same connection inside TLS, or why not.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::error::Fault;

/// Shakes hands. The system's authorities and `extra_roots` (DER) are trusted, read anew for every connection, so
/// that a changed certificate store counts without a restart.
pub(super) async fn wrap(
    stream: TcpStream,
    host: &str,
    extra_roots: &[Vec<u8>],
) -> Result<TlsStream<TcpStream>, Fault> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Fault::BadHost)?;
    let roots: Vec<_> = extra_roots.iter().map(|der| CertificateDer::from(der.clone())).collect();
    let configured = tokio::task::spawn_blocking(move || configuration(roots)).await;
    let configuration =
        configured.map_err(|_| Fault::NoTls("cannot read the trusted certificates".into()))?;
    let configuration = configuration.map_err(|error| Fault::NoTls(error.to_string()))?;
    let connector = TlsConnector::from(Arc::new(configuration));
    connector.connect(name, stream).await.map_err(|error| fault(&error))
}

fn configuration(roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, rustls::Error> {
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous() // rustls' word for any verifier of its caller's choice; ours is the platform's
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn fault(error: &std::io::Error) -> Fault {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(why)) => Fault::NotTrusted(why.to_string()),
        Some(other) => Fault::NoTls(other.to_string()),
        // The server went away in the middle: it may be starting or stopping.
        None => Fault::ConnectionLost { doing: "starting TLS", reason: error.to_string() },
    }
}
