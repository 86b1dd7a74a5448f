//! What an organisation demands of a signature, as data.

use serde::{Deserialize, Serialize};

use super::Level;

/// What is demanded of signatures. Data only: `verify` applies it, `config` reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// Algorithms that prove something; others are named and not relied on.
    pub algorithms: Vec<PolicyAlgorithm>,
    /// Smallest RSA modulus, in bits (ETSI TS 119 312 §6).
    pub rsa_bits_min: usize,
    /// ЄДРПОУ of the organisations that may seal copies; empty: anybody whose chain is trusted. One signer of a file
    /// must be among them; the others, such as the citizen, are judged without it.
    pub sealers: Vec<String>,
    /// The lowest form of CAdES that is accepted.
    pub level_min: Level,
    /// Whether certificates must be shown not to be revoked.
    pub revocation: RevocationRule,
    /// How much older than the moment that counts revocation evidence may be, in seconds. None: it counts up to its own
    /// nextUpdate.
    pub revocation_age_seconds_max: Option<i64>,
}

/// An algorithm family that a policy can allow.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyAlgorithm {
    /// DSTU 4145-2002 with GOST 34.311-95.
    Dstu4145Gost,
    /// DSTU 4145-2002 with Kupyna (DSTU 7564).
    Dstu4145Kupyna,
    /// ECDSA on P-256, P-384, P-521 with SHA-2.
    Ecdsa,
    /// RSASSA-PKCS1-v1_5 with SHA-2.
    RsaPkcs1,
    /// RSASSA-PSS with SHA-2.
    RsaPss,
}

impl PolicyAlgorithm {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Dstu4145Gost, Self::Dstu4145Kupyna, Self::Ecdsa, Self::RsaPkcs1, Self::RsaPss];
}

/// Whether certificates must be shown not to be revoked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationRule {
    /// Each certificate below the anchor; without evidence the result is INDETERMINATE / TRY_LATER.
    Required,
    /// As `Required` for certificates that name a responder or a list; for others, as `IfAvailable`.
    WhereTold,
    /// What evidence there is counts; none is no fault.
    IfAvailable,
    /// Nobody looks.
    Off,
}

impl Default for Policy {
    /// Every algorithm that this program knows, anybody trusted, CAdES-BES, revocation required.
    fn default() -> Self {
        Self {
            algorithms: PolicyAlgorithm::ALL.to_vec(),
            rsa_bits_min: 2048,
            sealers: Vec::new(),
            level_min: Level::Bes,
            revocation: RevocationRule::Required,
            revocation_age_seconds_max: None,
        }
    }
}
