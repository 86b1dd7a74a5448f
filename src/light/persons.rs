//! What documents say of persons → whether they are of one person, of the visit's, of the signer.

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

/// Whether a letter's documents are of one person; none where there is nothing to compare.
pub(super) fn of_letter(copies: &[Copy], readings: &[Option<Reading>]) -> Option<Agreement> {
    let _ = (copies, readings);
    None
}

/// Whether a letter's documents are of the person that a visit names; none where it names nobody.
pub(super) fn with_visit(
    visit: &VisitFacts,
    copies: &[Copy],
    readings: &[Option<Reading>],
) -> Option<Agreement> {
    let _ = (visit, copies, readings);
    None
}

/// Whether a person's own signature is that of a copy's holder; none where the two have nothing to compare.
pub(super) fn with_citizen(
    certificate: &CertificateFacts,
    copy: &Copy,
    reading: Option<&Reading>,
) -> Option<Agreement> {
    let _ = (certificate, copy, reading);
    None
}
