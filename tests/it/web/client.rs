//! A small browser: keeps cookies, follows nothing, fills in the token of forms.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

/// What a server answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// It has this status and this in its body.
    #[track_caller]
    pub(super) fn says(&self, status: u16, words: &str) -> &Self {
        let text = self.text();
        assert_eq!(self.status, status, "{text}");
        assert!(text.contains(words), "no «{words}» in:\n{text}");
        self
    }

    /// It leads there.
    #[track_caller]
    pub(super) fn leads_to(&self, path: &str) {
        assert_eq!((self.status, self.header("location")), (303, Some(path)), "{}", self.text());
    }
}

/// A browser.
#[derive(Clone)]
pub(super) struct Browser {
    address: SocketAddr,
    pub(super) cookies: BTreeMap<String, String>,
    /// Headers that every request has besides.
    pub(super) more: Vec<(String, String)>,
}

impl Browser {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, cookies: BTreeMap::new(), more: Vec::new() }
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "", b"").await
    }

    /// Sends a form with the token that this browser's forms have.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        self.post_bare(path, &all).await
    }

    /// Sends a form as it is.
    pub(super) async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask("POST", path, "application/x-www-form-urlencoded", body.as_bytes()).await
    }

    /// The token of this browser's forms.
    pub(super) async fn token(&mut self) -> String {
        let page = self.get("/login").await.text();
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    pub(super) async fn ask(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let mut stream = self.send(method, path, kind, body, true).await;
        let mut raw = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut raw)).await.unwrap().unwrap();
        let (head, body) = split_head(&raw);
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer { status, headers, body: body.to_vec() }
    }

    /// Opens a stream of events; what it says comes line by line.
    pub(super) async fn events(&mut self, path: &str) -> Events {
        let stream = self.send("GET", path, "", b"", false).await;
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = timeout(PATIENCE, lines.read_line(&mut head)).await.unwrap().unwrap();
            assert!(read > 0, "the stream ended in its head: {head}");
        }
        Events { lines, head }
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: &[u8], close: bool) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for (name, value) in &self.more {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.cookies.is_empty() {
            let all: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            head.push_str(&format!("Cookie: {}\r\n", all.join("; ")));
        }
        if method == "POST" {
            head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
        }
        if close {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        stream
    }
}

fn split_head(raw: &[u8]) -> (String, &[u8]) {
    let at = raw.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8_lossy(&raw[..at]).into_owned(), &raw[at + 4..])
}

/// One event.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) data: String,
}

/// A stream of events.
pub(super) struct Events {
    lines: BufReader<TcpStream>,
    pub(super) head: String,
}

impl Events {
    /// The next event; none at the end of the stream.
    pub(super) async fn next(&mut self) -> Option<Event> {
        let (mut event, mut line) =
            (Event { kind: String::new(), id: String::new(), data: String::new() }, String::new());
        loop {
            line.clear();
            if timeout(PATIENCE, self.lines.read_line(&mut line)).await.unwrap().unwrap_or(0) == 0 {
                return None;
            }
            let text = line.trim_end();
            match text.split_once(": ").or_else(|| text.split_once(':')) {
                Some(("event", kind)) => kind.clone_into(&mut event.kind),
                Some(("id", id)) => id.clone_into(&mut event.id),
                Some(("data", data)) => event.data.push_str(data),
                // Lengths of chunks and comments lie in between.
                _ if text.is_empty() && !event.kind.is_empty() => return Some(event),
                _ => {}
            }
        }
    }
}
