//! A letter as it came and as it was parsed.

use serde::{Deserialize, Serialize};

use super::{Digest, MailboxId, Timestamp};

/// A letter's bytes and where they came from, before anyone looked inside.
#[derive(Clone, Debug)]
pub struct RawMail {
    /// The mailbox that received it.
    pub mailbox: MailboxId,
    /// Where in the mailbox it lies.
    pub source: Source,
    /// When the server received it (RFC 9051 INTERNALDATE), or the file's time for a drop folder.
    /// Freshness and a code's validity are judged at this moment.
    pub received_at: Timestamp,
    /// SHA-256 of `bytes`: the transport identity.
    pub digest: Digest,
    /// The letter, exactly as fetched (RFC 5322 with CRLF).
    pub bytes: Vec<u8>,
}

/// A folder of an account, while its UIDs stay as they are: within it a UID is one letter for all time
/// (RFC 9051 §2.3.1.1). The ledger is asked about it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ImapFolder {
    /// The mailbox whose letters it holds.
    pub mailbox: MailboxId,
    /// The account, `login@host:port`.
    pub account: String,
    /// The folder's name, decoded to UTF-8.
    pub folder: String,
    /// Its UIDVALIDITY.
    pub uid_validity: u32,
}

impl ImapFolder {
    /// The place of the letter with this UID.
    #[must_use]
    pub fn letter(&self, uid: u32) -> Source {
        let (account, folder) = (self.account.clone(), self.folder.clone());
        Source::Imap { account, folder, uid_validity: self.uid_validity, uid }
    }
}

/// Where a letter lies at its origin. The ledger is keyed by it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An IMAP folder; (folder, `uid_validity`, uid) is unique for all time within one account of one server
    /// (RFC 9051 §2.3.1.1). Another server may by chance have the same numbers for other letters.
    Imap {
        /// The account, `login@host:port`; empty in what was kept before accounts were.
        #[serde(default)]
        account: String,
        /// The folder's name, decoded to UTF-8.
        folder: String,
        /// UIDVALIDITY of the folder when the letter was fetched.
        uid_validity: u32,
        /// The letter's UID.
        uid: u32,
    },
    /// A file in a drop folder.
    DropFolder {
        /// The file's name inside the folder.
        file: String,
    },
}

impl Source {
    /// The place for people: `INBOX 1700000000/17`, or the file's name.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Imap { folder, uid_validity, uid, .. } => format!("{folder} {uid_validity}/{uid}"),
            Self::DropFolder { file } => file.clone(),
        }
    }
}

/// A parsed letter. Parsing never fails: what was wrong is in `defects`.
///
/// Everything here was written by a stranger: nothing proves who sent it.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The Message-ID without angle brackets: a hint, never an identity.
    pub message_id: Option<String>,
    /// The first address of From.
    pub from: Option<Address>,
    /// All addresses that the letter was for (To, Cc, Delivered-To, X-Original-To, Envelope-To), in that order.
    pub recipients: Vec<Address>,
    /// The subject, decoded; empty when there is none.
    pub subject: String,
    /// The Date header, as the sender's program set it.
    pub sent_at: Option<Timestamp>,
    /// The text of the bodies as plain text, at most `parse::Limits::body_chars_max` characters.
    /// A letter inside this one adds its subject as a line and then its own text.
    pub body: String,
    /// Every attachment, those of letters inside this letter too, in the order of their bytes.
    /// A letter inside is opened, and then is not itself an attachment.
    pub attachments: Vec<Attachment>,
    /// What was wrong with the letter.
    pub defects: Vec<Defect>,
    /// SHA-256 over the sorted digests of the attachments, each once: the same after another delivery with other headers.
    /// Without attachments: over the subject, the sender and the body. None when the letter was too large to be looked at.
    pub content_digest: Option<Digest>,
}

/// A mail address with the name that the sender gave it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Address {
    /// The display name, decoded; empty when there is none.
    pub name: String,
    /// The address as written.
    pub address: String,
}

/// A part of a letter that carries a file.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The name given by the sender, decoded, without any folder; empty when there is none. A hint.
    pub file_name: String,
    /// The media type that the sender declared, lower case; empty when there is none. A hint.
    pub declared_type: String,
    /// What the bytes are.
    pub kind: AttachmentKind,
    /// SHA-256 of `bytes`.
    pub digest: Digest,
    /// The content, with its transfer encoding undone.
    pub bytes: Vec<u8>,
    /// How many letters deep it lies: 0 in the letter itself, 1 in a letter inside it.
    pub depth: u8,
}

/// What an attachment's bytes are, whatever its name says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttachmentKind {
    /// It begins like a PDF.
    Pdf,
    /// A CMS ContentInfo with SignedData (RFC 5652 §5): a P7S.
    Cms {
        /// The DER or BER bytes, with PEM armour or base64 undone.
        der: Vec<u8>,
    },
    /// Anything else.
    Other,
}

impl AttachmentKind {
    /// A word for people and the index: `pdf`, `p7s`, `other`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Cms { .. } => "p7s",
            Self::Other => "other",
        }
    }
}

/// Something wrong with a letter that a person should know: what, where, and nothing is lost by it.
///
/// `at` names the place: an attachment's name, or its number counted from 1 when it has none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "defect", rename_all = "snake_case")]
pub enum Defect {
    /// Not one header could be read: the bytes are not a letter.
    NotALetter,
    /// Larger than the limit (bytes): kept whole, only its headers were read.
    LetterTooLarge {
        /// Bytes in the letter.
        bytes: u64,
        /// Bytes allowed.
        bytes_max: u64,
    },
    /// More parts than the limit: the rest was not looked at.
    TooManyParts {
        /// Parts allowed.
        parts_max: u32,
    },
    /// Letters inside letters deeper than the limit: the innermost were not opened.
    NestedTooDeep {
        /// Levels allowed.
        depth_max: u8,
    },
    /// An attachment's transfer encoding (base64, quoted-printable) is damaged.
    DamagedEncoding {
        /// Which attachment.
        at: String,
    },
    /// An attachment has no bytes.
    EmptyAttachment {
        /// Which attachment.
        at: String,
    },
    /// The name or declared type promises one thing, the bytes are another.
    NotWhatItsNameSays {
        /// Which attachment.
        at: String,
        /// What the name promises: `pdf` or `p7s`.
        promised: String,
    },
    /// The same bytes are attached more than once.
    RepeatedAttachment {
        /// Which attachment repeats an earlier one.
        at: String,
    },
    /// A `winmail.dat` (TNEF), which is not unpacked.
    WinmailDat {
        /// Which attachment.
        at: String,
    },
    /// The body is HTML only; its text was taken without rendering it.
    HtmlOnly,
    /// There is no From address.
    NoSender,
    /// The body was longer than the limit and is cut in the index; the letter itself is whole.
    BodyCut {
        /// Characters kept.
        chars_max: u32,
    },
    /// A file name held folders, hidden or control characters, was a device's name or too long: it was made harmless.
    NameCleaned {
        /// The name as it is now.
        at: String,
    },
    /// More bytes of headers than the limit: what comes later was not looked at.
    HeadersTooLarge {
        /// Bytes allowed.
        bytes_max: u32,
    },
    /// The letter ends before its last part does: a part of it was lost on the way, perhaps of its last attachment.
    CutShort,
    /// The letter says that it has parts, but their borders are not there or are nested too deep; it was kept as one part.
    BordersMissing,
    /// A header field that may be there once is there again with another value, in the letter or a part of it: mail
    /// programs differ in which of the two they believe, and so in what they show.
    FieldContradicts {
        /// The field's name.
        field: String,
    },
    /// The Date header cannot be read as a date.
    DateUnreadable,
    /// The transfer encoding of a text of the letter is damaged.
    DamagedText,
    /// A part names a transfer encoding that nobody knows; its bytes were taken as they are.
    UnknownEncoding {
        /// Which attachment.
        at: String,
        /// The encoding named, lower case.
        encoding: String,
    },
    /// An attachment's content was base64 inside, though nothing said so; it was decoded.
    UndeclaredEncoding {
        /// Which attachment.
        at: String,
    },
    /// Bytes follow the end of a P7S; they belong to nothing and were left out of it.
    BytesAfterSignature {
        /// Which attachment.
        at: String,
    },
    /// A file is written inside the text (uuencode), which is not unpacked.
    Uuencoded {
        /// The name that the text gives it.
        at: String,
    },
    /// An archive (ZIP, RAR, 7z), which is not unpacked.
    Archive {
        /// Which attachment.
        at: String,
    },
    /// A CMS EnvelopedData (RFC 5652 §6): encrypted for somebody, so that nothing in it can be read.
    Encrypted {
        /// Which attachment.
        at: String,
    },
    /// A letter inside this letter was opened: somebody forwarded it.
    LetterInside {
        /// Its subject; empty when it has none.
        at: String,
    },
    /// The letter has no attachments.
    NothingAttached,
}
