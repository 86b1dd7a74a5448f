//! The nouns of the house: plain values that every other room speaks in. No I/O, no algorithms.

mod code;
mod digest;
mod evidence;
mod filing;
mod ids;
mod incident;
mod letter;
mod light;
mod matching;
mod naming;
mod notice;
mod person;
mod picture;
mod policy;
mod proof;
mod quarantine;
mod query;
mod reading;
mod reason;
mod registry;
mod tiding;
mod time;
mod token;
mod verdict;
mod visit;

pub use code::{CodeKind, CodeState, IssuedCode, NewCode, QrCode, Session, SessionKind};
pub use digest::Digest;
pub use evidence::{Found, Need, NeedKind};
pub use filing::{DeskRow, Filing, FilingFilter, FilingRow, FilingView, Outcome, Standing};
pub use ids::{
    BranchId, CodeId, FilingId, InvalidId, InvalidNumber, MailAddress, MailboxId, OrganisationId, PersonId,
    QuarantineId, ServiceId, SessionId, VisitId,
};
pub use incident::{Incident, Silence};
pub use letter::{Address, Attachment, AttachmentKind, Defect, ImapFolder, Letter, RawMail, Source};
pub use light::{
    Addressee, Assessment, EarlierUse, Ground, GroundFact, InvalidLight, InvalidOccasion, Light, LightCase,
    LightPolicy, LightRecord, LightRow, Occasion, VisitFacts, VisitStanding,
};
pub use matching::{Anomaly, Known, Match, MatchReason, Matched, TokensFound};
pub use naming::{NameField, NameUse, Named, NamingFinding, Severity};
pub use notice::{ClaimedMail, DueCode, DueNotice, InvalidRung, Ladder, MailFate, NoticeRow, Reminder, Rung};
pub use person::{InvalidRole, Login, NewPerson, Person, Role, Scope};
pub use picture::{CopyPicture, KeptPicture, PictureKind};
pub use policy::{Policy, PolicyAlgorithm, RevocationRule};
pub use proof::{Proof, ProofKind, ProofOrigin, ProofRole};
pub use quarantine::{Attempt, AttemptFault, History, QuarantineState, Quarantined};
pub use query::{Hit, MatchedField, Query, QueryFault, SearchField, Term};
pub use reading::{
    Copy, FieldKind, Place, ReadField, ReaderRevision, Reading, ReadingTrouble, ReadingWarning, ReadingWay,
};
pub use reason::Reason;
pub use registry::{
    Branch, BranchAddress, Change, DocumentCode, Head, InvalidDocumentCode, Organisation, Registry, Service,
};
pub use tiding::{
    AnchorRole, DueTiding, EndingAnchor, InvalidTidingKind, PartChange, TidingKind, TidingMail, TidingRow,
    VerdictChange,
};
pub use time::{Clock, InvalidDay, KyivDay, Timestamp, in_kyiv, kyiv_moment};
pub use token::{InvalidToken, Token};
pub use verdict::{
    CertificateFacts, ContentSource, Indication, Level, RevocationFacts, RevocationSource,
    RevocationStanding, Signed, SignedPart, SignerKind, SignerVerdict, SubIndication, TimeStampKind,
    TimeStampVerdict, Verdict,
};
pub use visit::{KnownVisit, NewVisit, Offer, Visit, VisitCode, VisitState};
