//! `make bench`, fourth part: what reading a copy costs from its bytes to its fields, beside Tesseract on the same page.
//!
//! Copies are the official sample, where it is, and generated ones; of the latter the typeface is learnt first, from the
//! words that are known to stand there. A figure of time is the least of
//! all turns, the kinds of work taking turns, so that other programs beside count little; Tesseract gets as much: the least
//! of its turns. Pages a second are those of the best batch. What is over its limit is said, and fails the bench.
//!
//! On two virtual cores that others used too, at a higher priority than theirs: the official sample 4.34 ms for words and
//! fields, 8.21 ms with the thumbnail, 11.94 ms with the photo; Tesseract 3,397 ms.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table of rounded figures"
)]

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pages::{Alphabet, Evidence, Opened, OutlineReader, Proposal};
use skrynka::model::{Reading, ReadingWay};
use skrynka::reader::{Reader, Settings, Wish};
use skrynka::reading::{self, PageLines, Templates};
use skrynka_fixtures::copies::{Document, Make, Sample, Typeface, plans};

const TURNS: usize = 60;
const OCR_TURNS: usize = 3;
const CHILDREN: usize = 2;
const BATCH: usize = 100;
const BATCHES: usize = 6;
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
const WITH_THUMBNAIL: Wish = Wish { thumbnail_px: Some(240), ..WORDS };
/// What the daemon asks for.
const WITH_PICTURES: Wish = Wish { pictures_px: Some(480), ..WITH_THUMBNAIL };
const RASTER: Wish = Wish { pages_max: 1, words: false, raster_dpi: Some(200), ..WORDS };

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure())
}

async fn measure() -> ExitCode {
    let (one, two) = (reader(1), reader(CHILDREN));
    let outlines = sample(Make::Outlines);
    let alphabet = alphabet_with(&one, &outlines).await;
    let desk = Desk { alphabet, templates: Templates::built_in() };
    println!(
        "\ncopies read from their bytes to their fields by a warm child: milliseconds a page, least of {TURNS} turns"
    );
    println!(
        "{:<24}{:>14}{:>11}{:>9}{:>13}{:>22}",
        "", "words, fields", "+thumbnail", "+photo", "fields alone", "pages/s, two children"
    );
    let mut is_over = false;
    let copies = [
        ("the official sample", ReadingWay::Outlines, official()),
        ("generated, outlines", ReadingWay::Outlines, Some(outlines.pdf)),
        ("generated, text layer", ReadingWay::TextLayer, Some(sample(Make::TextLayer).pdf)),
    ];
    for (title, way, pdf) in copies {
        let Some(pdf) = pdf.map(Arc::<[u8]>::from) else {
            println!("{title:<24} skipped: it is not here");
            continue;
        };
        let [words, thumbnail, photo] = desk.least(&one, &pdf, way).await;
        let opened = one.open(Arc::clone(&pdf), WITH_PICTURES).await.unwrap();
        assert!(opened.thumbnail.is_some(), "{title}: no thumbnail was drawn");
        let fields = least(TURNS, || {
            assert!(!desk.read(&opened, way).fields.is_empty(), "{title}: no field was read");
        });
        let has_photo = opened.pages.iter().any(|page| page.pictures.iter().any(|found| found.png.is_some()));
        let photo_said = if has_photo { format!("{:.2}", ms(photo)) } else { "none".to_owned() };
        let rate = desk.throughput(&two, &pdf, way).await;
        let is_slow = thumbnail.max(photo) > PAGE_MAX;
        is_over |= is_slow;
        let said = if is_slow { "  OVER" } else { "" };
        println!(
            "{title:<24}{:>14.2}{:>11.2}{photo_said:>9}{:>13.2}{rate:>22.0}{said}",
            ms(words),
            ms(thumbnail),
            ms(fields)
        );
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
    for _ in 0..OCR_TURNS {
        let begun = Instant::now();
        let tsv = reader.recognise(raster).await.unwrap();
        assert!(!pages::words_of_tsv(&tsv, raster.scale).unwrap().is_empty());
        ocr = ocr.min(begun.elapsed());
    }
    let times = ocr.as_secs_f64() / outlines.as_secs_f64();
    let is_enough = times >= OCR_TIMES_MIN;
    let said = if is_enough { "" } else { "  TOO FEW" };
    println!(
        "  beside Tesseract on the same page: {:.0} ms; outlines with fields {:.2} ms, {times:.0} times faster{said}",
        ms(ocr),
        ms(outlines)
    );
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

    /// The least time a page from the bytes to the fields: with words alone, with the thumbnail, with the photo too.
    async fn least(&self, reader: &Reader, pdf: &Arc<[u8]>, way: ReadingWay) -> [Duration; 3] {
        let wishes = [WORDS, WITH_THUMBNAIL, WITH_PICTURES];
        let mut least = [Duration::MAX; 3];
        for _ in 0..TURNS {
            for (wish, least) in wishes.into_iter().zip(&mut least) {
                let begun = Instant::now();
                let opened = reader.open(Arc::clone(pdf), wish).await.unwrap();
                std::hint::black_box(self.read(&opened, way));
                *least = begun.elapsed().min(*least);
            }
        }
        let opened = reader.open(Arc::clone(pdf), WORDS).await.unwrap();
        least.map(|time| time / u32::try_from(opened.pages.len().max(1)).unwrap())
    }

    /// Pages a second of all children, with everything that the daemon asks for.
    async fn throughput(&self, reader: &Reader, pdf: &Arc<[u8]>, way: ReadingWay) -> f64 {
        let mut best: f64 = 0.0;
        for _ in 0..BATCHES {
            let begun = Instant::now();
            let asked = (0..BATCH).map(|_| async {
                let opened = reader.open(Arc::clone(pdf), WITH_PICTURES).await.unwrap();
                std::hint::black_box(self.read(&opened, way));
                opened.pages.len()
            });
            let pages: usize = futures_util::future::join_all(asked).await.into_iter().sum();
            best = best.max(f64::from(u32::try_from(pages).unwrap()) / begun.elapsed().as_secs_f64());
        }
        best
    }
}

fn reader(children: usize) -> Reader {
    let program = env!("CARGO_BIN_EXE_skrynka").into();
    Reader::new(Settings { program, children, ..Settings::default() })
}

/// The official sample, where somebody has laid it.
fn official() -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/copy");
    let files = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let pdf = files.filter(|path| path.extension().is_some_and(|kind| kind == "pdf")).min()?;
    fs::read(pdf).ok()
}

/// A generated copy.
fn sample(make: Make) -> Sample {
    let is_it = |request: &skrynka_fixtures::copies::CopyRequest| {
        request.make == make
            && request.document == Document::InternalPassport
            && request.look.typeface == Typeface::NotoSans
    };
    plans().iter().find(|plan| is_it(&plan.request)).unwrap().draw()
}

/// The alphabet of the program and the letters of a copy whose words are known.
async fn alphabet_with(reader: &Reader, copy: &Sample) -> Alphabet {
    let mut alphabet = Alphabet::shipped();
    let opened = reader.open(copy.pdf.clone(), WORDS).await.unwrap();
    let outlines = OutlineReader::new(&opened.shapes, &alphabet);
    let mut proposals: Vec<Proposal> = Vec::new();
    for page in &opened.pages {
        for row in &pages::rows_of_marks(page) {
            for line in &copy.lines {
                proposals.extend(pages::align_known_text(page, row, &outlines, line, &Evidence::Person));
            }
        }
    }
    drop(outlines);
    alphabet.learn(None, &opened.shapes, &proposals);
    alphabet
}

fn least(turns: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..turns).map(|_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
