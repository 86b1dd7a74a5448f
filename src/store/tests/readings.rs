use std::fs;

use pages::Png;

use super::finding::Person;
use super::*;
use crate::model::{CopyPicture, DocumentCode, PictureKind, ReaderRevision, Reading, ReadingTrouble};
use crate::search;
use crate::store::{Depth, MadeReading};

fn picture(kind: PictureKind, bytes: &[u8]) -> CopyPicture {
    CopyPicture { kind, png: Png { width_px: 10, height_px: 20, bytes: bytes.to_vec() } }
}

fn pictures() -> Vec<CopyPicture> {
    vec![picture(PictureKind::Thumbnail, b"small"), picture(PictureKind::Photo, b"face")]
}

/// A reader with this program and an alphabet of its own.
fn by(program: u32, letters: u32) -> ReaderRevision {
    ReaderRevision { program, letters }
}

fn made(reading: Reading, program: u32) -> MadeReading {
    MadeReading { reading, by: by(program, 0), pictures: pictures() }
}

fn read(surname: &str) -> Reading {
    Person::called(surname).reading()
}

async fn found(store: &Store, typed: &str) -> Vec<i64> {
    let hits = store.search(&search::parse(typed).unwrap(), 100).await.unwrap();
    hits.iter().map(|hit| hit.row.id.0).collect()
}

#[tokio::test]
async fn a_reading_is_filed_with_its_letter_and_shown() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"1", 1);
    letter.copies.push(Copy { digest: None, document: None, way: ReadingWay::Unread, ..copy(None, None) });
    letter.copies[0].document = None;
    letter.readings = vec![Some(read("Щербина"))];
    letter.pictures = vec![pictures()];
    let id = keep_and_file(&place, &letter).await;
    let view = place.view(id).await.unwrap().unwrap();
    assert_eq!(view.readings, [Some(read("Щербина")), None]);
    assert_eq!(view.copies[0].document.as_ref().map(DocumentCode::as_str), Some("internal-passport"));
    assert_eq!(view.copies[0].way, ReadingWay::Outlines);
    assert_eq!(view.row.documents, ["internal-passport"]);
    assert_eq!(found(&place, "щербина").await, [1]);
    let kept = place.pictures(&Digest::of(b"1")).await.unwrap();
    assert_eq!(
        kept.iter().map(|picture| picture.kind).collect::<Vec<_>>(),
        [PictureKind::Thumbnail, PictureKind::Photo]
    );
    assert_eq!(place.blob(&kept[1].digest).await.unwrap(), b"face");
}

#[tokio::test]
async fn the_same_document_in_ten_letters_has_one_set_of_pictures() {
    let place = furnished().await;
    for uid in 0..10 {
        let mut letter = filing("centre@example.org", &[uid], uid.into());
        letter.copies[0].digest = Some(Digest::of(b"the document"));
        letter.readings = vec![Some(read("Щербина"))];
        letter.pictures = vec![pictures()];
        keep_and_file(&place, &letter).await;
    }
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM picture").await, 2);
    assert_eq!(found(&place, "щербина").await.len(), 10);
}

#[tokio::test]
async fn what_lacks_a_reading_or_a_reader_is_told_until_it_is_read() {
    let place = furnished().await;
    let unread = |revision| {
        let place = place.store.clone();
        async move {
            let all = place.unread_copies(by(revision, 0), false, None, 10).await.unwrap();
            assert_eq!(
                place.unread_count(by(revision, 0), false).await.unwrap(),
                all.iter().map(|one| u64::try_from(one.places.len()).unwrap()).sum::<u64>()
            );
            all.iter().map(|one| (one.filing.0, one.places.clone())).collect::<Vec<_>>()
        }
    };
    for (uid, trouble) in [
        (1, None),
        (2, Some(ReadingTrouble::OcrLater)),
        (3, Some(ReadingTrouble::Broke)),
        (4, Some(ReadingTrouble::NoReader)),
    ] {
        let mut letter = filing("centre@example.org", &[uid], uid.into());
        letter.copies.push(Copy { digest: Some(Digest::of(&[uid, 1])), ..copy(None, None) });
        letter.copies.push(Copy { digest: None, ..copy(None, None) });
        letter.readings = vec![Some(Reading { trouble, ..read("Гончар") })];
        letter.read_by = by(5, 0);
        keep_and_file(&place, &letter).await;
    }
    assert_eq!(unread(5).await, [(1, vec![1]), (2, vec![0, 1]), (3, vec![1]), (4, vec![0, 1])]);
    assert_eq!(unread(6).await.len(), 4);
    assert_eq!(unread(6).await[2].1, [0, 1], "an older reader read it");
    let page = place.unread_copies(by(5, 0), false, Some(crate::model::FilingId(2)), 1).await.unwrap();
    assert_eq!((page.len(), page[0].filing.0, page[0].digest), (1, 3, Digest::of(&[3])));
    for (filing, places) in unread(5).await {
        for at in places {
            let id = crate::model::FilingId(filing);
            assert!(place.reading_made(id, at, &made(read("Гончар"), 5), now()).await.unwrap());
        }
    }
    assert_eq!(unread(5).await, []);
}

#[tokio::test]
async fn letters_that_were_not_known_are_read_again_when_the_alphabet_grew_and_pictures_when_ocr_came() {
    let place = furnished().await;
    for (uid, unread, drawn, trouble) in
        [(1, 0, 0, None), (2, 3, 3, None), (3, 0, 0, Some(ReadingTrouble::NoOcr)), (4, 0, 9, None)]
    {
        let mut letter = filing("centre@example.org", &[uid], uid.into());
        letter.readings = vec![Some(Reading { unread, drawn, trouble, ..read("Гончар") })];
        letter.read_by = by(1, 7);
        keep_and_file(&place, &letter).await;
    }
    let told = |letters, has_ocr| {
        let place = place.store.clone();
        async move {
            let all = place.unread_copies(by(1, letters), has_ocr, None, 10).await.unwrap();
            all.iter().map(|one| (one.filing.0, one.by_letters.len())).collect::<Vec<_>>()
        }
    };
    assert_eq!(told(7, false).await, [(0, 0); 0]);
    let grown = told(8, false).await;
    assert_eq!(
        grown,
        [(2, 1), (4, 1)],
        "letters were not known, or known to OCR alone, and more are known now"
    );
    assert_eq!(told(7, true).await, [(3, 0)], "OCR has not seen it");
}

#[tokio::test]
async fn a_new_reading_takes_the_place_of_the_old_one_everywhere() {
    let place = furnished().await;
    let code = place.issue_code(&own_code("centre", 0xabc_def0_1234), now()).await.unwrap();
    let letter = matched_to(filing("centre@example.org", b"1", 1), &code);
    let id = keep_and_file(&place, &letter).await;
    assert_eq!(found(&place, "гончар").await, [0; 0]);
    assert!(place.reading_made(id, 0, &made(read("Гончар"), 1), now()).await.unwrap());
    assert_eq!(found(&place, "гончар").await, [1]);
    let other = Reading { document: Some("driver-license".parse().unwrap()), ..read("Щербина") };
    assert!(place.reading_made(id, 0, &made(other, 2), now()).await.unwrap());
    assert_eq!((found(&place, "гончар").await, found(&place, "щербина").await), (vec![], vec![1]));
    assert_eq!(
        (found(&place, "doc:водія").await, found(&place, "doc:internal-passport").await),
        (vec![1], vec![])
    );
    for kept in
        ["тарас", "надсилаю", "адміністративних", "2026-03-15", &code.code.token().unwrap().to_string()]
    {
        assert_eq!(found(&place, kept).await, [1], "the letter's own words stay: {kept}");
    }
    let view = place.view(id).await.unwrap().unwrap();
    assert_eq!(view.row.documents, ["driver-license"]);
    assert_eq!(view.matched, letter.matched.matched, "the match stays");
    // A page that tells no kind takes none away.
    let nothing = Reading { trouble: Some(ReadingTrouble::Broke), ..Reading::default() };
    let none = MadeReading { pictures: vec![], ..made(nothing, 3) };
    assert!(place.reading_made(id, 0, &none, now()).await.unwrap());
    assert_eq!(place.view(id).await.unwrap().unwrap().row.documents, ["driver-license"]);
    assert_eq!(place.pictures(&Digest::of(b"1")).await.unwrap().len(), 2, "earlier pictures stay");
    assert!(!place.reading_made(id, 9, &none, now()).await.unwrap());
    assert!(!place.reading_made(crate::model::FilingId(99), 0, &none, now()).await.unwrap());
    let lines = "SELECT COUNT(*) AS n FROM audit WHERE action = 'copy.read' AND detail NOT LIKE '%Щербина%'";
    assert_eq!(count(&place, lines).await, 3);
    let wrong: Vec<_> = place
        .check(Depth::Digests)
        .await
        .into_iter()
        .filter(|line| line.what != "ledger places" && line.wrong > 0)
        .collect();
    assert_eq!(wrong, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_sees_the_old_reading_or_the_new_one_never_half_of_one() {
    let place = furnished().await;
    let id = keep_and_file(&place, &filing("centre@example.org", b"1", 1)).await;
    place.reading_made(id, 0, &made(read("Гончар"), 1), now()).await.unwrap();
    // Another process, with its own connections.
    let other = Store::open(place.folder.path()).await.unwrap();
    let writer = tokio::spawn(async move {
        for round in 0..60 {
            let name = if round % 2 == 0 { "Щербина" } else { "Гончар" };
            other.reading_made(id, 0, &made(read(name), 1), now()).await.unwrap();
        }
        other.close().await;
    });
    let (mut old, mut new) = (0, 0);
    while !writer.is_finished() {
        let hits = place.search(&search::parse("name:тарас").unwrap(), 10).await.unwrap();
        assert_eq!(hits.len(), 1);
        let view = place.view(id).await.unwrap().unwrap();
        let name = view.readings[0].as_ref().unwrap().fields[0].value.clone();
        if name == "Гончар" {
            old += 1;
        } else {
            new += 1;
        }
        let both = place.search(&search::parse("name:гончар name:щербина").unwrap(), 10).await.unwrap();
        assert_eq!(both.len(), 0);
    }
    writer.await.unwrap();
    assert!(old + new > 0);
    assert_eq!(found(&place, "гончар").await, [1]);
}

#[tokio::test]
async fn pictures_are_backed_up_restored_and_missed() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"1", 1);
    letter.readings = vec![Some(read("Щербина"))];
    letter.pictures = vec![pictures()];
    keep_and_file(&place, &letter).await;
    let folder = TempDir::new().unwrap();
    let (backup, restored) = (folder.path().join("backup"), folder.path().join("restored"));
    let report = place.backup(&backup, "test", now(), false).await.unwrap();
    assert_eq!((report.manifest.blobs, report.manifest.lost.len()), (3, 0), "the letter and two pictures");
    let report = Store::restore(&backup, &restored, false).await.unwrap();
    assert_eq!((report.blobs, report.lost.len()), (3, 0));
    let again = Store::open(&restored).await.unwrap();
    assert_eq!(found(&again, "щербина").await, [1]);
    let kept = again.pictures(&Digest::of(b"1")).await.unwrap();
    assert_eq!(again.blob(&kept[0].digest).await.unwrap(), b"small");
    // Missing, then altered.
    let path = |digest: &Digest| {
        let name = digest.to_string();
        restored.join("blobs").join(&name[..2]).join(&name[2..])
    };
    fs::remove_file(path(&kept[0].digest)).unwrap();
    fs::write(path(&kept[1].digest), b"another face").unwrap();
    let lines = again.check(Depth::Digests).await;
    let blobs = lines.iter().find(|line| line.what == "blobs").unwrap();
    assert_eq!((blobs.count, blobs.wrong), (3, 2), "{blobs:?}");
    assert!(blobs.faults.iter().any(|fault| fault.contains("is missing")), "{blobs:?}");
    assert!(blobs.faults.iter().any(|fault| fault.contains("is damaged")), "{blobs:?}");
}
