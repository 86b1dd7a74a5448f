//! What attachments are by their bytes.

use std::path::Path;

use super::super::letter;
use super::{PDF, base64, cms, defects, is_cms_of, kinds, mixed, only, with_attached};
use crate::model::Defect;

fn at(name: &str) -> String {
    name.to_owned()
}

#[test]
fn a_pdf_is_known_by_its_bytes_whatever_type_and_disposition_say() {
    for head in [
        "Content-Type: text/plain",
        "Content-Type: text/plain\nContent-Disposition: inline",
        "Content-Type: application/octet-stream\nContent-Disposition: inline; filename=scan",
        "Content-Type: image/png; name=\"x.png\"",
        "X-No-Type: at all",
    ] {
        let letter = letter(&mixed(&[(
            &format!("{head}\nContent-Transfer-Encoding: base64"),
            base64(PDF).as_bytes(),
        )]));
        kinds(&letter, &["pdf"]);
        assert_eq!(only(&letter).bytes, PDF, "{head}");
        defects(&letter, &[]);
    }
}

#[test]
fn a_pdf_declared_as_text_keeps_every_byte() {
    let mut pdf = PDF.to_vec();
    pdf.extend([0xff, 0x00, 0x80, b'\r', 0xfe]);
    let letter = letter(&mixed(&[("Content-Type: text/plain\nContent-Transfer-Encoding: 8bit", &pdf)]));
    assert_eq!(only(&letter).bytes, pdf);
}

#[test]
fn a_text_that_speaks_of_pdf_is_still_a_text() {
    let letter = letter(&mixed(&[("Content-Type: text/plain", b"The file begins with %PDF-1.4, why?")]));
    assert_eq!(letter.body, "The file begins with %PDF-1.4, why?");
    defects(&letter, &[Defect::NothingAttached]);
}

#[test]
fn a_pdf_may_begin_within_its_first_kilobyte() {
    let late = |zeros: usize| [&vec![1; zeros], PDF].concat();
    kinds(&letter(&with_attached(&[("a", &late(1024))])), &["pdf"]);
    kinds(&letter(&with_attached(&[("a", &late(1025))])), &["other"]);
}

#[test]
fn a_cms_with_its_pdf_inside_is_a_cms() {
    let letter = letter(&with_attached(&[("a.p7s", &cms())]));
    assert!(is_cms_of(only(&letter), &cms()));
    defects(&letter, &[]);
}

#[test]
fn a_cms_is_known_in_every_armour() {
    let der = cms();
    let text = base64(&der);
    for armoured in [
        text.clone(),
        format!("\u{feff}{text}\r\n"),
        format!("\r\n  {}\n\n", text.replace("\r\n", "\n")),
        format!("-----BEGIN PKCS7-----\n{text}\n-----END PKCS7-----\n"),
        format!("-----BEGIN CMS-----\r\n{text}\r\n-----END CMS-----"),
        format!(
            "subject=somebody\n-----BEGIN PKCS #7 SIGNED DATA-----\n{text}\n-----END PKCS #7 SIGNED DATA-----"
        ),
    ] {
        let letter = letter(&with_attached(&[("a.p7s", armoured.as_bytes())]));
        assert!(is_cms_of(only(&letter), &der), "{armoured}");
        assert_eq!(only(&letter).bytes, armoured.as_bytes());
        defects(&letter, &[]);
    }
}

#[test]
fn a_text_part_that_is_a_bare_cms_is_a_signature_and_not_a_text() {
    let letter = letter(&mixed(&[("Content-Type: text/plain", base64(&cms()).as_bytes())]));
    assert!(is_cms_of(only(&letter), &cms()));
    assert_eq!(letter.body, "");
}

#[test]
fn a_certificate_in_pem_is_not_a_signature() {
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", base64(&cms()));
    kinds(&letter(&with_attached(&[("a.pem", pem.as_bytes())])), &["other"]);
}

#[test]
fn bytes_after_a_signature_do_not_hide_it() {
    let newline = letter(&with_attached(&[("a.p7s", &[&cms()[..], b"\r\n"].concat())]));
    assert!(is_cms_of(only(&newline), &cms()));
    defects(&newline, &[]);
    let more = letter(&with_attached(&[("a.p7s", &[&cms()[..], b"more"].concat())]));
    assert!(is_cms_of(only(&more), &cms()));
    defects(&more, &[Defect::BytesAfterSignature { at: at("a.p7s") }]);
}

#[test]
fn a_cms_of_indefinite_or_long_length_is_known() {
    let content = &cms()[2..];
    for header in
        [&[0x30, 0x80][..], &[0x30, 0x81, 0x3f], &[0x30, 0x82, 0, 0x3f], &[0x30, 0x84, 0, 0, 0, 0x3f]]
    {
        let der = [header, content].concat();
        assert!(is_cms_of(only(&letter(&with_attached(&[("a.p7s", &der)]))), &der), "{header:?}");
    }
    // A length beyond the end: damaged, but still a signature for the verdict to judge.
    let cut = [&[0x30, 0x82, 0x7f, 0xff][..], content].concat();
    assert!(is_cms_of(only(&letter(&with_attached(&[("a.p7s", &cut)]))), &cut));
}

#[test]
fn an_encrypted_cms_is_said_to_be_one() {
    let mut der = cms();
    der[12] = 0x03;
    let letter = letter(&with_attached(&[("a.bin", &der)]));
    kinds(&letter, &["other"]);
    defects(&letter, &[Defect::Encrypted { at: at("a.bin") }]);
}

#[test]
fn a_pdf_in_undeclared_base64_is_decoded() {
    let letter = letter(&mixed(&[("Content-Type: application/pdf; name=a.pdf", base64(PDF).as_bytes())]));
    assert_eq!(only(&letter).bytes, PDF);
    defects(&letter, &[Defect::UndeclaredEncoding { at: at("a.pdf") }]);
}

#[test]
fn a_name_that_promises_something_else_is_told() {
    let letter = letter(&with_attached(&[
        ("a.pdf", b"MZ"),
        ("a.pdf.p7s", PDF),
        ("PHOTO (1).PDF", b"\xff\xd8\xff"),
        ("b.p7s (1)", &cms()),
        ("c.jpg", b"\xff\xd8"),
    ]));
    kinds(&letter, &["other", "pdf", "other", "p7s", "other"]);
    let says = |name: &str, promised: &str| Defect::NotWhatItsNameSays {
        at: at(name),
        promised: promised.to_owned(),
    };
    defects(&letter, &[says("a.pdf", "pdf"), says("a.pdf.p7s", "p7s"), says("PHOTO (1).PDF", "pdf")]);
}

#[test]
fn a_declared_type_promises_where_there_is_no_name() {
    let letter = letter(&mixed(&[("Content-Type: application/pdf", b"hello")]));
    defects(&letter, &[Defect::NotWhatItsNameSays { at: at("1"), promised: "pdf".to_owned() }]);
}

#[test]
fn damaged_base64_is_damage_and_keeps_what_came() {
    let broken = base64(PDF).replacen('J', "*", 1);
    let damaged = letter(&mixed(&[(
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64",
        broken.as_bytes(),
    )]));
    assert_eq!(only(&damaged).bytes, broken.as_bytes());
    assert_eq!(damaged.defects[0], Defect::DamagedEncoding { at: at("a.pdf") });
    // Two symbols short of a group: the last byte is lost.
    let short = base64(&PDF[..48]);
    let short = letter(&mixed(&[(
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64",
        &short.as_bytes()[..short.len() - 3],
    )]));
    defects(&short, &[Defect::DamagedEncoding { at: at("a.pdf") }]);
    assert_eq!(only(&short).bytes, PDF[..45]);
}

/// The crate behind stops at 0xff and calls what it has so far a whole file; most programs read over it.
#[test]
fn base64_does_not_end_where_another_program_would_read_on() {
    for cut in [0xff_u8, b'!'] {
        let both = [base64(PDF).as_bytes(), &[cut], base64(b"another document").as_bytes()].concat();
        let (head, _) = super::attached("a.pdf", PDF);
        let told = letter(&mixed(&[(&head, &both)]));
        assert_eq!(only(&told).bytes, [&both[..], b""].concat(), "{cut:02x}");
        assert!(told.defects.contains(&Defect::DamagedEncoding { at: at("a.pdf") }), "{:?}", told.defects);
        // Base64 that nothing declares.
        kinds(&letter(&with_attached(&[("a.pdf", &both)])), &["other"]);
        let p7s = [base64(&cms()).as_bytes(), &[cut], base64(&cms()).as_bytes()].concat();
        kinds(&letter(&with_attached(&[("a.p7s", &p7s)])), &["other"]);
    }
}

#[test]
fn what_stands_behind_a_pem_armour_is_told() {
    let armoured = format!("-----BEGIN CMS-----\n{}\n-----END CMS-----\n", base64(&cms()));
    let after = |more: &str| letter(&with_attached(&[("a.p7s", format!("{armoured}{more}").as_bytes())]));
    defects(&after(" \r\n"), &[]);
    for more in [armoured.as_str(), "%PDF-1.4", "x"] {
        let told = after(more);
        assert!(is_cms_of(only(&told), &cms()));
        defects(&told, &[Defect::BytesAfterSignature { at: at("a.p7s") }]);
    }
}

#[test]
fn an_unknown_transfer_encoding_is_told_and_a_parameter_of_a_known_one_is_not() {
    let letter = letter(&mixed(&[
        ("Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: X-UUEncode", PDF),
        (
            "Content-Type: application/pdf; name=b.pdf\nContent-Transfer-Encoding:  BASE64 (yes)",
            base64(b"%PDF-2").as_bytes(),
        ),
    ]));
    defects(&letter, &[Defect::UnknownEncoding { at: at("a.pdf"), encoding: "x-uuencode".to_owned() }]);
}

#[test]
fn a_file_that_only_resembles_a_letter_stays_a_file() {
    let letter =
        letter(&with_attached(&[("notes.txt", b"Subject: x\n\ntext"), ("a.eml", b"no letter at all")]));
    kinds(&letter, &["other", "other"]);
    defects(&letter, &[]);
}

#[test]
fn winmail_archives_and_uuencode_are_told_and_not_lost() {
    let letter = letter(&mixed(&[
        ("Content-Type: text/plain", b"begin 644 copy.pdf\n#0V%T\n`\nend"),
        ("Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22"),
        ("Content-Disposition: attachment; filename=a.zip", b"PK\x03\x04"),
    ]));
    kinds(&letter, &["other", "other"]);
    defects(
        &letter,
        &[
            Defect::Uuencoded { at: at("copy.pdf") },
            Defect::WinmailDat { at: at("winmail.dat") },
            Defect::Archive { at: at("a.zip") },
        ],
    );
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn real_signatures_and_the_official_copy_are_known_and_keep_every_byte() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let mut counts = (0, 0);
    for folder in ["signatures/diia-test", "signatures/revocation", "copy"] {
        let Ok(files) = std::fs::read_dir(data.join(folder)) else {
            eprintln!("skipped: no ../shared/data");
            return;
        };
        for path in files.map(|file| file.unwrap().path()) {
            let bytes = std::fs::read(&path).unwrap_or_default();
            let parsed = letter(&with_attached(&[("x", &bytes)]));
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("p7s") => {
                    counts.0 += 1;
                    let text = letter(&with_attached(&[("x", base64(&bytes).as_bytes())]));
                    assert!(is_cms_of(only(&parsed), &bytes), "{}", path.display());
                    assert!(is_cms_of(only(&text), &bytes), "{}", path.display());
                }
                Some("pdf") => {
                    counts.1 += 1;
                    kinds(&parsed, &["pdf"]);
                    assert_eq!(only(&parsed).bytes, bytes);
                }
                Some("cer" | "crl" | "png" | "dat") => kinds(&parsed, &["other"]),
                _ => {}
            }
        }
    }
    assert!(counts.0 >= 6 && counts.1 >= 1, "{counts:?}");
}
