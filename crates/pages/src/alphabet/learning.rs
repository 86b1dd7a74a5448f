//! What one copy proposes → votes in the alphabet.

use std::collections::BTreeMap;

use super::trust::{self, VOTES_MAX, plain};
use super::{Alphabet, CopyId, Entry, Evidence, Sign, Stance, Vote};
use crate::{Shape, ShapeAt};

/// Of the readings of one shape in a copy, how many in ten must agree: OCR misreads letters.
const READINGS_IN_TEN: usize = 8;

/// A shape of a copy that may be a letter.
#[derive(Clone, PartialEq, Debug)]
pub struct Proposal {
    /// The shape: an index into the copy's shapes.
    pub shape: ShapeAt,
    /// How it stands in its line.
    pub stance: Stance,
    /// What it should be.
    pub sign: Sign,
    /// Why.
    pub evidence: Evidence,
}

/// What a copy taught.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Learned {
    /// Drawings that were not known before.
    pub new: usize,
    /// Drawings of which it said what others had said, or said it first.
    pub agreed: usize,
    /// Drawings of which it said something else.
    pub dissented: usize,
    /// Drawings of which it contradicted itself; nothing was learnt of them.
    pub contradicted: usize,
}

impl Alphabet {
    /// Learns from a copy, or from what is no copy. Each kind of evidence counts once a copy, however often the letter
    /// stands on it.
    pub fn learn(&mut self, copy: Option<CopyId>, shapes: &[Shape], proposals: &[Proposal]) -> Learned {
        let mut learned = Learned::default();
        // A drawing may be several shapes of the copy: one in each size.
        let mut by_entry: BTreeMap<usize, Vec<&Proposal>> = BTreeMap::new();
        for proposal in proposals {
            let shape = usize::try_from(proposal.shape.0).ok().and_then(|at| shapes.get(at));
            let before = self.entries.len();
            if let Some(at) = shape.and_then(|shape| self.place(shape, proposal.stance)) {
                learned.new += usize::from(self.entries.len() > before);
                by_entry.entry(at).or_default().push(proposal);
            }
        }
        for (at, said) in by_entry {
            let Some(Entry { votes, standing, .. }) = self.entries.get_mut(at) else { continue };
            let Some((sign, evidence)) = agreed(&said) else {
                learned.contradicted += 1;
                continue;
            };
            if votes.iter().any(|vote| plain(vote.sign) != sign) {
                learned.dissented += 1;
            } else {
                learned.agreed += 1;
            }
            for evidence in evidence {
                let vote = Vote { sign, evidence, copy };
                let alike = votes.iter().filter(|other| plain(other.sign) == sign).count();
                if !votes.contains(&vote) && alike < VOTES_MAX {
                    votes.push(vote);
                }
            }
            *standing = trust::standing(votes, self.rule);
        }
        learned
    }
}

/// The letter on which a copy agrees with itself, and by which evidence.
fn agreed(said: &[&Proposal]) -> Option<(Sign, Vec<Evidence>)> {
    let look = |proposal: &Proposal| plain(proposal.sign);
    let is_reading = |proposal: &&&Proposal| proposal.evidence == Evidence::Ocr;
    let strong: Vec<&&Proposal> = said.iter().filter(|proposal| !is_reading(proposal)).collect();
    let sign = match strong.first() {
        Some(first) => {
            let sign = look(first);
            strong.iter().all(|proposal| look(proposal) == sign).then_some(sign)?
        }
        None => {
            let agreeing = |sign: Sign| said.iter().filter(|proposal| look(proposal) == sign).count();
            let sign = said.iter().map(|proposal| look(proposal)).max_by_key(|sign| agreeing(*sign))?;
            (10 * agreeing(sign) >= READINGS_IN_TEN * said.len()).then_some(sign)?
        }
    };
    let mut evidence: Vec<Evidence> = said
        .iter()
        .filter(|proposal| look(proposal) == sign)
        .map(|proposal| proposal.evidence.clone())
        .collect();
    evidence.sort();
    evidence.dedup();
    Some((sign, evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::letter_shape;
    use crate::{Standing, TrustRule};

    const STANCE: Stance = Stance { cap_pt: 7.2, drop_pt: 0.0 };

    fn proposal(letter: char, evidence: Evidence) -> Proposal {
        Proposal { shape: ShapeAt(0), stance: STANCE, sign: Sign::Letter(letter), evidence }
    }

    fn label() -> Evidence {
        Evidence::Label { document: "x".to_owned() }
    }

    fn copy(number: u8) -> Option<CopyId> {
        Some(CopyId::from([number; 32]))
    }

    #[test]
    fn a_letter_counts_once_a_copy_however_often_it_stands_there() {
        let mut alphabet = Alphabet::new(TrustRule::default());
        let shapes = [letter_shape('д', 10.0)];
        let learned = alphabet.learn(copy(1), &shapes, &vec![proposal('д', Evidence::Ocr); 50]);
        assert_eq!(learned, Learned { new: 1, agreed: 1, ..Learned::default() });
        let standing = alphabet.standing(&alphabet.entries()[0]);
        assert_eq!(standing, Standing::Waiting(Sign::Letter('д')));
        for number in [2, 2, 3] {
            alphabet.learn(copy(number), &shapes, &[proposal('д', Evidence::Ocr)]);
        }
        assert_eq!(alphabet.entries()[0].votes.len(), 3);
        assert_eq!(alphabet.standing(&alphabet.entries()[0]), Standing::Known(Sign::Letter('д')));
    }

    #[test]
    fn a_copy_that_contradicts_itself_teaches_nothing_and_a_misreading_is_outvoted() {
        let mut alphabet = Alphabet::new(TrustRule::default());
        let shapes = [letter_shape('д', 10.0)];
        let learned = alphabet.learn(copy(1), &shapes, &[proposal('д', label()), proposal('л', label())]);
        assert_eq!((learned.contradicted, learned.agreed), (1, 0));
        let mut readings = vec![proposal('д', Evidence::Ocr); 9];
        readings.push(proposal('л', Evidence::Ocr));
        assert_eq!(alphabet.learn(copy(1), &shapes, &readings).agreed, 1);
        readings.extend(vec![proposal('л', Evidence::Ocr); 4]);
        assert_eq!(alphabet.learn(copy(2), &shapes, &readings).contradicted, 1);
    }

    #[test]
    fn a_dissent_is_kept_and_a_person_settles_it() {
        let mut alphabet = Alphabet::new(TrustRule { agreements: 1, copies: 1 });
        let shapes = [letter_shape('д', 10.0)];
        alphabet.learn(copy(1), &shapes, &[proposal('д', label())]);
        assert_eq!(alphabet.learn(copy(2), &shapes, &[proposal('л', label())]).dissented, 1);
        let entry = &alphabet.entries()[0];
        assert_eq!(alphabet.standing(entry), Standing::Disputed);
        let id = entry.id();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(alphabet.settle(id, Sign::Letter('д')));
        assert_eq!(alphabet.standing(alphabet.entry(id).unwrap()), Standing::Known(Sign::Letter('д')));
    }

    #[test]
    fn shapes_that_are_not_there_or_no_letters_teach_nothing() {
        let mut alphabet = Alphabet::new(TrustRule::default());
        let nowhere = Proposal { shape: ShapeAt(7), ..proposal('д', label()) };
        let flat = Proposal { stance: Stance { cap_pt: f32::NAN, drop_pt: 0.0 }, ..proposal('д', label()) };
        let learned = alphabet.learn(copy(1), &[letter_shape('д', 10.0)], &[nowhere, flat]);
        assert_eq!(learned, Learned::default());
    }
}
