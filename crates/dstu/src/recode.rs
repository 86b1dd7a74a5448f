//! Scalars → signed digits: few of them where doublings come between, one a window where they do not.
#![expect(
    clippy::indexing_slicing,
    reason = "words below the constant length, digits below their slice's length"
)]

use crate::curve::{WORDS_MAX, Words};

/// Bits `start .. start + count` of a number, count ≤ 16; zeros beyond its end.
#[inline(always)]
fn window(number: &Words, start: usize, count: usize) -> i16 {
    let (word, shift) = (start / 64, start % 64);
    let mut bits = if word < WORDS_MAX { number[word] >> shift } else { 0 };
    if shift + count > 64 && word + 1 < WORDS_MAX {
        bits |= number[word + 1] << (64 - shift);
    }
    let kept = bits & ((1 << count) - 1);
    i16::try_from(kept).unwrap_or_default()
}

/// The width-w non-adjacent form of bits `start .. start + length` of a number, into `digits[0 ..= length]`.
///
/// Each digit is zero or odd, |d| < 2^(w−1), and of any w neighbours at most one is not zero: on average every
/// (w + 1)-th (Solinas, «Efficient arithmetic on Koblitz curves», 2000, §4; here with a carry in place of a
/// subtraction from the scalar). 2 ≤ w ≤ 8.
#[inline(always)]
pub(crate) fn non_adjacent_form(
    number: &Words,
    start: usize,
    length: usize,
    width: usize,
    digits: &mut [i8],
) {
    digits[..=length].fill(0);
    let (mut position, mut carry) = (0, 0);
    while position <= length {
        let take = width.min(length - position);
        let value = window(number, start + position, take) + carry;
        if value & 1 == 0 {
            // A digit of zero. A carry that met a one goes on to the next bit; without a carry there is none.
            position += 1;
            continue;
        }
        carry = value >> (width - 1) & 1;
        digits[position] = i8::try_from(value - (carry << width)).unwrap_or_default();
        position += width;
    }
}

/// The signed digits of windows of w bits, −2^(w−1) ≤ d ≤ 2^(w−1), as many as [`windows`] says.
///
/// The number has at most `bits` bits; w ≤ 8.
#[inline(always)]
pub(crate) fn signed_windows(number: &Words, bits: usize, width: usize, digits: &mut [i16]) {
    let windows = windows(bits, width);
    let mut carry = 0;
    for (index, digit) in digits[..windows].iter_mut().enumerate() {
        let value = window(number, index * width, width) + carry;
        // The highest window has room for the last carry: see `windows`.
        carry = i16::from(index + 1 < windows && value >= 1 << (width - 1));
        *digit = value - (carry << width);
    }
}

/// How many windows numbers of so many bits take: one bit more than theirs, for the carry.
pub(crate) const fn windows(bits: usize, width: usize) -> usize {
    (bits + 1).div_ceil(width)
}
