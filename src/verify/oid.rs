//! Object identifiers: the ones that this room knows, and any other as dotted numbers.

use std::fmt;

use super::tlv::{self, Element, Malformed};

/// An OBJECT IDENTIFIER's value octets (X.690 §8.19).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Oid(Vec<u8>);

impl Oid {
    pub(super) fn read(element: &Element<'_>) -> Result<Self, Malformed> {
        match element.content {
            _ if element.tag != tlv::OID => Err(element.malformed("an OBJECT IDENTIFIER")),
            // Each number ends with an octet below 0x80.
            [.., last] if *last < 0x80 => Ok(Self(element.content.to_vec())),
            _ => Err(element.malformed("an OBJECT IDENTIFIER")),
        }
    }

    /// One of the constants below.
    pub(super) fn known(bytes: &'static [u8]) -> Self {
        Self(bytes.to_vec())
    }

    pub(super) fn is(&self, known: &[u8]) -> bool {
        self.0 == known
    }

    pub(super) fn is_one_of(&self, known: &[&[u8]]) -> bool {
        known.iter().any(|known| self.is(known))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut number = 0u128;
        let mut first = true;
        for octet in &self.0 {
            if number >> 120 != 0 {
                return f.write_str(".…");
            }
            number = number << 7 | u128::from(octet & 0x7f);
            if *octet < 0x80 {
                if first {
                    let root = (number / 40).min(2);
                    write!(f, "{root}.{}", number - root * 40)?;
                    first = false;
                } else {
                    write!(f, ".{number}")?;
                }
                number = 0;
            }
        }
        Ok(())
    }
}

// RFC 5652 §4, §5.1, §11 and RFC 5035 §3, §5.4: content types and signed attributes.
pub(super) const ID_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
pub(super) const ID_SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
pub(super) const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
pub(super) const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
pub(super) const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
pub(super) const SIGNING_CERTIFICATE_V2: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
/// RFC 2634 §5.4: the first version, whose hash is SHA-1.
pub(super) const SIGNING_CERTIFICATE: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
/// RFC 6211 §2.
pub(super) const CMS_ALGORITHM_PROTECTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x34];

// RFC 5126 §5, §6 and ETSI EN 319 122-1 §5: attributes of CAdES.
pub(super) const SIGNATURE_TIME_STAMP: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e];
pub(super) const SIGNATURE_POLICY: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0f];
pub(super) const CONTENT_TIME_STAMP: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x14];
pub(super) const CERTIFICATE_REFERENCES: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x15];
pub(super) const REVOCATION_REFERENCES: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x16];
pub(super) const CERTIFICATE_VALUES: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x17];
pub(super) const REVOCATION_VALUES: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x18];
pub(super) const EVIDENCE_TIME_STAMP: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x19];
pub(super) const REFERENCES_TIME_STAMP: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x1a];
pub(super) const ARCHIVE_TIME_STAMP: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x1b];
pub(super) const ARCHIVE_TIME_STAMP_V2: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x30];
pub(super) const ARCHIVE_TIME_STAMP_V3: &[u8] = &[0x04, 0x00, 0x8d, 0x45, 0x02, 0x04];

/// RFC 3161 §2.4.2: what a time-stamp token signs.
pub(super) const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

// RFC 5940 §2.1 and ETSI EN 319 122-1 §5.4.2.2: responses of OCSP among a SignedData's crls.
pub(super) const CRLS_OCSP_RESPONSE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x10, 0x02];
pub(super) const CRLS_OCSP_BASIC: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01];

// RFC 5754 §2, RFC 3370 §2: digests.
pub(super) const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
pub(super) const SHA_384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
pub(super) const SHA_512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
pub(super) const SHA_1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
pub(super) const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05];

// 1.2.804.2.1.1.1.1.2: GOST 34.311-95, and Kupyna (DSTU 7564) of 256, 384 and 512 bits.
pub(super) const GOST_34311: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x02, 0x01];
pub(super) const KUPYNA_256: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x02, 0x02, 0x01];
pub(super) const KUPYNA_384: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x02, 0x02, 0x02];
pub(super) const KUPYNA_512: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x02, 0x02, 0x03];

// 1.2.804.2.1.1.1.1.3: DSTU 4145 in a polynomial basis. The first is also the algorithm of every key; the second writes
// its octet strings big-endian.
pub(super) const DSTU_WITH_GOST: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x03, 0x01, 0x01];
pub(super) const DSTU_WITH_GOST_BE: &[u8] =
    &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x03, 0x01, 0x01, 0x01, 0x01];
pub(super) const DSTU_WITH_KUPYNA_256: &[u8] =
    &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x03, 0x06, 0x01, 0x01];
pub(super) const DSTU_WITH_KUPYNA_384: &[u8] =
    &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x03, 0x06, 0x02, 0x01];
pub(super) const DSTU_WITH_KUPYNA_512: &[u8] =
    &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x01, 0x03, 0x06, 0x03, 0x01];

// RFC 8017 appendix C, RFC 4055: RSA.
pub(super) const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
pub(super) const MD5_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04];
pub(super) const SHA_1_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05];
pub(super) const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];
pub(super) const RSASSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
pub(super) const SHA_256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
pub(super) const SHA_384_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c];
pub(super) const SHA_512_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d];

// RFC 5480 §2.1.1, RFC 5758 §3.2: elliptic curves.
pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
pub(super) const P_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
pub(super) const P_384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
pub(super) const P_521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
pub(super) const ECDSA_WITH_SHA_1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
pub(super) const ECDSA_WITH_SHA_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
pub(super) const ECDSA_WITH_SHA_384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
pub(super) const ECDSA_WITH_SHA_512: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04];

// RFC 5280 §4.2 and RFC 3739 §3.2.6: certificate extensions.
pub(super) const SUBJECT_DIRECTORY_ATTRIBUTES: &[u8] = &[0x55, 0x1d, 0x09];
pub(super) const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x0e];
pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
pub(super) const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
pub(super) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
pub(super) const QC_STATEMENTS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x03];
pub(super) const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
pub(super) const OCSP_SIGNING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09];

/// RFC 5280 §4.2.1.13.
pub(super) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
pub(super) const FRESHEST_CRL: &[u8] = &[0x55, 0x1d, 0x2e];
// RFC 5280 §4.2.2.1: authorityInfoAccess, id-ad-ocsp, id-ad-caIssuers.
pub(super) const AUTHORITY_INFORMATION_ACCESS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01];
pub(super) const ACCESS_OCSP: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01];
pub(super) const ACCESS_CA_ISSUERS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];

// RFC 5280 §5.2, §5.3: extensions of a list and of its entries.
pub(super) const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
pub(super) const REASON_CODE: &[u8] = &[0x55, 0x1d, 0x15];
pub(super) const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 0x18];
pub(super) const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1d, 0x1b];
pub(super) const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 0x1c];
#[cfg(test)]
pub(super) const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 0x1d];
/// X.509 §9.5.2.6, ETSI EN 319 411-2 §6.3.10.
pub(super) const EXPIRED_CERTS_ON_CRL: &[u8] = &[0x55, 0x1d, 0x3c];

// RFC 6960 §4.2.1, §4.4: responses about revocation and their extensions.
pub(super) const OCSP_BASIC: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01];
pub(super) const OCSP_NONCE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02];
pub(super) const OCSP_ARCHIVE_CUTOFF: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x06];

// X.520: parts of a name.
pub(super) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
pub(super) const SERIAL_NUMBER: &[u8] = &[0x55, 0x04, 0x05];
pub(super) const ORGANISATION_NAME: &[u8] = &[0x55, 0x04, 0x0a];
pub(super) const ORGANISATION_IDENTIFIER: &[u8] = &[0x55, 0x04, 0x61];

/// 1.2.804.2.1.1.1.11.1.4.2.1: ЄДРПОУ among the subject directory attributes.
pub(super) const EDRPOU: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x0b, 0x01, 0x04, 0x02, 0x01];
/// 1.2.804.2.1.1.1.11.1.4.1.1: РНОКПП among the subject directory attributes.
pub(super) const RNOKPP: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x0b, 0x01, 0x04, 0x01, 0x01];
/// 1.2.804.2.1.1.1.3.9: the purpose «electronic seal».
pub(super) const SEAL: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x03, 0x09];
/// 1.2.804.2.1.1.1.2.2: the policy of qualified certificates.
pub(super) const POLICY_QUALIFIED: &[u8] = &[0x2a, 0x86, 0x24, 0x02, 0x01, 0x01, 0x01, 0x02, 0x02];

// ETSI EN 319 412-5 §4.2: QcCompliance, QcType, its eSign and eSeal.
pub(super) const QC_COMPLIANCE: &[u8] = &[0x04, 0x00, 0x8e, 0x46, 0x01, 0x01];
pub(super) const QC_TYPE: &[u8] = &[0x04, 0x00, 0x8e, 0x46, 0x01, 0x06];
pub(super) const QC_TYPE_SIGN: &[u8] = &[0x04, 0x00, 0x8e, 0x46, 0x01, 0x06, 0x01];
pub(super) const QC_TYPE_SEAL: &[u8] = &[0x04, 0x00, 0x8e, 0x46, 0x01, 0x06, 0x02];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn dotted(bytes: &[u8], expected: &str) {
        assert_eq!(Oid(bytes.to_vec()).to_string(), expected);
    }

    #[test]
    fn known_identifiers_are_what_their_names_say() {
        dotted(ID_SIGNED_DATA, "1.2.840.113549.1.7.2");
        dotted(SIGNING_CERTIFICATE_V2, "1.2.840.113549.1.9.16.2.47");
        dotted(CMS_ALGORITHM_PROTECTION, "1.2.840.113549.1.9.52");
        dotted(SIGNING_CERTIFICATE, "1.2.840.113549.1.9.16.2.12");
        dotted(SIGNATURE_TIME_STAMP, "1.2.840.113549.1.9.16.2.14");
        dotted(SIGNATURE_POLICY, "1.2.840.113549.1.9.16.2.15");
        dotted(CONTENT_TIME_STAMP, "1.2.840.113549.1.9.16.2.20");
        dotted(CERTIFICATE_REFERENCES, "1.2.840.113549.1.9.16.2.21");
        dotted(REVOCATION_REFERENCES, "1.2.840.113549.1.9.16.2.22");
        dotted(CERTIFICATE_VALUES, "1.2.840.113549.1.9.16.2.23");
        dotted(REVOCATION_VALUES, "1.2.840.113549.1.9.16.2.24");
        dotted(EVIDENCE_TIME_STAMP, "1.2.840.113549.1.9.16.2.25");
        dotted(REFERENCES_TIME_STAMP, "1.2.840.113549.1.9.16.2.26");
        dotted(ARCHIVE_TIME_STAMP, "1.2.840.113549.1.9.16.2.27");
        dotted(ARCHIVE_TIME_STAMP_V2, "1.2.840.113549.1.9.16.2.48");
        dotted(ARCHIVE_TIME_STAMP_V3, "0.4.0.1733.2.4");
        dotted(TST_INFO, "1.2.840.113549.1.9.16.1.4");
        dotted(CRLS_OCSP_RESPONSE, "1.3.6.1.5.5.7.16.2");
        dotted(CRLS_OCSP_BASIC, "1.3.6.1.5.5.7.48.1.1");
        dotted(GOST_34311, "1.2.804.2.1.1.1.1.2.1");
        dotted(KUPYNA_256, "1.2.804.2.1.1.1.1.2.2.1");
        dotted(KUPYNA_512, "1.2.804.2.1.1.1.1.2.2.3");
        dotted(DSTU_WITH_GOST, "1.2.804.2.1.1.1.1.3.1.1");
        dotted(DSTU_WITH_GOST_BE, "1.2.804.2.1.1.1.1.3.1.1.1.1");
        dotted(DSTU_WITH_KUPYNA_256, "1.2.804.2.1.1.1.1.3.6.1.1");
        dotted(DSTU_WITH_KUPYNA_512, "1.2.804.2.1.1.1.1.3.6.3.1");
        dotted(SHA_256, "2.16.840.1.101.3.4.2.1");
        dotted(SHA_1, "1.3.14.3.2.26");
        dotted(MD5, "1.2.840.113549.2.5");
        dotted(SHA_256_WITH_RSA, "1.2.840.113549.1.1.11");
        dotted(ECDSA_WITH_SHA_256, "1.2.840.10045.4.3.2");
        dotted(P_256, "1.2.840.10045.3.1.7");
        dotted(P_521, "1.3.132.0.35");
        dotted(BASIC_CONSTRAINTS, "2.5.29.19");
        dotted(SUBJECT_DIRECTORY_ATTRIBUTES, "2.5.29.9");
        dotted(ORGANISATION_IDENTIFIER, "2.5.4.97");
        dotted(QC_STATEMENTS, "1.3.6.1.5.5.7.1.3");
        dotted(OCSP_SIGNING, "1.3.6.1.5.5.7.3.9");
        dotted(CRL_DISTRIBUTION_POINTS, "2.5.29.31");
        dotted(FRESHEST_CRL, "2.5.29.46");
        dotted(AUTHORITY_INFORMATION_ACCESS, "1.3.6.1.5.5.7.1.1");
        dotted(ACCESS_OCSP, "1.3.6.1.5.5.7.48.1");
        dotted(ACCESS_CA_ISSUERS, "1.3.6.1.5.5.7.48.2");
        dotted(DELTA_CRL_INDICATOR, "2.5.29.27");
        dotted(ISSUING_DISTRIBUTION_POINT, "2.5.29.28");
        dotted(EXPIRED_CERTS_ON_CRL, "2.5.29.60");
        dotted(OCSP_BASIC, "1.3.6.1.5.5.7.48.1.1");
        dotted(OCSP_ARCHIVE_CUTOFF, "1.3.6.1.5.5.7.48.1.6");
        dotted(EDRPOU, "1.2.804.2.1.1.1.11.1.4.2.1");
        dotted(RNOKPP, "1.2.804.2.1.1.1.11.1.4.1.1");
        dotted(SEAL, "1.2.804.2.1.1.1.3.9");
        dotted(POLICY_QUALIFIED, "1.2.804.2.1.1.1.2.2");
        dotted(QC_COMPLIANCE, "0.4.0.1862.1.1");
        dotted(QC_TYPE_SEAL, "0.4.0.1862.1.6.2");
        dotted(SERIAL_NUMBER, "2.5.4.5");
    }

    #[test]
    fn a_number_too_long_to_print_is_cut_short() {
        let mut bytes = vec![0x2a];
        bytes.extend([0xff; 40]);
        bytes.push(0x7f);
        dotted(&bytes, "1.2.…");
    }
}
