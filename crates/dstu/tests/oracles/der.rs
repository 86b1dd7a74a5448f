//! Just enough DER to take real certificates apart and to write keys: apart from the crate's own reader.

/// One element: its tag, its contents, and all its octets.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) contents: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// The first element and what follows it.
pub(crate) fn first(octets: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, &length) = (octets.first()?, octets.get(1)?);
    let (length, header) = match length {
        0..=0x7f => (usize::from(length), 2),
        0x81..=0x84 => {
            let count = usize::from(length & 0x7f);
            let octets = octets.get(2..2 + count)?;
            (octets.iter().fold(0, |length, &octet| length << 8 | usize::from(octet)), 2 + count)
        }
        _ => return None,
    };
    let contents = octets.get(header..header + length)?;
    let (raw, rest) = octets.split_at(header + length);
    Some((Element { tag, contents, raw }, rest))
}

/// Every element, one after another.
pub(crate) fn all(mut octets: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut elements = Vec::new();
    while !octets.is_empty() {
        let (element, rest) = first(octets)?;
        elements.push(element);
        octets = rest;
    }
    Some(elements)
}

/// An element of this tag with these contents.
pub(crate) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut octets = vec![tag];
    match contents.len() {
        length @ 0..=0x7f => octets.push(length as u8),
        length @ 0x80..=0xff => octets.extend([0x81, length as u8]),
        length => octets.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    octets.extend(contents);
    octets
}

/// A SEQUENCE of what is already encoded.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// A natural number as INTEGER, from big-endian octets.
pub(crate) fn integer(big_endian: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = big_endian.iter().copied().skip_while(|&octet| octet == 0).collect();
    let sign = significant.first().is_none_or(|&octet| octet >= 0x80);
    element(0x02, &[if sign { vec![0] } else { vec![] }, significant].concat())
}

/// Digits and dots of an OBJECT IDENTIFIER's value octets.
pub(crate) fn dotted(value: &[u8]) -> String {
    let mut arcs: Vec<u64> = vec![0];
    for &octet in value {
        let last = arcs.last_mut().unwrap();
        *last = *last << 7 | u64::from(octet & 0x7f);
        if octet < 0x80 {
            arcs.push(0);
        }
    }
    arcs.pop();
    let head = arcs.remove(0);
    let root = (head / 40).min(2);
    let arcs: Vec<String> = arcs.iter().map(u64::to_string).collect();
    format!("{root}.{}.{}", head - 40 * root, arcs.join("."))
}
