//! Octets → an XML document within limits, and small ways to look into it.

use roxmltree::{Attribute, Document, Node, ParsingOptions};

use super::fault::{self, ListFault};
use super::limits::{LIST_BYTES_MAX, LIST_NODES_MAX, NAME_BYTES_MAX};
use super::scan;

/// The list's own namespace (ETSI TS 119 612 §B.1).
pub(super) const TSL: &str = "http://uri.etsi.org/02231/v2#";

/// XML Signature (W3C xmldsig-core §1.3).
pub(super) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// XAdES (ETSI EN 319 132-1 §4.3).
pub(super) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";

/// The text of a list, if it is no larger than one may be.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ListFault> {
    if bytes.len() > LIST_BYTES_MAX {
        return Err(ListFault::OverLimit { what: "more octets", limit: LIST_BYTES_MAX });
    }
    std::str::from_utf8(bytes)
        .map_err(|fault| ListFault::NotXml { what: format!("octet {}", fault.valid_up_to()) })
}

/// The document in a text.
pub(super) fn parse(text: &str) -> Result<Document<'_>, ListFault> {
    scan::check(text)?;
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: LIST_NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)
        .map_err(|fault| ListFault::NotXml { what: fault::words(&fault.to_string()) })?;
    // The parser does not mind the same default namespace declared twice, which is not well-formed.
    for node in document.descendants().filter(Node::is_element) {
        if node.namespaces().filter(|namespace| namespace.name().is_none()).count() > 1 {
            return Err(ListFault::NotXml { what: "a namespace declared twice".to_owned() });
        }
        // The parser counts a name's octets in 16 bits; the canonical form needs the whole of it.
        if node.attributes().any(|attribute| attribute.range_qname().len() > NAME_BYTES_MAX) {
            return Err(ListFault::OverLimit { what: "a longer name", limit: NAME_BYTES_MAX });
        }
    }
    Ok(document)
}

/// The prefix that stands before an element's name in the text; empty without one.
pub(super) fn prefix_of<'t>(node: Node<'_, 't>) -> &'t str {
    let text = node.document().input_text();
    let tag = text.get(node.range().start + 1..node.range().end).unwrap_or_default();
    let name = tag.split(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).next();
    name.and_then(|name| name.split_once(':')).map_or("", |(prefix, _)| prefix)
}

/// The prefix that stands before an attribute's name in the text; empty without one.
pub(super) fn prefix_of_attribute<'t>(attribute: &Attribute<'_, 't>, document: &Document<'t>) -> &'t str {
    let name = document.input_text().get(attribute.range_qname()).unwrap_or_default();
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// Whether a node is this element.
pub(super) fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(namespace)
}

/// The child elements.
pub(super) fn elements<'a, 't: 'a>(node: Node<'a, 't>) -> impl Iterator<Item = Node<'a, 't>> {
    node.children().filter(Node::is_element)
}

/// The first child element of this name.
pub(super) fn child<'a, 't: 'a>(node: Node<'a, 't>, namespace: &str, name: &str) -> Option<Node<'a, 't>> {
    node.children().find(|child| is(*child, namespace, name))
}

/// An element's text without the white space around it. Comments inside may cut it in pieces, and are not signed: the
/// pieces are put together again. None when there are elements inside, or processing instructions.
pub(super) fn text_of(node: Node<'_, '_>) -> Option<String> {
    let mut text = String::new();
    for child in node.children() {
        if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        } else if !child.is_comment() {
            return None;
        }
    }
    Some(text.trim_matches(|c: char| matches!(c, ' ' | '\t' | '\r' | '\n')).to_owned())
}

/// The same, decoded from base64; white space inside counts for nothing (W3C xmldsig-core §4.1).
pub(super) fn base64_of(node: Node<'_, '_>) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let symbols: String = text_of(node)?.split_ascii_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(symbols).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_comments_cut_is_read_whole() {
        let document = parse("<a> x<!-- 1 -->y<![CDATA[z]]>&amp; </a>").unwrap();
        assert_eq!(text_of(document.root_element()).as_deref(), Some("xyz&"));
        for other in ["<a>x<b/>y</a>", "<a>x<?p?>y</a>"] {
            assert_eq!(text_of(parse(other).unwrap().root_element()), None, "{other}");
        }
    }

    #[test]
    fn prefixes_are_those_of_the_text() {
        let document =
            parse("<p:a xmlns:p='u' xmlns='u'\n><b/><p:c\tp:d='1' e='2'/><q:f xmlns:q='u'/></p:a>");
        let document = document.unwrap();
        let prefixes: Vec<&str> = document.descendants().filter(Node::is_element).map(prefix_of).collect();
        assert_eq!(prefixes, ["p", "", "p", "q"]);
        let attributes = document.descendants().flat_map(|node| node.attributes());
        let prefixes: Vec<&str> =
            attributes.map(|attribute| prefix_of_attribute(&attribute, &document)).collect();
        assert_eq!(prefixes, ["p", ""]);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for broken in
            ["", "<a>", "<a/><b/>", "<a b='1' b='2'/>", "<a xmlns='u' xmlns='v'/>", "&x;", "<a>&x;</a>"]
        {
            assert!(matches!(parse(broken), Err(ListFault::NotXml { .. })), "{broken}");
        }
        assert!(text(&[0xff]).is_err());
        assert_eq!(
            text(&vec![b' '; LIST_BYTES_MAX + 1]).unwrap_err().to_string().split(" (").next(),
            Some("it has more octets than any trusted list")
        );
    }
}
