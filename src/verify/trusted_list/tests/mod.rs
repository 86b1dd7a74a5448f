//! Small lists, signed here with their canonical octets written by hand, and everything that may be wrong with them.

mod canonical;
mod hostile;
mod paths;
mod reading;
mod wrapping;
mod xmlsec;

use std::sync::LazyLock;

use base64::Engine as _;

use super::*;
use crate::verify::testing::{CertificateSpec, Hash, Key};

pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(super) const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
pub(super) const INCLUSIVE_11: &str = "http://www.w3.org/2006/12/xml-c14n11";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const GRANTED: &str = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted";
const CA_QC: &str = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC";
const TSA_QTST: &str = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST";

/// The scheme operator's key and certificate, and what its lists vouch for.
pub(super) struct Scheme {
    pub(super) key: Key,
    pub(super) signer: Vec<u8>,
    pub(super) authority: Vec<u8>,
    pub(super) time_stamping: Vec<u8>,
}

pub(super) const OPERATOR: &str = "Тестовий видавець списку";

pub(super) static SCHEME: LazyLock<Scheme> = LazyLock::new(|| {
    let (key, root, authority, stamping) =
        (Key::p256("list"), Key::p256("list root"), Key::p256("list authority"), Key::p256("list tsa"));
    Scheme {
        signer: CertificateSpec::signer(OPERATOR, &key, OPERATOR, &key).make(),
        authority: CertificateSpec::authority("Центр зі списку", &authority, "Корінь", &root).make(),
        time_stamping: CertificateSpec::signer("Позначки часу", &stamping, "Корінь", &root).make(),
        key,
    }
});

pub(super) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
pub(super) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

pub(super) fn certificate(der: &[u8]) -> Certificate {
    Certificate::read(der).unwrap()
}

/// A service, in canonical form.
pub(super) fn service(kind: &str, status: &str, certificates: &[&[u8]]) -> String {
    let ids: Vec<String> = certificates
        .iter()
        .map(|der| format!("<DigitalId><X509Certificate>{}</X509Certificate></DigitalId>", base64(der)))
        .collect();
    format!(
        "<TSPService><ServiceInformation><ServiceTypeIdentifier>{kind}</ServiceTypeIdentifier><ServiceName><Name xml:lang=\"en\">Service</Name></ServiceName><ServiceDigitalIdentity>{}</ServiceDigitalIdentity><ServiceStatus>{status}</ServiceStatus><StatusStartingTime>2025-01-01T00:00:00Z</StatusStartingTime></ServiceInformation></TSPService>",
        ids.concat()
    )
}

/// What stands inside the root, but the signature, in canonical form.
pub(super) fn body(services: &str) -> String {
    format!(
        "<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>17</TSLSequenceNumber><SchemeOperatorName><Name xml:lang=\"en\">Operator</Name><Name xml:lang=\"uk\">Видавець &amp; Ко</Name></SchemeOperatorName><SchemeTerritory>UA</SchemeTerritory><ListIssueDateTime>2026-01-01T00:00:00Z</ListIssueDateTime><NextUpdate><dateTime>2026-07-01T00:00:00+00:00</dateTime></NextUpdate></SchemeInformation><TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName><Name xml:lang=\"uk\">Надавач</Name></TSPName></TSPInformation><TSPServices>{services}</TSPServices></TrustServiceProvider></TrustServiceProviderList>"
    )
}

/// The usual services: an authority and time-stamps, both granted.
pub(super) fn usual() -> String {
    service(CA_QC, GRANTED, &[&SCHEME.authority]) + &service(TSA_QTST, GRANTED, &[&SCHEME.time_stamping])
}

/// A list to be signed; every part can be made wrong.
pub(super) struct Spec<'a> {
    pub(super) body: String,
    pub(super) uri: &'a str,
    pub(super) transforms: Vec<&'a str>,
    pub(super) form: &'a str,
    pub(super) digest: (&'a str, Hash),
    pub(super) method: &'a str,
    pub(super) hash: Hash,
    pub(super) key: &'a Key,
    /// Octets of r and of s; none for RSA.
    pub(super) number_octets: Option<usize>,
    pub(super) inside: &'a [u8],
    /// The digest of the certificate that the signed properties name, and its method's name.
    pub(super) properties: Option<(&'a str, Vec<u8>)>,
    pub(super) more_references: String,
}

pub(super) const SHA_256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

impl Spec<'static> {
    pub(super) fn usual() -> Self {
        Self {
            body: body(&usual()),
            uri: "",
            transforms: vec![ENVELOPED, EXCLUSIVE],
            form: EXCLUSIVE,
            digest: (SHA_256, Hash::Sha256),
            method: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            hash: Hash::Sha256,
            key: &SCHEME.key,
            number_octets: Some(32),
            inside: &SCHEME.signer,
            properties: Some((SHA_256, Hash::Sha256.of(&SCHEME.signer))),
            more_references: String::new(),
        }
    }
}

impl Spec<'_> {
    pub(super) fn make(&self) -> String {
        let root = "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\" Id=\"list\">";
        let end = "</TrustServiceStatusList>";
        let digest = base64(&self.digest.1.of(format!("{root}{}{end}", self.body).as_bytes()));
        let transforms: Vec<String> = self
            .transforms
            .iter()
            .map(|uri| format!("<ds:Transform Algorithm=\"{uri}\"></ds:Transform>"))
            .collect();
        let method = format!("<ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod>", self.digest.0);
        let mut references = format!(
            "<ds:Reference URI=\"{}\"><ds:Transforms>{}</ds:Transforms>{method}<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>",
            self.uri,
            transforms.concat()
        );
        let mut object = String::new();
        if let Some((uri, digest)) = &self.properties {
            let inside = format!(
                "<xades:SignedSignatureProperties><xades:SigningTime>2026-01-01T00:00:00Z</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Algorithm=\"{uri}\"></ds:DigestMethod><ds:DigestValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>",
                base64(digest)
            );
            let alone = format!(
                "<xades:SignedProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" Id=\"props\">{inside}"
            );
            references += &format!(
                "<ds:Reference Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#props\"><ds:Transforms><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>{method}<ds:DigestValue>{}</ds:DigestValue></ds:Reference>",
                base64(&self.digest.1.of(alone.as_bytes()))
            );
            object = format!(
                "<ds:Object><xades:QualifyingProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" Target=\"#sig\"><xades:SignedProperties Id=\"props\">{inside}</xades:QualifyingProperties></ds:Object>"
            );
        }
        let info = format!(
            "<ds:CanonicalizationMethod Algorithm=\"{}\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>{references}{}</ds:SignedInfo>",
            self.form, self.method, self.more_references
        );
        // The inclusive forms also write the default namespace, which is in force there.
        let default = if self.form == EXCLUSIVE { "" } else { " xmlns=\"http://uri.etsi.org/02231/v2#\"" };
        let alone = format!("<ds:SignedInfo{default} xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}");
        let value = self.value(&self.key.sign(self.hash, alone.as_bytes()));
        let signature = format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"sig\"><ds:SignedInfo>{info}<ds:SignatureValue>{}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>{object}</ds:Signature>",
            base64(&value),
            base64(self.inside)
        );
        format!("{root}{}{signature}{end}", self.body)
    }

    /// r‖s from the SEQUENCE that OpenSSL makes.
    fn value(&self, signature: &[u8]) -> Vec<u8> {
        use crate::verify::tlv::{Reader, Rules};
        let Some(octets) = self.number_octets else { return signature.to_vec() };
        let mut fields = Reader::new(signature, 0, Rules::Der).any("").unwrap().inside();
        let mut number = || {
            let digits = fields.any("").unwrap().content;
            let digits: Vec<u8> = digits.iter().copied().skip_while(|octet| *octet == 0).collect();
            [vec![0; octets - digits.len()], digits].concat()
        };
        [number(), number()].concat()
    }
}

/// What becomes of a list when the scheme operator is pinned.
pub(super) fn read(list: &str) -> Result<TrustedList, ListFault> {
    TrustedList::read(list.as_bytes(), &[certificate(&SCHEME.signer)])
}

#[track_caller]
pub(super) fn holds(list: &str) {
    let read = read(list).unwrap();
    assert_eq!((read.services.len(), read.signer.subject.as_str()), (2, OPERATOR));
}

#[track_caller]
pub(super) fn refused(list: &str, sentence: &str) {
    let fault = read(list).expect_err("refused").to_string();
    assert!(fault.contains(sentence), "expected «{sentence}» in: {fault}");
}
