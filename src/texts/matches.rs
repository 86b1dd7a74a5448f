//! Whose letter it is, why, and what is odd about it, in words.

use super::{Said, document_name};
use crate::model::{Anomaly, CodeId, CodeState, DocumentCode, MatchReason, Matched};

/// What a letter was matched to.
#[must_use]
pub fn matched(to: &Matched) -> Said {
    match to {
        Matched::Session { code, .. } => Said::new(format!("код № {code}"), format!("code No. {code}")),
        Matched::Ambiguous { codes } => {
            let list = numbers(codes);
            Said::new(format!("підходять кілька кодів: {list}"), format!("several codes fit: {list}"))
        }
        Matched::Nothing => Said::new("жоден код не підходить", "no code fits"),
    }
}

/// A fact that led to the match.
#[must_use]
pub fn match_reason(reason: &MatchReason) -> Said {
    match reason {
        MatchReason::TokenInAddress => Said::new("ключ коду в адресі", "the code's token is in the address"),
        MatchReason::TokenInSubject => {
            Said::new("ключ коду в темі листа", "the code's token is in the subject")
        }
        MatchReason::TokenInBody => Said::new("ключ коду в тексті листа", "the code's token is in the text"),
        MatchReason::Mailbox { mailbox } => {
            Said::new(format!("лист надійшов на {mailbox}"), format!("the letter came to {mailbox}"))
        }
        MatchReason::DocumentSet => Said::new(
            "надіслано саме ті документи, про які просить код",
            "these are the documents that the code asks for",
        ),
        MatchReason::OnlyLiveCode => {
            Said::new("це єдиний чинний код цієї скриньки", "it is the only valid code of this mailbox")
        }
        MatchReason::ValidAtReceipt => {
            Said::new("код був чинний, коли лист надійшов", "the code was valid when the letter came")
        }
        MatchReason::OnlyBranch => Said::new("у скриньки одне відділення", "the mailbox has one branch"),
    }
}

/// Something that a clerk should know of a match.
#[must_use]
pub fn anomaly(anomaly: &Anomaly) -> Said {
    match anomaly {
        Anomaly::UnknownToken { token } => Said::new(
            format!(
                "ключ {token} не належить жодному нашому коду: можливо, лист призначено іншій організації"
            ),
            format!(
                "token {token} belongs to none of our codes: the letter may be meant for another organisation"
            ),
        ),
        Anomaly::SeveralTokens { codes } => Said::new(
            format!("у листі ключі кількох кодів ({}); враховано перший", numbers(codes)),
            format!("the letter names several codes ({}); the first one counts", numbers(codes)),
        ),
        Anomaly::CodeNotLive { code, state } => not_live(*code, *state),
        Anomaly::MissingDocuments { documents } => {
            let list = names(documents);
            Said::new(
                format!("бракує: {}. Попросіть надіслати весь набір", list.uk),
                format!("missing: {}. Ask for the whole set", list.en),
            )
        }
        Anomaly::ExtraDocuments { documents } => {
            let list = names(documents);
            Said::new(
                format!("код про це не просить: {}", list.uk),
                format!("not asked for by the code: {}", list.en),
            )
        }
        Anomaly::RepeatedDocuments { documents } => {
            let list = names(documents);
            Said::new(
                format!("надіслано кілька разів: {}", list.uk),
                format!("sent more than once: {}", list.en),
            )
        }
        Anomaly::UnknownDocuments { count } => Said::new(
            format!(
                "документів, вид яких не визначено (назва файлу його не каже, або це не PDF): {count}. Перегляньте їх: серед них можуть бути потрібні"
            ),
            format!(
                "documents of unknown kind (the file name does not tell it, or they are no PDF): {count}. Look at them: those that were asked for may be among them"
            ),
        ),
        Anomaly::OtherBranchMailbox { branch, mailbox } => Said::new(
            format!("код належить відділенню `{branch}`, яке отримує листи на {mailbox}"),
            format!("the code belongs to branch `{branch}`, which receives at {mailbox}"),
        ),
        Anomaly::SeveralCandidates { codes } => Said::new(
            format!("однаково підходять коди {}: виберіть самі", numbers(codes)),
            format!("codes {} fit equally: choose yourself", numbers(codes)),
        ),
        Anomaly::NoCandidate => Said::new(
            "жоден код цієї скриньки не просить таких документів",
            "no code of this mailbox asks for these documents",
        ),
        Anomaly::UnsignedDocuments { names } => Said::new(
            format!("підпису немає, попросіть надіслати обидва файли (PDF і P7S): {}", names.join(", ")),
            format!("no signature, ask for both files (PDF and P7S): {}", names.join(", ")),
        ),
        Anomaly::NoDocuments => Said::new("у листі немає документів", "the letter holds no documents"),
        Anomaly::MailboxWithoutBranch => Said::new(
            "жодне відділення не отримує листів у цій скриньці: додайте його до реєстру",
            "no branch receives in this mailbox: add one to the registry",
        ),
    }
}

fn not_live(code: CodeId, state: CodeState) -> Said {
    let (uk, en) = match state {
        CodeState::NotYetValid => ("ще не був чинний", "was not yet valid"),
        CodeState::Expired => ("уже не був чинний", "was no longer valid"),
        CodeState::Retired => ("уже було вилучено", "had been retired"),
        CodeState::Live => ("був чинний", "was valid"),
    };
    Said::new(
        format!("код № {code} {uk}, коли лист надійшов"),
        format!("code No. {code} {en} when the letter came"),
    )
}

fn numbers(codes: &[CodeId]) -> String {
    codes.iter().map(|code| format!("№ {code}")).collect::<Vec<_>>().join(", ")
}

fn names(documents: &[DocumentCode]) -> Said {
    let said: Vec<Said> = documents.iter().map(document_name).collect();
    let join = |pick: fn(&Said) -> &str| said.iter().map(pick).collect::<Vec<_>>().join(", ");
    Said::new(join(|s| &s.uk), join(|s| &s.en))
}
