//! Who asked for a copy: the same name in every way of writing it, and other names.

use super::persons::{field, reading};
use crate::light::initiator::{InitiatorFact, initiator};
use crate::model::{Addressee, FieldKind, ReadingWay};

fn addressees(ours: &[&str], others: &[&str]) -> Vec<Addressee> {
    let branch = |id: &str, ours: bool, names: &[&str]| Addressee {
        branch: id.parse().unwrap(),
        ours,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    vec![branch("ours", true, ours), branch("other", false, others)]
}

fn asked(said: &str, way: ReadingWay, ours: &[&str], others: &[&str]) -> &'static str {
    let mut field = field("request-initiator", FieldKind::RequestInitiator, said, None);
    field.way = way;
    match initiator(&reading(vec![field]), &addressees(ours, others)) {
        InitiatorFact::Ours => "ours",
        InitiatorFact::Missing => "missing",
        InitiatorFact::Unclear { .. } => "unclear",
        InitiatorFact::OtherBranch { .. } => "other branch",
        InitiatorFact::Other { .. } => "other",
    }
}

/// Both of two names, each asked against the other.
#[track_caller]
fn stand(one: &str, other: &str, expected: &str) {
    assert_eq!(asked(one, ReadingWay::Outlines, &[other], &[]), expected, "{one} ~ {other}");
    assert_eq!(asked(other, ReadingWay::Outlines, &[one], &[]), expected, "{other} ~ {one}");
}

#[test]
fn one_name_in_every_way_of_writing_it_is_ours() {
    for (one, other) in [
        ("Готель «Палаццо»", "ГОТЕЛЬ \"ПАЛАЦЦО\""),
        ("Готель «Палаццо»", "готель „Палаццо“"),
        ("Готель «Палаццо»", "Готель Палаццо"),
        ("ТОВ «Ромашка»", "Товариство з обмеженою відповідальністю \"Ромашка\""),
        ("ТОВ «Ромашка»", "«Ромашка» ТОВ"),
        ("ТзОВ «Ромашка»", "ТОВ «РОМАШКА»"),
        ("ФОП Зразкова Надія Іванівна", "Фізична особа-підприємець Зразкова Надія Іванівна"),
        ("ФОП Зразкова Надія Іванівна", "фізична особа – підприємець ЗРАЗКОВА НАДІЯ ІВАНІВНА"),
        ("КНП «Лікарня № 1»", "Комунальне некомерційне підприємство «Лікарня №1»"),
        ("ПрАТ «Мар’яна»", "Приватне акціонерне товариство «Мар'яна»"),
        ("ОСББ «Затишок»", "Об’єднання співвласників багатоквартирного будинку «Затишок»"),
        ("КУ «ЦНАП»", "Комунальна установа ЦНАП"),
        ("Відділення №1 (Приклад)", "Відділення № 1 (приклад)"),
        ("Відділення №1 (Приклад)", "Відділення N 1, Приклад"),
        ("Відділення №1", "Відділення N1"),
        ("Відділення №1", "Відділення No 1"),
        ("HOTEL COTTO", "Hotel Cotto"),
        // All of it in lookalikes of the other alphabet.
        ("ТЕРЕМ", "TEPEM"),
        ("Ґалаґан", "Галаган"),
        ("ІІТ Тестовий", "ІIT Тестовий"),
        ("Киї\u{438}\u{306}в", "Киїйв"),
    ] {
        stand(one, other, "ours");
    }
}

#[test]
fn another_name_is_somebody_else() {
    for (one, other) in [
        ("Готель «Палаццо»", "Готель «Палац»"),
        ("Відділення №1", "Відділення №2"),
        ("Відділення №11", "Відділення № 1 1"),
        ("Відділення №1", "Відділення №11"),
        ("ТОВ «Ромашка»", "ПП «Ромашка»"),
        ("КП «Водоканал»", "КНП «Водоканал»"),
        ("ТОВ «Ромашка»", "ТОВ «Волошка»"),
        ("ЦНАП Прикладської міської ради", "ЦНАП Зразківської міської ради"),
        ("ФОП Зразкова Надія Іванівна", "ФОП Зразкова Олена Іванівна"),
    ] {
        stand(one, other, "other");
    }
}

#[test]
fn a_name_without_its_legal_form_or_with_initials_is_unclear() {
    stand("ТОВ «Ромашка»", "Ромашка", "unclear");
    stand("ФОП Зразкова Н. І.", "ФОП Зразкова Надія Іванівна", "unclear");
    stand("ФОП Зразкова О. І.", "ФОП Зразкова Надія Іванівна", "other");
    // The branch of that name is ours as it is.
    assert_eq!(asked("Ромашка", ReadingWay::Outlines, &["ТОВ «Ромашка»", "«Ромашка»"], &[]), "ours");
}

#[test]
fn letters_that_are_not_read_make_our_name_unclear_and_another_one_no_better() {
    let ours = ["ТОВ «Ромашка»", "Готель «Палаццо»"];
    for (said, expected) in [
        ("ТОВ «Р□машка»", "unclear"),
        ("Товариство з обмеженою відповідальністю «Ромашк□»", "unclear"),
        ("□□□□□□ «Палаццо»", "unclear"),
        ("Готель «Па□ацц□»", "unclear"),
        ("Го□ель «Палац»", "other"),
        ("ТОВ «В□лошка»", "other"),
        ("□", "other"),
        // The legal form and the signs hide nothing.
        ("Т□В «Ромашка»", "ours"),
        ("ТОВ □Ромашка□", "ours"),
        ("Товариство з обмежен□ю відповідальністю «Ромашка»", "ours"),
        ("Готель □Палаццо□", "ours"),
        ("□□□ «Ромашка»", "ours"),
    ] {
        assert_eq!(asked(said, ReadingWay::Outlines, &ours, &[]), expected, "{said}");
    }
}

#[test]
fn a_slip_in_ten_letters_is_forgiven_to_ocr_alone_and_never_makes_it_ours() {
    let ours = ["ЦНАП Прикладської міської ради"];
    for (said, by_ocr) in [
        ("ЦНАП Прикладської міської ради", "ours"),
        ("ЦНАП Прикладськоі міської раци", "unclear"),
        ("ЦНАЛ Прнкладськоі міськоі раци", "other"),
        ("ЦНАП Зразківської міської ради", "other"),
    ] {
        assert_eq!(asked(said, ReadingWay::Ocr, &ours, &[]), by_ocr, "{said}");
        let exact = if by_ocr == "ours" { "ours" } else { "other" };
        assert_eq!(asked(said, ReadingWay::TextLayer, &ours, &[]), exact, "{said}");
    }
}

#[test]
fn ours_goes_before_another_branch_and_that_before_what_is_unclear() {
    let (ours, others) = (["Відділення №1"], ["Відділення №2", "ТОВ «Ромашка»"]);
    for (said, expected) in [
        ("Відділення № 2", "other branch"),
        ("Відділення № 1", "ours"),
        ("Відділення № □", "unclear"),
        ("ТОВ Р□машка", "unclear"),
        ("Відділення № 3", "other"),
        ("  ", "missing"),
    ] {
        assert_eq!(asked(said, ReadingWay::Outlines, &ours, &others), expected, "{said}");
    }
    assert_eq!(asked("Ромашка", ReadingWay::Outlines, &["Ромашка"], &["Ромашка"]), "ours");
    assert_eq!(initiator(&reading(vec![]), &addressees(&ours, &others)), InitiatorFact::Missing);
}

/// A letter of our name that is lost never makes it anything better, and never somebody else's.
#[test]
fn losing_letters_of_our_name_goes_from_ours_to_unclear_and_no_further() {
    let ours = "ТОВ «Ромашка» Відділення №7";
    let letters: Vec<char> = ours.chars().collect();
    for at in 0..letters.len() {
        let mut said = letters.clone();
        let is_own = said[at].is_alphanumeric() && at > 3;
        said[at] = '□';
        let said: String = said.iter().collect();
        let expected = if is_own { "unclear" } else { "ours" };
        assert_eq!(asked(&said, ReadingWay::Outlines, &[ours], &[]), expected, "{said}");
    }
}
