//! `skrynka alphabet` on a real store: what a person says counts, and two who speak at once lose nothing.

use std::fs;

use skrynka_fixtures::copies::{Document, Make, Person};

use super::house::{House, WITH_OCR, copy, has_ocr, letter_with, seal};

/// A house with one sealed copy in outlines, read; none where there is no OCR, which proposes the first letters.
fn taught() -> Option<House> {
    if !has_ocr() {
        return None;
    }
    let house = House::new(WITH_OCR, "");
    let pdf = copy(Person::mariana(), Document::InternalPassport, Make::Outlines, 1).pdf();
    house.file_unread(&[letter_with(1, "a.pdf", pdf, Some(&seal()))]);
    house.run(&["read", "--filed"]).good();
    Some(house)
}

/// Drawings that are not settled, and what they may be.
fn open(house: &House) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let open = house.ask(&["alphabet", "list", "--open"]);
    open.as_array().unwrap().iter().map(|entry| (text(&entry["id"]), text(&entry["letter"]))).collect()
}

#[test]
fn a_letter_that_a_person_settles_is_known_and_who_said_so_is_kept() {
    let Some(house) = taught() else { return };
    let (id, letter) = open(&house).into_iter().find(|(_, letter)| letter != "□").unwrap();
    assert!(house.run(&["alphabet", "show", &id]).good().contains("waiting for more copies"));
    assert!(house.run(&["read", "--filed"]).good().starts_with("every filed copy is read already"));
    let said = house.run(&["alphabet", "set", &id, &letter, "--by", "Оксана"]).good();
    assert!(said.contains("read again"), "{said}");
    let shown = house.run(&["alphabet", "show", &id]).good();
    assert!(shown.contains("known") && shown.contains("a person") && shown.contains("Оксана"), "{shown}");
    assert!(open(&house).iter().all(|(other, _)| *other != id));
    house.run(&["alphabet", "set", "0000000000000000", "а"]).refused(1, "there is no drawing");
    house.run(&["alphabet", "set", "nonsense", "а"]).refused(1, "is no name of a drawing");
    house.run(&["alphabet", "show", "☃"]).refused(1, "no drawing is called");
    let learnt = house.run(&["alphabet", "learn"]).good();
    assert!(learnt.contains("drawings are known now"), "{learnt}");
}

#[test]
fn an_exported_alphabet_is_imported_elsewhere_and_nothing_is_overwritten() {
    let (Some(house), other) = (taught(), House::new("ocr = \"off\"", "")) else { return };
    let (id, letter) = open(&house).into_iter().find(|(_, letter)| letter != "□").unwrap();
    house.run(&["alphabet", "set", &id, &letter]).good();
    house.run(&["alphabet", "export", "--to", "letters.jsonl"]).good();
    house.run(&["alphabet", "export", "--to", "letters.jsonl"]).refused(1, "cannot write letters.jsonl");
    let text = fs::read(house.path().join("letters.jsonl")).unwrap();
    other.write("letters.jsonl", &text);
    assert!(other.run(&["alphabet", "import", "letters.jsonl"]).good().contains("drawings taken"));
    assert!(other.run(&["alphabet", "show", &id]).good().contains("known"), "a person's word goes along");
    other.write("broken.jsonl", b"{\"half\":");
    other.run(&["alphabet", "import", "broken.jsonl"]).refused(1, "is no alphabet");
}

#[test]
fn what_ocr_had_read_is_read_by_its_drawings_once_the_alphabet_knows_them() {
    if !has_ocr() {
        return;
    }
    let (teaching, house) = (House::new("ocr = \"off\"", ""), House::new(WITH_OCR, ""));
    let make = |person, number| copy(person, Document::InternalPassport, Make::Outlines, number);
    let people = [Person::mariana(), Person::gedeon(), Person::yuliia()];
    let sealed = people.iter().zip(1..).map(|(person, number)| {
        let copy = make(person.clone(), number);
        letter_with(number, &copy.file_name(), copy.pdf(), Some(&seal()))
    });
    teaching.file_unread(&sealed.collect::<Vec<_>>());
    teaching.run(&["read", "--filed"]).good();
    teaching.run(&["alphabet", "learn"]).good();
    teaching.run(&["alphabet", "export", "--to", "letters.jsonl"]).good();

    // Nobody sealed it: it teaches nothing itself.
    house.file_unread(&[letter_with(9, "a.pdf", make(Person::mariana(), 9).pdf(), None)]);
    house.run(&["read", "--filed"]).good();
    let before = house.ask(&["show", "1"]);
    assert_eq!((&before["readings"][0]["way"], &before["readings"][0]["unread"]), (&"ocr".into(), &0.into()));
    assert!(house.run(&["read", "--filed"]).good().starts_with("every filed copy is read already"));
    house.write("letters.jsonl", &fs::read(teaching.path().join("letters.jsonl")).unwrap());
    house.run(&["alphabet", "import", "letters.jsonl"]).good();
    assert!(
        house.run(&["doctor"]).out.contains("1 filed copies are unread, or more of them can be read now")
    );
    assert!(house.run(&["read", "--filed"]).good().starts_with("1 copies read again"));
    let after = house.ask(&["show", "1"]);
    assert_eq!(after["readings"][0]["way"], "outlines");
    let fields = |shown: &serde_json::Value, way: &str| -> Vec<String> {
        let all = shown["readings"][0]["fields"].as_array().unwrap();
        let whole =
            all.iter().filter(|field| field["way"] == way && !field["value"].as_str().unwrap().contains('□'));
        whole.map(|field| field["name"].as_str().unwrap().to_owned()).collect()
    };
    let (by_ocr, drawn, still) = (fields(&before, "ocr"), fields(&after, "outlines"), fields(&after, "ocr"));
    // Three copies of one moment teach few digits and capitals: the rest stays what OCR saw.
    assert!(fields(&before, "outlines").is_empty() && !still.is_empty(), "{drawn:?} {still:?}");
    assert!(
        ["patronymic", "citizenship"].iter().all(|name| drawn.iter().any(|own| own == name)),
        "{drawn:?}"
    );
    let lost: Vec<&String> =
        by_ocr.iter().filter(|name| !drawn.contains(name) && !still.contains(name)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(house.run(&["read", "--filed"]).good().starts_with("every filed copy is read already"));

    // A person settles one letter more: it is looked at again.
    let (id, letter) = open(&house).into_iter().find(|(_, letter)| letter != "□").unwrap();
    house.run(&["alphabet", "set", &id, &letter]).good();
    assert!(house.run(&["read", "--filed"]).good().starts_with("1 copies read again"));
}

#[test]
fn two_who_settle_letters_at_once_lose_nothing() {
    let Some(house) = taught() else { return };
    let open: Vec<_> = open(&house).into_iter().filter(|(_, letter)| letter != "□").take(8).collect();
    assert_eq!(open.len(), 8);
    std::thread::scope(|scope| {
        for half in open.chunks(4) {
            let house = &house;
            scope.spawn(move || {
                for (id, letter) in half {
                    house.run(&["alphabet", "set", id, letter]).good();
                }
            });
        }
    });
    for (id, _) in &open {
        let shown = house.run(&["alphabet", "show", id]).good();
        assert!(shown.contains("a person"), "{shown}");
    }
}
