//! The oracle of «never a wrong letter»: words that were read + what was drawn in their place → whether each letter is right.
//!
//! The generator says where it drew each letter. The letters whose middle lies in a word's box are what the word must say, from
//! left to right, one by one, and nothing may be left over on either side:
//!
//! - a letter that was read must be the very letter; where the product says that it doubts the script, its look;
//! - `□` stands for one letter. It stands for two only where their boxes touch, for only then can both be one mark; and each
//!   stroke of a quotation mark, and of №, may be a `□` of its own;
//! - where nothing was drawn nothing but `□` may be read;
//! - each letter that was drawn lies in some word: what was left out is wrong too.
//!
//! So a wrong letter beside a `□` is found, and a `□` hides no letter but its own. What still passes: of two letters that
//! touch and were read as one `□`, nothing is said.

use pages::{Line, Word};
use skrynka_fixtures::copies::PlacedLetter;

use super::compare::{UNKNOWN, looks, signs};

/// Letters that are nearer than this may be one mark, pt: outlines are rounded to 1/64, boxes to a unit of the font.
const TOUCH_PT: f64 = 0.05;
/// A word's box is rounded as its outlines are, pt.
const ROUNDING_PT: f64 = 0.1;

/// What is wrong on a page: words that say something else than was drawn there, and letters that are in no word.
pub(super) fn wrong_on_page(lines: &[Line], drawn: &[PlacedLetter]) -> Vec<String> {
    let words = || lines.iter().flat_map(|line| &line.words);
    let wrong = words().filter(|word| !says_what_was_drawn(word, drawn));
    let wrong = wrong.map(|word| format!("«{}» is read of «{}»", word.text, text(&drawn_in(word, drawn))));
    let left_out = drawn.iter().filter(|letter| !words().any(|word| is_in(letter, word)));
    wrong.chain(left_out.map(|letter| format!("{letter:?} is left out"))).collect()
}

/// Whether a word says what was drawn in its place.
fn says_what_was_drawn(word: &Word, drawn: &[PlacedLetter]) -> bool {
    let letters = drawn_in(word, drawn);
    let is_two =
        |at: usize| matches!(letters.get(at..at + 2), Some([one, next]) if next.left - one.right <= TOUCH_PT);
    let truth: Vec<char> = signs(&text(&letters)).chars().collect();
    let read: Vec<char> = signs(&word.text).chars().collect();
    fits(&read, &truth, 0, is_sure(word), &is_two)
}

/// Whether words of one line stand whole, one behind the other, in one of `lines`: where nothing is known of places. Two
/// letters are never one `□` here.
pub(super) fn is_on_the_page(words: &[Word], lines: &[String]) -> bool {
    let read: Vec<(Vec<char>, bool)> =
        words.iter().map(|word| (signs(&word.text).chars().collect(), is_sure(word))).collect();
    lines.iter().any(|line| {
        let line: Vec<Vec<char>> =
            signs(line).split_whitespace().map(|word| word.chars().collect()).collect();
        let all_fit = |there: &[Vec<char>]| {
            there.iter().zip(&read).all(|(truth, (read, sure))| fits(read, truth, 0, *sure, &|_| false))
        };
        line.windows(read.len().max(1)).any(all_fit)
    })
}

/// Whether the product is sure of a word's script: of what it knows of the word.
fn is_sure(word: &Word) -> bool {
    let (all, unknown) = (word.text.chars().count(), word.text.chars().filter(|c| *c == UNKNOWN).count());
    let known = (all - unknown) as f32 / all.max(1) as f32;
    word.confidence >= known * 0.999
}

/// Whether what was read fits the letters from `at` on.
fn fits(read: &[char], truth: &[char], at: usize, sure: bool, is_two: &dyn Fn(usize) -> bool) -> bool {
    let Some((c, rest)) = read.split_first() else { return at == truth.len() };
    let Some(letter) = truth.get(at) else { return false };
    if *c != UNKNOWN {
        let is_it = letter == c || (!sure && looks(&letter.to_string()) == looks(&c.to_string()));
        return is_it && fits(rest, truth, at + 1, sure, is_two);
    }
    let strokes = match letter {
        '«' | '»' | '"' => 2,
        '№' => 3,
        _ => 1,
    };
    let all_unknown = |count: usize| read.iter().take(count).filter(|c| **c == UNKNOWN).count() == count;
    (1..=strokes).any(|count| all_unknown(count) && fits(&read[count..], truth, at + 1, sure, is_two))
        || (is_two(at) && fits(rest, truth, at + 2, sure, is_two))
}

fn drawn_in(word: &Word, drawn: &[PlacedLetter]) -> Vec<PlacedLetter> {
    let mut letters: Vec<PlacedLetter> = drawn.iter().filter(|letter| is_in(letter, word)).copied().collect();
    letters.sort_by(|a, b| (a.left + a.right).total_cmp(&(b.left + b.right)));
    letters
}

fn is_in(letter: &PlacedLetter, word: &Word) -> bool {
    let within = |from: f32, middle: f64, to: f32| {
        (f64::from(from) - ROUNDING_PT..=f64::from(to) + ROUNDING_PT).contains(&middle)
    };
    let (x, y) = (f64::midpoint(letter.left, letter.right), f64::midpoint(letter.top, letter.bottom));
    within(word.at.left, x, word.at.right) && within(word.at.top, y, word.at.bottom)
}

fn text(letters: &[PlacedLetter]) -> String {
    letters.iter().map(|letter| letter.letter).collect()
}

#[cfg(test)]
mod tests {
    use pages::{Rect, Way};
    use skrynka_fixtures::copies::Make;

    use super::*;
    use crate::copies::of_make;

    /// A word of letters of a page, written otherwise.
    fn word(of: &[PlacedLetter], text: &str, confidence: f32) -> Word {
        let edge = |pick: fn(&PlacedLetter) -> f64, better: fn(f64, f64) -> f64| {
            let edge = of.iter().map(pick).reduce(better).unwrap();
            #[expect(clippy::cast_possible_truncation, reason = "a place on a page")]
            let edge = edge as f32;
            edge
        };
        let at = Rect {
            left: edge(|letter| letter.left, f64::min),
            top: edge(|letter| letter.top, f64::min),
            right: edge(|letter| letter.right, f64::max),
            bottom: edge(|letter| letter.bottom, f64::max),
        };
        Word { text: text.to_owned(), at, way: Way::Outlines, confidence }
    }

    /// The words of some copies, each with all letters of its page.
    fn words() -> Vec<(Vec<PlacedLetter>, Vec<PlacedLetter>)> {
        let samples = of_make(Make::Outlines).step_by(17).map(|plan| plan.undrawn());
        samples
            .flat_map(|sample| {
                let mut rest = sample.letters.as_slice();
                let lengths = sample.lines.iter().flat_map(|line| line.split_whitespace());
                let mut words = Vec::new();
                for length in lengths.map(|word| word.chars().count()) {
                    let (word, after) = rest.split_at(length);
                    rest = after;
                    words.push((word.to_vec(), sample.letters.clone()));
                }
                words
            })
            .collect()
    }

    #[test]
    fn each_planted_wrong_letter_is_found_also_beside_letters_that_are_not_known() {
        let (mut right, mut planted) = (0, 0);
        for (of, page) in words() {
            let truth: Vec<char> = text(&of).chars().collect();
            let says = |letters: &[char], confidence: f32| {
                says_what_was_drawn(&word(&of, &letters.iter().collect::<String>(), confidence), &page)
            };
            assert!(says(&truth, 1.0), "{truth:?}");
            for at in 0..truth.len() {
                let mut unknown = truth.clone();
                unknown[at] = UNKNOWN;
                assert!(says(&unknown, 0.5), "{unknown:?}");
                right += 1;
                for other in 0..truth.len() {
                    let mut wrong = if other == at { truth.clone() } else { unknown.clone() };
                    wrong[other] = if truth[other] == 'Щ' { 'Ж' } else { 'Щ' };
                    assert!(!says(&wrong, 0.5), "{wrong:?} passes for {truth:?}");
                    planted += 1;
                }
            }
        }
        assert!(right > 1_000 && planted > 10_000, "{right} {planted}");
    }

    #[test]
    fn a_letter_too_many_or_too_few_is_found_and_so_is_a_sure_twin() {
        for (of, page) in words().into_iter().filter(|(of, _)| of.len() > 1) {
            let truth = text(&of);
            let says =
                |letters: &str, confidence| says_what_was_drawn(&word(&of, letters, confidence), &page);
            let all = format!("{truth}□");
            assert!(!says(&all, 0.5) && !says(&truth.replacen(|_| true, "", 1), 1.0), "{truth}");
            let twins = truth.replace('а', "a").replace('Т', "T");
            assert!(says(&twins, 0.5) && (twins == truth || !says(&twins, 1.0)), "{truth}");
        }
        let (of, page) = words().into_iter().find(|(of, _)| text(of) == "Запит").unwrap();
        let says = |letters: &str| says_what_was_drawn(&word(&of, letters, 0.2), &page);
        assert!(says("З□□ит") && says("□□□□□") && !says("З□ит") && !says("З□□□ит") && !says("□□□□"));
        let elsewhere =
            Word { at: Rect { left: 1.0, top: 1.0, right: 9.0, bottom: 9.0 }, ..word(&of, "З", 1.0) };
        assert!(!says_what_was_drawn(&elsewhere, &page));
        let line = |words: Vec<Word>| Line { page: 1, at: Rect::default(), size_pt: 10.0, words };
        let wrong = wrong_on_page(&[line(vec![word(&of, "Запит", 1.0)])], &of);
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(wrong_on_page(&[line(vec![word(&of[..4], "Запи", 1.0)])], &of).len(), 1, "т is left out");
    }

    #[test]
    fn without_places_words_stand_whole_in_one_line() {
        let lines = ["Дата народження:".to_owned(), "ТЕС «Б» 123".to_owned()];
        let on = |text: &str, confidence: f32| {
            let word = |text: &str| Word {
                text: text.to_owned(),
                at: Rect::default(),
                way: Way::Outlines,
                confidence: confidence
                    * (1.0 - text.matches('□').count() as f32 / text.chars().count() as f32),
            };
            is_on_the_page(&text.split(' ').map(word).collect::<Vec<_>>(), &lines)
        };
        assert!(on("Дата народження:", 1.0) && on("Д□та нар□дження:", 1.0) && on("ТЕС □□Б□□ 123", 1.0));
        for wrong in
            ["Дота", "TEC", "ТЕС «Б» 124", "ат", "Дат□□", "□ТЕС", "Дат", "народження: Дата", "ТЕ□ ЖБЖ 123"]
        {
            assert!(!on(wrong, 1.0), "{wrong}");
        }
        assert!(on("TEC", 0.5) && !on("ТЕО", 0.5));
    }
}
