//! Letters as the store gives them → rows of a list, in words.

use askama::Template;

use super::light::{Light, light};
use crate::model::{DeskRow, DocumentCode, Timestamp};
use crate::texts;
use crate::texts::web::{self as words, Lang};

/// A letter in a list.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) light: Light,
    /// Whose documents these are.
    pub(super) person: Option<String>,
    /// The sender's address.
    pub(super) sender: String,
    pub(super) documents: String,
    pub(super) service: Option<String>,
    pub(super) branch: String,
    pub(super) repeats: Option<i64>,
    /// As a program reads it, as a clock shows it, how long ago.
    pub(super) moment: String,
    pub(super) clock: String,
    pub(super) ago: String,
    /// Where a search found it.
    pub(super) found: Vec<Found>,
}

/// A place where a search found something.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) field: String,
    /// What stands there, cut into pieces: those that are marked were looked for.
    pub(super) pieces: Vec<(String, bool)>,
    pub(super) is_typo: bool,
}

impl Row {
    pub(super) fn of(desk: &DeskRow, lang: Lang, now: Timestamp) -> Self {
        let DeskRow { row, holders, purposes } = desk;
        let documents: Vec<String> = row.documents.iter().map(|code| document(code, lang)).collect();
        Self {
            id: row.id.0,
            light: light(row, lang.words()),
            person: (!holders.is_empty()).then(|| holders.join(", ")),
            sender: row.sender.clone(),
            documents: documents.join(", "),
            service: (!purposes.is_empty()).then(|| purposes.join(", ")),
            branch: row.branch_name.clone().unwrap_or_default(),
            repeats: row.duplicate_of.map(|id| id.0),
            moment: row.received_at.to_string(),
            clock: words::clock(row.received_at, now),
            ago: lang.of(words::ago(row.received_at, now)),
            found: Vec::new(),
        }
    }
}

/// The short name of a document, without what stands in brackets.
pub(super) fn document(code: &str, lang: Lang) -> String {
    let Ok(code) = code.parse::<DocumentCode>() else { return code.to_owned() };
    let name = lang.of(texts::document_name(&code));
    name.split(" (").next().unwrap_or_default().to_owned()
}

/// One row, as the live list gets it.
#[derive(Template)]
#[template(path = "row.html")]
pub(super) struct RowPart {
    pub(super) t: &'static words::Words,
    pub(super) row: Row,
}
