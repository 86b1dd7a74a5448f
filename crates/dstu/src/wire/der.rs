//! DER octets → elements, one after the other: definite minimal lengths, short tags, nothing else.

/// What is left of the contents of an element.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

/// The octets are not DER, or not the element that belongs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotDer;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`
pub(crate) const CONTEXT_0: u8 = 0xa0;

impl<'a> Reader<'a> {
    pub(crate) fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets }
    }

    /// The tag of the next element, if there is one.
    pub(crate) fn next_tag(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The contents of the next element, which must have this tag.
    pub(crate) fn read(&mut self, tag: u8) -> Result<&'a [u8], NotDer> {
        let (found, rest) = self.rest.split_first().ok_or(NotDer)?;
        let (first, rest) = rest.split_first().ok_or(NotDer)?;
        let (length, rest) = match *first {
            short @ 0..=0x7f => (usize::from(short), rest),
            // A key is far below 64 KiB: one or two octets of length, no more than needed.
            0x81 => match rest {
                [length @ 0x80..=0xff, rest @ ..] => (usize::from(*length), rest),
                _ => return Err(NotDer),
            },
            0x82 => match rest {
                [high @ 1..=0xff, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
                _ => return Err(NotDer),
            },
            _ => return Err(NotDer),
        };
        let (contents, rest) = rest.split_at_checked(length).ok_or(NotDer)?;
        if *found != tag {
            return Err(NotDer);
        }
        self.rest = rest;
        Ok(contents)
    }

    /// The elements inside the next element.
    pub(crate) fn enter(&mut self, tag: u8) -> Result<Self, NotDer> {
        self.read(tag).map(Self::new)
    }

    /// The octets of the next INTEGER that is not negative, most significant first, without the sign's zero.
    pub(crate) fn unsigned(&mut self) -> Result<&'a [u8], NotDer> {
        match self.read(INTEGER)? {
            [0, rest @ ..] if rest.first().is_none_or(|first| *first >= 0x80) => Ok(rest),
            octets @ [1..=0x7f, ..] => Ok(octets),
            _ => Err(NotDer),
        }
    }

    /// The next INTEGER, below 2^16.
    pub(crate) fn small(&mut self) -> Result<usize, NotDer> {
        match self.unsigned()? {
            [] => Ok(0),
            [low] => Ok(usize::from(*low)),
            [high, low] => Ok(usize::from(*high) << 8 | usize::from(*low)),
            _ => Err(NotDer),
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Result<(), NotDer> {
        if self.rest.is_empty() { Ok(()) } else { Err(NotDer) }
    }
}
