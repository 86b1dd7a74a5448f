//! The words of the index: what a beginning begins, and which words differ from a typed one by one letter.
//!
//! Kept in tables beside the index, in the same transaction, so that every process sees the same. A beginning that is in
//! every filing («запит») would have the index read all of its rows to tell the newest; the few words that it begins
//! are each read from the newest on.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::StoreError;
use crate::store::columns::{as_json, facts, value};
use crate::store::search_text::Column;
use crate::store::seeking::{Clause, End, Way};
use crate::store::work::Work;

/// Letters of the shortest word that is kept, and of the shortest beginning that is looked up: the index has shorter
/// beginnings itself.
const BEGINNING_CHARS_MIN: usize = 5;

/// Words that one beginning may begin; of more, each is rare enough to be read in the usual way.
const BEGUN_MAX: u32 = 64;

/// Letters of the shortest typed word in which a wrong one is forgiven.
const FORGIVEN_CHARS_MIN: usize = 5;

/// Letters of the words that are found by it: one less, as one may have been typed too much; the longest Ukrainian
/// surnames have half of the greatest number.
const NEAR_CHARS: std::ops::RangeInclusive<usize> = 4..=32;

/// Words that one typed word may mean.
const MEANT_MAX: usize = 32;

/// The words that beginnings begin.
#[derive(Debug, Default)]
pub(in crate::store) struct Begun(BTreeMap<String, Vec<String>>);

impl Begun {
    /// The words that `beginning` begins; none where they were not looked up or are too many.
    pub(super) fn words(&self, beginning: &str) -> Option<&[String]> {
        self.0.get(beginning).map(Vec::as_slice)
    }
}

/// Looks up what the beginnings in the terms begin.
pub(in crate::store) async fn begun(work: &mut Work, clauses: &[Clause]) -> Result<Begun, StoreError> {
    let ways = clauses.iter().flat_map(|clause| &clause.exact);
    let beginnings: BTreeSet<&String> = ways
        .filter(|way| way.end == End::Beginning)
        .filter_map(|way| way.words.last())
        .filter(|word| is_kept(word))
        .collect();
    if beginnings.is_empty() {
        return Ok(Begun::default());
    }
    let spans: Vec<(&String, String)> =
        beginnings.into_iter().map(|beginning| (beginning, format!("{beginning}{}", char::MAX))).collect();
    let begun = sqlx::query(BEGUN).bind(as_json(&spans, "beginnings")?).bind(BEGUN_MAX + 1);
    let mut begun: BTreeMap<String, Vec<String>> = facts(&work.one(begun).await?, "begun")?;
    begun.retain(|_, words| words.len() <= usize::try_from(BEGUN_MAX).unwrap_or_default());
    Ok(Begun(begun))
}

/// Selects (`begun`, JSON), for each of a list of beginnings with their ends (`$1`), the words between, at most `$2` each.
const BEGUN: &str = "SELECT json_group_object(span.value ->> 0, json((
         SELECT json_group_array(word) FROM (
             SELECT word FROM word WHERE word >= span.value ->> 0 AND word < span.value ->> 1 ORDER BY word LIMIT $2)
     ))) AS begun FROM json_each($1) AS span";

/// Adds to every term the words that differ from a typed one by one letter: one too much, one missing, another one, or
/// two changed about.
pub(in crate::store) async fn forgive(work: &mut Work, clauses: &mut [Clause]) -> Result<(), StoreError> {
    let ways = clauses.iter().flat_map(|clause| &clause.exact).filter(|way| !forgiving(way).is_empty());
    let typed: BTreeSet<&str> = ways.flat_map(|way| &way.words).map(String::as_str).collect();
    let meant = meant(work, &typed).await?;
    for clause in clauses {
        let mut loose: Vec<Way> = Vec::new();
        for way in &clause.exact {
            let columns = forgiving(way);
            if columns.is_empty() {
                continue;
            }
            for (at, word) in way.words.iter().enumerate() {
                for meant in meant.get(word).into_iter().flatten() {
                    let way = Way { columns: columns.clone(), is_typo: true, ..way.with_word(at, meant) };
                    if !loose.contains(&way) {
                        loose.push(way);
                    }
                }
            }
        }
        clause.loose.extend(loose);
    }
    Ok(())
}

/// The columns in which a way forgives a letter.
fn forgiving(way: &Way) -> Vec<Column> {
    let columns = way.columns.iter().copied().filter(|column| column.forgives_typos());
    if way.end == End::Beginning { columns.collect() } else { Vec::new() }
}

/// The words that each of the typed ones may mean, other than itself.
async fn meant(work: &mut Work, typed: &BTreeSet<&str>) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let lengths = FORGIVEN_CHARS_MIN..=NEAR_CHARS.end() + 1;
    let is_forgiven =
        |typed: &&str| lengths.contains(&typed.chars().count()) && typed.chars().all(char::is_alphabetic);
    let of_one =
        |typed: &str| variants(typed).into_iter().map(|variant| (typed.to_owned(), variant)).collect();
    let pairs: Vec<(String, String)> =
        typed.iter().copied().filter(is_forgiven).flat_map(|typed| -> Vec<_> { of_one(typed) }).collect();
    if pairs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let near = sqlx::query(NEAR).bind(as_json(&pairs, "variants")?);
    let near: BTreeSet<(String, String)> = facts(&work.one(near).await?, "near")?;
    let mut meant: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (typed, word) in near.into_iter().filter(|(typed, word)| differs_by_one(typed, word)) {
        let words = meant.entry(typed).or_default();
        if words.len() < MEANT_MAX {
            words.push(word);
        }
    }
    Ok(meant)
}

/// Selects (`near`, JSON) the words that meet a variant, each with what was typed; `$1`: pairs of what was typed and a
/// variant of it.
const NEAR: &str = "SELECT json_group_array(json_array(typed.value ->> 0, word)) AS near
     FROM json_each($1) AS typed CROSS JOIN near_word ON variant = typed.value ->> 1";

/// Learns the words of a filing; `near` are those in which a wrong letter is forgiven.
pub(in crate::store) async fn learn(
    work: &mut Work,
    words: &BTreeSet<&str>,
    near: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    let words: Vec<&str> = words.iter().copied().filter(|word| is_kept(word)).collect();
    let kept =
        sqlx::query("INSERT INTO word SELECT value FROM json_each($1) WHERE true ON CONFLICT DO NOTHING");
    work.run(kept.bind(as_json(&words, "words")?)).await?;
    let near: Vec<&str> = near.iter().copied().filter(|word| is_near(word)).collect();
    let new = sqlx::query(
        "SELECT value AS word FROM json_each($1)
         WHERE NOT EXISTS (SELECT 1 FROM near_word WHERE variant = value AND word = value)",
    );
    let new = work.all(new.bind(as_json(&near, "words")?)).await?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for row in &new {
        let word: String = value(row, "word")?;
        pairs.extend(variants(&word).into_iter().map(|variant| (variant, word.clone())));
    }
    if pairs.is_empty() {
        return Ok(());
    }
    let pairs_kept = sqlx::query(
        "INSERT INTO near_word SELECT value ->> 0, value ->> 1 FROM json_each($1) WHERE true ON CONFLICT DO NOTHING",
    );
    work.run(pairs_kept.bind(as_json(&pairs, "words")?)).await.map(|_| ())
}

fn is_kept(word: &str) -> bool {
    word.chars().count() >= BEGINNING_CHARS_MIN && !word.starts_with(|c: char| c.is_ascii_digit())
}

fn is_near(word: &str) -> bool {
    NEAR_CHARS.contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

/// The word and what it is without one of its letters.
fn variants(word: &str) -> BTreeSet<String> {
    let without = |(at, c): (usize, char)| {
        let (before, after) = (word.get(..at)?, word.get(at + c.len_utf8()..)?);
        Some(format!("{before}{after}"))
    };
    word.char_indices().filter_map(without).chain([word.to_owned()]).collect()
}

/// Whether two words differ by one letter too much, one missing, another one, or two neighbours changed about.
fn differs_by_one(a: &str, b: &str) -> bool {
    let (mut a, mut b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    (a, b) = (a.split_off(same), b.split_off(same));
    let alike = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    a.truncate(a.len() - alike);
    b.truncate(b.len() - alike);
    match (a.as_slice(), b.as_slice()) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a1, a2], [b1, b2]) => a1 == b2 && a2 == b1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_that_differ_by_one_letter_meet() {
        let word = "коваленко";
        for typed in
            ["ковленко", "ковааленко", "коваленка", "окваленко", "коваленок", "оваленко", "коваленкох"]
        {
            assert!(differs_by_one(typed, word) && differs_by_one(word, typed), "{typed}");
            assert!(variants(typed).intersection(&variants(word)).next().is_some(), "{typed}");
        }
        for typed in ["коваленко", "ковлeнок", "оквалeнко", "коваль", "ковалек", "коленко"]
        {
            assert!(!differs_by_one(typed, word), "{typed}");
        }
    }
}
