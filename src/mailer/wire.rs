//! A written mail → the dialogue with an SMTP server (RFC 5321), each step with its own patience and its own fault.

use std::error::Error as _;
use std::future::Future;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;
use tokio::net::TcpStream;

use super::error::{Doing, Fault};
use super::port::Mail;
use super::smtp::{Account, Security};

/// How long to wait for each step but the last. RFC 5321 §4.5.3.2 speaks of five minutes; submission servers answer
/// within seconds, and a greeting held back against spammers takes 30 s.
const STEP_PATIENCE: Duration = Duration::from_secs(60);

/// How long to wait for the last answer. RFC 5321 §4.5.3.2.6: ten minutes, because who leaves earlier sends twice.
const LAST_PATIENCE: Duration = Duration::from_secs(600);

/// Six steps and the last one.
pub(super) const SEND_MAX: Duration =
    Duration::from_secs(6 * STEP_PATIENCE.as_secs() + LAST_PATIENCE.as_secs());

/// How long the server may take to say goodbye; the mail is its own by then.
const GOODBYE_PATIENCE: Duration = Duration::from_secs(2);

/// Says everything; after `Ok` the server has answered that it took the mail.
pub(super) async fn hand_over(account: &Account, message: &Message, mail: &Mail) -> Result<(), Fault> {
    let mut server = open(account).await?;
    log_in(account, &mut server).await?;
    let (from, to) = (message.envelope().from().cloned(), message.envelope().to().first().cloned());
    step(Doing::NamingSender, server.command(MailFrom::new(from, Vec::new())))
        .await
        .map_err(|no| no.or(|answer| Fault::SenderRefused { from: account.from.to_string(), answer }))?;
    let to = to.ok_or_else(|| Fault::Unwritable("no recipient".to_owned()))?;
    let named = step(Doing::NamingRecipient, server.command(Rcpt::new(to, Vec::new()))).await;
    named.map_err(|no| {
        no.masked(mail).or(|answer| Fault::RecipientRefused { to: mail.to.masked(), answer })
    })?;
    step(Doing::Offering, server.command(Data))
        .await
        .map_err(|no| no.masked(mail).or(|answer| Fault::MailRefused { answer }))?;
    let sent = step(Doing::Sending, server.message(&message.formatted())).await;
    sent.map_err(|no| no.masked(mail).or(|answer| Fault::MailRefused { answer }))?;
    // Whatever comes now, the mail was taken.
    let _ = tokio::time::timeout(GOODBYE_PATIENCE, server.quit()).await;
    Ok(())
}

/// Connects, is greeted, and protects the connection as configured.
async fn open(account: &Account) -> Result<AsyncSmtpConnection, Fault> {
    let (host, port, hello) = (account.host.as_str(), account.port, ClientId::default());
    let other = |doing| move |no: No| no.or(|answer| Fault::Refused { doing, answer });
    match account.security {
        Security::PlainLoopbackOnly => {
            let stream = connect(host, port).await?;
            let peer = stream.peer_addr().map_err(|error| Fault::Unreachable(error.to_string()))?;
            if !peer.ip().to_canonical().is_loopback() {
                return Err(Fault::NotLoopback);
            }
            let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello);
            step(Doing::Connecting, greeted).await.map_err(other(Doing::Connecting))
        }
        Security::StartTls => {
            let stream = connect(host, port).await?;
            let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello);
            let mut server = step(Doing::Connecting, greeted).await.map_err(other(Doing::Connecting))?;
            if !server.can_starttls() {
                return Err(Fault::NoStartTls);
            }
            let tls = tls(account).await?;
            step(Doing::StartingTls, server.starttls(tls, &hello))
                .await
                .map_err(other(Doing::StartingTls))?;
            Ok(server)
        }
        Security::Tls => {
            let tls = tls(account).await?;
            let greeted = AsyncSmtpConnection::connect_tokio1((host, port), None, &hello, Some(tls), None);
            match step(Doing::StartingTls, greeted).await.map_err(other(Doing::StartingTls)) {
                // Nobody there, or somebody who does not speak TLS? The library does not say.
                Err(lost @ Fault::ConnectionLost { .. }) => {
                    Err(connect(host, port).await.err().unwrap_or(lost))
                }
                greeted => greeted,
            }
        }
    }
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, Fault> {
    let connected = within(Doing::Connecting, TcpStream::connect((host, port))).await?;
    connected.map_err(|error| Fault::Unreachable(error.to_string()))
}

async fn log_in(account: &Account, server: &mut AsyncSmtpConnection) -> Result<(), Fault> {
    let Some((login, password)) = &account.login else { return Ok(()) };
    if server.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
        return Err(Fault::NoLogin);
    }
    let credentials = Credentials::new(login.clone(), password.expose_secret().to_owned());
    let answer = step(Doing::LoggingIn, server.auth(DEFAULT_MECHANISMS, &credentials)).await;
    answer.map_err(|no| no.or(|answer| Fault::LoginRefused { login: login.clone(), answer }))?;
    Ok(())
}

/// The system's authorities and the configured ones, read anew for every connection.
async fn tls(account: &Account) -> Result<TlsParameters, Fault> {
    let (host, ca) = (account.host.clone(), account.ca.clone());
    let built = tokio::task::spawn_blocking(move || {
        let mut tls = TlsParameters::builder(host);
        for der in ca {
            tls = tls.add_root_certificate(Certificate::from_der(der)?);
        }
        tls.build()
    });
    match built.await {
        Ok(built) => built.map_err(|error| Fault::NoTls(error.to_string())),
        Err(_) => Err(Fault::NoTls("cannot read the trusted certificates".to_owned())),
    }
}

/// Why a step was not done.
enum No {
    /// The server said no for good: what that means, the step knows.
    Answer(String),
    Fault(Fault),
}

impl No {
    fn or(self, meaning: impl FnOnce(String) -> Fault) -> Fault {
        match self {
            Self::Answer(answer) => meaning(answer),
            Self::Fault(fault) => fault,
        }
    }

    /// Servers repeat the address that they do not like.
    fn masked(self, mail: &Mail) -> Self {
        let mask = |answer: String| answer.replace(mail.to.as_str(), &mail.to.masked());
        match self {
            Self::Answer(answer) => Self::Answer(mask(answer)),
            Self::Fault(Fault::NotNow { doing, answer }) => {
                Self::Fault(Fault::NotNow { doing, answer: mask(answer) })
            }
            other => other,
        }
    }
}

async fn step<T>(doing: Doing, dialogue: impl Future<Output = Result<T, Error>>) -> Result<T, No> {
    within(doing, dialogue).await.map_err(No::Fault)?.map_err(|error| why(doing, &error))
}

async fn within<T>(doing: Doing, future: impl Future<Output = T>) -> Result<T, Fault> {
    let patience = if doing == Doing::Sending { LAST_PATIENCE } else { STEP_PATIENCE };
    let answer = tokio::time::timeout(patience, future).await;
    answer.map_err(|_| Fault::TimedOut { doing, seconds: patience.as_secs() })
}

fn why(doing: Doing, error: &Error) -> No {
    let words = || error.source().map_or_else(|| error.to_string(), ToString::to_string);
    if let Some(status) = error.status() {
        let answer = format!("{status} {}", words()).trim().replace(['\r', '\n'], " ");
        return if error.is_permanent() {
            No::Answer(answer)
        } else {
            No::Fault(Fault::NotNow { doing, answer })
        };
    }
    No::Fault(match tls_fault(error) {
        Some(rustls::Error::InvalidCertificate(why)) => Fault::NotTrusted(why.to_string()),
        Some(other) => Fault::NoTls(other.to_string()),
        None => Fault::ConnectionLost { doing, reason: words() },
    })
}

/// The TLS library's own complaint, which lies under several wrappings.
fn tls_fault(error: &Error) -> Option<&rustls::Error> {
    let mut next = error.source();
    while let Some(inner) = next {
        if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        let io = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(tls) = io.and_then(|wrapped| wrapped.downcast_ref::<rustls::Error>()) {
            return Some(tls);
        }
        next = inner.source();
    }
    None
}
