//! Host, port and security → a stream on which the server has greeted and a login may be sent.

use std::fmt;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::error::Fault;
use super::{Account, Security, tls};

/// How long to wait for the connection, and for each step until the login. Long enough for a greeting that is held
/// back to slow down spammers (30 s are usual), shorter than a person waits.
pub(super) const DOOR_PATIENCE: Duration = Duration::from_secs(45);

/// The longest line before the login (bytes). Greetings and capabilities are a few hundred; RFC 9051 §4 lets a
/// server expect 8,000 of a client.
const LINE_BYTES_MAX: usize = 8_000;

/// Lines before the answer to a command, at most.
const LINES_MAX: usize = 100;

/// A byte stream of either kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug> Stream for T {}

/// A greeted connection, protected as configured.
pub(super) struct Open {
    /// The stream; the next bytes are ours.
    pub(super) stream: Box<dyn Stream>,
    /// The server's capabilities before the login, in upper case.
    pub(super) capabilities: Vec<String>,
}

/// Connects. Without the protection that is configured there is no connection: the password follows.
pub(super) async fn open(account: &Account) -> Result<Open, Fault> {
    let mut stream = TcpStream::connect((account.host.as_str(), account.port)).await.map_err(unreachable)?;
    // Commands are small and wait for their answer.
    stream.set_nodelay(true).map_err(unreachable)?;
    let mut stream: Box<dyn Stream> = match account.security {
        Security::Tls => {
            let mut stream = tls::wrap(stream, &account.host, &account.ca).await?;
            greeting(&mut stream).await?;
            Box::new(stream)
        }
        Security::StartTls => {
            greeting(&mut stream).await?;
            if !capabilities(&mut stream).await?.iter().any(|word| word == "STARTTLS") {
                return Err(Fault::NoStartTls);
            }
            let (_, accepted) = ask(&mut stream, "STARTTLS").await?;
            if !accepted {
                return Err(Fault::NoStartTls);
            }
            // Lines are read to their end and no further, so nothing that was said in the clear is taken for
            // something said under TLS. Capabilities are asked again for the same reason (RFC 9051 §6.2.1).
            Box::new(tls::wrap(stream, &account.host, &account.ca).await?)
        }
        Security::PlainLoopbackOnly => {
            if !stream.peer_addr().map_err(unreachable)?.ip().to_canonical().is_loopback() {
                return Err(Fault::NotLoopback);
            }
            greeting(&mut stream).await?;
            Box::new(stream)
        }
    };
    let capabilities = capabilities(&mut stream).await?;
    Ok(Open { stream, capabilities })
}

fn unreachable(error: std::io::Error) -> Fault {
    Fault::Unreachable(error)
}

async fn greeting(stream: &mut (impl Stream + ?Sized)) -> Result<(), Fault> {
    let greeting = line(stream).await?;
    if let Some(farewell) = greeting.strip_prefix("* BYE") {
        return Err(Fault::LoginUnavailable(farewell.trim().to_owned()));
    }
    // PREAUTH would mean a session as somebody unknown.
    if greeting.starts_with("* OK") { Ok(()) } else { Err(Fault::NotImap) }
}

async fn capabilities(stream: &mut (impl Stream + ?Sized)) -> Result<Vec<String>, Fault> {
    let (lines, accepted) = ask(stream, "CAPABILITY").await?;
    let words = lines.iter().find_map(|line| line.strip_prefix("* CAPABILITY "));
    match words {
        Some(words) if accepted => Ok(words.split_ascii_whitespace().map(str::to_ascii_uppercase).collect()),
        _ => Err(Fault::NotImap),
    }
}

/// Sends a command and reads the untagged lines and whether it was accepted.
async fn ask(stream: &mut (impl Stream + ?Sized), command: &str) -> Result<(Vec<String>, bool), Fault> {
    // The library numbers its own commands from A0001.
    let sent = stream.write_all(format!("D {command}\r\n").as_bytes()).await;
    sent.map_err(|error| lost(&error))?;
    stream.flush().await.map_err(|error| lost(&error))?;
    let mut lines = Vec::new();
    while lines.len() < LINES_MAX {
        let line = line(stream).await?;
        if let Some(answer) = line.strip_prefix("D ") {
            return Ok((lines, answer.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("OK"))));
        }
        lines.push(line);
    }
    Err(Fault::NotImap)
}

/// One line without its end, read byte by byte, so that not one byte behind it is taken.
async fn line(stream: &mut (impl Stream + ?Sized)) -> Result<String, Fault> {
    let mut line = Vec::new();
    while line.len() < LINE_BYTES_MAX {
        match stream.read_u8().await.map_err(|error| lost(&error))? {
            b'\n' => return Ok(String::from_utf8_lossy(&line).trim_end().to_owned()),
            byte => line.push(byte),
        }
    }
    Err(Fault::NotImap)
}

fn lost(error: &std::io::Error) -> Fault {
    Fault::ConnectionLost { doing: "greeting", reason: error.to_string() }
}
