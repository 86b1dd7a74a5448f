//! Requests and answers ↔ octets of the pipes between the daemon and a child.
//!
//! A frame is a head of eight octets, two lengths (little-endian), and what they measure: facts and a tail. Facts are
//! encoded by `postcard`: 0.2 ms there and back for a dense page, where JSON takes 3 ms and four times the room. The tail
//! of a request is the document, that of an answer its pictures one after another.

use pages::{Opened, Png};
use serde::{Deserialize, Serialize};

use super::Trouble;

/// Octets of a head.
pub(super) const HEAD: usize = 8;

/// Facts of an answer: 280,000 characters or 300,000 segments of outlines. Unpacked they are ten times that at the worst.
pub(super) const FACTS_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Pictures of an answer: ten pages in grey, 200 dots an inch, of noise that does not compress.
pub(super) const TAIL_BYTES_MAX: usize = 40 * 1024 * 1024;

/// The head of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    pub(super) facts: usize,
    pub(super) tail: usize,
}

impl Head {
    /// None where a part is too long for four octets.
    pub(super) fn octets(self) -> Option<[u8; HEAD]> {
        let facts = u32::try_from(self.facts).ok()?.to_le_bytes();
        let tail = u32::try_from(self.tail).ok()?.to_le_bytes();
        let mut octets = [0; HEAD];
        for (to, from) in octets.iter_mut().zip(facts.into_iter().chain(tail)) {
            *to = from;
        }
        Some(octets)
    }

    pub(super) fn of(octets: [u8; HEAD]) -> Self {
        let [a, b, c, d, e, f, g, h] = octets;
        let length = |part| usize::try_from(u32::from_le_bytes(part)).unwrap_or(usize::MAX);
        Self { facts: length([a, b, c, d]), tail: length([e, f, g, h]) }
    }
}

/// The facts of an answer. Pictures lie in the tail; here are their lengths, in the order of [`pngs`].
#[derive(Serialize, Deserialize)]
struct Answer {
    told: Result<Opened, Trouble>,
    lengths: Vec<u32>,
}

/// Facts and tail of an answer; one that is too long becomes [`Trouble::TookTooMuch`].
pub(super) fn answer(told: Result<Opened, Trouble>) -> (Vec<u8>, Vec<u8>) {
    let (facts, tail) = packed(told).unwrap_or_default();
    if !facts.is_empty() && facts.len() <= FACTS_BYTES_MAX && tail.len() <= TAIL_BYTES_MAX {
        return (facts, tail);
    }
    packed(Err(Trouble::TookTooMuch)).unwrap_or_default()
}

fn packed(mut told: Result<Opened, Trouble>) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut lengths, mut tail) = (Vec::new(), Vec::new());
    if let Ok(opened) = &mut told {
        for png in pngs(opened) {
            lengths.push(u32::try_from(png.bytes.len()).ok()?);
            tail.append(&mut png.bytes);
        }
    }
    Some((facts(&Answer { told, lengths })?, tail))
}

/// The answer that these facts and this tail are, if they are one.
pub(super) fn unpacked(facts: &[u8], tail: &[u8]) -> Option<Result<Opened, Trouble>> {
    let Answer { mut told, lengths } = read(facts)?;
    let (mut lengths, mut rest) = (lengths.into_iter(), tail);
    if let Ok(opened) = &mut told {
        for png in pngs(opened) {
            let length = usize::try_from(lengths.next()?).ok()?;
            let (bytes, after) = rest.split_at_checked(length)?;
            png.bytes.extend_from_slice(bytes);
            rest = after;
        }
    }
    (rest.is_empty() && lengths.next().is_none()).then_some(told)
}

/// Every picture, always in the same order.
fn pngs(opened: &mut Opened) -> impl Iterator<Item = &mut Png> {
    let whole = opened.thumbnail.iter_mut().chain(&mut opened.previews);
    let rasters = opened.rasters.iter_mut().map(|raster| &mut raster.png);
    let cut_out = opened.pages.iter_mut().flat_map(|page| &mut page.pictures);
    whole.chain(rasters).chain(cut_out.filter_map(|picture| picture.png.as_mut()))
}

/// Anything as facts.
pub(super) fn facts(value: &impl Serialize) -> Option<Vec<u8>> {
    postcard::to_allocvec(value).ok()
}

/// Facts as what they are; none where they are something else, or more.
pub(super) fn read<T: for<'a> Deserialize<'a>>(facts: &[u8]) -> Option<T> {
    let (value, rest) = postcard::take_from_bytes(facts).ok()?;
    rest.is_empty().then_some(value)
}

#[cfg(test)]
mod tests {
    use pages::{Page, Picture, Raster, Rect};

    use super::*;

    fn png(bytes: &[u8]) -> Png {
        Png { width_px: 1, height_px: 2, bytes: bytes.to_vec() }
    }

    fn opened() -> Opened {
        let picture = |png| Picture { at: Rect::default(), png };
        Opened {
            pages_total: 2,
            pages: vec![
                Page {
                    number: 1,
                    pictures: vec![picture(None), picture(Some(png(b"cut")))],
                    ..Page::default()
                },
                Page { number: 2, ..Page::default() },
            ],
            thumbnail: Some(png(b"small")),
            previews: vec![png(b""), png(b"look")],
            rasters: vec![Raster { page: 2, scale: 2.5, png: png(b"ocr") }],
            ..Opened::default()
        }
    }

    #[test]
    fn an_answer_comes_back_as_it_was_with_each_picture_in_its_place() {
        let (facts, tail) = answer(Ok(opened()));
        assert_eq!(tail, b"smalllookocrcut");
        assert_eq!(unpacked(&facts, &tail), Some(Ok(opened())));
        let (facts, tail) = answer(Err(Trouble::Password));
        assert_eq!(unpacked(&facts, &tail), Some(Err(Trouble::Password)));
    }

    #[test]
    fn facts_or_tail_cut_short_or_with_something_after_them_are_no_answer() {
        let (facts, tail) = answer(Ok(opened()));
        for length in 0..facts.len() {
            assert_eq!(unpacked(&facts[..length], &tail), None, "{length}");
        }
        for length in 0..tail.len() {
            assert_eq!(unpacked(&facts, &tail[..length]), None, "{length}");
        }
        assert_eq!(unpacked(&[facts.as_slice(), b"x"].concat(), &tail), None);
        assert_eq!(unpacked(&facts, &[tail.as_slice(), b"x"].concat()), None);
    }

    #[test]
    fn an_answer_that_is_too_long_is_told_as_such() {
        let long = Opened { thumbnail: Some(png(&vec![0; TAIL_BYTES_MAX + 1])), ..Opened::default() };
        let (facts, tail) = answer(Ok(long));
        assert_eq!(unpacked(&facts, &tail), Some(Err(Trouble::TookTooMuch)));
    }

    #[test]
    fn a_head_comes_back_as_it_was() {
        let head = Head { facts: 0x0102_0304, tail: usize::try_from(u32::MAX).unwrap() };
        assert_eq!(Head::of(head.octets().unwrap()), head);
        assert_eq!(Head { facts: 0, tail: 1 << 32 }.octets(), None);
    }
}
