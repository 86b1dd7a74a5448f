//! Typed words → the date that they begin with: of receipt or of birth.

/// Before this year there was no Дія, so that no letter with a copy can have been received: a lone number below it is
/// looked for as a number.
const LONE_YEAR_MIN: u16 = 2020;
/// The oldest year that a date may have: of the birth of the oldest people.
const YEAR_MIN: u16 = 1900;
const YEAR_MAX: u16 = 2099;

/// Years of two digits up to this one are of this century: 60 is as far ahead as it is behind.
const SHORT_YEAR_MAX: u16 = 60;

/// Names of the months as they stand in dates: Ukrainian in three cases, English in full and short.
const MONTHS: [&[&str]; 12] = [
    &["січень", "січня", "січні", "january", "jan"],
    &["лютий", "лютого", "лютому", "february", "feb"],
    &["березень", "березня", "березні", "march", "mar"],
    &["квітень", "квітня", "квітні", "april", "apr"],
    &["травень", "травня", "травні", "may"],
    &["червень", "червня", "червні", "june", "jun"],
    &["липень", "липня", "липні", "july", "jul"],
    &["серпень", "серпня", "серпні", "august", "aug"],
    &["вересень", "вересня", "вересні", "september", "sep"],
    &["жовтень", "жовтня", "жовтні", "october", "oct"],
    &["листопад", "листопада", "листопаді", "november", "nov"],
    &["грудень", "грудня", "грудні", "december", "dec"],
];

/// The date that the chunks begin with, year first, and the chunks behind it. A lone year only where it can be one of
/// receipt, or where `is_asked_for`.
///
/// `15.03.2026`, `2026-03-15`, `03.2026`, `2026-03`, `2026`, `15 березня 2026`, `березень 2026 р.`
pub(super) fn leading(is_asked_for: bool, chunks: &[String]) -> Option<(Vec<String>, &[String])> {
    let (parts, rest) = any_leading(chunks)?;
    let is_lone = parts.len() == 1 && !is_asked_for;
    let is_receipt = |year: &String| year.parse().is_ok_and(|year: u16| year >= LONE_YEAR_MIN);
    (!is_lone || parts.iter().all(is_receipt)).then_some((parts, rest))
}

/// The readings of a date of birth that the chunks begin with: a year of two digits may be of either century.
pub(super) fn of_birth(chunks: &[String]) -> Option<(Vec<Vec<String>>, &[String])> {
    let (parts, rest) = any_leading(chunks)?;
    let mut days = vec![parts];
    if let Some([day, month, year]) = chunks.first().and_then(|first| short_year(first)) {
        let other = |century: u16| day_of(Some(century + u16::from(year)), Some(month), Some(day));
        days.extend([1900, 2000].into_iter().filter_map(other));
        days.sort();
        days.dedup();
    }
    Some((days, rest))
}

/// Day, month and the two digits of a year.
fn short_year(chunk: &str) -> Option<[u8; 3]> {
    let groups: Vec<&str> = trimmed(chunk).split(['.', '-', '/', '–']).collect();
    match groups.as_slice() {
        [day, month, year] if year.len() == 2 => Some([small(day)?, small(month)?, small(year)?]),
        _ => None,
    }
}

fn any_leading(chunks: &[String]) -> Option<(Vec<String>, &[String])> {
    if let [day, month, year, rest @ ..] = chunks
        && let Some(month) = month_named(month)
        && let Some(found) = day_of(year_of(year), Some(month), small(day))
    {
        return Some((found, without_word_year(rest)));
    }
    if let [month, year, rest @ ..] = chunks
        && let Some(month) = month_named(month)
        && let Some(found) = month_of(year_of(year), Some(month))
    {
        return Some((found, without_word_year(rest)));
    }
    let (first, rest) = chunks.split_first()?;
    Some((in_digits(first)?, without_word_year(rest)))
}

/// A date in one chunk.
fn in_digits(chunk: &str) -> Option<Vec<String>> {
    let groups: Vec<&str> = trimmed(chunk).split(['.', '-', '/', '–']).collect();
    match groups.as_slice() {
        [year] => Some(vec![year_of(year)?.to_string()]),
        [year, month] if year.len() == 4 => month_of(year_of(year), small(month)),
        [month, year] => month_of(year_of(year), small(month)),
        [year, month, day] if year.len() == 4 => day_of(year_of(year), small(month), small(day)),
        [day, month, year] => {
            let short = (year.len() == 2).then(|| small(year)).flatten().map(u16::from);
            let century = |short| if short <= SHORT_YEAR_MAX { 2000 + short } else { 1900 + short };
            let year = short.map_or_else(|| year_of(year), |short| Some(century(short)));
            day_of(year, small(month), small(day))
        }
        _ => None,
    }
}

fn month_of(year: Option<u16>, month: Option<u8>) -> Option<Vec<String>> {
    let (year, month) = (year?, month?);
    (1..=12).contains(&month).then(|| vec![year.to_string(), format!("{month:02}")])
}

/// Only a day that the calendar has.
fn day_of(year: Option<u16>, month: Option<u8>, day: Option<u8>) -> Option<Vec<String>> {
    let day = day?;
    let mut parts = month_of(year, month)?;
    let whole = |part: u8| i8::try_from(part).ok();
    jiff::civil::Date::new(i16::try_from(year?).ok()?, whole(month?)?, whole(day)?).ok()?;
    parts.push(format!("{day:02}"));
    Some(parts)
}

fn month_named(chunk: &str) -> Option<u8> {
    let folded = ukr::fold(trimmed(chunk));
    let at = MONTHS.iter().position(|names| names.contains(&folded.as_str()))?;
    u8::try_from(at + 1).ok()
}

fn year_of(chunk: &str) -> Option<u16> {
    let digits = trimmed(chunk);
    let year = (digits.len() == 4 && digits.bytes().all(|c| c.is_ascii_digit())).then_some(digits)?;
    year.parse().ok().filter(|year| (YEAR_MIN..=YEAR_MAX).contains(year))
}

/// One or two digits.
fn small(group: &str) -> Option<u8> {
    let is_small = (1..=2).contains(&group.len()) && group.bytes().all(|c| c.is_ascii_digit());
    is_small.then(|| group.parse().ok()).flatten()
}

/// Without punctuation around it, and without the `р.` (року) that people write right behind.
fn trimmed(chunk: &str) -> &str {
    let plain = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    plain.strip_suffix('р').filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(plain)
}

/// Without the word «року» behind a year.
fn without_word_year(chunks: &[String]) -> &[String] {
    match chunks {
        [word, rest @ ..] if matches!(ukr::fold(trimmed(word)).as_str(), "року" | "рік" | "р") => {
            rest
        }
        _ => chunks,
    }
}
