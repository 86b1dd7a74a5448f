//! A certificate and its place on a path → what it does there that it may not.

use super::certificate::Certificate;
use super::fault::Fault;
use super::oid;

/// A critical extension that this program does not process (RFC 5280 §4.2).
pub(super) fn critical_fault(certificate: &Certificate) -> Option<Fault> {
    let unknown = certificate.extensions.unknown_critical.as_ref()?;
    Some(Fault::chain(&certificate.title(), format!("criticalExtension {unknown}")))
}

/// Who signs documents must be allowed to.
pub(super) fn signer_fault(signer: &Certificate) -> Option<Fault> {
    let extensions = &signer.extensions;
    if extensions.key_usage.is_some_and(|usage| !usage.signs_documents()) {
        return Some(Fault::chain(&signer.title(), "keyUsage"));
    }
    // A key that only makes time-stamps or answers about revocation does not sign documents (RFC 5280 §4.2.1.12).
    let other_work = [oid::TIME_STAMPING, oid::OCSP_SIGNING];
    let purposes = &extensions.extended_key_usage;
    if !purposes.is_empty() && purposes.iter().all(|purpose| purpose.is_one_of(&other_work)) {
        return Some(Fault::chain(&signer.title(), "extKeyUsage"));
    }
    None
}

/// RFC 3161 §2.3 wants the extension critical and with one purpose. Of the 112 certificates of time-stamping authorities
/// in the Ukrainian bundle 41 are not critical and 30 name a vendor's purpose too, so time-stamping must be among them,
/// and no more is asked.
pub(super) fn time_stamping_fault(authority: &Certificate) -> Option<Fault> {
    let extensions = &authority.extensions;
    if extensions.key_usage.is_some_and(|usage| !usage.signs_documents()) {
        return Some(Fault::chain(&authority.title(), "keyUsage"));
    }
    if !extensions.extended_key_usage.iter().any(|purpose| purpose.is(oid::TIME_STAMPING)) {
        return Some(Fault::chain(&authority.title(), "extKeyUsage timeStamping"));
    }
    None
}

/// Who issues certificates must be an authority, for paths of this length (RFC 5280 §6.1.4 (k) to (n)).
pub(super) fn authority_fault(authority: &Certificate, authorities_below: u64) -> Option<Fault> {
    let extensions = &authority.extensions;
    let Some(constraints) = extensions.basic_constraints.filter(|constraints| constraints.authority) else {
        return Some(Fault::chain(&authority.title(), "basicConstraints"));
    };
    if extensions.key_usage.is_some_and(|usage| !usage.signs_certificates()) {
        return Some(Fault::chain(&authority.title(), "keyUsage"));
    }
    if constraints.path_length_max.is_some_and(|max| authorities_below > max) {
        return Some(Fault::chain(&authority.title(), "pathLenConstraint"));
    }
    None
}
