//! What a document says of itself.

use serde::{Deserialize, Serialize};

use super::{Digest, DocumentCode};

/// One document of a letter: the PDF (by itself or inside its P7S) and what was read of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Copy {
    /// SHA-256 of the document's bytes, where they are in the letter.
    pub digest: Option<Digest>,
    /// The kind of document, where it could be told.
    pub document: Option<DocumentCode>,
    /// How the kind was told.
    pub way: ReadingWay,
    /// The best file name that the letter gives it; empty when there is none.
    pub file_name: String,
    /// Place of the PDF in the letter's attachments; none when it is only inside the P7S or absent.
    pub pdf_at: Option<usize>,
    /// Place of the P7S that covers it; none when it is unsigned.
    pub p7s_at: Option<usize>,
}

/// How something was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingWay {
    /// From the file name: a hint that the sender could have changed.
    FileName,
    /// Not at all.
    Unread,
}
