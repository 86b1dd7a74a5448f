//! A letter's signed parts + trust + time → verdicts, in the words of ETSI EN 319 102-1.
//!
//! [`signed_parts`] pairs every P7S with what it signs, [`Trust`] holds what the operator trusts,
//! [`Evidence`] what else may help, [`Judge`] decides.
//! All of it is pure: bytes and moments come in, values go out, and a bad signature is a [`crate::model::Verdict`],
//! never an error.
//!
//! What is hashed is never encoded anew: signed attributes, certificates and contents are taken as they came. OpenSSL
//! and, for DSTU 4145, `crates/dstu` answer one question only, whether a signature value fits a key and a digest. A
//! time-stamp token is judged as a signature of its own; certificates are judged at the moment that the earliest valid
//! one proves, and their revocation by evidence that came along or was given: nothing is fetched, and what is missing is
//! named ([`Lacks`]).

mod algorithm;
mod armour;
mod attributes;
mod budget;
mod certificate;
mod chain;
mod cms;
mod constraints;
mod crl;
mod digests;
mod evidence;
mod extensions;
mod fault;
mod judge;
mod key;
mod lacks;
mod limits;
mod name;
mod ocsp;
mod oid;
mod pairing;
mod policy;
mod proofs;
mod revocation;
mod shelf;
mod time;
mod timestamp;
mod tlv;
mod trust;
mod trusted_list;
mod unsigned;

pub use evidence::{Evidence, EvidenceFault, next_update};
pub use judge::{Content, Judge, Judged, JudgedPart};
pub use lacks::{Lack, Lacks};
pub use pairing::{document_inside, signed_parts};
pub use trust::{Anchor, Trust, TrustFault, TrustedFor, TrustedListFacts};
pub use trusted_list::{ListFault, ListPreview, Scheme, ServiceKind};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod testing_revocation;
#[cfg(test)]
mod testing_time_stamps;
#[cfg(test)]
mod tests;
