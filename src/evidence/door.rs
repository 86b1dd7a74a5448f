//! A target → a connection to an address that may be connected to, through the proxy and inside TLS where wanted.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::allowed;
use super::error::{Doing, EvidenceFault};
use super::limits::{ADDRESSES_MAX, HEAD_BYTES_MAX};
use super::port::Names;
use super::settings::{Proxy, Settings};
use super::target::Target;

/// A connection, plain or inside TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for T {}

/// What it takes to go out.
pub(super) struct Way {
    pub(super) settings: Settings,
    pub(super) names: Arc<dyn Names>,
}

impl Way {
    /// Connects. The address that is judged is the one that is connected to: a name is resolved once for each
    /// connection, so that an answer that changes in between changes nothing.
    pub(super) async fn open(
        &self,
        target: &Target,
        until: Instant,
    ) -> Result<Box<dyn Stream>, EvidenceFault> {
        let host = target.host();
        allowed::port(&self.settings.addresses_allowed, &host, target.port)?;
        let stream = match &self.settings.proxy {
            None => {
                let addresses = self.addresses(target, until).await?;
                self.connect(&host, &addresses, target.port, until).await?
            }
            Some(proxy) => self.through(proxy, target, until).await?,
        };
        if target.https { self.wrap(stream, &host, until).await } else { Ok(Box::new(stream)) }
    }

    /// The addresses of a target that may be connected to; at least one.
    async fn addresses(&self, target: &Target, until: Instant) -> Result<Vec<IpAddr>, EvidenceFault> {
        let host = target.host();
        let found = match target.address() {
            Some(address) => vec![address],
            None => self.resolve(&host, until).await?,
        };
        let allowed = &self.settings.addresses_allowed;
        let mut refused = None;
        let mut usable = Vec::new();
        for address in found {
            match allowed::connection(allowed, &host, address, target.port) {
                Ok(()) => usable.push(address),
                Err(fault) => refused = Some(fault),
            }
        }
        match refused {
            Some(fault) if usable.is_empty() => Err(fault),
            _ => Ok(usable),
        }
    }

    async fn resolve(&self, host: &str, until: Instant) -> Result<Vec<IpAddr>, EvidenceFault> {
        let asked = self.within(until, host, Doing::Resolving, self.names.addresses(host)).await?;
        let unresolved = |reason: String| EvidenceFault::Dns { host: host.to_owned(), reason };
        match asked {
            Ok(found) if found.is_empty() => Err(unresolved("no addresses".to_owned())),
            Ok(found) => Ok(found),
            Err(error) => Err(unresolved(error.to_string())),
        }
    }

    /// Tries one address after the other.
    async fn connect(
        &self,
        host: &str,
        addresses: &[IpAddr],
        port: u16,
        until: Instant,
    ) -> Result<TcpStream, EvidenceFault> {
        let mut last = EvidenceFault::Dns { host: host.to_owned(), reason: "no addresses".to_owned() };
        for address in addresses.iter().take(ADDRESSES_MAX) {
            let connecting = TcpStream::connect(SocketAddr::new(*address, port));
            match self.within(until, host, Doing::Connecting, connecting).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => {
                    last = EvidenceFault::Unreachable { host: host.to_owned(), reason: error.to_string() };
                }
                Err(fault) => last = fault,
            }
        }
        Err(last)
    }

    /// Connects to the proxy and, for https, has it connect to the target.
    ///
    /// The proxy resolves the name by itself, so what is checked here is what our own resolver says, where it says
    /// anything: in a net whose only way out is a proxy it often knows no outside names. The proxy's own rules decide
    /// what it connects to in the end.
    async fn through(
        &self,
        proxy: &Proxy,
        target: &Target,
        until: Instant,
    ) -> Result<TcpStream, EvidenceFault> {
        match self.addresses(target, until).await {
            Err(EvidenceFault::Dns { .. } | EvidenceFault::TimedOut { .. }) if outside(&target.host()) => {}
            other => drop(other?),
        }
        let fault = |reason: String| EvidenceFault::Proxy { proxy: proxy.host.clone(), reason };
        let reached = async {
            let addresses = match proxy.host.parse() {
                Ok(address) => vec![address],
                Err(_) => self.resolve(&proxy.host, until).await?,
            };
            self.connect(&proxy.host, &addresses, proxy.port, until).await
        };
        let mut stream = reached.await.map_err(|error| fault(error.to_string()))?;
        if target.https {
            let authority = target.authority();
            let asked = ask_for_tunnel(&mut stream, &authority);
            let status = self.within(until, &proxy.host, Doing::Connecting, asked).await?;
            let status = status.map_err(|error| fault(error.to_string()))?;
            if !(200..300).contains(&status) {
                let reason = format!("the proxy answers with HTTP status {status}");
                return Err(EvidenceFault::Unreachable { host: target.host(), reason });
            }
        }
        Ok(stream)
    }

    /// Shakes hands. The system's authorities and the configured ones are read anew for every connection.
    async fn wrap(
        &self,
        stream: TcpStream,
        host: &str,
        until: Instant,
    ) -> Result<Box<dyn Stream>, EvidenceFault> {
        let fault = |reason: String| EvidenceFault::Tls { host: host.to_owned(), reason };
        let name = ServerName::try_from(host.to_owned()).map_err(|error| fault(error.to_string()))?;
        let roots = self.settings.extra_roots.iter().map(|der| CertificateDer::from(der.clone())).collect();
        let shaking = async {
            let configured = tokio::task::spawn_blocking(move || configuration(roots)).await;
            let configured = configured.map_err(|_| "cannot read the trusted certificates".to_owned())?;
            let connector = TlsConnector::from(Arc::new(configured.map_err(|error| error.to_string())?));
            connector.connect(name, stream).await.map_err(|error| error.to_string())
        };
        let shaken = self.within(until, host, Doing::StartingTls, shaking).await?;
        Ok(Box::new(shaken.map_err(fault)?))
    }

    /// Waits as long as one such step may take, and never beyond the whole request's end.
    async fn within<T>(
        &self,
        until: Instant,
        host: &str,
        doing: Doing,
        work: impl Future<Output = T>,
    ) -> Result<T, EvidenceFault> {
        let until = until.min(Instant::now() + self.settings.connect_patience);
        timeout_at(until, work).await.map_err(|_| EvidenceFault::TimedOut { host: host.to_owned(), doing })
    }
}

/// Whether a name that we cannot resolve may be one of the internet: not a bare word, nor of a domain that never leaves
/// a local net (RFC 6761, RFC 6762, RFC 8375, and `internal`, which ICANN keeps for this).
fn outside(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let inside = ["localhost", "local", "internal", "home.arpa"];
    host.contains('.')
        && !inside.iter().any(|end| host.strip_suffix(end).is_some_and(|head| head.ends_with('.')))
}

/// RFC 9110 §9.3.6; the answer's status. Nothing follows its head, since in TLS the client speaks first.
async fn ask_for_tunnel(stream: &mut TcpStream, authority: &str) -> std::io::Result<u16> {
    use std::io::{Error, ErrorKind};
    stream.write_all(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n").as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= HEAD_BYTES_MAX {
            return Err(Error::new(ErrorKind::InvalidData, "an endless answer to CONNECT"));
        }
        head.push(stream.read_u8().await?);
    }
    let status = head.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(2..5));
    let status =
        status.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|text| text.parse().ok());
    status.ok_or_else(|| Error::new(ErrorKind::InvalidData, "an answer to CONNECT that is not HTTP/1"))
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

#[cfg(test)]
mod tests {
    use super::outside;

    #[test]
    fn names_that_never_leave_a_local_net_are_not_left_to_the_proxy() {
        for host in
            ["localhost", "printer", "a.localhost", "nas.local", "x.internal", "x.home.arpa", "nas.local."]
        {
            assert!(!outside(host), "{host}");
        }
        assert!(outside("ca.test") && outside("notlocal.test") && outside("mylocal.ua"));
    }
}
