//! Backups are taken under load, damaged, interrupted, and restored; what comes back is compared with what was there.

mod damage;
mod house;
mod interrupted;
mod reconcile;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use skrynka_fixtures::demo::{self, Stage};

use self::house::{House, files_in};
use crate::program::SKRYNKA;

const PATIENCE: Duration = Duration::from_secs(60);
const LOAD: u8 = 60;

/// The daemon files what a visitor sends without a pause; meanwhile backups are taken one after the other, and each is
/// restored elsewhere and laid beside the living store.
#[test]
fn a_backup_taken_while_letters_arrive_is_restored_and_answers_alike() {
    let dir = tempfile::tempdir().unwrap();
    let mut stage = Stage::set_up(&dir.path().join("stage"), Path::new(SKRYNKA)).unwrap();
    // What OCR reads later would be in the living store alone.
    stage.without_ocr().unwrap();
    let posters = stage.make_codes().unwrap();
    stage.start_daemon().unwrap();
    let first = demo::send_and_look(&stage, &posters).unwrap().len();
    let (backup, restored) = (dir.path().join("backup"), dir.path().join("restored"));
    let (mut sizes, mut copied) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| {
            for number in 0..LOAD {
                let letter = demo::plain_letter("v@mail.example", demo::CNAP, "Навантаження", 100 + number);
                stage.deliver(&letter).unwrap();
                std::thread::sleep(Duration::from_millis(40));
            }
        });
        while !sending.is_finished() {
            let said = stage.skrynka(&["backup", backup.to_str().unwrap()]).unwrap();
            let manifest = &said["manifest"];
            assert_eq!(manifest["lost"], serde_json::json!([]), "{said}");
            copied += said["copied"].as_u64().unwrap();
            assert_eq!(
                manifest["blobs"].as_u64().unwrap(),
                copied,
                "what was copied once is not copied again"
            );
            sizes.push(manifest["filings"].as_u64().unwrap());
            let _ = fs::remove_dir_all(&restored);
            restore(&backup, &restored).expect("a backup under load is whole");
        }
    });
    assert!(sizes.len() >= 3 && sizes.is_sorted(), "{sizes:?}");
    assert!(sizes.first() < sizes.last(), "letters were filed between the backups: {sizes:?}");
    stage.wait_for_filings(first + usize::from(LOAD), PATIENCE).unwrap();
    answers_are_alike(&stage, &restored, *sizes.last().unwrap());
    stage.stop().unwrap();
}

fn restore(backup: &Path, to: &Path) -> Result<String, String> {
    let words = ["restore", backup.to_str().unwrap(), "--to", to.to_str().unwrap()];
    let output = Command::new(SKRYNKA).args(words).env("SKRYNKA_LOG", "warn").output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    if output.status.success() { Ok(out) } else { Err(out + &err) }
}

/// The restored store says of its filings what the living one says of them.
fn answers_are_alike(stage: &Stage, restored: &Path, filings: u64) {
    let config = stage.dir().join("restored.toml");
    let text = fs::read_to_string(stage.config_file()).unwrap();
    let folder = format!("folder = \"{}\"", restored.display());
    fs::write(&config, text.replacen("folder = \"store\"", &folder, 1)).unwrap();
    let ask = |words: &[&str]| -> Value {
        let output =
            Command::new(SKRYNKA).arg("--config").arg(&config).args(words).arg("--json").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let checked = ask(&["store", "check"]);
    assert_eq!(checked["good"], true, "{checked:#}");
    let old = |answer: Value| -> Vec<Value> {
        let rows = answer.as_array().unwrap().iter();
        rows.filter(|row| row["id"].as_u64().unwrap() <= filings).cloned().collect()
    };
    for words in [
        &["list", "--limit", "1000"][..],
        &["search", "навантаження", "--limit", "1000"],
        &["search", "паспорт", "--limit", "1000"],
        &["search", "mariana", "--limit", "1000"],
    ] {
        let rows = old(ask(words));
        assert!(!rows.is_empty(), "{words:?} finds something");
        assert_eq!(rows, old(stage.skrynka(words).unwrap()), "{words:?}");
    }
    for id in 1..=filings {
        let words = ["show", &id.to_string()];
        assert_eq!(ask(&words), stage.skrynka(&words).unwrap(), "filing {id}");
    }
    for words in [&["registry", "show"][..], &["code", "list"]] {
        assert_eq!(ask(words), stage.skrynka(words).unwrap(), "{words:?}");
    }
}

#[test]
fn a_second_backup_copies_only_what_is_new_and_all_of_it_is_private() {
    let house = House::with_letters(20);
    // Characters that mean something in an address of a database.
    let backup = house.path().join("копія 100%?mode=memory#'\"");
    let said = house.backup(&backup).json();
    assert_eq!((&said["copied"], &said["already_there"]), (&20.into(), &0.into()), "{said:#}");
    assert_eq!(said["manifest"]["filings"], 20);
    let again = house.backup(&backup).json();
    assert_eq!((&again["copied"], &again["already_there"]), (&0.into(), &20.into()), "{again:#}");
    house.file(20..23);
    let more = house.backup(&backup).json();
    assert_eq!((&more["copied"], &more["already_there"]), (&3.into(), &20.into()), "{more:#}");
    let files = files_in(&backup);
    assert_eq!(
        files.iter().filter(|path| path.extension().is_some_and(|kind| kind == "db")).count(),
        1,
        "earlier databases go: {files:?}"
    );
    for path in files {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    let restored = house.path().join("restored");
    let text = house.restore(&backup, &restored).good();
    assert!(text.contains("23 restored") && text.contains("all is well"), "{text}");
    for path in files_in(&restored) {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn a_folder_that_holds_something_else_is_refused_and_left_as_it_is() {
    let house = House::with_letters(2);
    let photos = house.path().join("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("holiday.jpg"), b"x").unwrap();
    fs::set_permissions(&photos, fs::Permissions::from_mode(0o755)).unwrap();
    house.backup(&photos).refused(1, "holds other files and no backup (found `holiday.jpg`)");
    assert_eq!(fs::metadata(&photos).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(files_in(&photos).len(), 2, "the folder and its photo");

    let inside = house.path().join("store/backup");
    house.backup(&inside).refused(1, "lie in each other");
    assert!(!inside.exists());
    house.backup(&house.path().join("store")).refused(1, "lie in each other");
    house.restore(&photos, &house.path().join("new")).refused(1, "holds no finished backup");
    assert!(!house.path().join("new").exists());
}

#[test]
fn a_store_that_is_not_the_one_of_the_backup_does_not_replace_it() {
    let house = House::with_letters(5);
    let backup = house.path().join("backup");
    house.backup(&backup).good();
    let before = files_in(&backup);
    // The disk of the store was lost, and the daemon made a new one: tonight's backup must not follow it.
    fs::remove_dir_all(house.path().join("store")).unwrap();
    house.file(50..51);
    house.backup(&backup).refused(1, "holds a backup of another store");
    let after: Vec<_> = files_in(&backup).into_iter().filter(|path| !path.ends_with("incoming")).collect();
    assert!(!backup.join("incoming").exists(), "no copy of the other store is left there");
    assert!(before.iter().filter(|path| !path.ends_with("incoming")).all(|path| after.contains(path)));
    house.restore(&backup, &house.path().join("restored")).good();
}

#[test]
fn nothing_is_restored_over_anything() {
    let house = House::with_letters(2);
    let backup = house.path().join("backup");
    house.backup(&backup).good();
    house.restore(&backup, &house.path().join("store")).refused(1, "is not empty");
    let words = ["restore", backup.to_str().unwrap()];
    house.desk.run(&words).refused(1, "is not empty");
    let other = house.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("a letter"), b"x").unwrap();
    house.restore(&backup, &other).refused(1, "is not empty (found `a letter`)");
    // Without --to the configured folder is meant.
    fs::rename(house.path().join("store"), house.path().join("old")).unwrap();
    house.desk.run(&words).good();
    house.desk.run(&["store", "check"]).good();
}

#[test]
fn one_backup_at_a_time_writes_to_a_folder() {
    let house = House::with_letters(1);
    let backup = house.path().join("backup");
    house.backup(&backup).good();
    let lock = fs::File::open(backup.join("lock")).unwrap();
    lock.lock().unwrap();
    house.backup(&backup).refused(1, "is being written or restored by another skrynka");
    house.restore(&backup, &house.path().join("new")).refused(1, "is being written or restored");
    drop(lock);
    house.backup(&backup).good();
}
