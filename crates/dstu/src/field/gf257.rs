//! GF(2^257) modulo t^257 + t^12 + 1: the field of authorities and signers.

use super::{Field, Task, Vector};
use crate::curve::{Curve, Numbers, Words};

/// The field with the processor's V.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gf257<V> {
    vector: V,
}

impl<V> Gf257<V> {
    #[inline(always)]
    pub(crate) fn new(vector: V) -> Self {
        Self { vector }
    }
}

/// An element: 256 bits in two pairs, and the coefficient of t^256 as a mask of all ones or zeros.
#[derive(Clone, Copy)]
pub(crate) struct Element<P> {
    low: P,
    high: P,
    top: P,
}

/// A product: 512 bits in four pairs, and the coefficient of t^512 as a mask.
#[derive(Clone, Copy)]
pub(crate) struct Product<P> {
    pairs: [P; 4],
    top: P,
}

impl<V: Vector> Field for Gf257<V> {
    type Element = Element<V::Pair>;
    type Product = Product<V::Pair>;

    #[inline(always)]
    fn numbers(self) -> &'static Numbers {
        Curve::M257.numbers()
    }

    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "an element has five words")]
    fn load(self, words: &[u64]) -> Self::Element {
        let v = self.vector;
        let top = v.spread_bit(v.pair(words[4], 0));
        Element { low: v.pair_at(words, 0), high: v.pair_at(words, 2), top }
    }

    #[inline(always)]
    fn store(self, a: Self::Element) -> Words {
        let v = self.vector;
        let ([w0, w1], [w2, w3], [top, _]) = (v.words(a.low), v.words(a.high), v.words(a.top));
        [w0, w1, w2, w3, top & 1, 0, 0]
    }

    #[inline(always)]
    fn add(self, a: Self::Element, b: Self::Element) -> Self::Element {
        let v = self.vector;
        Element { low: v.xor(a.low, b.low), high: v.xor(a.high, b.high), top: v.xor(a.top, b.top) }
    }

    /// Karatsuba over the two pairs: (l + h·t^128)(l' + h'·t^128) from ll', hh' and (l + h)(l' + h').
    ///
    /// Each of the three products of pairs has an outer part (low·low at word 0, high·high at word 2) and a
    /// middle (at word 1). Outer parts and middles are summed apart, and the middles put in place at the end.
    #[inline(always)]
    fn product(self, a: Self::Element, b: Self::Element) -> Self::Product {
        let v = self.vector;
        let (a_sum, b_sum) = (v.xor(a.low, a.high), v.xor(b.low, b.high));
        let (low0, low2) = (v.mul_low(a.low, b.low), v.mul_high(a.low, b.low));
        let (high0, high2) = (v.mul_low(a.high, b.high), v.mul_high(a.high, b.high));
        let (sum0, sum2) = (v.mul_low(a_sum, b_sum), v.mul_high(a_sum, b_sum));
        let low1 = v.mul_cross(a.low, b.low);
        let high1 = v.mul_cross(a.high, b.high);
        let sum1 = v.xor(v.mul_cross(a_sum, b_sum), v.xor(low1, high1));

        let inner = v.xor(low2, high0);
        let outer = [low0, v.xor(v.xor(sum0, low0), inner), v.xor(v.xor(sum2, high2), inner), high2];
        let mut pairs = with_middles(v, outer, [low1, sum1, high1]);
        // The coefficients of t^256: each adds the other factor's 256 bits at t^256.
        pairs[2] = v.xor(pairs[2], v.xor(v.and(a.top, b.low), v.and(b.top, a.low)));
        pairs[3] = v.xor(pairs[3], v.xor(v.and(a.top, b.high), v.and(b.top, a.high)));
        Product { pairs, top: v.and(a.top, b.top) }
    }

    #[inline(always)]
    fn square_product(self, a: Self::Element) -> Self::Product {
        let v = self.vector;
        let low = [v.square_low(a.low), v.square_high(a.low)];
        let high = [v.square_low(a.high), v.square_high(a.high)];
        Product { pairs: [low[0], low[1], high[0], high[1]], top: a.top }
    }

    #[inline(always)]
    fn add_products(self, p: Self::Product, q: Self::Product) -> Self::Product {
        let v = self.vector;
        let ([p0, p1, p2, p3], [q0, q1, q2, q3]) = (p.pairs, q.pairs);
        Product {
            pairs: [v.xor(p0, q0), v.xor(p1, q1), v.xor(p2, q2), v.xor(p3, q3)],
            top: v.xor(p.top, q.top),
        }
    }

    /// With H = p >> 257 (at most 256 bits): p mod f = (p mod t^257) + H + H·t^12, where the bits of H·t^12 from
    /// t^257 up, U = H >> 245 (11 bits), come down once more as U + U·t^12.
    #[inline(always)]
    fn reduce(self, p: Self::Product) -> Self::Element {
        let v = self.vector;
        let [p0, p1, p2, p3] = p.pairs;
        let bit_512 = v.shr::<63>(p.top);
        // The same words, one word up and one down.
        let up = [v.straddle(p2, p3), v.straddle(p3, bit_512)];
        let down = v.straddle(v.zero(), p2);
        let h = [v.xor(v.shr::<1>(p2), v.shl::<63>(up[0])), v.xor(v.shr::<1>(p3), v.shl::<63>(up[1]))];
        // p >> 245 is H·t^12 from t^12 up; the bit of t^256, below H, must go.
        let without_bit_256 = v.and(p2, v.pair(!1, !0));
        let h_12 = [
            v.xor(v.shl::<11>(without_bit_256), v.shr::<53>(down)),
            v.xor(v.shl::<11>(p3), v.shr::<53>(up[0])),
        ];
        // Word 4: the coefficient of t^256 and, above it, U.
        let word_4 = v.xor(v.xor(v.shr::<53>(up[1]), v.shl::<11>(bit_512)), v.and(p2, v.pair(1, 0)));
        let u = v.and(v.shr::<1>(word_4), v.pair(!0, 0));
        let u = v.xor(u, v.shl::<12>(u));
        Element {
            low: v.xor(v.xor(p0, u), v.xor(h[0], h_12[0])),
            high: v.xor(p1, v.xor(h[1], h_12[1])),
            top: v.spread_bit(word_4),
        }
    }

    #[inline(always)]
    fn apart<T: Task>(self, task: T) -> T::Output {
        self.vector.enter(self, task)
    }

    #[inline(always)]
    fn is_zero(self, a: Self::Element) -> bool {
        let v = self.vector;
        // Every lane must be asked by itself, so the parts are joined by «or»: x | y = x + y + xy.
        let or = |x, y| v.xor(v.xor(x, y), v.and(x, y));
        v.is_zero(or(or(a.low, a.high), a.top))
    }
}

/// Pairs plus the middles of products, which lie one word up: a middle's low word belongs to the high word of its
/// own pair, its high word to the low word of the next.
#[inline(always)]
fn with_middles<V: Vector>(v: V, outer: [V::Pair; 4], middles: [V::Pair; 3]) -> [V::Pair; 4] {
    let [o0, o1, o2, o3] = outer;
    let [m0, m1, m2] = middles;
    [
        v.xor(o0, v.straddle(v.zero(), m0)),
        v.xor(o1, v.straddle(m0, m1)),
        v.xor(o2, v.straddle(m1, m2)),
        v.xor(o3, v.straddle(m2, v.zero())),
    ]
}
