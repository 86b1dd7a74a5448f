//! The operator's trust folder: files → [`Trust`]; a file that the operator compared → one more in the folder, and a line in
//! its history.
//!
//! ```text
//! trust/                  certificates and bundles (.cer .crt .der .pem .p7b), trusted lists (.xml)
//! trust/list-signers/     certificates whose owners may sign those lists; trusted for nothing else
//! trust/history.jsonl     what was taken in, when and by whom; only appended to
//! ```
//! The history lies beside the files and not in the store: the folder is carried to machines that have no store.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::model::{CertificateFacts, Digest, KyivDay, Timestamp};
use crate::verify::{Trust, TrustFault, TrustedFor};

/// The folder of certificates that may sign trusted lists.
pub const LIST_SIGNERS: &str = "list-signers";

const HISTORY: &str = "history.jsonl";

const CERTIFICATES: &[&str] = &["cer", "crt", "pem", "der", "p7b"];
const LISTS: &[&str] = &["xml"];

/// The files of a trust folder, unread.
#[derive(Debug, Default)]
pub struct TrustFiles {
    files: Vec<(String, Vec<u8>)>,
    signers: Vec<(String, Vec<u8>)>,
    /// Files beside the folder that a person named as trusted.
    named: Vec<(String, Vec<u8>)>,
}

impl TrustFiles {
    /// The files of this folder; one that is not there has none.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let files = read_files(folder, &[CERTIFICATES, LISTS].concat())?;
        let signers = read_files(&folder.join(LIST_SIGNERS), CERTIFICATES)?;
        Ok(Self { files, signers, named: Vec::new() })
    }

    /// Of all of them, with their names: it changes when anything does.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let all = self.files.iter().chain(&self.signers).chain(&self.named);
        let digests: Vec<(&String, Digest)> = all.map(|(name, bytes)| (name, Digest::of(bytes))).collect();
        Digest::of(format!("{digests:?}").as_bytes())
    }

    /// These files and those of another folder.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self.signers.extend(other.signers);
        self.named.extend(other.named);
        self
    }

    /// These and one file more that a person named as trusted, by its name and bytes.
    pub fn add_named(&mut self, file: String, bytes: Vec<u8>) {
        self.named.push((file, bytes));
    }

    /// What they say, and what of them is of no use.
    #[must_use]
    pub fn read(self) -> (Trust, Vec<TrustFault>) {
        let Self { files, signers, named } = self;
        Trust::from_folder_and_named(files.into_iter(), named.into_iter(), signers.into_iter())
    }
}

/// Reads the trusted certificates and lists of a folder, with a digest of everything in it; a folder that is not there
/// trusts nobody.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn read_trust(folder: &Path) -> anyhow::Result<(Trust, Vec<TrustFault>, Digest)> {
    let files = TrustFiles::of(folder)?;
    let digest = files.digest();
    let (trust, faults) = files.read();
    Ok((trust, faults, digest))
}

/// The files with these endings, by name.
fn read_files(folder: &Path, endings: &[&str]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        let entries = fs::read_dir(folder)
            .with_context(|| format!("cannot read the trust folder {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let is_one = path
                .extension()
                .is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)));
            if is_one && path.is_file() {
                let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                files.push((path.display().to_string(), bytes));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Something about the folder that should be mended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Remark {
    /// Whether something is of no use as it stands; else it works, and should be looked at.
    pub wrong: bool,
    /// Days until the end of what it is about; negative when that has passed.
    pub days: Option<i32>,
    /// What it is about, and what to do.
    pub text: String,
}

/// When to speak of an anchor's end, in days: a successor is published about a quarter before, and taking it in is an
/// hour's work that nobody does on the last day.
pub const ENDS_SOON_DAYS: [i32; 3] = [90, 30, 7];

/// What should be mended, the worst first and then the soonest.
#[must_use]
pub fn remarks(trust: &Trust, faults: &[TrustFault], now: Timestamp) -> Vec<Remark> {
    let wrong = |fault: &TrustFault| !matches!(fault, TrustFault::NotGranted { .. });
    let mut remarks: Vec<Remark> = faults
        .iter()
        .map(|fault| Remark { wrong: wrong(fault), days: None, text: fault.to_string() })
        .collect();
    let today = KyivDay::of(now);
    let [soon, ..] = ENDS_SOON_DAYS;
    let mut ends = |facts: &CertificateFacts, what: &str, remedy: &str| {
        let end = KyivDay::of(facts.not_after);
        let days = today.days_until(end);
        let subject = &facts.subject;
        let text = if facts.not_after < now {
            format!("{what} «{subject}» ended on {end}: {remedy}")
        } else if days <= soon {
            format!("{what} «{subject}» ends on {end}, in {days} days: {remedy}")
        } else {
            return;
        };
        remarks.push(Remark { wrong: false, days: Some(days), text });
    };
    for entry in trust.entries().filter(|entry| entry.trusted_for.is_some()) {
        let is_of_list = trust.lists().iter().any(|list| list.file == entry.file);
        let what = if entry.trusted_for == Some(TrustedFor::TimeStamps) { "time-stamping" } else { "anchor" };
        // What a list vouches for, its publisher replaces.
        let remedy = if is_of_list {
            "a newer issue of its list will bring the successor"
        } else {
            "take its successor in beside it (`skrynka trust import`)"
        };
        ends(entry.facts, what, remedy);
    }
    for signer in trust.list_signers() {
        ends(signer, "list signer", "pin its successor beside it (`skrynka trust import --list-signer`)");
    }
    for list in trust.lists() {
        if let Some(due) = list.scheme.next_update.filter(|due| *due < now) {
            let (file, day) = (&list.file, KyivDay::of(due));
            let text =
                format!("{file}: a newer issue was due on {day}; this one counts on: get the newer one");
            remarks.push(Remark { wrong: false, days: Some(today.days_until(day)), text });
        }
    }
    remarks.sort_by_key(|remark| (!remark.wrong, remark.days));
    remarks
}

/// What is put into the folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// A certificate that is an anchor there.
    Anchor,
    /// A certificate that is only known.
    Certificate,
    /// A certificate that may sign trusted lists.
    ListSigner,
    /// A trusted list.
    List,
}

/// One line of the history.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// By whom: the user's number on this machine, and the name that the machine's environment gave.
    pub by: String,
    /// What.
    pub taken: Taken,
    /// The file's name in the folder.
    pub file: String,
    /// SHA-256 of the file, which of a certificate is its fingerprint.
    pub sha256: Digest,
    /// Subject of the certificate, or whose list it is.
    pub subject: String,
    /// Where it came from: a file's name, or an address.
    pub from: String,
}

/// A file to be put into the folder.
#[derive(Clone, Debug)]
pub struct Taking<'a> {
    /// What it is.
    pub taken: Taken,
    /// Its name in the folder.
    pub file: String,
    /// Its octets.
    pub bytes: &'a [u8],
    /// For the history.
    pub subject: String,
    /// For the history.
    pub from: String,
}

/// Puts files into the folder, whole or not at all each, readable by the owner only, and writes the history. A list takes
/// the place of an earlier one with its name.
///
/// # Errors
/// When the folder cannot be made or written.
pub fn take(folder: &Path, takings: &[Taking<'_>], by: &str, at: Timestamp) -> anyhow::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for taking in takings {
        let place = match taking.taken {
            Taken::ListSigner => folder.join(LIST_SIGNERS),
            _ => folder.to_path_buf(),
        };
        make_folder(folder)?;
        make_folder(&place)?;
        let path = place.join(&taking.file);
        write_whole(&path, taking.bytes)?;
        let entry = Entry {
            at,
            by: by.to_owned(),
            taken: taking.taken,
            file: taking.file.clone(),
            sha256: Digest::of(taking.bytes),
            subject: taking.subject.clone(),
            from: taking.from.clone(),
        };
        append(folder, &entry)?;
        written.push(path);
    }
    Ok(written)
}

/// What was ever taken in, the oldest first; lines that cannot be read are counted.
///
/// # Errors
/// When the history is there and cannot be read.
pub fn history(folder: &Path) -> anyhow::Result<(Vec<Entry>, usize)> {
    let path = folder.join(HISTORY);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        Err(fault) => return Err(fault).with_context(|| format!("cannot read {}", path.display())),
    };
    let lines: Vec<&str> = text.lines().collect();
    let entries: Vec<Entry> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let broken = lines.len() - entries.len();
    Ok((entries, broken))
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// Under another name first, which is no certificate's: a daemon that watches the folder sees the whole file or none.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut name = path.file_name().unwrap_or(OsStr::new("file")).to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

fn append(folder: &Path, entry: &Entry) -> anyhow::Result<()> {
    let path = folder.join(HISTORY);
    let line = serde_json::to_string(entry)? + "\n";
    let write = || {
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
