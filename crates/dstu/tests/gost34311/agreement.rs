//! Every path agrees with the crate `gost94` (№1) and with the slow twin (any S-boxes), one message or many.

use digest::Digest;
use dstu::gost34311::{CountMismatch, Dke, Path, digest, digest_many, digest_many_on, digest_on};
use gost94::Gost94UA;

use crate::random::Random;
use crate::reference;

fn oracle(message: &[u8]) -> [u8; 32] {
    Gost94UA::digest(message).into()
}

#[track_caller]
fn check_all(dke: &Dke, message: &[u8], expected: [u8; 32]) {
    for path in Path::ALL {
        assert_eq!(digest_on(path, dke, message), expected, "{}, {} octets", path.name(), message.len());
    }
}

#[test]
fn every_length_up_to_300_agrees_with_gost94() {
    let mut random = Random(1);
    for length in 0..=300 {
        for message in [random.octets(length), vec![0xFF; length], vec![0; length]] {
            check_all(&Dke::NO_1, &message, oracle(&message));
        }
    }
}

#[test]
fn thousands_of_random_messages_agree_with_gost94() {
    let mut random = Random(2);
    for _ in 0..3000 {
        let length = random.below(400);
        let message = random.octets(length);
        check_all(&Dke::NO_1, &message, oracle(&message));
    }
}

#[test]
fn long_messages_agree_with_gost94() {
    let mut random = Random(3);
    for length in [4095, 4096, 4097, 65_537, 262_143] {
        let message = random.octets(length);
        check_all(&Dke::NO_1, &message, oracle(&message));
    }
}

#[test]
fn random_s_boxes_agree_with_the_slow_twin_at_every_length() {
    let mut random = Random(4);
    for length in 0..=300 {
        let (dke, message) = (random.dke(), random.octets(length));
        check_all(&dke, &message, reference::digest(&dke, &message));
    }
}

#[test]
fn the_slow_twin_agrees_with_gost94() {
    let mut random = Random(5);
    for length in 0..=130 {
        let message = random.octets(length);
        assert_eq!(reference::digest(&Dke::NO_1, &message), oracle(&message), "{length} octets");
    }
}

/// Blocks whose sum carries through all 256 bits, out of them, and not quite.
#[test]
fn checksums_that_carry_agree_with_gost94_and_with_the_slow_twin() {
    let ones = [0xFF; 32];
    let one = core::array::from_fn(|i| u8::from(i == 0));
    let top = core::array::from_fn(|i| if i == 31 { 0x80 } else { 0 });
    let gap = core::array::from_fn(|i| if i == 15 { 0xFE } else { 0xFF });
    let blocks: [[u8; 32]; 5] = [ones, one, top, gap, [0; 32]];
    let dke = Random(6).dke();
    for first in blocks {
        for second in blocks {
            for third in blocks {
                let message = [first, second, third].concat();
                check_all(&Dke::NO_1, &message, oracle(&message));
                check_all(&dke, &message, reference::digest(&dke, &message));
            }
        }
    }
}

#[test]
fn another_dke_gives_another_digest() {
    let mut packed = Dke::NO_1.to_packed();
    // Two entries of the last row change places.
    packed[63] = packed[63].rotate_left(4);
    let changed = Dke::from_packed(&packed);
    let message = [0x5A; 100];
    assert_ne!(digest(&changed, &message), digest(&Dke::NO_1, &message));
    check_all(&changed, &message, reference::digest(&changed, &message));
}

/// As many messages as lanes, fewer, more; lengths that end in different steps.
#[test]
fn many_messages_side_by_side_are_digested_as_each_alone() {
    let mut random = Random(7);
    for count in (0..=40).chain([64, 100]) {
        let dke = if count % 2 == 0 { Dke::NO_1 } else { random.dke() };
        let messages: Vec<Vec<u8>> = (0..count)
            .map(|_| {
                let length = [random.below(40), random.below(300), random.below(3000)][random.below(3)];
                random.octets(length)
            })
            .collect();
        check_many(&dke, &messages);
    }
}

#[test]
fn every_length_up_to_300_side_by_side_is_digested_as_alone() {
    let mut random = Random(8);
    let mut messages: Vec<Vec<u8>> = (0..=300).map(|length| random.octets(length)).collect();
    check_many(&Dke::NO_1, &messages);
    messages.reverse();
    check_many(&random.dke(), &messages);
}

#[track_caller]
fn check_many(dke: &Dke, messages: &[Vec<u8>]) {
    let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
    let expected: Vec<[u8; 32]> = messages.iter().map(|m| digest_on(Path::Portable, dke, m)).collect();
    for path in Path::ALL {
        let mut out = vec![[0xAA; 32]; messages.len()];
        assert_eq!(digest_many_on(path, dke, &messages, &mut out), Ok(()));
        assert_eq!(out, expected, "{}, {} messages", path.name(), messages.len());
    }
}

#[test]
fn as_many_places_as_messages_are_asked_for() {
    let mut out = [[0xAA; 32]; 3];
    let error = CountMismatch { messages: 2, places: 3 };
    assert_eq!(digest_many(&Dke::NO_1, &[b"a", b"b"], &mut out), Err(error));
    assert_eq!(out, [[0xAA; 32]; 3], "nothing was written");
    assert_eq!(error.to_string(), "2 messages need as many places for digests, not 3");
}

/// Says which paths this machine has proved: the others fall back to the portable one.
#[test]
#[expect(clippy::print_stderr, reason = "a path that was not tested is said so")]
fn the_best_path_is_one_that_the_processor_has() {
    assert!(Path::best().is_available());
    assert!(Path::Portable.is_available());
    for path in Path::ALL {
        eprintln!(
            "{}: {}",
            path.name(),
            if path.is_available() { "tested" } else { "not on this processor" }
        );
    }
}
