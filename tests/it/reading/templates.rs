//! An operator's own templates: a folder of files, of which the wrong ones are named and the others count.

use std::fs;

use skrynka_fixtures::copies::{Document, Make, Person};

use super::house::{House, copy, letter_with};
use super::value;

/// In place of the program's own: the same number under another name.
const MINE: &str = "document = \"taxpayer-card\"\nsource = \"known\"\n\
    titles = [\"Реєстраційний номер облікової картки платника податків\"]\n\
    [[field]]\nname = \"born-on\"\nkind = \"birth-date\"\nlabels = [\"Дата народження\"]\n";
const BROKEN: &str =
    "document = \"ship-papers\"\nsource = \"known\"\ntitles = [\"Судновий білет\"]\ncolour = 1\n";

fn card(number: u32) -> Vec<u8> {
    copy(Person::mariana(), Document::TaxpayerCard, Make::TextLayer, number).pdf()
}

#[test]
fn a_copy_is_read_by_a_given_folder_and_what_is_wrong_there_is_said() {
    let house = House::new("ocr = \"off\"", "");
    fs::create_dir(house.path().join("kinds")).unwrap();
    house.write("scan.pdf", &card(1));
    house.write("kinds/mine.toml", MINE.as_bytes());
    house.write("kinds/broken.toml", BROKEN.as_bytes());
    house.write("kinds/notes.txt", b"no template");
    let said = house.run(&["read", "--json", "--templates", "kinds", "scan.pdf"]);
    let read: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let fields: Vec<&str> =
        read["fields"].as_array().unwrap().iter().filter_map(|field| field["name"].as_str()).collect();
    assert!(fields.contains(&"born-on") && !fields.contains(&"birth-date"), "{fields:?}");
    assert!(said.err.contains("broken.toml`, line 4: unknown field `colour`"), "{}", said.err);
    house.run(&["read", "--templates", "nowhere", "scan.pdf"]).refused(1, "there is no folder nowhere");
}

#[test]
fn what_is_wrong_with_own_templates_is_named_by_config_check_and_doctor() {
    let house = House::new("ocr = \"off\"\ntemplates = \"kinds\"", "");
    assert!(!house.run(&["config", "check"]).good().contains("kinds"), "a folder that is not there has none");
    fs::create_dir(house.path().join("kinds")).unwrap();
    house.write("kinds/mine.toml", MINE.as_bytes());
    house.write("kinds/broken.toml", BROKEN.as_bytes());
    let checked = house.run(&["config", "check"]).out;
    assert!(checked.contains("broken.toml`, line 4: unknown field `colour`"), "{checked}");
    let doctor = house.run(&["doctor"]).out;
    assert!(doctor.contains("1 of your own count") && doctor.contains("broken.toml`, line 4"), "{doctor}");
}

#[test]
fn a_changed_folder_counts_from_the_next_letter_on() {
    let mut house = House::new("ocr = \"off\"", "");
    fs::create_dir(house.path().join("templates")).unwrap();
    house.start();
    house.drop_letter("1.eml", &letter_with(1, "a.pdf", card(1), None));
    house.until_filed(1);
    assert!(!value(&house.ask(&["show", "1"]), 0, "birth-date").is_empty());
    house.write("templates/mine.toml", MINE.as_bytes());
    house.write("templates/broken.toml", BROKEN.as_bytes());
    house.until("the daemon has noticed", || house.log().contains("broken.toml`, line 4"));
    house.drop_letter("2.eml", &letter_with(2, "b.pdf", card(2), None));
    house.until_filed(2);
    let shown = house.ask(&["show", "2"]);
    assert!(!value(&shown, 0, "born-on").is_empty() && value(&shown, 0, "birth-date").is_empty(), "{shown}");
}
