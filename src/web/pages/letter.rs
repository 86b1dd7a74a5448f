//! One letter: what its copies say, whether it is genuine, and its files to take.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use super::light::{Light, light};
use super::rows::document;
use crate::model::{FilingId, FilingView, PictureKind, Reading, in_kyiv};
use crate::parse;
use crate::store::Deed;
use crate::texts::web::{self as words, Lang, Words};
use crate::texts::{self, Said};
use crate::web::Web;
use crate::web::access::Visitor;
use crate::web::fault::Fault;
use crate::web::frame::{Frame, Section, page};
use crate::web::headers::STRANGER_POLICY;

#[derive(Template)]
#[template(path = "letter.html")]
struct Letter {
    frame: Frame,
    t: &'static Words,
    id: i64,
    light: Light,
    facts: Vec<(&'static str, String)>,
    repeats: Option<i64>,
    signatures: Vec<Signature>,
    documents: Vec<Document>,
    remarks: Vec<String>,
    files: Vec<File>,
}

struct Signature {
    file: String,
    colour: &'static str,
    sentence: String,
    next: Option<String>,
}

struct Document {
    place: usize,
    name: String,
    file: String,
    is_unsigned: bool,
    has_picture: bool,
    fields: Vec<(String, String)>,
    warnings: Vec<String>,
    /// Why nothing is shown.
    trouble: Option<String>,
}

struct File {
    place: usize,
    name: String,
    size: String,
}

pub(in crate::web) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(letter): Path<String>,
) -> Result<Response, Fault> {
    let view = found(&web, &visitor, &letter).await?;
    let mut pictured = Vec::with_capacity(view.copies.len());
    for copy in &view.copies {
        pictured.push(match &copy.digest {
            Some(digest) => !web.store().pictures(digest).await?.is_empty(),
            None => false,
        });
    }
    web.store().note_deed(visitor.person.id, Deed::LetterOpened(view.row.id), web.now()).await?;
    let t = visitor.caller.lang.words();
    let title = format!("{} {}{}", t.letter_title, t.codes_number, view.row.id);
    let frame = Frame::of(&visitor, Section::Letters, &title);
    let said = |said: Said| visitor.caller.lang.of(said);
    let signatures = view.verdicts.iter().map(|verdict| Signature {
        file: verdict.p7s.clone(),
        colour: match verdict.indication {
            crate::model::Indication::TotalPassed => "green",
            crate::model::Indication::Indeterminate => "amber",
            crate::model::Indication::TotalFailed => "red",
        },
        sentence: said(texts::verdict(verdict)),
        next: texts::verdict_next_step(verdict).map(said),
    });
    let remarks = view.anomalies.iter().map(texts::anomaly).chain(view.defects.iter().map(texts::defect));
    Ok(page(&Letter {
        id: view.row.id.0,
        light: light(&view.row, t),
        facts: facts(&view, t),
        repeats: view.row.duplicate_of.map(|id| id.0),
        signatures: signatures.collect(),
        documents: documents(&view, &pictured, &visitor),
        remarks: remarks.map(said).collect(),
        files: files(&view, visitor.caller.lang),
        frame,
        t,
    }))
}

/// A letter of the scope; what is not there and what lies outside are answered alike.
async fn found(web: &Web, visitor: &Visitor, id: &str) -> Result<FilingView, Fault> {
    let id: FilingId = id.parse().map_err(|_| Fault::NotFound)?;
    web.store().within(&visitor.scope).letter(id).await?.ok_or(Fault::NotFound)
}

fn facts(view: &FilingView, t: &'static Words) -> Vec<(&'static str, String)> {
    let row = &view.row;
    let facts = [
        (t.letter_received, in_kyiv(row.received_at)),
        (t.letter_from, row.sender.clone()),
        (t.letter_subject, row.subject.clone()),
        (t.letter_branch, row.branch_name.clone().unwrap_or_default()),
        (t.letter_mailbox, row.mailbox.to_string()),
    ];
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn documents(view: &FilingView, pictured: &[bool], visitor: &Visitor) -> Vec<Document> {
    let lang = visitor.caller.lang;
    let one = |(place, copy): (usize, &crate::model::Copy)| {
        let reading = view.readings.get(place).and_then(Option::as_ref);
        let trouble = match reading {
            None => Some(lang.words().letter_unread.to_owned()),
            Some(Reading { trouble: Some(trouble), .. }) => Some(lang.of(texts::reading_trouble(*trouble))),
            Some(_) => None,
        };
        let fields = reading.iter().flat_map(|reading| &reading.fields);
        let warnings = reading.iter().flat_map(|reading| &reading.warnings);
        Document {
            place,
            name: copy.document.as_ref().map_or_else(
                || lang.words().document_unknown.to_owned(),
                |code| document(code.as_str(), lang),
            ),
            file: copy.file_name.clone(),
            is_unsigned: copy.p7s_at.is_none(),
            has_picture: pictured.get(place).copied().unwrap_or_default(),
            fields: fields
                .map(|field| (lang.of(texts::field_name(&field.name)), field.value.clone()))
                .collect(),
            warnings: warnings.map(|warning| lang.of(texts::reading_warning(warning))).collect(),
            trouble,
        }
    };
    view.copies.iter().enumerate().map(one).collect()
}

fn files(view: &FilingView, lang: Lang) -> Vec<File> {
    let one = |(place, (name, kind, bytes, _)): (usize, &(String, String, u64, _))| File {
        place,
        name: safe_name(place + 1, name, kind),
        size: lang.of(words::size(*bytes)),
    };
    view.attachments.iter().enumerate().map(one).collect()
}

/// The whole letter as it came.
pub(in crate::web) async fn eml(
    State(web): State<Web>,
    visitor: Visitor,
    Path(letter): Path<String>,
) -> Result<Response, Fault> {
    let view = found(&web, &visitor, &letter).await?;
    let bytes = web.store().blob(&view.digest).await?;
    let id = view.row.id;
    web.store().note_deed(visitor.person.id, Deed::FileTaken(id, None), web.now()).await?;
    Ok(download(&format!("letter-{id}.eml"), "message/rfc822", bytes))
}

/// A file of the letter.
pub(in crate::web) async fn file(
    State(web): State<Web>,
    visitor: Visitor,
    Path((letter, file)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let view = found(&web, &visitor, &letter).await?;
    let place: usize = file.parse().map_err(|_| Fault::NotFound)?;
    let (name, kind, ..) = view.attachments.get(place).ok_or(Fault::NotFound)?;
    let bytes = web.store().blob(&view.digest).await?;
    let parsed = tokio::task::spawn_blocking(move || {
        let attachments = parse::letter(&bytes).attachments;
        attachments.into_iter().nth(place).map(|attachment| attachment.bytes)
    });
    let bytes = parsed.await.map_err(|_| Fault::Broken)?.ok_or(Fault::NotFound)?;
    web.store().note_deed(visitor.person.id, Deed::FileTaken(view.row.id, Some(place)), web.now()).await?;
    let media = match kind.as_str() {
        "pdf" => "application/pdf",
        "p7s" => "application/pkcs7-signature",
        _ => "application/octet-stream",
    };
    Ok(download(&safe_name(place + 1, name, kind), media, bytes))
}

/// A picture that we made of a copy.
pub(in crate::web) async fn picture(
    State(web): State<Web>,
    visitor: Visitor,
    Path((letter, copy)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let id: FilingId = letter.parse().map_err(|_| Fault::NotFound)?;
    let copy: usize = copy.parse().map_err(|_| Fault::NotFound)?;
    let within = web.store().within(&visitor.scope);
    let png = within.picture(id, copy, PictureKind::Thumbnail).await?.ok_or(Fault::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(STRANGER_POLICY)),
    ];
    Ok((headers, png).into_response())
}

/// Something to be saved and not shown: it came from a stranger.
pub(super) fn download(name: &str, media: &'static str, bytes: impl Into<axum::body::Body>) -> Response {
    // RFC 6266 §4.3: a plain name for old programs, the real one in UTF-8 (RFC 8187).
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let whole: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let whole = whole.replace('+', "%20");
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(STRANGER_POLICY)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    (headers, bytes.into()).into_response()
}

/// A file name that can neither leave a folder nor hide what it is: a number first, then the harmless characters of the
/// given name, and the ending that fits what it is.
fn safe_name(number: usize, given: &str, kind: &str) -> String {
    let harmless = |c: char| if c.is_alphanumeric() || "-_.() №".contains(c) { c } else { '_' };
    let name: String = given.chars().map(harmless).take(100).collect();
    let name = name.trim().trim_matches('.');
    let ending = match kind {
        "pdf" => ".pdf",
        "p7s" => ".p7s",
        _ => "",
    };
    let name =
        if name.to_lowercase().ends_with(ending) { name.to_owned() } else { format!("{name}{ending}") };
    // What a system would start when it is opened gets an ending that nothing starts.
    let name = if ending.is_empty() { format!("{name}.bin") } else { name };
    format!("{number:02}-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_downloaded_file_has_a_harmless_name() {
        for (given, kind, expected) in [
            ("паспорт.pdf", "pdf", "01-паспорт.pdf"),
            ("../../etc/passwd", "p7s", "01-_.._etc_passwd.p7s"),
            ("gpj.exe", "pdf", "01-gpj.exe.pdf"),
            ("run.exe", "other", "01-run.exe.bin"),
            ("a\u{202e}b\r\nc\".pdf", "pdf", "01-a_b__c_.pdf"),
            ("", "pdf", "01-.pdf"),
        ] {
            assert_eq!(safe_name(1, given, kind), expected, "{given:?}");
        }
    }

    #[test]
    fn what_came_from_a_stranger_is_saved_and_can_do_nothing() {
        let response = download("01-паспорт.pdf", "application/pdf", "%PDF");
        let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(
            header("content-disposition"),
            "attachment; filename=\"01-_______.pdf\"; filename*=UTF-8''01-%D0%BF%D0%B0%D1%81%D0%BF%D0%BE%D1%80%D1%82.pdf"
        );
        assert!(header("content-security-policy").contains("sandbox"));
    }
}
