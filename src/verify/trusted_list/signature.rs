//! A document + pinned certificates → which of them signed the whole of it, or why that cannot be said.
//!
//! XML Signature as trusted lists use it (ETSI TS 119 612 §B.1; W3C xmldsig-core1; XAdES baseline B of ETSI EN 319 132-1):
//! one enveloped signature, directly in the root, over the whole document less itself and over its signed properties.
//! Whatever is allowed beyond that is a way to show one thing and sign another, and is refused.

use roxmltree::{Document, Node};

use super::algorithms::{self, Transforms};
use super::document::{DSIG, XADES, base64_of, child, elements, is};
use super::fault::ListFault;
use super::limits::LIST_REFERENCES_MAX;
use crate::verify::certificate::Certificate;

/// The parts of a signature.
pub(super) struct Signature<'a, 't> {
    signature: Node<'a, 't>,
    info: Node<'a, 't>,
    value: Node<'a, 't>,
    /// The certificates inside, as they came: a hint for people, never proof.
    pub(super) certificates: Vec<Vec<u8>>,
    properties: Option<Node<'a, 't>>,
}

const fn expected(expected: &'static str) -> ListFault {
    ListFault::Signature { expected }
}

impl<'a, 't: 'a> Signature<'a, 't> {
    /// ```text
    /// <Signature>  SignedInfo, SignatureValue, KeyInfo?, Object*
    /// ```
    /// W3C xmldsig-core1 §4.2. The one of the document.
    pub(super) fn find(document: &'a Document<'t>) -> Result<Self, ListFault> {
        let mut all = document.descendants().filter(|node| is(*node, DSIG, "Signature"));
        let signature = all.next().ok_or(ListFault::Unsigned)?;
        let found = 1 + all.count();
        if found > 1 || signature.parent() != Some(document.root_element()) {
            return Err(ListFault::SignaturePlace { found });
        }
        let mut parts = elements(signature).peekable();
        let mut part = |name: &str| parts.next_if(|node| is(*node, DSIG, name));
        let info = part("SignedInfo").ok_or(expected("a SignedInfo"))?;
        let value = part("SignatureValue").ok_or(expected("a SignatureValue"))?;
        let key_info = part("KeyInfo");
        let objects: Vec<Node<'a, 't>> = parts.collect();
        if objects.iter().any(|object| !is(*object, DSIG, "Object")) {
            return Err(expected("a KeyInfo once, and Objects"));
        }
        let certificates = key_info
            .into_iter()
            .flat_map(|info| elements(info).filter(|data| is(*data, DSIG, "X509Data")))
            .flat_map(|data| elements(data).filter(|node| is(*node, DSIG, "X509Certificate")))
            .filter_map(base64_of)
            .take(LIST_SIGNERS_SHOWN_MAX)
            .collect();
        let properties = signed_properties(document, &objects)?;
        Ok(Self { signature, info, value, certificates, properties })
    }

    /// Whether one of these certificates made the signature, and which; everything that was signed is there unchanged.
    pub(super) fn signer<'c>(
        &self,
        document: &'a Document<'t>,
        candidates: impl Iterator<Item = &'c Certificate>,
    ) -> Result<Option<&'c Certificate>, ListFault> {
        let mut parts = elements(self.info).peekable();
        let mut part = |name: &str| parts.next_if(|node| is(*node, DSIG, name));
        let form = part("CanonicalizationMethod").ok_or(expected("a CanonicalizationMethod"))?;
        let method = part("SignatureMethod").ok_or(expected("a SignatureMethod"))?;
        let references: Vec<Node<'a, 't>> = parts.collect();
        self.check(document, &references)?;
        let algorithm = algorithms::signature(algorithms::name(method)?)?;
        if elements(method).next().is_some() {
            return Err(expected("a SignatureMethod without parameters"));
        }
        let signed = algorithms::canonical(form)?.of_element(self.info, None)?;
        let value = base64_of(self.value).ok_or(expected("a SignatureValue in base64"))?;
        let made_it = |certificate: &&Certificate| {
            let value = algorithms::value(algorithm, &value, certificate);
            let key = certificate.public_key();
            value.zip(key.ok()).is_some_and(|(value, key)| key.verifies(algorithm, &signed, &value))
        };
        let mut other = false;
        for certificate in candidates.filter(made_it) {
            if self.names(certificate)? {
                return Ok(Some(certificate));
            }
            other = true;
        }
        if other { Err(ListFault::OtherCertificate) } else { Ok(None) }
    }

    /// Every Reference's digest; together they are over the whole list, and over the signed properties where there are any.
    fn check(&self, document: &'a Document<'t>, references: &[Node<'a, 't>]) -> Result<(), ListFault> {
        if references.len() > LIST_REFERENCES_MAX {
            return Err(expected("a Reference to the list, and one to the signed properties"));
        }
        let (mut list, mut properties) = (false, false);
        for reference in references.iter().copied() {
            if !is(reference, DSIG, "Reference") {
                return Err(expected("a Reference"));
            }
            let Transforms { enveloped, canonical } =
                algorithms::transforms(child(reference, DSIG, "Transforms"))?;
            let uri = reference.attribute("URI").ok_or(expected("a Reference with its URI"))?;
            let without = enveloped.then(|| self.signature.id());
            let octets = if uri.is_empty() {
                (enveloped && !std::mem::replace(&mut list, true))
                    .then(|| canonical.without_comments().of_document(document, without))
            } else {
                let target = target(document, uri)?;
                if target == document.root_element() {
                    (enveloped && !std::mem::replace(&mut list, true))
                        .then(|| canonical.without_comments().of_element(target, without))
                } else if Some(target) == self.properties {
                    (!enveloped && !std::mem::replace(&mut properties, true))
                        .then(|| canonical.without_comments().of_element(target, None))
                } else {
                    None
                }
            };
            let octets = octets
                .ok_or(expected("References to the whole list and to the signed properties only"))??;
            let method = child(reference, DSIG, "DigestMethod").ok_or(expected("a DigestMethod"))?;
            let algorithm = algorithms::digest(algorithms::name(method)?)?;
            let digest = child(reference, DSIG, "DigestValue").and_then(base64_of);
            if digest.ok_or(expected("a DigestValue"))? != algorithm.digest(&octets) {
                return Err(ListFault::Changed);
            }
        }
        if !list {
            return Err(expected("a Reference to the whole list"));
        }
        if self.properties.is_some() != properties {
            return Err(expected("a Reference to the signed properties"));
        }
        Ok(())
    }

    /// ```text
    /// SigningCertificate, SigningCertificateV2 ::= Cert+
    /// Cert ::= CertDigest (DigestMethod, DigestValue), …
    /// ```
    /// ETSI EN 319 132-1 §5.2.2. Whether the signed properties name this certificate; without such a property they name
    /// any.
    fn names(&self, certificate: &Certificate) -> Result<bool, ListFault> {
        let property = self
            .properties
            .and_then(|properties| child(properties, XADES, "SignedSignatureProperties"))
            .into_iter()
            .flat_map(elements)
            .filter(|node| {
                is(*node, XADES, "SigningCertificate") || is(*node, XADES, "SigningCertificateV2")
            });
        for property in property {
            let mut named = false;
            for digest in elements(property).filter_map(|cert| child(cert, XADES, "CertDigest")) {
                let method = child(digest, DSIG, "DigestMethod").ok_or(expected("a CertDigest's method"))?;
                let value = child(digest, DSIG, "DigestValue").and_then(base64_of);
                let value = value.ok_or(expected("a CertDigest's value"))?;
                named |= algorithms::digest(algorithms::name(method)?)?.digest(certificate.der()) == value;
            }
            if !named {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Certificates of a KeyInfo that are looked at: the signer's and its chain.
const LIST_SIGNERS_SHOWN_MAX: usize = 8;

/// ```text
/// Object ::= QualifyingProperties ::= SignedProperties?, UnsignedProperties?
/// ```
/// ETSI EN 319 132-1 §4.3. The one SignedProperties of the document; elsewhere, or several, is a fault.
fn signed_properties<'a, 't: 'a>(
    document: &'a Document<'t>,
    objects: &[Node<'a, 't>],
) -> Result<Option<Node<'a, 't>>, ListFault> {
    let mut all = document.descendants().filter(|node| is(*node, XADES, "SignedProperties"));
    let Some(properties) = all.next() else { return Ok(None) };
    let object = properties
        .parent()
        .filter(|parent| is(*parent, XADES, "QualifyingProperties"))
        .and_then(|parent| parent.parent());
    if all.next().is_some() || object.is_none_or(|object| !objects.contains(&object)) {
        return Err(expected("the SignedProperties once, in an Object of the signature"));
    }
    Ok(Some(properties))
}

/// The element with the Id that a URI names. The name must be nobody else's, however its attribute is spelt.
fn target<'a, 't: 'a>(document: &'a Document<'t>, uri: &str) -> Result<Node<'a, 't>, ListFault> {
    let id = uri.strip_prefix('#').filter(|id| !id.is_empty() && !id.contains(['(', ')']));
    let id = id.ok_or(expected("a Reference into the list itself"))?;
    let has_it = |node: &Node<'a, 't>| {
        let mut attributes = node.attributes();
        attributes.any(|attribute| attribute.name().eq_ignore_ascii_case("id") && attribute.value() == id)
    };
    let mut all = document.descendants().filter(has_it);
    let (first, second) = (all.next(), all.next());
    let target = first.filter(|_| second.is_none()).ok_or(expected("an Id that one element has"))?;
    // Id is the attribute of the lists and of the signature (ETSI TS 119 612 §B.1, W3C xmldsig-core1 §4.2).
    if target.attribute("Id") != Some(id) {
        return Err(expected("an Id"));
    }
    Ok(target)
}
