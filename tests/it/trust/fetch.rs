//! `skrynka trust fetch` from a server on loopback: what came goes the way of a file, and what is none is named.

use super::{Publisher, fingerprint, list, publisher, root};
use crate::evidence::house::{Answer, Server, http};
use crate::program::{CONFIG, Desk, Said};

/// A desk that may ask these servers and nobody else.
fn desk(lines: &str, servers: &[&Server]) -> Desk {
    let desk = Desk::new();
    let places: Vec<String> = servers.iter().map(|server| format!("\"127.0.0.1:{}\"", server.port)).collect();
    let evidence = format!("[evidence]\naddresses_allowed = [{}]\n{lines}", places.join(", "));
    desk.write("skrynka.toml", format!("{CONFIG}\n{evidence}"));
    desk
}

/// What `trust fetch` says of a server that always gives this.
#[track_caller]
fn said_of(desk: &Desk, server: &Server, path: &str, more: &[&str]) -> Said {
    let url = server.url(path);
    desk.run(&[&["trust", "fetch", url.as_str()], more].concat())
}

fn is_empty(desk: &Desk) -> bool {
    !desk.path().join("trust").exists()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_fetched_counts_by_its_compared_signer_as_a_file_does() {
    let Publisher { key, signer, authority } = publisher();
    let issue = |number| list(number, "2099-01-01T00:00:00Z", &authority, &key, &signer).into_bytes();
    let (seventh, eighth) = (issue(7), issue(8));
    let server = Server::start(move |number, _| {
        Answer::Bytes(http("200 OK", "", if number < 3 { &seventh } else { &eighth }))
    });
    let server = server.await;
    let desk = desk("", &[&server]);
    said_of(&desk, &server, "/tsl/TL-UA.xml", &[]).refused(1, "nothing was taken in");
    said_of(&desk, &server, "/tsl/TL-UA.xml", &["--yes", &"ab".repeat(32)])
        .refused(1, "nothing was taken in");
    assert!(is_empty(&desk), "nothing without a compared fingerprint");
    let said = said_of(&desk, &server, "/tsl/TL-UA.xml?issue=7", &["--yes", &fingerprint(&signer)]).good();
    assert!(said.contains("trusted for everything: Центр зі списку"), "{said}");
    // A later issue of the pinned signer needs no question.
    assert!(said_of(&desk, &server, "/tsl/TL-UA.xml", &[]).good().contains("taken in"));
    let listed = desk.run(&["trust", "list"]).good();
    assert!(listed.contains("UA No. 8"), "{listed}");
    let history = desk.run(&["trust", "list", "--history", "--json"]).json();
    let from: Vec<&str> =
        history["history"].as_array().unwrap().iter().map(|entry| entry["from"].as_str().unwrap()).collect();
    assert_eq!(from[2], server.url("/tsl/TL-UA.xml"), "the history says where it came from");
    let asked = server.asked();
    assert_eq!(asked.len(), 4, "one request each: {asked:?}");
    assert!(asked[0].starts_with("GET /tsl/TL-UA.xml HTTP/1.1\r\n"), "{}", asked[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_fetched_is_compared_too() {
    let root = root(900);
    let server = Server::saying(http("200 OK", "Content-Type: text/plain\r\n", &root)).await;
    let desk = desk("", &[&server]);
    said_of(&desk, &server, "/", &[]).refused(1, "nobody answered; nothing was taken in");
    let said = said_of(&desk, &server, "/", &["--yes", &fingerprint(&root)]).good();
    assert!(said.contains("1 taken in"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_changed_on_its_way_is_refused() {
    let Publisher { key, signer, authority } = publisher();
    let good = list(7, "2099-01-01T00:00:00Z", &authority, &key, &signer);
    let changed = good.replace("<SchemeTerritory>UA", "<SchemeTerritory>XX");
    let server = Server::saying(http("200 OK", "", changed.as_bytes())).await;
    let desk = desk("", &[&server]);
    said_of(&desk, &server, "/list.xml", &["--yes", &fingerprint(&signer)])
        .refused(1, "it was changed after signing");
    assert!(is_empty(&desk));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_of_trust_is_named() {
    let page =
        Server::saying(http("200 OK", "Content-Type: application/xml\r\n", b"<!doctype html><p>Login"));
    let nothing = Server::saying(http("200 OK", "", b""));
    let text = Server::saying(http("200 OK", "", b"no certificate at all"));
    let gone = Server::saying(http("404 Not Found", "", b"<TrustServiceStatusList/>"));
    let (page, nothing, text, gone) = (page.await, nothing.await, text.await, gone.await);
    let desk = desk("", &[&page, &nothing, &text, &gone]);
    for (server, sentence) in [
        (&page, "a web page instead of a file"),
        (&nothing, "an empty answer"),
        (&text, "neither a certificate (DER or PEM) nor a bundle"),
        (&gone, "HTTP status 404"),
    ] {
        said_of(&desk, server, "/list.cer", &[]).refused(1, sentence);
    }
    assert!(is_empty(&desk));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_any_list_is_refused_by_its_length_or_where_it_ends() {
    let promised = b"HTTP/1.1 200 OK\r\nContent-Length: 33554433\r\n\r\n<".to_vec();
    let promising = Server::start(move |_, _| Answer::Bytes(promised.clone())).await;
    let endless = Server::start(|_, _| {
        Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\n<TrustServiceStatusList>".to_vec(), vec![b' '; 64 * 1024])
    });
    let endless = endless.await;
    let desk = desk("", &[&promising, &endless]);
    for server in [&promising, &endless] {
        said_of(&desk, server, "/list.xml", &[]).refused(1, "more than 33554432 octets");
    }
    assert!(is_empty(&desk));
}

#[tokio::test(flavor = "multi_thread")]
async fn inner_addresses_are_refused_also_behind_a_redirect_unless_they_are_allowed() {
    let root = root(900);
    let body = http("200 OK", "", &root);
    let inner = Server::start(move |_, _| Answer::Bytes(body.clone())).await;
    let refused = Desk::new();
    said_of(&refused, &inner, "/", &[]).refused(1, "`addresses_allowed` in [evidence]");
    let to = format!("Location: http://127.0.0.2:{}/root.cer\r\n", inner.port);
    let outer = Server::saying(http("302 Found", &to, b"")).await;
    let first = desk("", &[&outer, &inner]);
    let yes = fingerprint(&root);
    said_of(&first, &outer, "/", &["--yes", &yes]).refused(1, "127.0.0.2");
    assert!(inner.asked().is_empty() && is_empty(&first), "it was not even asked");
    let places =
        format!("addresses_allowed = [\"127.0.0.0/8:{}\", \"127.0.0.1:{}\"]", inner.port, outer.port);
    first.write("skrynka.toml", format!("{CONFIG}\n[evidence]\n{places}\n"));
    said_of(&first, &outer, "/", &["--yes", &yes]).good();
    assert_eq!((outer.asked().len(), inner.asked().len()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_without_end_is_given_up() {
    let server = Server::saying(http("301 Moved Permanently", "Location: /again\r\n", b"")).await;
    let desk = desk("", &[&server]);
    said_of(&desk, &server, "/", &[]).refused(1, "more than 3 redirects");
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configured_proxy_is_asked_and_the_switch_is_obeyed() {
    let root = root(900);
    let proxy = Server::saying(http("200 OK", "", &root)).await;
    let through = desk(&format!("proxy = \"http://127.0.0.1:{}\"\n", proxy.port), &[]);
    let url = "http://ca.example.test/root.cer";
    through.run(&["trust", "fetch", url, "--yes", &fingerprint(&root)]).good();
    let asked = proxy.asked();
    assert!(asked[0].starts_with("GET http://ca.example.test/root.cer HTTP/1.1\r\n"), "{}", asked[0]);
    let off = desk("fetch = false\n", &[&proxy]);
    said_of(&off, &proxy, "/root.cer", &[]).refused(1, "run `skrynka trust import FILE`");
    assert_eq!(proxy.asked().len(), 1, "nothing more was asked");
}
