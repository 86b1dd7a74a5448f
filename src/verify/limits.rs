//! Limits: how much work a stranger's file may ask for. Each number cites its reason.

/// Signers in one CMS. Ukrainian practice signs a document by two or three people; a court file by a dozen.
pub(super) const SIGNERS_MAX: usize = 32;

/// Certificates inside one CMS of a letter. A signer brings a chain of three or four; long-term forms add those of
/// responders and time-stamps.
pub(super) const CERTIFICATES_MAX: usize = 128;

/// Certificates in the operator's folder, and in one of its bundles: the whole Ukrainian bundle holds 484.
pub(super) const TRUST_CERTIFICATES_MAX: usize = 10_000;

/// Certificates on one path, the signer's and the anchor's included. Real paths have three (signer, authority, root).
pub(super) const CHAIN_DEPTH_MAX: usize = 8;

/// Certificates that one signed part brings in all: its own, those of its time-stamps, of its long-term evidence and
/// inside its OCSP responses, each counted once. A file with a dozen signers and their evidence brings sixty.
pub(super) const PART_CERTIFICATES_MAX: usize = 512;

/// Certificates with one issuer and serial number that are looked at for one signer. There should be one (RFC 5280
/// §4.1.2.2).
pub(super) const SIGNER_CANDIDATES_MAX: usize = 8;

/// Time-stamps of one signer: a content one, a signature one from each of two authorities, a few archive ones.
pub(super) const TIME_STAMPS_MAX: usize = 16;

/// Revocation lists and responses that one signed part brings: two for each certificate of a dozen paths.
pub(super) const PART_EVIDENCE_MAX: usize = 256;

/// Certificate signatures checked for one part, over all its signers and time-stamps; each is checked once. A real
/// part needs about six a signer; a crafted set of cross-signed certificates with one name asks for a million.
pub(super) const CHAIN_SIGNATURES_MAX: usize = 512;

/// Steps of the searches for paths in one part. The signatures are remembered, so a tangle of certificates that are
/// genuinely cross-signed is bounded by this.
pub(super) const CHAIN_STEPS_MAX: usize = 4_096;

/// Signature values checked for one letter: those of signers, time-stamps, certificates, lists and responses. A package
/// of twenty documents with three signers each and their time-stamps needs some 500; a letter of five hundred crafted
/// files would ask for an hour of mathematics.
pub(super) const LETTER_SIGNATURES_MAX: usize = 2_048;

/// Octets whose hashing counts as one more check of a signature: a long revocation list asked about with many keys would
/// else be hashed for minutes. 64 KiB take GOST 34.311 about half a millisecond, a check of a signature a tenth.
pub(super) const OCTETS_PER_CHECK: usize = 65_536;

/// Octets of one certificate. Real ones have 1 to 3 KB, those with hundreds of host names 20; a signer's certificate may
/// be hashed once for each of many signers.
pub(super) const CERTIFICATE_BYTES_MAX: usize = 65_536;

/// Attributes in one SignerInfo, and values or extensions in one list. Real ones hold four to ten.
pub(super) const LIST_MAX: usize = 64;

/// Levels of indefinite lengths open at once: our deepest structure has about fifteen levels.
pub(super) const INDEFINITE_NESTING_MAX: usize = 32;

/// Levels of constructed OCTET STRING: writers that cut the content in pieces use one.
pub(super) const OCTETS_NESTING_MAX: usize = 4;

/// DSTU keys whose tables are kept, 8 KB to 260 KB each: the authorities, responders and time-stamps of the whole
/// Ukrainian bundle are about 400, and an organisation meets a handful of them.
pub(super) const DSTU_KEYS_MAX: usize = 128;

/// Digest algorithms, S-boxes counted apart, that one content is hashed with: seven, and a key with S-boxes of its own.
/// Each signer may name others, and each costs a pass over the whole content.
pub(super) const CONTENT_DIGESTS_MAX: usize = 8;

/// Smallest RSA modulus, in bits, that proves anything (ETSI TS 119 312 §6; NIST SP 800-131A).
pub(super) const RSA_BITS_MIN: usize = 2048;

/// Largest RSA modulus, in bits: the time of a check grows with its square; authorities use at most 4096.
pub(super) const RSA_BITS_MAX: usize = 8192;

/// Largest RSA public exponent, in bits: real ones have 17, and the time of a check grows with it.
pub(super) const RSA_EXPONENT_BITS_MAX: usize = 64;

/// Characters of a name that are kept for people (X.520 upper bounds are 64 to 128).
pub(super) const NAME_CHARS_MAX: usize = 256;

/// Line-break bytes after the ContentInfo that a transport may have added: one CR LF.
pub(super) const LINE_BREAK_BYTES_MAX: usize = 2;

/// Entries of one revocation list. The longest public lists have held somewhat more than a million; a search reads each
/// entry once and keeps none.
pub(super) const CRL_ENTRIES_MAX: usize = 4_000_000;

/// Certificates answered for in one OCSP response. Responders answer for the one that was asked about.
pub(super) const OCSP_ANSWERS_MAX: usize = 64;

/// Certificates inside one OCSP response: the responder's and its chain.
pub(super) const OCSP_CERTIFICATES_MAX: usize = 16;

/// Lists and responses weighed for one certificate. Thirty Ukrainian authorities with a full and a delta list for each
/// of a few keys make some two hundred; a delta looks for its list among all.
pub(super) const REVOCATION_SOURCES_MAX: usize = 2_048;

/// How far another party's clock may be ahead of ours, in seconds: what Kerberos allows by custom (RFC 4120 §8.1); a
/// clock kept by NTP is better by four orders.
pub(super) const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// How much later than the signature's time-stamp the content's may seem, in seconds: clocks of two authorities kept by NTP
/// differ by less than one, and one of them may cut off the fractions that the other tells.
pub(super) const STAMP_ORDER_TOLERANCE_SECONDS: i64 = 2;

/// Characters of a URL in a certificate that is asked: an address of a list or responder has under 200.
pub(super) const URL_CHARS_MAX: usize = 2_048;

/// Certificates of one letter that something is asked about, and as many whose standing is asked anew. A package of
/// twenty documents by one seal asks about three certificates; with three signers and two time-stamps each, about twenty.
pub(super) const LACKS_MAX: usize = 24;

/// Addresses of one kind that are asked about one certificate: an authority names one, or one and its mirror.
pub(super) const URLS_PER_CERTIFICATE_MAX: usize = 2;
