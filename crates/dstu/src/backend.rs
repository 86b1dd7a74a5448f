//! The processor → the code that suits it, chosen once a process; and the one door from outside to that code.
//!
//! A computation is a `Task`: a function generic over its field. `run` picks the field of the curve and the
//! processor's `Vector` and calls it inside one function that has the instructions
//! enabled; all below is `#[inline(always)]` and becomes part of that function. No compiler flags are needed.

use core::sync::atomic::{AtomicBool, Ordering};

use crate::curve::Curve;
pub(crate) use crate::field::Task;
#[cfg(target_arch = "aarch64")]
use crate::field::aarch64::Pmull;
use crate::field::portable::Portable;
#[cfg(target_arch = "x86_64")]
use crate::field::x86::Pclmul;
use crate::field::{Generic, Gf257, Gf431, Vector};

static PORTABLE_FORCED: AtomicBool = AtomicBool::new(false);

/// From now on (whole process) uses the portable code, or again the fastest. For tests and benchmarks.
#[doc(hidden)]
pub fn force_portable(forced: bool) {
    PORTABLE_FORCED.store(forced, Ordering::Relaxed);
}

/// The instructions in use: `"pclmulqdq+avx512"`, `"pclmulqdq"`, `"pmull"` or `"portable"`.
#[must_use]
pub fn name() -> &'static str {
    struct Name;
    impl Choice for Name {
        type Output = &'static str;
        fn with<V: Vector>(self, _: V) -> &'static str {
            V::NAME
        }
    }
    choose(Name)
}

/// Runs a task in the field of the curve, with the fastest instructions that the processor has.
#[inline]
pub(crate) fn run<T: Task>(curve: Curve, task: T) -> T::Output {
    struct Run<T>(Curve, T);
    impl<T: Task> Choice for Run<T> {
        type Output = T::Output;
        #[inline]
        fn with<V: Vector>(self, vector: V) -> T::Output {
            on_curve(self.0, vector, self.1)
        }
    }
    choose(Run(curve, task))
}

/// What is done with the chosen instructions.
trait Choice {
    type Output;
    fn with<V: Vector>(self, vector: V) -> Self::Output;
}

#[inline]
fn choose<C: Choice>(choice: C) -> C::Output {
    if !PORTABLE_FORCED.load(Ordering::Relaxed) {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(vector) = Pclmul::<true>::detect() {
                return choice.with(vector);
            }
            if let Some(vector) = Pclmul::<false>::detect() {
                return choice.with(vector);
            }
        }
        #[cfg(target_arch = "aarch64")]
        if let Some(vector) = Pmull::detect() {
            return choice.with(vector);
        }
    }
    choice.with(Portable)
}

fn on_curve<V: Vector, T: Task>(curve: Curve, v: V, task: T) -> T::Output {
    match curve {
        Curve::M257 => v.enter(Gf257::new(v), task),
        Curve::M431 => v.enter(Gf431::new(v), task),
        _ => v.enter(Generic::new(curve.numbers(), v), task),
    }
}
