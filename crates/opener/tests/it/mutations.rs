//! Disturbed files: each ends, in time, with an answer or a panic of a library. (The panic costs the child that runs us.)

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opener::{Wish, open};

use crate::draft::Draft;
use crate::pdfs;

/// Nobody waits so long for one file; on a busy machine a healthy one takes a second.
const PATIENCE: Duration = Duration::from_secs(120);

/// The name of the threads that open disturbed files.
const WORKER: &str = "disturbed";

const WISH: Wish = Wish {
    pages_max: 3,
    words: true,
    thumbnail_px: Some(120),
    preview_px: None,
    pictures_px: Some(100),
    raster_dpi: Some(50),
};

/// The generator of Marsaglia (xorshift, 64 bits): the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

fn disturbed(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len());
        let octet = dice.next().to_be_bytes()[0];
        match dice.below(6) {
            0 => bytes[at] = octet,
            1 => bytes[at] ^= 1 << (octet % 8),
            2 => {
                bytes.insert(at, octet);
            }
            3 => {
                let end = (at + dice.below(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let end = (at + dice.below(256)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            // A number becomes another one.
            _ => {
                if let Some(digit) = bytes.iter().skip(at).position(u8::is_ascii_digit) {
                    bytes[at + digit] = b'0' + octet % 10;
                }
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Small files of all kinds.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let text = "BT /F1 10 Tf 50 40 Td (Mit) Tj ET";
    let image =
        "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB";
    let draft = Draft::new(&format!("{text} q 20 0 0 20 0 0 cm /X Do Q 20 20 m 30 20 l 25 40 l f"))
        .resources("/XObject << /X 6 0 R >>")
        .stream(image, &[1, 2, 3, 4, 5, 6]);
    let mut files = vec![("draft".to_owned(), draft.bytes())];
    for path in ["fixtures/copies/text-layer", "fixtures/copies/outlines", "../shared/data/pdf"] {
        files.extend(pdfs(path).into_iter().flatten().filter(|(_, bytes)| bytes.len() < 120_000));
    }
    files
}

fn run(count: u64) {
    let corpus = corpus();
    let panics: Arc<Mutex<BTreeMap<String, u64>>> = Arc::default();
    let places = Arc::clone(&panics);
    let before = Arc::new(std::panic::take_hook());
    let others = Arc::clone(&before);
    std::panic::set_hook(Box::new(move |info| {
        // Other tests run beside this one.
        if std::thread::current().name() != Some(WORKER) {
            return others(info);
        }
        let place = info.location().map(|at| {
            let file = at.file();
            format!(
                "{}:{}",
                file.rsplit_once("/src/").map_or(file, |(start, _)| start).rsplit('/').next().unwrap_or(file),
                at.line()
            )
        });
        *places.lock().unwrap().entry(place.unwrap_or_default()).or_default() += 1;
    }));
    let (mut answers, mut faults) = (0_u64, 0_u64);
    for seed in 0..count {
        let (name, bytes) = &corpus[usize::try_from(seed).unwrap() % corpus.len()];
        let bytes = disturbed(bytes, seed + 1);
        let (say, hear) = channel();
        // A thread that does not end is left behind: the test fails.
        let worker =
            std::thread::Builder::new().name(WORKER.to_owned()).stack_size(8 << 20).spawn(move || {
                let answer = catch_unwind(AssertUnwindSafe(|| open(&bytes, &WISH).is_ok()));
                let _ = say.send(answer.ok());
            });
        match hear.recv_timeout(PATIENCE) {
            Ok(Some(true)) => answers += 1,
            Ok(Some(false)) => faults += 1,
            Ok(None) => {}
            Err(RecvTimeoutError::Timeout) => panic!("{name}, seed {seed}: no answer in {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => {
                panic!("{name}, seed {seed}: the thread ended without a word")
            }
        }
        worker.unwrap().join().unwrap();
    }
    drop(std::panic::take_hook());
    let panics = panics.lock().unwrap();
    let broken: u64 = panics.values().sum();
    println!(
        "{count} disturbed files: {answers} opened, {faults} refused, {broken} panics of libraries: {panics:?}"
    );
    let own = panics.keys().filter(|place| place.starts_with("opener") || place.starts_with("crates"));
    assert_eq!(own.count(), 0, "a panic of our own: {panics:?}");
    assert_eq!(answers + faults + broken, count);
    assert!(answers > count / 4, "most disturbed files can still be opened: {answers}");
}

#[test]
fn five_hundred_disturbed_files_end_with_an_answer_or_a_librarys_panic() {
    run(500);
}

#[test]
#[ignore = "a quarter of an hour: the soak runs it"]
fn ten_thousand_disturbed_files_end_with_an_answer_or_a_librarys_panic() {
    run(10_000);
}
