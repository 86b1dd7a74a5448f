//! The objects of a document → what is strange about it.

use std::collections::{BTreeSet, HashSet};

use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Rect};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use pages::Oddity;

use crate::limits::{
    ENTRIES_MAX, OBJECT_DEPTH_MAX, OBJECTS_MAX, PAGE_SIDE_PT_MAX, PAGE_SIDE_PT_MIN, PAGE_TREE_DEPTH_MAX,
    PAGE_TREE_NODES_MAX,
};

/// Actions that leave the document, by their `S` (ISO 32000-1, 12.6.4, table 198).
const LEAVING: [&[u8]; 6] = [b"Launch", b"URI", b"SubmitForm", b"ImportData", b"GoToR", b"GoToE"];

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
            Object::Stream(stream) => self.dict(stream.dict(), depth),
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

fn name<'n, 'a>(value: &'n MaybeRef<Object<'a>>) -> Option<&'n Name<'a>> {
    match value {
        MaybeRef::NotRef(Object::Name(name)) => Some(name),
        _ => None,
    }
}
