//! Independent messages → their digests, side by side where the processor has lanes for it.

use core::fmt;

use super::dke::Dke;
use super::engine::Path;
use super::hasher::digest_on;
#[cfg(target_arch = "x86_64")]
use super::{feed::in_lanes, lanes_avx2, lanes_avx512};

/// There were not as many places for digests as messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountMismatch {
    /// How many messages were given.
    pub messages: usize,
    /// How many places for digests.
    pub places: usize,
}

impl fmt::Display for CountMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} messages need as many places for digests, not {}", self.messages, self.places)
    }
}

impl core::error::Error for CountMismatch {}

/// The digests of independent messages, each at its message's place in `out`.
///
/// Lengths may differ: a lane that is through with one message takes the next. Long messages should stand first, so that
/// no single one is left at the end. Where the processor has no lanes of use, messages go one after another.
///
/// # Errors
/// [`CountMismatch`] when `out` is not as long as `messages`; nothing is computed then.
pub fn digest_many(dke: &Dke, messages: &[&[u8]], out: &mut [[u8; 32]]) -> Result<(), CountMismatch> {
    digest_many_on(Path::best(), dke, messages, out)
}

/// As [`digest_many`] on a given path, or on the portable one where the processor has not this one.
///
/// # Errors
/// As [`digest_many`].
#[doc(hidden)]
pub fn digest_many_on(
    path: Path,
    dke: &Dke,
    messages: &[&[u8]],
    out: &mut [[u8; 32]],
) -> Result<(), CountMismatch> {
    if messages.len() != out.len() {
        return Err(CountMismatch { messages: messages.len(), places: out.len() });
    }
    let path = path.or_portable();
    match path {
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "the way into a function with target features")]
        Path::Vbmi => in_lanes(path, dke, messages, out, lanes_avx512::WORTHWHILE, |sboxes, h, m| {
            // SAFETY: `or_portable` has asked the processor for this path's features.
            unsafe { lanes_avx512::step(sboxes, h, m) };
        }),
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "the way into a function with target features")]
        Path::Avx2 => in_lanes(path, dke, messages, out, lanes_avx2::WORTHWHILE, |sboxes, h, m| {
            // SAFETY: `or_portable` has asked the processor for this path's features.
            unsafe { lanes_avx2::step(sboxes, h, m) };
        }),
        _ => {
            for (message, place) in messages.iter().zip(out) {
                *place = digest_on(path, dke, message);
            }
        }
    }
    Ok(())
}
