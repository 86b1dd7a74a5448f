//! The group's laws against a slow twin that knows only y² + xy = x³ + ax² + b.

use super::*;
use crate::backend::{self, Task};
use crate::compress::{StoredPoint, decompress};
use crate::curve::{Curve, WORDS_MAX, Words};
use crate::field::tests::Random;
use crate::field::trace;
use crate::joint::{self, Term};
use crate::key::base_point;
use crate::table::{self, Multiples, Shape};

/// A point by x and y, or infinity: the textbook's chord and tangent.
type Plain<E> = Option<(E, E)>;

fn plain_add<F: Field>(f: F, p: Plain<F::Element>, q: Plain<F::Element>) -> Plain<F::Element> {
    let (Some((x1, y1)), Some((x2, y2))) = (p, q) else { return p.or(q) };
    let a = if f.numbers().a { f.one() } else { f.zero() };
    let slope = if !f.is_zero(f.add(x1, x2)) {
        f.mul(f.add(y1, y2), invert(f, f.add(x1, x2)))
    } else if f.is_zero(f.add(y1, y2)) && !f.is_zero(x1) {
        f.add(x1, f.mul(y1, invert(f, x1)))
    } else {
        return None;
    };
    let x3 = f.add(f.add(f.square(slope), slope), f.add(f.add(x1, x2), a));
    Some((x3, f.add(f.add(f.mul(slope, f.add(x1, x3)), x3), y1)))
}

fn plain<F: Field>(f: F, p: Projective<F::Element>) -> Plain<F::Element> {
    if f.is_zero(p.z) {
        assert!(!f.is_zero(p.lambda), "Λ ≠ 0 where Z = 0");
        return f.is_zero(p.x).then(|| order_two(f));
    }
    let (x, lambda) = (f.mul(p.x, invert(f, p.z)), f.mul(p.lambda, invert(f, p.z)));
    Some((x, f.mul(x, f.add(x, lambda))))
}

fn order_two<F: Field>(f: F) -> (F::Element, F::Element) {
    let mut root = f.curve_b();
    for _ in 1..f.numbers().m {
        root = f.square(root);
    }
    (f.zero(), root)
}

fn stored<F: Field>(f: F, p: Plain<F::Element>) -> Option<(Words, Words)> {
    p.map(|(x, y)| (f.store(x), f.store(y)))
}

fn on_curve<F: Field>(f: F, (x, y): (F::Element, F::Element)) -> bool {
    let x2 = f.square(x);
    let ax2 = if f.numbers().a { x2 } else { f.zero() };
    let right = f.add(f.add(f.mul(x2, x), ax2), f.curve_b());
    f.is_zero(f.add(f.add(f.square(y), f.mul(x, y)), right))
}

/// Some point of the curve with x ≠ 0, in the subgroup or not.
fn any_point<F: Field>(f: F, random: &mut Random) -> Affine<F::Element> {
    loop {
        let x = f.load(&random.number(f.numbers().m));
        if f.is_zero(x) {
            continue;
        }
        let mut z = f.add(x, f.mul(f.curve_b(), f.square(invert(f, x))));
        if f.numbers().a {
            z = f.add_one(z);
        }
        if !trace(f, z) {
            return Affine { x, lambda: f.add(x, crate::field::half_trace(f, z)) };
        }
    }
}

struct GroupLaw;

impl Task for GroupLaw {
    type Output = ();
    fn run<F: Field>(self, f: F) {
        let mut random = Random(f.numbers().m as u64 + 7);
        let xy = |p: Affine<F::Element>| (p.x, f.mul(p.x, f.add(p.x, p.lambda)));
        let t = order_two(f);
        assert!(on_curve(f, t));
        let scale = |p: Projective<F::Element>, s| Projective {
            x: f.mul(p.x, s),
            lambda: f.mul(p.lambda, s),
            z: f.mul(p.z, s),
        };
        for _ in 0..6 {
            let q = any_point(f, &mut random);
            let s = f.load(&random.number(f.numbers().m - 1));
            assert!(on_curve(f, xy(q)));
            let q_projective = to_projective(f, q);
            let minus_q = to_projective(f, negate_if(f, true, q));
            let doubled = double(f, q_projective);
            let t_projective = Projective { x: f.zero(), lambda: f.one(), z: f.zero() };
            let t_minus_q = {
                // T − Q = −(Q + T)
                let sum = exceptional_sum(
                    f.numbers(),
                    map_projective(t_projective, |e| f.store(e)),
                    Affine { x: f.store(q.x), lambda: f.store(q.lambda) },
                );
                let sum = map_projective(sum, |words| f.load(&words));
                Projective { lambda: f.add(sum.lambda, sum.z), ..sum }
            };
            let other = double(f, to_projective(f, any_point(f, &mut random)));
            for p in [
                other,
                scale(q_projective, s),
                scale(minus_q, s),
                infinity(f),
                scale(infinity(f), s),
                t_projective,
                scale(t_projective, s),
                t_minus_q,
                scale(t_minus_q, s),
                doubled,
            ] {
                let expected = plain_add(f, plain(f, p), Some(xy(q)));
                assert_eq!(stored(f, plain(f, add(f, p, q))), stored(f, expected));
                let expected = plain_add(f, plain(f, p), plain(f, p));
                assert_eq!(stored(f, plain(f, double(f, p))), stored(f, expected));
            }
        }
    }
}

#[test]
fn sums_and_doubles_are_right_for_all_points_also_equal_opposite_infinite_and_of_order_two() {
    for curve in Curve::ALL {
        backend::run(curve, GroupLaw);
    }
}

struct OrderFour;

impl Task for OrderFour {
    type Output = ();
    /// Where a = 0 the root of b of degree four is x of a point of order four: its double is T.
    fn run<F: Field>(self, f: F) {
        let (_, mut x) = order_two(f);
        for _ in 1..f.numbers().m {
            x = f.square(x);
        }
        let z = f.add(x, f.mul(f.curve_b(), f.square(invert(f, x))));
        let p = Affine { x, lambda: f.add(x, crate::field::half_trace(f, z)) };
        let t = double(f, to_projective(f, p));
        assert_eq!(stored(f, plain(f, t)), stored(f, Some(order_two(f))));
        assert_eq!(stored(f, plain(f, double(f, t))), None);
        let tripled = add(f, t, p);
        assert_eq!(
            stored(f, plain(f, tripled)),
            stored(f, plain(f, to_projective(f, negate_if(f, true, p))))
        );
    }
}

#[test]
fn the_double_of_a_point_of_order_four_is_the_point_of_order_two() {
    for curve in Curve::ALL.into_iter().filter(|curve| !curve.numbers().a) {
        backend::run(curve, OrderFour);
    }
}

/// s·P + r·Q with the tables of these shapes, as x and y.
pub(crate) struct JointSum<'a> {
    pub(crate) points: [&'a StoredPoint; 2],
    pub(crate) scalars: [&'a Words; 2],
    pub(crate) shapes: [Shape; 2],
}

impl Task for JointSum<'_> {
    type Output = Option<(Words, Words)>;
    #[inline(always)]
    fn run<F: Field>(self, f: F) -> Self::Output {
        let mut tables = [vec![], vec![]];
        for ((table, point), shape) in tables.iter_mut().zip(self.points).zip(self.shapes) {
            table.resize(table::words(f.numbers(), shape), 0);
            table::fill::<F, { table::BATCH_MAX }>(f, point, shape, table);
        }
        let term = |i: usize| Term {
            scalar: self.scalars[i],
            multiples: Multiples { shape: self.shapes[i], words: &tables[i] },
        };
        let sum = joint::sum(f, &[term(0), term(1)]);
        stored(f, plain(f, sum))
    }
}

struct SlowJointSum<'a>([&'a StoredPoint; 2], [&'a Words; 2]);

impl Task for SlowJointSum<'_> {
    type Output = Option<(Words, Words)>;
    fn run<F: Field>(self, f: F) -> Self::Output {
        let mut sum = None;
        for (point, scalar) in self.0.into_iter().zip(self.1) {
            let p = load(f, point);
            let mut power = Some((p.x, f.mul(p.x, f.add(p.x, p.lambda))));
            for bit in 0..64 * WORDS_MAX {
                if scalar[bit / 64] >> (bit % 64) & 1 == 1 {
                    sum = plain_add(f, sum, power);
                }
                if bit < f.numbers().order_bits {
                    power = plain_add(f, power, power);
                }
            }
        }
        stored(f, sum)
    }
}

fn minus_one(n: &Words) -> Words {
    let mut words = *n;
    words[0] -= 1;
    words
}

const SHAPES: [[Shape; 2]; 5] = [
    [Shape::BASE, Shape::ONCE],
    [Shape::BASE, Shape::PREPARED],
    [Shape::BASE, Shape::RETURNING],
    [Shape::ONCE, Shape::ONCE],
    [Shape::PREPARED, Shape::PREPARED],
];

#[test]
fn joint_sums_by_every_table_equal_the_textbook_also_at_the_edges_and_through_infinity() {
    for curve in Curve::ALL {
        let numbers = curve.numbers();
        let mut random = Random(curve.field_bits() as u64);
        let p = base_point(curve);
        let small = |value: u64| [value, 0, 0, 0, 0, 0, 0];
        let q = backend::run(curve, AnyOfSubgroup(&mut random));
        let mut minus_p = p;
        minus_p[curve.field_bits().div_ceil(64)] ^= 1;
        let mut bit = [0; WORDS_MAX];
        let high = curve.order_bits() - 2;
        bit[high / 64] = 1 << (high % 64);
        let (last, some) = (minus_one(&numbers.n), random.number(curve.order_bits() - 1));
        let ones = {
            let mut words = [0; WORDS_MAX];
            (0..curve.order_bits() - 1).for_each(|i| words[i / 64] |= 1 << (i % 64));
            words
        };
        for (r, s) in [
            (some, random.number(curve.order_bits() - 1)),
            (some, some),
            (small(1), small(1)),
            (last, last),
            (small(1), last),
            (small(2), last),
            (small(0), some),
            (some, small(0)),
            (small(0), small(0)),
            (bit, small(1)),
            (ones, bit),
        ] {
            for q in [&q, &p, &minus_p] {
                let expected = backend::run(curve, SlowJointSum([&p, q], [&s, &r]));
                for shapes in SHAPES {
                    let sum = backend::run(curve, JointSum { points: [&p, q], scalars: [&s, &r], shapes });
                    assert_eq!(sum, expected, "{curve:?} {shapes:?} {s:x?} {r:x?}");
                }
            }
        }
    }
}

struct AnyOfSubgroup<'a>(&'a mut Random);

impl Task for AnyOfSubgroup<'_> {
    type Output = StoredPoint;
    fn run<F: Field>(self, f: F) -> StoredPoint {
        loop {
            if let Ok(point) = decompress(f, &self.0.number(f.numbers().m)) {
                return point;
            }
        }
    }
}

#[test]
fn the_base_points_lie_on_their_curves_and_have_order_n_and_the_cofactor_is_four_exactly_where_a_is_zero() {
    struct Check(Curve);
    impl Task for Check {
        type Output = ();
        fn run<F: Field>(self, f: F) {
            let numbers = self.0.numbers();
            assert!(on_curve(f, (f.load(&numbers.gx), f.load(&numbers.gy))));
            let compressed = crate::compress::compress(f, &base_point(self.0));
            let words = crate::compress::words_from_le(&compressed).unwrap();
            assert_eq!(decompress(f, &words), Ok(base_point(self.0)), "{:?}", self.0);
        }
    }
    for curve in Curve::ALL {
        backend::run(curve, Check(curve));
        let (p, n) = (base_point(curve), curve.numbers().n);
        assert_eq!(backend::run(curve, SlowJointSum([&p, &p], [&n, &[0; WORDS_MAX]])), None);
        // Hasse: the curve has 2^m + 1 − t points, |t| ≤ 2·2^(m/2), so the cofactor is 2^m/n, rounded.
        let order = n.iter().rev().fold(0.0, |sum, word| sum * 2f64.powi(64) + *word as f64);
        let cofactor = 2f64.powi(i32::try_from(curve.field_bits()).unwrap()) / order;
        let expected = if curve.numbers().a { 2.0 } else { 4.0 };
        assert!((cofactor - expected).abs() < 1e-9, "{curve:?}: {cofactor}");
        let extra = curve.field_bits() - (curve.order_bits() - 1);
        assert!((1..=2).contains(&extra), "{curve:?}: {extra}");
    }
}

#[test]
fn decompressed_points_have_order_n_and_those_outside_the_subgroup_are_refused() {
    struct Check<'a>(&'a mut Random, &'a mut [usize; 2]);
    impl Task for Check<'_> {
        type Output = Vec<(StoredPoint, bool)>;
        fn run<F: Field>(self, f: F) -> Self::Output {
            let mut points = vec![];
            while points.len() < 12 {
                // Any x with Tr(x) = a that is on the curve: in the subgroup only by chance where a = 0.
                let q = double(f, to_projective(f, any_point(f, self.0)));
                let (x, lambda) = (f.mul(q.x, invert(f, q.z)), f.mul(q.lambda, invert(f, q.z)));
                let mut stored = [0; 2 * WORDS_MAX];
                store(f, Affine { x, lambda }, &mut stored);
                let words = crate::compress::words_from_le(&crate::compress::compress(f, &stored)).unwrap();
                let accepted = match decompress(f, &words) {
                    Ok(again) => {
                        assert_eq!(again, stored);
                        true
                    }
                    Err(error) => {
                        assert_eq!(error, crate::KeyError::PointOutsideSubgroup);
                        false
                    }
                };
                self.1[usize::from(accepted)] += 1;
                points.push((stored, accepted));
            }
            points
        }
    }
    for curve in Curve::ALL {
        let mut counts = [0, 0];
        let points = backend::run(curve, Check(&mut Random(curve as u64 + 3), &mut counts));
        for (point, accepted) in points {
            let n = curve.numbers().n;
            let times_n = backend::run(curve, SlowJointSum([&point, &point], [&n, &[0; WORDS_MAX]]));
            assert_eq!(times_n.is_none(), accepted, "{curve:?}");
        }
        assert!(counts[1] > 0 && (counts[0] > 0) != curve.numbers().a, "{curve:?}: {counts:?}");
    }
}
