//! Who asked for a copy, as it says itself, against our names.

mod organisation;

use self::organisation::{Likeness, Named};
use crate::model::{Addressee, FieldKind, ReadField, Reading, ReadingWay};

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

/// A field that was read with less than this is as doubtful as OCR's.
const SURE_PERCENT_MIN: u8 = 90;

/// Who asked for the copy of this reading.
pub(super) fn initiator(reading: &Reading, addressees: &[Addressee]) -> InitiatorFact {
    let mut fields = reading.fields.iter();
    let field = fields.find(|field| field.kind == FieldKind::RequestInitiator);
    let Some(field) = field.filter(|field| !field.value.trim().is_empty()) else {
        return InitiatorFact::Missing;
    };
    let asked = Named::of(&field.value);
    // A name that both a branch of ours and another one have is ours.
    let likeness = |ours: bool| {
        let names =
            addressees.iter().filter(|addressee| addressee.ours == ours).flat_map(|branch| &branch.names);
        names.map(|name| asked.likeness(&Named::of(name), is_loose(field))).min().unwrap_or(Likeness::Other)
    };
    let named = field.value.clone();
    match (likeness(true), likeness(false)) {
        (Likeness::Same, _) => InitiatorFact::Ours,
        (_, Likeness::Same) => InitiatorFact::OtherBranch { named },
        (Likeness::May, _) | (_, Likeness::May) => InitiatorFact::Unclear { named },
        (Likeness::Other, Likeness::Other) => InitiatorFact::Other { named },
    }
}

fn is_loose(field: &ReadField) -> bool {
    field.way == ReadingWay::Ocr || field.sure_percent < SURE_PERCENT_MIN
}
