//! What a copy, a certificate or a clerk says of a person → how well two of them agree.

use super::name::{self, GIVEN, Name, NameFit, Part, SURNAME};
use super::number::{self, NumberKind, Said};
use super::word::Fit;
use super::{Agreement, Values};
use crate::light::kinds;
use crate::model::{ReadField, Reading, ReadingWay};

/// A person as somebody describes him.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    /// The ways to read the name.
    names: Vec<Name>,
    /// The ways to read the name in Latin letters beside it.
    latin: Vec<Name>,
    born: Option<Said>,
    rnokpp: Option<Said>,
    unzr: Option<Said>,
    /// All of the name, as it is written.
    pub(super) said: String,
}

/// Who asks whether two descriptions agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asker {
    /// Two documents, each of which names its holder whole.
    Documents,
    /// A clerk, who typed as much as was needed.
    Clerk,
}

/// Fields that were read with less than this are as doubtful as OCR's.
const SURE_PERCENT_MIN: u8 = 90;

/// One value of a document that two persons' are compared by.
struct Compared {
    fit: Fit,
    values: Values,
}

impl Person {
    /// Whom a copy names as its holder.
    pub(super) fn holder(reading: &Reading) -> Self {
        let fields = kinds::holder_fields();
        let get = |name: &str| field(reading, name);
        let part = |name: &str| get(name).and_then(|field| Part::of(&field.value, is_loose(field)));
        let patronymic = part(&fields.patronymic);
        let mut ways: Vec<(Option<Part>, Option<Part>)> = Vec::new();
        if let Some(given) = get(&fields.given_and_patronymic).filter(|_| get(&fields.given).is_none()) {
            ways = name::given_and_patronymic(&given.value, is_loose(given));
        } else if let Some(given) = get(&fields.given) {
            ways = name::given_and_patronymic(&given.value, is_loose(given));
            // Beside a patronymic every other word is a given name; without one the last may be it.
            if patronymic.is_some() || ways.len() > 1 {
                ways = vec![(Part::of(&given.value, is_loose(given)), None)];
            }
        }
        let surname = part(&fields.surname);
        if ways.is_empty() && (surname.is_some() || patronymic.is_some()) {
            ways.push((None, None));
        }
        let named = |(given, behind): (Option<Part>, Option<Part>)| Name {
            surname: surname.clone(),
            given,
            patronymic: patronymic.clone().or(behind),
        };
        let mut names: Vec<Name> = ways.into_iter().map(named).collect();
        let whole =
            |name: &str| get(name).map_or_else(Vec::new, |field| name::whole(&field.value, is_loose(field)));
        if names.is_empty() {
            names = whole(&fields.whole);
        }
        let mut latin = whole(&fields.latin);
        let parted =
            Name { surname: part(&fields.surname_latin), given: part(&fields.given_latin), patronymic: None };
        latin.extend((parted != Name::default()).then_some(parted));
        let said =
            [&fields.surname, &fields.given, &fields.given_and_patronymic, &fields.patronymic, &fields.whole];
        let said = said.into_iter().filter_map(|name| get(name)).map(|field| field.value.as_str());
        Self {
            names,
            latin,
            born: get(&fields.birth_date).map(value),
            rnokpp: get(&fields.rnokpp).map(value),
            unzr: get(&fields.unzr).map(value),
            said: said.collect::<Vec<_>>().join(" "),
        }
    }

    /// A parent whom a copy names in a field, with what stands beside it.
    pub(super) fn parent(reading: &Reading, parent: &str) -> Option<Self> {
        let named = field(reading, parent)?;
        let names = name::whole(&named.value, is_loose(named));
        let beside = |what: &str| field(reading, &format!("{parent}-{what}")).map(value);
        let person = Self {
            names,
            born: beside("birth-date"),
            rnokpp: beside("rnokpp"),
            said: named.value.clone(),
            ..Self::default()
        };
        (!person.names.is_empty()).then_some(person)
    }

    /// A person of whom a name, in any order, and a РНОКПП are given.
    pub(super) fn given(name: &str, rnokpp: Option<&str>) -> Self {
        let rnokpp = rnokpp.map(|number| Said {
            said: number.to_owned(),
            plain: Some(number.to_owned()),
            loose: false,
        });
        Self { names: name::whole(name, false), rnokpp, said: name.trim().to_owned(), ..Self::default() }
    }

    /// Whether anything is said that tells a person from others.
    pub(super) fn is_named(&self) -> bool {
        !self.names.is_empty() || !self.latin.is_empty() || self.rnokpp.is_some() || self.unzr.is_some()
    }

    /// The birth date as it is said, else as a number tells it, else as far as it could be read.
    fn birth(&self) -> Option<Said> {
        let said = || self.born.clone().filter(|born| born.plain.is_some());
        let told = || NumberKind::ALL.into_iter().find_map(|kind| number::born(kind, self.number(kind)?));
        said().or_else(told).or_else(|| self.born.clone())
    }

    /// The year of birth.
    pub(super) fn birth_year(&self) -> Option<i32> {
        self.birth()?.plain?.get(..4)?.parse().ok()
    }

    const fn number(&self, kind: NumberKind) -> Option<&Said> {
        match kind {
            NumberKind::Rnokpp => self.rnokpp.as_ref(),
            NumberKind::Unzr => self.unzr.as_ref(),
        }
    }
}

fn field<'a>(reading: &'a Reading, name: &str) -> Option<&'a ReadField> {
    reading.fields.iter().find(|field| field.name == name)
}

fn is_loose(field: &ReadField) -> bool {
    field.way == ReadingWay::Ocr || field.sure_percent < SURE_PERCENT_MIN
}

fn value(field: &ReadField) -> Said {
    Said { said: field.value.clone(), plain: field.plain.clone(), loose: is_loose(field) }
}

/// How two descriptions agree.
pub(super) fn compare(one: &Person, other: &Person, asker: Asker) -> Agreement {
    let numbers: Vec<(NumberKind, Compared)> =
        NumberKind::ALL.into_iter().filter_map(|kind| compare_numbers(kind, one, other)).collect();
    let born = compare_births(one, other);
    let names = fit_names(one, other);
    let same_number = numbers.iter().any(|(_, number)| number.fit == Fit::Same);
    let contradicted =
        numbers.iter().map(|(_, number)| number).chain(&born).any(|compared| compared.fit > Fit::May);
    let valid = |kind: NumberKind| one.number(kind).is_some_and(|said| kind.is_valid(said));
    let proven =
        !contradicted && numbers.iter().any(|(kind, number)| number.fit == Fit::Same && valid(*kind));
    let mut compared: Vec<Compared> = names
        .as_ref()
        .map_or_else(Vec::new, |names| parts(names, same_number && !contradicted, proven, asker));
    compared.extend(born);
    compared.extend(numbers.into_iter().map(|(_, number)| number));
    let first = |fit: Fit| {
        compared.iter().find(|compared| compared.fit == fit).map(|compared| compared.values.clone())
    };
    if let Some(values) = first(Fit::Differ) {
        return Agreement::Differ(values);
    }
    if let Some(values) = first(Fit::Spelling) {
        return Agreement::Spelling(values);
    }
    let same = |field: &str| names.as_ref().and_then(|names| names.of(field)) == Some(Fit::Same);
    let both = |names: &NameFit<'_>| names.of(SURNAME).is_some() && names.of(GIVEN).is_some();
    let named = match asker {
        Asker::Documents => (same(SURNAME) || same(GIVEN)) && names.as_ref().is_some_and(both),
        Asker::Clerk => same(SURNAME) || same(GIVEN),
    };
    if same_number || named { Agreement::Agree } else { Agreement::Unclear }
}

/// How far two names are apart, for choosing the nearer one of several.
pub(super) fn distance(one: &Person, other: &Person) -> impl Ord {
    // No name at all is the farthest.
    let rank = fit_names(one, other).map(|names| names.rank());
    (rank.is_none(), rank)
}

/// The parts of two names with the weight that they have beside a number.
fn parts(names: &NameFit<'_>, same_number: bool, proven: bool, asker: Asker) -> Vec<Compared> {
    let agrees = |part: &name::PartFit<'_>| part.fit < Fit::Differ;
    let any_agrees = names.parts.iter().any(agrees);
    let given_agrees = names.of(GIVEN).is_some_and(|fit| fit < Fit::Differ);
    let weigh = |part: &name::PartFit<'_>| match (part.fit, asker) {
        // A clerk who typed a number has said who it is, unless nothing of the name fits.
        (_, Asker::Clerk) if same_number && any_agrees => Fit::Same,
        // A surname changes with a marriage, the number stays.
        (Fit::Differ, Asker::Documents) if proven && given_agrees && part.field != GIVEN => Fit::Spelling,
        (fit, _) => fit,
    };
    let compared = |part: &name::PartFit<'_>| Compared {
        fit: weigh(part),
        values: Values {
            field: part.field.to_owned(),
            one: part.one.said.clone(),
            other: part.other.said.clone(),
        },
    };
    names.parts.iter().map(compared).collect()
}

/// How the names fit. Where both are written in one way, that decides; a Latin name fills what is not read, or not said.
fn fit_names<'a>(one: &'a Person, other: &'a Person) -> Option<NameFit<'a>> {
    let own = name::best(&one.names, &other.names);
    let is_whole = own.as_ref().is_some_and(|fit| fit.of(SURNAME).is_some() && fit.of(GIVEN).is_some());
    let is_sure = own.as_ref().is_some_and(|fit| fit.worst() != Some(Fit::May));
    if is_whole && is_sure {
        return own;
    }
    let latin = name::best(&one.latin, &other.latin);
    let crossed = [(&one.names, &other.latin), (&one.latin, &other.names)];
    let crossed = crossed.into_iter().filter_map(|(one, other)| name::best(one, other));
    let by_latin = match (&own, latin) {
        (Some(_), Some(latin)) => Some(latin),
        (_, latin) => crossed.chain(latin).min_by_key(NameFit::rank),
    };
    match (own, by_latin) {
        (Some(own), Some(latin)) => Some(own.filled(latin)),
        (own, latin) => own.or(latin),
    }
}

fn compare_numbers(kind: NumberKind, one: &Person, other: &Person) -> Option<(NumberKind, Compared)> {
    let given = |said: &&Said| !kinds::is_not_given(&said.said);
    let (left, right) = (one.number(kind).filter(given)?, other.number(kind).filter(given)?);
    Some((
        kind,
        Compared { fit: number::compare(kind, left, right), values: values(kind.field(), left, right) },
    ))
}

fn compare_births(one: &Person, other: &Person) -> Option<Compared> {
    let (left, right) = (one.birth()?, other.birth()?);
    Some(Compared { fit: number::compare_days(&left, &right)?, values: values("birth-date", &left, &right) })
}

fn values(field: &str, one: &Said, other: &Said) -> Values {
    Values { field: field.to_owned(), one: one.said.clone(), other: other.said.clone() }
}
