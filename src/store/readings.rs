//! What copies say: kept with their filing, and made anew when more can be read.

use serde::Serialize;

use super::columns::{as_json, facts, number, parsed, unreadable, value};
use super::search_text::CopyText;
use super::work::Work;
use super::{Store, StoreError, audit, dialect, lights, pictures};
use crate::model::{
    Copy, CopyPicture, Digest, DocumentCode, Filing, FilingId, Occasion, ReaderRevision, Reading, ReadingWay,
    Timestamp,
};

/// A filing with copies that are to be read, or read again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnreadFiling {
    /// Its number.
    pub filing: FilingId,
    /// Its blob.
    pub digest: Digest,
    /// Places of the copies, in order.
    pub places: Vec<usize>,
    /// Those of them of which nothing is new but the alphabet: OCR would see again what it saw.
    pub by_letters: Vec<usize>,
}

/// A copy that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct MadeReading {
    /// What it says.
    pub reading: Reading,
    /// What read it.
    pub by: ReaderRevision,
    /// Its pictures; where there are none, earlier ones stay.
    pub pictures: Vec<CopyPicture>,
}

/// Which copies are to be read: never read, by an earlier program than `$1`, with letters that an alphabet before `$2` did
/// not know, even if OCR read them, or by a reader that lacked something; `$3`: OCR is there. A document that is not in its letter cannot be.
macro_rules! unread_sql {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM copy JOIN filing ON filing.id = copy.filing
              LEFT JOIN reading ON reading.filing = copy.filing AND reading.place = copy.place
              WHERE copy.digest IS NOT NULL AND (reading.filing IS NULL OR reading.program < $1
                  OR (reading.letters < $2 AND (reading.unread > 0 OR reading.drawn > 0)) OR reading.trouble IN ('no-reader', 'ocr-later')
                  OR ($3 AND reading.trouble = 'no-ocr')) ",
            $rest
        )
    };
}

impl Store {
    /// At most `limit` filings after `after`, in order, with copies that this reader should read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unread_copies(
        &self,
        by: ReaderRevision,
        has_ocr: bool,
        after: Option<FilingId>,
        limit: u32,
    ) -> Result<Vec<UnreadFiling>, StoreError> {
        let unread = sqlx::query(unread_sql!(
            "filing.id, filing.digest, json_group_array(copy.place ORDER BY copy.place) AS places,
             json_group_array(copy.place ORDER BY copy.place)
                 FILTER (WHERE reading.program >= $1 AND reading.trouble IS NULL) AS by_letters",
            "AND copy.filing > $4 GROUP BY copy.filing ORDER BY copy.filing LIMIT $5"
        ));
        let unread = unread
            .bind(by.program)
            .bind(by.letters)
            .bind(has_ocr)
            .bind(after.map_or(i64::MIN, |id| id.0))
            .bind(limit);
        let rows = self.reading().await?.all(unread).await?;
        rows.iter()
            .map(|row| {
                Ok(UnreadFiling {
                    filing: FilingId(value(row, "id")?),
                    digest: parsed(row, "digest")?,
                    places: facts(row, "places")?,
                    by_letters: facts(row, "by_letters")?,
                })
            })
            .collect()
    }

    /// How many copies [`Store::unread_copies`] would give in all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unread_count(&self, by: ReaderRevision, has_ocr: bool) -> Result<u64, StoreError> {
        let count =
            sqlx::query(unread_sql!("COUNT(*) AS n", "")).bind(by.program).bind(by.letters).bind(has_ocr);
        let n: i64 = value(&self.reading().await?.one(count).await?, "n")?;
        Ok(u64::try_from(n).unwrap_or_default())
    }

    /// Keeps what a copy was read to say at `at`, in place of what it said before: its kind and the filing's documents
    /// follow, and so does what it is found by, all in one transaction. The match stays. False where there is no such
    /// copy.
    ///
    /// # Errors
    /// When the pictures or the database cannot be written.
    pub async fn reading_made(
        &self,
        filing: FilingId,
        place: usize,
        made: &MadeReading,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.keep_pictures(made.pictures.iter()).await?;
        let mut work = self.writing().await?;
        let mut copies = copies_of(&mut work, filing).await?;
        let Some(copy) = copies.get_mut(place) else { return Ok(false) };
        let before = copy.document.clone();
        let after = mended_copy(copy, &made.reading);
        *copy = after.clone();
        update_copy(&mut work, filing, place, &after).await?;
        keep(&mut work, filing, place, &made.reading, made.by, at).await?;
        pictures::replace(&mut work, &after, &made.pictures).await?;
        let documents: Vec<&DocumentCode> = copies.iter().filter_map(|copy| copy.document.as_ref()).collect();
        let list = sqlx::query("UPDATE filing SET documents = $2 WHERE id = $1");
        work.run(list.bind(filing.0).bind(as_json(&documents, "documents")?)).await?;
        let readings = of_filing(&mut work, filing, copies.len()).await?;
        dialect::index_copies(&mut work, filing, &CopyText::of(&copies, &readings)).await?;
        let Reading { way, trouble, .. } = made.reading;
        let fact = Read {
            place,
            by: made.by,
            way,
            trouble: trouble.is_some(),
            document_before: before.as_ref(),
            document: after.document.as_ref(),
        };
        audit::note(&mut work, at, "copy.read", &format!("filing {filing}"), &fact).await?;
        self.relit(&mut work, filing, Occasion::Reading, at).await?;
        work.commit().await?;
        Ok(true)
    }
}

/// Kinds of documents and ways: nothing of what the copy says.
#[derive(Serialize)]
struct Read<'a> {
    place: usize,
    by: ReaderRevision,
    way: ReadingWay,
    trouble: bool,
    document_before: Option<&'a DocumentCode>,
    document: Option<&'a DocumentCode>,
}

/// The copies with the kinds that their pages show: a page outranks a file's name.
pub(super) fn mended(copies: &[Copy], readings: &[Option<Reading>]) -> Vec<Copy> {
    let mut mended = copies.to_vec();
    for (copy, reading) in mended.iter_mut().zip(readings) {
        if let Some(reading) = reading {
            *copy = mended_copy(copy, reading);
        }
    }
    mended
}

/// A page that tells no kind takes none away: what was known stays.
fn mended_copy(copy: &Copy, reading: &Reading) -> Copy {
    match &reading.document {
        Some(document) => Copy { document: Some(document.clone()), way: reading.way, ..copy.clone() },
        None => copy.clone(),
    }
}

/// Writes a new filing's readings.
pub(super) async fn insert(work: &mut Work, id: FilingId, filing: &Filing) -> Result<(), StoreError> {
    for (place, reading) in filing.readings.iter().enumerate().take(filing.copies.len()) {
        if let Some(reading) = reading {
            keep(work, id, place, reading, filing.read_by, filing.filed_at).await?;
        }
    }
    Ok(())
}

/// What the copies of a filing say, one for each of `copies`.
pub(super) async fn of_filing(
    work: &mut Work,
    id: FilingId,
    copies: usize,
) -> Result<Vec<Option<Reading>>, StoreError> {
    let all = sqlx::query("SELECT place, facts FROM reading WHERE filing = $1").bind(id.0);
    let mut readings = vec![None; copies];
    for row in work.all(all).await? {
        let place = usize::try_from(value::<i64>(&row, "place")?);
        let place = place.map_err(|error| unreadable("place", &error))?;
        if let Some(reading) = readings.get_mut(place) {
            *reading = Some(facts(&row, "facts")?);
        }
    }
    Ok(readings)
}

/// The copies of a filing, in their order.
pub(super) async fn copies_of(work: &mut Work, id: FilingId) -> Result<Vec<Copy>, StoreError> {
    let all = sqlx::query("SELECT facts FROM copy WHERE filing = $1 ORDER BY place").bind(id.0);
    work.all(all).await?.iter().map(|row| facts(row, "facts")).collect()
}

async fn update_copy(work: &mut Work, id: FilingId, place: usize, copy: &Copy) -> Result<(), StoreError> {
    let row = sqlx::query("UPDATE copy SET document = $3, facts = $4 WHERE filing = $1 AND place = $2")
        .bind(id.0)
        .bind(number(place))
        .bind(copy.document.as_ref().map(DocumentCode::as_str))
        .bind(as_json(copy, "copy")?);
    work.run(row).await.map(|_| ())
}

async fn keep(
    work: &mut Work,
    id: FilingId,
    place: usize,
    reading: &Reading,
    by: ReaderRevision,
    at: Timestamp,
) -> Result<(), StoreError> {
    let trouble = reading.trouble.map(|trouble| as_json(&trouble, "trouble")).transpose()?;
    let row = sqlx::query(
        "INSERT INTO reading (filing, place, program, letters, unread, trouble, facts, request, made_at, drawn)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (filing, place) DO UPDATE SET program = excluded.program, letters = excluded.letters,
             unread = excluded.unread, trouble = excluded.trouble, facts = excluded.facts,
             request = excluded.request, made_at = excluded.made_at, drawn = excluded.drawn",
    )
    .bind(id.0)
    .bind(number(place))
    .bind(by.program)
    .bind(by.letters)
    .bind(reading.unread)
    .bind(trouble.as_deref().map(|word| word.trim_matches('"')))
    .bind(as_json(reading, "reading")?)
    .bind(lights::request(reading))
    .bind(at.as_microsecond())
    .bind(reading.drawn);
    work.run(row).await.map(|_| ())
}
