//! What must be known of a mailbox to watch it.

use std::time::Duration;

use secrecy::SecretString;

use crate::model::MailboxId;

/// The largest letter (bytes) that is taken at all: 512 MiB.
///
/// A letter is held in memory while it is filed. Mail servers accept 25–150 MB as a rule; this is several times
/// more, and also what one answer of the IMAP library may hold. A larger one stays in its folder and is reported.
pub const LETTER_BYTES_HARD_MAX: u64 = 512 * 1024 * 1024;

/// A mailbox, how to reach it, and what to do with a letter that has been filed.
#[derive(Clone, Debug)]
pub struct Account {
    /// The address under which its letters are filed.
    pub mailbox: MailboxId,
    /// The server: a name or an IP address.
    pub host: String,
    /// The server's port: usually 993 for [`Security::Tls`], 143 otherwise.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The login name.
    pub login: String,
    /// The password.
    pub password: SecretString,
    /// The folders to watch, by their plain names: `INBOX`, `Спам`.
    pub folders: Vec<String>,
    /// What is done on the server with a letter that is safely filed.
    pub after_filing: AfterFiling,
    /// How long to wait between two rounds.
    pub poll: Duration,
    /// Certificates (DER) to trust besides the system's, as read from `ca_file`.
    pub ca: Vec<Vec<u8>>,
    /// The largest letter (bytes) that is taken; at most, and by default, [`LETTER_BYTES_HARD_MAX`].
    ///
    /// Not the limit beyond which a letter is kept without being parsed: that one is smaller and belongs to `parse`.
    pub letter_bytes_hard_max: u64,
}

impl Account {
    /// The account as the ledger knows it: `login@host:port`, the host in lower case (RFC 4343), the login as it is.
    ///
    /// The same mailbox address may move to another provider, where the same numbers mean other letters.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}@{}:{}", self.login, self.host.to_ascii_lowercase(), self.port)
    }
}

/// How a connection is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// A plain connection that is turned into TLS before the login (RFC 9051 §6.2.1); without it no login.
    StartTls,
    /// No encryption: refused unless the server is this machine.
    PlainLoopbackOnly,
}

/// What is done on the server with a letter that is safely filed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum AfterFiling {
    /// Nothing: the folder is only read (EXAMINE).
    #[default]
    Nothing,
    /// It is moved to this folder, by its plain name. Letters that already lie there are left alone.
    Move(String),
    /// It gets this keyword, for example `$Skrynka` (RFC 9051 §2.3.2).
    Keyword(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_told_by_its_login_host_and_port() {
        let key = |login: &str, host: &str, port| {
            let account = Account {
                mailbox: "cnap@example.org".parse().unwrap(),
                host: host.to_owned(),
                port,
                security: Security::Tls,
                login: login.to_owned(),
                password: "x".into(),
                folders: vec![],
                after_filing: AfterFiling::Nothing,
                poll: Duration::from_secs(1),
                ca: vec![],
                letter_bytes_hard_max: LETTER_BYTES_HARD_MAX,
            };
            account.key()
        };
        assert_eq!(key("Cnap", "IMAP.Example.org", 993), "Cnap@imap.example.org:993");
        let all = [key("a", "h", 1), key("A", "h", 1), key("a", "i", 1), key("a", "h", 2)];
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
