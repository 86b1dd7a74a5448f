//! TLS and proxies: what is said is protected, or not said.

use std::sync::Arc;

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509NameBuilder};
use rustls::pki_types::{CertificateDer, ServerName};
use skrynka::model::Role;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::house::House;

#[tokio::test]
async fn a_trusted_proxy_says_from_where_and_how_a_browser_comes() {
    let house = House::open_with(|settings, _| {
        settings.proxies = vec!["127.0.0.1".parse().unwrap()];
        settings.public_url = Some("https://desk.example".to_owned());
    })
    .await;
    let mut browser = house.browser();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    browser.more = vec![header("X-Forwarded-Proto", "https"), header("X-Forwarded-For", "9.9.9.9, 10.0.0.7")];
    let answer = browser.get("/login").await;
    assert!(answer.header("set-cookie").unwrap().starts_with("__Host-skrynka-form="));
    assert!(answer.header("set-cookie").unwrap().contains("; Secure"));
    assert!(answer.header("strict-transport-security").is_some());
    browser.more = vec![header("X-Forwarded-Proto", "http")];
    let answer = browser.get("/login").await;
    assert_eq!((answer.status, answer.header("location")), (308, Some("https://desk.example")));
    assert_eq!(browser.post_bare("/login", &[("password", "x")]).await.status, 403);
}

#[tokio::test]
async fn nobody_but_a_trusted_proxy_says_who_somebody_is() {
    let house = House::open().await;
    let mut browser = house.browser();
    browser.more = vec![("X-Forwarded-Proto".to_owned(), "https".to_owned())];
    let answer = browser.get("/login").await;
    assert!(answer.header("set-cookie").unwrap().starts_with("skrynka-form="), "the word of anybody");
    assert_eq!(answer.header("strict-transport-security"), None);
}

/// A certificate for 127.0.0.1 and its key (PEM).
fn certificate() -> (Vec<u8>, Vec<u8>) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "desk").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    builder.set_pubkey(&key).unwrap();
    let names =
        SubjectAlternativeName::new().ip("127.0.0.1").build(&builder.x509v3_context(None, None)).unwrap();
    builder.append_extension(names).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    (builder.build().to_pem().unwrap(), key.private_key_to_pem_pkcs8().unwrap())
}

#[tokio::test]
async fn pages_are_served_over_tls_with_cookies_bound_to_the_host() {
    let (pem, key) = certificate();
    let house = House::open_with(|settings, folder| {
        let (certificate_file, key_file) = (folder.join("web.pem"), folder.join("web.key"));
        std::fs::write(&certificate_file, &pem).unwrap();
        std::fs::write(&key_file, &key).unwrap();
        settings.tls = Some((certificate_file, key_file));
    })
    .await;
    house.person("olena", Role::Clerk, &["north"], &[]).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(X509::from_pem(&pem).unwrap().to_der().unwrap())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = tokio::net::TcpStream::connect(house.address).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut stream = connector.connect(name, stream).await.unwrap();
    let request = format!("GET /login HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", house.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said).await;
    let said = String::from_utf8_lossy(&said);
    assert!(said.starts_with("HTTP/1.1 200 ") && said.contains("Увійти"), "{said}");
    assert!(said.contains("set-cookie: __Host-skrynka-form=") && said.contains("; Secure"), "{said}");
    // Without TLS nothing is said.
    let mut plain = tokio::net::TcpStream::connect(house.address).await.unwrap();
    plain.write_all(request.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said).await;
    assert!(!String::from_utf8_lossy(&said).contains("HTTP/1.1 200"));
}
