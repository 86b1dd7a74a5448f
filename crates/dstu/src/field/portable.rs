//! Pairs of words on any processor: carry-less products from integer ones.

use super::Field;
use super::vector::{Task, Vector};

/// No special instructions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

impl Vector for Portable {
    type Pair = [u64; 2];
    const NAME: &'static str = "portable";

    #[inline(never)]
    fn enter<F: Field, T: Task>(self, f: F, task: T) -> T::Output {
        task.run(f)
    }

    #[inline(always)]
    fn pair(self, low: u64, high: u64) -> [u64; 2] {
        [low, high]
    }
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "callers pass constant indices inside an element's words")]
    fn pair_at(self, words: &[u64], index: usize) -> [u64; 2] {
        [words[index], words[index + 1]]
    }
    #[inline(always)]
    fn words(self, a: [u64; 2]) -> [u64; 2] {
        a
    }
    #[inline(always)]
    fn xor(self, a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
        [a[0] ^ b[0], a[1] ^ b[1]]
    }
    #[inline(always)]
    fn and(self, a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
        [a[0] & b[0], a[1] & b[1]]
    }
    #[inline(always)]
    fn shl<const N: i32>(self, a: [u64; 2]) -> [u64; 2] {
        [a[0] << N, a[1] << N]
    }
    #[inline(always)]
    fn shr<const N: i32>(self, a: [u64; 2]) -> [u64; 2] {
        [a[0] >> N, a[1] >> N]
    }
    #[inline(always)]
    fn straddle(self, low: [u64; 2], high: [u64; 2]) -> [u64; 2] {
        [low[1], high[0]]
    }
    #[inline(always)]
    fn mul_low(self, a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
        carryless(a[0], b[0])
    }
    #[inline(always)]
    fn mul_high(self, a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
        carryless(a[1], b[1])
    }
    #[inline(always)]
    fn mul_cross(self, a: [u64; 2], b: [u64; 2]) -> [u64; 2] {
        self.xor(carryless(a[0], b[1]), carryless(a[1], b[0]))
    }
    #[inline(always)]
    fn square_low(self, a: [u64; 2]) -> [u64; 2] {
        [interleave_zeros(a[0]), interleave_zeros(a[0] >> 32)]
    }
    #[inline(always)]
    fn square_high(self, a: [u64; 2]) -> [u64; 2] {
        [interleave_zeros(a[1]), interleave_zeros(a[1] >> 32)]
    }
    #[inline(always)]
    fn spread_bit(self, a: [u64; 2]) -> [u64; 2] {
        let mask = 0u64.wrapping_sub(a[0] & 1);
        [mask, mask]
    }
    #[inline(always)]
    fn is_zero(self, a: [u64; 2]) -> bool {
        a[0] | a[1] == 0
    }
}

/// Product of two polynomials over GF(2) of 64 bits each: 128 bits.
///
/// Integer multiplication with holes: of each operand only every fourth bit is kept, so that at most 15 ones
/// meet in a column and carries stay inside the holes. The words are cut into 60 + 4 bits for that. After Thomas
/// Pornin's description of BearSSL's `ghash_ctmul64`, with 128-bit products.
// Not inlined: seven fields times dozens of products would only make the program long.
#[inline(never)]
fn carryless(a: u64, b: u64) -> [u64; 2] {
    const HOLES: u128 = 0x1111_1111_1111_1111_1111_1111_1111_1111;
    let low = (1u64 << 60) - 1;
    let mut product = 0u128;
    for class in 0..4 {
        let mut column = 0u128;
        for left in 0..4 {
            let right = (class + 4 - left) % 4;
            let x = u128::from(a & low) & (HOLES << left);
            let y = u128::from(b & low) & (HOLES << right);
            column ^= x.wrapping_mul(y);
        }
        product ^= column & (HOLES << class);
    }
    // The four high bits of each operand, one at a time.
    for bit in 60..64 {
        let of_a = 0u128.wrapping_sub(u128::from(a >> bit & 1));
        product ^= (u128::from(b) & of_a) << bit;
        let of_b = 0u128.wrapping_sub(u128::from(b >> bit & 1));
        product ^= (u128::from(a & low) & of_b) << bit;
    }
    halves(product)
}

#[expect(clippy::cast_possible_truncation, reason = "the cut is meant: low and high word")]
#[inline(always)]
const fn halves(product: u128) -> [u64; 2] {
    [product as u64, (product >> 64) as u64]
}

/// The low 32 bits with a zero put before each: the square of a polynomial over GF(2).
#[inline(always)]
fn interleave_zeros(a: u64) -> u64 {
    let a = a & 0xffff_ffff;
    let a = (a | a << 16) & 0x0000_ffff_0000_ffff;
    let a = (a | a << 8) & 0x00ff_00ff_00ff_00ff;
    let a = (a | a << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let a = (a | a << 2) & 0x3333_3333_3333_3333;
    (a | a << 1) & 0x5555_5555_5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_with_holes_is_the_schoolbook_product() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for round in 0..2000 {
            let (a, b) = match round {
                0 => (u64::MAX, u64::MAX),
                1 => (u64::MAX, 1 << 63),
                2 => (0, u64::MAX),
                _ => (next(), next()),
            };
            let schoolbook =
                (0..64).filter(|bit| b >> bit & 1 == 1).fold(0, |sum, bit| sum ^ u128::from(a) << bit);
            assert_eq!(carryless(a, b), halves(schoolbook), "{a:x} {b:x}");
            let square = Portable.square_low([a, 0]);
            assert_eq!(square, carryless(a, a));
        }
    }
}
