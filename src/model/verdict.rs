//! What was signed, and what is to be thought of the signature: the words of ETSI EN 319 102-1.

use serde::{Deserialize, Serialize};

use super::{Digest, Reason, Timestamp};

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
    /// Which form of CAdES the signature has, by its attributes; whether they hold is said elsewhere.
    pub level: Option<Level>,
    /// The signer's certificate, where one was found.
    pub certificate: Option<CertificateFacts>,
    /// The path that was judged: the signer's certificate first, the anchor last; empty where none was found.
    pub chain: Vec<CertificateFacts>,
    /// What is known of the revocation of the path's certificates, in the order of the path; the anchor has none.
    pub revocation: Vec<RevocationFacts>,
    /// The claimed signing time (the signing-time attribute): the signer's word, proves nothing.
    pub claimed_at: Option<Timestamp>,
    /// The earliest moment at which the signature is proven to have existed, which its certificates are judged at: the
    /// earliest valid signature time-stamp, else the verdict's `proof_at`.
    pub proven_at: Timestamp,
    /// Every time-stamp of this signature, broken ones too, in the order of the file.
    pub time_stamps: Vec<TimeStampVerdict>,
    /// The signature policy that the signature names (CAdES-EPES), as dotted OID; it is not looked up.
    pub policy_oid: Option<String>,
    /// Signature algorithm as dotted OID.
    pub signature_oid: Option<String>,
    /// Digest algorithm as dotted OID.
    pub digest_oid: Option<String>,
}

/// The form of a CAdES signature (ETSI EN 319 122-1 §6, and the older TS 101 733 for -C and -X), by its attributes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Level {
    /// Signed attributes only.
    #[serde(rename = "CAdES-BES")]
    Bes,
    /// A signature time-stamp.
    #[serde(rename = "CAdES-T")]
    T,
    /// References to certificates and revocation data.
    #[serde(rename = "CAdES-C")]
    C,
    /// The certificates and revocation data themselves (-X-Long, LT).
    #[serde(rename = "CAdES-X-Long")]
    XLong,
    /// An archive time-stamp. It is named, and not judged.
    #[serde(rename = "CAdES-A")]
    A,
}

impl Level {
    /// The standard's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bes => "CAdES-BES",
            Self::T => "CAdES-T",
            Self::C => "CAdES-C",
            Self::XLong => "CAdES-X-Long",
            Self::A => "CAdES-A",
        }
    }
}

/// What is to be thought of one time-stamp token (RFC 3161) of a signature.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TimeStampVerdict {
    /// What it proves the time of.
    pub kind: TimeStampKind,
    /// Its genTime; none when the token cannot be read so far.
    pub time: Option<Timestamp>,
    /// The result for the token, at the verdict's `proof_at`.
    pub indication: Indication,
    /// Why not passed.
    pub sub_indication: Option<SubIndication>,
    /// The facts behind the sub-indication.
    pub reason: Option<Reason>,
    /// The certificate of the authority (TSA) that made it, where one was found.
    pub authority: Option<CertificateFacts>,
}

/// What a time-stamp proves the time of (ETSI EN 319 122-1 §5.2.8, §5.3; RFC 5126 §6.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeStampKind {
    /// content-time-stamp: the content existed then, so the signature was made later.
    Content,
    /// signature-time-stamp: the signature existed then.
    Signature,
    /// CAdES-C-timestamp: signature and references existed then. Named, and not relied on.
    Evidence,
    /// archive-time-stamp. Named, and not relied on.
    Archive,
}

/// What is known of a certificate's revocation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RevocationFacts {
    /// Subject of the certificate.
    pub subject: String,
    /// What the evidence says.
    #[serde(flatten)]
    pub standing: RevocationStanding,
}

/// What evidence says of a certificate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum RevocationStanding {
    /// Not revoked.
    Good {
        /// Where from.
        source: RevocationSource,
        /// Its thisUpdate.
        as_of: Timestamp,
    },
    /// Revoked, at whatever time; whether that matters is in the indication.
    Revoked {
        /// Where from.
        source: RevocationSource,
        /// Since when.
        since: Timestamp,
        /// RFC 5280 §5.3.1: `keyCompromise`, `superseded` …
        cause: Option<String>,
    },
    /// Nothing usable.
    Unknown {
        /// Why, in English: `no OCSP or CRL`, `the OCSP response is a stranger's`, `the CRL is from before …`.
        why: String,
    },
    /// Policy does not ask.
    NotAsked,
}

/// Kind of revocation evidence.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RevocationSource {
    /// A response of RFC 6960.
    Ocsp,
    /// A list of RFC 5280 §5, with its delta where there is one.
    Crl,
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
    /// РНОКПП of a person: from serialNumber `TINUA-…` or the subject directory attribute. Personal: masked in logs.
    pub rnokpp: Option<String>,
    /// What the certificate says to be for.
    pub kind: SignerKind,
    /// Whether it says to be a qualified certificate (QcCompliance, or the Ukrainian policy 1.2.804.2.1.1.1.2.2).
    pub qualified: bool,
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

/// What a certificate says to be for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignerKind {
    /// An electronic seal of an organisation (QcType eSeal, or the Ukrainian purpose 1.2.804.2.1.1.1.3.9).
    Seal,
    /// A person's signature.
    Person,
    /// An authority that issues certificates.
    Authority,
    /// A time-stamping authority.
    TimeStamping,
    /// A responder of OCSP.
    OcspResponder,
    /// Nothing of these is said.
    Unsaid,
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

/// Why a signature did not pass (ETSI EN 319 102-1 §5.1.3, tables 5 and 6).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// Not a CMS SignedData that can be processed.
    FormatFailure,
    /// A signed digest is not that of what was signed.
    HashFailure,
    /// The signature value does not fit the signer's key.
    SigCryptoFailure,
    /// It is proven that the signature was made after the signer's certificate was revoked.
    Revoked,
    /// It is proven that the signature was made after the signer's certificate had ended.
    Expired,
    /// It is proven that the signature existed before the signer's certificate began.
    NotYetValid,
    /// A constraint on the signature is broken: a required attribute is absent or wrong, or the signer may not seal copies.
    SigConstraintsFailure,
    /// The certificate chain breaks a constraint (basic constraints, key usage, path length).
    ChainConstraintsFailure,
    /// The chain could not be checked for another reason, such as a limit on work.
    CertificateChainGeneralFailure,
    /// An algorithm or key size is not among those that policy allows.
    CryptoConstraintsFailure,
    /// The signature policy that the signature names cannot be processed.
    PolicyProcessingError,
    /// The time-stamps contradict each other in time.
    TimestampOrderFailure,
    /// The signer's certificate is neither in the signature nor known.
    NoSigningCertificateFound,
    /// No chain leads from the signer to a trust anchor.
    NoCertificateChainFound,
    /// The signer's certificate is revoked, and nothing proves that the signature is older.
    RevokedNoPoe,
    /// An authority's certificate is revoked, and nothing proves that the signature is older.
    RevokedCaNoPoe,
    /// A certificate on the path was not in force at the moment that counts, and nothing proves that the signature was made while it was.
    OutOfBoundsNoPoe,
    /// An algorithm is no longer strong enough, and nothing proves that the signature is from when it was.
    CryptoConstraintsFailureNoPoe,
    /// Policy asks for a proof of time, and no time-stamp gives one.
    NoPoe,
    /// Evidence is missing that may come: revocation data, or a certificate on hold.
    TryLater,
    /// The signed content is not there.
    SignedDataNotFound,
    /// Any other reason, said in the facts.
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
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
            Self::CryptoConstraintsFailure => "CRYPTO_CONSTRAINTS_FAILURE",
            Self::PolicyProcessingError => "POLICY_PROCESSING_ERROR",
            Self::TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::NoPoe => "NO_POE",
            Self::TryLater => "TRY_LATER",
            Self::SignedDataNotFound => "SIGNED_DATA_NOT_FOUND",
            Self::Generic => "GENERIC",
        }
    }

    /// The main result that the standard gives it: only what no later knowledge can mend has failed.
    #[must_use]
    pub const fn indication(self) -> Indication {
        match self {
            Self::FormatFailure
            | Self::HashFailure
            | Self::SigCryptoFailure
            | Self::Revoked
            | Self::Expired
            | Self::NotYetValid => Indication::TotalFailed,
            _ => Indication::Indeterminate,
        }
    }
}
