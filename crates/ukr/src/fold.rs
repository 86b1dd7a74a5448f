//! Text → its folded form, the same for every way of writing the same words.

use unicode_normalization::UnicodeNormalization as _;

/// The text in the form in which texts are compared.
///
/// In this order: NFC (й and ї may come as two characters); marks of stress and characters that cannot be seen
/// dropped; Latin and Cyrillic twins inside a word that mixes both scripts resolved; lower case; apostrophes inside
/// words folded away; ґ → г. Folding a folded text changes nothing.
///
/// A twin is a letter that looks the same in both scripts *in the case in which it was written*: `H` is a twin of `Н`,
/// `h` is not one of `н`. A word goes to the script of most of its letters that have no twin, then of most of its
/// letters, then to Cyrillic.
///
/// Always an apostrophe when between two letters: U+0027, U+2019, U+2018, U+02BC, U+02B9, U+2032, U+0060, U+00B4 and
/// their kin. `"` and `*` are one only before я, ю, є, ї and not before a capital that begins a word, so that
/// `ТОВ"Юність"` stays two words (a space then parts them).
#[must_use]
pub fn fold(text: &str) -> String {
    let seen: Vec<char> = text
        .nfc()
        .filter(|&c| !is_stress(c) && !is_invisible(c))
        // Its small letter is two characters; it is an I as far as names go.
        .map(|c| if c == 'İ' { 'I' } else { c })
        .collect();
    let joined = without_apostrophes(&seen);
    let mut folded = String::with_capacity(text.len());
    for run in joined.chunk_by(|a, b| a.is_alphanumeric() == b.is_alphanumeric()) {
        let script = script_of(run);
        for &c in run {
            let c = match script {
                Some(Script::Cyrillic) => to_cyrillic(c).unwrap_or(c),
                Some(Script::Latin) => to_latin(c).unwrap_or(c),
                None => c,
            };
            folded.extend(c.to_lowercase().map(|c| if c == 'ґ' { 'г' } else { c }));
        }
    }
    folded
}

/// The folded words of a text: runs of letters and digits, everything else separates, as `unicode61` of SQLite's FTS5
/// cuts a text that was folded before.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether `c` stands for an apostrophe when it is between two letters.
pub(crate) const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '\u{B4}' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '\u{FF07}')
        || is_letter_apostrophe(c)
}

/// Apostrophes that Unicode counts among the letters: never a quotation mark, so folded away wherever they stand.
const fn is_letter_apostrophe(c: char) -> bool {
    matches!(c, '\u{2B9}' | '\u{2BB}' | '\u{2BC}' | '\u{2BD}' | '\u{2C8}' | '\u{2CA}' | '\u{2CB}')
}

/// Whether `c` is one of the letters before which Ukrainian puts an apostrophe.
const fn is_iotated(c: char) -> bool {
    matches!(c, 'я' | 'ю' | 'є' | 'ї' | 'Я' | 'Ю' | 'Є' | 'Ї')
}

/// The characters with the apostrophes inside words taken out.
fn without_apostrophes(text: &[char]) -> Vec<char> {
    let mut kept: Vec<char> = Vec::with_capacity(text.len());
    for (at, &c) in text.iter().enumerate() {
        let after = text.get(at + 1..).unwrap_or_default();
        let after_letter = kept.last().is_some_and(|c| c.is_alphabetic());
        if is_letter_apostrophe(c) || (after_letter && joins(c, after)) {
            continue;
        }
        // Told by the capital that follows, which small letters will hide: a space says it from now on.
        if after_letter
            && matches!(c, '"' | '*')
            && after.first().is_some_and(|&next| next == c || next.is_alphabetic())
        {
            kept.push(' ');
        }
        kept.push(c);
    }
    kept
}

/// Whether `sign`, standing after a letter, is an apostrophe before `after`. Some write one with two signs.
fn joins(sign: char, after: &[char]) -> bool {
    let mut next = after.iter().copied();
    match next.next() {
        Some(c) if c == sign => joins_directly(sign, next.next(), next.next()),
        first => joins_directly(sign, first, next.next()),
    }
}

fn joins_directly(sign: char, next: Option<char>, following: Option<char>) -> bool {
    let Some(next) = next else { return false };
    if is_apostrophe(sign) {
        return next.is_alphabetic();
    }
    let begins_a_word = next.is_uppercase() && following.is_some_and(char::is_lowercase);
    matches!(sign, '"' | '*') && is_iotated(next) && !begins_a_word
}

/// Marks that stay apart after NFC: stress marks over Cyrillic vowels, and what else is stacked on letters.
const fn is_stress(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Characters that leave no trace on paper: soft hyphen, zero-width joiners and spaces, marks of direction.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
}

/// The script that a word's twins go to; none when the word does not mix scripts.
fn script_of(word: &[char]) -> Option<Script> {
    let (mut latin, mut cyrillic, mut latin_only, mut cyrillic_only) = (0_usize, 0_usize, 0_usize, 0_usize);
    for &c in word {
        if is_latin(c) {
            latin += 1;
            latin_only += usize::from(to_cyrillic(c).is_none());
        } else if is_cyrillic(c) {
            cyrillic += 1;
            cyrillic_only += usize::from(to_latin(c).is_none());
        }
    }
    if latin == 0 || cyrillic == 0 {
        return None;
    }
    let to_latin = (latin_only, latin) > (cyrillic_only, cyrillic);
    Some(if to_latin { Script::Latin } else { Script::Cyrillic })
}

pub(crate) const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

/// ASCII letters and the accented ones of Latin-1 and Latin Extended-A and B.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || (matches!(c, '\u{C0}'..='\u{24F}') && c.is_alphabetic())
}

/// Letters that look the same, Latin first.
const TWINS: [(char, char); 26] = [
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('Ï', 'Ї'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('i', 'і'),
    ('ï', 'ї'),
    ('k', 'к'),
    ('o', 'о'),
    ('p', 'р'),
    ('x', 'х'),
    ('y', 'у'),
];

fn to_cyrillic(c: char) -> Option<char> {
    TWINS.iter().find(|(latin, _)| *latin == c).map(|(_, cyrillic)| *cyrillic)
}

fn to_latin(c: char) -> Option<char> {
    TWINS.iter().find(|(_, cyrillic)| *cyrillic == c).map(|(latin, _)| *latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn folds(text: &str, expected: &str) {
        assert_eq!(fold(text), expected, "{text:?}");
        assert_eq!(fold(expected), expected, "folding twice: {text:?}");
    }

    #[test]
    fn a_decomposed_letter_is_the_same_letter() {
        folds("\u{418}\u{306}осип \u{406}\u{308}жак", "йосип їжак");
    }

    #[test]
    fn every_apostrophe_inside_a_word_is_folded_away() {
        for sign in "'`\u{B4}\u{2018}\u{2019}\u{201B}\u{2032}\u{2B9}\u{2BC}\u{FF07}*\"".chars() {
            folds(&format!("Мар{sign}яна"), "маряна");
            folds(&format!("МАР{sign}ЯНА"), "маряна");
        }
        folds("Мар''яна", "маряна");
        folds("О’Коннор д'Артаньян", "оконнор дартаньян");
    }

    #[test]
    fn quotation_marks_stay_between_words() {
        assert_eq!(words("ТОВ\"Юність\" 'слово' \"Київ\" 2*2"), ["тов", "юність", "слово", "київ", "2", "2"]);
        assert_eq!(words("Готель «Палаццо»"), ["готель", "палаццо"]);
    }

    #[test]
    fn a_word_of_mixed_scripts_goes_to_the_script_of_most_letters_without_a_twin() {
        folds("Iвaнeнкo", "іваненко"); // I, a, e, o are Latin
        folds("KИЇB", "київ");
        folds("HАТАЛIЯ", "наталія");
        folds("Smіth", "smith"); // і is Cyrillic
        folds("Сaт", "сат"); // only т has no twin
        folds("СAT", "cat"); // nothing but twins, most of them Latin
        folds("СТA", "ста"); // nothing but twins, most of them Cyrillic
    }

    #[test]
    fn words_of_one_script_are_left_alone() {
        folds("COM СОМ Hotel", "com сом hotel");
        folds("AB123456", "ab123456");
    }

    #[test]
    fn a_letter_that_is_no_twin_in_its_case_stays() {
        folds("hаталія", "hаталія");
        folds("bітер", "bітер");
    }

    #[test]
    fn ghe_with_upturn_is_ghe() {
        folds("Ґалаґан", "галаган");
    }

    #[test]
    fn stress_marks_and_invisible_characters_leave_no_trace() {
        folds("Ша\u{301}хтар Шев\u{AD}чен\u{200B}ко\u{FEFF}", "шахтар шевченко");
        folds("İ", "i");
    }

    #[test]
    fn words_are_cut_where_the_index_cuts_them() {
        assert_eq!(words("  Нечуй-Левицький, І. С. №5/а_б"), ["нечуй", "левицький", "і", "с", "5", "а", "б"]);
        assert!(words("… — !").is_empty());
    }

    /// Every text of three signs from a bag of troublesome ones.
    #[test]
    fn folding_a_folded_text_changes_nothing() {
        let bag: Vec<char> = "HhНнaаБqLjєЯ'\"*\u{2BC}\u{301}\u{308}ґ1 İſßΣ".chars().collect();
        for &a in &bag {
            for &b in &bag {
                for &c in &bag {
                    for d in ['Ж', 'w'] {
                        let text: String = [a, b, c, d].iter().collect();
                        let once = fold(&text);
                        assert_eq!(fold(&once), once, "{text:?}");
                    }
                }
            }
        }
    }
}
