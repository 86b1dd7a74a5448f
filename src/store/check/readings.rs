//! What copies say, their pictures, the shapes that they are read by → whether each reads as what it is. The files of
//! pictures are blobs, and checked as these.

use super::{Checked, RESTORE};
use crate::model::Reading;
use crate::store::columns::{facts, moment, value};
use crate::store::pictures::kept_picture;
use crate::store::{Store, StoreError};

/// Readings that are read at once: a few kilobytes each.
const PAGE: u32 = 500;

impl Store {
    /// A line each for readings, pictures and shapes of letters.
    pub(super) async fn check_readings(&self) -> [Checked; 3] {
        let mut readings = Checked::new("readings of copies", RESTORE);
        let done = self.check_all_readings(&mut readings).await;
        readings.unless_failed(done);
        let mut pictures = Checked::new("pictures of copies", RESTORE);
        let done = self.check_pictures(&mut pictures).await;
        pictures.unless_failed(done);
        let mut alphabet = Checked::new("shapes of letters", RESTORE);
        let done = self.alphabet().await.map(|rows| {
            alphabet.count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        });
        alphabet.unless_failed(done);
        [readings, pictures, alphabet]
    }

    async fn check_all_readings(&self, line: &mut Checked) -> Result<(), StoreError> {
        let mut after = (i64::MIN, i64::MIN);
        loop {
            let page = sqlx::query(
                "SELECT filing, place, facts, made_at FROM reading WHERE (filing, place) > ($1, $2)
                 ORDER BY filing, place LIMIT $3",
            );
            let page = page.bind(after.0).bind(after.1).bind(PAGE);
            let rows = self.reading().await?.all(page).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                line.count += 1;
                after = (value(row, "filing")?, value(row, "place")?);
                if let Err(error) = facts::<Reading>(row, "facts").and_then(|_| moment(row, "made_at")) {
                    line.wrong(format!("copy {} of filing {}: {error}", after.1, after.0));
                }
            }
        }
    }

    async fn check_pictures(&self, line: &mut Checked) -> Result<(), StoreError> {
        let all = sqlx::query(
            "SELECT picture.*, EXISTS (SELECT 1 FROM copy WHERE copy.digest = picture.document) AS is_used
             FROM picture",
        );
        for row in self.reading().await?.all(all).await? {
            line.count += 1;
            let document: String = value(&row, "document")?;
            if let Err(error) = kept_picture(&row) {
                line.wrong(format!("a picture of {document}: {error}"));
            } else if !value::<bool>(&row, "is_used")? {
                line.wrong(format!("a picture of {document}, which no letter has"));
            }
        }
        Ok(())
    }
}
