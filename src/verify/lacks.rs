//! Certificates whose standing or issuer is not known → whom to ask, as the certificates say.
//!
//! Addresses come out of files that strangers send. A responder or a list is asked only about a certificate whose path
//! has reached an anchor, every signature on it checked: then a trusted authority wrote the address. An issuer is missed
//! where no path is, so nobody trusted wrote that address: it is asked for only at a host that a certificate of the
//! operator's folder names itself.

use std::collections::HashSet;

use super::certificate::Certificate;
use super::limits::{LACKS_MAX, URLS_PER_CERTIFICATE_MAX};
use super::ocsp;
use super::trust::Trust;
use crate::model::{Digest, Need};

/// What one certificate lacks, and where it may be had: ways in the order in which they are worth trying. The needs of
/// one way belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lack {
    /// Never empty, and none of them is.
    pub ways: Vec<Vec<Need>>,
}

/// What would have helped the verdicts of a letter, or may change them later.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lacks {
    /// Nothing usable was there: of a certificate's revocation, or of its issuer.
    pub missing: Vec<Lack>,
    /// What counted, and of which something newer may tell more.
    pub newer: Vec<Lack>,
    /// Whether nobody is left to be asked: each certificate that names somebody was shown to be good by evidence from
    /// after the moment that counts.
    pub settled: bool,
    asked: HashSet<(Digest, Asked)>,
}

/// What of a certificate was noted already.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Asked {
    Revocation,
    Newer,
    Issuer,
}

impl Lacks {
    /// Nothing is lacked.
    pub(super) fn none() -> Self {
        Self { settled: true, ..Self::default() }
    }

    /// Nothing usable says whether `certificate`, which `issuer` issued, is revoked.
    pub(super) fn miss_revocation(&mut self, certificate: &Certificate, issuer: &Certificate) {
        if self.missing.len() < LACKS_MAX && self.asked.insert((certificate.fingerprint, Asked::Revocation)) {
            let lack = revocation(certificate, issuer);
            self.settled &= lack.is_none();
            self.missing.extend(lack);
        }
    }

    /// Something newer may tell more of `certificate`; `settled`: it need not.
    pub(super) fn want_newer(&mut self, certificate: &Certificate, issuer: &Certificate, settled: bool) {
        if self.newer.len() < LACKS_MAX && self.asked.insert((certificate.fingerprint, Asked::Newer)) {
            let lack = revocation(certificate, issuer);
            self.settled &= settled || lack.is_none();
            self.newer.extend(lack);
        }
    }

    /// Nobody who issued `certificate` is known.
    pub(super) fn miss_issuer(&mut self, certificate: &Certificate, trust: &Trust) {
        let trusted = |url: &&String| host(url).is_some_and(|host| trust.names_host(&host));
        let urls = certificate.extensions.places.issuers.iter().filter(trusted);
        let ways = urls.take(URLS_PER_CERTIFICATE_MAX).map(|url| vec![Need::Issuer { url: url.clone() }]);
        let ways: Vec<Vec<Need>> = ways.collect();
        if ways.is_empty() {
            return;
        }
        self.settled = false;
        if self.missing.len() < LACKS_MAX && self.asked.insert((certificate.fingerprint, Asked::Issuer)) {
            self.missing.push(Lack { ways });
        }
    }
}

/// Responders before lists: an answer has some kilobytes, a list megabytes. A delta belongs to its list.
fn revocation(certificate: &Certificate, issuer: &Certificate) -> Option<Lack> {
    let places = &certificate.extensions.places;
    let request = ocsp::request(certificate, issuer).ok();
    let ocsp = request.iter().flat_map(|request| {
        places.responders.iter().map(|url| vec![Need::Ocsp { url: url.clone(), request: request.clone() }])
    });
    let list = |(place, url): (usize, &String)| {
        let delta = places.deltas.get(place).into_iter();
        [url].into_iter().chain(delta).map(|url| Need::Crl { url: url.clone() }).collect()
    };
    let lists = places.lists.iter().enumerate().take(URLS_PER_CERTIFICATE_MAX).map(list);
    let ways: Vec<Vec<Need>> = ocsp.take(URLS_PER_CERTIFICATE_MAX).chain(lists).collect();
    (!ways.is_empty()).then_some(Lack { ways })
}

/// A URL's host, in lower case. One with a login is none: it may be written to look like another's.
pub(super) fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|octet| octet.is_ascii_digit()) => host,
        _ => authority,
    };
    (!host.is_empty() && !host.contains('@')).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_what_a_browser_would_call() {
        assert_eq!(host("http://CA.test/a").as_deref(), Some("ca.test"));
        assert_eq!(host("https://ca.test:8080?x").as_deref(), Some("ca.test"));
        assert_eq!(host("http://[::1]:80/").as_deref(), Some("[::1]"));
        for none in ["ca.test", "http://", "http:///x", "http://ca.test@evil.test/", "http://a:b@ca.test/"] {
            assert_eq!(host(none), None, "{none}");
        }
        assert_eq!(host("http://evil.test\\@ca.test/").as_deref(), Some("evil.test"));
    }
}
