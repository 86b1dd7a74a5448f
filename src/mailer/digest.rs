//! Reminders for one person → one mail: Ukrainian first, English beneath, as text and as a page.

use std::fmt::Write as _;

use super::html;
use super::port::Mail;
use crate::model::{ClaimedMail, Digest, Incident, MailAddress, Reminder, Timestamp};
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
    let mut plain = String::new();
    for (_, language) in LANGUAGES {
        if !plain.is_empty() {
            plain.push_str("\n\n════════════════════════════════════════\n\n");
        }
        section(&mut plain, &around, &codes, language);
    }
    Mail {
        message_id: mail.message_id.clone(),
        to: mail.recipient.clone(),
        subject: format!("{}: {}", around.headline.uk, around.nearest.uk),
        plain,
        html: html::digest(&around, &codes),
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
