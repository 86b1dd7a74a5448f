//! A printed value → the same value in one form: days, moments, numbers, a sex.

use jiff::civil::{Date, DateTime};
use pages::{cyrillic_twin, latin_twin};
use serde::Deserialize;

use super::UNKNOWN;

/// The form that a field's values have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// A day.
    Day,
    /// A moment in Kyiv.
    Moment,
    /// РНОКПП.
    Rnokpp,
    /// УНЗР.
    Unzr,
    /// A sex.
    Sex,
    /// Signs: `9` a digit, `L` a Latin letter, `К` (Cyrillic) a Cyrillic letter, `A` any letter, `V` a Roman number, others
    /// themselves. Several patterns may do.
    Signs(Vec<String>),
    /// Any.
    Free,
}

/// The alphabet that a value's letters are of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Script {
    /// Ukrainian.
    Cyrillic,
    /// Latin.
    Latin,
}

/// The value in one form; none when it has another one or a letter of it is not known. Remarks in parentheses do not count.
pub(super) fn plain(form: &Form, printed: &str) -> Option<String> {
    if printed.contains(UNKNOWN) {
        return None;
    }
    let value = without_remarks(printed);
    match form {
        Form::Day => whole_day(&value).map(|day| day.to_string()),
        Form::Moment => moment(&value).map(|moment| moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        Form::Rnokpp => signs("9999999999", &value),
        Form::Unzr => signs("99999999-99999", &value)
            .or_else(|| signs("9999999999999", &value).map(|digits| hyphened(&digits))),
        Form::Sex => sex(&value).map(str::to_owned),
        Form::Signs(patterns) => patterns.iter().find_map(|pattern| signs(pattern, &value)),
        Form::Free => None,
    }
}

/// A printed value with its letters in the alphabets that its form asks for, spaces and signs as they are; as it was where it
/// has another form. Drawings and pictures do not tell twins apart, a form does.
pub(super) fn in_its_alphabet(form: &Form, printed: &str) -> String {
    let Form::Signs(patterns) = form else { return printed.to_owned() };
    let Some((pattern, plain)) = patterns.iter().find_map(|own| Some((own, signs(own, printed)?))) else {
        return printed.to_owned();
    };
    // A Roman number is written in either alphabet.
    if pattern.contains('V') {
        return printed.to_owned();
    }
    let mut letters = plain.chars();
    let put = |c: char| if c.is_alphabetic() { letters.next().unwrap_or(c) } else { skip(c, &mut letters) };
    printed.chars().map(put).collect()
}

/// Whether a form says of each letter of such a value which alphabet it is of.
pub(super) fn tells_alphabets(form: &Form, printed: &str) -> bool {
    let Form::Signs(patterns) = form else { return false };
    let fitting = patterns.iter().find(|pattern| signs(pattern, printed).is_some());
    fitting.is_some_and(|pattern| !pattern.contains(['V', 'A']))
}

/// A value with all its letters in one alphabet; none where one of them has no twin there, or is not known, or may be another
/// letter: what looks like І stands for I only where it cannot be l, at the beginning of a word and among capitals.
pub(super) fn in_script(script: Script, printed: &str) -> Option<String> {
    let mut before = ' ';
    let mut written = String::with_capacity(printed.len());
    for c in printed.chars() {
        let is_cyrillic = ('\u{400}'..='\u{52f}').contains(&c);
        written.push(match script {
            _ if c == UNKNOWN => return None,
            Script::Cyrillic if c.is_ascii_alphabetic() => cyrillic_twin(c)?,
            Script::Latin if c == 'І' && before.is_lowercase() => return None,
            Script::Latin if is_cyrillic => latin_twin(c)?,
            _ => c,
        });
        before = c;
    }
    Some(written)
}

/// A sign stays as it is printed; one that counts is a sign of the pattern too.
fn skip(c: char, letters: &mut std::str::Chars<'_>) -> char {
    if !c.is_whitespace() && c != '№' {
        letters.next();
    }
    c
}

/// Whether the document says that it does not know: no value, and nothing wrong with it.
pub(super) fn is_not_given(printed: &str) -> bool {
    let words = ukr::words(printed).join(" ");
    matches!(
        words.as_str(),
        "" | "не вказано"
            | "відсутній"
            | "відсутня"
            | "відсутнє"
            | "немає"
            | "not provided"
            | "none"
    )
}

/// `1234567890 (checked on …)` → `1234567890`; a parenthesis that is never closed goes to the end.
pub(super) fn without_remarks(printed: &str) -> String {
    let (mut kept, mut depth) = (String::new(), 0_usize);
    for c in printed.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept.trim().to_owned()
}

/// How many of a value's words, from the first, are a day; none where they do not begin with one.
pub(super) fn day_words(words: &[&str]) -> Option<usize> {
    (1..=words.len().min(6))
        .rev()
        .find(|&count| words.get(..count).is_some_and(|first| whole_day(&first.join(" ")).is_some()))
}

/// A day and nothing else but its hour: `17.01.1997`, `2017-10-22`, `22 Жовтня 2017 р.`, `17 січ/JAN 1997`,
/// `05.05.2015 00.00.00.000`.
fn whole_day(value: &str) -> Option<Date> {
    let tokens = tokens(value);
    let mut rest = tokens.iter().copied();
    let (first, second) = (rest.next()?, rest.next()?);
    let day = if let Token::Number(year, 4) = first {
        date(year, second.short()?, rest.next()?.short()?)?
    } else if let Some(month) = second.short() {
        date(rest.next()?.long()?, month, first.short()?)?
    } else {
        let mut month = second.month()?;
        let mut next = rest.next()?;
        // Two languages: both must say the same month.
        while let Token::Word(_) = next {
            month = next.month().filter(|other| *other == month)?;
            next = rest.next()?;
        }
        date(next.long()?, month, first.short()?)?
    };
    let hour: Vec<Token<'_>> = rest.collect();
    let is_year = |token: &Token<'_>| matches!(token, Token::Word("р" | "рік" | "року"));
    let is_hour = |tokens: &[Token<'_>]| {
        (2..=4).contains(&tokens.len()) && tokens.iter().all(|t| matches!(t, Token::Number(_, 1..=3)))
    };
    (hour.iter().all(is_year) || is_hour(&hour)).then_some(day)
}

/// `02.04.2021-09:48:26`.
fn moment(value: &str) -> Option<DateTime> {
    let tokens = tokens(value);
    let &[day, month, year, hour, minute, second] = tokens.as_slice() else { return None };
    let day = date(year.long()?, month.short()?, day.short()?)?;
    let part = |token: Token<'_>| token.short().and_then(|part| i8::try_from(part).ok());
    let clock = jiff::civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some(day.to_datetime(clock))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token<'a> {
    /// A number and how many digits it has.
    Number(u16, usize),
    Word(&'a str),
    /// Nothing that a day has.
    Other,
}

impl Token<'_> {
    /// A day, a month, an hour.
    const fn short(self) -> Option<u16> {
        match self {
            Self::Number(number, 1 | 2) => Some(number),
            _ => None,
        }
    }

    /// A year.
    const fn long(self) -> Option<u16> {
        match self {
            Self::Number(number, 4) => Some(number),
            _ => None,
        }
    }

    fn month(self) -> Option<u16> {
        let Self::Word(word) = self else { return None };
        let word = word.to_lowercase();
        // A month is told by its first three letters, in both languages; «листопада» has an elder «лист».
        let begins = |names: &&str| names.split(' ').any(|name| word.starts_with(name));
        let at = MONTHS.iter().position(begins)?;
        u16::try_from(at + 1).ok()
    }
}

/// How the months begin, Ukrainian and English.
const MONTHS: [&str; 12] = [
    "січ jan",
    "лют feb",
    "бер mar",
    "кві apr",
    "тра may",
    "чер jun",
    "лип jul",
    "сер aug",
    "вер sep",
    "жов oct",
    "лис nov",
    "гру dec",
];

fn tokens(value: &str) -> Vec<Token<'_>> {
    let class = |c: char| if c.is_ascii_digit() { 1 } else { 2 * u8::from(c.is_alphabetic()) };
    let mut tokens = Vec::new();
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| class(c) != class(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        match class(first) {
            1 => tokens.push(run.parse().map_or(Token::Other, |number| Token::Number(number, run.len()))),
            2 => tokens.push(Token::Word(run)),
            // Signs part; anything but the usual ones is no day.
            _ if run.chars().all(|c| c.is_whitespace() || ".,/:;-–—".contains(c)) => {}
            _ => tokens.push(Token::Other),
        }
        rest = after;
    }
    tokens
}

/// A day of the calendar between 1800 and 2200.
fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1800..2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `female` or `male`; none when its words say neither, or both.
fn sex(value: &str) -> Option<&'static str> {
    let mut said = None;
    for word in ukr::words(value) {
        let sex = match word.as_str() {
            "ж" | "жін" | "жіноча" | "f" | "female" => "female",
            "ч" | "чол" | "чоловіча" | "m" | "м" | "male" => "male",
            _ => return None,
        };
        if said.is_some_and(|other| other != sex) {
            return None;
        }
        said = Some(sex);
    }
    said
}

/// The value without spaces and `№` if it has the pattern; letters go to the alphabet that the pattern asks for.
fn signs(pattern: &str, value: &str) -> Option<String> {
    let dashes = |c: char| if matches!(c, '–' | '—' | '−' | '‑') { '-' } else { c };
    let value: Vec<char> = value
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '№')
        .flat_map(char::to_uppercase)
        .map(dashes)
        .collect();
    let mut rest = value.as_slice();
    let mut plain = String::with_capacity(rest.len());
    for sign in pattern.chars() {
        if sign == 'V' {
            let roman = rest.iter().take_while(|c| roman_digit(**c).is_some()).count();
            let (number, after) = rest.split_at_checked(roman).filter(|(number, _)| !number.is_empty())?;
            plain.extend(number.iter().filter_map(|c| roman_digit(*c)));
            rest = after;
            continue;
        }
        let (&c, after) = rest.split_first()?;
        plain.push(match sign {
            '9' => Some(c).filter(char::is_ascii_digit),
            'L' => Some(latin_twin(c).unwrap_or(c)).filter(char::is_ascii_uppercase),
            'К' => Some(cyrillic(c)).filter(|c| matches!(c, 'А'..='Я' | 'І' | 'Ї' | 'Є' | 'Ґ')),
            'A' => Some(c).filter(|c| c.is_alphabetic()),
            literal => Some(c).filter(|c| *c == literal),
        }?);
        rest = after;
    }
    rest.is_empty().then_some(plain)
}

/// The Cyrillic letter that is drawn like this one of ASCII; else itself.
fn cyrillic(c: char) -> char {
    Some(c).filter(char::is_ascii).and_then(cyrillic_twin).unwrap_or(c)
}

const fn roman_digit(c: char) -> Option<char> {
    match c {
        'I' | 'І' => Some('I'),
        'V' => Some('V'),
        'X' | 'Х' => Some('X'),
        'L' => Some('L'),
        'C' | 'С' => Some('C'),
        _ => None,
    }
}

fn hyphened(digits: &str) -> String {
    digits.split_at_checked(8).map_or_else(|| digits.to_owned(), |(date, rest)| format!("{date}-{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(form: &Form, printed: &str, expected: Option<&str>) {
        assert_eq!(plain(form, printed).as_deref(), expected, "{printed}");
    }

    #[test]
    fn days_are_read_in_every_form_that_documents_have() {
        for printed in [
            "17.01.1997",
            "17.1.1997 р.",
            " 17. 01. 1997",
            "17/01/1997",
            "1997-01-17",
            "17 січня 1997 року",
            "17 Січня 1997",
            "17 січ/JAN 1997",
            "17 січ / Jan 1997",
            "17 JAN 1997",
            "17.01.1997 00.00.00.000",
            "17.01.1997 00:00:00",
            "17.01.1997 (за документом)",
        ] {
            says(&Form::Day, printed, Some("1997-01-17"));
        }
        says(&Form::Day, "22 Жовтня 2017", Some("2017-10-22"));
        says(&Form::Day, "29.02.2024", Some("2024-02-29"));
    }

    #[test]
    fn what_is_no_day_has_no_plain_form() {
        for printed in [
            "",
            "17",
            "17.01",
            "17.01.97",
            "29.02.2023",
            "17.13.1997",
            "17 січ/FEB 1997",
            "17.01.1997 Київ",
            "17.01.19□7",
            "17 брюмера 1997",
            "17.01.1997 18.01.1997",
            "17=01=1997",
            "безстроково",
            "99999999999.01.1997",
        ] {
            says(&Form::Day, printed, None);
        }
    }

    #[test]
    fn the_moment_of_a_request_is_kyiv_time() {
        says(&Form::Moment, "02.04.2021-09:48:26", Some("2021-04-02T09:48:26"));
        says(&Form::Moment, "02.04.2021 - 09:48:26", Some("2021-04-02T09:48:26"));
        says(&Form::Moment, "02.04.2021-29:48:26", None);
        says(&Form::Moment, "02.04.2021", None);
    }

    #[test]
    fn remarks_do_not_break_a_number() {
        let remark =
            "1759013776 (Верифіковано у реєстрі Державної податкової служби за запитом від 02.04.2021.)";
        says(&Form::Rnokpp, remark, Some("1759013776"));
        says(&Form::Rnokpp, "1759013776 (Верифіковано", Some("1759013776"));
        says(&Form::Rnokpp, "175901377", None);
        says(&Form::Rnokpp, "17590 13776", Some("1759013776"));
        says(&Form::Unzr, "19910824-00026", Some("19910824-00026"));
        says(&Form::Unzr, "1991082400026", Some("19910824-00026"));
        says(&Form::Unzr, "19910824–00026", Some("19910824-00026"));
    }

    #[test]
    fn patterns_put_letters_into_their_alphabet() {
        let signs = |pattern: &str| Form::Signs(vec![pattern.to_owned()]);
        says(&signs("999999999"), "002 307 001", Some("002307001"));
        says(&signs("LL999999"), "ЕА 123456", Some("EA123456"));
        says(&signs("LL999999"), "ЖА123456", None);
        says(&signs("ККК999999"), "BXX578221", Some("ВХХ578221"));
        says(&signs("V-КК999999"), "І-ТЕ № 123456", Some("I-ТЕ123456"));
        says(&signs("V-КК999999"), "-ТЕ № 123456", None);
        says(&signs("DR-99999999999999"), "dr-44247719539502", Some("DR-44247719539502"));
        says(&signs("DR-99999999999999"), "DR-4424771953950", None);
        let two = Form::Signs(vec!["99".to_owned(), "999".to_owned()]);
        says(&two, "123", Some("123"));
    }

    #[test]
    fn letters_go_to_the_one_alphabet_of_their_field_or_stay_as_they_are() {
        use Script::{Cyrillic, Latin};
        for (script, printed, expected) in [
            (Latin, "Р", Some("P")),
            (Latin, "А1, A, В", Some("A1, A, B")),
            (Latin, "ІНОР", Some("IHOP")),
            (Cyrillic, "Oкcaнa", Some("Оксана")),
            (Cyrillic, "Оksана", None),
            (Cyrillic, "О□сана", None),
            (Latin, "МаІа", None),
            (Latin, "Іа МІА", Some("Ia MIA")),
            (Cyrillic, "ТСЦ 9999", Some("ТСЦ 9999")),
        ] {
            assert_eq!(in_script(script, printed).as_deref(), expected, "{printed}");
        }
        let signs = |pattern: &str| Form::Signs(vec![pattern.to_owned()]);
        assert!(
            tells_alphabets(&signs("LL999999"), "ХХ123456")
                && !tells_alphabets(&signs("LL999999"), "ХХ12345□")
        );
        assert!(!tells_alphabets(&signs("V-КК999999"), "І-ТЕ123456") && !tells_alphabets(&Form::Free, "Х"));
    }

    #[test]
    fn a_sex_is_said_in_words_and_letters_of_both_languages() {
        for (printed, expected) in [
            ("Ж", Some("female")),
            ("F Ж", Some("female")),
            ("Ч/M", Some("male")),
            ("Чоловіча", Some("male")),
            ("Ж/M", None),
            ("Х", None),
            ("", None),
        ] {
            says(&Form::Sex, printed, expected);
        }
    }

    #[test]
    fn a_day_may_be_the_beginning_of_a_value() {
        assert_eq!(day_words(&["21.02.1997", "ХАРКІВСЬКА", "ОБЛ."]), Some(1));
        assert_eq!(day_words(&["17", "січ/JAN", "1997", "Київ"]), Some(3));
        assert_eq!(day_words(&["Київ", "21.02.1997"]), None);
    }
}
