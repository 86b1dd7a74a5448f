//! A document, or an element of it → the octets that a signature is over: W3C Canonical XML 1.0 and 1.1 and Exclusive
//! Canonicalization.
//!
//! Node sets are whole documents or whole elements, less one element (the enveloped signature): a trusted list signs
//! nothing else.

use std::collections::BTreeMap;

use roxmltree::{Attribute, Document, Node, NodeId, NodeType};

use super::document::{prefix_of, prefix_of_attribute};
use super::fault::ListFault;

/// The namespace of `xml:lang` and its kind.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// How namespaces are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// <https://www.w3.org/TR/2001/REC-xml-c14n-20010315>.
    Inclusive10,
    /// <https://www.w3.org/TR/2008/REC-xml-c14n11-20080502/>.
    Inclusive11,
    /// <https://www.w3.org/TR/2002/REC-xml-exc-c14n-20020718/>, with the prefixes of its InclusiveNamespaces; the default
    /// namespace is the empty one there.
    Exclusive(Vec<String>),
}

/// A canonical form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Canonical {
    pub(super) form: Form,
    pub(super) with_comments: bool,
}

impl Canonical {
    /// The form that an Algorithm names, without the parameters of the exclusive one.
    pub(super) fn named(uri: &str) -> Result<Self, ListFault> {
        let (form, with_comments) = match uri {
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" => (Form::Inclusive10, false),
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments" => (Form::Inclusive10, true),
            "http://www.w3.org/2006/12/xml-c14n11" => (Form::Inclusive11, false),
            "http://www.w3.org/2006/12/xml-c14n11#WithComments" => (Form::Inclusive11, true),
            "http://www.w3.org/2001/10/xml-exc-c14n#" => (Form::Exclusive(Vec::new()), false),
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" => (Form::Exclusive(Vec::new()), true),
            _ => return Err(ListFault::unsupported("canonical form", uri)),
        };
        Ok(Self { form, with_comments })
    }

    /// The same without comments: a reference into the document itself leaves them out, whatever the form says (W3C
    /// xmldsig-core §4.3.3.3).
    pub(super) fn without_comments(&self) -> Self {
        Self { form: self.form.clone(), with_comments: false }
    }

    /// The whole document in this form, without one element.
    pub(super) fn of_document(
        &self,
        document: &Document<'_>,
        without: Option<NodeId>,
    ) -> Result<Vec<u8>, ListFault> {
        let mut out = Writer {
            canonical: self,
            document,
            without,
            out: Vec::with_capacity(document.input_text().len()),
        };
        let mut is_after = false;
        for node in document.root().children() {
            // c14n §2.3: a line break parts what is outside of the document element from it.
            let stands = match node.node_type() {
                NodeType::Element => {
                    out.apex(node)?;
                    is_after = true;
                    continue;
                }
                NodeType::PI => true,
                NodeType::Comment => self.with_comments,
                NodeType::Root | NodeType::Text => false,
            };
            if stands && is_after {
                out.out.push(b'\n');
            }
            out.node(node, &BTreeMap::new());
            if stands && !is_after {
                out.out.push(b'\n');
            }
        }
        Ok(out.out)
    }

    /// One element with everything inside, without one element of that.
    pub(super) fn of_element(
        &self,
        element: Node<'_, '_>,
        without: Option<NodeId>,
    ) -> Result<Vec<u8>, ListFault> {
        let mut out = Writer { canonical: self, document: element.document(), without, out: Vec::new() };
        out.apex(element)?;
        Ok(out.out)
    }
}

/// Namespaces as they were written last, by prefix.
type Written<'a> = BTreeMap<&'a str, &'a str>;

struct Writer<'c, 'a, 't> {
    canonical: &'c Canonical,
    document: &'a Document<'t>,
    without: Option<NodeId>,
    out: Vec<u8>,
}

impl<'a> Writer<'_, 'a, '_> {
    /// The outermost element of the set: inclusive forms give it what its ancestors said for it.
    fn apex(&mut self, element: Node<'a, '_>) -> Result<(), ListFault> {
        let mut inherited = Vec::new();
        if !matches!(self.canonical.form, Form::Exclusive(_)) {
            for attribute in element.ancestors().skip(1).flat_map(|ancestor| ancestor.attributes()) {
                let is_known = |known: &Attribute<'_, '_>| {
                    known.namespace() == Some(XML) && known.name() == attribute.name()
                };
                if attribute.namespace() != Some(XML)
                    || element.attributes().any(|own| is_known(&own))
                    || inherited.iter().any(is_known)
                {
                    continue;
                }
                match (&self.canonical.form, attribute.name()) {
                    // c14n 1.1 §2.4: joined with those between, which nobody who signs a list needs.
                    (Form::Inclusive11, "base") => {
                        return Err(ListFault::Signature {
                            expected: "no xml:base outside of what is signed",
                        });
                    }
                    (Form::Inclusive11, name) if !matches!(name, "lang" | "space") => {}
                    _ => inherited.push(attribute),
                }
            }
        }
        self.element(element, &inherited, &BTreeMap::new());
        Ok(())
    }

    /// Not deeper than the limit on depth.
    fn node(&mut self, node: Node<'a, '_>, written: &Written<'_>) {
        match node.node_type() {
            NodeType::Element if Some(node.id()) == self.without => {}
            NodeType::Element => self.element(node, &[], written),
            NodeType::Text => self.escaped(node.text().unwrap_or_default(), text_escape),
            NodeType::Comment if self.canonical.with_comments => {
                self.put("<!--");
                self.with_line_breaks(node.text().unwrap_or_default());
                self.put("-->");
            }
            NodeType::PI => {
                let Some(pi) = node.pi() else { return };
                self.put("<?");
                self.put(pi.target);
                if let Some(value) = pi.value.filter(|value| !value.is_empty()) {
                    self.put(" ");
                    self.with_line_breaks(value);
                }
                self.put("?>");
            }
            NodeType::Comment | NodeType::Root => {}
        }
    }

    fn element(&mut self, element: Node<'a, '_>, inherited: &[Attribute<'a, '_>], written: &Written<'_>) {
        let prefix = prefix_of(element);
        let namespaces = self.namespaces(element, prefix, written);
        self.put("<");
        self.qualified(prefix, element.tag_name().name());
        // In the order of the prefixes; the default one is empty and stands first.
        for (prefix, uri) in &namespaces {
            self.put(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.put(prefix);
            self.put("=\"");
            self.escaped(uri, attribute_escape);
            self.put("\"");
        }
        let mut attributes: Vec<Attribute<'a, '_>> = element.attributes().collect();
        attributes.extend(inherited.iter().copied());
        attributes.sort_by_key(|attribute| (attribute.namespace().unwrap_or_default(), attribute.name()));
        for attribute in &attributes {
            self.put(" ");
            self.qualified(prefix_of_attribute(attribute, self.document), attribute.name());
            self.put("=\"");
            self.escaped(attribute.value(), attribute_escape);
            self.put("\"");
        }
        self.put(">");
        let mut written = written.clone();
        written.extend(namespaces.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str())));
        for child in element.children() {
            self.node(child, &written);
        }
        self.put("</");
        self.qualified(prefix, element.tag_name().name());
        self.put(">");
    }

    /// The declarations that an element gets: of those that count for it, the ones that its ancestors did not write alike.
    fn namespaces(
        &self,
        element: Node<'a, '_>,
        own: &str,
        written: &Written<'_>,
    ) -> BTreeMap<String, String> {
        let mut in_force: Written<'_> = element
            .namespaces()
            .map(|namespace| (namespace.name().unwrap_or_default(), namespace.uri()))
            .filter(|(prefix, _)| *prefix != "xml")
            .collect();
        in_force.entry("").or_insert("");
        let used: Vec<&str> = element
            .attributes()
            .map(|attribute| prefix_of_attribute(&attribute, self.document))
            .filter(|prefix| !prefix.is_empty())
            .chain([own])
            .collect();
        let counts = |prefix: &str| match &self.canonical.form {
            Form::Inclusive10 | Form::Inclusive11 => true,
            Form::Exclusive(listed) => used.contains(&prefix) || listed.iter().any(|listed| listed == prefix),
        };
        in_force
            .into_iter()
            .filter(|(prefix, uri)| {
                counts(prefix) && written.get(prefix).copied().unwrap_or_default() != *uri
            })
            .map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned()))
            .collect()
    }

    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn qualified(&mut self, prefix: &str, name: &str) {
        if !prefix.is_empty() {
            self.put(prefix);
            self.put(":");
        }
        self.put(name);
    }

    fn escaped(&mut self, text: &str, escape: fn(u8) -> Option<&'static str>) {
        for byte in text.bytes() {
            match escape(byte) {
                Some(escaped) => self.put(escaped),
                None => self.out.push(byte),
            }
        }
    }

    /// Line breaks as XML 1.0 §2.11 reads them; the parser leaves them in comments and instructions as they came.
    fn with_line_breaks(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.put(&text);
    }
}

const fn text_escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

const fn attribute_escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}
