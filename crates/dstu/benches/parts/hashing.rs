//! Random octets → MB/s of GOST 34.311-95 here and in the crate `gost94`, of Kupyna-256, and their ratios.
#![expect(clippy::print_stdout, reason = "a benchmark's figures are its output")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use digest::Digest;
use dstu::gost34311::{Dke, Path, digest_many_on, digest_on};

/// Long enough that padding, length and checksum do not count, short enough to be done between two interruptions.
const STREAM_OCTETS: usize = 32 * 1024;
/// How long each figure is looked for.
const LOOK_MS: u64 = 500;

/// Prints all figures of the digests.
pub(crate) fn run() {
    let data = octets(STREAM_OCTETS);
    println!("one stream of {STREAM_OCTETS} octets, one thread");
    let peer = megabytes_per_second(data.len(), || {
        black_box(gost94::Gost94UA::digest(black_box(&data)));
    });
    println!("  crate gost94              {peer:8.1} MB/s");
    for path in Path::ALL.into_iter().filter(|path| path.is_available() && *path != Path::Avx2) {
        let ours = megabytes_per_second(data.len(), || {
            black_box(digest_on(path, &Dke::NO_1, black_box(&data)));
        });
        println!("  GOST 34.311 {:<14}{ours:8.1} MB/s   {:5.1} × gost94", path.name(), ours / peer);
    }
    let kupyna = megabytes_per_second(data.len(), || {
        black_box(kupyna::Kupyna256::digest(black_box(&data)));
    });
    println!("  crate kupyna, 256 bits    {kupyna:8.1} MB/s");
    for count in [2, 4, 8, 16] {
        many(count, &data, peer);
    }
}

/// Prints the aggregate rate of so many independent messages.
fn many(count: usize, data: &[u8], peer: f64) {
    let messages: Vec<&[u8]> = (0..count).map(|i| data.get(i..).unwrap_or_default()).collect();
    let mut out = vec![[0; 32]; count];
    println!("{count} independent messages, one thread, aggregate");
    for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
        let ours = megabytes_per_second(messages.iter().map(|message| message.len()).sum(), || {
            black_box(digest_many_on(path, &Dke::NO_1, black_box(&messages), &mut out).is_ok());
        });
        println!("  GOST 34.311 {:<14}{ours:8.1} MB/s   {:5.1} × gost94", path.name(), ours / peer);
    }
}

/// The rate of the fastest of many calls: other load only ever slows one down.
fn megabytes_per_second(octets: usize, mut work: impl FnMut()) -> f64 {
    let (begin, mut best) = (Instant::now(), Duration::MAX);
    while begin.elapsed() < Duration::from_millis(LOOK_MS) {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    #[expect(clippy::cast_precision_loss, reason = "a few digits are printed")]
    let octets = octets as f64;
    octets / best.as_secs_f64() / 1e6
}

/// Octets without a pattern that a branch predictor could learn.
fn octets(count: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect()
}
