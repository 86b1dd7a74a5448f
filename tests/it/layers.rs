//! Reads the sources and keeps the four rules of ARCHITECTURE.md.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const GROUND: &[&str] = &["config", "mishap", "model", "texts"];
const LEAVES: &[&str] = &[
    "qr", "evidence", "intake", "parse", "verify", "reader", "reading", "matching", "light", "store",
    "search", "expiry", "mailer",
];
const PURE: &[&str] = &["qr", "parse", "verify", "reading", "matching", "light", "search", "expiry"];
const TRUNK: &[&str] = &[
    "app",
    "assessing",
    "daemon",
    "health",
    "issuing",
    "judging",
    "pipeline",
    "previews",
    "registering",
    "relighting",
    "reminders",
    "rereading",
    "reverify",
    "service_manager",
    "supervise",
    "tidings",
    "transcribing",
    "templates_folder",
    "trust_folder",
    "visits",
    "web",
];

/// One source file: its module (the first part of its path) and its text without comments and tests.
struct Source {
    path: PathBuf,
    module: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !is_test(&path) {
                let below = path.strip_prefix(&root).unwrap();
                let module =
                    below.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
                let code = code_of(&fs::read_to_string(&path).unwrap());
                found.push(Source { path, module, code });
            }
        }
    }
    found
}

fn is_test(path: &Path) -> bool {
    path.iter().any(|part| matches!(part.to_str(), Some("tests" | "tests.rs" | "testing" | "testing.rs")))
}

/// The lines before the test module, without comments.
fn code_of(text: &str) -> String {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules of ours that a text names: `crate::a`, `crate::{a, b::c}`, and the same through `skrynka::`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for start in ["crate::", "skrynka::"] {
        for (at, _) in code.match_indices(start) {
            let rest = &code[at + start.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                names.extend(first_words_of_group(group));
            } else {
                names.insert(first_word(rest));
            }
        }
    }
    names.remove("");
    names
}

/// `a, b::{c, d}, e}` → a, b, e.
fn first_words_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            _ => {}
        }
        if depth == 0 && c != ',' {
            item.push(c);
        }
    }
    items.push(item);
    items.iter().map(|item| first_word(item.trim())).collect()
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[track_caller]
fn none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_module_has_its_floor() {
    let known: BTreeSet<&str> =
        GROUND.iter().chain(LEAVES).chain(TRUNK).chain(&["main", "lib", "commands"]).copied().collect();
    let found: BTreeSet<String> = sources().into_iter().map(|source| source.module).collect();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, known, "name the module's floor here and in ARCHITECTURE.md");
}

#[test]
fn the_ground_imports_nothing_above_it() {
    let mut broken = Vec::new();
    for source in sources() {
        let allowed: &[&str] = match source.module.as_str() {
            "model" => &["model"],
            "mishap" => &["mishap"],
            "texts" | "config" => &["texts", "config", "model"],
            _ => continue,
        };
        for import in imports(&source.code).iter().filter(|i| !allowed.contains(&i.as_str())) {
            broken.push(format!("{} imports {import}", source.path.display()));
        }
    }
    none(&broken);
}

#[test]
fn a_leaf_imports_the_ground_and_itself_only() {
    let mut broken = Vec::new();
    for source in sources().into_iter().filter(|s| LEAVES.contains(&s.module.as_str())) {
        for import in imports(&source.code) {
            let mishap = import == "mishap" && !PURE.contains(&source.module.as_str());
            if import != "model" && import != "texts" && import != source.module && !mishap {
                broken.push(format!("{} imports {import}", source.path.display()));
            }
        }
    }
    none(&broken);
}

#[test]
fn only_app_and_main_see_the_configuration() {
    let sees = ["app", "daemon", "main", "commands", "config", "lib"];
    let broken: Vec<String> = sources()
        .iter()
        .filter(|s| !sees.contains(&s.module.as_str()) && imports(&s.code).contains("config"))
        .map(|s| format!("{} imports config", s.path.display()))
        .collect();
    none(&broken);
}

#[test]
fn pure_leaves_hold_no_io_no_clock_and_no_randomness() {
    let banned = [
        "async fn",
        ".await",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "tokio",
        "sqlx",
        "SystemTime",
        "Instant",
        "Timestamp::now",
        "Zoned::now",
        "getrandom",
        "rand::",
    ];
    let mut broken = Vec::new();
    for source in sources().into_iter().filter(|s| PURE.contains(&s.module.as_str())) {
        for word in banned.iter().filter(|word| source.code.contains(**word)) {
            broken.push(format!("{} holds `{word}`", source.path.display()));
        }
    }
    none(&broken);
}

#[test]
fn sql_lives_only_in_the_store() {
    let mut broken = Vec::new();
    for source in sources().into_iter().filter(|s| s.module != "store") {
        for word in ["sqlx", "SELECT ", "INSERT INTO", "DELETE FROM"] {
            // The IMAP command SELECT has no columns after it.
            if source.code.contains(word) && source.module != "intake" {
                broken.push(format!("{} holds `{word}`", source.path.display()));
            }
        }
    }
    none(&broken);
}

/// Strangers' documents are opened by the locked-in child, and by nobody else.
#[test]
fn only_the_child_opens_a_pdf() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reader");
    let is_child = |path: &Path| path == root.join("child.rs") || path.starts_with(root.join("child"));
    let (child, others): (Vec<Source>, Vec<Source>) = sources().into_iter().partition(|s| is_child(&s.path));
    assert!(child.iter().any(|s| s.code.contains("opener::open(")), "the child opens documents");
    let opens = ["opener", "hayro", "lopdf"];
    let mut broken = Vec::new();
    for source in others {
        // A header of HTTP is called so too.
        let code = source.code.replace("cross-origin-opener-policy", "");
        for name in opens.iter().filter(|name| code.contains(**name)) {
            broken.push(format!("{} names {name}", source.path.display()));
        }
    }
    none(&broken);
}

/// The reader of imports itself is checked: a rule that sees nothing keeps nothing.
#[test]
fn imports_are_found_in_every_form() {
    let code =
        "use crate::store::{Store, x};\nuse crate::{matching, parse::{a, b}, qr};\nskrynka::app::run();";
    let found: Vec<String> = imports(code).into_iter().collect();
    assert_eq!(found, ["app", "matching", "parse", "qr", "store"]);
    assert_eq!(code_of("a // crate::x\n#[cfg(test)]\ncrate::y"), "a ");
    assert!(sources().iter().any(|s| s.module == "pipeline" && imports(&s.code).contains("verify")));
}
