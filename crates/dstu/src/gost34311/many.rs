//! Independent messages → their digests, side by side where the processor has lanes for it.

use core::fmt;

use super::dke::Dke;
use super::engine::{Engine, Path};
use super::hasher::{Blocks, digest_on};
#[cfg(target_arch = "x86_64")]
use super::lanes::Planes;
use super::nibbles::Nibbles;
use super::portable::{Words, octets};
#[cfg(target_arch = "x86_64")]
use super::{lanes_avx2, lanes_avx512};

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
        // SAFETY: `or_portable` has asked the processor for this path's features.
        Path::Vbmi => {
            in_lanes(path, dke, messages, out, |sboxes, h, m| unsafe { lanes_avx512::step(sboxes, h, m) })
        }
        #[cfg(target_arch = "x86_64")]
        #[expect(unsafe_code, reason = "the way into a function with target features")]
        // SAFETY: `or_portable` has asked the processor for this path's features.
        Path::Avx2 => {
            in_lanes(path, dke, messages, out, |sboxes, h, m| unsafe { lanes_avx2::step(sboxes, h, m) })
        }
        _ => {
            for (message, place) in messages.iter().zip(out) {
                *place = digest_on(path, dke, message);
            }
        }
    }
    Ok(())
}

/// Fewer busy lanes than this are slower than their messages one after another: a step of all lanes costs as much as
/// two to three steps of one stream.
const WORTHWHILE: usize = 3;

/// A message on its way through a lane, and where its digest belongs.
struct Busy<'m, 'o> {
    blocks: Blocks<'m>,
    place: &'o mut [u8; 32],
}

/// `N` lanes, each with a message or idle.
#[cfg(target_arch = "x86_64")]
fn in_lanes<const N: usize>(
    path: Path,
    dke: &Dke,
    messages: &[&[u8]],
    out: &mut [[u8; 32]],
    step: impl Fn(&Nibbles, &mut Planes<N>, &Planes<N>),
) {
    let sboxes = Nibbles::new(dke);
    let mut todo = messages.iter().zip(out.iter_mut());
    let mut lanes: [Option<Busy<'_, '_>>; N] = [const { None }; N];
    let (mut h, mut m): (Planes<N>, Planes<N>) = ([[0; N]; 8], [[0; N]; 8]);
    loop {
        let mut busy = 0;
        for (at, lane) in lanes.iter_mut().enumerate() {
            if lane.is_none() {
                *lane = todo.next().map(|(message, place)| Busy { blocks: Blocks::of(message), place });
                write_lane(&mut h, at, &[0; 4]);
            }
            busy += usize::from(lane.is_some());
        }
        if busy < WORTHWHILE {
            break;
        }
        for (at, lane) in lanes.iter_mut().enumerate() {
            if let Some(Busy { blocks, .. }) = lane {
                write_lane(&mut m, at, &blocks.next().unwrap_or_default());
            }
        }
        step(&sboxes, &mut h, &m);
        for (at, lane) in lanes.iter_mut().enumerate() {
            if let Some(Busy { place, .. }) = lane.take_if(|busy| busy.blocks.is_done()) {
                *place = octets(&read_lane(&h, at));
            }
        }
    }
    let engine = Engine::new(dke, path);
    for (at, lane) in lanes.into_iter().enumerate() {
        if let Some(Busy { blocks, place }) = lane {
            let mut h = read_lane(&h, at);
            blocks.for_each(|m| engine.step(&mut h, &m));
            *place = octets(&h);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn write_lane<const N: usize>(planes: &mut Planes<N>, at: usize, words: &Words) {
    for (pair, word) in planes.as_chunks_mut::<2>().0.iter_mut().zip(words) {
        let (low, high) = super::portable::halves(*word);
        for (plane, half) in pair.iter_mut().zip([low, high]) {
            if let Some(place) = plane.get_mut(at) {
                *place = half;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn read_lane<const N: usize>(planes: &Planes<N>, at: usize) -> Words {
    let word = |plane: usize| planes.get(plane).and_then(|plane| plane.get(at)).copied().unwrap_or_default();
    core::array::from_fn(|i| super::portable::join(word(2 * i), word(2 * i + 1)))
}
