//! Numbers that an operator may change → what children get.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::lock::Limits;

/// How documents are read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The program that the children are: this one.
    pub program: PathBuf,
    /// How many children read at once, at least one.
    pub children: usize,
    /// How many documents a child reads before another takes its place.
    pub documents_per_child: u32,
    /// How long a document may take.
    pub open_timeout: Duration,
    /// Address space of a child, bytes.
    pub memory_bytes_max: u64,
    /// How OCR is done; none where it is switched off.
    pub ocr: Option<OcrSettings>,
    /// Locks that children leave open, as on a kernel that does not have them: for tests of the others.
    #[cfg(debug_assertions)]
    pub without: Vec<super::Bar>,
}

/// How OCR is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OcrSettings {
    /// The program; without it, `tesseract` where systems install it.
    pub program: Option<PathBuf>,
    /// How long a page may take.
    pub page_timeout: Duration,
    /// Address space of the program, bytes.
    pub memory_bytes_max: u64,
    /// How many pages are read at once, at least one.
    pub at_once: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            program: this_program(),
            children: cores(),
            documents_per_child: 64,
            open_timeout: Duration::from_secs(10),
            memory_bytes_max: 512 * 1024 * 1024,
            ocr: Some(OcrSettings::default()),
            #[cfg(debug_assertions)]
            without: Vec::new(),
        }
    }
}

impl Default for OcrSettings {
    /// A page of A4 with Ukrainian and English takes one to three seconds and 0.3 GB. One core is left to others.
    fn default() -> Self {
        Self {
            program: None,
            page_timeout: Duration::from_secs(20),
            memory_bytes_max: 1024 * 1024 * 1024,
            at_once: cores().saturating_sub(1).max(1),
        }
    }
}

impl Settings {
    /// What a child that opens documents may use. Time is for all its documents: a child that should be dead is.
    pub(super) fn limits(&self) -> Limits {
        let seconds = self.open_timeout.as_secs().saturating_add(1);
        Limits {
            memory_bytes: self.memory_bytes_max,
            cpu_seconds: seconds.saturating_mul(u64::from(self.documents_per_child.max(1))),
        }
    }
}

impl OcrSettings {
    /// What the OCR program may use for a page.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            memory_bytes: self.memory_bytes_max,
            cpu_seconds: self.page_timeout.as_secs().saturating_add(1),
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The file that runs now, even where an update has put another in its place: parent and child must speak alike.
fn this_program() -> PathBuf {
    let itself = Path::new("/proc/self/exe");
    if itself.exists() { itself.to_owned() } else { std::env::current_exe().unwrap_or_default() }
}
