//! A point → its multiples in memory, so that r·Q and s·P cost few operations.
//!
//! Two shapes. [`Shape::Split`]: the scalar is cut into parts of c bits, and for each part there are the odd
//! multiples of 2^(ic)·Q; c doublings serve all parts (Möller's interleaving, 2001). [`Shape::Windows`]: for every
//! window of w bits all its multiples, so that nothing is ever doubled.
//!
//! Points here have the prime order n (a [`PublicKey`](crate::PublicKey) is checked for that), n > 2^160: no
//! multiple below 2^8 is infinity, and every one has a λ.
#![expect(clippy::indexing_slicing, reason = "slices cut to lengths computed from the same shape")]

use crate::curve::{Numbers, WORDS_MAX};
use crate::field::{Field, Task, invert};
use crate::point::{self, Affine, Projective};
use crate::recode;

/// Which multiples there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Odd multiples 1, 3, … 2^(w−1) − 1 of 2^(ic)·Q for each part i.
    Split { parts: usize, width: usize },
    #[cfg_attr(not(feature = "alloc"), expect(dead_code, reason = "such tables live on the heap"))]
    /// Multiples 1, 2, … 2^(w−1) of 2^(iw)·Q for each window i.
    Windows { width: usize },
}

impl Shape {
    /// For a key used once: a table that fits on the stack.
    pub(crate) const ONCE: Self = Self::Split { parts: 1, width: 5 };
    #[cfg(feature = "alloc")]
    /// For a key used several times.
    pub(crate) const PREPARED: Self = Self::Split { parts: 4, width: 6 };
    #[cfg(feature = "alloc")]
    /// For a key that comes back.
    pub(crate) const RETURNING: Self = Self::Windows { width: 6 };
    #[cfg(feature = "std")]
    /// For the base point, once a process.
    pub(crate) const BASE: Self = Self::Windows { width: 8 };

    /// Points of one part or window.
    pub(crate) const fn row(self) -> usize {
        match self {
            Self::Split { width, .. } => 1 << (width - 2),
            Self::Windows { width } => 1 << (width - 1),
        }
    }
    /// Parts or windows for scalars of so many bits.
    pub(crate) const fn rows(self, order_bits: usize) -> usize {
        match self {
            Self::Split { parts, .. } => parts,
            Self::Windows { width } => recode::windows(order_bits, width),
        }
    }
    /// Bits from one row to the next.
    pub(crate) const fn stride(self, order_bits: usize) -> usize {
        match self {
            Self::Split { parts, .. } => order_bits.div_ceil(parts),
            Self::Windows { width } => width,
        }
    }
}

/// Multiples of a point: row after row, each point as x and λ.
#[derive(Clone, Copy)]
pub(crate) struct Multiples<'a> {
    pub(crate) shape: Shape,
    pub(crate) words: &'a [u64],
}

/// Words of a table with [`Shape::ONCE`], for any field.
pub(crate) const WORDS_ONCE: usize = Shape::ONCE.row() * 2 * WORDS_MAX;

/// Words of the table of this shape.
pub(crate) fn words(numbers: &Numbers, shape: Shape) -> usize {
    shape.rows(numbers.order_bits) * shape.row() * 2 * numbers.words
}

#[cfg(feature = "alloc")]
/// Points brought to Z = 1 together, at most: the longest row, and more than the rows of any table.
pub(crate) const BATCH_MAX: usize = 128;

/// Fills `words` (as many as [`words`] says) with the multiples of a point of order n.
///
/// `BATCH`: at least the shape's rows and its points of a row; a small one costs less stack.
#[inline(always)]
pub(crate) fn fill<F: Field, const BATCH: usize>(f: F, point: &[u64], shape: Shape, words: &mut [u64]) {
    f.apart(Fill::<BATCH> { point, shape, words });
}

struct Fill<'a, const BATCH: usize> {
    point: &'a [u64],
    shape: Shape,
    words: &'a mut [u64],
}

impl<const BATCH: usize> Task for Fill<'_, BATCH> {
    type Output = ();
    #[inline(always)]
    fn run<F: Field>(self, f: F) {
        multiples::<F, BATCH>(f, point::load(f, self.point), self.shape, self.words);
    }
}

#[inline(always)]
fn multiples<F: Field, const BATCH: usize>(f: F, point: Affine<F::Element>, shape: Shape, words: &mut [u64]) {
    let point_words = 2 * f.numbers().words;
    let order_bits = f.numbers().order_bits;
    let row_words = shape.row() * point_words;
    // Where each row begins: Q, 2^stride·Q, … by doublings, brought to Z = 1 together.
    let mut scratch = [point::infinity(f); BATCH];
    let mut at = point::to_projective(f, point);
    let rows = shape.rows(order_bits);
    for (index, start) in scratch[..rows].iter_mut().enumerate() {
        if index > 0 {
            for _ in 0..shape.stride(order_bits) {
                at = point::double(f, at);
            }
        }
        *start = at;
    }
    normalize::<F, BATCH>(f, &scratch[..rows], words, row_words);
    // Then the step of each row: the start itself, or (odd multiples) its double.
    let mut steps = [[0; 2 * WORDS_MAX]; BATCH];
    let steps = steps.as_flattened_mut();
    if matches!(shape, Shape::Split { .. }) {
        for (index, double) in scratch[..rows].iter_mut().enumerate() {
            *double = point::double(f, point::to_projective(f, point::load(f, &words[index * row_words..])));
        }
        normalize::<F, BATCH>(f, &scratch[..rows], steps, point_words);
    }
    // As many rows at a time as share an inversion.
    let group = BATCH / shape.row();
    for (index, rows) in words.chunks_mut(group * row_words).enumerate() {
        let points = rows.len() / point_words;
        for (row, entries) in scratch[..points].chunks_mut(shape.row()).enumerate() {
            let start = point::load(f, &rows[row * row_words..]);
            let step = match shape {
                Shape::Split { .. } => point::load(f, &steps[(index * group + row) * point_words..]),
                Shape::Windows { .. } => start,
            };
            let mut multiple = point::to_projective(f, start);
            for entry in entries {
                *entry = multiple;
                multiple = point::add(f, multiple, step);
            }
        }
        normalize::<F, BATCH>(f, &scratch[..points], rows, point_words);
    }
}

/// Brings points to Z = 1 with one inversion (Montgomery's trick: invert the product, then take factors off it)
/// and stores each `stride` words after the one before. At most `BATCH` points, none with Z = 0.
#[inline(always)]
fn normalize<F: Field, const BATCH: usize>(
    f: F,
    points: &[Projective<F::Element>],
    words: &mut [u64],
    stride: usize,
) {
    let mut before = [f.one(); BATCH];
    let mut product = f.one();
    for (point, before) in points.iter().zip(&mut before) {
        *before = product;
        product = f.mul(product, point.z);
    }
    let mut inverse = invert(f, product);
    for (index, (point, before)) in points.iter().zip(before).enumerate().rev() {
        let z_inverse = f.mul(inverse, before);
        inverse = f.mul(inverse, point.z);
        let affine = Affine { x: f.mul(point.x, z_inverse), lambda: f.mul(point.lambda, z_inverse) };
        point::store(f, affine, &mut words[index * stride..]);
    }
}
