//! A small SMTP server on loopback (RFC 5321) that keeps what it is given and says no where it is told to.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What the server kept.
#[derive(Clone, Default, Debug)]
pub(crate) struct Kept {
    /// Commands as they came, without their line ends.
    pub(crate) commands: Vec<String>,
    /// Letters as they came, dots unstuffed.
    pub(crate) letters: Vec<Vec<u8>>,
}

/// How the server behaves.
#[derive(Clone, Default)]
pub(crate) struct Manners {
    /// Answers in place of the usual ones, by the beginning of a command (`.` is the end of a letter, `` the greeting);
    /// an empty answer closes the connection.
    pub(crate) instead: Vec<(&'static str, &'static str)>,
    /// TLS with the certificate in this folder (see the fixtures' `certificate`).
    pub(crate) tls: Option<Arc<rustls::ServerConfig>>,
    /// From the first byte; else by STARTTLS.
    pub(crate) tls_at_once: bool,
}

/// A running server.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) kept: Arc<Mutex<Kept>>,
}

impl Server {
    pub(crate) async fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let shared = kept.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, manners) = (shared.clone(), manners.clone());
                tokio::spawn(async move {
                    let acceptor = manners.tls.clone().map(TlsAcceptor::from);
                    if let (true, Some(acceptor)) = (manners.tls_at_once, &acceptor) {
                        let Ok(stream) = acceptor.accept(stream).await else { return };
                        talk(&mut BufReader::new(stream), &manners, &kept, true, true).await;
                        return;
                    }
                    let mut stream = BufReader::new(stream);
                    if talk(&mut stream, &manners, &kept, acceptor.is_none(), true).await {
                        let Ok(stream) = acceptor.unwrap().accept(stream.into_inner()).await else { return };
                        talk(&mut BufReader::new(stream), &manners, &kept, true, false).await;
                    }
                });
            }
        });
        Self { port, kept }
    }

    pub(crate) fn letters(&self) -> Vec<Vec<u8>> {
        self.kept.lock().unwrap().letters.clone()
    }
}

/// One dialogue; true when it is to go on inside TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    manners: &Manners,
    kept: &Mutex<Kept>,
    protected: bool,
    greet: bool,
) -> bool {
    let answer_to = |command: &str| {
        let instead = manners.instead.iter().find(|(begins, _)| match *begins {
            "" => command.is_empty(),
            begins => command.to_ascii_uppercase().starts_with(begins),
        });
        let extensions =
            if protected { "250-x\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME" } else { "250-x\r\n250 STARTTLS" };
        let word = command.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        let usual = match word.as_str() {
            "" => "220 x ready",
            "EHLO" => extensions,
            "AUTH" => "235 2.7.0 welcome",
            "DATA" => "354 go on",
            "STARTTLS" => "220 go on",
            "QUIT" => "221 bye",
            _ => "250 2.0.0 ok",
        };
        instead.map_or(usual, |(_, answer)| answer).to_owned()
    };
    if greet && !say(stream, &answer_to("")).await {
        return false;
    }
    let mut line = String::new();
    while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        kept.lock().unwrap().commands.push(command.clone());
        if !say(stream, &answer_to(&command)).await || command == "QUIT" {
            return false;
        }
        if command == "STARTTLS" {
            return true;
        }
        if command == "DATA" && answer_to("DATA").starts_with('3') {
            let letter = letter(stream).await;
            let answer = answer_to(".");
            if answer.starts_with('2') {
                kept.lock().unwrap().letters.push(letter);
            }
            if !say(stream, &answer).await {
                return false;
            }
        }
    }
    false
}

async fn letter<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Vec<u8> {
    let mut letter = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 || line == b".\r\n" {
            return letter;
        }
        letter.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, answer: &str) -> bool {
    !answer.is_empty() && stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.is_ok()
}

/// The server's side of TLS, with `cert.pem` and `key.pem` of a folder.
pub(crate) fn tls(folder: &Path) -> Arc<rustls::ServerConfig> {
    let chain =
        CertificateDer::pem_file_iter(folder.join("cert.pem")).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Arc::new(config.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap())
}
