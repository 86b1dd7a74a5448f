//! Through TLS and through a proxy.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use skrynka::evidence::{EvidenceFault, Settings};
use skrynka::model::Need;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;

use super::house::{Answer, House, SEQUENCE, Server, Zone, http, near};

/// A server with a certificate for 127.0.0.1 and localhost, and the authority (DER) that signed it.
async fn protected() -> (Server, Vec<u8>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    skrynka_fixtures::dovecot::certificate::make(folder.path()).unwrap();
    let ca = CertificateDer::from_pem_file(folder.path().join("ca.pem")).unwrap().to_vec();
    let answer = |_, _: &str| Answer::Bytes(http("200 OK", "", SEQUENCE));
    (Server::start_with(Some(tls(folder.path())), answer).await, ca, folder)
}

fn tls(folder: &Path) -> Arc<rustls::ServerConfig> {
    let chain =
        CertificateDer::pem_file_iter(folder.join("cert.pem")).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Arc::new(config.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap())
}

fn crl(url: String) -> Need {
    Need::Crl { url }
}

#[tokio::test]
async fn an_https_server_must_have_a_trusted_certificate_for_its_name() {
    let (server, ca, _folder) = protected().await;
    let zone = Zone::of(&[("localhost", &[&["127.0.0.1"]]), ("ca.test", &[&["127.0.0.1"]])]);
    let trusting = Settings { extra_roots: vec![ca], ..near(&[&server]) };
    let house = House::with(trusting, Arc::new(()), zone.clone());
    for host in ["127.0.0.1", "localhost"] {
        let gathered = house.one(&crl(format!("https://{host}:{}/", server.port))).await;
        assert!(gathered.fault.is_none(), "{gathered:?}");
    }
    let fault = house.one(&crl(format!("https://ca.test:{}/", server.port))).await.fault.unwrap();
    assert!(matches!(fault, EvidenceFault::Tls { .. }), "another name: {fault}");
    let house = House::with(near(&[&server]), Arc::new(()), zone);
    let fault = house.one(&crl(format!("https://localhost:{}/", server.port))).await.fault.unwrap();
    assert!(matches!(fault, EvidenceFault::Tls { .. }), "an unknown authority: {fault}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_server_without_tls_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(&http("400 Bad Request", "", b"")).await.unwrap();
    });
    let allowed = vec![format!("127.0.0.1:{port}").parse().unwrap()];
    let settings = Settings { addresses_allowed: allowed, ..Settings::default() };
    let house = House::with(settings, Arc::new(()), Zone::of(&[]));
    let fault = house.one(&crl(format!("https://127.0.0.1:{port}/"))).await.fault;
    assert!(matches!(fault, Some(EvidenceFault::Tls { .. })), "{fault:?}");
}

fn through(proxy: &Server, servers: &[&Server]) -> Settings {
    Settings { proxy: Some(format!("http://127.0.0.1:{}", proxy.port).parse().unwrap()), ..near(servers) }
}

#[tokio::test]
async fn a_proxy_is_asked_in_the_absolute_form() {
    let proxy = Server::saying(http("200 OK", "", SEQUENCE)).await;
    // Our own resolver knows nothing of the outside, as in many offices.
    let house = House::with(through(&proxy, &[]), Arc::new(()), Zone::of(&[]));
    assert!(house.one(&crl("http://ca.test/full.crl?x=1".to_owned())).await.fault.is_none());
    assert!(proxy.asked()[0].starts_with("GET http://ca.test/full.crl?x=1 HTTP/1.1\r\n"));
    assert!(proxy.asked()[0].contains("\r\nhost: ca.test\r\n"));
}

#[tokio::test]
async fn a_proxy_opens_a_tunnel_for_https() {
    let (server, ca, _folder) = protected().await;
    let port = server.port;
    let proxy = Server::start(move |_, asked| match asked {
        asked if asked.starts_with("CONNECT localhost:") => {
            Answer::Tunnel(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n".to_vec(), port)
        }
        _ => Answer::Bytes(http("502 Bad Gateway", "", b"")),
    })
    .await;
    let zone = Zone::of(&[("localhost", &[&["127.0.0.1"]])]);
    let house =
        House::with(Settings { extra_roots: vec![ca], ..through(&proxy, &[&server]) }, Arc::new(()), zone);
    let gathered = house.one(&crl(format!("https://localhost:{port}/a.crl"))).await;
    assert!(gathered.fault.is_none(), "{gathered:?}");
    assert!(server.asked()[0].starts_with("GET /a.crl HTTP/1.1\r\n"), "inside, as to the server itself");
    let told = house.fault(&crl("https://gone.test/".to_owned())).await;
    assert_eq!(told, "gone.test: cannot connect: the proxy answers with HTTP status 502");
}

#[tokio::test]
async fn a_proxy_is_not_asked_for_inner_addresses() {
    let proxy = Server::saying(http("200 OK", "", SEQUENCE)).await;
    let zone = Zone::of(&[("inner.test", &[&["10.0.0.1"]])]);
    let house = House::with(through(&proxy, &[]), Arc::new(()), zone);
    for url in [
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://inner.test/",
        "http://nas/",
        "http://nas.local/",
        "http://ca.test:22/",
    ] {
        house.fault(&crl(url.to_owned())).await;
    }
    assert_eq!(proxy.asked().len(), 0);
}

#[tokio::test]
async fn a_proxy_that_is_down_is_left_alone_by_everybody() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let settings =
        Settings { proxy: Some(format!("http://127.0.0.1:{port}").parse().unwrap()), ..Settings::default() };
    let zone = Zone::of(&[]);
    let house = House::with(settings, Arc::new(()), zone.clone());
    for url in ["http://a.test/", "http://b.test/", "https://c.test/"] {
        let fault = house.one(&crl(url.to_owned())).await.fault.unwrap();
        assert!(matches!(fault, EvidenceFault::Proxy { .. }), "{fault}");
    }
    assert_eq!(zone.questions.load(Ordering::SeqCst), 1, "the first alone tried");
}
