//! Points in lambda coordinates → their doubles and sums.
//!
//! A point (x, y), x ≠ 0, is kept as (x, λ) with λ = x + y/x (Knudsen 1999; López and Dahab 1998 for the idea of
//! y/x; the projective form and the formulas are of Oliveira, López, Aranha and Rodríguez-Henríquez, «Lambda
//! coordinates for binary elliptic curves», CHES 2013). Then −P = (x, λ + 1).

use crate::curve::{Numbers, Words};
use crate::field::portable::Portable;
use crate::field::{Field, Generic, invert};

/// A point (x, λ), x ≠ 0: neither infinity nor the point of order two.
#[derive(Clone, Copy)]
pub(crate) struct Affine<E> {
    pub(crate) x: E,
    pub(crate) lambda: E,
}

/// A point (X/Z, Λ/Z).
///
/// With Z = 0 there are the two points without λ: X ≠ 0 is infinity, X = 0 is T = (0, √b), the point of order
/// two. In both Λ ≠ 0, and so the doubling formula holds for them as it stands: it gives infinity.
#[derive(Clone, Copy)]
pub(crate) struct Projective<E> {
    pub(crate) x: E,
    pub(crate) lambda: E,
    pub(crate) z: E,
}

/// Infinity.
#[inline(always)]
pub(crate) fn infinity<F: Field>(f: F) -> Projective<F::Element> {
    Projective { x: f.one(), lambda: f.one(), z: f.zero() }
}

/// The same point with Z = 1.
#[inline(always)]
pub(crate) fn to_projective<F: Field>(f: F, p: Affine<F::Element>) -> Projective<F::Element> {
    Projective { x: p.x, lambda: p.lambda, z: f.one() }
}

/// −P = (x, λ + 1) where `negative`, else P.
#[inline(always)]
pub(crate) fn negate_if<F: Field>(f: F, negative: bool, p: Affine<F::Element>) -> Affine<F::Element> {
    if negative { Affine { x: p.x, lambda: f.add_one(p.lambda) } } else { p }
}

/// The point from memory: x and then λ.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "a stored point has twice the words of an element")]
pub(crate) fn load<F: Field>(f: F, words: &[u64]) -> Affine<F::Element> {
    let count = f.numbers().words;
    Affine { x: f.load(&words[..count]), lambda: f.load(&words[count..2 * count]) }
}

/// The point to memory: x and then λ.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "a stored point has twice the words of an element")]
pub(crate) fn store<F: Field>(f: F, p: Affine<F::Element>, words: &mut [u64]) {
    let count = f.numbers().words;
    words[..count].copy_from_slice(&f.store(p.x)[..count]);
    words[count..2 * count].copy_from_slice(&f.store(p.lambda)[..count]);
}

/// 2P, for every P (Oliveira et al. 2013, theorem 2, with the general formula for Λ):
///
/// ```text
/// T = Λ² + ΛZ + aZ²        X' = T²        Z' = T·Z²
/// Λ' = (XZ)² + X' + T·ΛZ + Z'
/// ```
///
/// Where 2P is the point of order two, T = 0: X' = Z' = 0 and Λ' = (XZ)² ≠ 0, as [`Projective`] wants it.
#[inline(always)]
pub(crate) fn double<F: Field>(f: F, p: Projective<F::Element>) -> Projective<F::Element> {
    let lambda_z = f.mul(p.lambda, p.z);
    let z_squared = f.square(p.z);
    let xz = f.mul(p.x, p.z);
    let mut t = f.add(f.square(p.lambda), lambda_z);
    if f.numbers().a {
        t = f.add(t, z_squared);
    }
    let x = f.square(t);
    let z = f.mul(t, z_squared);
    let sum = f.reduce(f.add_products(f.square_product(xz), f.product(t, lambda_z)));
    Projective { x, lambda: f.add(f.add(sum, x), z), z }
}

/// P + Q by the formula for different points, Q affine (Oliveira et al. 2013, theorem 3, with Z of Q = 1):
///
/// ```text
/// A = Λ + λ·Z        B = (X + x·Z)²
/// X' = A·X · A·xZ        Z' = A·B·Z        Λ' = (A·X + B)² + Z'·(λ + 1)
/// ```
///
/// Wrong where P is infinity or T, or P = ±Q, or P + Q = T; exactly there Z' = 0.
#[inline(always)]
fn add_different<F: Field>(f: F, p: Projective<F::Element>, q: Affine<F::Element>) -> Projective<F::Element> {
    let xz = f.mul(q.x, p.z);
    let a = f.add(p.lambda, f.mul(q.lambda, p.z));
    let b = f.square(f.add(p.x, xz));
    let u = f.mul(a, p.x);
    let v = f.mul(a, xz);
    let z = f.mul(f.mul(a, b), p.z);
    let lambda = f.reduce(f.add_products(f.square_product(f.add(u, b)), f.product(z, f.add_one(q.lambda))));
    Projective { x: f.mul(u, v), lambda, z }
}

/// P + Q for every P and every affine Q.
#[inline(always)]
pub(crate) fn add<F: Field>(
    f: F,
    p: Projective<F::Element>,
    q: Affine<F::Element>,
) -> Projective<F::Element> {
    let sum = add_different(f, p, q);
    if f.is_zero(sum.z) {
        let (p, q) = (map_projective(p, |e| f.store(e)), (f.store(q.x), f.store(q.lambda)));
        let sum = exceptional_sum(f.numbers(), p, Affine { x: q.0, lambda: q.1 });
        return map_projective(sum, |words| f.load(&words));
    }
    sum
}

#[inline(always)]
fn map_projective<A, B>(p: Projective<A>, map: impl Fn(A) -> B) -> Projective<B> {
    Projective { x: map(p.x), lambda: map(p.lambda), z: map(p.z) }
}

/// P + Q where the formula for different points fails. Rare, hence apart and in portable code.
#[cold]
#[inline(never)]
fn exceptional_sum(numbers: &'static Numbers, p: Projective<Words>, q: Affine<Words>) -> Projective<Words> {
    let f = Generic::new(numbers, Portable);
    if f.is_zero(p.z) {
        return if f.is_zero(p.x) { add_order_two(f, q) } else { to_projective(f, q) };
    }
    if p.x != f.mul(q.x, p.z) {
        // A = 0: λ of P equals λ of Q, so P + Q = T. See `add_order_two`: λ(T − Q) = λ(Q).
        return Projective { x: f.zero(), lambda: f.one(), z: f.zero() };
    }
    if p.lambda == f.mul(q.lambda, p.z) { double(f, p) } else { infinity(f) }
}

/// Q + T, T = (0, √b): x = √b/x(Q), λ = λ(Q) + 1.
///
/// From the chord through (x, y) and (0, √b) with slope s = (y + √b)/x: x' = s² + s + x + a, which the curve's
/// equation turns into √b/x, and y' = s·(x + x') + x' + y gives x' + y'/x' = x + y/x + 1.
fn add_order_two<F: Field>(f: F, q: Affine<F::Element>) -> Projective<F::Element> {
    let mut root = f.curve_b();
    for _ in 1..f.numbers().m {
        root = f.square(root);
    }
    let x = f.mul(root, invert(f, q.x));
    Projective { x, lambda: f.add_one(q.lambda), z: f.one() }
}

#[cfg(test)]
mod tests;
