//! What is strange about a document, and what cannot be opened at all.

use opener::{Fault, open};
use pages::Oddity;

use crate::draft::{Draft, file, stream};
use crate::{WORDS, opened, seen};

const WORD: &str = "BT /F1 10 Tf 50 40 Td (Mit) Tj ET";

#[track_caller]
fn odd(what: &str, bytes: &[u8], oddities: &[Oddity]) {
    let opened = opened(bytes);
    assert_eq!(opened.oddities, oddities, "{what}");
    assert_eq!(seen(&opened), "Mit", "{what}");
}

#[test]
fn scripts_files_actions_forms_and_layers_are_said() {
    let plain = || Draft::new(WORD);
    odd("plain", &plain().bytes(), &[]);
    let script = "<< /S /JavaScript /JS (app.alert(1)) >>";
    odd("opens", &plain().catalog(&format!("/OpenAction {script}")).bytes(), &[Oddity::JavaScript]);
    let named = plain().catalog("/Names << /JavaScript << /Names [(a) 6 0 R] >> >>").object(script);
    odd("named", &named.bytes(), &[Oddity::JavaScript]);
    let page = plain().page(&format!("/MediaBox [0 0 200 100] /AA << /O {script} >>"));
    odd("of a page", &page.bytes(), &[Oddity::JavaScript]);
    let names = "/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>";
    let files = plain().catalog(names).object("<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>");
    odd("files", &files.stream("/Type /EmbeddedFile", b"MZ").bytes(), &[Oddity::EmbeddedFiles]);
    for action in [
        "/S /Launch /F (a.exe)",
        "/S /URI /URI (https://example.org)",
        "/S /SubmitForm /F (https://example.org)",
        "/S /GoToR /F (b.pdf) /D [0 /Fit]",
    ] {
        let link = format!(
            "/MediaBox [0 0 200 100] /Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << {action} >> >>]"
        );
        odd(action, &plain().page(&link).bytes(), &[Oddity::Actions]);
    }
    odd("inner link", &plain().catalog("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>").bytes(), &[]);
    let field = "<< /FT /Tx /T (a) /Subtype /Widget /Rect [0 0 9 9] >>";
    odd("form", &plain().catalog("/AcroForm << /Fields [6 0 R] >>").object(field).bytes(), &[Oddity::Form]);
    odd("empty form", &plain().catalog("/AcroForm << /Fields [] >>").bytes(), &[]);
    let layers = "/OCProperties << /OCGs [6 0 R] /D << /Order [6 0 R] >> >>";
    let layer = "<< /Type /OCG /Name (a) >>";
    odd("layers", &plain().catalog(layers).object(layer).bytes(), &[Oddity::Layers]);
}

#[test]
fn text_of_a_layer_that_is_off_is_not_read() {
    let layers = "/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>";
    let draft = Draft::new(&format!("/OC /L BDC BT /F1 10 Tf 50 70 Td (off) Tj ET EMC {WORD}"))
        .resources("/Properties << /L 6 0 R >>")
        .catalog(layers)
        .object("<< /Type /OCG /Name (a) >>");
    odd("off", &draft.bytes(), &[Oddity::Layers]);
}

#[test]
fn trees_of_pages_that_lead_astray_are_cut() {
    let looped = Draft::new(WORD).pages("/Type /Pages /Kids [3 0 R 2 0 R 3 0 R] /Count 3");
    odd("back to the root", &looped.bytes(), &[Oddity::PageTree]);
    let deep = |levels: usize| {
        let mut draft = Draft::new(WORD).pages("/Type /Pages /Kids [6 0 R] /Count 1");
        for level in 0..levels {
            let kid = if level + 1 == levels { 3 } else { 7 + level };
            draft = draft.object(&format!("<< /Type /Pages /Kids [{kid} 0 R] /Count 1 /Parent 2 0 R >>"));
        }
        draft.bytes()
    };
    odd("ten levels", &deep(10), &[]);
    odd("ten thousand levels", &deep(10_000), &[Oddity::PageTree]);
}

#[test]
fn of_ten_thousand_pages_only_those_are_looked_at_that_are_wanted() {
    let kids: String = (0..10_000).map(|at| format!("{} 0 R ", 6 + at)).collect();
    let mut draft =
        Draft::new(WORD).pages(&format!("/Type /Pages /Kids [{kids}] /Count 10000 /MediaBox [0 0 200 100]"));
    let page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>";
    for _ in 0..10_000 {
        draft = draft.object(page);
    }
    let opened = opened(&draft.bytes());
    assert_eq!(opened.pages_total, 10_000);
    assert_eq!(opened.pages.len(), 10);
    assert_eq!(opened.pages[9].number, 10);
    assert_eq!(seen(&opened), "Mit".repeat(10));
    assert_eq!(opened.oddities, [Oddity::TooManyPages]);
}

#[test]
fn deep_nesting_ends() {
    let array = "[".repeat(100_000);
    let closed = array.clone() + &"]".repeat(100_000);
    odd("arrays", &Draft::new(WORD).object(&closed).catalog("/A 6 0 R").bytes(), &[]);
    let content = format!("{array} {WORD}");
    let _ = open(&Draft::new(&content).bytes(), &WORDS);
    let states = "q ".repeat(200_000) + WORD;
    odd("states", &Draft::new(&states).bytes(), &[]);
    let dicts = "<< /A ".repeat(50_000) + &">> ".repeat(50_000);
    odd("dictionaries", &Draft::new(WORD).object(&dicts).catalog("/A 6 0 R").bytes(), &[]);
}

#[test]
fn updated_and_broken_files_are_said() {
    let bytes = Draft::new("BT /F1 10 Tf 50 40 Td (old) Tj ET").bytes();
    let first = String::from_utf8_lossy(&bytes).rfind("xref\n0").unwrap();
    let mut updated = bytes.clone();
    let at = updated.len();
    updated.extend_from_slice(b"4 0 obj\n");
    updated.extend_from_slice(&stream("", WORD.as_bytes()));
    updated.extend_from_slice(b"\nendobj\n");
    let start = updated.len();
    let end = format!(
        "xref\n4 1\n{at:010} 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev {first} >>\nstartxref\n{start}\n%%EOF\n"
    );
    updated.extend_from_slice(end.as_bytes());
    odd("updated", &updated, &[Oddity::Updated]);
    let good = Draft::new(WORD).bytes();
    let text = String::from_utf8(good.clone()).unwrap();
    let cut = &text[..text.find("xref").unwrap()];
    odd("no table", cut.as_bytes(), &[Oddity::Rebuilt]);
    let elsewhere = text.replace("startxref\n", "startxref\n1");
    odd("another place", elsewhere.as_bytes(), &[Oddity::Rebuilt]);
    let shifted = text.replacen("%PDF-1.7\n", "%PDF-1.7\n% a word more\n", 1);
    odd("entries that lie", shifted.as_bytes(), &[Oddity::Rebuilt]);
}

#[test]
fn object_streams_and_tables_as_streams_are_read() {
    let draft = Draft::new(WORD);
    let objects = draft.objects();
    // Objects 1, 2, 3, 5 in object 6; the table is object 7.
    let inner = [1, 2, 3, 5].map(|number| (number, &objects[number - 1]));
    let (mut places, mut data) = (String::new(), Vec::new());
    for (number, object) in inner {
        places.push_str(&format!("{number} {} ", data.len()));
        data.extend_from_slice(object);
        data.push(b' ');
    }
    let first = places.len();
    let whole = [places.as_bytes(), &data].concat();
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let content_at = bytes.len();
    bytes.extend_from_slice(&[b"4 0 obj\n", &objects[3][..], b"\nendobj\n"].concat());
    let stream_at = bytes.len();
    let packed = stream(&format!("/Type /ObjStm /N 4 /First {first}"), &whole);
    bytes.extend_from_slice(&[b"6 0 obj\n", &packed[..], b"\nendobj\n"].concat());
    let table_at = bytes.len();
    let row = |kind: u8, second: usize, third: u8| {
        let second = u16::try_from(second).unwrap().to_be_bytes();
        [kind, second[0], second[1], third]
    };
    let rows = [
        row(0, 0, 255),
        row(2, 6, 0),
        row(2, 6, 1),
        row(2, 6, 2),
        row(1, content_at, 0),
        row(2, 6, 3),
        row(1, stream_at, 0),
        row(1, table_at, 0),
    ];
    let table = stream("/Type /XRef /Size 8 /W [1 2 1] /Root 1 0 R", &rows.concat());
    bytes.extend_from_slice(&[b"7 0 obj\n", &table[..], b"\nendobj\n"].concat());
    bytes.extend_from_slice(format!("startxref\n{table_at}\n%%EOF\n").as_bytes());
    odd("object streams", &bytes, &[]);
}

#[test]
fn what_is_damaged_is_said_and_the_rest_is_read() {
    let mut draft = Draft::new(WORD);
    draft.content_entries = "/Filter /FlateDecode".to_owned();
    let lost = opened(&draft.bytes());
    assert_eq!(lost.oddities, [Oddity::Damaged]);
    let image = "/Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode";
    let draft = Draft::new(&format!("{WORD} q 20 0 0 20 0 0 cm /X Do Q"))
        .resources("/XObject << /X 6 0 R >>")
        .stream(image, b"no picture");
    odd("a picture", &draft.bytes(), &[Oddity::Damaged]);
}

/// The file of a draft, encrypted.
fn encrypted(user_password: &str, draft: &Draft) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(&draft.bytes()).unwrap();
    let id = lopdf::Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password,
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn an_encrypted_file_is_read_where_no_password_is_wanted() {
    odd("no password", &encrypted("", &Draft::new(WORD)), &[Oddity::Encrypted]);
    let closed = encrypted("secret", &Draft::new(WORD));
    assert_eq!(open(&closed, &WORDS).unwrap_err(), Fault::Password);
}

#[test]
fn a_stream_that_unpacks_to_far_more_is_read_to_its_end() {
    use std::io::Write as _;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b' '; 30_000_000]).unwrap();
    packer.write_all(WORD.as_bytes()).unwrap();
    let mut draft = Draft::new("");
    draft.content = packer.finish().unwrap();
    assert!(draft.content.len() < 40_000);
    draft.content_entries = "/Filter /FlateDecode".to_owned();
    odd("spaces", &draft.bytes(), &[]);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let fault = |bytes: &[u8]| open(bytes, &WORDS).unwrap_err();
    assert_eq!(fault(b""), Fault::NotPdf);
    assert_eq!(fault(b"GIF89a"), Fault::NotPdf);
    assert_eq!(fault(&[&[b' '; 2_000], b"%PDF-1.7\n".as_slice()].concat()), Fault::NotPdf);
    assert_eq!(fault(b"%PDF-1.7\n"), Fault::NoPages);
    assert_eq!(fault(&[b"%PDF-1.7\n".as_slice(), &[0xa5; 5_000]].concat()), Fault::NoPages);
    let without = file(
        &[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec()],
        "",
    );
    assert_eq!(fault(&without), Fault::NoPages);
}

#[test]
fn octets_before_the_header_are_no_matter() {
    let bytes = [b"\r\n\xef\xbb\xbf".as_slice(), &Draft::new(WORD).bytes()].concat();
    assert_eq!(seen(&opened(&bytes)), "Mit");
}
