//! The same search without an index: every word of every letter is looked at.

use super::super::*;
use super::people::Person;
use crate::model::{FieldKind, KyivDay};
use crate::texts;

pub(super) enum Sought {
    Word(String),
    Patronymic(String),
    Name(String),
    /// Digits within a number, or at the beginning of a word.
    Number(String),
    /// A number as printed.
    Whole(String),
    Rnokpp(String),
    /// Of receipt, of birth, or printed somewhere.
    Day(KyivDay),
    /// The beginning of a date.
    Born(String),
    Span(Option<KyivDay>, Option<KyivDay>),
    Kind(String),
    KindOrNumber(String),
    Sender(String),
    Quoted(String),
    Branch,
}

impl Sought {
    pub(super) fn word(typed: &str) -> Self {
        Self::Word(typed.to_owned())
    }
}

pub(super) struct Doc {
    id: i64,
    pub(super) person: Person,
    pub(super) received: KyivDay,
    /// Each text's words, folded and as keys.
    all: Vec<String>,
    names: Vec<String>,
    /// Texts in which a typo is forgiven.
    forgiving: Vec<String>,
    kinds: Vec<String>,
    numbers: Vec<String>,
}

fn both(text: &str) -> [String; 2] {
    [ukr::words(text).join(" "), ukr::search_key(text)]
}

impl Doc {
    pub(super) fn of(id: i64, person: &Person, filing: &Filing) -> Self {
        let reading = filing.readings[0].as_ref().unwrap();
        let of_kind = |kinds: &[FieldKind]| -> Vec<String> {
            let fields = reading.fields.iter().filter(|field| kinds.contains(&field.kind));
            fields.map(|field| field.value.clone()).collect()
        };
        let names: Vec<String> =
            [of_kind(&[FieldKind::Name]).join(" "), of_kind(&[FieldKind::NameLatin]).join(" ")]
                .iter()
                .flat_map(|text| both(text))
                .collect();
        let kinds = both(&texts::document_search_words(reading.document.as_ref().unwrap())).to_vec();
        let others = of_kind(&[FieldKind::Place, FieldKind::Sex, FieldKind::Date]);
        let branch = "centre ЦНАП centre Центр надання послуг Житомирська міська рада";
        let forgiving: Vec<String> = others
            .iter()
            .chain([&person.sender, &filing.letter.subject])
            .map(String::as_str)
            .chain(person.in_centre.then_some(branch))
            .flat_map(both)
            .chain(names.clone())
            .chain(kinds.clone())
            .collect();
        let files = filing.letter.attachments.iter().map(|file| file.file_name.clone());
        let all = files
            .chain([filing.letter.body.clone(), filing.mail.mailbox.to_string()])
            .flat_map(|text| both(&text))
            .chain([ukr::words(&reading.text).join(" ")])
            .chain(forgiving.clone())
            .collect();
        let digits = |number: &String| number.chars().filter(char::is_ascii_digit).collect();
        let numbers = [&person.number, &person.unzr, &person.request].map(digits).to_vec();
        let received = person.received;
        Self { id, person: person.clone(), received, all, names, forgiving, kinds, numbers }
    }

    fn has(&self, sought: &Sought) -> bool {
        let within = |numbers: &[String], part: &str| numbers.iter().any(|number| number.contains(part));
        match sought {
            Sought::Word(typed) | Sought::Patronymic(typed) => {
                spelled(typed).iter().any(|s| begins(&self.all, s))
            }
            Sought::Name(typed) => spelled(typed).iter().any(|s| begins(&self.names, s)),
            Sought::Number(part) => {
                within(&self.numbers, part)
                    || self.person.rnokpp.contains(part)
                    || begins(&self.all, part)
                    || self.person.born.to_string().replace('-', "").starts_with(part)
            }
            Sought::Whole(number) => {
                [&self.person.number, &self.person.unzr, &self.person.request, &self.person.rnokpp]
                    .iter()
                    .any(|own| {
                        *own == number || (!number.starts_with(char::is_alphabetic) && digits_in(own, number))
                    })
                    || spelled(number).iter().any(|s| begins(&self.all, s))
            }
            Sought::Rnokpp(part) => self.person.rnokpp.contains(part),
            Sought::Day(day) => {
                self.received == *day
                    || self.person.born == *day
                    || has(&self.all, &day.dotted().replace('.', " "), true)
            }
            Sought::Born(begun) => self.person.born.to_string().starts_with(begun),
            Sought::Span(from, until) => {
                from.is_none_or(|day| day <= self.received) && until.is_none_or(|day| self.received <= day)
            }
            Sought::Kind(typed) => spelled(typed).iter().any(|s| begins(&self.kinds, s)),
            Sought::KindOrNumber(part) => within(&self.numbers, part),
            Sought::Sender(typed) => begins(&both(&self.person.sender), &ukr::words(typed).join(" ")),
            Sought::Quoted(typed) => both(typed).iter().any(|s| has(&self.all, s, true)),
            Sought::Branch => self.person.in_centre,
        }
    }

    /// With a letter wrong, or without a patronymic where the document has none.
    fn nearly_has(&self, sought: &Sought) -> bool {
        let near = |texts: &[String], typed: &str| {
            spelled(typed).iter().any(|spelling| {
                let mut words = texts.iter().flat_map(|text| text.split(' '));
                let is_word = spelling.chars().count() >= 5 && spelling.chars().all(char::is_alphabetic);
                is_word
                    && words
                        .any(|word| word.chars().all(char::is_alphabetic) && distance(spelling, word) == 1)
            })
        };
        match sought {
            Sought::Word(typed) => near(&self.forgiving, typed),
            Sought::Patronymic(typed) => near(&self.forgiving, typed) || self.person.patronymic.is_none(),
            Sought::Name(typed) => near(&self.names, typed),
            Sought::Kind(typed) => near(&self.kinds, typed),
            Sought::Sender(typed) => near(&both(&self.person.sender), typed),
            _ => false,
        }
    }
}

fn digits_in(own: &str, number: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(own).contains(&digits(number))
}

/// Newest first; those with something forgiven after the others.
pub(super) fn search(docs: &[Doc], sought: &[Sought]) -> Vec<i64> {
    let exact = |doc: &&Doc| sought.iter().all(|one| doc.has(one));
    let near = |doc: &&Doc| sought.iter().all(|one| doc.has(one) || doc.nearly_has(one));
    let newest = || docs.iter().rev();
    newest().filter(exact).chain(newest().filter(|doc| !exact(doc)).filter(near)).map(|doc| doc.id).collect()
}

/// As typed, in Latin letters, in the other layout of the keyboard.
fn spelled(typed: &str) -> Vec<String> {
    let mut all = both(typed).to_vec();
    let has_digits = typed.chars().any(char::is_numeric);
    if let Some(other) = ukr::other_layout(typed).filter(|_| !has_digits) {
        all.extend(both(&other));
    }
    all.retain(|spelling| !spelling.is_empty());
    all
}

fn begins(texts: &[String], words: &str) -> bool {
    has(texts, words, false)
}

fn has(texts: &[String], words: &str, is_whole: bool) -> bool {
    texts.iter().any(|text| {
        let text = format!(" {text} ");
        if is_whole { text.contains(&format!(" {words} ")) } else { text.contains(&format!(" {words}")) }
    })
}

/// How many letters are too much, missing, others, or changed about: optimal string alignment.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return 2; // at least; more is not asked for
    }
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let other = usize::from(a[i - 1] != b[j - 1]);
                let mut best =
                    (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + other);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}
