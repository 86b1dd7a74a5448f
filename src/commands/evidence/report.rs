//! A dossier → `report.json`: for each signed part the object of `skrynka verify --json`, and the facts of its filing.

use serde::Serialize;
use skrynka::model::{BranchId, CodeId, Digest, FilingId, MailboxId, Timestamp};
use skrynka::verify::Judged;

use super::dossier::{Checked, Dossier, Exhibit, P7S, Part};
use crate::commands::verify::Answer;

/// The whole report.
#[derive(Serialize)]
pub(super) struct Report {
    /// The form of this file; another one gets another name.
    format: &'static str,
    program: &'static str,
    exported_at: Timestamp,
    filing: Filing,
    signed_parts: Vec<SignedPart>,
    /// Every file but the reports, this text and `SHA256SUMS`.
    files: Vec<FileFacts>,
}

#[derive(Serialize)]
struct Filing {
    id: FilingId,
    mailbox: MailboxId,
    source: String,
    sender: String,
    subject: String,
    message_id: Option<String>,
    received_at: Timestamp,
    /// Our first durable write: the moment that certificates were judged at.
    filed_at: Timestamp,
    letter_sha256: Digest,
    code: Option<CodeId>,
    branch: Option<BranchId>,
    branch_name: Option<String>,
}

#[derive(Serialize)]
struct SignedPart {
    /// The verdict as it was filed.
    #[serde(flatten)]
    answer: Answer,
    folder: String,
    /// The P7S's name in the letter.
    p7s: String,
    proof_at: Timestamp,
    judged_at: Timestamp,
    /// The digest of the trusted certificates and the policy that it was judged by; none of one from before it was kept.
    rules_sha256: Option<Digest>,
    /// Whether the evidence was kept with the verdict, and not looked for at the export.
    evidence_kept: bool,
    evidence: Vec<Exhibit>,
    command: String,
    /// What that command answered at the export.
    checked: Checked,
}

/// One file of the export.
#[derive(Serialize)]
pub(super) struct FileFacts {
    file: String,
    bytes: usize,
    sha256: Digest,
}

impl FileFacts {
    pub(super) fn of(name: &str, bytes: &[u8]) -> Self {
        Self { file: name.to_owned(), bytes: bytes.len(), sha256: Digest::of(bytes) }
    }
}

impl Report {
    pub(super) fn of(dossier: &Dossier<'_>, files: Vec<FileFacts>) -> Self {
        let view = dossier.view;
        let row = &view.row;
        Self {
            format: "skrynka-evidence-1",
            program: concat!("skrynka ", env!("CARGO_PKG_VERSION")),
            exported_at: dossier.exported_at,
            filing: Filing {
                id: row.id,
                mailbox: row.mailbox.clone(),
                source: view.source.clone(),
                sender: row.sender.clone(),
                subject: row.subject.clone(),
                message_id: view.message_id.clone(),
                received_at: row.received_at,
                filed_at: view.filed_at,
                letter_sha256: view.digest,
                code: row.code,
                branch: row.branch.clone(),
                branch_name: row.branch_name.clone(),
            },
            signed_parts: dossier
                .parts
                .iter()
                .enumerate()
                .map(|(at, part)| SignedPart::of(part, view.rules.get(at).copied().flatten()))
                .collect(),
            files,
        }
    }
}

impl SignedPart {
    fn of(part: &Part, rules_sha256: Option<Digest>) -> Self {
        let judged = Judged {
            verdict: part.verdict.clone(),
            content: part.content,
            extracted: None,
            rests_on: Vec::new(),
        };
        Self {
            answer: Answer::of(&format!("{}/{P7S}", part.folder), &judged),
            folder: part.folder.clone(),
            p7s: part.verdict.p7s.clone(),
            proof_at: part.verdict.proof_at,
            judged_at: part.verdict.judged_at,
            rules_sha256,
            evidence_kept: part.is_kept,
            evidence: part.exhibits(),
            command: part.command(),
            checked: part.checked,
        }
    }
}
