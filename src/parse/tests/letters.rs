//! Letters as wholes: who, when, what parts, what text.

use super::super::{Limits, letter, letter_within};
use super::{NAME, PDF, attached, base64, cms, defects, is_cms_of, kinds, mixed, only, with_attached};
use crate::model::{Defect, Digest};

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

#[test]
fn a_field_that_says_two_things_is_told_wherever_it_stands() {
    let told = |letter: &[u8], field: &str| {
        let contradiction = Defect::FieldContradicts { field: field.to_owned() };
        super::super::letter(letter).defects.contains(&contradiction)
    };
    let good = mixed(&[("Content-Type: application/pdf; name=a.pdf", PDF)]);
    for (field, other) in [
        ("Content-Type", "multipart/mixed; boundary=other"),
        ("From", "other@example.com"),
        ("Subject", "other"),
        ("content-transfer-encoding", "base64"),
    ] {
        let again = [format!("{field}: {other}\n{field}: x\n").as_bytes(), &good].concat();
        let name = if field.starts_with("content") { "Content-Transfer-Encoding" } else { field };
        assert!(told(&again, name) && !told(&good, name), "{field}");
        let same = [format!("{field}: {other}\n{field}:  {other}\n").as_bytes(), b"\n"].concat();
        assert!(!told(&same, name), "{field}");
    }
    let part = mixed(&[("Content-Type: application/pdf\nContent-Type: text/plain", PDF)]);
    assert!(told(&part, "Content-Type"));
    let inner = "Subject: a\nSubject: b\nFrom: a@example.com\n\ntext";
    assert!(told(&mixed(&[("Content-Type: message/rfc822", inner.as_bytes())]), "Subject"));
    for (borders, contradict) in [
        ("boundary=a; boundary=b", true),
        ("boundary=a; boundary*=utf-8''b", true),
        ("boundary=a; Boundary=a", false),
        ("boundary*0=a; boundary*1=b", false),
    ] {
        let letter = format!("From: a@example.com\nContent-Type: multipart/mixed; {borders}\n\n--a--\n");
        assert_eq!(told(letter.as_bytes(), "Content-Type"), contradict, "{borders}");
    }
    // What may be there often is no contradiction.
    defects(
        &letter(b"From: a@example.com\nTo: b@c.d\nTo: e@f.g\nReceived: x\nReceived: y\n\n"),
        &[Defect::NothingAttached],
    );
}
