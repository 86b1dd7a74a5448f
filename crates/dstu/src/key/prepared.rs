//! A public key → tables of its multiples → verdicts on signatures, one by one and many at once.

use alloc::boxed::Box;
use core::fmt;

use super::PublicKey;
use super::base::Base;
use crate::backend::{self, Task};
use crate::compress::StoredPoint;
use crate::curve::Curve;
use crate::equation;
use crate::field::Field;
use crate::gost34311::Dke;
use crate::signature::Signature;
use crate::table::{self, Multiples, Shape};

/// A key with tables of its multiples.
#[derive(Clone)]
pub struct PreparedKey {
    curve: Curve,
    dke: Option<Dke>,
    key: Table,
    /// The base point's table, unless the process shares one.
    base: Option<Table>,
}

#[derive(Clone)]
pub(super) struct Table {
    shape: Shape,
    words: Box<[u64]>,
}

impl Table {
    pub(super) fn new(curve: Curve, point: &StoredPoint, shape: Shape) -> Self {
        Self { shape, words: backend::run(curve, Fill { point, shape }) }
    }

    pub(super) fn multiples(&self) -> Multiples<'_> {
        Multiples { shape: self.shape, words: &self.words }
    }
}

impl PreparedKey {
    pub(super) fn new(key: &PublicKey, shape: Shape) -> Self {
        let base = match (key.other_base, Base::standard(key.curve)) {
            (Some(point), _) | (None, Base::Point(point)) => Some(Table::new(key.curve, &point, shape)),
            (None, Base::Shared(_)) => None,
        };
        Self { curve: key.curve, dke: key.dke, key: Table::new(key.curve, &key.point, shape), base }
    }

    /// Whether the signature of this digest was made by the key's owner.
    #[must_use]
    pub fn verify_digest(&self, digest: &[u8], signature: &Signature) -> bool {
        if signature.curve() != self.curve {
            return false;
        }
        let base = match &self.base {
            Some(table) => table.multiples(),
            None => match Base::standard(self.curve) {
                Base::Shared(multiples) => multiples,
                // `new` has made a table of its own where none is shared.
                Base::Point(_) => return false,
            },
        };
        backend::run(self.curve, Verify { key: self.key.multiples(), base, digest, signature })
    }

    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// The S-boxes that GOST 34.311 digests under this key must use; `None` means №1.
    #[must_use]
    pub const fn dke(&self) -> Option<&Dke> {
        self.dke.as_ref()
    }

    /// Octets of the tables on the heap.
    #[must_use]
    pub fn table_octets(&self) -> usize {
        8 * (self.key.words.len() + self.base.as_ref().map_or(0, |table| table.words.len()))
    }
}

impl fmt::Debug for PreparedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedKey")
            .field("curve", &self.curve)
            .field("shape", &self.key.shape)
            .finish_non_exhaustive()
    }
}

/// Checks independent signatures; `out[i]` answers `items[i]`. Slots without an item become false.
pub fn verify_digests(items: &[(&PreparedKey, &[u8], &Signature)], out: &mut [bool]) {
    out.fill(false);
    for ((key, digest, signature), valid) in items.iter().zip(out) {
        *valid = key.verify_digest(digest, signature);
    }
}

struct Fill<'a> {
    point: &'a StoredPoint,
    shape: Shape,
}

impl Task for Fill<'_> {
    type Output = Box<[u64]>;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Self::Output {
        let mut words = alloc::vec![0_u64; table::words(f.numbers(), self.shape)];
        table::fill::<F, { table::BATCH_MAX }>(f, self.point, self.shape, &mut words);
        words.into_boxed_slice()
    }
}

struct Verify<'a> {
    key: Multiples<'a>,
    base: Multiples<'a>,
    digest: &'a [u8],
    signature: &'a Signature,
}

impl Task for Verify<'_> {
    type Output = bool;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> bool {
        equation::holds(f, self.digest, self.signature, self.base, self.key)
    }
}
