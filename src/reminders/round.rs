//! Claimed mails, one after another → what the server says of each, kept; a server that takes none is asked once a round.

use super::{LEASE, back_off, later};
use crate::mailer::{Mail, Post};
use crate::model::{ClaimedMail, Clock, Timestamp};
use crate::store::{Store, StoreError};

/// A round of handing mails over.
pub(crate) struct Round<'a, P> {
    store: &'a Store,
    post: &'a P,
    clock: &'a dyn Clock,
    /// Why the server takes no mail, and when it is asked again.
    closed: Option<(String, Timestamp)>,
    /// Mails that the server took.
    pub(crate) delivered: u32,
    /// Mails that were not taken, or not tried because the server takes none.
    pub(crate) failed: u32,
    /// Why, the first of them.
    pub(crate) failure: Option<String>,
}

impl<'a, P: Post> Round<'a, P> {
    pub(crate) fn new(store: &'a Store, post: &'a P, clock: &'a dyn Clock) -> Self {
        Self { store, post, clock, closed: None, delivered: 0, failed: 0, failure: None }
    }

    /// Takes a mail up; the moment, or none where it is not to be handed over now: the server takes none, or another
    /// program has it. From here on nothing is added to it.
    pub(crate) async fn take_up(&mut self, mail: &mut ClaimedMail) -> Result<Option<Timestamp>, StoreError> {
        if let Some((why, next_try)) = &self.closed {
            self.failed += 1;
            self.store.mail_failed(mail, why, false, *next_try).await?;
            return Ok(None);
        }
        let now = self.clock.now();
        Ok(self.store.fire_mail(mail, now, LEASE).await?.then_some(now))
    }

    /// Hands a mail over that was taken up.
    pub(crate) async fn hand_over(&mut self, mail: &ClaimedMail, written: &Mail) -> Result<(), StoreError> {
        match self.post.send(written).await {
            Ok(()) => {
                self.store.mail_delivered(mail, self.clock.now()).await?;
                self.delivered += 1;
            }
            Err(error) => {
                let next_try = later(self.clock.now(), back_off(mail.attempts, error.retry()));
                let why = error.to_string();
                self.store.mail_failed(mail, &why, error.unclear(), next_try).await?;
                self.failed += 1;
                self.failure.get_or_insert_with(|| why.clone());
                if !error.about_this_mail() {
                    self.closed = Some((why, next_try));
                }
            }
        }
        Ok(())
    }
}
