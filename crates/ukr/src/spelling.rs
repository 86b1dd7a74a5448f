//! A Latin word and a Ukrainian one, or two Latin ones → whether they can be spellings of one name.
//!
//! Unlike a search key this never lets different letters meet: each Ukrainian letter has its own few spellings, and the
//! words must be made of them from end to end. A `□` in either word is one letter that could not be read.

use crate::fold::{fold, is_cyrillic};
use crate::latin::plain_latin;

/// A letter that could not be read.
const UNKNOWN: char = '□';

/// Ukrainian letters and groups of letters with their spellings: first the one of resolution № 55 inside a word, then its
/// first form, then what older rules (1994, 1996, 2007), passports in use and neighbours' habits have. Russian letters
/// stand at the end: they remain in documents of people who never changed their spelling.
const SPELLINGS: [(&str, &[&str]); 48] = [
    ("а", &["a"]),
    ("б", &["b"]),
    ("в", &["v", "w"]),
    ("г", &["h", "g", "gh"]),
    ("д", &["d"]),
    ("е", &["e"]),
    ("є", &["ie", "ye", "je", "e"]),
    ("ж", &["zh", "j"]),
    ("з", &["z"]),
    ("и", &["y", "i"]),
    ("і", &["i"]),
    ("ї", &["i", "yi", "ji"]),
    ("й", &["i", "y", "j"]),
    ("к", &["k", "c"]),
    ("л", &["l"]),
    ("м", &["m"]),
    ("н", &["n"]),
    ("о", &["o"]),
    ("п", &["p"]),
    ("р", &["r"]),
    ("с", &["s"]),
    ("т", &["t"]),
    ("у", &["u"]),
    ("ф", &["f", "ph"]),
    ("х", &["kh", "h", "ch"]),
    ("ц", &["ts", "tz", "c"]),
    ("ч", &["ch", "tch"]),
    ("ш", &["sh", "sch"]),
    ("щ", &["shch", "sch", "stch"]),
    ("ь", &[""]),
    ("ю", &["iu", "yu", "ju", "u"]),
    ("я", &["ia", "ya", "ja"]),
    // Groups that are read as one.
    ("ий", &["y", "i"]),
    ("ій", &["y", "i", "ey", "ei"]),
    ("ія", &["ia", "ya", "ja"]),
    ("ії", &["i"]),
    ("іє", &["ie", "ye", "je"]),
    ("ію", &["iu", "yu", "ju"]),
    ("ьо", &["io", "yo", "jo"]),
    ("йо", &["io", "yo", "jo"]),
    ("кс", &["x"]),
    ("кз", &["x"]),
    ("кв", &["qu", "kw"]),
    ("ы", &["y", "i"]),
    ("э", &["e"]),
    ("ё", &["e", "io", "yo", "jo"]),
    ("ъ", &[""]),
    ("ў", &["u", "w"]),
];

/// Whether `latin` can be a Latin spelling of `cyrillic`: Nadiia, Nadia and Nadiya of Надія. Case, apostrophes, hyphens and
/// spaces count for nothing; a doubled consonant may be written once.
#[must_use]
pub fn may_spell(latin: &str, cyrillic: &str) -> bool {
    let latin: Vec<char> = letters(&plain_latin(&fold(latin)));
    let cyrillic: Vec<char> = letters(&fold(cyrillic));
    if latin.is_empty() || cyrillic.is_empty() {
        return false;
    }
    reaches(cyrillic.len(), latin.len(), |at, to| {
        let (left, right) = (cyrillic.get(at.0..).unwrap_or_default(), latin.get(at.1..).unwrap_or_default());
        if left.first() == Some(&UNKNOWN) {
            // Up to four Latin letters: щ.
            (0..=right.len().min(4)).for_each(|taken| to((at.0 + 1, at.1 + taken)));
        }
        for (unit, spellings) in SPELLINGS {
            for taken in units(left, unit) {
                for spelling in spellings {
                    if begins(right, spelling) {
                        to((at.0 + taken, at.1 + spelling.len()));
                    }
                }
            }
        }
    })
}

/// Whether two Latin words can be spellings of one Ukrainian word: Nadiia and Nadia, Yurii and Iurij.
#[must_use]
pub fn may_spell_one(one: &str, other: &str) -> bool {
    let one: Vec<char> = letters(&plain_latin(&fold(one)));
    let other: Vec<char> = letters(&plain_latin(&fold(other)));
    if one.is_empty() || other.is_empty() {
        return false;
    }
    reaches(one.len(), other.len(), |at, to| {
        let (left, right) = (one.get(at.0..).unwrap_or_default(), other.get(at.1..).unwrap_or_default());
        if let (Some(a), Some(b)) = (left.first(), right.first())
            && (a == b || *a == UNKNOWN || *b == UNKNOWN)
        {
            to((at.0 + 1, at.1 + 1));
            doubled(left).into_iter().for_each(|()| to((at.0 + 2, at.1 + 1)));
            doubled(right).into_iter().for_each(|()| to((at.0 + 1, at.1 + 2)));
        }
        for (unit, spellings) in SPELLINGS {
            for a in ways(unit, spellings).filter(|way| begins(left, way)) {
                for b in ways(unit, spellings).filter(|way| begins(right, way)) {
                    if !(a.is_empty() && b.is_empty()) {
                        to((at.0 + a.len(), at.1 + b.len()));
                    }
                }
            }
        }
    })
}

/// The spellings of a group as a whole, and letter by letter where it has two letters: Nadia and Nadiya.
fn ways<'a>(unit: &'a str, spellings: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    let mut letters = unit.chars();
    let pair = letters.next().zip(letters.next());
    let apart = pair.into_iter().flat_map(|(first, second)| {
        of(first).iter().flat_map(move |a| of(second).iter().map(move |b| format!("{a}{b}")))
    });
    spellings.iter().map(|spelling| (*spelling).to_owned()).chain(apart)
}

fn of(letter: char) -> &'static [&'static str] {
    let mut all = SPELLINGS.iter();
    let found = all.find(|(unit, _)| unit.chars().eq([letter]));
    found.map_or(&[], |(_, spellings)| *spellings)
}

/// Whether steps lead from the beginnings of both words to their ends.
fn reaches(one: usize, other: usize, steps: impl Fn((usize, usize), &mut dyn FnMut((usize, usize)))) -> bool {
    let width = other + 1;
    let mut reached = vec![false; (one + 1) * width];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for at in 0..reached.len() {
        if reached.get(at).is_some_and(|reached| *reached) {
            steps((at / width, at % width), &mut |(i, j)| {
                if i <= one
                    && j <= other
                    && let Some(next) = reached.get_mut(i * width + j)
                {
                    *next = true;
                }
            });
        }
    }
    reached.last().is_some_and(|reached| *reached)
}

/// How many letters of `left` the group takes: one form or, for a consonant that stands twice, two.
fn units(left: &[char], unit: &str) -> Vec<usize> {
    let count = unit.chars().count();
    if !left.iter().take(count).copied().eq(unit.chars()) {
        return Vec::new();
    }
    let twice = count == 1 && doubled(left).is_some();
    std::iter::once(count).chain(twice.then_some(2)).collect()
}

/// Whether it begins with a consonant that stands twice.
fn doubled(left: &[char]) -> Option<()> {
    let [first, second, ..] = left else { return None };
    let vowel = "аеєиіїоуюяaeiouy□".contains(*first);
    (first == second && !vowel).then_some(())
}

fn begins(text: &[char], spelling: &str) -> bool {
    let mut text = text.iter();
    spelling.chars().all(|letter| text.next().is_some_and(|c| *c == letter || *c == UNKNOWN))
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric() || *c == UNKNOWN || is_cyrillic(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transliterate;

    /// A Ukrainian name and Latin spellings that people have of it.
    const SPELLED: [(&str, &str); 34] = [
        ("Надія", "Nadiia Nadia Nadiya Nadija NADIYA"),
        ("Юрій", "Yurii Yuriy Yuri Yury Iurii Jurij Iurij Yurij"),
        ("Олексій", "Oleksii Oleksiy Oleksij Olexiy Oleksiі"),
        ("Шевченко", "Shevchenko SHEVCHENKO Ševčenko"),
        ("Євген", "Yevhen Ievgen Evgen Jevhen Yevgen"),
        ("Сергій", "Serhii Serhiy Sergii Sergiy Sergey Sergei"),
        ("Наталія", "Nataliia Nataliya Natalia Natalya"),
        ("Ілля", "Illia Ilya Illya Ilia"),
        ("Мар’яна", "Mariana Maryana"),
        ("Згурський", "Zghurskyi Zgurskyi Zgursky Zghurskiy Zhurskyi"),
        ("Щербак", "Shcherbak Scherbak Stcherbak"),
        ("Віктор", "Viktor Victor Wiktor"),
        ("Максим", "Maksym Maxym Maxim Maksim"),
        ("Ґалаґан", "Galagan Halahan"),
        ("Сергієнко", "Serhiienko Serhienko Sergiyenko Sergienko"),
        ("Єлизавета", "Yelyzaveta Elizaveta Yelizaveta"),
        ("Нечуй-Левицький", "Nechui-Levytskyi Nechuy-Levytsky Nechui-Levitskiy"),
        ("Зоя", "Zoia Zoya Zoja"),
        ("Людмила", "Liudmyla Lyudmyla Ludmila Liudmila"),
        ("Ігор", "Ihor Igor"),
        ("Михайло", "Mykhailo Mykhaylo Mihailo Mychajlo"),
        ("Геннадій", "Hennadii Gennady Genadiy Hennadiy"),
        ("Альона", "Aliona Alyona Alona"),
        ("Соловйов", "Soloviov Solovyov"),
        ("Ксенія", "Kseniia Ksenia Xenia Xeniya"),
        ("Філіпчук", "Filipchuk Philipchuk"),
        ("Їжакевич", "Yizhakevych Izhakevych"),
        ("Андрій", "Andrii Andriy Andrij Andri"),
        ("Тетяна", "Tetiana Tetyana"),
        ("Цимбалюк", "Tsymbaliuk Tsymbalyuk Cymbaliuk"),
        ("Хома", "Khoma Homa"),
        ("В'ячеслав", "Viacheslav Vyacheslav"),
        ("Яків", "Yakiv Iakiv"),
        ("Розгон", "Rozghon Rozgon Rozhon"),
    ];

    #[test]
    fn every_kept_spelling_of_a_name_may_spell_it() {
        for (name, spellings) in SPELLED {
            for spelling in spellings.split_whitespace() {
                assert!(may_spell(spelling, name), "{spelling} {name}");
            }
        }
    }

    #[test]
    fn two_kept_spellings_of_one_name_may_spell_one() {
        for (name, spellings) in SPELLED {
            for one in spellings.split_whitespace() {
                for other in spellings.split_whitespace() {
                    assert!(may_spell_one(one, other), "{one} {other}, {name}");
                }
            }
        }
    }

    #[test]
    fn the_official_spelling_of_every_word_may_spell_it() {
        let words = "Алушта Борщагівка Гадяч Ґорґани Єнакієве Гаєвич Короп'є Жежелів Мар'їне Йосипівка Стрий Їжак \
            Знам'янка Феодосія Корюківка Ужгород Згорани Щасливівна Ганна-Їванна Об’єднаний Йосипенко-Ґудзь";
        for word in words.split_whitespace() {
            assert!(may_spell(&transliterate(word), word), "{word}");
        }
    }

    #[test]
    fn other_names_are_not_spelled_so() {
        for (latin, name) in [
            ("Nadiia", "Надій"),
            ("Ivan", "Іванна"),
            ("Ivanna", "Іван"),
            ("Shevchuk", "Шевченко"),
            ("Olena", "Олег"),
            ("Homa", "Кома"),
            ("Hanna", "Анна"),
            ("Maria", "Дарія"),
            ("Dmytro", "Дмитрук"),
            ("Ola", "Оля"),
            ("", "Оля"),
            ("Olia", ""),
        ] {
            assert!(!may_spell(latin, name), "{latin} {name}");
        }
        for (one, other) in
            [("Ivan", "Ivanna"), ("Olena", "Oleh"), ("Khoma", "Goma"), ("Ola", "Olha"), ("", "")]
        {
            assert!(!may_spell_one(one, other), "{one} {other}");
            assert!(!may_spell_one(other, one), "{other} {one}");
        }
    }

    #[test]
    fn a_letter_that_was_not_read_is_any_one() {
        assert!(may_spell("Shevch□nko", "Шевченко"));
        assert!(may_spell("Shcherbak", "□ербак"));
        assert!(may_spell("□evchenko", "Шевченко") || may_spell("□□evchenko", "Шевченко"));
        assert!(!may_spell("Shevch□nko", "Шевчук"));
        assert!(may_spell_one("Nad□ia", "Nadia"));
        assert!(!may_spell_one("Nad□ia", "Olha"));
    }
}
