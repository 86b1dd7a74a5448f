//! Ukrainian names → Latin letters: the official spelling, and a key under which all spellings meet.

use unicode_normalization::UnicodeNormalization as _;

use crate::fold::{is_apostrophe, is_cyrillic, words};

/// The text in Latin letters by the table of the Cabinet of Ministers' resolution № 55 of 27 January 2010.
///
/// є, ї, й, ю, я have their first form at the beginning of a word (also after a hyphen, not after an apostrophe);
/// зг is `zgh`; ь and the apostrophe inside a word vanish. A capital that becomes several letters keeps only the first
/// one capital, unless its neighbour in the word is a capital too. What the table does not name stays as it is.
#[must_use]
pub fn transliterate(text: &str) -> String {
    let chars: Vec<char> = text.nfc().collect();
    let mut latin = String::with_capacity(text.len());
    let (mut before, mut in_word) = (None, false);
    for (at, &c) in chars.iter().enumerate() {
        let after = chars.get(at + 1).copied();
        if in_word && is_apostrophe(c) && after.is_some_and(is_cyrillic) {
            continue;
        }
        let lower = c.to_lowercase().next().unwrap_or(c);
        let zgh = lower == 'г' && matches!(before, Some('з' | 'З'));
        match if zgh { Some("gh") } else { official(lower, !in_word) } {
            Some(letters) if c.is_uppercase() => {
                let loud = after.map_or_else(
                    || before.is_some_and(char::is_uppercase),
                    |next| {
                        next.is_uppercase()
                            || (!next.is_alphabetic() && before.is_some_and(char::is_uppercase))
                    },
                );
                push_capital(&mut latin, letters, loud);
            }
            Some(letters) => latin.push_str(letters),
            None => latin.push(c),
        }
        in_word = c.is_alphanumeric();
        before = in_word.then_some(c);
    }
    latin
}

/// The table: `lower` is a small letter, `first` says whether it begins a word.
const fn official(lower: char, first: bool) -> Option<&'static str> {
    Some(match lower {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "h",
        'ґ' => "g",
        'д' => "d",
        'е' => "e",
        'є' if first => "ye",
        'є' => "ie",
        'ж' => "zh",
        'з' => "z",
        'и' => "y",
        'і' => "i",
        'ї' if first => "yi",
        'ї' => "i",
        'й' if first => "y",
        'й' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ь' => "",
        'ю' if first => "yu",
        'ю' => "iu",
        'я' if first => "ya",
        'я' => "ia",
        _ => return None,
    })
}

fn push_capital(latin: &mut String, letters: &str, loud: bool) {
    let mut letters = letters.chars();
    latin.extend(letters.next().map(|c| c.to_ascii_uppercase()));
    if loud {
        latin.push_str(&letters.as_str().to_ascii_uppercase());
    } else {
        latin.push_str(letters.as_str());
    }
}

/// A key of small Latin letters and digits under which the spellings of a name meet, Cyrillic and Latin ones, official
/// and older: Надія, Nadiia, Nadiya and Nadia have one key, so have Юрій, Yurii, Yuriy, Yury and Jurij.
///
/// **For finding only, never an identity**: different names share keys too (Розгон and Рожон, Інна and Іна). Words are
/// parted by one space.
///
/// The key of a word's beginning is a beginning of the word's key, except where it cuts something that is read as a
/// whole: at the start of a word `Y`, `J`, `I` or І without the `e` that follows (`Ye` and Є are `e`); anywhere a Latin
/// `c`, which stays `c` at the end because `h` may follow, but is `k` before other letters, and makes `sch` `shch`.
#[must_use]
pub fn search_key(text: &str) -> String {
    let keys: Vec<String> = words(text).iter().map(|word| key_of(word)).collect();
    keys.join(" ")
}

fn key_of(word: &str) -> String {
    let mut latin = String::with_capacity(word.len() * 2);
    for c in word.chars() {
        match official(c, false) {
            Some(letters) => latin.push_str(letters),
            None => push_other(&mut latin, c),
        }
    }
    let letters: Vec<char> = latin.chars().collect();
    let mut key = String::with_capacity(latin.len());
    for (at, &c) in letters.iter().enumerate() {
        let next = |n: usize| letters.get(at + n).copied();
        match c {
            // и and і are one, and so are all the ways to write й, ї and the beginnings of ю and я.
            'y' | 'j' => push_once(&mut key, 'i'),
            'g' => push_once(&mut key, 'h'),
            'w' => push_once(&mut key, 'v'),
            'q' => push_once(&mut key, 'k'),
            'x' => ['k', 's'].into_iter().for_each(|c| push_once(&mut key, c)),
            'c' if next(1).is_some_and(|c| c != 'h') => push_once(&mut key, 'k'),
            // `sch`, as щ was written before 2010.
            's' if next(1) == Some('c') && next(2) == Some('h') => {
                ['s', 'h'].into_iter().for_each(|c| push_once(&mut key, c));
            }
            _ => push_once(&mut key, c),
        }
    }
    if key.starts_with("ie") { key.split_off(1) } else { key }
}

/// A small Latin text without marks: č is `ch`, é is `e`. Cyrillic letters stay.
pub(crate) fn plain_latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for c in text.chars() {
        if is_cyrillic(c) { latin.push(c) } else { push_other(&mut latin, c) }
    }
    latin
}

/// A letter that the official table lacks: Russian ones, and Latin ones with marks.
fn push_other(latin: &mut String, c: char) {
    match c {
        'ы' => latin.push('i'),
        'э' | 'ё' => latin.push('e'),
        'ъ' => {}
        'č' => latin.push_str("ch"),
        'š' => latin.push_str("sh"),
        'ž' => latin.push_str("zh"),
        _ => latin.extend(c.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}'))),
    }
}

/// Adds a letter unless the key ends in it: Anna and Ana, Oleksii and Oleksi meet. Digits are all kept.
fn push_once(key: &mut String, c: char) {
    if !(c.is_alphabetic() && key.ends_with(c)) {
        key.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the resolution itself.
    #[test]
    fn names_are_transliterated_as_the_resolution_does() {
        for (ukrainian, latin) in [
            ("Алушта Андрій", "Alushta Andrii"),
            ("Борщагівка Борисенко", "Borshchahivka Borysenko"),
            ("Вінниця Володимир", "Vinnytsia Volodymyr"),
            ("Гадяч Богдан Згурський", "Hadiach Bohdan Zghurskyi"),
            ("Ґалаґан Ґорґани", "Galagan Gorgany"),
            ("Донецьк Дмитро", "Donetsk Dmytro"),
            ("Рівне Олег Есмань", "Rivne Oleh Esman"),
            ("Єнакієве Гаєвич Короп'є", "Yenakiieve Haievych Koropie"),
            ("Житомир Жанна Жежелів", "Zhytomyr Zhanna Zhezheliv"),
            ("Закарпаття Казимирчук", "Zakarpattia Kazymyrchuk"),
            ("Медвин Михайленко", "Medvyn Mykhailenko"),
            ("Іванків Іващенко", "Ivankiv Ivashchenko"),
            ("Їжакевич Кадиївка Мар'їне", "Yizhakevych Kadyivka Marine"),
            ("Йосипівка Стрий Олексій", "Yosypivka Stryi Oleksii"),
            ("Київ Коваленко", "Kyiv Kovalenko"),
            ("Лебедин Леонід Миколаїв Маринич", "Lebedyn Leonid Mykolaiv Marynych"),
            ("Ніжин Наталія Одеса Онищенко", "Nizhyn Nataliia Odesa Onyshchenko"),
            ("Полтава Петро Решетилівка Рибчинський", "Poltava Petro Reshetylivka Rybchynskyi"),
            ("Суми Соломія Тернопіль Троць", "Sumy Solomiia Ternopil Trots"),
            ("Ужгород Уляна Фастів Філіпчук", "Uzhhorod Uliana Fastiv Filipchuk"),
            ("Харків Христина", "Kharkiv Khrystyna"),
            ("Біла Церква Стеценко", "Bila Tserkva Stetsenko"),
            ("Чернівці Шевченко Шостка Кишеньки", "Chernivtsi Shevchenko Shostka Kyshenky"),
            ("Щербухи Гоща Гаращенко", "Shcherbukhy Hoshcha Harashchenko"),
            ("Юрій Корюківка Яготин", "Yurii Koriukivka Yahotyn"),
            ("Ярошенко Костянтин Знам'янка Феодосія", "Yaroshenko Kostiantyn Znamianka Feodosiia"),
            ("Розгон Згорани", "Rozghon Zghorany"),
        ] {
            assert_eq!(transliterate(ukrainian), latin);
        }
    }

    #[test]
    fn the_first_form_stands_after_a_hyphen_and_not_after_an_apostrophe() {
        assert_eq!(transliterate("Нечуй-Яворський"), "Nechui-Yavorskyi");
        assert_eq!(transliterate("В’ячеслав Мар\u{2BC}яна"), "Viacheslav Mariana");
        assert_eq!(transliterate("'Юність' «Їжак»"), "'Yunist' «Yizhak»");
    }

    #[test]
    fn capitals_follow_their_neighbours() {
        for (ukrainian, latin) in [
            ("ЩЕРБАК Щербак", "SHCHERBAK Shcherbak"),
            ("ЮЩЕНКО-Ярош Ю", "YUSHCHENKO-Yarosh Yu"),
            ("ЗГУРСЬКИЙ", "ZGHURSKYI"),
            ("КОРОП'Є", "KOROPIE"),
            ("ПЛЮЩ", "PLIUSHCH"),
            ("Я. Щ. Ковальчук", "Ya. Shch. Kovalchuk"),
        ] {
            assert_eq!(transliterate(ukrainian), latin);
        }
    }

    #[test]
    fn what_the_table_does_not_name_stays() {
        assert_eq!(transliterate("Smith № 5, ёж"), "Smith № 5, ёzh");
        assert_eq!(transliterate("И\u{306}осип"), "Yosyp");
    }

    #[track_caller]
    fn meet(spellings: &[&str]) {
        for spelling in spellings {
            assert_eq!(search_key(spelling), search_key(spellings[0]), "{spelling}");
        }
    }

    #[test]
    fn spellings_of_a_name_meet() {
        meet(&["Надія", "Nadiia", "Nadiya", "Nadija", "Nadia", "NADIIA"]);
        meet(&["Юрій", "Yurii", "Yuriy", "Yuri", "Yury", "Iurii", "Jurij"]);
        meet(&["Олексій", "Oleksii", "Oleksiy", "Oleksij", "Olexiy"]);
        meet(&["Шевченко", "Shevchenko", "SHEVCHENKO", "Ševčenko"]);
        meet(&["Євген", "Yevhen", "Ievgen", "Evgen", "Jevhen"]);
        meet(&["Сергій", "Serhii", "Serhiy", "Sergii", "Sergiy"]);
        meet(&["Наталія", "Nataliia", "Nataliya", "Natalia"]);
        meet(&["Ілля", "Illia", "Ilya", "Illya"]);
        meet(&["Мар'яна", "Мар’яна", "Mariana", "Maryana"]);
        meet(&["Згурський", "Zghurskyi", "Zgurskyi", "Zgursky", "Zghurskiy"]);
        meet(&["Щербак", "Shcherbak", "Scherbak"]);
        meet(&["Віктор", "Viktor", "Victor"]);
        meet(&["Максим", "Maksym", "Maxym", "Maxim"]);
        meet(&["Ґалаґан", "Галаган", "Galagan", "Halahan"]);
        meet(&["Сергієнко", "Serhiienko", "Serhienko", "Sergiyenko"]);
        meet(&["Єлизавета", "Yelyzaveta", "Elizaveta"]);
        meet(&["Нечуй-Левицький", "Nechui-Levytskyi", "Nechuy Levytsky"]);
        meet(&["Зоя", "Zoia", "Zoya"]);
    }

    #[test]
    fn different_names_stay_apart() {
        for (one, other) in [
            ("Шевченко", "Шевчук"),
            ("Надія", "Надіїн"),
            ("Хома", "Гома"),
            ("Іван", "Іванна Петрівна"),
            ("Оля", "Ола"),
            ("112233", "123"),
        ] {
            assert_ne!(search_key(one), search_key(other), "{one} {other}");
        }
    }

    #[test]
    fn the_key_of_a_beginning_is_a_beginning_of_the_key() {
        let names = "Надія Юрій Олексій Шевченко Євген Сергієнко Згурський Щербак Христина Мар'яна В'ячеслав \
            Їжакевич Йосип Гаєвич Знам'янка Ганна Ілля Цимбалюк Короп'є Соловйов Матвєєв Даніель Счастнов \
            Nadiia Yurii Oleksiy Shevchenko Khrystyna Zghurskyi Maxym Tsymbaliuk Yuliya Shcherbak";
        for name in names.split_whitespace() {
            let key = search_key(name);
            for (end, _) in name.char_indices().skip(1) {
                let beginning = search_key(&name[..end]);
                assert!(key.starts_with(&beginning), "{} → {beginning}, {name} → {key}", &name[..end]);
            }
        }
    }

    #[test]
    fn the_exceptions_are_those_that_are_documented() {
        for (beginning, word) in [("Y", "Yevhen"), ("І", "Ієремія"), ("Vic", "Victor"), ("Sc", "Scherbak")]
        {
            assert!(!search_key(word).starts_with(&search_key(beginning)), "{beginning} {word}");
        }
    }
}
