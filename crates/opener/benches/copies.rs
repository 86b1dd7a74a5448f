//! How long a copy takes: what the crate promises its callers is 10 ms for words and a thumbnail of an A4 page.
//!
//! `cargo bench -p opener [-- FILE…]`; without files the samples of `fixtures/copies` and, where it is, the official one.
#![expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use opener::{Wish, open};

const ROUNDS: u32 = 40;

fn main() {
    let named: Vec<PathBuf> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).map(PathBuf::from).collect();
    let files = if named.is_empty() { samples() } else { named };
    let words = Wish { pages_max: 10, words: true, ..Wish::default() };
    let nothing = Wish { words: false, ..words };
    let thumbnail = Wish { thumbnail_px: Some(240), ..nothing };
    let both = Wish { thumbnail_px: Some(240), ..words };
    let all = Wish { pictures_px: Some(400), ..both };
    let preview = Wish { preview_px: Some(900), ..nothing };
    let raster = Wish { raster_dpi: Some(200), ..nothing };
    println!(
        "mean of {ROUNDS}, ms:  pass  words  thumbnail  words+thumbnail  …+pictures  preview 900  raster 200"
    );
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else {
            println!("skipped: {}", file.display());
            continue;
        };
        print!(
            "{:>44}",
            file.file_name().unwrap_or_default().to_string_lossy().chars().take(44).collect::<String>()
        );
        for wish in [nothing, words, thumbnail, both, all, preview, raster] {
            print!("  {:>7.2}", mean(&bytes, &wish).as_secs_f64() * 1_000.0);
        }
        println!();
    }
}

/// The mean of all rounds, in time on a processor: what else the machine does is not in it. (Linux counts a thread's time
/// at its ticks: one round would be too short.)
fn mean(bytes: &[u8], wish: &Wish) -> Duration {
    let begun = Instant::now();
    let before = on_processor(begun);
    for _ in 0..ROUNDS {
        std::hint::black_box(open(std::hint::black_box(bytes), wish).is_ok());
    }
    on_processor(begun).saturating_sub(before) / ROUNDS
}

/// How long this thread has run (Linux: proc_pid_schedstat, first number, nanoseconds); elsewhere, the time that passed.
fn on_processor(begun: Instant) -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let run = said.and_then(|said| said.split(' ').next()?.parse().ok());
    run.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

fn samples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["fixtures/copies/outlines", "fixtures/copies/text-layer", "../shared/data/copy"];
    let inside = |folder: &str| std::fs::read_dir(root.join(folder)).into_iter().flatten();
    let files = folders.iter().flat_map(|folder| inside(folder)).filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|kind| kind == "pdf")).collect();
    files.sort();
    files
}
