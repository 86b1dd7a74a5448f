//! The facts of a signature → the few words that a report lays beside them.

use super::Said;
use crate::model::{Indication, RevocationSource, RevocationStanding, SignerKind, TimeStampKind, in_kyiv};

/// A result in two or three words, to begin a report with.
#[must_use]
pub fn judged(indication: Indication) -> Said {
    match indication {
        Indication::TotalPassed => Said::new("Підпис дійсний", "Valid"),
        Indication::Indeterminate => Said::new("Не підтверджено", "Not established"),
        Indication::TotalFailed => Said::new("Підпис недійсний", "Not valid"),
    }
}

/// What a signer's certificate says to be for.
#[must_use]
pub fn signer_kind(kind: SignerKind, qualified: bool) -> Said {
    let (uk, en) = match (kind, qualified) {
        (SignerKind::Seal, true) => ("кваліфікована печатка", "qualified seal"),
        (SignerKind::Seal, false) => ("печатка, не кваліфікована", "seal, not qualified"),
        (SignerKind::Person, true) => ("кваліфікований підпис особи", "qualified signature of a person"),
        (SignerKind::Person, false) => {
            ("підпис особи, не кваліфікований", "signature of a person, not qualified")
        }
        (SignerKind::Authority, _) => ("сертифікат центру", "certificate of an authority"),
        (SignerKind::TimeStamping, _) => {
            ("сертифікат служби позначок часу", "certificate of a time-stamping authority")
        }
        (SignerKind::OcspResponder, _) => ("сертифікат служби OCSP", "certificate of an OCSP responder"),
        (SignerKind::Unsaid, true) => ("кваліфікований сертифікат", "qualified certificate"),
        (SignerKind::Unsaid, false) => ("некваліфікований сертифікат", "certificate not qualified"),
    };
    Said::new(uk, en)
}

/// What a time-stamp proves the time of.
#[must_use]
pub fn time_stamp_kind(kind: TimeStampKind) -> Said {
    match kind {
        TimeStampKind::Content => Said::new("документа", "content"),
        TimeStampKind::Signature => Said::new("підпису", "signature"),
        TimeStampKind::Evidence => Said::new("доказів", "evidence"),
        TimeStampKind::Archive => Said::new("архівна", "archive"),
    }
}

/// What is known of a certificate's revocation.
#[must_use]
pub fn revocation(standing: &RevocationStanding) -> Said {
    match standing {
        RevocationStanding::Good { source, as_of } => {
            let (source, as_of) = (source_word(*source), in_kyiv(*as_of));
            Said::new(
                format!("не скасовано ({source} станом на {as_of})"),
                format!("not revoked ({source} as of {as_of})"),
            )
        }
        RevocationStanding::Revoked { source, since, .. } => {
            let (source, since) = (source_word(*source), in_kyiv(*since));
            Said::new(format!("скасовано {since} ({source})"), format!("revoked on {since} ({source})"))
        }
        RevocationStanding::Unknown { why } => {
            Said::new("невідомо, чи не скасовано", format!("unknown: {why}"))
        }
        RevocationStanding::NotAsked => Said::new("не перевірялося", "not looked for"),
    }
}

const fn source_word(source: RevocationSource) -> &'static str {
    match source {
        RevocationSource::Ocsp => "OCSP",
        RevocationSource::Crl => "CRL",
    }
}

/// A signature or digest algorithm as people call it; an unknown one keeps its OID.
///
/// The OIDs: PKCS #1 (RFC 8017 §A.2), ECDSA (RFC 5758 §3.2), SHA-2 (RFC 5754 §2), DSTU by the Ministry of Justice's
/// requirements for qualified signatures.
#[must_use]
pub fn algorithm(oid: &str) -> Said {
    let (uk, en) = match oid {
        "1.2.804.2.1.1.1.1.3.1.1" | "1.2.804.2.1.1.1.1.3.1.1.1.1" => {
            ("ДСТУ 4145 з ГОСТ 34.311", "DSTU 4145 with GOST 34.311")
        }
        "1.2.804.2.1.1.1.1.3.6.1.1" => ("ДСТУ 4145 з Купиною-256", "DSTU 4145 with Kupyna-256"),
        "1.2.804.2.1.1.1.1.3.6.2.1" => ("ДСТУ 4145 з Купиною-384", "DSTU 4145 with Kupyna-384"),
        "1.2.804.2.1.1.1.1.3.6.3.1" => ("ДСТУ 4145 з Купиною-512", "DSTU 4145 with Kupyna-512"),
        "1.2.804.2.1.1.1.1.2.1" => ("ГОСТ 34.311", "GOST 34.311"),
        "1.2.804.2.1.1.1.1.2.2.1" => ("Купина-256", "Kupyna-256"),
        "1.2.804.2.1.1.1.1.2.2.2" => ("Купина-384", "Kupyna-384"),
        "1.2.804.2.1.1.1.1.2.2.3" => ("Купина-512", "Kupyna-512"),
        "1.2.840.10045.4.1" => ("ECDSA з SHA-1", "ECDSA with SHA-1"),
        "1.2.840.10045.4.3.2" => ("ECDSA з SHA-256", "ECDSA with SHA-256"),
        "1.2.840.10045.4.3.3" => ("ECDSA з SHA-384", "ECDSA with SHA-384"),
        "1.2.840.10045.4.3.4" => ("ECDSA з SHA-512", "ECDSA with SHA-512"),
        "1.2.840.113549.1.1.5" => ("RSA з SHA-1", "RSA with SHA-1"),
        "1.2.840.113549.1.1.11" => ("RSA з SHA-256", "RSA with SHA-256"),
        "1.2.840.113549.1.1.12" => ("RSA з SHA-384", "RSA with SHA-384"),
        "1.2.840.113549.1.1.13" => ("RSA з SHA-512", "RSA with SHA-512"),
        "1.2.840.113549.1.1.10" => ("RSA-PSS", "RSA-PSS"),
        "1.2.840.113549.1.1.1" => ("RSA", "RSA"),
        "2.16.840.1.101.3.4.2.1" => ("SHA-256", "SHA-256"),
        "2.16.840.1.101.3.4.2.2" => ("SHA-384", "SHA-384"),
        "2.16.840.1.101.3.4.2.3" => ("SHA-512", "SHA-512"),
        "1.3.14.3.2.26" => ("SHA-1", "SHA-1"),
        other => (other, other),
    };
    Said::new(uk, en)
}
