//! Names and other texts of headers.

use super::super::letter;
use super::{PDF, cms, defects, mixed, only, with_attached};
use crate::model::Defect;

fn at(name: &str) -> String {
    name.to_owned()
}

#[test]
fn file_names_are_read_in_every_encoding() {
    for (head, expected) in [
        ("Content-Disposition: attachment; filename=\"a b.pdf\"", "a b.pdf"),
        ("Content-Disposition: attachment; filename=a;\n size=3", "a"),
        (
            "Content-Disposition: attachment; filename*=UTF-8''%D0%9F%D0%B0%D1%81%D0%BF%D0%BE%D1%80%D1%82.pdf",
            "Паспорт.pdf",
        ),
        // A continued name in windows-1251: the character set stands in the first piece only (RFC 2231 §4.1).
        (
            "Content-Disposition: attachment; filename*0*=windows-1251'uk'%CF%E0%F1;\n filename*1*=%EF%EE%F0%F2;\n filename*2=\".pdf\"",
            "Паспорт.pdf",
        ),
        // Pieces out of order, and a letter cut in two.
        ("Content-Disposition: attachment; filename*1*=%9F.pdf; filename*0*=utf-8''%D0", "П.pdf"),
        // The plain name is only for programs that do not know better.
        ("Content-Disposition: attachment; filename=\"_______.pdf\"; filename*=utf-8''%D0%9F.pdf", "П.pdf"),
        (
            "Content-Disposition: attachment; filename=\"=?utf-8?B?0J/QsNGB0L8=?= =?utf-8?B?0L7RgNGCLnBkZg==?=\"",
            "Паспорт.pdf",
        ),
        ("Content-Type: application/pdf;\n name=\"=?koi8-u?Q?=F0=C1=D3=D0=CF=D2=D4=2Epdf?=\"", "Паспорт.pdf"),
        (
            "Content-Type: application/pdf; name=type.pdf\nContent-Disposition: attachment; filename=disposition.pdf",
            "disposition.pdf",
        ),
        ("Content-Disposition: attachment; filename=\"say \\\"so\\\".pdf\"", "say \"so\".pdf"),
        ("Content-Disposition: attachment (a \"comment;) ; FILENAME = \"x;y.pdf\"", "x;y.pdf"),
        ("Content-Type: application/pdf; name=copy (x) of(1).pdf; charset=x", "copy  of(1).pdf"),
        ("Content-Disposition: attachment; filename=\"Довідка.pdf\"", "Довідка.pdf"),
    ] {
        let letter = letter(&mixed(&[(head, PDF)]));
        assert_eq!(only(&letter).file_name, expected, "{head}");
        defects(&letter, &[]);
    }
}

#[test]
fn a_name_in_undeclared_windows_1251_is_read() {
    let head = b"Content-Disposition: attachment; filename=\"\xcf\xe0\xf1\xef\xee\xf0\xf2.pdf\"";
    let mut bytes = b"From: a@b.example\nSubject: \xd2\xe5\xf1\xf2\n".to_vec();
    bytes.extend(head);
    bytes.extend(b"\n\n");
    bytes.extend(PDF);
    let letter = letter(&bytes);
    assert_eq!(only(&letter).file_name, "Паспорт.pdf");
    assert_eq!(letter.subject, "Тест");
}

#[test]
fn encoded_words_cut_inside_a_letter_are_put_together() {
    let letter = letter("From: a@b.example\nSubject: =?UTF-8?B?0KLQtdG?=\n =?utf-8?B?gdGC?= =?utf-8?Q?=20=D1?= =?utf-8?Q?=96?=\n\nx".as_bytes());
    assert_eq!(letter.subject, "Тест і");
}

#[test]
fn names_lose_folders_controls_and_tricks() {
    for (given, expected) in [
        ("..\\\\..\\\\Windows\\\\x.pdf", "x.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\i\\\\a.pdf", "a.pdf"),
        ("a\u{202e}fdp.exe", "afdp.exe"),
        ("a\u{7}b\u{200b}.pdf", "ab.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        (".htaccess", "htaccess"),
        ("a.pdf. ", "a.pdf"),
    ] {
        let letter =
            letter(&mixed(&[(&format!("Content-Disposition: attachment; filename=\"{given}\""), PDF)]));
        assert_eq!(only(&letter).file_name, expected, "{given}");
        assert!(
            letter.defects.contains(&Defect::NameCleaned { at: at(expected) }),
            "{given}: {:?}",
            letter.defects
        );
    }
}

#[test]
fn a_name_of_nothing_but_dots_is_no_name() {
    let letter = letter(&mixed(&[("Content-Disposition: attachment; filename=\"../..\"", PDF)]));
    assert_eq!(only(&letter).file_name, "");
    defects(&letter, &[Defect::NameCleaned { at: at("1") }]);
}

#[test]
fn the_official_colons_and_composed_letters_are_no_defect() {
    let name = "internal-passport-1-02.04.2021-09:48:26.pdf";
    defects(&letter(&with_attached(&[(name, PDF)])), &[]);
    let decomposed = letter(&with_attached(&[("и\u{306}і\u{308}.pdf", PDF)]));
    assert_eq!(only(&decomposed).file_name, "йї.pdf");
    defects(&decomposed, &[]);
}

#[test]
fn a_long_name_keeps_its_ending_and_fits_a_file_system() {
    for c in ["д", "x", "🙂"] {
        let letter = letter(&with_attached(&[(&format!("{}.pdf.p7s", c.repeat(400)), &cms())]));
        let name = &only(&letter).file_name;
        assert!(name.ends_with(".pdf.p7s") && name.len() <= 250 && name.chars().count() <= 120, "{name}");
    }
}

#[test]
fn nothing_dangerous_is_left_in_header_texts() {
    let letter = letter("From: =?utf-8?B?YRtbMzFtYg==?= <a@b.example>\nSubject: =?utf-8?Q?x=0D=0ABcc:_y=E2=80=AE?=\n\nb\u{1b}[2Jc".as_bytes());
    assert_eq!(letter.from.unwrap().name, "a [31mb");
    assert_eq!(letter.subject, "x  Bcc: y");
    assert_eq!(letter.body, "b[2Jc");
}
