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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingWay {
    /// From the page's text layer.
    TextLayer,
    /// From the page's outlines, by the alphabet of shapes.
    Outlines,
    /// By optical character recognition.
    Ocr,
    /// From the file name: a hint that the sender could have changed.
    FileName,
    /// Not at all.
    #[default]
    Unread,
}

/// What the pages of one copy say.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// How most of it was read.
    pub way: ReadingWay,
    /// The kind of document that its pages show; none where no template fits.
    pub document: Option<DocumentCode>,
    /// The fields, in the order of the page. A field that is repeated or continued on the next line is one.
    pub fields: Vec<ReadField>,
    /// The whole text, a line for each line of the page, `□` for each letter that is not known.
    pub text: String,
    /// Letters on the pages, without spaces.
    pub letters: u32,
    /// How many of them are not known (`□`).
    pub unread: u32,
    /// Letters that are drawn and not known by their drawing, however they were read: a larger alphabet may read them.
    #[serde(default)]
    pub drawn: u32,
    /// Pages of the document.
    pub pages: u32,
    /// What a person should look at; nothing of it rejects a copy.
    pub warnings: Vec<ReadingWarning>,
    /// What is strange about the file: [`pages::Oddity`], as it names itself.
    pub oddities: Vec<pages::Oddity>,
    /// Why nothing, or not everything, was read.
    pub trouble: Option<ReadingTrouble>,
}

/// What read a copy: a later one may read more of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReaderRevision {
    /// Of the program: how copies are read, and the templates.
    pub program: u32,
    /// Of the alphabet of shapes.
    pub letters: u32,
}

/// One thing that a copy says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReadField {
    /// What it is, by the template's name: `surname`, `number`, `birth-date` …
    pub name: String,
    /// Of what kind its value is.
    pub kind: FieldKind,
    /// The value as printed, the lines of one value joined by spaces.
    pub value: String,
    /// The value in one form whatever it was printed in: days as `1997-01-17`, moments as `2021-04-02T09:48:26` (Kyiv),
    /// numbers without spaces; none where the printed value has another form, or a letter of it is not known.
    pub plain: Option<String>,
    /// How it was read.
    pub way: ReadingWay,
    /// Where it stands.
    pub place: Place,
    /// How sure, in percent: of the least sure word.
    pub sure_percent: u8,
}

/// Of what kind a field's value is: how it is checked, indexed and found again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// A name, or a part of one, in Ukrainian.
    Name,
    /// A name, or a part of one, in Latin letters.
    NameLatin,
    /// The holder's day of birth.
    BirthDate,
    /// The last day on which the document is valid.
    ValidUntil,
    /// Another day.
    Date,
    /// РНОКПП.
    Rnokpp,
    /// УНЗР.
    Unzr,
    /// The document's own number.
    DocumentNumber,
    /// Another number or code: who issued it, a category.
    Code,
    /// An address or a place.
    Place,
    /// A sex.
    Sex,
    /// Anything else.
    Text,
    /// When the copy was asked for.
    RequestTime,
    /// Who asked for it.
    RequestInitiator,
    /// The request's id: `DR-` and digits.
    RequestId,
}

/// A box on a page in points from its upper left corner, outwards to whole ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// The page, from 1.
    pub page: u32,
    /// Left edge.
    pub left: i32,
    /// Upper edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Lower edge.
    pub bottom: i32,
}

/// Something about what a copy says that a person should look at. `field` is a field's name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "warning", rename_all = "kebab-case")]
pub enum ReadingWarning {
    /// A number's check digit is wrong. Official test documents have such numbers, so it is no proof of anything.
    CheckDigit {
        /// Which field.
        field: String,
    },
    /// Two fields contradict: a РНОКПП or УНЗР has another birth date, or another sex, than the document.
    Contradicts {
        /// The field whose number says something else.
        field: String,
        /// The field that it contradicts.
        other: String,
    },
    /// A value does not have the form that its field has.
    Form {
        /// Which field.
        field: String,
    },
    /// A field that every such document has was not found.
    Missing {
        /// Which field.
        field: String,
    },
    /// The file's name says another kind of document, or another time of request, than the page.
    FileName {
        /// The field, or `document`.
        field: String,
    },
    /// A letter in a value is not known.
    Unread {
        /// Which field.
        field: String,
    },
}

/// Why a copy was not read, or not whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadingTrouble {
    /// Nothing reads copies here.
    NoReader,
    /// It is no PDF.
    NotPdf,
    /// It wants a password.
    Password,
    /// No page can be found in it.
    NoPages,
    /// It took longer than it may.
    TookTooLong,
    /// It wanted more memory than it may.
    TookTooMuch,
    /// Whoever read it broke on it.
    Broke,
    /// It has only pictures or unknown shapes, and there is no OCR program here.
    NoOcr,
    /// It has only pictures or unknown shapes, and OCR did not end in time: it is read again later.
    OcrLater,
    /// OCR failed.
    OcrFailed,
}
