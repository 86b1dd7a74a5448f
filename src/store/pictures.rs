//! Pictures of documents: each set once, under the document's digest, however many letters bring it.
//!
//! The files are blobs and the table names them: they have tens of kilobytes each, a backup copies a blob once but the
//! database anew every time, and the check reads every blob that is named.

use pages::Png;
use sqlx::sqlite::SqliteRow;

use super::columns::{number, parsed, value, word};
use super::work::Work;
use super::{Store, StoreError};
use crate::model::{Copy, CopyPicture, Digest, KeptPicture, PictureKind};

/// The place before that of the first page's preview.
const PREVIEWS_FROM: i64 = 100;

impl Store {
    /// The pictures of the document with this digest, in their order; [`Store::blob`] has the files.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pictures(&self, document: &Digest) -> Result<Vec<KeptPicture>, StoreError> {
        let all = sqlx::query("SELECT * FROM picture WHERE document = $1 ORDER BY place");
        let rows = self.reading().await?.all(all.bind(document.to_string())).await?;
        rows.iter().map(kept_picture).collect()
    }

    /// The preview of a page (from 1) of the document with this digest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn preview(&self, document: &Digest, page: u32) -> Result<Option<KeptPicture>, StoreError> {
        let one =
            sqlx::query("SELECT * FROM picture WHERE document = $1 AND place = $2 AND kind = 'preview'");
        let one = one.bind(document.to_string()).bind(preview_place(page));
        self.reading().await?.maybe(one).await?.as_ref().map(kept_picture).transpose()
    }

    /// Keeps the previews of a document's first pages; those that are kept already stay.
    ///
    /// # Errors
    /// When a file or the database cannot be written.
    pub async fn keep_previews(&self, document: &Digest, pages: &[Png]) -> Result<(), StoreError> {
        for png in pages {
            self.keep_blob(&png.bytes).await?;
        }
        let mut work = self.writing().await?;
        for (png, page) in pages.iter().zip(1_u32..) {
            put(&mut work, document, preview_place(page), PictureKind::Preview, png).await?;
        }
        work.commit().await
    }

    /// Keeps the files as blobs, as [`Store::keep_blob`] does, before anything names them.
    pub(super) async fn keep_pictures(
        &self,
        pictures: impl Iterator<Item = &CopyPicture>,
    ) -> Result<(), StoreError> {
        for picture in pictures {
            self.keep_blob(&picture.png.bytes).await?;
        }
        Ok(())
    }
}

/// A row of the table.
pub(super) fn kept_picture(row: &SqliteRow) -> Result<KeptPicture, StoreError> {
    Ok(KeptPicture {
        kind: word(row, "kind")?,
        width_px: value(row, "width")?,
        height_px: value(row, "height")?,
        digest: parsed(row, "digest")?,
    })
}

/// Names a copy's pictures, unless its document has some already: the same document looks the same.
pub(super) async fn insert_new(
    work: &mut Work,
    copy: &Copy,
    pictures: &[CopyPicture],
) -> Result<(), StoreError> {
    let Some(document) = copy.digest else { return Ok(()) };
    let some = sqlx::query("SELECT 1 FROM picture WHERE document = $1 AND kind <> 'preview' LIMIT 1")
        .bind(document.to_string());
    if work.maybe(some).await?.is_none() {
        insert(work, &document, pictures).await?;
    }
    Ok(())
}

/// Names a copy's pictures in place of those that it had. Where none could be made the earlier ones stay.
pub(super) async fn replace(
    work: &mut Work,
    copy: &Copy,
    pictures: &[CopyPicture],
) -> Result<(), StoreError> {
    let Some(document) = copy.digest.filter(|_| !pictures.is_empty()) else { return Ok(()) };
    let earlier = sqlx::query("DELETE FROM picture WHERE document = $1 AND kind <> 'preview'");
    work.run(earlier.bind(document.to_string())).await?;
    insert(work, &document, pictures).await
}

async fn insert(work: &mut Work, document: &Digest, pictures: &[CopyPicture]) -> Result<(), StoreError> {
    for (place, CopyPicture { kind, png }) in pictures.iter().enumerate() {
        put(work, document, number(place), *kind, png).await?;
    }
    Ok(())
}

/// Places of previews come behind those of the other pictures.
fn preview_place(page: u32) -> i64 {
    PREVIEWS_FROM + i64::from(page)
}

async fn put(
    work: &mut Work,
    document: &Digest,
    place: i64,
    kind: PictureKind,
    png: &Png,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "INSERT INTO picture (document, place, kind, width, height, digest) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(document.to_string())
    .bind(place)
    .bind(kind.word())
    .bind(png.width_px)
    .bind(png.height_px)
    .bind(Digest::of(&png.bytes).to_string());
    work.run(row).await.map(|_| ())
}
