//! The operator's folder of templates: files → [`Templates`] beside and in place of the program's own, and what is wrong with
//! each file that is of no use; the others count.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use crate::model::Digest;
use crate::reading::{TemplateError, Templates};

/// Files that are read; there are some hundred kinds of documents.
const FILES_MAX: usize = 500;
/// Bytes of a file that are read: the longest of ours has five thousand. A longer one is cut, and is wrong then.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// The files of a folder of templates, unread.
#[derive(Clone, Debug, Default)]
pub struct TemplateFiles(Vec<(String, Vec<u8>)>);

impl TemplateFiles {
    /// The files (.toml) of this folder, by name; one that is not there has none.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        if folder.is_dir() {
            let entries = fs::read_dir(folder)
                .with_context(|| format!("cannot read the folder of templates {}", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
                    && path.is_file()
                {
                    files.push((path.display().to_string(), bytes_of(&path)?));
                }
            }
        }
        files.sort();
        files.truncate(FILES_MAX);
        Ok(Self(files))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Of all of them, with their names: it changes when anything does.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let digests: Vec<(&String, Digest)> =
            self.0.iter().map(|(name, bytes)| (name, Digest::of(bytes))).collect();
        Digest::of(format!("{digests:?}").as_bytes())
    }

    /// The program's templates with these, and what is wrong with those that are of no use.
    #[must_use]
    pub fn read(&self) -> (Templates, Vec<TemplateError>) {
        let texts = self.0.iter().map(|(name, bytes)| (name.as_str(), String::from_utf8_lossy(bytes)));
        Templates::built_in().with_files(texts)
    }
}

fn bytes_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    fs::File::open(path)
        .with_context(cannot)?
        .take(FILE_BYTES_MAX)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    Ok(bytes)
}
