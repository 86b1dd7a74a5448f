//! Why a mail was not taken: what, where, what to do, and whether to try again by itself.

/// Why a mail was not taken. Its text is safe for a log: recipients are masked in it.
#[derive(Debug, thiserror::Error)]
#[error("SMTP server {host}:{port}: {fault}")]
pub struct PostError {
    /// The server as configured.
    pub host: String,
    /// Its port as configured.
    pub port: u16,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a server, the way to it, or a mail.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No connection.
    #[error("cannot connect: {0}; check `host` and `port` of [smtp], and that the server runs")]
    Unreachable(String),
    /// The server did not answer in time.
    #[error("no answer within {seconds} s ({doing})")]
    TimedOut {
        /// What we were doing.
        doing: Doing,
        /// How long we waited.
        seconds: u64,
    },
    /// The server's certificate is not one that we trust.
    #[error(
        "the server's certificate is not trusted: {0}; if the server has an authority of its own, \
         give that authority's certificate (PEM) as `ca_file` of [smtp]"
    )]
    NotTrusted(String),
    /// TLS failed for another reason.
    #[error(
        "no TLS connection: {0}; check `port` and `security` of [smtp] (as a rule 465 speaks `tls`, 587 `starttls`)"
    )]
    NoTls(String),
    /// STARTTLS is configured and the server does not offer it.
    #[error(
        "the server does not offer STARTTLS, and nothing is sent in the clear; use `security = \"tls\"`, as a rule with port 465"
    )]
    NoStartTls,
    /// An unencrypted connection to another machine.
    #[error("this is another machine, and nothing is sent in the clear; use `security = \"tls\"`")]
    NotLoopback,
    /// The server takes no login as we can give it.
    #[error(
        "the server offers no login with a password here; leave `login` out, or check `port` and `security` of [smtp]"
    )]
    NoLogin,
    /// The login was refused.
    #[error(
        "the login `{login}` is refused ({answer}); check `login` and the password of [smtp] \
         (with two-step sign-in the provider wants an app password)"
    )]
    LoginRefused {
        /// The login.
        login: String,
        /// The server's words.
        answer: String,
    },
    /// The server does not send for this sender.
    #[error(
        "the sender `{from}` is refused ({answer}); check `from` of [smtp]: as a rule it must belong to the login"
    )]
    SenderRefused {
        /// The sender.
        from: String,
        /// The server's words.
        answer: String,
    },
    /// The server does not send to this recipient.
    #[error("the recipient {to} is refused ({answer}); check `admins` in the registry")]
    RecipientRefused {
        /// The recipient, masked.
        to: String,
        /// The server's words.
        answer: String,
    },
    /// The server does not take the mail's content.
    #[error("the mail is refused ({answer})")]
    MailRefused {
        /// The server's words.
        answer: String,
    },
    /// The server takes nothing now (an answer that begins with 4).
    #[error("the server does not take it now ({doing}: {answer})")]
    NotNow {
        /// What we were doing.
        doing: Doing,
        /// The server's words.
        answer: String,
    },
    /// The server refused what every server does.
    #[error("the server refuses ({doing}: {answer}); check `host` and `port` of [smtp]")]
    Refused {
        /// What we were doing.
        doing: Doing,
        /// The server's words.
        answer: String,
    },
    /// The connection broke, or something else than SMTP answers.
    #[error("the connection was lost ({doing}: {reason})")]
    ConnectionLost {
        /// What we were doing.
        doing: Doing,
        /// Why, as far as known.
        reason: String,
    },
    /// The mail cannot be written as one.
    #[error("the mail cannot be written: {0}")]
    Unwritable(String),
}

/// The steps of handing a mail over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// Connection, greeting, protection.
    Connecting,
    /// Upgrading to TLS.
    StartingTls,
    /// Login.
    LoggingIn,
    /// Naming the sender.
    NamingSender,
    /// Naming the recipient.
    NamingRecipient,
    /// Asking to send.
    Offering,
    /// Sending the mail and waiting for the answer.
    Sending,
}

impl std::fmt::Display for Doing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connecting => "connecting",
            Self::StartingTls => "starting TLS",
            Self::LoggingIn => "logging in",
            Self::NamingSender => "naming the sender",
            Self::NamingRecipient => "naming the recipient",
            Self::Offering => "offering the mail",
            Self::Sending => "sending the mail",
        })
    }
}

impl PostError {
    /// Whether trying again may help by itself; if not, a person must change something first.
    #[must_use]
    pub const fn retry(&self) -> bool {
        matches!(
            self.fault,
            Fault::Unreachable(_)
                | Fault::TimedOut { .. }
                | Fault::NotNow { .. }
                | Fault::ConnectionLost { .. }
        )
    }

    /// Whether the mail may have been taken after all: everything was said, and no answer came.
    #[must_use]
    pub const fn unclear(&self) -> bool {
        matches!(
            self.fault,
            Fault::TimedOut { doing: Doing::Sending, .. }
                | Fault::ConnectionLost { doing: Doing::Sending, .. }
        )
    }

    /// Whether it is about this mail or recipient; else no other mail would be taken either.
    #[must_use]
    pub const fn about_this_mail(&self) -> bool {
        matches!(
            self.fault,
            Fault::RecipientRefused { .. }
                | Fault::MailRefused { .. }
                | Fault::Unwritable(_)
                | Fault::NotNow { doing: Doing::NamingRecipient | Doing::Sending, .. }
        )
    }
}
