//! Octets → a public key, or an error; never a panic.
#![no_main]

use dstu::{BasePointRule, PublicKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let strict = PublicKey::from_spki(octets, BasePointRule::StandardOnly);
    let any = PublicKey::from_spki(octets, BasePointRule::OtherAllowed);
    assert!(strict.is_err() || any.is_ok(), "allowing more refuses nothing");
    let Ok(key) = any else { return };
    let compressed = key.to_compressed();
    let again = PublicKey::from_compressed(key.curve(), compressed.as_ref()).unwrap();
    assert_eq!(again.to_compressed().as_ref() as &[u8], compressed.as_ref() as &[u8]);
});
