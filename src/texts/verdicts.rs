//! A verdict as one plain sentence, and what is done next.

mod faults;
mod next_steps;

use super::Said;
use crate::model::{Indication, SignerVerdict, TimeStampKind, TimeStampVerdict, Verdict};

/// One sentence: what is to be thought of a signature in a letter, and why.
#[must_use]
pub fn verdict(verdict: &Verdict) -> Said {
    said(verdict, Met::InLetter)
}

/// What the clerk does next; nothing when the signature passed.
#[must_use]
pub fn verdict_next_step(verdict: &Verdict) -> Option<Said> {
    (verdict.indication != Indication::TotalPassed).then(|| next_steps::next_step(verdict, Met::InLetter))
}

/// One sentence: what is to be thought of a signed file that somebody looks at by itself, and why.
#[must_use]
pub fn file_verdict(verdict: &Verdict) -> Said {
    said(verdict, Met::InFile)
}

/// What to do next with a signed file that somebody looks at by itself; the options named are those of `skrynka verify`.
#[must_use]
pub fn file_next_step(verdict: &Verdict) -> Said {
    if verdict.indication == Indication::TotalPassed {
        return Said::new(
            "Переконайтеся, що підписав саме той, хто мав; тоді документ можна приймати.",
            "Make sure that the signer is the one who had to sign; then the document can be accepted.",
        );
    }
    next_steps::next_step(verdict, Met::InFile)
}

/// One sentence: why a time-stamp proves nothing; none when it is valid.
#[must_use]
pub fn time_stamp_fault(stamp: &TimeStampVerdict) -> Option<Said> {
    if stamp.indication == Indication::TotalPassed {
        return None;
    }
    Some(stamp.reason.as_ref().map_or_else(
        || Said::new("Позначку часу не перевірено.", "The time-stamp was not checked."),
        |reason| faults::of_time_stamp(reason, stamp.sub_indication),
    ))
}

/// One sentence: why one signer's signature did not pass; none when it did.
#[must_use]
pub fn signature_fault(signer: &SignerVerdict) -> Option<Said> {
    let reason = signer.reason.as_ref()?;
    Some(faults::of_signature(reason, signer.sub_indication, Met::InFile))
}

/// Where somebody meets a signature: what can be done about it differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Met {
    /// In a letter that a branch received: the sender can be asked, the administrator keeps the folder of trust.
    InLetter,
    /// In a file under `skrynka verify`: whoever reads the answer gave the words, and can give others.
    InFile,
}

fn said(verdict: &Verdict, met: Met) -> Said {
    match (&verdict.reason, verdict.indication) {
        (None, Indication::TotalPassed) => passed(verdict),
        (None, _) => Said::new("Підпис перевірити не вдалося.", "The signature could not be checked."),
        (Some(reason), _) => faults::of_signature(reason, verdict.sub_indication, met),
    }
}

fn passed(verdict: &Verdict) -> Said {
    let names: Vec<String> = verdict
        .signers
        .iter()
        .filter_map(|signer| signer.certificate.as_ref())
        .map(|certificate| match &certificate.edrpou {
            Some(edrpou) => format!("{} (ЄДРПОУ {edrpou})", certificate.subject),
            None => certificate.subject.clone(),
        })
        .collect();
    let uk = if names.len() > 1 { "підписувачі" } else { "підписувач" };
    let names = names.join("; ");
    let (but_uk, but_en) = if has_broken_time_stamp(verdict) {
        (", але не кожна позначка часу дійсна", ", but not every time-stamp is valid")
    } else {
        ("", "")
    };
    Said::new(
        format!("Підпис справжній, документ не змінено{but_uk}; {uk}: {names}."),
        format!("The signature is genuine and the document unchanged{but_en}; signed by: {names}."),
    )
}

/// Those over references and archives are never relied on, so nothing is said of them.
fn has_broken_time_stamp(verdict: &Verdict) -> bool {
    let mut stamps = verdict.signers.iter().flat_map(|signer| &signer.time_stamps);
    stamps.any(|stamp| {
        matches!(stamp.kind, TimeStampKind::Content | TimeStampKind::Signature)
            && stamp.indication != Indication::TotalPassed
    })
}

#[cfg(test)]
mod tests;
