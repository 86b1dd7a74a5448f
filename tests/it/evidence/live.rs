//! Letters judged by live evidence: what is asked, what is believed, and what is judged again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use skrynka::app::App;
use skrynka::config::{Environment, load};
use skrynka::model::{FilingView, Indication, Reason, RevocationSource, RevocationStanding, SubIndication};

use super::house::Hands;
use super::world::{NOON, World, light};

#[track_caller]
pub(super) fn is_good_by_the_list(view: &FilingView) {
    light(view, Indication::TotalPassed, None);
    let standing = &view.verdicts[0].signers[0].revocation[0].standing;
    assert!(
        matches!(standing, RevocationStanding::Good { source: RevocationSource::Crl, .. }),
        "{standing:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_letters_with_one_seal_ask_its_responder_once() {
    let world = World::new().await;
    let ids = join_all((0..100).map(|number| world.file(number))).await;
    // On a busy machine the answer is on the shelf after some letters were filed without it.
    world.clock.turn(Duration::from_secs(61));
    world.pass().await;
    assert_eq!(world.asked("/ocsp"), 1);
    assert!(world.asked("/full.crl") <= 1, "its list is brought for hours without a line, once");
    for id in ids {
        let view = world.view(id).await;
        light(&view, Indication::TotalPassed, None);
        let standing = &view.verdicts[0].signers[0].revocation[0].standing;
        let is_live = matches!(standing, RevocationStanding::Good { source: RevocationSource::Ocsp, .. });
        assert!(is_live, "{standing:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_seal_is_found_out_when_its_letter_comes() {
    let world = World::new().await;
    world.say(|desk| desk.revoked = Some("2027-02-01T00:00:00Z".parse().unwrap()));
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::Indeterminate, Some(SubIndication::RevokedNoPoe));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_responder_fails_the_list_tells() {
    let world = World::new().await;
    world.say(|desk| desk.has_ocsp = false);
    let view = world.view(world.file(1).await).await;
    is_good_by_the_list(&view);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_days_without_a_line_leave_letters_filed_and_told_and_all_is_settled_after() {
    let mut world = World::new().await;
    world.say(|desk| desk.is_up = false);
    let mut ids = Vec::new();
    for number in 0..12 {
        ids.push(world.file(number).await);
        world.turn(4);
        world.pass().await;
    }
    for id in &ids {
        let view = world.view(*id).await;
        light(&view, Indication::Indeterminate, Some(SubIndication::TryLater));
        let reason = view.verdicts[0].reason.as_ref();
        assert!(matches!(reason, Some(Reason::RevocationUnknown { .. })), "{reason:?}");
        assert_eq!(world.app.store().verdict_history(*id).await.unwrap().len(), 1, "nothing new was learned");
    }
    world.restart().await;
    world.say(|desk| desk.is_up = true);
    world.clock.turn(Duration::from_secs(11 * 60));
    assert_eq!(world.pass().await.changed, 12);
    assert!(world.asked("/ocsp") <= 12 * 2 + 13, "{}", world.asked("/ocsp"));
    for id in &ids {
        let view = world.view(*id).await;
        light(&view, Indication::TotalPassed, None);
        let history = world.app.store().verdict_history(*id).await.unwrap();
        let told: Vec<Indication> = history.iter().map(|verdict| verdict.indication).collect();
        assert_eq!(told, [Indication::Indeterminate, Indication::TotalPassed]);
        assert_eq!(history[0].proof_at, history[1].proof_at, "the proof of existence stays");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_from_before_bears_hours_without_a_line() {
    let world = World::new().await;
    world.say(|desk| desk.has_ocsp = false);
    world.file(1).await;
    world.say(|desk| desk.is_up = false);
    world.turn(5);
    let view = world.view(world.file(2).await).await;
    light(&view, Indication::TotalPassed, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_is_told_late_is_found_and_one_from_later_harms_nobody() {
    let world = World::new().await;
    let id = world.file(1).await;
    light(&world.view(id).await, Indication::TotalPassed, None);
    world.say(|desk| desk.revoked = Some("2027-03-01T13:00:00Z".parse().unwrap()));
    world.turn(2);
    world.pass().await;
    light(&world.view(id).await, Indication::TotalPassed, None);
    world.say(|desk| desk.revoked = Some("2027-03-01T09:00:00Z".parse().unwrap()));
    world.turn(12);
    world.pass().await;
    light(&world.view(id).await, Indication::Indeterminate, Some(SubIndication::RevokedNoPoe));
    assert!(world.app.store().verdict_history(id).await.unwrap().len() >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responders_later_end_takes_nothing_back() {
    let mut world = World::new().await;
    let id = world.file(1).await;
    let before = world.view(id).await.verdicts;
    world.turn(20 * 24);
    world.say(|desk| desk.has_ocsp = false);
    world.pass().await;
    light(&world.view(id).await, Indication::TotalPassed, None);
    world.say(|desk| desk.is_up = false);
    world.restart().await;
    world.app.store().sweep_shelf("2028-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    world.turn(9 * 24);
    world.pass().await;
    let after = world.view(id).await;
    light(&after, Indication::TotalPassed, None);
    assert_eq!(after.verdicts[0].proof_at, before[0].proof_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_nothing_is_fetched() {
    let world = World::with("fetch = false").await;
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::Indeterminate, Some(SubIndication::TryLater));
    world.turn(1);
    world.pass().await;
    assert_eq!(world.server.asked().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_window_nothing_is_judged_again() {
    let world = World::with("review_days = 2").await;
    world.file(1).await;
    world.turn(49);
    assert_eq!(world.pass().await.letters, 0);
    assert_eq!(world.app.store().next_review().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_trust_judges_again_what_was_filed() {
    let mut world = World::new().await;
    let id = world.file(1).await;
    world.pass().await;
    std::fs::remove_file(world.folder.path().join("trust/root.cer")).unwrap();
    world.restart().await;
    assert_eq!(world.pass().await.changed, 1);
    let no_chain = Some(SubIndication::NoCertificateChainFound);
    light(&world.view(id).await, Indication::Indeterminate, no_chain);
    assert_eq!(world.pass().await.letters, 0, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_answer_is_not_believed_and_the_list_tells() {
    let world = World::new().await;
    world.say(|desk| desk.lies = true);
    let view = world.view(world.file(1).await).await;
    is_good_by_the_list(&view);
    world.file(2).await;
    assert_eq!(world.asked("/ocsp"), 1, "it is left alone for a while");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_filed_though_nobody_answers() {
    let world = World::new().await;
    world.say(|desk| desk.is_silent = true);
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::Indeterminate, Some(SubIndication::TryLater));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_its_key() {
    let folder = tempfile::TempDir::new().unwrap();
    for (line, key) in [
        ("addresses_allowed = [\"http://x\"]", "evidence.addresses_allowed"),
        ("proxy = \"proxy:3128\"", "evidence.proxy"),
    ] {
        std::fs::write(folder.path().join("skrynka.toml"), format!("[evidence]\n{line}\n")).unwrap();
        let config = load(&folder.path().join("skrynka.toml"), &Environment::default()).unwrap();
        let clock = Arc::new(Hands(Mutex::new(NOON.parse().unwrap())));
        let Err(fault) = App::open(config, clock).await else { unreachable!("{line} was taken") };
        assert!(format!("{fault:#}").contains(key), "{fault:#}");
    }
}
