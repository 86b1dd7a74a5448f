//! The objects of a document → what is strange about it.

use std::collections::{BTreeSet, HashSet};

use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Rect, Stream};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use pages::Oddity;

use crate::limits::{
    ENTRIES_MAX, OBJECT_DEPTH_MAX, OBJECTS_MAX, PAGE_SIDE_PT_MAX, PAGE_SIDE_PT_MIN, PAGE_TREE_DEPTH_MAX,
    PAGE_TREE_NODES_MAX,
};

/// Actions that leave the document, by their `S` (ISO 32000-1, 12.6.4, table 198).
const LEAVING: [&[u8]; 6] = [b"Launch", b"URI", b"SubmitForm", b"ImportData", b"GoToR", b"GoToE"];

/// The filters of streams (ISO 32000-1, 7.4, table 6), and their short names.
const FILTERS: [&[u8]; 17] = [
    b"ASCIIHexDecode",
    b"AHx",
    b"ASCII85Decode",
    b"A85",
    b"LZWDecode",
    b"LZW",
    b"FlateDecode",
    b"Fl",
    b"RunLengthDecode",
    b"RL",
    b"CCITTFaxDecode",
    b"CCF",
    b"JBIG2Decode",
    b"DCTDecode",
    b"DCT",
    b"JPXDecode",
    b"Crypt",
];

/// What the objects of a document say: scripts, actions, files, forms, layers, its tree of pages.
pub(crate) fn oddities(pdf: &Pdf) -> BTreeSet<Oddity> {
    let mut seen = Seen { oddities: BTreeSet::new(), entries: ENTRIES_MAX };
    for object in pdf.objects().into_iter().take(OBJECTS_MAX) {
        seen.object(&object, 0);
    }
    let mut oddities = seen.oddities;
    let xref = pdf.xref();
    let Some(catalog) = xref.get::<Dict<'_>>(xref.root_id()) else { return oddities };
    if catalog.get::<Dict<'_>>("AcroForm").is_some_and(|form| is_form(&form)) {
        oddities.insert(Oddity::Form);
    }
    if xref.has_optional_content_groups() || has_layers(&catalog) {
        oddities.insert(Oddity::Layers);
    }
    if leads_astray(pdf, &catalog) {
        oddities.insert(Oddity::PageTree);
    }
    oddities
}

/// Whether a page's box is missing, empty or huge.
pub(crate) fn has_odd_box(page: &Page<'_>) -> bool {
    let crop = page.intersected_crop_box();
    let is_odd = |side: f64| !(PAGE_SIDE_PT_MIN..=PAGE_SIDE_PT_MAX).contains(&side);
    is_odd(crop.width()) || is_odd(crop.height()) || !has_media_box(page)
}

/// Whether a page has content that could not be unpacked.
pub(crate) fn has_lost_content(page: &Page<'_>) -> bool {
    let stream = page.raw().get::<Stream<'_>>("Contents");
    stream.is_some_and(|stream| is_no_deflate(&stream))
        || (page.page_stream().is_none() && page.raw().contains_key("Contents"))
}

/// Whether a stream that says it is deflated does not begin like one (RFC 1950, 2.2): the interpreter takes what it can of it.
fn is_no_deflate(stream: &Stream<'_>) -> bool {
    let is_deflated = match stream.dict().get::<Object<'_>>("Filter") {
        Some(Object::Name(name)) => is_deflate(&name),
        Some(Object::Array(names)) => names.iter::<Name<'_>>().next().is_some_and(|name| is_deflate(&name)),
        _ => false,
    };
    let data = stream.raw_data();
    is_deflated
        && data
            .first_chunk::<2>()
            .is_some_and(|head| head[0] & 0x0f != 8 || u16::from_be_bytes(*head) % 31 != 0)
}

fn is_deflate(name: &Name<'_>) -> bool {
    matches!(name.as_ref(), b"FlateDecode" | b"Fl")
}

fn has_media_box(page: &Page<'_>) -> bool {
    let mut node = page.raw().clone();
    for _ in 0..PAGE_TREE_DEPTH_MAX {
        if node.get::<Rect>("MediaBox").is_some() {
            return true;
        }
        match node.get::<Dict<'_>>("Parent") {
            Some(parent) => node = parent,
            None => return false,
        }
    }
    false
}

fn is_form(form: &Dict<'_>) -> bool {
    let has_fields = form.get::<Array<'_>>("Fields").is_some_and(|fields| fields.raw_iter().next().is_some());
    has_fields || form.contains_key("XFA")
}

fn has_layers(catalog: &Dict<'_>) -> bool {
    let layers = catalog.get::<Dict<'_>>("OCProperties").and_then(|layers| layers.get::<Array<'_>>("OCGs"));
    layers.is_some_and(|layers| layers.raw_iter().next().is_some())
}

/// Whether the tree of pages leads back to itself, or too deep.
fn leads_astray(pdf: &Pdf, catalog: &Dict<'_>) -> bool {
    let mut known = HashSet::new();
    known.extend(catalog.get_ref("Pages").map(|root| (root.obj_number, root.gen_number)));
    let mut open: Vec<_> = catalog.get::<Dict<'_>>("Pages").map(|root| (root, 0)).into_iter().collect();
    while let Some((node, depth)) = open.pop() {
        let Some(kids) = node.get::<Array<'_>>("Kids") else { continue };
        if depth >= PAGE_TREE_DEPTH_MAX {
            return true;
        }
        for kid in kids.raw_iter() {
            let kid = match kid {
                MaybeRef::NotRef(kid) => kid.into_dict(),
                MaybeRef::Ref(to) => {
                    if !known.insert((to.obj_number, to.gen_number)) {
                        return true;
                    }
                    pdf.xref().get::<Dict<'_>>(to.into())
                }
            };
            if known.len() > PAGE_TREE_NODES_MAX {
                return false;
            }
            open.extend(kid.map(|kid| (kid, depth + 1)));
        }
    }
    false
}

struct Seen {
    oddities: BTreeSet<Oddity>,
    /// Entries that may still be looked at.
    entries: usize,
}

impl Seen {
    fn object(&mut self, object: &Object<'_>, depth: usize) {
        if depth >= OBJECT_DEPTH_MAX {
            return;
        }
        match object {
            Object::Dict(dict) => self.dict(dict, depth),
            Object::Stream(stream) => {
                if names_unknown_filter(stream.dict()) {
                    self.oddities.insert(Oddity::Damaged);
                }
                self.dict(stream.dict(), depth);
            }
            Object::Array(array) => {
                for item in array.raw_iter() {
                    if self.is_over() {
                        return;
                    }
                    if let MaybeRef::NotRef(item) = item {
                        self.object(&item, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn dict(&mut self, dict: &Dict<'_>, depth: usize) {
        for (key, value) in dict.entries() {
            if self.is_over() {
                return;
            }
            let found = match key.as_ref() {
                b"JS" | b"JavaScript" => Some(Oddity::JavaScript),
                b"EF" | b"EmbeddedFiles" => Some(Oddity::EmbeddedFiles),
                b"S" => name(&value).and_then(|name| match name.as_ref() {
                    b"JavaScript" => Some(Oddity::JavaScript),
                    name => LEAVING.contains(&name).then_some(Oddity::Actions),
                }),
                b"Type" => name(&value)
                    .and_then(|name| (name.as_ref() == b"EmbeddedFile").then_some(Oddity::EmbeddedFiles)),
                _ => None,
            };
            self.oddities.extend(found);
            if let MaybeRef::NotRef(value) = value {
                self.object(&value, depth + 1);
            }
        }
    }

    /// Counts an entry; says whether it was one too many.
    fn is_over(&mut self) -> bool {
        self.entries = self.entries.saturating_sub(1);
        self.entries == 0
    }
}

/// Whether a stream is packed in a way that nobody knows: what it holds is lost.
fn names_unknown_filter(dict: &Dict<'_>) -> bool {
    let is_unknown = |name: &Name<'_>| !FILTERS.contains(&name.as_ref());
    match dict.get::<Object<'_>>("Filter") {
        Some(Object::Name(name)) => is_unknown(&name),
        Some(Object::Array(names)) => names.iter::<Name<'_>>().any(|name| is_unknown(&name)),
        _ => false,
    }
}

fn name<'n, 'a>(value: &'n MaybeRef<Object<'a>>) -> Option<&'n Name<'a>> {
    match value {
        MaybeRef::NotRef(Object::Name(name)) => Some(name),
        _ => None,
    }
}
