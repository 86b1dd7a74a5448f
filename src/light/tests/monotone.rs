//! Making any single fact worse never makes a light greener.

use super::case::{RECEIVED, code, moment};
use crate::light::facts::{
    CodeFact, CopyFacts, Facts, Needed, ReadFact, RequestFact, SignatureFact, VisitFact,
};
use crate::light::initiator::InitiatorFact;
use crate::light::judge;
use crate::light::persons::{Agreement, Values};
use crate::model::{
    CodeId, Defect, EarlierUse, FilingId, Light, LightPolicy, ReadingTrouble, ReadingWarning, SubIndication,
    VisitId, VisitStanding,
};

/// Marsaglia's xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

fn signatures() -> Vec<SignatureFact> {
    vec![
        SignatureFact::Passed,
        SignatureFact::Undecided(Some(SubIndication::TryLater)),
        SignatureFact::NotSigned,
        SignatureFact::SignerNotAllowed(vec![]),
        SignatureFact::Untrusted(None),
        SignatureFact::Failed(Some(SubIndication::SigCryptoFailure)),
        SignatureFact::Changed,
    ]
}

fn agreements() -> Vec<Option<Agreement>> {
    let values = Values { field: "surname".into(), one: "А".into(), other: "Б".into() };
    let spelling = Some(Agreement::Spelling(values.clone()));
    vec![None, Some(Agreement::Agree), Some(Agreement::Unclear), spelling, Some(Agreement::Differ(values))]
}

fn initiators() -> Vec<InitiatorFact> {
    let named = || "Хтось".to_owned();
    vec![
        InitiatorFact::Ours,
        InitiatorFact::Missing,
        InitiatorFact::Unclear { named: named() },
        InitiatorFact::OtherBranch { named: named() },
        InitiatorFact::Other { named: named() },
    ]
}

fn requests() -> Vec<RequestFact> {
    let (at, received_at) = (moment(RECEIVED), moment(RECEIVED));
    vec![
        RequestFact::Fresh { at, received_at },
        RequestFact::Missing,
        RequestFact::Future { at, received_at },
        RequestFact::Stale { at, received_at },
    ]
}

fn earliers() -> Vec<Vec<EarlierUse>> {
    let used = |elsewhere| EarlierUse { copy: 0, filing: FilingId(1), branch: None, elsewhere };
    vec![vec![], vec![used(false)], vec![used(true)]]
}

fn reads() -> Vec<ReadFact> {
    vec![
        ReadFact::Whole,
        ReadFact::Partly { unread: 1 },
        ReadFact::Later,
        ReadFact::Not { trouble: Some(ReadingTrouble::Broke) },
    ]
}

fn codes() -> Vec<Vec<CodeFact>> {
    vec![
        vec![],
        vec![CodeFact::Expired(CodeId(1))],
        vec![CodeFact::Expired(CodeId(1)), CodeFact::Unknown],
        vec![
            CodeFact::Retired(CodeId(1)),
            CodeFact::Unknown,
            CodeFact::Ambiguous(vec![CodeId(1), CodeId(2)]),
        ],
        vec![CodeFact::NotYetValid(CodeId(1)), CodeFact::None, CodeFact::Elsewhere],
    ]
}

fn visits() -> Vec<VisitStanding> {
    vec![VisitStanding::Claimed, VisitStanding::Waits, VisitStanding::Over, VisitStanding::Taken]
}

/// Every fact of a letter as the place in its list from best to worst: `LETTER` of the letter, then `COPY` of each copy.
const LETTER: usize = 9;
const COPY: usize = 10;

fn lengths(copies: usize) -> Vec<usize> {
    let letter = [
        signatures().len(),
        codes().len(),
        2,
        2,
        2,
        2,
        agreements().len(),
        visits().len(),
        agreements().len(),
    ];
    let copy = [
        signatures().len(),
        agreements().len(),
        initiators().len(),
        3,
        requests().len(),
        earliers().len(),
        2,
        reads().len(),
        2,
        2,
    ];
    letter.into_iter().chain(std::iter::repeat_n(copy, copies).flatten()).collect()
}

fn facts(at: &[usize]) -> Facts {
    let document = || code("taxpayer-card");
    let some = |at: usize| if at == 0 { vec![] } else { vec![document()] };
    let copy = |at: &[usize]| CopyFacts {
        signature: signatures()[at[0]].clone(),
        citizen: agreements()[at[1]].clone(),
        initiator: initiators()[at[2]].clone(),
        initiator_needed: [Needed::No, Needed::ByOurCode, Needed::Yes][at[3]],
        request: requests()[at[4]],
        earlier: earliers()[at[5]].clone(),
        ended: (at[6] > 0).then(|| "2026-03-01".parse().unwrap()),
        read: reads()[at[7]],
        warnings: if at[8] > 0 { vec![ReadingWarning::CheckDigit { field: "unzr".into() }] } else { vec![] },
        oddities: vec![],
        kind_known: at[9] == 0,
    };
    let loose = &signatures()[at[0]];
    Facts {
        copies: at[LETTER..].chunks(COPY).map(copy).collect(),
        loose_signatures: if *loose == SignatureFact::Passed { vec![] } else { vec![loose.clone()] },
        code: codes()[at[1]].clone(),
        asked_for: true,
        missing: some(at[2]),
        extra: some(at[3]),
        repeated: some(at[4]),
        hides: if at[5] > 0 { vec![Defect::CutShort] } else { vec![] },
        persons: agreements()[at[6]].clone(),
        visit: Some(VisitFact {
            visit: VisitId(1),
            standing: visits()[at[7]],
            person: agreements()[at[8]].clone(),
        }),
    }
}

fn policies() -> Vec<LightPolicy> {
    let red = LightPolicy { stale: Light::Red, ..LightPolicy::default() };
    let amber = LightPolicy { unsigned: Light::Amber, ..LightPolicy::default() };
    vec![LightPolicy::default(), red, amber]
}

#[test]
fn making_any_single_fact_worse_never_makes_the_light_greener() {
    let mut random = Random(0x5eed_1197);
    let mut lights = [0_u32; 3];
    for turn in 0..3_000 {
        let copies = 1 + turn % 3;
        let lengths = lengths(copies);
        // Mostly good facts: among many bad ones a change of one shows nothing.
        let at: Vec<usize> = lengths
            .iter()
            .map(|length| if random.below(lengths.len()) < 2 { random.below(*length) } else { 0 })
            .collect();
        for policy in policies() {
            let before = judge(&facts(&at), &policy);
            lights[Light::ALL.iter().position(|light| *light == before.light).unwrap()] += 1;
            for (fact, length) in lengths.iter().enumerate() {
                for worse in at[fact] + 1..*length {
                    let mut spoilt = at.clone();
                    spoilt[fact] = worse;
                    let after = judge(&facts(&spoilt), &policy);
                    let said = || format!("fact {fact} from {} to {worse} of {at:?}", at[fact]);
                    // A milder policy for what is not signed may place it below what is undecided, never below green.
                    assert!(after.light >= before.light, "{}", said());
                    assert!(before.copies.iter().zip(&after.copies).all(|(b, a)| a >= b), "{}", said());
                }
            }
            // One copy more makes nothing greener either, and a copy taken away adds what it leaves missing.
            if copies < 3 {
                let more: Vec<usize> = at.iter().copied().chain(std::iter::repeat_n(0, COPY)).collect();
                assert_eq!(judge(&facts(&more), &policy).light, before.light);
            }
        }
    }
    assert!(lights.iter().all(|light| *light > 500), "every light was met: {lights:?}");
}
