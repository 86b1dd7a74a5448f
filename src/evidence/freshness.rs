//! The head of an answer and its nextUpdate → until when nobody asks for it again.

use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderName, RETRY_AFTER};

use super::port::Terms;
use crate::model::{NeedKind, Timestamp};

/// However soon an answer ends: a server that has nothing newer is not asked with every letter.
const FRESH_MIN: Duration = Duration::from_secs(5 * 60);

/// Where neither the answer nor its head says how long it holds.
const FRESH_UNTOLD: Duration = Duration::from_secs(60 * 60);

/// Revocations become known within this time though a list or an answer promises days: authorities publish before
/// their nextUpdate. What is asked again stays in use while no newer answer comes.
const FRESH_MAX: Duration = Duration::from_secs(60 * 60);

/// Certificates do not change; their issuers move them now and then.
const FRESH_MAX_ISSUER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The longest pause that a server is granted for the asking.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60 * 60);

/// The earlier of nextUpdate and what RFC 9111 §4.2 makes of the head, within this module's limits.
pub(super) fn fresh_until(
    kind: NeedKind,
    now: Timestamp,
    next_update: Option<Timestamp>,
    head: &HeaderMap,
) -> Timestamp {
    let by_head = lifetime(head, now).map(|life| later(now, life));
    let told = [next_update, by_head].into_iter().flatten().min();
    let longest = if matches!(kind, NeedKind::Issuer) { FRESH_MAX_ISSUER } else { FRESH_MAX };
    told.unwrap_or_else(|| later(now, FRESH_UNTOLD)).clamp(later(now, FRESH_MIN), later(now, longest))
}

/// Whether what is kept may be used without asking. Not where it is older than a policy bears, and not where it comes
/// from the future: then a clock was set back, and nothing is known of its age.
pub(super) fn fresh(terms: &Terms, now: Timestamp, age_max: Option<Duration>) -> bool {
    let borne = age_max.is_none_or(|age| now < later(terms.confirmed_at, age.max(FRESH_MIN)));
    terms.confirmed_at <= now && now < terms.fresh_until && borne
}

/// RFC 9110 §10.2.3: seconds or a date.
pub(super) fn retry_after(head: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = text(head, &RETRY_AFTER)?;
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => between(now, date(text)?),
    };
    Some(wait.min(RETRY_AFTER_MAX))
}

/// For how long the head says that the answer holds, from now on; none where it says nothing.
fn lifetime(head: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let directives = || head.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let mut max_age = None;
    for directive in directives().flat_map(|value| value.split(',')) {
        let directive = directive.trim().to_ascii_lowercase();
        match directive
            .split_once('=')
            .map_or((directive.as_str(), None), |(name, value)| (name, Some(value)))
        {
            ("no-store" | "no-cache", _) => return Some(Duration::ZERO),
            // Not a number: §4.2.1 wants it taken for stale.
            ("max-age", Some(value)) => max_age = Some(value.trim_matches('"').parse().unwrap_or(0)),
            _ => {}
        }
    }
    let aged = text(head, &AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
    if let Some(seconds) = max_age {
        return Some(Duration::from_secs(seconds).saturating_sub(Duration::from_secs(aged)));
    }
    // §5.3: an invalid date, `0` above all, is one in the past.
    let expires = text(head, &EXPIRES)?;
    let sent_at = text(head, &DATE).and_then(date).unwrap_or(now);
    Some(date(expires).map_or(Duration::ZERO, |until| between(sent_at, until)))
}

fn text<'a>(head: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    head.get(name)?.to_str().ok().map(str::trim)
}

/// RFC 9110 §5.6.7: IMF-fixdate, which is a date of mail.
fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp())
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(from.duration_until(to)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2027-03-01T12:00:00Z".parse().unwrap()
    }

    fn head(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[track_caller]
    fn holds(
        kind: NeedKind,
        next_update: Option<&str>,
        lines: &[(&'static str, &'static str)],
        minutes: i64,
    ) {
        let next_update = next_update.map(|text| text.parse().unwrap());
        let until = fresh_until(kind, now(), next_update, &head(lines));
        assert_eq!(now().duration_until(until).as_mins(), minutes);
    }

    #[test]
    fn the_earlier_of_next_update_and_the_head_counts() {
        let soon = Some("2027-03-01T12:20:00Z");
        holds(NeedKind::Crl, soon, &[], 20);
        holds(NeedKind::Crl, soon, &[("cache-control", "public, max-age=600")], 10);
        holds(NeedKind::Crl, soon, &[("cache-control", "max-age=\"1800\"")], 20);
        holds(NeedKind::Crl, None, &[("cache-control", "MAX-AGE=1800"), ("age", "600")], 20);
        let dates = [("date", "Mon, 01 Mar 2027 11:00:00 GMT"), ("expires", "Mon, 01 Mar 2027 11:30:00 GMT")];
        holds(NeedKind::Ocsp, None, &dates, 30);
    }

    #[test]
    fn nothing_is_asked_for_more_often_or_more_seldom_than_its_kind_bears() {
        holds(NeedKind::Crl, None, &[], 60);
        holds(NeedKind::Crl, Some("2027-03-08T12:00:00Z"), &[], 60);
        holds(NeedKind::Crl, Some("2026-01-01T00:00:00Z"), &[], 5);
        holds(NeedKind::Ocsp, None, &[("cache-control", "no-store")], 5);
        holds(NeedKind::Ocsp, None, &[("cache-control", "max-age=soon")], 5);
        holds(NeedKind::Ocsp, None, &[("expires", "0")], 5);
        holds(NeedKind::Issuer, None, &[("cache-control", "max-age=99999999999999999999")], 5);
        holds(NeedKind::Issuer, None, &[("cache-control", "max-age=18446744073709551615")], 30 * 24 * 60);
    }

    #[test]
    fn what_is_kept_ends_with_its_terms_with_the_policy_and_with_a_clock_set_back() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let terms = Terms {
            fetched_at: at("2027-03-01T10:00:00Z"),
            confirmed_at: at("2027-03-01T11:30:00Z"),
            fresh_until: at("2027-03-01T12:30:00Z"),
            next_update: None,
            etag: None,
            last_modified: None,
        };
        assert!(fresh(&terms, now(), None) && fresh(&terms, now(), Some(Duration::from_secs(3600))));
        assert!(!fresh(&terms, now(), Some(Duration::from_secs(600))), "older than the policy bears");
        assert!(!fresh(&terms, at("2027-03-01T12:30:00Z"), None));
        assert!(!fresh(&terms, at("2027-03-01T11:00:00Z"), None), "from the future");
    }

    #[test]
    fn a_server_may_ask_for_a_pause_of_an_hour_at_most() {
        let pause = |value| retry_after(&head(&[("retry-after", value)]), now()).map(|wait| wait.as_secs());
        assert_eq!(pause("120"), Some(120));
        assert_eq!(pause("Mon, 01 Mar 2027 12:01:00 GMT"), Some(60));
        assert_eq!(pause("Mon, 01 Mar 2027 11:01:00 GMT"), Some(0));
        assert_eq!(pause("999999999"), Some(3600));
        assert_eq!(pause("soon"), None);
    }
}
