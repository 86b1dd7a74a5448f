//! Names as documents, certificates and clerks write them → their parts, and how well two names fit.

use std::cmp::Reverse;

use super::word::{self, Fit, Word, words};
use crate::light::kinds;

/// A name whose parts are told apart in one way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Name {
    pub(super) surname: Option<Part>,
    pub(super) given: Option<Part>,
    pub(super) patronymic: Option<Part>,
}

/// A part of a name: as it is written, and its words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) said: String,
    words: Vec<Word>,
    /// OCR read it, or it was read with doubt.
    loose: bool,
}

/// Words of a whole name that are looked at; more are no name.
const WORDS_MAX: usize = 7;

impl Part {
    /// The part that a value says; none where it says that nothing is known.
    pub(super) fn of(said: &str, loose: bool) -> Option<Self> {
        let words = words(said);
        let nothing = words.is_empty() || kinds::is_not_given(said);
        (!nothing).then(|| Self { said: said.trim().to_owned(), words, loose })
    }

    fn has_patronymic(&self) -> bool {
        self.said.split_whitespace().count() > 1 && self.words.last().is_some_and(Word::is_patronymic)
    }
}

/// The ways to tell given names from the patronymic behind them.
pub(super) fn given_and_patronymic(said: &str, loose: bool) -> Vec<(Option<Part>, Option<Part>)> {
    let Some(all) = Part::of(said, loose) else { return Vec::new() };
    let tokens: Vec<&str> = said.split_whitespace().collect();
    let Some((last, given)) = tokens.split_last().filter(|(_, given)| !given.is_empty()) else {
        return vec![(Some(all), None)];
    };
    let parted = (Part::of(&given.join(" "), loose), Part::of(last, loose));
    if all.has_patronymic() { vec![parted] } else { vec![(Some(all), None), parted] }
}

/// The ways to tell the parts of a whole name: the surname stands first or last, the patronymic behind the given names. A
/// single word is a surname or, where a clerk typed it, a given name.
pub(super) fn whole(said: &str, loose: bool) -> Vec<Name> {
    let said = said.replace(['.', ','], " ");
    let tokens: Vec<&str> = said.split_whitespace().filter(|token| !words(token).is_empty()).collect();
    if tokens.is_empty() || tokens.len() > WORDS_MAX || kinds::is_not_given(&said) {
        return Vec::new();
    }
    let part = |tokens: &[&str]| Part::of(&tokens.join(" "), loose);
    let mut names = Vec::new();
    for cut in 1..=tokens.len() {
        let Some((first, rest)) = tokens.split_at_checked(cut) else { continue };
        for (surname, given) in [(first, rest), (rest, first)] {
            let ways = given_and_patronymic(&given.join(" "), loose);
            let surname = part(surname);
            if ways.is_empty() {
                names.push(Name { surname: surname.clone(), ..Name::default() });
            }
            names.extend(ways.into_iter().map(|(given, patronymic)| Name {
                surname: surname.clone(),
                given,
                patronymic,
            }));
        }
    }
    // «Надія Іванівна»
    let is_addressed = |name: &Name| {
        let is_patronymic = |part: &Part| part.words.iter().any(Word::is_patronymic);
        tokens.len() == 2 && name.surname.is_none() && name.patronymic.as_ref().is_some_and(is_patronymic)
    };
    let is_whole = |name: &Name| name.surname.is_some() && name.given.is_some();
    let plausible = |name: &Name| tokens.len() == 1 || is_whole(name) || is_addressed(name);
    names.retain(plausible);
    names.dedup();
    names
}

/// How well the parts of two names fit; none: not both have it.
#[derive(Clone, Debug, Default)]
pub(super) struct NameFit<'a> {
    pub(super) parts: Vec<PartFit<'a>>,
}

/// How well one part fits.
#[derive(Clone, Debug)]
pub(super) struct PartFit<'a> {
    /// The field's name in the templates.
    pub(super) field: &'static str,
    pub(super) fit: Fit,
    pub(super) one: &'a Part,
    pub(super) other: &'a Part,
}

impl<'a> NameFit<'a> {
    /// The same with the parts of another fit where this one lacks them, or cannot tell.
    pub(super) fn filled(mut self, other: Self) -> Self {
        for part in other.parts {
            match self.parts.iter_mut().find(|own| own.field == part.field) {
                Some(own) if own.fit == Fit::May => *own = part,
                Some(_) => {}
                None => self.parts.push(part),
            }
        }
        self
    }

    pub(super) fn of(&self, field: &str) -> Option<Fit> {
        self.parts.iter().find(|part| part.field == field).map(|part| part.fit)
    }

    pub(super) fn worst(&self) -> Option<Fit> {
        self.parts.iter().map(|part| part.fit).max()
    }

    /// Better ones are less.
    pub(super) fn rank(&self) -> (Fit, usize, Reverse<usize>) {
        let weight = |part: &PartFit<'a>| match part.fit {
            Fit::Same => 0,
            Fit::May => 1,
            Fit::Spelling => 2,
            Fit::Differ => 6,
        };
        let worst = self.worst().unwrap_or(Fit::May);
        (worst, self.parts.iter().map(weight).sum(), Reverse(self.parts.len()))
    }
}

pub(super) const SURNAME: &str = "surname";
pub(super) const GIVEN: &str = "given-names";
pub(super) const PATRONYMIC: &str = "patronymic";

/// The best fit among the ways to read two names; none where one of them is not said.
pub(super) fn best<'a>(one: &'a [Name], other: &'a [Name]) -> Option<NameFit<'a>> {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| compare(a, b)));
    pairs.filter(|fit| !fit.parts.is_empty()).min_by_key(NameFit::rank)
}

fn compare<'a>(one: &'a Name, other: &'a Name) -> NameFit<'a> {
    let parts = [
        (SURNAME, &one.surname, &other.surname),
        (GIVEN, &one.given, &other.given),
        (PATRONYMIC, &one.patronymic, &other.patronymic),
    ];
    let both =
        parts.into_iter().filter_map(|(field, one, other)| Some((field, one.as_ref()?, other.as_ref()?)));
    let fitted = |(field, one, other)| PartFit { field, fit: part(one, other), one, other };
    let mut parts: Vec<PartFit<'a>> = both.map(fitted).collect();
    // Without a surname a given name is not enough where a patronymic is said and cannot be compared.
    let is_bare = |one: &Name, other: &Name| {
        one.surname.is_none() && one.patronymic.is_some() && other.patronymic.is_none()
    };
    if is_bare(one, other) || is_bare(other, one) {
        parts.iter_mut().for_each(|part| part.fit = part.fit.max(Fit::May));
    }
    NameFit { parts }
}

/// How well two parts fit: word by word; of a double one a part alone is another spelling.
fn part(one: &Part, other: &Part) -> Fit {
    let loose = one.loose || other.loose;
    let (long, short) = if one.words.len() >= other.words.len() { (one, other) } else { (other, one) };
    if long.words.len() == short.words.len() {
        let pairs = long.words.iter().zip(&short.words);
        return pairs.map(|(a, b)| word::compare(a, b, loose)).max().unwrap_or(Fit::May);
    }
    if word::compare(&Word::joined(&long.words), &Word::joined(&short.words), false) == Fit::Same {
        return Fit::Same;
    }
    // Each word of the short one among the long one's, in their order.
    let mut rest = long.words.iter();
    let found = short.words.iter().all(|a| rest.any(|b| word::compare(a, b, loose) < Fit::Differ));
    if found { Fit::Spelling } else { Fit::Differ }
}
