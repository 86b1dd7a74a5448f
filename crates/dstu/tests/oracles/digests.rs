//! GOST 34.311 against `gost94` on every length around a block, in random pieces, and side by side.

use dstu::gost34311::{Dke, Gost34311, digest, digest_many};
use dstu::kupyna::Digest;
use gost94::Gost94UA;

use crate::bouncy_castle::random_dke;
use crate::random::Random;

#[test]
fn digests_are_those_of_gost94() {
    let mut random = Random::new(0x94);
    for length in (0..300).chain([1000, 4095, 4096, 4097, 65_537]) {
        let message = random.octets(length);
        assert_eq!(digest(&Dke::NO_1, &message)[..], Gost94UA::digest(&message)[..], "{length} octets");
    }
}

#[test]
fn sums_carry_through_every_octet() {
    // The checksum is a sum modulo 2^256: all ones carry all the way, and past the top.
    for length in [32, 33, 64, 96, 1000] {
        for octet in [0x00, 0x01, 0x80, 0xff] {
            let message = vec![octet; length];
            assert_eq!(digest(&Dke::NO_1, &message)[..], Gost94UA::digest(&message)[..], "{length} × {octet:#x}");
        }
    }
}

#[test]
fn pieces_of_any_size_make_the_same_digest() {
    let mut random = Random::new(0x9ece5);
    for _ in 0..300 {
        let length = random.below(700);
        let message = random.octets(length);
        let dke = random_dke(&mut random);
        let mut stream = Gost34311::new(&dke);
        let mut rest = &message[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(random.below(rest.len().min(80)) + 1);
            stream.update(piece);
            if random.below(5) == 0 {
                stream.update([]);
            }
            rest = after;
        }
        assert_eq!(stream.finalize()[..], digest(&dke, &message), "{length} octets");
    }
}

#[test]
fn messages_side_by_side_have_the_digests_they_have_alone() {
    let mut random = Random::new(0x3a4e5);
    for count in (0..36).chain([64, 100]) {
        let dke = random_dke(&mut random);
        let longest = [40, 400, 3000][count % 3];
        let messages: Vec<Vec<u8>> = (0..count)
            .map(|_| {
                let length = random.below(longest);
                random.octets(length)
            })
            .collect();
        let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        let mut together = vec![[0; 32]; count];
        digest_many(&dke, &slices, &mut together).unwrap();
        for (at, message) in messages.iter().enumerate() {
            assert_eq!(together[at], digest(&dke, message), "message {at} of {count}, {} octets", message.len());
        }
    }
}

#[test]
fn any_substitution_gives_the_digests_of_two_other_crates() {
    use structured_dstu4145::gost::{Dke as StructuredDke, Gost34311 as Structured};
    use ua_cryptography_gost::Gost34311 as Ua;
    let mut random = Random::new(0x5b0c5);
    for _ in 0..200 {
        let dke = random_dke(&mut random);
        let packed = dke.to_packed();
        let length = random.below(500);
        let message = random.octets(length);
        let ours = digest(&dke, &message);
        let structured = StructuredDke::new(&packed).unwrap();
        let mut stream = Structured::new(&structured);
        stream.update(&message).unwrap();
        assert_eq!(stream.finalize(), ours, "{packed:x?}");
        assert_eq!(Ua::from_dke(&packed).unwrap().hash(&message), ours, "{packed:x?}");
    }
}

#[test]
fn only_64_octets_are_a_substitution() {
    let good = Dke::NO_1.to_packed();
    assert!(Dke::try_from(&good[..]).is_ok());
    assert!(Dke::try_from(&good[..63]).is_err());
    assert!(Dke::try_from(&[&good[..], &[0]].concat()[..]).is_err());
}
