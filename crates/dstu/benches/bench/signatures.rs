//! Verifications a second: this crate beside two others and OpenSSL's GF(2^m), on the same keys and signatures.

use std::cell::Cell;

use dstu::{Curve, PreparedKey, PublicKey, Signature, verify_digests};
use num_bigint::BigUint;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::nid::Nid;
use structured_dstu4145::domain::Domain;
use structured_dstu4145::{Basis, ByteOrder};
use ua_cryptography_dstu4145::{Signer, get_polynomial_curve, hash_to_field_element};

use crate::curves::row;
use crate::openssl_twin::{Number, Point, Twin};
use crate::race::Race;
use crate::random::Random;

pub(crate) const PREPARED: &str = "dstu, prepared key";
pub(crate) const SPLIT: &str = "dstu, split tables (a key that comes back)";
pub(crate) const STRUCTURED: &str = "structured-dstu4145";
pub(crate) const OPENSSL: &str = "OpenSSL GF(2^m)";

/// Different signatures in turn, so that no branch predictor learns one by heart.
const SIGNATURES: usize = 64;
/// Different keys for the verifications that meet each key for the first time.
const KEYS: usize = 16;

/// One signature with everything that each contestant wants of it, prepared.
struct Case {
    digest: Vec<u8>,
    raw: Vec<u8>,
    signature: Signature,
    r: Number,
    s: Number,
    key: usize,
}

/// A curve's keys and signatures.
pub(crate) struct Field {
    curve: Curve,
    twin: Twin,
    points: Vec<Point>,
    octets: Vec<Vec<u8>>,
    prepared: Vec<PreparedKey>,
    split: Vec<PreparedKey>,
    /// First those of one key, then those of all keys in turn; as many of either.
    cases: Vec<Case>,
}

impl Field {
    pub(crate) fn new(curve: Curve) -> Self {
        let (twin, mut random) = (Twin::new(row(curve)), Random::new(0xbe5c));
        let secrets: Vec<Number> =
            (0..KEYS).map(|_| Number::random(twin.n.bits() - 1, &mut random)).collect();
        let points: Vec<Point> = secrets.iter().map(|d| twin.times_base(&twin.negate_mod_n(d))).collect();
        let octets: Vec<Vec<u8>> = points.iter().map(|point| twin.compress(point)).collect();
        let keys: Vec<PublicKey> =
            octets.iter().map(|octets| PublicKey::from_compressed(curve, octets).unwrap()).collect();
        let cases = (0..2 * SIGNATURES)
            .map(|at| case(&twin, &secrets, if at < SIGNATURES { 0 } else { at % KEYS }, &mut random))
            .collect();
        Self {
            curve,
            points,
            octets,
            prepared: keys.iter().map(PublicKey::prepare).collect(),
            split: keys.iter().map(PublicKey::prepare_split).collect(),
            cases,
            twin,
        }
    }

    /// Everybody who verifies on this curve. All use one key, as a service does, unless their name says otherwise.
    pub(crate) fn race<'a>(&'a self, title: &'a str) -> Race<'a> {
        let mut race = Race::new(title);
        let mine: Vec<&Case> = self.cases[..SIGNATURES].iter().collect();
        let next = turns(mine);
        let prepared = next.clone();
        race.enter(PREPARED, 1, move || {
            let case = prepared();
            assert!(self.prepared[0].verify_digest(&case.digest, &case.signature));
        });
        let split = next.clone();
        race.enter(SPLIT, 1, move || {
            let case = split();
            assert!(self.split[0].verify_digest(&case.digest, &case.signature));
        });
        let fresh = turns(self.cases[SIGNATURES..].iter().collect());
        race.enter("dstu, new key each time", 1, move || {
            let case = fresh();
            let key = PublicKey::from_compressed(self.curve, &self.octets[case.key]).unwrap();
            assert!(key.verify_digest(&case.digest, &case.signature));
        });
        self.side_by_side(&mut race, "dstu, prepared key, 64 side by side", &self.prepared, 0);
        self.side_by_side(&mut race, "dstu, split tables, 64 side by side", &self.split, 0);
        let scattered = turns(self.cases[SIGNATURES..].iter().collect());
        race.enter("dstu, split tables of 16 keys in turn", 1, move || {
            let case = scattered();
            assert!(self.split[case.key].verify_digest(&case.digest, &case.signature));
        });
        self.side_by_side(
            &mut race,
            "dstu, split tables of 16 keys, 64 side by side",
            &self.split,
            SIGNATURES,
        );
        self.peers(&mut race, next);
        race
    }

    /// One call for 64 signatures, from case `first` on: those of the line that verifies them one by one.
    fn side_by_side<'a>(&'a self, race: &mut Race<'a>, name: &'a str, keys: &'a [PreparedKey], first: usize) {
        let items: Vec<(&PreparedKey, &[u8], &Signature)> = self.cases[first..first + SIGNATURES]
            .iter()
            .map(|case| (&keys[case.key], &case.digest[..], &case.signature))
            .collect();
        let mut verdicts = vec![false; items.len()];
        race.enter(name, items.len(), move || {
            verdicts.fill(false);
            verify_digests(&items, &mut verdicts);
            assert!(verdicts.iter().all(|&verdict| verdict));
        });
    }

    fn peers<'a>(&'a self, race: &mut Race<'a>, next: impl Fn() -> &'a Case + Clone + 'a) {
        let domain = Domain::named(Basis::Polynomial, self.curve.field_bits()).unwrap();
        let key = domain.public_key(&self.octets[0], ByteOrder::LittleEndian).unwrap();
        let structured = next.clone();
        race.enter(STRUCTURED, 1, move || {
            let case = structured();
            assert!(key.verify_prehash(&case.digest, &case.raw, ByteOrder::LittleEndian).unwrap());
        });

        let parameters = get_polynomial_curve(self.curve.field_bits() as u32).unwrap();
        let key = parameters.curve().decompress(&BigUint::from_bytes_le(&self.octets[0])).unwrap();
        let signer = Signer::new(&parameters);
        let ua = next.clone();
        race.enter("ua-cryptography-dstu4145", 1, move || {
            let case = ua();
            let (r, s) = case.raw.split_at(case.raw.len() / 2);
            let turned: Vec<u8> = case.digest.iter().rev().copied().collect();
            let h = hash_to_field_element(&turned, parameters.field());
            assert!(signer.verify(&key, &h, &BigUint::from_bytes_le(r), &BigUint::from_bytes_le(s)));
        });

        race.enter(OPENSSL, 1, move || {
            let case = next();
            assert!(self.twin.verify(&self.points[0], &case.digest, &case.r, &case.s));
        });
    }
}

fn case(twin: &Twin, secrets: &[Number], key: usize, random: &mut Random) -> Case {
    let digest = random.octets(32);
    let e = Number::random(twin.n.bits() - 1, random);
    let (r, s) = twin.sign(&secrets[key], &e, &digest).unwrap();
    let raw = [r.to_le(twin.scalar_octets()), s.to_le(twin.scalar_octets())].concat();
    let signature = Signature::from_raw(twin.row.curve, &raw).unwrap();
    Case { digest, raw, signature, r, s, key }
}

/// The cases one after another, for ever.
fn turns<'a>(cases: Vec<&'a Case>) -> impl Fn() -> &'a Case + Clone {
    let at = Cell::new(0);
    move || {
        at.set((at.get() + 1) % cases.len());
        cases[at.get()]
    }
}

/// The curve that the rest of the world uses, in OpenSSL's assembly.
pub(crate) fn p256<'a>() -> Race<'a> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = EcKey::generate(&group).unwrap();
    let signature = EcdsaSig::sign(&[7; 32], &key).unwrap();
    let mut race = Race::new("for scale");
    race.enter("ECDSA P-256, OpenSSL", 1, move || assert!(signature.verify(&[7; 32], &key).unwrap()));
    race
}
