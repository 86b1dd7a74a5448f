//! XML text → whether reading it is bounded work; nothing is understood here.
//!
//! The parser takes whatever is well-formed. What could make it, or us, work for minutes is refused before: depth,
//! attributes of one element, namespaces in force, a document type declaration. A text that is not well-formed may be
//! misread here; then the parser refuses it.

use super::fault::ListFault;
use super::limits::{LIST_ATTRIBUTES_MAX, LIST_DEPTH_MAX, LIST_NAMESPACES_MAX};

/// Looks at every tag once.
pub(super) fn check(text: &str) -> Result<(), ListFault> {
    let mut rest = text;
    // Namespaces in force inside each open element.
    let mut open: Vec<usize> = Vec::new();
    while let Some(start) = rest.find('<') {
        rest = rest.get(start + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix("!--") {
            rest = beyond(after, "-->");
        } else if let Some(after) = rest.strip_prefix("![CDATA[") {
            rest = beyond(after, "]]>");
        } else if let Some(after) = rest.strip_prefix('?') {
            rest = beyond(after, "?>");
        } else if rest.starts_with('!') {
            return Err(ListFault::DocumentType);
        } else if let Some(after) = rest.strip_prefix('/') {
            open.pop();
            rest = beyond(after, ">");
        } else {
            let tag = Tag::read(rest)?;
            rest = rest.get(tag.length..).unwrap_or_default();
            let in_force = open.last().copied().unwrap_or(0) + tag.namespaces;
            if in_force > LIST_NAMESPACES_MAX {
                return Err(over("more namespaces at one place", LIST_NAMESPACES_MAX));
            }
            if open.len() == LIST_DEPTH_MAX {
                return Err(over("deeper elements", LIST_DEPTH_MAX));
            }
            if !tag.is_empty {
                open.push(in_force);
            }
        }
    }
    Ok(())
}

const fn over(what: &'static str, limit: usize) -> ListFault {
    ListFault::OverLimit { what, limit }
}

fn beyond<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).and_then(|at| text.get(at + end.len()..)).unwrap_or_default()
}

/// One start tag.
struct Tag {
    /// Its octets, from behind `<` to behind `>`.
    length: usize,
    namespaces: usize,
    is_empty: bool,
}

impl Tag {
    fn read(text: &str) -> Result<Self, ListFault> {
        let (mut attributes, mut namespaces) = (0, 0);
        let mut quote: Option<u8> = None;
        let mut word = 0;
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match (quote, byte) {
                (Some(open), close) if open == *close => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(*byte),
                (None, b' ' | b'\t' | b'\r' | b'\n') => word = at + 1,
                (None, b'=') => {
                    attributes += 1;
                    if bytes.get(word..).is_some_and(|name| name.starts_with(b"xmlns")) {
                        namespaces += 1;
                    }
                    if attributes > LIST_ATTRIBUTES_MAX {
                        return Err(over("more attributes in one element", LIST_ATTRIBUTES_MAX));
                    }
                }
                (None, b'>') => {
                    let is_empty = at > 0 && bytes.get(at - 1) == Some(&b'/');
                    return Ok(Self { length: at + 1, namespaces, is_empty });
                }
                (None, _) => {}
            }
        }
        Ok(Self { length: bytes.len(), namespaces, is_empty: true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert_eq!(check(&nested(64)), Ok(()));
        assert_eq!(check(&nested(65)), Err(over("deeper elements", 64)));
        assert_eq!(check(&"<a/>".repeat(1000)), Ok(()));
        assert_eq!(check(&"<a>".repeat(1_000_000)), Err(over("deeper elements", 64)));
    }

    #[test]
    fn attributes_and_namespaces_are_bounded() {
        let with = |count: usize| format!("<a {}/>", "b='>' ".repeat(count));
        assert_eq!(check(&with(32)), Ok(()));
        assert_eq!(check(&with(33)), Err(over("more attributes in one element", 32)));
        let declaring = |levels: usize| "<a xmlns:b='' xmlns=\"\" xmlns:c='<'>".repeat(levels);
        assert_eq!(check(&declaring(16)), Ok(()));
        assert_eq!(check(&declaring(17)), Err(over("more namespaces at one place", 48)));
    }

    #[test]
    fn a_document_type_is_refused_wherever_it_stands_and_its_words_are_not() {
        assert_eq!(check("<!DOCTYPE a><a/>"), Err(ListFault::DocumentType));
        assert_eq!(check("<a><!ENTITY x 'y'></a>"), Err(ListFault::DocumentType));
        assert_eq!(check("<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE]]><?p <!ENTITY?></a>"), Ok(()));
    }

    #[test]
    fn what_is_broken_ends() {
        for broken in ["<", "<a", "<a b='", "<!--", "<![CDATA[", "<?", "</", "<a/", "a>b", ""] {
            assert_eq!(check(broken), Ok(()), "{broken}");
        }
    }
}
