//! Codes that come to their end → notices to those who answer for them → mails sent, each once.
//!
//! A pass asks what is due, claims it in the store, and hands each mail over. It may be cut at any point: what was
//! claimed and not delivered is sent by a later pass, with the same Message-ID (see `store`'s notices). Mails go out
//! whole or not at all for one recipient; another recipient's failure holds nobody up.

mod round;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch::Receiver;

use crate::expiry;
use crate::mailer::{self, Post, Smtp};
use crate::model::{
    Branch, ClaimedMail, Clock, CodeId, DueCode, DueNotice, KyivDay, Ladder, MailAddress, Organisation,
    QrCode, Registry, Reminder, ServiceId, Timestamp,
};
use crate::store::{Store, StoreError};
use crate::supervise::unless_stopped;

pub(crate) use round::Round;

/// How often to look. A step of the ladder begins at a full hour of its day.
const EVERY: SignedDuration = SignedDuration::from_hours(1);

/// How long a mail is nobody else's. Longer than handing it over can take ([`Smtp::SEND_MAX`]), so that two programs
/// never send one mail at the same time; short enough that a crash delays it little.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(20);
const _: () = assert!(LEASE.as_secs().unsigned_abs() > Smtp::SEND_MAX.as_secs());

/// The wait after a first failure, doubled after each further one up to [`EVERY`]; what needs a person waits that long
/// from the start.
pub(crate) const BACK_OFF_MIN: SignedDuration = SignedDuration::from_mins(1);

/// How long a mail that is under way may take when the program is stopped.
pub(crate) const STOP_PATIENCE: Duration = Duration::from_secs(3);

/// Everything that reminding needs.
#[derive(Clone)]
pub struct Reminders<P> {
    /// Where codes, the registry and notices are kept.
    pub store: Store,
    /// Where mails go out.
    pub post: P,
    /// When a code is reminded of.
    pub ladder: Ladder,
    /// The domain of Message-IDs.
    pub domain: String,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

/// What is due, and what is to be said of it.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// A step of a code for a person.
    pub notices: Vec<DueNotice>,
    /// What a mail says of each code.
    pub reminders: BTreeMap<CodeId, Reminder>,
    /// Codes that nobody is reminded of: neither their branch nor its organisation names `admins`.
    pub nobody: Vec<CodeId>,
}

/// What a pass did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reminded {
    /// Mails that a server took.
    pub delivered: u32,
    /// Mails that were not taken, or not tried because the server takes none.
    pub failed: u32,
    /// Why, the first of them.
    pub failure: Option<String>,
    /// Codes that nobody is reminded of.
    pub nobody: Vec<CodeId>,
    /// When an undelivered mail is to be tried again.
    pub next_try: Option<Timestamp>,
}

/// What is due at `now`.
///
/// A code raises no notice when its branch, or each of its services, was taken out of the registry: nothing of it is to
/// be renewed, and applying the registry has said that it still hangs.
///
/// # Errors
/// When the store cannot be read.
pub async fn due(store: &Store, ladder: &Ladder, now: Timestamp) -> Result<Due, StoreError> {
    let codes = store.codes().await?;
    let (open, closed) = (store.registry().await?, store.closed_registry().await?);
    let by_id: BTreeMap<CodeId, &QrCode> = codes.iter().map(|code| (code.id, code)).collect();
    let mut all = Due::default();
    for step in expiry::due(&codes, ladder, now) {
        let Some(code) = by_id.get(&step.code) else { continue };
        let Some(branch) = open.branches.iter().find(|branch| branch.id == code.branch) else { continue };
        let Some(owner) = open.organisations.iter().find(|owner| owner.id == branch.organisation) else {
            continue;
        };
        if !open.services.iter().any(|service| code.services.contains(&service.id)) {
            continue;
        }
        let mut recipients: Vec<&MailAddress> = branch.admins.iter().chain(&owner.admins).collect();
        recipients.sort_unstable();
        recipients.dedup();
        if recipients.is_empty() {
            all.nobody.push(code.id);
        }
        all.notices.extend(recipients.into_iter().map(|recipient| DueNotice {
            recipient: recipient.clone(),
            code: code.id,
            rung: step.rung,
            passed: step.passed.clone(),
        }));
        let purposes = code.services.iter().map(|id| (id.clone(), purpose(&open, &closed, id))).collect();
        let replaced_by = step.replaced_by.and_then(|id| by_id.get(&id)).map(|new| (new.id, new.valid_until));
        all.reminders
            .insert(code.id, Reminder { replaced_by, ..reminder(code, &step, branch, owner, purposes, now) });
    }
    Ok(all)
}

impl<P: Post> Reminders<P> {
    /// The mails that a pass would send now.
    ///
    /// # Errors
    /// When the store cannot be read or is locked for too long.
    pub async fn plan(&self) -> Result<(Due, Vec<ClaimedMail>), StoreError> {
        let now = self.clock.now();
        let due = due(&self.store, &self.ladder, now).await?;
        let mails = self.store.plan_notices(&due.notices, &self.domain, now).await?;
        Ok((due, mails))
    }

    /// One pass: everything that is due is claimed and sent. `stop` ends it between two mails.
    ///
    /// # Errors
    /// When the store fails. Nothing is lost by it: what was claimed comes back when its lease is over.
    pub async fn remind(&self, stop: &Receiver<bool>) -> Result<Reminded, StoreError> {
        let now = self.clock.now();
        let due = due(&self.store, &self.ladder, now).await?;
        let mails = self.store.claim_notices(&due.notices, &self.domain, now, LEASE).await?;
        let mut round = Round::new(&self.store, &self.post, &*self.clock);
        for mut mail in mails {
            if *stop.borrow() {
                let why = "not tried yet: the program was stopped";
                self.store.mail_failed(&mail, why, false, self.clock.now()).await?;
                continue;
            }
            let Some(now) = round.take_up(&mut mail).await? else { continue };
            let about =
                mail.notices.iter().filter_map(|(code, _)| due.reminders.get(code).cloned()).collect();
            round.hand_over(&mail, &mailer::digest(&mail, about, now)).await?;
        }
        let Round { delivered, failed, failure, .. } = round;
        let next_try = self.store.next_notice_try().await?;
        Ok(Reminded { delivered, failed, failure, nobody: due.nobody, next_try })
    }

    /// Passes at the start, every hour, and when a failed mail is to be tried again, until `stop` becomes true.
    ///
    /// A mail that is under way then has a moment to end; cut short, it is sent again after the next start. `alive` is
    /// called before every pass.
    pub async fn run(&self, mut stop: Receiver<bool>, alive: impl Fn()) {
        let mut log = Log::default();
        loop {
            alive();
            let mut asked = stop.clone();
            let pass = tokio::select! {
                pass = self.remind(&stop) => pass,
                () = async {
                    let _ = asked.wait_for(|stop| *stop).await;
                    tokio::time::sleep(STOP_PATIENCE).await;
                } => return,
            };
            log.note(&pass);
            let now = self.clock.now();
            let next = match &pass {
                Ok(done) => done.next_try.unwrap_or(Timestamp::MAX).max(later(now, BACK_OFF_MIN)),
                Err(_) => later(now, BACK_OFF_MIN),
            };
            let wait = now.duration_until(next).min(EVERY);
            let wait = tokio::time::sleep(Duration::try_from(wait).unwrap_or_default());
            if unless_stopped(&mut stop, wait).await.is_none() {
                return;
            }
        }
    }
}

fn reminder(
    code: &QrCode,
    step: &DueCode,
    branch: &Branch,
    owner: &Organisation,
    services: Vec<(ServiceId, String)>,
    now: Timestamp,
) -> Reminder {
    Reminder {
        code: step.code,
        registered: code.token().is_none(),
        branch: branch.id.clone(),
        branch_name: branch.name.clone(),
        address: branch.address.to_string(),
        organisation: owner.name.clone(),
        head: owner.head.clone(),
        services,
        documents: code.documents.clone(),
        valid_until: code.valid_until,
        days_left: KyivDay::of(now).days_until(code.valid_until),
        replaced_by: None,
    }
}

/// A service's purpose; one that was taken out of the registry still has it.
fn purpose(open: &Registry, closed: &Registry, id: &ServiceId) -> String {
    let mut all = open.services.iter().chain(&closed.services);
    all.find(|service| service.id == *id).map_or_else(|| id.to_string(), |service| service.purpose.clone())
}

/// How long to wait after so many tries.
pub(crate) fn back_off(attempts: u32, retry: bool) -> SignedDuration {
    if !retry {
        return EVERY;
    }
    let doubled = 2_i32.saturating_pow(attempts.saturating_sub(1));
    BACK_OFF_MIN.saturating_mul(doubled).min(EVERY)
}

/// So much after a moment.
pub(crate) fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// What was logged last, so that only changes are.
#[derive(Default)]
struct Log {
    failure: Option<String>,
    nobody: Vec<CodeId>,
}

impl Log {
    fn note(&mut self, pass: &Result<Reminded, StoreError>) {
        let failure = match pass {
            Ok(done) => {
                if done.delivered > 0 {
                    tracing::info!(mails = done.delivered, "reminders of codes were sent");
                }
                if done.nobody != self.nobody {
                    self.nobody.clone_from(&done.nobody);
                    if !self.nobody.is_empty() {
                        let codes: Vec<String> = self.nobody.iter().map(CodeId::to_string).collect();
                        tracing::warn!(
                            codes = codes.join(", "),
                            "nobody is reminded of codes that come to their end: their branches and organisations name no `admins` in the registry"
                        );
                    }
                }
                // A mail that waits was not tried: its failure stands.
                if done.failed == 0 && done.next_try.is_some() {
                    return;
                }
                done.failure.clone()
            }
            Err(fault) => Some(fault.to_string()),
        };
        if failure != self.failure {
            match &failure {
                Some(why) => {
                    tracing::warn!("reminders of codes cannot be sent, and will be tried again: {why}");
                }
                None => tracing::info!("reminders of codes are sent again"),
            }
            self.failure = failure;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour_and_a_person_is_waited_for_that_long() {
        let waits: Vec<i64> = (1..=9).map(|attempts| back_off(attempts, true).as_secs() / 60).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(back_off(u32::MAX, true), EVERY);
        assert_eq!(back_off(1, false), EVERY);
    }
}
