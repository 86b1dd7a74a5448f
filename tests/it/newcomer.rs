//! A newcomer's first hour: each mistake gets its sentence, and the right way works.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use skrynka_fixtures::dovecot::Dovecot;

use crate::program::{CONFIG, Desk, REGISTRY};

#[test]
fn the_first_hour_without_mistakes_ends_with_a_poster() {
    let desk = Desk::new();
    let said = desk.run(&["config", "check"]).good();
    assert!(said.contains("the trust folder"), "an empty trust folder is said: {said}");
    let dry = desk.run(&["registry", "apply", "registry.toml", "--dry-run"]).good();
    assert!(dry.contains("+ branch cnap") && dry.contains("would be made"), "{dry}");
    let shown = desk.run(&["registry", "show"]).good();
    assert!(shown.contains("registry is empty"), "a dry run changes nothing: {shown}");
    desk.run(&["registry", "apply", "registry.toml"]).good();
    let again = desk.run(&["registry", "apply", "registry.toml"]).good();
    assert!(again.starts_with("nothing to change"), "{again}");
    let issue =
        ["code", "issue", "--branch", "cnap", "--service", "admin-services", "--poster", "poster.svg"];
    let issued = desk.run(&issue).good();
    assert!(issued.contains("mailto:cnap@example.org?subject="), "{issued}");
    let poster = fs::read_to_string(desk.path().join("poster.svg")).unwrap();
    assert!(poster.starts_with("<svg") || poster.starts_with("<?xml"), "{}", &poster[..40]);
    let listed = desk.run(&["code", "list", "--json"]).json();
    assert_eq!(listed[0]["days_left"], 179, "the day of issue is the first of 180");
}

#[test]
fn a_missing_configuration_names_init() {
    let desk = Desk::new();
    fs::remove_file(desk.path().join("skrynka.toml")).unwrap();
    desk.run(&["config", "check"]).refused(1, "`skrynka init` writes a first one");
}

#[test]
fn an_unknown_key_names_the_nearest_one() {
    let desk = Desk::new();
    desk.write("skrynka.toml", CONFIG.replace("address", "adress"));
    desk.run(&["config", "check"]).refused(1, "unknown key `adress`; did you mean `address`?");
}

#[test]
fn an_unreachable_server_is_named_with_its_port() {
    let said = Desk::new().run(&["config", "check", "--connect"]);
    assert_eq!(said.code, 1);
    assert!(
        said.out.contains("FAILED     mailbox cnap@example.org on 127.0.0.1:1: cannot connect"),
        "{}",
        said.out
    );
}

/// A desk whose configuration names a mailbox of a real server; `change` makes the mistake.
#[track_caller]
fn connected(change: impl Fn(String) -> String) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    let server = Dovecot::start(dir.path(), &[("cnap@example.org", "only-for-tests")]).unwrap();
    let desk = Desk::new();
    let right = CONFIG.replace("port = 1", &format!("port = {}", server.imaps_port()))
        + &format!("folders = [\"INBOX\", \"Спам\"]\nca_file = \"{}\"\n", server.ca_pem().display());
    desk.write("skrynka.toml", change(right));
    let said = desk.run(&["config", "check", "--connect"]);
    for secret in ["only-for-tests", "wrong-for-tests"] {
        assert!(!said.out.contains(secret) && !said.err.contains(secret), "{}{}", said.out, said.err);
    }
    (said.code, said.out)
}

#[test]
fn a_right_configuration_logs_in_and_opens_its_folders() {
    let (code, said) = connected(|right| right);
    assert!(code == 0 && said.contains("the folder `Спам` opens"), "{said}");
}

#[test]
fn a_wrong_password_is_named_with_its_login_and_never_shown() {
    let (code, said) = connected(|right| right.replace("only-for-tests", "wrong-for-tests"));
    assert_eq!(code, 1);
    assert!(
        said.contains("FAILED     mailbox cnap@example.org")
            && said.contains("check `login` and the password"),
        "{said}"
    );
}

#[test]
fn a_missing_folder_is_named_beside_those_that_are_there() {
    let (code, said) = connected(|right| right.replace("Спам", "Spam"));
    assert_eq!(code, 1);
    assert!(
        said.contains("there is no folder `Spam`; check `folders`. The server has: ")
            && said.contains("Junk")
            && said.contains("Спам"),
        "{said}"
    );
    let (code, said) = connected(|right| right + "after_filing = { move = \"Filed\" }\n");
    assert!(code == 1 && said.contains("there is no folder `Filed` for filed letters"), "{said}");
}

#[test]
fn a_server_with_an_authority_of_its_own_gets_the_advice_to_name_it() {
    let (code, said) = connected(|right| {
        right.lines().filter(|line| !line.starts_with("ca_file")).map(|line| format!("{line}\n")).collect()
    });
    assert!(code == 1 && said.contains("give that authority's certificate (PEM) as `ca_file`"), "{said}");
}

#[test]
fn every_answer_and_every_mistake_can_be_had_as_json() {
    let desk = Desk::with_registry();
    desk.run(&["code", "issue", "--branch", "cnap", "--service", "admin-services"]).good();
    let good: [&[&str]; 9] = [
        &["config", "check"],
        &["config", "reference"],
        &["registry", "show"],
        &["registry", "apply", "registry.toml", "--dry-run"],
        &["code", "list"],
        &["code", "show", "1"],
        &["code", "poster", "1", "--out", "p.svg"],
        &["search", "паспорт"],
        &["list"],
    ];
    for words in good {
        desk.run(&[words, &["--json"]].concat()).json();
    }
    let bad: [(i32, &[&str]); 4] =
        [(1, &["show", "7"]), (64, &["show", "seven"]), (64, &["cod"]), (64, &["list", "--limit", "0"])];
    for (code, words) in bad {
        let said = desk.run(&[&["--json"], words].concat());
        let fault: serde_json::Value = serde_json::from_str(&said.err).unwrap();
        assert!(said.code == code && fault["error"].is_string(), "{words:?}: {}", said.err);
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_a_failure_and_a_reader_that_has_enough_is_not() {
    let desk = Desk::new();
    let run = |to: std::process::Stdio| {
        let mut command = std::process::Command::new(crate::program::SKRYNKA);
        command.args(["config", "reference"]).current_dir(desk.path()).stdout(to);
        command.stderr(std::process::Stdio::piped()).output().unwrap()
    };
    let full = run(fs::File::options().write(true).open("/dev/full").unwrap().into());
    assert_eq!(full.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&full.stderr).contains("the answer could not be written"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let gone = run(writer.into());
    assert_eq!((gone.status.code(), gone.stderr.len()), (Some(0), 0));
}

#[test]
fn an_empty_trust_folder_is_said_by_the_check_and_not_by_every_command() {
    let desk = Desk::with_registry();
    assert_eq!(desk.run(&["list"]).err, "");
    desk.write("trust.pem", "");
    desk.write("skrynka.toml", format!("[trust]\nfolder = \".\"\n{CONFIG}"));
    assert!(desk.run(&["config", "check"]).good().contains("trust.pem: neither a certificate"));
}

#[test]
fn a_code_whose_poster_cannot_be_written_is_named_so_that_it_is_not_made_twice() {
    let desk = Desk::with_registry();
    let issue =
        ["code", "issue", "--branch", "cnap", "--service", "admin-services", "--poster", "none/poster.svg"];
    desk.run(&issue).refused(1, "code 1 is made, only its poster is not");
    desk.run(&["code", "poster", "1", "--out", "poster.svg"]).good();
    desk.run(&["code", "poster", "1", "--out", "registry.toml"]).refused(1, "is not overwritten");
    assert_eq!(fs::read_to_string(desk.path().join("registry.toml")).unwrap(), REGISTRY);
    desk.run(&["code", "retire", "1"]).good();
    let said = desk.run(&["code", "poster", "1", "--out", "poster.svg"]).good();
    assert!(said.contains("code 1 is retired; do not put this poster up"), "{said}");
}

#[test]
fn a_date_in_another_form_gets_the_right_one() {
    let words =
        ["code", "issue", "--branch", "cnap", "--service", "admin-services", "--issued", "01.03.2026"];
    Desk::with_registry().run(&words).refused(64, "year-month-day: 2026-03-01");
}

#[track_caller]
fn registry_refused(from: &str, to: &str, sentence: &str) {
    assert!(REGISTRY.contains(from), "the test changes something that is there");
    let desk = Desk::new();
    desk.write("registry.toml", REGISTRY.replacen(from, to, 1));
    desk.run(&["registry", "apply", "registry.toml"]).refused(1, sentence);
    assert!(desk.run(&["registry", "show"]).good().contains("empty"), "nothing was changed");
}

#[test]
fn a_wrong_edrpou_is_refused() {
    registry_refused("43395033", "43395034", "organisation `city-council`: edrpou: the check digit");
}

#[test]
fn a_banned_branch_name_is_refused_with_an_example() {
    registry_refused(
        "name = \"ЦНАП Прикладівської міської ради\"",
        "name = \"Дія\"",
        "ЦНАП Житомирської міської ради",
    );
}

#[test]
fn a_banned_purpose_is_refused_alone_and_fine_inside_a_sentence() {
    let purpose = "purpose = \"для надання адміністративних послуг\"";
    registry_refused(purpose, "purpose = \"Ідентифікація\"", "для ");
    let desk = Desk::new();
    let inside = "purpose = \"для ідентифікації особи при видачі товару на понад 5 тис. грн\"";
    desk.write("registry.toml", REGISTRY.replacen(purpose, inside, 1));
    desk.run(&["registry", "apply", "registry.toml"]).good();
}

#[test]
fn a_long_list_of_documents_gets_the_advice_to_split_it() {
    let desk = Desk::new();
    let many = "documents = [\"passport\", \"taxpayer-card\", \"driver-license\", \"vehicle-license\", \"student-id-card\"]";
    desk.write("registry.toml", REGISTRY.replacen("documents = [\"passport\", \"taxpayer-card\"]", many, 1));
    let said = desk.run(&["registry", "apply", "registry.toml"]).good();
    assert!(said.contains("advice: "), "{said}");
}

#[test]
fn a_service_without_a_legal_ground_cannot_have_a_code() {
    for lacking in ["legal_ground", "retention_days", "responsible"] {
        let desk = Desk::new();
        let without: String =
            REGISTRY.lines().filter(|l| !l.starts_with(lacking)).map(|l| format!("{l}\n")).collect();
        desk.write("registry.toml", without);
        desk.run(&["registry", "apply", "registry.toml"]).good();
        desk.run(&["code", "issue", "--branch", "cnap", "--service", "admin-services"])
            .refused(1, &format!("cannot have a code yet, it lacks {lacking}"));
        assert_eq!(desk.run(&["code", "list", "--json"]).json(), serde_json::json!([]));
    }
}

#[test]
fn a_code_for_something_that_is_not_there_is_refused() {
    let desk = Desk::with_registry();
    desk.run(&["code", "issue", "--branch", "town", "--service", "admin-services"])
        .refused(1, "there is no branch `town`");
    desk.run(&["code", "issue", "--branch", "cnap", "--service", "nothing"])
        .refused(1, "there is no service `nothing`");
    desk.run(&["code", "show", "7"]).refused(1, "there is no code 7");
    desk.run(&["show", "7"]).refused(1, "there is no filing 7");
}

#[test]
fn wrong_usage_exits_with_64() {
    let desk = Desk::new();
    desk.run(&["code", "issue"]).refused(64, "--branch");
    desk.run(&["cod"]).refused(64, "code");
    desk.run(&["show", "seven"]).refused(64, "invalid");
    assert_eq!(desk.run(&["--help"]).code, 0);
    assert_eq!(desk.run(&["--version"]).code, 0);
}

#[test]
fn a_link_that_is_not_dias_is_refused_and_a_second_registration_names_the_first() {
    let desk = Desk::with_registry();
    let register = |link: &str| {
        desk.run(&[
            "code",
            "register",
            "--branch",
            "cnap",
            "--service",
            "admin-services",
            "--issued",
            "2026-03-01",
            "--link",
            link,
        ])
    };
    register("https://example.org/qr/1").refused(1, "example.org");
    register("mailto:cnap@example.org").refused(1, "mailto");
    register("https://diia.app/qr/abc").good();
    register("https://diia.app/qr/abc").refused(1, "code 1");
}

#[test]
fn a_second_live_code_for_the_same_documents_comes_with_a_warning() {
    let desk = Desk::with_registry();
    let issue = ["code", "issue", "--branch", "cnap", "--service", "admin-services"];
    assert!(!desk.run(&issue).good().contains("warning"));
    assert!(desk.run(&issue).good().contains("a letter without a token cannot be told apart"));
    desk.run(&["code", "retire", "1"]).good();
    desk.run(&["code", "retire", "2"]).good();
    assert!(!desk.run(&issue).good().contains("warning"), "retired codes are not in the way");
}

#[test]
fn init_writes_a_configuration_that_works_and_overwrites_nothing() {
    let desk = Desk::new();
    let answers = "wrong address\ntown@example.org\nlocalhost\n\ns3cret \"with\" quotes\n-\n";
    let said = desk.run_with(&["init", "new/skrynka.toml"], answers);
    assert!(said.err.contains("is not a mailbox address"), "{}", said.err);
    assert!(said.good().contains("config check --connect"));
    let config = fs::read_to_string(desk.path().join("new/skrynka.toml")).unwrap();
    assert!(!config.contains("s3cret"), "the password has a file of its own");
    for file in ["skrynka.toml", "mailbox.password", "registry.toml"] {
        let mode = fs::metadata(desk.path().join("new").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    desk.run(&["--config", "new/skrynka.toml", "config", "check"]).good();
    let applied =
        desk.run(&["--config", "new/skrynka.toml", "registry", "apply", "new/registry.toml"]).good();
    assert!(!applied.contains("does not watch"), "the example names the mailbox that was given: {applied}");
    desk.run_with(&["init", "new/skrynka.toml"], answers).refused(1, "is not overwritten");
    desk.run_with(&["init", "other/skrynka.toml"], "town@example.org\n").refused(1, "nothing was written");
    assert!(!desk.path().join("other/skrynka.toml").exists());
}

#[test]
fn what_is_kept_is_for_its_owner_only() {
    let desk = Desk::with_registry();
    let mut folders = vec![desk.path().join("store")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o077;
            assert_eq!(mode, 0, "{}", path.display());
            seen += 1;
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(seen >= 2, "a database and a folder for letters");
    let mode = fs::metadata(desk.path().join("store")).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode, 0);
}
