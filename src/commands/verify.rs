//! `skrynka verify`: signed files → what is to be thought of them, for people and for programs.

mod answer;
mod inputs;
mod page;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use skrynka::app::SystemClock;
use skrynka::model::{Clock as _, Indication, Policy, RevocationRule, Timestamp};
use skrynka::verify::{Judge, Judged};

use super::report::{Usage, print_fault, print_warning, said_once};
use super::{Context, Report, USAGE};
pub(super) use answer::Answer;
use inputs::{Inputs, STDIN};
use page::Look;

/// What the exit codes say, for `--help`.
pub(super) const EXIT_CODES: &str = "\
Exit code:
  0   every file is TOTAL-PASSED
  1   some file is TOTAL-FAILED
  2   none failed, but some file is INDETERMINATE
  64  not everything could be judged: wrong usage, or a file that cannot be read or written

Nothing is trusted unless --trust (or the trust folder of --config) says so. Only the words given here count: neither
SKRYNKA_CONFIG nor a skrynka.toml in this folder is looked at.";

#[derive(Args)]
pub(super) struct Words {
    /// The signed files (.p7s, .p7m: DER, BER, PEM or base64); `-` is the standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The signed document, for a signature without it inside; `-` is the standard input.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Certificates of authorities that you trust, and of others that help: a file, or a folder of .cer, .crt, .pem,
    /// .der, .p7b; may be repeated. The roots among them are anchors.
    #[arg(long, value_name = "FILE|DIR")]
    trust: Vec<PathBuf>,
    /// Certificates that help and are not trusted: authorities in between, time-stamps, signers; a file, or a folder of
    /// nothing else; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    cert: Vec<PathBuf>,
    /// Lists of revoked certificates (CRL), full and delta ones: a file or a folder; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    crl: Vec<PathBuf>,
    /// OCSP responses: a file or a folder; may be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    ocsp: Vec<PathBuf>,
    /// When the signatures are known to have existed (RFC 3339, such as 2026-03-15T12:00:00Z); now, if not given.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Whether certificates must be shown not to be revoked; `required`, unless --config says otherwise.
    #[arg(long, value_name = "RULE")]
    revocation: Option<Revocation>,
    /// Fetch nothing. Nothing is fetched so far anyway: evidence is in the files or given here.
    #[arg(long)]
    offline: bool,
    /// Write the document inside the signed file here; nothing is overwritten.
    #[arg(long, value_name = "FILE")]
    extract: Option<PathBuf>,
    /// The language of the report; JSON has both.
    #[arg(long, value_name = "LANGUAGE", default_value = "uk")]
    language: Language,
}

/// [`RevocationRule`] as a word of the command line.
#[derive(Clone, Copy, ValueEnum)]
enum Revocation {
    /// Without OCSP or CRL for each certificate the result is INDETERMINATE / TRY_LATER.
    Required,
    /// The same for certificates that name a responder or a list; of others nothing is demanded.
    WhereTold,
    /// What there is counts; none is no fault.
    IfAvailable,
    /// Nobody looks.
    Off,
}

/// The language of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Language {
    /// Ukrainian.
    Uk,
    /// English.
    En,
}

/// Judges the files one after another. Exit code 1 is an answer here, so everything else that goes wrong is [`USAGE`].
pub(super) fn verify(context: &Context, words: &Words) -> anyhow::Result<Report> {
    judge_all(context, words).map_err(|fault| Usage(said_once(&fault)).into())
}

fn judge_all(context: &Context, words: &Words) -> anyhow::Result<Report> {
    words.agree()?;
    let inputs = Inputs::read(context, words)?;
    for warning in &inputs.warnings {
        print_warning(warning, context.json);
    }
    // A whole second: nobody proves parts of one.
    let now = Timestamp::from_second(SystemClock.now().as_second())?;
    let judge = Judge { trust: &inputs.trust, evidence: &inputs.evidence, policy: &inputs.policy };
    let mut answers = Vec::new();
    let mut pages = Vec::new();
    let mut all_judged = true;
    let look = Look::of(context, words.language);
    for file in &words.files {
        let bytes = match inputs::read_file("signed file", file) {
            Ok(bytes) => bytes,
            Err(fault) if words.files.len() == 1 => return Err(fault),
            // The others are judged all the same; the exit code says that one is missing.
            Err(fault) => {
                print_fault(&format!("{fault:#}"), context.json);
                all_judged = false;
                continue;
            }
        };
        let name = file.display().to_string();
        let judged = judge.file(&name, &bytes, inputs.content.as_deref(), words.at.unwrap_or(now), now);
        pages.push(page::page(&name, &judged, look));
        if let Some(target) = &words.extract
            && let Err(fault) = extract(&judged, target, context.json)
        {
            print_fault(&format!("{fault:#}"), context.json);
            all_judged = false;
        }
        answers.push(Answer::of(&name, &judged));
    }
    let indications: Vec<Indication> = answers.iter().map(|answer| answer.indication).collect();
    pages.extend(page::summary(&indications, look));
    let code = if all_judged { exit_code(&indications) } else { USAGE };
    // One object for one file, an array for several: also for an array of which some could not be read.
    let text = pages.join("\n");
    let report = match (words.files.len(), answers.as_slice()) {
        (_, []) => anyhow::bail!("none of the files could be read, so nothing was judged"),
        (1, [only]) => Report::new(text, only),
        _ => Report::new(text, &answers),
    };
    Ok(report?.with_code(code))
}

/// The worst of all: 0 TOTAL-PASSED, 2 INDETERMINATE, 1 TOTAL-FAILED.
fn exit_code(indications: &[Indication]) -> u8 {
    match indications.iter().max() {
        None | Some(Indication::TotalPassed) => 0,
        Some(Indication::Indeterminate) => 2,
        Some(Indication::TotalFailed) => 1,
    }
}

impl Words {
    /// Words that contradict each other, beyond what the parser of the command line sees.
    fn agree(&self) -> anyhow::Result<()> {
        let several = self.files.len() > 1;
        for (given, option) in [(&self.content, "--content"), (&self.extract, "--extract")] {
            if given.is_some() && several {
                anyhow::bail!(
                    "{option} goes with one signed file, and {} were given; check them one by one",
                    self.files.len()
                );
            }
        }
        let from_stdin =
            self.files.iter().chain(&self.content).filter(|file| file.as_path() == Path::new(STDIN));
        if from_stdin.count() > 1 {
            anyhow::bail!("the standard input (`-`) can be read once only; give the other file by its name");
        }
        if let Some(target) = self.extract.as_ref().filter(|target| target.symlink_metadata().is_ok()) {
            anyhow::bail!(
                "{} exists and is not overwritten; name another file for --extract",
                target.display()
            );
        }
        Ok(())
    }

    /// What is demanded, by the configuration or by default, changed by these words.
    fn policy(&self, usual: Policy) -> Policy {
        let revocation = match self.revocation {
            None => usual.revocation,
            Some(Revocation::Required) => RevocationRule::Required,
            Some(Revocation::WhereTold) => RevocationRule::WhereTold,
            Some(Revocation::IfAvailable) => RevocationRule::IfAvailable,
            Some(Revocation::Off) => RevocationRule::Off,
        };
        Policy { revocation, ..usual }
    }
}

/// Writes the content that was inside the file, whatever the verdict; one that did not pass comes with a warning.
fn extract(judged: &Judged, target: &Path, json: bool) -> anyhow::Result<()> {
    use std::io::Write as _;
    let Some(content) = &judged.extracted else {
        anyhow::bail!("nothing is written to {}: the file holds no document inside", target.display());
    };
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(target)
        .with_context(|| format!("cannot write {}", target.display()))?;
    file.write_all(content).with_context(|| format!("cannot write {}", target.display()))?;
    if judged.verdict.indication != Indication::TotalPassed {
        let word = judged.verdict.indication.word();
        print_warning(
            &format!("{} is written, but its signature is {word}: do not rely on it", target.display()),
            json,
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
