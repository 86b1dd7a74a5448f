//! The portable code against the code for this processor: the same answers, and one reads the other's tables.

use dstu::{Curve, PublicKey, Signature};

use crate::curves::{ROWS, row};
use crate::ladder::{Key, digest_for};
use crate::openssl::{Number, Twin};
use crate::random::Random;
use crate::subject::{Subject, raw};

/// Runs with the portable code, for the whole process; a test beside us then runs slower, not differently.
fn portably<T>(work: impl FnOnce() -> T) -> T {
    dstu::backend::force_portable(true);
    let result = work();
    dstu::backend::force_portable(false);
    result
}

#[test]
fn the_portable_code_is_named_as_such() {
    assert_eq!(portably(dstu::backend::name), "portable");
}

#[test]
fn the_portable_code_reads_the_same_keys() {
    let mut random = Random::new(0x90f7);
    for row in &ROWS {
        let twin = Twin::new(row);
        for _ in 0..100 {
            let octets = Number::random(row.m(), &mut random).to_le(twin.element_octets());
            let fast = PublicKey::from_compressed(row.curve, &octets).map(|key| key.to_compressed());
            let slow =
                portably(|| PublicKey::from_compressed(row.curve, &octets).map(|key| key.to_compressed()));
            assert_eq!(fast.is_ok(), slow.is_ok(), "{:?} {octets:x?}", row.curve);
            if let (Ok(fast), Ok(slow)) = (fast, slow) {
                assert_eq!(AsRef::<[u8]>::as_ref(&fast), AsRef::<[u8]>::as_ref(&slow), "{:?}", row.curve);
            }
        }
    }
}

fn same_verdicts(curve: Curve) {
    let (twin, mut random) = (Twin::new(row(curve)), Random::new(0x54e));
    for round in 0..40 {
        let q = match round {
            0 => Number::from_word(1),
            1 => twin.negate_mod_n(&Number::from_word(1)),
            _ => Number::random(twin.n.bits() - 1, &mut random),
        };
        let key = Key::new(&twin, q);
        let octets = twin.compress(&key.point);
        let slow = portably(|| Subject::from_compressed(curve, &octets).unwrap());
        let r = Number::random(twin.n.bits() - 1, &mut random);
        let s = Number::random(twin.n.bits() - 1, &mut random);
        let digest = digest_for(&twin, &key.point, &r, &s, &mut random).unwrap();
        let signature = Signature::from_raw(curve, &raw(&twin, &r, &s)).unwrap();
        let mut other = digest.clone();
        other[random.below(20)] ^= 1 << random.below(8);
        for (digest, good) in [(&digest, true), (&other, false)] {
            for subject in [&key.subject, &slow] {
                assert_eq!(subject.agree(digest, &signature), good, "{curve:?} fast: r = {r:?}, s = {s:?}");
                let verdict = portably(|| subject.agree(digest, &signature));
                assert_eq!(verdict, good, "{curve:?} portable: r = {r:?}, s = {s:?}");
            }
        }
    }
}

#[test]
fn the_portable_code_gives_the_same_verdicts_on_short_fields() {
    for curve in [Curve::M163, Curve::M167, Curve::M173, Curve::M179, Curve::M191, Curve::M233] {
        same_verdicts(curve);
    }
}

#[test]
fn the_portable_code_gives_the_same_verdicts_on_m257() {
    same_verdicts(Curve::M257);
}

#[test]
fn the_portable_code_gives_the_same_verdicts_on_long_fields() {
    for curve in [Curve::M307, Curve::M367] {
        same_verdicts(curve);
    }
}

#[test]
fn the_portable_code_gives_the_same_verdicts_on_m431() {
    same_verdicts(Curve::M431);
}
