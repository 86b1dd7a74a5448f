//! Why a round could not be finished: what, where, and what to do.

use std::path::PathBuf;

use super::PortError;
use crate::model::MailboxId;

/// Why a mailbox or a drop folder could not be read to its end. No letter is lost by it: the next round finds it.
///
/// Every text is safe for a log: it holds the organisation's own addresses and the server's words, no letter's.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The server, or the way to it.
    #[error("mailbox {mailbox} on {host}:{port}: {fault}")]
    Mailbox {
        /// Whose mailbox.
        mailbox: MailboxId,
        /// The server as configured.
        host: String,
        /// Its port as configured.
        port: u16,
        /// What is wrong.
        fault: Fault,
    },
    /// The ledger could not be read: nothing was fetched.
    #[error("mailbox {mailbox}: the ledger of letters cannot be read: {source}")]
    Ledger {
        /// Whose mailbox.
        mailbox: MailboxId,
        /// What the ledger said.
        source: PortError,
    },
    /// Letter after letter could not be filed: the fault is ours, and the round was given up.
    #[error("mailbox {mailbox}: {failed} letters in a row could not be filed: {source}")]
    Desk {
        /// Whose mailbox.
        mailbox: MailboxId,
        /// How many.
        failed: u32,
        /// What the desk said last.
        source: PortError,
    },
    /// Nothing can be filed now, whatever letter it is: the round was given up at once.
    #[error("mailbox {mailbox}: no letter can be filed now: {source}")]
    DeskClosed {
        /// Whose mailbox.
        mailbox: MailboxId,
        /// What the desk said.
        source: PortError,
    },
    /// A drop folder cannot be used.
    #[error("drop folder {}: {source}; it must exist, and this program must be allowed to write there", folder.display())]
    DropFolder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What is wrong with a server or the way to it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The host is neither a name nor an address.
    #[error("this is not a host name; check `host`")]
    BadHost,
    /// No connection.
    #[error("cannot connect: {0}; check `host` and `port`, and that the server runs")]
    Unreachable(#[source] std::io::Error),
    /// The server did not answer in time.
    #[error(
        "no answer within {seconds} s ({doing}); check `host`, and that `port` and `security` belong together \
         (as a rule 993 speaks `tls`, 143 `starttls`)"
    )]
    TimedOut {
        /// What we were doing.
        doing: &'static str,
        /// How long we waited.
        seconds: u64,
    },
    /// The server's certificate is not one that we trust.
    #[error(
        "the server's certificate is not trusted: {0}; if the server has an authority of its own, \
         give that authority's certificate (PEM) as `ca_file`"
    )]
    NotTrusted(String),
    /// TLS failed for another reason.
    #[error(
        "no TLS connection: {0}; check `port` and `security` (as a rule 993 speaks `tls`, 143 `starttls`)"
    )]
    NoTls(String),
    /// STARTTLS is configured and the server does not offer it.
    #[error(
        "the server does not offer STARTTLS, and the password is not sent in the clear; \
         use `security = \"tls\"`, as a rule with port 993"
    )]
    NoStartTls,
    /// An unencrypted connection to another machine.
    #[error("this is another machine, and the password is not sent in the clear; use `security = \"tls\"`")]
    NotLoopback,
    /// Something else than IMAP answers.
    #[error("this is not IMAP; check `port` and `security` (as a rule 993 speaks `tls`, 143 `starttls`)")]
    NotImap,
    /// The login was refused.
    #[error(
        "the login `{login}` is refused ({answer}); check `login` and the password \
         (with two-step sign-in the provider wants an app password) and that IMAP is switched on"
    )]
    LoginRefused {
        /// The login.
        login: String,
        /// The server's words.
        answer: String,
    },
    /// The server cannot check logins at present.
    #[error("the server cannot log anyone in at present ({0})")]
    LoginUnavailable(String),
    /// A folder does not exist.
    #[error("there is no folder `{folder}`; check `folders`. The server has: {}", existing.join(", "))]
    NoFolder {
        /// The folder as configured.
        folder: String,
        /// The folders that the server has.
        existing: Vec<String>,
    },
    /// A folder exists and cannot be opened.
    #[error("the server does not open the folder `{folder}` ({answer})")]
    FolderRefused {
        /// The folder as configured.
        folder: String,
        /// The server's words.
        answer: String,
    },
    /// The connection broke, or the server said something that is not IMAP.
    #[error("the connection was lost ({doing}): {reason}")]
    ConnectionLost {
        /// What we were doing.
        doing: &'static str,
        /// Why, as far as known.
        reason: String,
    },
    /// A command was refused that every server carries out.
    #[error("the server refuses ({doing}): {answer}")]
    Refused {
        /// What we were doing.
        doing: &'static str,
        /// The server's words.
        answer: String,
    },
    /// We were asked to stop.
    #[error("stopped on request")]
    Stopped,
}

impl IntakeError {
    /// Whether trying again may help by itself; if not, a person must change something first.
    #[must_use]
    pub const fn retry(&self) -> bool {
        match self {
            Self::Mailbox { fault, .. } => fault.retry(),
            Self::Ledger { source, .. } | Self::Desk { source, .. } | Self::DeskClosed { source, .. } => {
                source.retry
            }
            Self::DropFolder { .. } => false,
        }
    }
}

impl Fault {
    /// A refusal may be a server's bad moment; what only the configuration can cause is not.
    const fn retry(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::TimedOut { .. }
            | Self::LoginUnavailable(_)
            | Self::ConnectionLost { .. }
            | Self::FolderRefused { .. }
            | Self::Refused { .. }
            | Self::Stopped => true,
            Self::BadHost
            | Self::NotTrusted(_)
            | Self::NoTls(_)
            | Self::NoStartTls
            | Self::NotLoopback
            | Self::NotImap
            | Self::LoginRefused { .. }
            | Self::NoFolder { .. } => false,
        }
    }
}
