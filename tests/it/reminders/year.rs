//! A year, hour by hour: restarts, days off, a post that is down for days. Every mail is counted.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use skrynka::model::{CodeId, Timestamp};

use super::house::{House, Mood, registry};

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

/// What happens in the year, beside the passing of hours.
async fn happens(house: &mut House, hour: &str) {
    match hour {
        // Both mails of 08.06 are claimed; the first is taken, then the program dies.
        "2027-06-08T05:30" => house.mood(Mood::DiesAfter),
        // Here it dies before the server has it.
        "2027-06-24T05:30" => house.mood(Mood::DiesBefore),
        "2027-07-02T10:30" => assert_eq!(house.register("cnap", "2027-07-02").await, CodeId(3)),
        "2027-07-29T20:30" => {
            house
                .reminders
                .store
                .retire_code(CodeId(2), house.reminders.clock.now())
                .await
                .map(|_| ())
                .unwrap();
        }
        "2027-09-27T10:30" | "2027-12-13T10:30" => house.mood(Mood::Down),
        "2027-10-02T10:30" | "2027-12-22T10:30" => house.mood(Mood::Takes),
        "2027-12-26T10:30" => {
            let mut wanted = registry();
            wanted.branches[0].admins.push("new@x.org".parse().unwrap());
            house.apply(&wanted).await;
        }
        _ => {}
    }
}

/// The daemon is off.
fn off(now: Timestamp) -> bool {
    (at("2027-07-15T10:00:00Z")..at("2027-07-25T12:00:00Z")).contains(&now)
}

const EXPECTED: [&str; 31] = [
    "2027-04-08 cnap@x.org 1",
    "2027-04-08 head@x.org 1",
    "2027-04-30 head@x.org 2",
    "2027-06-08 cnap@x.org 1",
    "2027-06-08 cnap@x.org 1", // the same mail again: nobody knew that it had been taken
    "2027-06-08 head@x.org 1",
    "2027-06-24 cnap@x.org 1",
    "2027-06-24 head@x.org 1",
    "2027-06-30 head@x.org 2",
    "2027-07-01 cnap@x.org 1",
    "2027-07-01 head@x.org 1",
    // From 02.07 on code 3 is in place of code 1: only its last day is left.
    "2027-07-08 cnap@x.org 1",
    "2027-07-08 head@x.org 1",
    // Off from 15.07 to 25.07: of the steps of 16.07 and 23.07 only the second is sent.
    "2027-07-25 head@x.org 2",
    "2027-07-27 head@x.org 2",
    "2027-07-29 head@x.org 2",
    // Retired on the evening before its last day.
    // The post is down from 27.09 to 02.10: the step of 28.09 comes late.
    "2027-10-02 cnap@x.org 3",
    "2027-10-02 head@x.org 3",
    "2027-11-28 cnap@x.org 3",
    "2027-11-28 head@x.org 3",
    // Down from 13.12 to 22.12: the step of 14.12 is overtaken by that of 21.12.
    "2027-12-22 cnap@x.org 3",
    "2027-12-22 head@x.org 3",
    "2027-12-25 cnap@x.org 3",
    "2027-12-25 head@x.org 3",
    // Somebody new gets the step that has been reached.
    "2027-12-26 new@x.org 3",
    "2027-12-27 cnap@x.org 3",
    "2027-12-27 head@x.org 3",
    "2027-12-27 new@x.org 3",
    "2027-12-28 cnap@x.org 3",
    "2027-12-28 head@x.org 3",
    "2027-12-28 new@x.org 3",
];

#[tokio::test]
async fn a_year_hour_by_hour_sends_exactly_these_mails() {
    let mut house = House::at("2027-02-01T00:30:00Z").await;
    assert_eq!(house.register("cnap", "2027-01-10").await, CodeId(1), "until 08.07.2027");
    assert_eq!(house.issue("hotel", "2027-02-01").await, CodeId(2), "until 30.07.2027");
    let mut now = at("2027-02-01T00:30:00Z");
    let (mut hours, mut deaths) = (0, 0);
    while now < at("2028-02-01T00:00:00Z") {
        house.turn_to(now);
        happens(&mut house, &now.to_string()[..16]).await;
        if hours % 100 == 0 {
            house.restart().await;
        }
        if !off(now) && house.pass().await.is_none() {
            deaths += 1;
        }
        hours += 1;
        now += SignedDuration::from_hours(1);
    }
    assert_eq!((hours, deaths), (365 * 24, 2));
    let taken = house.taken();
    let lines: Vec<&str> = taken.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(lines, EXPECTED);
    let mut by_id: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (line, id) in &taken {
        by_id.entry(id).or_default().push(line);
    }
    let again: Vec<_> = by_id.values().filter(|lines| lines.len() > 1).collect();
    assert_eq!(again, [&["2027-06-08 cnap@x.org 1"; 2]], "the one mail that came twice bears one Message-ID");

    let sent = "3m sent, 30d sent, 14d sent, 7d sent";
    for recipient in ["cnap@x.org", "head@x.org"] {
        let last = "3d passed, 1d passed, 0d sent";
        assert_eq!(house.fates(CodeId(1), recipient).await, format!("{sent}, {last}"));
        let third = "3m sent, 30d sent, 14d passed, 7d sent, 3d sent, 1d sent, 0d sent";
        assert_eq!(house.fates(CodeId(3), recipient).await, third);
    }
    assert_eq!(
        house.fates(CodeId(2), "head@x.org").await,
        "3m sent, 30d sent, 14d passed, 7d sent, 3d sent, 1d sent"
    );
    assert_eq!(house.fates(CodeId(2), "cnap@x.org").await, "", "that branch is not hers");
    let joined = "3m passed, 30d passed, 14d passed, 7d passed, 3d sent, 1d sent, 0d sent";
    assert_eq!(house.fates(CodeId(3), "new@x.org").await, joined);
}

#[tokio::test]
async fn two_codes_on_one_day_are_one_mail_and_a_crash_does_not_mix_mails() {
    let mut house = House::at("2027-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    house.issue("hotel", "2026-11-22").await;
    house.mood(Mood::DiesAfter);
    assert!(house.pass().await.is_none());
    // The lease of the dead program is not over.
    assert_eq!(house.pass().await.unwrap().delivered, 0);
    house.turn_to(at("2027-05-13T06:00:00Z"));
    // The next step is due. What may have arrived is not repeated in another mail: it is passed over.
    assert_eq!(house.pass().await.unwrap().delivered, 2);
    let lines: Vec<String> = house.taken().into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, ["2027-05-06 cnap@x.org 1", "2027-05-13 cnap@x.org 1", "2027-05-13 head@x.org 1 2"]);
    assert_eq!(house.fates(CodeId(1), "cnap@x.org").await, "3m passed, 30d passed, 14d passed, 7d sent");
}

#[tokio::test]
async fn a_mail_that_may_have_arrived_is_repeated_as_it_was_and_news_come_in_another() {
    let mut house = House::at("2027-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    house.mood(Mood::DiesAfter);
    assert!(house.pass().await.is_none());
    house.turn_to(at("2027-05-06T07:00:00Z"));
    house.issue("hotel", "2026-11-23").await;
    house.register("hotel", "2026-11-22").await;
    house.pass().await.unwrap();
    let taken = house.taken();
    let lines: Vec<&str> = taken.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(
        lines,
        ["2027-05-06 cnap@x.org 1", "2027-05-06 cnap@x.org 1", "2027-05-06 head@x.org 1 3 2"],
        "the head's mail was never handed over, so the news join it"
    );
    assert_eq!(taken[0].1, taken[1].1);
}

#[tokio::test]
async fn one_refused_recipient_holds_nobody_up_and_a_server_that_is_down_is_asked_once() {
    let mut house = House::at("2027-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    house.mood(Mood::Refuses("cnap@x.org"));
    let done = house.pass().await.unwrap();
    assert_eq!((done.delivered, done.failed), (1, 1));
    let why = done.failure.unwrap();
    assert!(why.contains("c…@x.org") && !why.contains("cnap@x.org"), "{why}");
    assert_eq!(done.next_try, Some(at("2027-05-06T07:00:00Z")), "an hour, for a person must act");
    assert_eq!(house.fates(CodeId(1), "cnap@x.org").await, "3m passed, 30d passed, 14d fired");

    let mut house = House::at("2027-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    house.mood(Mood::Down);
    let done = house.pass().await.unwrap();
    assert_eq!((done.delivered, done.failed, *house.post.tries.lock().unwrap()), (0, 2, 1));
    assert_eq!(done.next_try, Some(at("2027-05-06T06:01:00Z")));
    assert_eq!(house.fates(CodeId(1), "head@x.org").await, "3m passed, 30d passed, 14d claimed");
    assert_eq!(
        house.pass().await.unwrap(),
        skrynka::reminders::Reminded { next_try: Some(at("2027-05-06T06:01:00Z")), ..Default::default() }
    );
    house.turn_to(at("2027-05-06T06:01:00Z"));
    house.mood(Mood::Takes);
    assert_eq!(house.pass().await.unwrap().delivered, 2);
}

#[tokio::test]
async fn without_admins_a_pass_says_so_and_what_left_the_registry_is_not_reminded_of() {
    let mut house = House::at("2027-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    let mut nobody = registry();
    nobody.organisations[0].admins.clear();
    nobody.branches[0].admins.clear();
    house.apply(&nobody).await;
    let done = house.pass().await.unwrap();
    assert_eq!((done.delivered, done.nobody), (0, vec![CodeId(1)]));
    let mut without = registry();
    without.branches.remove(0);
    without.services[0].branches.remove(0);
    house.apply(&without).await;
    assert_eq!(house.pass().await.unwrap(), skrynka::reminders::Reminded::default());
    house.apply(&registry()).await;
    assert_eq!(house.pass().await.unwrap().delivered, 2);
}

#[tokio::test]
async fn two_programs_at_once_send_each_mail_once() {
    let house = House::at("2027-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    let (_never, stop) = tokio::sync::watch::channel(false);
    let beside = house.reminders.clone();
    let (one, other) = tokio::join!(house.reminders.remind(&stop), beside.remind(&stop));
    assert_eq!(one.unwrap().delivered + other.unwrap().delivered, 2);
    assert_eq!(house.taken().len(), 2);
}

#[tokio::test]
async fn a_clock_that_was_far_ahead_does_not_hold_mails_back_for_years() {
    let mut house = House::at("2031-05-06T06:00:00Z").await;
    house.register("cnap", "2026-11-22").await;
    house.mood(Mood::Down);
    house.pass().await.unwrap();
    house.mood(Mood::Takes);
    house.turn_to(at("2027-05-20T06:00:00Z"));
    assert_eq!(house.pass().await.unwrap().delivered, 2);
}
