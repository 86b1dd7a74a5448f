//! Which code's session a letter answers, why, and what is odd about it.

use serde::{Deserialize, Serialize};

use super::{
    Branch, BranchId, CodeId, CodeState, DocumentCode, KnownVisit, MailboxId, QrCode, Session, SessionId,
    Token, VisitId,
};

/// Well-formed tokens found in a letter, by the place where they stood, each once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TokensFound {
    /// In the plus-part of a recipient's address.
    pub address: Vec<Token>,
    /// In the subject.
    pub subject: Vec<Token>,
    /// In the body.
    pub body: Vec<Token>,
}

/// What the store knows that bears on a letter.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Branches that receive in the letter's mailbox, and the branches of every code below.
    pub branches: Vec<Branch>,
    /// Codes of those branches and of any token in the letter, each with its standing session, oldest first.
    pub codes: Vec<(QrCode, Session)>,
    /// Visits whose one-time code's token stands in the letter; their codes are among those above.
    pub visits: Vec<KnownVisit>,
}

/// The answer: whose letter it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Match {
    /// What it was matched to.
    pub matched: Matched,
    /// The branch it is filed under, where one could be told (also without a session).
    pub branch: Option<BranchId>,
    /// Why, most decisive first.
    pub reasons: Vec<MatchReason>,
    /// What a clerk should know.
    pub anomalies: Vec<Anomaly>,
    /// The visit whose one-time code the letter names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
}

/// What a letter was matched to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Matched {
    /// One session.
    Session {
        /// The session.
        session: SessionId,
        /// Its code.
        code: CodeId,
    },
    /// Several codes fit equally well; a person decides.
    Ambiguous {
        /// Their numbers.
        codes: Vec<CodeId>,
    },
    /// No code fits.
    Nothing,
}

/// A fact that led to the match.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum MatchReason {
    /// The token stood in a recipient's plus-address.
    TokenInAddress,
    /// The token stood in the subject.
    TokenInSubject,
    /// The token stood in the body.
    TokenInBody,
    /// It arrived in the branch's mailbox.
    Mailbox {
        /// The mailbox.
        mailbox: MailboxId,
    },
    /// The documents are those that the code asks for.
    DocumentSet,
    /// The code is the only one that was live in this mailbox.
    OnlyLiveCode,
    /// The code was valid when the letter was received.
    ValidAtReceipt,
    /// The mailbox has one branch.
    OnlyBranch,
}

/// Something that a clerk should know of a match.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "anomaly", rename_all = "snake_case")]
pub enum Anomaly {
    /// A well-formed token that no code of ours has.
    UnknownToken {
        /// As it would be printed.
        token: String,
    },
    /// Tokens of different codes in one letter; the first in the order of places counts.
    SeveralTokens {
        /// The codes named.
        codes: Vec<CodeId>,
    },
    /// The code was not live when the letter was received.
    CodeNotLive {
        /// The code.
        code: CodeId,
        /// What it was.
        state: CodeState,
    },
    /// Documents asked for that did not arrive.
    MissingDocuments {
        /// Which.
        documents: Vec<DocumentCode>,
    },
    /// Documents that nobody asked for.
    ExtraDocuments {
        /// Which.
        documents: Vec<DocumentCode>,
    },
    /// The same kind of document more than once.
    RepeatedDocuments {
        /// Which.
        documents: Vec<DocumentCode>,
    },
    /// Documents whose kind could not be told.
    UnknownDocuments {
        /// How many.
        count: usize,
    },
    /// The code's branch receives in another mailbox.
    OtherBranchMailbox {
        /// The code's branch.
        branch: BranchId,
        /// Where it receives.
        mailbox: MailboxId,
    },
    /// Several codes fit.
    SeveralCandidates {
        /// Their numbers.
        codes: Vec<CodeId>,
    },
    /// No live code of this mailbox asks for these documents.
    NoCandidate,
    /// Documents without a signature.
    UnsignedDocuments {
        /// Their file names, or numbers where they have none.
        names: Vec<String>,
    },
    /// The letter holds no document at all.
    NoDocuments,
    /// No branch receives in this mailbox.
    MailboxWithoutBranch,
}
