//! A certificate and its issuer → the question for a responder, in DER.

use crate::verify::algorithm::{AlgorithmFault, AlgorithmIdentifier, DigestAlgorithm};
use crate::verify::certificate::Certificate;
use crate::verify::key;
use crate::verify::oid::{self, Oid};
use crate::verify::tlv::{self, Malformed};

/// The OCSPRequest that asks whether `certificate`, which `issuer` issued, is revoked.
///
/// ```asn1
/// OCSPRequest ::= SEQUENCE {
///     tbsRequest             TBSRequest,
///     optionalSignature  [0] EXPLICIT Signature OPTIONAL }
/// TBSRequest ::= SEQUENCE {
///     version            [0] EXPLICIT Version DEFAULT v1,
///     requestorName      [1] EXPLICIT GeneralName OPTIONAL,
///     requestList            SEQUENCE OF Request,
///     requestExtensions  [2] EXPLICIT Extensions OPTIONAL }
/// Request ::= SEQUENCE {
///     reqCert                        CertID,
///     singleRequestExtensions    [0] EXPLICIT Extensions OPTIONAL }
/// ```
/// RFC 6960 §4.1.1. Neither signed nor with a nonce, so that one question has one answer for a while and may be kept.
/// The authority is named by SHA-1, which every responder knows (RFC 5019 §2.1.1), and by GOST 34.311 where its key is of
/// DSTU 4145: so do the requests of Ukrainian programs, and some responders there know no other digest.
pub(in crate::verify) fn request(
    certificate: &Certificate,
    issuer: &Certificate,
) -> Result<Vec<u8>, Malformed> {
    let (algorithm, key) = key::spki_fields(issuer.spki())?;
    let is_dstu = algorithm.oid.is_one_of(&[oid::DSTU_WITH_GOST, oid::DSTU_WITH_GOST_BE]);
    let gost = is_dstu.then(|| gost(&[certificate.issuer(), key])).and_then(Result::ok);
    let (identifier, hashes) = gost.unwrap_or_else(|| {
        let hash = |octets: &[u8]| openssl::sha::sha1(octets).to_vec();
        let identifier = [element(tlv::OID, oid::SHA_1), element(tlv::NULL, &[])].concat();
        (identifier, vec![hash(certificate.issuer()), hash(key)])
    });
    let mut id = vec![sequence(&identifier)];
    id.extend(hashes.iter().map(|hash| element(tlv::OCTET_STRING, hash)));
    id.push(element(tlv::INTEGER, certificate.serial()));
    let request = sequence(&sequence(&id.concat()));
    let list = sequence(&request);
    Ok(sequence(&sequence(&list)))
}

/// The AlgorithmIdentifier's fields, and the digests. Without parameters, as real requests have it: S-boxes №1.
fn gost(parts: &[&[u8]]) -> Result<(Vec<u8>, Vec<Vec<u8>>), AlgorithmFault> {
    let identifier = AlgorithmIdentifier { oid: Oid::known(oid::GOST_34311), parameters: None };
    let digest = DigestAlgorithm::of(&identifier)?;
    let hashes = parts.iter().map(|octets| digest.digest(octets)).collect();
    Ok((element(tlv::OID, oid::GOST_34311), hashes))
}

fn sequence(content: &[u8]) -> Vec<u8> {
    element(tlv::SEQUENCE, content)
}

/// Tag, the shortest length (X.690 §10.1), value.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => bytes.push(length),
        _ => {
            let digits = content.len().to_be_bytes();
            let digits = digits.iter().skip_while(|octet| **octet == 0);
            let count = digits.clone().fold(0x80, |count: u8, _| count.saturating_add(1));
            bytes.push(count);
            bytes.extend(digits);
        }
    }
    bytes.extend(content);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::testing::PKI;

    #[test]
    fn a_request_is_the_one_that_openssl_makes() {
        let certificate = Certificate::read(&PKI.signer).unwrap();
        let issuer = Certificate::read(&PKI.authority).unwrap();
        let x509 = |der: &[u8]| openssl::x509::X509::from_der(der).unwrap();
        let id = openssl::ocsp::OcspCertId::from_cert(
            openssl::hash::MessageDigest::sha1(),
            &x509(&PKI.signer),
            &x509(&PKI.authority),
        )
        .unwrap();
        let mut expected = openssl::ocsp::OcspRequest::new().unwrap();
        expected.add_id(id).unwrap();
        assert_eq!(request(&certificate, &issuer).unwrap(), expected.to_der().unwrap());
    }

    #[test]
    fn a_long_value_has_the_shortest_length() {
        assert_eq!(element(4, &[7; 0x7f])[..2], [4, 0x7f]);
        assert_eq!(element(4, &[7; 0x80])[..3], [4, 0x81, 0x80]);
        assert_eq!(element(4, &[7; 0x1234])[..4], [4, 0x82, 0x12, 0x34]);
    }
}
