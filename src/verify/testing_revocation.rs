//! Revocation lists and OCSP responses with any fault that a test asks for.

use super::certificate::Certificate;
use super::oid;
use super::testing::{Hash, Key, PKI, algorithm, element, extension, integer, octets, oid, sequence};
use super::tlv::{self, CONTEXT, CONTEXT_PRIMITIVE};

pub(super) fn time(text: &str) -> Vec<u8> {
    element(tlv::GENERALIZED_TIME, text.as_bytes())
}

/// One entry of a list: serial number, revocationDate, reasonCode.
pub(super) fn entry(serial: &[u8], since: &str, reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map(|code| extension(oid::REASON_CODE, false, &element(tlv::ENUMERATED, &[code])));
    entry_with(serial, since, &reason.into_iter().collect::<Vec<_>>())
}

pub(super) fn entry_with(serial: &[u8], since: &str, extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = if extensions.is_empty() { Vec::new() } else { sequence(extensions) };
    sequence(&[element(tlv::INTEGER, serial), time(since), extensions])
}

pub(super) fn crl_number(number: u8) -> Vec<u8> {
    extension(oid::CRL_NUMBER, false, &integer(number))
}

pub(super) fn delta_from(base: u8) -> Vec<u8> {
    extension(oid::DELTA_CRL_INDICATOR, true, &integer(base))
}

/// issuingDistributionPoint with these fields.
pub(super) fn scope(fields: &[Vec<u8>]) -> Vec<u8> {
    extension(oid::ISSUING_DISTRIBUTION_POINT, true, &sequence(fields))
}

/// One of its flags, TRUE.
pub(super) fn flag(number: u8) -> Vec<u8> {
    element(CONTEXT_PRIMITIVE + number, &[0xff])
}

/// A DistributionPointName with one URI.
pub(super) fn point(uri: &str) -> Vec<u8> {
    element(CONTEXT, &element(CONTEXT, &element(CONTEXT_PRIMITIVE + 6, uri.as_bytes())))
}

/// A list to be made.
#[derive(Clone)]
pub(super) struct CrlSpec<'a> {
    pub(super) issuer: Vec<u8>,
    pub(super) key: &'a Key,
    pub(super) hash: Hash,
    pub(super) this_update: &'a str,
    pub(super) next_update: Option<&'a str>,
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) extensions: Vec<Vec<u8>>,
}

impl CrlSpec<'_> {
    /// A good list of the test authority, in force over the tests' now, that names nobody.
    pub(super) fn good() -> Self {
        Self {
            issuer: Certificate::read(&PKI.authority).unwrap().subject().to_vec(),
            key: &PKI.authority_key,
            hash: Hash::Sha256,
            this_update: "20260315000000Z",
            next_update: Some("20260322000000Z"),
            entries: vec![entry(&[9], "20260101000000Z", None)],
            extensions: vec![crl_number(10)],
        }
    }

    /// The same, with the test signer in it.
    pub(super) fn revoking(since: &str, reason: Option<u8>) -> Self {
        let mut spec = Self::good();
        spec.entries.push(entry(&[7], since, reason));
        spec
    }

    pub(super) fn make(&self) -> Vec<u8> {
        let entries = if self.entries.is_empty() { Vec::new() } else { sequence(&self.entries) };
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            element(CONTEXT, &sequence(&self.extensions))
        };
        let algorithm = self.key.signature_algorithm(self.hash);
        let tbs = sequence(&[
            integer(1),
            algorithm.clone(),
            self.issuer.clone(),
            time(self.this_update),
            self.next_update.map(time).unwrap_or_default(),
            entries,
            extensions,
        ]);
        let signature = [vec![0], self.key.sign(self.hash, &tbs)].concat();
        sequence(&[tbs, algorithm, element(tlv::BIT_STRING, &signature)])
    }
}

pub(super) fn good() -> Vec<u8> {
    element(CONTEXT_PRIMITIVE, &[])
}

pub(super) fn unknown() -> Vec<u8> {
    element(CONTEXT_PRIMITIVE + 2, &[])
}

pub(super) fn revoked(since: &str, reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map(|code| element(CONTEXT, &element(tlv::ENUMERATED, &[code])));
    element(CONTEXT + 1, &[time(since), reason.unwrap_or_default()].concat())
}

pub(super) fn by_name(certificate: &[u8]) -> Vec<u8> {
    element(CONTEXT + 1, Certificate::read(certificate).unwrap().subject())
}

pub(super) fn by_key(certificate: &[u8]) -> Vec<u8> {
    let certificate = Certificate::read(certificate).unwrap();
    let (_, key) = super::key::spki_fields(certificate.spki()).unwrap();
    element(CONTEXT + 2, &octets(&Hash::Sha1.of(key)))
}

/// One answer of a response.
#[derive(Clone)]
pub(super) struct AnswerSpec<'a> {
    pub(super) hash: Hash,
    pub(super) issuer: &'a [u8],
    pub(super) serial: Vec<u8>,
    pub(super) status: Vec<u8>,
    pub(super) this_update: &'a str,
    pub(super) next_update: Option<&'a str>,
    pub(super) extensions: Vec<Vec<u8>>,
}

impl AnswerSpec<'_> {
    /// About the test signer.
    pub(super) fn new(status: Vec<u8>) -> Self {
        Self {
            hash: Hash::Sha1,
            issuer: &PKI.authority,
            serial: vec![7],
            status,
            this_update: "20260315000000Z",
            next_update: Some("20260316000000Z"),
            extensions: Vec::new(),
        }
    }

    pub(super) fn make(&self) -> Vec<u8> {
        let issuer = Certificate::read(self.issuer).unwrap();
        let (_, key) = super::key::spki_fields(issuer.spki()).unwrap();
        let id = sequence(&[
            algorithm(self.hash.id()),
            octets(&self.hash.of(issuer.subject())),
            octets(&self.hash.of(key)),
            element(tlv::INTEGER, &self.serial),
        ]);
        let next_update = self.next_update.map(|text| element(CONTEXT, &time(text)));
        sequence(&[
            id,
            self.status.clone(),
            time(self.this_update),
            next_update.unwrap_or_default(),
            explicit_extensions(&self.extensions),
        ])
    }
}

fn explicit_extensions(extensions: &[Vec<u8>]) -> Vec<u8> {
    if extensions.is_empty() { Vec::new() } else { element(CONTEXT + 1, &sequence(extensions)) }
}

/// A response to be made.
#[derive(Clone)]
pub(super) struct OcspSpec<'a> {
    pub(super) responder: Vec<u8>,
    pub(super) key: &'a Key,
    pub(super) hash: Hash,
    pub(super) produced_at: &'a str,
    pub(super) answers: Vec<Vec<u8>>,
    pub(super) extensions: Vec<Vec<u8>>,
    pub(super) certificates: Vec<Vec<u8>>,
}

impl<'a> OcspSpec<'a> {
    /// Signed by the test authority itself.
    pub(super) fn saying(status: Vec<u8>) -> Self {
        Self::with(vec![AnswerSpec::new(status).make()])
    }

    pub(super) fn with(answers: Vec<Vec<u8>>) -> Self {
        Self {
            responder: by_name(&PKI.authority),
            key: &PKI.authority_key,
            hash: Hash::Sha256,
            produced_at: "20260315000000Z",
            answers,
            extensions: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// Signed by the holder of this certificate, which is put inside.
    pub(super) fn by(self, certificate: &[u8], key: &'a Key) -> Self {
        let certificates = vec![certificate.to_vec()];
        Self { responder: by_name(certificate), key, certificates, ..self }
    }

    pub(super) fn make_basic(&self) -> Vec<u8> {
        let tbs = sequence(&[
            self.responder.clone(),
            time(self.produced_at),
            sequence(&self.answers),
            explicit_extensions(&self.extensions),
        ]);
        let signature = [vec![0], self.key.sign(self.hash, &tbs)].concat();
        let certificates = if self.certificates.is_empty() {
            Vec::new()
        } else {
            element(CONTEXT, &sequence(&self.certificates))
        };
        let algorithm = self.key.signature_algorithm(self.hash);
        sequence(&[tbs, algorithm, element(tlv::BIT_STRING, &signature), certificates])
    }

    pub(super) fn make(&self) -> Vec<u8> {
        let bytes = sequence(&[oid(oid::OCSP_BASIC), octets(&self.make_basic())]);
        sequence(&[element(tlv::ENUMERATED, &[0]), element(CONTEXT, &bytes)])
    }
}
