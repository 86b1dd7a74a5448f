//! What went wrong in a child → why a copy was not read.

use serde::{Deserialize, Serialize};

use crate::model::ReadingTrouble;

/// Why a document, or a page, was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
pub enum Trouble {
    /// No child can be started.
    #[error("no child process can be started")]
    NoReader,
    /// It is no PDF.
    #[error("it is not a PDF")]
    NotPdf,
    /// It wants a password.
    #[error("it is encrypted and wants a password")]
    Password,
    /// No page can be found in it.
    #[error("it is damaged: no page can be found in it")]
    NoPages,
    /// It took longer than it may.
    #[error("reading it took longer than it may")]
    TookTooLong,
    /// It wanted more memory than it may, or there is more on its pages than is taken.
    #[error("reading it wanted more memory than it may")]
    TookTooMuch,
    /// The child broke on it, wanted something forbidden, or answered nonsense.
    #[error("whoever read it broke on it")]
    Broke,
    /// There is no OCR program here.
    #[error("there is no OCR program with Ukrainian")]
    NoOcr,
    /// OCR did not end in time.
    #[error("OCR did not end in time")]
    OcrLater,
    /// OCR failed.
    #[error("OCR failed")]
    OcrFailed,
}

impl From<Trouble> for ReadingTrouble {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NoReader => Self::NoReader,
            Trouble::NotPdf => Self::NotPdf,
            Trouble::Password => Self::Password,
            Trouble::NoPages => Self::NoPages,
            Trouble::TookTooLong => Self::TookTooLong,
            Trouble::TookTooMuch => Self::TookTooMuch,
            Trouble::Broke => Self::Broke,
            Trouble::NoOcr => Self::NoOcr,
            Trouble::OcrLater => Self::OcrLater,
            Trouble::OcrFailed => Self::OcrFailed,
        }
    }
}
