//! Octets → a key, a digest, a signature → one verdict by every way; never a panic.
#![no_main]

use dstu::{Curve, PublicKey, Signature, verify_digests};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Some((&curve, rest)) = octets.split_first() else { return };
    let curve = Curve::ALL[usize::from(curve) % 10];
    let Some((point, rest)) = rest.split_at_checked(curve.element_octets()) else { return };
    let Some((digest, signature)) = rest.split_at_checked(32) else { return };
    let Ok(key) = PublicKey::from_compressed(curve, point) else { return };
    for signature in [Signature::from_raw(curve, signature), Signature::from_nested(curve, signature)] {
        let Ok(signature) = signature else { continue };
        let verdict = key.verify_digest(digest, &signature);
        let (prepared, split) = (key.prepare(), key.prepare_split());
        let mut together = [!verdict; 2];
        verify_digests(&[(&prepared, digest, &signature), (&split, digest, &signature)], &mut together);
        assert_eq!(together, [verdict; 2]);
        assert_eq!(prepared.verify_digest(digest, &signature), verdict);
        assert_eq!(split.verify_digest(digest, &signature), verdict);
        dstu::backend::force_portable(true);
        let portable = key.verify_digest(digest, &signature);
        dstu::backend::force_portable(false);
        assert_eq!(portable, verdict);
    }
});
