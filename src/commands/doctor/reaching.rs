//! Who must be reached: the server that sends mail, and the running daemon.

use std::net::SocketAddr;
use std::time::Duration;

use skrynka::config::{Config, Security, Smtp};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::Findings;

/// How long a mail server may take for its greeting: 30 s are usual where spammers are slowed down.
const SMTP_PATIENCE: Duration = Duration::from_secs(45);

/// How long the daemon may take; its own patience with the store is 5 s.
const DAEMON_PATIENCE: Duration = Duration::from_secs(8);

/// The most that is read of an answer (bytes).
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Greets the server that sends mail.
pub(super) async fn smtp(config: &Config, findings: &mut Findings) {
    let Some(smtp) = &config.smtp else {
        return findings.warn(
            "smtp",
            "there is no [smtp]: nobody is told when a mailbox falls silent or a code ends; add the server that sends your mail",
        );
    };
    let place = format!("{}:{}", smtp.host, smtp.port);
    match tokio::time::timeout(SMTP_PATIENCE, greet(smtp)).await {
        Ok(Ok(said)) => findings.ok("smtp", format!("{place}: {said}")),
        Ok(Err(why)) => findings.wrong("smtp", format!("{place}: {why}")),
        Err(_) => findings.wrong(
            "smtp",
            format!(
                "{place}: no answer within {} s; check `host`, `port` and `security`",
                SMTP_PATIENCE.as_secs()
            ),
        ),
    }
}

/// Connects, and where the server speaks in the clear first, reads its greeting and what it offers.
async fn greet(smtp: &Smtp) -> Result<String, String> {
    let unreachable =
        |error| format!("cannot connect: {error}; check `host` and `port`, and that the server runs");
    let stream = TcpStream::connect((smtp.host.as_str(), smtp.port)).await.map_err(unreachable)?;
    if smtp.security == Security::Tls {
        return Ok("reachable; the certificate and the login are tried with the first mail".to_owned());
    }
    let mut stream = BufReader::new(stream);
    answer(&mut stream, "220").await?;
    stream.write_all(b"EHLO localhost\r\n").await.map_err(|error| error.to_string())?;
    let offers = answer(&mut stream, "250").await?;
    let _ = stream.write_all(b"QUIT\r\n").await;
    let starttls = offers.iter().any(|line| line.eq_ignore_ascii_case("STARTTLS"));
    if smtp.security == Security::Starttls && !starttls {
        return Err("the server does not offer STARTTLS, and mail is not sent in the clear; use `security = \"tls\"`, as a rule with port 465".to_owned());
    }
    Ok("greets; the certificate and the login are tried with the first mail".to_owned())
}

/// The lines of one answer (RFC 5321 §4.2.1), which must have this code, without it.
async fn answer(stream: &mut BufReader<TcpStream>, code: &str) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    let mut stream = stream.take(ANSWER_BYTES_MAX);
    loop {
        let mut line = Vec::new();
        let read = stream.read_until(b'\n', &mut line).await.map_err(|error| error.to_string())?;
        let line = String::from_utf8_lossy(&line);
        let Some(rest) = line.strip_prefix(code).filter(|_| read > 0) else {
            let said: String = line.trim().chars().take(200).collect();
            return Err(format!(
                "this is not a mail server that wants to talk («{said}»); check `port` and `security` (as a rule 587 speaks `starttls`, 465 `tls`)"
            ));
        };
        lines.push(rest.get(1..).unwrap_or_default().trim().to_owned());
        if !rest.starts_with('-') {
            return Ok(lines);
        }
    }
}

/// Asks the running daemon whether it is ready.
pub(super) async fn daemon(config: &Config, findings: &mut Findings) {
    const THING: &str = "daemon";
    let Some(address) = config.health.listen else {
        return findings.ok(THING, "not asked: health.listen is empty");
    };
    match tokio::time::timeout(DAEMON_PATIENCE, ready(address)).await {
        Ok(Ok((200, _))) => findings.ok(THING, format!("runs and is ready (http://{address}/readyz)")),
        Ok(Ok((503, reasons))) => {
            for reason in reasons.lines() {
                findings.warn(THING, format!("runs and is not ready: {reason}"));
            }
        }
        Ok(Ok((status, _))) => findings.warn(
            THING,
            format!("something else answers at {address} (status {status}); give another `health.listen`"),
        ),
        Ok(Err(error)) => findings.warn(
            THING,
            format!("does not answer at {address} ({error}): start it (`skrynka run`), unless it is not to run now"),
        ),
        Err(_) => findings.warn(
            THING,
            format!("does not answer at {address} within {} s: look at its log", DAEMON_PATIENCE.as_secs()),
        ),
    }
}

async fn ready(address: SocketAddr) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut said = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut said).await?;
    let said = String::from_utf8_lossy(&said);
    let status = said.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    let body = said.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((status, body.to_owned()))
}
