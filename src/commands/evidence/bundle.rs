//! Files with their names → a folder that only its owner can read, or one ZIP of them.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{Cursor, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use skrynka::model::Digest;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::dossier::{Dossier, P7S};
use super::report::{FileFacts, Report};
use super::{paper, readme};

/// The files of an export, their names with `/`.
pub(super) struct Bundle {
    files: Vec<(String, Vec<u8>)>,
}

/// The digests of all other files, as `sha256sum -c` reads them.
const SUMS: &str = "SHA256SUMS";

impl Bundle {
    /// Everything about a filing: what came, what its verdicts rest on, the reports on both, and the digests of all.
    pub(super) fn of(dossier: &Dossier<'_>) -> anyhow::Result<Self> {
        let mut files = vec![("letter.eml".to_owned(), dossier.letter.clone())];
        for part in &dossier.parts {
            files.push((format!("{}/{P7S}", part.folder), part.p7s.clone()));
            files.extend(
                part.copy.iter().map(|(name, copy)| (format!("{}/{name}", part.folder), copy.clone())),
            );
            for (exhibit, proof) in part.exhibits().into_iter().zip(&part.proofs) {
                files.push((exhibit.file, proof.der.to_vec()));
            }
        }
        let facts = files.iter().map(|(name, bytes)| FileFacts::of(name, bytes)).collect();
        let report = serde_json::to_vec_pretty(&Report::of(dossier, facts))?;
        files.push(("report.json".to_owned(), report));
        files.push(("report.pdf".to_owned(), paper::report(dossier)?));
        files.push(("README.txt".to_owned(), readme::text(dossier).into_bytes()));
        let sums: String =
            files.iter().map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes))).collect();
        files.push((SUMS.to_owned(), sums.into_bytes()));
        Ok(Self { files })
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub(super) fn sums(&self) -> &[u8] {
        self.files
            .iter()
            .find(|(name, _)| name == SUMS)
            .map(|(_, bytes)| bytes.as_slice())
            .unwrap_or_default()
    }

    /// Writes a ZIP where the name says so, else a folder. What is there already is left alone; what could not be written
    /// to its end is taken away again.
    pub(super) fn write(&self, to: &Path) -> anyhow::Result<()> {
        let is_zip = to.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        if is_zip {
            let zip = self.zip()?;
            // Not ours until it is made: only then it may be taken away.
            let mut file = create(to)?;
            return file.write_all(&zip).and_then(|()| file.sync_all()).map_err(|fault| {
                let _ = std::fs::remove_file(to); // the first fault is the one to tell
                anyhow::Error::from(fault).context(format!("cannot write {}", to.display()))
            });
        }
        make_folder(to)?;
        self.write_into(to).inspect_err(|_| {
            let _ = std::fs::remove_dir_all(to); // as above
        })
    }

    fn write_into(&self, folder: &Path) -> anyhow::Result<()> {
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            let mut missing: Vec<&Path> =
                path.ancestors().skip(1).take_while(|above| !above.exists()).collect();
            while let Some(above) = missing.pop() {
                make_folder(above)?;
            }
            let written = create(&path)?.write_all(bytes);
            written.with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Stored, not compressed: PDF and DER hardly shrink, and the simplest form is read the longest.
    fn zip(&self) -> anyhow::Result<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .unix_permissions(0o600);
        for (name, bytes) in &self.files {
            zip.start_file(name.as_str(), options)?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let made = DirBuilder::new().mode(0o700).create(folder);
    made.with_context(|| {
        format!("cannot make the folder {}; it must not exist, and the one above it must", folder.display())
    })
}

fn create(path: &Path) -> anyhow::Result<std::fs::File> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.with_context(|| format!("cannot write {}; nothing is overwritten", path.display()))
}
