//! The streaming digest: splits, clones, resets, and RustCrypto's traits.

use digest::common::BlockSizeUser;
use digest::{Digest, FixedOutputReset, Reset, Update};
use dstu::gost34311::{Dke, Gost34311, Path, digest};

use crate::random::Random;

#[test]
fn any_split_of_a_message_gives_the_same_digest() {
    let mut random = Random(11);
    for _ in 0..500 {
        let dke = random.dke();
        let length = random.below(400);
        let message = random.octets(length);
        for path in Path::ALL {
            let mut hasher = Gost34311::on(path, &dke);
            let mut rest = message.as_slice();
            while !rest.is_empty() {
                let taken = random.below(rest.len().min(100) + 1);
                Update::update(&mut hasher, &rest[..taken]);
                rest = &rest[taken..];
            }
            assert_eq!(<[u8; 32]>::from(hasher.finalize()), digest(&dke, &message), "{}", path.name());
        }
    }
}

#[test]
fn every_first_length_around_the_block_boundaries_gives_the_same_digest() {
    let message = Random(12).octets(100);
    let expected = digest(&Dke::NO_1, &message);
    for first in 0..=100 {
        for second in first..=100 {
            let mut hasher = Gost34311::default();
            Update::update(&mut hasher, &message[..first]);
            Update::update(&mut hasher, &message[first..second]);
            Update::update(&mut hasher, &message[second..]);
            assert_eq!(<[u8; 32]>::from(hasher.finalize()), expected, "{first}, {second}");
        }
    }
}

#[test]
fn a_clone_goes_its_own_way_and_a_reset_keeps_the_s_boxes() {
    let dke = Random(13).dke();
    let mut one = Gost34311::new(&dke);
    Update::update(&mut one, b"a beginning of more than thirty-two octets, then ");
    let mut other = one.clone();
    Update::update(&mut one, b"this");
    Update::update(&mut other, b"that");
    let (this, that) = (one.finalize_fixed_reset(), other.finalize_fixed_reset());
    assert_eq!(
        <[u8; 32]>::from(this),
        digest(&dke, b"a beginning of more than thirty-two octets, then this")
    );
    assert_eq!(
        <[u8; 32]>::from(that),
        digest(&dke, b"a beginning of more than thirty-two octets, then that")
    );
    Update::update(&mut one, b"left half-way");
    Reset::reset(&mut one);
    Update::update(&mut one, b"new");
    assert_eq!(<[u8; 32]>::from(one.finalize()), digest(&dke, b"new"));
}

#[test]
fn the_digest_trait_serves_the_default_s_boxes() {
    assert_eq!(<[u8; 32]>::from(Gost34311::digest(b"abc")), digest(&Dke::NO_1, b"abc"));
    assert_eq!(<Gost34311 as Digest>::output_size(), 32);
    assert_eq!(Gost34311::block_size(), 32);
    let mut hasher = <Gost34311 as Digest>::new();
    Digest::update(&mut hasher, b"ab");
    Digest::update(&mut hasher, b"c");
    assert_eq!(hasher.finalize(), Gost34311::digest(b"abc"));
}

#[test]
fn debug_output_shows_no_state() {
    let mut hasher = Gost34311::default();
    Update::update(&mut hasher, b"secret");
    assert_eq!(format!("{hasher:?}"), "Gost34311 { .. }");
    assert!(format!("{:?}", Dke::NO_1).starts_with("Dke(A9D6EB45"));
}
