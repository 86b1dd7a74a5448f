//! The light: what a clerk may do with a letter, and every reason for it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    BranchId, CodeId, Copy, Defect, DocumentCode, FilingId, Match, QrCode, Reading, ReadingTrouble,
    ReadingWarning, ServiceId, SubIndication, Timestamp, Verdict, VisitId,
};

/// What a clerk may do. The worse one counts: red before amber before green.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Light {
    /// Genuine, for us, fresh, complete. Never «this is the person»: the face is the clerk's.
    Green,
    /// Look at it: what and why is said.
    Amber,
    /// Do not accept it: why, and what to offer instead, is said.
    Red,
}

impl Light {
    /// Every light, the best first.
    pub const ALL: [Self; 3] = [Self::Green, Self::Amber, Self::Red];

    /// The light as a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

impl fmt::Display for Light {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The text names no light.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a light: green, amber or red")]
pub struct InvalidLight(pub String);

impl FromStr for Light {
    type Err = InvalidLight;

    fn from_str(text: &str) -> Result<Self, InvalidLight> {
        Self::ALL.into_iter().find(|light| light.word() == text).ok_or_else(|| InvalidLight(text.to_owned()))
    }
}

/// A row of the table of lights. `crate::light::TABLE` says which light each one gives; `crate::texts` its sentences.
/// The order is that of importance among rows of one light.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LightRow {
    /// What was signed is not what lies there.
    ContentChanged,
    /// A signature is wrong, whatever else may become known.
    SignatureFailed,
    /// Nobody whom we trust vouches for the signature, and no evidence that is still to come would change that.
    SignatureUntrusted,
    /// Who signed may not seal copies.
    SignerNotAllowed,
    /// The copy was used before: by another sender, at another branch, or for another visit.
    UsedBefore,
    /// Somebody else asked for the copy.
    InitiatorOther,
    /// The visit was for another person.
    VisitPersonDiffers,
    /// The one-time code was answered before.
    VisitTaken,
    /// The documents are of different persons.
    PersonsDiffer,
    /// A person's own signature is not that of the document's holder.
    CitizenDiffers,
    /// A document without a signature.
    NotSigned,
    /// There is no document at all.
    NoDocuments,
    /// The copy was asked for too long before the letter came.
    RequestStale,
    /// Evidence is missing for a verdict.
    SignatureUndecided,
    /// Documents that the code asks for did not come.
    SetIncomplete,
    /// Another branch of the organisation asked for the copy.
    InitiatorOtherBranch,
    /// Somebody else asked for the copy, and our code makes no request of its own.
    InitiatorUnasked,
    /// Who asked for the copy cannot be read whole.
    InitiatorUnclear,
    /// The copy does not say who asked for it.
    InitiatorMissing,
    /// The same sender sent the same copy before.
    SentAgain,
    /// The copy was asked for after the letter came.
    RequestFuture,
    /// The copy does not say when it was asked for.
    RequestTimeMissing,
    /// The document's own term was over.
    DocumentExpired,
    /// The names are spelled differently.
    SpellingDiffers,
    /// It cannot be told whether the documents are of one person.
    PersonsUnclear,
    /// The visit's person is spelled differently.
    VisitSpellingDiffers,
    /// It cannot be told whether it is the visit's person.
    VisitPersonUnclear,
    /// The letter came after the visit was over.
    VisitOver,
    /// No letter of the copy was read.
    Unread,
    /// The copy is being read.
    ReadLater,
    /// Some letters of the copy were not read.
    PartlyRead,
    /// What the copy says contradicts itself, or a number's check digit is wrong.
    SaysContradict,
    /// The code was over.
    CodeExpired,
    /// The code was taken out of use.
    CodeRetired,
    /// The code is for later.
    CodeNotYetValid,
    /// The letter names a code that is none of ours.
    CodeUnknown,
    /// Several codes fit.
    CodeAmbiguous,
    /// No code fits.
    CodeNone,
    /// The code belongs to a branch that receives elsewhere.
    CodeElsewhere,
    /// Documents that nobody asked for.
    SetExtra,
    /// The same kind of document more than once.
    SetRepeated,
    /// A document of which nobody knows what it is.
    KindUnknown,
    /// Something about the letter may hide something.
    LetterHides,
    /// Something about the file may hide something.
    FileHides,
    /// The signature passed.
    SignaturePassed,
    /// We asked for the copy.
    InitiatorOurs,
    /// Who asked is not said, and need not be for this service.
    InitiatorNotNeeded,
    /// The copy was asked for just now.
    RequestFresh,
    /// All that the code asks for is there.
    SetComplete,
    /// All documents are of one person.
    PersonsAgree,
    /// It is the person of the visit.
    VisitPersonAgrees,
    /// The person's own signature is that of the document's holder.
    CitizenAgrees,
}

/// Why a letter has its light: a row that holds of it, with the facts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ground {
    /// Which row.
    pub row: LightRow,
    /// What it gives, under the policy of then.
    pub light: Light,
    /// Of which copy it holds, as its place in the letter's copies from 0; none: of the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<usize>,
    /// What is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<GroundFact>,
}

/// The facts of a row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum GroundFact {
    /// Why a signature did not pass.
    Signature {
        /// The sub-indication.
        why: Option<SubIndication>,
    },
    /// Who signed.
    Signers {
        /// Their ЄДРПОУ, as far as they have one.
        edrpou: Vec<String>,
    },
    /// Another filing. Who may not see it learns no more than that there is one.
    Earlier {
        /// Which.
        filing: FilingId,
        /// Its branch, where it has one.
        branch: Option<BranchId>,
    },
    /// Who asked for the copy.
    Initiator {
        /// As it stands there.
        named: String,
    },
    /// When the copy was asked for.
    Requested {
        /// The moment.
        at: Timestamp,
        /// When the letter was received.
        received_at: Timestamp,
    },
    /// A day.
    Day {
        /// As `2026-03-15`.
        day: String,
    },
    /// Kinds of documents.
    Documents {
        /// Which.
        documents: Vec<DocumentCode>,
    },
    /// Two values that should agree.
    Values {
        /// The field's name: `surname`, `birth-date` … as in the templates.
        field: String,
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
    /// Codes.
    Codes {
        /// Their numbers.
        codes: Vec<CodeId>,
    },
    /// What is wrong with the letter.
    Defect {
        /// What.
        defect: Defect,
    },
    /// What is strange about the file.
    Oddity {
        /// What.
        oddity: pages::Oddity,
    },
    /// What is strange about what the copy says.
    Warning {
        /// What.
        warning: ReadingWarning,
    },
    /// Why nothing was read.
    Trouble {
        /// Why.
        trouble: ReadingTrouble,
    },
    /// How many letters were not read.
    Letters {
        /// So many.
        unread: u32,
    },
    /// A visit.
    Visit {
        /// Which.
        visit: VisitId,
    },
}

/// The light of a letter with everything that it rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Assessment {
    /// The letter's light: the worst of its grounds'.
    pub light: Light,
    /// The light of each copy by itself, in the letter's order.
    pub copies: Vec<Light>,
    /// Every row that holds, the worst first, rows of one light by importance.
    pub grounds: Vec<Ground>,
}

impl Assessment {
    /// How many reasons people are shown at once.
    pub const SHOWN: usize = 3;

    /// The reasons that people are shown: the first ones that are not green; of a green letter its first ones.
    pub fn shown(&self) -> impl Iterator<Item = &Ground> {
        self.grounds
            .iter()
            .filter(|ground| ground.light == self.light || ground.light > Light::Green)
            .take(Self::SHOWN)
    }
}

/// An assessment as it was made once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LightRecord {
    /// What was thought.
    #[serde(flatten)]
    pub assessment: Assessment,
    /// When.
    pub made_at: Timestamp,
    /// On what occasion.
    pub occasion: Occasion,
}

/// Why a light was made.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// The letter was filed.
    Filed,
    /// A verdict was made anew.
    Verdict,
    /// A copy was read again.
    Reading,
    /// The policy, the registry or the program changed.
    Rules,
    /// A visit claimed the letter, or let it go.
    Visit,
}

impl Occasion {
    const ALL: [Self; 5] = [Self::Filed, Self::Verdict, Self::Reading, Self::Rules, Self::Visit];

    /// The occasion as a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Verdict => "verdict",
            Self::Reading => "reading",
            Self::Rules => "rules",
            Self::Visit => "visit",
        }
    }
}

/// The text names no occasion of a light.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an occasion of a light")]
pub struct InvalidOccasion(pub String);

impl FromStr for Occasion {
    type Err = InvalidOccasion;

    fn from_str(text: &str) -> Result<Self, InvalidOccasion> {
        let named = Self::ALL.into_iter().find(|occasion| occasion.word() == text);
        named.ok_or_else(|| InvalidOccasion(text.to_owned()))
    }
}

/// What an installation makes of facts that others may see otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LightPolicy {
    /// How long before the letter's receipt a copy may have been asked for, in minutes.
    pub request_age_minutes_max: u32,
    /// How far the clocks of those who ask and of the mail server may be apart, in minutes.
    pub clock_skew_minutes_max: u32,
    /// What a copy asked for longer ago gets: amber or red.
    pub stale: Light,
    /// What a document without a signature gets: amber or red.
    pub unsigned: Light,
    /// Services whose copies need not say who asked for them.
    pub without_initiator: Vec<ServiceId>,
}

impl Default for LightPolicy {
    /// Two hours, ten minutes of skew; what is older is to be looked at, what is not signed is not accepted.
    fn default() -> Self {
        Self {
            request_age_minutes_max: 120,
            clock_skew_minutes_max: 10,
            stale: Light::Amber,
            unsigned: Light::Red,
            without_initiator: Vec::new(),
        }
    }
}

/// Everything that bears on a letter's light, as the store knows it in one transaction.
#[derive(Clone, Debug)]
pub struct LightCase {
    /// When the server received the letter.
    pub received_at: Timestamp,
    /// Every document.
    pub copies: Vec<Copy>,
    /// What each of them says, in their order; none where nobody looked.
    pub readings: Vec<Option<Reading>>,
    /// The newest verdict of every signed part.
    pub verdicts: Vec<Verdict>,
    /// What the letter was matched to.
    pub matched: Match,
    /// The matched code.
    pub code: Option<QrCode>,
    /// What was wrong with the letter.
    pub defects: Vec<Defect>,
    /// Who may have asked: the letter's branch (without one, every branch of its mailbox) and the organisation's others.
    pub addressees: Vec<Addressee>,
    /// Earlier letters with the same copies.
    pub earlier: Vec<EarlierUse>,
    /// The visit that claimed the letter, or whose one-time code it names.
    pub visit: Option<VisitFacts>,
}

/// A branch by which a copy may have been asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Addressee {
    /// The branch.
    pub branch: BranchId,
    /// Whether the letter may be for it; otherwise it is another one of the organisation.
    pub ours: bool,
    /// Its names: its own, its known spellings; where it is ours, its organisation's too.
    pub names: Vec<String>,
}

/// An earlier letter that brought the same copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarlierUse {
    /// Which of this letter's copies, from 0.
    pub copy: usize,
    /// The earlier letter.
    pub filing: FilingId,
    /// Its branch.
    pub branch: Option<BranchId>,
    /// Whether another sender, another branch or another visit used it; otherwise the same sender sent it again.
    pub elsewhere: bool,
}

/// What a visit says of the letter that it claims.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VisitFacts {
    /// The visit.
    pub visit: VisitId,
    /// The name that was given, as typed; empty: none.
    pub name: String,
    /// The РНОКПП that was given.
    pub rnokpp: Option<String>,
    /// How the letter stands to it.
    pub standing: VisitStanding,
}

/// How a letter stands to a visit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitStanding {
    /// The visit claimed it.
    Claimed,
    /// It names the visit's one-time code, which still waits: the letter is not complete, or red.
    Waits,
    /// It names the visit's one-time code, and the visit was over when it came.
    Over,
    /// It names the visit's one-time code, which another letter has claimed.
    Taken,
}
