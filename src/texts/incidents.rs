//! A silent mailbox, in words.

use super::Said;
use crate::model::{Incident, in_kyiv};

/// What a notice is about: that a mailbox is silent, or that it is read again.
#[must_use]
pub fn incident_subject(incident: &Incident) -> Said {
    let mailbox = &incident.mailbox;
    match incident.closed_at {
        None => Said::new(format!("Скринька мовчить: {mailbox}"), format!("A mailbox is silent: {mailbox}")),
        Some(_) => Said::new(
            format!("Скринька знову читається: {mailbox}"),
            format!("A mailbox is read again: {mailbox}"),
        ),
    }
}

/// What happened, and what to do.
#[must_use]
pub fn incident(incident: &Incident) -> Said {
    let mailbox = &incident.mailbox;
    let since = in_kyiv(incident.last_round_at.unwrap_or(incident.opened_at));
    match incident.closed_at {
        None => {
            let (reason_uk, reason_en) = match incident.reason.as_str() {
                "" => (String::new(), String::new()),
                reason => (format!(" Остання спроба: {reason}."), format!(" The last attempt: {reason}.")),
            };
            Said::new(
                format!(
                    "Листи зі скриньки {mailbox} не надходять до системи: востаннє її прочитано {since} (за Києвом).{reason_uk} Листи не втрачено, вони чекають на сервері. Виконайте `skrynka doctor`: він скаже, що не так і що робити."
                ),
                format!(
                    "Letters of {mailbox} do not come in: it was last read at {since} (Kyiv).{reason_en} No letter is lost, they wait on the server. Run `skrynka doctor`: it says what is wrong and what to do."
                ),
            )
        }
        Some(closed_at) => {
            let until = in_kyiv(closed_at);
            Said::new(
                format!(
                    "Скриньку {mailbox} знову читають: вона мовчала від {since} до {until} (за Києвом). Робити нічого не треба."
                ),
                format!(
                    "{mailbox} is read again: it was silent from {since} until {until} (Kyiv). There is nothing to do."
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_names_the_mailbox_the_time_and_the_remedy() {
        let mut one = Incident {
            mailbox: "cnap@example.org".to_owned(),
            opened_at: "2026-03-15T10:15:00Z".parse().unwrap(),
            last_round_at: Some("2026-03-15T10:00:00Z".parse().unwrap()),
            reason: "cannot connect".to_owned(),
            closed_at: None,
            told_open_at: None,
            told_close_at: None,
        };
        for said in [incident(&one).uk, incident(&one).en] {
            for words in ["cnap@example.org", "15.03.2026 12:00:00", "cannot connect", "skrynka doctor"] {
                assert!(said.contains(words), "no «{words}» in: {said}");
            }
        }
        assert!(incident_subject(&one).uk.contains("мовчить"));
        one.closed_at = Some("2026-03-15T11:00:00Z".parse().unwrap());
        assert!(incident(&one).en.contains("until 15.03.2026 13:00:00"));
        assert!(incident_subject(&one).uk.contains("знову"));
    }
}
