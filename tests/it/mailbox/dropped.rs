//! Files put into a drop folder: filed when whole, moved away when filed, left alone and reported otherwise.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use skrynka::intake::{DropFolder, DropReport, scan_drop_folder, watch_drop_folder};
use skrynka::model::{Source, Timestamp};
use tempfile::TempDir;

use super::house::{ADDRESS, Memory, letter, nobody, until};

fn folder() -> (TempDir, DropFolder) {
    let dir = TempDir::new().unwrap();
    let folder = DropFolder { folder: dir.path().to_owned(), mailbox: ADDRESS.parse().unwrap() };
    (dir, folder)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_file_is_filed_with_its_time_and_moved() {
    let ((dir, folder), house) = (folder(), Memory::default());
    let file = dir.path().join("лист.EML");
    fs::write(&file, letter("перша")).unwrap();
    let moment: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    fs::File::options().append(true).open(&file).unwrap().set_modified(SystemTime::from(moment)).unwrap();
    for ignored in [".hidden.eml", "note.txt", "half.eml.tmp"] {
        fs::write(dir.path().join(ignored), "x").unwrap();
    }
    let report = scan_drop_folder(&folder, &house).await.unwrap();
    assert_eq!(report, DropReport { filed: 1, ..DropReport::default() });
    let mail = house.filed_as(&letter("перша"));
    assert_eq!(mail.received_at, moment);
    assert_eq!(mail.source, Source::DropFolder { file: "лист.EML".to_owned() });
    assert_eq!(names(dir.path()), [".hidden.eml", "filed", "half.eml.tmp", "note.txt"]);
    assert_eq!(fs::read(dir.path().join("filed/лист.EML")).unwrap(), letter("перша"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_file_of_the_same_name_is_not_overwritten() {
    let ((dir, folder), house) = (folder(), Memory::default());
    for subject in ["перша", "друга", "третя"] {
        fs::write(dir.path().join("letter.eml"), letter(subject)).unwrap();
        assert_eq!(scan_drop_folder(&folder, &house).await.unwrap().filed, 1);
    }
    fs::write(dir.path().join("again.eml"), letter("перша")).unwrap();
    assert_eq!(scan_drop_folder(&folder, &house).await.unwrap().already_filed, 1);
    let filed = dir.path().join("filed");
    assert_eq!(names(&filed), ["again.eml", "letter (2).eml", "letter (3).eml", "letter.eml"]);
    assert_eq!(fs::read(filed.join("letter.eml")).unwrap(), letter("перша"));
    assert_eq!(fs::read(filed.join("letter (3).eml")).unwrap(), letter("третя"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unfinished_unreadable_or_not_filed_stays_and_is_reported() {
    let ((dir, folder), house) = (folder(), Memory::default());
    fs::write(dir.path().join("empty.eml"), "").unwrap();
    let forgotten = fs::File::create(dir.path().join("forgotten.eml")).unwrap();
    forgotten.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)).unwrap();
    fs::write(dir.path().join("poison.eml"), letter("отруйна")).unwrap();
    fs::write(dir.path().join("good.eml"), letter("добра")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", dir.path().join("link.eml")).unwrap();
    fs::create_dir(dir.path().join("folder.eml")).unwrap();
    house.fail_on(Some("отруйна"));

    let growing = dir.path().join("growing.eml");
    fs::write(&growing, letter("половина")).unwrap();
    let writer = tokio::spawn(async move {
        for _ in 0..12 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut file = fs::File::options().append(true).open(&growing).unwrap();
            std::io::Write::write_all(&mut file, b"more\r\n").unwrap();
        }
    });
    let report = scan_drop_folder(&folder, &house).await.unwrap();
    assert_eq!((report.filed, report.unfinished), (1, 2));
    let stay = |name: &str, why: &str| (name.to_owned(), why.to_owned());
    assert_eq!(
        report.stay,
        [
            stay("forgotten.eml", "empty"),
            stay("link.eml", "not a plain file"),
            stay("poison.eml", "the disk is full")
        ]
    );
    assert_eq!(
        names(dir.path()),
        ["empty.eml", "filed", "folder.eml", "forgotten.eml", "growing.eml", "link.eml", "poison.eml"]
    );
    writer.await.unwrap();
    house.fail_on(None);
    assert_eq!(scan_drop_folder(&folder, &house).await.unwrap().filed, 2);
    let mut whole = letter("половина");
    whole.extend_from_slice(&b"more\r\n".repeat(12));
    house.filed_as(&whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_folder_is_named() {
    let (dir, mut folder) = folder();
    folder.folder = dir.path().join("none");
    let error = scan_drop_folder(&folder, &Memory::default()).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("/none") && text.contains("must exist"), "{text}");
    assert!(!error.retry());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_folder_notices_files_written_or_renamed_into_it() {
    let ((dir, folder), house) = (folder(), Arc::new(Memory::default()));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let watching = {
        let house = house.clone();
        tokio::spawn(async move { watch_drop_folder(&folder, &*house, &nobody(), stopped).await })
    };
    tokio::time::sleep(Duration::from_millis(200)).await;
    for (number, subject) in ["перша", "друга"].into_iter().enumerate() {
        let temporary = dir.path().join(".letter.tmp");
        fs::write(&temporary, letter(subject)).unwrap();
        fs::rename(&temporary, dir.path().join("letter.eml")).unwrap();
        until("the file is moved", || !dir.path().join("letter.eml").exists()).await;
        assert_eq!(house.filed().len(), number + 1);
    }
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(5), watching).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_written_on_after_a_long_pause_is_filed_whole_too() {
    let ((dir, folder), house) = (folder(), Arc::new(Memory::default()));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let watching = {
        let house = house.clone();
        tokio::spawn(async move { watch_drop_folder(&folder, &*house, &nobody(), stopped).await })
    };
    let mut file = fs::File::create(dir.path().join("letter.eml")).unwrap();
    std::io::Write::write_all(&mut file, &letter("половина")).unwrap();
    until("the half is filed", || dir.path().join("filed/letter.eml").exists()).await;
    std::io::Write::write_all(&mut file, b"the rest\r\n").unwrap();
    drop(file);
    until("all of it is filed", || house.filed().len() == 2).await;
    let whole = [letter("половина"), b"the rest\r\n".to_vec()].concat();
    house.filed_as(&whole);
    // A name is taken before the file gets it.
    let is_put_away = || fs::read(dir.path().join("filed/letter.eml")).is_ok_and(|bytes| bytes == whole);
    until("it is put away", is_put_away).await;
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &fs::metadata(dir.path().join("filed")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o077, 0, "nobody else can read what was filed");
    stop.send(true).unwrap();
    watching.await.unwrap();
}
