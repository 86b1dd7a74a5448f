//! Whole files → what was found in them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that meets the unexpected stops right there, and says what it did not run"
)]

mod corpus;
mod draft;
mod drawings;
mod mutations;
mod oddities;
mod outlines;
mod pictures;
mod text;

use std::path::PathBuf;

use opener::{Wish, open};
use pages::Opened;

/// Words and pictures of ten pages.
const WORDS: Wish = Wish {
    pages_max: 10,
    words: true,
    thumbnail_px: None,
    preview_px: None,
    pictures_px: Some(200),
    raster_dpi: None,
};

#[track_caller]
fn opened(bytes: &[u8]) -> Opened {
    open(bytes, &WORDS).unwrap()
}

/// The characters that a person sees.
fn seen(opened: &Opened) -> String {
    let glyphs = opened.pages.iter().flat_map(|page| &page.glyphs);
    glyphs.filter(|glyph| glyph.is_visible).map(|glyph| glyph.text.as_str()).collect()
}

/// A folder of the repository.
fn folder(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The PDF files of a folder, in order of their names. None, and a word about it, where it is not there.
fn pdfs(path: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let Ok(entries) = std::fs::read_dir(folder(path)) else {
        eprintln!("skipped: no {path}");
        return None;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "pdf"));
    paths.sort();
    let read = |path: PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
    };
    Some(paths.into_iter().map(read).collect())
}
