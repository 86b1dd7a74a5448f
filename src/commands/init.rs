//! `skrynka init`: a few questions → a first configuration, with its password in a file of its own.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;
use skrynka::model::MailboxId;

use super::report::Report;

#[derive(Args)]
pub(super) struct Words {
    /// Where to write the configuration.
    #[arg(default_value = "skrynka.toml")]
    file: PathBuf,
}

const REGISTRY_EXAMPLE: &str = include_str!("../../config/registry.toml");

pub(super) fn init(words: &Words) -> anyhow::Result<Report> {
    let folder =
        words.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let registry = folder.join("registry.toml");
    let password_file = folder.join("mailbox.password");
    for path in [&words.file, &password_file] {
        if path.exists() {
            bail!(
                "{} exists already and is not overwritten; remove it, or name another file",
                path.display()
            );
        }
    }
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let answers = Answers::ask()?;
    write_private(&password_file, &format!("{}\n", answers.password))?;
    write_private(&words.file, &answers.as_toml())?;
    let trust = folder.join("trust");
    std::fs::create_dir_all(&trust).with_context(|| format!("cannot make the folder {}", trust.display()))?;
    let mut written = vec![words.file.clone(), password_file, trust];
    if !registry.exists() {
        // Its mailbox is the one that is watched, so that nothing but names is left to fill in.
        write_private(&registry, &REGISTRY_EXAMPLE.replace("cnap@example.org", answers.address.as_str()))?;
        written.push(registry.clone());
    }
    let mut text = String::new();
    for path in &written {
        let _ = writeln!(text, "written  {}", path.display());
    }
    let _ = write!(
        text,
        "\nnext:\n  1. take in the certificates of the authorities that you trust, each compared with its owner's fingerprint:\n     skrynka --config {file} trust import FILE\n  2. skrynka --config {file} config check --connect\n  3. describe your organisation in {registry} and run\n     skrynka --config {file} registry apply {registry}\n  4. skrynka --config {file} code issue --branch … --service … --poster poster.svg\n  5. skrynka --config {file} run\n",
        file = words.file.display(),
        registry = registry.display(),
    );
    Report::new(text, &json!({ "written": written }))
}

struct Answers {
    address: MailboxId,
    host: String,
    login: String,
    password: String,
    folders: Vec<String>,
}

impl Answers {
    fn ask() -> anyhow::Result<Self> {
        let address: MailboxId = loop {
            match ask("Mailbox address that visitors will write to", None)?.parse() {
                Ok(address) => break address,
                Err(fault) => say(&format!("  {fault}")),
            }
        };
        let domain = address.as_str().split_once('@').map_or("", |(_, domain)| domain).to_owned();
        let host = ask("IMAP server", Some(&format!("imap.{domain}")))?;
        let login = ask("Login", Some(address.as_str()))?;
        let password = ask_password()?;
        let spam = ask("Spam folder to watch too (- for none)", Some("Junk"))?;
        let mut folders = vec!["INBOX".to_owned()];
        if spam != "-" {
            folders.push(spam);
        }
        Ok(Self { address, host, login, password, folders })
    }

    fn as_toml(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let folders: Vec<String> = self.folders.iter().map(|folder| quoted(folder)).collect();
        format!(
            "# Skrynka's configuration. `skrynka config reference` prints every key with its default.\n\n[store]\nfolder = \"store\"\n\n[trust]\nfolder = \"trust\"\n\n[[mailbox]]\naddress = {}\nhost = {}\nlogin = {}\npassword_file = \"mailbox.password\"\nfolders = [{}]\n",
            quoted(self.address.as_str()),
            quoted(&self.host),
            quoted(&self.login),
            folders.join(", "),
        )
    }
}

/// Questions go to standard error, so that the answer on standard output stays clean.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// One answer; an empty one takes the default, and is asked again where there is none.
fn ask(question: &str, default: Option<&str>) -> anyhow::Result<String> {
    loop {
        let hint = default.map(|text| format!(" [{text}]")).unwrap_or_default();
        let _ = write!(std::io::stderr().lock(), "{question}{hint}: ");
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            bail!("the answers ended before the questions; nothing was written");
        }
        match (line.trim(), default) {
            ("", Some(default)) => return Ok(default.to_owned()),
            ("", None) => say("  an answer is needed"),
            (answer, _) => return Ok(answer.to_owned()),
        }
    }
}

/// The password, unseen where a person types it.
fn ask_password() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        return ask("Password", None);
    }
    loop {
        let password = rpassword::prompt_password("Password (not shown): ")?;
        if !password.is_empty() {
            return Ok(password);
        }
        say("  an answer is needed");
    }
}

/// Writes a new file that only its owner can read.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}
