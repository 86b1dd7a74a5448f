//! Tokens and documents of a letter × issued codes → a [`Match`] with its reasons.
//!
//! A token decides first: only own codes and visits have one, and a visitor cannot make it up. Without a token, and for registered
//! codes always, the mailbox, the documents and the code's validity at the moment of receipt decide together.

mod documents;

use crate::model::{
    Anomaly, Branch, BranchId, CodeId, CodeState, Copy, Known, MailboxId, Match, MatchReason, Matched,
    QrCode, Session, Timestamp, Token, TokensFound, VisitId,
};
use documents::{Fit, fit};

/// Which session the letter answers.
///
/// `received_at` is the server's time of receipt: a letter that waited in an unreachable mailbox is judged as of its arrival.
#[must_use]
pub fn decide(
    tokens: &TokensFound,
    copies: &[Copy],
    known: &Known,
    mailbox: &MailboxId,
    received_at: Timestamp,
) -> Match {
    let case = Case { copies, known, mailbox, received_at };
    let mut anomalies = unknown_tokens(tokens, known);
    let mut decision = case.by_token(tokens).unwrap_or_else(|| case.by_documents());
    anomalies.append(&mut decision.anomalies);
    let asked = match decision.matched {
        Matched::Session { code, .. } => known.codes.iter().find(|(known, _)| known.id == code),
        Matched::Ambiguous { .. } | Matched::Nothing => None,
    };
    anomalies.extend(about_documents(asked.map(|(code, _)| code), copies));
    let branch = case.branch(&decision, &mut anomalies);
    if decision.matched == Matched::Nothing && branch.is_some() {
        decision.reasons.push(MatchReason::OnlyBranch);
    }
    let Decision { matched, reasons, visit, .. } = decision;
    Match { matched, branch, reasons, anomalies, visit }
}

/// A match as decided, with what is odd about its documents said again for copies whose kinds are known better by now.
/// `code` is the matched one.
#[must_use]
pub fn with_documents(decided: &Match, code: Option<&QrCode>, copies: &[Copy]) -> Match {
    let of_documents = |anomaly: &Anomaly| {
        matches!(
            anomaly,
            Anomaly::MissingDocuments { .. }
                | Anomaly::ExtraDocuments { .. }
                | Anomaly::RepeatedDocuments { .. }
                | Anomaly::UnknownDocuments { .. }
                | Anomaly::UnsignedDocuments { .. }
                | Anomaly::NoDocuments
        )
    };
    let mut matched = decided.clone();
    matched.anomalies.retain(|anomaly| !of_documents(anomaly));
    matched.anomalies.extend(about_documents(code, copies));
    matched
}

struct Case<'a> {
    copies: &'a [Copy],
    known: &'a Known,
    mailbox: &'a MailboxId,
    received_at: Timestamp,
}

struct Decision {
    matched: Matched,
    reasons: Vec<MatchReason>,
    anomalies: Vec<Anomaly>,
    visit: Option<VisitId>,
}

impl Decision {
    fn to(entry: &(QrCode, Session), reasons: Vec<MatchReason>, anomalies: Vec<Anomaly>) -> Self {
        let matched = Matched::Session { session: entry.1.id, code: entry.0.id };
        Self { matched, reasons, anomalies, visit: None }
    }

    fn between(entries: &[&(QrCode, Session)]) -> Self {
        let codes: Vec<_> = entries.iter().map(|entry| entry.0.id).collect();
        Self {
            matched: Matched::Ambiguous { codes: codes.clone() },
            reasons: Vec::new(),
            anomalies: vec![Anomaly::SeveralCandidates { codes }],
            visit: None,
        }
    }
}

impl Case<'_> {
    /// The code of a token, and its visit where it is that of a one-time code.
    fn entry_of(&self, token: Token) -> Option<(&(QrCode, Session), Option<VisitId>)> {
        let mut codes = self.known.codes.iter();
        let visit = self.known.visits.iter().find(|visit| visit.token == token);
        match visit {
            Some(visit) => codes.find(|(code, _)| code.id == visit.code).zip(Some(Some(visit.visit))),
            None => codes.find(|(code, _)| code.token() == Some(token)).zip(Some(None)),
        }
    }

    fn branch_of(&self, id: &BranchId) -> Option<&Branch> {
        self.known.branches.iter().find(|branch| branch.id == *id)
    }

    /// The first known token, looked for where a visitor is least likely to have disturbed it.
    fn by_token(&self, tokens: &TokensFound) -> Option<Decision> {
        let places = [
            (&tokens.address, MatchReason::TokenInAddress),
            (&tokens.subject, MatchReason::TokenInSubject),
            (&tokens.body, MatchReason::TokenInBody),
        ];
        let mut codes: Vec<CodeId> = Vec::new();
        let mut visits: Vec<VisitId> = Vec::new();
        let mut first: Option<(&(QrCode, Session), MatchReason)> = None;
        for (list, reason) in places {
            for (entry, visit) in list.iter().filter_map(|token| self.entry_of(*token)) {
                if !codes.contains(&entry.0.id) {
                    codes.push(entry.0.id);
                }
                let (first, _) = first.get_or_insert_with(|| (entry, reason.clone()));
                // A poster's token beside that of a visit on the same code names no other code.
                visits.extend(visit.filter(|visit| first.0.id == entry.0.id && !visits.contains(visit)));
            }
        }
        let (entry, reason) = first?;
        let mut reasons = vec![reason];
        let mut anomalies = Vec::new();
        if codes.len() > 1 || visits.len() > 1 {
            anomalies.push(Anomaly::SeveralTokens { codes });
        }
        self.judge_validity(&entry.0, &mut reasons, &mut anomalies);
        self.judge_mailbox(&entry.0, &mut reasons, &mut anomalies);
        Some(Decision { visit: visits.first().copied(), ..Decision::to(entry, reasons, anomalies) })
    }

    fn judge_validity(&self, code: &QrCode, reasons: &mut Vec<MatchReason>, anomalies: &mut Vec<Anomaly>) {
        match code.state_at(self.received_at) {
            CodeState::Live => reasons.push(MatchReason::ValidAtReceipt),
            state => anomalies.push(Anomaly::CodeNotLive { code: code.id, state }),
        }
    }

    fn judge_mailbox(&self, code: &QrCode, reasons: &mut Vec<MatchReason>, anomalies: &mut Vec<Anomaly>) {
        match self.branch_of(&code.branch) {
            Some(branch) if branch.mailbox != *self.mailbox => anomalies.push(Anomaly::OtherBranchMailbox {
                branch: branch.id.clone(),
                mailbox: branch.mailbox.clone(),
            }),
            _ => reasons.push(MatchReason::Mailbox { mailbox: self.mailbox.clone() }),
        }
    }

    /// Mailbox + documents + validity: a live code with exactly these documents, else the live code that they fit best,
    /// else the code with exactly these documents that ended last.
    fn by_documents(&self) -> Decision {
        let nothing = Decision { matched: Matched::Nothing, reasons: vec![], anomalies: vec![], visit: None };
        if self.copies.is_empty() {
            return nothing;
        }
        let (live, ended): (Vec<_>, Vec<_>) = self
            .known
            .codes
            .iter()
            .filter(|(code, _)| self.branch_of(&code.branch).is_some_and(|b| b.mailbox == *self.mailbox))
            .partition(|(code, _)| code.state_at(self.received_at) == CodeState::Live);
        let here = MatchReason::Mailbox { mailbox: self.mailbox.clone() };
        if let Some((best, exact)) = best_fits(&live, self.copies) {
            return match best.as_slice() {
                [entry] => {
                    let why = if exact { Some(MatchReason::DocumentSet) } else { None };
                    let only = (live.len() == 1).then_some(MatchReason::OnlyLiveCode);
                    let reasons = [Some(here), why, only, Some(MatchReason::ValidAtReceipt)];
                    Decision::to(entry, reasons.into_iter().flatten().collect(), vec![])
                }
                several => Decision::between(several),
            };
        }
        let before = ended.iter().filter(|(code, _)| {
            matches!(code.state_at(self.received_at), CodeState::Expired | CodeState::Retired)
                && fit(&code.documents, self.copies).is_exact()
        });
        match before.max_by_key(|(code, _)| code.retired_at.unwrap_or(code.valid_until.ends())) {
            Some(entry) => {
                let state = entry.0.state_at(self.received_at);
                let anomalies = vec![Anomaly::CodeNotLive { code: entry.0.id, state }];
                Decision::to(entry, vec![here, MatchReason::DocumentSet], anomalies)
            }
            None => Decision { anomalies: vec![Anomaly::NoCandidate], ..nothing },
        }
    }

    /// The branch to file under: the code's, or the only one that the candidates or the mailbox leave.
    fn branch(&self, decision: &Decision, anomalies: &mut Vec<Anomaly>) -> Option<BranchId> {
        let of_code =
            |id| self.known.codes.iter().find(|(code, _)| code.id == id).map(|(code, _)| &code.branch);
        let mut branches: Vec<&BranchId> = match &decision.matched {
            Matched::Session { code, .. } => of_code(*code).into_iter().collect(),
            Matched::Ambiguous { codes } => codes.iter().filter_map(|id| of_code(*id)).collect(),
            Matched::Nothing => {
                let here = self.known.branches.iter().filter(|branch| branch.mailbox == *self.mailbox);
                let here: Vec<_> = here.map(|branch| &branch.id).collect();
                if here.is_empty() {
                    anomalies.push(Anomaly::MailboxWithoutBranch);
                }
                here
            }
        };
        branches.sort();
        branches.dedup();
        match branches.as_slice() {
            [one] => Some((*one).clone()),
            _ => None,
        }
    }
}

/// What is odd about the documents, against the matched code's list where there is one.
fn about_documents(asked: Option<&QrCode>, copies: &[Copy]) -> Vec<Anomaly> {
    if copies.is_empty() {
        return vec![Anomaly::NoDocuments];
    }
    let mut anomalies = match asked {
        Some(code) => fit(&code.documents, copies).anomalies(),
        None => fit(&[], copies).repeated().into_iter().collect(),
    };
    let unsigned = copies.iter().enumerate().filter(|(_, copy)| copy.p7s_at.is_none());
    let name = |at: usize, copy: &Copy| {
        if copy.file_name.is_empty() { (at + 1).to_string() } else { copy.file_name.clone() }
    };
    let names: Vec<String> = unsigned.map(|(at, copy)| name(at, copy)).collect();
    if !names.is_empty() {
        anomalies.push(Anomaly::UnsignedDocuments { names });
    }
    anomalies
}

/// The live codes that the documents fit best, and whether they fit exactly; none when no code has anything in common.
fn best_fits<'a>(
    live: &[&'a (QrCode, Session)],
    copies: &[Copy],
) -> Option<(Vec<&'a (QrCode, Session)>, bool)> {
    let fits: Vec<(Fit, &(QrCode, Session))> = live
        .iter()
        .map(|entry| (fit(&entry.0.documents, copies), *entry))
        .filter(|(f, _)| f.is_possible())
        .collect();
    let least = fits.iter().map(|(f, _)| f.distance()).min()?;
    let exact = fits.iter().any(|(f, _)| f.is_exact());
    let best = fits
        .into_iter()
        .filter(|(f, _)| if exact { f.is_exact() } else { f.distance() == least })
        .map(|(_, entry)| entry)
        .collect();
    Some((best, exact))
}

fn unknown_tokens(tokens: &TokensFound, known: &Known) -> Vec<Anomaly> {
    let mut unknown: Vec<Token> = [&tokens.address, &tokens.subject, &tokens.body]
        .into_iter()
        .flatten()
        .copied()
        .filter(|token| !known.codes.iter().any(|(code, _)| code.token() == Some(*token)))
        .filter(|token| !known.visits.iter().any(|visit| visit.token == *token))
        .collect();
    unknown.sort();
    unknown.dedup();
    unknown.into_iter().map(|token| Anomaly::UnknownToken { token: token.to_string() }).collect()
}

#[cfg(test)]
mod tests;
