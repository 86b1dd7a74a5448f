//! How much of a stranger's server is borne, each number with its reason.

use std::time::Duration;

use crate::model::NeedKind;

/// The largest OCSP response. One certificate's answer with its responder's certificate has 2–6 KB; a chain of three
/// with the long names and extensions of qualified certificates, and a DSTU or RSA-4096 signature each, stays under 16.
pub const OCSP_BYTES_MAX: usize = 64 * 1024;

/// The largest issuer's certificate. One has 1–3 KB; the bag of all certificates that an authority ever had, which some
/// name instead, some dozens of them.
pub const ISSUER_BYTES_MAX: usize = 256 * 1024;

/// The largest CRL. An entry has some 35–60 octets, so this is more than half a million revoked certificates; the whole
/// lists of authorities that serve a country stay below that.
pub const CRL_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The largest file that a person has downloaded. The trusted lists of states have 0.1–10 MB.
pub const DOWNLOAD_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The longest URL that is followed. RFC 9110 §4.1 wants 8,000 octets taken by those who serve; a CRL's or responder's
/// address in a certificate has under 200.
pub const URL_CHARS_MAX: usize = 2048;

/// How many redirects are followed: from http to https, to a mirror, and one to spare.
pub const REDIRECTS_MAX: usize = 3;

/// How many needs one call may bring. A letter with ten signatures, two time-stamps each, and four certificates a path
/// asks for fewer, because signers share their authorities.
pub const NEEDS_MAX: usize = 64;

/// How many different needs may be under way at once, waiting ones included. Each holds some KB while it waits.
pub(super) const FLIGHTS_MAX: usize = 512;

/// How many CRLs are fetched at once, since each may hold [`CRL_BYTES_MAX`] in memory, and twice that for a moment.
pub(super) const CRLS_AT_ONCE: usize = 2;

/// How long a need waits for its turn before it is given up. Nobody waits for it by then; it is asked for again.
pub(super) const QUEUE_PATIENCE: Duration = Duration::from_secs(60);

/// How many addresses of one name are tried. A name with both families has two; more is somebody's cluster.
pub(super) const ADDRESSES_MAX: usize = 4;

/// The most header lines of an answer (servers and caches send ten to thirty).
pub(super) const HEADERS_MAX: usize = 64;

/// The most octets of an answer's head, and the window through which a body comes.
pub(super) const HEAD_BYTES_MAX: usize = 32 * 1024;

/// How many failures are remembered. Each holds a URL, at most [`URL_CHARS_MAX`], or a need.
pub(super) const FAILURES_MAX: usize = 4096;

/// The largest answer to a need.
pub(super) const fn bytes_max(kind: NeedKind) -> usize {
    match kind {
        NeedKind::Ocsp => OCSP_BYTES_MAX,
        NeedKind::Crl => CRL_BYTES_MAX,
        NeedKind::Issuer => ISSUER_BYTES_MAX,
    }
}
