//! Facts → the rows that hold of them, each with its light.

use super::facts::{CodeFact, CopyFacts, Facts, Needed, ReadFact, RequestFact, SignatureFact};
use super::initiator::InitiatorFact;
use super::persons::Agreement;
use crate::model::{Ground, GroundFact, Light, LightPolicy, LightRow, VisitStanding};

/// The table: each row's light, in the order of importance. `README.md` shows it with its sentences, and a test holds
/// the two together. [`LightRow::RequestStale`] and [`LightRow::NotSigned`] have the light that policy says; this is the
/// default.
pub const TABLE: [(LightRow, Light); 52] = {
    use Light::{Amber, Green, Red};
    use LightRow as R;
    [
        (R::ContentChanged, Red),
        (R::SignatureFailed, Red),
        (R::SignatureUntrusted, Red),
        (R::SignerNotAllowed, Red),
        (R::UsedBefore, Red),
        (R::InitiatorOther, Red),
        (R::VisitPersonDiffers, Red),
        (R::VisitTaken, Red),
        (R::PersonsDiffer, Red),
        (R::CitizenDiffers, Red),
        (R::NotSigned, Red),
        (R::NoDocuments, Red),
        (R::RequestStale, Amber),
        (R::SignatureUndecided, Amber),
        (R::SetIncomplete, Amber),
        (R::InitiatorOtherBranch, Amber),
        (R::InitiatorUnasked, Amber),
        (R::InitiatorUnclear, Amber),
        (R::InitiatorMissing, Amber),
        (R::SentAgain, Amber),
        (R::RequestFuture, Amber),
        (R::RequestTimeMissing, Amber),
        (R::DocumentExpired, Amber),
        (R::SpellingDiffers, Amber),
        (R::PersonsUnclear, Amber),
        (R::VisitSpellingDiffers, Amber),
        (R::VisitPersonUnclear, Amber),
        (R::VisitOver, Amber),
        (R::Unread, Amber),
        (R::ReadLater, Amber),
        (R::PartlyRead, Amber),
        (R::SaysContradict, Amber),
        (R::CodeExpired, Amber),
        (R::CodeRetired, Amber),
        (R::CodeNotYetValid, Amber),
        (R::CodeUnknown, Amber),
        (R::CodeAmbiguous, Amber),
        (R::CodeNone, Amber),
        (R::CodeElsewhere, Amber),
        (R::SetExtra, Amber),
        (R::SetRepeated, Amber),
        (R::KindUnknown, Amber),
        (R::LetterHides, Amber),
        (R::FileHides, Amber),
        (R::SignaturePassed, Green),
        (R::InitiatorOurs, Green),
        (R::InitiatorNotNeeded, Green),
        (R::RequestFresh, Green),
        (R::SetComplete, Green),
        (R::PersonsAgree, Green),
        (R::VisitPersonAgrees, Green),
        (R::CitizenAgrees, Green),
    ]
};

/// The light of a row under a policy. What policy says of the two rows that it may change is never green.
pub(super) fn light(row: LightRow, policy: &LightPolicy) -> Light {
    match row {
        LightRow::RequestStale => policy.stale.max(Light::Amber),
        LightRow::NotSigned => policy.unsigned.max(Light::Amber),
        _ => TABLE.iter().find(|(of, _)| *of == row).map_or(Light::Red, |(_, light)| *light),
    }
}

/// Every row that holds.
pub(super) fn grounds(facts: &Facts, policy: &LightPolicy) -> Vec<Ground> {
    let mut found = Found { policy, copy: None, grounds: Vec::new() };
    of_the_letter(facts, &mut found);
    for (at, copy) in facts.copies.iter().enumerate() {
        found.copy = Some(at);
        of_a_copy(copy, &mut found);
    }
    found.grounds
}

struct Found<'a> {
    policy: &'a LightPolicy,
    copy: Option<usize>,
    grounds: Vec<Ground>,
}

impl Found<'_> {
    fn row(&mut self, row: LightRow, fact: Option<GroundFact>) {
        self.grounds.push(Ground { row, light: light(row, self.policy), copy: self.copy, fact });
    }

    /// The rows of a comparison of persons: what agrees, what is unclear, another spelling, somebody else.
    fn agreement(&mut self, agreement: &Agreement, rows: [LightRow; 4]) {
        let [agrees, unclear, spelling, differs] = rows;
        match agreement {
            Agreement::Agree => self.row(agrees, None),
            Agreement::Unclear => self.row(unclear, None),
            Agreement::Spelling(values) => self.row(spelling, Some(values.fact())),
            Agreement::Differ(values) => self.row(differs, Some(values.fact())),
        }
    }
}

fn of_the_letter(facts: &Facts, found: &mut Found<'_>) {
    if facts.copies.is_empty() {
        found.row(LightRow::NoDocuments, None);
    }
    for signature in &facts.loose_signatures {
        of_a_signature(signature, found);
    }
    for code in &facts.code {
        let (row, codes) = match code {
            CodeFact::Expired(code) => (LightRow::CodeExpired, vec![*code]),
            CodeFact::Retired(code) => (LightRow::CodeRetired, vec![*code]),
            CodeFact::NotYetValid(code) => (LightRow::CodeNotYetValid, vec![*code]),
            CodeFact::Unknown => (LightRow::CodeUnknown, vec![]),
            CodeFact::Ambiguous(codes) => (LightRow::CodeAmbiguous, codes.clone()),
            CodeFact::None => (LightRow::CodeNone, vec![]),
            CodeFact::Elsewhere => (LightRow::CodeElsewhere, vec![]),
        };
        found.row(row, (!codes.is_empty()).then_some(GroundFact::Codes { codes }));
    }
    // One of unknown kind may stand for a missing one, or not.
    let all_known = facts.copies.iter().all(|copy| copy.kind_known);
    if facts.asked_for && facts.missing.is_empty() && all_known {
        found.row(LightRow::SetComplete, None);
    }
    for (documents, row) in [
        (&facts.missing, LightRow::SetIncomplete),
        (&facts.extra, LightRow::SetExtra),
        (&facts.repeated, LightRow::SetRepeated),
    ] {
        if !documents.is_empty() {
            found.row(row, Some(GroundFact::Documents { documents: documents.clone() }));
        }
    }
    for defect in &facts.hides {
        found.row(LightRow::LetterHides, Some(GroundFact::Defect { defect: defect.clone() }));
    }
    if let Some(persons) = &facts.persons {
        let rows = [
            LightRow::PersonsAgree,
            LightRow::PersonsUnclear,
            LightRow::SpellingDiffers,
            LightRow::PersonsDiffer,
        ];
        found.agreement(persons, rows);
    }
    if let Some(visit) = &facts.visit {
        let fact = Some(GroundFact::Visit { visit: visit.visit });
        match visit.standing {
            VisitStanding::Taken => found.row(LightRow::VisitTaken, fact),
            VisitStanding::Over => found.row(LightRow::VisitOver, fact),
            VisitStanding::Claimed | VisitStanding::Waits => {}
        }
        if let Some(person) = &visit.person {
            let rows = [
                LightRow::VisitPersonAgrees,
                LightRow::VisitPersonUnclear,
                LightRow::VisitSpellingDiffers,
                LightRow::VisitPersonDiffers,
            ];
            found.agreement(person, rows);
        }
    }
}

fn of_a_copy(copy: &CopyFacts, found: &mut Found<'_>) {
    of_a_signature(&copy.signature, found);
    if let Some(citizen) = &copy.citizen {
        let rows = [
            LightRow::CitizenAgrees,
            LightRow::PersonsUnclear,
            LightRow::SpellingDiffers,
            LightRow::CitizenDiffers,
        ];
        found.agreement(citizen, rows);
    }
    of_the_initiator(copy, found);
    let requested = |at, received_at| Some(GroundFact::Requested { at, received_at });
    match copy.request {
        RequestFact::Fresh { at, received_at } => {
            found.row(LightRow::RequestFresh, requested(at, received_at));
        }
        RequestFact::Missing => found.row(LightRow::RequestTimeMissing, None),
        RequestFact::Future { at, received_at } => {
            found.row(LightRow::RequestFuture, requested(at, received_at));
        }
        RequestFact::Stale { at, received_at } => {
            found.row(LightRow::RequestStale, requested(at, received_at));
        }
    }
    for earlier in &copy.earlier {
        let row = if earlier.elsewhere { LightRow::UsedBefore } else { LightRow::SentAgain };
        let fact = GroundFact::Earlier { filing: earlier.filing, branch: earlier.branch.clone() };
        found.row(row, Some(fact));
    }
    if let Some(day) = copy.ended {
        found.row(LightRow::DocumentExpired, Some(GroundFact::Day { day: day.to_string() }));
    }
    match copy.read {
        ReadFact::Whole => {}
        ReadFact::Partly { unread } => found.row(LightRow::PartlyRead, Some(GroundFact::Letters { unread })),
        ReadFact::Later => found.row(LightRow::ReadLater, None),
        ReadFact::Not { trouble } => {
            found.row(LightRow::Unread, trouble.map(|trouble| GroundFact::Trouble { trouble }));
        }
    }
    for warning in &copy.warnings {
        found.row(LightRow::SaysContradict, Some(GroundFact::Warning { warning: warning.clone() }));
    }
    for oddity in &copy.oddities {
        found.row(LightRow::FileHides, Some(GroundFact::Oddity { oddity: *oddity }));
    }
    if !copy.kind_known {
        found.row(LightRow::KindUnknown, None);
    }
}

fn of_a_signature(signature: &SignatureFact, found: &mut Found<'_>) {
    let why = |why| Some(GroundFact::Signature { why });
    match signature {
        SignatureFact::Passed => found.row(LightRow::SignaturePassed, None),
        SignatureFact::Undecided(sub) => found.row(LightRow::SignatureUndecided, why(*sub)),
        SignatureFact::NotSigned => found.row(LightRow::NotSigned, None),
        SignatureFact::SignerNotAllowed(edrpou) => {
            found.row(LightRow::SignerNotAllowed, Some(GroundFact::Signers { edrpou: edrpou.clone() }));
        }
        SignatureFact::Untrusted(sub) => found.row(LightRow::SignatureUntrusted, why(*sub)),
        SignatureFact::Failed(sub) => found.row(LightRow::SignatureFailed, why(*sub)),
        SignatureFact::Changed => found.row(LightRow::ContentChanged, None),
    }
}

fn of_the_initiator(copy: &CopyFacts, found: &mut Found<'_>) {
    let named = |named: &String| Some(GroundFact::Initiator { named: named.clone() });
    match (&copy.initiator, copy.initiator_needed) {
        (InitiatorFact::Ours, _) => found.row(LightRow::InitiatorOurs, None),
        (_, Needed::No) => found.row(LightRow::InitiatorNotNeeded, None),
        (InitiatorFact::Missing, _) => found.row(LightRow::InitiatorMissing, None),
        (InitiatorFact::Unclear { named: name }, _) => found.row(LightRow::InitiatorUnclear, named(name)),
        (InitiatorFact::OtherBranch { named: name }, _) => {
            found.row(LightRow::InitiatorOtherBranch, named(name));
        }
        (InitiatorFact::Other { named: name }, Needed::ByOurCode) => {
            found.row(LightRow::InitiatorUnasked, named(name));
        }
        (InitiatorFact::Other { named: name }, Needed::Yes) => {
            found.row(LightRow::InitiatorOther, named(name));
        }
    }
}
