//! The files that the words name → bytes, trust and evidence.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use skrynka::model::{Policy, RevocationRule};
use skrynka::trust_folder::TrustFiles;
use skrynka::verify::{Evidence, EvidenceFault, Trust, TrustFault};

use super::Words;
use crate::commands::Context;

/// The word for the standard input.
pub(super) const STDIN: &str = "-";

/// Largest file that is read, in bytes: 1 GiB. It is held in memory, and no signed document comes near it.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// What the files are judged by.
pub(super) struct Inputs {
    pub(super) trust: Trust,
    pub(super) evidence: Evidence,
    /// By the words, else by the configuration that `--config` names, else the program's own.
    pub(super) policy: Policy,
    /// The document of `--content`.
    pub(super) content: Option<Vec<u8>>,
    /// What is of no use, and does not hold the rest up.
    pub(super) warnings: Vec<String>,
}

impl Inputs {
    /// Reads everything but the signed files themselves.
    ///
    /// # Errors
    /// When a file that is named cannot be read, or is not what its option is for: to judge without it would be to
    /// answer another question.
    pub(super) fn read(context: &Context, words: &Words) -> anyhow::Result<Self> {
        let mut warnings = Vec::new();
        let config = context.config_file.is_some().then(|| context.config()).transpose()?;
        let mut files = TrustFiles::default();
        if let Some(config) = &config {
            files = files.and(TrustFiles::of(&config.trust)?);
        }
        let mut named = Vec::new();
        for path in &words.trust {
            if path.is_dir() {
                files = files.and(TrustFiles::of(path)?);
            } else {
                named.push(path.display().to_string());
                files.add_named(path.display().to_string(), read_file("certificate", path)?);
            }
        }
        let (trust, faults) = files.read();
        for fault in faults {
            match fault {
                TrustFault::NotCertificates { file } if named.contains(&file) => {
                    bail!(
                        "{file}: neither a certificate (DER or PEM) nor a bundle of them (.p7b); give another --trust"
                    )
                }
                TrustFault::NoAnchors => warnings.push(nothing_trusted(words, config.is_some())),
                other => warnings.push(other.to_string()),
            }
        }
        let policy = words.policy(config.map_or_else(Policy::default, |config| config.policy.signatures));
        Ok(Self {
            trust,
            evidence: evidence(words, policy.revocation, &mut warnings)?,
            policy,
            content: words.content.as_deref().map(|path| read_file("document", path)).transpose()?,
            warnings,
        })
    }
}

fn nothing_trusted(words: &Words, configured: bool) -> String {
    if words.trust.is_empty() && !configured {
        return "nothing is trusted, so no signature can pass: give the root certificates of the authorities that you trust as --trust FILE or --trust DIR".to_owned();
    }
    "no root (a self-signed certificate of an authority) is among the trusted certificates, so no signature can pass: give it as --trust FILE".to_owned()
}

fn evidence(words: &Words, rule: RevocationRule, warnings: &mut Vec<String>) -> anyhow::Result<Evidence> {
    type Add = fn(&mut Evidence, &str, &[u8]) -> Vec<EvidenceFault>;
    let mut evidence = Evidence::new();
    let given: [(&[PathBuf], &str, Add); 3] = [
        (&words.cert, "certificate", Evidence::add_certificates),
        (&words.crl, "CRL", Evidence::add_crl),
        (&words.ocsp, "OCSP response", Evidence::add_ocsp),
    ];
    for (paths, what, add) in given {
        for path in within(paths)? {
            let path = path.as_path();
            let bytes = read_file(what, path)?;
            for fault in add(&mut evidence, &path.display().to_string(), &bytes) {
                match fault {
                    // A certificate of many may be odd and not needed. Where revocation is required, a response that
                    // says nothing («try later») lets nothing pass.
                    EvidenceFault::Malformed { kind, .. }
                        if kind == "certificate" || rule != RevocationRule::IfAvailable =>
                    {
                        warnings.push(fault.to_string());
                    }
                    // Where it is not, what cannot be read may be what says «revoked».
                    other => bail!("{other}; give another file, or leave it out"),
                }
            }
        }
    }
    Ok(evidence)
}

/// The paths, and of a folder the files in it, in order: hidden ones and folders are left out.
fn within(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let cannot = || format!("cannot read the folder {}", path.display());
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).with_context(cannot)? {
            let entry = entry.with_context(cannot)?;
            if entry.path().is_file() && !entry.file_name().to_string_lossy().starts_with('.') {
                inside.push(entry.path());
            }
        }
        inside.sort();
        all.append(&mut inside);
    }
    Ok(all)
}

/// The bytes of a file or, for [`STDIN`], of the standard input.
///
/// # Errors
/// When it cannot be read or is larger than [`FILE_BYTES_MAX`]; the sentence says what, where, and what to do.
pub(super) fn read_file(what: &str, path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new(STDIN) {
        let input = std::io::stdin().lock();
        return read_within(input).with_context(|| format!("cannot read the {what} from the standard input"));
    }
    let cannot = || format!("cannot read the {what} {}", path.display());
    if path.is_dir() {
        bail!("{}: it is a folder; name a file", cannot());
    }
    let file = std::fs::File::open(path).map_err(|fault| match fault.kind() {
        std::io::ErrorKind::NotFound => anyhow::anyhow!("there is no such file; check the name"),
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("you may not read it; change its permissions")
        }
        _ => fault.into(),
    });
    file.and_then(read_within).with_context(cannot)
}

fn read_within(input: impl std::io::Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        bail!("it is larger than {FILE_BYTES_MAX} bytes, the most that is looked into");
    }
    Ok(bytes)
}
