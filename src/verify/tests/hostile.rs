//! Files that were changed bit by bit, cut short or stirred: no panic, and no pass for anything that was not signed.

use super::*;
use crate::model::{ContentSource, Digest};
use crate::verify::limits::LETTER_SIGNATURES_MAX;
use crate::verify::testing::{CertificateSpec, Hash, Key, SignerSpec, element, octets, sequence, set};
use crate::verify::tlv;

/// A good attached signature with unsigned attributes and with its authority's certificate inside.
fn file() -> Vec<u8> {
    let spec = CmsSpec::good(PDF, true).signer(|mut signer| {
        let unsigned = sequence(&[element(tlv::OID, &[0x2a, 0x03]), set(&[octets(b"unsigned")])]);
        signer.unsigned_attributes = element(tlv::CONTEXT + 1, &unsigned);
        signer
    });
    spec.make()
}

/// Every place where a piece stands in the file.
fn places_of(file: &[u8], piece: &[u8]) -> Vec<usize> {
    let places = file.windows(piece.len()).enumerate().filter(|(_, window)| *window == piece);
    places.map(|(at, _)| at).collect()
}

#[test]
fn no_flipped_bit_passes_except_where_nothing_is_signed() {
    let file = file();
    passes(&judge_file(&file, &trust()));
    // What RFC 5652 leaves unsigned and what proves nothing here: the two version numbers and the unsigned attributes'
    // contents.
    // SignedData's version stands before the first SET, SignerInfo's is the last INTEGER 1 before a SEQUENCE (an
    // authority's serial number is another one).
    let signed_data_version = places_of(&file, &[0x02, 0x01, 0x01, 0x31])[0] + 2;
    let signer_version = places_of(&file, &[0x02, 0x01, 0x01, 0x30]).pop().unwrap() + 2;
    let unsigned = b"\x06\x02\x2a\x03\x31\x0a\x04\x08unsigned";
    // With the headers of the one attribute and of the set of them.
    let unsigned_attributes = places_of(&file, unsigned)[0] - 4..file.len();
    let may_pass =
        |at: usize| at == signed_data_version || at == signer_version || unsigned_attributes.contains(&at);
    let mut passed = Vec::new();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone();
            changed[at] ^= 1 << bit;
            let letter = letter(&[("a.p7s", &changed)]);
            let Some(verdict) = judge(&letter, &trust()).pop() else { continue };
            if verdict.indication != Indication::TotalPassed {
                continue;
            }
            assert!(may_pass(at), "bit {bit} of byte {at} changed and it passed");
            let unchanged = ContentSource::Embedded { digest: Digest::of(PDF), is_pdf: true, beside: vec![] };
            assert_eq!(verdict.content, unchanged, "bit {bit} of byte {at}");
            passed.push(at);
        }
    }
    assert!(
        passed.contains(&(file.len() - 1)) && passed.contains(&signer_version),
        "the regions that may pass do pass somewhere"
    );
}

#[test]
fn no_flipped_bit_of_a_signed_document_beside_passes() {
    let p7s = CmsSpec::good(PDF, false).make();
    for at in 0..PDF.len() {
        for bit in 0..8 {
            let mut changed = PDF.to_vec();
            changed[at] ^= 1 << bit;
            let verdict = judge(&letter(&[("a.p7s", &p7s), ("a.pdf", &changed)]), &trust()).remove(0);
            // Without the mark of a PDF it is no document that the P7S could be laid beside.
            let is_pdf = at >= b"%PDF-".len();
            let expected =
                if is_pdf { SubIndication::HashFailure } else { SubIndication::SignedDataNotFound };
            assert_eq!(verdict.sub_indication, Some(expected), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn a_file_cut_short_anywhere_is_a_format_failure() {
    let file = file();
    for length in 1..file.len() {
        let verdict = judge_file(&file[..length], &trust());
        assert_eq!(verdict.sub_indication, Some(SubIndication::FormatFailure), "the first {length} bytes");
        assert_eq!(verdict.content, ContentSource::Unreadable);
    }
}

#[test]
fn a_certificate_cut_short_or_flipped_anywhere_neither_panics_nor_helps() {
    for at in 0..PKI.authority.len() {
        let mut spec = CmsSpec::good(PDF, true);
        for bit in 0..8 {
            let mut changed = PKI.authority.clone();
            changed[at] ^= 1 << bit;
            spec.certificates = vec![PKI.signer.clone(), changed];
            assert_ne!(judge_spec(&spec).indication, Indication::TotalPassed, "bit {bit} of byte {at}");
        }
        let (trust, faults) = Trust::new(vec![PKI.root[..at.min(PKI.root.len() - 1)].to_vec()]);
        assert!(!faults.is_empty() && trust.anchors().count() == 0);
    }
}

/// A small generator of repeatable noise (SplitMix64).
struct Noise(u64);

impl Noise {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }
}

fn stir(file: &mut Vec<u8>, noise: &mut Noise) {
    const TELLING: [u8; 16] =
        [0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff, 0x02, 0x04, 0x24, 0x30, 0x31, 0xa0, 0xa1];
    for _ in 0..=noise.next(4) {
        if file.is_empty() {
            return;
        }
        let at = noise.next(file.len());
        match noise.next(6) {
            0 => file[at] = TELLING[noise.next(TELLING.len())],
            1 => file[at] ^= 1 << noise.next(8),
            2 => {
                file.remove(at);
            }
            3 => file.insert(at, TELLING[noise.next(TELLING.len())]),
            4 => {
                let end = (at + noise.next(64)).min(file.len());
                let piece = file[at..end].to_vec();
                let to = noise.next(file.len());
                file.splice(to..to, piece);
            }
            _ => {
                let end = (at + noise.next(64)).min(file.len());
                file.drain(at..end);
            }
        }
    }
}

#[test]
fn twenty_thousand_stirred_files_make_no_panic_and_pass_only_over_what_was_signed() {
    let rsa = Key::rsa(2048);
    let root = CertificateSpec::authority("R", &rsa, "R", &rsa).make();
    let indefinite = [vec![0x30, 0x80], file()[4..].to_vec(), vec![0, 0]].concat();
    let seeds = [file(), CmsSpec::good(PDF, false).make(), indefinite];
    let trust = trust_in(&[&PKI.root, &root]);
    for (seed, original) in seeds.iter().enumerate() {
        let mut noise = Noise(seed as u64);
        for round in 0..7_000 {
            let mut changed = original.clone();
            stir(&mut changed, &mut noise);
            // As the parser may hand over anything for a CMS, so does this.
            let mut letter = letter(&[("a.p7s", &changed), ("a.pdf", PDF)]);
            letter.attachments[0].kind = crate::model::AttachmentKind::Cms { der: changed.clone() };
            let verdict = judge(&letter, &trust).remove(0);
            if verdict.indication == Indication::TotalPassed {
                let over_the_signed = match &verdict.content {
                    ContentSource::Embedded { digest, .. } => *digest == Digest::of(PDF),
                    ContentSource::Detached { at } => *at == [1],
                    _ => false,
                };
                assert!(over_the_signed, "seed {seed}, round {round}: {changed:02x?}");
            }
            let _ = Trust::from_files([("x".to_owned(), changed)].into_iter());
        }
    }
}

#[test]
fn a_letter_asks_for_so_many_checks_of_signatures_and_no_more() {
    let pki = &*PKI;
    let mut spec = CmsSpec::good(PDF, true);
    for _ in 1..32 {
        spec.signers.push(SignerSpec::new(&pki.signer_key, &pki.signer, Hash::Sha256, PDF));
    }
    let p7s = spec.make();
    // One check a signer, and two certificates' for the whole letter.
    let passed = (LETTER_SIGNATURES_MAX - 2) / 32;
    let letter = letter(&vec![("a.p7s", p7s.as_slice()); passed + 2]);
    let verdicts = judge(&letter, &trust());
    for verdict in &verdicts[..passed] {
        passes(verdict);
    }
    let over = Reason::OverBudget { limit: "LETTER_SIGNATURES_MAX".to_owned() };
    for verdict in &verdicts[passed..] {
        is_indeterminate(verdict, SubIndication::CertificateChainGeneralFailure, &over);
    }
}
