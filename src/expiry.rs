//! Codes × ladder × now → the codes of which somebody is to be reminded, each with its most urgent step.

use std::collections::BTreeSet;

use crate::model::{CodeState, DocumentCode, DueCode, KyivDay, Ladder, QrCode, Rung, ServiceId, Timestamp};

/// How long after its end a code that has a newer one in its place is still reminded of (days): longer than a daemon is
/// off by mistake, short enough that somebody new is not told of every poster there ever was.
const REPLACED_DAYS_MAX: i32 = 30;

/// The codes that have reached a step of the ladder, in the order given, registered and own alike.
///
/// - A retired code reaches none.
/// - A step counts from `ladder.from_hour` of its day in Kyiv. One whose day is not after the day of issue is no step
///   of this code: whoever makes a code for ten days need not be told at once that less than 30 remain.
/// - The most urgent step reached is the one to send, also when the code is over already (the daemon was off): an
///   expired poster still hangs. The steps before it are passed.
/// - A code with a newer one in its place (same kind, branch and documents, all of its services, valid for longer)
///   keeps its last step only: nothing is to be renewed, but its poster is to be changed and it is to be retired. A
///   month after its end that is no news any more.
#[must_use]
pub fn due(codes: &[QrCode], ladder: &Ladder, now: Timestamp) -> Vec<DueCode> {
    codes.iter().filter_map(|code| due_step(code, codes, ladder, now)).collect()
}

fn due_step(code: &QrCode, codes: &[QrCode], ladder: &Ladder, now: Timestamp) -> Option<DueCode> {
    if code.state_at(now) == CodeState::Retired {
        return None;
    }
    let steps = steps(code, ladder);
    let reached = steps.partition_point(|(day, _)| day.at_hour(ladder.from_hour) <= now);
    let (rung, passed) = steps.get(..reached)?.split_last()?;
    let replaced_by = replacement(code, codes, now);
    if let Some(newer) = replaced_by {
        let long_over = code.valid_until.plus(REPLACED_DAYS_MAX) < KyivDay::of(now);
        // When the newer one is over too, that is what there is to say, and it says so itself.
        if reached < steps.len() || long_over || newer.state_at(now) == CodeState::Expired {
            return None;
        }
    }
    Some(DueCode {
        code: code.id,
        rung: rung.1,
        passed: passed.iter().map(|(_, rung)| *rung).collect(),
        replaced_by: replaced_by.map(|newer| newer.id),
    })
}

/// The ladder of one code, the most urgent step last.
fn steps(code: &QrCode, ladder: &Ladder) -> Vec<(KyivDay, Rung)> {
    let mut steps: Vec<_> = ladder
        .rungs
        .iter()
        .map(|rung| (rung.day(code.valid_until), *rung))
        .filter(|(day, _)| *day > code.issued_on)
        .collect();
    // On the same day, days say it more exactly than months.
    steps.sort_by_key(|(day, rung)| (*day, matches!(rung, Rung::Days(_))));
    steps
}

/// The code, valid longest, that was made in place of this one.
fn replacement<'a>(code: &QrCode, codes: &'a [QrCode], now: Timestamp) -> Option<&'a QrCode> {
    codes
        .iter()
        .filter(|other| other.valid_until > code.valid_until && other.state_at(now) != CodeState::Retired)
        .filter(|other| other.branch == code.branch && other.token().is_some() == code.token().is_some())
        .filter(|other| documents(other) == documents(code) && services(code).is_subset(&services(other)))
        .max_by_key(|other| (other.valid_until, other.id))
}

fn documents(code: &QrCode) -> BTreeSet<&DocumentCode> {
    code.documents.iter().collect()
}

fn services(code: &QrCode) -> BTreeSet<&ServiceId> {
    code.services.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodeId, CodeKind, Token};

    fn code(id: i64, issued_on: &str, days: i32) -> QrCode {
        let issued_on: KyivDay = issued_on.parse().unwrap();
        QrCode {
            id: CodeId(id),
            kind: CodeKind::Registered,
            branch: "cnap".parse().unwrap(),
            services: vec!["admin".parse().unwrap()],
            documents: vec!["passport".parse().unwrap(), "taxpayer-card".parse().unwrap()],
            payload: String::new(),
            issued_on,
            valid_until: issued_on.plus(days - 1),
            retired_at: None,
        }
    }

    fn at(moment: &str) -> Timestamp {
        moment.parse().unwrap()
    }

    /// A step and those passed, as `7d after 3m 30d 14d`.
    fn said(codes: &[QrCode], now: &str) -> String {
        let said: Vec<String> = due(codes, &Ladder::default(), at(now))
            .iter()
            .map(|due| {
                let passed: Vec<String> = due.passed.iter().map(Rung::to_string).collect();
                let after = if passed.is_empty() { "" } else { " after " };
                let for_it = due.replaced_by.map_or_else(String::new, |id| format!(", now {id}"));
                format!("{}: {}{after}{}{for_it}", due.code, due.rung, passed.join(" "))
            })
            .collect();
        said.join("; ")
    }

    #[track_caller]
    fn is(codes: &[QrCode], now: &str, expected: &str) {
        assert_eq!(said(codes, now), expected, "at {now}");
    }

    #[test]
    fn a_code_climbs_down_its_ladder_at_eight_in_the_morning_in_kyiv() {
        // Valid until 20.05.2027; from 28.03.2027 on Kyiv is three hours ahead of UTC, before it two.
        let codes = [code(1, "2026-11-22", 180)];
        assert_eq!(codes[0].valid_until.to_string(), "2027-05-20");
        is(&codes, "2027-02-20T05:59:59Z", "");
        is(&codes, "2027-02-20T06:00:00Z", "1: 3m");
        is(&codes, "2027-04-20T04:59:59Z", "1: 3m");
        is(&codes, "2027-04-20T05:00:00Z", "1: 30d after 3m");
        is(&codes, "2027-05-06T05:00:00Z", "1: 14d after 3m 30d");
        is(&codes, "2027-05-13T05:00:00Z", "1: 7d after 3m 30d 14d");
        is(&codes, "2027-05-17T05:00:00Z", "1: 3d after 3m 30d 14d 7d");
        is(&codes, "2027-05-19T05:00:00Z", "1: 1d after 3m 30d 14d 7d 3d");
        is(&codes, "2027-05-20T04:59:59Z", "1: 1d after 3m 30d 14d 7d 3d");
        is(&codes, "2027-05-20T05:00:00Z", "1: 0d after 3m 30d 14d 7d 3d 1d");
        is(&codes, "2027-09-01T05:00:00Z", "1: 0d after 3m 30d 14d 7d 3d 1d");
    }

    #[test]
    fn steps_on_days_of_a_clock_change_and_in_february_come_in_time() {
        // Until 29.03.2027: the step of one day is on the day when summer time begins.
        let spring = [QrCode { valid_until: "2027-03-29".parse().unwrap(), ..code(1, "2026-11-01", 1) }];
        is(&spring, "2027-03-28T04:59:59Z", "1: 3d after 3m 30d 14d 7d");
        is(&spring, "2027-03-28T05:00:00Z", "1: 1d after 3m 30d 14d 7d 3d");
        // Until 31.05: there is no 31.02, in a leap year neither.
        for (year, day) in [(2027, "28"), (2028, "29")] {
            let until = format!("{year}-05-31").parse().unwrap();
            let codes = [QrCode { valid_until: until, ..code(1, &format!("{}-12-03", year - 1), 1) }];
            is(&codes, &format!("{year}-02-{day}T05:59:59Z"), "");
            is(&codes, &format!("{year}-02-{day}T06:00:00Z"), "1: 3m");
        }
    }

    #[test]
    fn retired_codes_are_left_alone_and_own_ones_are_not() {
        let retired = QrCode { retired_at: Some(at("2027-01-01T00:00:00Z")), ..code(1, "2026-11-22", 180) };
        let own =
            QrCode { kind: CodeKind::Own { token: Token::new(5).unwrap() }, ..code(2, "2026-11-22", 180) };
        is(&[retired.clone(), own], "2027-05-13T05:00:00Z", "2: 7d after 3m 30d 14d");
        is(&[retired], "2026-12-31T23:00:00Z", "");
    }

    #[test]
    fn a_code_made_for_a_few_days_is_not_reminded_of_on_the_day_it_was_made() {
        let codes = [code(1, "2026-11-22", 10)];
        is(&codes, "2026-11-22T12:00:00Z", "");
        is(&codes, "2026-11-24T06:00:00Z", "1: 7d");
        let one_day = [code(1, "2026-11-22", 1)];
        is(&one_day, "2026-11-22T12:00:00Z", "");
        is(&one_day, "2026-12-22T12:00:00Z", "");
    }

    #[test]
    fn a_code_kept_late_begins_with_the_step_that_it_has_reached() {
        is(&[code(1, "2026-05-30", 180)], "2026-11-22T10:00:00Z", "1: 3d after 3m 30d 14d 7d");
    }

    #[test]
    fn with_a_newer_code_in_its_place_only_the_last_step_is_left() {
        let old = code(1, "2026-11-22", 180);
        let mut new = code(2, "2027-04-01", 180);
        new.documents.reverse();
        let both = [old.clone(), new.clone()];
        is(&both, "2027-05-13T05:00:00Z", "");
        is(&both, "2027-05-20T05:00:00Z", "1: 0d after 3m 30d 14d 7d 3d 1d, now 2");
        is(&both, "2027-06-19T05:00:00Z", "1: 0d after 3m 30d 14d 7d 3d 1d, now 2");
        is(&both, "2027-06-20T05:00:00Z", "");
        let newer_is_over =
            [old.clone(), QrCode { valid_until: "2027-05-25".parse().unwrap(), ..new.clone() }];
        is(
            &newer_is_over,
            "2027-05-25T12:00:00Z",
            "1: 0d after 3m 30d 14d 7d 3d 1d, now 2; 2: 0d after 30d 14d 7d 3d 1d",
        );
        is(&newer_is_over, "2027-05-26T12:00:00Z", "2: 0d after 30d 14d 7d 3d 1d");
        let still = "1: 7d after 3m 30d 14d";
        for other in [
            QrCode { branch: "south".parse().unwrap(), ..new.clone() },
            QrCode { services: vec!["other".parse().unwrap()], ..new.clone() },
            QrCode { documents: vec!["passport".parse().unwrap()], ..new.clone() },
            QrCode { kind: CodeKind::Own { token: Token::new(5).unwrap() }, ..new.clone() },
            QrCode { retired_at: Some(at("2027-05-01T00:00:00Z")), ..new.clone() },
            QrCode { valid_until: old.valid_until, ..new.clone() },
        ] {
            let said = said(&[old.clone(), other], "2027-05-13T05:00:00Z");
            assert!(said.starts_with(still), "{said}");
        }
    }

    #[test]
    fn a_ladder_of_ones_own_in_any_order_works() {
        let codes = [code(1, "2026-11-22", 180)];
        let ladder = Ladder { rungs: vec![Rung::Days(2), Rung::Months(1), Rung::Days(30)], from_hour: 0 };
        let due = due(&codes, &ladder, at("2027-04-20T00:00:00Z"));
        assert_eq!(
            (due[0].rung, &due[0].passed[..]),
            (Rung::Days(30), &[Rung::Months(1)][..]),
            "the same day"
        );
        assert_eq!(
            super::due(&codes, &Ladder { rungs: vec![], from_hour: 0 }, at("2028-01-01T00:00:00Z")),
            []
        );
    }

    /// Every moment of a year: the step only ever climbs, and never twice.
    #[test]
    fn hour_by_hour_through_a_year_each_step_begins_once() {
        let codes = [code(1, "2027-08-30", 183)];
        let mut seen: Vec<Rung> = Vec::new();
        let mut now = at("2027-08-30T00:00:00Z");
        while now < at("2028-08-30T00:00:00Z") {
            if let Some(due) = due(&codes, &Ladder::default(), now).pop()
                && seen.last() != Some(&due.rung)
            {
                assert_eq!(due.passed, seen, "at {now}");
                seen.push(due.rung);
            }
            now += jiff::SignedDuration::from_hours(1);
        }
        let days = [30, 14, 7, 3, 1, 0].map(Rung::Days);
        assert_eq!(seen, [Rung::Months(3)].into_iter().chain(days).collect::<Vec<_>>());
    }
}
