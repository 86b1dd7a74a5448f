//! Two scalars, two tables → s·P + r·Q: the work of a verification.
#![expect(clippy::indexing_slicing, reason = "digits and table entries, both counted by the same shape")]

use crate::curve::{WORDS_MAX, Words};
use crate::field::Field;
use crate::point::{self, Affine, Projective};
use crate::recode;
use crate::table::{Multiples, Shape};

/// Digits of one scalar: parts of c + 1 digits, at most four parts of a number of 448 bits.
const DIGITS: usize = 64 * WORDS_MAX + 8;

/// Digits of one scalar without doublings: windows of at least five bits.
const WINDOWS: usize = 88;

/// A scalar and the multiples of the point that it multiplies.
#[derive(Clone, Copy)]
pub(crate) struct Term<'a> {
    pub(crate) scalar: &'a Words,
    pub(crate) multiples: Multiples<'a>,
}

/// The sum of the terms, each a scalar below n times a point of order n.
///
/// First the split tables, all in one chain of doublings; then the window tables, whose additions need none.
#[inline(always)]
pub(crate) fn sum<F: Field>(f: F, terms: &[Term<'_>; 2]) -> Projective<F::Element> {
    let order_bits = f.numbers().order_bits;
    let mut digits = [[0; DIGITS]; 2];
    let mut length = 0;
    for (term, digits) in terms.iter().zip(&mut digits) {
        if let Shape::Split { parts, width } = term.multiples.shape {
            let bits = term.multiples.shape.stride(order_bits);
            for (part, digits) in digits.chunks_mut(bits + 1).take(parts).enumerate() {
                let length = bits.min(order_bits.saturating_sub(part * bits));
                recode::non_adjacent_form(term.scalar, part * bits, length, width, digits);
            }
            length = length.max(bits + 1);
        }
    }
    let mut sum = point::infinity(f);
    for position in (0..length).rev() {
        sum = point::double(f, sum);
        for (term, digits) in terms.iter().zip(&digits) {
            let Shape::Split { parts, .. } = term.multiples.shape else { continue };
            let part_digits = term.multiples.shape.stride(order_bits) + 1;
            if position >= part_digits {
                continue;
            }
            for part in 0..parts {
                let digit = digits[part * part_digits + position];
                if digit != 0 {
                    let index = part * term.multiples.shape.row() + usize::from(digit.unsigned_abs() / 2);
                    sum = point::add(f, sum, entry(f, term.multiples, index, digit < 0));
                }
            }
        }
    }
    for term in terms {
        if let Shape::Windows { width } = term.multiples.shape {
            let row = term.multiples.shape.row();
            let count = term.multiples.shape.rows(order_bits);
            let mut digits = [0; WINDOWS];
            recode::signed_windows(term.scalar, order_bits, width, &mut digits);
            for (window, digit) in digits[..count].iter().enumerate() {
                if *digit != 0 {
                    let index = window * row + usize::from(digit.unsigned_abs()) - 1;
                    sum = point::add(f, sum, entry(f, term.multiples, index, *digit < 0));
                }
            }
        }
    }
    sum
}

/// A point of the table, or its opposite.
#[inline(always)]
fn entry<F: Field>(f: F, multiples: Multiples<'_>, index: usize, negative: bool) -> Affine<F::Element> {
    let point = point::load(f, &multiples.words[index * 2 * f.numbers().words..]);
    point::negate_if(f, negative, point)
}
