//! The names of algorithms in XML Signature → the algorithms that this program verifies, or why it does not.
//!
//! W3C xmldsig-core1 §6 and RFC 9231. Those of DSTU have no name there that is known to us: they are told as unsupported.

use roxmltree::Node;

use super::canonical::{Canonical, Form};
use super::document::{DSIG, elements, is};
use super::fault::ListFault;
use crate::verify::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::verify::certificate::Certificate;
use crate::verify::key::spki_fields;
use crate::verify::oid;
use crate::verify::tlv;

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// The Algorithm of an element.
pub(super) fn name<'a>(node: Node<'a, '_>) -> Result<&'a str, ListFault> {
    node.attribute("Algorithm").ok_or(ListFault::Signature { expected: "an Algorithm" })
}

/// A DigestMethod (W3C xmldsig-core1 §6.2).
pub(super) fn digest(uri: &str) -> Result<DigestAlgorithm, ListFault> {
    match uri {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(DigestAlgorithm::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(DigestAlgorithm::Sha384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(DigestAlgorithm::Sha512),
        "http://www.w3.org/2000/09/xmldsig#sha1" | "http://www.w3.org/2001/04/xmldsig-more#md5" => {
            Err(ListFault::weak("digest algorithm", uri))
        }
        _ => Err(ListFault::unsupported("digest algorithm", uri)),
    }
}

/// A SignatureMethod (W3C xmldsig-core1 §6.4, RFC 9231 §2.3). The forms of RSASSA-PSS with the digest in their name have
/// MGF1 with the same digest and a salt of its length (§2.3.10).
pub(super) fn signature(uri: &str) -> Result<SignatureAlgorithm, ListFault> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    Ok(match uri {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => SignatureAlgorithm::RsaPkcs1(Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => SignatureAlgorithm::RsaPkcs1(Sha384),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => SignatureAlgorithm::RsaPkcs1(Sha512),
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" => SignatureAlgorithm::RsaPss(Sha256, 32),
        "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1" => SignatureAlgorithm::RsaPss(Sha384, 48),
        "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1" => SignatureAlgorithm::RsaPss(Sha512, 64),
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => SignatureAlgorithm::Ecdsa(Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => SignatureAlgorithm::Ecdsa(Sha384),
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512" => SignatureAlgorithm::Ecdsa(Sha512),
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
        | "http://www.w3.org/2000/09/xmldsig#dsa-sha1"
        | "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"
        | "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1" => {
            return Err(ListFault::weak("signature algorithm", uri));
        }
        _ => return Err(ListFault::unsupported("signature algorithm", uri)),
    })
}

/// A CanonicalizationMethod, or a Transform that is one, with its InclusiveNamespaces.
pub(super) fn canonical(node: Node<'_, '_>) -> Result<Canonical, ListFault> {
    let mut canonical = Canonical::named(name(node)?)?;
    for parameter in elements(node) {
        match &mut canonical.form {
            Form::Exclusive(listed)
                if is(parameter, EXCLUSIVE, "InclusiveNamespaces") && listed.is_empty() =>
            {
                let prefixes = parameter.attribute("PrefixList").unwrap_or_default().split_ascii_whitespace();
                let prefix = |prefix| if prefix == "#default" { "" } else { prefix };
                listed.extend(prefixes.map(|listed| prefix(listed).to_owned()));
            }
            _ => {
                return Err(ListFault::Signature { expected: "a canonical form without strange parameters" });
            }
        }
    }
    Ok(canonical)
}

/// What a Reference does with its node set.
#[derive(Debug)]
pub(super) struct Transforms {
    /// Whether the signature itself is left out.
    pub(super) enveloped: bool,
    /// Canonical XML 1.0 where none is named (W3C xmldsig-core §4.3.3.2).
    pub(super) canonical: Canonical,
}

/// At most two transforms: enveloped-signature, and then a canonical form (ETSI TS 119 612 §B.1).
pub(super) fn transforms(node: Option<Node<'_, '_>>) -> Result<Transforms, ListFault> {
    let mut read = Transforms {
        enveloped: false,
        canonical: Canonical { form: Form::Inclusive10, with_comments: false },
    };
    let mut is_canonical = false;
    for transform in node.into_iter().flat_map(elements) {
        if !is(transform, DSIG, "Transform") || is_canonical {
            return Err(ListFault::Signature { expected: "a canonical form as the last transform" });
        }
        match name(transform)? {
            ENVELOPED if !read.enveloped && elements(transform).next().is_none() => read.enveloped = true,
            ENVELOPED => return Err(ListFault::Signature { expected: "enveloped-signature once" }),
            uri => {
                read.canonical = canonical(transform).map_err(|fault| match fault {
                    ListFault::Unsupported { .. } => ListFault::unsupported("transform", uri),
                    other => other,
                })?;
                is_canonical = true;
            }
        }
    }
    Ok(read)
}

/// A signature value as OpenSSL wants it: that of ECDSA is r‖s in XML, each as long as the curve's order (RFC 9231
/// §2.3.6), and a SEQUENCE of the two in DER. None when the length is not the key's.
pub(super) fn value(algorithm: SignatureAlgorithm, value: &[u8], signer: &Certificate) -> Option<Vec<u8>> {
    if !matches!(algorithm, SignatureAlgorithm::Ecdsa(_)) {
        return Some(value.to_vec());
    }
    let (identifier, _) = spki_fields(signer.spki()).ok()?;
    let curve = identifier.parameters.as_deref()?.get(2..)?;
    let octets = match curve {
        oid::P_256 => 32,
        oid::P_384 => 48,
        oid::P_521 => 66,
        _ => return None,
    };
    let (r, s) = value.split_at_checked(octets).filter(|(_, s)| s.len() == octets)?;
    Some(der(tlv::SEQUENCE, &[integer(r), integer(s)].concat()))
}

fn integer(number: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = number.iter().copied().skip_while(|octet| *octet == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    der(tlv::INTEGER, &digits)
}

/// At most 138 octets of content: two numbers of P-521.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
    let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [head.as_slice(), content].concat()
}
