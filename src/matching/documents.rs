//! The documents that arrived × those that a code asks for → how well they fit.

use crate::model::{Anomaly, Copy, DocumentCode};

/// How the documents of a letter fit a code's list.
pub(super) struct Fit {
    missing: Vec<DocumentCode>,
    extra: Vec<DocumentCode>,
    repeated: Vec<DocumentCode>,
    unknown: usize,
    satisfied: usize,
}

/// Lays the documents that arrived against those that were asked for.
///
/// A request for `passport` takes either passport, after the requests for that very passport have taken theirs.
pub(super) fn fit(asked: &[DocumentCode], copies: &[Copy]) -> Fit {
    let mut arrived: Vec<&DocumentCode> = Vec::new();
    let mut repeated: Vec<DocumentCode> = Vec::new();
    for document in copies.iter().filter_map(|copy| copy.document.as_ref()) {
        if !arrived.contains(&document) {
            arrived.push(document);
        } else if !repeated.contains(document) {
            repeated.push(document.clone());
        }
    }
    let mut missing: Vec<DocumentCode> = Vec::new();
    for wanted in asked {
        match arrived.iter().position(|document| *document == wanted) {
            Some(at) => drop(arrived.remove(at)),
            None => missing.push(wanted.clone()),
        }
    }
    missing.retain(|wanted| match arrived.iter().position(|document| wanted.is_satisfied_by(document)) {
        Some(at) => {
            arrived.remove(at);
            false
        }
        None => true,
    });
    Fit {
        satisfied: asked.len() - missing.len(),
        extra: arrived.into_iter().cloned().collect(),
        unknown: copies.iter().filter(|copy| copy.document.is_none()).count(),
        missing,
        repeated,
    }
}

impl Fit {
    /// Each document asked for, and no other.
    pub(super) fn is_exact(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.unknown == 0
    }

    /// Something in common, or something whose kind is unknown and might be.
    pub(super) fn is_possible(&self) -> bool {
        self.satisfied > 0 || (self.unknown > 0 && !self.missing.is_empty())
    }

    /// How far from exact: documents too few or too many; one of unknown kind may stand for a missing one.
    pub(super) fn distance(&self) -> usize {
        self.missing.len().abs_diff(self.unknown) + self.extra.len()
    }

    pub(super) fn repeated(self) -> Option<Anomaly> {
        (!self.repeated.is_empty()).then_some(Anomaly::RepeatedDocuments { documents: self.repeated })
    }

    /// What a clerk should know of the set.
    pub(super) fn anomalies(self) -> Vec<Anomaly> {
        let some = |documents: &Vec<DocumentCode>| (!documents.is_empty()).then(|| documents.clone());
        // One of unknown kind may be the missing one: a citizen is not asked again for what perhaps came.
        let perhaps_here = self.unknown >= self.missing.len();
        let missing = some(&self.missing)
            .filter(|_| !perhaps_here)
            .map(|documents| Anomaly::MissingDocuments { documents });
        let extra = some(&self.extra).map(|documents| Anomaly::ExtraDocuments { documents });
        let unknown = (self.unknown > 0).then_some(Anomaly::UnknownDocuments { count: self.unknown });
        [missing, extra, unknown, self.repeated()].into_iter().flatten().collect()
    }
}
