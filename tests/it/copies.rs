//! Generated copies, hostile files and the official sample through the real children and the trunk: what is read of them,
//! letter by letter.

mod compare;
mod hostile;
mod official;
mod oracle;
mod outlines;
mod pictures;
mod text_layer;
mod thumbnails;

use std::sync::Arc;
use std::time::Duration;

use pages::{Alphabet, Way};
use skrynka::reader::{OcrSettings, Reader, Settings};
use skrynka::reading::Templates;
use skrynka::transcribing::{Letters, Transcriber, Transcript};
use skrynka_fixtures::copies::{Make, Plan, Sample, plans};
use tokio::time::Instant;

use crate::program::SKRYNKA;

/// A transcriber over so many children of the program under test; the alphabet is given with each copy.
fn transcriber(children: usize, ocr: bool) -> Transcriber {
    let ocr =
        ocr.then(|| OcrSettings { page_timeout: Duration::from_secs(60), at_once: 2, ..Default::default() });
    let open_timeout = Duration::from_secs(30);
    let settings = Settings { program: SKRYNKA.into(), children, open_timeout, ocr, ..Settings::default() };
    Transcriber::new(Reader::new(settings), Templates::built_in().into(), Letters::fixed(nothing()), 10)
}

/// An alphabet that knows no letter.
fn nothing() -> Alphabet {
    Alphabet::default()
}

async fn read(by: &Transcriber, sample: &Sample, only: Option<Way>, alphabet: &Alphabet) -> Transcript {
    by.read(sample.pdf.clone().into(), &sample.file_name, only, &Arc::new(alphabet.clone()), patience()).await
}

/// A deadline that a busy machine keeps.
fn patience() -> Instant {
    Instant::now() + Duration::from_secs(120)
}

fn of_make(make: Make) -> impl Iterator<Item = Plan> {
    plans().into_iter().filter(move |plan| plan.request.make == make)
}

/// Whether there is an OCR program; says so where there is none.
async fn has_ocr(by: &Transcriber) -> bool {
    let found = by.reader().ocr().await.is_some();
    if !found {
        say("skipped: no tesseract program");
    }
    found
}

/// Figures for whoever runs the test.
#[expect(clippy::print_stderr, reason = "figures, and what was skipped, for whoever runs the test")]
fn say(figures: &str) {
    eprintln!("{figures}");
}
