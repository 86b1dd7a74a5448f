//! Header lines → the fields that matter, and those of the letter itself → who, to whom, when, about what.

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, DateTime, HeaderValue};

use super::words::{decoded, one_line, recoded, unfolded};
use super::{Limits, structure};
use crate::model::{Address, Defect, Letter, Timestamp};

/// A header field that is read; all others are passed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    From,
    To,
    Cc,
    DeliveredTo,
    XOriginalTo,
    EnvelopeTo,
    Subject,
    Date,
    MessageId,
    MimeVersion,
    ContentType,
    ContentDisposition,
    ContentTransferEncoding,
}

impl Field {
    /// Its name as people write it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::From => "From",
            Self::To => "To",
            Self::Cc => "Cc",
            Self::DeliveredTo => "Delivered-To",
            Self::XOriginalTo => "X-Original-To",
            Self::EnvelopeTo => "Envelope-To",
            Self::Subject => "Subject",
            Self::Date => "Date",
            Self::MessageId => "Message-ID",
            Self::MimeVersion => "MIME-Version",
            Self::ContentType => "Content-Type",
            Self::ContentDisposition => "Content-Disposition",
            Self::ContentTransferEncoding => "Content-Transfer-Encoding",
        }
    }
}

/// Fields by their names in lower case.
const FIELDS: [(&[u8], Field); 13] = [
    (b"from", Field::From),
    (b"to", Field::To),
    (b"cc", Field::Cc),
    (b"delivered-to", Field::DeliveredTo),
    (b"x-original-to", Field::XOriginalTo),
    (b"envelope-to", Field::EnvelopeTo),
    (b"subject", Field::Subject),
    (b"date", Field::Date),
    (b"message-id", Field::MessageId),
    (b"mime-version", Field::MimeVersion),
    (b"content-type", Field::ContentType),
    (b"content-disposition", Field::ContentDisposition),
    (b"content-transfer-encoding", Field::ContentTransferEncoding),
];

/// The fields of one header block, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Head<'a> {
    fields: Vec<(Field, &'a [u8])>,
    /// Lines of the form `name: value`, also those that are not read.
    pub(super) lines: usize,
    /// Bytes of the fields kept.
    pub(super) bytes: usize,
}

impl<'a> Head<'a> {
    /// Takes one field: its first line and the lines folded under it.
    pub(super) fn take(&mut self, field: &'a [u8], limits: &Limits) {
        let Some(colon) = field.iter().position(|&c| c == b':') else { return };
        let (name, value) = field.split_at(colon);
        let name = name.trim_ascii_end();
        if name.is_empty() || !name.iter().all(|c| c.is_ascii_graphic()) {
            return;
        }
        self.lines += 1;
        if self.bytes > limits.header_bytes_max {
            return;
        }
        let known = FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        if let (Some((_, field)), Some(value)) = (known, value.get(1..)) {
            let value = value.get(..limits.field_bytes_max).unwrap_or(value);
            self.bytes += value.len();
            self.fields.push((*field, value));
        }
    }

    /// Whether not one line was a header field.
    pub(super) fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// The first field of that name, unfolded.
    pub(super) fn first(&self, field: Field) -> Option<String> {
        self.all(field).next()
    }

    /// Fields that may be there once (RFC 5322 §3.6, RFC 2045 §3) and are there again with another value.
    pub(super) fn contradictions(&self) -> Vec<Field> {
        let once = [
            Field::From,
            Field::Subject,
            Field::ContentType,
            Field::ContentDisposition,
            Field::ContentTransferEncoding,
        ];
        let differs = |field: &Field| {
            let mut values = self.all(*field);
            let first = values.next();
            values.any(|value| Some(value) != first)
        };
        once.into_iter().filter(differs).collect()
    }

    /// Whether there is a field of that name.
    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|(found, _)| *found == field)
    }

    fn all(&self, field: Field) -> impl Iterator<Item = String> {
        self.fields.iter().filter(move |(found, _)| *found == field).map(|(_, value)| unfolded(value))
    }

    /// The subject, decoded, on one line.
    pub(super) fn subject(&self, limits: &Limits) -> String {
        self.first(Field::Subject)
            .map(|subject| one_line(&decoded(&subject), limits.line_chars_max))
            .unwrap_or_default()
    }
}

/// The header of the letter itself.
pub(super) fn first<'a>(bytes: &'a [u8], limits: &Limits) -> Head<'a> {
    structure::head(bytes, 0, &[], true, limits).0
}

/// Fills in what the header says of the letter.
pub(super) fn describe(head: &Head<'_>, limits: &Limits, letter: &mut Letter) {
    letter.subject = head.subject(limits);
    letter.message_id = head.first(Field::MessageId).and_then(|id| message_id(&id, limits));
    letter.from = head.first(Field::From).and_then(|from| addresses(&from, limits).into_iter().next());
    if letter.from.is_none() {
        letter.defects.push(Defect::NoSender);
    }
    letter.recipients = [Field::To, Field::Cc, Field::DeliveredTo, Field::XOriginalTo, Field::EnvelopeTo]
        .into_iter()
        .flat_map(|field| head.all(field))
        .flat_map(|value| addresses(&value, limits))
        .take(limits.recipients_max)
        .collect();
    if let Some(date) = head.first(Field::Date) {
        letter.sent_at = moment(&date);
        if letter.sent_at.is_none() {
            letter.defects.push(Defect::DateUnreadable);
        }
    }
}

/// Every address of an address list (RFC 5322 §3.4) that has an address at all.
fn addresses(value: &str, limits: &Limits) -> Vec<Address> {
    let line = recoded(value) + "\n";
    let HeaderValue::Address(list) = MessageStream::new(line.as_bytes()).parse_address() else {
        return Vec::new();
    };
    list.iter().filter_map(|address| readable(address, limits)).take(limits.recipients_max).collect()
}

fn readable(address: &Addr<'_>, limits: &Limits) -> Option<Address> {
    let text = one_line(address.address.as_deref()?, limits.line_chars_max);
    let name = one_line(address.name.as_deref().unwrap_or_default(), limits.line_chars_max);
    (!text.is_empty()).then_some(Address { name, address: text })
}

fn message_id(value: &str, limits: &Limits) -> Option<String> {
    let id = value.split_once('<').map_or(value, |(_, rest)| rest);
    let id = id.split_once('>').map_or(id, |(id, _)| id);
    let id = one_line(id, limits.line_chars_max);
    (!id.is_empty()).then_some(id)
}

/// A date as RFC 5322 §3.3 writes it, in the many ways that programs get it wrong, or as ISO 8601.
fn moment(value: &str) -> Option<Timestamp> {
    let text = one_line(value, 100);
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    let HeaderValue::DateTime(date) = MessageStream::new((text + "\n").as_bytes()).parse_date() else {
        return None;
    };
    civil_moment(&date)
}

fn civil_moment(date: &DateTime) -> Option<Timestamp> {
    let small = |value: u8| i8::try_from(value).ok();
    // A leap second is the last moment that jiff knows of that minute.
    let second = small(date.second)?.min(59);
    let local = civil::DateTime::new(
        i16::try_from(date.year).ok()?,
        small(date.month)?,
        small(date.day)?,
        small(date.hour)?,
        small(date.minute)?,
        second,
        0,
    )
    .ok()?;
    let seconds = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
    let offset = Offset::from_seconds(if date.tz_before_gmt { -seconds } else { seconds }).ok()?;
    Some(local.to_zoned(TimeZone::fixed(offset)).ok()?.timestamp())
}
