//! Any of the ten fields: schoolbook products, and a reduction word by word from the top.
//!
//! One type for all, with the field's numbers inside, and its products are functions of their own: eight curves
//! that are hardly used must not make the program ten times as long.
#![expect(clippy::indexing_slicing, reason = "indices below the words of an element or of a product")]

use super::{Field, Task, Vector};
use crate::curve::{Numbers, WORDS_MAX, Words};

/// A product before reduction.
type Double = [u64; 2 * WORDS_MAX];

/// The field with these numbers, and the processor's V.
#[derive(Clone, Copy)]
pub(crate) struct Generic<V> {
    numbers: &'static Numbers,
    vector: V,
}

impl<V> Generic<V> {
    #[inline(always)]
    pub(crate) fn new(numbers: &'static Numbers, vector: V) -> Self {
        Self { numbers, vector }
    }
}

impl<V: Vector> Field for Generic<V> {
    type Element = Words;
    /// Reduced at once.
    type Product = Words;

    #[inline(always)]
    fn numbers(self) -> &'static Numbers {
        self.numbers
    }
    #[inline(always)]
    fn load(self, words: &[u64]) -> Words {
        let count = self.numbers.words;
        let mut element = [0; WORDS_MAX];
        element[..count].copy_from_slice(&words[..count]);
        element
    }
    #[inline(always)]
    fn store(self, a: Words) -> Words {
        a
    }
    #[inline(always)]
    fn add(self, a: Words, b: Words) -> Words {
        core::array::from_fn(|i| a[i] ^ b[i])
    }
    #[inline(always)]
    fn product(self, a: Words, b: Words) -> Words {
        self.vector.enter(self, Product(self, a, b))
    }
    #[inline(always)]
    fn square_product(self, a: Words) -> Words {
        self.vector.enter(self, Square(self, a))
    }
    #[inline(always)]
    fn add_products(self, p: Words, q: Words) -> Words {
        self.add(p, q)
    }
    #[inline(always)]
    fn reduce(self, p: Words) -> Words {
        p
    }
    #[inline(always)]
    fn apart<T: Task>(self, task: T) -> T::Output {
        self.vector.enter(self, task)
    }
    #[inline(always)]
    fn is_zero(self, a: Words) -> bool {
        a == [0; WORDS_MAX]
    }
}

/// a·b, reduced.
struct Product<V>(Generic<V>, Words, Words);

impl<V: Vector> Task for Product<V> {
    type Output = Words;
    #[inline(always)]
    fn run<F: Field>(self, _: F) -> Words {
        let Self(Generic { numbers, vector: v }, a, b) = self;
        let mut product = [0; 2 * WORDS_MAX];
        for i in 0..numbers.words {
            for j in 0..numbers.words {
                let [low, high] = v.words(v.mul_low(v.pair(a[i], 0), v.pair(b[j], 0)));
                product[i + j] ^= low;
                product[i + j + 1] ^= high;
            }
        }
        reduced(numbers, product)
    }
}

/// a², reduced.
struct Square<V>(Generic<V>, Words);

impl<V: Vector> Task for Square<V> {
    type Output = Words;
    #[inline(always)]
    fn run<F: Field>(self, _: F) -> Words {
        let Self(Generic { numbers, vector: v }, a) = self;
        let mut product = [0; 2 * WORDS_MAX];
        for i in 0..numbers.words {
            [product[2 * i], product[2 * i + 1]] = v.words(v.square_low(v.pair(a[i], 0)));
        }
        reduced(numbers, product)
    }
}

/// t^m = t^k + … + 1: each word above t^m goes down by m − k for every k. Since m − k ≥ 64 for all ten
/// polynomials, a word never falls back into itself; the rest of the top word follows at the end.
#[inline(always)]
fn reduced(numbers: &Numbers, mut p: Double) -> Words {
    let Numbers { m, words, middle, .. } = *numbers;
    for i in (words..2 * words).rev() {
        let word = p[i];
        p[i] = 0;
        xor_at(&mut p, 64 * i - m, word);
        for k in middle {
            xor_at(&mut p, 64 * i - m + k, word);
        }
    }
    let top = p[words - 1] >> (m % 64);
    p[words - 1] ^= top << (m % 64);
    p[0] ^= top;
    for k in middle {
        xor_at(&mut p, *k, top);
    }
    core::array::from_fn(|i| p[i])
}

/// p += word·t^bit.
#[inline(always)]
fn xor_at(p: &mut Double, bit: usize, word: u64) {
    p[bit / 64] ^= word << (bit % 64);
    if !bit.is_multiple_of(64) {
        p[bit / 64 + 1] ^= word >> (64 - bit % 64);
    }
}
