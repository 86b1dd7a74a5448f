//! `make bench`, third part: what a child that opens documents costs, cold and warm, and how many documents two open.
//!
//! Documents are the generated copies of `fixtures/copies`. A figure is the first quartile of all calls, so that other
//! programs beside count little.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table of rounded figures"
)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use skrynka::reader::{Reader, Settings, Wish};

const CALLS: usize = 200;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        println!("\ndocuments opened by children; milliseconds a document, transport and checks included");
        for kind in ["text-layer", "outlines"] {
            let pdf = copy(kind);
            let words = Wish { pages_max: 10, words: true, ..Wish::default() };
            let small = Wish { thumbnail_px: Some(400), ..words };
            let raster = Wish { pages_max: 1, raster_dpi: Some(200), ..Wish::default() };
            let cold = Settings { documents_per_child: 1, ..settings(1) };
            row(
                &format!("{kind}: words, a new child each"),
                &quartile(&Reader::new(cold), &pdf, words).await,
            );
            let warm = Reader::new(settings(1));
            row(&format!("{kind}: words, a warm child"), &quartile(&warm, &pdf, words).await);
            row(&format!("{kind}: words and a thumbnail, a warm child"), &quartile(&warm, &pdf, small).await);
            row(&format!("{kind}: a page for OCR, a warm child"), &quartile(&warm, &pdf, raster).await);
            println!(
                "{:<48}{:>10.0}",
                format!("{kind}: words, documents/s of two children"),
                throughput(&pdf, words).await
            );
        }
    });
}

fn settings(children: usize) -> Settings {
    Settings { program: env!("CARGO_BIN_EXE_skrynka").into(), children, ..Settings::default() }
}

fn copy(kind: &str) -> Arc<[u8]> {
    let place = format!("fixtures/copies/{kind}/internal-passport.pdf");
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(place)).unwrap().into()
}

fn row(title: &str, time: &Duration) {
    println!("{title:<48}{:>10.2}", time.as_secs_f64() * 1000.0);
}

async fn quartile(reader: &Reader, pdf: &Arc<[u8]>, wish: Wish) -> Duration {
    let mut calls = Vec::new();
    for _ in 0..CALLS {
        let begun = Instant::now();
        reader.open(pdf.clone(), wish).await.unwrap();
        calls.push(begun.elapsed());
    }
    calls.sort_unstable();
    calls.get(calls.len() / 4).copied().unwrap_or_default()
}

async fn throughput(pdf: &Arc<[u8]>, wish: Wish) -> f64 {
    let reader = Reader::new(settings(2));
    let begun = Instant::now();
    let asked = (0..CALLS * 4).map(|_| reader.open(pdf.clone(), wish));
    futures_util::future::try_join_all(asked).await.unwrap();
    let count = u32::try_from(CALLS * 4).unwrap_or(u32::MAX);
    f64::from(count) / begun.elapsed().as_secs_f64()
}
