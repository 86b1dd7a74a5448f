//! Values ↔ columns: time as microseconds, ids and days as text, lists and facts as JSON.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row as _, Sqlite, Type};

use super::StoreError;
use crate::model::Timestamp;

/// A column that the database knows how to read.
pub(super) fn value<'r, T>(row: &'r SqliteRow, column: &str) -> Result<T, StoreError>
where
    T: Decode<'r, Sqlite> + Type<Sqlite>,
{
    row.try_get(column).map_err(|error| unreadable(column, &error))
}

/// A text that reads as `T`: an id, a digest, a day.
pub(super) fn parsed<T>(row: &SqliteRow, column: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Display>,
{
    value::<&str>(row, column)?.parse().map_err(|error: T::Err| unreadable(column, &error))
}

/// As [`parsed`], where NULL is none.
pub(super) fn parsed_maybe<T>(row: &SqliteRow, column: &str) -> Result<Option<T>, StoreError>
where
    T: FromStr<Err: Display>,
{
    value::<Option<&str>>(row, column)?
        .map(|text| text.parse().map_err(|error: T::Err| unreadable(column, &error)))
        .transpose()
}

/// A moment.
pub(super) fn moment(row: &SqliteRow, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(value(row, column)?).map_err(|error| unreadable(column, &error))
}

/// As [`moment`], where NULL is none.
pub(super) fn moment_maybe(row: &SqliteRow, column: &str) -> Result<Option<Timestamp>, StoreError> {
    value::<Option<i64>>(row, column)?
        .map(|micros| Timestamp::from_microsecond(micros).map_err(|error| unreadable(column, &error)))
        .transpose()
}

/// A list or facts.
pub(super) fn facts<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T, StoreError> {
    serde_json::from_str(value(row, column)?).map_err(|error| unreadable(column, &error))
}

/// As [`facts`], where NULL is none.
pub(super) fn facts_maybe<T: DeserializeOwned>(
    row: &SqliteRow,
    column: &str,
) -> Result<Option<T>, StoreError> {
    value::<Option<&str>>(row, column)?
        .map(|json| serde_json::from_str(json).map_err(|error| unreadable(column, &error)))
        .transpose()
}

/// A word of the model, such as `TOTAL-PASSED`, where NULL is none.
pub(super) fn word_maybe<T: DeserializeOwned>(
    row: &SqliteRow,
    column: &str,
) -> Result<Option<T>, StoreError> {
    value::<Option<&str>>(row, column)?
        .map(|word| serde_json::from_value(word.into()).map_err(|error| unreadable(column, &error)))
        .transpose()
}

/// A word of the model, such as `certificate`.
pub(super) fn word<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T, StoreError> {
    serde_json::from_value(value::<&str>(row, column)?.into()).map_err(|error| unreadable(column, &error))
}

/// A list or facts as JSON, for the named column.
pub(super) fn as_json<T: Serialize + ?Sized>(facts: &T, column: &str) -> Result<String, StoreError> {
    serde_json::to_string(facts).map_err(|error| unreadable(column, &error))
}

/// A count or length as the database keeps it.
pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The fault of a column that holds what this program would not have written.
pub(super) fn unreadable(column: &str, error: &dyn Display) -> StoreError {
    StoreError::Unreadable { column: column.to_owned(), detail: error.to_string() }
}
