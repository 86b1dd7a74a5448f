//! The few operations on pairs of 64-bit words that every field is written with, once for all processors.
//!
//! A value of a type that implements [`Vector`] is proof that the processor has the instructions: the types for
//! x86-64 and aarch64 can be made only after asking it. So the field code above needs no `unsafe` and no
//! `cfg`, and the portable code and the fast code are the same code.

use super::Field;

/// A computation in some field, to be compiled for a set of instructions.
pub(crate) trait Task {
    /// What it gives.
    type Output;
    /// Computes; implementations are `#[inline(always)]`.
    fn run<F: Field>(self, f: F) -> Self::Output;
}

/// A processor's way to handle one or several pairs (low word, high word), the same operation on each.
///
/// Everything is `#[inline(always)]` in the implementations: the code becomes part of the one function that has
/// the instructions enabled. Left as calls, the intrinsics cost five times the whole verification (measured).
pub(crate) trait Vector: Copy + 'static {
    /// Two words; in a wide vector, two words in every lane.
    type Pair: Copy;
    /// The instructions' name.
    const NAME: &'static str;

    /// Runs the task as a function of its own that has the instructions enabled.
    fn enter<F: Field, T: Task>(self, f: F, task: T) -> T::Output;

    /// `(low, high)` in every lane.
    fn pair(self, low: u64, high: u64) -> Self::Pair;
    /// Two adjacent words of a slice, in every lane.
    fn pair_at(self, words: &[u64], index: usize) -> Self::Pair;
    /// The two words (of the first lane).
    fn words(self, a: Self::Pair) -> [u64; 2];
    /// Bitwise exclusive or: addition of polynomials over GF(2).
    fn xor(self, a: Self::Pair, b: Self::Pair) -> Self::Pair;
    /// Bitwise and.
    fn and(self, a: Self::Pair, b: Self::Pair) -> Self::Pair;
    /// Each word shifted left by N bits, 0 < N < 64.
    fn shl<const N: i32>(self, a: Self::Pair) -> Self::Pair;
    /// Each word shifted right by N bits, 0 < N < 64.
    fn shr<const N: i32>(self, a: Self::Pair) -> Self::Pair;
    /// `(low.high, high.low)`: the pair one word up from `low` in the four words `low, high`.
    fn straddle(self, low: Self::Pair, high: Self::Pair) -> Self::Pair;
    /// Carry-less product of the low words.
    fn mul_low(self, a: Self::Pair, b: Self::Pair) -> Self::Pair;
    /// Carry-less product of the high words.
    fn mul_high(self, a: Self::Pair, b: Self::Pair) -> Self::Pair;
    /// `a.low·b.high + a.high·b.low`: the middle of the product of two pairs.
    fn mul_cross(self, a: Self::Pair, b: Self::Pair) -> Self::Pair;
    /// Square of the low word.
    #[inline(always)]
    fn square_low(self, a: Self::Pair) -> Self::Pair {
        self.mul_low(a, a)
    }
    /// Square of the high word.
    #[inline(always)]
    fn square_high(self, a: Self::Pair) -> Self::Pair {
        self.mul_high(a, a)
    }
    /// All bits of both words equal to the lowest bit of the low word.
    fn spread_bit(self, a: Self::Pair) -> Self::Pair;
    /// Whether the pair (of any lane) is zero.
    fn is_zero(self, a: Self::Pair) -> bool;

    /// Both words zero.
    #[inline(always)]
    fn zero(self) -> Self::Pair {
        self.pair(0, 0)
    }
}
