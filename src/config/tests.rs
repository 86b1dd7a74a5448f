use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::*;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn load(&self, text: &str) -> Result<Config, String> {
        let environment = Environment::of(&[("SECRET", "from the environment"), ("EMPTY", "")]);
        load(&self.write("skrynka.toml", text), &environment).map_err(|fault| fault.to_string())
    }
}

const MAILBOX: &str = "[[mailbox]]\naddress = \"cnap@x.org\"\nhost = \"imap.x.org\"\n";

#[track_caller]
fn refused(text: &str, expected: &str) {
    let fault = Place::new().load(text).unwrap_err();
    assert!(fault.contains(expected), "expected «{expected}» in:\n{fault}");
}

#[test]
fn the_reference_file_holds_the_defaults() {
    let environment = Environment::of(&[("SKRYNKA_CNAP_PASSWORD", "x")]);
    let reference =
        load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/config/skrynka.toml")), &environment).unwrap();
    let place = Place::new();
    let least = place
        .load("[[mailbox]]\naddress = \"cnap@example.org\"\nhost = \"imap.example.org\"\npassword_env = \"SECRET\"\n")
        .unwrap();
    assert_eq!(reference.policy, least.policy);
    assert_eq!(reference.health, least.health);
    let templates = least.reader.templates.clone();
    assert_eq!(reference.reader.templates.file_name(), templates.file_name());
    assert_eq!(Reader { templates, ..reference.reader }, least.reader);
    assert_eq!(reference.store.file_name(), least.store.file_name());
    assert_eq!(reference.trust.file_name(), least.trust.file_name());
    let (a, b) = (&reference.mailboxes[0], &least.mailboxes[0]);
    assert_eq!((a.port, a.security, &a.login), (b.port, b.security, &b.login));
    assert_eq!((&a.folders, a.poll, &a.after), (&b.folders, b.poll, &b.after));
    assert!(reference.smtp.is_none() && reference.drop_folders.is_empty());
    assert_eq!(reference.ladder, least.ladder);
    assert_eq!(least.ladder, crate::model::Ladder::default());
}

/// The commented lines of the reference are examples that work: with them all switched on, the file is still right.
#[test]
fn every_commented_key_of_the_reference_is_a_real_key() {
    let place = Place::new();
    std::fs::create_dir(place.0.path().join("drop")).unwrap();
    for name in [
        "cnap.password",
        "smtp.password",
        "imap-ca.pem",
        "smtp-ca.pem",
        "evidence-ca.pem",
        "web-certificate.pem",
        "web-key.pem",
    ] {
        place.write(name, "secret\n");
    }
    let is_key = |line: &str| {
        line.starts_with('[')
            || line
                .split_once(" = ")
                .is_some_and(|(key, _)| key.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'))
    };
    let text: Vec<&str> = REFERENCE
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| is_key(rest)).unwrap_or(line))
        .filter(|line| !line.starts_with("password =") && !line.starts_with("password_env ="))
        .collect();
    let config = place.load(&text.join("\n")).unwrap();
    assert_eq!(config.drop_folders.len(), 1);
    let smtp = config.smtp.unwrap();
    assert_eq!(smtp.port, 587);
    assert!(smtp.ca_file.is_some());
    assert_eq!(config.mailboxes[0].password.expose_secret(), "secret");
    assert!(config.mailboxes[0].ca_file.is_some());
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    refused("[stroe]\n", "line 1: unknown key `stroe`; did you mean `store`?");
    refused(
        &format!("{MAILBOX}pasword = \"x\"\n"),
        "line 4: unknown key `pasword`; did you mean `password`?",
    );
    refused("[policy]\ncode_day = 3\n", "did you mean `code_days`?");
}

#[test]
fn a_secret_comes_from_exactly_one_of_three_places() {
    let place = Place::new();
    place.write("pw", "from the file\n");
    for (line, expected) in [
        ("password = \"inline\"", "inline"),
        ("password_file = \"pw\"", "from the file"),
        ("password_env = \"SECRET\"", "from the environment"),
    ] {
        let config = place.load(&format!("{MAILBOX}{line}\n")).unwrap();
        assert_eq!(config.mailboxes[0].password.expose_secret(), expected);
    }
    refused(MAILBOX, "mailbox cnap@x.org: password is missing");
    refused(&format!("{MAILBOX}password = \"a\"\npassword_env = \"SECRET\"\n"), "given twice");
    refused(&format!("{MAILBOX}password_env = \"EMPTY\"\n"), "the environment has no `EMPTY`");
    refused(&format!("{MAILBOX}password_file = \"none\"\n"), "password_file: there is no file");
    let fault = Place::new().load(&format!("{MAILBOX}password = 73501946\n")).unwrap_err();
    assert!(fault.contains("line 4: `password`: text in quotes") && !fault.contains("73501946"), "{fault}");
    let fault = Place::new().load(&format!("{MAILBOX}password_env = \"Summer 73501\"\n")).unwrap_err();
    assert!(fault.contains("give a variable's name") && !fault.contains("73501"), "{fault}");
}

#[test]
fn a_secret_is_never_printed() {
    let config = Place::new().load(&format!("{MAILBOX}password = \"hunter2\"\n")).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_secret_that_others_can_read_raises_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let secret = place.write("pw", "x");
    let text = format!("{MAILBOX}password_file = \"pw\"\n");
    std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(place.load(&text).unwrap().warnings[0].contains("chmod 600"));
    std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(place.load(&text).unwrap().warnings.is_empty());
}

#[test]
fn a_connection_without_encryption_is_for_loopback_only() {
    let with = |host: &str| {
        format!(
            "[[mailbox]]\naddress = \"a@x.org\"\nhost = \"{host}\"\nsecurity = \"none\"\npassword = \"x\"\n"
        )
    };
    refused(&with("imap.x.org"), "security = \"none\" is allowed for 127.0.0.1");
    assert_eq!(Place::new().load(&with("127.0.0.1")).unwrap().mailboxes[0].port, 143);
}

#[test]
fn health_is_told_on_loopback_only() {
    let with = |line: &str| format!("[health]\n{line}\n");
    for elsewhere in ["0.0.0.0:9464", "192.0.2.1:9464", "[::]:9464", "localhost:9464", "127.0.0.1", "9464"] {
        refused(&with(&format!("listen = \"{elsewhere}\"")), "it must be a loopback address with a port");
    }
    for (here, expected) in [
        ("127.0.0.1:1", Some("127.0.0.1:1")),
        ("127.9.9.9:80", Some("127.9.9.9:80")),
        ("[::1]:9", Some("[::1]:9")),
        ("", None),
    ] {
        let listen = Place::new().load(&with(&format!("listen = \"{here}\""))).unwrap().health.listen;
        assert_eq!(listen, expected.map(|text| text.parse().unwrap()), "{here}");
    }
    refused(&with("silence_minutes = 4"), "health.silence_minutes is 4");
    refused(&with("silence_minute = 4"), "did you mean `silence_minutes`?");
}

#[test]
fn how_copies_are_read_is_checked_and_may_be_ones_own() {
    for (line, sentence) in [
        ("children = 257", "reader.children is 257; it must be 0 to 256"),
        ("open_seconds_max = 0", "reader.open_seconds_max is 0; it must be 1 to 600"),
        ("memory_mb_max = 100", "reader.memory_mb_max is 100; it must be 256 to 65536"),
        ("pages_max = 0", "reader.pages_max is 0; it must be 1 to 100"),
        ("ocr_seconds_max = 601", "reader.ocr_seconds_max is 601; it must be 1 to 600"),
        ("ocr = \"yes\"", "reader.ocr is `yes`; it must be \"on\", \"off\" or the whole path of the program"),
        ("ocr = \"/nowhere/tesseract\"", "reader.ocr: there is no file /nowhere/tesseract"),
        ("ocr = true", "`ocr`: text in quotes is expected here"),
        ("childs = 2", "unknown key `childs`; did you mean `children`?"),
    ] {
        refused(&format!("[reader]\n{line}\n"), sentence);
    }
    let place = Place::new();
    let program = place.write("tesseract", "");
    let text = format!(
        "[reader]\nchildren = 3\nopen_seconds_max = 5\nmemory_mb_max = 300\npages_max = 4\nocr = {program:?}\nocr_seconds_max = 7\ntemplates = \"kinds\"\n"
    );
    let reader = place.load(&text).unwrap().reader;
    let own = Reader {
        children: Some(3),
        open_max: Duration::from_secs(5),
        memory_bytes_max: 300 * 1024 * 1024,
        pages_max: 4,
        ocr: Ocr::Program(program),
        ocr_max: Duration::from_secs(7),
        templates: place.0.path().join("kinds"),
    };
    assert_eq!(reader, own);
    assert_eq!(place.load("[reader]\nocr = \"off\"\n").unwrap().reader.ocr, Ocr::Off);
    assert_eq!(place.load("").unwrap().reader.ocr, Ocr::IfInstalled);
}

#[test]
fn what_is_demanded_of_signatures_is_checked_and_may_be_ones_own() {
    use crate::model::{Level, PolicyAlgorithm, RevocationRule};
    let usual = Place::new().load("").unwrap().policy.signatures;
    assert_eq!(usual.sealers, ["43395033"], "the trust service of Дія, unless somebody else is named");
    assert_eq!((usual.revocation, usual.revocation_age_seconds_max), (RevocationRule::WhereTold, None));
    assert_eq!((usual.level_min, usual.rsa_bits_min), (Level::Bes, 2048));
    assert_eq!(usual.algorithms, PolicyAlgorithm::ALL);

    let own = "[policy]\nsealers = []\nrevocation = \"required\"\nrevocation_age_hours_max = 24\nlevel_min = \"CAdES-T\"\nalgorithms = [\"ecdsa\"]\nrsa_bits_min = 3072\n";
    let own = Place::new().load(own).unwrap().policy.signatures;
    assert!(own.sealers.is_empty(), "anybody");
    assert_eq!((own.revocation, own.revocation_age_seconds_max), (RevocationRule::Required, Some(86_400)));
    assert_eq!((own.level_min, own.rsa_bits_min), (Level::T, 3072));
    assert_eq!(own.algorithms, [PolicyAlgorithm::Ecdsa]);

    refused("[policy]\nsealers = [\"43395034\"]\n", "policy.sealers: `43395034`: the check digit");
    refused("[policy]\nsealers = [\"ДП «ДІЯ»\"]\n", "policy.sealers: `ДП «ДІЯ»`");
    refused("[policy]\nsealers = \"43395033\"\n", "a list in square brackets");
    refused("[policy]\nsealer = []\n", "did you mean `sealers`?");
    refused("[policy]\nrevocation = \"if_available\"\n", "did you mean `if-available`?");
    refused("[policy]\nrevocation_age_hours_max = 87601\n", "revocation_age_hours_max is 87601");
    refused("[policy]\nlevel_min = \"CAdES-TT\"\n", "unknown word `CAdES-TT`; did you mean `CAdES-T`?");
    refused("[policy]\nalgorithms = [\"ecdsa\", \"rsa-pks1\"]\n", "did you mean `rsa-pkcs1`?");
    refused("[policy]\nalgorithms = []\n", "policy.algorithms is empty");
    refused("[policy]\nrsa_bits_min = 1024\n", "policy.rsa_bits_min is 1024; it must be 2048 to 8192");
}

#[test]
fn a_ladder_is_checked_and_may_be_ones_own() {
    use crate::model::Rung;
    let own = "[notices]\nladder_months = []\nladder_days = [10, 2]\nfrom_hour = 0\n";
    let ladder = Place::new().load(own).unwrap().ladder;
    assert_eq!((ladder.rungs, ladder.from_hour), (vec![Rung::Days(10), Rung::Days(2)], 0));
    refused("[notices]\nladder_days = [7, 7]\n", "named twice");
    refused("[notices]\nladder_days = [3651]\n", "3651 is no step of the ladder");
    refused("[notices]\nladder_months = [0]\n", "0 is no step of the ladder");
    refused("[notices]\nfrom_hour = 24\n", "notices.from_hour is 24");
    refused("[notices]\nladder_days = [-1]\n", "line 2");
    refused("[notices]\nladder = [1]\n", "unknown key `ladder`");
    let none = Place::new().load("[notices]\nladder_months = []\nladder_days = []\n").unwrap();
    assert!(none.warnings[0].contains("nobody will be reminded"));
}

#[test]
fn every_problem_is_told_at_once() {
    let fault = Place::new()
        .load(&format!("[policy]\ncode_days = 0\n{MAILBOX}password = \"x\"\npoll_seconds = 0\nfolders = []\nca_file = \"no.pem\"\n"))
        .unwrap_err();
    for expected in ["policy.code_days is 0", "poll_seconds is 0", "folders must name", "no.pem"] {
        assert!(fault.contains(expected), "{expected}: {fault}");
    }
}

#[test]
fn mailbox_sections_that_contradict_are_refused() {
    let with = |lines: &str| format!("{MAILBOX}password = \"x\"\n{lines}\n");
    refused(&with("folders = [\"INBOX\", \"INBOX\"]"), "folders names a folder twice");
    refused(&with("after_filing = { move = \"INBOX\" }"), "which is watched too");
    refused(&with("after_filing = { keyword = \"a b\" }"), "is not an IMAP keyword");
    refused(&with("security = \"ssl\""), "unknown word `ssl`; did you mean `tls`");
    refused(&format!("{MAILBOX}password = \"x\"\n").repeat(2), "configured twice");
    refused("[[mailbox]]\naddress = \"цнап\"\nhost = \"h\"\npassword = \"x\"\n", "is not a mailbox address");
}

#[test]
fn a_file_that_is_not_there_names_init() {
    let fault = load(Path::new("/nowhere/skrynka.toml"), &Environment::default()).unwrap_err();
    assert!(fault.to_string().contains("`skrynka init` writes a first one"), "{fault}");
}

const REGISTRY: &str = r#"
[[organisation]]
id = "city"
name = "Міська рада"
edrpou = "43395033"
head = { name = "Олена Приклад", position = "міська голова" }
admins = ["Head@x.org", "deputy@x.org"]

[[branch]]
id = "cnap"
organisation = "city"
name = "ЦНАП міської ради"
mailbox = "CNAP@x.org"
known_as = ["ЦНАП", ""]
address = { region = "Житомирська область", district = "Житомирський район", location = "м. Житомир", street = "вул. Михайлівська", house = "4" }

[[service]]
id = "admin"
organisation = "city"
branches = ["cnap"]
purpose = "для надання адміністративних послуг"
documents = ["passport", "taxpayer-card"]
legal_ground = "Закон України «Про адміністративні послуги»"
retention_days = 365
responsible = "Олена Приклад"
"#;

fn registry(text: &str) -> Result<crate::model::Registry, String> {
    read_registry(&Place::new().write("registry.toml", text)).map_err(|problems| problems.join("\n"))
}

#[track_caller]
fn registry_refused(from: &str, to: &str, expected: &str) {
    assert!(REGISTRY.contains(from), "the test changes something that is there");
    let fault = registry(&REGISTRY.replacen(from, to, 1)).unwrap_err();
    assert!(fault.contains(expected), "expected «{expected}» in:\n{fault}");
}

#[test]
fn a_registry_file_becomes_a_registry() {
    let registry = registry(REGISTRY).unwrap();
    assert_eq!(registry.organisations[0].edrpou, "43395033");
    assert_eq!(registry.branches[0].mailbox.as_str(), "cnap@x.org");
    assert_eq!(registry.branches[0].known_as, ["ЦНАП"]);
    assert_eq!(registry.services[0].retention_days, Some(365));
    let admins: Vec<&str> = registry.organisations[0].admins.iter().map(|admin| admin.as_str()).collect();
    assert_eq!(admins, ["head@x.org", "deputy@x.org"]);
    assert!(registry.branches[0].admins.is_empty(), "they may be left out");
}

#[test]
fn a_registry_with_a_slip_is_refused_with_the_place_and_the_remedy() {
    registry_refused("43395033", "43395034", "organisation `city`: edrpou:");
    registry_refused("edrpou", "erdpou", "did you mean `edrpou`?");
    registry_refused(
        "organisation = \"city\"\nname = \"ЦНАП",
        "organisation = \"town\"\nname = \"ЦНАП",
        "there is no organisation `town`",
    );
    registry_refused("\"passport\"", "\"pasport\"", "did you mean `passport`?");
    registry_refused("\"taxpayer-card\"", "\"passport\"", "names `passport` twice");
    registry_refused(
        "branches = [\"cnap\"]",
        "branches = [\"hotel\"]",
        "names `hotel`, which is not a branch of `city`",
    );
    registry_refused("id = \"cnap\"", "id = \"ЦНАП\"", "is not a branch id");
    registry_refused("name = \"ЦНАП міської ради\"", "name = \" \"", "branch `cnap`: name is empty");
    registry_refused("deputy@x.org", "deputy", "organisation `city`: admins: `deputy` is not a mail address");
    registry_refused("deputy@x.org", "head@X.org", "admins names `head@x.org` twice");
    registry_refused("known_as", "admins = [\"цнап@x.org\"]\nknown_as", "branch `cnap`: admins:");
    registry_refused("retention_days = 365", "retention_days = 0", "retention_days must be");
}

#[test]
fn a_service_may_come_without_its_ground_and_is_kept_from_codes_later() {
    let text = REGISTRY.replace("legal_ground = \"Закон України «Про адміністративні послуги»\"\n", "");
    assert_eq!(registry(&text).unwrap().services[0].legal_ground, "");
}

#[test]
fn every_problem_of_a_section_is_said_at_once_and_none_is_made_up() {
    let fault =
        Place::new().load("[[mailbox]]\naddress = \"no\"\nhost = \"\"\npoll_seconds = 0\n").unwrap_err();
    for expected in ["address: `no`", "host is empty", "password is missing", "poll_seconds is 0"] {
        assert!(fault.contains(expected), "{expected}: {fault}");
    }
    refused("[store]\nfolder = \"\"\n", "store.folder is empty");
    let place = Place::new();
    let text = include_str!("../../config/registry.toml").replace("43395033", "43395034");
    let problems = read_registry(&place.write("registry.toml", &text)).unwrap_err();
    assert!(problems.len() == 1 && problems[0].contains("edrpou: the check digit"), "{problems:?}");
}

#[test]
fn a_registry_in_another_encoding_or_that_is_not_there_is_told_apart() {
    let place = Place::new();
    let file = place.0.path().join("registry.toml");
    assert!(read_registry(&file).unwrap_err()[0].contains("there is no registry"));
    std::fs::write(&file, b"name = \"\xd6\xcd\xc0\xcf\"").unwrap();
    assert!(read_registry(&file).unwrap_err()[0].contains("is not text in UTF-8"));
}
