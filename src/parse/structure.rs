//! A letter's bytes → its pieces in their order: heads of letters and leaves with their bytes.
//!
//! One pass, no recursion; borders are whole lines as RFC 2046 §5.1.1 draws them. A border of an outer multipart
//! ends everything inside it, whether or not the inside was closed.

use super::Limits;
use super::encoding;
use super::headers::{Field, Head};
use super::parameters::Parameters;

/// What is left of the budgets that a letter and the letters inside it share.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    pub(super) parts: usize,
    pub(super) header_bytes: usize,
    /// Number of the next multipart/alternative.
    pub(super) alternatives: usize,
}

/// One piece of a letter.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// A letter begins: the outer one (at depth 0) or one inside it.
    Letter { head: Head<'a>, depth: u8 },
    /// A part without parts.
    Leaf(Leaf<'a>),
}

/// A part without parts.
#[derive(Debug)]
pub(super) struct Leaf<'a> {
    pub(super) head: Head<'a>,
    pub(super) media: Parameters,
    /// As transferred.
    pub(super) bytes: &'a [u8],
    pub(super) depth: u8,
    /// The outermost multipart/alternative that it lies in.
    pub(super) alternative: Option<usize>,
}

/// What went wrong with the structure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    TooManyParts,
    NestedTooDeep,
    HeadersTooLarge,
    CutShort,
    BordersMissing,
    /// One head says two things about itself.
    Contradicts(Field),
}

/// Cuts a letter, itself `depth` letters deep, into its pieces.
pub(super) fn pieces<'a>(
    bytes: &'a [u8],
    depth: u8,
    limits: &Limits,
    budget: &mut Budget,
) -> (Vec<Piece<'a>>, Vec<Fault>) {
    let mut walk =
        Walk { bytes, at: 0, open: Vec::new(), pieces: Vec::new(), faults: Vec::new(), limits, budget };
    walk.run(depth);
    (walk.pieces, walk.faults)
}

/// Reads a header block from `at` up to the empty line or a border of `open`; gives it and where the body begins.
///
/// Empty lines before a letter's first field belong to whatever carried it here; a part may have no fields.
pub(super) fn head<'a>(
    bytes: &'a [u8],
    mut at: usize,
    open: &[Open],
    is_letter: bool,
    limits: &Limits,
) -> (Head<'a>, usize) {
    let mut head = Head::default();
    let mut field: Option<(usize, usize)> = None;
    loop {
        let end = line_end(bytes, at);
        let line = bytes.get(at..end).unwrap_or_default();
        let is_blank = line.trim_ascii().is_empty();
        let is_folded = !is_blank && line.first().is_some_and(|c| matches!(c, b' ' | b'\t'));
        if is_folded && let Some((_, last)) = &mut field {
            *last = end;
        } else {
            if let Some((start, last)) = field.take() {
                head.take(bytes.get(start..last).unwrap_or_default(), limits);
            }
            if line.is_empty() || border_at(line, open).is_some() {
                return (head, at);
            }
            if !is_blank {
                field = Some((at, end));
            } else if !is_letter || !head.is_empty() {
                return (head, end);
            }
        }
        at = end;
    }
}

/// A multipart that is not over yet.
#[derive(Debug)]
pub(super) struct Open {
    border: Vec<u8>,
    depth: u8,
    is_digest: bool,
    alternative: Option<usize>,
}

/// A border found: of which open multipart, and whether it is its last.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Border {
    of: usize,
    is_last: bool,
}

struct Walk<'a, 'b> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    pieces: Vec<Piece<'a>>,
    faults: Vec<Fault>,
    limits: &'b Limits,
    budget: &'b mut Budget,
}

impl<'a> Walk<'a, '_> {
    fn run(&mut self, depth: u8) {
        let mut next = Some((depth, true));
        while let Some((depth, is_letter)) = next {
            if self.budget.parts == 0 {
                return self.fault(Fault::TooManyParts);
            }
            self.budget.parts -= 1;
            let (head, body) = head(self.bytes, self.at, &self.open, is_letter, self.limits);
            let Some(left) = self.budget.header_bytes.checked_sub(head.bytes) else {
                return self.fault(Fault::HeadersTooLarge);
            };
            self.budget.header_bytes = left;
            for field in head.contradictions() {
                self.fault(Fault::Contradicts(field));
            }
            // Without a head it is no letter, whatever its type says: what stands here is its text.
            if !is_letter || !head.is_empty() {
                self.at = body;
            }
            if is_letter && !head.is_empty() {
                self.pieces.push(Piece::Letter { head: head.clone(), depth });
            }
            next = self.part(head, depth, is_letter);
        }
    }

    /// Takes the part whose head was read; gives the depth of the next one, and whether it is a letter.
    fn part(&mut self, head: Head<'a>, depth: u8, is_letter: bool) -> Option<(u8, bool)> {
        let mut media = Parameters::read(&head.first(Field::ContentType).unwrap_or_default());
        if media.value.is_empty() && !is_letter && self.open.last().is_some_and(|open| open.is_digest) {
            // RFC 2046 §5.1.5
            "message/rfc822".clone_into(&mut media.value);
        }
        if media.value.starts_with("multipart/") {
            return self.multipart(head, media, depth);
        }
        if is_message(&media.value) && !encoding::is_encoded(&head) {
            if depth < self.limits.letter_depth_max {
                return Some((depth + 1, true));
            }
            self.fault(Fault::NestedTooDeep);
        }
        let start = self.at;
        let (end, border) = self.seek();
        self.leaf(head, media, (start, end), depth);
        self.arrive(border)
    }

    /// Steps into a multipart: to its first part, or past it when it has none.
    fn multipart(&mut self, head: Head<'a>, media: Parameters, depth: u8) -> Option<(u8, bool)> {
        let start = self.at;
        if media.contradicts("boundary") {
            self.fault(Fault::Contradicts(Field::ContentType));
        }
        let border = media.get("boundary").map(|border| border.trim_end().as_bytes().to_vec());
        let border = border.filter(|border| !border.is_empty());
        let is_deep = self.open.len() >= self.limits.nesting_max;
        let Some(border) = border.filter(|_| !is_deep) else {
            self.fault(Fault::BordersMissing);
            let (end, border) = self.seek();
            self.leaf(head, media, (start, end), depth);
            return self.arrive(border);
        };
        let mut alternative = self.open.last().and_then(|open| open.alternative);
        if alternative.is_none() && media.value == "multipart/alternative" {
            alternative = Some(self.budget.alternatives);
            self.budget.alternatives += 1;
        }
        let own = self.open.len();
        let is_digest = media.value == "multipart/digest";
        self.open.push(Open { border, depth, is_digest, alternative });
        let (end, found) = self.seek();
        if found.is_none_or(|found| found.of != own) {
            self.open.truncate(own);
            self.fault(Fault::BordersMissing);
            // What it holds is most likely a text.
            self.leaf(head, Parameters::default(), (start, end), depth);
        }
        self.arrive(found)
    }

    /// Moves behind a border; gives the depth of the part that follows it.
    fn arrive(&mut self, border: Option<Border>) -> Option<(u8, bool)> {
        let mut border = border;
        loop {
            let Some(Border { of, is_last }) = border else {
                if !self.open.is_empty() {
                    self.fault(Fault::CutShort);
                }
                return None;
            };
            if !is_last {
                self.open.truncate(of + 1);
                return self.open.last().map(|open| (open.depth, false));
            }
            self.open.truncate(of);
            if self.open.is_empty() {
                return None;
            }
            // What stands behind the last border of an inner multipart means nothing (RFC 2046 §5.1.1).
            (_, border) = self.seek();
        }
    }

    /// Moves behind the next border of any open multipart; gives where the bytes before it end.
    fn seek(&mut self) -> (usize, Option<Border>) {
        let start = self.at;
        while self.at < self.bytes.len() {
            let (line_start, end) = (self.at, line_end(self.bytes, self.at));
            self.at = end;
            if let Some(border) = border_at(self.bytes.get(line_start..end).unwrap_or_default(), &self.open) {
                // The line end before a border belongs to the border.
                let before = self.bytes.get(start..line_start).unwrap_or_default();
                let before = before.strip_suffix(b"\n").unwrap_or(before);
                let before = before.strip_suffix(b"\r").unwrap_or(before);
                return (start + before.len(), Some(border));
            }
        }
        (self.bytes.len(), None)
    }

    fn leaf(&mut self, head: Head<'a>, media: Parameters, (start, end): (usize, usize), depth: u8) {
        let bytes = self.bytes.get(start..end).unwrap_or_default();
        let alternative = self.open.last().and_then(|open| open.alternative);
        self.pieces.push(Piece::Leaf(Leaf { head, media, bytes, depth, alternative }));
    }

    fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Whether the media type is that of a letter inside a letter (RFC 2046 §5.2.1, RFC 6532 §3.7).
pub(super) fn is_message(media_type: &str) -> bool {
    matches!(media_type, "message/rfc822" | "message/global" | "message/news")
}

/// The open multipart whose border the line is, the innermost first.
fn border_at(line: &[u8], open: &[Open]) -> Option<Border> {
    let line = line.strip_prefix(b"--")?.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(of, open)| match line.strip_prefix(open.border.as_slice())? {
        b"" => Some(Border { of, is_last: false }),
        b"--" => Some(Border { of, is_last: true }),
        _ => None,
    })
}

/// Where the line that begins at `at` ends, its line end included.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|&c| c == b'\n').map_or(bytes.len(), |found| at + found + 1)
}
