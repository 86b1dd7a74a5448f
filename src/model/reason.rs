//! Why a signature did not pass, as facts: which certificate, which attribute, which time, which OID.

use serde::{Deserialize, Serialize};

use super::Timestamp;

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
    /// A trusted list says that the service of a certificate on the path was no longer granted at the moment that counts.
    ServiceNotGranted {
        /// Its subject.
        subject: String,
        /// Since when; none where the list says nothing of it.
        since: Option<Timestamp>,
        /// The list's file.
        list: String,
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
    /// A certificate on the path was revoked before the moment that counts.
    CertificateRevoked {
        /// Its subject.
        subject: String,
        /// Since when.
        since: Timestamp,
        /// RFC 5280 §5.3.1: `keyCompromise`, `superseded` …
        cause: Option<String>,
    },
    /// A certificate on the path is on hold: the authority has not decided yet.
    CertificateOnHold {
        /// Its subject.
        subject: String,
        /// Since when.
        since: Timestamp,
    },
    /// Nothing usable says whether a certificate on the path is revoked.
    RevocationUnknown {
        /// Its subject.
        subject: String,
        /// Why what there is cannot be used, in English; see [`super::RevocationStanding::Unknown`].
        why: String,
    },
    /// The signer's organisation is not among those that may seal copies.
    SealerNotAllowed {
        /// The ЄДРПОУ of those who signed, as far as they have one.
        edrpou: Vec<String>,
    },
    /// The signature has a lower level than policy asks for.
    LevelTooLow {
        /// The level found.
        level: String,
        /// The level asked for.
        level_min: String,
    },
    /// A time-stamp is over something else than what it stands beside.
    TimeStampOfOther,
    /// No time-stamp of the signature is valid.
    NoValidTimeStamp,
    /// A time-stamp that must be later is earlier than another one, or than its authority could know.
    TimeStampOrder {
        /// The time of the one that must be earlier.
        earlier: Timestamp,
        /// The time of the one that must be later.
        later: Timestamp,
    },
    /// The signature names a signature policy in a way that cannot be processed.
    SignaturePolicyBroken,
    /// Nothing in the letter has the signed digest.
    ContentNotFound,
}
