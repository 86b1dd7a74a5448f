//! A whole message → the blocks that go through the compression function, one after another.

use super::hasher::Length;
use super::portable::{Words, add, words};

/// What is left of one message: its whole blocks, its padded end, its length, its checksum.
pub(super) struct Blocks<'m> {
    rest: &'m [u8],
    length: Length,
    sum: Words,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    Data,
    Sum,
    Done,
}

impl<'m> Blocks<'m> {
    pub(super) fn of(message: &'m [u8]) -> Self {
        let mut length = Length::default();
        length.add(message.len());
        Self { rest: message, length, sum: [0; 4], stage: Stage::Data }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done)
    }
}

impl Iterator for Blocks<'_> {
    type Item = Words;

    #[inline]
    fn next(&mut self) -> Option<Words> {
        if let Some((block, rest)) = self.rest.split_first_chunk::<32>() {
            let m = words(block);
            add(&mut self.sum, &m);
            self.rest = rest;
            return Some(m);
        }
        if !self.rest.is_empty() {
            let mut block = [0; 32];
            block.iter_mut().zip(self.rest).for_each(|(place, octet)| *place = *octet);
            let m = words(&block);
            add(&mut self.sum, &m);
            self.rest = &[];
            return Some(m);
        }
        match self.stage {
            Stage::Data => {
                self.stage = Stage::Sum;
                Some(self.length.block())
            }
            Stage::Sum => {
                self.stage = Stage::Done;
                Some(self.sum)
            }
            Stage::Done => None,
        }
    }
}
