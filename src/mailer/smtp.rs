//! A mail → handed to the configured SMTP server, over a connection of its own.

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use secrecy::SecretString;

use super::error::{Fault, PostError};
use super::port::{Mail, Post};
use super::wire;
use crate::model::MailboxId;
use crate::texts;

/// How to reach a server and as whom.
#[derive(Clone, Debug)]
pub struct Account {
    /// Server name.
    pub host: String,
    /// Server port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Login and password, if the server wants them.
    pub login: Option<(String, SecretString)>,
    /// The sender's address.
    pub from: MailboxId,
    /// Authorities (DER) for the server's certificate, besides the system's.
    pub ca: Vec<Vec<u8>>,
}

/// How a connection is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// Upgraded by STARTTLS before anything of ours is said.
    StartTls,
    /// None; another machine is not spoken to.
    PlainLoopbackOnly,
}

/// A server, through which mails go out.
#[derive(Clone, Debug)]
pub struct Smtp {
    account: Account,
}

impl Smtp {
    /// This is the longest that handing over one mail takes, whatever the server does. A lease must be longer.
    pub const SEND_MAX: Duration = wire::SEND_MAX;

    /// A server.
    #[must_use]
    pub const fn new(account: Account) -> Self {
        Self { account }
    }

    /// The domain of the sender, which is that of the Message-IDs.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.account.from.as_str().split_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

impl Post for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let sent = match written(mail, &self.account.from) {
            Ok(message) => wire::hand_over(&self.account, &message, mail).await,
            Err(fault) => Err(fault),
        };
        sent.map_err(|fault| PostError { host: self.account.host.clone(), port: self.account.port, fault })
    }
}

/// The mail in its form for the wire (RFC 5322): text and page as alternatives, the better one last (RFC 2046 §5.1.4).
fn written(mail: &Mail, from: &MailboxId) -> Result<Message, Fault> {
    let unwritable = |what: &str, why: &dyn std::fmt::Display| Fault::Unwritable(format!("{what}: {why}"));
    let sender = from.as_str().parse().map_err(|fault| unwritable("the sender's address", &fault))?;
    let to = mail.to.as_str().parse().map_err(|fault| unwritable("the recipient's address", &fault))?;
    Message::builder()
        .message_id(Some(mail.message_id.clone()))
        .date(mail.written_at.into())
        .from(Mailbox::new(Some(texts::NOTICE_SENDER.to_owned()), sender))
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        // RFC 3834 §5: so that nobody's holiday reply answers it.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(mail.plain.clone(), mail.html.clone()))
        .map_err(|fault| unwritable("its headers", &fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "<notice.1.2@x.org>".to_owned(),
            to: "admin@x.org".parse().unwrap(),
            subject: "2 коди потребують уваги: найближчий діє до 20.05.2027".to_owned(),
            plain: "Добрий день\n".repeat(50),
            html: "<p>Добрий день</p>".repeat(50),
            written_at: "2027-05-06T05:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_mail_is_ascii_on_the_wire_and_reads_back_as_it_was_written() {
        let bytes = written(&mail(), &"skrynka@x.org".parse().unwrap()).unwrap().formatted();
        assert!(bytes.is_ascii(), "any server takes it");
        assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 998), "RFC 5322 §2.1.1");
        let read = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.subject(), Some(mail().subject.as_str()));
        assert_eq!(read.message_id(), Some("notice.1.2@x.org"));
        assert_eq!(read.date().unwrap().to_rfc3339(), "2027-05-06T05:00:00Z");
        assert_eq!(read.from().unwrap().first().unwrap().name(), Some("Скринька"));
        assert_eq!(read.from().unwrap().first().unwrap().address(), Some("skrynka@x.org"));
        assert_eq!(read.to().unwrap().first().unwrap().address(), Some("admin@x.org"));
        assert_eq!(read.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert!(read.content_type().unwrap().subtype() == Some("alternative"));
        assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), mail().plain);
        assert_eq!(read.body_html(0).unwrap(), mail().html);
    }

    use mail_parser::MimeHeaders as _;
}
