//! A letter and what of it is signed → the documents in it, each once.
//!
//! The documents themselves are not opened here; what their pages say comes later, from a sandbox.

use crate::model::{
    Attachment, AttachmentKind, ContentSource, Copy, Digest, DocumentCode, Letter, Reading, ReadingWay,
    Signed,
};

/// The documents of a letter in its order: a document that is there several times, or signed several times, is one.
///
/// A PDF with its P7S is one document; so is the content inside a P7S, a PDF without a signature, and a P7S whose
/// content is not in the letter (its digest is then unknown). Pairing is `signed`'s, by bytes; names only tell the kind.
/// They tell it of a PDF only: every copy is one, and a signed text under a passport's name is a document of no kind.
#[must_use]
pub fn copies(letter: &Letter, signed: &Signed) -> Vec<Copy> {
    let mut found: Vec<Found> = Vec::new();
    for part in &signed.parts {
        add(&mut found, Found::signed(letter, part.p7s, &part.content));
    }
    for &pdf in &signed.unsigned {
        add(&mut found, Found { pdfs: vec![pdf], ..Found::of(digest_at(letter, pdf), None) });
    }
    found.sort_by_key(Found::place);
    found.iter().map(|found| found.copy(letter)).collect()
}

/// The documents with what their pages say: the page's kind goes before the file name's, which the sender could change.
///
/// A document that is not in the letter, or that was not read, stays as its name tells it.
#[must_use]
pub fn told_by_pages<'a>(
    copies: Vec<Copy>,
    reading_of: impl Fn(&Digest) -> Option<&'a Reading>,
) -> Vec<Copy> {
    let told = |copy: Copy| {
        let reading = copy.digest.as_ref().and_then(&reading_of);
        match reading.and_then(|reading| Some((reading.way, reading.document.clone()?))) {
            Some((way, document)) => Copy { document: Some(document), way, ..copy },
            None => copy,
        }
    };
    copies.into_iter().map(told).collect()
}

/// A document and every place where it is.
#[derive(Debug, Default)]
struct Found {
    digest: Option<Digest>,
    /// For a document that is not there: the signature's own digest, by which repeats of it are known.
    signature: Option<Digest>,
    pdfs: Vec<usize>,
    p7s: Vec<usize>,
    /// The bytes are there, and they are not those of a PDF.
    is_other: bool,
}

impl Found {
    fn of(digest: Option<Digest>, signature: Option<Digest>) -> Self {
        Self { digest, signature, ..Self::default() }
    }

    fn signed(letter: &Letter, p7s: usize, content: &ContentSource) -> Self {
        let found = match content {
            ContentSource::Embedded { digest, is_pdf, beside } => {
                Self { pdfs: beside.clone(), is_other: !is_pdf, ..Self::of(Some(*digest), None) }
            }
            ContentSource::Detached { at } => {
                let first = at.first().and_then(|&first| letter.attachments.get(first));
                let is_other = first.is_some_and(|first| first.kind != AttachmentKind::Pdf);
                Self { pdfs: at.clone(), is_other, ..Self::of(first.map(|first| first.digest), None) }
            }
            ContentSource::Named { at } => Self { pdfs: vec![*at], ..Self::of(digest_at(letter, *at), None) },
            ContentSource::Missing { .. } | ContentSource::Unreadable => {
                Self::of(None, digest_at(letter, p7s))
            }
        };
        Self { p7s: vec![p7s], ..found }
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.digest.is_some() || self.signature.is_some())
            && (self.digest, self.signature) == (other.digest, other.signature)
    }

    /// Where it first occurs.
    fn place(&self) -> Option<usize> {
        self.pdfs.iter().chain(&self.p7s).copied().min()
    }

    fn copy(&self, letter: &Letter) -> Copy {
        let (document, file_name) = best_name(letter, self.pdfs.iter().chain(&self.p7s));
        let document = document.filter(|_| !self.is_other);
        Copy {
            digest: self.digest,
            way: if document.is_some() { ReadingWay::FileName } else { ReadingWay::Unread },
            document,
            file_name,
            pdf_at: self.pdfs.iter().copied().min(),
            p7s_at: self.p7s.iter().copied().min(),
        }
    }
}

fn add(found: &mut Vec<Found>, next: Found) {
    match found.iter_mut().find(|earlier| earlier.is_same(&next)) {
        Some(earlier) => {
            earlier.pdfs.extend(next.pdfs);
            earlier.p7s.extend(next.p7s);
        }
        None => found.push(next),
    }
}

fn digest_at(letter: &Letter, place: usize) -> Option<Digest> {
    letter.attachments.get(place).map(|attachment| attachment.digest)
}

/// The first name that tells a kind of document, else the first name at all.
fn best_name<'a>(letter: &Letter, places: impl Iterator<Item = &'a usize>) -> (Option<DocumentCode>, String) {
    let names: Vec<&str> = places
        .filter_map(|&place| letter.attachments.get(place))
        .map(|Attachment { file_name, .. }| file_name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    let telling = names.iter().find_map(|name| Some((super::file_name::document(name)?, *name)));
    match telling {
        Some((document, name)) => (Some(document), name.to_owned()),
        None => (None, names.first().copied().unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SignedPart;

    const PASSPORT: &str = "internal-passport-1-02.04.2021-09_48_26.pdf";

    fn letter(files: &[(&str, &str)]) -> Letter {
        let attachments = files
            .iter()
            .map(|(file_name, content)| Attachment {
                file_name: (*file_name).to_owned(),
                declared_type: String::new(),
                kind: if file_name.ends_with(".p7s") || file_name.is_empty() {
                    AttachmentKind::Cms { der: vec![] }
                } else {
                    AttachmentKind::Pdf
                },
                digest: Digest::of(content.as_bytes()),
                bytes: content.as_bytes().to_vec(),
                depth: 0,
            })
            .collect();
        Letter { attachments, ..Letter::default() }
    }

    fn part(p7s: usize, content: ContentSource) -> SignedPart {
        SignedPart { p7s, content }
    }

    fn embedded(content: &str, beside: &[usize]) -> ContentSource {
        ContentSource::Embedded {
            digest: Digest::of(content.as_bytes()),
            is_pdf: true,
            beside: beside.to_vec(),
        }
    }

    /// Digest of which content, document, PDF's place, P7S's place, file name.
    type Row<'a> = (Option<&'a str>, Option<&'a str>, Option<usize>, Option<usize>, &'a str);

    #[track_caller]
    fn found(letter: &Letter, signed: &Signed, expected: &[Row<'_>]) {
        let copies = copies(letter, signed);
        assert_eq!(copies.len(), expected.len(), "{copies:?}");
        for (copy, (content, document, pdf_at, p7s_at, file_name)) in copies.iter().zip(expected) {
            assert_eq!(copy.digest, content.map(|content| Digest::of(content.as_bytes())));
            assert_eq!(copy.document.as_ref().map(DocumentCode::as_str), *document);
            assert_eq!((copy.pdf_at, copy.p7s_at, copy.file_name.as_str()), (*pdf_at, *p7s_at, *file_name));
            let way = if document.is_some() { ReadingWay::FileName } else { ReadingWay::Unread };
            assert_eq!(copy.way, way);
        }
    }

    #[test]
    fn every_way_of_signing_gives_one_document_in_the_letters_order() {
        let letter = letter(&[
            ("scan.pdf", "unsigned"),
            ("taxpayer-card-2-02.04.2021-09_48_26.pdf.p7s", "sig detached"),
            ("taxpayer-card-2-02.04.2021-09_48_26.pdf", "detached"),
            ("", "sig embedded"),
            (PASSPORT, "embedded"),
            ("driver-license-3-02.04.2021-09:48:26.pdf.p7s", "sig missing"),
            ("x.p7s", "sig alone"),
        ]);
        let signed = Signed {
            parts: vec![
                part(1, ContentSource::Detached { at: vec![2] }),
                part(3, embedded("embedded", &[4])),
                part(5, ContentSource::Missing { candidates: vec![0] }),
                part(6, embedded("only inside", &[])),
            ],
            unsigned: vec![0],
        };
        found(
            &letter,
            &signed,
            &[
                (Some("unsigned"), None, Some(0), None, "scan.pdf"),
                (
                    Some("detached"),
                    Some("taxpayer-card"),
                    Some(2),
                    Some(1),
                    "taxpayer-card-2-02.04.2021-09_48_26.pdf",
                ),
                (Some("embedded"), Some("internal-passport"), Some(4), Some(3), PASSPORT),
                (None, Some("driver-license"), None, Some(5), "driver-license-3-02.04.2021-09:48:26.pdf.p7s"),
                (Some("only inside"), None, None, Some(6), "x.p7s"),
            ],
        );
    }

    #[test]
    fn a_document_that_comes_several_times_is_one_under_its_best_name() {
        let letter = letter(&[
            ("a.pdf", "one"),
            ("a.p7s", "sig"),
            (PASSPORT, "one"),
            ("b.p7s", "other sig"),
            ("c.p7s", "lost"),
            ("d.p7s", "lost"),
        ]);
        let signed = Signed {
            parts: vec![
                part(1, embedded("one", &[0, 2])),
                part(3, ContentSource::Detached { at: vec![0, 2] }),
                part(4, ContentSource::Unreadable),
                part(5, ContentSource::Unreadable),
            ],
            unsigned: vec![],
        };
        found(
            &letter,
            &signed,
            &[
                (Some("one"), Some("internal-passport"), Some(0), Some(1), PASSPORT),
                (None, None, None, Some(4), "c.p7s"),
            ],
        );
    }

    #[test]
    fn two_copies_of_an_unsigned_pdf_are_one() {
        let letter = letter(&[("a.pdf", "one"), ("b.pdf", "one"), ("c.pdf", "two")]);
        let signed = Signed { parts: vec![], unsigned: vec![0, 1, 2] };
        found(
            &letter,
            &signed,
            &[(Some("one"), None, Some(0), None, "a.pdf"), (Some("two"), None, Some(2), None, "c.pdf")],
        );
    }

    #[test]
    fn the_p7s_tells_the_kind_when_the_pdf_lost_its_name() {
        let letter =
            letter(&[("document.pdf", "one"), ("student-id-card-9-02.04.2021-09_48_26.pdf.p7s", "sig")]);
        let signed =
            Signed { parts: vec![part(1, ContentSource::Detached { at: vec![0] })], unsigned: vec![] };
        let name = "student-id-card-9-02.04.2021-09_48_26.pdf.p7s";
        found(&letter, &signed, &[(Some("one"), Some("student-id-card"), Some(0), Some(1), name)]);
    }

    #[test]
    fn a_name_makes_no_passport_of_what_is_no_pdf() {
        let p7s = format!("{PASSPORT}.p7s");
        let mut letter = letter(&[(PASSPORT, "text"), (&p7s, "sig")]);
        letter.attachments[0].kind = AttachmentKind::Other;
        let beside =
            Signed { parts: vec![part(1, ContentSource::Detached { at: vec![0] })], unsigned: vec![] };
        found(&letter, &beside, &[(Some("text"), None, Some(0), Some(1), PASSPORT)]);
        // One signed file inside another is no PDF either.
        letter.attachments[0].kind = AttachmentKind::Cms { der: vec![] };
        found(&letter, &beside, &[(Some("text"), None, Some(0), Some(1), PASSPORT)]);
        let inside = ContentSource::Embedded { digest: Digest::of(b"note"), is_pdf: false, beside: vec![] };
        let inside = Signed { parts: vec![part(1, inside)], unsigned: vec![] };
        found(&letter, &inside, &[(Some("note"), None, None, Some(1), &p7s)]);
    }

    #[test]
    fn what_the_page_says_goes_before_the_file_name() {
        let letter = letter(&[(PASSPORT, "card"), ("scan.pdf", "unread"), ("b.pdf", "no kind")]);
        let copies = copies(&letter, &Signed { parts: vec![], unsigned: vec![0, 1, 2] });
        let card = Reading {
            way: ReadingWay::Outlines,
            document: Some("taxpayer-card".parse().unwrap()),
            ..Reading::default()
        };
        let no_kind = Reading { way: ReadingWay::Ocr, ..Reading::default() };
        let told = told_by_pages(copies.clone(), |digest| {
            [(b"card".as_slice(), &card), (b"no kind", &no_kind)]
                .into_iter()
                .find_map(|(content, reading)| (Digest::of(content) == *digest).then_some(reading))
        });
        assert_eq!(told[0].document.as_ref().unwrap().as_str(), "taxpayer-card");
        assert_eq!((told[0].way, &told[0].file_name), (ReadingWay::Outlines, &copies[0].file_name));
        assert_eq!(told[1..], copies[1..]);
    }

    #[test]
    fn places_that_are_not_in_the_letter_are_no_panic() {
        let signed = Signed {
            parts: vec![part(7, ContentSource::Detached { at: vec![] }), part(8, ContentSource::Unreadable)],
            unsigned: vec![9],
        };
        assert_eq!(copies(&letter(&[]), &signed).len(), 3);
    }
}
