//! Bytes → elements of tag, length and value, each with its place; nothing is ever encoded anew.
//!
//! ITU-T X.690. BER (indefinite and longer lengths) is read only where the caller asks for it: around the signed things,
//! never inside them.

use std::borrow::Cow;
use std::ops::Range;

use super::limits::{INDEFINITE_NESTING_MAX, OCTETS_NESTING_MAX};

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const ENUMERATED: u8 = 0x0a;
#[cfg(test)]
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const BMP_STRING: u8 = 0x1e;
pub(super) const UNIVERSAL_STRING: u8 = 0x1c;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// `[0]` over a constructed value; `[n]` is this plus n.
pub(super) const CONTEXT: u8 = 0xa0;
/// `[0] IMPLICIT` over a primitive value; `[n]` is this plus n.
pub(super) const CONTEXT_PRIMITIVE: u8 = 0x80;

const CONSTRUCTED: u8 = 0x20;

/// The bytes are not what the structure asks for at `offset`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Malformed {
    pub(super) expected: &'static str,
    pub(super) offset: usize,
}

/// Which encodings of a length are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rules {
    /// Indefinite lengths and lengths with leading zeros too.
    Ber,
    /// The one shortest definite length (X.690 §10.1).
    Der,
}

/// One element, over the original bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    /// The identifier octet: class, constructed bit, number.
    pub(super) tag: u8,
    /// Tag, length and value, with the end-of-contents octets of an indefinite length.
    pub(super) whole: &'a [u8],
    /// The value.
    pub(super) content: &'a [u8],
    /// Where `whole` begins in the file.
    pub(super) offset: usize,
    content_offset: usize,
    rules: Rules,
}

impl<'a> Element<'a> {
    /// A reader of the elements inside an element with this tag.
    pub(super) fn inside_of(&self, tag: u8, expected: &'static str) -> Result<Reader<'a>, Malformed> {
        if self.tag == tag { Ok(self.inside()) } else { Err(self.malformed(expected)) }
    }

    /// A reader of the elements inside.
    pub(super) const fn inside(&self) -> Reader<'a> {
        Reader { rest: self.content, offset: self.content_offset, rules: self.rules }
    }

    /// The same bytes read again under DER: the outermost length counts too.
    pub(super) fn as_der(&self) -> Result<Self, Malformed> {
        let mut reader = Reader::new(self.whole, self.offset, Rules::Der);
        let element = reader.any("a DER element")?;
        reader.end("the end of a DER element")?;
        Ok(element)
    }

    /// Where `whole` lies in the file.
    pub(super) const fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.whole.len()
    }

    /// Where the value lies in the file.
    pub(super) const fn content_range(&self) -> Range<usize> {
        self.content_offset..self.content_offset + self.content.len()
    }

    /// A fault at this element.
    pub(super) const fn malformed(&self, expected: &'static str) -> Malformed {
        Malformed { expected, offset: self.offset }
    }

    /// The octets of an OCTET STRING; a constructed one (BER only) is put together.
    pub(super) fn octets(&self) -> Result<Cow<'a, [u8]>, Malformed> {
        if self.tag == OCTET_STRING {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut gathered = Vec::new();
        self.gather(OCTETS_NESTING_MAX, &mut gathered)?;
        Ok(Cow::Owned(gathered))
    }

    fn gather(&self, levels: usize, into: &mut Vec<u8>) -> Result<(), Malformed> {
        if self.tag == OCTET_STRING {
            into.extend_from_slice(self.content);
            return Ok(());
        }
        let Some(levels) = levels.checked_sub(1) else {
            return Err(self.malformed("an OCTET STRING with fewer levels"));
        };
        if self.tag != OCTET_STRING | CONSTRUCTED || self.rules == Rules::Der {
            return Err(self.malformed("an OCTET STRING"));
        }
        let mut pieces = self.inside();
        while let Some(piece) = pieces.next()? {
            piece.gather(levels, into)?;
        }
        Ok(())
    }

    /// The bytes of a BIT STRING whose length is whole octets (RFC 5280 §4.1.1.3).
    pub(super) fn whole_bits(&self) -> Result<Range<usize>, Malformed> {
        match self.content.first() {
            Some(0) => Ok(self.content_offset + 1..self.content_offset + self.content.len()),
            _ => Err(self.malformed("a BIT STRING without unused bits")),
        }
    }

    /// A small non-negative INTEGER.
    pub(super) fn small_integer(&self) -> Result<u64, Malformed> {
        let fault = self.malformed("a small non-negative INTEGER");
        match self.content {
            [] => Err(fault),
            [first, ..] if *first >= 0x80 => Err(fault),
            digits if digits.len() > 8 => Err(fault),
            digits => Ok(digits.iter().fold(0, |value, digit| value << 8 | u64::from(*digit))),
        }
    }
}

/// Reads elements one after another.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
    rules: Rules,
}

impl<'a> Reader<'a> {
    /// A reader over `bytes`, which lie at `offset` in the file.
    pub(super) const fn new(bytes: &'a [u8], offset: usize, rules: Rules) -> Self {
        Self { rest: bytes, offset, rules }
    }

    /// What is not read yet.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// A fault at the place where the next element begins.
    pub(super) const fn malformed(&self, expected: &'static str) -> Malformed {
        Malformed { expected, offset: self.offset }
    }

    /// The next element, or none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Element<'a>>, Malformed> {
        if self.rest.is_empty() { Ok(None) } else { self.any("an element").map(Some) }
    }

    /// The next element, whatever its tag.
    pub(super) fn any(&mut self, expected: &'static str) -> Result<Element<'a>, Malformed> {
        let fault = self.malformed(expected);
        let header = Header::read(self.rest, self.offset, self.rules)?.ok_or(fault)?;
        let after_header = self.rest.get(header.size..).ok_or(fault)?;
        let content_offset = self.offset + header.size;
        let (length, closing) = match header.length {
            Some(length) => (length, 0),
            None => (indefinite_length(after_header, content_offset)?, 2),
        };
        let content = after_header.get(..length).ok_or(fault)?;
        let size = header.size + length + closing;
        let (whole, rest) = self.rest.split_at_checked(size).ok_or(fault)?;
        let element = Element {
            tag: header.tag,
            whole,
            content,
            offset: self.offset,
            content_offset,
            rules: self.rules,
        };
        self.rest = rest;
        self.offset += size;
        Ok(element)
    }

    /// The next element, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8, expected: &'static str) -> Result<Element<'a>, Malformed> {
        let fault = self.malformed(expected);
        self.tagged(tag, expected)?.ok_or(fault)
    }

    /// The next element if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Malformed> {
        self.tagged(tag, "an element")
    }

    fn tagged(&mut self, tag: u8, expected: &'static str) -> Result<Option<Element<'a>>, Malformed> {
        if self.rest.first() != Some(&tag) {
            return Ok(None);
        }
        let element = self.any(expected)?;
        if tag == INTEGER && !is_minimal(element.content) {
            return Err(element.malformed("an INTEGER in the fewest octets"));
        }
        Ok(Some(element))
    }

    /// Nothing may follow.
    pub(super) fn end(&self, expected: &'static str) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.malformed(expected)) }
    }
}

/// X.690 §8.3.2, for BER as well: the first nine bits of an INTEGER are not all equal; and there is a first octet. A
/// second spelling of a number is a place where two readers see two numbers.
const fn is_minimal(integer: &[u8]) -> bool {
    match integer {
        [] => false,
        [0, second, ..] => *second >= 0x80,
        [0xff, second, ..] => *second < 0x80,
        _ => true,
    }
}

struct Header {
    tag: u8,
    /// None: indefinite.
    length: Option<usize>,
    /// Octets of tag and length.
    size: usize,
}

impl Header {
    /// The header at the start of `bytes`; none when they end too soon.
    fn read(bytes: &[u8], offset: usize, rules: Rules) -> Result<Option<Self>, Malformed> {
        let fault = |expected| Malformed { expected, offset };
        let Some((&[tag, first], rest)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
        // No structure of ours has a tag number above 30; a zero tag is the end-of-contents mark.
        if tag & 0x1f == 0x1f || tag == 0 {
            return Err(fault("a tag number from 1 to 30"));
        }
        match first {
            0..0x80 => Ok(Some(Self { tag, length: Some(usize::from(first)), size: 2 })),
            0x80 if rules == Rules::Ber && tag & CONSTRUCTED != 0 => {
                Ok(Some(Self { tag, length: None, size: 2 }))
            }
            0x80 => Err(fault("a definite length")),
            0x81..=0x88 => {
                let count = usize::from(first - 0x80);
                let Some(digits) = rest.get(..count) else { return Ok(None) };
                let length = digits.iter().fold(0u64, |length, digit| length << 8 | u64::from(*digit));
                if rules == Rules::Der && (digits.first() == Some(&0) || length < 0x80) {
                    return Err(fault("the shortest length"));
                }
                let length = usize::try_from(length).map_err(|_| fault("a shorter length"))?;
                // So that sums of offsets cannot overflow: no file comes near it.
                if length > usize::MAX / 4 {
                    return Err(fault("a shorter length"));
                }
                Ok(Some(Self { tag, length: Some(length), size: 2 + count }))
            }
            _ => Err(fault("a length of at most eight octets")),
        }
    }
}

/// Octets before the end-of-contents mark that closes an indefinite length (X.690 §8.1.3.6). Not recursive.
fn indefinite_length(bytes: &[u8], offset: usize) -> Result<usize, Malformed> {
    let mut open = 1usize;
    let mut at = 0usize;
    loop {
        let fault = Malformed { expected: "an end-of-contents mark", offset: offset + at };
        let rest = bytes.get(at..).ok_or(fault)?;
        if rest.starts_with(&[0, 0]) {
            open -= 1;
            if open == 0 {
                return Ok(at);
            }
            at += 2;
            continue;
        }
        let header = Header::read(rest, offset + at, Rules::Ber)?.ok_or(fault)?;
        at += header.size;
        match header.length {
            Some(length) => at += length,
            None if open == INDEFINITE_NESTING_MAX => return Err(fault),
            None => open += 1,
        }
        if at > bytes.len() {
            return Err(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], rules: Rules) -> Result<Element<'_>, Malformed> {
        Reader::new(bytes, 0, rules).any("an element")
    }

    #[track_caller]
    fn refused(bytes: &[u8], rules: Rules) {
        assert!(read(bytes, rules).is_err(), "{bytes:02x?} under {rules:?}");
    }

    #[test]
    fn an_element_keeps_its_original_bytes_and_place() {
        let bytes = [0x30, 0x03, 0x02, 0x01, 0x05];
        let sequence = read(&bytes, Rules::Der).unwrap();
        assert_eq!((sequence.tag, sequence.whole, sequence.content), (SEQUENCE, &bytes[..], &bytes[2..]));
        let mut inside = sequence.inside();
        let integer = inside.expect(INTEGER, "an INTEGER").unwrap();
        assert_eq!((integer.range(), integer.content_range()), (2..5, 4..5));
        assert_eq!(integer.small_integer(), Ok(5));
        assert_eq!(inside.end("the end"), Ok(()));
    }

    #[test]
    fn der_takes_only_the_shortest_definite_length() {
        for bytes in [&[0x30, 0x80, 0, 0][..], &[0x30, 0x81, 0x01, 0x00], &[0x30, 0x82, 0x00, 0x01, 0x00]] {
            refused(bytes, Rules::Der);
            assert!(read(bytes, Rules::Ber).is_ok(), "{bytes:02x?}");
        }
    }

    #[test]
    fn a_length_beyond_the_bytes_or_the_machine_is_refused() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x01],
            &[0x30, 0x81],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
            &[0x30, 0xff],
            &[0x1f, 0x81, 0x01, 0x00],
            &[0x00, 0x00],
            &[0x04, 0x80, 0x00, 0x00],
        ] {
            refused(bytes, Rules::Ber);
            refused(bytes, Rules::Der);
        }
    }

    #[test]
    fn an_indefinite_length_ends_at_its_own_mark_and_not_at_one_inside() {
        let bytes = [0x30, 0x80, 0x30, 0x80, 0x04, 0x02, 0, 0, 0, 0, 0x02, 0x01, 0x07, 0, 0, 0xaa];
        let outer = read(&bytes, Rules::Ber).unwrap();
        assert_eq!(outer.whole, &bytes[..15]);
        let mut inside = outer.inside();
        assert_eq!(inside.any("").unwrap().content, [0x04, 0x02, 0, 0]);
        assert_eq!(inside.any("").unwrap().content, [0x07]);
        refused(&bytes[..14], Rules::Ber);
    }

    #[test]
    fn indefinite_lengths_nest_only_so_deep() {
        let nest = |levels: usize| [[0x30, 0x80].repeat(levels), [0, 0].repeat(levels)].concat();
        assert!(read(&nest(INDEFINITE_NESTING_MAX), Rules::Ber).is_ok());
        refused(&nest(INDEFINITE_NESTING_MAX + 1), Rules::Ber);
        refused(&[0x30, 0x80].repeat(1_000_000), Rules::Ber);
    }

    #[test]
    fn a_constructed_octet_string_is_put_together_and_nests_only_so_deep() {
        let bytes = [0x24, 0x80, 0x04, 0x01, b'a', 0x24, 0x04, 0x04, 0x02, b'b', b'c', 0x04, 0x00, 0, 0];
        assert_eq!(read(&bytes, Rules::Ber).unwrap().octets().unwrap().as_ref(), b"abc");
        let wrong_piece = [0x24, 0x03, 0x02, 0x01, 0x00];
        assert!(read(&wrong_piece, Rules::Ber).unwrap().octets().is_err());
        assert!(read(&[0x24, 0x03, 0x04, 0x01, 0x00], Rules::Der).unwrap().octets().is_err());
        let mut deep = vec![0x04, 0x00];
        for _ in 0..=OCTETS_NESTING_MAX {
            deep = [vec![0x24, u8::try_from(deep.len()).unwrap()], deep].concat();
        }
        assert!(read(&deep, Rules::Ber).unwrap().octets().is_err());
    }
}
