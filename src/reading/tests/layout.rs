//! Documents of a fictional person, laid out as official copies are.

use pages::{Line, Rect, Way, Word};

use super::super::PageLines;

/// A row of a table: its label's lines, its value's lines, and what should be read of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) code: Option<&'static str>,
    pub(super) label: Vec<String>,
    pub(super) value: Vec<String>,
    pub(super) fields: Vec<(&'static str, String)>,
    /// A gap and larger letters: a heading without a value.
    pub(super) is_heading: bool,
}

/// Fields and their values.
type Fields = Vec<(&'static str, String)>;
/// Large lines: size, text, and the fields that they are.
type Block = Vec<(f32, String, Fields)>;
/// One of them, as a constant.
type Large = (f32, &'static str, &'static [(&'static str, &'static str)]);

/// A document before it is laid out.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) code: &'static str,
    pub(super) title: Vec<String>,
    /// Large lines under the title: size, text, and the field that it is, or fields of its words.
    pub(super) block: Block,
    pub(super) is_english: bool,
    pub(super) rows: Vec<Row>,
}

/// How a page is drawn, and read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Boxes are those of fonts, as a text layer says them; else of the letters, as outlines have them.
    pub(super) font_boxes: bool,
    /// The size is only the height of the letters.
    pub(super) low_sizes: bool,
    /// Labels and values come as one line, as OCR joins them.
    pub(super) joined: bool,
    /// Where the values' column begins.
    pub(super) values: f32,
    pub(super) way: Way,
}

pub(super) const OUTLINES: Style =
    Style { font_boxes: false, low_sizes: false, joined: false, values: 252.0, way: Way::Outlines };
pub(super) const STYLES: [Style; 5] = [
    OUTLINES,
    Style { low_sizes: true, ..OUTLINES },
    Style { font_boxes: true, way: Way::TextLayer, ..OUTLINES },
    Style { values: 330.0, way: Way::TextLayer, font_boxes: true, ..OUTLINES },
    Style { joined: true, way: Way::Ocr, ..OUTLINES },
];

pub(super) const TIME: &str = "02.03.2026-12:00:05";
pub(super) const REQUEST: &str = "DR-20260302000001";
pub(super) const INITIATOR: &str = "ЦНАП Прикладської міської ради";

impl Document {
    /// A name as the service gives it.
    pub(super) fn file_name(&self) -> String {
        format!("{}-2858364170864-02.03.2026-12_00_05.pdf", self.code)
    }

    /// Everything that should be read: names and values.
    pub(super) fn expected(&self) -> Vec<(&'static str, String)> {
        let block = self.block.iter().flat_map(|(_, _, fields)| fields.clone());
        let request = [("request-time", TIME), ("request-initiator", INITIATOR), ("request-id", REQUEST)];
        let request = request.map(|(name, value)| (name, value.to_owned()));
        let rows = self.rows.iter().flat_map(|row| row.fields.clone());
        let mut expected: Vec<(&'static str, String)> = block.chain(request).chain(rows).collect();
        // What stands in two places is one field.
        let mut seen = std::collections::BTreeSet::new();
        expected.retain(|(name, _)| seen.insert(*name));
        expected.sort();
        expected
    }

    pub(super) fn lay(&self, style: Style) -> PageLines {
        let mut page = PageLines { number: 1, width_pt: 595.0, height_pt: 842.0, lines: vec![] };
        let mut draw = |left: f32, baseline: f32, size: f32, text: &str| {
            page.lines.push(line(left, baseline, size, text, style));
        };
        for (text, y) in self.title.iter().zip([51.0, 73.0, 95.0]) {
            draw(184.0, y, 18.0, text);
        }
        let mut y = 135.0;
        for (size, text, _) in &self.block {
            y += size * 1.1 + if *size == 24.0 { 0.0 } else { 14.0 };
            draw(58.0, y, *size, text);
        }
        y += 50.0;
        let request = if self.is_english {
            ["The digital document copy requested on", "Request initiator:", "Request ID:"]
        } else {
            ["Запит на цифрові копії документів від", "Ініціатор запиту:", "Ідентифікатор запиту:"]
        };
        for (label, value) in request.iter().zip([TIME, INITIATOR, REQUEST]) {
            draw(58.0, y, 10.0, &format!("{label} {value}"));
            y += 16.0;
        }
        y += 13.0;
        for row in &self.rows {
            y = draw_row(row, y, style, &mut draw);
        }
        page.height_pt = page.height_pt.max(y + 40.0);
        page
    }
}

/// Draws a row; gives where the next one begins.
fn draw_row(row: &Row, y: f32, style: Style, draw: &mut impl FnMut(f32, f32, f32, &str)) -> f32 {
    if row.is_heading {
        draw(58.0, y + 16.0, 18.0, &row.label.join(" "));
        return y + 50.0;
    }
    let left = if row.code.is_some() { 90.0 } else { 58.0 };
    if style.joined {
        let first = [
            row.code.unwrap_or_default(),
            &row.label.join("/"),
            row.value.first().map_or("", String::as_str),
        ];
        let first: Vec<&str> = first.into_iter().filter(|part| !part.is_empty()).collect();
        draw(58.0, y, 10.0, &first.join(" "));
        // Wrapped lines of a value stand under its first word.
        let before: usize = first[..first.len() - 1].iter().map(|part| part.chars().count() + 1).sum();
        for (number, text) in row.value.iter().enumerate().skip(1) {
            draw(58.0 + width(before, 10.0), y + 12.0 * number as f32, 10.0, text);
        }
        return y + 12.0 * row.value.len().max(1) as f32 + 6.0;
    }
    if let Some(code) = row.code {
        draw(58.0, y, 10.0, code);
    }
    for (number, text) in row.label.iter().enumerate() {
        draw(left, y + 12.0 * number as f32, 10.0, text);
    }
    for (number, text) in row.value.iter().enumerate() {
        draw(style.values, y + 12.0 * number as f32, 10.0, text);
    }
    y + 12.0 * row.value.len().max(row.label.len()) as f32 + 6.0
}

fn width(letters: usize, size: f32) -> f32 {
    letters as f32 * size * 0.55
}

/// A line of words whose letters are 0.55 of the size wide.
pub(super) fn line(left: f32, baseline: f32, size: f32, text: &str, style: Style) -> Line {
    let (top, bottom) = if style.font_boxes {
        (baseline - size * 0.95, baseline + size * 0.25)
    } else {
        let descends = text.chars().any(|c| "руцщф,".contains(c));
        (baseline - size * 0.7, baseline + if descends { size * 0.2 } else { 0.0 })
    };
    let mut words = Vec::new();
    let mut before = 0;
    for word in text.split(' ') {
        let letters = word.chars().count();
        let start = left + width(before, size);
        let at = Rect { left: start, top, right: start + width(letters, size), bottom };
        let confidence = if style.way == Way::Ocr { 0.91 } else { 1.0 };
        words.push(Word { text: word.to_owned(), at, way: style.way, confidence });
        before += letters + 1;
    }
    let right = words.last().unwrap().at.right;
    let size_pt = if style.low_sizes { size * 0.7 } else { size };
    Line { page: 1, at: Rect { left, top, right, bottom }, size_pt, words }
}

fn row(label: &str, name: &'static str, value: &[&str]) -> Row {
    Row {
        label: vec![label.to_owned()],
        value: value.iter().map(|line| (*line).to_owned()).collect(),
        fields: vec![(name, value.join(" "))],
        ..Row::default()
    }
}

/// A row of three columns, English above Ukrainian.
fn coded(code: &'static str, label: [&str; 2], value: &[&str], fields: &[(&'static str, &str)]) -> Row {
    Row {
        code: Some(code),
        label: label.iter().map(|line| (*line).to_owned()).collect(),
        value: value.iter().map(|line| (*line).to_owned()).collect(),
        fields: fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        ..Row::default()
    }
}

fn heading(text: &str) -> Row {
    Row { label: vec![text.to_owned()], is_heading: true, ..Row::default() }
}

fn block(lines: &[Large]) -> Block {
    let fields = |fields: &[(&'static str, &str)]| {
        fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    lines.iter().map(|(size, text, own)| (*size, (*text).to_owned(), fields(own))).collect()
}

const NAMES: [Large; 3] = [
    (24.0, "Неіснуюча-Зразкова", &[("surname", "Неіснуюча-Зразкова")]),
    (24.0, "Марʼяна", &[("given-names", "Марʼяна")]),
    (24.0, "Ігорівна", &[("patronymic", "Ігорівна")]),
];

const LATIN: Large =
    (18.0, "Neisnuiucha-Zrazkova Mariana", &[("name-latin", "Neisnuiucha-Zrazkova Mariana")]);

fn number(text: &'static str) -> Large {
    let fields: &'static [(&'static str, &'static str)] = Box::leak(Box::new([("number", text)]));
    (40.0, text, fields)
}

fn titled(code: &'static str, title: &[&str], block: Block, is_english: bool, rows: Vec<Row>) -> Document {
    let title = title.iter().map(|line| (*line).to_owned()).collect();
    Document { code, title, block, is_english, rows }
}

const REMARK: [&str; 2] =
    ["3656801869 (Верифіковано у реєстрі Державної", "податкової служби за запитом від 02.03.2026.)"];

pub(super) fn internal_passport() -> Document {
    let lines = [NAMES.as_slice(), &[LATIN, number("001464738")]].concat();
    let rows = vec![
        row("Стать:", "sex", &["Ж"]),
        row("Дата народження:", "birth-date", &["13.02.2000"]),
        row("Громадянство:", "citizenship", &["Україна"]),
        row("Орган, що видав:", "authority", &["9999"]),
        row("Дата видачі:", "issue-date", &["14.06.2021"]),
        row("Дійсний до:", "valid-until", &["14.06.2031"]),
        row("РНОКПП (ІПН):", "rnokpp", &REMARK),
        row("Запис № (УНЗР):", "unzr", &["20000213-01467"]),
        row("Місце народження:", "birth-place", &["СМТ. ЗРАЗКОВЕ ТЕСТОВИЙ РАЙОН", "ТЕСТОВА ОБЛАСТЬ УКРАЇНА"]),
        row(
            "Місце реєстрації проживання:",
            "residence",
            &["УКРАЇНА СМТ. ЗРАЗКОВЕ ТЕСТОВИЙ РАЙОН", "ТЕСТОВА ОБЛАСТЬ ВУЛ. ВИГАДАНА БУД.", "4"],
        ),
        Row { label: vec!["Підпис:".to_owned()], ..Row::default() },
    ];
    titled("internal-passport", &["Паспорт громадянина", "України □□"], block(&lines), false, rows)
}

/// The Latin names on two large lines, the Ukrainian ones on one below them.
fn latin_first(number: Large) -> Block {
    block(&[
        (24.0, "Neisnuiucha-Zrazkova", &[("name-latin", "Neisnuiucha-Zrazkova Mariana")]),
        (24.0, "Mariana", &[]),
        (
            18.0,
            "Неіснуюча-Зразкова Марʼяна Ігорівна",
            &[("surname", "Неіснуюча-Зразкова"), ("given-names", "Марʼяна"), ("patronymic", "Ігорівна")],
        ),
        number,
    ])
}

fn foreign_passport() -> Document {
    let both = |label: [&str; 2], value: &[&str], name: &'static str| Row {
        code: None,
        ..coded("", label, value, &[(name, &value.join(" "))])
    };
    let rows = vec![
        both(["Sex:", "Стать"], &["F", "Ж"], "sex"),
        both(["Date of birth:", "Дата народження"], &["13.02.2000"], "birth-date"),
        both(["Nationality:", "Громадянство"], &["Ukraine", "Україна"], "citizenship"),
        both(["Authority:", "Орган, що видав"], &["9999"], "authority"),
        both(["Date of issue:", "Дата видачі"], &["14.06.2021"], "issue-date"),
        both(["Date of expiry:", "Дійсний до"], &["14.06.2031"], "valid-until"),
        both(["Record No.:", "Запис № (УНЗР)"], &["20000213-01467"], "unzr"),
        both(["Type:", "Тип"], &["P"], "type"),
        both(["Country code:", "Код держави"], &["UKR"], "country-code"),
        both(["Place of birth:", "Місце народження"], &["TESTOVA REGION • ТЕСТОВА ОБЛ."], "birth-place"),
        both(
            ["Legal address:", "Місце реєстрації проживання"],
            &["УКРАЇНА М. ЗРАЗКІВ", "БУД. 11 КВ. 69"],
            "residence",
        ),
        Row { label: vec!["Підпис:".to_owned()], ..Row::default() },
    ];
    let title = ["International Passport", "Закордонний паспорт"];
    titled("foreign-passport", &title, latin_first(number("XX449752")), true, rows)
}

fn taxpayer_card() -> Document {
    let number: Large = (38.0, "3656801869", &[("rnokpp", "3656801869")]);
    let remark: Large = (10.0, "Верифіковано у реєстрі Державної податкової служби", &[]);
    let lines = [&[number, remark], NAMES.as_slice()].concat();
    let rows = vec![row("Дата народження:", "birth-date", &["13.02.2000"])];
    let title = ["Реєстраційний номер облікової", "картки платника податків"];
    titled("taxpayer-card", &title, block(&lines), false, rows)
}

fn birth_certificate() -> Document {
    let rows = vec![
        row("Стать:", "sex", &["Жіноча"]),
        row("Дата народження:", "birth-date", &["13.02.2000"]),
        row("Місце народження:", "birth-place", &["Україна, Тестова область, місто Зразків"]),
        heading("Інформація про батьків"),
        row("Батько:", "father", &["Неіснуючий Іван Тестович"]),
        row("Громадянство:", "father-citizenship", &["Україна"]),
        row("Дата народження:", "father-birth-date", &["01.02.1970"]),
        row("Мати:", "mother", &["Неіснуюча Ганна Тестівна"]),
        row("Громадянство:", "mother-citizenship", &["Україна"]),
        row("Дата народження:", "mother-birth-date", &["03.04.1972"]),
        heading("Актовий запис"),
        row("Номер запису:", "record-number", &["1234"]),
        Row {
            label: vec![
                "Орган державної реєстрації".to_owned(),
                "актів цивільного стану, що".to_owned(),
                "видав свідоцтво:".to_owned(),
            ],
            ..row("", "authority", &["Вигаданий відділ державної реєстрації", "актів цивільного стану"])
        },
        row("Дата складання:", "record-date", &["20.02.2000"]),
        heading("Видані свідоцтва"),
        row("Номер свідоцтва:", "number", &["І-ТЕ № 123456"]),
        row("Дата видачі:", "issue-date", &["21.02.2000"]),
    ];
    let title = ["Відомості актового запису", "про народження"];
    titled("birth-certificate", &title, block(&NAMES), false, rows)
}

fn displaced_person() -> Document {
    let lines = [NAMES.as_slice(), &[number("1234-5000123456")]].concat();
    let rows = vec![
        row("Дата видачі:", "issue-date", &["01.03.2022"]),
        row("Дата народження:", "birth-date", &["13.02.2000"]),
        row("Стать:", "sex", &["Жіноча"]),
        heading("Документ, що посвідчує особу"),
        row("Серія та номер:", "identity-number", &["001464738"]),
        row("Дата видачі:", "identity-issue-date", &["14.06.2021"]),
        row("Ким і коли виданий:", "identity-authority", &["9999"]),
        heading("Проживання"),
        row("Місце народження:", "birth-place", &["м. Зразків"]),
        row("Місце реєстрації проживання:", "residence", &["Україна, м. Зразків, вул. Вигадана,", "буд. 4"]),
        Row {
            label: vec!["Фактичне місце".to_owned(), "проживання/перебування:".to_owned()],
            ..row("", "actual-residence", &["Україна, м. Прикладськ"])
        },
    ];
    let title = ["Довідка про взяття на облік", "внутрішньо переміщеної особи"];
    titled("reference-internally-displaced-person", &title, block(&lines), false, rows)
}

fn driver_license() -> Document {
    let latin = "Neisnuiucha-Zrazkova";
    let rows = vec![
        coded("1.", ["Surname:", "Прізвище"], &[latin, "Неіснуюча-Зразкова"], &[("surname-latin", latin)]),
        coded(
            "2.",
            ["Given name(s):", "Ім’я та по батькові"],
            &["Mariana", "Марʼяна Ігорівна"],
            &[("given-names-latin", "Mariana"), ("given-names-and-patronymic", "Марʼяна Ігорівна")],
        ),
        coded(
            "3.",
            ["Date and place of birth:", "Дата та місце народження"],
            &["13.02.2000", "ТЕСТОВА ОБЛ."],
            &[("birth-date", "13.02.2000"), ("birth-place", "ТЕСТОВА ОБЛ.")],
        ),
        coded("4а.", ["Date of issue:", "Дата видачі"], &["14.06.2021"], &[("issue-date", "14.06.2021")]),
        coded("4b.", ["Expiry date:", "Дійсний до"], &["14.06.2051"], &[("valid-until", "14.06.2051")]),
        coded("4с.", ["Issuing authority:", "Орган, що видав"], &["ТСЦ 9999"], &[("authority", "ТСЦ 9999")]),
        coded("4d.", ["Record number:", "УНЗР"], &["20000213-01467"], &[("unzr", "20000213-01467")]),
        coded("5.", ["Licence number:", "Номер документа"], &["ТЕС578221"], &[("number", "ТЕС578221")]),
        coded("9.", ["Category:", "Категорія"], &["A, B, C1"], &[("categories", "A, B, C1")]),
        coded(
            "10.",
            ["Category issuing date:", "Дата відкриття категорії"],
            &["A / 14.06.2021;", "B / 15.06.2021"],
            &[("categories-since", "A / 14.06.2021; B / 15.06.2021")],
        ),
    ];
    let title = ["Driving Licence", "Посвідчення водія", "Ukraine • Україна"];
    titled("driver-license", &title, latin_first(number("ТЕС578221")), true, rows)
}

fn vehicle_license() -> Document {
    let plate: Large = (40.0, "ТЕ1234СТ", &[("plate", "ТЕ1234СТ")]);
    let one = |code, label, value: &str, name| coded(code, label, &[value], &[(name, value)]);
    let rows = vec![
        one("A", ["Registration number:", "Реєстраційний номер"], "ТЕ1234СТ", "plate"),
        one(
            "B",
            ["Date of first registration:", "Дата першої реєстрації"],
            "01.02.2015",
            "first-registration-date",
        ),
        one("B.2", ["Year of manufacture:", "Рік випуску"], "2014", "make-year"),
        one("I", ["Date of registration:", "Дата реєстрації"], "03.04.2018", "registration-date"),
        Row {
            code: None, ..one("", ["Document number:", "Номер документа"], "ТЕС 123456", "number")
        },
        heading("Ownership"),
        one("C.1.3", ["Address:", "Адреса"], "М. ЗРАЗКІВ ВУЛ. ВИГАДАНА БУД. 4", "residence"),
        heading("Vehicle"),
        one("D.1", ["Make:", "Марка"], "TESTMOBIL", "brand"),
        one("D.3", ["Model:", "Модель"], "EXAMPLE 3", "model"),
        one("E", ["VIN code:", "VIN-код"], "TST1234567890EXAM", "vin"),
        one("F.1", ["Total weight:", "Повна маса"], "1900", "total-weight"),
        one("G", ["Own weight:", "Маса без навантаження"], "1400", "own-weight"),
        one("P.3", ["Type of fuel:", "Тип пального"], "БЕНЗИН", "fuel"),
        one("R", ["Colour:", "Колір"], "СІРИЙ", "color"),
    ];
    let title = ["Vehicle Registration Certificate", "Свідоцтво про реєстрацію", "транспортного засобу"];
    titled("vehicle-license", &title, latin_first(plate), true, rows)
}

fn student_id_card() -> Document {
    let lines = [NAMES.as_slice(), &[number("ТЕ12345678")]].concat();
    let rows = vec![
        row("Навчальний заклад:", "institution", &["Вигаданий кооперативний фаховий", "коледж"]),
        row("Факультет:", "faculty", &["Прикладної математики"]),
        row("Виданий:", "issue-date", &["01.09.2023"]),
        row("Дійсний до:", "valid-until", &["30.06.2027"]),
        row("Форма навчання:", "form-of-study", &["Денна"]),
    ];
    titled("student-id-card", &["Студентський", "квиток"], block(&lines), false, rows)
}

/// One of each kind of the service.
pub(super) fn all() -> Vec<Document> {
    vec![
        internal_passport(),
        foreign_passport(),
        taxpayer_card(),
        birth_certificate(),
        displaced_person(),
        driver_license(),
        vehicle_license(),
        student_id_card(),
    ]
}
