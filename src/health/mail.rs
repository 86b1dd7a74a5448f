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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::mailer::{Mail, PostError};
    use crate::model::{Branch, BranchAddress, Head, Organisation, Timestamp};

    /// Keeps what it is given.
    #[derive(Default)]
    struct Memory {
        taken: Mutex<Vec<Mail>>,
    }

    impl Post for Memory {
        async fn send(&self, mail: &Mail) -> Result<(), PostError> {
            self.taken.lock().unwrap().push(mail.clone());
            Ok(())
        }
    }

    fn organisation(id: &str, admins: &[&str]) -> Organisation {
        Organisation {
            id: id.parse().unwrap(),
            name: id.to_owned(),
            edrpou: "43395033".to_owned(),
            head: Head {
                name: "Олена Приклад".to_owned(), position: "директорка".to_owned()
            },
            admins: admins.iter().map(|admin| admin.parse().unwrap()).collect(),
        }
    }

    fn branch(id: &str, organisation: &str, mailbox: &str, admins: &[&str]) -> Branch {
        let part = String::new;
        Branch {
            id: id.parse().unwrap(),
            organisation: organisation.parse().unwrap(),
            name: id.to_owned(),
            address: BranchAddress {
                region: part(),
                district: part(),
                location: part(),
                street: part(),
                house: part(),
            },
            mailbox: mailbox.parse().unwrap(),
            known_as: vec![],
            admins: admins.iter().map(|admin| admin.parse().unwrap()).collect(),
        }
    }

    fn registry() -> Registry {
        Registry {
            organisations: vec![
                organisation("town", &["head@town.example"]),
                organisation("inn", &["inn@town.example"]),
            ],
            branches: vec![
                branch("cnap", "town", "cnap@town.example", &["cnap@town.example", "it@town.example"]),
                branch("hotel", "inn", "hotel@town.example", &[]),
            ],
            services: vec![],
        }
    }

    #[track_caller]
    fn told(mailbox: &str, expected: &[&str]) {
        let registry = registry();
        let found: Vec<&str> = recipients(&registry, mailbox).into_iter().map(MailAddress::as_str).collect();
        assert_eq!(found, expected, "{mailbox}");
    }

    #[test]
    fn those_who_answer_for_a_mailbox_are_told_and_never_through_it() {
        told("cnap@town.example", &["head@town.example", "it@town.example"]);
        told("hotel@town.example", &["inn@town.example"]);
        told(
            "drop folder /srv/letters",
            &["cnap@town.example", "head@town.example", "inn@town.example", "it@town.example"],
        );
        told("other@town.example", &[]);
    }

    #[tokio::test]
    async fn an_incident_is_one_mail_a_person_with_the_same_id_when_told_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store")).await.unwrap();
        let now: Timestamp = "2026-03-15T10:00:00Z".parse().unwrap();
        store.apply_registry(&registry(), now).await.unwrap();
        let alarm = MailAlarm { store, post: Memory::default(), domain: "town.example".to_owned() };
        let open = Incident {
            mailbox: "cnap@town.example".to_owned(),
            opened_at: now,
            last_round_at: None,
            reason: "cannot connect".to_owned(),
            closed_at: None,
            told_open_at: None,
            told_close_at: None,
        };
        alarm.raise(&open).await.unwrap();
        alarm.raise(&open).await.unwrap();
        alarm.raise(&Incident { closed_at: Some(now), ..open }).await.unwrap();
        let mails = alarm.post.taken.lock().unwrap();
        let ids: Vec<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
        assert_eq!(ids.len(), 6, "two people, three tellings");
        assert_eq!(ids[..2], ids[2..4], "told again, it is the same mail");
        assert!(!ids[..2].contains(&ids[4]) && ids[4] != ids[5], "its end is another mail");
        assert!(mails[0].plain.contains("cannot connect") && mails[0].subject.contains("cnap@town.example"));
    }
}
