//! An alphabet ↔ text: a line of JSON for each entry, so that a difference of two is seen by eye. And merging.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::trust::{self, VOTES_MAX, plain};
use super::{
    Alphabet, CopyId, ENTRIES_MAX, Entry, EntryId, Evidence, Sign, Stance, Standing, TrustRule, Vote,
};
use crate::outline::POINTS_MAX;
use crate::{Contour, Segment, Shape};

/// Why a text is no alphabet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExchangeFault {
    /// A line, counted from 1, is no entry.
    Line(usize),
    /// There are too many entries.
    TooMany,
}

impl std::fmt::Display for ExchangeFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line} is no entry of an alphabet"),
            Self::TooMany => write!(f, "there are more than {ENTRIES_MAX} entries"),
        }
    }
}

impl std::error::Error for ExchangeFault {}

/// Two alphabets that say different letters of one drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// The entry.
    pub id: EntryId,
    /// What it was here.
    pub here: Sign,
    /// What it is there.
    pub there: Sign,
}

/// An entry as it is written. Lengths are 1/64 pt.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The letter that most say; empty for a drawing. For whoever reads it: the votes decide.
    letter: String,
    cap: f64,
    drop: f64,
    /// `M x y`, `L x y`, `C x y x y x y`: as in SVG.
    path: String,
    votes: Vec<WrittenVote>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVote {
    letter: String,
    #[serde(flatten)]
    evidence: WrittenEvidence,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    copy: String,
}

#[derive(Serialize, Deserialize)]
struct WrittenEvidence {
    evidence: Evidence,
}

impl Alphabet {
    /// All entries, a line of JSON each.
    #[must_use]
    pub fn export(&self) -> String {
        let mut text = String::new();
        for entry in &self.entries {
            let sign = match self.standing(entry) {
                Standing::Known(sign) | Standing::Waiting(sign) => letter_of(sign),
                Standing::Disputed => "□".to_owned(),
            };
            let written = Written {
                letter: sign,
                cap: sixty_fourths(entry.stance.cap_pt),
                drop: sixty_fourths(entry.stance.drop_pt),
                path: path_of(&entry.shape),
                votes: entry.votes.iter().map(written_vote).collect(),
            };
            // Strings and finite numbers: there is nothing that could fail.
            if let Ok(line) = serde_json::to_string(&written) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }

    /// Reads an alphabet; empty lines and lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// When a line is no entry, or there are too many.
    pub fn import(text: &str, rule: TrustRule) -> Result<Self, ExchangeFault> {
        let mut alphabet = Self::new(rule);
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = entry_of(line).ok_or(ExchangeFault::Line(number + 1))?;
            if alphabet.entries.len() >= ENTRIES_MAX {
                return Err(ExchangeFault::TooMany);
            }
            alphabet.take(&entry);
        }
        Ok(alphabet)
    }

    /// Takes the entries of another alphabet, and says where both contradict each other. A contradicted drawing is
    /// disputed, unless a person here has settled it.
    pub fn merge(&mut self, other: &Self) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        for entry in &other.entries {
            let before = self.position(&entry.outline, entry.stance).and_then(|at| self.entries.get(at));
            let (Some(there), Some(before)) = (leaning(other.standing(entry)), before) else {
                self.take(entry);
                continue;
            };
            let (id, here) = (before.id(), leaning(self.standing(before)));
            conflicts.extend(here.filter(|here| *here != there).map(|here| Conflict { id, here, there }));
            self.take(entry);
        }
        conflicts
    }

    /// Adds an entry's votes to the same drawing here.
    fn take(&mut self, entry: &Entry) {
        let Some(at) = self.place(&entry.shape, entry.stance) else { return };
        let Some(here) = self.entries.get_mut(at) else { return };
        let is_settled = here.votes.iter().any(|vote| vote.evidence == Evidence::Person);
        for vote in &entry.votes {
            let alike = here.votes.iter().filter(|other| plain(other.sign) == plain(vote.sign)).count();
            let is_second_word = is_settled && vote.evidence == Evidence::Person;
            if !here.votes.contains(vote) && alike < VOTES_MAX && !is_second_word {
                here.votes.push(vote.clone());
            }
        }
        here.standing = trust::standing(&here.votes, self.rule);
    }
}

fn leaning(standing: Standing) -> Option<Sign> {
    match standing {
        Standing::Known(sign) | Standing::Waiting(sign) => Some(sign),
        Standing::Disputed => None,
    }
}

fn sixty_fourths(value: f32) -> f64 {
    (f64::from(value) * 64_000.0).round() / 1_000.0
}

fn letter_of(sign: Sign) -> String {
    match sign {
        Sign::Letter(letter) => letter.to_string(),
        Sign::Drawing => String::new(),
    }
}

fn sign_of(letter: &str) -> Option<Sign> {
    let mut letters = letter.chars();
    match (letters.next(), letters.next()) {
        (None, _) => Some(Sign::Drawing),
        (Some(letter), None) if !letter.is_control() && !letter.is_whitespace() => Some(Sign::Letter(letter)),
        _ => None,
    }
}

fn written_vote(vote: &Vote) -> WrittenVote {
    let mut copy = String::new();
    for byte in vote.copy.iter().flat_map(|copy| copy.0) {
        // Writing to a string does not fail.
        let _ = write!(copy, "{byte:02x}");
    }
    WrittenVote {
        letter: letter_of(vote.sign),
        evidence: WrittenEvidence { evidence: vote.evidence.clone() },
        copy,
    }
}

fn vote_of(written: WrittenVote) -> Option<Vote> {
    let copy = match written.copy.as_str() {
        "" => None,
        text if text.len() == 16 => Some(CopyId(u64::from_str_radix(text, 16).ok()?.to_be_bytes())),
        _ => return None,
    };
    Some(Vote { sign: sign_of(&written.letter)?, evidence: written.evidence.evidence, copy })
}

fn entry_of(line: &str) -> Option<Entry> {
    let written: Written = serde_json::from_str(line).ok()?;
    let [cap_pt, drop_pt] = [written.cap, written.drop].map(points);
    let mut entry = Entry::new(&shape_of(&written.path)?, Stance { cap_pt, drop_pt })?;
    entry.votes = written.votes.into_iter().map(vote_of).collect::<Option<_>>()?;
    Some(entry)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is no number of a page is refused by whoever takes it"
)]
fn points(sixty_fourths: f64) -> f32 {
    (sixty_fourths / 64.0) as f32
}

fn path_of(shape: &Shape) -> String {
    let mut path = String::new();
    let mut put = |letter: char, points: &[[f32; 2]]| {
        path.push(letter);
        for value in points.iter().flatten() {
            let _ = write!(path, " {}", sixty_fourths(*value));
        }
        path.push(' ');
    };
    for contour in &shape.contours {
        put('M', &[contour.start]);
        for segment in &contour.segments {
            match *segment {
                Segment::Line(to) => put('L', &[to]),
                Segment::Curve(first, second, to) => put('C', &[first, second, to]),
            }
        }
    }
    path.trim_end().to_owned()
}

fn shape_of(path: &str) -> Option<Shape> {
    let mut words = path.split_ascii_whitespace();
    let mut contours: Vec<Contour> = Vec::new();
    let mut right_lower = [0.0_f32; 2];
    let mut count = 0;
    while let Some(word) = words.next() {
        let mut point = || -> Option<[f32; 2]> {
            let mut value =
                || words.next()?.parse::<f64>().ok().filter(|value| value.is_finite()).map(points);
            let point = [value()?, value()?];
            right_lower = [right_lower[0].max(point[0]), right_lower[1].max(point[1])];
            count += 1;
            Some(point)
        };
        match word {
            "M" => contours.push(Contour { start: point()?, segments: Vec::new() }),
            "L" => contours.last_mut()?.segments.push(Segment::Line(point()?)),
            "C" => contours.last_mut()?.segments.push(Segment::Curve(point()?, point()?, point()?)),
            _ => return None,
        }
        if count > POINTS_MAX {
            return None;
        }
    }
    let [width_pt, height_pt] = right_lower;
    Some(Shape { width_pt, height_pt, contours })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, letter_shape};
    use crate::{Proposal, ShapeAt};

    const STANCE: Stance = Stance { cap_pt: 7.25, drop_pt: 0.5 };

    fn taught(letters: &str, copy: u8) -> Alphabet {
        let mut alphabet = Alphabet::new(TrustRule { agreements: 1, copies: 1 });
        for letter in letters.chars() {
            let evidence = Evidence::Label { document: "internal-passport".to_owned() };
            let proposal =
                Proposal { shape: ShapeAt(0), stance: STANCE, sign: Sign::Letter(letter), evidence };
            alphabet.learn(Some(CopyId([copy; 8])), &[letter_shape(letter, 10.0)], &[proposal]);
        }
        alphabet
    }

    #[test]
    fn an_alphabet_that_is_written_and_read_is_the_same() {
        let mut alphabet = taught("абвгдеєж", 7);
        let (person, drawing) = (alphabet.entries()[0].id(), alphabet.entries()[1].id());
        assert!(alphabet.settle(person, Sign::Letter('a')) && alphabet.settle(drawing, Sign::Drawing));
        let text = alphabet.export();
        assert_eq!(text.lines().count(), 8);
        let again = Alphabet::import(&text, TrustRule { agreements: 1, copies: 1 }).unwrap();
        assert_eq!(again, alphabet);
    }

    #[test]
    fn a_line_that_is_no_entry_is_named_and_nothing_panics_on_damage() {
        let text = taught("аб", 1).export();
        let import = |text: &str| Alphabet::import(text, TrustRule::default()).map(|_| ());
        assert_eq!(import("# nothing\n\n"), Ok(()));
        assert_eq!(import(&format!("{text}{{}}\n")), Err(ExchangeFault::Line(3)));
        assert_eq!(import(&text.replace("\"M ", "\"L ")), Err(ExchangeFault::Line(1)));
        assert_eq!(import(&text.replace("\"M ", "\"M NaN ")), Err(ExchangeFault::Line(1)));
        assert_eq!(import(&text.replace("\"cap\":", "\"cap\":-")), Err(ExchangeFault::Line(1)));
        let mut random = Seeded(1);
        for _ in 0..2_000 {
            let mut bytes = text.clone().into_bytes();
            let place = usize::try_from(random.next()).unwrap() % bytes.len();
            bytes[place] = random.next().to_le_bytes()[0];
            let _ = import(&String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn merging_adds_what_is_new_and_says_what_contradicts() {
        let mut here = taught("аб", 1);
        let mut there = taught("бв", 2);
        assert_eq!(here.merge(&there), []);
        assert_eq!(here.entries().len(), 3);
        assert_eq!(here.entries()[1].votes.len(), 2);

        // A third one says that the drawing of б is 6.
        let proposal = Proposal {
            shape: ShapeAt(0),
            stance: STANCE,
            sign: Sign::Letter('6'),
            evidence: Evidence::FileName,
        };
        there = Alphabet::new(TrustRule::default());
        there.learn(Some(CopyId([9; 8])), &[letter_shape('б', 10.0)], &[proposal]);
        let conflicts = here.merge(&there);
        let id = here.entries()[1].id();
        assert_eq!(conflicts, [Conflict { id, here: Sign::Letter('б'), there: Sign::Letter('6') }]);
        assert_eq!(here.standing(&here.entries()[1]), Standing::Disputed);
    }
}
