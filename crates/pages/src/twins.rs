//! Letters that are drawn alike in Latin and in Cyrillic → one letter for all; and back, by the word they stand in.

/// Latin letters and the Cyrillic ones that look the same in nearly every typeface.
const TWINS: &[(char, char)] = &[
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Ï', 'Ї'),
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('i', 'і'),
    ('o', 'о'),
    ('p', 'р'),
    ('x', 'х'),
    ('y', 'у'),
    ('ï', 'ї'),
];
/// Signs that people and programs write for one and the same sign.
const SAME: &[(char, char)] = &[
    ('’', '\''),
    ('ʼ', '\''),
    ('‘', '\''),
    ('`', '\''),
    ('´', '\''),
    ('′', '\''),
    ('ʹ', '\''),
    ('‐', '-'),
    ('‑', '-'),
];
/// Letters whose capital is the small one drawn larger, and digits that a letter may equal: their size proves nothing
/// until the size of the line is known.
const SAME_IN_BOTH_CASES: &str = "вгґджзийїйклмнопрстуфхцчшщьюяєіВГҐДЖЗИЙЇКЛМНОПРСТУФХЦЧШЩЬЮЯЄІ\
    cfijklmopsuvwxyzCFIJKLMOPSUVWXYZ013'\".,-–—_|/\\:;";

/// Which script a run of letters is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Script {
    Cyrillic,
    Latin,
}

/// The letter that stands for all that look like it: the Cyrillic one.
pub(crate) fn look(letter: char) -> char {
    let same = SAME.iter().find(|(from, _)| *from == letter).map_or(letter, |(_, to)| *to);
    cyrillic_twin(same).unwrap_or(same)
}

/// Whether the size of a letter of this look tells the size of its line.
pub(crate) fn tells_size(look: char) -> bool {
    // The dot of і is no part of І.
    look == 'і' || !SAME_IN_BOTH_CASES.contains(look)
}

/// The letter in the other case, where that is one letter.
pub(crate) fn swapped(letter: char) -> Option<char> {
    let mut letters: Vec<char> = letter.to_lowercase().collect();
    if letters == [letter] {
        letters = letter.to_uppercase().collect();
    }
    match letters.as_slice() {
        [other] if *other != letter => Some(*other),
        _ => None,
    }
}

/// The Latin letter that is drawn like a Cyrillic one.
#[must_use]
pub fn latin_twin(cyrillic: char) -> Option<char> {
    TWINS.iter().find(|(_, other)| *other == cyrillic).map(|(latin, _)| *latin)
}

/// The Cyrillic letter that is drawn like a Latin one.
#[must_use]
pub fn cyrillic_twin(latin: char) -> Option<char> {
    TWINS.iter().find(|(other, _)| *other == latin).map(|(_, cyrillic)| *cyrillic)
}

/// The script that a letter alone proves.
fn script_of(letter: char) -> Option<Script> {
    match letter {
        _ if latin_twin(letter).is_some() => None,
        '\u{400}'..='\u{52f}' => Some(Script::Cyrillic),
        _ if letter.is_alphabetic() => Some(Script::Latin),
        _ => None,
    }
}

/// What a line says when its words are given by looks, and how sure each word is of its scripts.
///
/// A run of letters that has a letter of one script only is of that script. A run of twins alone takes the script of
/// the line where that is one and the run is a word of its own (sure to 0.9). Else it takes that of the nearest run or is
/// Cyrillic, sure to 0.5: a series such as АН, a heading 4a., the Type after Тип/ may be of both, and whoever knows what
/// stands there decides. In a run that proves both scripts a twin takes that of the letters on its sides (0.5). Twins are `□` where those contradict each other, and where a run
/// proves nothing and has letters that are not known: they might have. Behind a `□` a script is
/// proved anew, or doubtful.
pub(crate) fn spelled(words: &[Vec<char>], knows_small_l: bool) -> Vec<(String, f32)> {
    let runs: Vec<Vec<Run>> = words.iter().map(|word| runs_of(word)).collect();
    let proofs: Vec<(usize, Script)> = runs
        .iter()
        .flatten()
        .enumerate()
        .filter_map(|(place, run)| match run.proof {
            Proof::One(script) => Some((place, script)),
            _ => None,
        })
        .collect();
    let mut place = 0;
    let mut spelled = Vec::with_capacity(words.len());
    for word in &runs {
        let (mut text, mut sure) = (String::new(), 1.0_f32);
        for run in word {
            let nearest =
                || proofs.iter().min_by_key(|(at, _)| at.abs_diff(place)).map(|(_, script)| *script);
            let is_one_script = proofs.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a == b));
            let is_likely = is_one_script && is_word_of_its_own(word);
            sure = sure.min(run.spell(nearest, is_likely, knows_small_l, &mut text));
            place += 1;
        }
        spelled.push((text, sure));
    }
    spelled
}

/// Whether a word has one run of letters and no digit or slash; and no sign at all, where that run is one letter.
fn is_word_of_its_own(word: &[Run]) -> bool {
    let is_letters = |run: &&Run| run.looks.iter().any(|look| look.is_alphabetic());
    let letters: usize = word.iter().filter(is_letters).map(|run| run.looks.len()).sum();
    let is_code = word.iter().flat_map(|run| &run.looks).any(|look| look.is_numeric() || *look == '/');
    word.iter().filter(is_letters).count() == 1 && !is_code && (letters > 1 || word.len() == 1)
}

/// Letters without a sign between them, or signs without a letter.
struct Run {
    looks: Vec<char>,
    proof: Proof,
}

/// What the letters of a run say of its script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Proof {
    /// It has no twins to decide on.
    NotNeeded,
    None,
    One(Script),
    Both,
}

fn runs_of(word: &[char]) -> Vec<Run> {
    let joins = |letter: &char| letter.is_alphabetic() || matches!(letter, '\'' | '□');
    word.chunk_by(|a, b| joins(a) == joins(b))
        .map(|looks| Run { looks: looks.to_vec(), proof: proof_of(looks) })
        .collect()
}

fn proof_of(looks: &[char]) -> Proof {
    let has = |script| looks.iter().any(|look| script_of(*look) == Some(script));
    match (has(Script::Cyrillic), has(Script::Latin)) {
        (true, true) => Proof::Both,
        (true, false) => Proof::One(Script::Cyrillic),
        (false, true) => Proof::One(Script::Latin),
        (false, false) if looks.iter().any(|look| latin_twin(*look).is_some()) => Proof::None,
        (false, false) => Proof::NotNeeded,
    }
}

impl Run {
    /// Writes the run, and says how sure its scripts are.
    fn spell(
        &self,
        nearest: impl Fn() -> Option<Script>,
        is_likely: bool,
        knows_small_l: bool,
        text: &mut String,
    ) -> f32 {
        let (script, sure) = match self.proof {
            Proof::NotNeeded => (None, 1.0),
            Proof::One(script) => (Some(script), if self.is_proved_whole() { 1.0 } else { 0.5 }),
            Proof::Both => (None, 0.5),
            Proof::None if self.looks.contains(&'□') => (None, 0.5),
            Proof::None => match nearest() {
                Some(script) => (Some(script), if is_likely { 0.9 } else { 0.5 }),
                None => (Some(Script::Cyrillic), 0.5),
            },
        };
        for (place, look) in self.looks.iter().enumerate() {
            text.push(match latin_twin(*look) {
                None => *look,
                Some(latin) => match script.or_else(|| self.script_at(place)) {
                    // In many typefaces I and l are one stroke: among small letters it is known only where l is known too.
                    Some(Script::Latin) if latin == 'I' && !knows_small_l && self.has_small_letters() => '□',
                    Some(Script::Latin) => latin,
                    Some(Script::Cyrillic) => *look,
                    None => '□',
                },
            });
        }
        sure
    }

    /// Whether each part between letters that are not known proves its script: a `□` may be a slash that touches a letter, and
    /// another script begins behind it.
    fn is_proved_whole(&self) -> bool {
        let mut parts = self.looks.split(|look| *look == '□');
        parts.all(|part| matches!(proof_of(part), Proof::NotNeeded | Proof::One(_)))
    }

    fn has_small_letters(&self) -> bool {
        self.looks.iter().any(|look| look.is_lowercase())
    }

    /// The script of the letters on both sides that prove one; none where they contradict each other.
    fn script_at(&self, place: usize) -> Option<Script> {
        let before = self.looks.iter().take(place).rev().find_map(|look| script_of(*look));
        let after = self.looks.iter().skip(place).find_map(|look| script_of(*look));
        match (before, after) {
            (Some(before), Some(after)) => (before == after).then_some(before),
            (before, after) => before.or(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a line by looks and spells it again.
    fn line(text: &str) -> Vec<(String, f32)> {
        let words: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().map(look).collect()).collect();
        spelled(&words, true)
    }

    #[track_caller]
    fn returns(text: &str, sure: &[f32]) {
        let spelled = line(text);
        let joined: Vec<&str> = spelled.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(joined.join(" "), text);
        assert_eq!(spelled.iter().map(|(_, sure)| *sure).collect::<Vec<_>>(), sure);
    }

    #[test]
    fn a_word_with_letters_of_one_script_is_of_that_script() {
        returns("Diia Nadia", &[1.0, 1.0]);
        returns("Надія Хомич", &[1.0, 1.0]);
        returns("запиту: DR-44247719539502", &[1.0, 1.0]);
        returns("Дата народження/Date of birth:", &[1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_word_of_twins_alone_takes_the_script_of_its_neighbour_and_is_less_sure() {
        returns("Ініціатор запиту: ІІТ Тестовий", &[1.0, 1.0, 0.9, 1.0]);
        returns("the EXAM", &[1.0, 0.9]);
        returns("АХ 123456", &[0.5, 1.0]);
        assert_eq!(
            line("Тип/Type: 4a. B. Дата").iter().map(|(_, sure)| *sure).collect::<Vec<_>>(),
            [0.5, 0.5, 0.5, 1.0]
        );
        assert_eq!(line("Україна оса United")[1].1, 0.5);
        assert_eq!(line("AX 123456")[0], ("АХ".to_owned(), 0.5));
    }

    #[test]
    fn numbers_and_signs_are_sure() {
        returns("12.09.2018 - (5)", &[1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_word_of_both_scripts_is_doubtful_and_what_stands_between_them_is_not_known() {
        assert_eq!(line("Київstar"), [("Київstar".to_owned(), 0.5)]);
        assert_eq!(line("Київоstar"), [("Київ□star".to_owned(), 0.5)]);
    }

    #[test]
    fn twins_beside_unknown_letters_are_not_known_unless_the_word_proves_their_script() {
        assert_eq!(line("□ііа")[0].0, "□□□□");
        assert_eq!(line("Надія □ііа")[1].0, "□□□□");
        assert_eq!(line("□аdіа")[0].0, "□adia");
        assert_eq!(line("□адія 1□3")[0], ("□адія".to_owned(), 1.0));
        // The □ is a slash and a T that touch it: Тип/Type.
        assert_eq!(line("Тип□уре")[0], ("Тип□уре".to_owned(), 0.5));
    }

    #[test]
    fn a_stroke_among_small_latin_letters_is_known_only_where_l_is_known() {
        let words = [vec!['М', 'а', 'І', 'v', 'а']];
        assert_eq!(spelled(&words, false)[0].0, "Ma□va");
        assert_eq!(spelled(&words, true)[0].0, "MaIva");
        assert_eq!(spelled(&[vec!['U', 'І', 'D']], false)[0].0, "UID");
    }

    #[test]
    fn apostrophes_and_hyphens_have_one_look_each() {
        assert!("’ʼ‘`´′ʹ".chars().all(|sign| look(sign) == '\''));
        assert_eq!((look('‑'), look('–'), look('Y'), look('У')), ('-', '–', 'Y', 'У'));
        assert!(
            tells_size('і') && tells_size('а') && !tells_size('І') && !tells_size('с') && !tells_size('0')
        );
    }
}
