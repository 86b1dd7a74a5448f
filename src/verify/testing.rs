//! A DER writer, test authorities, and CMS files with any fault that a test asks for.

use std::sync::LazyLock;

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};
use sha2::{Digest as _, Sha512};

use super::oid;
use super::tlv;
use crate::model::{Attachment, AttachmentKind, Digest, Letter};

pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len();
    if length < 0x80 {
        bytes.push(u8::try_from(length).unwrap());
    } else {
        let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
        bytes.push(0x80 + u8::try_from(digits.len()).unwrap());
        bytes.extend(digits);
    }
    bytes.extend(content);
    bytes
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(tlv::SEQUENCE, &parts.concat())
}

/// The parts in their given order: a test may want a wrong one.
pub(super) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    element(tlv::SET, &parts.concat())
}

pub(super) fn oid(bytes: &[u8]) -> Vec<u8> {
    element(tlv::OID, bytes)
}

pub(super) fn octets(bytes: &[u8]) -> Vec<u8> {
    element(tlv::OCTET_STRING, bytes)
}

pub(super) fn integer(value: u8) -> Vec<u8> {
    element(tlv::INTEGER, &[value])
}

pub(super) fn algorithm(id: &[u8]) -> Vec<u8> {
    sequence(&[oid(id)])
}

pub(super) fn name(common_name: &str) -> Vec<u8> {
    name_of(&[(oid::COMMON_NAME, common_name)])
}

pub(super) fn name_of(attributes: &[(&[u8], &str)]) -> Vec<u8> {
    let rdn = |(kind, value): &(&[u8], &str)| {
        set(&[sequence(&[oid(kind), element(tlv::UTF8_STRING, value.as_bytes())])])
    };
    sequence(&attributes.iter().map(rdn).collect::<Vec<_>>())
}

/// How a test signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) fn md(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }

    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        openssl::hash::hash(self.md(), bytes).unwrap().to_vec()
    }

    pub(super) fn id(self) -> &'static [u8] {
        match self {
            Self::Sha1 => oid::SHA_1,
            Self::Sha256 => oid::SHA_256,
            Self::Sha384 => oid::SHA_384,
            Self::Sha512 => oid::SHA_512,
        }
    }
}

/// A test key.
pub(super) struct Key {
    private: PKey<Private>,
    pss: bool,
}

impl Key {
    /// An elliptic key that is the same in every run.
    pub(super) fn on(curve: Nid, seed: &str) -> Self {
        let group = EcGroup::from_curve_name(curve).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let mut order = BigNum::new().unwrap();
        group.order(&mut order, &mut context).unwrap();
        let seed = BigNum::from_slice(&Sha512::digest(seed)).unwrap();
        let mut scalar = BigNum::new().unwrap();
        scalar.nnmod(&seed, &order, &mut context).unwrap();
        let mut point = EcPoint::new(&group).unwrap();
        point.mul_generator2(&group, &scalar, &mut context).unwrap();
        let key = EcKey::from_private_components(&group, &scalar, &point).unwrap();
        Self { private: PKey::from_ec_key(key).unwrap(), pss: false }
    }

    pub(super) fn p256(seed: &str) -> Self {
        Self::on(Nid::X9_62_PRIME256V1, seed)
    }

    /// The one RSA key of this size; made once in a run, for making it takes long.
    pub(super) fn rsa(bits: u32) -> Self {
        static SMALL: LazyLock<PKey<Private>> = LazyLock::new(|| make_rsa(1024));
        static GOOD: LazyLock<PKey<Private>> = LazyLock::new(|| make_rsa(2048));
        let private = if bits == 1024 { SMALL.clone() } else { GOOD.clone() };
        Self { private, pss: false }
    }

    /// The same key, signing with RSASSA-PSS.
    pub(super) fn with_pss(self) -> Self {
        Self { pss: true, ..self }
    }

    /// For another program (PKCS #8).
    pub(super) fn pem(&self) -> Vec<u8> {
        self.private.private_key_to_pem_pkcs8().unwrap()
    }

    pub(super) fn spki(&self) -> Vec<u8> {
        self.private.public_key_to_der().unwrap()
    }

    pub(super) fn sign(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(hash.md(), &self.private).unwrap();
        if self.pss {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer.set_rsa_mgf1_md(hash.md()).unwrap();
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
        }
        signer.sign_oneshot_to_vec(message).unwrap()
    }

    pub(super) fn signature_algorithm(&self, hash: Hash) -> Vec<u8> {
        if self.pss {
            return pss_algorithm(hash, u8::try_from(hash.md().size()).unwrap());
        }
        let is_rsa = self.private.rsa().is_ok();
        let id = match (is_rsa, hash) {
            (true, Hash::Sha1) => oid::SHA_1_WITH_RSA,
            (true, Hash::Sha256) => oid::SHA_256_WITH_RSA,
            (true, Hash::Sha384) => oid::SHA_384_WITH_RSA,
            (true, Hash::Sha512) => oid::SHA_512_WITH_RSA,
            (false, Hash::Sha1) => oid::ECDSA_WITH_SHA_1,
            (false, Hash::Sha256) => oid::ECDSA_WITH_SHA_256,
            (false, Hash::Sha384) => oid::ECDSA_WITH_SHA_384,
            (false, Hash::Sha512) => oid::ECDSA_WITH_SHA_512,
        };
        if is_rsa { sequence(&[oid(id), vec![tlv::NULL, 0]]) } else { algorithm(id) }
    }
}

fn make_rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

pub(super) fn pss_algorithm(hash: Hash, salt: u8) -> Vec<u8> {
    let mask = sequence(&[oid(oid::MGF1), algorithm(hash.id())]);
    let parameters = sequence(&[
        element(tlv::CONTEXT, &algorithm(hash.id())),
        element(tlv::CONTEXT + 1, &mask),
        element(tlv::CONTEXT + 2, &integer(salt)),
    ]);
    sequence(&[oid(oid::RSASSA_PSS), parameters])
}

/// A certificate to be made.
pub(super) struct CertificateSpec<'a> {
    pub(super) subject: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) serial: u8,
    pub(super) not_before: &'a str,
    pub(super) not_after: &'a str,
    pub(super) key: &'a Key,
    pub(super) issuer_key: &'a Key,
    pub(super) hash: Hash,
    pub(super) extensions: Vec<Vec<u8>>,
}

impl<'a> CertificateSpec<'a> {
    pub(super) fn authority(subject: &str, key: &'a Key, issuer: &str, issuer_key: &'a Key) -> Self {
        Self {
            subject: name(subject),
            issuer: name(issuer),
            serial: 1,
            not_before: "20240101000000Z",
            not_after: "20331231235959Z",
            key,
            issuer_key,
            hash: Hash::Sha256,
            extensions: vec![basic_constraints(true, None), key_usage(0x06)],
        }
    }

    pub(super) fn signer(subject: &str, key: &'a Key, issuer: &str, issuer_key: &'a Key) -> Self {
        Self {
            serial: 7,
            not_before: "20250101000000Z",
            not_after: "20261231235959Z",
            extensions: vec![key_usage(0xc0)],
            ..Self::authority(subject, key, issuer, issuer_key)
        }
    }

    pub(super) fn make(&self) -> Vec<u8> {
        let algorithm = self.issuer_key.signature_algorithm(self.hash);
        let time = |text: &str| element(tlv::GENERALIZED_TIME, text.as_bytes());
        let mut fields = vec![
            element(tlv::CONTEXT, &integer(2)),
            integer(self.serial),
            algorithm.clone(),
            self.issuer.clone(),
            sequence(&[time(self.not_before), time(self.not_after)]),
            self.subject.clone(),
            self.key.spki(),
        ];
        if !self.extensions.is_empty() {
            fields.push(element(tlv::CONTEXT + 3, &sequence(&self.extensions)));
        }
        let tbs = sequence(&fields);
        let signature = [vec![0], self.issuer_key.sign(self.hash, &tbs)].concat();
        sequence(&[tbs, algorithm, element(tlv::BIT_STRING, &signature)])
    }
}

pub(super) fn extension(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { element(tlv::BOOLEAN, &[0xff]) } else { Vec::new() };
    sequence(&[oid(id), critical, octets(value)])
}

pub(super) fn basic_constraints(authority: bool, path_length_max: Option<u8>) -> Vec<u8> {
    let authority = if authority { element(tlv::BOOLEAN, &[0xff]) } else { Vec::new() };
    let length = path_length_max.map(integer).unwrap_or_default();
    extension(oid::BASIC_CONSTRAINTS, true, &sequence(&[authority, length]))
}

pub(super) fn key_usage(bits: u8) -> Vec<u8> {
    extension(oid::KEY_USAGE, true, &element(tlv::BIT_STRING, &[0, bits]))
}

/// Root → authority → signer, on P-256.
pub(super) struct Pki {
    pub(super) root_key: Key,
    pub(super) authority_key: Key,
    pub(super) signer_key: Key,
    pub(super) root: Vec<u8>,
    pub(super) authority: Vec<u8>,
    pub(super) signer: Vec<u8>,
}

pub(super) const ROOT: &str = "Тестовий корінь";
pub(super) const AUTHORITY: &str = "Тестовий центр";
pub(super) const SIGNER: &str = "Тестова печатка";

pub(super) static PKI: LazyLock<Pki> = LazyLock::new(|| {
    let (root_key, authority_key, signer_key) =
        (Key::p256("root"), Key::p256("authority"), Key::p256("signer"));
    let root = CertificateSpec::authority(ROOT, &root_key, ROOT, &root_key).make();
    let authority = CertificateSpec::authority(AUTHORITY, &authority_key, ROOT, &root_key).make();
    let subject = name_of(&[
        (oid::ORGANISATION_NAME, "ДП «ТЕСТ»"),
        (oid::COMMON_NAME, SIGNER),
        (oid::ORGANISATION_IDENTIFIER, "NTRUA-43395033"),
    ]);
    let spec = CertificateSpec::signer(SIGNER, &signer_key, AUTHORITY, &authority_key);
    let signer = CertificateSpec { subject, ..spec }.make();
    Pki { root_key, authority_key, signer_key, root, authority, signer }
});

/// One SignerInfo to be made; every field can be made wrong.
pub(super) struct SignerSpec<'a> {
    pub(super) key: &'a Key,
    pub(super) hash: Hash,
    pub(super) identifier: Vec<u8>,
    pub(super) digest_algorithm: Vec<u8>,
    /// None: the signature lies over the content.
    pub(super) attributes: Option<Vec<Vec<u8>>>,
    /// Whether the attributes are put into DER order.
    pub(super) sorted: bool,
    pub(super) signature_algorithm: Vec<u8>,
    pub(super) unsigned_attributes: Vec<u8>,
    /// Unsigned attributes that are made of the signature value's octets.
    pub(super) over_signature: Vec<OverSignature<'a>>,
}

/// An attribute of the signature value's octets.
pub(super) type OverSignature<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;

impl<'a> SignerSpec<'a> {
    /// A good signer over `content`.
    pub(super) fn new(key: &'a Key, certificate: &[u8], hash: Hash, content: &[u8]) -> Self {
        let read = super::certificate::Certificate::read(certificate).unwrap();
        Self {
            key,
            hash,
            identifier: sequence(&[read.issuer().to_vec(), element(tlv::INTEGER, read.serial())]),
            digest_algorithm: algorithm(hash.id()),
            attributes: Some(vec![
                content_type(oid::ID_DATA),
                signing_time("260315120000Z"),
                message_digest(&hash.of(content)),
                signing_certificate(&[], &Hash::Sha256.of(certificate), Some(&read)),
            ]),
            sorted: true,
            signature_algorithm: key.signature_algorithm(hash),
            unsigned_attributes: Vec::new(),
            over_signature: Vec::new(),
        }
    }

    /// With an unsigned attribute that is made of the signature value's octets.
    pub(super) fn stamped(mut self, make: impl Fn(&[u8]) -> Vec<u8> + 'a) -> Self {
        self.over_signature.push(Box::new(make));
        self
    }

    /// Without the attribute of this type.
    pub(super) fn without(mut self, kind: &[u8]) -> Self {
        let is_it = |attribute: &Vec<u8>| attribute.windows(kind.len()).any(|window| window == kind);
        self.attributes.as_mut().unwrap().retain(|attribute| !is_it(attribute));
        self
    }

    pub(super) fn with(mut self, attribute: Vec<u8>) -> Self {
        self.attributes.as_mut().unwrap().push(attribute);
        self
    }

    pub(super) fn make(&self, content: &[u8]) -> Vec<u8> {
        let attributes = self.attributes.clone().map(|mut attributes| {
            if self.sorted {
                attributes.sort();
            }
            attributes.concat()
        });
        let message =
            attributes.as_ref().map_or(content.to_vec(), |attributes| element(tlv::SET, attributes));
        let signature = self.key.sign(self.hash, &message);
        let over_signature: Vec<Vec<u8>> = self.over_signature.iter().map(|make| make(&signature)).collect();
        let unsigned_attributes = if over_signature.is_empty() {
            self.unsigned_attributes.clone()
        } else {
            element(tlv::CONTEXT + 1, &over_signature.concat())
        };
        sequence(&[
            integer(1),
            self.identifier.clone(),
            self.digest_algorithm.clone(),
            attributes.map(|attributes| element(tlv::CONTEXT, &attributes)).unwrap_or_default(),
            self.signature_algorithm.clone(),
            octets(&signature),
            unsigned_attributes,
        ])
    }
}

pub(super) fn attribute(kind: &[u8], values: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[oid(kind), set(values)])
}

pub(super) fn content_type(id: &[u8]) -> Vec<u8> {
    attribute(oid::CONTENT_TYPE, &[oid(id)])
}

pub(super) fn message_digest(digest: &[u8]) -> Vec<u8> {
    attribute(oid::MESSAGE_DIGEST, &[octets(digest)])
}

pub(super) fn signing_time(text: &str) -> Vec<u8> {
    attribute(oid::SIGNING_TIME, &[element(tlv::UTC_TIME, text.as_bytes())])
}

/// signing-certificate-v2; `hash_algorithm` empty for the default.
pub(super) fn signing_certificate(
    hash_algorithm: &[u8],
    hash: &[u8],
    issuer_serial: Option<&super::certificate::Certificate>,
) -> Vec<u8> {
    let issuer_serial = issuer_serial.map(|certificate| {
        let issuer = sequence(&[element(tlv::CONTEXT + 4, certificate.issuer())]);
        sequence(&[issuer, element(tlv::INTEGER, certificate.serial())])
    });
    let id = sequence(&[hash_algorithm.to_vec(), octets(hash), issuer_serial.unwrap_or_default()]);
    attribute(oid::SIGNING_CERTIFICATE_V2, &[sequence(&[sequence(&[id])])])
}

/// A SignedData to be made.
pub(super) struct CmsSpec<'a> {
    /// What is signed.
    pub(super) content: &'a [u8],
    /// Whether it is put inside.
    pub(super) attached: bool,
    pub(super) content_type: &'a [u8],
    pub(super) digest_algorithms: Vec<Vec<u8>>,
    pub(super) certificates: Vec<Vec<u8>>,
    /// RevocationInfoChoices.
    pub(super) crls: Vec<Vec<u8>>,
    pub(super) signers: Vec<SignerSpec<'a>>,
}

impl<'a> CmsSpec<'a> {
    /// A good one, signed by the test signer.
    pub(super) fn good(content: &'a [u8], attached: bool) -> Self {
        let pki = &*PKI;
        let signer = SignerSpec::new(&pki.signer_key, &pki.signer, Hash::Sha256, content);
        Self::by(content, attached, signer, vec![pki.signer.clone(), pki.authority.clone()])
    }

    pub(super) fn by(
        content: &'a [u8],
        attached: bool,
        signer: SignerSpec<'a>,
        certificates: Vec<Vec<u8>>,
    ) -> Self {
        Self {
            content,
            attached,
            content_type: oid::ID_DATA,
            digest_algorithms: vec![signer.digest_algorithm.clone()],
            certificates,
            crls: Vec::new(),
            signers: vec![signer],
        }
    }

    /// The one signer made other.
    pub(super) fn signer(mut self, change: impl FnOnce(SignerSpec<'a>) -> SignerSpec<'a>) -> Self {
        let signer = self.signers.remove(0);
        self.signers.insert(0, change(signer));
        self
    }

    pub(super) fn make(&self) -> Vec<u8> {
        let inside = element(tlv::CONTEXT, &octets(self.content));
        let encapsulated =
            sequence(&[oid(self.content_type), if self.attached { inside } else { Vec::new() }]);
        self.make_around(&encapsulated)
    }

    pub(super) fn make_around(&self, encapsulated: &[u8]) -> Vec<u8> {
        let signers: Vec<Vec<u8>> = self.signers.iter().map(|signer| signer.make(self.content)).collect();
        let certificates = if self.certificates.is_empty() {
            Vec::new()
        } else {
            element(tlv::CONTEXT, &self.certificates.concat())
        };
        let signed_data = sequence(&[
            integer(1),
            set(&self.digest_algorithms),
            encapsulated.to_vec(),
            certificates,
            if self.crls.is_empty() { Vec::new() } else { element(tlv::CONTEXT + 1, &self.crls.concat()) },
            set(&signers),
        ]);
        sequence(&[oid(oid::ID_SIGNED_DATA), element(tlv::CONTEXT, &signed_data)])
    }
}

/// A letter with these attachments (name, bytes); what begins like DER is a CMS, as the parser says.
pub(super) fn letter(attachments: &[(&str, &[u8])]) -> Letter {
    let attachments = attachments.iter().map(|(name, bytes)| Attachment {
        file_name: (*name).to_owned(),
        declared_type: String::new(),
        kind: match bytes.first() {
            Some(0x30) => AttachmentKind::Cms { der: bytes.to_vec() },
            _ if bytes.starts_with(b"%PDF-") => AttachmentKind::Pdf,
            _ => AttachmentKind::Other,
        },
        digest: Digest::of(bytes),
        bytes: bytes.to_vec(),
        depth: 0,
    });
    Letter { attachments: attachments.collect(), ..Letter::default() }
}
