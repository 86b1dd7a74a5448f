//! The program as its users run it: a folder with a configuration, words in, what it said out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use skrynka::model::{Clock, Timestamp};

/// The program under test.
pub(crate) const SKRYNKA: &str = env!("CARGO_BIN_EXE_skrynka");

/// Noon in Kyiv, on a Sunday in March.
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-03-15T10:00:00Z".parse().unwrap()
    }
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// It succeeded; its output.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// It failed with this exit code, and said this on standard error.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, sentence: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.contains(sentence), "expected «{sentence}» in:\n{}", self.err);
    }

    /// Its answer as JSON.
    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.good()).unwrap()
    }
}

/// A newcomer's folder: a configuration with a mailbox that nobody needs to reach, and a good registry.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
}

/// A configuration that is right as it stands.
pub(crate) const CONFIG: &str = r#"
[store]
folder = "store"

[[mailbox]]
address = "cnap@example.org"
host = "127.0.0.1"
port = 1
password = "only-for-tests"
"#;

/// A registry that is right as it stands.
pub(crate) const REGISTRY: &str = include_str!("../../config/registry.toml");

impl Desk {
    /// A folder with [`CONFIG`] and [`REGISTRY`].
    pub(crate) fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        desk.write("skrynka.toml", CONFIG);
        desk.write("registry.toml", REGISTRY);
        desk
    }

    /// The same with the registry applied.
    pub(crate) fn with_registry() -> Self {
        let desk = Self::new();
        desk.run(&["registry", "apply", "registry.toml"]).good();
        desk
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, words: &[&str]) -> Said {
        self.run_with(words, "")
    }

    /// Runs the program in the folder with these lines typed.
    pub(crate) fn run_with(&self, words: &[&str], typed: &str) -> Said {
        use std::io::Write as _;
        let mut child = Command::new(SKRYNKA)
            .args(words)
            .current_dir(self.path())
            .env_remove("SKRYNKA_CONFIG")
            .env("SKRYNKA_LOG", "warn")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that asks nothing may be gone before it is answered.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let output = child.wait_with_output().unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
