//! The pieces of a letter → its attachments, with what is odd about each, and its texts.

use super::body::{Text, uuencoded_name};
use super::encoding::{Content, content};
use super::headers::{Field, Head};
use super::kind::{self, Remark, Seen};
use super::name::{Name, harmless};
use super::parameters::Parameters;
use super::structure::{Budget, Fault, Leaf, Piece, head, is_message, pieces};
use super::{Limits, words};
use crate::model::{Attachment, AttachmentKind, Defect, Digest, Letter};

/// Puts every attachment and its defects into the letter; gives the texts for its body.
pub(super) fn collect(bytes: &[u8], limits: &Limits, letter: &mut Letter) -> Vec<Text> {
    let budget = Budget { parts: limits.parts_max, header_bytes: limits.header_bytes_max, alternatives: 0 };
    let mut collector = Collector { limits, letter, budget, texts: Vec::new() };
    collector.open(bytes, 0);
    collector.texts
}

struct Collector<'a> {
    limits: &'a Limits,
    letter: &'a mut Letter,
    budget: Budget,
    texts: Vec<Text>,
}

impl Collector<'_> {
    /// Takes a letter apart that lies `depth` letters deep. Calls itself through [`Self::inner_letter`],
    /// `letter_depth_max` times at most.
    fn open(&mut self, bytes: &[u8], depth: u8) {
        let (pieces, faults) = pieces(bytes, depth, self.limits, &mut self.budget);
        for piece in pieces {
            match piece {
                Piece::Letter { depth: 0, .. } => {}
                Piece::Letter { head, .. } => {
                    let subject = head.subject(self.limits);
                    self.texts.push(Text::line(subject.clone()));
                    self.defect(Defect::LetterInside { at: subject });
                }
                Piece::Leaf(leaf) => self.leaf(&leaf),
            }
        }
        for fault in faults {
            self.fault(fault);
        }
    }

    fn leaf(&mut self, leaf: &Leaf<'_>) {
        let disposition = Parameters::read(&leaf.head.first(Field::ContentDisposition).unwrap_or_default());
        let given = disposition.get("filename").or_else(|| leaf.media.get("name")).unwrap_or_default();
        let name = harmless(&given, self.limits);
        let content = content(&leaf.head, leaf.bytes);
        let media_type = leaf.media.value.as_str();
        let is_text = matches!(media_type, "" | "text" | "text/plain" | "text/html")
            && name.text.is_empty()
            && disposition.value != "attachment";
        let seen = if is_text { kind::of_text(&content.bytes) } else { kind::of(&content.bytes) };
        if is_text && seen.kind == AttachmentKind::Other {
            self.text(leaf, &content, media_type == "text/html");
        } else if seen.kind != AttachmentKind::Other || !self.inner_letter(leaf, &name, &content) {
            self.attachment(leaf, name, content, seen);
        }
    }

    fn text(&mut self, leaf: &Leaf<'_>, content: &Content<'_>, is_html: bool) {
        let charset = leaf.media.get("charset").unwrap_or_default();
        let text = Text::read(&content.bytes, &charset, is_html, leaf.alternative, self.limits);
        if content.is_damaged {
            self.defect(Defect::DamagedText);
        }
        if let Some(name) = uuencoded_name(&text.text) {
            self.defect(Defect::Uuencoded { at: harmless(&name, self.limits).text });
        }
        self.texts.push(text);
    }

    /// Opens a letter that was attached in base64 or as a file; says whether it was one.
    fn inner_letter(&mut self, leaf: &Leaf<'_>, name: &Name, content: &Content<'_>) -> bool {
        if content.is_damaged || !looks_like_letter(leaf, name, &content.bytes, self.limits) {
            return false;
        }
        if leaf.depth >= self.limits.letter_depth_max {
            self.fault(Fault::NestedTooDeep);
            return false;
        }
        self.open(&content.bytes, leaf.depth + 1);
        true
    }

    fn attachment(&mut self, leaf: &Leaf<'_>, name: Name, content: Content<'_>, seen: Seen) {
        let Content { bytes, is_damaged, unknown } = content;
        let at = if name.text.is_empty() {
            (self.letter.attachments.len() + 1).to_string()
        } else {
            name.text.clone()
        };
        let is_hidden = seen.decoded.is_some();
        let bytes = seen.decoded.unwrap_or_else(|| bytes.into_owned());
        let attachment = Attachment {
            digest: Digest::of(&bytes),
            declared_type: words::one_line(&leaf.media.value, self.limits.line_chars_max),
            file_name: name.text,
            kind: seen.kind,
            bytes,
            depth: leaf.depth,
        };
        let promised = promised(&attachment);
        let at_place = || at.clone();
        let defects = [
            name.was_cleaned.then(|| Defect::NameCleaned { at: at_place() }),
            is_damaged.then(|| Defect::DamagedEncoding { at: at_place() }),
            unknown.map(|encoding| Defect::UnknownEncoding { at: at_place(), encoding }),
            is_hidden.then(|| Defect::UndeclaredEncoding { at: at_place() }),
            seen.remark.map(|remark| match remark {
                Remark::BytesAfterSignature => Defect::BytesAfterSignature { at: at_place() },
                Remark::Encrypted => Defect::Encrypted { at: at_place() },
                Remark::Archive => Defect::Archive { at: at_place() },
            }),
            is_winmail(&attachment).then(|| Defect::WinmailDat { at: at_place() }),
            attachment.bytes.is_empty().then(|| Defect::EmptyAttachment { at: at_place() }),
            promised
                .filter(|promised| !attachment.bytes.is_empty() && *promised != attachment.kind.word())
                .map(|promised| Defect::NotWhatItsNameSays { at: at_place(), promised: promised.to_owned() }),
            self.is_repeated(&attachment).then(|| Defect::RepeatedAttachment { at: at_place() }),
        ];
        self.letter.defects.extend(defects.into_iter().flatten());
        self.letter.attachments.push(attachment);
    }

    fn is_repeated(&self, attachment: &Attachment) -> bool {
        !attachment.bytes.is_empty()
            && self.letter.attachments.iter().any(|earlier| earlier.digest == attachment.digest)
    }

    fn fault(&mut self, fault: Fault) {
        let count = |limit: usize| u32::try_from(limit).unwrap_or(u32::MAX);
        self.defect(match fault {
            Fault::TooManyParts => Defect::TooManyParts { parts_max: count(self.limits.parts_max) },
            Fault::NestedTooDeep => Defect::NestedTooDeep { depth_max: self.limits.letter_depth_max },
            Fault::HeadersTooLarge => {
                Defect::HeadersTooLarge { bytes_max: count(self.limits.header_bytes_max) }
            }
            Fault::CutShort => Defect::CutShort,
            Fault::BordersMissing => Defect::BordersMissing,
            Fault::Contradicts(field) => Defect::FieldContradicts { field: field.name().to_owned() },
        });
    }

    /// A defect of the whole letter is said once.
    fn defect(&mut self, defect: Defect) {
        if !self.letter.defects.contains(&defect) {
            self.letter.defects.push(defect);
        }
    }
}

/// A letter attached as a file: it says so, or it has the fields that only a letter has.
fn looks_like_letter(leaf: &Leaf<'_>, name: &Name, bytes: &[u8], limits: &Limits) -> bool {
    let says_so = is_message(&leaf.media.value) || has_ending(&name.text, &[".eml"]);
    let head: Head<'_> = head(bytes, 0, &[], true, limits).0;
    let sent = head.has(Field::From) && (head.has(Field::Date) || head.has(Field::Subject));
    let is_mime = head.has(Field::MimeVersion) || head.has(Field::ContentType);
    if says_so {
        sent || head.has(Field::Subject) && is_mime
    } else {
        sent && is_mime && head.has(Field::Date)
    }
}

/// What the name, or without a name the declared type, promises: a word of [`AttachmentKind::word`].
fn promised(attachment: &Attachment) -> Option<&'static str> {
    let by_name = if has_ending(&attachment.file_name, &[".pdf"]) {
        Some("pdf")
    } else {
        has_ending(&attachment.file_name, &[".p7s", ".p7m", ".p7e"]).then_some("p7s")
    };
    by_name.or(match attachment.declared_type.as_str() {
        "application/pdf" | "application/x-pdf" => Some("pdf"),
        "application/pkcs7-signature"
        | "application/x-pkcs7-signature"
        | "application/pkcs7-mime"
        | "application/x-pkcs7-mime" => Some("p7s"),
        _ => None,
    })
}

fn is_winmail(attachment: &Attachment) -> bool {
    attachment.file_name.eq_ignore_ascii_case("winmail.dat")
        || matches!(attachment.declared_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
        // MS-OXTNEF §2.1.3.1: the signature 0x223E9F78, little-endian.
        || attachment.bytes.starts_with(&[0x78, 0x9f, 0x3e, 0x22])
}

/// Whether the name ends so, whatever its case and a ` (1)` that a program added.
fn has_ending(name: &str, endings: &[&str]) -> bool {
    let lower = name.to_lowercase();
    let plain = lower
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
        .map_or(lower.as_str(), |(name, _)| name);
    endings.iter().any(|ending| plain.ends_with(ending))
}
