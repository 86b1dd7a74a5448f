//! What a verdict lacks → OCSP responses, CRLs and issuers' certificates, from the shelf or over HTTP.
//!
//! The addresses come out of certificates that strangers send, so nothing here trusts them: a connection goes only to a
//! public address or to one that the operator allows, and every answer is bounded in time and size. What comes back is
//! checked by its shape only; whether it proves anything is the judge's to say.
//!
//! [`Fetcher::gather`] is the way in. What was found is kept on a [`Shelf`], which the trunk fills with the store, and
//! dated by a [`Reader`]. A hundred letters that lack the same thing cause one request, a server that fails is left
//! alone for a while, and nobody waits beyond their deadline: what comes later lands on the shelf.
//! [`download()`] fetches what a person asked for, by the same door.

mod address;
mod allowed;
mod backing_off;
mod door;
mod download;
mod error;
mod exchange;
mod fetch;
mod fetcher;
mod freshness;
mod limits;
mod port;
mod settings;
mod shape;
mod target;

pub use allowed::{Allowed, InvalidAllowed};
pub use download::{download, download_with_names};
pub use error::{Doing, EvidenceFault, NotDer};
pub use fetcher::{Fetcher, Gathered};
pub use limits::{
    CRL_BYTES_MAX, DOWNLOAD_BYTES_MAX, ISSUER_BYTES_MAX, NEEDS_MAX, OCSP_BYTES_MAX, REDIRECTS_MAX,
    URL_CHARS_MAX,
};
pub use port::{Kept, Names, Reader, Shelf, ShelfError, SystemNames, Terms};
pub use settings::{InvalidProxy, Proxy, Settings};
