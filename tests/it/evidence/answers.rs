//! What servers answer, and what is made of it.

use std::io::Write;
use std::sync::{Arc, Mutex};

use skrynka::evidence::{CRL_BYTES_MAX, EvidenceFault, OCSP_BYTES_MAX};
use skrynka::model::Need;

use super::house::{Answer, House, OCSP, SEQUENCE, Server, http, near};

#[tokio::test]
async fn a_good_answer_of_each_kind_is_found_as_it_came() {
    let server = Server::start(|_, asked| {
        Answer::Bytes(http("200 OK", "", if asked.starts_with("POST") { OCSP } else { SEQUENCE }))
    })
    .await;
    let house = House::near(&[&server]);
    let needs = [server.ocsp(7), server.crl(), Need::Issuer { url: server.url("/ca.cer?x=1") }];
    let gathered = house.fetcher.gather(&needs, super::house::in_an_hour()).await;
    for (gathered, need) in gathered.iter().zip(&needs) {
        assert_eq!((&gathered.need, &gathered.fault), (need, &None));
        let found = gathered.found.as_ref().unwrap();
        let expected = if matches!(need, Need::Ocsp { .. }) { OCSP } else { SEQUENCE };
        assert_eq!((&found.need, &*found.bytes), (need, expected));
    }
}

#[tokio::test]
async fn a_request_says_what_it_wants_and_nothing_of_its_sender() {
    let server = Server::saying(http("200 OK", "Set-Cookie: a=b\r\n", OCSP)).await;
    let house = House::near(&[&server]);
    house.one(&server.ocsp(7)).await.found.unwrap();
    house.one(&server.ocsp(8)).await.found.unwrap();
    let asked = server.asked();
    let (head, body) = asked[0].split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /ocsp HTTP/1.1");
    lines.sort_unstable();
    let agent = format!("user-agent: skrynka/{}", env!("CARGO_PKG_VERSION"));
    let host = format!("host: 127.0.0.1:{}", server.port);
    let expected = [
        "accept-encoding: identity",
        "accept: application/ocsp-response",
        "connection: close",
        "content-length: 3",
        "content-type: application/ocsp-request",
        &host,
        &agent,
    ];
    assert_eq!(lines, expected);
    assert_eq!(body.as_bytes(), [0x30, 1, 7]);
    assert!(!asked[1].to_ascii_lowercase().contains("cookie"));
}

#[tokio::test]
async fn chunks_are_put_together_and_counted() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server =
        Server::saying([chunked.as_bytes(), b"1\r\n\x30\r\n3\r\n\x02\x05\x00\r\n0\r\n\r\n"].concat()).await;
    assert_eq!(&*House::near(&[&server]).one(&server.crl()).await.found.unwrap().bytes, SEQUENCE);

    let piece = [b"1000\r\n".as_slice(), &[0; 0x1000], b"\r\n"].concat();
    let server = Server::start(move |_, _| Answer::Endless(chunked.into(), piece.clone())).await;
    let fault = House::near(&[&server]).one(&server.ocsp(1)).await.fault.unwrap();
    let host = "127.0.0.1".to_owned();
    assert_eq!(fault, EvidenceFault::TooLarge { host, bytes_max: OCSP_BYTES_MAX });
}

#[tokio::test]
async fn a_body_without_end_is_cut_at_the_limit_of_its_kind() {
    let endless = |_, _: &str| Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\n\x30\x84".to_vec(), vec![1; 1 << 16]);
    let server = Server::start(endless).await;
    let house = House::near(&[&server]);
    assert_eq!(house.fault(&server.ocsp(1)).await, "127.0.0.1: more than 65536 octets");
    assert_eq!(house.fault(&server.crl()).await, format!("127.0.0.1: more than {CRL_BYTES_MAX} octets"));
    let issuer = Need::Issuer { url: server.url("/") };
    assert_eq!(house.fault(&issuer).await, "127.0.0.1: more than 262144 octets");
}

#[tokio::test]
async fn a_length_that_is_too_large_is_refused_before_the_body_and_one_that_lies_is_found_out() {
    let head = |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    // Silence after the head: who waited for the body would wait for ever.
    let server = Server::start(move |_, _| Answer::Silence(head(OCSP_BYTES_MAX + 1))).await;
    assert_eq!(House::near(&[&server]).fault(&server.ocsp(1)).await, "127.0.0.1: more than 65536 octets");

    let server = Server::saying([head(9).as_slice(), SEQUENCE].concat()).await;
    let fault = House::near(&[&server]).one(&server.crl()).await.fault.unwrap();
    assert!(matches!(fault, EvidenceFault::Broken { .. }), "{fault}");

    let server = Server::saying([head(3).as_slice(), SEQUENCE].concat()).await;
    assert_eq!(House::near(&[&server]).fault(&server.crl()).await, "127.0.0.1: DER that ends too early");
}

#[tokio::test]
async fn what_is_not_der_is_named_whatever_its_type_says() {
    let der = "Content-Type: application/pkix-crl\r\n";
    for (body, told) in [
        (&b""[..], "an empty answer"),
        (b"<html><body>Please log in</body></html>", "an HTML or XML page instead of DER"),
        (b"-----BEGIN X509 CRL-----\n", "PEM text instead of DER"),
        (b"hello", "something that is not a DER SEQUENCE"),
        (&[0x30, 2, 5, 0, 0], "DER with octets after its end"),
    ] {
        let server = Server::saying(http("200 OK", der, body)).await;
        assert_eq!(House::near(&[&server]).fault(&server.crl()).await, format!("127.0.0.1: {told}"));
    }
    // And a wrong type is no fault: many servers do not know these.
    let server = Server::saying(http("200 OK", "Content-Type: text/html\r\n", SEQUENCE)).await;
    assert!(House::near(&[&server]).one(&server.crl()).await.fault.is_none());
}

#[tokio::test]
async fn a_responder_that_answers_nothing_is_not_kept() {
    let server = Server::saying(http("200 OK", "", &[0x30, 3, 0x0a, 1, 6])).await;
    let house = House::near(&[&server]);
    assert_eq!(house.fault(&server.ocsp(1)).await, "127.0.0.1: the OCSP responder answers unauthorized");
    assert!(house.shelf.kept.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_is_refused() {
    let server = Server::saying(http("200 OK", "Content-Encoding: gzip\r\n", &[0x1f, 0x8b])).await;
    let told = House::near(&[&server]).fault(&server.crl()).await;
    assert_eq!(told, "127.0.0.1: encoded as gzip, which was not asked for");
    let server = Server::saying(http("200 OK", "Content-Encoding: identity\r\n", SEQUENCE)).await;
    assert!(House::near(&[&server]).one(&server.crl()).await.fault.is_none());
}

#[tokio::test]
async fn a_connection_that_is_cut_or_speaks_something_else_is_named() {
    for words in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Le", b"SSH-2.0-OpenSSH_9.2\r\n", &[0; 100]] {
        let server = Server::saying(words).await;
        let fault = House::near(&[&server]).one(&server.crl()).await.fault.unwrap();
        assert!(matches!(fault, EvidenceFault::Broken { .. }), "{fault}");
    }
    let many = "X: y\r\n".repeat(1000);
    let server = Server::saying(http("200 OK", &many, SEQUENCE)).await;
    let fault = House::near(&[&server]).one(&server.crl()).await.fault.unwrap();
    assert!(matches!(fault, EvidenceFault::Broken { .. }), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_given_up() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n\x30";
    for words in [&b""[..], b"HTTP/1.1 200 OK\r\n", head] {
        let server = Server::start(move |_, _| Answer::Silence(words.to_vec())).await;
        for need in [server.crl(), server.ocsp(1)] {
            let settings = near(&[&server]);
            let patience = settings.patience;
            let house = House::with(settings, Arc::new(()), super::house::Zone::of(&[]));
            let began = tokio::time::Instant::now();
            let fault = house.one(&need).await.fault.unwrap();
            assert!(matches!(fault, EvidenceFault::TimedOut { .. }), "{fault}");
            // The paused clock: it stands still but while everybody waits.
            assert!(began.elapsed() <= patience + std::time::Duration::from_secs(1), "{:?}", began.elapsed());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_answer_that_drips_is_given_up_as_soon_as_a_small_one() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n\x30";
    let server = Server::start(|_, _| Answer::Drip(head.to_vec())).await;
    let (house, patience) = (House::near(&[&server]), near(&[&server]).patience);
    let began = tokio::time::Instant::now();
    assert_eq!(house.fault(&server.crl()).await, "127.0.0.1: too slow while reading the answer");
    assert!(began.elapsed() <= patience + std::time::Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_damaged_answer_is_an_answer_or_a_fault_and_never_ends_the_flight() {
    let whole = http("200 OK", "Cache-Control: max-age=60\r\nETag: \"1\"\r\nAge: 1\r\n", SEQUENCE);
    let server = Server::start(move |number, _| {
        let mut damaged = whole.clone();
        // A fixed sequence (Knuth's MMIX generator): the same damage in every run.
        let mut state = u64::try_from(number).unwrap();
        for _ in 0..=number % 4 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = usize::try_from(state >> 33).unwrap() % damaged.len();
            damaged[place] = state.to_le_bytes()[3];
        }
        damaged.truncate(damaged.len() - if number % 7 == 0 { number % damaged.len() } else { 0 });
        Answer::Bytes(damaged)
    })
    .await;
    let house = House::near(&[&server]);
    let (mut good, mut bad) = (0, 0);
    for number in 0..500 {
        let gathered = house.one(&Need::Crl { url: server.url(&format!("/{number}")) }).await;
        assert_ne!(gathered.fault, Some(EvidenceFault::Abandoned));
        assert_ne!(gathered.found.is_some(), gathered.fault.is_some());
        if gathered.found.is_some() { good += 1 } else { bad += 1 }
    }
    assert!(good > 20 && bad > 100, "{good} good, {bad} bad");
}

/// Takes what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_hosts_and_kinds_and_no_paths() {
    let lines = Lines::default();
    let taken = lines.clone();
    let log =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || taken.clone());
    let _guard = tracing::subscriber::set_default(log.with_ansi(false).finish());
    let server = Server::start(|_, asked| {
        let moved = "Location: /moved-4711\r\n";
        Answer::Bytes(if asked.contains("lost") {
            http("302 Go", moved, b"")
        } else {
            http("200 OK", "", SEQUENCE)
        })
    })
    .await;
    let house = House::near(&[&server]);
    house.one(&Need::Crl { url: server.url("/found?serial=4711") }).await.found.unwrap();
    house.one(&Need::Issuer { url: server.url("/lost?serial=4711") }).await;
    house.one(&Need::Ocsp { url: server.url("/lost?4711"), request: b"4711".to_vec() }).await.fault.unwrap();
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("evidence fetched") && log.contains("evidence cannot be fetched"), "{log}");
    assert!(log.contains("kind=\"ocsp\"") && log.contains("127.0.0.1"), "{log}");
    assert!(!log.contains("4711") && !log.contains("/lost") && !log.contains("/found"), "{log}");
}

#[tokio::test]
async fn other_statuses_are_faults_with_the_pause_that_the_server_wants() {
    let server = Server::saying(http("503 Busy", "Retry-After: 120\r\n", b"<html>")).await;
    let fault = House::near(&[&server]).one(&server.crl()).await.fault.unwrap();
    assert_eq!(fault.to_string(), "127.0.0.1: HTTP status 503");
    assert_eq!(fault.retry_after().unwrap().as_secs(), 120);
    for status in
        ["204 No Content", "206 Partial Content", "304 Not Modified", "401 Unauthorized", "404 Not Found"]
    {
        let server = Server::saying(http(status, "", b"")).await;
        let told = House::near(&[&server]).fault(&server.crl()).await;
        assert_eq!(told, format!("127.0.0.1: HTTP status {}", &status[..3]));
    }
}
