//! A trusted list (XML, ETSI TS 119 612) and the certificates that the operator pinned → the services that it vouches for.
//!
//! A list is nothing without its publisher's signature: [`TrustedList::read`] gives its services only when a pinned
//! certificate signed the whole of it. Pinned certificates are trusted for that and nothing else, and are not judged: the
//! operator compared their fingerprints, and an old list may be in use when its signer's certificate has ended. What time
//! it is plays no part here: a list beyond its next update is told as such by whoever knows the time.

mod algorithms;
mod canonical;
mod document;
mod fault;
mod limits;
mod scan;
mod services;
mod signature;

use super::certificate::Certificate;
use crate::model::CertificateFacts;

pub use fault::ListFault;
pub use services::{Scheme, ServiceKind};

pub(in crate::verify) use limits::LIST_SIGNERS_MAX;

use services::Service;
use signature::Signature;

/// A list whose signature holds.
#[derive(Debug)]
pub(super) struct TrustedList {
    pub(super) scheme: Scheme,
    pub(super) services: Vec<Service>,
    /// Who signed it: one of the pinned certificates.
    pub(super) signer: CertificateFacts,
}

impl TrustedList {
    /// Reads a list that one of the pinned certificates signed.
    ///
    /// # Errors
    /// When it is no list, when none of them signed the whole of it, or when it cannot be read to its end: then nothing
    /// of it counts.
    pub(super) fn read(bytes: &[u8], pinned: &[Certificate]) -> Result<Self, ListFault> {
        let document = document::parse(document::text(bytes)?)?;
        let root = services::root(document.root_element())?;
        let signature = Signature::find(&document)?;
        let signer = match signature.signer(&document, pinned.iter())? {
            Some(signer) => signer.facts(),
            None => return Err(not_pinned(&signature, &document, pinned)),
        };
        // Only elements of the list's own namespace are looked into, so nothing is read from inside the signature.
        Ok(Self { scheme: services::scheme(root)?, services: services::services(root)?, signer })
    }
}

/// Why no pinned certificate fits.
fn not_pinned<'a, 't: 'a>(
    signature: &Signature<'a, 't>,
    document: &'a roxmltree::Document<'t>,
    pinned: &[Certificate],
) -> ListFault {
    let inside = certificates_inside(signature);
    match signature.signer(document, inside.iter()) {
        Ok(Some(stranger)) => {
            let (subject, fingerprint) = (fault::words(&stranger.title()), stranger.fingerprint);
            ListFault::Stranger { subject, fingerprint }
        }
        Err(fault) => fault,
        Ok(None) if pinned.is_empty() => ListFault::NothingPinned,
        Ok(None) => ListFault::Broken,
    }
}

fn certificates_inside(signature: &Signature<'_, '_>) -> Vec<Certificate> {
    signature.certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect()
}

/// What a list says, whoever signed it: for a person who decides whether to pin its signer. Nothing of it is trusted.
#[derive(Debug)]
pub struct ListPreview {
    /// What it says of itself.
    pub scheme: Scheme,
    /// How many services are granted, of all.
    pub granted: (usize, usize),
    /// The certificate inside it (DER) that made its signature, with its facts.
    pub signer: (Vec<u8>, CertificateFacts),
}

impl ListPreview {
    /// Reads a list whose signature was made by a certificate inside it.
    ///
    /// # Errors
    /// When it is no list, when its signature is wrong, or when the certificate that made it is not inside.
    pub fn read(bytes: &[u8]) -> Result<Self, ListFault> {
        let document = document::parse(document::text(bytes)?)?;
        let root = services::root(document.root_element())?;
        let (scheme, services) = (services::scheme(root)?, services::services(root)?);
        let signature = Signature::find(&document)?;
        let inside = certificates_inside(&signature);
        let signer = signature.signer(&document, inside.iter())?;
        let signer = signer.ok_or(ListFault::Signature { expected: "its signer's certificate inside" })?;
        let granted = services.iter().filter(|service| service.is_granted).count();
        Ok(Self {
            scheme,
            granted: (granted, services.len()),
            signer: (signer.der().to_vec(), signer.facts()),
        })
    }
}

/// Whether a file could be a trusted list: its name or its first sign says XML.
pub(super) fn is_xml(name: &str, bytes: &[u8]) -> bool {
    let by_name = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("xml"));
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    by_name || text.iter().find(|octet| !octet.is_ascii_whitespace()) == Some(&b'<')
}

#[cfg(test)]
mod tests;
