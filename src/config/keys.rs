//! A TOML reader's complaint → one that also names the nearest known key.

use std::path::Path;

/// Reads `text` as TOML into `T`; the complaint names file, line, key and, for a misspelt key, the nearest known one.
pub(super) fn read<T: serde::de::DeserializeOwned>(file: &Path, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|fault| {
        let line = fault
            .span()
            .map_or(1, |span| text.get(..span.start).map_or(1, |before| before.matches('\n').count() + 1));
        format!("{}, line {line}: {}", file.display(), explain(fault.message()))
    })
}

/// Adds a suggestion to serde's «unknown field» message.
fn explain(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return message.to_owned();
    };
    let mut names = rest.split('`').step_by(2);
    let unknown = names.next().unwrap_or_default();
    let known: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let list = known.join("`, `");
    match nearest(unknown, &known) {
        Some(near) => format!("unknown key `{unknown}`; did you mean `{near}`? Known here: `{list}`"),
        None => format!("unknown key `{unknown}`; known here: `{list}`"),
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
        let fault = read::<Two>(Path::new("x.toml"), "host = \"a\"\nport = \"b\"\n").unwrap_err();
        assert!(fault.starts_with("x.toml, line 2: invalid type"), "{fault}");
    }
}
