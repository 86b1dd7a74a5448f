//! `[reader]` and the store → whoever reads copies.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{Config, Ocr};
use crate::reader::{OcrSettings, Reader, Settings};
use crate::reading::Templates;
use crate::store::Store;
use crate::transcribing::{Letters, Transcriber};

/// How copies are opened by this configuration.
#[must_use]
pub fn settings(config: &Config) -> Settings {
    let section = &config.reader;
    let usual = Settings::default();
    let ocr = |program| OcrSettings { program, page_timeout: section.ocr_max, ..OcrSettings::default() };
    Settings {
        children: section.children.unwrap_or(usual.children),
        open_timeout: section.open_max,
        memory_bytes_max: section.memory_bytes_max,
        ocr: match &section.ocr {
            Ocr::Off => None,
            Ocr::IfInstalled => Some(ocr(None)),
            Ocr::Program(program) => Some(ocr(Some(program.clone()))),
        },
        ..usual
    }
}

/// Whoever reads the copies of an installation.
pub(super) fn transcriber(config: &Config, store: &Store, templates: Arc<Templates>) -> Transcriber {
    let reader = Reader::new(settings(config));
    Transcriber::new(reader, templates, Letters::of(store.clone()), config.reader.pages_max)
}

/// A pass over what is filed and unread may show no sign of life for so long: OCR of a letter's pages.
pub(super) const SILENCE_MAX: Duration = Duration::from_secs(60 * 60);
