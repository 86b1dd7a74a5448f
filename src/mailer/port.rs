//! What is sent, and the port through which it goes out.

use std::future::Future;

use super::PostError;
use crate::model::{MailAddress, Timestamp};

/// A mail, ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mail {
    /// With its angle brackets; the same each time that the same mail is tried.
    pub message_id: String,
    /// Whom it goes to.
    pub to: MailAddress,
    /// One line.
    pub subject: String,
    /// As text.
    pub plain: String,
    /// The same as a page.
    pub html: String,
    /// The day and time that it bears.
    pub written_at: Timestamp,
}

/// Takes mails: an SMTP server, or the memory of a test.
pub trait Post: Send + Sync {
    /// Hands the mail over; after `Ok` the server answers for it.
    ///
    /// # Errors
    /// It was not taken, or ([`PostError::unclear`]) nobody knows whether it was.
    fn send(&self, mail: &Mail) -> impl Future<Output = Result<(), PostError>> + Send;
}
