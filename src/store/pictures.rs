//! Pictures of documents: each set once, under the document's digest, however many letters bring it.
//!
//! The files are blobs and the table names them: they have tens of kilobytes each, a backup copies a blob once but the
//! database anew every time, and the check reads every blob that is named.

use sqlx::sqlite::SqliteRow;

use super::columns::{number, parsed, value, word};
use super::work::Work;
use super::{Store, StoreError};
use crate::model::{Copy, CopyPicture, Digest, KeptPicture};

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
    let some = sqlx::query("SELECT 1 FROM picture WHERE document = $1 LIMIT 1").bind(document.to_string());
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
    work.run(sqlx::query("DELETE FROM picture WHERE document = $1").bind(document.to_string())).await?;
    insert(work, &document, pictures).await
}

async fn insert(work: &mut Work, document: &Digest, pictures: &[CopyPicture]) -> Result<(), StoreError> {
    for (place, CopyPicture { kind, png }) in pictures.iter().enumerate() {
        let row = sqlx::query(
            "INSERT INTO picture (document, place, kind, width, height, digest) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(document.to_string())
        .bind(number(place))
        .bind(kind.word())
        .bind(png.width_px)
        .bind(png.height_px)
        .bind(Digest::of(&png.bytes).to_string());
        work.run(row).await?;
    }
    Ok(())
}
