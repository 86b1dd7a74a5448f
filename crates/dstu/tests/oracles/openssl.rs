//! DSTU 4145 on OpenSSL's GF(2^m): other field, other ladder, other authors than the crate under test.
//!
//! Slow and plain on purpose. Every step is the standard's own (points are affine, scalars are big numbers).

#![expect(unsafe_code, reason = "OpenSSL's binary fields have no safe binding")]

use std::cmp::Ordering;
use std::ptr::{self, NonNull};

use openssl_sys as ffi;
use openssl_sys::{BIGNUM, BN_CTX, EC_GROUP, EC_POINT};

use crate::curves::Row;
use crate::random::Random;

unsafe extern "C" {
    fn BN_lebin2bn(octets: *const u8, length: i32, number: *mut BIGNUM) -> *mut BIGNUM;
    fn BN_bn2lebinpad(number: *const BIGNUM, octets: *mut u8, length: i32) -> i32;
    fn BN_check_prime(number: *const BIGNUM, context: *mut BN_CTX, callback: *mut u8) -> i32;
    fn BN_GF2m_add(r: *mut BIGNUM, a: *const BIGNUM, b: *const BIGNUM) -> i32;
    fn BN_GF2m_mod_mul(
        r: *mut BIGNUM,
        a: *const BIGNUM,
        b: *const BIGNUM,
        f: *const BIGNUM,
        context: *mut BN_CTX,
    ) -> i32;
    fn BN_GF2m_mod_sqr(r: *mut BIGNUM, a: *const BIGNUM, f: *const BIGNUM, context: *mut BN_CTX) -> i32;
    fn BN_GF2m_mod_inv(r: *mut BIGNUM, a: *const BIGNUM, f: *const BIGNUM, context: *mut BN_CTX) -> i32;
    fn BN_GF2m_mod_solve_quad(
        r: *mut BIGNUM,
        a: *const BIGNUM,
        f: *const BIGNUM,
        context: *mut BN_CTX,
    ) -> i32;
    fn EC_GROUP_precompute_mult(group: *mut EC_GROUP, context: *mut BN_CTX) -> i32;
    fn EC_POINT_set_affine_coordinates(
        group: *const EC_GROUP,
        point: *mut EC_POINT,
        x: *const BIGNUM,
        y: *const BIGNUM,
        context: *mut BN_CTX,
    ) -> i32;
}

/// A natural number; also an element of GF(2^m), bit i standing for t^i.
pub(crate) struct Number(NonNull<BIGNUM>);

impl Number {
    pub(crate) fn from_le(octets: &[u8]) -> Self {
        // SAFETY: the pointer and the length are those of a live slice; a null destination asks for a new number.
        let number = unsafe { BN_lebin2bn(octets.as_ptr(), octets.len() as i32, ptr::null_mut()) };
        Self(NonNull::new(number).unwrap())
    }

    pub(crate) fn from_hex(digits: &str) -> Self {
        let padded = format!("{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" });
        let mut octets: Vec<u8> = (0..padded.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&padded[at..at + 2], 16).unwrap())
            .collect();
        octets.reverse();
        Self::from_le(&octets)
    }

    pub(crate) fn from_word(word: u64) -> Self {
        Self::from_le(&word.to_le_bytes())
    }

    /// 2^`exponent`.
    pub(crate) fn power_of_two(exponent: usize) -> Self {
        let number = Self::from_word(0);
        number.flip(exponent)
    }

    /// 2^`bits` − 1.
    pub(crate) fn ones(bits: usize) -> Self {
        Self::from_le(&vec![0xff; bits.div_ceil(8)]).low_bits(bits)
    }

    /// Uniform below 2^`bits`.
    pub(crate) fn random(bits: usize, random: &mut Random) -> Self {
        Self::from_le(&random.octets(bits.div_ceil(8))).low_bits(bits)
    }

    /// Little-endian octets, zero-padded to `length`.
    pub(crate) fn to_le(&self, length: usize) -> Vec<u8> {
        let mut octets = vec![0; length];
        // SAFETY: the pointer and the length are those of a live, writable buffer.
        let written = unsafe { BN_bn2lebinpad(self.as_ptr(), octets.as_mut_ptr(), length as i32) };
        assert_eq!(written, length as i32, "the number fits into {length} octets");
        octets
    }

    /// Big-endian hex for another program.
    pub(crate) fn to_hex(&self) -> String {
        let octets = self.to_le(self.bits().div_ceil(8).max(1));
        octets.iter().rev().map(|octet| format!("{octet:02x}")).collect()
    }

    pub(crate) fn bits(&self) -> usize {
        // SAFETY: a live number.
        unsafe { ffi::BN_num_bits(self.as_ptr()) as usize }
    }

    pub(crate) fn bit(&self, index: usize) -> bool {
        // SAFETY: a live number.
        unsafe { ffi::BN_is_bit_set(self.as_ptr(), index as i32) == 1 }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.bits() == 0
    }

    /// The same number with one bit turned.
    pub(crate) fn flip(&self, index: usize) -> Self {
        let number = self.clone();
        // SAFETY: a live number of our own.
        let done = unsafe {
            if number.bit(index) {
                ffi::BN_clear_bit(number.0.as_ptr(), index as i32)
            } else {
                ffi::BN_set_bit(number.0.as_ptr(), index as i32)
            }
        };
        assert_eq!(done, 1);
        number
    }

    /// The number modulo 2^`bits`.
    pub(crate) fn low_bits(&self, bits: usize) -> Self {
        let number = self.clone();
        if number.bits() > bits {
            // SAFETY: a live number of our own, longer than the mask.
            assert_eq!(unsafe { ffi::BN_mask_bits(number.0.as_ptr(), bits as i32) }, 1);
        }
        number
    }

    /// The plain sum.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let sum = Self::from_word(0);
        // SAFETY: three live numbers.
        assert_eq!(unsafe { ffi::BN_add(sum.0.as_ptr(), self.as_ptr(), other.as_ptr()) }, 1);
        sum
    }

    fn as_ptr(&self) -> *const BIGNUM {
        self.0.as_ptr()
    }
}

impl Clone for Number {
    fn clone(&self) -> Self {
        // SAFETY: a live number; the copy is ours to free.
        Self(NonNull::new(unsafe { ffi::BN_dup(self.as_ptr()) }).unwrap())
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        // SAFETY: made by OpenSSL, owned by us, freed once.
        unsafe { ffi::BN_free(self.0.as_ptr()) }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Number {}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // SAFETY: two live numbers.
        unsafe { ffi::BN_cmp(self.as_ptr(), other.as_ptr()) }.cmp(&0)
    }
}
impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// A point of one twin's curve, infinity among them.
pub(crate) struct Point(NonNull<EC_POINT>);

impl Drop for Point {
    fn drop(&mut self) {
        // SAFETY: made by OpenSSL, owned by us, freed once.
        unsafe { ffi::EC_POINT_free(self.0.as_ptr()) }
    }
}

/// One curve as OpenSSL computes on it.
pub(crate) struct Twin {
    pub(crate) row: &'static Row,
    /// Order of the base point.
    pub(crate) n: Number,
    /// The field polynomial f(t).
    pub(crate) f: Number,
    pub(crate) b: Number,
    group: NonNull<EC_GROUP>,
    context: NonNull<BN_CTX>,
}

impl Drop for Twin {
    fn drop(&mut self) {
        // SAFETY: both were made by OpenSSL, are owned by us and freed once; points do not refer to their group.
        unsafe {
            ffi::EC_GROUP_free(self.group.as_ptr());
            ffi::BN_CTX_free(self.context.as_ptr());
        }
    }
}

impl Twin {
    /// The curve with its published base point.
    pub(crate) fn new(row: &'static Row) -> Self {
        Self::with_base(row, &Number::from_hex(row.x), &Number::from_hex(row.y))
    }

    /// The curve with another base point of the same order.
    pub(crate) fn with_base(row: &'static Row, x: &Number, y: &Number) -> Self {
        let f = row.polynomial.iter().fold(Number::from_word(0), |f, &k| f.flip(k as usize));
        let (a, b) = (Number::from_word(row.a.into()), Number::from_hex(row.b));
        // SAFETY: live numbers; both results are checked and owned by the twin.
        let (context, group) = unsafe {
            let context = NonNull::new(ffi::BN_CTX_new()).unwrap();
            let group = ffi::EC_GROUP_new_curve_GF2m(f.as_ptr(), a.as_ptr(), b.as_ptr(), context.as_ptr());
            (context, NonNull::new(group).unwrap())
        };
        let twin = Self { row, n: Number::from_hex(row.n), f, b, group, context };
        let base = twin.point(x, y).unwrap();
        let cofactor = Number::from_word(row.cofactor.into());
        // SAFETY: the group, the point and the numbers are live; OpenSSL copies what it keeps.
        unsafe {
            let (group, order) = (twin.group.as_ptr(), twin.n.as_ptr());
            assert_eq!(ffi::EC_GROUP_set_generator(group, base.0.as_ptr(), order, cofactor.as_ptr()), 1);
            assert_eq!(EC_GROUP_precompute_mult(group, twin.context.as_ptr()), 1);
        }
        twin
    }

    /// Octets of one field element.
    pub(crate) fn element_octets(&self) -> usize {
        self.row.m().div_ceil(8)
    }

    /// Octets of one number below n.
    pub(crate) fn scalar_octets(&self) -> usize {
        self.n.bits().div_ceil(8)
    }

    /// n is prime: asked of OpenSSL's own test.
    pub(crate) fn order_is_prime(&self) -> bool {
        // SAFETY: live number and context; no callback.
        unsafe { BN_check_prime(self.n.as_ptr(), self.context.as_ptr(), ptr::null_mut()) == 1 }
    }

    /// The affine point, if it lies on the curve.
    pub(crate) fn point(&self, x: &Number, y: &Number) -> Option<Point> {
        let point = self.new_point();
        // SAFETY: the group, the point, the numbers and the context are live.
        let set = unsafe {
            EC_POINT_set_affine_coordinates(
                self.group.as_ptr(),
                point.0.as_ptr(),
                x.as_ptr(),
                y.as_ptr(),
                self.context.as_ptr(),
            )
        };
        (set == 1).then_some(point)
    }

    /// Affine coordinates; none for infinity.
    pub(crate) fn affine(&self, point: &Point) -> Option<(Number, Number)> {
        let (x, y) = (Number::from_word(0), Number::from_word(0));
        // SAFETY: the group, the point, the numbers and the context are live.
        let got = unsafe {
            ffi::EC_POINT_get_affine_coordinates(
                self.group.as_ptr(),
                point.0.as_ptr(),
                x.0.as_ptr(),
                y.0.as_ptr(),
                self.context.as_ptr(),
            )
        };
        (got == 1).then_some((x, y))
    }

    /// s·P + r·Q.
    pub(crate) fn joint(&self, s: &Number, q: &Point, r: &Number) -> Point {
        let sum = self.new_point();
        // SAFETY: the group, the points, the numbers and the context are live.
        let done = unsafe {
            ffi::EC_POINT_mul(
                self.group.as_ptr(),
                sum.0.as_ptr(),
                s.as_ptr(),
                q.0.as_ptr(),
                r.as_ptr(),
                self.context.as_ptr(),
            )
        };
        assert_eq!(done, 1);
        sum
    }

    /// k·P.
    pub(crate) fn times_base(&self, k: &Number) -> Point {
        self.joint(k, &self.new_point(), &Number::from_word(0))
    }

    /// n·Q = infinity, Q itself being finite.
    pub(crate) fn in_subgroup(&self, q: &Point) -> bool {
        let product = self.joint(&Number::from_word(0), q, &self.n);
        self.affine(q).is_some() && self.affine(&product).is_none()
    }

    /// The point behind compressed octets (DSTU 4145-2002, 6.10), on the curve but perhaps outside the subgroup.
    pub(crate) fn decompress(&self, octets: &[u8]) -> Option<Point> {
        let k = Number::from_le(octets);
        // All zeros stand for the point of order 2, whose x is 0; it has no y / x and is nobody's key.
        if octets.len() != self.element_octets() || k.bits() > self.row.m() || k.is_zero() {
            return None;
        }
        let sign = k.bit(0);
        let mut x = if sign { k.flip(0) } else { k };
        if self.trace(&x) != (self.row.a == 1) {
            x = x.flip(0);
        }
        if x.is_zero() {
            return None;
        }
        let inverse = self.inverse(&x);
        let a = Number::from_word(self.row.a.into());
        let z = self.add(&self.add(&x, &a), &self.multiply(&self.b, &self.square(&inverse)));
        let w = self.solve_quadratic(&z)?;
        let w = if self.trace(&w) == sign { w } else { w.flip(0) };
        self.point(&x, &self.multiply(&x, &w))
    }

    /// Compressed octets of a finite point with x ≠ 0 (DSTU 4145-2002, 6.9).
    pub(crate) fn compress(&self, point: &Point) -> Vec<u8> {
        let (x, y) = self.affine(point).unwrap();
        let sign = self.trace(&self.multiply(&y, &self.inverse(&x)));
        let bit = x.bit(0);
        (if bit == sign { x } else { x.flip(0) }).to_le(self.element_octets())
    }

    /// h of a digest (DSTU 4145-2002, 5.9): the low m bits, 0 → 1.
    pub(crate) fn digest_element(&self, digest: &[u8]) -> Number {
        let h = Number::from_le(digest).low_bits(self.row.m());
        if h.is_zero() { Number::from_word(1) } else { h }
    }

    /// r of h and x_R (DSTU 4145-2002, 12): the low L(n) − 1 bits of h·x_R.
    pub(crate) fn low_product(&self, h: &Number, x: &Number) -> Number {
        self.multiply(h, x).low_bits(self.n.bits() - 1)
    }

    /// Whether (r, s) signs the digest under Q (DSTU 4145-2002, 13).
    pub(crate) fn verify(&self, q: &Point, digest: &[u8], r: &Number, s: &Number) -> bool {
        if r.is_zero() || s.is_zero() || *r >= self.n || *s >= self.n {
            return false;
        }
        let Some((x, _)) = self.affine(&self.joint(s, q, r)) else { return false };
        self.low_product(&self.digest_element(digest), &x) == *r
    }

    /// A signature with the secret d and the nonce e (DSTU 4145-2002, 12); none where r or s is 0.
    pub(crate) fn sign(&self, d: &Number, e: &Number, digest: &[u8]) -> Option<(Number, Number)> {
        let (x, _) = self.affine(&self.times_base(e))?;
        let r = self.low_product(&self.digest_element(digest), &x);
        let s = self.add_mod_n(e, &self.multiply_mod_n(d, &r));
        (!r.is_zero() && !s.is_zero()).then_some((r, s))
    }

    pub(crate) fn add_mod_n(&self, a: &Number, b: &Number) -> Number {
        self.arithmetic(|r, context| {
            // SAFETY: live numbers and context.
            unsafe { ffi::BN_mod_add(r, a.as_ptr(), b.as_ptr(), self.n.as_ptr(), context) }
        })
    }

    pub(crate) fn multiply_mod_n(&self, a: &Number, b: &Number) -> Number {
        self.arithmetic(|r, context| {
            // SAFETY: live numbers and context.
            unsafe { ffi::BN_mod_mul(r, a.as_ptr(), b.as_ptr(), self.n.as_ptr(), context) }
        })
    }

    /// n − (a mod n), 0 for 0.
    pub(crate) fn negate_mod_n(&self, a: &Number) -> Number {
        self.arithmetic(|r, context| {
            let zero = Number::from_word(0);
            // SAFETY: live numbers and context.
            unsafe { ffi::BN_mod_sub(r, zero.as_ptr(), a.as_ptr(), self.n.as_ptr(), context) }
        })
    }

    pub(crate) fn multiply(&self, a: &Number, b: &Number) -> Number {
        self.arithmetic(|r, context| {
            // SAFETY: live numbers and context.
            unsafe { BN_GF2m_mod_mul(r, a.as_ptr(), b.as_ptr(), self.f.as_ptr(), context) }
        })
    }

    pub(crate) fn inverse(&self, a: &Number) -> Number {
        self.arithmetic(|r, context| {
            // SAFETY: live numbers and context.
            unsafe { BN_GF2m_mod_inv(r, a.as_ptr(), self.f.as_ptr(), context) }
        })
    }

    fn square(&self, a: &Number) -> Number {
        self.arithmetic(|r, context| {
            // SAFETY: live numbers and context.
            unsafe { BN_GF2m_mod_sqr(r, a.as_ptr(), self.f.as_ptr(), context) }
        })
    }

    fn add(&self, a: &Number, b: &Number) -> Number {
        self.arithmetic(|r, _| {
            // SAFETY: live numbers.
            unsafe { BN_GF2m_add(r, a.as_ptr(), b.as_ptr()) }
        })
    }

    /// Tr(a) = a + a^2 + a^4 + … + a^(2^(m−1)), which is 0 or 1.
    pub(crate) fn trace(&self, a: &Number) -> bool {
        let mut power = a.clone();
        let mut sum = a.clone();
        for _ in 1..self.row.m() {
            power = self.square(&power);
            sum = self.add(&sum, &power);
        }
        assert!(sum.bits() <= 1, "a trace is 0 or 1");
        !sum.is_zero()
    }

    /// One w with w² + w = z.
    fn solve_quadratic(&self, z: &Number) -> Option<Number> {
        let w = Number::from_word(0);
        // SAFETY: live numbers and context.
        let solved = unsafe {
            BN_GF2m_mod_solve_quad(w.0.as_ptr(), z.as_ptr(), self.f.as_ptr(), self.context.as_ptr())
        };
        (solved == 1).then_some(w)
    }

    fn arithmetic(&self, operation: impl FnOnce(*mut BIGNUM, *mut BN_CTX) -> i32) -> Number {
        let result = Number::from_word(0);
        assert_eq!(operation(result.0.as_ptr(), self.context.as_ptr()), 1);
        result
    }

    /// Infinity, until something is written into it.
    fn new_point(&self) -> Point {
        // SAFETY: a live group; a new point is infinity.
        Point(NonNull::new(unsafe { ffi::EC_POINT_new(self.group.as_ptr()) }).unwrap())
    }
}
