//! Chaining values and blocks of many independent messages → the next chaining values, one 32-bit lane a message.
//!
//! The steps of [`super::portable`], turned: register 2i holds the low halves of the words hᵢ₊₁ of all messages, register
//! 2i + 1 the high halves. A and C are then a choice of registers, the four encryptions are four independent chains (a
//! processor that waits for one works on another), P transposes octets inside lanes, ψ moves along the registers.
//!
//! Written once over [`Lanes`]; each processor's file gives the operations and a function with target features around
//! [`step`]. Everything is inlined there, since a call into an intrinsic costs more than the intrinsic.
#![expect(clippy::indexing_slicing, reason = "every index is a constant within arrays of fixed size")]

use super::portable::C3;

/// Key words in the order of the 32 rounds of GOST 28147-89: three times upwards, once downwards.
const KEY_ORDER: [usize; 32] =
    [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1, 0];

/// 256 bits of `N` messages: the eight 32-bit words, the least significant first, each of all messages.
pub(super) type Planes<const N: usize> = [[u32; N]; 8];

/// A register of 32-bit lanes.
pub(super) trait Lanes: Copy {
    /// The S-boxes in registers.
    type Sboxes: Copy;

    fn splat(word: u32) -> Self;
    fn xor(self, other: Self) -> Self;
    fn wrapping_add(self, other: Self) -> Self;
    fn shl<const BITS: u32>(self) -> Self;
    fn shr<const BITS: u32>(self) -> Self;
    /// Bits of `self` where `mask` has ones, else of `other`.
    fn select(self, other: Self, mask: Self) -> Self;
    /// `half` ⊕ the round function of GOST 28147-89 of `self`: S-boxes, then a rotation by 11 bits.
    fn round(self, half: Self, sboxes: &Self::Sboxes) -> Self;

    #[inline(always)]
    fn xor3(self, second: Self, third: Self) -> Self {
        self.xor(second).xor(third)
    }

    /// The upper 16 bits of `self` below the lower 16 bits of `next`.
    #[inline(always)]
    fn odd(self, next: Self) -> Self {
        self.shr::<16>().xor(next.shl::<16>())
    }
}

/// One step χ(M, H) of each lane.
#[inline(always)]
pub(super) fn step<V: Lanes>(sboxes: &V::Sboxes, h: &[V; 8], m: &[V; 8]) -> [V; 8] {
    let low = keys::<V, 0>(h, m);
    let high = keys::<V, 1>(h, m);
    let s = encrypt(sboxes, h, &low, &high);
    mix(h, m, s)
}

/// 5.1: words 0 … 3 (`HALF` = 0) or 4 … 7 (`HALF` = 1) of the four keys, which need these halves of H and M only.
#[inline(always)]
fn keys<V: Lanes, const HALF: usize>(h: &[V; 8], m: &[V; 8]) -> [[V; 4]; 4] {
    let mut u = [h[HALF], h[2 + HALF], h[4 + HALF], h[6 + HALF]];
    let mut v = [m[HALF], m[2 + HALF], m[4 + HALF], m[6 + HALF]];
    let first = columns(xor4(u, v));
    (u, v) = (a(u), a(a(v)));
    let second = columns(xor4(u, v));
    (u, v) = (xor4(a(u), C3_HALVES[HALF].map(V::splat)), a(a(v)));
    let third = columns(xor4(u, v));
    (u, v) = (a(u), a(a(v)));
    [first, second, third, columns(xor4(u, v))]
}

/// The low and the high halves of C₃.
const C3_HALVES: [[u32; 4]; 2] = {
    let mut halves = [[0; 4]; 2];
    let mut i = 0;
    while i < 4 {
        halves[0][i] = (C3[i] & 0xFFFF_FFFF) as u32;
        halves[1][i] = (C3[i] >> 32) as u32;
        i += 1;
    }
    halves
};

#[inline(always)]
fn a<V: Lanes>([y1, y2, y3, y4]: [V; 4]) -> [V; 4] {
    [y2, y3, y4, y1.xor(y2)]
}

#[inline(always)]
fn xor4<V: Lanes>(a: [V; 4], b: [V; 4]) -> [V; 4] {
    [a[0].xor(b[0]), a[1].xor(b[1]), a[2].xor(b[2]), a[3].xor(b[3])]
}

/// P of 5.1 for half of the columns: octet k of row i becomes octet i of word k, in each lane.
#[inline(always)]
fn columns<V: Lanes>([r0, r1, r2, r3]: [V; 4]) -> [V; 4] {
    let (lower, even) = (V::splat(0x0000_FFFF), V::splat(0x00FF_00FF));
    // First halves of words change places between rows two apart, then octets between neighbours.
    let (p0, p2) = (r0.select(r2.shl::<16>(), lower), r0.shr::<16>().select(r2, lower));
    let (p1, p3) = (r1.select(r3.shl::<16>(), lower), r1.shr::<16>().select(r3, lower));
    [
        p0.select(p1.shl::<8>(), even),
        p0.shr::<8>().select(p1, even),
        p2.select(p3.shl::<8>(), even),
        p2.shr::<8>().select(p3, even),
    ]
}

/// 5.2: the four encryptions; S in the arrangement of H.
#[inline(always)]
fn encrypt<V: Lanes>(sboxes: &V::Sboxes, h: &[V; 8], low: &[[V; 4]; 4], high: &[[V; 4]; 4]) -> [V; 8] {
    let mut n1 = [h[0], h[2], h[4], h[6]];
    let mut n2 = [h[1], h[3], h[5], h[7]];
    let key = |j: usize, k: usize| if k < 4 { low[j][k] } else { high[j][k - 4] };
    for [odd, even] in KEY_ORDER.as_chunks::<2>().0 {
        for j in 0..4 {
            n2[j] = n1[j].wrapping_add(key(j, *odd)).round(n2[j], sboxes);
        }
        for j in 0..4 {
            n1[j] = n2[j].wrapping_add(key(j, *even)).round(n1[j], sboxes);
        }
    }
    [n2[0], n1[0], n2[1], n1[1], n2[2], n1[2], n2[3], n1[3]]
}

/// 5.3: ψ⁶¹(H ⊕ ψ(M ⊕ ψ¹²(S))) = ψ⁶⁰(ψ(H) ⊕ ψ²(M ⊕ ψ¹²(S))), two words at a time.
#[inline(always)]
fn mix<V: Lanes>(h: &[V; 8], m: &[V; 8], s: [V; 8]) -> [V; 8] {
    let mut y = s;
    for _ in 0..6 {
        y = psi2(y);
    }
    for (word, m) in y.iter_mut().zip(m) {
        *word = word.xor(*m);
    }
    y = psi2(y);
    for (word, h) in y.iter_mut().zip(psi(h)) {
        *word = word.xor(h);
    }
    for _ in 0..30 {
        y = psi2(y);
    }
    y
}

/// ψ²: registers move down by one; the new one is (y₁ … y₄, y₁₃, y₁₆) summed, for two words in a row.
#[inline(always)]
fn psi2<V: Lanes>([a, b, c, d, e, f, g, h]: [V; 8]) -> [V; 8] {
    let known = a.xor3(a.odd(b), b).xor3(b.odd(c), g).xor(h.shr::<16>());
    // The second word also takes the first.
    [b, c, d, e, f, g, h, known.xor(known.shl::<16>())]
}

/// ψ once.
#[inline(always)]
fn psi<V: Lanes>(y: &[V; 8]) -> [V; 8] {
    let new = psi2(*y)[7];
    let mut next = *y;
    for i in 0..7 {
        next[i] = y[i].odd(y[i + 1]);
    }
    next[7] = y[7].odd(new);
    next
}
