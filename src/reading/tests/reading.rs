use std::sync::LazyLock;

use pages::Way;

use super::super::{KnownBy, PageLines, Templates, known_words, needs_ocr, prefer, read};
use super::layout::{Document, OUTLINES, STYLES, Style, all, internal_passport, line};
use crate::model::{ReadField, Reading, ReadingWarning, ReadingWay};

pub(super) static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::built_in);

pub(super) fn reads(page: PageLines, file_name: &str) -> Reading {
    read(&[page], ReadingWay::Outlines, file_name, &TEMPLATES)
}

pub(super) fn values(reading: &Reading) -> Vec<(&str, &str)> {
    let mut values: Vec<(&str, &str)> =
        reading.fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    values.sort_unstable();
    values
}

#[track_caller]
fn is_read_whole(document: &Document, style: Style) {
    let reading = reads(document.lay(style), "");
    assert_eq!(reading.document.as_ref().map(|code| code.as_str()), Some(document.code), "{style:?}");
    let expected = document.expected();
    let expected: Vec<(&str, &str)> = expected.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(values(&reading), expected, "{} {style:?}", document.code);
    assert_eq!(reading.warnings, [], "{} {style:?}", document.code);
}

#[track_caller]
fn field<'a>(reading: &'a Reading, name: &str) -> &'a ReadField {
    reading
        .fields
        .iter()
        .find(|field| field.name == name)
        .unwrap_or_else(|| panic!("no {name}: {reading:#?}"))
}

#[test]
fn every_kind_of_document_is_read_whole_in_every_layout() {
    for document in all() {
        for style in STYLES {
            is_read_whole(&document, style);
        }
    }
}

#[test]
fn a_reading_is_all_of_this() {
    let document = internal_passport();
    let reading = reads(document.lay(OUTLINES), &document.file_name());
    insta::assert_snapshot!(serde_json::to_string_pretty(&reading).unwrap());
}

#[test]
fn plain_values_are_in_one_form() {
    let reading = reads(internal_passport().lay(OUTLINES), "");
    for (name, plain) in [
        ("birth-date", "2000-02-13"),
        ("rnokpp", "3656801869"),
        ("sex", "female"),
        ("number", "001464738"),
        ("request-time", "2026-03-02T12:00:05"),
        ("request-id", "DR-20260302000001"),
        ("unzr", "20000213-01467"),
    ] {
        assert_eq!(field(&reading, name).plain.as_deref(), Some(plain), "{name}");
    }
    assert_eq!(field(&reading, "citizenship").plain, None);
    assert!(field(&reading, "rnokpp").value.contains("(Верифіковано у реєстрі"));
}

#[test]
fn values_beside_labels_in_two_columns_of_pairs_and_under_labels_are_found() {
    let draw = |lines: &[(f32, f32, &str)]| {
        let mut page = Document { block: vec![], rows: vec![], ..internal_passport() }.lay(OUTLINES);
        page.lines.extend(lines.iter().map(|(x, y, text)| line(*x, *y, 10.0, text, OUTLINES)));
        reads(page, "")
    };
    let pairs = draw(&[
        (58.0, 400.0, "Стать:"),
        (150.0, 400.0, "Ж"),
        (300.0, 400.0, "Дата народження:"),
        (450.0, 400.0, "13.02.2000"),
        (58.0, 418.0, "Дата видачі:"),
        (150.0, 418.0, "14.06.2021"),
        (300.0, 418.0, "Дійсний до:"),
        (450.0, 418.0, "14.06.2031"),
    ]);
    let under = draw(&[
        (58.0, 400.0, "Стать"),
        (300.0, 400.0, "Дата народження"),
        (58.0, 412.0, "Ж"),
        (300.0, 412.0, "13.02.2000"),
        (58.0, 440.0, "Дата видачі"),
        (300.0, 440.0, "Дійсний до"),
        (58.0, 452.0, "14.06.2021"),
        (300.0, 452.0, "14.06.2031"),
    ]);
    for reading in [pairs, under] {
        let found = values(&reading);
        for expected in [
            ("sex", "Ж"),
            ("birth-date", "13.02.2000"),
            ("issue-date", "14.06.2021"),
            ("valid-until", "14.06.2031"),
        ] {
            assert!(found.contains(&expected), "{expected:?} in {found:?}");
        }
    }
}

#[test]
fn an_initiator_may_take_several_lines() {
    let mut page = PageLines { number: 1, width_pt: 595.0, height_pt: 842.0, lines: vec![] };
    for (number, text) in [
        "Запит на цифрові копії документів від 02.03.2026-12:00:05",
        "Ініціатор запиту: КОМУНАЛЬНЕ ПІДПРИЄМСТВО «ВИГАДАНИЙ ЦЕНТР НАДАННЯ ПОСЛУГ ЗРАЗКОВОЇ",
        "МІСЬКОЇ РАДИ» (Відділення №1)",
        "Ідентифікатор запиту: DR-20260302000001",
        "Стать: Ж",
    ]
    .iter()
    .enumerate()
    {
        page.lines.push(line(58.0, 300.0 + 16.0 * number as f32, 10.0, text, OUTLINES));
    }
    let reading = reads(page, "");
    assert_eq!(reading.document, None);
    let initiator =
        "КОМУНАЛЬНЕ ПІДПРИЄМСТВО «ВИГАДАНИЙ ЦЕНТР НАДАННЯ ПОСЛУГ ЗРАЗКОВОЇ МІСЬКОЇ РАДИ» (Відділення №1)";
    assert_eq!(
        values(&reading),
        [
            ("request-id", "DR-20260302000001"),
            ("request-initiator", initiator),
            ("request-time", "02.03.2026-12:00:05")
        ]
    );
}

#[test]
fn an_unknown_document_is_read_as_text_with_its_request() {
    let mut document = internal_passport();
    document.title = vec!["Посвідчення випробувача".to_owned()];
    document.rows.truncate(3);
    let reading = reads(document.lay(OUTLINES), "");
    assert_eq!(reading.document, None);
    assert_eq!(reading.fields.len(), 3);
    assert!(
        reading.text.starts_with("Посвідчення випробувача\nНеіснуюча-Зразкова\nМарʼяна"),
        "{}",
        reading.text
    );
    assert!(reading.text.contains("Стать:  Ж\nДата народження:  13.02.2000"), "{}", reading.text);
    assert_eq!(reading.unread, 0);
    assert!(reading.letters > 200);
}

#[test]
fn a_title_that_cannot_be_read_is_replaced_by_the_file_name_or_by_the_labels() {
    let mut document = internal_passport();
    document.title = vec!["□□□□□□□ □□□□□□□□□□".to_owned(), "□□□□□□□".to_owned()];
    let by_name = reads(document.lay(OUTLINES), &document.file_name());
    let by_labels = reads(document.lay(OUTLINES), "");
    for reading in [by_name, by_labels] {
        assert_eq!(reading.document.as_ref().unwrap().as_str(), "internal-passport");
        assert_eq!(field(&reading, "rnokpp").plain.as_deref(), Some("3656801869"));
        assert_eq!(field(&reading, "number").value, "001464738");
    }
    let mut other = internal_passport();
    other.title.clear();
    other.rows.clear();
    assert_eq!(
        reads(other.lay(OUTLINES), &other.file_name()).document,
        None,
        "a name alone tells nothing of the page"
    );
}

#[test]
fn a_name_that_promises_something_else_is_a_warning() {
    let document = internal_passport();
    let said = |name: &str| reads(document.lay(OUTLINES), name).warnings;
    assert_eq!(said("passport-1-02.03.2026-12_00_05.pdf"), [], "either of the two passports");
    let named = |field: &str| ReadingWarning::FileName { field: field.to_owned() };
    assert_eq!(said("taxpayer-card-1-02.03.2026-12_00_05.pdf"), [named("document")]);
    assert_eq!(said("internal-passport-1-02.03.2026-12_00_06.pdf"), [named("request-time")]);
    assert_eq!(said("scan.pdf"), []);
}

#[test]
fn numbers_that_contradict_the_document_are_warnings() {
    let with = |name: &str, value: &str| {
        let mut document = internal_passport();
        for row in document.rows.iter_mut().filter(|row| row.fields.iter().any(|(own, _)| *own == name)) {
            row.value = vec![value.to_owned()];
        }
        reads(document.lay(OUTLINES), "").warnings
    };
    let contradicts = |field: &str, other: &str| ReadingWarning::Contradicts {
        field: field.to_owned(),
        other: other.to_owned(),
    };
    let own = |field: &str| field.to_owned();
    assert_eq!(with("rnokpp", "3656801868"), [ReadingWarning::CheckDigit { field: own("rnokpp") }]);
    assert_eq!(with("rnokpp", "365680186"), [ReadingWarning::Form { field: own("rnokpp") }]);
    assert_eq!(with("rnokpp", "Не вказано"), []);
    assert_eq!(with("sex", "Ч"), [contradicts("rnokpp", "sex")]);
    let born = with("birth-date", "14.02.2000");
    assert_eq!(born, [contradicts("rnokpp", "birth-date"), contradicts("unzr", "birth-date")]);
    assert_eq!(with("unzr", "20000213-01468"), [ReadingWarning::CheckDigit { field: own("unzr") }]);
    assert_eq!(with("valid-until", "безстроково"), [ReadingWarning::Form { field: own("valid-until") }]);
    assert_eq!(with("issue-date", "14.06.2□21"), [ReadingWarning::Unread { field: own("issue-date") }]);
}

#[test]
fn what_is_missing_is_named() {
    let mut document = internal_passport();
    document.rows.retain(|row| row.fields.iter().all(|(name, _)| !matches!(*name, "unzr" | "residence")));
    document.block.pop();
    let missing = |field: &str| ReadingWarning::Missing { field: field.to_owned() };
    assert_eq!(reads(document.lay(OUTLINES), "").warnings, [missing("number"), missing("unzr")]);
}

#[test]
fn a_field_has_the_way_and_sureness_of_its_least_sure_word() {
    let mut page = internal_passport().lay(OUTLINES);
    let place = page.lines.iter_mut().find(|line| line.words[0].text == "СМТ.").unwrap();
    place.words[1].way = Way::Ocr;
    place.words[1].confidence = 0.634;
    let reading = reads(page, "");
    let birth_place = field(&reading, "birth-place");
    assert_eq!((birth_place.way, birth_place.sure_percent), (ReadingWay::Ocr, 63));
    let sex = field(&reading, "sex");
    assert_eq!((sex.way, sex.sure_percent), (ReadingWay::Outlines, 100));
    assert_eq!((sex.place.page, sex.place.left), (1, 252));
    assert!(sex.place.bottom - sex.place.top >= 7);
}

#[test]
fn what_outlines_left_unread_comes_from_ocr_and_nothing_else_does() {
    let document = internal_passport();
    let mut unread = document.lay(OUTLINES);
    for line in &mut unread.lines {
        for word in &mut line.words {
            // Two values with unknown letters.
            word.text = word.text.replace("14.06.2021", "14.06.2□21").replace("001464738", "0014□4738");
        }
    }
    let first = reads(unread, "");
    assert!(needs_ocr(&pages::Opened::default(), &first));
    let mut ocr = document.lay(Style { way: Way::Ocr, ..OUTLINES });
    for line in &mut ocr.lines {
        for word in &mut line.words {
            word.text = word.text.replace("13.02.2000", "18.02.2000");
        }
    }
    let proposed = read(&[ocr], ReadingWay::Ocr, "", &TEMPLATES);
    let merged = prefer(first, proposed);
    assert_eq!(
        (field(&merged, "issue-date").value.as_str(), field(&merged, "issue-date").way),
        ("14.06.2021", ReadingWay::Ocr)
    );
    assert_eq!(
        (field(&merged, "number").value.as_str(), field(&merged, "number").sure_percent),
        ("001464738", 91)
    );
    let born = field(&merged, "birth-date");
    assert_eq!((born.value.as_str(), born.way), ("13.02.2000", ReadingWay::Outlines), "a whole value stays");
    assert_eq!(merged.warnings, [], "and its contradiction with OCR's mistake is gone");
    assert_eq!(merged.way, ReadingWay::Outlines);
}

#[test]
fn ocr_alone_takes_the_place_of_nothing() {
    let proposed = read(&[internal_passport().lay(OUTLINES)], ReadingWay::Ocr, "", &TEMPLATES);
    let merged = prefer(Reading::default(), proposed.clone());
    assert_eq!(merged, Reading { oddities: vec![], trouble: None, ..proposed });
}

#[test]
fn a_page_of_pictures_wants_ocr_and_a_page_of_text_does_not() {
    let reading = reads(internal_passport().lay(OUTLINES), "");
    let at = |right, bottom| pages::Rect { left: 0.0, top: 0.0, right, bottom };
    let opened = |picture: pages::Rect| pages::Opened {
        pages: vec![pages::Page {
            width_pt: 595.0,
            height_pt: 842.0,
            pictures: vec![pages::Picture { at: picture, png: None }],
            ..pages::Page::default()
        }],
        ..pages::Opened::default()
    };
    assert!(needs_ocr(&opened(at(595.0, 842.0)), &Reading::default()));
    assert!(needs_ocr(&opened(at(595.0, 842.0)), &reading), "a scan with a few outlines over it");
    assert!(!needs_ocr(&opened(at(139.0, 185.0)), &reading), "only a photo");
    assert!(!needs_ocr(&pages::Opened::default(), &Reading::default()), "an empty page has nothing to read");
}

#[test]
fn certain_words_are_labels_the_names_time_and_numbers_that_pass() {
    let document = internal_passport();
    let mut page = document.lay(OUTLINES);
    for line in &mut page.lines {
        for word in &mut line.words {
            word.text = word
                .text
                .replace("Громадянство:", "Гр□мад□нство:")
                .replace("02.03.2026-12:00:05", "02.□3.2026-12:00:0□");
            // Misread, so not certain.
            word.text = word.text.replace("Підпис:", "Підлис:");
        }
    }
    let known = known_words(&[page], &document.file_name(), &TEMPLATES);
    let has = |text: &str, by: KnownBy| known.iter().any(|word| word.text == text && word.by == by);
    for text in
        ["Громадянство:", "Стать:", "громадянина", "України", "Ініціатор", "запиту:", "видав:", "(УНЗР):"]
    {
        assert!(has(text, KnownBy::Template), "{text}: {known:#?}");
    }
    assert!(has("02.03.2026-12:00:05", KnownBy::FileName));
    assert!(has("3656801869", KnownBy::CheckDigit) && has("20000213-01467", KnownBy::CheckDigit));
    assert!(known.iter().all(|word| !word.text.contains('□') && !word.text.contains("Пі")), "{known:#?}");
    let texts = TEMPLATES.known_texts(&"internal-passport".parse().unwrap());
    assert!(texts.contains(&"Паспорт громадянина України") && texts.contains(&"Ініціатор запиту"));
}
