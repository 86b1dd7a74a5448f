//! A filing with its letter and proofs → its signed parts, each with the files that show its verdict, tried as a stranger
//! would.

use std::collections::BTreeMap;

use serde::Serialize;
use skrynka::app::App;
use skrynka::model::{
    Attachment, ContentSource, Digest, FilingView, Indication, Policy, Proof, ProofKind, ProofOrigin,
    ProofRole, RevocationRule, SubIndication, Timestamp, Verdict,
};
use skrynka::parse;
use skrynka::verify::{self, Evidence, Judge, Judged, Trust};

/// A filing, ready to be written.
pub(super) struct Dossier<'a> {
    pub(super) view: &'a FilingView,
    pub(super) letter: Vec<u8>,
    pub(super) parts: Vec<Part>,
    pub(super) exported_at: Timestamp,
}

/// One signed part.
pub(super) struct Part {
    /// Its folder in the export.
    pub(super) folder: String,
    /// The verdict as it was filed.
    pub(super) verdict: Verdict,
    /// What is signed, for a report.
    pub(super) content: Option<verify::Content>,
    /// The P7S as it came.
    pub(super) p7s: Vec<u8>,
    /// The document, and the name of its file.
    pub(super) copy: Option<(&'static str, Vec<u8>)>,
    /// What the verdict rests on.
    pub(super) proofs: Vec<Proof>,
    /// Whether that was kept when the verdict was made; else it was looked for at the export.
    pub(super) is_kept: bool,
    /// What `skrynka verify` says of these files.
    pub(super) checked: Checked,
}

/// What a stranger's `skrynka verify` answers.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Checked {
    pub(super) revocation: RevocationRule,
    pub(super) indication: Indication,
    pub(super) sub_indication: Option<SubIndication>,
    /// Whether that is the verdict.
    pub(super) agrees: bool,
}

/// Name of the P7S in its folder.
pub(super) const P7S: &str = "signature.p7s";

impl<'a> Dossier<'a> {
    /// `proofs` are what was kept, by the place of the P7S; where nothing was, today's trust and the letter must do.
    pub(super) fn of(
        view: &'a FilingView,
        letter: Vec<u8>,
        mut proofs: BTreeMap<usize, Vec<Proof>>,
        app: &App,
    ) -> Self {
        let attachments = parse::letter_within(&letter, &app.limits()).attachments;
        let now = app.now();
        let mut parts = Vec::new();
        for verdict in &view.verdicts {
            let kept = proofs.remove(&verdict.p7s_at);
            let folder = format!("part-{}", parts.len() + 1);
            let policy = &app.config().policy.signatures;
            let given = Given { attachments: &attachments, verdict, trust: app.trust(), policy };
            parts.push(given.part(folder, kept, now));
        }
        Self { view, letter, parts, exported_at: now }
    }

    /// What whoever exports must know.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for part in &self.parts {
            let Part { folder, verdict, checked, .. } = part;
            if !part.is_kept {
                warnings.push(format!(
                    "{folder}: nothing was kept with this verdict; its evidence was looked for now, in the letter and \
                     in today's trust folder"
                ));
            }
            if !checked.agrees {
                warnings.push(format!(
                    "{folder}: the verdict was {}, and `skrynka verify` says {} by its own rules; the report has both",
                    words(verdict.indication, verdict.sub_indication),
                    words(checked.indication, checked.sub_indication)
                ));
            }
        }
        warnings
    }
}

/// `INDETERMINATE / TRY_LATER`.
pub(super) fn words(indication: Indication, sub_indication: Option<SubIndication>) -> String {
    let sub = sub_indication.map(|sub| format!(" / {}", sub.word())).unwrap_or_default();
    format!("{}{sub}", indication.word())
}

/// What one part is made of.
struct Given<'a> {
    attachments: &'a [Attachment],
    verdict: &'a Verdict,
    trust: &'a Trust,
    policy: &'a Policy,
}

impl Given<'_> {
    fn part(&self, folder: String, kept: Option<Vec<Proof>>, now: Timestamp) -> Part {
        let verdict = self.verdict;
        let p7s = self.bytes(verdict.p7s_at).unwrap_or_default();
        let beside = match &verdict.content {
            ContentSource::Detached { at } => at.first().and_then(|at| self.bytes(*at)),
            ContentSource::Named { at } => self.bytes(*at),
            _ => None,
        };
        let is_kept = kept.is_some() || verdict.signers.is_empty();
        let proofs = kept.unwrap_or_else(|| {
            let judge = Judge { trust: self.trust, evidence: &Evidence::new(), policy: self.policy };
            judge.file(P7S, &p7s, beside.as_deref(), verdict.proof_at, now).rests_on
        });
        let (checked, judged) = self.check(&p7s, beside.as_deref(), &proofs, now);
        let copy = judged.extracted.or(beside);
        let copy = copy.map(|copy| (if copy.starts_with(b"%PDF") { "copy.pdf" } else { "copy.bin" }, copy));
        Part {
            folder,
            verdict: verdict.clone(),
            content: judged.content,
            p7s,
            copy,
            proofs,
            is_kept,
            checked,
        }
    }

    fn bytes(&self, place: usize) -> Option<Vec<u8>> {
        self.attachments.get(place).map(|attachment| attachment.bytes.clone())
    }

    /// Judges the files as a stranger will, by the strictest rule on revocation that gives the verdict.
    fn check(
        &self,
        p7s: &[u8],
        content: Option<&[u8]>,
        proofs: &[Proof],
        now: Timestamp,
    ) -> (Checked, Judged) {
        let (trust, evidence) = inputs(proofs);
        let judge = |revocation| {
            let policy = Policy { revocation, ..Policy::default() };
            let judge = Judge { trust: &trust, evidence: &evidence, policy: &policy };
            let judged = judge.file(P7S, p7s, content, self.verdict.proof_at, now);
            let Verdict { indication, sub_indication, .. } = judged.verdict;
            let agrees =
                (indication, sub_indication) == (self.verdict.indication, self.verdict.sub_indication);
            (Checked { revocation, indication, sub_indication, agrees }, judged)
        };
        let strictest = judge(RevocationRule::Required);
        if strictest.0.agrees {
            return strictest;
        }
        let milder = [RevocationRule::IfAvailable, RevocationRule::Off].into_iter().map(judge);
        milder.into_iter().find(|(checked, _)| checked.agrees).unwrap_or(strictest)
    }
}

/// The anchors, and the rest.
fn inputs(proofs: &[Proof]) -> (Trust, Evidence) {
    let of_role =
        |anchors: bool| proofs.iter().filter(move |proof| (proof.role == ProofRole::Anchor) == anchors);
    let (trust, _) = Trust::new(of_role(true).map(|proof| proof.der.to_vec()).collect());
    let mut evidence = Evidence::new();
    for proof in of_role(false) {
        // What cannot be read was read when it was kept.
        let _ = match proof.kind {
            ProofKind::Certificate => evidence.add_certificates("", &proof.der),
            ProofKind::Crl => evidence.add_crl("", &proof.der),
            ProofKind::Ocsp => evidence.add_ocsp("", &proof.der),
        };
    }
    (trust, evidence)
}

/// A proof as a file of the export.
#[derive(Clone, Serialize)]
pub(super) struct Exhibit {
    pub(super) file: String,
    pub(super) kind: ProofKind,
    pub(super) role: ProofRole,
    pub(super) origin: ProofOrigin,
    pub(super) sha256: Digest,
}

impl Part {
    /// Where each proof lies, in their order.
    pub(super) fn exhibits(&self) -> Vec<Exhibit> {
        let exhibit = |proof: &Proof| {
            let Proof { kind, role, origin, digest, .. } = *proof;
            let folder = folder_of(proof);
            let ending = match kind {
                ProofKind::Certificate => "cer",
                ProofKind::Crl => "crl",
                ProofKind::Ocsp => "ors",
            };
            let role_word = role.word().replace('_', "-");
            let short: String = digest.to_string().chars().take(16).collect();
            let file = format!("{}/{folder}/{role_word}-{short}.{ending}", self.folder);
            Exhibit { file, kind, role, origin, sha256: digest }
        };
        self.proofs.iter().map(exhibit).collect()
    }

    /// The words that check this part, in the folder of the export.
    pub(super) fn command(&self) -> String {
        let folder = &self.folder;
        let rule = match self.checked.revocation {
            RevocationRule::Required => "required",
            RevocationRule::WhereTold => "where-told",
            RevocationRule::IfAvailable => "if-available",
            RevocationRule::Off => "off",
        };
        let mut words =
            format!("skrynka verify --offline --at {} --revocation {rule}", self.verdict.proof_at);
        for (option, kept_in) in
            [("--trust", "trust"), ("--cert", "certificates"), ("--crl", "crl"), ("--ocsp", "ocsp")]
        {
            if self.proofs.iter().any(|proof| folder_of(proof) == kept_in) {
                words.push_str(&format!(" {option} {folder}/{kept_in}"));
            }
        }
        if let Some((name, _)) = &self.copy {
            words.push_str(&format!(" --content {folder}/{name}"));
        }
        format!("{words} {folder}/{P7S}")
    }
}

fn folder_of(proof: &Proof) -> &'static str {
    match proof.kind {
        ProofKind::Certificate if proof.role == ProofRole::Anchor => "trust",
        ProofKind::Certificate => "certificates",
        ProofKind::Crl => "crl",
        ProofKind::Ocsp => "ocsp",
    }
}
