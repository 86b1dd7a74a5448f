//! Reminders for one person → one mail: Ukrainian first, English beneath, as text and as a page.

use std::fmt::Write as _;

use super::html;
use super::port::Mail;
use crate::model::{
    ClaimedMail, Digest, EndingAnchor, Incident, MailAddress, Reminder, Timestamp, VerdictChange,
};
use crate::texts::{self, DigestWords, NoticeWords, Said};

/// One of the two languages.
pub(super) type Language = fn(&Said) -> &str;

/// Ukrainian and English, in the order of the mail.
pub(super) const LANGUAGES: [(&str, Language); 2] = [("uk", |said| &said.uk), ("en", |said| &said.en)];

/// The mail that reminds of these codes, the one that ends first on top.
#[must_use]
pub fn digest(mail: &ClaimedMail, mut about: Vec<Reminder>, now: Timestamp) -> Mail {
    about.sort_by_key(|reminder| (reminder.valid_until, reminder.code));
    let around = texts::notice_digest(&about);
    let codes: Vec<(i32, NoticeWords)> =
        about.iter().map(|reminder| (urgency(reminder), texts::notice(reminder))).collect();
    cards(mail, &around, &codes, now)
}

/// How many things a mail of tidings tells of one by one; of the rest it says how many they are.
const SHOWN_MAX: usize = 30;

/// The mail that tells of changed verdicts, the worst on top.
#[must_use]
pub fn changed_verdicts(mail: &ClaimedMail, mut about: Vec<VerdictChange>, now: Timestamp) -> Mail {
    about.sort_by_key(|change| (!change.is_worse(), change.filing, change.id));
    let around = texts::verdict_changes(&about, about.len().min(SHOWN_MAX));
    let colour = |change: &VerdictChange| if change.is_worse() { 0 } else { i32::MAX };
    let shown = about.iter().take(SHOWN_MAX);
    let letters: Vec<_> = shown.map(|change| (colour(change), texts::verdict_change(change))).collect();
    cards(mail, &around, &letters, now)
}

/// The mail that tells of anchors of trust that end, the soonest on top.
#[must_use]
pub fn ending_anchors(mail: &ClaimedMail, mut about: Vec<EndingAnchor>, now: Timestamp) -> Mail {
    about.sort_by_key(|anchor| (anchor.until, anchor.fingerprint.0));
    let around = texts::ending_anchors(&about, about.len().min(SHOWN_MAX));
    let shown = about.iter().take(SHOWN_MAX);
    let anchors: Vec<_> = shown.map(|anchor| (anchor.days_left, texts::ending_anchor(anchor))).collect();
    cards(mail, &around, &anchors, now)
}

/// A card for each thing, with how many days remain to do something about it.
fn cards(mail: &ClaimedMail, around: &DigestWords, cards: &[(i32, NoticeWords)], now: Timestamp) -> Mail {
    let mut plain = String::new();
    for (_, language) in LANGUAGES {
        if !plain.is_empty() {
            plain.push_str("\n\n════════════════════════════════════════\n\n");
        }
        section(&mut plain, around, cards, language);
    }
    Mail {
        message_id: mail.message_id.clone(),
        to: mail.recipient.clone(),
        subject: one_line(&format!("{}: {}", around.headline.uk, around.nearest.uk)),
        plain,
        html: html::digest(around, cards),
        written_at: now,
    }
}

/// A mail that only shows that mail arrives.
#[must_use]
pub fn trial(to: &MailAddress, domain: &str, now: Timestamp) -> Mail {
    let (subject, text) = texts::notice_trial();
    Mail {
        message_id: format!("<trial.{}@{domain}>", now.as_microsecond()),
        to: to.clone(),
        subject: format!("{} · {}", subject.uk, subject.en),
        plain: format!("{}\n\n{}\n", text.uk, text.en),
        html: html::letter(&subject, &text),
        written_at: now,
    }
}

/// A mail that tells that a mailbox is silent, or is read again.
///
/// Its Message-ID follows from the incident and the recipient: told twice, it is the same mail.
#[must_use]
pub fn alarm(incident: &Incident, to: &MailAddress, domain: &str) -> Mail {
    let (subject, text) = (texts::incident_subject(incident), texts::incident(incident));
    let written_at = incident.closed_at.unwrap_or(incident.opened_at);
    let key = format!("{} {} {:?} {}", incident.mailbox, incident.opened_at, incident.closed_at, to.as_str());
    let key = Digest::of(key.as_bytes()).to_string();
    Mail {
        message_id: format!("<incident.{}@{domain}>", key.get(..32).unwrap_or(&key)),
        to: to.clone(),
        subject: format!("{} · {}", subject.uk, subject.en),
        plain: format!("{}\n\n{}\n", text.uk, text.en),
        html: html::letter(&subject, &text),
        written_at,
    }
}

/// Days that remain to do something; a code that is replaced already has time.
fn urgency(reminder: &Reminder) -> i32 {
    if reminder.replaced_by.is_some() { i32::MAX } else { reminder.days_left }
}

fn section(text: &mut String, around: &DigestWords, codes: &[(i32, NoticeWords)], language: Language) {
    let _ = writeln!(text, "{}: {}", language(&around.headline), language(&around.nearest));
    for (_, words) in codes {
        let place = one_line(language(&words.place));
        let _ = write!(text, "\n\n■ {place} · {}\n\n", language(&words.left));
        let width = words.facts.iter().map(|(name, _)| language(name).chars().count()).max();
        for (name, value) in &words.facts {
            let (name, value, width) = (language(name), one_line(language(value)), width.unwrap_or_default());
            let _ = writeln!(text, "  {name:<width$}  {value}");
        }
        let _ = write!(text, "\n  {}\n\n  {}:\n", language(&words.why), language(&around.to_do));
        for (number, step) in (1..).zip(&words.steps) {
            let _ = writeln!(text, "  {number}. {}", one_line(language(&step.said)));
            if let Some(command) = &step.command {
                let _ = writeln!(text, "     {command}");
            }
        }
    }
    let _ = write!(text, "\n\n{}\n", one_line(language(&around.footer)));
}

/// Names come from the registry file: one with a line break must not look like a line of ours.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
#[path = "digest/tests.rs"]
mod tests;
