use pages::{Line, Rect, Way, Word};

use super::super::{PageLines, photo, prefer, read};
use super::layout::{Document, OUTLINES, Row, STYLES, all};
use super::reading::{TEMPLATES, reads, values};
use crate::model::{Reading, ReadingWay};

/// The same numbers every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            things.swap(at, self.next(at + 1));
        }
    }
}

#[track_caller]
fn has_all(document: &Document, page: PageLines, what: &str) {
    let reading = reads(page, "");
    assert_eq!(reading.document.as_ref().map(|code| code.as_str()), Some(document.code), "{what}");
    let expected = document.expected();
    let expected: Vec<(&str, &str)> = expected.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(values(&reading), expected, "{what}: {}", reading.text);
}

/// Changes a letter of each label that is long enough.
fn with_labels(document: &Document, dice: &mut Dice, change: impl Fn(char, &mut Dice) -> char) -> Document {
    let mut changed = document.clone();
    for line in changed.rows.iter_mut().flat_map(|row| &mut row.label) {
        let letters: Vec<char> = line.chars().collect();
        let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_alphabetic()).collect();
        if places.len() >= 5 {
            let at = places[dice.next(places.len())];
            *line = letters
                .iter()
                .enumerate()
                .map(|(place, c)| if place == at { change(*c, dice) } else { *c })
                .collect();
        }
    }
    changed
}

#[test]
fn a_letter_of_each_label_may_be_unknown() {
    let mut dice = Dice(1);
    for document in all() {
        for _ in 0..20 {
            let noisy = with_labels(&document, &mut dice, |_, _| '□');
            has_all(&document, noisy.lay(OUTLINES), "□ in labels");
        }
    }
}

/// What OCR makes of letters: a likeness, in either script.
fn misread(c: char) -> char {
    const LIKE: [(char, char); 16] = [
        ('а', 'a'),
        ('е', 'e'),
        ('о', '0'),
        ('р', 'p'),
        ('с', 'c'),
        ('і', 'l'),
        ('и', 'й'),
        ('в', 'B'),
        ('т', 'T'),
        ('н', 'H'),
        ('з', '3'),
        ('ї', 'i'),
        ('м', 'M'),
        ('х', 'x'),
        ('у', 'y'),
        ('ш', 'щ'),
    ];
    LIKE.iter().find(|(own, _)| *own == c).map_or(c, |(_, like)| *like)
}

#[test]
fn a_letter_of_each_label_may_be_misread() {
    let mut dice = Dice(2);
    for document in all() {
        for _ in 0..20 {
            let noisy = with_labels(&document, &mut dice, |c, _| misread(c));
            has_all(&document, noisy.lay(OUTLINES), "likenesses in labels");
        }
    }
}

#[test]
fn lines_may_come_in_any_order_and_a_little_aside() {
    let mut dice = Dice(3);
    for document in all() {
        for style in STYLES {
            let mut page = document.lay(style);
            dice.shuffle(&mut page.lines);
            let mut aside = |length: &mut f32| *length += dice.next(100) as f32 / 50.0 - 1.0;
            for line in &mut page.lines {
                aside(&mut line.at.left);
                aside(&mut line.at.top);
                aside(&mut line.at.bottom);
            }
            has_all(&document, page, "shuffled and shifted");
        }
    }
}

#[test]
fn rows_may_be_missing_and_no_value_takes_their_place() {
    let mut dice = Dice(4);
    for document in all() {
        for _ in 0..20 {
            let mut fewer = document.clone();
            let opens = |row: &Row| row.is_heading || matches!(row.label[0].as_str(), "Батько:" | "Мати:");
            fewer.rows.retain(|row| opens(row) || dice.next(4) > 0);
            has_all(&fewer, fewer.lay(OUTLINES), "missing rows");
        }
    }
}

#[test]
fn rows_that_no_template_knows_change_no_value() {
    let mut dice = Dice(5);
    for document in all() {
        for _ in 0..20 {
            let mut more = document.clone();
            for (label, value) in
                [("Група крові:", "II (A)"), ("Особливі позначки", "немає"), ("□□□□ □□□:", "0")]
            {
                let row =
                    Row { label: vec![label.to_owned()], value: vec![value.to_owned()], ..Row::default() };
                more.rows.insert(dice.next(more.rows.len() + 1), row);
            }
            has_all(&document, more.lay(OUTLINES), "more rows");
        }
    }
}

#[test]
fn a_value_without_its_label_is_never_another_fields() {
    for document in all() {
        for at in 0..document.rows.len() {
            let mut torn = document.clone();
            let row = &mut torn.rows[at];
            if row.is_heading || matches!(row.label[0].as_str(), "Батько:" | "Мати:") {
                continue;
            }
            row.label = row
                .label
                .iter()
                .map(|line| line.chars().map(|c| if c == ' ' { ' ' } else { '□' }).collect())
                .collect();
            let lost: Vec<&str> = row.fields.iter().map(|(name, _)| *name).collect();
            row.fields.clear();
            let reading = reads(torn.lay(OUTLINES), "");
            let expected = torn.expected();
            for (name, value) in values(&reading) {
                let right = expected.iter().any(|(own, known)| *own == name && known == value);
                assert!(right, "{}: {name} = {value}, without the label of {lost:?}", document.code);
            }
        }
    }
}

#[test]
fn what_ocr_makes_of_a_page_is_never_a_panic_and_mostly_right() {
    let mut dice = Dice(6);
    let (mut right, mut all_fields) = (0, 0);
    for document in all() {
        for _ in 0..10 {
            let mut page = document.lay(STYLES[4]);
            for word in page.lines.iter_mut().flat_map(|line| &mut line.words) {
                if dice.next(12) == 0 {
                    let letters: Vec<char> = word.text.chars().collect();
                    let at = dice.next(letters.len());
                    word.text = letters
                        .iter()
                        .enumerate()
                        .map(|(n, c)| if n == at { misread(*c) } else { *c })
                        .collect();
                }
            }
            let reading = reads(page, &document.file_name());
            let expected = document.expected();
            let found = values(&reading);
            all_fields += expected.len();
            right += expected.iter().filter(|(name, _)| found.iter().any(|(own, _)| own == name)).count();
        }
    }
    assert!(right * 100 >= all_fields * 97, "{right} of {all_fields} fields were found");
}

#[test]
fn arbitrary_lines_are_read_without_panic_and_the_same_every_time() {
    let mut dice = Dice(7);
    let pieces = [
        "Стать:",
        "Дата",
        "народження:",
        "□",
        "",
        "Ж",
        "Ініціатор",
        "запиту:",
        "DR-1",
        "02.03.2026-12:00:05",
        "(",
        ")",
        ":",
        "\u{301}",
        "𐍈",
        "0",
        "Паспорт",
        "громадянина",
        "України",
        "4a.",
        "Surname:/Прізвище",
        "ﬀ",
        "İ",
        "РНОКПП",
        "3656801869",
    ];
    let lengths = [
        0.0,
        1.0,
        -5.0,
        58.0,
        252.0,
        400.0,
        1e9,
        -1e30,
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MIN_POSITIVE,
    ];
    for round in 0..60 {
        let length = |dice: &mut Dice| {
            if round % 2 == 0 { lengths[dice.next(lengths.len())] } else { dice.next(800) as f32 }
        };
        let count = dice.next(60);
        let mut lines = Vec::new();
        for _ in 0..count {
            let rect = |dice: &mut Dice| Rect {
                left: length(dice),
                top: length(dice),
                right: length(dice),
                bottom: length(dice),
            };
            let at = rect(&mut dice);
            let words = (0..dice.next(5)).map(|_| Word {
                text: pieces[dice.next(pieces.len())].to_owned(),
                at: rect(&mut dice),
                way: [Way::TextLayer, Way::Outlines, Way::Ocr][dice.next(3)],
                confidence: lengths[dice.next(lengths.len())],
            });
            let words = words.collect();
            let (page, size_pt) = (u32::try_from(dice.next(3)).unwrap(), lengths[dice.next(lengths.len())]);
            lines.push(Line { page, at, size_pt, words });
        }
        let page = PageLines {
            number: u32::try_from(dice.next(3)).unwrap(),
            width_pt: 595.0,
            height_pt: 842.0,
            lines,
        };
        let pages = [page.clone(), page];
        let reading = read(&pages, ReadingWay::Ocr, "internal-passport.pdf", &TEMPLATES);
        assert_eq!(reading, read(&pages, ReadingWay::Ocr, "internal-passport.pdf", &TEMPLATES));
        let known = super::super::known_words(&pages, "x-1-02.03.2026-12_00_05.pdf", &TEMPLATES);
        assert!(known.iter().all(|word| !word.text.contains('□')));
        let empty = pages::Page::default();
        assert_eq!(photo(&empty, &reading), None);
        assert_eq!(prefer(reading.clone(), Reading::default()).fields, reading.fields);
    }
}

#[test]
fn a_page_of_twenty_thousand_lines_is_text_and_ends() {
    let mut page = PageLines { number: 1, width_pt: 595.0, height_pt: 842.0, lines: vec![] };
    for number in 0..20_000 {
        let y = number as f32 / 25.0;
        page.lines.push(super::layout::line(
            58.0 + (number % 7) as f32 * 60.0,
            y,
            0.1,
            "Дата народження: Ж",
            OUTLINES,
        ));
    }
    let reading = reads(page, "");
    assert_eq!(reading.text.matches("Дата народження").count(), 20_000);
}
