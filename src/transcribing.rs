//! A copy's bytes → what its pages say, with its pictures: opened in a sandboxed child, read in the first of three ways that
//! gives words.
//!
//! The text layer comes first, outlines by the alphabet of shapes second, OCR last and only for what the others leave.
//! What sealed copies teach of a typeface goes into the alphabet ([`Lesson`]); nobody else's copies teach anything.

mod documents;
mod lesson;
mod letters;
mod lines;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use pages::{Alphabet, OcrWord, Opened, Way};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::model::{
    CopyPicture, PictureKind, ReaderRevision, Reading, ReadingTrouble, ReadingWay, Timestamp,
};
use crate::reader::{Reader, Trouble, Wish};
use crate::reading::{self, PageLines, Templates};
use crate::store::StoreError;

pub use documents::{Document, documents};
pub use lesson::Lesson;
pub use letters::{Letters, change as change_alphabet, in_use as alphabet_in_use};

/// How long the copies of one letter may take in all. Text and outlines take some milliseconds; OCR takes seconds a page,
/// so that a letter never waits for it: see [`Transcriber::quickly`].
pub const READING_PATIENCE: Duration = Duration::from_secs(8);

/// The revision of how copies are read: what an earlier one left unread is read again. Raise it with each change that
/// reads more.
pub const REVISION: u32 = 2;

/// Width of a thumbnail, pixels: its PNG stays below 60 KB, see the crate `opener`.
const THUMBNAIL_PX: u32 = 240;
/// Longest side of the holder's photo, pixels: more than the copies have.
const PHOTO_PX: u32 = 480;
/// Resolution for OCR: Tesseract is trained on about 300; 200 reads copies as well in half the time.
const OCR_DPI: u32 = 200;
/// Pages that OCR reads of one copy. Copies have one page, the longest some three.
const OCR_PAGES_MAX: u32 = 6;

/// Reads copies. Cloning is cheap.
#[derive(Clone)]
pub struct Transcriber {
    reader: Reader,
    templates: Arc<Templates>,
    letters: Letters,
    pages_max: u32,
    leaves_ocr: bool,
    patience: Duration,
    left: Arc<Notify>,
}

/// What reading a copy gave.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// What its pages say.
    pub reading: Reading,
    /// Its thumbnail and the holder's photo.
    pub pictures: Vec<CopyPicture>,
    /// What it can teach, if it is sealed; [`Transcriber::read_letter`] has taken it.
    pub lesson: Option<Lesson>,
}

/// What reading the copies of a letter gave, in their order.
#[derive(Clone, Debug, Default)]
pub struct Transcripts {
    /// One for each copy; none for a document that is not in the letter.
    pub all: Vec<Option<Transcript>>,
    /// What read them.
    pub read_by: ReaderRevision,
}

/// A copy of which the text layer and the outlines were read.
struct Looked {
    opened: Opened,
    lines: Vec<PageLines>,
    read: Reading,
    wants_ocr: bool,
}

/// What OCR saw: the lines, and the words of the first page, from which shapes are learnt.
#[derive(Default)]
struct Recognised {
    lines: Vec<PageLines>,
    first: Vec<OcrWord>,
}

impl Transcriber {
    /// A transcriber over children, templates and an alphabet.
    #[must_use]
    pub fn new(reader: Reader, templates: Arc<Templates>, letters: Letters, pages_max: u32) -> Self {
        let (leaves_ocr, patience, left) = (false, READING_PATIENCE, Arc::default());
        Self { reader, templates, letters, pages_max, leaves_ocr, patience, left }
    }

    /// The same, which leaves to others what only OCR can read, and says so.
    #[must_use]
    pub fn quickly(&self) -> Self {
        Self { leaves_ocr: true, ..self.clone() }
    }

    /// The same, which takes so long for the copies of one letter, OCR included.
    #[must_use]
    pub fn patiently(&self, patience: Duration) -> Self {
        Self { leaves_ocr: false, patience, ..self.clone() }
    }

    /// The same with other templates: the children and the alphabet stay.
    #[must_use]
    pub fn by_templates(&self, templates: Arc<Templates>) -> Self {
        Self { templates, ..self.clone() }
    }

    /// Pages of a document that are looked at, from the first.
    #[must_use]
    pub fn pages_max(&self) -> u32 {
        self.pages_max
    }

    /// How long the copies of one letter may take.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Something that only OCR can read was filed: whoever does that need not wait longer.
    pub fn leave_ocr(&self) {
        self.left.notify_one();
    }

    /// Waits until [`Transcriber::leave_ocr`] was called, by whatever clone.
    pub async fn ocr_was_left(&self) {
        self.left.notified().await;
    }

    /// Who opens the copies.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The alphabet in use.
    #[must_use]
    pub fn letters(&self) -> &Letters {
        &self.letters
    }

    /// Reads the copies of a letter beside each other, and learns from those that may teach.
    ///
    /// # Errors
    /// When the store cannot give or keep the alphabet. A copy that cannot be read is an answer.
    pub async fn read_letter(
        &self,
        documents: &[Option<Document>],
        at: Timestamp,
        deadline: Instant,
    ) -> Result<Transcripts, StoreError> {
        let (alphabet, letters) = self.letters.now().await?;
        let read = async |document: &Option<Document>| {
            let Document { pdf, file_name, teaches } = document.as_ref()?;
            let teaches = teaches.is_some();
            Some(self.read_it(Arc::clone(pdf), file_name, None, &alphabet, deadline, teaches).await)
        };
        let mut all = join_all(documents.iter().map(read)).await;
        let taught = documents.iter().zip(&mut all).filter_map(|(document, transcript)| {
            let lesson = transcript.as_mut()?.lesson.take()?;
            Some((document.as_ref()?.teaches?, lesson))
        });
        self.letters.learn(&taught.collect::<Vec<_>>(), at).await?;
        Ok(Transcripts { all, read_by: ReaderRevision { program: REVISION, letters } })
    }

    /// Reads one copy, by `only` this way where one is given; what takes longer than to `deadline` is left out and said.
    pub async fn read(
        &self,
        pdf: Arc<[u8]>,
        file_name: &str,
        only: Option<Way>,
        alphabet: &Arc<Alphabet>,
        deadline: Instant,
    ) -> Transcript {
        self.read_it(pdf, file_name, only, alphabet, deadline, true).await
    }

    /// The same; a lesson is made of it only where it `teaches`.
    async fn read_it(
        &self,
        pdf: Arc<[u8]>,
        file_name: &str,
        only: Option<Way>,
        alphabet: &Arc<Alphabet>,
        deadline: Instant,
        teaches: bool,
    ) -> Transcript {
        let wish = Wish {
            pages_max: self.pages_max,
            words: true,
            thumbnail_px: Some(THUMBNAIL_PX),
            pictures_px: Some(PHOTO_PX),
            ..Wish::default()
        };
        let opened = match within(deadline, self.reader.open(Arc::clone(&pdf), wish)).await {
            Ok(opened) => opened,
            Err(trouble) => return Transcript::unread(trouble.into()),
        };
        let this = self.clone();
        let (letters, name) = (Arc::clone(alphabet), file_name.to_owned());
        let looked = aside(move || this.look(opened, &name, only, &letters)).await;
        let Some(looked) = looked else { return Transcript::unread(ReadingTrouble::Broke) };
        let by_eye = match looked.wants_ocr {
            true => Some(self.recognise(&pdf, &looked.opened, deadline).await),
            false => None,
        };
        let this = self.clone();
        let (letters, name) = (teaches.then(|| Arc::clone(alphabet)), file_name.to_owned());
        let transcript = aside(move || this.conclude(looked, by_eye, &name, letters.as_deref())).await;
        transcript.unwrap_or_else(|| Transcript::unread(ReadingTrouble::Broke))
    }

    /// What the text layer and the outlines say.
    fn look(&self, opened: Opened, file_name: &str, only: Option<Way>, alphabet: &Alphabet) -> Looked {
        let (way, lines, drawn) = match only {
            Some(Way::Ocr) => (ReadingWay::Ocr, lines::blank(&opened), 0),
            only => lines::by_what_is_there(&opened, alphabet, only),
        };
        let mut read = reading::read(&lines, way, file_name, &self.templates);
        read.oddities.clone_from(&opened.oddities);
        read.pages = opened.pages_total;
        read.drawn = drawn;
        let wants_ocr = match only {
            None => reading::needs_ocr(&opened, &read),
            Some(only) => only == Way::Ocr,
        };
        Looked { opened, lines, read, wants_ocr }
    }

    /// That, and what OCR says where it was asked; what it teaches such an alphabet.
    fn conclude(
        &self,
        looked: Looked,
        by_eye: Option<Result<Recognised, ReadingTrouble>>,
        file_name: &str,
        teaching: Option<&Alphabet>,
    ) -> Transcript {
        let Looked { opened, lines, mut read, .. } = looked;
        let mut eye = Recognised::default();
        match by_eye {
            None => {}
            Some(Ok(recognised)) => {
                let by_ocr = reading::read(&recognised.lines, ReadingWay::Ocr, file_name, &self.templates);
                read = reading::prefer(read, by_ocr);
                eye = recognised;
            }
            Some(Err(trouble)) => read.trouble = Some(trouble),
        }
        let said = lesson::Said {
            read: &read,
            lines: [&lines, &eye.lines],
            seen: &eye.first,
            file_name,
            templates: &self.templates,
        };
        let lesson = teaching.and_then(|alphabet| Lesson::of(&opened, alphabet, &said));
        Transcript { pictures: pictures(&opened, &read), reading: read, lesson }
    }

    /// Pages as people look at them, `width_px` wide.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub async fn previews(&self, pdf: Arc<[u8]>, width_px: u32) -> Result<Vec<pages::Png>, Trouble> {
        let wish = Wish { pages_max: self.pages_max, preview_px: Some(width_px), ..Wish::default() };
        Ok(self.reader.open(pdf, wish).await?.previews)
    }

    /// The first pages up to `last`, as people look at them; fewer where the document has fewer.
    ///
    /// # Errors
    /// As [`Reader::open`]; [`Trouble::TookTooMuch`] where some page is too much to be drawn.
    pub async fn first_previews(
        &self,
        pdf: Arc<[u8]>,
        last: u32,
        width_px: u32,
    ) -> Result<Vec<pages::Png>, Trouble> {
        let wish =
            Wish { pages_max: last.min(self.pages_max), preview_px: Some(width_px), ..Wish::default() };
        let opened = self.reader.open(pdf, wish).await?;
        // They are told apart by their order alone.
        if opened.previews.len() == opened.pages.len() {
            Ok(opened.previews)
        } else {
            Err(Trouble::TookTooMuch)
        }
    }

    /// What OCR sees.
    async fn recognise(
        &self,
        pdf: &Arc<[u8]>,
        opened: &Opened,
        deadline: Instant,
    ) -> Result<Recognised, ReadingTrouble> {
        if self.reader.ocr().await.is_none() {
            return Err(ReadingTrouble::NoOcr);
        }
        if self.leaves_ocr {
            return Err(ReadingTrouble::OcrLater);
        }
        let wish = Wish {
            pages_max: self.pages_max.min(OCR_PAGES_MAX),
            raster_dpi: Some(OCR_DPI),
            ..Wish::default()
        };
        let later = |trouble: Trouble| match trouble {
            Trouble::TookTooLong => ReadingTrouble::OcrLater,
            other => other.into(),
        };
        let drawn = within(deadline, self.reader.open(Arc::clone(pdf), wish)).await.map_err(later)?;
        let mut recognised = Recognised::default();
        for raster in &drawn.rasters {
            let tsv = within(deadline, self.reader.recognise(raster)).await.map_err(later)?;
            let words = pages::words_of_tsv(&tsv, raster.scale).map_err(|_| ReadingTrouble::OcrFailed)?;
            let Some(page) = opened.pages.iter().find(|page| page.number == raster.page) else { continue };
            recognised.lines.push(lines::page_lines(page, pages::lines_of_ocr(&words, page)));
            if raster.page == 1 {
                recognised.first = words;
            }
        }
        Ok(recognised)
    }
}

impl Transcript {
    /// Nothing was read, and why.
    #[must_use]
    pub fn unread(trouble: ReadingTrouble) -> Self {
        let reading = Reading { trouble: Some(trouble), ..Reading::default() };
        Self { reading, ..Self::default() }
    }

    /// This reading, made without OCR; where it would need OCR, with what was read before beside it.
    #[must_use]
    pub fn beside(self, before: Option<Reading>) -> Self {
        let Some(before) = before.filter(|_| self.reading.trouble.is_some()) else { return self };
        let drawn = if self.reading.pages > 0 { self.reading.drawn } else { before.drawn };
        Self { reading: Reading { drawn, ..reading::prefer(self.reading, before) }, ..self }
    }
}

/// Does what takes the processor for milliseconds away from the threads that serve the network; none where it panicked.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// What comes until `deadline`; a child that is not waited for is ended by the reader.
async fn within<T>(deadline: Instant, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    tokio::time::timeout_at(deadline, work).await.unwrap_or(Err(Trouble::TookTooLong))
}

/// The thumbnail, and the photo where there is one.
fn pictures(opened: &Opened, read: &Reading) -> Vec<CopyPicture> {
    let thumbnail = opened.thumbnail.clone();
    let mut found: Vec<CopyPicture> =
        thumbnail.into_iter().map(|png| CopyPicture { kind: PictureKind::Thumbnail, png }).collect();
    let first = opened.pages.first();
    let photo = first.and_then(|page| page.pictures.get(reading::photo(page, read)?)?.png.clone());
    found.extend(photo.map(|png| CopyPicture { kind: PictureKind::Photo, png }));
    found
}
