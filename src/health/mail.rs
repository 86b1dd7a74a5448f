//! An incident → a mail to those who answer for the mailbox: another way than the mailbox that is silent.

use std::collections::BTreeSet;

use anyhow::bail;

use super::Alarm;
use crate::mailer::{self, Post};
use crate::model::{Incident, MailAddress, Registry};
use crate::store::Store;

/// Tells the `admins` of the registry by mail.
#[derive(Clone)]
pub struct MailAlarm<P> {
    /// Where the registry is.
    pub store: Store,
    /// Where mails go out.
    pub post: P,
    /// The domain of Message-IDs.
    pub domain: String,
}

impl<P: Post> Alarm for MailAlarm<P> {
    /// Handed over when at least one person's mail was taken: the others would get theirs twice otherwise.
    async fn raise(&self, incident: &Incident) -> anyhow::Result<()> {
        let registry = self.store.registry().await?;
        let recipients = recipients(&registry, &incident.mailbox);
        let (mut taken, mut refused) = (0, None);
        for recipient in &recipients {
            match self.post.send(&mailer::alarm(incident, recipient, &self.domain)).await {
                Ok(()) => taken += 1,
                Err(fault) => refused = Some(fault),
            }
        }
        match refused {
            Some(fault) if taken == 0 => Err(fault.into()),
            Some(_) => {
                tracing::warn!(
                    taken,
                    of = recipients.len(),
                    "an incident's notice was not taken for everybody"
                );
                Ok(())
            }
            None if recipients.is_empty() => {
                tracing::warn!("nobody is told of the incident: the registry names no `admins` for it");
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// Who answers for a mailbox: the admins of its branches and of their organisations; of a drop folder, all. Nobody is
/// told through the very mailbox that is silent.
fn recipients<'a>(registry: &'a Registry, mailbox: &str) -> BTreeSet<&'a MailAddress> {
    let of_a_folder = !mailbox.contains('@');
    let branches =
        registry.branches.iter().filter(|branch| of_a_folder || branch.mailbox.as_str() == mailbox);
    let mut all = BTreeSet::new();
    for branch in branches {
        all.extend(&branch.admins);
        let owner = registry.organisations.iter().filter(|owner| owner.id == branch.organisation);
        all.extend(owner.flat_map(|owner| &owner.admins));
    }
    all.retain(|recipient| !recipient.as_str().eq_ignore_ascii_case(mailbox));
    all
}

/// Either way of telling: by mail where an SMTP server is configured, else by the log alone.
#[derive(Clone)]
pub enum Telling<P> {
    /// By mail.
    Mail(MailAlarm<P>),
    /// The log alone.
    Log,
    /// Mail is configured but cannot be used, and why.
    Broken(String),
}

impl<P: Post> Alarm for Telling<P> {
    async fn raise(&self, incident: &Incident) -> anyhow::Result<()> {
        match self {
            Self::Mail(alarm) => alarm.raise(incident).await,
            Self::Log => Ok(()),
            Self::Broken(why) => bail!("{why}"),
        }
    }
}
