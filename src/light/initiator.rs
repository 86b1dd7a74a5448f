//! Who asked for a copy, as it says itself, against our names.

use crate::model::{Addressee, FieldKind, Reading};

/// Who asked for the copy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum InitiatorFact {
    /// We did.
    Ours,
    /// It does not say.
    Missing,
    /// What was read could be our name, and is not wholly read or was read by OCR with a slip.
    Unclear {
        /// As read.
        named: String,
    },
    /// Another branch of the organisation.
    OtherBranch {
        /// As it stands there.
        named: String,
    },
    /// Somebody else.
    Other {
        /// As it stands there.
        named: String,
    },
}

/// Who asked for the copy of this reading.
pub(super) fn initiator(reading: &Reading, addressees: &[Addressee]) -> InitiatorFact {
    let field = reading.fields.iter().find(|field| field.kind == FieldKind::RequestInitiator);
    let Some(named) = field.map(|field| field.value.clone()) else { return InitiatorFact::Missing };
    let words = ukr::words(&named);
    let is_named = |addressee: &&Addressee| addressee.names.iter().any(|name| ukr::words(name) == words);
    match addressees.iter().filter(is_named).map(|addressee| addressee.ours).max() {
        Some(true) => InitiatorFact::Ours,
        Some(false) => InitiatorFact::OtherBranch { named },
        None => InitiatorFact::Other { named },
    }
}
