//! A TOML reader's complaint → one that also names the nearest known key.

use std::path::Path;

/// The text of a file that people write.
///
/// A file that is not there gets `remedy`; one in another encoding (an old Windows editor) is told apart.
pub(super) fn text_of(what: &str, file: &Path, remedy: &str) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|fault| {
        let file = file.display();
        match fault.kind() {
            std::io::ErrorKind::NotFound => format!("there is no {what} {file}; {remedy}"),
            std::io::ErrorKind::InvalidData => {
                format!("the {what} {file} is not text in UTF-8; save it in that encoding")
            }
            _ => format!("cannot read the {what} {file}: {fault}"),
        }
    })
}

/// Reads `text` as TOML into `T`; the complaint names file, line, key and, for a misspelt key, the nearest known one.
pub(super) fn read<T: serde::de::DeserializeOwned>(file: &Path, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|fault| {
        let before = fault.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let key = key_before(before).map(|key| format!("`{key}`: ")).unwrap_or_default();
        format!("{}, line {line}: {key}{}", file.display(), explain(fault.message()))
    })
}

/// The key whose value begins where `before` ends.
fn key_before(before: &str) -> Option<&str> {
    let line = before.rsplit('\n').next()?;
    let (named, _) = line.rsplit_once('=')?;
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    named.trim_end().rsplit(|c| !name(c)).next().filter(|key| !key.is_empty())
}

/// The reader's complaint in plain words. A value is never repeated: it may be a password without its quotes.
fn explain(message: &str) -> String {
    if let Some((_, wanted)) =
        message.strip_prefix("invalid ").and_then(|rest| rest.split_once(", expected "))
        && (message.starts_with("invalid type: ") || message.starts_with("invalid value: "))
    {
        return format!("{} is expected here", plain_type(wanted));
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("the key {name} is missing; add it");
    }
    if let Some(rest) = message.strip_prefix("unknown variant `") {
        return suggest("word", rest);
    }
    match message.strip_prefix("unknown field `") {
        Some(rest) => suggest("key", rest),
        None => message.to_owned(),
    }
}

/// What serde calls a type, as people would.
fn plain_type(wanted: &str) -> String {
    match wanted {
        "a string" => "text in quotes".to_owned(),
        "a sequence" => {
            "a list in square brackets, for example [\"INBOX\"] (or a section in double ones, [[mailbox]])"
                .to_owned()
        }
        "u16" => "a whole number from 0 to 65535".to_owned(),
        "u32" | "u64" => "a whole number, without quotes and units,".to_owned(),
        "a boolean" => "true or false".to_owned(),
        other if other.starts_with("struct ") => "a section or { key = value }".to_owned(),
        other => other.to_owned(),
    }
}

/// «`this`, expected one of `a`, `b`» → the nearest of them, and all.
fn suggest(what: &str, rest: &str) -> String {
    let mut names = rest.split('`').step_by(2);
    let unknown = names.next().unwrap_or_default();
    let known: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let list = known.join("`, `");
    match nearest(unknown, &known) {
        Some(near) => format!("unknown {what} `{unknown}`; did you mean `{near}`? Known here: `{list}`"),
        None => format!("unknown {what} `{unknown}`; known here: `{list}`"),
    }
}

/// The known name closest to `wanted`, if it is close enough to be a slip: at most a third of its letters differ.
pub(super) fn nearest<'a>(wanted: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| (distance(wanted, name), *name))
        .min()
        .filter(|(steps, name)| *steps <= 1 + name.chars().count() / 3)
        .map(|(_, name)| name)
}

/// Letters to insert, delete, replace or swap with a neighbour (optimal string alignment distance).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX - 1);
            let mut best =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_key_that_was_meant() {
        let known = ["host", "port", "password", "password_file"];
        assert_eq!(nearest("hots", &known), Some("host"));
        assert_eq!(nearest("pasword", &known), Some("password"));
        assert_eq!(nearest("passwordfile", &known), Some("password_file"));
        assert_eq!(nearest("colour", &known), None);
    }

    #[test]
    fn distance_counts_a_swap_of_neighbours_as_one() {
        for (a, b, steps) in [("", "", 0), ("a", "", 1), ("host", "hots", 1), ("kitten", "sitting", 3)] {
            assert_eq!(distance(a, b), steps, "{a} {b}");
        }
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reader's complaints are looked at")]
    struct Two {
        host: String,
        port: u16,
    }

    #[test]
    fn a_complaint_names_file_line_and_the_nearest_key() {
        let fault = read::<Two>(Path::new("x.toml"), "host = \"a\"\nprot = 1\n").unwrap_err();
        assert_eq!(
            fault,
            "x.toml, line 2: unknown key `prot`; did you mean `port`? Known here: `host`, `port`"
        );
    }

    #[test]
    fn a_complaint_is_in_plain_words_and_never_repeats_a_value() {
        for (text, sentence) in [
            (
                "host = \"a\"\nport = \"b\"",
                "x.toml, line 2: `port`: a whole number from 0 to 65535 is expected here",
            ),
            (
                "host = \"a\"\nport = 99999",
                "x.toml, line 2: `port`: a whole number from 0 to 65535 is expected here",
            ),
            ("port = 1\nhost = 73501", "x.toml, line 2: `host`: text in quotes is expected here"),
            ("port = 1", "x.toml, line 1: the key `host` is missing; add it"),
        ] {
            assert_eq!(read::<Two>(Path::new("x.toml"), text).unwrap_err(), sentence, "{text}");
        }
    }
}
