//! A query → for every term the ways in which it is found: which words, in which columns. Pure.

use jiff::civil::Date;

use super::search_text::{Column, NO_PATRONYMIC, light_mark, without_marks};
use crate::model::{KyivDay, Query, SearchField, Term};

/// Spellings of one word, pieces of one phrase, terms of one query that are looked at. A person types a few; the index
/// takes every one in turn.
const ALTERNATIVES_MAX: usize = 32;

/// Where a term is looked for that names no field: all but the day of receipt (`03` would be found in every March) and
/// our own signs.
const EVERYWHERE: [Column; 15] = [
    Column::Names,
    Column::Rnokpp,
    Column::Numbers,
    Column::Born,
    Column::Fields,
    Column::Documents,
    Column::Sender,
    Column::Subject,
    Column::Branch,
    Column::Service,
    Column::Token,
    Column::Mailbox,
    Column::Files,
    Column::Page,
    Column::Body,
];

/// The years in which letters are received: a server that tells none says 1970.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2099;

/// A term: any of its ways will do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Clause {
    /// As it was typed.
    pub(super) exact: Vec<Way>,
    /// What is forgiven: looked for where there are no more exact ones.
    pub(super) loose: Vec<Way>,
    /// Whether it is told where it was found.
    pub(super) is_told: bool,
}

/// Words that stand side by side in one of the columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Way {
    pub(super) columns: Vec<Column>,
    /// Folded, only letters and digits. At least one.
    pub(super) words: Vec<String>,
    pub(super) end: End,
    /// From the column's first word.
    pub(super) at_start: bool,
    /// Whether the words differ from what was typed by one letter.
    pub(super) is_typo: bool,
}

/// What the last word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// A word's beginning.
    Beginning,
    /// A whole word.
    Whole,
}

/// The ways of every term; none when a term holds no letter or digit, for then nothing can be found by it.
pub(super) fn clauses(query: &Query) -> Option<Vec<Clause>> {
    let clauses = query.terms.iter().take(ALTERNATIVES_MAX).map(|term| clause(term, &EVERYWHERE));
    let clauses: Vec<Clause> = clauses.collect();
    let all_can_be_found = !clauses.is_empty() && clauses.iter().all(|clause| !clause.exact.is_empty());
    all_can_be_found.then_some(clauses)
}

fn clause(term: &Term, columns: &[Column]) -> Clause {
    let of = |exact: Vec<Way>| Clause { exact, loose: Vec::new(), is_told: true };
    match term {
        Term::Word { spellings } => of(ways(columns, spellings, End::Beginning)),
        Term::Patronymic { spellings } => Clause {
            loose: Way::of(&[Column::Marks], &[NO_PATRONYMIC], End::Whole).into_iter().collect(),
            ..of(ways(columns, spellings, End::Beginning))
        },
        Term::Phrase { words } => of(Way::of(columns, words, End::Beginning).into_iter().collect()),
        Term::Exact { spellings } => of(ways(columns, spellings, End::Whole)),
        Term::Date { parts } => of(dates(parts)),
        Term::Born { days } => {
            let born = |day: &Vec<String>| Way::of(&[Column::Born], &[day.concat()], End::Whole);
            of(days.iter().take(ALTERNATIVES_MAX).filter_map(born).collect())
        }
        Term::Received { from, until } => Clause { is_told: false, ..of(span(*from, *until)) },
        Term::Light { light } => Clause {
            is_told: false,
            ..of(Way::of(&[Column::Marks], &[light_mark(*light)], End::Whole).into_iter().collect())
        },
        Term::In { field, term } => clause(term, columns_of(*field)),
    }
}

const fn columns_of(field: SearchField) -> &'static [Column] {
    match field {
        SearchField::Name => &[Column::Names],
        SearchField::Rnokpp => &[Column::Rnokpp],
        SearchField::Document => &[Column::Documents, Column::Numbers],
        SearchField::Born => &[Column::Born],
        SearchField::Branch => &[Column::Branch],
        SearchField::Service => &[Column::Service],
        SearchField::Sender => &[Column::Sender],
        SearchField::After | SearchField::Before => &[Column::Received],
        SearchField::Light => &[Column::Marks],
    }
}

fn ways(columns: &[Column], spellings: &[String], end: End) -> Vec<Way> {
    spellings
        .iter()
        .take(ALTERNATIVES_MAX)
        .filter_map(|spelling| Way::of(columns, &[spelling], end))
        .collect()
}

/// A date of receipt or of birth; a whole day wherever it is printed; a lone year as a part of a number too.
fn dates(parts: &[String]) -> Vec<Way> {
    let received = Way::of(&[Column::Received], parts, End::Whole).map(|way| Way { at_start: true, ..way });
    let born = Way::of(&[Column::Born], &[parts.concat()], End::Whole);
    let elsewhere = match parts {
        [year] => Way::of(&[Column::Rnokpp, Column::Numbers], &[year], End::Beginning),
        [year, month, day] => Way::of(&EVERYWHERE, &[day, month, year], End::Whole),
        _ => None,
    };
    [received, born, elsewhere].into_iter().flatten().collect()
}

/// The whole years, the whole months beside them and the single days at the ends that a span is made of.
fn span(from: Option<KyivDay>, until: Option<KyivDay>) -> Vec<Way> {
    let edge = |year, month, day| KyivDay(Date::constant(year, month, day));
    let mut at = from.unwrap_or_else(|| edge(*YEARS.start(), 1, 1)).max(edge(*YEARS.start(), 1, 1));
    let last = until.unwrap_or_else(|| edge(*YEARS.end(), 12, 31)).min(edge(*YEARS.end(), 12, 31));
    let mut words = Vec::new();
    while at <= last {
        let (year_end, month_end) = (KyivDay(at.0.last_of_year()), KyivDay(at.0.last_of_month()));
        let text = at.to_string().replace('-', "");
        let (letters, end) = if at.0.day_of_year() == 1 && year_end <= last {
            (4, year_end)
        } else if at.0.day() == 1 && month_end <= last {
            (6, month_end)
        } else {
            (8, at)
        };
        words.extend(text.get(..letters).map(str::to_owned));
        at = end.plus(1);
    }
    words.iter().filter_map(|word| Way::of(&[Column::Received], &[word], End::Whole)).collect()
}

impl Way {
    /// The letters and digits of the texts; none when there are none.
    pub(super) fn of<T: AsRef<str>>(columns: &[Column], texts: &[T], end: End) -> Option<Self> {
        let pieces = texts.iter().flat_map(|text| text.as_ref().split(|c: char| !c.is_alphanumeric()));
        let words: Vec<String> =
            pieces.filter(|piece| !piece.is_empty()).take(ALTERNATIVES_MAX).map(without_marks).collect();
        let way = Self { columns: columns.to_vec(), words, end, at_start: false, is_typo: false };
        (!way.words.is_empty() && !columns.is_empty()).then_some(way)
    }

    /// The same way with another word at `at`, that one as a whole.
    pub(super) fn with_word(&self, at: usize, word: &str) -> Self {
        let mut way = self.clone();
        if let Some(place) = way.words.get_mut(at) {
            word.clone_into(place);
        }
        if at + 1 == way.words.len() {
            way.end = End::Whole;
        }
        way
    }

    /// Its words side by side.
    pub(super) fn text(&self) -> String {
        self.words.join(" ")
    }

    /// Whether a column's words have it; `text` is its own.
    pub(super) fn is_in(&self, text: &str, words: &str) -> bool {
        words.match_indices(text).any(|(at, found)| {
            let (before, after) = (words.get(..at), words.get(at + found.len()..));
            let begins =
                before.is_some_and(|before| before.is_empty() || (!self.at_start && before.ends_with(' ')));
            let ends = self.end == End::Beginning
                || after.is_some_and(|after| after.is_empty() || after.starts_with(' '));
            begins && ends
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Way {
        fn has(&self, words: &str) -> bool {
            self.is_in(&self.text(), words)
        }
    }

    fn spelled(from: Option<&str>, until: Option<&str>) -> Vec<String> {
        let day = |text: &str| text.parse().unwrap();
        span(from.map(day), until.map(day)).into_iter().map(|way| way.words.concat()).collect()
    }

    #[test]
    fn a_span_is_made_of_days_months_and_years() {
        assert_eq!(
            spelled(Some("2024-11-29"), Some("2026-02-02")),
            ["20241129", "20241130", "202412", "2025", "202601", "20260201", "20260202"]
        );
        assert_eq!(spelled(Some("2026-01-01"), Some("2026-12-31")), ["2026"]);
        assert_eq!(spelled(Some("2026-03-15"), Some("2026-03-15")), ["20260315"]);
        assert_eq!(spelled(None, None).len(), 130);
        assert_eq!(spelled(Some("9999-12-31"), None).len(), 0);
        assert_eq!(spelled(None, Some("1969-01-01")).len(), 0);
    }

    #[test]
    fn words_are_found_side_by_side_and_the_last_may_go_on() {
        let way = |words: &[&str], end| Way::of(&[Column::Names], words, end).unwrap();
        assert!(way(&["нечуй", "лев"], End::Beginning).has("іван нечуй левицький"));
        assert!(!way(&["нечуй", "лев"], End::Whole).has("іван нечуй левицький"));
        assert!(!way(&["ечуй"], End::Beginning).has("іван нечуй"));
        assert!(way(&["ечуй"], End::Whole).has("нечуй ечуй"));
        assert!(!Way { at_start: true, ..way(&["03"], End::Whole) }.has("2026 03 15"));
    }
}
