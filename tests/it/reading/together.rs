//! One process searches while another files and reads: what is found is there, whole, and stays found.

use std::collections::BTreeSet;

use skrynka_fixtures::copies::{Document, Make, Person};

use super::house::{House, copy, letter_with};
use super::value;

/// Letters that are filed meanwhile.
const LETTERS: u32 = 24;

#[test]
fn who_searches_while_another_files_and_reads_finds_more_and_more_and_nothing_half() {
    let mut house = House::new("ocr = \"off\"", "");
    let people = [Person::gedeon(), Person::mariana()];
    let document = |number: u32| {
        let person = people[usize::try_from(number % 2).unwrap()].clone();
        copy(person, Document::TaxpayerCard, Make::TextLayer, number).pdf()
    };
    // Half is filed and unread when the daemon begins: it reads the old ones while new ones come.
    let old: Vec<Vec<u8>> =
        (0..LETTERS / 2).map(|number| letter_with(number, "a.pdf", document(number), None)).collect();
    house.file_unread(&old);
    house.start();
    for number in LETTERS / 2..LETTERS {
        house.drop_letter(&format!("{number}.eml"), &letter_with(number, "b.pdf", document(number), None));
    }
    let (surname, number) = (people[0].surname.clone(), people[0].rnokpp());
    let mut found: BTreeSet<i64> = BTreeSet::new();
    let mut rounds = 0;
    while found.len() < usize::try_from(LETTERS / 2).unwrap() {
        let hits = house.ask(&["search", &surname]);
        let ids: BTreeSet<i64> =
            hits.as_array().unwrap().iter().map(|hit| hit["id"].as_i64().unwrap()).collect();
        assert!(ids.is_superset(&found), "{found:?} were found before, and now {ids:?}");
        for id in ids.difference(&found) {
            // What is found by one word is found by the others, and shown with all that it says.
            let shown = house.ask(&["show", &id.to_string()]);
            assert_eq!(value(&shown, 0, "surname"), surname, "{id}");
            assert_eq!(shown["copies"][0]["document"], "taxpayer-card", "{id}");
            let other = house.ask(&["search", &number[2..9], &format!("name:{surname}")]);
            assert!(
                other.as_array().unwrap().iter().any(|hit| hit["id"] == *id),
                "{id} by its number: {other}"
            );
        }
        found = ids;
        rounds += 1;
        assert!(rounds < 2_000, "only {} are found", found.len());
    }
    house.stop();
    let both = house.ask(&["search", &people[1].surname]);
    assert_eq!(both.as_array().unwrap().len(), usize::try_from(LETTERS / 2).unwrap());
}
