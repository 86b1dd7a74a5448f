//! A filed copy and the number of a page → that page as people look at it: drawn in the child when it is first asked for,
//! kept since.

use crate::model::{Digest, FilingId, ReadingTrouble};
use crate::pipeline::{NotFiled, Rules, aside};
use crate::store::{Store, StoreError};
use crate::transcribing::{self, Transcriber};
use crate::{parse, reading, verify};

/// Width of a preview, pixels: a page is readable, and its file has some hundred kilobytes.
pub const PREVIEW_PX: u32 = 900;

/// Shows pages of filed copies.
#[derive(Clone)]
pub struct Previews {
    /// Where letters and pictures are kept.
    pub store: Store,
    /// Who draws.
    pub transcriber: Transcriber,
    /// How far to look into a letter.
    pub rules: Rules,
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum NoPreview {
    /// No such filing, no such copy in it, or its document is not in the letter.
    #[error("there is no such copy, or its document is not in the letter")]
    NoCopy,
    /// The document has no such page, or so many are not drawn.
    #[error("the document has no such page, or not so many pages are drawn")]
    NoPage,
    /// The document cannot be drawn.
    #[error("{}", crate::texts::reading_trouble(*.0).en)]
    Trouble(ReadingTrouble),
    /// The store could not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// We failed with this letter.
    #[error(transparent)]
    Letter(#[from] NotFiled),
}

impl Previews {
    /// The page (from 1) of the copy at `place` (from 0) of a filing: a PNG file. Pages before it are drawn with it, so
    /// that the next call for any of them is a lookup.
    ///
    /// # Errors
    /// Why there is none; the next call tries again, unless reading the copy has shown that it cannot be opened.
    pub async fn page(&self, filing: FilingId, place: usize, page: u32) -> Result<Vec<u8>, NoPreview> {
        let view = self.store.view(filing).await?.ok_or(NoPreview::NoCopy)?;
        let document = view.copies.get(place).and_then(|copy| copy.digest).ok_or(NoPreview::NoCopy)?;
        if let Some(kept) = self.store.preview(&document, page).await? {
            return Ok(self.store.blob(&kept.digest).await?);
        }
        let read = view.readings.get(place).and_then(Option::as_ref);
        if let Some(trouble) = read.filter(|read| read.pages == 0).and_then(|read| read.trouble)
            && trouble != ReadingTrouble::NoReader
        {
            return Err(NoPreview::Trouble(trouble));
        }
        let most = read.map_or(u32::MAX, |read| read.pages).min(self.transcriber.pages_max());
        if page == 0 || page > most {
            return Err(NoPreview::NoPage);
        }
        let letter = self.store.blob(&view.digest).await?;
        let wanted = document;
        let (_, policy, limits, _) = self.rules.parts();
        let pdf = aside(move || {
            let letter = parse::letter_within(&letter, &limits);
            let copies = reading::copies(&letter, &verify::signed_parts(&letter));
            let mut documents = transcribing::documents(&letter, &copies, &view.verdicts, &policy);
            let document = documents.get_mut(place)?.take()?;
            // By other limits than when it was filed another document may stand there.
            (Digest::of(&document.pdf) == wanted).then_some(document.pdf)
        })
        .await?;
        let drawn = self.transcriber.first_previews(pdf.ok_or(NoPreview::NoCopy)?, page, PREVIEW_PX).await;
        let drawn = drawn.map_err(|trouble| NoPreview::Trouble(trouble.into()))?;
        self.store.keep_previews(&document, &drawn).await?;
        let asked = usize::try_from(page - 1).ok().and_then(|at| drawn.into_iter().nth(at));
        asked.map(|png| png.bytes).ok_or(NoPreview::NoPage)
    }
}
