//! What is kept of a letter.

use serde::Serialize;

use super::{
    Anomaly, BranchId, CodeId, Copy, CopyPicture, Defect, Digest, FilingId, Indication, Letter, Light,
    LightRecord, MailboxId, Match, MatchReason, Matched, Proof, QuarantineId, RawMail, ReaderRevision,
    Reading, SubIndication, Timestamp, Token, Verdict,
};

/// Everything that one letter's journey produced, ready to be filed in one transaction.
#[derive(Clone, Debug)]
pub struct Filing {
    /// The letter as it came.
    pub mail: RawMail,
    /// The letter as parsed.
    pub letter: Letter,
    /// A verdict for every signed part.
    pub verdicts: Vec<Verdict>,
    /// What each of them rests on, in their order; what is missing at the end rests on nothing.
    pub rests_on: Vec<Vec<Proof>>,
    /// The digest of the rules (trusted certificates, policy) that they were judged by.
    pub rules: Digest,
    /// Every document.
    pub copies: Vec<Copy>,
    /// What the pages of each of them say, in their order; none where nobody looked. What is missing at the end was not
    /// looked at.
    pub readings: Vec<Option<Reading>>,
    /// The pictures of each of them, in their order.
    pub pictures: Vec<Vec<CopyPicture>>,
    /// What made the readings.
    pub read_by: ReaderRevision,
    /// Whose it is.
    pub matched: Match,
    /// Our first durable write: when the first attempt at the letter was written down, its bytes being kept already.
    pub filed_at: Timestamp,
}

/// What became of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Filed now.
    Filed(FilingId),
    /// The same bytes were filed from this mailbox before.
    AlreadyFiled(FilingId),
    /// It was given up, now or before: its bytes are kept, it is accounted for, and a person decides.
    Quarantined(QuarantineId),
}

/// How a letter that lies in a mailbox is accounted for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is this filing.
    Filed(FilingId),
    /// Its bytes were filed before, from another place.
    AlreadyFiled(FilingId),
    /// It was set aside with its bytes and the reason, because we could not file it.
    Quarantined,
}

/// A filing in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FilingRow {
    /// Its number.
    pub id: FilingId,
    /// When the server received the letter.
    pub received_at: Timestamp,
    /// The mailbox.
    pub mailbox: MailboxId,
    /// The branch's key, where known.
    pub branch: Option<BranchId>,
    /// The branch's name, where known.
    pub branch_name: Option<String>,
    /// Sender's address as written; empty when there is none.
    pub sender: String,
    /// Subject.
    pub subject: String,
    /// Document codes, in the letter's order.
    pub documents: Vec<String>,
    /// Who made the signatures that passed, each once: name and ЄДРПОУ. That a signature passed does not say that its
    /// signer may seal copies.
    pub signers: Vec<String>,
    /// The worst result over the letter's signed parts; none when nothing is signed.
    pub indication: Option<Indication>,
    /// The sub-indication that goes with it.
    pub sub_indication: Option<SubIndication>,
    /// PDFs without a signature.
    pub unsigned: u32,
    /// The code it was matched to.
    pub code: Option<CodeId>,
    /// How many anomalies and defects it has.
    pub remarks: u32,
    /// The earlier filing that it repeats, if it does.
    pub duplicate_of: Option<FilingId>,
    /// What a clerk may do with it; none where no light was made yet.
    pub light: Option<Light>,
}

/// A filing as the pages list it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeskRow {
    /// The row.
    pub row: FilingRow,
    /// Whose documents these are, as the copies say, each once; none where nothing was read.
    pub holders: Vec<String>,
    /// The purposes of the matched code's services.
    pub purposes: Vec<String>,
}

/// Which filings a list shows; everything by default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FilingFilter {
    /// Only this branch's.
    pub branch: Option<BranchId>,
    /// Only those with this worst result.
    pub indication: Option<Indication>,
    /// Only those with this light.
    pub light: Option<Light>,
}

/// A filing with everything that is known of it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FilingView {
    /// The row of the list.
    #[serde(flatten)]
    pub row: FilingRow,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Where the letter lay, for people: `INBOX 1700000000/17` or a file's name.
    pub source: String,
    /// Message-ID, where given.
    pub message_id: Option<String>,
    /// SHA-256 of the letter's bytes, the name of its blob.
    pub digest: Digest,
    /// The newest verdict of every signed part.
    pub verdicts: Vec<Verdict>,
    /// The digest of the rules (trusted certificates, policy) that each of them was judged by, in their order; none of
    /// verdicts from before that was kept.
    pub rules: Vec<Option<Digest>>,
    /// Every document.
    pub copies: Vec<Copy>,
    /// What the pages of each of them say, in their order; none where they were not read yet.
    pub readings: Vec<Option<Reading>>,
    /// Its newest light with every reason; none where no light was made yet.
    pub assessment: Option<LightRecord>,
    /// What it was matched to.
    pub matched: Matched,
    /// Why it was matched so.
    pub match_reasons: Vec<MatchReason>,
    /// What is odd about the match.
    pub anomalies: Vec<Anomaly>,
    /// What was wrong with the letter.
    pub defects: Vec<Defect>,
    /// The token of the matched code.
    #[serde(skip)]
    pub token: Option<Token>,
    /// Every attachment: name, kind (`pdf`, `p7s`, `other`), bytes, SHA-256.
    pub attachments: Vec<(String, String, u64, Digest)>,
}
