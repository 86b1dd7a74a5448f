//! Why a trusted list is not one that counts.

use crate::model::Digest;

/// Why a trusted list was refused; nothing of it is trusted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ListFault {
    /// It asks for more work than an honest list.
    #[error("it has {what} than any trusted list (limit {limit}): get it again from its publisher")]
    OverLimit {
        /// What it has: `more octets`, `deeper elements` …
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A document type declaration: it can define entities, and no trusted list has one.
    #[error("it has a document type declaration (DTD), and no trusted list has one")]
    DocumentType,
    /// Not well-formed XML in UTF-8.
    #[error("it is not well-formed XML in UTF-8 ({what}): get it again from its publisher")]
    NotXml {
        /// What the parser says.
        what: String,
    },
    /// XML of another kind.
    #[error("it is no trusted list (ETSI TS 119 612): its root is `{root}`")]
    NotAList {
        /// The root element's name.
        root: String,
    },
    /// Something that a list must have is absent or senseless.
    #[error("{expected} was expected in it (ETSI TS 119 612)")]
    Structure {
        /// What was expected.
        expected: &'static str,
    },
    /// It bears no signature.
    #[error("it is not signed: a trusted list counts only with the signature of its publisher")]
    Unsigned,
    /// Several signatures, or one that is not where a list bears it.
    #[error(
        "it bears {found} signatures, or one in a wrong place: exactly one is expected, directly in the root"
    )]
    SignaturePlace {
        /// How many there are anywhere in the document.
        found: usize,
    },
    /// The signature has no sense, or is about something else than the whole list.
    #[error("its signature is not one over the whole list: {expected} was expected")]
    Signature {
        /// What was expected.
        expected: &'static str,
    },
    /// An algorithm that this program does not verify in XML.
    #[error("its {what} is `{uri}`, which this program does not verify")]
    Unsupported {
        /// What: `signature algorithm`, `digest algorithm`, `transform`, `canonical form`.
        what: &'static str,
        /// Its name in the list.
        uri: String,
    },
    /// An algorithm that proves nothing any more.
    #[error("its {what} `{uri}` is too weak to prove anything")]
    Weak {
        /// What: `signature algorithm`, `digest algorithm`.
        what: &'static str,
        /// Its name in the list.
        uri: String,
    },
    /// What was signed is not what is there.
    #[error("it was changed after signing: get it again from its publisher")]
    Changed,
    /// The signature value fits neither a pinned certificate nor the one inside.
    #[error("its signature is wrong: get it again from its publisher")]
    Broken,
    /// No certificate is pinned.
    #[error(
        "no certificate of a list signer is pinned: compare its signer's fingerprint with the publisher's, and take the \
         list in with `skrynka trust import`"
    )]
    NothingPinned,
    /// Signed by somebody who is not pinned.
    #[error(
        "it is signed by «{subject}» (SHA-256 {fingerprint}), who is not pinned: compare the fingerprint with the \
         publisher's, and take the list in with `skrynka trust import`"
    )]
    Stranger {
        /// The certificate's subject.
        subject: String,
        /// Its SHA-256.
        fingerprint: Digest,
    },
    /// The signed properties name another certificate than the pinned one.
    #[error("its signed properties name another signing certificate than the pinned one")]
    OtherCertificate,
}

impl ListFault {
    pub(super) fn unsupported(what: &'static str, uri: &str) -> Self {
        Self::Unsupported { what, uri: words(uri) }
    }

    pub(super) fn weak(what: &'static str, uri: &str) -> Self {
        Self::Weak { what, uri: words(uri) }
    }
}

/// A stranger's words for a sentence of ours: short, and without control characters.
pub(super) fn words(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns(*c));
    let clean: String = clean.take(super::limits::LIST_WORDS_MAX).collect();
    clean.trim().to_owned()
}
