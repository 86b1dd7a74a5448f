//! Copies in letters: read when they are filed or later, found by what they say, and who may teach letters.

mod alphabet;
mod files;
pub(crate) mod house;
mod letter_check;
mod previews;
mod templates;
mod together;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use skrynka_fixtures::copies::{Document, Make, Person};

use crate::crash::everything_in;
use house::{House, WITH_OCR, copy, has_ocr, letter, letter_with, seal};

/// What a filed letter's copy at `place` says in one field.
fn value<'a>(shown: &'a Value, place: usize, name: &str) -> &'a str {
    let fields = shown["readings"][place]["fields"].as_array().unwrap();
    let field = fields.iter().find(|field| field["name"] == name);
    field.and_then(|field| field["value"].as_str()).unwrap_or_default()
}

#[test]
fn a_copy_is_filed_with_what_it_says_whatever_its_file_is_called_and_found_by_it() {
    let mut house = House::new("ocr = \"off\"", "");
    house.start();
    let gedeon = Person::gedeon();
    let pdf = copy(gedeon.clone(), Document::InternalPassport, Make::TextLayer, 1).pdf();
    house.drop_letter("one.eml", &letter_with(1, "scan.pdf", pdf, Some(&seal())));
    house.until_filed(1);
    let shown = house.ask(&["show", "1"]);
    assert_eq!(shown["copies"][0]["document"], "internal-passport", "the page tells, not the name: {shown}");
    assert_eq!(value(&shown, 0, "surname"), gedeon.surname);
    assert_eq!(value(&shown, 0, "unzr"), gedeon.unzr());
    assert!(value(&shown, 0, "rnokpp").starts_with(&gedeon.rnokpp()));
    assert_eq!(shown["readings"][0]["way"], "text_layer");

    let part = &gedeon.rnokpp()[3..8];
    let born = format!("born:{}", gedeon.born.strftime("%d.%m.%Y"));
    for words in
        ["Вигаданенко", "Vyhadanenko", part, &born, "name:Вигаданенко", "ім'я:vyhadanenko", "doc:passport"]
    {
        let found = house.ask(&["search", words]);
        assert_eq!(found[0]["id"], 1, "«{words}» finds it: {found}");
    }
    let other = house.ask(&["search", "name:Тестовська"]);
    assert_eq!(other, serde_json::json!([]), "nobody else is found");

    let text = house.run(&["show", "1"]).good();
    assert!(
        text.contains("internal-passport (passport of a citizen of Ukraine (ID card)), signed: scan.pdf"),
        "{text}"
    );
    for name in ["Surname  ", "Date of birth  ", "Taxpayer number (RNOKPP)  ", "Request ID  "] {
        assert!(
            text.lines().any(|line| line.starts_with("            ") && line.contains(name)),
            "{name}: {text}"
        );
    }
    let said = house.run(&["search", "Vyhadanenko"]).good();
    assert!(said.contains("Вигаданенко") || said.contains("Vyhadanenko"), "the answer says where: {said}");
    let is_png = |path: &PathBuf| path.is_file() && fs::read(path).unwrap().starts_with(b"\x89PNG");
    let pictures = everything_in(&house.path().join("store/blobs")).into_iter().filter(is_png).count();
    assert!(pictures >= 1, "the thumbnail is kept");
    house.stop();
    let log = house.log();
    for words in
        ["Вигаданенко", "Ґедеон", "Vyhadanenko", &gedeon.rnokpp(), &gedeon.unzr(), "ЮРʼЇВКА", "scan.pdf"]
    {
        let line = log.lines().find(|line| line.contains(words));
        assert!(line.is_none(), "«{words}» stands in the log: {line:?}");
    }
}

#[test]
fn only_sealed_copies_teach_letters_and_two_make_them_known() {
    if !has_ocr() {
        return;
    }
    let house = House::new(WITH_OCR, "");
    let outlines = |person, number| copy(person, Document::InternalPassport, Make::Outlines, number).pdf();
    let mut changed = outlines(Person::gedeon(), 3);
    let signed = seal().sign(&changed);
    changed.extend_from_slice(b"% changed after signing\n");
    let wrong = skrynka_fixtures::signed::Seal::by(
        &skrynka_fixtures::pki::Pki::get().wrong_seal,
        jiff::Timestamp::from_second(1_772_611_200).unwrap(),
    );
    house.file_unread(&[
        letter_with(1, "a.pdf", outlines(Person::gedeon(), 1), None),
        letter_with(2, "b.pdf", outlines(Person::yuliia(), 2), Some(&wrong)),
        letter(3, &[("c.pdf", changed), ("c.pdf.p7s", signed)]),
    ]);
    house.run(&["read", "--filed"]).good();
    assert_eq!(house.learnt(), 0, "nobody else teaches anything");

    let sealed = |number, person| letter_with(number, "d.pdf", outlines(person, number), Some(&seal()));
    house.file_unread(&[sealed(4, Person::mariana())]);
    house.run(&["read", "--filed"]).good();
    let after_one = house.learnt();
    assert!(after_one > 0, "a sealed one does");
    let known = || {
        let all = house.ask(&["alphabet", "list"]);
        all.as_array().unwrap().iter().filter(|entry| entry["standing"] == "known").count()
    };
    let known_after_one = known();
    house.file_unread(&[sealed(5, Person::gedeon()), sealed(6, Person::yuliia())]);
    house.run(&["read", "--filed"]).good();
    assert!(known() > known_after_one, "copies that agree make letters known");
}

#[test]
fn what_is_learnt_reads_others_without_a_wrong_letter() {
    if !has_ocr() {
        return;
    }
    let house = House::new(WITH_OCR, "");
    let make = |person: &Person, make, number| copy(person.clone(), Document::InternalPassport, make, number);
    let people = [Person::mariana(), Person::gedeon(), Person::yuliia()];
    let sealed = |(person, number): (&Person, u32)| {
        letter_with(number, "a.pdf", make(person, Make::Outlines, number).pdf(), Some(&seal()))
    };
    house.file_unread(&people.iter().zip(1..).map(sealed).collect::<Vec<_>>());
    house.run(&["read", "--filed"]).good();
    house.run(&["alphabet", "learn"]).good();
    house.run(&["alphabet", "export", "--to", "letters.jsonl"]).good();
    let (mut right, mut unread) = (0, 0);
    for (person, number) in people.iter().zip(1_u32..) {
        house.write("truth.pdf", &make(person, Make::TextLayer, number).pdf());
        house.write("drawn.pdf", &make(person, Make::Outlines, number).pdf());
        let truth = house.ask(&["read", "truth.pdf"]);
        let truth: Vec<&str> = truth["text"].as_str().unwrap().split_whitespace().collect();
        let read = ["read", "--way", "outlines", "--alphabet", "letters.jsonl", "drawn.pdf"];
        let drawn = house.ask(&read);
        for word in drawn["text"].as_str().unwrap().split_whitespace() {
            if word.contains('□') {
                unread += 1;
            } else {
                assert!(truth.contains(&word), "«{word}» stands nowhere on the page: {truth:?}");
                right += 1;
            }
        }
    }
    assert!(right > 60, "{right} words are read, {unread} are not");
}

#[test]
fn where_anybody_may_seal_copies_nobody_teaches() {
    let house = House::new(WITH_OCR, "[policy]\nsealers = []\n");
    let pdf = copy(Person::mariana(), Document::InternalPassport, Make::Outlines, 1).pdf();
    house.file_unread(&[letter_with(1, "a.pdf", pdf, Some(&seal()))]);
    assert_eq!(house.ask(&["show", "1"])["indication"], "TOTAL-PASSED");
    house.run(&["read", "--filed"]).good();
    assert_eq!(house.learnt(), 0);
}

#[test]
fn what_was_filed_unread_is_read_once_by_command_and_by_the_daemon() {
    let mut house = House::new("ocr = \"off\"", "");
    let text = |person, number| copy(person, Document::TaxpayerCard, Make::TextLayer, number).pdf();
    house.file_unread(&[letter_with(1, "a.pdf", text(Person::mariana(), 1), Some(&seal()))]);
    let unread = house.run(&["show", "1"]).good();
    assert!(unread.contains("not yet; `skrynka read --filed`"), "{unread}");
    let doctor = house.run(&["doctor"]).out;
    assert!(doctor.contains("1 filed copies are unread"), "{doctor}");
    assert!(doctor.contains("switched off in [reader]"), "{doctor}");
    let said = house.run(&["read", "--filed"]).good();
    assert!(said.starts_with("1 copies read again; 1 of them have letters"), "{said}");
    let again = house.run(&["read", "--filed"]).good();
    assert!(again.starts_with("every filed copy is read already"), "{again}");
    assert_eq!(value(&house.ask(&["show", "1"]), 0, "surname"), "Тестовська");
    assert_eq!(house.ask(&["search", "testovska"])[0]["id"], 1);
    assert!(house.run(&["doctor"]).out.contains("every filed copy is read"));

    house.file_unread(&[letter_with(2, "b.pdf", text(Person::gedeon(), 2), None)]);
    house.start();
    house.until("the daemon has read it", || house.ask(&["show", "2"])["readings"][0]["way"] == "text_layer");
    assert_eq!(house.ask(&["search", "Вигаданенко"])[0]["id"], 2);
}

#[cfg(debug_assertions)]
#[test]
fn a_copy_that_breaks_its_child_is_filed_with_its_trouble_and_the_next_is_fine() {
    let mut house = House::new("ocr = \"off\"\nopen_seconds_max = 5\nchildren = 1", "");
    house.start();
    let hostile = |word: &str| format!("%SKRYNKA-TRY {word}\n%PDF-1.7\n").into_bytes();
    let good = copy(Person::mariana(), Document::TaxpayerCard, Make::TextLayer, 9).pdf();
    for (number, word) in [(1, "abort"), (2, "sleep"), (3, "memory")] {
        house.drop_letter(&format!("{word}.eml"), &letter_with(number, "a.pdf", hostile(word), None));
    }
    house.drop_letter("z.eml", &letter_with(4, "b.pdf", good, Some(&seal())));
    house.until_filed(4);
    let mut troubles = Vec::new();
    for filing in house.ask(&["list"]).as_array().unwrap() {
        let shown = house.ask(&["show", &filing["id"].to_string()]);
        match shown["readings"][0]["trouble"].as_str() {
            Some(trouble) => troubles.push(trouble.to_owned()),
            None => assert_eq!(value(&shown, 0, "surname"), "Тестовська"),
        }
    }
    assert_eq!(troubles.len(), 3, "{troubles:?}");
}
