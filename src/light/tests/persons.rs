//! Whose documents are: pairs of descriptions and what is to be thought of them, seen from either side.

use super::super::persons::{Agreement, of_letter, with_citizen, with_visit};
use crate::model::{
    CertificateFacts, Copy, Digest, FieldKind, Place, ReadField, Reading, ReadingWay, SignerKind, Timestamp,
    VisitFacts, VisitId, VisitStanding,
};

/// A field of a text layer.
pub(super) fn field(name: &str, kind: FieldKind, value: &str, plain: Option<&str>) -> ReadField {
    ReadField {
        name: name.to_owned(),
        kind,
        value: value.to_owned(),
        plain: plain.map(str::to_owned),
        way: ReadingWay::TextLayer,
        place: Place::default(),
        sure_percent: 100,
    }
}

pub(super) fn reading(fields: Vec<ReadField>) -> Reading {
    Reading { way: ReadingWay::TextLayer, fields, letters: 100, pages: 1, ..Reading::default() }
}

/// A document as `kind: field=value; field=value`. `~` before it: OCR read it. Days are written 17.01.1997, plain is made of
/// what can be understood.
#[derive(Clone)]
struct Told(Copy, Option<Reading>);

fn told(text: &str) -> Told {
    let (kind, fields) = text.split_once(':').unwrap();
    let (kind, ocr) = kind.strip_prefix('~').map_or((kind, false), |kind| (kind, true));
    let fields = fields.split(';').map(str::trim).filter(|field| !field.is_empty()).map(|said| {
        let (name, value) = said.split_once('=').unwrap();
        let value = value.trim();
        let mut field = field(name, kind_of(name), value, plain(name, value).as_deref());
        if ocr {
            field.way = ReadingWay::Ocr;
        }
        field
    });
    let copy = Copy {
        digest: None,
        document: (kind != "unknown").then(|| kind.parse().unwrap()),
        way: ReadingWay::TextLayer,
        file_name: String::new(),
        pdf_at: Some(0),
        p7s_at: None,
    };
    Told(copy, Some(reading(fields.collect())))
}

fn kind_of(name: &str) -> FieldKind {
    match name {
        "rnokpp" | "mother-rnokpp" | "father-rnokpp" => FieldKind::Rnokpp,
        "unzr" => FieldKind::Unzr,
        "birth-date" => FieldKind::BirthDate,
        "mother-birth-date" | "father-birth-date" => FieldKind::Date,
        "name-latin" | "surname-latin" | "given-names-latin" => FieldKind::NameLatin,
        "institution" | "brand" => FieldKind::Text,
        _ => FieldKind::Name,
    }
}

fn plain(name: &str, value: &str) -> Option<String> {
    if value.contains('□') {
        return None;
    }
    match kind_of(name) {
        FieldKind::Rnokpp | FieldKind::Unzr => Some(value.to_owned()),
        FieldKind::BirthDate | FieldKind::Date => {
            let parts: Vec<&str> = value.split('.').collect();
            let [day, month, year] = parts.as_slice() else { return None };
            Some(format!("{year}-{month}-{day}"))
        }
        _ => None,
    }
}

fn word(agreement: Option<&Agreement>) -> String {
    match agreement {
        None => "nothing".to_owned(),
        Some(Agreement::Agree) => "agree".to_owned(),
        Some(Agreement::Unclear) => "unclear".to_owned(),
        Some(Agreement::Spelling(values)) => format!("spelling {}", values.field),
        Some(Agreement::Differ(values)) => format!("differ {}", values.field),
    }
}

fn letter(documents: &[Told]) -> Option<Agreement> {
    let (copies, readings): (Vec<Copy>, Vec<Option<Reading>>) =
        documents.iter().cloned().map(|Told(copy, reading)| (copy, reading)).unzip();
    of_letter(&copies, &readings)
}

/// Every order of the documents of a letter says the same.
#[track_caller]
fn letters(cases: &[(&[&str], &str)]) {
    for (documents, expected) in cases {
        let documents: Vec<Told> = documents.iter().map(|text| told(text)).collect();
        for turn in 0..documents.len() {
            let mut turned = documents.clone();
            turned.rotate_left(turn);
            assert_eq!(word(letter(&turned).as_ref()), *expected, "{:?}, from {turn}", said(&turned));
            turned.reverse();
            assert_eq!(word(letter(&turned).as_ref()), *expected, "{:?}, back from {turn}", said(&turned));
        }
    }
}

fn said(documents: &[Told]) -> Vec<Vec<String>> {
    let fields = |Told(_, reading): &Told| {
        let fields = reading.iter().flat_map(|reading| &reading.fields);
        fields.map(|field| format!("{}={}", field.name, field.value)).collect()
    };
    documents.iter().map(fields).collect()
}

/// Two passports with these names.
#[track_caller]
fn names(cases: &[(&str, &str, &str)]) {
    for (one, other, expected) in cases {
        let pair = [format!("internal-passport: {one}"), format!("foreign-passport: {other}")];
        letters(&[(&[&pair[0], &pair[1]], expected)]);
    }
}

const NADIIA: &str = "internal-passport: surname=Зразкова; given-names=Надія; patronymic=Іванівна; \
    birth-date=13.02.2000; rnokpp=3656801869; unzr=20000213-01467";

#[test]
fn documents_of_one_person_agree_whatever_the_writing() {
    names(&[
        ("surname=Зразкова; given-names=Надія", "surname=ЗРАЗКОВА; given-names=НАДІЯ", "agree"),
        ("surname=Мар'яненко; given-names=Дар’я", "surname=Марʼяненко; given-names=Дар`я", "agree"),
        ("surname=Ґалаґан; given-names=Йосип", "surname=Галаган; given-names=И\u{306}осип", "agree"),
        // Latin lookalikes, all of them or some.
        ("surname=ХОМА; given-names=ТАМАРА", "surname=XOMA; given-names=TAMAPA", "agree"),
        ("surname=Іваненко; given-names=Ольга", "surname=Iвaнeнкo; given-names=Oльгa", "agree"),
        ("surname=Нечуй-Левицький; given-names=Іван", "surname=Нечуй Левицький; given-names=Іван", "agree"),
        // A patronymic may be missing, and stands behind the given names on some.
        (
            "surname=Зразкова; given-names=Надія; patronymic=Іванівна",
            "surname=Зразкова; given-names=Надія",
            "agree",
        ),
        (
            "surname=Зразкова; given-names=Надія; patronymic=Іванівна",
            "surname=Зразкова; given-names-and-patronymic=Надія Іванівна",
            "agree",
        ),
        (
            "surname=Зразкова; given-names=Надія",
            "surname=Зразкова; given-names-and-patronymic=Надія Іванівна",
            "agree",
        ),
        (
            "surname=Зразкова; given-names=Надія; patronymic=відсутнє",
            "surname=Зразкова; given-names=Надія; patronymic=Іванівна",
            "agree",
        ),
    ]);
}

#[test]
fn a_latin_spelling_is_agreement_and_no_variant() {
    names(&[
        ("surname=Зразкова; given-names=Надія", "name-latin=Zrazkova Nadiia", "agree"),
        ("surname=Зразкова; given-names=Надія", "name-latin=Zrazkova Nadia", "agree"),
        ("surname=Зразкова; given-names=Надія", "name-latin=NADIIA ZRAZKOVA", "agree"),
        ("surname=Згурський; given-names=Юрій", "surname-latin=Zgurskyi; given-names-latin=Yuriy", "agree"),
        ("surname=Щербань-Їжакевич; given-names=Яків", "name-latin=Scherban-Yizhakevych Iakiv", "agree"),
        ("name-latin=Zrazkova Nadiia", "name-latin=Zrazkova Nadia", "agree"),
        ("surname=SMITH; given-names=JOHN", "name-latin=Smith John", "agree"),
        ("surname=Зразкова; given-names=Надія", "name-latin=Zrazkova Olha", "differ given-names"),
        ("surname=Зразкова; given-names=Тетяна", "name-latin=Zrazkova Tatiana", "spelling given-names"),
        // Where both are written in Ukrainian, that decides.
        (
            "surname=Зразкова; given-names=Надія; name-latin=Zrazkova Nadiia",
            "surname=Зразкова; given-names=Надія; name-latin=Zrazkova Nadezhda",
            "agree",
        ),
        // A Latin name fills what is not read.
        (
            "surname=З□азкова; given-names=□□□□□; name-latin=Zrazkova Olha",
            "surname=Зразкова; given-names=Надія; name-latin=Zrazkova Nadiia",
            "differ given-names",
        ),
    ]);
}

#[test]
fn near_spellings_are_said_and_are_no_other_person() {
    names(&[
        (
            "surname=Зразкова; given-names=Наталія",
            "surname=Зразкова; given-names=Наталья",
            "spelling given-names",
        ),
        (
            "surname=Зразкова; given-names=Наталія",
            "surname=Зразкова; given-names=Наталя",
            "spelling given-names",
        ),
        ("surname=Сергієнко; given-names=Олег", "surname=Сергеенко; given-names=Олег", "spelling surname"),
        ("surname=Згурський; given-names=Олег", "surname=Згурській; given-names=Олег", "spelling surname"),
        ("surname=Лев; given-names=Олег", "surname=Лєв; given-names=Олег", "spelling surname"),
        ("surname=Зразкова; given-names=Надія", "surname=Зарзкова; given-names=Надія", "spelling surname"),
        ("surname=Зразкова; given-names=Надія", "surname=Зразков; given-names=Надія", "spelling surname"),
        ("surname=Геннадієв; given-names=Олег", "surname=Генадієв; given-names=Олег", "spelling surname"),
        (
            "surname=Нечуй-Левицька; given-names=Надія",
            "surname=Левицька; given-names=Надія",
            "spelling surname",
        ),
        ("surname=Нечуй-Левицька; given-names=Надія", "surname=Нечуй; given-names=Надія", "spelling surname"),
        (
            "surname=Зразкова; given-names=Ганна-Марія",
            "surname=Зразкова; given-names=Ганна",
            "spelling given-names",
        ),
        (
            "surname=Зразкова; given-names=Надія; patronymic=Геннадіївна",
            "surname=Зразкова; given-names=Надія; patronymic=Генадіївна",
            "spelling patronymic",
        ),
    ]);
}

#[test]
fn other_names_are_other_persons() {
    names(&[
        ("surname=Зразкова; given-names=Надія", "surname=Тестова; given-names=Надія", "differ surname"),
        ("surname=Зразкова; given-names=Надія", "surname=Зразкова; given-names=Ольга", "differ given-names"),
        ("surname=Ко; given-names=Надія", "surname=Ка; given-names=Надія", "differ surname"),
        (
            "surname=Зразкова; given-names=Надія; patronymic=Іванівна",
            "surname=Зразкова; given-names=Надія; patronymic=Петрівна",
            "differ patronymic",
        ),
        (
            "surname=Нечуй-Левицька; given-names=Надія",
            "surname=Нечуй-Вітер; given-names=Надія",
            "differ surname",
        ),
    ]);
}

#[test]
fn birth_dates_and_numbers_tell_persons_of_one_name_apart() {
    let named = "surname=Зразкова; given-names=Надія";
    for (one, other, expected) in [
        ("birth-date=13.02.2000", "birth-date=13.02.2000", "agree"),
        ("birth-date=13.02.2000", "birth-date=14.02.2000", "differ birth-date"),
        ("rnokpp=3656801869", "birth-date=13.02.2000", "agree"),
        ("rnokpp=3656801869", "birth-date=14.02.2000", "differ birth-date"),
        ("rnokpp=3656801869", "unzr=20000213-01467", "agree"),
        ("rnokpp=3656801869", "unzr=19910824-00026", "differ birth-date"),
        ("rnokpp=3656801869", "rnokpp=3656801869", "agree"),
        ("rnokpp=3656801869", "rnokpp=1759013776", "differ birth-date"),
        // Two of one day: the numbers differ alone.
        ("unzr=20000213-01467", "unzr=20000213-00024", "differ unzr"),
        // A wrong check digit proves nothing, and its date neither.
        ("rnokpp=3656801860", "rnokpp=3656801869", "spelling rnokpp"),
        ("rnokpp=1234567001", "birth-date=14.02.2000", "agree"),
        ("rnokpp=1234567001", "rnokpp=1234567001", "agree"),
        // A day that cannot be understood says nothing.
        ("birth-date=колись", "birth-date=14.02.2000", "agree"),
        ("birth-date=колись; rnokpp=3656801869", "birth-date=14.02.2000", "differ birth-date"),
    ] {
        names(&[(&format!("{named}; {one}"), &format!("{named}; {other}"), expected)]);
    }
}

#[test]
fn a_number_proves_the_person_whose_surname_changed_and_nothing_else() {
    let case = |other: &str, expected: &str| {
        letters(&[(&[NADIIA, &format!("foreign-passport: {other}")], expected)]);
    };
    case("surname=Тестова; given-names=Надія; birth-date=13.02.2000; rnokpp=3656801869", "spelling surname");
    case("surname=Тестова; given-names=Надія; unzr=20000213-01467", "spelling surname");
    case("surname=Тестова; given-names=Надія; birth-date=13.02.2000", "differ surname");
    case("surname=Тестова; given-names=Ольга; rnokpp=3656801869", "differ surname");
    case("surname=Зразкова; given-names=Ольга; rnokpp=3656801869", "differ given-names");
    case("surname=Тестова; given-names=Надія; birth-date=14.02.2000; rnokpp=3656801869", "differ surname");
    case("surname=Тестова; given-names=Надія; rnokpp=3656801869; unzr=19910824-00026", "differ surname");
    // The same number with a wrong check digit proves nothing.
    names(&[(
        "surname=Тестова; given-names=Надія; rnokpp=1234567001",
        "surname=Зразкова; given-names=Надія; rnokpp=1234567001",
        "differ surname",
    )]);
    case("rnokpp=3656801869", "agree");
}

#[test]
fn what_is_not_read_is_any_letter_and_hides_no_difference() {
    names(&[
        ("surname=З□азкова; given-names=Надія", "surname=Зразкова; given-names=Надія", "agree"),
        ("surname=□□□□□□□□; given-names=Надія", "surname=Зразкова; given-names=Надія", "agree"),
        ("surname=З□азкова; given-names=Н□дія", "surname=Зразкова; given-names=Надія", "unclear"),
        ("surname=Мар□яненко; given-names=Надія", "surname=Мар’яненко; given-names=Надія", "agree"),
        ("surname=Мар’□ненко; given-names=Надія", "surname=Мар’яненко; given-names=Надія", "agree"),
        ("surname=Т□стова; given-names=Надія", "surname=Зразкова; given-names=Надія", "differ surname"),
        ("surname=□; given-names=□", "surname=Зразкова; given-names=Надія", "differ surname"),
        (
            "surname=Зразкова; given-names=Надія; birth-date=1□.02.2000",
            "surname=Зразкова; given-names=Надія; birth-date=13.02.2000",
            "agree",
        ),
        (
            "surname=Зразкова; given-names=Надія; birth-date=1□.02.2000",
            "surname=Зразкова; given-names=Надія; birth-date=23.02.2000",
            "differ birth-date",
        ),
        (
            "surname=Зразкова; given-names=Надія; rnokpp=365680186□",
            "surname=Зразкова; given-names=Надія; rnokpp=3656801869",
            "agree",
        ),
        (
            "surname=Зразкова; given-names=Надія; rnokpp=3□56801869",
            "surname=Зразкова; given-names=Надія; rnokpp=1759013776",
            "differ rnokpp",
        ),
        (
            "surname=□□□□□□□□; given-names=□□□□□; rnokpp=3656801869",
            "surname=Зразкова; given-names=Надія; rnokpp=3656801869",
            "agree",
        ),
    ]);
}

#[test]
fn slips_of_ocr_are_never_agreement_and_never_another_person() {
    letters(&[
        (&[NADIIA, "~foreign-passport: surname=Зразкова; given-names=Надія"], "agree"),
        (&[NADIIA, "~foreign-passport: surname=3разкова; given-names=Надія"], "spelling surname"),
        (&[NADIIA, "~foreign-passport: surname=3раэкова; given-names=Надія"], "spelling surname"),
        (&[NADIIA, "foreign-passport: surname=3раэкова; given-names=Надія"], "differ surname"),
        (
            &[NADIIA, "~foreign-passport: surname=Зразкова; given-names=Надія; birth-date=18.02.2000"],
            "spelling birth-date",
        ),
        (
            &[NADIIA, "~foreign-passport: surname=Зразкова; given-names=Надія; birth-date=24.08.1991"],
            "differ birth-date",
        ),
        (
            &[NADIIA, "~foreign-passport: surname=Зразкова; given-names=Надія; rnokpp=3656801868"],
            "spelling rnokpp",
        ),
        (&[NADIIA, "~foreign-passport: surname=Тестова; given-names=Ольга"], "differ surname"),
    ]);
}

#[test]
fn a_lone_document_is_not_compared_and_one_that_names_nobody_leaves_it_open() {
    let unread = {
        let Told(copy, _) = told(NADIIA);
        Told(copy, None)
    };
    assert_eq!(letter(&[]), None);
    assert_eq!(letter(&[told(NADIIA)]), None);
    assert_eq!(letter(&[told(NADIIA), unread]), None);
    letters(&[
        (&[NADIIA, "student-id-card: institution=Коледж"], "unclear"),
        (&[NADIIA, "vehicle-license: brand=ZRAZOK"], "nothing"),
        (&[NADIIA, "unknown: institution=Коледж"], "nothing"),
        (&[NADIIA, "education-document: institution=Коледж"], "nothing"),
        (&[NADIIA, "education-document: surname=Зразкова; given-names=Надія"], "agree"),
        (&[NADIIA, "unknown: surname=Тестова; given-names=Надія"], "differ surname"),
        (&[NADIIA, "foreign-passport: surname=Зразкова"], "unclear"),
        (&[NADIIA, "foreign-passport: birth-date=13.02.2000; institution=Коледж"], "unclear"),
        // The worst pair counts.
        (
            &[
                NADIIA,
                "taxpayer-card: surname=Зразкова; given-names=Надія",
                "foreign-passport: surname=Тестова; given-names=Ольга",
                "student-id-card: institution=Коледж",
            ],
            "differ surname",
        ),
    ]);
}

const CHILD: &str = "birth-certificate: surname=Зразков; given-names=Лука; patronymic=Петрович; birth-date=01.05.2022; \
    mother=Зразкова Надія Іванівна; father=Зразков Петро Ілліч";

#[test]
fn a_childs_certificate_agrees_with_a_parents_documents() {
    let with = |other: &str, expected: &str| letters(&[(&[CHILD, other], expected)]);
    with(NADIIA, "agree");
    with("internal-passport: surname=Зразков; given-names=Петро; patronymic=Ілліч", "agree");
    with("internal-passport: surname=Зразков; given-names=Петро", "agree");
    with("internal-passport: name-latin=Zrazkov Petro", "agree");
    // The child's own passport.
    with("internal-passport: surname=Зразков; given-names=Лука; birth-date=01.05.2022", "agree");
    with(
        "internal-passport: surname=Зразкова; given-names=Надя; patronymic=Іванівна",
        "spelling given-names",
    );
    with("internal-passport: surname=Тестова; given-names=Ольга; patronymic=Юріївна", "differ mother");
    with("internal-passport: surname=Зразков; given-names=Петро; patronymic=Юрійович", "differ father");
    letters(&[
        (&[NADIIA, "birth-certificate: surname=Зразков; given-names=Лука"], "unclear"),
        (
            &[
                NADIIA,
                "birth-certificate: surname=Зразков; given-names=Лука; father=відсутній; mother=Зразкова Надія Іванівна",
            ],
            "agree",
        ),
        (&[NADIIA, &format!("{CHILD}; mother-birth-date=13.02.2000")], "agree"),
        (&[NADIIA, &format!("{CHILD}; mother-birth-date=14.02.2000")], "differ mother"),
        (&[NADIIA, &format!("{CHILD}; mother-rnokpp=3656801869")], "agree"),
        // Since the certificate was written she married.
        (
            &[
                NADIIA,
                "birth-certificate: surname=Зразков; given-names=Лука; mother=Тестова Надія Іванівна; mother-rnokpp=3656801869",
            ],
            "spelling surname",
        ),
        (
            &[NADIIA, "birth-certificate: surname=Зразков; given-names=Лука; mother=З□азкова На□ія Іванівна"],
            "unclear",
        ),
    ]);
}

#[test]
fn two_childrens_certificates_agree_by_a_parent() {
    letters(&[
        (&[CHILD, CHILD], "agree"),
        (
            &[CHILD, "birth-certificate: surname=Зразкова; given-names=Яна; mother=Зразкова Надія Іванівна"],
            "agree",
        ),
        (
            &[
                CHILD,
                "birth-certificate: surname=Тестова; given-names=Яна; father=Зразков Петро Ілліч; mother=Тестова Ольга",
            ],
            "agree",
        ),
        (
            &[CHILD, "birth-certificate: surname=Тестова; given-names=Яна; mother=Тестова Ольга Юріївна"],
            "differ mother",
        ),
        (&[CHILD, "birth-certificate: surname=Зразкова; given-names=Яна"], "unclear"),
        (&[CHILD, CHILD, NADIIA], "agree"),
    ]);
}

#[test]
fn a_displaced_persons_certificate_may_be_a_childs() {
    let of = |who: &str| format!("reference-internally-displaced-person: {who}");
    let own = of("surname=Зразкова; given-names=Надія; birth-date=13.02.2000");
    let child = of("surname=Зразков; given-names=Лука; birth-date=01.05.2022");
    let adult = of("surname=Тестова; given-names=Ольга; birth-date=01.05.1990");
    letters(&[
        (&[NADIIA, &own], "agree"),
        (&[NADIIA, &child], "unclear"),
        (&[NADIIA, &child, CHILD], "agree"),
        (&[NADIIA, &own, &child], "unclear"),
        (&[NADIIA, &own, &child, CHILD], "agree"),
        (&[NADIIA, &adult], "differ surname"),
        (&[&own, &child], "unclear"),
        (&[CHILD, &own], "agree"),
    ]);
}

#[test]
fn a_vehicles_owner_may_be_anybody() {
    letters(&[
        (&[NADIIA, "vehicle-license: owner=Зразкова Надія Іванівна"], "agree"),
        (&[NADIIA, "vehicle-license: owner=ЗРАЗКОВА НАДІЯ"], "agree"),
        (&[NADIIA, "vehicle-license: owner=Тестова Ольга Юріївна"], "unclear"),
        (&[NADIIA, "vehicle-license: owner=ТОВ «Зразок»"], "unclear"),
        (&[NADIIA, "vehicle-license: owner=Зразкова Надя Іванівна"], "spelling given-names"),
        (
            &[
                NADIIA,
                "vehicle-license: surname=Зразкова; given-names-and-patronymic=Надія Іванівна; surname-latin=Zrazkova",
            ],
            "agree",
        ),
    ]);
}

fn visit(name: &str, rnokpp: Option<&str>, documents: &[&str]) -> String {
    let visit = VisitFacts {
        visit: VisitId(1),
        name: name.to_owned(),
        rnokpp: rnokpp.map(str::to_owned),
        standing: VisitStanding::Claimed,
    };
    let (copies, readings): (Vec<Copy>, Vec<Option<Reading>>) =
        documents.iter().map(|text| told(text)).map(|Told(copy, reading)| (copy, reading)).unzip();
    word(with_visit(&visit, &copies, &readings).as_ref())
}

#[test]
fn a_clerk_may_type_a_name_as_it_comes() {
    for (name, expected) in [
        ("Зразкова", "agree"),
        ("Надія", "agree"),
        ("зразкова надія", "agree"),
        ("Надія Зразкова", "agree"),
        ("Надія Іванівна", "agree"),
        ("Надія Іванівна Зразкова", "agree"),
        ("Зразкова Надія Іванівна", "agree"),
        ("Zrazkova", "agree"),
        ("Nadia Zrazkova", "agree"),
        ("Зразкова Н. І.", "agree"),
        ("Зразкова Надя", "spelling given-names"),
        ("Заразкова Надія", "spelling surname"),
        ("Тестова", "differ surname"),
        ("Зразкова Ольга", "differ given-names"),
        ("Тестова Надія", "differ surname"),
        ("Зразкова Надія Петрівна", "differ patronymic"),
        ("Ольга Іванівна", "differ given-names"),
        ("", "nothing"),
    ] {
        assert_eq!(visit(name, None, &[NADIIA]), expected, "{name}");
    }
    let double = "internal-passport: surname=Нечуй-Левицька; given-names=Надія";
    assert_eq!(visit("Левицька", None, &[double]), "spelling surname");
    assert_eq!(visit("Нечуй-Левицька Надія", None, &[double]), "agree");
    // Who has no patronymic on the document is not told by one.
    assert_eq!(visit("Надія Іванівна", None, &[double]), "unclear");
}

#[test]
fn a_number_decides_for_a_visit() {
    for (name, rnokpp, expected) in [
        ("", "3656801869", "agree"),
        ("Зразкова", "3656801869", "agree"),
        ("Заразкова Надія", "3656801869", "agree"),
        ("Тестова Надія", "3656801869", "agree"),
        ("Тестова Ольга", "3656801869", "differ surname"),
        ("Зразкова Надія", "1759013776", "differ birth-date"),
        ("Зразкова Надія", "3656801860", "spelling rnokpp"),
    ] {
        assert_eq!(visit(name, Some(rnokpp), &[NADIIA]), expected, "{name} {rnokpp}");
    }
    // The number tells a birth date, where the document has no number.
    let bare =
        |born: &str| format!("internal-passport: surname=Зразкова; given-names=Надія; birth-date={born}");
    assert_eq!(visit("Зразкова", Some("3656801869"), &[&bare("13.02.2000")]), "agree");
    assert_eq!(visit("Зразкова", Some("3656801869"), &[&bare("14.02.2000")]), "differ birth-date");
    assert_eq!(visit("", Some("3656801869"), &[&bare("13.02.2000")]), "unclear");
}

#[test]
fn a_visit_asks_the_senders_own_documents_first() {
    let car = "vehicle-license: owner=Тестова Ольга Юріївна";
    assert_eq!(visit("Зразкова", None, &[car, NADIIA]), "agree");
    assert_eq!(visit("Зразкова", None, &[car]), "unclear");
    assert_eq!(visit("Тестова Ольга", None, &[car]), "agree");
    assert_eq!(visit("Тестова Ольга", None, &[car, NADIIA]), "differ surname");
    assert_eq!(visit("Зразкова Надія", None, &[CHILD]), "agree");
    assert_eq!(visit("Зразков Лука", None, &[CHILD]), "agree");
    assert_eq!(visit("Тестова Ольга", None, &[CHILD]), "differ mother");
    assert_eq!(visit("Зразкова", None, &["student-id-card: institution=Коледж"]), "unclear");
    assert_eq!(visit("Зразкова", None, &[]), "nothing");
    // Somebody else's number among them is not made good by the right one.
    let other = "taxpayer-card: surname=Зразкова; given-names=Надія; rnokpp=1759013776";
    assert_eq!(visit("Зразкова", Some("3656801869"), &[NADIIA, other]), "differ birth-date");
}

fn citizen(subject: &str, rnokpp: Option<&str>, document: &str) -> String {
    let certificate = CertificateFacts {
        subject: subject.to_owned(),
        organisation: None,
        edrpou: None,
        rnokpp: rnokpp.map(str::to_owned),
        kind: SignerKind::Person,
        qualified: true,
        issuer: "КНЕДП".to_owned(),
        serial: "01".to_owned(),
        fingerprint: Digest::of(b"certificate"),
        not_before: Timestamp::UNIX_EPOCH,
        not_after: Timestamp::UNIX_EPOCH,
    };
    let Told(copy, reading) = told(document);
    word(with_citizen(&certificate, &copy, reading.as_ref()).as_ref())
}

#[test]
fn a_citizens_signature_is_the_holders_or_a_parents() {
    for (subject, rnokpp, document, expected) in [
        ("ЗРАЗКОВА НАДІЯ ІВАНІВНА", Some("3656801869"), NADIIA, "agree"),
        ("Зразкова Надія Іванівна", None, NADIIA, "agree"),
        ("Зразкова Н.І.", None, NADIIA, "agree"),
        ("Тестова Надія Іванівна", Some("3656801869"), NADIIA, "spelling surname"),
        ("Тестова Надія Іванівна", None, NADIIA, "differ surname"),
        ("Зразкова Надія Іванівна", Some("1759013776"), NADIIA, "differ birth-date"),
        ("Зразкова Надія Іванівна", None, CHILD, "agree"),
        ("Тестова Ольга Юріївна", None, CHILD, "differ mother"),
        ("Тестова Ольга Юріївна", None, "vehicle-license: owner=Зразкова Надія", "unclear"),
        ("Зразкова Надія Іванівна", None, "student-id-card: institution=Коледж", "nothing"),
    ] {
        assert_eq!(citizen(subject, rnokpp, document), expected, "{subject} {document}");
    }
}

/// Of every pair of these descriptions each says of the other what the other says of it.
#[test]
fn agreement_is_the_same_from_either_side() {
    let surnames = ["Зразкова", "Зразков", "З□азкова", "Zrazkova", "Тестова", "Зразкова-Тестова"];
    let given = ["Надія", "Nadia", "Ольга", "Н."];
    let beside = ["", "rnokpp=3656801869", "rnokpp=1759013776; patronymic=Іванівна"];
    let mut all = Vec::new();
    for surname in surnames {
        for given in given {
            let names = format!("surname={surname}; given-names={given}");
            all.push(told(&format!("~internal-passport: {names}")));
            all.extend(beside.iter().map(|beside| told(&format!("internal-passport: {names}; {beside}"))));
        }
    }
    for (at, one) in all.iter().enumerate() {
        assert!(matches!(letter(&[one.clone(), one.clone()]), Some(Agreement::Agree | Agreement::Unclear)));
        for other in all.iter().skip(at) {
            let forth = letter(&[one.clone(), other.clone()]);
            let back = letter(&[other.clone(), one.clone()]);
            assert_eq!(
                word(forth.as_ref()),
                word(back.as_ref()),
                "{:?}",
                said(&[one.clone(), other.clone()])
            );
        }
    }
}

/// A further document never makes a letter better.
#[test]
fn another_document_never_makes_a_letter_better() {
    let rank = |agreement: Option<Agreement>| match agreement {
        None | Some(Agreement::Agree) => 0,
        Some(Agreement::Unclear) => 1,
        Some(Agreement::Spelling(_)) => 2,
        Some(Agreement::Differ(_)) => 3,
    };
    let all: Vec<Told> = [
        NADIIA,
        "taxpayer-card: surname=Зразкова; given-names=Надія; rnokpp=3656801869",
        "foreign-passport: surname=Зразкова; given-names=Надя",
        "student-id-card: institution=Коледж",
        "driver-license: surname=Тестова; given-names=Ольга",
        "internal-passport: surname=З□азкова; given-names=□□□□□",
    ]
    .iter()
    .map(|text| told(text))
    .collect();
    for chosen in 0_usize..1 << all.len() {
        let of = |chosen: usize| -> Vec<Told> {
            all.iter()
                .enumerate()
                .filter(|(at, _)| chosen >> at & 1 == 1)
                .map(|(_, told)| told.clone())
                .collect()
        };
        for added in 0..all.len() {
            let more = chosen | 1 << added;
            assert!(rank(letter(&of(more))) >= rank(letter(&of(chosen))), "{:?}", said(&of(more)));
        }
    }
}
