//! `skrynka trust import`: a file → shown, compared by the operator, and only then put into the trust folder.

use std::fmt::Write as _;
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::{Value, json};
use skrynka::app::SystemClock;
use skrynka::model::{CertificateFacts, Clock as _, Digest, KyivDay};
use skrynka::trust_folder::{LIST_SIGNERS, Taken, Taking, read_trust, take};
use skrynka::verify::{Anchor, ListPreview, Trust, TrustFault};

use super::{printed, value_of};
use crate::commands::report::plain;
use crate::commands::{Context, Report};

#[derive(Args)]
pub(in crate::commands) struct Words {
    /// A certificate or bundle (.cer, .crt, .der, .pem, .p7b), or a trusted list (.xml).
    file: PathBuf,
    #[command(flatten)]
    answers: Answers,
}

/// What scripts answer beforehand.
#[derive(Args, Default)]
pub(in crate::commands) struct Answers {
    /// The SHA-256 fingerprint that you compared with the authority's own, by another channel than this file came by;
    /// once for each certificate to be trusted. Without it you are asked.
    #[arg(long, value_name = "FINGERPRINT", value_parser = fingerprint)]
    pub(super) yes: Vec<Digest>,
    /// Also take certificates that are only known: they help to find paths and prove nothing.
    #[arg(long)]
    pub(super) known: bool,
    /// The certificates may sign trusted lists, and are trusted for nothing else.
    #[arg(long)]
    pub(super) list_signer: bool,
}

/// Digits with or without colons and spaces.
fn fingerprint(text: &str) -> Result<Digest, String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ' | '-')).collect();
    digits.parse().map_err(|_| "a SHA-256 fingerprint is 64 hexadecimal digits".to_owned())
}

pub(super) fn import(context: &Context, words: &Words) -> anyhow::Result<Report> {
    let bytes =
        std::fs::read(&words.file).with_context(|| format!("cannot read {}", words.file.display()))?;
    let name = words.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Import::begin(context, &name, &words.file.display().to_string(), &words.answers)?.perform(&bytes)
}

/// A file on its way into the folder.
pub(super) struct Import<'a> {
    folder: PathBuf,
    trust: Trust,
    name: &'a str,
    from: &'a str,
    answers: &'a Answers,
    by: String,
    text: String,
    already: Vec<Value>,
    left_out: Vec<Value>,
}

impl<'a> Import<'a> {
    /// Of a file with this name, from there.
    pub(super) fn begin(
        context: &Context,
        name: &'a str,
        from: &'a str,
        answers: &'a Answers,
    ) -> anyhow::Result<Self> {
        let folder = context.config()?.trust;
        let (trust, _, _) = read_trust(&folder)?;
        let user = context.environment.get("SUDO_USER").or_else(|| context.environment.get("USER"));
        let number = rustix::process::geteuid().as_raw();
        let by =
            user.map_or_else(|| format!("user {number}"), |user| format!("{} (user {number})", plain(&user)));
        let (text, already, left_out) = (String::new(), Vec::new(), Vec::new());
        Ok(Self { folder, trust, name, from, answers, by, text, already, left_out })
    }

    /// Shows, asks, takes in. A file that is of no use is refused.
    pub(super) fn perform(mut self, bytes: &[u8]) -> anyhow::Result<Report> {
        let is_list =
            bytes.iter().find(|octet| !octet.is_ascii_whitespace() && !matches!(octet, 0xef | 0xbb | 0xbf));
        if is_list == Some(&b'<') || self.name.to_ascii_lowercase().ends_with(".xml") {
            return self.list(bytes);
        }
        let (read, faults) = Trust::from_files([(self.name.to_owned(), bytes.to_vec())].into_iter());
        if let Some(fault) = faults.iter().find(|fault| !matches!(fault, TrustFault::NoAnchors)) {
            bail!("{fault}; nothing was taken in");
        }
        let entries: Vec<Anchor<'_>> = read.entries().collect();
        self.all_named(&entries.iter().map(|entry| entry.facts.fingerprint).collect::<Vec<_>>())?;
        let mut takings = Vec::new();
        let mut known = Vec::new();
        for entry in &entries {
            if self.is_there(entry) {
                self.already.push(value_of(entry.facts));
                continue;
            }
            let taken = match entry.trusted_for {
                _ if self.answers.list_signer => Taken::ListSigner,
                Some(_) => Taken::Anchor,
                None => Taken::Certificate,
            };
            let taking = self.taking(taken, entry.facts, entry.der);
            if taken == Taken::Certificate && !self.answers.yes.contains(&entry.facts.fingerprint) {
                known.push(taking);
                continue;
            }
            show(entry.facts, taken);
            if self.is_confirmed(entry.facts)? {
                takings.push(taking);
            } else {
                self.left_out.push(value_of(entry.facts));
            }
        }
        if self.takes_known(&known)? {
            takings.append(&mut known);
        } else {
            self.left_out.extend(
                known
                    .iter()
                    .map(|taking| json!({ "subject": taking.subject, "sha256": Digest::of(taking.bytes) })),
            );
        }
        self.finish(&takings)
    }

    /// A list counts by its signer: that is whose fingerprint is compared, once.
    fn list(mut self, bytes: &[u8]) -> anyhow::Result<Report> {
        let pinned = read_signers(&self.folder)?;
        let read = |signers: Vec<(String, Vec<u8>)>| {
            Trust::from_folder([(self.name.to_owned(), bytes.to_vec())].into_iter(), signers.into_iter())
        };
        let (mut counted, faults) = read(pinned);
        let mut takings = Vec::new();
        let preview;
        if counted.lists().is_empty() {
            preview = match ListPreview::read(bytes) {
                Ok(preview) => preview,
                // What is wrong for the pinned ones tells more than that a preview is wrong too.
                Err(_) => bail!("{}; nothing was taken in", said(&faults)),
            };
            let (der, signer) = &preview.signer;
            self.all_named(&[signer.fingerprint])?;
            show(signer, Taken::ListSigner);
            if !self.is_confirmed(signer)? {
                bail!("the signer of {} was not confirmed; nothing was taken in", self.name);
            }
            takings.push(self.taking(Taken::ListSigner, signer, der));
            counted = read(vec![("the new signer".to_owned(), der.clone())]).0;
        }
        let Some(list) = counted.lists().first().cloned() else {
            bail!("{}; nothing was taken in", said(&faults));
        };
        let file = self.file_name(None, "xml");
        let there = self.folder.join(&file);
        if std::fs::read(&there).is_ok_and(|known| known == bytes) && takings.is_empty() {
            let text = format!("{} is in {} already", self.name, self.folder.display());
            let value = json!({ "folder": self.folder, "taken": [], "already": [list], "left_out": [] });
            return Report::new(text, &value);
        }
        let known = self.trust.lists().iter().find(|known| Path::new(&known.file) == there);
        if let Some(newer) = known.filter(|known| known.scheme.sequence > list.scheme.sequence) {
            let number =
                |sequence: Option<u64>| sequence.map_or_else(|| "—".to_owned(), |number| number.to_string());
            bail!(
                "{} is issue {} and {} is issue {} already: an older issue may name services that were withdrawn since; nothing was taken in",
                self.name,
                number(list.scheme.sequence),
                there.display(),
                number(newer.scheme.sequence)
            );
        }
        let whose =
            list.scheme.operator.clone().or_else(|| list.scheme.territory.clone()).unwrap_or_default();
        writeln!(
            self.text,
            "trusted list of «{}», signed by «{}»: {} of {} services granted",
            plain(&whose),
            plain(&list.signer.subject),
            list.granted,
            list.services
        )?;
        for entry in counted.entries().filter(|entry| entry.trusted_for.is_some()) {
            writeln!(
                self.text,
                "  trusted for {}: {}",
                super::word(entry.trusted_for),
                plain(&entry.facts.subject)
            )?;
        }
        takings.push(Taking {
            taken: Taken::List,
            file,
            bytes,
            subject: plain(&whose),
            from: self.from.to_owned(),
        });
        self.finish(&takings)
    }

    fn finish(mut self, takings: &[Taking<'_>]) -> anyhow::Result<Report> {
        if takings.is_empty() && self.already.is_empty() {
            bail!("nothing of {} was confirmed; nothing was taken in", self.name);
        }
        let written = take(&self.folder, takings, &self.by, SystemClock.now())?;
        for path in &written {
            writeln!(self.text, "taken in  {}", path.display())?;
        }
        writeln!(
            self.text,
            "{} taken in, {} there already, {} left out",
            written.len(),
            self.already.len(),
            self.left_out.len()
        )?;
        let taken: Vec<Value> = takings
            .iter()
            .zip(&written)
            .map(|(taking, path)| {
                json!({ "file": path, "what": taking.taken, "subject": taking.subject, "sha256": Digest::of(taking.bytes) })
            })
            .collect();
        let value = json!({ "folder": self.folder, "taken": taken, "already": self.already, "left_out": self.left_out });
        Report::new(self.text, &value)
    }

    fn is_there(&self, entry: &Anchor<'_>) -> bool {
        let fingerprint = entry.facts.fingerprint;
        if self.answers.list_signer {
            return self.trust.list_signers().iter().any(|signer| signer.fingerprint == fingerprint);
        }
        let known = self.trust.entries().find(|known| known.facts.fingerprint == fingerprint);
        known.is_some_and(|known| known.trusted_for >= entry.trusted_for)
    }

    fn taking<'b>(&self, taken: Taken, facts: &CertificateFacts, der: &'b [u8]) -> Taking<'b> {
        let file = self.file_name(Some(&facts.fingerprint), "cer");
        Taking { taken, file, bytes: der, subject: plain(&facts.subject), from: plain(self.from) }
    }

    /// A name that is safe in any file system, of the given one; with a certificate's first digits, for a bundle has many.
    fn file_name(&self, fingerprint: Option<&Digest>, ending: &str) -> String {
        let stem = Path::new(self.name).file_stem().unwrap_or_default().to_string_lossy();
        let stem: String =
            stem.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(60).collect();
        let stem = if stem.is_empty() { "file" } else { stem.as_str() };
        match fingerprint {
            Some(fingerprint) => {
                let digits: String = fingerprint.to_string().chars().take(16).collect();
                format!("{stem}-{digits}.{ending}")
            }
            None => format!("{stem}.{ending}"),
        }
    }

    /// A fingerprint on the command line that is nobody's is a mistake, and mistakes here are not passed over.
    fn all_named(&self, there: &[Digest]) -> anyhow::Result<()> {
        match self.answers.yes.iter().find(|named| !there.contains(named)) {
            Some(other) => {
                bail!("no certificate of {} has the fingerprint {other}; nothing was taken in", self.name)
            }
            None => Ok(()),
        }
    }

    fn is_confirmed(&self, facts: &CertificateFacts) -> anyhow::Result<bool> {
        if !self.answers.yes.is_empty() {
            return Ok(self.answers.yes.contains(&facts.fingerprint));
        }
        let digits: String = facts.fingerprint.to_string().chars().take(8).collect();
        loop {
            let answer = ask(
                "Compare it with the one that its owner tells by another channel (their site, a letter, a call). If they are the same, type its first 8 digits; else nothing: ",
            )?;
            let answer: String =
                answer.chars().filter(|c| c.is_ascii_hexdigit()).collect::<String>().to_lowercase();
            if answer.is_empty() {
                return Ok(false);
            }
            if answer == digits {
                return Ok(true);
            }
            say("  these are not its first 8 digits");
        }
    }

    fn takes_known(&self, known: &[Taking<'_>]) -> anyhow::Result<bool> {
        if known.is_empty() || self.answers.known || !self.answers.yes.is_empty() {
            return Ok(self.answers.known);
        }
        for taking in known {
            say(&format!("  {}  {}", Digest::of(taking.bytes), taking.subject));
        }
        let question = format!(
            "{} more certificates are no roots: they help to find paths and prove nothing. Take them too? [y/N]: ",
            known.len()
        );
        Ok(matches!(ask(&question)?.to_lowercase().as_str(), "y" | "yes" | "т" | "так"))
    }
}

fn said(faults: &[TrustFault]) -> String {
    faults
        .iter()
        .find(|fault| !matches!(fault, TrustFault::NoAnchors))
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// The pinned signers, as files.
fn read_signers(folder: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let folder = folder.join(LIST_SIGNERS);
    let mut signers = Vec::new();
    if folder.is_dir() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_file() {
                signers.push((path.display().to_string(), std::fs::read(&path)?));
            }
        }
    }
    Ok(signers)
}

/// What a person compares. It goes to standard error, so that the answer on standard output stays clean.
fn show(facts: &CertificateFacts, taken: Taken) {
    let role = match taken {
        Taken::Anchor => "an authority: every path of certificates that ends here will be trusted",
        Taken::ListSigner => "a signer of trusted lists: whoever its lists vouch for will be trusted",
        Taken::Certificate | Taken::List => "only known: it helps to find paths and proves nothing",
    };
    say(&format!(
        "\n{}\n  organisation  {}\n  ЄДРПОУ        {}\n  issued by     {}\n  valid         {} to {}\n  role          {role}\n  SHA-256       {}",
        plain(&facts.subject),
        plain(facts.organisation.as_deref().unwrap_or("—")),
        facts.edrpou.as_deref().unwrap_or("—"),
        plain(&facts.issuer),
        KyivDay::of(facts.not_before),
        KyivDay::of(facts.not_after),
        printed(&facts.fingerprint),
    ));
}

fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

fn ask(question: &str) -> anyhow::Result<String> {
    let _ = write!(std::io::stderr().lock(), "{question}");
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        bail!(
            "nobody answered; nothing was taken in: scripts say `--yes FINGERPRINT`, after a person compared it"
        );
    }
    Ok(line.trim().to_owned())
}
