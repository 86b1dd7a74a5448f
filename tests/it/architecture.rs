//! ARCHITECTURE.md says the truth: its invariants name tests that exist, its code map places that exist.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// The lines of the section with this title.
fn section(title: &str) -> Vec<String> {
    let text = document();
    let lines =
        text.lines().skip_while(|line| *line != title).skip(1).take_while(|line| !line.starts_with("## "));
    lines.map(str::to_owned).collect()
}

/// Every test of the main package, as `module::path::name`.
fn tests() -> Vec<String> {
    let mut found = Vec::new();
    for (folder, prefix) in [("src", ""), ("tests/it", "")] {
        let mut folders = vec![root().join(folder)];
        while let Some(at) = folders.pop() {
            for entry in fs::read_dir(&at).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    found.extend(tests_in(&path, &root().join(folder), prefix));
                }
            }
        }
    }
    found
}

fn tests_in(path: &Path, root: &Path, prefix: &str) -> Vec<String> {
    let below: PathBuf = path.strip_prefix(root).unwrap().with_extension("");
    let mut module: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().peekable();
    let (mut inner, mut found) = ("", Vec::new());
    while let Some(line) = lines.next() {
        if line == "mod tests {" {
            inner = "tests::";
        }
        let is_test = matches!(line.trim(), "#[test]") || line.trim().starts_with("#[tokio::test");
        let name =
            lines.peek().and_then(|next| next.split("fn ").nth(1)).and_then(|rest| rest.split('(').next());
        if let (true, Some(name)) = (is_test, name) {
            let module = module.join("::");
            let separator = if module.is_empty() { "" } else { "::" };
            found.push(format!("{prefix}{module}{separator}{inner}{name}"));
        }
    }
    found
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let tests = tests();
    assert!(tests.len() > 300, "the reader of tests finds them: {}", tests.len());
    let mut named = 0;
    for line in section("## Invariants").iter().filter(|line| line.starts_with("| ") && line.contains("::")) {
        let test = line.rsplit('`').nth(1).unwrap();
        assert!(tests.iter().any(|known| known == test), "no test `{test}`, named by: {line}");
        named += 1;
    }
    assert!(named >= 20, "the table is read: {named}");
}

#[test]
fn the_code_map_names_places_that_exist() {
    let mut named = 0;
    for line in section("## Code map").iter().filter(|line| line.starts_with("| `")) {
        let places = line.split('|').nth(1).unwrap();
        for place in places.split('`').skip(1).step_by(2) {
            assert!(root().join(place).exists(), "there is no {place}");
            named += 1;
        }
    }
    assert!(named >= 15, "the map is read: {named}");
}

#[test]
fn the_document_stays_short() {
    assert!(document().lines().count() <= 150, "a stranger reads it in one go");
}

/// Only `opener` brings libraries that open a PDF; who may call it, `layers::only_the_child_opens_a_pdf` says.
#[test]
fn a_library_that_opens_pdfs_is_opener_s_alone() {
    let manifest = |place: &str| -> toml::Table {
        fs::read_to_string(root().join(place).join("Cargo.toml")).unwrap().parse().unwrap()
    };
    let (ours, opener) = (manifest(""), manifest("crates/opener"));
    let needs = |manifest: &toml::Table, name: &str| manifest["dependencies"].get(name).is_some();
    assert!(needs(&ours, "opener") && needs(&opener, "hayro"), "the manifests are read");
    for name in
        ["lopdf", "pdf", "pdf-extract", "hayro", "hayro-interpret", "pdfium-render", "mupdf", "poppler"]
    {
        assert!(!needs(&ours, name), "{name}");
    }
}
