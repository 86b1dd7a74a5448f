//! The joint multiplication s·P + r·Q on scalars of our own choice, against OpenSSL.
//!
//! Verification shows one bit. But with any r and s, R = s·P + r·Q from OpenSSL, and y any element whose low
//! L(n) − 1 bits are r, the digest h = y / x_R makes (r, s) a good signature: it verifies exactly when the ladder's
//! x_R is right, except with probability 2^(1−L(n)).

use dstu::Curve;

use crate::curves::row;
use crate::openssl::{Number, Point, Twin};
use crate::random::Random;
use crate::subject::Subject;

/// A key Q = q·P in both worlds.
pub(crate) struct Key {
    pub(crate) q: Number,
    pub(crate) point: Point,
    pub(crate) subject: Subject,
}

impl Key {
    pub(crate) fn new(twin: &Twin, q: Number) -> Self {
        let point = twin.times_base(&q);
        let subject = Subject::from_compressed(twin.row.curve, &twin.compress(&point)).unwrap();
        Self { q, point, subject }
    }
}

/// A digest that makes (r, s) a good signature under Q; none where R is infinity.
pub(crate) fn digest_for(
    twin: &Twin,
    q: &Point,
    r: &Number,
    s: &Number,
    random: &mut Random,
) -> Option<Vec<u8>> {
    let (x, _) = twin.affine(&twin.joint(s, q, r))?;
    let free = Number::random(twin.row.m(), random);
    let wrong = (0..twin.n.bits() - 1).filter(|&bit| free.bit(bit) != r.bit(bit));
    let y = wrong.fold(free.clone(), |y, bit| y.flip(bit));
    let h = twin.multiply(&y, &twin.inverse(&x));
    Some(h.to_le(twin.element_octets()))
}

/// Where R is finite the made signature must verify; where it is infinity nothing may.
#[track_caller]
fn check(twin: &Twin, key: &Key, r: &Number, s: &Number, random: &mut Random) {
    let context = || format!("{:?}: Q = {:?}·P, r = {r:?}, s = {s:?}", twin.row.curve, key.q);
    match digest_for(twin, &key.point, r, s, random) {
        Some(digest) => {
            assert!(key.subject.verifies(&digest, r, s), "refused, {}", context());
            let mut other = digest.clone();
            let bit = random.below(twin.row.m());
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.subject.verifies(&other, r, s), "accepted with bit {bit} turned, {}", context());
        }
        None => {
            for digest in [vec![0; 32], vec![1], random.octets(32), r.to_le(twin.element_octets())] {
                assert!(!key.subject.verifies(&digest, r, s), "accepted at infinity, {}", context());
            }
        }
    }
}

/// Scalars that end a ladder early, carry through it, or fill it.
fn edges(twin: &Twin) -> Vec<Number> {
    let bits = twin.n.bits();
    let minus = |word| twin.negate_mod_n(&Number::from_word(word));
    let half = twin.add_mod_n(&Number::power_of_two(bits - 2), &Number::from_word(1));
    let pattern = |octet| Number::from_le(&vec![octet; bits.div_ceil(8)]).low_bits(bits - 1);
    vec![
        Number::from_word(1),
        Number::from_word(2),
        Number::from_word(3),
        minus(1),
        minus(2),
        Number::power_of_two(64),
        Number::power_of_two(bits / 2),
        Number::ones(bits / 4),
        Number::ones(bits - 1),
        half,
        pattern(0x55),
    ]
}

fn keys(twin: &Twin, random: &mut Random) -> Vec<Key> {
    let bits = twin.n.bits();
    let mut multiples: Vec<Number> = [1, 2, 3, 5].map(Number::from_word).into();
    multiples.extend([1, 7].map(|word| twin.negate_mod_n(&Number::from_word(word))));
    multiples.extend([bits / 4, bits.div_ceil(4) + 1, bits / 2].map(Number::power_of_two));
    multiples.push(Number::random(bits - 1, random));
    multiples.into_iter().map(|q| Key::new(twin, q)).collect()
}

fn edge_scalars(curve: Curve) {
    let (twin, mut random) = (Twin::new(row(curve)), Random::new(0x1adde4));
    let edges = edges(&twin);
    for key in keys(&twin, &mut random) {
        for r in edges.iter().filter(|r| r.bits() < twin.n.bits()) {
            // A third of the pairs by chance: over ten keys each pair is met about three times.
            for s in edges.iter().filter(|s| *s == r || random.below(3) == 0).cloned().collect::<Vec<_>>() {
                check(&twin, &key, r, &s, &mut random);
            }
        }
    }
}

fn near_infinity(curve: Curve) {
    let (twin, mut random) = (Twin::new(row(curve)), Random::new(0x0f1417e));
    for key in keys(&twin, &mut random) {
        let r = Number::random(twin.n.bits() - 1, &mut random);
        let product = twin.multiply_mod_n(&r, &key.q);
        let opposite = twin.negate_mod_n(&product);
        check(&twin, &key, &r, &opposite, &mut random);
        check(&twin, &key, &r, &product, &mut random);
        for step in [Number::from_word(1), Number::from_word(2), Number::power_of_two(twin.n.bits() / 2)] {
            check(&twin, &key, &r, &twin.add_mod_n(&opposite, &step), &mut random);
            let back = twin.negate_mod_n(&step);
            check(&twin, &key, &r, &twin.add_mod_n(&opposite, &back), &mut random);
        }
    }
}

fn powers_of_two(curve: Curve) {
    let (twin, mut random) = (Twin::new(row(curve)), Random::new(0x202));
    let key = Key::new(&twin, Number::random(twin.n.bits() - 1, &mut random));
    let one = Number::from_word(1);
    for k in (0..twin.n.bits() - 1).step_by(3) {
        let power = Number::power_of_two(k);
        check(&twin, &key, &power, &one, &mut random);
        check(&twin, &key, &one, &power, &mut random);
    }
}

fn random_scalars(curve: Curve) {
    let (twin, mut random) = (Twin::new(row(curve)), Random::new(0x5ca1a5));
    for _ in 0..8 {
        let key = Key::new(&twin, Number::random(twin.n.bits() - 1, &mut random));
        for _ in 0..12 {
            let r = Number::random(twin.n.bits() - 1, &mut random);
            let s = Number::random(twin.n.bits(), &mut random);
            if !r.is_zero() && !s.is_zero() && s < twin.n {
                check(&twin, &key, &r, &s, &mut random);
            }
        }
    }
}

/// Any scalars at all, good by construction or bad by chance: both sides say the same.
fn neighbours(curve: Curve) {
    let (twin, mut random) = (Twin::new(row(curve)), Random::new(0x4e1b));
    let key = Key::new(&twin, Number::random(twin.n.bits() - 1, &mut random));
    let one = Number::from_word(1);
    for _ in 0..8 {
        let r = Number::random(twin.n.bits() - 1, &mut random).plus(&one);
        let s = Number::random(twin.n.bits() - 1, &mut random).plus(&one);
        let Some(digest) = digest_for(&twin, &key.point, &r, &s, &mut random) else { continue };
        let (minus_r, minus_s) = (twin.negate_mod_n(&r), twin.negate_mod_n(&s));
        let pairs = [
            (r.clone(), s.plus(&one)),
            (r.plus(&one), s.clone()),
            (s.clone(), r.clone()),
            (minus_r.clone(), s.clone()),
            (r.clone(), minus_s.clone()),
            (minus_r, minus_s),
            (r.plus(&twin.n), s.clone()),
            (r.clone(), s.plus(&twin.n)),
        ];
        assert!(key.subject.verifies(&digest, &r, &s));
        for (r, s) in pairs {
            let expected = twin.verify(&key.point, &digest, &r, &s);
            assert_eq!(key.subject.verifies(&digest, &r, &s), expected, "r = {r:?}, s = {s:?}");
        }
    }
}

macro_rules! on_every_curve {
    ($($name:ident: $curve:ident),+) => {$(
        mod $name {
            use dstu::Curve;

            #[test]
            fn the_ladder_is_right_on_edge_scalars() {
                super::edge_scalars(Curve::$curve);
            }

            #[test]
            fn the_ladder_is_right_at_and_beside_infinity() {
                super::near_infinity(Curve::$curve);
            }

            #[test]
            fn the_ladder_is_right_on_powers_of_two() {
                super::powers_of_two(Curve::$curve);
            }

            #[test]
            fn the_ladder_is_right_on_random_scalars() {
                super::random_scalars(Curve::$curve);
            }

            #[test]
            fn neighbours_of_a_good_signature_are_judged_as_openssl_judges_them() {
                super::neighbours(Curve::$curve);
            }
        }
    )+};
}

on_every_curve! {
    m163: M163, m167: M167, m173: M173, m179: M179, m191: M191,
    m233: M233, m257: M257, m307: M307, m367: M367, m431: M431
}
