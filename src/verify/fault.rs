//! What a check found wrong → the standard's words, and which of several faults is the most telling.

use super::algorithm::AlgorithmFault;
use super::tlv::Malformed;
use crate::model::{Indication, Reason, SubIndication};

/// A fact that keeps a signature from passing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) sub_indication: SubIndication,
    pub(super) reason: Reason,
}

impl Fault {
    pub(super) const fn new(sub_indication: SubIndication, reason: Reason) -> Self {
        Self { sub_indication, reason }
    }

    /// A required signed attribute is not there, not single or not true.
    pub(super) const fn attribute(reason: Reason) -> Self {
        Self::new(SubIndication::SigConstraintsFailure, reason)
    }

    /// A certificate may not do what it does on the path.
    pub(super) fn chain(subject: &str, constraint: impl Into<String>) -> Self {
        let reason = Reason::ChainConstraint { subject: subject.to_owned(), constraint: constraint.into() };
        Self::new(SubIndication::ChainConstraintsFailure, reason)
    }

    /// A limit was reached before an answer.
    pub(super) fn over_budget(limit: &str) -> Self {
        Self::new(
            SubIndication::CertificateChainGeneralFailure,
            Reason::OverBudget { limit: limit.to_owned() },
        )
    }

    /// The standard's main result for this fault.
    pub(super) const fn indication(&self) -> Indication {
        self.sub_indication.indication()
    }

    /// How much the fault tells, higher is more: what is wrong for good, then what the signature itself lacks, then
    /// what is proven against its certificates, then what is wrong with the path, then what may still come. A path that
    /// reached an anchor tells more than one that did not, so its faults stand higher.
    pub(super) const fn rank(&self) -> u8 {
        match (self.sub_indication, &self.reason) {
            (SubIndication::FormatFailure, _) => 100,
            (SubIndication::HashFailure, _) => 97,
            (SubIndication::SigCryptoFailure, _) => 94,
            (SubIndication::Revoked, _) => 92,
            (SubIndication::Expired, _) => 91,
            (SubIndication::NotYetValid, _) => 90,
            (_, Reason::SealerNotAllowed { .. }) => 12,
            (SubIndication::SigConstraintsFailure, _) => 80,
            (SubIndication::PolicyProcessingError, _) => 78,
            (SubIndication::CryptoConstraintsFailure | SubIndication::CryptoConstraintsFailureNoPoe, _) => 75,
            (SubIndication::SignedDataNotFound, _) => 65,
            (SubIndication::NoSigningCertificateFound, _) => 60,
            (SubIndication::CertificateChainGeneralFailure, _) => 55,
            (SubIndication::ChainConstraintsFailure, _) => 50,
            (SubIndication::TimestampOrderFailure, _) => 48,
            (SubIndication::RevokedCaNoPoe, _) => 46,
            (SubIndication::RevokedNoPoe, _) => 44,
            (SubIndication::OutOfBoundsNoPoe, _) => 40,
            (_, Reason::UntrustedRoot { .. }) => 30,
            (SubIndication::NoCertificateChainFound, _) => 20,
            (SubIndication::NoPoe, _) => 16,
            (SubIndication::TryLater, _) => 14,
            (SubIndication::Generic, _) => 10,
        }
    }

    /// The more telling of two; the first of equals.
    pub(super) fn worse(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }
}

impl From<Malformed> for Fault {
    fn from(fault: Malformed) -> Self {
        let reason = Reason::Malformed { expected: fault.expected.to_owned(), offset: fault.offset };
        Self::new(SubIndication::FormatFailure, reason)
    }
}

impl From<AlgorithmFault> for Fault {
    fn from(fault: AlgorithmFault) -> Self {
        match fault {
            AlgorithmFault::Unsupported { oid } => {
                Self::new(SubIndication::CryptoConstraintsFailure, Reason::UnsupportedAlgorithm { oid })
            }
            AlgorithmFault::Weak { what } => {
                Self::new(SubIndication::CryptoConstraintsFailure, Reason::WeakAlgorithm { what })
            }
            AlgorithmFault::OverBudget { limit } => Self::over_budget(limit),
        }
    }
}
