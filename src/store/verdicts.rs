//! Verdicts: appended, never overwritten; the newest one of every signed part counts.

use super::columns::{as_json, facts, number, parsed_maybe, value};
use super::work::Work;
use super::{StoreError, proofs};
use crate::model::{Digest, FilingId, Indication, Proof, SubIndication, Verdict};

/// The verdict that a filing is known by: the worst of its signed parts'.
pub(super) fn worst(verdicts: &[Verdict]) -> Option<(Indication, Option<SubIndication>)> {
    // Of equally bad ones the first in the letter, so that the answer does not depend on how many follow.
    verdicts
        .iter()
        .rev()
        .max_by_key(|verdict| verdict.indication)
        .map(|verdict| (verdict.indication, verdict.sub_indication))
}

/// Who made the signatures that passed, each once.
pub(super) fn signers(verdicts: &[Verdict]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let passed = verdicts.iter().filter(|verdict| verdict.indication == Indication::TotalPassed);
    for certificate in
        passed.flat_map(|verdict| &verdict.signers).filter_map(|signer| signer.certificate.as_ref())
    {
        let name = match &certificate.edrpou {
            Some(edrpou) => format!("{} ({edrpou})", certificate.subject),
            None => certificate.subject.clone(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Appends verdicts to a filing, each with what it rests on and the rules that it was judged by.
pub(super) async fn append(
    work: &mut Work,
    filing: FilingId,
    verdicts: &[Verdict],
    rests_on: &[Vec<Proof>],
    rules: &Digest,
) -> Result<(), StoreError> {
    for (place, verdict) in verdicts.iter().enumerate() {
        let row = sqlx::query(
            "INSERT INTO verdict (filing, p7s_at, indication, sub_indication, judged_at, facts, rules)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING seq",
        )
        .bind(filing.0)
        .bind(number(verdict.p7s_at))
        .bind(verdict.indication.word())
        .bind(verdict.sub_indication.map(SubIndication::word))
        .bind(verdict.judged_at.as_microsecond())
        .bind(as_json(verdict, "verdict")?)
        .bind(rules.to_string());
        let seq = value(&work.one(row).await?, "seq")?;
        proofs::insert(work, seq, rests_on.get(place).map(Vec::as_slice).unwrap_or_default()).await?;
    }
    Ok(())
}

/// The newest verdict of every signed part, in the letter's order.
pub(super) async fn newest(work: &mut Work, filing: FilingId) -> Result<Vec<Verdict>, StoreError> {
    let newest = sqlx::query(
        "SELECT facts FROM verdict
         WHERE seq IN (SELECT MAX(seq) FROM verdict WHERE filing = $1 GROUP BY p7s_at) ORDER BY p7s_at",
    )
    .bind(filing.0);
    work.all(newest).await?.iter().map(|row| facts(row, "facts")).collect()
}

/// The rules that the newest verdicts were judged by, in their order.
pub(super) async fn newest_rules(
    work: &mut Work,
    filing: FilingId,
) -> Result<Vec<Option<Digest>>, StoreError> {
    let newest = sqlx::query(
        "SELECT rules FROM verdict
         WHERE seq IN (SELECT MAX(seq) FROM verdict WHERE filing = $1 GROUP BY p7s_at) ORDER BY p7s_at",
    )
    .bind(filing.0);
    work.all(newest).await?.iter().map(|row| parsed_maybe(row, "rules")).collect()
}
