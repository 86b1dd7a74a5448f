//! What was read → what a person should look at: check digits, contradictions, forms, what is missing. Nothing is rejected.

use ukr::{BirthDate, Rnokpp, Sex, Unzr};

use super::UNKNOWN;
use super::file_name;
use super::forms::{self, Form};
use super::read::is_another;
use super::templates::Field;
use crate::model::{FieldKind, ReadField, Reading, ReadingWarning};

/// All warnings: those of fields in the order of the page, then what is missing, then the file name's.
pub(super) fn warnings(
    reading: &Reading,
    fields: &[Field],
    is_known: bool,
    file_name: &str,
) -> Vec<ReadingWarning> {
    let mut warnings: Vec<ReadingWarning> = Vec::new();
    for field in &reading.fields {
        let known = fields.iter().find(|known| known.name == field.name);
        warnings.extend(form(field, known.map(|known| &known.form)));
        warnings.extend(number(field, &reading.fields));
    }
    let has_request = reading.fields.iter().any(|field| is_request(field.kind));
    for known in fields.iter().filter(|known| known.is_required) {
        let expected = is_known || (known.is_common && has_request);
        let missing = ReadingWarning::Missing { field: known.name.clone() };
        if expected
            && !reading.fields.iter().any(|field| field.name == known.name)
            && !warnings.contains(&missing)
        {
            warnings.push(missing);
        }
    }
    warnings.extend(by_file_name(reading, file_name));
    warnings
}

/// What numbers say of themselves and of other fields, without a template.
pub(super) fn of_numbers(fields: &[ReadField]) -> Vec<ReadingWarning> {
    fields.iter().flat_map(|field| number(field, fields)).collect()
}

const fn is_request(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::RequestTime | FieldKind::RequestInitiator | FieldKind::RequestId)
}

fn form(field: &ReadField, form: Option<&Form>) -> Option<ReadingWarning> {
    let name = || field.name.clone();
    if field.value.contains(UNKNOWN) {
        return Some(ReadingWarning::Unread { field: name() });
    }
    let has_form = form.is_none_or(|form| *form == Form::Free) || field.plain.is_some();
    (!has_form && !forms::is_not_given(&field.value)).then(|| ReadingWarning::Form { field: name() })
}

/// The check digit of a number, and the birth date and the sex in it beside the document's of the same person: `father-rnokpp`
/// goes with `father-birth-date`.
fn number(field: &ReadField, fields: &[ReadField]) -> Vec<ReadingWarning> {
    let Some(plain) = &field.plain else { return Vec::new() };
    let (check, born, sex) = match field.kind {
        FieldKind::Rnokpp => match Rnokpp::read(plain) {
            Ok((number, check)) => (check, number.birth_date(), Some(number.sex())),
            Err(_) => return Vec::new(),
        },
        FieldKind::Unzr => match Unzr::read(plain) {
            Ok((number, check)) => (check, number.birth_date(), None),
            Err(_) => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let whose =
        field.name.strip_suffix("rnokpp").or_else(|| field.name.strip_suffix("unzr")).unwrap_or_default();
    let other = |name: &str| {
        let name = format!("{whose}{name}");
        fields.iter().find(|other| other.name == name).and_then(|other| Some((name, other.plain.as_deref()?)))
    };
    let mut warnings = Vec::new();
    if !check.is_right() {
        warnings.push(ReadingWarning::CheckDigit { field: field.name.clone() });
    }
    let contradicts = |other: String| ReadingWarning::Contradicts { field: field.name.clone(), other };
    if let Some((name, plain)) = other("birth-date")
        && born.is_none_or(|born| written(born) != plain)
    {
        warnings.push(contradicts(name));
    }
    let sex = sex.map(|sex| if sex == Sex::Female { "female" } else { "male" });
    if let (Some(sex), Some((name, plain))) = (sex, other("sex"))
        && sex != plain
    {
        warnings.push(contradicts(name));
    }
    warnings
}

fn written(BirthDate { year, month, day }: BirthDate) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// Where the file's name says another kind of document or another moment.
fn by_file_name(reading: &Reading, file_name: &str) -> Vec<ReadingWarning> {
    let mut warnings = Vec::new();
    let named = file_name::document(file_name);
    if let (Some(named), Some(read)) = (named, &reading.document)
        && is_another(&named, read)
    {
        warnings.push(ReadingWarning::FileName { field: "document".to_owned() });
    }
    let time = reading.fields.iter().find(|field| field.kind == FieldKind::RequestTime);
    let read = time.and_then(|time| Some((&time.name, time.plain.as_ref()?)));
    if let (Some(named), Some((name, read))) = (file_name::request_time(file_name), read)
        && named != *read
    {
        warnings.push(ReadingWarning::FileName { field: name.clone() });
    }
    warnings
}
