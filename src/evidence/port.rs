//! What evidence needs from the rest of the house: a shelf to keep it on, a reader that dates it, and names' addresses.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::model::{Need, Timestamp};

/// Keeps answers: the store in the daemon, memory in a test. A cache only: what a verdict rests on is kept with it.
pub trait Shelf: Send + Sync + 'static {
    /// The newest answer that was put for an equal need.
    ///
    /// # Errors
    /// The shelf cannot be read: the need is then fetched.
    fn get(&self, need: &Need) -> impl Future<Output = Result<Option<Kept>, ShelfError>> + Send;

    /// Keeps an answer in place of an earlier one.
    ///
    /// # Errors
    /// It was not kept: it is used this time and fetched again the next.
    fn put(&self, need: &Need, kept: &Kept) -> impl Future<Output = Result<(), ShelfError>> + Send;

    /// The server says that what is kept is still what it has: new terms for the same bytes.
    ///
    /// # Errors
    /// As for [`Shelf::put`].
    fn renew(&self, need: &Need, terms: &Terms) -> impl Future<Output = Result<(), ShelfError>> + Send;
}

/// An answer on the shelf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// As it came.
    pub bytes: Arc<[u8]>,
    /// What is known of its age.
    pub terms: Terms,
}

/// What is known of an answer's age.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// When these bytes came.
    pub fetched_at: Timestamp,
    /// When the server last said that they are what it has.
    pub confirmed_at: Timestamp,
    /// Until when nobody asks again.
    pub fresh_until: Timestamp,
    /// When its issuer promises a newer one, as the [`Reader`] found it.
    pub next_update: Option<Timestamp>,
    /// RFC 9110 §8.8.3, to ask whether there is a newer one.
    pub etag: Option<String>,
    /// RFC 9110 §8.8.2, word for word.
    pub last_modified: Option<String>,
}

/// Why the shelf could not do its work. Its text goes to the log, so it holds no personal data.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ShelfError(pub Box<dyn std::error::Error + Send + Sync>);

/// Reads so much of an answer as keeping it depends on. Runs off the asynchronous workers: it may take its time.
pub trait Reader: Send + Sync + 'static {
    /// When its issuer promises a newer one: nextUpdate of a CRL, the earliest of an OCSP response's; none where it
    /// promises nothing.
    ///
    /// # Errors
    /// It is not what was asked for, with why in English: it is not kept, and the server left alone for a while.
    fn next_update(&self, need: &Need, bytes: &[u8]) -> Result<Option<Timestamp>, String>;
}

/// Looks at nothing.
impl Reader for () {
    fn next_update(&self, _need: &Need, _bytes: &[u8]) -> Result<Option<Timestamp>, String> {
        Ok(None)
    }
}

/// Gives names' addresses.
pub trait Names: Send + Sync + 'static {
    /// The addresses of a host, the preferred first. Asked anew for every connection.
    ///
    /// # Errors
    /// There are none, or nobody answers.
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug)]
pub struct SystemNames;

impl Names for SystemNames {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}
