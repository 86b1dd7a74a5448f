//! Limits: how much work a trusted list may ask for. Each number cites its reason.

/// Octets of one list. The largest European one has somewhat more than ten million.
pub(super) const LIST_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Levels of elements. A service's extension with its signature has about twenty.
pub(super) const LIST_DEPTH_MAX: usize = 64;

/// Attributes and namespace declarations of one element. Roots that declare every namespace of their tools have a dozen.
/// The parser compares each with all others.
pub(super) const LIST_ATTRIBUTES_MAX: usize = 32;

/// Namespace declarations in force at one place. The parser keeps all of them for each element that adds one.
pub(super) const LIST_NAMESPACES_MAX: usize = 48;

/// Nodes of one document: elements, texts, comments. Ten million octets of a list hold some three hundred thousand.
pub(super) const LIST_NODES_MAX: u32 = 1_000_000;

/// References of one signature: the list itself and the signed properties.
pub(super) const LIST_REFERENCES_MAX: usize = 2;

/// Services of one list. The largest country has some five hundred.
pub(super) const LIST_SERVICES_MAX: usize = 20_000;

/// Certificates of one service: the same key is certified anew a few times.
pub(super) const SERVICE_CERTIFICATES_MAX: usize = 64;

/// Certificates that the operator pinned as signers of lists: a scheme operator has two or three at a time.
pub(in crate::verify) const LIST_SIGNERS_MAX: usize = 64;

/// Characters of a name or an address that are kept for people.
pub(super) const LIST_WORDS_MAX: usize = 256;

/// Octets of an attribute's name. Those of the standards have at most thirty.
pub(super) const NAME_BYTES_MAX: usize = 1024;
