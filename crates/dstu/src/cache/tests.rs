//! What stays and what leaves.

use super::*;
use crate::Curve;

/// A named-curve `SubjectPublicKeyInfo` of the base point of m = 163 with the tag of its sign, made different by
/// the explicit choice of curve.
fn spki(curve: Curve, negative: bool) -> Vec<u8> {
    let mut key = crate::key::standard_base(curve).to_vec();
    key[0] ^= u8::from(negative);
    let short = |tag: u8, contents: &[u8]| [&[tag, u8::try_from(contents.len()).unwrap()], contents].concat();
    let oid = short(6, &[0x2a, 0x86, 0x24, 2, 1, 1, 1, 1, 3, 1, 1]);
    let algorithm = short(0x30, &[oid, short(0x30, &short(6, curve.oid()))].concat());
    let bits = short(3, &[&[0][..], &short(4, &key)].concat());
    short(0x30, &[algorithm, bits].concat())
}

const RULE: BasePointRule = BasePointRule::StandardOnly;

#[test]
fn a_key_asked_for_again_is_the_same_object_until_it_gets_bigger_tables() {
    let cache = KeyCache::new(2);
    let spki = spki(Curve::M163, false);
    let first = cache.get(&spki, RULE).unwrap();
    for _ in 2..SPLIT_AFTER {
        assert!(Arc::ptr_eq(&first, &cache.get(&spki, RULE).unwrap()));
    }
    let bigger = cache.get(&spki, RULE).unwrap();
    assert!(bigger.table_octets() > first.table_octets());
    assert!(Arc::ptr_eq(&bigger, &cache.get(&spki, RULE).unwrap()));
    assert_eq!(cache.len(), 1);
}

#[test]
fn strangers_displace_one_another_and_not_a_key_in_use() {
    let cache = KeyCache::new(2);
    let often = spki(Curve::M163, false);
    let kept = cache.get(&often, RULE).unwrap();
    cache.get(&often, RULE).unwrap();
    for curve in [Curve::M167, Curve::M173, Curve::M179, Curve::M191] {
        for negative in [false, true] {
            cache.get(&spki(curve, negative), RULE).unwrap();
            assert_eq!(cache.len(), 2);
        }
    }
    assert!(Arc::ptr_eq(&kept, &cache.get(&often, RULE).unwrap()));
}

#[test]
fn octets_that_are_no_key_take_no_place_and_a_cache_of_nothing_still_answers() {
    let cache = KeyCache::new(1);
    assert!(cache.get(&[1, 2, 3], RULE).is_err());
    assert!(cache.is_empty());
    let nothing = KeyCache::new(0);
    assert!(nothing.get(&spki(Curve::M163, false), RULE).is_ok());
    assert!(nothing.is_empty());
}

#[test]
fn a_lock_poisoned_by_a_thread_that_panicked_does_not_matter() {
    let cache = Arc::new(KeyCache::new(1));
    let theirs = Arc::clone(&cache);
    let result = std::thread::spawn(move || {
        let _inside = theirs.lock();
        panic!("for the test");
    })
    .join();
    assert!(result.is_err());
    assert!(cache.get(&spki(Curve::M163, false), RULE).is_ok());
    assert_eq!(cache.len(), 1);
}
