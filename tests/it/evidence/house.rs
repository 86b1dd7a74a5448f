//! A server that answers as it is told, a shelf and names in memory, and a clock that is turned.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use skrynka::evidence::{Fetcher, Gathered, Kept, Names, Reader, Settings, Shelf, ShelfError, Terms};
use skrynka::model::{Clock, Digest, Need, Timestamp};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

/// What a server does after it was asked.
pub(crate) enum Answer {
    /// Writes this and closes the connection.
    Bytes(Vec<u8>),
    /// The same, but not before the server's gate has one more place.
    Later(Vec<u8>),
    /// Writes the first, then the second for as long as anybody reads.
    Endless(Vec<u8>, Vec<u8>),
    /// Writes this, keeps the connection open, and says no more.
    Silence(Vec<u8>),
    /// Writes this, then one octet more every second.
    Drip(Vec<u8>),
    /// Becomes a tunnel to this port of loopback, after these words.
    Tunnel(Vec<u8>, u16),
}

/// Gives the answer to the n-th request (from 0), whose text is its head and body.
type Manners = dyn Fn(usize, &str) -> Answer + Send + Sync;

/// A running server on 127.0.0.1 and every other address of loopback.
pub(crate) struct Server {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    pub(super) gate: Arc<Semaphore>,
}

impl Server {
    pub(crate) async fn start(manners: impl Fn(usize, &str) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_with(None, manners).await
    }

    pub(crate) async fn start_with(
        tls: Option<Arc<rustls::ServerConfig>>,
        manners: impl Fn(usize, &str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, gate) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(Semaphore::new(0)));
        let shared =
            (Arc::clone(&asked), Arc::clone(&gate), Arc::<Manners>::from(Box::new(manners) as Box<Manners>));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (asked, gate, manners) = shared.clone();
                let acceptor = tls.clone().map(TlsAcceptor::from);
                tokio::spawn(async move {
                    match acceptor {
                        None => drop(talk(stream, &asked, &gate, &*manners).await),
                        Some(acceptor) => {
                            let Ok(stream) = acceptor.accept(stream).await else { return };
                            drop(talk(stream, &asked, &gate, &*manners).await);
                        }
                    }
                });
            }
        });
        Self { port, asked, gate }
    }

    /// A server that always gives this.
    pub(crate) async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |_, _| Answer::Bytes(bytes.clone())).await
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(super) fn crl(&self) -> Need {
        Need::Crl { url: self.url("/full.crl") }
    }

    pub(super) fn ocsp(&self, request: u8) -> Need {
        Need::Ocsp { url: self.url("/ocsp"), request: vec![0x30, 1, request] }
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    asked: &Mutex<Vec<String>>,
    gate: &Semaphore,
    manners: &Manners,
) -> io::Result<()> {
    let request = request(&mut stream).await?;
    let number = {
        let mut asked = asked.lock().unwrap();
        asked.push(request.clone());
        asked.len() - 1
    };
    match manners(number, &request) {
        Answer::Bytes(bytes) => stream.write_all(&bytes).await?,
        Answer::Later(bytes) => {
            gate.acquire().await.unwrap().forget();
            stream.write_all(&bytes).await?;
        }
        Answer::Endless(first, more) => {
            stream.write_all(&first).await?;
            loop {
                stream.write_all(&more).await?;
            }
        }
        Answer::Silence(bytes) => {
            stream.write_all(&bytes).await?;
            stream.flush().await?;
            std::future::pending::<()>().await;
        }
        Answer::Drip(first) => {
            stream.write_all(&first).await?;
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                stream.write_all(&[0]).await?;
                stream.flush().await?;
            }
        }
        Answer::Tunnel(words, port) => {
            stream.write_all(&words).await?;
            let mut target = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
            tokio::io::copy_bidirectional(&mut stream, &mut target).await?;
        }
    }
    stream.shutdown().await
}

/// The head, and the body where a length is given.
async fn request<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<String> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\n") {
        text.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&text).to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    text.extend(body);
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// An answer of HTTP with a length.
pub(crate) fn http(status: &str, lines: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The smallest thing that looks like a CRL.
pub(super) const SEQUENCE: &[u8] = &[0x30, 2, 5, 0];

/// The smallest thing that looks like a successful OCSP response.
pub(super) const OCSP: &[u8] = &[0x30, 5, 0x0a, 1, 0, 0xa0, 0];

/// A shelf in memory. A clone is the same one.
#[derive(Clone, Default)]
pub(super) struct Memory {
    pub(super) kept: Arc<Mutex<HashMap<Digest, Kept>>>,
    pub(super) gets: Arc<AtomicUsize>,
    pub(super) renewals: Arc<AtomicUsize>,
    pub(super) put: Arc<tokio::sync::Notify>,
    pub(super) broken: bool,
}

impl Shelf for Memory {
    async fn get(&self, need: &Need) -> Result<Option<Kept>, ShelfError> {
        self.gets.fetch_add(1, Ordering::SeqCst);
        if self.broken {
            return Err(ShelfError("the disk is full".into()));
        }
        Ok(self.kept.lock().unwrap().get(&need.key()).cloned())
    }

    async fn put(&self, need: &Need, kept: &Kept) -> Result<(), ShelfError> {
        if self.broken {
            return Err(ShelfError("the disk is full".into()));
        }
        self.kept.lock().unwrap().insert(need.key(), kept.clone());
        self.put.notify_one();
        Ok(())
    }

    async fn renew(&self, need: &Need, terms: &Terms) -> Result<(), ShelfError> {
        self.renewals.fetch_add(1, Ordering::SeqCst);
        self.kept.lock().unwrap().get_mut(&need.key()).unwrap().terms = terms.clone();
        Ok(())
    }
}

/// A clock that is turned by hand.
pub(super) struct Hands(pub(super) Mutex<Timestamp>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

impl Hands {
    pub(super) fn turn(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

/// Names whose addresses change with each question: the lists in turn, the last one for ever.
pub(super) struct Zone {
    pub(super) names: HashMap<&'static str, Vec<Vec<IpAddr>>>,
    pub(super) questions: AtomicUsize,
}

impl Zone {
    pub(super) fn of(names: &[(&'static str, &[&[&str]])]) -> Arc<Self> {
        let addresses = |list: &&[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
        let names = names.iter().map(|(name, lists)| (*name, lists.iter().map(addresses).collect()));
        Arc::new(Self { names: names.collect(), questions: AtomicUsize::new(0) })
    }
}

impl Names for Zone {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let question = self.questions.fetch_add(1, Ordering::SeqCst);
        let lists = self.names.get(host);
        let answer = lists.map(|lists| lists[question.min(lists.len() - 1)].clone());
        Box::pin(async move { answer.ok_or_else(|| io::Error::other("no such name")) })
    }
}

/// A resolver that never answers.
pub(super) struct Mute;

impl Names for Mute {
    fn addresses<'a>(&'a self, _host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(std::future::pending())
    }
}

/// A fetcher and what it works with.
pub(super) struct House {
    pub(super) fetcher: Arc<Fetcher<Memory>>,
    pub(super) shelf: Memory,
    pub(super) clock: Arc<Hands>,
}

impl House {
    /// Whatever is on 127.0.0.1, on these ports, is allowed.
    pub(super) fn near(servers: &[&Server]) -> Self {
        Self::with(near(servers), Arc::new(()), Zone::of(&[]))
    }

    pub(super) fn with(settings: Settings, reader: Arc<dyn Reader>, names: Arc<dyn Names>) -> Self {
        Self::on(Memory::default(), settings, reader, names)
    }

    pub(super) fn on(
        shelf: Memory,
        settings: Settings,
        reader: Arc<dyn Reader>,
        names: Arc<dyn Names>,
    ) -> Self {
        let clock = Arc::new(Hands(Mutex::new("2027-03-01T12:00:00Z".parse().unwrap())));
        let fetcher = Fetcher::with_names(settings, shelf.clone(), reader, clock.clone(), names);
        Self { fetcher: Arc::new(fetcher), shelf, clock }
    }

    /// One need, with more time than a test has.
    pub(super) async fn one(&self, need: &Need) -> Gathered {
        self.fetcher.gather(std::slice::from_ref(need), in_an_hour()).await.remove(0)
    }

    /// The text of the fault that one need ends with.
    #[track_caller]
    pub(super) fn fault(&self, need: &Need) -> impl Future<Output = String> {
        let (fetcher, need) = (Arc::clone(&self.fetcher), need.clone());
        async move {
            let gathered = fetcher.gather(&[need], in_an_hour()).await.remove(0);
            assert!(gathered.found.is_none(), "{gathered:?}");
            gathered.fault.unwrap().to_string()
        }
    }
}

/// Settings that allow these servers on 127.0.0.1.
pub(super) fn near(servers: &[&Server]) -> Settings {
    let allowed = servers.iter().map(|server| format!("127.0.0.1:{}", server.port).parse().unwrap());
    Settings { addresses_allowed: allowed.collect(), ..Settings::default() }
}

pub(super) fn in_an_hour() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}
