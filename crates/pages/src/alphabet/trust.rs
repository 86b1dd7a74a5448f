//! What is said of a drawing → whether its letter is known.

use serde::{Deserialize, Serialize};

use crate::twins::look;

/// Votes that an entry keeps: more of the same prove nothing more.
pub(super) const VOTES_MAX: usize = 24;

/// What a drawing is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// A letter, a digit or another sign of text. Latin and Cyrillic twins are one: the word tells them apart.
    Letter(char),
    /// No sign of text: an emblem, a tick. It is passed over.
    Drawing,
}

/// Where a letter of a drawing is known from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// It came with the product.
    Shipped,
    /// A person said so.
    Person,
    /// A label or title that stands on every document of a kind.
    Label {
        /// The document's code.
        document: String,
    },
    /// The time in the name of the file is the time on the page.
    FileName,
    /// A number whose check digit is right.
    CheckedNumber,
    /// Optical character recognition.
    Ocr,
}

impl Evidence {
    /// Whether it is what the page must say, not what a program believes to see.
    fn is_strong(&self) -> bool {
        *self != Self::Ocr
    }

    /// How many agreements it is worth.
    fn weight(&self) -> u32 {
        if self.is_strong() { 2 } else { 1 }
    }
}

/// A copy that taught something: the beginning of its digest, enough to tell copies apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CopyId(pub [u8; 8]);

impl From<[u8; 32]> for CopyId {
    fn from(digest: [u8; 32]) -> Self {
        let mut id = [0; 8];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(id)
    }
}

/// One voice on what a drawing is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vote {
    /// What it is.
    pub sign: Sign,
    /// Where that is known from.
    pub evidence: Evidence,
    /// In which copy; none where it was no copy.
    pub copy: Option<CopyId>,
}

/// When a drawing's letter is trusted.
///
/// Where several copies must agree, the names of their files alone are not enough: who sends copies can rename them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TrustRule {
    /// Agreements; a label, a file name and a checked number count twice.
    pub agreements: u32,
    /// Different copies that agree.
    pub copies: u32,
}

impl Default for TrustRule {
    fn default() -> Self {
        Self { agreements: 3, copies: 2 }
    }
}

/// What an entry is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Its letter is known.
    Known(Sign),
    /// Too few say so yet.
    Waiting(Sign),
    /// Two letters are said of it: a person has to say which.
    Disputed,
}

/// Weighs what is said of a drawing.
///
/// A person's word stands alone. A contradiction that rests on what the page must say makes a drawing disputed. One that rests on
/// OCR alone does so as long as nothing stronger supports the letter: OCR misreads some letters of every page.
pub(super) fn standing(votes: &[Vote], rule: TrustRule) -> Standing {
    if let Some(vote) = votes.iter().find(|vote| vote.evidence == Evidence::Person) {
        return Standing::Known(plain(vote.sign));
    }
    let mut tallies: Vec<Tally> = Vec::new();
    for vote in votes {
        let sign = plain(vote.sign);
        let at = tallies.iter().position(|tally| tally.sign == sign).unwrap_or_else(|| {
            tallies.push(Tally {
                sign,
                agreements: 0,
                strong: 0,
                copies: Vec::new(),
                is_shipped: false,
                is_named_only: true,
            });
            tallies.len() - 1
        });
        if let Some(tally) = tallies.get_mut(at) {
            tally.add(vote);
        }
    }
    tallies.sort_by_key(|tally| std::cmp::Reverse((tally.is_shipped, tally.strong, tally.agreements)));
    let mut best = tallies.into_iter();
    let Some(first) = best.next() else { return Standing::Disputed };
    if best.any(|other| other.strong > 0 || first.strong == 0) {
        return Standing::Disputed;
    }
    if first.is_trusted(rule) { Standing::Known(first.sign) } else { Standing::Waiting(first.sign) }
}

/// What speaks for one letter.
struct Tally {
    sign: Sign,
    agreements: u32,
    strong: u32,
    copies: Vec<CopyId>,
    is_shipped: bool,
    /// Nothing but names of files says so.
    is_named_only: bool,
}

impl Tally {
    fn add(&mut self, vote: &Vote) {
        self.agreements = self.agreements.saturating_add(vote.evidence.weight());
        self.strong += u32::from(vote.evidence.is_strong());
        self.is_shipped |= vote.evidence == Evidence::Shipped;
        self.is_named_only &= vote.evidence == Evidence::FileName;
        if let Some(copy) = vote.copy.filter(|copy| !self.copies.contains(copy)) {
            self.copies.push(copy);
        }
    }

    fn is_trusted(&self, rule: TrustRule) -> bool {
        let copies = u32::try_from(self.copies.len()).unwrap_or(u32::MAX);
        let is_proved = rule.copies <= 1 || !self.is_named_only;
        self.is_shipped || (is_proved && self.agreements >= rule.agreements && copies >= rule.copies)
    }
}

/// A sign with its twins as one.
pub(super) fn plain(sign: Sign) -> Sign {
    match sign {
        Sign::Letter(letter) => Sign::Letter(look(letter)),
        Sign::Drawing => Sign::Drawing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(letter: char, evidence: Evidence, copy: u8) -> Vote {
        Vote { sign: Sign::Letter(letter), evidence, copy: Some(CopyId([copy; 8])) }
    }

    fn label() -> Evidence {
        Evidence::Label { document: "internal-passport".to_owned() }
    }

    #[track_caller]
    fn stands(votes: &[Vote], expected: Standing) {
        assert_eq!(standing(votes, TrustRule::default()), expected);
    }

    #[test]
    fn two_labels_or_three_readings_of_different_copies_are_trusted() {
        use Standing::{Known, Waiting};
        let a = Sign::Letter('а');
        stands(&[vote('а', label(), 1)], Waiting(a));
        stands(&[vote('а', label(), 1), vote('а', Evidence::FileName, 1)], Waiting(a));
        stands(&[vote('а', label(), 1), vote('a', Evidence::Ocr, 2)], Known(a));
        stands(&[vote('а', Evidence::Ocr, 1), vote('а', Evidence::Ocr, 2)], Waiting(a));
        stands(
            &[vote('а', Evidence::Ocr, 1), vote('a', Evidence::Ocr, 2), vote('а', Evidence::Ocr, 3)],
            Known(a),
        );
    }

    #[test]
    fn names_of_files_alone_make_nothing_known_and_confirm_what_others_say() {
        let three = Sign::Letter('3');
        let named = |copy| vote('3', Evidence::FileName, copy);
        let mut votes: Vec<Vote> = (0..9).map(named).collect();
        stands(&votes, Standing::Waiting(three));
        votes.push(vote('3', Evidence::Ocr, 9));
        stands(&votes, Standing::Known(three));
        stands(&[named(1), vote('3', Evidence::CheckedNumber, 2)], Standing::Known(three));
        let at_once = TrustRule { agreements: 1, copies: 0 };
        assert_eq!(
            standing(&[named(1)], at_once),
            Standing::Known(three),
            "what is certain on a page is a letter of it"
        );
    }

    #[test]
    fn a_dissent_needs_a_person() {
        let mut votes = vec![vote('а', label(), 1), vote('а', label(), 2), vote('о', label(), 3)];
        stands(&votes, Standing::Disputed);
        votes.push(Vote { sign: Sign::Letter('a'), evidence: Evidence::Person, copy: None });
        stands(&votes, Standing::Known(Sign::Letter('а')));
        let readings: Vec<Vote> =
            (0..9).map(|copy| vote(if copy == 4 { '3' } else { 'з' }, Evidence::Ocr, copy)).collect();
        stands(&readings, Standing::Disputed);
        stands(&[], Standing::Disputed);
    }

    #[test]
    fn what_ocr_believes_does_not_shake_what_the_page_must_say() {
        let shipped = Vote { sign: Sign::Letter('з'), evidence: Evidence::Shipped, copy: None };
        stands(&[vote('3', Evidence::Ocr, 1), shipped.clone()], Standing::Known(Sign::Letter('з')));
        stands(&[shipped, vote('3', label(), 1)], Standing::Disputed);
        let taught = [vote('з', label(), 1), vote('з', label(), 2), vote('3', Evidence::Ocr, 3)];
        stands(&taught, Standing::Known(Sign::Letter('з')));
    }
}
