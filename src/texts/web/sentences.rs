//! Sentences of the pages that have numbers, names or moments in them.

use crate::model::{CodeState, Role, Timestamp, in_kyiv};
use crate::texts::Said;

/// How long ago, as a list says it: «2 с тому».
#[must_use]
pub fn ago(moment: Timestamp, now: Timestamp) -> Said {
    let seconds = now.duration_since(moment).as_secs().max(0);
    let (number, uk, en) = match seconds {
        0..60 => (seconds, "с", "s"),
        60..3600 => (seconds / 60, "хв", "min"),
        3600..86_400 => (seconds / 3600, "год", "h"),
        _ => (seconds / 86_400, "дн", "d"),
    };
    Said::new(format!("{number} {uk} тому"), format!("{number} {en} ago"))
}

/// The clock in Kyiv: `09:42`; with the day where it is another one: `14.03 09:42`.
#[must_use]
pub fn clock(moment: Timestamp, now: Timestamp) -> String {
    let (whole, today) = (in_kyiv(moment), in_kyiv(now));
    let part = |range| whole.get(range).unwrap_or_default();
    if whole.get(..10) == today.get(..10) {
        part(11..16).to_owned()
    } else if whole.get(6..10) == today.get(6..10) {
        format!("{} {}", part(0..5), part(11..16))
    } else {
        format!("{} {}", part(0..10), part(11..16))
    }
}

/// A mailbox that cannot be reached.
#[must_use]
pub fn link_missing(mailbox: &str, since: Option<Timestamp>, now: Timestamp) -> Said {
    match since {
        Some(since) => {
            let since = clock(since, now);
            Said::new(
                format!(
                    "Зв’язку зі скринькою {mailbox} немає з {since}. Листи не втрачено, вони чекають на сервері."
                ),
                format!(
                    "No connection to the mailbox {mailbox} since {since}. No letter is lost, they wait on the server."
                ),
            )
        }
        None => Said::new(
            format!("Зв’язку зі скринькою {mailbox} ще не було. Листи чекають на сервері."),
            format!("There was no connection to the mailbox {mailbox} yet. Letters wait on the server."),
        ),
    }
}

/// How long something took.
#[must_use]
pub fn lasted(from: Timestamp, until: Timestamp) -> Said {
    let seconds = until.duration_since(from).as_secs().max(0);
    let (number, uk, en) = match seconds {
        0..120 => (seconds, "с", "s"),
        120..7200 => (seconds / 60, "хв", "min"),
        _ => (seconds / 3600, "год", "h"),
    };
    Said::new(format!("{number} {uk}"), format!("{number} {en}"))
}

/// How large a file is.
#[must_use]
pub fn size(bytes: u64) -> Said {
    let kib = bytes.div_ceil(1024);
    Said::new(format!("{kib} КБ"), format!("{kib} KB"))
}

/// What somebody may do.
#[must_use]
pub fn role(role: Role) -> Said {
    match role {
        Role::Clerk => Said::new("працівник", "clerk"),
        Role::BranchAdmin => Said::new("адміністратор відділення", "branch administrator"),
        Role::OrganisationAdmin => Said::new("адміністратор організації", "organisation administrator"),
    }
}

/// What a code is.
#[must_use]
pub fn code_state(state: CodeState) -> Said {
    match state {
        CodeState::NotYetValid => Said::new("ще не діє", "not yet valid"),
        CodeState::Live => Said::new("діє", "in use"),
        CodeState::Expired => Said::new("скінчився", "ended"),
        CodeState::Retired => Said::new("виведено з ужитку", "out of use"),
    }
}

/// How many letters a search found.
#[must_use]
pub fn found(count: usize, more: bool) -> Said {
    let plus = if more { "+" } else { "" };
    Said::new(format!("Знайдено листів: {count}{plus}"), format!("Letters found: {count}{plus}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn how_long_ago_is_said_in_the_largest_whole_unit() {
        let now = at("2026-03-15T10:00:00Z");
        for (then, uk) in [
            ("2026-03-15T09:59:58Z", "2 с тому"),
            ("2026-03-15T09:57:01Z", "2 хв тому"),
            ("2026-03-15T07:30:00Z", "2 год тому"),
            ("2026-03-12T10:00:00Z", "3 дн тому"),
            ("2026-03-15T10:00:09Z", "0 с тому"),
        ] {
            assert_eq!(ago(at(then), now).uk, uk);
        }
    }

    #[test]
    fn a_clock_names_the_day_only_where_it_is_another_one() {
        let now = at("2026-03-15T10:00:00Z");
        assert_eq!(clock(at("2026-03-15T07:42:10Z"), now), "09:42");
        assert_eq!(clock(at("2026-03-14T07:42:10Z"), now), "14.03 09:42");
        assert_eq!(clock(at("2025-03-14T07:42:10Z"), now), "14.03.2025 09:42");
        assert!(link_missing("a@b.c", Some(at("2026-03-15T07:42:10Z")), now).uk.contains("немає з 09:42"));
    }
}
