//! What documents say of persons → whether they are of one person, of the visit's, of the signer.

mod document;
mod name;
mod number;
mod person;
mod word;

use self::document::Document;
use self::person::{Asker, Person};
use super::kinds::Whose;
use crate::model::{CertificateFacts, Copy, GroundFact, Reading, VisitFacts};

/// How two descriptions of a person stand to each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Agreement {
    /// They agree in everything that both say.
    Agree,
    /// One of them does not say enough.
    Unclear,
    /// Another spelling of the same name.
    Spelling(Values),
    /// Another person.
    Differ(Values),
}

/// Two values that should agree.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Values {
    /// The field's name in the templates.
    pub(super) field: String,
    /// The one.
    pub(super) one: String,
    /// The other.
    pub(super) other: String,
}

impl Values {
    /// The same as a ground's fact.
    pub(super) fn fact(&self) -> GroundFact {
        let Self { field, one, other } = self.clone();
        GroundFact::Values { field, one, other }
    }
}

impl Agreement {
    const fn severity(&self) -> u8 {
        match self {
            Self::Agree => 0,
            Self::Unclear => 1,
            Self::Spelling(_) => 2,
            Self::Differ(_) => 3,
        }
    }

    /// Whether a number, or the birth date in it, tells two persons apart.
    fn is_by_number(&self) -> bool {
        matches!(self, Self::Differ(values) if ["rnokpp", "unzr", "birth-date"].contains(&values.field.as_str()))
    }

    /// The better one of two, the first where they are equally good.
    fn better(self, other: Self) -> Self {
        if other.severity() < self.severity() { other } else { self }
    }

    /// The worse one of two, the first where they are equally bad.
    fn worse(self, other: Self) -> Self {
        if other.severity() > self.severity() { other } else { self }
    }
}

/// Whether a letter's documents are of one person; none where there is nothing to compare: fewer than two of them name
/// anybody, or should.
pub(super) fn of_letter(copies: &[Copy], readings: &[Option<Reading>]) -> Option<Agreement> {
    let documents = Document::read(copies, readings);
    let expected = documents.iter().filter(|document| document.names_somebody() || document.kind.names);
    if expected.count() < 2 {
        return None;
    }
    let silent = documents.iter().any(|document| document.kind.names && !document.names_somebody());
    let mut worst = if silent { Agreement::Unclear } else { Agreement::Agree };
    let named: Vec<&Document> = documents.iter().filter(|document| document.names_somebody()).collect();
    for (at, one) in named.iter().enumerate() {
        if one.is_firm() {
            let later = named.iter().skip(at + 1).filter(|other| other.is_firm());
            worst = later.map(|other| one.with(other)).fold(worst, Agreement::worse);
        } else {
            // It is enough that it fits one of the others.
            let others = named.iter().enumerate().filter(|(other, _)| *other != at);
            let fits = others.map(|(_, other)| one.with(other)).reduce(Agreement::better);
            worst = fits.into_iter().fold(worst, Agreement::worse);
        }
    }
    Some(worst)
}

/// Whether a letter's documents are of the person that a visit names; none where it names nobody.
pub(super) fn with_visit(
    visit: &VisitFacts,
    copies: &[Copy],
    readings: &[Option<Reading>],
) -> Option<Agreement> {
    let expected = Person::given(&visit.name, visit.rnokpp.as_deref());
    if !expected.is_named() || copies.is_empty() {
        return None;
    }
    let documents = Document::read(copies, readings);
    let named = || documents.iter().filter(|document| document.names_somebody());
    let own: Vec<&Document> = named().filter(|document| document.kind.whose == Whose::Own).collect();
    let asked: Vec<&Document> = if own.is_empty() { named().collect() } else { own };
    let answers: Vec<Agreement> =
        asked.iter().map(|document| document.is_of(&expected, Asker::Clerk)).collect();
    // Another number is another person, whatever the other documents say.
    let by_number = answers.iter().find(|answer| answer.is_by_number()).cloned();
    by_number.or_else(|| answers.into_iter().reduce(Agreement::better)).or(Some(Agreement::Unclear))
}

/// Whether a person's own signature is that of a copy's holder; none where the two have nothing to compare.
pub(super) fn with_citizen(
    certificate: &CertificateFacts,
    copy: &Copy,
    reading: Option<&Reading>,
) -> Option<Agreement> {
    let signer = Person::given(&certificate.subject, certificate.rnokpp.as_deref());
    let document = Document::of(copy, reading?)?;
    (document.names_somebody() && signer.is_named()).then(|| document.is_of(&signer, Asker::Documents))
}
