//! A search as typed → its chunks: what stands between two spaces, what is in quotes, and the field that either names.

use crate::model::SearchField;

/// Characters of one chunk that are read: an address may have 254 (RFC 5321 §4.5.3.1.3 with its errata), what
/// distinguishes it stands in front.
const CHUNK_CHARS_MAX: usize = 100;

/// Marks that begin a quotation, each with those that end it.
const QUOTES: [(char, &[char]); 4] =
    [('"', &['"']), ('«', &['»']), ('“', &['”', '"']), ('„', &['“', '”', '"'])];

/// The names of fields, folded.
const FIELDS: [(SearchField, &[&str]); 10] = [
    (SearchField::Name, &["name", "імя", "прізвище", "піб", "surname"]),
    (SearchField::Rnokpp, &["rnokpp", "рнокпп", "іпн", "tin"]),
    (SearchField::Document, &["doc", "document", "документ", "док"]),
    (SearchField::Born, &["born", "народження", "народився", "народилася", "нар"]),
    (SearchField::Branch, &["branch", "філія", "відділення"]),
    (SearchField::Service, &["service", "послуга"]),
    (SearchField::Sender, &["from", "від", "sender"]),
    (SearchField::After, &["after", "після"]),
    (SearchField::Before, &["before", "до"]),
    (SearchField::Light, &["light", "світло", "колір"]),
];

/// One chunk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Chunk {
    /// The name before a colon, as typed.
    pub(super) field: Option<String>,
    /// What is looked for.
    pub(super) text: String,
    /// Whether it was in quotes.
    pub(super) is_quoted: bool,
}

/// The chunks of a text, at most `max` and one more.
pub(super) fn chunks(text: &str, max: usize) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && chunks.len() <= max {
        let (chunk, behind) = first(rest);
        let says = |chunk: &Chunk| chunk.field.is_some() || chunk.text.chars().any(char::is_alphanumeric);
        chunks.extend(Some(chunk).filter(says));
        rest = behind.trim_start();
    }
    chunks
}

/// The field that a name means.
pub(super) fn field(name: &str) -> Option<SearchField> {
    let folded = ukr::fold(name);
    FIELDS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(field, _)| *field)
}

fn first(text: &str) -> (Chunk, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (plain, behind) = text.split_at(end);
    let (name, value) = match plain.split_once(':') {
        Some((name, value)) if is_name(name) && (!value.is_empty() || field(name).is_some()) => {
            (Some(name), value)
        }
        _ => (None, plain),
    };
    let field = name.map(|name| cut(name).to_owned());
    let from_value = text.get(plain.len() - value.len()..).unwrap_or_default();
    if let Some((quoted, behind)) = quotation(from_value) {
        return (Chunk { field, text: cut(quoted).to_owned(), is_quoted: true }, behind);
    }
    (Chunk { field, text: cut(value).to_owned(), is_quoted: false }, behind)
}

/// What the quotation marks that a text begins with enclose; without an end, all of it.
fn quotation(text: &str) -> Option<(&str, &str)> {
    let mark = text.chars().next()?;
    let (_, ends) = QUOTES.iter().find(|(begin, _)| *begin == mark)?;
    let inside = text.get(mark.len_utf8()..)?;
    match inside.char_indices().find(|(_, c)| ends.contains(c)) {
        Some((at, c)) => Some((inside.get(..at)?, inside.get(at + c.len_utf8()..)?)),
        None => Some((inside, "")),
    }
}

/// Letters only, with apostrophes: a time (`09:48`) and a drive are no fields.
fn is_name(text: &str) -> bool {
    let folded = ukr::fold(text);
    folded.chars().count() >= 2 && folded.chars().all(char::is_alphabetic)
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(CHUNK_CHARS_MAX).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |chunk: Chunk| {
            let field = chunk.field.map(|field| format!("{field}=")).unwrap_or_default();
            if chunk.is_quoted {
                format!("{field}[{}]", chunk.text)
            } else {
                format!("{field}{}", chunk.text)
            }
        };
        chunks(text, 10).into_iter().map(show).collect()
    }

    #[test]
    fn spaces_part_chunks_and_quotes_hold_them_together() {
        assert_eq!(shown(" a  b\tc "), ["a", "b", "c"]);
        assert_eq!(shown("\"a b\" c «d e» „f“ “g”"), ["[a b]", "c", "[d e]", "[f]", "[g]"]);
        assert_eq!(shown("\"a b"), ["[a b]"]);
        assert_eq!(shown("Мар\"яна О\"К"), ["Мар\"яна", "О\"К"]);
        assert_eq!(shown("- \" \" …"), [""; 0]);
    }

    #[test]
    fn a_name_before_a_colon_is_a_field() {
        assert_eq!(shown("name:Шевч"), ["name=Шевч"]);
        assert_eq!(shown("ім'я:\"Тарас Шевченко\" x"), ["ім'я=[Тарас Шевченко]", "x"]);
        assert_eq!(shown("від: Готель"), ["від=", "Готель"]);
        assert_eq!(shown("foo:bar Re: 09:48:26"), ["foo=bar", "Re:", "09:48:26"]);
    }

    #[test]
    fn fields_have_ukrainian_names_in_every_way_of_writing() {
        for name in ["name", "Name", "ім'я", "Ім’я", "імʼя", "ПРІЗВИЩЕ"] {
            assert_eq!(field(name), Some(SearchField::Name), "{name}");
        }
        assert_eq!(field("до"), Some(SearchField::Before));
        assert_eq!(field("x"), None);
    }
}
