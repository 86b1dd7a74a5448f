//! Text typed in the wrong keyboard layout → what the same keys give in the other one.

/// Keys of the US QWERTY layout and what they give in the Ukrainian ЙЦУКЕН layout («розширена» of Windows, where
/// `\` gives ґ and the backtick an apostrophe). Keys that give the same in both are left out.
const KEYS: [(&str, &str); 4] = [
    ("`qwertyuiop[]\\asdfghjkl;'zxcvbnm,./", "'йцукенгшщзхїґфівапролджєячсмитьбю."),
    ("QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>", "ЙЦУКЕНГШЩЗХЇҐФІВАПРОЛДЖЄЯЧСМИТЬБЮ"),
    ("?", ","),
    ("@#$^&", "\"№;:?"),
];

/// What the same keys give on the other keyboard layout: `itdxtyrj` → `шевченко`, `пщщпду` → `google`.
///
/// The letters of the text say which layout it was typed in. None when it has no letters, letters of both layouts,
/// or a letter that neither of them has.
#[must_use]
pub fn other_layout(text: &str) -> Option<String> {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().next()?;
    let swap = if letters().all(|c| c.is_ascii_alphabetic()) {
        to_ukrainian
    } else if letters().all(|c| to_latin(c).is_some_and(|key| key != c)) {
        to_latin
    } else {
        return None;
    };
    Some(text.chars().map(|c| swap(c).unwrap_or(c)).collect())
}

fn to_ukrainian(c: char) -> Option<char> {
    pairs().find(|(latin, _)| *latin == c).map(|(_, ukrainian)| ukrainian)
}

fn to_latin(c: char) -> Option<char> {
    pairs().find(|(_, ukrainian)| *ukrainian == c).map(|(latin, _)| latin)
}

fn pairs() -> impl Iterator<Item = (char, char)> {
    KEYS.iter().flat_map(|(latin, ukrainian)| latin.chars().zip(ukrainian.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn both_ways(latin: &str, ukrainian: &str) {
        assert_eq!(other_layout(latin).as_deref(), Some(ukrainian));
        assert_eq!(other_layout(ukrainian).as_deref(), Some(latin));
    }

    #[test]
    fn rows_of_keys_are_equally_long() {
        for (latin, ukrainian) in KEYS {
            assert_eq!(latin.chars().count(), ukrainian.chars().count(), "{latin}");
        }
    }

    #[test]
    fn a_name_typed_in_the_other_layout_is_found() {
        both_ways("itdxtyrj", "шевченко");
        both_ways("Itdxtyrj", "Шевченко");
        both_ways("]df", "їва");
        both_ways("'ldsyf", "єдвіна");
        both_ways("\\fkf\\fy", "ґалаґан");
        both_ways("Vfh`zyf", "Мар'яна");
        both_ways(".hsq", "юрій");
        both_ways("<jh,f", "Борба");
        both_ways("{hbcnbyf #5", "Христина №5");
        assert_eq!(other_layout("пщщпду").as_deref(), Some("google"));
    }

    #[test]
    fn digits_spaces_and_hyphens_are_the_same_in_both() {
        both_ways("2026-03 gfcgjhn", "2026-03 паспорт");
    }

    #[test]
    fn a_text_of_both_layouts_of_none_or_of_another_one_has_no_twin() {
        for text in ["", "2026-03", "?!", "abcабв", "подъезд", "café", "žena"] {
            assert_eq!(other_layout(text), None, "{text}");
        }
    }
}
