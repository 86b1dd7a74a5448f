//! Our own signatures, made for tests and fixtures: others accept them.

use dstu::{Curve, SecretKey};
use structured_dstu4145::domain::Domain;
use structured_dstu4145::{Basis, ByteOrder};

use crate::curves::{ROWS, row};
use crate::openssl::{Number, Twin};
use crate::random::Random;
use crate::subject::Subject;

#[test]
fn our_signatures_are_accepted_by_openssl_and_by_structured_dstu4145() {
    let mut random = Random::new(0x05160);
    for row in &ROWS {
        let twin = Twin::new(row);
        for round in 0..6 {
            let d = Number::random(twin.n.bits() - 1, &mut random);
            let secret = SecretKey::from_octets_le(row.curve, &d.to_le(twin.scalar_octets())).unwrap();
            let public = secret.public_key();
            let point = twin.times_base(&twin.negate_mod_n(&d));
            assert_eq!(
                AsRef::<[u8]>::as_ref(&public.to_compressed()),
                twin.compress(&point),
                "{:?}",
                row.curve
            );
            let digest = if round == 0 { vec![0; 32] } else { random.octets(32) };
            let drawn =
                secret.sign_digest(&digest, |octets| octets.copy_from_slice(&random.octets(octets.len())));
            for signature in [drawn.unwrap(), secret.sign_digest_deterministic(&digest).unwrap()] {
                let raw = signature.to_raw();
                let octets: &[u8] = raw.as_ref();
                let (r, s) = octets.split_at(twin.scalar_octets());
                assert!(Subject::new(public.clone()).agree(&digest, &signature), "{:?}", row.curve);
                assert!(
                    twin.verify(&point, &digest, &Number::from_le(r), &Number::from_le(s)),
                    "{:?}",
                    row.curve
                );
                let domain = Domain::named(Basis::Polynomial, row.m()).unwrap();
                let key = domain.public_key(&twin.compress(&point), ByteOrder::LittleEndian).unwrap();
                assert!(
                    key.verify_prehash(&digest, octets, ByteOrder::LittleEndian).unwrap(),
                    "{:?}",
                    row.curve
                );
            }
        }
    }
}

#[test]
fn a_signature_without_randomness_is_the_same_each_time_and_another_for_another_digest() {
    for row in &ROWS {
        let twin = Twin::new(row);
        let secret =
            SecretKey::from_octets_le(row.curve, &Number::from_word(42).to_le(twin.scalar_octets())).unwrap();
        let sign = |digest: &[u8]| secret.sign_digest_deterministic(digest).unwrap();
        assert_eq!(sign(&[1; 32]), sign(&[1; 32]));
        assert_ne!(sign(&[1; 32]), sign(&[2; 32]), "one nonce for two digests gives the secret away");
    }
}

#[test]
fn secrets_out_of_range_are_refused() {
    let twin = Twin::new(row(Curve::M257));
    let from = |number: &Number| SecretKey::from_octets_le(Curve::M257, &number.to_le(twin.scalar_octets()));
    assert!(from(&Number::from_word(0)).is_err());
    assert!(from(&Number::from_word(1)).is_ok());
    assert!(from(&twin.negate_mod_n(&Number::from_word(1))).is_ok());
    assert!(from(&twin.n).is_err());
    assert!(SecretKey::from_octets_le(Curve::M257, &[1; 31]).is_err());
}
