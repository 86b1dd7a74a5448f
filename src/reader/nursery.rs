//! Questions → children that answer them: a place for each child, and one queue for all.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use pages::Opened;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::lock::Confinement;
use super::ocr::{self, OcrFound};
use super::process::{Child, Lost};
use super::{OcrSettings, Settings, Trouble, Wish};

/// A child that had nothing to do for so long leaves: it holds ten megabytes.
const IDLE_MAX: Duration = Duration::from_secs(60);

/// Where an answer goes.
type Reply<A> = oneshot::Sender<Result<A, Trouble>>;

/// A question about documents.
pub(super) enum Ask {
    /// What lies on the pages of this one?
    Open { pdf: Arc<[u8]>, wish: Wish, reply: Reply<Opened> },
    /// What are children locked in by?
    Confinement { reply: Reply<Confinement> },
}

/// A question to the OCR program.
pub(super) enum OcrAsk {
    /// Which one is there?
    Find { reply: Reply<OcrFound> },
    /// What is written on this page?
    Page { found: OcrFound, png: Arc<[u8]>, dpi: String, reply: Reply<String> },
}

/// A queue that several places take from.
type Queue<Q> = Arc<Mutex<mpsc::Receiver<Q>>>;

/// Starts the thread of the children. When the queues are dropped, it ends them and itself.
pub(super) fn open(settings: Settings) -> (mpsc::Sender<Ask>, Option<mpsc::Sender<OcrAsk>>) {
    let (documents, asked) = mpsc::channel(1);
    let (pages, asked_ocr) = mpsc::channel(1);
    let has_ocr = settings.ocr.is_some();
    let live = move || live(settings, asked, asked_ocr);
    // A receiver that is dropped here makes every question end in `NoReader`.
    if let Err(fault) = std::thread::Builder::new().name("skrynka-reader".to_owned()).spawn(live) {
        tracing::error!(%fault, "no thread can be started for the children that read documents");
    }
    (documents, has_ocr.then_some(pages))
}

/// The life of the thread: the kernel ends its children with it.
fn live(settings: Settings, documents: mpsc::Receiver<Ask>, pages: mpsc::Receiver<OcrAsk>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(fault) => {
            tracing::error!(%fault, "no runtime can be started for the children that read documents");
            return;
        }
    };
    runtime.block_on(async {
        let settings = Arc::new(settings);
        let (documents, pages) = (Arc::new(Mutex::new(documents)), Arc::new(Mutex::new(pages)));
        let known = Arc::default();
        let mut places = JoinSet::new();
        for _ in 0..settings.children.max(1) {
            let place = Place { settings: settings.clone(), known: Arc::clone(&known), child: None };
            places.spawn(place.serve(documents.clone()));
        }
        if let Some(ocr) = &settings.ocr {
            for _ in 0..ocr.at_once.max(1) {
                places.spawn(serve_ocr(settings.clone(), ocr.clone(), pages.clone()));
            }
        }
        drop((documents, pages));
        while places.join_next().await.is_some() {}
    });
}

async fn next<Q>(queue: &Queue<Q>) -> Option<Q> {
    queue.lock().await.recv().await
}

/// The place of a child.
struct Place {
    settings: Arc<Settings>,
    known: Arc<OnceLock<Confinement>>,
    child: Option<Child>,
}

impl Place {
    async fn serve(mut self, queue: Queue<Ask>) {
        loop {
            let asked = match timeout(IDLE_MAX, next(&queue)).await {
                Ok(Some(asked)) => asked,
                Ok(None) => break,
                Err(_) => {
                    self.retire().await;
                    continue;
                }
            };
            match asked {
                Ask::Confinement { reply } => {
                    let told = self.confinement().await;
                    let _ = reply.send(told);
                }
                Ask::Open { pdf, wish, reply } => self.answer(&pdf, &wish, reply).await,
            }
        }
        self.retire().await;
    }

    async fn answer(&mut self, pdf: &[u8], wish: &Wish, mut reply: Reply<Opened>) {
        let told = tokio::select! {
            biased;
            () = reply.closed() => None,
            told = self.read(pdf, wish) => Some(told),
        };
        match told {
            Some(told) => {
                let _ = reply.send(told);
                self.retire_if_spent().await;
            }
            // Nobody waits: a child that still reads is ended with it. One that did not begin is spared.
            None => {
                if let Some(child) = self.child.take_if(|child| child.is_busy) {
                    child.kill().await;
                }
            }
        }
    }

    /// A document that broke a child that others had used before may have found it broken: a fresh one decides.
    async fn read(&mut self, pdf: &[u8], wish: &Wish) -> Result<Opened, Trouble> {
        let was_used = self.child.as_ref().is_some_and(|child| child.documents > 0);
        let told = self.read_once(pdf, wish).await;
        let is_gone = self.child.as_ref().is_none_or(|child| child.is_broken);
        if was_used && is_gone && matches!(told, Err(Trouble::Broke | Trouble::TookTooMuch)) {
            self.retire().await;
            return self.read_once(pdf, wish).await;
        }
        told
    }

    async fn read_once(&mut self, pdf: &[u8], wish: &Wish) -> Result<Opened, Trouble> {
        let patience = self.settings.open_timeout;
        let child = self.ready().await?;
        let answered = timeout(patience, child.ask(pdf, wish)).await;
        match answered {
            Ok(Ok(told)) => told,
            Ok(Err(Lost::Gone)) => match self.child.take() {
                Some(child) => Err(child.end().await),
                None => Err(Trouble::Broke),
            },
            Ok(Err(Lost::Nonsense(why))) => {
                tracing::warn!(why, "a document made the child that read it answer nonsense");
                self.kill().await;
                Err(Trouble::Broke)
            }
            Err(_) => {
                self.kill().await;
                Err(Trouble::TookTooLong)
            }
        }
    }

    /// The child, started if there is none.
    async fn ready(&mut self) -> Result<&mut Child, Trouble> {
        let child = match self.child.take() {
            Some(child) => child,
            None => {
                let child = Child::start(&self.settings).await?;
                tell(&self.known, child.confinement);
                child
            }
        };
        Ok(self.child.insert(child))
    }

    async fn confinement(&mut self) -> Result<Confinement, Trouble> {
        match self.known.get() {
            Some(known) => Ok(*known),
            None => self.ready().await.map(|child| child.confinement),
        }
    }

    async fn retire_if_spent(&mut self) {
        let most = self.settings.documents_per_child;
        if self.child.as_ref().is_some_and(|child| child.is_broken || child.documents >= most) {
            self.retire().await;
        }
    }

    async fn retire(&mut self) {
        if let Some(child) = self.child.take() {
            child.end().await;
        }
    }

    async fn kill(&mut self) {
        if let Some(child) = self.child.take() {
            child.kill().await;
        }
    }
}

/// Says once what children are locked in by.
fn tell(known: &OnceLock<Confinement>, confinement: Confinement) {
    if known.set(confinement).is_err() {
        return;
    }
    if confinement.is_whole() {
        tracing::info!(%confinement, "documents are opened in locked-in children");
    } else {
        tracing::warn!(%confinement, "documents are opened in children that this kernel cannot lock in wholly");
    }
}

async fn serve_ocr(settings: Arc<Settings>, ocr: OcrSettings, queue: Queue<OcrAsk>) {
    while let Some(asked) = next(&queue).await {
        match asked {
            OcrAsk::Find { reply } => answer(reply, ocr::find(&settings, &ocr)).await,
            OcrAsk::Page { found, png, dpi, reply } => {
                answer(reply, ocr::page(&settings, &ocr, &found, &png, &dpi)).await;
            }
        }
    }
}

/// Works as long as somebody waits; the process of dropped work is killed.
async fn answer<A>(mut reply: Reply<A>, work: impl Future<Output = Result<A, Trouble>>) {
    let told = tokio::select! {
        biased;
        () = reply.closed() => return,
        told = work => told,
    };
    let _ = reply.send(told);
}
