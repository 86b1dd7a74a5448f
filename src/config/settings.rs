//! `skrynka.toml` → [`Config`].

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::keys;
use super::light::LightSection;
use super::secret::{Places, warn_if_others_can_read};
use super::web::{self, Web, WebSection};
use crate::model::{
    self, Digest, Ladder, Level, LightPolicy, MailboxId, PolicyAlgorithm, RevocationRule, Rung,
};

/// The variables that a configuration may name, read where the program starts.
#[derive(Clone, Debug, Default)]
pub struct Environment(std::collections::BTreeMap<String, String>);

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_this_process() -> Self {
        Self(
            std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
        )
    }

    /// These variables, for a test.
    #[must_use]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    /// A variable's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// A checked configuration.
#[derive(Debug)]
pub struct Config {
    /// The file it came from.
    pub file: PathBuf,
    /// Where everything is kept.
    pub store: PathBuf,
    /// Where the trusted certificates are.
    pub trust: PathBuf,
    /// What an organisation demands, and numbers that it may change.
    pub policy: Policy,
    /// The mailboxes to watch.
    pub mailboxes: Vec<Mailbox>,
    /// The folders to watch.
    pub drop_folders: Vec<DropFolder>,
    /// The server that sends mail out.
    pub smtp: Option<Smtp>,
    /// When codes are reminded of.
    pub ladder: Ladder,
    /// How the daemon's own health is watched and told.
    pub health: Health,
    /// How evidence of revocation is fetched, and for how long verdicts are judged again.
    pub evidence: Evidence,
    /// How copies are opened and read.
    pub reader: Reader,
    /// What clerks may do with letters.
    pub light: LightPolicy,
    /// How the pages for clerks are served; none: there are none.
    pub web: Option<Web>,
    /// What is allowed but should be mended.
    pub warnings: Vec<String>,
}

/// What an organisation demands, and numbers that it may change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// Days that an own code is valid.
    pub code_days: u16,
    /// Bytes of a letter that is looked into.
    pub letter_bytes_max: u64,
    /// What is demanded of signatures.
    pub signatures: model::Policy,
}

impl Default for Policy {
    /// Дія's term for codes, 64 MiB, and copies sealed by Дія. Copies from Дія seldom bring OCSP responses and CRLs, so
    /// they are fetched, and demanded of every certificate that says where: a revoked seal must not pass because the
    /// line was down. A certificate that names nobody could never be shown to be good, so of it nothing is demanded.
    fn default() -> Self {
        Self {
            code_days: 180,
            letter_bytes_max: 64 * 1024 * 1024,
            signatures: model::Policy {
                sealers: vec![DIIA_EDRPOU.to_owned()],
                revocation: RevocationRule::WhereTold,
                ..model::Policy::default()
            },
        }
    }
}

/// One mailbox and how to reach it.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Its address.
    pub address: MailboxId,
    /// Server name.
    pub host: String,
    /// Server port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Login name.
    pub login: String,
    /// Password, never printed.
    pub password: SecretString,
    /// Folders to watch.
    pub folders: Vec<String>,
    /// Time between two looks.
    pub poll: Duration,
    /// What is done on the server with a filed letter.
    pub after: After,
    /// An extra authority for the server's certificate.
    pub ca_file: Option<PathBuf>,
}

impl Mailbox {
    /// Everything that is set for it, the secret too, in one digest: it changes when any of it does.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        fingerprint(&self, Some(&self.password), self.ca_file.as_deref())
    }
}

impl Smtp {
    /// Everything that is set for it, the secret too, in one digest: it changes when any of it does.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        fingerprint(&self, self.login.as_ref().map(|(_, secret)| secret), self.ca_file.as_deref())
    }
}

fn fingerprint(shown: &dyn std::fmt::Debug, secret: Option<&SecretString>, ca_file: Option<&Path>) -> Digest {
    let secret = secret.map(|secret| Digest::of(secret.expose_secret().as_bytes()));
    let ca = ca_file.and_then(|path| std::fs::read(path).ok()).map(|bytes| Digest::of(&bytes));
    Digest::of(format!("{shown:?} {secret:?} {ca:?}").as_bytes())
}

/// How a connection is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// Upgraded by STARTTLS before anything else.
    Starttls,
    /// None: loopback only.
    None,
}

/// What is done on the server with a filed letter.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum After {
    /// It stays as it is.
    Nothing,
    /// It moves to this folder.
    Move(String),
    /// It gets this keyword.
    Keyword(String),
}

/// A folder of `.eml` files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DropFolder {
    /// The folder.
    pub folder: PathBuf,
    /// The mailbox that its letters count as received in.
    pub mailbox: MailboxId,
}

/// The server that sends mail out.
#[derive(Debug)]
pub struct Smtp {
    /// Server name.
    pub host: String,
    /// Server port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Sender's address.
    pub from: MailboxId,
    /// Login and password.
    pub login: Option<(String, SecretString)>,
    /// An extra authority for the server's certificate.
    pub ca_file: Option<PathBuf>,
}

/// How the daemon's own health is watched and told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Health {
    /// Where `/healthz`, `/readyz` and `/metrics` are served: a loopback address, or nowhere.
    pub listen: Option<SocketAddr>,
    /// For how long a mailbox may be silent before that is an incident.
    pub silence: Duration,
}

/// How evidence of revocation is fetched, and for how long verdicts are judged again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// Whether anything is fetched at all.
    pub fetch: bool,
    /// Places besides the public internet, each `address`, `address/bits` or with a port.
    pub addresses_allowed: Vec<String>,
    /// The way out, where there is no direct one.
    pub proxy: Option<String>,
    /// An extra authority for servers of https.
    pub ca_file: Option<PathBuf>,
    /// For how many days after a letter was filed its verdicts are judged again; 0: never.
    pub review_days: u16,
}

impl Evidence {
    /// Everything that is set, in one digest: it changes when any of it does.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        fingerprint(&self, None, self.ca_file.as_deref())
    }
}

/// How copies are opened and read, by processes of their own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// How many processes read at once; none: one for each processor core.
    pub children: Option<usize>,
    /// How long a document may take.
    pub open_max: Duration,
    /// Address space of a process, bytes.
    pub memory_bytes_max: u64,
    /// Pages of a document that are read, from the first.
    pub pages_max: u32,
    /// The OCR program.
    pub ocr: Ocr,
    /// How long OCR of a page may take.
    pub ocr_max: Duration,
    /// The folder of the operator's own templates; it may be absent.
    pub templates: PathBuf,
}

impl Reader {
    /// Everything that is set, in one digest: it changes when any of it does.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        fingerprint(&self, None, None)
    }
}

/// Which OCR program reads pages that have no letters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ocr {
    /// None.
    Off,
    /// Tesseract, where the system has it.
    IfInstalled,
    /// This one.
    Program(PathBuf),
}

/// The state enterprise «ДІЯ», whose trust service seals the copies that citizens send.
const DIIA_EDRPOU: &str = "43395033";

/// Why a configuration cannot be used: every problem, a line each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .problems.join("\n"))]
pub struct ConfigError {
    /// The problems, each with its place and remedy.
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    store: StoreSection,
    trust: TrustSection,
    policy: PolicySection,
    mailbox: Vec<MailboxSection>,
    drop_folder: Vec<DropFolderSection>,
    smtp: Option<SmtpSection>,
    notices: NoticesSection,
    health: HealthSection,
    evidence: EvidenceSection,
    reader: ReaderSection,
    light: LightSection,
    web: WebSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StoreSection {
    folder: String,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self { folder: "store".to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TrustSection {
    folder: String,
}

impl Default for TrustSection {
    fn default() -> Self {
        Self { folder: "trust".to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PolicySection {
    code_days: u16,
    letter_bytes_max: u64,
    sealers: Vec<String>,
    revocation: RevocationRule,
    revocation_age_hours_max: u32,
    level_min: Level,
    algorithms: Vec<PolicyAlgorithm>,
    rsa_bits_min: usize,
}

impl Default for PolicySection {
    fn default() -> Self {
        let Policy { code_days, letter_bytes_max, signatures } = Policy::default();
        Self {
            code_days,
            letter_bytes_max,
            sealers: signatures.sealers,
            revocation: signatures.revocation,
            revocation_age_hours_max: 0,
            level_min: signatures.level_min,
            algorithms: signatures.algorithms,
            rsa_bits_min: signatures.rsa_bits_min,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailboxSection {
    address: String,
    host: String,
    port: Option<u16>,
    security: Option<Security>,
    login: Option<String>,
    password: Option<SecretString>,
    password_file: Option<String>,
    password_env: Option<String>,
    folders: Option<Vec<String>>,
    poll_seconds: Option<u64>,
    after_filing: Option<After>,
    ca_file: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DropFolderSection {
    folder: String,
    mailbox: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HealthSection {
    listen: String,
    silence_minutes: u64,
}

impl Default for HealthSection {
    fn default() -> Self {
        Self { listen: "127.0.0.1:9464".to_owned(), silence_minutes: 15 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct EvidenceSection {
    fetch: bool,
    addresses_allowed: Vec<String>,
    proxy: String,
    ca_file: Option<String>,
    review_days: u16,
}

impl Default for EvidenceSection {
    fn default() -> Self {
        Self {
            fetch: true,
            addresses_allowed: Vec::new(),
            proxy: String::new(),
            ca_file: None,
            review_days: 30,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ReaderSection {
    children: u32,
    open_seconds_max: u64,
    memory_mb_max: u64,
    pages_max: u32,
    ocr: String,
    ocr_seconds_max: u64,
    templates: String,
}

impl Default for ReaderSection {
    fn default() -> Self {
        Self {
            children: 0,
            open_seconds_max: 10,
            memory_mb_max: 512,
            pages_max: 10,
            ocr: "on".to_owned(),
            ocr_seconds_max: 20,
            templates: "templates".to_owned(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SmtpSection {
    host: String,
    port: Option<u16>,
    security: Option<Security>,
    from: String,
    login: Option<String>,
    password: Option<SecretString>,
    password_file: Option<String>,
    password_env: Option<String>,
    ca_file: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NoticesSection {
    ladder_months: Vec<u8>,
    ladder_days: Vec<u16>,
    from_hour: u8,
}

impl Default for NoticesSection {
    fn default() -> Self {
        let Ladder { rungs, from_hour } = Ladder::default();
        let (mut ladder_months, mut ladder_days) = (Vec::new(), Vec::new());
        for rung in rungs {
            match rung {
                Rung::Months(months) => ladder_months.push(months),
                Rung::Days(days) => ladder_days.push(days),
            }
        }
        Self { ladder_months, ladder_days, from_hour }
    }
}

/// Reads and checks a configuration file.
///
/// # Errors
/// Every problem at once: an unreadable file, broken TOML, an unknown key (with the nearest known one), a value out of its range.
pub fn load(file: &Path, environment: &Environment) -> Result<Config, ConfigError> {
    let one = |problem: String| ConfigError { problems: vec![problem] };
    let text = keys::text_of("configuration", file, "`skrynka init` writes a first one").map_err(one)?;
    let parsed: File = keys::read(file, &text).map_err(one)?;
    let base = file.parent().unwrap_or(Path::new("")).to_owned();
    let mut check = Check { base, environment, problems: Vec::new(), warnings: Vec::new() };
    let inline = parsed.mailbox.iter().any(|m| m.password.is_some())
        || parsed.smtp.as_ref().is_some_and(|smtp| smtp.password.is_some());
    if inline {
        warn_if_others_can_read(file, "a password stands in the configuration", &mut check.warnings);
    }
    for (key, folder) in [("store.folder", &parsed.store.folder), ("trust.folder", &parsed.trust.folder)] {
        if folder.trim().is_empty() {
            check.problems.push(format!("{key} is empty; give a folder of its own"));
        }
    }
    let config = Config {
        store: check.base.join(&parsed.store.folder),
        trust: check.base.join(&parsed.trust.folder),
        policy: check.policy(parsed.policy),
        mailboxes: parsed.mailbox.into_iter().filter_map(|section| check.mailbox(section)).collect(),
        drop_folders: parsed.drop_folder.iter().filter_map(|section| check.drop_folder(section)).collect(),
        smtp: parsed.smtp.and_then(|section| check.smtp(section)),
        ladder: check.ladder(&parsed.notices),
        health: check.health(&parsed.health),
        evidence: check.evidence(parsed.evidence),
        light: parsed.light.checked(&mut check.problems),
        reader: check.reader(&parsed.reader),
        web: web::checked(&parsed.web, &check.base, &mut check.problems, &mut check.warnings),
        warnings: Vec::new(),
        file: file.to_owned(),
    };
    check.no_mailbox_twice(&config);
    if config.mailboxes.is_empty() && config.drop_folders.is_empty() {
        check
            .warnings
            .push("there is no [[mailbox]] and no [[drop_folder]]: no letter will be received".to_owned());
    }
    if check.problems.is_empty() {
        Ok(Config { warnings: check.warnings, ..config })
    } else {
        let place = file.display();
        Err(ConfigError { problems: check.problems.iter().map(|p| format!("{place}: {p}")).collect() })
    }
}

struct Check<'a> {
    base: PathBuf,
    environment: &'a Environment,
    problems: Vec<String>,
    warnings: Vec<String>,
}

impl Check<'_> {
    /// Keeps the good value, notes the problem.
    fn note<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn policy(&mut self, section: PolicySection) -> Policy {
        // Дія's own term is 180 days; ten years is more than any poster hangs.
        if !(1..=3650).contains(&section.code_days) {
            self.problems.push(format!("policy.code_days is {}; it must be 1 to 3650", section.code_days));
        }
        if section.letter_bytes_max < 1024 * 1024 {
            self.problems.push(
                "policy.letter_bytes_max must be at least 1048576 (1 MiB): one photographed copy has that"
                    .to_owned(),
            );
        }
        Policy {
            code_days: section.code_days,
            letter_bytes_max: section.letter_bytes_max,
            signatures: self.signatures(section),
        }
    }

    fn signatures(&mut self, section: PolicySection) -> model::Policy {
        let sealers = section.sealers.iter().filter_map(|sealer| {
            let number: Result<ukr::Edrpou, _> = sealer.parse();
            self.note(number.map_err(|fault| format!("policy.sealers: `{sealer}`: {fault}")))
        });
        let sealers = sealers.map(|number| number.to_string()).collect();
        // Below 2048 bits nobody verifies here (ETSI TS 119 312 §6.2.1), above 8192 the work is too much.
        if !(2048..=8192).contains(&section.rsa_bits_min) {
            self.problems
                .push(format!("policy.rsa_bits_min is {}; it must be 2048 to 8192", section.rsa_bits_min));
        }
        if section.algorithms.is_empty() {
            self.problems.push(
                "policy.algorithms is empty: no signature could pass; name at least one, or leave the key out for all"
                    .to_owned(),
            );
        }
        // Ten years, as for policy.code_days: no evidence is in use for longer.
        let hours = section.revocation_age_hours_max;
        if hours > 87_600 {
            self.problems.push(format!(
                "policy.revocation_age_hours_max is {hours}; it must be 0 (up to the evidence's own end) to 87600"
            ));
        }
        model::Policy {
            algorithms: section.algorithms,
            rsa_bits_min: section.rsa_bits_min,
            sealers,
            level_min: section.level_min,
            revocation: section.revocation,
            revocation_age_seconds_max: (hours > 0).then_some(i64::from(hours) * 3600),
        }
    }

    fn mailbox(&mut self, section: MailboxSection) -> Option<Mailbox> {
        let what = format!("mailbox {}", section.address);
        let address: Result<MailboxId, _> = section.address.parse();
        let address = self.note(address.map_err(|fault| format!("mailbox: address: {fault}")));
        let security = section.security.unwrap_or(Security::Tls);
        self.protected(&what, &section.host, security);
        let secret =
            Places { inline: section.password, file: section.password_file, env: section.password_env };
        let secret =
            secret.read(&format!("{what}: password"), &self.base, self.environment, &mut self.warnings);
        let password = self.note(secret);
        let folders = section.folders.unwrap_or_else(|| vec!["INBOX".to_owned()]);
        self.folders(&what, &folders, section.after_filing.as_ref());
        let poll_seconds = section.poll_seconds.unwrap_or(30);
        if !(1..=3600).contains(&poll_seconds) {
            self.problems.push(format!("{what}: poll_seconds is {poll_seconds}; it must be 1 to 3600"));
        }
        let ca_file = self.ca_file(&what, section.ca_file.as_deref());
        let address = address?;
        Some(Mailbox {
            login: section.login.unwrap_or_else(|| address.to_string()),
            port: section.port.unwrap_or(if security == Security::Tls { 993 } else { 143 }),
            password: password?,
            poll: Duration::from_secs(poll_seconds),
            after: section.after_filing.unwrap_or(After::Nothing),
            host: section.host,
            address,
            security,
            folders,
            ca_file,
        })
    }

    fn ca_file(&mut self, what: &str, name: Option<&str>) -> Option<PathBuf> {
        let path = self.base.join(name?);
        if !path.is_file() {
            self.problems.push(format!("{what}: ca_file: there is no file {}", path.display()));
        }
        Some(path)
    }

    fn folders(&mut self, what: &str, folders: &[String], after: Option<&After>) {
        let names: BTreeSet<&String> = folders.iter().collect();
        if folders.is_empty() || folders.iter().any(String::is_empty) {
            self.problems
                .push(format!("{what}: folders must name at least one folder, for example [\"INBOX\"]"));
        } else if names.len() < folders.len() {
            self.problems.push(format!("{what}: folders names a folder twice"));
        }
        match after {
            Some(After::Move(target)) if names.contains(target) => self.problems.push(format!(
                "{what}: after_filing moves letters to `{target}`, which is watched too; choose another folder"
            )),
            Some(After::Move(target)) if target.is_empty() => {
                self.problems.push(format!("{what}: after_filing.move names no folder"));
            }
            Some(After::Keyword(flag)) if !is_keyword(flag) => self.problems.push(format!(
                "{what}: after_filing.keyword `{flag}` is not an IMAP keyword: letters, digits, `$`, `_`, `-`, `.` (RFC 9051 §2.3.2)"
            )),
            _ => {}
        }
    }

    fn drop_folder(&mut self, section: &DropFolderSection) -> Option<DropFolder> {
        let folder = self.base.join(&section.folder);
        let mailbox: Result<MailboxId, _> = section.mailbox.parse();
        let mailbox =
            self.note(mailbox.map_err(|fault| format!("drop_folder {}: mailbox: {fault}", section.folder)))?;
        if !folder.is_dir() {
            self.problems.push(format!("drop_folder: there is no folder {}; create it", folder.display()));
        }
        Some(DropFolder { folder, mailbox })
    }

    fn smtp(&mut self, section: SmtpSection) -> Option<Smtp> {
        let security = section.security.unwrap_or(Security::Starttls);
        self.protected("smtp", &section.host, security);
        let from: Result<MailboxId, _> = section.from.parse();
        let from = self.note(from.map_err(|fault| format!("smtp: from: {fault}")));
        let secret =
            Places { inline: section.password, file: section.password_file, env: section.password_env };
        let login = match section.login {
            Some(login) => {
                let secret = secret.read("smtp: password", &self.base, self.environment, &mut self.warnings);
                Some((login, self.note(secret)?))
            }
            None => None,
        };
        let usual = match security {
            Security::Starttls => 587,
            Security::Tls => 465,
            Security::None => 25,
        };
        let ca_file = self.ca_file("smtp", section.ca_file.as_deref());
        let port = section.port.unwrap_or(usual);
        Some(Smtp { port, host: section.host, security, from: from?, login, ca_file })
    }

    fn ladder(&mut self, section: &NoticesSection) -> Ladder {
        let NoticesSection { ladder_months, ladder_days, from_hour } = section;
        // Ten years, as for policy.code_days: a code lasts no longer.
        let months = ladder_months.iter().filter(|months| !(1..=120).contains(*months));
        let days = ladder_days.iter().filter(|days| **days > 3650);
        for wrong in months.map(|months| u16::from(*months)).chain(days.copied()) {
            self.problems.push(format!(
                "notices: {wrong} is no step of the ladder; ladder_months are 1 to 120, ladder_days 0 to 3650"
            ));
        }
        if *from_hour > 23 {
            self.problems.push(format!("notices.from_hour is {from_hour}; it must be 0 to 23"));
        }
        let months = ladder_months.iter().copied().map(Rung::Months);
        let rungs: Vec<Rung> = months.chain(ladder_days.iter().copied().map(Rung::Days)).collect();
        if rungs.iter().collect::<std::collections::HashSet<_>>().len() < rungs.len() {
            self.problems.push("notices: a step of the ladder is named twice; name each once".to_owned());
        }
        if rungs.is_empty() {
            self.warnings.push(
                "notices: the ladder has no steps: nobody will be reminded of codes that end".to_owned(),
            );
        }
        Ladder { rungs, from_hour: *from_hour }
    }

    fn health(&mut self, section: &HealthSection) -> Health {
        let listen = section.listen.trim();
        let address: Option<SocketAddr> = listen.parse().ok();
        let local = address.is_some_and(|address| address.ip().is_loopback());
        if !listen.is_empty() && !local {
            self.problems.push(format!(
                "health.listen is `{listen}`; it must be a loopback address with a port, such as \"127.0.0.1:9464\" or \"[::1]:9464\" (nobody logs in there), or \"\" for none"
            ));
        }
        // Shorter than the waits after a failure, every bad moment of a server would be an incident; a day is too long
        // for whoever waits for a copy.
        if !(5..=1440).contains(&section.silence_minutes) {
            self.problems
                .push(format!("health.silence_minutes is {}; it must be 5 to 1440", section.silence_minutes));
        }
        Health { listen: address, silence: Duration::from_secs(section.silence_minutes.saturating_mul(60)) }
    }

    fn evidence(&mut self, section: EvidenceSection) -> Evidence {
        // Ten years, as for policy.code_days: nobody asks about an older letter's light.
        if section.review_days > 3650 {
            self.problems
                .push(format!("evidence.review_days is {}; it must be 0 to 3650", section.review_days));
        }
        Evidence {
            fetch: section.fetch,
            addresses_allowed: section.addresses_allowed,
            proxy: Some(section.proxy).filter(|proxy| !proxy.is_empty()),
            ca_file: self.ca_file("evidence", section.ca_file.as_deref()),
            review_days: section.review_days,
        }
    }

    fn reader(&mut self, section: &ReaderSection) -> Reader {
        let ReaderSection {
            children,
            open_seconds_max,
            memory_mb_max,
            pages_max,
            ocr,
            ocr_seconds_max,
            templates,
        } = section;
        // Each process may take its memory; more of them than any machine has cores is a slip.
        self.within("reader.children", u64::from(*children), 0, 256);
        self.within("reader.open_seconds_max", *open_seconds_max, 1, 600);
        // The program itself, a page drawn for OCR and a photographed copy need 200 MB.
        self.within("reader.memory_mb_max", *memory_mb_max, 256, 65_536);
        // Answers about more pages are larger than what is taken from a process.
        self.within("reader.pages_max", u64::from(*pages_max), 1, 100);
        self.within("reader.ocr_seconds_max", *ocr_seconds_max, 1, 600);
        let ocr = match ocr.as_str() {
            "on" => Ocr::IfInstalled,
            "off" => Ocr::Off,
            program if Path::new(program).is_absolute() => Ocr::Program(PathBuf::from(program)),
            other => {
                self.problems.push(format!(
                    "reader.ocr is `{other}`; it must be \"on\", \"off\" or the whole path of the program"
                ));
                Ocr::Off
            }
        };
        if let Ocr::Program(program) = &ocr
            && !program.is_file()
        {
            self.problems.push(format!("reader.ocr: there is no file {}", program.display()));
        }
        Reader {
            children: usize::try_from(*children).ok().filter(|children| *children > 0),
            open_max: Duration::from_secs(*open_seconds_max),
            memory_bytes_max: memory_mb_max.saturating_mul(1024 * 1024),
            pages_max: *pages_max,
            ocr,
            ocr_max: Duration::from_secs(*ocr_seconds_max),
            templates: self.base.join(templates),
        }
    }

    fn within(&mut self, key: &str, value: u64, least: u64, most: u64) {
        if !(least..=most).contains(&value) {
            self.problems.push(format!("{key} is {value}; it must be {least} to {most}"));
        }
    }

    /// Passwords and letters cross a network encrypted or not at all.
    fn protected(&mut self, what: &str, host: &str, security: Security) {
        if host.is_empty() {
            self.problems.push(format!("{what}: host is empty"));
        }
        if security == Security::None && !matches!(host, "127.0.0.1" | "localhost" | "::1") {
            self.problems.push(format!(
                "{what}: security = \"none\" is allowed for 127.0.0.1, ::1 and localhost only, not for {host}; use \"tls\" or \"starttls\""
            ));
        }
    }

    fn no_mailbox_twice(&mut self, config: &Config) {
        let mut seen = BTreeSet::new();
        for mailbox in &config.mailboxes {
            if !seen.insert(&mailbox.address) {
                self.problems
                    .push(format!("mailbox {} is configured twice; keep one section", mailbox.address));
            }
        }
    }
}

/// An IMAP keyword is an atom that is not a system flag (RFC 9051 §9).
fn is_keyword(flag: &str) -> bool {
    !flag.is_empty() && flag.bytes().all(|c| c.is_ascii_alphanumeric() || b"$_-.".contains(&c))
}
