//! GF(2^m) in polynomial bases: elements → sums, products, squares, inverses, traces.
//!
//! [`Field`] is what the formulas of the curve are written with. [`Gf257`] and [`Gf431`] are the fields of the
//! curves in use, [`Generic`] does the other eight (and, in tests, those two again). Each is generic over a
//! [`Vector`], a processor's way to multiply.

#[cfg(target_arch = "aarch64")]
pub(crate) mod aarch64;
mod generic;
mod gf257;
mod gf431;
pub(crate) mod portable;
#[cfg(test)]
pub(crate) mod tests;
mod vector;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86;

use crate::curve::{Numbers, WORDS_MAX, Words};

pub(crate) use generic::Generic;
pub(crate) use gf257::Gf257;
pub(crate) use gf431::Gf431;
pub(crate) use vector::{Task, Vector};

/// Arithmetic in one of the ten fields.
///
/// `Element` is the shape in which the arithmetic is fastest (registers); words, least significant first, are the shape in memory.
/// Products can be added before they are reduced: a sum of products costs one reduction.
pub(crate) trait Field: Copy {
    /// An element at work.
    type Element: Copy;
    /// A product (or a sum of products) not yet reduced.
    type Product: Copy;

    /// The numbers of the field and its curve.
    fn numbers(self) -> &'static Numbers;
    /// From memory: the first words of the slice, which hold an element (below t^m).
    fn load(self, words: &[u64]) -> Self::Element;
    /// Back to memory.
    fn store(self, a: Self::Element) -> Words;
    /// a + b, which is a − b as well.
    fn add(self, a: Self::Element, b: Self::Element) -> Self::Element;
    /// a·b before reduction.
    fn product(self, a: Self::Element, b: Self::Element) -> Self::Product;
    /// a² before reduction.
    fn square_product(self, a: Self::Element) -> Self::Product;
    /// Sum of two products before reduction.
    fn add_products(self, p: Self::Product, q: Self::Product) -> Self::Product;
    /// A product modulo the field's polynomial.
    fn reduce(self, p: Self::Product) -> Self::Element;
    /// Whether a = 0.
    fn is_zero(self, a: Self::Element) -> bool;

    /// Runs a task as a function of its own, compiled for the same instructions: for what is long and not hot.
    fn apart<T: Task>(self, task: T) -> T::Output;

    /// a·b.
    #[inline(always)]
    fn mul(self, a: Self::Element, b: Self::Element) -> Self::Element {
        self.reduce(self.product(a, b))
    }
    /// a².
    #[inline(always)]
    fn square(self, a: Self::Element) -> Self::Element {
        self.reduce(self.square_product(a))
    }
    /// 0.
    #[inline(always)]
    fn zero(self) -> Self::Element {
        self.load(&[0; WORDS_MAX])
    }
    /// 1.
    #[inline(always)]
    fn one(self) -> Self::Element {
        self.load(&[1, 0, 0, 0, 0, 0, 0])
    }
    /// a + 1.
    #[inline(always)]
    fn add_one(self, a: Self::Element) -> Self::Element {
        self.add(a, self.one())
    }
    /// The coefficient b of the curve.
    #[inline(always)]
    fn curve_b(self) -> Self::Element {
        self.load(&self.numbers().b)
    }
}

/// a^(2^count).
#[inline(always)]
fn square_times<F: Field>(f: F, a: F::Element, count: usize) -> F::Element {
    let mut a = a;
    for _ in 0..count {
        a = f.square(a);
    }
    a
}

/// 1/a = a^(2^m − 2) = (a^(2^(m−1) − 1))²; 0 for 0.
///
/// Itoh and Tsujii, «A fast algorithm for computing multiplicative inverses in GF(2^m)» (1988): with
/// β(k) = a^(2^k − 1), β(2k) = β(k)^(2^k)·β(k) and β(k+1) = β(k)²·a, along the bits of m − 1.
#[inline(always)]
pub(crate) fn invert<F: Field>(f: F, a: F::Element) -> F::Element {
    f.load(&f.apart(Invert(f.store(a))))
}

struct Invert(Words);

impl Task for Invert {
    type Output = Words;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Words {
        f.store(inverse(f, f.load(&self.0)))
    }
}

#[inline(always)]
fn inverse<F: Field>(f: F, a: F::Element) -> F::Element {
    let exponent = f.numbers().m - 1;
    let mut beta = a;
    let mut k = 1;
    for bit in (0..exponent.ilog2()).rev() {
        beta = f.mul(square_times(f, beta, k), beta);
        k *= 2;
        if exponent >> bit & 1 == 1 {
            beta = f.mul(f.square(beta), a);
            k += 1;
        }
    }
    f.square(beta)
}

/// The half-trace a + a⁴ + a¹⁶ + … + a^(2^(m−1)), m odd: a root z of z² + z = a + Tr(a).
///
/// DSTU 4145-2002 §6.6 solves the quadratic equation of decompression so.
#[inline(always)]
pub(crate) fn half_trace<F: Field>(f: F, a: F::Element) -> F::Element {
    f.load(&f.apart(HalfTrace(f.store(a))))
}

struct HalfTrace(Words);

impl Task for HalfTrace {
    type Output = Words;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Words {
        f.store(sum_of_fourth_powers(f, f.load(&self.0)))
    }
}

#[inline(always)]
fn sum_of_fourth_powers<F: Field>(f: F, a: F::Element) -> F::Element {
    let mut sum = a;
    for _ in 0..(f.numbers().m - 1) / 2 {
        sum = f.add(f.square(f.square(sum)), a);
    }
    sum
}

/// The trace a + a² + a⁴ + … + a^(2^(m−1)), 0 or 1: the parity of the coefficients whose t^i has trace 1.
#[inline(always)]
pub(crate) fn trace<F: Field>(f: F, a: F::Element) -> bool {
    let words = f.store(a);
    let ones: u32 =
        words.iter().zip(&f.numbers().trace_mask).map(|(word, mask)| (word & mask).count_ones()).sum();
    ones & 1 == 1
}
