//! Time-stamp tokens with any fault that a test asks for.

use std::sync::LazyLock;

use super::oid;
use super::testing::{
    CertificateSpec, CmsSpec, Hash, Key, PKI, ROOT, SignerSpec, algorithm, attribute, content_type, element,
    extension, integer, key_usage, octets, oid, sequence,
};
use super::tlv;

/// The test authority of time-stamps, under the root.
pub(super) struct Tsa {
    pub(super) key: Key,
    pub(super) certificate: Vec<u8>,
}

pub(super) const TSA_NAME: &str = "Тестовий час";

pub(super) static TSA: LazyLock<Tsa> = LazyLock::new(|| {
    let key = Key::p256("time");
    let certificate = tsa_certificate(&key).make();
    Tsa { key, certificate }
});

/// A good certificate of an authority of time-stamps, to be made other.
pub(super) fn tsa_certificate(key: &Key) -> CertificateSpec<'_> {
    CertificateSpec {
        serial: 8,
        extensions: vec![key_usage(0xc0), purposes(true, &[oid::TIME_STAMPING])],
        ..CertificateSpec::authority(TSA_NAME, key, ROOT, &PKI.root_key)
    }
}

pub(super) fn purposes(critical: bool, purposes: &[&[u8]]) -> Vec<u8> {
    let list: Vec<Vec<u8>> = purposes.iter().map(|id| oid(id)).collect();
    extension(oid::EXTENDED_KEY_USAGE, critical, &sequence(&list))
}

/// A token to be made.
#[derive(Clone)]
pub(super) struct TokenSpec<'a> {
    pub(super) time: &'a str,
    pub(super) hash: Hash,
    pub(super) key: &'a Key,
    pub(super) certificate: Vec<u8>,
    /// The certificates inside.
    pub(super) embedded: Vec<Vec<u8>>,
    /// Fields after genTime.
    pub(super) tail: Vec<Vec<u8>>,
    pub(super) content_type: &'a [u8],
    pub(super) signers: usize,
    /// The first version of the signing-certificate attribute, with this hash, in place of the second.
    pub(super) first_version: Option<Vec<u8>>,
}

impl TokenSpec<'_> {
    /// A good one of this time, with its authority's certificate inside.
    pub(super) fn at(time: &str) -> TokenSpec<'_> {
        TokenSpec {
            time,
            hash: Hash::Sha256,
            key: &TSA.key,
            certificate: TSA.certificate.clone(),
            embedded: vec![TSA.certificate.clone()],
            tail: Vec::new(),
            content_type: oid::TST_INFO,
            signers: 1,
            first_version: None,
        }
    }

    /// The token over these octets.
    pub(super) fn over(&self, stamped: &[u8]) -> Vec<u8> {
        let imprint = sequence(&[algorithm(self.hash.id()), octets(&self.hash.of(stamped))]);
        let mut fields = vec![
            integer(1),
            oid(&[0x2a, 0x03]),
            imprint,
            integer(5),
            element(tlv::GENERALIZED_TIME, self.time.as_bytes()),
        ];
        fields.extend(self.tail.clone());
        let info = sequence(&fields);
        let signer = || {
            let signer = SignerSpec::new(self.key, &self.certificate, Hash::Sha256, &info)
                .without(oid::CONTENT_TYPE)
                .with(content_type(self.content_type));
            match &self.first_version {
                None => signer,
                Some(hash) => {
                    let id = sequence(&[octets(hash)]);
                    let value = sequence(&[sequence(&[id])]);
                    signer
                        .without(oid::SIGNING_CERTIFICATE_V2)
                        .with(attribute(oid::SIGNING_CERTIFICATE, &[value]))
                }
            }
        };
        let mut cms = CmsSpec::by(&info, true, signer(), self.embedded.clone());
        cms.content_type = self.content_type;
        cms.signers = (0..self.signers).map(|_| signer()).collect();
        cms.make()
    }
}

/// A signature-time-stamp attribute.
pub(super) fn signature_stamp(tokens: &[Vec<u8>]) -> Vec<u8> {
    attribute(oid::SIGNATURE_TIME_STAMP, tokens)
}

/// A content-time-stamp attribute.
pub(super) fn content_stamp(tokens: &[Vec<u8>]) -> Vec<u8> {
    attribute(oid::CONTENT_TIME_STAMP, tokens)
}
