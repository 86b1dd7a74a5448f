//! Messages of any lengths → blocks in the lanes of a compression function, and digests out of them.

use super::blocks::Blocks;
use super::dke::Dke;
use super::engine::{Engine, Path};
use super::lanes::Planes;
use super::nibbles::Nibbles;
use super::portable::{Words, halves, join, octets};

/// A message on its way through a lane, and where its digest belongs.
struct Busy<'m, 'o> {
    blocks: Blocks<'m>,
    place: &'o mut [u8; 32],
}

/// `N` lanes, each with a message or idle; fewer busy ones than `worthwhile` go on one after another.
///
/// A step of all lanes costs as much as a few steps of one stream, whether the lanes are busy or not.
pub(super) fn in_lanes<const N: usize>(
    path: Path,
    dke: &Dke,
    messages: &[&[u8]],
    out: &mut [[u8; 32]],
    worthwhile: usize,
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
        if busy < worthwhile {
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

#[inline(always)]
fn write_lane<const N: usize>(planes: &mut Planes<N>, at: usize, words: &Words) {
    for (pair, word) in planes.as_chunks_mut::<2>().0.iter_mut().zip(words) {
        let (low, high) = halves(*word);
        for (plane, half) in pair.iter_mut().zip([low, high]) {
            if let Some(place) = plane.get_mut(at) {
                *place = half;
            }
        }
    }
}

fn read_lane<const N: usize>(planes: &Planes<N>, at: usize) -> Words {
    let word = |plane: usize| planes.get(plane).and_then(|plane| plane.get(at)).copied().unwrap_or_default();
    core::array::from_fn(|i| join(word(2 * i), word(2 * i + 1)))
}
