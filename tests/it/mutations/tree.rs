//! The bytes of a file → a tree of its elements that can be disturbed and written again; a reader of its own, so that it
//! shares no mistake with the judge's.

use std::collections::BTreeSet;

/// Levels of the tree: our files have about twenty.
const DEPTH_MAX: usize = 40;

/// One element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Node {
    tag: u8,
    value: Value,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Value {
    Octets(Vec<u8>),
    Elements(Vec<Node>),
}

/// Draws the same numbers for the same seed (xorshift64*).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `sides`, and 0 where there are none.
    pub(super) fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).unwrap() % sides.max(1)
    }

    fn octet(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// One element at the beginning of `bytes`, definite or indefinite, and what is behind it.
fn take(bytes: &[u8], depth: usize) -> Option<(Node, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let constructed = tag & 0x20 != 0;
    if depth == 0 || tag & 0x1f == 0x1f {
        return None;
    }
    if first == 0x80 && constructed {
        let (mut elements, mut rest) = (Vec::new(), rest);
        while !rest.starts_with(&[0, 0]) {
            let (element, after) = take(rest, depth - 1)?;
            elements.push(element);
            rest = after;
        }
        return Some((Node { tag, value: Value::Elements(elements) }, rest.get(2..)?));
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let octets = rest.get(..usize::from(first & 0x7f))?;
        let length = octets.iter().try_fold(0usize, |length, octet| {
            length.checked_mul(256).map(|length| length + usize::from(*octet))
        })?;
        (length, &rest[octets.len()..])
    };
    let (inside, after) = (rest.get(..length)?, &rest[length..]);
    // What cannot be read inside is kept as it is: a certificate that nobody needs may be garbage.
    let elements = constructed.then(|| all(inside, depth - 1)).flatten();
    let value = elements.map_or_else(|| Value::Octets(inside.to_vec()), Value::Elements);
    Some((Node { tag, value }, after))
}

fn all(mut bytes: &[u8], depth: usize) -> Option<Vec<Node>> {
    let mut elements = Vec::new();
    while !bytes.is_empty() {
        let (element, after) = take(bytes, depth)?;
        elements.push(element);
        bytes = after;
    }
    Some(elements)
}

impl Node {
    /// The one element at the beginning of a file.
    pub(super) fn read(file: &[u8]) -> Option<Self> {
        take(file, DEPTH_MAX).map(|(node, _)| node)
    }

    /// DER lengths, whatever they were.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        let mut inside = Vec::new();
        let value = match &self.value {
            Value::Octets(octets) => octets,
            Value::Elements(elements) => {
                elements.iter().for_each(|element| element.write(&mut inside));
                &inside
            }
        };
        into.push(self.tag);
        let length = u32::try_from(value.len()).unwrap().to_be_bytes();
        let significant = &length[length.iter().take_while(|octet| **octet == 0).count()..];
        match significant {
            [] => into.push(0),
            [short] if *short < 0x80 => into.push(*short),
            long => {
                into.push(0x80 | u8::try_from(long.len()).unwrap());
                into.extend_from_slice(long);
            }
        }
        into.extend_from_slice(value);
    }

    fn elements(&self) -> &[Self] {
        match &self.value {
            Value::Elements(elements) => elements,
            Value::Octets(_) => &[],
        }
    }

    fn count(&self) -> usize {
        1 + self.elements().iter().map(Self::count).sum::<usize>()
    }

    /// The element with this number, counted from the root downwards.
    fn nth(&self, number: &mut usize) -> Option<&Self> {
        if *number == 0 {
            return Some(self);
        }
        *number -= 1;
        self.elements().iter().find_map(|element| element.nth(number))
    }

    fn nth_mut(&mut self, number: &mut usize) -> Option<&mut Self> {
        if *number == 0 {
            return Some(self);
        }
        *number -= 1;
        match &mut self.value {
            Value::Elements(elements) => elements.iter_mut().find_map(|element| element.nth_mut(number)),
            Value::Octets(_) => None,
        }
    }

    pub(super) fn any(&self, dice: &mut Dice) -> &Self {
        self.nth(&mut dice.below(self.count())).unwrap_or(self)
    }
}

/// Disturbs one place of the tree; `others` are the trees to take pieces from.
pub(super) fn disturb(tree: &mut Node, others: &[Node], dice: &mut Dice) {
    let piece = others[dice.below(others.len())].any(dice).clone();
    let mut number = dice.below(tree.count());
    let Some(node) = tree.nth_mut(&mut number) else { return };
    match dice.below(10) {
        0 => node.tag = dice.octet() & 0xdf | node.tag & 0x20,
        1 => *node = piece,
        2 if piece.tag == node.tag => *node = piece,
        _ => match &mut node.value {
            Value::Octets(octets) => disturb_octets(octets, dice),
            Value::Elements(elements) => disturb_elements(elements, piece, dice),
        },
    }
}

fn disturb_octets(octets: &mut Vec<u8>, dice: &mut Dice) {
    let place = dice.below(octets.len());
    match dice.below(6) {
        0 => octets.truncate(place),
        1 => octets.insert(place, dice.octet()),
        2 => octets.insert(0, 0),
        3 => octets.reverse(),
        _ => {
            if let Some(octet) = octets.get_mut(place) {
                *octet ^= 1 << dice.below(8);
            }
        }
    }
}

fn disturb_elements(elements: &mut Vec<Node>, piece: Node, dice: &mut Dice) {
    let (place, other) = (dice.below(elements.len()), dice.below(elements.len()));
    if elements.is_empty() {
        elements.push(piece);
        return;
    }
    match dice.below(5) {
        0 => drop(elements.remove(place)),
        1 => elements.insert(other, elements[place].clone()),
        2 => elements.swap(place, other),
        3 => elements.insert(place, piece),
        _ => elements.reverse(),
    }
}

/// Disturbs the bytes themselves, lengths and all.
pub(super) fn disturb_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let place = dice.below(bytes.len());
    match dice.below(4) {
        0 => bytes.truncate(place),
        1 => bytes.insert(place, dice.octet()),
        2 => drop(bytes.drain(place..bytes.len().min(place + dice.below(40)))),
        _ => bytes[place] = dice.octet(),
    }
}

/// The signed attributes and the signature value of every signer, octet by octet.
pub(super) fn signatures(file: &[u8]) -> Option<BTreeSet<(Vec<u8>, Vec<u8>)>> {
    let content_info = Node::read(file)?;
    let signed_data = content_info.elements().get(1)?.elements().first()?;
    let signers = signed_data.elements().last()?;
    let pair = |signer: &Node| {
        let attributes = signer.elements().iter().find(|element| element.tag == 0xa0)?;
        let value = signer.elements().iter().find(|element| element.tag == 0x04)?;
        let mut octets = (Vec::new(), Vec::new());
        attributes.write(&mut octets.0);
        value.write(&mut octets.1);
        Some(octets)
    };
    signers.elements().iter().map(pair).collect()
}
