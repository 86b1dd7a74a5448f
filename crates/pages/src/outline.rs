//! A shape → what is compared of it: its structure, exactly; its points, within the rounding of whoever drew it.

use crate::{Contour, Segment, Shape};

/// How far each of two drawings may be from the letter of the typeface, points.
///
/// The official sample is rounded to 1/64 pt: a coordinate is off by 1/128 = 0.0078, and the common centre and scale of two
/// shapes by less. Measured on it (`same_letters_are_nearer_than_different_ones` of crates/opener): the same letters in
/// different sizes are apart by up to 0.55 of what this allows, different letters of one structure by 6.4 at least.
const NOISE_PT: f32 = 0.0115;
/// A shape with more points than this is a drawing.
pub(crate) const POINTS_MAX: usize = 2_000;

/// How far two shapes of the same structure are apart at their best scale, in parts of what two drawings of one letter may be
/// apart: up to 1 they are the same. None where they are built otherwise, or are no letters.
#[must_use]
pub fn apart(one: &Shape, other: &Shape) -> Option<f32> {
    Some(Outline::of(one)?.against(&Outline::of(other)?)?.apart)
}

/// A shape ready to be compared.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Outline {
    /// Kinds of segments in order, a contour after the other.
    structure: Vec<u8>,
    /// A digest of the structure.
    pub(crate) hash: u64,
    /// All points, their middle at zero.
    points: Vec<[f32; 2]>,
    /// Sum of the squares of all coordinates.
    spread: f32,
}

impl Outline {
    /// None where a shape is no letter: no extent, endless numbers, too many points.
    pub(crate) fn of(shape: &Shape) -> Option<Self> {
        let (mut structure, mut points) = (Vec::new(), Vec::new());
        for contour in &shape.contours {
            add_contour(contour, &mut structure, &mut points);
            if points.len() > POINTS_MAX {
                return None;
            }
        }
        let count = f32::from(u16::try_from(points.len()).ok()?);
        let sum = points.iter().fold([0.0, 0.0], |[x, y], point| [x + point[0], y + point[1]]);
        let middle = sum.map(|sum: f32| sum / count);
        for [x, y] in &mut points {
            (*x, *y) = (*x - middle[0], *y - middle[1]);
        }
        let spread: f32 = points.iter().map(|[x, y]| x * x + y * y).sum();
        let hash = fnv(structure.iter().copied());
        (spread.is_finite() && spread > 0.001).then_some(Self { structure, hash, points, spread })
    }

    /// How many times larger `self` is than `other`, and how far their points are apart then: in parts of what two
    /// drawings of one letter may be apart, so up to 1 where they are the same. None where they are built otherwise.
    pub(crate) fn against(&self, other: &Self) -> Option<Fit> {
        if self.hash != other.hash || self.structure != other.structure {
            return None;
        }
        let pairs = || self.points.iter().zip(&other.points);
        let common: f32 = pairs().map(|(a, b)| a[0] * b[0] + a[1] * b[1]).sum();
        let scale = common / other.spread;
        if !(0.02..50.0).contains(&scale) {
            return None;
        }
        let apart = pairs()
            .map(|(a, b)| (a[0] - scale * b[0]).abs().max((a[1] - scale * b[1]).abs()))
            .fold(0.0, f32::max);
        Some(Fit { scale, apart: apart / (NOISE_PT * (1.0 + scale)) })
    }

    /// A name that stays the same wherever this drawing is met.
    pub(crate) fn name(&self) -> u64 {
        let whole = |value: &f32| (value * 64.0).round().to_string().into_bytes();
        let numbers = self.points.iter().flatten().flat_map(whole);
        fnv(self.structure.iter().copied().chain(numbers))
    }
}

/// How two shapes of one structure compare.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Fit {
    /// How many times larger the first is.
    pub(crate) scale: f32,
    /// The largest distance of two points, in parts of what is allowed.
    pub(crate) apart: f32,
}

impl Fit {
    /// Whether both may be drawings of one letter.
    pub(crate) fn is_same(self) -> bool {
        self.apart <= 1.0
    }
}

fn add_contour(contour: &Contour, structure: &mut Vec<u8>, points: &mut Vec<[f32; 2]>) {
    structure.push(b'm');
    points.push(contour.start);
    for segment in contour.segments.iter().take(POINTS_MAX) {
        match *segment {
            Segment::Line(to) => {
                structure.push(b'l');
                points.push(to);
            }
            Segment::Curve(first, second, to) => {
                structure.push(b'c');
                points.extend([first, second, to]);
            }
        }
    }
}

/// FNV-1a.
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{letter_shape, scaled};

    #[test]
    fn a_shape_is_the_same_at_every_size_and_another_letter_is_not() {
        let of = |letter, size| Outline::of(&letter_shape(letter, size)).unwrap();
        for size in [4.0, 7.3, 10.0, 18.0, 40.0] {
            let fit = of('б', size).against(&of('б', 10.0)).unwrap();
            assert!(fit.is_same() && (fit.scale - size / 10.0).abs() < 0.01, "{size}: {fit:?}");
            assert!(!of('в', size).against(&of('б', 10.0)).is_some_and(Fit::is_same));
        }
    }

    #[test]
    fn shapes_without_extent_or_with_endless_numbers_are_no_letters() {
        assert_eq!(Outline::of(&Shape::default()), None);
        for broken in [0.0, f32::NAN, f32::INFINITY, 1e30] {
            assert_eq!(Outline::of(&scaled(&letter_shape('б', 10.0), broken)), None, "{broken}");
        }
    }

    #[test]
    fn a_drawing_of_a_million_points_is_no_letter() {
        let contour = Contour { start: [0.0, 0.0], segments: vec![Segment::Line([1.0, 2.0]); 1_000_000] };
        let shape = Shape { width_pt: 1.0, height_pt: 2.0, contours: vec![contour; 3] };
        assert_eq!(Outline::of(&shape), None);
    }
}
