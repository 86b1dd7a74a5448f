//! Letters written by hand, one for each thing that goes wrong in real mail.

mod contents;
mod hostile;
mod letters;
mod names;

use crate::model::{Attachment, AttachmentKind, Defect, Letter};

/// A file name as the app gives it.
const NAME: &str = "internal-passport-2858364170864-02.04.2021-09_48_26.pdf";

/// A PDF that is small enough to read here.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// The beginning of a CMS SignedData: enough to be recognised, 63 bytes of content.
fn cms() -> Vec<u8> {
    let mut der =
        vec![0x30, 0x3f, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x32];
    der.extend([0x30, 0x30]);
    der.extend(b"%PDF-1.4 inside: the signed document itself here");
    der
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\r\n")
}

/// A letter of these parts (each its head lines and its body), with CRLF.
fn mixed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut letter =
        b"From: =?utf-8?B?0IbQstCw0L0=?= <ivan@example.com>\nTo: cnap@example.org\nSubject: copies\n\
        Date: Sun, 15 Mar 2026 12:30:00 +0200\nMessage-ID: <1@example.com>\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=\"b-1\"\n\npreamble\n"
            .to_vec();
    for (head, body) in parts {
        letter.extend(format!("--b-1\n{head}\n\n").as_bytes());
        letter.extend(*body);
        letter.extend(b"\n");
    }
    letter.extend(b"--b-1--\n");
    letter
}

fn attached(name: &str, content: &[u8]) -> (String, String) {
    let head = format!(
        "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\
         Content-Disposition: attachment; filename=\"{name}\""
    );
    (head, base64(content))
}

fn with_attached(files: &[(&str, &[u8])]) -> Vec<u8> {
    let parts: Vec<(String, String)> = files.iter().map(|(name, content)| attached(name, content)).collect();
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(head, body)| (head.as_str(), body.as_bytes())).collect();
    mixed(&parts)
}

#[track_caller]
fn only(letter: &Letter) -> &Attachment {
    assert_eq!(letter.attachments.len(), 1, "{:?}", letter.defects);
    &letter.attachments[0]
}

#[track_caller]
fn kinds(letter: &Letter, expected: &[&str]) {
    let words: Vec<&str> = letter.attachments.iter().map(|attachment| attachment.kind.word()).collect();
    assert_eq!(words, expected, "{:?}", letter.defects);
}

#[track_caller]
fn defects(letter: &Letter, expected: &[Defect]) {
    assert_eq!(letter.defects, expected);
}

fn is_cms_of(attachment: &Attachment, expected: &[u8]) -> bool {
    matches!(&attachment.kind, AttachmentKind::Cms { der } if der == expected)
}
