//! The fields against each other and against the definitions.

use super::portable::Portable;
use super::*;
use crate::backend::{self, Task};
use crate::curve::{Curve, WORDS_MAX, Words};

/// A small generator: tests repeat themselves.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn word(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number of at most so many bits.
    pub(crate) fn number(&mut self, bits: usize) -> Words {
        let mut words = [0; WORDS_MAX];
        for (index, word) in words.iter_mut().enumerate() {
            let kept = bits.saturating_sub(64 * index).min(64);
            *word = if kept == 64 { self.word() } else { self.word() & ((1 << kept) - 1) };
        }
        words
    }
}

/// Random elements, and the edges: 0, 1, all ones, single top bits.
fn elements(m: usize) -> Vec<Words> {
    let mut random = Random(m as u64);
    let mut elements: Vec<Words> = (0..24).map(|_| random.number(m)).collect();
    let bit = |i: usize| {
        let mut words = [0; WORDS_MAX];
        words[i / 64] = 1 << (i % 64);
        words
    };
    let ones = {
        let mut words = [0; WORDS_MAX];
        (0..m).for_each(|i| words[i / 64] |= 1 << (i % 64));
        words
    };
    elements.extend([
        [0; WORDS_MAX],
        bit(0),
        bit(1),
        bit(m - 1),
        bit(m - 2),
        bit(63),
        bit(64),
        bit(m / 2),
        ones,
    ]);
    elements
}

/// Every operation on these two, stored.
fn every_operation<F: Field>(f: F, a: &Words, b: &Words) -> Vec<Words> {
    let (x, y) = (f.load(a), f.load(b));
    let flag = |flag: bool| [u64::from(flag), 0, 0, 0, 0, 0, 0];
    let sum = f.add_products(f.product(x, y), f.square_product(x));
    let mut all: Vec<Words> = [
        x,
        f.add(x, y),
        f.mul(x, y),
        f.square(x),
        f.reduce(sum),
        f.add_one(x),
        invert(f, x),
        half_trace(f, x),
        f.curve_b(),
    ]
    .map(|element| f.store(element))
    .to_vec();
    all.extend([flag(f.is_zero(x)), flag(f.is_zero(f.add(x, y))), flag(trace(f, x))]);
    all
}

struct EveryOperation<'a>(&'a Words, &'a Words);

impl Task for EveryOperation<'_> {
    type Output = Vec<Words>;
    fn run<F: Field>(self, f: F) -> Vec<Words> {
        every_operation(f, self.0, self.1)
    }
}

fn generic(curve: Curve, a: &Words, b: &Words) -> Vec<Words> {
    every_operation(Generic::new(curve.numbers(), Portable), a, b)
}

#[test]
fn every_field_on_this_processor_computes_what_the_portable_generic_field_does() {
    for curve in Curve::ALL {
        let elements = elements(curve.field_bits());
        for (i, a) in elements.iter().enumerate() {
            for b in &elements[i / 2..] {
                assert_eq!(
                    backend::run(curve, EveryOperation(a, b)),
                    generic(curve, a, b),
                    "{curve:?} {a:x?} {b:x?}"
                );
            }
        }
    }
}

#[test]
fn the_portable_fast_fields_compute_what_the_portable_generic_field_does() {
    for curve in [Curve::M257, Curve::M431] {
        for pair in elements(curve.field_bits()).windows(2) {
            let [a, b] = pair else { unreachable!() };
            let fast = match curve {
                Curve::M257 => every_operation(Gf257::new(Portable), a, b),
                _ => every_operation(Gf431::new(Portable), a, b),
            };
            assert_eq!(fast, generic(curve, a, b), "{curve:?}");
        }
    }
}

/// Both levels of x86-64, or PMULL, whatever `backend` prefers.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[test]
fn every_level_of_instructions_computes_what_the_portable_generic_field_does() {
    #[cfg(target_arch = "aarch64")]
    use super::aarch64::Pmull;
    #[cfg(target_arch = "x86_64")]
    use super::x86::Pclmul;
    struct Check;
    impl Task for Check {
        type Output = ();
        fn run<F: Field>(self, f: F) {
            for pair in elements(f.numbers().m).windows(2) {
                let [a, b] = pair else { unreachable!() };
                let expected = every_operation(Generic::new(f.numbers(), Portable), a, b);
                assert_eq!(every_operation(f, a, b), expected);
            }
        }
    }
    #[cfg(target_arch = "aarch64")]
    match Pmull::detect() {
        Some(v) => {
            v.enter(Gf257::new(v), Check);
            v.enter(Gf431::new(v), Check);
        }
        None => eprintln!("skipped: this processor has no PMULL"),
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(v) = Pclmul::<false>::detect() {
        v.enter(Gf257::new(v), Check);
        v.enter(Gf431::new(v), Check);
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(v) = Pclmul::<true>::detect() {
        v.enter(Gf257::new(v), Check);
        v.enter(Gf431::new(v), Check);
    }
}

struct Axioms<'a>(&'a [Words]);

impl Task for Axioms<'_> {
    type Output = ();
    fn run<F: Field>(self, f: F) {
        let m = f.numbers().m;
        let same = |a: F::Element, b: F::Element| assert_eq!(f.store(a), f.store(b), "m = {m}");
        for triple in self.0.windows(3) {
            let [a, b, c] = [0, 1, 2].map(|i| f.load(&triple[i]));
            same(f.mul(a, b), f.mul(b, a));
            same(f.mul(f.mul(a, b), c), f.mul(a, f.mul(b, c)));
            same(f.mul(a, f.add(b, c)), f.add(f.mul(a, b), f.mul(a, c)));
            same(f.square(a), f.mul(a, a));
            same(f.mul(a, f.one()), a);
            same(f.add(a, a), f.zero());
            same(square_times(f, a, m), a);
            if !f.is_zero(a) {
                same(f.mul(a, invert(f, a)), f.one());
            }
            let half = half_trace(f, a);
            let root_of = if trace(f, a) { f.add_one(a) } else { a };
            same(f.add(f.square(half), half), root_of);
            // The mask against the definition.
            let (mut sum, mut power) = (a, a);
            for _ in 1..m {
                power = f.square(power);
                sum = f.add(sum, power);
            }
            same(sum, if trace(f, a) { f.one() } else { f.zero() });
        }
        for i in 0..m {
            let mut power = [0; WORDS_MAX];
            power[i / 64] = 1 << (i % 64);
            let mut sum = f.load(&power);
            let mut square = sum;
            for _ in 1..m {
                square = f.square(square);
                sum = f.add(sum, square);
            }
            same(sum, if trace(f, f.load(&power)) { f.one() } else { f.zero() });
        }
    }
}

#[test]
fn the_axioms_of_a_field_and_the_definitions_of_trace_and_half_trace_hold() {
    for curve in Curve::ALL {
        backend::run(curve, Axioms(&elements(curve.field_bits())));
    }
}

#[test]
fn the_polynomials_leave_a_word_between_their_two_highest_terms() {
    for curve in Curve::ALL {
        let numbers = curve.numbers();
        assert!(numbers.m - numbers.middle[0] >= 64 && numbers.middle[0] < 64, "{curve:?}");
        assert!(numbers.middle.is_sorted_by(|a, b| a > b));
        assert_eq!(numbers.m % 2, 1);
    }
}
