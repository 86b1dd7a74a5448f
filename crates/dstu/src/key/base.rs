//! A curve → its base point and the table of its multiples, one for the whole process.

#[cfg(feature = "std")]
use super::prepared::Table;
use super::{Compress, CompressedOctets};
use crate::backend::{self, Task};
use crate::compress::StoredPoint;
use crate::curve::{Curve, WORDS_MAX};
use crate::field::{Field, invert};
use crate::point::{self, Affine};
use crate::table::Multiples;
#[cfg(feature = "std")]
use crate::table::Shape;

/// Multiples of the base point, or the point to compute a small table of.
pub(super) enum Base {
    #[cfg_attr(not(feature = "std"), expect(dead_code, reason = "tables shared by the process need std"))]
    Shared(Multiples<'static>),
    Point(StoredPoint),
}

impl Base {
    pub(super) fn standard(curve: Curve) -> Self {
        #[cfg(feature = "std")]
        return Self::Shared(shared_base(curve));
        #[cfg(not(feature = "std"))]
        return Self::Point(base_point(curve));
    }
}

/// The base point of a curve, decompressed from annex Г's x and y by λ = x + y/x.
pub(crate) fn base_point(curve: Curve) -> StoredPoint {
    struct Ratio(Curve);
    impl Task for Ratio {
        type Output = StoredPoint;
        #[inline(always)]
        fn run<F: Field>(self, f: F) -> StoredPoint {
            let numbers = self.0.numbers();
            let (x, y) = (f.load(&numbers.gx), f.load(&numbers.gy));
            let lambda = f.add(x, f.mul(y, invert(f, x)));
            let mut stored = [0; 2 * WORDS_MAX];
            point::store(f, Affine { x, lambda }, &mut stored);
            stored
        }
    }
    backend::run(curve, Ratio(curve))
}

/// The compressed base point of a curve.
pub(crate) fn standard_base(curve: Curve) -> CompressedOctets {
    let octets = backend::run(curve, Compress(&base_point(curve)));
    CompressedOctets { octets, length: curve.element_octets() }
}

/// The table of the curve's base point: once a process, a few hundred kilobytes for each curve that is used.
#[cfg(feature = "std")]
pub(crate) fn shared_base(curve: Curve) -> Multiples<'static> {
    use std::sync::OnceLock;
    static TABLES: [OnceLock<Table>; Curve::ALL.len()] = [const { OnceLock::new() }; Curve::ALL.len()];
    #[expect(clippy::indexing_slicing, reason = "a place for each of the ten")]
    let table = &TABLES[curve as usize];
    table.get_or_init(|| Table::new(curve, &base_point(curve), Shape::BASE)).multiples()
}
