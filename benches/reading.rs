//! `make bench`, fourth part: what reading a copy costs from its bytes to its fields, beside Tesseract on the same page.
//!
//! Copies are the official sample, where it is, and the generated ones of `fixtures/copies`. A figure is the least of all
//! rounds, so that other programs beside count little. What is over its limit is said, and fails the bench.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table of rounded figures"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pages::{Alphabet, Opened, OutlineReader};
use skrynka::model::{Reading, ReadingWay};
use skrynka::reader::{Reader, Settings, Wish};
use skrynka::reading::{self, PageLines, Templates};

const ROUNDS: usize = 40;
const OCR_ROUNDS: usize = 3;
const DOCUMENTS: usize = 400;
const PAGE_MAX: Duration = Duration::from_millis(15);
const OCR_TIMES_MIN: f64 = 100.0;
const WORDS: Wish = Wish {
    pages_max: 10,
    words: true,
    thumbnail_px: None,
    preview_px: None,
    pictures_px: None,
    raster_dpi: None,
};
const WORDS_AND_THUMBNAIL: Wish = Wish { thumbnail_px: Some(240), ..WORDS };
const RASTER: Wish = Wish { pages_max: 1, words: false, raster_dpi: Some(200), ..WORDS };

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure())
}

async fn measure() -> ExitCode {
    let desk = Desk { alphabet: Alphabet::shipped(), templates: Templates::built_in() };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (one, all) = (reader(1), reader(cores));
    println!("\ncopies read to their fields by warm children, milliseconds a page (least of {ROUNDS}):");
    println!("{:<28}{:>8}{:>11}{:>8}{:>14}", "", "words", "+thumbnail", "fields", "documents/s");
    let mut is_over = false;
    for (title, way, path) in copies() {
        let Some(pdf) = path.and_then(|path| fs::read(path).ok()).map(Arc::<[u8]>::from) else {
            println!("{title:<28} skipped: it is not here");
            continue;
        };
        let words = desk.least(&one, &pdf, WORDS, way).await;
        let whole = desk.least(&one, &pdf, WORDS_AND_THUMBNAIL, way).await;
        let opened = one.open(Arc::clone(&pdf), WORDS).await.unwrap();
        let fields = least(ROUNDS, || {
            assert!(!desk.read(&opened, way).fields.is_empty(), "{title}: no field was read");
        });
        let rate = desk.throughput(&all, &pdf, way).await;
        let is_slow = whole > PAGE_MAX;
        is_over |= is_slow;
        let said = if is_slow { "  OVER" } else { "" };
        println!("{title:<28}{:>8.2}{:>11.2}{:>8.2}{rate:>14.0}{said}", ms(words), ms(whole), ms(fields));
        if way == ReadingWay::Outlines {
            is_over |= !beside_ocr(&one, &pdf, words).await;
        }
    }
    if is_over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Whether the outlines are so many times faster than Tesseract on the same page, drawn for it. True where it is not here.
async fn beside_ocr(reader: &Reader, pdf: &Arc<[u8]>, outlines: Duration) -> bool {
    if reader.ocr().await.is_none() {
        println!("  beside Tesseract: skipped: it is not installed, or without Ukrainian");
        return true;
    }
    let drawn = reader.open(Arc::clone(pdf), RASTER).await.unwrap();
    let raster = drawn.rasters.first().unwrap();
    let mut ocr = Duration::MAX;
    for _ in 0..OCR_ROUNDS {
        let begun = Instant::now();
        let tsv = reader.recognise(raster).await.unwrap();
        assert!(!pages::words_of_tsv(&tsv, raster.scale).unwrap().is_empty());
        ocr = ocr.min(begun.elapsed());
    }
    let times = ocr.as_secs_f64() / outlines.as_secs_f64();
    let is_enough = times >= OCR_TIMES_MIN;
    let said = if is_enough { "" } else { "  TOO FEW" };
    println!("  beside Tesseract: {:.0} ms, outlines and fields {times:.0} times faster{said}", ms(ocr));
    is_enough
}

/// What every copy is read with; made once.
struct Desk {
    alphabet: Alphabet,
    templates: Templates,
}

impl Desk {
    /// An opened copy → its fields.
    fn read(&self, opened: &Opened, way: ReadingWay) -> Reading {
        let outlines = OutlineReader::new(&opened.shapes, &self.alphabet);
        let lines = |page: &pages::Page| match way {
            ReadingWay::TextLayer => pages::lines_of_text(page),
            _ => outlines.lines(page),
        };
        let pages: Vec<PageLines> = opened
            .pages
            .iter()
            .map(|page| PageLines {
                number: page.number,
                width_pt: page.width_pt,
                height_pt: page.height_pt,
                lines: lines(page),
            })
            .collect();
        reading::read(&pages, way, "", &self.templates)
    }

    /// The least time from the bytes to the fields.
    async fn least(&self, reader: &Reader, pdf: &Arc<[u8]>, wish: Wish, way: ReadingWay) -> Duration {
        let mut least = Duration::MAX;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let opened = reader.open(Arc::clone(pdf), wish).await.unwrap();
            std::hint::black_box(self.read(&opened, way));
            least = least.min(begun.elapsed() / u32::try_from(opened.pages.len().max(1)).unwrap());
        }
        least
    }

    /// Documents a second of all children, with words, fields and thumbnail.
    async fn throughput(&self, reader: &Reader, pdf: &Arc<[u8]>, way: ReadingWay) -> f64 {
        let begun = Instant::now();
        let asked = (0..DOCUMENTS).map(|_| async {
            let opened = reader.open(Arc::clone(pdf), WORDS_AND_THUMBNAIL).await.unwrap();
            std::hint::black_box(self.read(&opened, way));
        });
        futures_util::future::join_all(asked).await;
        f64::from(u32::try_from(DOCUMENTS).unwrap()) / begun.elapsed().as_secs_f64()
    }
}

fn reader(children: usize) -> Reader {
    let program = env!("CARGO_BIN_EXE_skrynka").into();
    Reader::new(Settings { program, children, ..Settings::default() })
}

fn copies() -> [(&'static str, ReadingWay, Option<PathBuf>); 3] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let generated = |kind: &str| Some(root.join(format!("fixtures/copies/{kind}/internal-passport.pdf")));
    let official = fs::read_dir(root.join("../shared/data/copy")).into_iter().flatten();
    let official = official.filter_map(|entry| Some(entry.ok()?.path()));
    let official = official.filter(|path| path.extension().is_some_and(|kind| kind == "pdf")).min();
    [
        ("the official sample", ReadingWay::Outlines, official),
        ("generated, outlines", ReadingWay::Outlines, generated("outlines")),
        ("generated, text layer", ReadingWay::TextLayer, generated("text-layer")),
    ]
}

fn least(rounds: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
