//! The official sample: every field by its outlines, by an alphabet that learns, by OCR alone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use pages::{Alphabet, Way};
use skrynka::model::{Digest, PictureKind, ReadingWarning, ReadingWay};
use skrynka::reader::Wish;
use skrynka::transcribing::{Transcriber, Transcript};

use super::compare::{UNKNOWN, apart, field};
use super::oracle::is_on_the_page;
use super::outlines::lines_by;
use super::{has_ocr, nothing, patience, say, transcriber};
use crate::reader::alone;

const NAME: &str = "internal-passport-2858364170864-02.04.2021-09_48_26.pdf";

/// What it says, and in one form where that is another.
const FIELDS: [(&str, &str, &str); 18] = [
    ("surname", "Дія", ""),
    ("given-names", "Надія", ""),
    ("patronymic", "Володимирівна", ""),
    ("name-latin", "Diia Nadia", ""),
    ("number", "002307001", "002307001"),
    ("request-time", "02.04.2021-09:48:26", "2021-04-02T09:48:26"),
    ("request-initiator", "ІІТ Тестовий", ""),
    ("request-id", "DR-44247719539502", "DR-44247719539502"),
    ("sex", "Ж", "female"),
    ("birth-date", "17.01.1997", "1997-01-17"),
    ("citizenship", "Україна", ""),
    ("authority", "1263", "1263"),
    ("issue-date", "12.09.2018", "2018-09-12"),
    ("valid-until", "12.09.2028", "2028-09-12"),
    (
        "rnokpp",
        "1234567001 (Верифіковано у реєстрі Державної податкової служби за запитом від 02.04.2021.)",
        "1234567001",
    ),
    ("unzr", "19970117-7001", ""),
    ("birth-place", "СМТ. ЮР'ЇВКА ЮР'ЇВСЬКИЙ РАЙОН ДНІПРОПЕТРОВСЬКА ОБЛАСТЬ УКРАЇНА", ""),
    ("residence", "УКРАЇНА СМТ. ЮР'ЇВКА ЮР'ЇВСЬКИЙ РАЙОН ДНІПРОПЕТРОВСЬКА ОБЛАСТЬ ВУЛ. ЛЕНІНА БУД. 4", ""),
];

/// What stands on it beside the fields.
const OTHER_LINES: [&str; 17] = [
    "Дія",
    "Паспорт громадянина",
    // An emblem stands behind the title.
    "України *",
    "Запит на цифрові копії документів від 02.04.2021-09:48:26",
    "Ініціатор запиту: ІІТ Тестовий",
    "Ідентифікатор запиту: DR-44247719539502",
    "Стать:",
    "Дата народження:",
    "Громадянство:",
    "Орган, що видав:",
    "Дата видачі:",
    "Дійсний до:",
    "РНОКПП (ІПН):",
    "Запис № (УНЗР):",
    "Місце народження:",
    "Місце реєстрації проживання:",
    "Підпис:",
];

/// The file; none where it is not at hand, which is said.
fn sample() -> Option<Arc<[u8]>> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/copy").join(NAME);
    match fs::read(place) {
        Ok(pdf) => Some(pdf.into()),
        Err(_) => {
            say("skipped: no ../shared/data/copy");
            None
        }
    }
}

async fn read(by: &Transcriber, pdf: &Arc<[u8]>, only: Option<Way>, alphabet: &Alphabet) -> Transcript {
    by.read(Arc::clone(pdf), NAME, only, &Arc::new(alphabet.clone()), patience()).await
}

/// Whether a line stands on the sample; an emblem, a signature is nothing that is known.
fn is_there(line: &pages::Line, lines: &[String]) -> bool {
    let is_mark = line.words.iter().all(|word| word.text.chars().all(|c| c == UNKNOWN));
    is_mark || is_on_the_page(&line.words, lines)
}

fn lines() -> Vec<String> {
    FIELDS.iter().map(|(_, value, _)| *value).chain(OTHER_LINES).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_field_of_the_official_sample_is_exact_by_its_outlines() {
    let Some(pdf) = sample() else { return };
    let _alone = alone().await;
    let by = transcriber(1, false);
    let transcript = read(&by, &pdf, None, &Alphabet::shipped()).await;
    let reading = &transcript.reading;
    assert_eq!((reading.way, reading.trouble, reading.pages), (ReadingWay::Outlines, None, 1));
    assert_eq!(reading.document.as_ref().unwrap().as_str(), "internal-passport");
    let read: Vec<(&str, &str, &str)> = reading
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str(), field.plain.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(read, FIELDS);
    assert!(reading.fields.iter().all(|field| field.way == ReadingWay::Outlines));
    // Its numbers are test numbers: its РНОКПП and УНЗР are not well made.
    let named = |warning: &ReadingWarning| match warning {
        ReadingWarning::CheckDigit { field }
        | ReadingWarning::Form { field }
        | ReadingWarning::Contradicts { field, .. } => field == "rnokpp" || field == "unzr",
        _ => false,
    };
    assert!(!reading.warnings.is_empty() && reading.warnings.iter().all(named), "{:?}", reading.warnings);
    let picture =
        |kind| transcript.pictures.iter().find(|picture| picture.kind == kind).map(|found| &found.png);
    let (photo, thumbnail) = (picture(PictureKind::Photo).unwrap(), picture(PictureKind::Thumbnail).unwrap());
    assert!(
        photo.height_px > photo.width_px && photo.width_px >= 100,
        "{} × {}",
        photo.width_px,
        photo.height_px
    );
    assert!(thumbnail.bytes.len() <= 60_000 && thumbnail.width_px == 240, "{}", thumbnail.bytes.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_alphabet_that_learns_of_the_official_sample_reads_no_wrong_letter() {
    let Some(pdf) = sample() else { return };
    let _alone = alone().await;
    let by = transcriber(1, true);
    if !has_ocr(&by).await {
        return;
    }
    let wish = Wish { pages_max: 1, words: true, ..Wish::default() };
    let opened = by.reader().open(Arc::clone(&pdf), wish).await.unwrap();
    let mut alphabet = nothing();
    let (_, letters, unread) = lines_by(&opened, &alphabet);
    assert!(letters > 500 && unread * 100 > letters * 99, "it knows nothing: {unread} of {letters}");
    // There is but one such copy: it stands for several, as if others of the same make had come too.
    for copy in 0..4_u8 {
        let lesson = read(&by, &pdf, None, &alphabet).await.lesson;
        if let Some(lesson) = lesson {
            lesson.teach(&mut alphabet, &Digest([copy; 32]));
        }
    }
    let (read, letters, unread) = lines_by(&opened, &alphabet);
    let wrong: Vec<String> =
        read.iter().filter(|line| !is_there(line, &lines())).map(|line| format!("{line:?}")).collect();
    say(&format!(
        "official sample by what was learnt of it: {unread} of {letters} letters unread, {} lines wrong",
        wrong.len()
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unread * 2 < letters, "{unread} of {letters}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_sample_by_ocr_alone_is_read_with_some_errors() {
    let Some(pdf) = sample() else { return };
    let _alone = alone().await;
    let by = transcriber(1, true);
    if !has_ocr(&by).await {
        return;
    }
    let reading = read(&by, &pdf, Some(Way::Ocr), &Alphabet::shipped()).await.reading;
    assert_eq!((reading.way, reading.trouble), (ReadingWay::Ocr, None));
    let (mut exact, mut letters, mut wrong) = (0, 0, 0);
    for (name, expected, _) in FIELDS {
        let value = field(&reading, name).map_or("", |field| &field.value);
        exact += usize::from(value == expected);
        letters += expected.chars().count();
        wrong += apart(expected, value).min(expected.chars().count());
    }
    say(&format!(
        "official sample by OCR alone: {exact} of {} fields exact, {wrong} of {letters} letters wrong ({} ‰)",
        FIELDS.len(),
        wrong * 1000 / letters,
    ));
    assert_eq!(reading.document.as_ref().unwrap().as_str(), "internal-passport");
    assert!(exact >= FIELDS.len() / 2, "{exact}");
    assert!(reading.fields.iter().all(|field| field.way == ReadingWay::Ocr));
    assert!(reading.fields.iter().any(|field| field.sure_percent < 100));
}
