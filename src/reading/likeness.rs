//! Two texts → how far apart they look: letters that readers take for each other are the same, `□` is any letter.

use super::UNKNOWN;

/// A text as it looks: small letters and digits, lookalikes made one, everything else left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Looks {
    letters: Vec<char>,
    /// Which letters it has, each as one of 64 bits: tells at once most texts that are far apart.
    bits: u64,
    unknown: usize,
}

/// How far a text is from a label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Apart {
    /// Letters that are other ones, missing or too many.
    pub(super) edits: usize,
    /// Letters that are not known.
    pub(super) unknown: usize,
}

impl Looks {
    pub(super) fn of(text: &str) -> Self {
        let mut looks = Self::default();
        looks.push(text);
        looks
    }

    pub(super) fn push(&mut self, text: &str) {
        let folded = ukr::fold(text);
        for c in folded.chars().filter(|c| c.is_alphanumeric() || *c == UNKNOWN).map(lookalike) {
            self.letters.push(c);
            if c == UNKNOWN {
                self.unknown += 1;
            } else {
                self.bits |= 1 << (u32::from(c) % 64);
            }
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.letters.len()
    }

    /// Edits that are forgiven by the text's length alone: OCR mistakes a letter in ten or so.
    pub(super) const fn edits_max(&self) -> usize {
        match self.len() {
            0..=4 => 0,
            5..=9 => 1,
            10..=15 => 2,
            16..=23 => 3,
            _ => 4,
        }
    }

    /// How far `read` is from this label; none when more than `edits_max` letters differ or more than a third is unknown.
    pub(super) fn apart(&self, read: &Self, edits_max: usize) -> Option<Apart> {
        // Behind a label it may be a colon.
        let (letters, unknown) = match read.letters.split_last() {
            Some((&UNKNOWN, rest)) if rest.len() == self.len() => (rest, read.unknown - 1),
            _ => (read.letters.as_slice(), read.unknown),
        };
        let lacks = usize::try_from((self.bits & !read.bits).count_ones()).unwrap_or_default();
        if self.letters.is_empty()
            || self.len().abs_diff(letters.len()) > edits_max
            || unknown * 3 > letters.len()
            || lacks > edits_max + unknown
        {
            return None;
        }
        let edits = distance(&self.letters, letters);
        (edits <= edits_max).then_some(Apart { edits, unknown })
    }

    /// Edits between two labels.
    pub(super) fn edits_to(&self, other: &Self) -> usize {
        distance(&self.letters, &other.letters)
    }
}

/// One letter for all small ones that look like it at a glance, in either case: Latin twins become Cyrillic, accents and
/// dots are dropped.
const fn lookalike(c: char) -> char {
    match c {
        'a' => 'а',
        'b' | 'ь' | 'ъ' | 'ы' => 'в',
        'c' => 'с',
        'e' | 'ё' | 'є' | 'э' => 'е',
        'h' => 'н',
        'i' | 'j' | 'l' | '1' | 'ї' | 'ï' | 'ı' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' | '0' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        '3' => 'з',
        'й' | 'u' => 'и',
        'r' => 'г',
        'щ' => 'ш',
        'n' => 'п',
        _ => c,
    }
}

/// Levenshtein's distance; `□` in the second text is any letter.
fn distance(label: &[char], read: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=read.len()).collect();
    for (done, &expected) in label.iter().enumerate() {
        let mut left = done + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (pair, &found) in row.windows(2).zip(read) {
            let &[diagonal, above] = pair else { continue };
            let same = expected == found || found == UNKNOWN;
            left = (diagonal + usize::from(!same)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn apart(label: &str, read: &str) -> Option<(usize, usize)> {
        let label = Looks::of(label);
        label.apart(&Looks::of(read), label.edits_max()).map(|apart| (apart.edits, apart.unknown))
    }

    #[test]
    fn case_spaces_signs_and_twins_make_no_difference() {
        assert_eq!(apart("Дата народження:", "ДАТА  НАРОДЖЕННЯ"), Some((0, 0)));
        assert_eq!(apart("Стать", "Ctaть :"), Some((0, 0)), "C, t and a are Latin");
        assert_eq!(apart("Ім’я та по батькові", "Імʼя тапо батькові"), Some((0, 0)));
        assert_eq!(apart("Place of birth", "PLACE OF BlRTH"), Some((0, 0)));
        assert_eq!(apart("Запис № (УНЗР)", "Запис No (УН3Р)"), None, "two letters too many in nine");
    }

    #[test]
    fn letters_that_are_not_known_may_be_any_but_not_most_of_it() {
        assert_eq!(apart("Стать", "Ст□ть"), Some((0, 1)));
        assert_eq!(apart("Дата видачі", "□ата□вид□чі"), Some((1, 3)), "one □ stands where a space is");
        assert_eq!(apart("Стать", "□□□ть"), None);
        assert_eq!(apart("Мати", "□□□□"), None);
    }

    #[test]
    fn mistakes_are_forgiven_by_length() {
        assert_eq!(apart("Мати", "Мата"), None);
        assert_eq!(apart("Стать", "Стзть"), Some((1, 0)));
        assert_eq!(apart("Громадянство", "Гpомаднство"), Some((1, 0)));
        assert_eq!(apart("Місце реєстрації проживання", "Місце реестрацн проживзння"), Some((3, 0)));
        assert_eq!(apart("Стать", ""), None);
        assert_eq!(apart("", ""), None);
    }
}
