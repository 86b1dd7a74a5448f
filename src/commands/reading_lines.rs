//! What the pages of a copy say → lines for people: `read`, `show` and `check` print the same.

use std::fmt::Write as _;

use skrynka::model::{ReadField, Reading, ReadingWay};
use skrynka::texts;

use super::report::plain;

/// Columns before a line's text: `read        …`.
const LABEL_WIDTH: usize = 12;

/// The widest name of a field that the others are lined up with.
const NAME_WIDTH_MAX: usize = 36;

/// How a copy was read, its fields, and what a person should look at.
pub(super) fn reading_lines(text: &mut String, reading: &Reading) {
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "{label:<LABEL_WIDTH$}{}", plain(value));
    };
    line("read", &how(reading));
    if let Some(trouble) = reading.trouble {
        line("not read", &texts::reading_trouble(trouble).en);
    }
    let names: Vec<String> = reading.fields.iter().map(|field| texts::field_name(&field.name).en).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default().min(NAME_WIDTH_MAX);
    for (name, field) in names.iter().zip(&reading.fields) {
        line("", &format!("{name:<width$}  {}{}", field.value, aside(field, reading.way)));
    }
    for warning in &reading.warnings {
        line("look at", &texts::reading_warning(warning).en);
    }
    for oddity in &reading.oddities {
        line("odd", &texts::oddity(*oddity).en);
    }
}

/// The way, and how much of it came through.
fn how(reading: &Reading) -> String {
    let Reading { way, letters, unread, pages, .. } = *reading;
    let way_words = texts::reading_way(way).en;
    if way == ReadingWay::Unread {
        return way_words;
    }
    let some = |count: u32, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let lacks = if unread > 0 { format!(", {unread} of them not known (□)") } else { String::new() };
    let (letters, pages) = (some(letters, "letter", "letters"), some(pages, "page", "pages"));
    format!("{way_words}: {letters} on {pages}{lacks}")
}

/// What sets a field apart from the copy's others: another way, or doubt.
fn aside(field: &ReadField, way: ReadingWay) -> String {
    let mut words = Vec::new();
    if field.way != way {
        words.push(texts::reading_way(field.way).en);
    }
    if field.sure_percent < 100 {
        words.push(format!("{} % sure", field.sure_percent));
    }
    if words.is_empty() { String::new() } else { format!("  ({})", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use skrynka::model::{FieldKind, Place, ReadingTrouble, ReadingWarning};

    use super::*;

    fn field(name: &str, value: &str, way: ReadingWay, sure_percent: u8) -> ReadField {
        let place = Place::default();
        let (name, value) = (name.to_owned(), value.to_owned());
        ReadField { name, kind: FieldKind::Name, value, plain: None, way, place, sure_percent }
    }

    #[test]
    fn fields_stand_in_columns_under_names_that_people_use_and_doubt_is_said() {
        let reading = Reading {
            way: ReadingWay::Outlines,
            fields: vec![
                field("surname", "Тестовська", ReadingWay::Outlines, 100),
                field("surname-latin", "Testovska\u{202e}", ReadingWay::Ocr, 87),
            ],
            letters: 600,
            unread: 2,
            pages: 1,
            warnings: vec![ReadingWarning::Unread { field: "surname".to_owned() }],
            trouble: Some(ReadingTrouble::NoOcr),
            ..Reading::default()
        };
        let mut text = String::new();
        reading_lines(&mut text, &reading);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "read        by the outlines of letters: 600 letters on 1 page, 2 of them not known (□)"
        );
        assert!(lines[1].starts_with("not read    The file has only pictures"), "{text}");
        assert_eq!(lines[2], "            Surname                   Тестовська");
        assert_eq!(
            lines[3],
            "            Surname in Latin letters  Testovska   (recognised from a picture, mistakes are possible, 87 % sure)"
        );
        assert!(lines[4].starts_with("look at     “Surname”: not every letter was read"), "{text}");
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn a_copy_that_was_not_read_counts_no_letters() {
        let reading = Reading { trouble: Some(ReadingTrouble::NotPdf), ..Reading::default() };
        let mut text = String::new();
        reading_lines(&mut text, &reading);
        assert!(text.starts_with("read        not read\nnot read    This is not a PDF"), "{text}");
    }
}
