use super::super::{Limits, letter, letter_within};
use super::{PDF, attached, base64, cms, defects, is_cms_of, kinds, mixed, only, with_attached};
use crate::model::{Defect, Digest};

const NAME: &str = "internal-passport-2858364170864-02.04.2021-09_48_26.pdf";

fn at(name: &str) -> String {
    name.to_owned()
}

#[test]
fn a_good_letter_gives_its_sender_time_text_and_files_without_a_defect() {
    let (pdf_head, pdf) = attached(NAME, PDF);
    let (p7s_head, p7s) = attached(&format!("{NAME}.p7s"), &cms());
    let letter = letter(&mixed(&[
        ("Content-Type: text/plain; charset=utf-8", "Добрий день".as_bytes()),
        (&pdf_head, pdf.as_bytes()),
        (&p7s_head, p7s.as_bytes()),
    ]));
    defects(&letter, &[]);
    let from = letter.from.as_ref().unwrap();
    assert_eq!((from.name.as_str(), from.address.as_str()), ("Іван", "ivan@example.com"));
    assert_eq!(letter.recipients[0].address, "cnap@example.org");
    assert_eq!(letter.subject, "copies");
    assert_eq!(letter.message_id.as_deref(), Some("1@example.com"));
    assert_eq!(letter.sent_at, Some("2026-03-15T10:30:00Z".parse().unwrap()));
    assert_eq!(letter.body, "Добрий день");
    kinds(&letter, &["pdf", "p7s"]);
    assert_eq!(letter.attachments[0].bytes, PDF);
    assert_eq!(letter.attachments[0].digest, Digest::of(PDF));
    assert_eq!(letter.attachments[0].file_name, NAME);
    assert!(is_cms_of(&letter.attachments[1], &cms()));
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
fn an_html_body_gives_its_text_and_is_told() {
    let html = "<html><head><title>t</title><style>p{}</style></head><body><div>7K3F-9M2X</div><div>Ко&shy;пії &amp; інше</div>\
        <script>alert(1)</script><!-- no --><td>а</td><td>б</td></body></html>";
    let letter = letter(&mixed(&[("Content-Type: text/html; charset=utf-8", html.as_bytes())]));
    assert_eq!(letter.body, "7K3F-9M2X Копії & інше а б");
    defects(&letter, &[Defect::HtmlOnly, Defect::NothingAttached]);
}

#[test]
fn of_an_alternative_the_plain_text_counts_and_other_texts_are_kept() {
    let alternative =
        "--a\nContent-Type: text/plain\n\nplain\n--a\nContent-Type: text/html\n\n<p>html</p>\n--a--";
    let letter = letter(&mixed(&[
        ("Content-Type: multipart/alternative; boundary=a", alternative.as_bytes()),
        ("Content-Type: text/html", b"<b>after</b>"),
        ("Content-Type: text/plain", b"end"),
    ]));
    assert_eq!(letter.body, "plain\nafter\nend");
    defects(&letter, &[Defect::NothingAttached]);
}

#[test]
fn texts_are_read_in_their_character_set() {
    for (charset, bytes) in [
        ("; charset=windows-1251", &b"\xcf\xee\xbf\xe7\xe4"[..]),
        ("; charset=koi8-u", b"\xf0\xcf\xa7\xda\xc4"),
        ("", b"\xcf\xee\xbf\xe7\xe4"),
        ("; charset=us-ascii", "Поїзд".as_bytes()),
        ("; charset=nonsense", "Поїзд".as_bytes()),
    ] {
        let letter = letter(&mixed(&[(&format!("Content-Type: text/plain{charset}"), bytes)]));
        assert_eq!(letter.body, "Поїзд", "{charset}");
    }
}

#[test]
fn a_forwarded_letter_is_opened_in_every_form() {
    let inner = String::from_utf8(with_attached(&[(NAME, PDF)])).unwrap();
    let inner = inner.replace("b-1", "inner").replace("Subject: copies", "Subject: Token 7K3F");
    let encoded = base64(inner.as_bytes());
    for (head, body) in [
        ("Content-Type: message/rfc822", inner.clone()),
        (
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\nContent-Disposition: attachment; filename=a.eml",
            format!("\n{inner}"),
        ),
        ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", encoded.clone()),
        (
            "Content-Type: application/octet-stream; name=\"лист.eml\"\nContent-Transfer-Encoding: base64",
            encoded.clone(),
        ),
        ("Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64", encoded),
    ] {
        let letter = letter(&mixed(&[("Content-Type: text/plain", b"see below"), (head, body.as_bytes())]));
        assert_eq!(only(&letter).bytes, PDF, "{head}");
        assert_eq!((only(&letter).depth, only(&letter).file_name.as_str()), (1, NAME));
        assert_eq!(letter.subject, "copies");
        assert_eq!(letter.body, "see below\nToken 7K3F");
        defects(&letter, &[Defect::LetterInside { at: at("Token 7K3F") }]);
    }
}

#[test]
fn what_follows_a_letter_inside_belongs_to_the_outer_one() {
    let inner = "Subject: in\nContent-Type: multipart/mixed; boundary=i\n\n--i\nContent-Type: application/pdf\n\n%PDF-1\n--i--\n";
    let (head, body) = attached("b.pdf", PDF);
    let letter =
        letter(&mixed(&[("Content-Type: message/rfc822", inner.as_bytes()), (&head, body.as_bytes())]));
    assert_eq!(letter.attachments.iter().map(|attachment| attachment.depth).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(letter.attachments[0].bytes, b"%PDF-1");
}

#[test]
fn a_digest_holds_letters_and_a_text_declared_as_a_letter_stays_a_text() {
    let digest = "--d\n\nFrom: x@y.example\nSubject: one\n\nfirst\n--d\n\nSubject: two\n\nsecond\n--d--";
    let letter = letter(&mixed(&[
        ("Content-Type: multipart/digest; boundary=d", digest.as_bytes()),
        ("Content-Type: message/rfc822", b"just words"),
    ]));
    assert_eq!(letter.body, "one\nfirst\ntwo\nsecond\njust words");
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
fn empty_and_repeated_attachments_are_told() {
    let letter = letter(&with_attached(&[("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", b"")]));
    defects(
        &letter,
        &[Defect::RepeatedAttachment { at: at("b.pdf") }, Defect::EmptyAttachment { at: at("c.pdf") }],
    );
}

#[test]
fn a_letter_cut_short_keeps_what_is_there() {
    let whole = with_attached(&[("a.pdf", PDF), ("b.pdf", PDF)]);
    let cut = letter(&whole[..whole.len() - 30]);
    assert_eq!(cut.attachments.len(), 2);
    assert!(cut.defects.contains(&Defect::CutShort));
}

#[test]
fn an_inner_multipart_without_its_end_does_not_swallow_the_rest() {
    let (head, body) = attached("b.pdf", PDF);
    let letter = letter(&mixed(&[
        ("Content-Type: multipart/alternative; boundary=b-12", b"--b-12\n\ntext"),
        (&head, body.as_bytes()),
    ]));
    assert_eq!(letter.body, "text");
    assert_eq!(only(&letter).bytes, PDF);
}

#[test]
fn a_multipart_without_borders_is_kept_as_a_text() {
    for field in ["multipart/mixed", "multipart/mixed; boundary=\"\"", "multipart/mixed; boundary=other"] {
        let letter =
            letter(format!("From: a@b.example\nContent-Type: {field}\n\n--x\n\nhello\n--x--").as_bytes());
        assert!(letter.defects.contains(&Defect::BordersMissing), "{field}");
        let kept = letter.body.contains("hello")
            || letter.attachments.iter().any(|part| part.bytes.ends_with(b"hello\n--x--"));
        assert!(kept, "{field}");
    }
}

#[test]
fn a_border_is_a_whole_line() {
    let letter = letter(&mixed(&[
        ("Content-Type: text/plain", b"not --b-1 a border\n--b-1x\n --b-1\nend"),
        ("Content-Type: application/pdf", PDF),
    ]));
    assert_eq!(letter.body, "not --b-1 a border\n--b-1x\n --b-1\nend");
    assert_eq!(only(&letter).bytes, PDF);
}

#[test]
fn recipients_come_in_their_order_and_from_is_the_first_sender() {
    let letter = letter(
        b"Delivered-To: d@x.example\nEnvelope-To: e@x.example\nX-Original-To: o@x.example\nTo: \"A, B\" <a@x.example>, g: <m@x.example>;\n\
          Cc: c@x.example\nTo: second@x.example\nFrom: one@x.example, two@x.example\n\nhi",
    );
    let all: Vec<&str> = letter.recipients.iter().map(|to| to.address.as_str()).collect();
    assert_eq!(
        all,
        [
            "a@x.example",
            "m@x.example",
            "second@x.example",
            "c@x.example",
            "d@x.example",
            "o@x.example",
            "e@x.example"
        ]
    );
    assert_eq!(letter.recipients[0].name, "A, B");
    assert_eq!(letter.from.unwrap().address, "one@x.example");
}

#[test]
fn nothing_dangerous_is_left_in_header_texts() {
    let letter = letter("From: =?utf-8?B?YRtbMzFtYg==?= <a@b.example>\nSubject: =?utf-8?Q?x=0D=0ABcc:_y=E2=80=AE?=\n\nb\u{1b}[2Jc".as_bytes());
    assert_eq!(letter.from.unwrap().name, "a [31mb");
    assert_eq!(letter.subject, "x  Bcc: y");
    assert_eq!(letter.body, "b[2Jc");
}

#[test]
fn dates_are_read_leniently() {
    for (text, expected) in [
        ("Sun, 15 Mar 2026 12:30:00 +0200", Some("2026-03-15T10:30:00Z")),
        ("15 Mar 26 12:30:00 EST", Some("2026-03-15T17:30:00Z")),
        ("Sun, 15 Mar 2026 12:30 -0330 (Newfoundland)", Some("2026-03-15T16:00:00Z")),
        ("2026-03-15T12:30:00+02:00", Some("2026-03-15T10:30:00Z")),
        ("31 Dec 2016 23:59:60 +0000", Some("2016-12-31T23:59:59Z")),
        ("Sun, 45 Mar 2026 12:30:00 +0200", None),
        ("yesterday", None),
    ] {
        let letter = letter(format!("From: a@b.example\nDate: {text}\n\nx").as_bytes());
        assert_eq!(letter.sent_at, expected.map(|moment| moment.parse().unwrap()), "{text}");
        assert_eq!(letter.defects.contains(&Defect::DateUnreadable), expected.is_none(), "{text}");
    }
}

#[test]
fn what_is_no_letter_is_told() {
    for bytes in [&b""[..], b"\n\n\n", PDF, b"hello\nworld", &[0xff; 300]] {
        let letter = letter(bytes);
        defects(&letter, &[Defect::NotALetter]);
        assert_eq!(letter.content_digest, None);
    }
    defects(&letter(b"To: a@b.example\n\nx"), &[Defect::NoSender, Defect::NothingAttached]);
}

#[test]
fn a_letter_may_begin_with_an_mbox_line_blank_lines_or_a_byte_order_mark() {
    for start in ["From ivan Sun Mar 15 12:30:00 2026\n", "\r\n\r\n", "\u{feff}"] {
        let letter = letter(format!("{start}From: a@b.example\r\nSubject: s\r\n\r\ntext\r\n").as_bytes());
        assert_eq!((letter.subject.as_str(), letter.body.as_str()), ("s", "text"), "{start:?}");
    }
}

#[test]
fn the_content_digest_ignores_the_way_and_the_order_but_not_the_files() {
    let one = letter(&with_attached(&[("a.pdf", PDF), ("a.p7s", &cms())]));
    let again =
        [b"Received: from elsewhere\n".to_vec(), with_attached(&[("b", &cms()), ("c", PDF), ("d", PDF)])]
            .concat();
    assert_eq!(one.content_digest, letter(&again).content_digest);
    assert_ne!(one.content_digest, letter(&with_attached(&[("a.pdf", PDF)])).content_digest);
    let text = |subject: &str, body: &str| {
        letter(format!("From: a@b.example\nSubject: {subject}\n\n{body}").as_bytes())
    };
    assert_eq!(text("a", "b").content_digest, text("a", "b").content_digest);
    assert_ne!(text("a", "b").content_digest, text("ab", "").content_digest);
}

#[test]
fn a_letter_that_is_too_large_still_says_who_sent_it() {
    let limits = Limits { letter_bytes_max: 100, ..Limits::default() };
    let bytes = with_attached(&[("a.pdf", PDF)]);
    let letter = letter_within(&bytes, &limits);
    assert_eq!(letter.subject, "copies");
    assert!(letter.attachments.is_empty() && letter.content_digest.is_none());
    defects(&letter, &[Defect::LetterTooLarge { bytes: bytes.len() as u64, bytes_max: 100 }]);
}
