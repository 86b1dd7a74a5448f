//! What was signed, and what is to be thought of the signature: the words of ETSI EN 319 102-1.

use serde::{Deserialize, Serialize};

use super::{Digest, Timestamp};

/// The signed and the unsigned documents of a letter.
#[derive(Clone, Debug, Default)]
pub struct Signed {
    /// One for every CMS attachment, in the letter's order.
    pub parts: Vec<SignedPart>,
    /// Places (in `Letter::attachments`) of PDFs that no CMS attachment covers.
    pub unsigned: Vec<usize>,
}

/// A CMS SignedData with the content that it signs.
#[derive(Clone, Debug)]
pub struct SignedPart {
    /// Place of the P7S in `Letter::attachments`.
    pub p7s: usize,
    /// What it signs.
    pub content: ContentSource,
}

/// Where the signed content is. Pairing goes by digest and by embedded bytes, never by name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentSource {
    /// Inside the P7S (attached), and perhaps beside it too.
    Embedded {
        /// SHA-256 of the embedded content.
        digest: Digest,
        /// Whether the embedded content is a PDF by its bytes.
        is_pdf: bool,
        /// Places of attachments with the very same bytes.
        beside: Vec<usize>,
    },
    /// Attachments whose digest is the signed message-digest (detached); the first one counts, the others repeat it.
    Detached {
        /// Places in `Letter::attachments`, at least one.
        at: Vec<usize>,
    },
    /// A detached signature whose digest no attachment has, or whose digest cannot be computed, and a PDF that bears its
    /// name. The name only tells which document was meant, so that a change can be called one; it never lets one pass.
    Named {
        /// Place of the PDF in `Letter::attachments`.
        at: usize,
    },
    /// A detached signature, and nothing in the letter has the digest that it signs.
    Missing {
        /// Places of PDFs that no other P7S covers: perhaps one of them was changed after signing.
        candidates: Vec<usize>,
    },
    /// The CMS could not be read far enough to say.
    Unreadable,
}

/// What is to be thought of one signed part, as ETSI EN 319 102-1 §5.1.3 names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// File name (or number, counted from 1) of the P7S, for people.
    pub p7s: String,
    /// Place of the P7S in the letter's attachments.
    pub p7s_at: usize,
    /// Where the signed content is.
    pub content: ContentSource,
    /// The result over all signers: the worst of theirs.
    pub indication: Indication,
    /// Why not passed.
    pub sub_indication: Option<SubIndication>,
    /// The facts behind the sub-indication; none when passed.
    pub reason: Option<Reason>,
    /// Every signer with its own result.
    pub signers: Vec<SignerVerdict>,
    /// The moment that certificates were judged at: our first durable write of the letter.
    pub proof_at: Timestamp,
    /// When this verdict was made.
    pub judged_at: Timestamp,
}

/// One signer's result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignerVerdict {
    /// The result for this signer.
    pub indication: Indication,
    /// Why not passed.
    pub sub_indication: Option<SubIndication>,
    /// The facts behind the sub-indication.
    pub reason: Option<Reason>,
    /// The signer's certificate, where one was found.
    pub certificate: Option<CertificateFacts>,
    /// The claimed signing time (the signing-time attribute): the signer's word, proves nothing.
    pub claimed_at: Option<Timestamp>,
    /// Signature algorithm as dotted OID.
    pub signature_oid: Option<String>,
    /// Digest algorithm as dotted OID.
    pub digest_oid: Option<String>,
}

/// What people want to know of a certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Subject's common name (or organisation), for people.
    pub subject: String,
    /// Subject's organisation, where named.
    pub organisation: Option<String>,
    /// ЄДРПОУ: from organizationIdentifier `NTRUA-…` or the subject directory attribute.
    pub edrpou: Option<String>,
    /// Issuer's common name (or organisation).
    pub issuer: String,
    /// Serial number, lower-case hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate.
    pub fingerprint: Digest,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity.
    pub not_after: Timestamp,
}

/// The main result (ETSI EN 319 102-1 §5.1.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Indication {
    /// The signature is right and its signer's certificate is trusted and in force at the moment that counts.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// What is known does not suffice for a decision.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// The signature is wrong, whatever else may become known.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

impl Indication {
    /// The standard's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::TotalFailed => "TOTAL-FAILED",
        }
    }
}

/// Why a signature did not pass (ETSI EN 319 102-1 §5.1.3, tables 5 and 6). More come with time-stamps and revocation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// Not a CMS SignedData that can be processed.
    FormatFailure,
    /// The content's digest is not the one that was signed.
    HashFailure,
    /// The signature value does not fit the signer's key.
    SigCryptoFailure,
    /// A constraint on the signature is broken: a required signed attribute is absent or wrong.
    SigConstraintsFailure,
    /// The certificate chain breaks a constraint (basic constraints, key usage, path length).
    ChainConstraintsFailure,
    /// An algorithm or key size is below what policy demands, with no proof of an earlier time.
    CryptoConstraintsFailureNoPoe,
    /// A certificate on the path was not yet valid at the moment that counts.
    NotYetValid,
    /// The signer's certificate had ended before the moment that counts, and nothing proves that the signature is older.
    OutOfBoundsNoPoe,
    /// The signer's certificate is not in the signature nor in the trust folder.
    NoSigningCertificateFound,
    /// No chain leads from the signer to a trust anchor.
    NoCertificateChainFound,
    /// The signed content is not there.
    SignedDataNotFound,
    /// Any other reason, said in the facts: here, an algorithm that this program does not know.
    Generic,
}

impl SubIndication {
    /// The standard's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::SignedDataNotFound => "SIGNED_DATA_NOT_FOUND",
            Self::Generic => "GENERIC",
        }
    }
}

/// The facts behind a sub-indication: which certificate, which attribute, which time, which OID.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// The bytes break the format at `offset`.
    Malformed {
        /// What was expected there.
        expected: String,
        /// Byte offset in the CMS.
        offset: usize,
    },
    /// The SignedData has no SignerInfo.
    NoSigners,
    /// There are more signers, certificates or chain steps than the budget allows.
    OverBudget {
        /// Which limit, by its name in the code.
        limit: String,
    },
    /// The encapsulated content is of another type than id-data.
    ContentTypeNotData {
        /// The type found.
        oid: String,
    },
    /// The content's digest differs from the message-digest attribute.
    ContentChanged,
    /// There are no signed attributes: such a signature can be turned into one over another document.
    NoSignedAttributes,
    /// A required signed attribute is absent.
    AttributeMissing {
        /// Its name in RFC 5652 / RFC 5035.
        name: String,
    },
    /// A signed attribute occurs twice or has no single value.
    AttributeNotSingle {
        /// Its name or OID.
        name: String,
    },
    /// A signed attribute contradicts what it describes.
    AttributeWrong {
        /// Its name in RFC 5652 / RFC 5035.
        name: String,
    },
    /// The signer's digest algorithm is not the one named elsewhere.
    DigestAlgorithmsDiffer {
        /// The signer's, as OID.
        digest: String,
        /// Where it differs: the signature algorithm's OID, or `digestAlgorithms` of the SignedData.
        other: String,
    },
    /// The algorithm is not one that this program verifies.
    UnsupportedAlgorithm {
        /// Its OID.
        oid: String,
    },
    /// The algorithm or key is too weak to prove anything.
    WeakAlgorithm {
        /// Which, with its size.
        what: String,
    },
    /// The signature value does not fit.
    SignatureWrong,
    /// No certificate for this signer.
    SignerCertificateNotFound {
        /// The issuer and serial number, or the key identifier, that the signer names.
        sought: String,
    },
    /// No path to a trust anchor.
    NoPathToAnchor {
        /// Subject of the last certificate reached.
        last: String,
    },
    /// The path ends in a self-signed certificate that the operator has not trusted.
    UntrustedRoot {
        /// Its subject.
        subject: String,
    },
    /// A certificate on the path may not do what it does there.
    ChainConstraint {
        /// Its subject.
        subject: String,
        /// Which constraint: `basicConstraints`, `keyUsage`, `pathLenConstraint`, `criticalExtension <oid>` …
        constraint: String,
    },
    /// A certificate on the path ended before the moment that counts.
    CertificateExpired {
        /// Its subject.
        subject: String,
        /// Its last moment.
        not_after: Timestamp,
    },
    /// A certificate on the path begins after the moment that counts.
    CertificateNotYetValid {
        /// Its subject.
        subject: String,
        /// Its first moment.
        not_before: Timestamp,
    },
    /// Nothing in the letter has the signed digest.
    ContentNotFound,
}
