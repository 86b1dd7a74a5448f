//! Strangers' PDFs and pictures of pages → what lies on them, by child processes that are locked in and killed in time.
//!
//! A child is this program again (`skrynka reader`), started with an empty environment. Before it reads the first byte it
//! gives up everything that it does not need: it can open nothing, connect to nothing, start nothing, and has so much
//! memory and time and no more. A document that breaks, hangs or seizes its child costs that child and gets a
//! [`Trouble`]; the daemon goes on. What a child answers is a stranger's data too: bounded and checked before anybody
//! uses it. A child reads some documents one after another, since starting it costs more than reading a page; one that
//! failed on a document reads no other.
//!
//! OCR is a program of somebody else (Tesseract). It gets a process of its own for each page, locked in the same way.
//!
//! The children are born and reaped by one thread that lives as long as the [`Reader`]: the kernel ends a child when the
//! thread that started it ends, so that none outlives the daemon, however that dies.

mod check;
mod child;
mod frame;
mod lock;
mod nursery;
mod ocr;
mod process;
mod settings;
mod trouble;

use std::sync::{Arc, OnceLock};

use tokio::sync::{mpsc, oneshot};

#[cfg(debug_assertions)]
pub use child::attempt;
pub use child::{Orders, Wish, serve};
pub use lock::{Bar, Confinement, Landlock, Limits};
pub use ocr::{OcrFound, exec as exec_ocr};
pub use settings::{OcrSettings, Settings};
pub use trouble::Trouble;

use nursery::{Ask, OcrAsk};

/// Reads documents in child processes. Cloning is cheap; the last clone that is dropped ends the children.
#[derive(Clone, Debug)]
pub struct Reader {
    documents: mpsc::Sender<Ask>,
    pages: Option<mpsc::Sender<OcrAsk>>,
    pdf_bytes_max: u64,
    found: Arc<OnceLock<OcrFound>>,
}

impl Reader {
    /// A reader with these settings. No child is started before the first document.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        // The child holds the document, and what it unpacks of it beside it.
        let pdf_bytes_max = settings.memory_bytes_max / 4;
        let (documents, pages) = nursery::open(settings);
        Self { documents, pages, pdf_bytes_max, found: Arc::default() }
    }

    /// Opens a document and tells what was wished of it.
    ///
    /// Waits for a free child. A caller that stops waiting ends the child that reads for it.
    ///
    /// # Errors
    /// When the document cannot be read, or broke its child.
    pub async fn open(&self, pdf: impl Into<Arc<[u8]>>, wish: Wish) -> Result<pages::Opened, Trouble> {
        let pdf = pdf.into();
        if u64::try_from(pdf.len()).is_ok_and(|len| len > self.pdf_bytes_max) {
            return Err(Trouble::TookTooMuch);
        }
        let (reply, answer) = oneshot::channel();
        ask(&self.documents, Ask::Open { pdf, wish, reply }, answer).await
    }

    /// Reads a page by OCR: its words as tab-separated values, as Tesseract writes them.
    ///
    /// # Errors
    /// When there is no OCR program ([`Trouble::NoOcr`]), it was too slow ([`Trouble::OcrLater`]) or failed.
    pub async fn recognise(&self, raster: &pages::Raster) -> Result<String, Trouble> {
        let pages = self.pages.as_ref().ok_or(Trouble::NoOcr)?;
        let found = self.ocr().await.ok_or(Trouble::NoOcr)?;
        let (reply, answer) = oneshot::channel();
        let png = raster.png.bytes.as_slice().into();
        let page = OcrAsk::Page { found, png, dpi: ocr::dpi(raster.scale), reply };
        ask(pages, page, answer).await
    }

    /// The OCR program: none where it is switched off, not installed, or has no Ukrainian. Looked for until it is found.
    pub async fn ocr(&self) -> Option<OcrFound> {
        if let Some(found) = self.found.get() {
            return Some(found.clone());
        }
        let (reply, answer) = oneshot::channel();
        let found = ask(self.pages.as_ref()?, OcrAsk::Find { reply }, answer).await.ok()?;
        Some(self.found.get_or_init(|| found).clone())
    }

    /// What children are locked in by on this machine; starts one where none has said so yet.
    ///
    /// # Errors
    /// When no child can be started.
    pub async fn confinement(&self) -> Result<Confinement, Trouble> {
        let (reply, answer) = oneshot::channel();
        ask(&self.documents, Ask::Confinement { reply }, answer).await
    }
}

/// Puts a question into a queue and waits for its answer. Where nobody answers, the thread of the children is gone.
async fn ask<Q, A>(
    queue: &mpsc::Sender<Q>,
    question: Q,
    answer: oneshot::Receiver<Result<A, Trouble>>,
) -> Result<A, Trouble> {
    queue.send(question).await.map_err(|_| Trouble::NoReader)?;
    answer.await.unwrap_or(Err(Trouble::NoReader))
}
