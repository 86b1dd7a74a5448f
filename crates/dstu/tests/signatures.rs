//! Signatures made here: verified by every kind of key, refused when anything is changed.

use dstu::{BasePointRule, Curve, PublicKey, SecretKey, Signature, SignatureError, verify_digests};

#[expect(clippy::unwrap_used, reason = "this source of randomness is usable")]
fn secret(curve: Curve, seed: u8) -> SecretKey {
    let mut state = u64::from(seed) * 0x9e37_79b9 + 0x7f4a_7c15;
    SecretKey::random(curve, |octets| {
        for octet in octets {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *octet = state.to_be_bytes()[0];
        }
    })
    .unwrap()
}

/// The answer of every kind of key, which must be one.
#[track_caller]
fn verified(key: &PublicKey, digest: &[u8], signature: &Signature) -> bool {
    let answer = key.verify_digest(digest, signature);
    for prepared in [key.prepare(), key.prepare_split()] {
        assert_eq!(prepared.verify_digest(digest, signature), answer, "{prepared:?}");
    }
    answer
}

#[test]
fn what_is_signed_verifies_on_all_ten_curves_with_every_kind_of_key_also_for_the_digest_of_zeros() {
    for curve in Curve::ALL {
        let secret = secret(curve, 1);
        let key = secret.public_key();
        let again = PublicKey::from_compressed(curve, &key.to_compressed()).unwrap();
        assert_eq!(key, again, "{curve:?}");
        for digest in [[0xa5; 32], [0; 32], [0xff; 32]] {
            let signature = secret.sign_digest_deterministic(&digest).unwrap();
            assert_eq!(secret.sign_digest_deterministic(&digest).unwrap(), signature);
            assert!(verified(&key, &digest, &signature), "{curve:?}");
            assert!(!verified(&key, &[0x5a; 32], &signature));
            assert!(!verified(&self::secret(curve, 2).public_key(), &digest, &signature));
        }
        // h = 0 stands for 1.
        let one: Vec<u8> = std::iter::once(1).chain([0; 31]).collect();
        let signature = secret.sign_digest_deterministic(&[0; 32]).unwrap();
        assert!(verified(&key, &one, &signature));
        assert!(verified(&key, &[], &signature));
    }
}

#[test]
fn every_single_bit_flipped_in_signature_digest_or_key_is_noticed() {
    for curve in [Curve::M257, Curve::M431, Curve::M163] {
        let secret = secret(curve, 3);
        let key = secret.public_key();
        let (prepared, split) = (key.prepare(), key.prepare_split());
        let digest = [0x3c; 32];
        let good = secret.sign_digest_deterministic(&digest).unwrap().to_raw();
        for bit in 0..8 * good.len() {
            let mut octets = good.to_vec();
            octets[bit / 8] ^= 1 << (bit % 8);
            if let Ok(signature) = Signature::from_raw(curve, &octets) {
                assert!(
                    !prepared.verify_digest(&digest, &signature),
                    "{curve:?}: bit {bit} of the signature"
                );
                assert!(!split.verify_digest(&digest, &signature), "{curve:?}: bit {bit} of the signature");
            }
        }
        let signature = Signature::from_raw(curve, &good).unwrap();
        let field_bits = curve.field_bits().min(256);
        for bit in 0..256 {
            let mut changed = digest;
            changed[bit / 8] ^= 1 << (bit % 8);
            // Bits from t^m up do not take part: a short field cuts the digest.
            assert_eq!(
                prepared.verify_digest(&changed, &signature),
                bit >= field_bits,
                "{curve:?}: bit {bit}"
            );
        }
        let octets = key.to_compressed();
        for bit in 0..curve.field_bits() {
            let mut changed = octets.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = PublicKey::from_compressed(curve, &changed) {
                assert!(!other.verify_digest(&digest, &signature), "{curve:?}: bit {bit} of the key");
            }
        }
    }
}

#[test]
fn r_and_s_out_of_range_are_refused_and_the_edges_inside_it_are_answered() {
    for curve in Curve::ALL {
        let key = secret(curve, 4).public_key();
        let half = curve.signature_octets() / 2;
        let number = |value: &[u8]| {
            let mut octets = value.to_vec();
            octets.resize(half, 0);
            octets
        };
        let pair = |r: &[u8], s: &[u8]| Signature::from_raw(curve, &[number(r), number(s)].concat());
        assert_eq!(pair(&[0], &[1]), Err(SignatureError::OutOfRange));
        assert_eq!(pair(&[1], &[0]), Err(SignatureError::OutOfRange));
        assert_eq!(pair(&vec![0xff; half], &[1]), Err(SignatureError::OutOfRange));
        assert_eq!(pair(&[1], &vec![0xff; half]), Err(SignatureError::OutOfRange));
        for bit in 0..curve.order_bits() - 1 {
            let mut power = vec![0; half];
            power[bit / 8] = 1 << (bit % 8);
            let signature = pair(&power, &[1]).unwrap();
            if bit % 16 == 0 {
                assert!(!verified(&key, &[7; 32], &signature), "{curve:?}: 2^{bit}");
            }
        }
        let short = SignatureError::Length { expected: 2 * half, found: 2 * half - 1 };
        assert_eq!(Signature::from_raw(curve, &vec![1; 2 * half - 1]), Err(short));
    }
}

#[test]
fn raw_and_nested_forms_are_told_apart_by_their_length() {
    for curve in Curve::ALL {
        let signature = secret(curve, 5).sign_digest_deterministic(&[9; 32]).unwrap();
        let (raw, nested) = (signature.to_raw(), signature.to_nested());
        assert_eq!(raw.len(), curve.signature_octets());
        assert_eq!(Signature::from_raw(curve, &raw), Ok(signature));
        assert_eq!(Signature::from_nested(curve, &nested), Ok(signature));
        assert_eq!(Signature::from_raw(curve, &nested), Ok(signature));
        assert_eq!(Signature::from_nested(curve, &raw[..]), Err(SignatureError::NotNested));
        let trailing = [&nested[..], &[0]].concat();
        assert_eq!(Signature::from_nested(curve, &trailing), Err(SignatureError::NotNested));
        assert!(Signature::from_raw(curve, &trailing).is_err());
    }
}

#[test]
fn signatures_checked_together_are_answered_as_each_alone() {
    let keys: Vec<_> = [Curve::M257, Curve::M431, Curve::M191, Curve::M257, Curve::M257]
        .into_iter()
        .zip(6u8..)
        .map(|(curve, seed)| secret(curve, seed))
        .collect();
    let prepared: Vec<_> = keys.iter().map(|key| key.public_key().prepare()).collect();
    let split: Vec<_> = keys.iter().map(|key| key.public_key().prepare_split()).collect();
    let digests: Vec<[u8; 32]> = (0..23).map(|i| [i; 32]).collect();
    let signatures: Vec<_> = (0..23)
        .map(|i| {
            // Every third is of another digest.
            let digest = &digests[if i % 3 == 2 { i - 1 } else { i }];
            keys[i % 5].sign_digest_deterministic(digest).unwrap()
        })
        .collect();
    for table in [&prepared, &split] {
        let items: Vec<_> = (0..23).map(|i| (&table[i % 5], &digests[i][..], &signatures[i])).collect();
        let mut out = [true; 24];
        verify_digests(&items, &mut out);
        let expected: Vec<bool> = (0..24).map(|i| i < 23 && i % 3 != 2).collect();
        assert_eq!(out.to_vec(), expected);
    }
}

#[test]
fn portable_and_fast_code_answer_alike() {
    for curve in Curve::ALL {
        let secret = secret(curve, 20);
        let key = secret.public_key();
        let digest = [0x77; 32];
        let signature = secret.sign_digest_deterministic(&digest).unwrap();
        dstu::backend::force_portable(true);
        assert_eq!(dstu::backend::name(), "portable");
        assert_eq!(secret.sign_digest_deterministic(&digest).unwrap(), signature);
        assert!(verified(&key, &digest, &signature));
        assert!(!verified(&key, &[1; 32], &signature));
        dstu::backend::force_portable(false);
    }
}

#[test]
fn the_traits_of_rustcrypto_answer_as_the_keys_do_and_digest_with_the_keys_own_s_boxes() {
    use dstu::gost34311::{self, Dke, Gost34311};
    use dstu::kupyna::{Digest as _, Kupyna256};
    use signature::{DigestVerifier, hazmat::PrehashVerifier};

    let secret = secret(Curve::M257, 30);
    let mut packed = Dke::NO_1.to_packed();
    packed.rotate_left(8);
    let dke = Dke::from_packed(&packed);
    let key = secret.public_key().with_dke(Some(dke));
    let signed = secret.sign_digest_deterministic(&gost34311::digest(&dke, b"text")).unwrap();
    let fill = |digest: &mut Gost34311| {
        digest::Update::update(digest, b"text");
        Ok(())
    };
    assert!(DigestVerifier::verify_digest(&key, fill, &signed).is_ok());
    assert!(DigestVerifier::verify_digest(&key.prepare(), fill, &signed).is_ok());
    assert!(DigestVerifier::verify_digest(&key.clone().with_dke(None), fill, &signed).is_err());
    let kupyna: [u8; 32] = Kupyna256::digest(b"text").into();
    let signed = secret.sign_digest_deterministic(&kupyna).unwrap();
    let fill = |digest: &mut Kupyna256| {
        digest::Update::update(digest, b"text");
        Ok(())
    };
    assert!(DigestVerifier::verify_digest(&key, fill, &signed).is_ok());
    assert!(key.verify_prehash(&kupyna, &signed).is_ok());
    assert!(key.prepare().verify_prehash(&[0; 32], &signed).is_err());
}

#[test]
fn a_source_of_randomness_that_gives_only_zeros_is_given_up() {
    assert!(SecretKey::random(Curve::M257, |octets| octets.fill(0)).is_err());
    assert!(secret(Curve::M257, 1).sign_digest(&[1; 32], |octets| octets.fill(0)).is_err());
    assert!(PublicKey::from_spki(&[], BasePointRule::StandardOnly).is_err());
}
