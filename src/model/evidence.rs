//! What a verdict lacks, and what was found for it.

use std::fmt;
use std::sync::Arc;

use super::{Digest, Timestamp};

/// What a verdict lacks: one thing that a certificate names an address for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Whether one certificate is revoked (RFC 6960).
    Ocsp {
        /// The responder: id-ad-ocsp of authorityInfoAccess (RFC 5280 §4.2.2.1).
        url: String,
        /// The DER OCSPRequest. Without a nonce, so that the same question has the same answer for a while.
        request: Vec<u8>,
    },
    /// An authority's list of revoked certificates (RFC 5280 §5).
    Crl {
        /// From cRLDistributionPoints or freshestCRL.
        url: String,
    },
    /// The certificate of whoever issued one: alone or in a SignedData of certificates only.
    Issuer {
        /// id-ad-caIssuers of authorityInfoAccess.
        url: String,
    },
}

/// The kinds of [`Need`], as words for logs and columns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NeedKind {
    /// An OCSP response.
    Ocsp,
    /// A list of revoked certificates.
    Crl,
    /// An issuer's certificate.
    Issuer,
}

impl Need {
    /// Which of the three it is.
    #[must_use]
    pub const fn kind(&self) -> NeedKind {
        match self {
            Self::Ocsp { .. } => NeedKind::Ocsp,
            Self::Crl { .. } => NeedKind::Crl,
            Self::Issuer { .. } => NeedKind::Issuer,
        }
    }

    /// Where it is to be had, as its certificate says: a stranger's word.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Ocsp { url, .. } | Self::Crl { url } | Self::Issuer { url } => url,
        }
    }

    /// What it is known by on a shelf: the same for equal needs, different for all others.
    ///
    /// SHA-256 over the kind, the URL and the request, each ended by a zero octet (neither word nor URL holds one).
    #[must_use]
    pub fn key(&self) -> Digest {
        let request: &[u8] = if let Self::Ocsp { request, .. } = self { request } else { &[] };
        let parts = [self.kind().word().as_bytes(), b"\0", self.url().as_bytes(), b"\0", request];
        Digest::of(&parts.concat())
    }
}

/// Without the request, which holds a certificate's serial number.
impl fmt::Debug for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Need({} from {})", self.kind(), self.url())
    }
}

impl NeedKind {
    /// `ocsp`, `crl`, `issuer`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ocsp => "ocsp",
            Self::Crl => "crl",
            Self::Issuer => "issuer",
        }
    }
}

impl fmt::Display for NeedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ocsp => "an OCSP response",
            Self::Crl => "a CRL",
            Self::Issuer => "an issuer's certificate",
        })
    }
}

/// What was found for a need. Unproven: whoever uses it checks its signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// What was asked for.
    pub need: Need,
    /// As it came. DER by its first octets only; shared, because a list may have 32 MiB.
    pub bytes: Arc<[u8]>,
    /// When these bytes came.
    pub fetched_at: Timestamp,
    /// When the server last said that they are what it has; never before `fetched_at`.
    pub confirmed_at: Timestamp,
}

/// Without the bytes.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Found({:?}: {} octets of {})", self.need, self.bytes.len(), self.fetched_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_needs_have_one_key_and_different_ones_have_two() {
        let (url, other) = ("http://ca.test/a".to_owned(), "http://ca.test/b".to_owned());
        let needs = [
            Need::Crl { url: url.clone() },
            Need::Crl { url: other },
            Need::Issuer { url: url.clone() },
            Need::Ocsp { url: url.clone(), request: vec![1] },
            Need::Ocsp { url, request: vec![1, 2] },
        ];
        let keys: std::collections::BTreeSet<Digest> = needs.iter().map(Need::key).collect();
        assert_eq!(keys.len(), needs.len());
        assert_eq!(needs[0].key(), needs[0].clone().key());
    }

    #[test]
    fn a_need_printed_for_debugging_keeps_the_serial_number_to_itself() {
        let need = Need::Ocsp { url: "http://ca.test/".to_owned(), request: vec![0x77, 0x78] };
        assert_eq!(format!("{need:?}"), "Need(an OCSP response from http://ca.test/)");
    }
}
