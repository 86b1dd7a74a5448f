//! A letter as the store knows it → the facts that its light rests on, each one by itself.
//!
//! The variants of a fact stand from the best to the worst.

use super::initiator::{self, InitiatorFact};
use super::kinds;
use super::persons::{self, Agreement};
use crate::model::{
    Anomaly, CodeId, CodeKind, CodeState, Copy, Defect, DocumentCode, EarlierUse, FieldKind, Indication,
    KyivDay, LightCase, LightPolicy, Reading, ReadingTrouble, ReadingWarning, Reason, SignerKind,
    SubIndication, Timestamp, Verdict, VisitId, VisitStanding, kyiv_moment,
};

/// Everything that the table looks at.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// Of each copy, in the letter's order.
    pub(super) copies: Vec<CopyFacts>,
    /// Signatures that belong to no copy.
    pub(super) loose_signatures: Vec<SignatureFact>,
    /// What is odd about the code; nothing: it is live and ours.
    pub(super) code: Vec<CodeFact>,
    /// Whether a code asks for documents at all.
    pub(super) asked_for: bool,
    /// Documents asked for that are not there.
    pub(super) missing: Vec<DocumentCode>,
    /// Documents that nobody asked for.
    pub(super) extra: Vec<DocumentCode>,
    /// Kinds of documents that came more than once and should not.
    pub(super) repeated: Vec<DocumentCode>,
    /// Defects that may hide something.
    pub(super) hides: Vec<Defect>,
    /// Whether the documents are of one person; none: there is nothing to compare.
    pub(super) persons: Option<Agreement>,
    /// Of the visit.
    pub(super) visit: Option<VisitFact>,
}

/// What is known of one copy.
#[derive(Clone, Debug)]
pub(super) struct CopyFacts {
    pub(super) signature: SignatureFact,
    /// Whether a person's own signature is the holder's; none: there is no such signature.
    pub(super) citizen: Option<Agreement>,
    pub(super) initiator: InitiatorFact,
    pub(super) initiator_needed: Needed,
    pub(super) request: RequestFact,
    pub(super) earlier: Vec<EarlierUse>,
    /// The last day of a document that was over when the letter came.
    pub(super) ended: Option<KyivDay>,
    pub(super) read: ReadFact,
    /// What contradicts in what it says.
    pub(super) warnings: Vec<ReadingWarning>,
    /// What may hide something in the file.
    pub(super) oddities: Vec<pages::Oddity>,
    pub(super) kind_known: bool,
}

/// What is to be thought of a signature.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum SignatureFact {
    Passed,
    Undecided(Option<SubIndication>),
    NotSigned,
    SignerNotAllowed(Vec<String>),
    Untrusted(Option<SubIndication>),
    Failed(Option<SubIndication>),
    Changed,
}

/// What is odd about the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum CodeFact {
    Expired(CodeId),
    Retired(CodeId),
    NotYetValid(CodeId),
    Unknown,
    Ambiguous(Vec<CodeId>),
    None,
    Elsewhere,
}

/// Whether a copy must say that we asked for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Needed {
    /// Policy lets the service do without.
    No,
    /// Our own code makes no request, so somebody else may have asked.
    ByOurCode,
    Yes,
}

/// When the copy was asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum RequestFact {
    Fresh { at: Timestamp, received_at: Timestamp },
    Missing,
    Future { at: Timestamp, received_at: Timestamp },
    Stale { at: Timestamp, received_at: Timestamp },
}

/// How much of the copy was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ReadFact {
    Whole,
    Partly { unread: u32 },
    Later,
    Not { trouble: Option<ReadingTrouble> },
}

/// How the letter stands to a visit.
#[derive(Clone, Debug)]
pub(super) struct VisitFact {
    pub(super) visit: VisitId,
    pub(super) standing: VisitStanding,
    /// Whether it is the visit's person; none: nobody was named.
    pub(super) person: Option<Agreement>,
}

impl Facts {
    /// The facts of a letter.
    pub(super) fn of(case: &LightCase, policy: &LightPolicy) -> Self {
        let copies = case.copies.iter().enumerate();
        let mut facts = Self {
            copies: copies.map(|(at, copy)| copy_facts(case, policy, at, copy)).collect(),
            loose_signatures: loose_signatures(case),
            code: Vec::new(),
            asked_for: case.code.is_some() && !case.copies.is_empty(),
            missing: Vec::new(),
            extra: Vec::new(),
            repeated: Vec::new(),
            hides: case.defects.iter().filter(|defect| may_hide(defect)).cloned().collect(),
            persons: persons::of_letter(&case.copies, &case.readings),
            visit: case.visit.as_ref().map(|visit| VisitFact {
                visit: visit.visit,
                standing: visit.standing,
                person: persons::with_visit(visit, &case.copies, &case.readings),
            }),
        };
        for anomaly in &case.matched.anomalies {
            facts.take(anomaly);
        }
        facts
    }

    fn take(&mut self, anomaly: &Anomaly) {
        match anomaly {
            Anomaly::UnknownToken { .. } => self.code.push(CodeFact::Unknown),
            Anomaly::CodeNotLive { code, state } => self.code.extend(match state {
                CodeState::Live => None,
                CodeState::Expired => Some(CodeFact::Expired(*code)),
                CodeState::Retired => Some(CodeFact::Retired(*code)),
                CodeState::NotYetValid => Some(CodeFact::NotYetValid(*code)),
            }),
            Anomaly::SeveralTokens { codes } | Anomaly::SeveralCandidates { codes } => {
                self.code.push(CodeFact::Ambiguous(codes.clone()));
            }
            Anomaly::NoCandidate | Anomaly::MailboxWithoutBranch => {
                if !self.code.contains(&CodeFact::None) {
                    self.code.push(CodeFact::None);
                }
            }
            Anomaly::OtherBranchMailbox { .. } => self.code.push(CodeFact::Elsewhere),
            Anomaly::MissingDocuments { documents } => self.missing.extend(documents.iter().cloned()),
            Anomaly::ExtraDocuments { documents } => self.extra.extend(documents.iter().cloned()),
            Anomaly::RepeatedDocuments { documents } => {
                let once = documents.iter().filter(|document| !kinds::kind(document).several);
                self.repeated.extend(once.cloned());
            }
            // These are told of each copy, or of the letter without any.
            Anomaly::UnsignedDocuments { .. } | Anomaly::UnknownDocuments { .. } | Anomaly::NoDocuments => {}
        }
    }
}

fn copy_facts(case: &LightCase, policy: &LightPolicy, at: usize, copy: &Copy) -> CopyFacts {
    let reading = case.readings.get(at).and_then(Option::as_ref);
    let verdict = copy.p7s_at.and_then(|p7s| case.verdicts.iter().find(|verdict| verdict.p7s_at == p7s));
    CopyFacts {
        signature: match (copy.p7s_at, verdict) {
            (Some(_), Some(verdict)) => signature(verdict),
            // A signature without a verdict is not one that passed.
            (Some(_), None) => SignatureFact::Undecided(None),
            (None, _) => SignatureFact::NotSigned,
        },
        citizen: verdict.and_then(|verdict| citizen(verdict, copy, reading)),
        initiator: reading
            .map_or(InitiatorFact::Missing, |reading| initiator::initiator(reading, &case.addressees)),
        initiator_needed: needed(case, policy),
        request: request(reading, case.received_at, policy),
        earlier: case.earlier.iter().filter(|earlier| earlier.copy == at).cloned().collect(),
        ended: reading.and_then(|reading| ended(reading, case.received_at)),
        read: read(reading),
        warnings: reading.map_or_else(Vec::new, |reading| {
            reading.warnings.iter().filter(|warning| contradicts(warning)).cloned().collect()
        }),
        oddities: reading.map_or_else(Vec::new, |reading| {
            reading.oddities.iter().filter(|oddity| file_hides(**oddity)).copied().collect()
        }),
        kind_known: copy.document.is_some(),
    }
}

/// Signed parts that no copy stands for.
fn loose_signatures(case: &LightCase) -> Vec<SignatureFact> {
    let of_a_copy = |verdict: &&Verdict| case.copies.iter().any(|copy| copy.p7s_at == Some(verdict.p7s_at));
    let loose = case.verdicts.iter().filter(|verdict| !of_a_copy(verdict)).map(signature);
    loose.filter(|signature| *signature != SignatureFact::Passed).collect()
}

fn signature(verdict: &Verdict) -> SignatureFact {
    let sub = verdict.sub_indication;
    match (verdict.indication, sub, &verdict.reason) {
        (Indication::TotalPassed, _, _) => SignatureFact::Passed,
        (_, Some(SubIndication::HashFailure), _) => SignatureFact::Changed,
        (Indication::TotalFailed, _, _) => SignatureFact::Failed(sub),
        (_, _, Some(Reason::SealerNotAllowed { edrpou })) => SignatureFact::SignerNotAllowed(edrpou.clone()),
        (Indication::Indeterminate, Some(sub), _) if !evidence_may_mend(sub) => {
            SignatureFact::Untrusted(Some(sub))
        }
        (Indication::Indeterminate, _, _) => SignatureFact::Undecided(sub),
    }
}

/// Whether evidence that is still to come, or something that the visitor can send, may turn it into a pass. The rest is
/// INDETERMINATE in the standard's words, but nobody whom we trust vouches for it.
const fn evidence_may_mend(sub: SubIndication) -> bool {
    matches!(
        sub,
        SubIndication::TryLater
            | SubIndication::NoPoe
            | SubIndication::OutOfBoundsNoPoe
            | SubIndication::CryptoConstraintsFailureNoPoe
            | SubIndication::CertificateChainGeneralFailure
            | SubIndication::NoSigningCertificateFound
            | SubIndication::SignedDataNotFound
            | SubIndication::Generic
    )
}

/// A person's own signatures beside the seal, against the holder: the worst agreement counts.
fn citizen(verdict: &Verdict, copy: &Copy, reading: Option<&Reading>) -> Option<Agreement> {
    let certificates = verdict.signers.iter().filter_map(|signer| signer.certificate.as_ref());
    let persons = certificates.filter(|certificate| certificate.kind == SignerKind::Person);
    persons.filter_map(|certificate| persons::with_citizen(certificate, copy, reading)).max()
}

fn needed(case: &LightCase, policy: &LightPolicy) -> Needed {
    let Some(code) = &case.code else { return Needed::Yes };
    let all_allow = code.services.iter().all(|service| policy.without_initiator.contains(service));
    match code.kind {
        _ if all_allow && !code.services.is_empty() => Needed::No,
        CodeKind::Own { .. } => Needed::ByOurCode,
        CodeKind::Registered => Needed::Yes,
    }
}

fn request(reading: Option<&Reading>, received_at: Timestamp, policy: &LightPolicy) -> RequestFact {
    let shown = reading.and_then(|reading| plain(reading, FieldKind::RequestTime));
    let at = shown.and_then(|shown| kyiv_moment(shown, received_at));
    let Some(at) = at else { return RequestFact::Missing };
    let minutes = |minutes: u32| jiff::SignedDuration::from_mins(i64::from(minutes));
    let age = received_at.duration_since(at);
    let skew = minutes(policy.clock_skew_minutes_max);
    if age < -skew {
        RequestFact::Future { at, received_at }
    } else if age > minutes(policy.request_age_minutes_max) + skew {
        RequestFact::Stale { at, received_at }
    } else {
        RequestFact::Fresh { at, received_at }
    }
}

fn plain(reading: &Reading, kind: FieldKind) -> Option<&str> {
    reading.fields.iter().find(|field| field.kind == kind)?.plain.as_deref()
}

fn ended(reading: &Reading, received_at: Timestamp) -> Option<KyivDay> {
    let days = reading.fields.iter().filter(|field| field.kind == FieldKind::ValidUntil);
    let days = days.filter_map(|field| field.plain.as_deref()?.parse::<KyivDay>().ok());
    days.min().filter(|day| *day < KyivDay::of(received_at))
}

fn read(reading: Option<&Reading>) -> ReadFact {
    let Some(reading) = reading else { return ReadFact::Not { trouble: None } };
    match reading.trouble {
        Some(ReadingTrouble::OcrLater) => ReadFact::Later,
        trouble if reading.letters == reading.unread => ReadFact::Not { trouble },
        None if reading.unread == 0 => ReadFact::Whole,
        _ => ReadFact::Partly { unread: reading.unread },
    }
}

/// Whether something is odd about what the copy says itself. What its file's name says is the sender's; what was not
/// read is told once.
const fn contradicts(warning: &ReadingWarning) -> bool {
    match warning {
        ReadingWarning::CheckDigit { .. }
        | ReadingWarning::Contradicts { .. }
        | ReadingWarning::Form { .. }
        | ReadingWarning::Missing { .. } => true,
        ReadingWarning::FileName { .. } | ReadingWarning::Unread { .. } => false,
    }
}

/// Whether a defect of the letter may hide a document, or another one than is shown.
const fn may_hide(defect: &Defect) -> bool {
    match defect {
        Defect::LetterTooLarge { .. }
        | Defect::TooManyParts { .. }
        | Defect::NestedTooDeep { .. }
        | Defect::DamagedEncoding { .. }
        | Defect::EmptyAttachment { .. }
        | Defect::NotWhatItsNameSays { .. }
        | Defect::WinmailDat { .. }
        | Defect::HeadersTooLarge { .. }
        | Defect::CutShort
        | Defect::BordersMissing
        | Defect::FieldContradicts { .. }
        | Defect::UnknownEncoding { .. }
        | Defect::BytesAfterSignature { .. }
        | Defect::Uuencoded { .. }
        | Defect::Archive { .. }
        | Defect::Encrypted { .. } => true,
        Defect::NotALetter
        | Defect::RepeatedAttachment { .. }
        | Defect::HtmlOnly
        | Defect::NoSender
        | Defect::BodyCut { .. }
        | Defect::NameCleaned { .. }
        | Defect::DateUnreadable
        | Defect::DamagedText
        | Defect::UndeclaredEncoding { .. }
        | Defect::LetterInside { .. }
        | Defect::NothingAttached => false,
    }
}

/// Whether something strange in a file may show one thing and hold another. That it was changed after it was first
/// written, or that its table was rebuilt, hides nothing: its signature covers every byte.
const fn file_hides(oddity: pages::Oddity) -> bool {
    use pages::Oddity as O;
    match oddity {
        O::JavaScript
        | O::EmbeddedFiles
        | O::Actions
        | O::HiddenText
        | O::Layers
        | O::Damaged
        | O::PageTree
        | O::TooManyPages => true,
        O::Encrypted | O::Form | O::PageBox | O::Rebuilt | O::Updated => false,
    }
}
