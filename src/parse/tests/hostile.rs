use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::super::{Limits, letter};
use super::{PDF, base64, cms, mixed, with_attached};
use crate::model::{Defect, Letter};

/// Far above what any of these takes on a busy machine without optimisation, far below what a square would take.
const PATIENCE: Duration = Duration::from_secs(20);

#[track_caller]
fn soon(bytes: &[u8]) -> Letter {
    let start = Instant::now();
    let letter = letter(bytes);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    letter
}

#[test]
fn two_hundred_thousand_parts_are_cut_at_the_limit() {
    let mut bytes = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n".to_vec();
    for _ in 0..200_000 {
        bytes.extend(b"--x\nContent-Type: application/pdf\n\n%PDF-\n");
    }
    let letter = soon(&bytes);
    // The multipart itself is one of the parts.
    assert_eq!(letter.attachments.len(), Limits::default().parts_max - 1);
    assert!(letter.defects.contains(&Defect::TooManyParts { parts_max: 500 }));
}

#[test]
fn five_thousand_multiparts_in_each_other_stay_flat() {
    let mut bytes = b"From: a@b.example\n".to_vec();
    for level in 0..5_000 {
        bytes.extend(format!("Content-Type: multipart/mixed; boundary=x{level}\n\n--x{level}\n").as_bytes());
    }
    bytes.extend(b"Content-Type: application/pdf\n\n%PDF-\n");
    let letter = soon(&bytes);
    assert!(letter.defects.contains(&Defect::BordersMissing));
    assert_eq!(letter.attachments.len(), 1);
}

#[test]
fn a_hundred_thousand_letters_in_each_other_stay_flat() {
    let bytes = ["From: a@b.example\n", &"Content-Type: message/rfc822\n\n".repeat(100_000)].concat();
    let letter = soon(bytes.as_bytes());
    assert!(letter.defects.contains(&Defect::NestedTooDeep { depth_max: 8 }));
    assert!(letter.attachments.iter().all(|attachment| attachment.depth <= 8));
}

#[test]
fn letters_encoded_in_each_other_are_opened_to_the_limit() {
    let mut inner = with_attached(&[("a.pdf", PDF)]);
    for _ in 0..12 {
        inner = mixed(&[(
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
            base64(&inner).as_bytes(),
        )]);
    }
    let letter = soon(&inner);
    assert!(letter.defects.contains(&Defect::NestedTooDeep { depth_max: 8 }));
    assert_eq!(letter.attachments.len(), 1);
}

#[test]
fn a_hundred_thousand_headers_do_not_hide_the_letter() {
    let mut text = String::new();
    for number in 0..100_000 {
        writeln!(text, "X-Filler-{number}: to: nobody").unwrap();
    }
    let letter = soon(&[text.into_bytes(), with_attached(&[("a.pdf", PDF)])].concat());
    assert_eq!(letter.attachments.len(), 1);
    assert_eq!(letter.defects, []);
}

#[test]
fn one_giant_header_is_cut() {
    for filler in
        ["=?u?q?", "=?utf-8?B?QUFB?= ", "a@b.example, ", "((((", "\"", "filename*0*=a;", "\n x", "=?", "<"]
    {
        let giant = filler.repeat(4_000_000 / filler.len());
        for field in ["Subject", "To", "Date", "Message-ID", "Content-Type", "Content-Disposition"] {
            let bytes = format!("{field}: {giant}\nFrom: a@b.example\n\nbody");
            let letter = soon(bytes.as_bytes());
            assert_eq!(letter.from.unwrap().address, "a@b.example", "{field} {filler:?}");
            assert!(letter.recipients.len() <= 200 && letter.subject.chars().count() <= 1_000);
        }
    }
}

#[test]
fn many_hostile_headers_end_at_the_limit() {
    let bytes = format!("To: {}\n", "=?u?q?".repeat(1_300)).repeat(2_000) + "From: a@b.example\n\nbody";
    assert!(soon(bytes.as_bytes()).defects.contains(&Defect::HeadersTooLarge { bytes_max: 256 << 10 }));
}

#[test]
fn a_body_is_cut_at_the_limit() {
    for media in ["text/plain", "text/html"] {
        let bytes = format!("From: a@b.example\nContent-Type: {media}\n\n{}", "слово <i> ".repeat(2_000_000));
        let letter = soon(bytes.as_bytes());
        assert!(letter.body.chars().count() <= 100_000);
        assert!(letter.defects.contains(&Defect::BodyCut { chars_max: 100_000 }));
    }
}

#[test]
fn lines_that_look_like_borders_take_no_square() {
    let mut bytes = b"From: a@b.example\n".to_vec();
    for level in 0..29 {
        bytes.extend(format!("Content-Type: multipart/mixed; boundary=x{level}\n\n--x{level}\n").as_bytes());
    }
    bytes.extend(b"\n".iter());
    bytes.extend(b"--x\n".repeat(500_000));
    assert!(soon(&bytes).defects.contains(&Defect::CutShort));
}

/// A small xorshift (Marsaglia 2003), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap()
    }
}

fn corpus() -> Vec<Vec<u8>> {
    let p7s = cms();
    let inner = with_attached(&[("a.pdf", PDF)]);
    let pem = format!("-----BEGIN PKCS7-----\n{}\n-----END PKCS7-----", base64(&p7s));
    vec![
        with_attached(&[("internal-passport-1-02.04.2021-09:48:26.pdf", PDF), ("x.p7s", &p7s)]),
        mixed(&[
            ("Content-Type: multipart/alternative; boundary=\"=_a\"", "--=_a\nContent-Type: text/plain; charset=koi8-u\n\nтекст\n--=_a\nContent-Type: text/html\n\n<p>&amp;&#1080;<br>т</p>\n--=_a--".as_bytes()),
            ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", base64(&inner).as_bytes()),
            ("Content-Disposition: attachment; filename*0*=utf-8''%D0%9F; filename*1*=%D0.pdf", pem.as_bytes()),
        ]),
        mixed(&[("Content-Type: message/rfc822", &inner), ("Content-Transfer-Encoding: quoted-printable", b"=D0=9F=\n a=20\n")]),
        b"Subject: =?utf-8?B?0KLQtdGB0YI=?= =?utf-8?Q?=20x?=\nDate: Sun, 15 Mar 2026 12:30:00 +0200 (c)\nFrom: \"A (b)\" <a@b.example>, g: c@d.example;\nTo: <x@[127.0.0.1]> (comment)\nContent-Type: text/html; charset=utf-16\n\n<div>\xff\xfe<!-- --></div>".to_vec(),
    ]
}

const SPLINTERS: [&[u8]; 16] = [
    b"\n",
    b"\r\n\r\n",
    b"--b-1\n",
    b"--b-1--\n",
    b"=?",
    b"?=",
    b"\"",
    b"(",
    b"<",
    b"&#x110000;",
    b"\xff\xfe",
    b"\0",
    b"=",
    b";",
    b"Content-Type: multipart/mixed; boundary=q\n",
    b"\xd0",
];

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(bytes.len());
        let end = (at + dice.roll(40)).min(bytes.len());
        match dice.roll(5) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(dice.roll(256)).unwrap();
                }
            }
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, SPLINTERS[dice.roll(SPLINTERS.len())].iter().copied())),
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = dice.roll(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            _ => bytes.truncate(bytes.len() - dice.roll(20).min(bytes.len())),
        }
    }
}

#[test]
fn twenty_thousand_damaged_letters_never_panic_and_always_read_the_same() {
    let corpus = corpus();
    let mut dice = Dice(0x5eed_1e77_e25a_11ed);
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..20_000 {
        let mut bytes = corpus[round % corpus.len()].clone();
        mutate(&mut bytes, &mut dice);
        let parsed = letter(&bytes);
        if round % 10 == 0 {
            let again = letter(&bytes);
            assert_eq!(format!("{parsed:?}"), format!("{again:?}"), "round {round}");
        }
        seen.extend(parsed.defects.iter().map(std::mem::discriminant).map(|kind| format!("{kind:?}")));
    }
    // The damage reaches far: most kinds of defect were met.
    assert!(seen.len() >= 12, "{}", seen.len());
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn a_corpus_of_real_and_broken_letters_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/mail");
    let mut files = Vec::new();
    for kind in ["rfc", "legacy", "malformed", "thirdparty"] {
        let Ok(entries) = std::fs::read_dir(folder.join(kind)) else {
            eprintln!("skipped: no ../shared/data");
            return;
        };
        files.extend(
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|e| e == "eml")),
        );
    }
    assert!(files.len() >= 100, "{}", files.len());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let crlf = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace('\n', "\r\n").into_bytes();
        for bytes in [bytes, crlf] {
            let letter = soon(&bytes);
            let is_something =
                !letter.subject.is_empty() || !letter.body.is_empty() || !letter.attachments.is_empty();
            assert!(is_something || !letter.defects.is_empty(), "{}", file.display());
        }
    }
}
