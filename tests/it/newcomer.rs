//! A newcomer's first hour: each mistake gets its sentence, and the right way works.

use std::fs;
use std::os::unix::fs::PermissionsExt;

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
    registry_refused("43395033", "43395034", "organisation `city-council`: edrpou:");
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
    let answers = "wrong address\ncnap@example.org\nlocalhost\n\ns3cret \"with\" quotes\n-\n";
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
    desk.run(&["--config", "new/skrynka.toml", "registry", "apply", "new/registry.toml"]).good();
    desk.run_with(&["init", "new/skrynka.toml"], answers).refused(1, "is not overwritten");
    desk.run_with(&["init", "other/skrynka.toml"], "cnap@example.org\n").refused(1, "nothing was written");
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
