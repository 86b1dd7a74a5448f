//! Two texts → how many letters they are apart, where `□` is any letter and letters that look the same are the same.

pub(super) use pages::UNKNOWN;

/// The letters, digits and `□` of a text, folded, lookalikes of the two alphabets made one.
pub(super) fn looks(text: &str) -> Vec<char> {
    let folded = ukr::fold(text);
    folded.chars().filter(|c| c.is_alphanumeric() || *c == UNKNOWN).map(look).collect()
}

/// One letter for all that look the same in either alphabet in capitals or small, of a folded text. Drawings do not tell them
/// apart.
pub(super) fn look(c: char) -> char {
    if !c.is_ascii() {
        return c;
    }
    let twin = pages::cyrillic_twin(c).or_else(|| pages::cyrillic_twin(c.to_ascii_uppercase()));
    twin.map_or(c, |twin| twin.to_lowercase().next().unwrap_or(twin))
}

/// Letters that are other ones, missing, too many, or swapped with their neighbour.
pub(super) fn apart(one: &[char], other: &[char]) -> usize {
    let same = |a: Option<&char>, b: Option<&char>| {
        a == b || [a, b].into_iter().any(|letter| letter == Some(&UNKNOWN))
    };
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut next = vec![i];
        for j in 1..=other.len() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let (a, b) = (one.get(i - 1), other.get(j - 1));
            let mut least = (at(&row, j - 1) + usize::from(!same(a, b)))
                .min(at(&row, j) + 1)
                .min(next.last().copied().unwrap_or_default() + 1);
            if i > 1 && j > 1 && a == other.get(j - 2) && one.get(i - 2) == b && a != b {
                least = least.min(at(&before, j - 2) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirteen_letters_of_either_alphabet_look_the_same() {
        let looks: String = ('a'..='z').map(look).collect();
        assert_eq!(looks, "авсdеfgніjкlмnорqrsтuvwхуz");
        assert_eq!(look('щ'), 'щ');
    }

    #[test]
    fn letters_apart_are_counted_in_both_directions() {
        for (one, other, count) in [
            ("іван", "іван", 0),
            ("іван", "івaн", 0),
            ("ІВАН", "іван", 0),
            ("іван", "івна", 1),
            ("іван", "іва", 1),
            ("і□ан", "іван", 0),
            ("□□□□", "олег", 0),
            ("□□□", "олег", 1),
            ("олена", "олег", 2),
            ("", "олег", 4),
            ("COM", "СОМ", 0),
        ] {
            assert_eq!(apart(&looks(one), &looks(other)), count, "{one} {other}");
            assert_eq!(apart(&looks(other), &looks(one)), count, "{other} {one}");
        }
    }
}
