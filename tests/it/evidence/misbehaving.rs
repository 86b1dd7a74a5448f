//! Responders that misbehave, met by a letter: what they say is not believed, the list tells instead, and the letter is
//! filed either way.

use std::sync::Mutex;

use jiff::SignedDuration;
use skrynka::model::{Indication, RevocationSource, RevocationStanding, SubIndication, Timestamp};
use skrynka_fixtures::revocation::{Ocsp, Status};

use super::house::{Answer, Server, http};
use super::live::is_good_by_the_list;
use super::world::{Desk, World, light};

fn ocsp(body: &[u8]) -> Answer {
    Answer::Bytes(http("200 OK", "Content-Type: application/ocsp-response\r\n", body))
}

fn good(desk: &Desk, at: Timestamp) -> Ocsp<'static> {
    Ocsp::about(desk.ocsp, desk.ca, desk.seal.unwrap(), Status::Good, at)
}

/// A letter that meets such a responder is good by the list, and the responder is asked once.
async fn the_list_tells(instead: fn(&Desk, Timestamp) -> Answer) {
    let world = World::new().await;
    world.say(|desk| desk.instead = Some(instead));
    is_good_by_the_list(&world.view(world.file(1).await).await);
    is_good_by_the_list(&world.view(world.file(2).await).await);
    assert_eq!(world.asked("/ocsp"), 1, "then it is left alone for a while");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responder_that_sends_without_end_is_cut() {
    the_list_tells(|_, _| {
        Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\n\x30\x84\x7f\xff\xff\xff".to_vec(), vec![0; 16 * 1024])
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_instead_of_an_answer_is_none() {
    the_list_tells(|_, _| ocsp(b"<!DOCTYPE html><title>Login</title>")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_another_certificate_is_none() {
    the_list_tells(|desk, now| ocsp(&Ocsp::about(desk.ocsp, desk.ca, desk.ca, Status::Good, now).der()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_by_a_responder_that_the_authority_did_not_appoint_is_none() {
    the_list_tells(|desk, now| ocsp(&Ocsp { by: desk.seal.unwrap(), ..good(desk, now) }.der())).await;
}

/// Without a nonce in the question, age is what keeps an answer from being played again.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_answer_that_is_played_again_is_none() {
    the_list_tells(|desk, now| ocsp(&good(desk, now - SignedDuration::from_hours(72)).der())).await;
}

/// No question of ours has a nonce, so that one answer serves a hundred letters: whatever nonce comes proves nothing, and
/// takes nothing from what is signed.
#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_that_nobody_asked_for_changes_nothing() {
    let world = World::new().await;
    world.say(|desk| {
        desk.instead = Some(|desk, now| {
            ocsp(&Ocsp { nonce: Some(b"somebody else's nonce".to_vec()), ..good(desk, now) }.der())
        });
    });
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::TotalPassed, None);
    let standing = &view.verdicts[0].signers[0].revocation[0].standing;
    assert!(
        matches!(standing, RevocationStanding::Good { source: RevocationSource::Ocsp, .. }),
        "{standing:?}"
    );
}

/// Where an inner server would hear of it.
static INNER_PORT: Mutex<u16> = Mutex::new(0);

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_an_inner_address_is_not_followed() {
    let inner = Server::saying(http("200 OK", "", b"")).await;
    *INNER_PORT.lock().unwrap() = inner.port;
    the_list_tells(|_, _| {
        let port = *INNER_PORT.lock().unwrap();
        Answer::Bytes(http("307 Temporary Redirect", &format!("Location: http://127.0.0.1:{port}/\r\n"), b""))
    })
    .await;
    assert!(inner.asked().is_empty());
}

/// The authority's certificate is not in the letter: one round brings it, the next its word on the seal.
#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_is_brought_from_where_trusted_authorities_serve_and_its_responder_asked_then() {
    let mut world = World::new().await;
    world.say(|desk| desk.is_without_authority = true);
    let view = world.view(world.file(1).await).await;
    light(&view, Indication::Indeterminate, Some(SubIndication::NoCertificateChainFound));
    assert_eq!(world.server.asked().len(), 0, "nobody who is trusted serves there");
    // A certificate that the operator has, and that names this host.
    std::fs::write(world.folder.path().join("trust/known.cer"), &world.seal.certificate).unwrap();
    world.restart().await;
    let view = world.view(world.file(2).await).await;
    light(&view, Indication::TotalPassed, None);
    assert_eq!((world.asked("/ca.cer"), world.asked("/ocsp")), (1, 1));
    for number in 3..10 {
        light(&world.view(world.file(number).await).await, Indication::TotalPassed, None);
    }
    assert_eq!((world.asked("/ca.cer"), world.asked("/ocsp")), (1, 1), "once for all letters");
}

/// The only way out is a proxy, and it is cut for two days.
#[tokio::test(flavor = "multi_thread")]
async fn two_days_behind_a_proxy_that_is_cut_leave_letters_filed_and_all_is_settled_when_it_is_back() {
    let world = World::new().await;
    let desk = std::sync::Arc::clone(&world.desk);
    let is_open = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let gate = std::sync::Arc::clone(&is_open);
    let proxy = Server::start(move |_, request| {
        if gate.load(std::sync::atomic::Ordering::SeqCst) {
            desk.lock().unwrap().answer(request)
        } else {
            Answer::Bytes(Vec::new())
        }
    })
    .await;
    let config = format!(
        "[evidence]\naddresses_allowed = [\"127.0.0.1:{}\"]\nproxy = \"http://127.0.0.1:{}\"\n",
        world.server.port, proxy.port
    );
    std::fs::write(world.folder.path().join("skrynka.toml"), config).unwrap();
    let mut world = world;
    world.restart().await;
    let mut ids = Vec::new();
    for number in 0..12 {
        ids.push(world.file(number).await);
        world.turn(4);
        world.pass().await;
    }
    for id in &ids {
        light(&world.view(*id).await, Indication::Indeterminate, Some(SubIndication::TryLater));
    }
    let in_vain = proxy.asked().len();
    assert!(in_vain > 0, "the proxy was asked");
    is_open.store(true, std::sync::atomic::Ordering::SeqCst);
    world.restart().await;
    world.clock.turn(std::time::Duration::from_secs(11 * 60));
    assert_eq!(world.pass().await.changed, 12, "within minutes");
    for id in &ids {
        light(&world.view(*id).await, Indication::TotalPassed, None);
    }
    assert!(world.server.asked().is_empty(), "nothing went past the proxy");
    let asked = &proxy.asked()[in_vain..];
    assert!(asked.len() <= 3, "one question for twelve letters, and the list: {asked:?}");
    assert!(
        asked[0].starts_with(&format!("POST http://127.0.0.1:{}/ocsp ", world.server.port)),
        "{}",
        asked[0]
    );
}
