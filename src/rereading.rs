//! Filed letters → their copies read, where nobody read them yet or more of them can be read now.
//!
//! What only OCR can read, what an earlier program or a smaller alphabet left unread, what was filed
//! before copies were read at all. Verdict and match stay; what the copy says, its kind and what it is found by are made anew.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::Instant;

use crate::model::{Clock, FilingId, ReaderRevision, ReadingTrouble};
use crate::pipeline::{NotFiled, Rules, aside};
use crate::store::{MadeReading, Store, UnreadFiling};
use crate::supervise::unless_stopped;
use crate::transcribing::{self, Document, REVISION, Transcriber, Transcript};
use crate::{parse, reading, verify};

/// How often to look for what is unread.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// Filings that are asked for at once.
const STEP: u32 = 100;

/// How long the copies of one letter may take here: nobody's mailbox waits, and OCR of a long document takes minutes.
const PATIENCE: Duration = Duration::from_secs(300);

/// Between two letters: half a core at most is spent on old ones.
const REST_MIN: Duration = Duration::from_millis(5);

/// What reading again needs.
#[derive(Clone)]
pub struct Rereading {
    /// Where letters and readings are kept.
    pub store: Store,
    /// Who reads.
    pub transcriber: Transcriber,
    /// How far to look into a letter, and whose copies teach.
    pub rules: Rules,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

/// What a pass did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reread {
    /// Copies that were to be read.
    pub copies: u64,
    /// Copies that say something now.
    pub read: u64,
    /// Letters that could not be looked into; they are tried again.
    pub failed: u64,
}

impl Rereading {
    /// Passes every five minutes, and when something was left to OCR, until `stop` becomes true. `alive` is called before each letter.
    pub async fn run(&self, mut stop: Receiver<bool>, alive: impl Fn()) {
        while let Some(pass) = unless_stopped(&mut stop, self.pass(true, |_, _| alive())).await {
            match pass {
                Ok(Reread { copies: 0, .. }) => {}
                Ok(Reread { copies, read, failed }) => {
                    tracing::info!(copies, read, failed, "copies read again");
                }
                Err(fault) => tracing::warn!("copies cannot be read again, it will be tried later: {fault}"),
            }
            let left = tokio::time::timeout(EVERY, self.transcriber.ocr_was_left());
            if unless_stopped(&mut stop, left).await.is_none() {
                return;
            }
        }
    }

    /// Reads what is unread, once each. `told` is called before each letter with how many copies are done and how many
    /// there were in all. May be cut at any point.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pass(&self, rests: bool, told: impl Fn(u64, u64)) -> Result<Reread, NotFiled> {
        let (_, letters) = self.transcriber.letters().now().await?;
        self.read_before(ReaderRevision { program: REVISION, letters }, rests, told).await
    }

    /// Reads every copy with letters that are not known, so that it may teach them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pass_for_letters(&self) -> Result<Reread, NotFiled> {
        let every = ReaderRevision { program: REVISION, letters: u32::MAX };
        self.read_before(every, false, |_, _| {}).await
    }

    async fn read_before(
        &self,
        by: ReaderRevision,
        rests: bool,
        told: impl Fn(u64, u64),
    ) -> Result<Reread, NotFiled> {
        // For teaching, OCR must see again what it saw.
        let sees_again = by.letters == u32::MAX;
        let has_ocr = self.transcriber.reader().ocr().await.is_some();
        let all = self.store.unread_count(by, has_ocr).await?;
        let mut done = Reread::default();
        let mut after: Option<FilingId> = None;
        if all == 0 {
            told(0, 0);
        }
        while done.copies < all {
            let step = self.store.unread_copies(by, has_ocr, after, STEP).await?;
            let Some(last) = step.last() else { break };
            after = Some(last.filing);
            for unread in &step {
                told(done.copies, all);
                let begun = Instant::now();
                done.copies += u64::try_from(unread.places.len()).unwrap_or_default();
                match self.letter(unread, sees_again).await {
                    Ok(read) => done.read += read,
                    Err(NotFiled::Store(fault)) if fault.retry() => return Err(fault.into()),
                    // A damaged blob or row is this letter's alone.
                    Err(NotFiled::Store(_) | NotFiled::Letter(_)) => done.failed += 1,
                }
                if rests {
                    tokio::time::sleep(begun.elapsed().max(REST_MIN)).await;
                }
            }
        }
        Ok(done)
    }

    /// Reads the copies of one filing; how many of them say something now.
    async fn letter(&self, unread: &UnreadFiling, sees_again: bool) -> Result<u64, NotFiled> {
        let bytes = self.store.blob(&unread.digest).await?;
        let view = self.store.view(unread.filing).await?;
        let (verdicts, before) = view.map(|view| (view.verdicts, view.readings)).unwrap_or_default();
        let (_, policy, limits, _) = self.rules.parts();
        let places = unread.places.clone();
        let documents = aside(move || {
            let letter = parse::letter_within(&bytes, &limits);
            let copies = reading::copies(&letter, &verify::signed_parts(&letter));
            let mut documents = transcribing::documents(&letter, &copies, &verdicts, &policy);
            for (place, document) in documents.iter_mut().enumerate() {
                if !places.contains(&place) {
                    *document = None;
                }
            }
            documents
        })
        .await?;
        let now = self.clock.now();
        let by_letters = |place: usize| !sees_again && unread.by_letters.contains(&place);
        let part = |wanted: bool| -> Vec<Option<Document>> {
            let chosen = |(place, one): (usize, &Option<Document>)| {
                one.clone().filter(|_| by_letters(place) == wanted)
            };
            documents.iter().enumerate().map(chosen).collect()
        };
        let until = Instant::now() + PATIENCE;
        let mut transcripts = self.transcriber.read_letter(&part(false), now, until).await?;
        let by_drawings = self.transcriber.quickly().read_letter(&part(true), now, until).await?;
        for (place, (all, one)) in transcripts.all.iter_mut().zip(by_drawings.all).enumerate() {
            if by_letters(place) {
                *all = one.map(|one| one.beside(before.get(place).cloned().flatten()));
            }
        }
        let mut read = 0;
        for &place in &unread.places {
            // A document that is not in the letter any more, by today's limits: said once, so that it is not asked for again.
            let unreadable = || Transcript::unread(ReadingTrouble::NotPdf);
            let one = transcripts.all.get(place).cloned().flatten().unwrap_or_else(unreadable);
            read += u64::from(one.reading.letters > 0);
            let Transcript { mut reading, pictures, .. } = one;
            if reading.trouble == Some(ReadingTrouble::OcrLater) {
                // This was the later; it would take as long each time.
                reading.trouble = Some(ReadingTrouble::OcrFailed);
            }
            let made = MadeReading { reading, by: transcripts.read_by, pictures };
            self.store.reading_made(unread.filing, place, &made, now).await?;
        }
        Ok(read)
    }
}
