//! GF(2^431) modulo t^431 + t^5 + t^3 + t + 1: the field of the roots.
#![expect(clippy::indexing_slicing, reason = "arrays of seven and eight, constant indices")]

use super::{Field, Task, Vector};
use crate::curve::{Curve, Numbers, Words};

/// The field with the processor's V.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gf431<V> {
    vector: V,
}

impl<V> Gf431<V> {
    #[inline(always)]
    pub(crate) fn new(vector: V) -> Self {
        Self { vector }
    }
}

/// The product of two pairs: low·low (at word 0), the middle (at word 1), high·high (at word 2).
#[derive(Clone, Copy)]
struct PairProduct<P> {
    low: P,
    middle: P,
    high: P,
}

impl<V: Vector> Gf431<V> {
    #[inline(always)]
    fn pair_product(self, a: V::Pair, b: V::Pair) -> PairProduct<V::Pair> {
        let v = self.vector;
        PairProduct { low: v.mul_low(a, b), middle: v.mul_cross(a, b), high: v.mul_high(a, b) }
    }

    #[inline(always)]
    fn add_pair_products(self, p: PairProduct<V::Pair>, q: PairProduct<V::Pair>) -> PairProduct<V::Pair> {
        let v = self.vector;
        PairProduct {
            low: v.xor(p.low, q.low),
            middle: v.xor(p.middle, q.middle),
            high: v.xor(p.high, q.high),
        }
    }
}

impl<V: Vector> Field for Gf431<V> {
    /// 431 bits in four pairs; the last word is zero.
    type Element = [V::Pair; 4];
    /// 861 bits in seven pairs.
    type Product = [V::Pair; 7];

    #[inline(always)]
    fn numbers(self) -> &'static Numbers {
        Curve::M431.numbers()
    }

    #[inline(always)]
    fn load(self, words: &[u64]) -> Self::Element {
        let v = self.vector;
        [v.pair_at(words, 0), v.pair_at(words, 2), v.pair_at(words, 4), v.pair(words[6], 0)]
    }

    #[inline(always)]
    fn store(self, a: Self::Element) -> Words {
        let v = self.vector;
        let ([w0, w1], [w2, w3], [w4, w5], [w6, _]) =
            (v.words(a[0]), v.words(a[1]), v.words(a[2]), v.words(a[3]));
        [w0, w1, w2, w3, w4, w5, w6]
    }

    #[inline(always)]
    fn add(self, a: Self::Element, b: Self::Element) -> Self::Element {
        let v = self.vector;
        [v.xor(a[0], b[0]), v.xor(a[1], b[1]), v.xor(a[2], b[2]), v.xor(a[3], b[3])]
    }

    /// Karatsuba twice over four pairs: nine products of pairs, and the one of the last pairs, which are half
    /// empty, costs a single multiplication.
    #[inline(always)]
    fn product(self, a: Self::Element, b: Self::Element) -> Self::Product {
        let v = self.vector;
        let add = |p, q| self.add_pair_products(p, q);
        let (a01, a23, a02, a13) =
            (v.xor(a[0], a[1]), v.xor(a[2], a[3]), v.xor(a[0], a[2]), v.xor(a[1], a[3]));
        let (b01, b23, b02, b13) =
            (v.xor(b[0], b[1]), v.xor(b[2], b[3]), v.xor(b[0], b[2]), v.xor(b[1], b[3]));
        let d0 = self.pair_product(a[0], b[0]);
        let d1 = self.pair_product(a[1], b[1]);
        let d2 = self.pair_product(a[2], b[2]);
        let d3 = PairProduct { low: v.mul_low(a[3], b[3]), middle: v.zero(), high: v.zero() };
        let d02 = self.pair_product(a02, b02);
        let d13 = self.pair_product(a13, b13);
        // The inner products of each of the three Karatsuba squares: crossed terms only.
        let d01 = add(self.pair_product(a01, b01), add(d0, d1));
        let d23 = add(self.pair_product(a23, b23), add(d2, d3));
        let d0123 = add(self.pair_product(v.xor(a01, a23), v.xor(b01, b23)), add(d02, d13));

        let inner = add(d1, d2);
        let at =
            [d0, d01, add(add(d02, d0), inner), add(d0123, add(d01, d23)), add(add(d13, d3), inner), d23, d3];
        let mut pairs = [v.zero(); 7];
        for (i, pair) in pairs.iter_mut().enumerate() {
            let (high_below, middle_below) =
                if i == 0 { (v.zero(), v.zero()) } else { (at[i - 1].high, at[i - 1].middle) };
            *pair = v.xor(v.xor(at[i].low, high_below), v.straddle(middle_below, at[i].middle));
        }
        pairs
    }

    #[inline(always)]
    fn square_product(self, a: Self::Element) -> Self::Product {
        let v = self.vector;
        [
            v.square_low(a[0]),
            v.square_high(a[0]),
            v.square_low(a[1]),
            v.square_high(a[1]),
            v.square_low(a[2]),
            v.square_high(a[2]),
            v.square_low(a[3]),
        ]
    }

    #[inline(always)]
    fn add_products(self, p: Self::Product, q: Self::Product) -> Self::Product {
        let v = self.vector;
        let mut sum = p;
        for (to, from) in sum.iter_mut().zip(q) {
            *to = v.xor(*to, from);
        }
        sum
    }

    /// With H = p >> 431 (at most 430 bits): p mod f = (p mod t^431) + H + H·t + H·t³ + H·t⁵, where the few bits
    /// from t^431 up come down once more in the same way.
    #[inline(always)]
    fn reduce(self, p: Self::Product) -> Self::Element {
        let v = self.vector;
        // 431 = 6·64 + 47: H begins at bit 47 of word 6.
        let shifted = |pair, up| v.xor(v.shr::<47>(pair), v.shl::<17>(up));
        let h = [
            shifted(p[3], v.straddle(p[3], p[4])),
            shifted(p[4], v.straddle(p[4], p[5])),
            shifted(p[5], v.straddle(p[5], p[6])),
            shifted(p[6], v.straddle(p[6], v.zero())),
        ];
        // H·(1 + t + t³ + t⁵): each word, and what the word below carries out at its top.
        let spread = |pair, down| {
            let odd = v.xor(v.xor(v.shl::<1>(pair), v.shl::<3>(pair)), v.shl::<5>(pair));
            let carried = v.xor(v.xor(v.shr::<63>(down), v.shr::<61>(down)), v.shr::<59>(down));
            v.xor(pair, v.xor(odd, carried))
        };
        let low_bits = v.and(p[3], v.pair((1 << 47) - 1, 0));
        let top = v.xor(low_bits, spread(h[3], v.straddle(h[2], h[3])));
        let u = v.and(v.shr::<47>(top), v.pair(!0, 0));
        let u = v.xor(v.xor(u, v.shl::<1>(u)), v.xor(v.shl::<3>(u), v.shl::<5>(u)));
        [
            v.xor(v.xor(p[0], u), spread(h[0], v.straddle(v.zero(), h[0]))),
            v.xor(p[1], spread(h[1], v.straddle(h[0], h[1]))),
            v.xor(p[2], spread(h[2], v.straddle(h[1], h[2]))),
            v.and(top, v.pair((1 << 47) - 1, 0)),
        ]
    }

    #[inline(always)]
    fn apart<T: Task>(self, task: T) -> T::Output {
        self.vector.enter(self, task)
    }

    #[inline(always)]
    fn is_zero(self, a: Self::Element) -> bool {
        let v = self.vector;
        let or = |x, y| v.xor(v.xor(x, y), v.and(x, y));
        v.is_zero(or(or(a[0], a[1]), or(a[2], a[3])))
    }
}
