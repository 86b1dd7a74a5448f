//! Verdicts that changed and anchors that end → mails to those who answer for them, each told once.
//!
//! A change is noted with the verdict itself; here it is decided whom to tell, and one mail for each recipient is handed
//! over. What grew worse is told within minutes and takes along whatever else there is; what was merely decided waits an
//! hour for company, so that a line that comes back after days is one mail and not hundreds. A pass may be cut at any
//! point: what was claimed and not delivered is sent by a later one, with the same Message-ID.

mod ending;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch::Receiver;

pub use self::ending::ending;
use crate::mailer::{self, Mail, Post};
use crate::model::{
    Clock, DueTiding, EndingAnchor, MailAddress, QrCode, Registry, TidingKind, TidingMail, Timestamp,
    VerdictChange,
};
use crate::pipeline::Rules;
use crate::reminders::{BACK_OFF_MIN, Round, STOP_PATIENCE, later};
use crate::store::{Store, StoreError};
use crate::supervise::unless_stopped;

/// How often to look.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// How long what was merely decided waits for more of its kind.
const GATHERED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Everything that telling needs.
#[derive(Clone)]
pub struct Tidings<P> {
    /// Where changes, the registry and tidings are kept.
    pub store: Store,
    /// Where mails go out.
    pub post: P,
    /// Whom signatures are trusted for, now.
    pub rules: Rules,
    /// From which hour of the day on the end of an anchor is told.
    pub from_hour: u8,
    /// The domain of Message-IDs.
    pub domain: String,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

/// What is to be told, and to whom.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// A tiding for a person, also one that was claimed before.
    pub tidings: Vec<DueTiding>,
    /// The changes among them.
    pub changes: Vec<VerdictChange>,
    /// The anchors among them.
    pub anchors: Vec<EndingAnchor>,
    /// How many things nobody is told of: the registry names no `admins` for them.
    pub nobody: u32,
}

/// What a pass did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// Tidings that were new.
    pub claimed: u32,
    /// Mails that a server took.
    pub delivered: u32,
    /// Mails that were not taken, or not tried because the server takes none.
    pub failed: u32,
    /// Why, the first of them.
    pub failure: Option<String>,
    /// How many things nobody is told of.
    pub nobody: u32,
    /// When an undelivered mail is to be tried again.
    pub next_try: Option<Timestamp>,
}

impl<P: Post> Tidings<P> {
    /// What is to be told now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn due(&self) -> Result<Due, StoreError> {
        let now = self.clock.now();
        let changes = self.store.open_changes().await?;
        let changes = if is_time(&changes, now) { changes } else { Vec::new() };
        let (trust, ..) = self.rules.parts();
        let anchors = ending(&trust, self.from_hour, now);
        if changes.is_empty() && anchors.is_empty() {
            return Ok(Due::default());
        }
        let (open, closed) = (self.store.registry().await?, self.store.closed_registry().await?);
        let codes = self.store.codes().await?;
        let mut due = Due::default();
        for change in &changes {
            let recipients = answer_for(change, &open, &closed, &codes);
            due.nobody += u32::from(recipients.is_empty());
            due.tidings.extend(recipients.into_iter().map(|recipient| DueTiding {
                kind: TidingKind::Verdict,
                key: change.id.to_string(),
                recipient,
            }));
        }
        let administrators = administrators(&open);
        for anchor in &anchors {
            due.nobody += u32::from(administrators.is_empty());
            due.tidings.extend(administrators.iter().map(|recipient| DueTiding {
                kind: TidingKind::Anchor,
                key: anchor.key(),
                recipient: recipient.clone(),
            }));
        }
        Ok(Due { changes, anchors, ..due })
    }

    /// One pass: everything that is due is claimed, and every mail that may be tried is. `stop` ends it between two.
    ///
    /// # Errors
    /// When the store fails. Nothing is lost by it.
    pub async fn tell(&self, stop: &Receiver<bool>) -> Result<Told, StoreError> {
        let due = self.due().await?;
        let now = self.clock.now();
        let claimed = self.store.claim_tidings(&due.tidings, &due.changes, &self.domain, now).await?;
        let mut round = Round::new(&self.store, &self.post, &*self.clock);
        for TidingMail { mut mail, kind } in self.store.tiding_mails(now).await? {
            if *stop.borrow() {
                break;
            }
            let Some(now) = round.take_up(&mut mail).await? else { continue };
            // Nothing is added to it any more: what it tells is read now.
            let Some(written) = self.written(&TidingMail { mail: mail.clone(), kind }, now).await? else {
                self.store.pass_over_tidings(&mail, now).await?;
                continue;
            };
            round.hand_over(&mail, &written).await?;
        }
        let Round { delivered, failed, failure, .. } = round;
        let next_try = self.store.next_tiding_try().await?;
        Ok(Told { claimed, delivered, failed, failure, nobody: due.nobody, next_try })
    }

    /// The mail's words; none where nothing is left to tell.
    async fn written(&self, about: &TidingMail, now: Timestamp) -> Result<Option<Mail>, StoreError> {
        let TidingMail { mail, kind } = about;
        match kind {
            TidingKind::Verdict => {
                let changes = self.store.changes_told(mail).await?;
                Ok((!changes.is_empty()).then(|| mailer::changed_verdicts(mail, changes, now)))
            }
            TidingKind::Anchor => {
                let keys = self.store.tiding_keys(mail).await?;
                let (trust, ..) = self.rules.parts();
                // Of an anchor that has gone further down the ladder since, its newer step says all.
                let mut anchors = ending(&trust, self.from_hour, now);
                anchors.retain(|anchor| keys.contains(&anchor.key()));
                Ok((!anchors.is_empty()).then(|| mailer::ending_anchors(mail, anchors, now)))
            }
        }
    }

    /// Passes every five minutes, and when a failed mail is to be tried again, until `stop` becomes true. `alive` is
    /// called before each.
    pub async fn run(&self, mut stop: Receiver<bool>, alive: impl Fn()) {
        let mut failure = None;
        let mut nobody = 0;
        loop {
            alive();
            let mut asked = stop.clone();
            let pass = tokio::select! {
                pass = self.tell(&stop) => pass,
                () = async {
                    let _ = asked.wait_for(|stop| *stop).await;
                    tokio::time::sleep(STOP_PATIENCE).await;
                } => return,
            };
            log(&pass, &mut failure, &mut nobody);
            let now = self.clock.now();
            let next = match &pass {
                Ok(told) => told.next_try.unwrap_or(Timestamp::MAX).max(later(now, BACK_OFF_MIN)),
                Err(_) => later(now, BACK_OFF_MIN),
            };
            let wait = Duration::try_from(now.duration_until(next)).unwrap_or_default().min(EVERY);
            if unless_stopped(&mut stop, tokio::time::sleep(wait)).await.is_none() {
                return;
            }
        }
    }
}

/// Whether these changes are told now: something is worse, or the oldest has waited. One from the future was noted
/// while the clock was wrong.
fn is_time(changes: &[VerdictChange], now: Timestamp) -> bool {
    let has_waited =
        |change: &VerdictChange| change.changed_at > now || later(change.changed_at, GATHERED_FOR) <= now;
    changes.iter().any(|change| change.is_worse() || has_waited(change))
}

/// Who answers for a letter: the admins of its branch (of every branch of its mailbox, where it is not known which) and
/// of their organisations, and whoever its code's services name as responsible by an address.
fn answer_for(
    change: &VerdictChange,
    open: &Registry,
    closed: &Registry,
    codes: &[QrCode],
) -> BTreeSet<MailAddress> {
    let is_its = |branch: &&crate::model::Branch| match &change.branch {
        Some(id) => branch.id == *id,
        None => branch.mailbox == change.mailbox,
    };
    let mut all = BTreeSet::new();
    let mut organisations = BTreeSet::new();
    for branch in open.branches.iter().filter(is_its) {
        all.extend(branch.admins.iter().cloned());
        organisations.insert(&branch.organisation);
    }
    // Who was named for a branch that was taken out may have left; its organisation still answers.
    organisations.extend(closed.branches.iter().filter(is_its).map(|branch| &branch.organisation));
    let owners = open.organisations.iter().filter(|owner| organisations.contains(&owner.id));
    all.extend(owners.flat_map(|owner| owner.admins.iter().cloned()));
    let code = codes.iter().find(|code| Some(code.id) == change.code);
    let services = code.map(|code| code.services.as_slice()).unwrap_or_default();
    let named = open.services.iter().filter(|service| services.contains(&service.id));
    all.extend(named.filter_map(|service| service.responsible.trim().parse::<MailAddress>().ok()));
    all
}

/// Who answers for the installation: the admins of every organisation, and of the branches of one that names none.
fn administrators(registry: &Registry) -> BTreeSet<MailAddress> {
    let mut all = BTreeSet::new();
    for organisation in &registry.organisations {
        all.extend(organisation.admins.iter().cloned());
        if organisation.admins.is_empty() {
            let its = registry.branches.iter().filter(|branch| branch.organisation == organisation.id);
            all.extend(its.flat_map(|branch| branch.admins.iter().cloned()));
        }
    }
    all
}

/// Says what changed since the last pass.
fn log(pass: &Result<Told, StoreError>, failure: &mut Option<String>, nobody: &mut u32) {
    let new = match pass {
        Ok(told) => {
            if told.delivered > 0 {
                tracing::info!(
                    mails = told.delivered,
                    "people were told of changed verdicts or of anchors that end"
                );
            }
            if told.nobody != *nobody {
                *nobody = told.nobody;
                if *nobody > 0 {
                    tracing::warn!(
                        things = *nobody,
                        "nobody is told of changed verdicts or of anchors that end: the registry names no `admins` for them"
                    );
                }
            }
            if told.failed == 0 && told.next_try.is_some() {
                return;
            }
            told.failure.clone()
        }
        Err(fault) => Some(fault.to_string()),
    };
    if new != *failure {
        match &new {
            Some(why) => {
                tracing::warn!("mails of changed verdicts cannot be sent, and will be tried again: {why}");
            }
            None => tracing::info!("mails of changed verdicts are sent again"),
        }
        *failure = new;
    }
}
