//! Lists made to cost time or to be misread, and twenty thousand damaged ones.

use super::*;
use crate::verify::{Trust, TrustFault};

#[test]
fn a_document_type_and_its_entities_are_refused() {
    let list = Spec::usual().make();
    let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    refused(&format!("{bomb}{list}"), "document type declaration");
    refused(&format!("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">{list}"), "document type declaration");
    refused(&list.replace("Надавач", "&b;"), "it is not well-formed XML");
}

#[test]
fn what_is_too_deep_or_too_large_is_refused_before_it_is_read() {
    let deep = format!("{}{}", "<a>".repeat(500_000), "</a>".repeat(500_000));
    refused(
        &Spec { body: body(&deep), ..Spec::usual() }.make(),
        "deeper elements than any trusted list (limit 64)",
    );
    refused(&format!("<a {}/>", "b='' ".repeat(100_000)), "more attributes in one element");
    refused(&"<a xmlns:b=''>".repeat(60), "more namespaces at one place");
    refused(
        &format!("<a>{}</a>", "<b/>".repeat(1_000_001)),
        "it is not well-formed XML in UTF-8 (nodes limit",
    );
    let large = vec![b' '; limits::LIST_BYTES_MAX + 1];
    assert!(TrustedList::read(&large, &[]).unwrap_err().to_string().contains("more octets"));
    let many = service(CA_QC, GRANTED, &vec![&SCHEME.authority[..]; 65]);
    refused(&Spec { body: body(&many), ..Spec::usual() }.make(), "more certificates in one service");
    assert!(TrustedList::read(&[0xff, 0xfe, b'<'], &[]).unwrap_err().to_string().contains("UTF-8"));
}

#[test]
fn a_signed_list_without_sense_is_refused_whole() {
    for (from, to, sentence) in [
        ("<TSLSequenceNumber>17", "<TSLSequenceNumber>many", "a TSLSequenceNumber"),
        ("2026-07-01T00:00:00+00:00", "soon", "a NextUpdate"),
        ("<ServiceTypeIdentifier>", "<Other>", "a ServiceTypeIdentifier"),
        ("<X509Certificate>", "<X509Certificate>!", "a certificate in base64"),
        ("<ServiceStatus>", "<ServiceStatus></ServiceStatus><ServiceStatus>", "a ServiceStatus once"),
    ] {
        let mut body = body(&usual()).replacen(from, to, 1);
        if to == "<Other>" {
            body = body.replacen("</ServiceTypeIdentifier>", "</Other>", 1);
        }
        refused(&Spec { body, ..Spec::usual() }.make(), sentence);
    }
}

/// A small generator of the same numbers in every run (Steele, Lea, Flood 2014: SplitMix64).
pub(super) struct Seeded(pub(super) u64);

impl Seeded {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// Each damaged list is refused, or says the same as before: what was signed is all there.
#[test]
fn twenty_thousand_damaged_lists_never_panic_and_never_say_something_else() {
    let good = Spec::usual().make().into_bytes();
    let pinned = [certificate(&SCHEME.signer)];
    let before = TrustedList::read(&good, &pinned).unwrap();
    let words: [&[u8]; 12] = [
        b"<!-- -->",
        b"<![CDATA[",
        b"]]>",
        b"<?p?>",
        b"&amp;",
        b" ",
        b"<",
        b">",
        b"xmlns=\"\"",
        b"Id=\"list\"",
        b"/",
        b"\xd0",
    ];
    let mut seeded = Seeded(2026);
    let (mut unchanged, mut refused) = (0, 0);
    for number in 0..20_000 {
        let mut list = good.clone();
        for _ in 0..=seeded.below(2) {
            if list.is_empty() {
                break;
            }
            let at = seeded.below(list.len());
            let end = (at + seeded.below(40)).min(list.len());
            match seeded.below(5) {
                0 => list[at] ^= 1 << seeded.below(8),
                1 => drop(list.drain(at..end)),
                2 => {
                    let piece = list[at..end].to_vec();
                    let to = seeded.below(list.len());
                    list.splice(to..to, piece);
                }
                3 => {
                    let word = words[seeded.below(words.len())];
                    list.splice(at..at, word.iter().copied());
                }
                _ => list.truncate(at),
            }
        }
        match TrustedList::read(&list, &pinned) {
            Ok(read) => {
                assert_eq!(
                    (&read.scheme, &read.services),
                    (&before.scheme, &before.services),
                    "{}",
                    String::from_utf8_lossy(&list)
                );
                unchanged += 1;
            }
            Err(_) => refused += 1,
        }
        if number % 10 == 0 {
            let _ = ListPreview::read(&list);
        }
    }
    assert!(refused > 15_000 && unchanged > 10, "{unchanged} say the same, {refused} refused");
}

#[test]
fn a_damaged_list_in_the_folder_leaves_the_rest_of_it() {
    let list = Spec::usual().make();
    let cut = list.as_bytes()[..list.len() / 2].to_vec();
    let key = Key::p256("folder root");
    let root = CertificateSpec::authority("Корінь", &key, "Корінь", &key).make();
    let files = [("list.xml".to_owned(), cut), ("root.cer".to_owned(), root)].into_iter();
    let (trust, faults) = Trust::from_folder(files, std::iter::empty());
    assert_eq!(trust.anchors().count(), 1);
    assert!(matches!(faults[..], [TrustFault::List { .. }]), "{faults:?}");
}
