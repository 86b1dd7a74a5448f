//! The pages have no words but those of the catalogue.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found
}

/// The text without what stands between these.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut left = String::new();
    for (at, part) in text.split(open).enumerate() {
        left.push_str(if at == 0 { part } else { part.split_once(close).map_or("", |(_, after)| after) });
    }
    left
}

fn values<'a>(text: &'a str, attribute: &str) -> Vec<&'a str> {
    text.split(&format!(" {attribute}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn templates_hold_no_words_of_their_own() {
    let templates = files("templates", "html");
    assert!(templates.len() >= 12);
    for path in templates {
        let text = fs::read_to_string(&path).unwrap();
        let bare = without(&without(&without(&text, "{%", "%}"), "{{", "}}"), "<", ">");
        // The switch names each language in itself.
        let bare = bare.replace("EN", "").replace("УК", "");
        let words: String = bare.chars().filter(|c| c.is_alphabetic()).collect();
        assert_eq!(words, "", "{} has words of its own", path.display());
        let plain = without(&without(&text, "{%", "%}"), "{{", "}}");
        for attribute in ["placeholder", "aria-label", "title", "alt"] {
            for value in values(&plain, attribute) {
                assert!(!value.chars().any(char::is_alphabetic), "{}: {attribute}={value}", path.display());
            }
        }
        assert!(!text.contains("|safe"), "{} has something that is not escaped", path.display());
    }
}

#[test]
fn the_rooms_of_the_pages_and_their_script_hold_no_ukrainian() {
    let cyrillic = |c: char| matches!(c, '\u{400}'..='\u{4FF}');
    for path in files("src/web", "rs").into_iter().chain(files("src/web", "js")) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines() {
            let line = line.split("//").next().unwrap();
            assert!(!line.chars().any(cyrillic), "{}: {line}", path.display());
        }
    }
}
