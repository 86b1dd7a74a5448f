//! Where connections go, and where they never go.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use skrynka::evidence::Settings;
use skrynka::model::Need;

use super::house::{Answer, House, SEQUENCE, Server, Zone, http, near};

fn crl(url: &str) -> Need {
    Need::Crl { url: url.to_owned() }
}

#[tokio::test]
async fn strangers_addresses_are_refused_before_anything_is_asked() {
    let zone = Zone::of(&[]);
    let house = House::with(Settings::default(), Arc::new(()), zone.clone());
    for (url, told) in [
        (
            "ldap://ca.test/cn=ca?certificateRevocationList",
            "`ldap:` addresses are not supported, only http and https",
        ),
        ("file:///etc/passwd", "`file:` addresses are not supported, only http and https"),
        ("http://127.0.0.1/", "127.0.0.1 is at 127.0.0.1, a loopback address, which is not allowed"),
        ("http://[::1]/", "::1 is at ::1, a loopback address, which is not allowed"),
        ("http://0x7f000001/", "127.0.0.1 is at 127.0.0.1, a loopback address, which is not allowed"),
        (
            "http://169.254.169.254/latest/",
            "169.254.169.254 is at 169.254.169.254, a link-local address, which is not allowed",
        ),
        (
            "https://[::ffff:10.0.0.1]/",
            "::ffff:10.0.0.1 is at ::ffff:10.0.0.1, an IPv4 address mapped into IPv6, which is not allowed",
        ),
        (
            "http://[64:ff9b::a00:1]/",
            "64:ff9b::a00:1 is at 64:ff9b::a00:1, an IPv4 address behind NAT64, which is not allowed",
        ),
        ("http://8.8.8.8:22/", "8.8.8.8: port 22 is not allowed"),
        ("http://user:secret@8.8.8.8/", "the address cannot be used: it holds a login"),
    ] {
        assert_eq!(house.fault(&crl(url)).await, told);
    }
    assert_eq!(zone.questions.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_public_name_that_leads_to_an_inner_address_is_refused() {
    let zone = Zone::of(&[
        ("ca.test", &[&["127.0.0.1"]]),
        ("both.test", &[&["10.0.0.1", "fd00::1"]]),
        ("empty.test", &[&[]]),
    ]);
    let house = House::with(Settings::default(), Arc::new(()), zone);
    let told = house.fault(&crl("http://ca.test/a.crl")).await;
    assert_eq!(told, "ca.test is at 127.0.0.1, a loopback address, which is not allowed");
    assert!(house.fault(&crl("http://both.test/")).await.contains("not allowed"));
    assert_eq!(
        house.fault(&crl("http://empty.test/")).await,
        "empty.test: the name is not resolved: no addresses"
    );
    assert_eq!(
        house.fault(&crl("http://gone.test/")).await,
        "gone.test: the name is not resolved: no such name"
    );
}

#[tokio::test]
async fn a_name_that_moves_to_an_inner_address_is_refused_at_the_next_connection() {
    let server = Server::start(|number, _| match number {
        0 => Answer::Bytes(http("302 Found", "Location: /moved.crl\r\n", b"")),
        _ => Answer::Bytes(http("200 OK", "", SEQUENCE)),
    })
    .await;
    // 127.0.0.1 stands for the address that is allowed; the server listens on 127.0.0.2 as well.
    let zone = Zone::of(&[("ca.test", &[&["127.0.0.1"], &["127.0.0.2"]])]);
    let house = House::with(near(&[&server]), Arc::new(()), zone.clone());
    let need = crl(&format!("http://ca.test:{}/a.crl", server.port));
    let fault = house.one(&need).await.fault.unwrap();
    assert_eq!(fault.to_string(), "ca.test is at 127.0.0.2, a loopback address, which is not allowed");
    assert_eq!((server.asked().len(), zone.questions.load(Ordering::SeqCst)), (1, 2));
}

#[tokio::test]
async fn a_name_is_asked_for_once_a_connection_and_its_host_is_told_to_the_server() {
    let server = Server::saying(http("200 OK", "", SEQUENCE)).await;
    let zone = Zone::of(&[("ca.test", &[&["127.0.0.2", "127.0.0.1"]])]);
    let house = House::with(near(&[&server]), Arc::new(()), zone.clone());
    let need = crl(&format!("http://CA.test:{}/a.crl", server.port));
    assert!(house.one(&need).await.fault.is_none(), "the address that is allowed is used");
    assert_eq!(zone.questions.load(Ordering::SeqCst), 1);
    assert!(server.asked()[0].contains(&format!("host: ca.test:{}\r\n", server.port)));
}

#[tokio::test]
async fn redirects_are_followed_three_times_and_judged_each_time() {
    let server = Server::start(|_, asked| {
        let path = asked.split(' ').nth(1).unwrap();
        let to = |place: &str| Answer::Bytes(http("301 Moved", &format!("Location: {place}\r\n"), b"<html>"));
        match path {
            "/3" => to("2"),
            "/2" => to("/1"),
            "/1" => to("/0"),
            "/0" => Answer::Bytes(http("200 OK", "", SEQUENCE)),
            "/round" => to("/round"),
            "/inner" => to("http://127.0.0.2/"),
            "/metadata" => to("http://169.254.169.254/latest/"),
            "/ldap" => to("ldap://ca.test/"),
            "/login" => to("http://a:b@127.0.0.1/"),
            "/port" => to("http://127.0.0.1:22/"),
            _ => Answer::Bytes(http("302 Found", "", b"")),
        }
    })
    .await;
    let house = House::near(&[&server]);
    let at = |path: &str| crl(&server.url(path));
    assert!(house.one(&at("/3")).await.fault.is_none());
    for (path, told) in [
        ("/round", "127.0.0.1: more than 3 redirects"),
        ("/inner", "127.0.0.2 is at 127.0.0.2, a loopback address, which is not allowed"),
        ("/metadata", "169.254.169.254 is at 169.254.169.254, a link-local address, which is not allowed"),
        ("/ldap", "`ldap:` addresses are not supported, only http and https"),
        ("/login", "127.0.0.1: a redirect that cannot be followed: it holds a login"),
        ("/port", "127.0.0.1: port 22 is not allowed"),
        ("/nowhere", "127.0.0.1: a redirect that cannot be followed: it names no place"),
    ] {
        assert_eq!(house.fault(&at(path)).await, told);
    }
}

#[tokio::test]
async fn a_question_that_is_redirected_is_posted_again() {
    let server = Server::start(|number, _| match number {
        0 => Answer::Bytes(http("302 Found", "Location: /there\r\n", b"")),
        1 => Answer::Bytes(http("200 OK", "", super::house::OCSP)),
        _ => Answer::Bytes(http("303 See Other", "Location: /page\r\n", b"")),
    })
    .await;
    let house = House::near(&[&server]);
    assert!(house.one(&server.ocsp(7)).await.fault.is_none());
    let asked = server.asked();
    assert!(asked[1].starts_with("POST /there ") && asked[1].ends_with("\r\n\r\n\u{30}\u{1}\u{7}"));
    assert!(house.fault(&server.ocsp(8)).await.ends_with("it leads to a page, not to a responder"));
}
