//! What a verdict rests on: the objects with which anybody reaches it again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Digest;

/// A certificate, list or response that a verdict rests on, as it came. Time-stamp tokens are inside the signed file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// What it is.
    pub kind: ProofKind,
    /// What it did for the verdict; of several, the first, and an anchor's before all.
    pub role: ProofRole,
    /// Where it came from.
    pub origin: ProofOrigin,
    /// SHA-256 of `der`.
    pub digest: Digest,
    /// The original octets.
    pub der: Arc<[u8]>,
}

/// Kind of a [`Proof`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofKind {
    /// An X.509 certificate (RFC 5280 §4.1).
    Certificate,
    /// A CertificateList (RFC 5280 §5.1).
    Crl,
    /// An OCSPResponse, or the BasicOCSPResponse inside one (RFC 6960 §4.2.1).
    Ocsp,
}

/// What a [`Proof`] did for its verdict.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofRole {
    /// The signer's certificate.
    Signer,
    /// Of an authority between a leaf and an anchor.
    Authority,
    /// The end of a path: the operator trusts it.
    Anchor,
    /// Of the authority that made a time-stamp.
    TimeStamping,
    /// Of a responder of OCSP.
    Responder,
    /// A list or response that told of a certificate's revocation.
    Revocation,
}

/// Where a [`Proof`] came from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofOrigin {
    /// It travelled inside the signed file.
    File,
    /// The operator gave it.
    Operator,
    /// It was fetched before, and kept.
    Fetched,
}

impl ProofKind {
    /// Its word, as it is kept.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Crl => "crl",
            Self::Ocsp => "ocsp",
        }
    }
}

impl ProofRole {
    /// Its word, as it is kept.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signer => "signer",
            Self::Authority => "authority",
            Self::Anchor => "anchor",
            Self::TimeStamping => "time_stamping",
            Self::Responder => "responder",
            Self::Revocation => "revocation",
        }
    }
}

impl ProofOrigin {
    /// Its word, as it is kept.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Operator => "operator",
            Self::Fetched => "fetched",
        }
    }
}
