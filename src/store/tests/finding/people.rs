//! Invented people and the letters that bring their documents.

use super::super::*;
use crate::model::{FieldKind, Place as At, ReadField, Reading};

/// Numbers from a seed (xorshift).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        self.0 ^= self.0 >> 29;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).unwrap() % end
    }

    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }
}

const SURNAMES: [&str; 20] = [
    "Шевченко",
    "Коваленко",
    "Мар'яненко",
    "Ґалаґан",
    "Нечуй-Левицький",
    "Згурський",
    "Юрченко",
    "Їжакевич",
    "Знамʼянська",
    "Бондаренко",
    "Щербина",
    "Ткачук",
    "Гончар",
    "О’Коннор",
    "Єфименко",
    "Ященко",
    "Лисенко",
    "Квітка-Основ'яненко",
    "Хоменко",
    "Цимбал",
];
const GIVEN: [&str; 10] =
    ["Тарас", "Леся", "Марʼяна", "Юрій", "Надія", "Ганна", "Катерина", "Іван", "Ольга", "Ґордій"];
const PATRONYMICS: [&str; 4] = ["Григорович", "Петрівна", "Андріївна", "Юрійович"];
const CITIES: [&str; 6] = ["Житомир", "Бердичів", "Запоріжжя", "Кропивницький", "Київ", "Кам'янець"];
const KINDS: [&str; 3] = ["internal-passport", "foreign-passport", "driver-license"];

#[derive(Clone)]
pub(in super::super) struct Person {
    pub(super) surname: String,
    pub(super) given: String,
    pub(super) patronymic: Option<String>,
    pub(super) city: String,
    pub(super) rnokpp: String,
    pub(super) number: String,
    pub(super) unzr: String,
    pub(super) request: String,
    pub(super) born: KyivDay,
    pub(super) issued: KyivDay,
    pub(super) received: KyivDay,
    pub(super) sender: String,
    pub(super) kind: &'static str,
    pub(super) in_centre: bool,
}

impl Person {
    pub(super) fn drawn(dice: &mut Dice) -> Self {
        let born = day("1950-01-01").plus(i32::try_from(dice.below(26_000)).unwrap());
        let kind = *dice.of(&KINDS);
        let number = match kind {
            "internal-passport" => dice.digits(9),
            "foreign-passport" => format!("FA{}", dice.digits(6)),
            _ => format!("ВХН{}", dice.digits(6)),
        };
        Self {
            surname: (*dice.of(&SURNAMES)).to_owned(),
            given: (*dice.of(&GIVEN)).to_owned(),
            patronymic: (dice.below(3) > 0).then(|| (*dice.of(&PATRONYMICS)).to_owned()),
            city: (*dice.of(&CITIES)).to_owned(),
            rnokpp: dice.digits(10),
            number,
            unzr: format!("{}-{}", born.to_string().replace('-', ""), dice.digits(5)),
            request: format!("DR-{}", dice.digits(14)),
            issued: born.plus(6000 + i32::try_from(dice.below(900)).unwrap()),
            born,
            received: day("2023-11-01").plus(i32::try_from(dice.below(900)).unwrap()),
            sender: format!("{}{}@example.com", dice.of(&["olena", "petro", "visitor"]), dice.below(50)),
            kind,
            in_centre: dice.below(2) == 0,
        }
    }

    pub(super) fn fields(&self) -> Vec<ReadField> {
        let field = |name: &str, kind, value: &str, plain: Option<String>| ReadField {
            name: name.to_owned(),
            kind,
            value: value.to_owned(),
            plain,
            way: ReadingWay::Outlines,
            place: At::default(),
            sure_percent: 100,
        };
        let latin = format!("{} {}", ukr::transliterate(&self.surname), ukr::transliterate(&self.given));
        let patronymic =
            self.patronymic.as_ref().map(|name| field("patronymic", FieldKind::Name, name, None));
        let (born, issued) = (self.born.to_string(), self.issued.to_string());
        [
            field("surname", FieldKind::Name, &self.surname, None),
            field("given-names", FieldKind::Name, &self.given, None),
            field("name-latin", FieldKind::NameLatin, &latin, None),
            field("number", FieldKind::DocumentNumber, &self.number, None),
            field("sex", FieldKind::Sex, "Ж", None),
            field("birth-date", FieldKind::BirthDate, &self.born.dotted(), Some(born)),
            field("issue-date", FieldKind::Date, &self.issued.dotted(), Some(issued)),
            field("rnokpp", FieldKind::Rnokpp, &self.rnokpp, None),
            field("unzr", FieldKind::Unzr, &self.unzr, None),
            field("address", FieldKind::Place, &format!("місто {}", self.city), None),
            field("request-id", FieldKind::RequestId, &self.request, None),
        ]
        .into_iter()
        .chain(patronymic)
        .collect()
    }

    /// Somebody with this surname, an identity card in hand.
    pub(in super::super) fn called(surname: &str) -> Self {
        let kind = "internal-passport";
        Self {
            surname: surname.to_owned(), given: "Тарас".to_owned(), kind, ..Self::drawn(&mut Dice(9))
        }
    }

    pub(in super::super) fn reading(&self) -> Reading {
        let fields = self.fields();
        let lines: Vec<String> = fields.iter().map(|field| field.value.clone()).collect();
        let labels = "Громадянство: Україна\nОрган, що видав: 1234\nЗапит на цифрові копії документів";
        Reading {
            way: ReadingWay::Outlines,
            document: Some(self.kind.parse().unwrap()),
            text: format!("{}\n{labels}", lines.join("\n")),
            fields,
            ..Reading::default()
        }
    }

    pub(super) fn filing(&self, number: u32) -> Filing {
        let mut filing = filing("centre@example.org", &number.to_be_bytes(), number);
        filing.letter.from = Some(Address { name: String::new(), address: self.sender.clone() });
        filing.mail.received_at = self.received.at_hour(12);
        filing.readings = vec![Some(self.reading())];
        filing.matched.branch = self.in_centre.then(|| "centre".parse().unwrap());
        filing
    }
}
