//! A verdict as one plain sentence, and what a clerk does next.

use super::Said;
use crate::model::{ContentSource, Indication, Reason, Verdict, in_kyiv};

/// One sentence: what is to be thought of the signature, and why.
#[must_use]
pub fn verdict(verdict: &Verdict) -> Said {
    match (&verdict.reason, verdict.indication) {
        (None, Indication::TotalPassed) => passed(verdict),
        (None, _) => Said::new("Підпис перевірити не вдалося.", "The signature could not be checked."),
        (Some(reason), _) => fault(reason),
    }
}

/// What the clerk does next; nothing when the signature passed.
#[must_use]
pub fn verdict_next_step(verdict: &Verdict) -> Option<Said> {
    let reason = match (&verdict.reason, verdict.indication) {
        (None, Indication::TotalPassed) => return None,
        (None, _) => return Some(ask_again()),
        (Some(reason), _) => reason,
    };
    Some(match reason {
        Reason::ContentNotFound => content_not_found(verdict),
        Reason::ContentChanged | Reason::SignatureWrong => Said::new(
            "Не приймайте цю копію; попросіть надіслати документ ще раз із Дії, нічого не змінюючи в листі.",
            "Do not accept this copy; ask for the document to be sent again from Diia, with nothing in the letter changed.",
        ),
        Reason::UnsupportedAlgorithm { .. } => Said::new(
            "Перевірте підпис програмою, яка знає ДСТУ 4145; надсилати документ ще раз не потрібно.",
            "Check the signature with a program that knows DSTU 4145; the document need not be sent again.",
        ),
        Reason::NoPathToAnchor { .. } | Reason::UntrustedRoot { .. } => Said::new(
            "Якщо цьому надавачу довірчих послуг слід довіряти, адміністратор має додати його кореневий сертифікат до теки довіри; інакше не приймайте копію.",
            "If this trust service is to be trusted, the administrator adds its root certificate to the folder of trust; otherwise do not accept the copy.",
        ),
        Reason::SignerCertificateNotFound { .. } => Said::new(
            "Попросіть надіслати документ ще раз із Дії або додайте сертифікат підписувача до теки довіри.",
            "Ask for the document to be sent again from Diia, or add the signer's certificate to the folder of trust.",
        ),
        Reason::CertificateExpired { .. } => Said::new(
            "Попросіть надіслати свіжу копію з Дії: вона буде підписана чинним сертифікатом.",
            "Ask for a fresh copy from Diia: it will be signed with a certificate in force.",
        ),
        Reason::CertificateNotYetValid { .. } => Said::new(
            "Перевірте годинник сервера; якщо він точний, попросіть надіслати документ ще раз.",
            "Check the server's clock; if it is right, ask for the document to be sent again.",
        ),
        Reason::CertificateRevoked { .. } | Reason::TimeStampOrder { .. } => Said::new(
            "Не приймайте цю копію; попросіть надіслати документ ще раз із Дії.",
            "Do not accept this copy; ask for the document to be sent again from Diia.",
        ),
        Reason::CertificateOnHold { .. } | Reason::RevocationUnknown { .. } => Said::new(
            "Зачекайте: копію буде перевірено ще раз, коли стане відомо, чи не скасовано сертифікат.",
            "Wait: the copy is checked again when it is known whether the certificate is revoked.",
        ),
        Reason::SealerNotAllowed { .. } => Said::new(
            "Не приймайте копію: копії з Дії засвідчує печатка дозволеної організації. Перелік дозволених — у налаштуваннях.",
            "Do not accept the copy: copies from Diia bear the seal of an allowed organisation. The allowed ones are in the configuration.",
        ),
        Reason::ChainConstraint { .. } => Said::new(
            "Не приймайте цю копію й покажіть її адміністратору.",
            "Do not accept this copy and show it to the administrator.",
        ),
        Reason::Malformed { .. }
        | Reason::NoSigners
        | Reason::OverBudget { .. }
        | Reason::ContentTypeNotData { .. }
        | Reason::NoSignedAttributes
        | Reason::AttributeMissing { .. }
        | Reason::AttributeNotSingle { .. }
        | Reason::AttributeWrong { .. }
        | Reason::DigestAlgorithmsDiffer { .. }
        | Reason::LevelTooLow { .. }
        | Reason::TimeStampOfOther
        | Reason::NoValidTimeStamp
        | Reason::SignaturePolicyBroken
        | Reason::WeakAlgorithm { .. } => ask_again(),
    })
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
    let names = names.join("; ");
    Said::new(
        format!("Підпис справжній, документ не змінено; підписувач: {names}."),
        format!("The signature is genuine and the document unchanged; signed by: {names}."),
    )
}

fn content_not_found(verdict: &Verdict) -> Said {
    match &verdict.content {
        ContentSource::Missing { candidates } if !candidates.is_empty() => Said::new(
            "Попросіть надіслати ще раз обидва файли з Дії: PDF і P7S; долучений PDF — не той, що підписано.",
            "Ask for both files to be sent again from Diia, the PDF and the P7S; the attached PDF is not the signed one.",
        ),
        _ => Said::new(
            "Попросіть надіслати разом обидва файли з Дії: PDF і P7S.",
            "Ask for both files from Diia to be sent together: the PDF and the P7S.",
        ),
    }
}

fn ask_again() -> Said {
    Said::new(
        "Попросіть надіслати документ ще раз із Дії.",
        "Ask for the document to be sent again from Diia.",
    )
}

fn fault(reason: &Reason) -> Said {
    match reason {
        Reason::Malformed { .. }
        | Reason::NoSigners
        | Reason::OverBudget { .. }
        | Reason::ContentTypeNotData { .. } => format_fault(reason),
        Reason::NoSignedAttributes
        | Reason::AttributeMissing { .. }
        | Reason::AttributeNotSingle { .. }
        | Reason::AttributeWrong { .. }
        | Reason::DigestAlgorithmsDiffer { .. } => signature_fault(reason),
        Reason::ContentChanged => {
            Said::new("Документ змінено після підписання.", "The document was changed after it was signed.")
        }
        Reason::SignatureWrong => Said::new(
            "Підпис неправильний: його зроблено не ключем цього підписувача або змінено.",
            "The signature is wrong: it was not made with this signer's key, or it was changed.",
        ),
        Reason::ContentNotFound => Said::new(
            "У листі немає документа, якого стосується цей підпис.",
            "The letter does not hold the document that this signature is about.",
        ),
        Reason::UnsupportedAlgorithm { oid } => Said::new(
            format!("Підпис ще не перевірено: ця програма поки не знає алгоритму {oid}."),
            format!(
                "The signature is not checked yet: this program does not know the algorithm {oid} so far."
            ),
        ),
        Reason::WeakAlgorithm { what } => Said::new(
            format!("Підпис нічого не доводить: застарілий алгоритм або замалий ключ ({what})."),
            format!("The signature proves nothing: an outdated algorithm or too small a key ({what})."),
        ),
        Reason::SignerCertificateNotFound { sought } => Said::new(
            format!("Сертифіката підписувача немає ні в підписі, ні в теці довіри ({sought})."),
            format!(
                "The signer's certificate is neither in the signature nor in the folder of trust ({sought})."
            ),
        ),
        Reason::NoPathToAnchor { .. }
        | Reason::UntrustedRoot { .. }
        | Reason::ChainConstraint { .. }
        | Reason::CertificateExpired { .. }
        | Reason::CertificateNotYetValid { .. } => chain_fault(reason),
        Reason::CertificateRevoked { .. }
        | Reason::CertificateOnHold { .. }
        | Reason::RevocationUnknown { .. }
        | Reason::SealerNotAllowed { .. } => standing_fault(reason),
        Reason::LevelTooLow { .. }
        | Reason::TimeStampOfOther
        | Reason::NoValidTimeStamp
        | Reason::TimeStampOrder { .. }
        | Reason::SignaturePolicyBroken => time_fault(reason),
    }
}

fn standing_fault(reason: &Reason) -> Said {
    match reason {
        Reason::CertificateRevoked { subject, since, .. } => Said::new(
            format!("Сертифікат «{subject}» скасовано {}.", in_kyiv(*since)),
            format!("The certificate of “{subject}” was revoked on {}.", in_kyiv(*since)),
        ),
        Reason::CertificateOnHold { subject, since } => Said::new(
            format!("Дію сертифіката «{subject}» зупинено {}.", in_kyiv(*since)),
            format!("The certificate of “{subject}” has been on hold since {}.", in_kyiv(*since)),
        ),
        Reason::RevocationUnknown { subject, why } => Said::new(
            format!("Поки невідомо, чи не скасовано сертифікат «{subject}»."),
            format!("Whether the certificate of “{subject}” is revoked is not known yet: {why}."),
        ),
        Reason::SealerNotAllowed { edrpou } if !edrpou.is_empty() => Said::new(
            format!(
                "Підписала організація, якій не дозволено засвідчувати копії (ЄДРПОУ {}).",
                edrpou.join(", ")
            ),
            format!("Signed by an organisation that may not seal copies (ЄДРПОУ {}).", edrpou.join(", ")),
        ),
        _ => Said::new(
            "Підпис поставила особа, а не організація, якій дозволено засвідчувати копії.",
            "Signed by a person, not by an organisation that may seal copies.",
        ),
    }
}

fn time_fault(reason: &Reason) -> Said {
    match reason {
        Reason::LevelTooLow { level, level_min } => Said::new(
            format!("Підпис має формат {level}, а потрібен щонайменше {level_min}."),
            format!("The signature is of the form {level}; at least {level_min} is asked for."),
        ),
        Reason::TimeStampOfOther => {
            Said::new("Позначка часу стосується чогось іншого.", "The time-stamp is over something else.")
        }
        Reason::NoValidTimeStamp => Said::new(
            "Час підписання нічим не доведено: жодна позначка часу не дійсна.",
            "Nothing proves the time of signing: no time-stamp is valid.",
        ),
        Reason::TimeStampOrder { earlier, later } => Said::new(
            format!("Позначки часу суперечать одна одній: {} і {}.", in_kyiv(*earlier), in_kyiv(*later)),
            format!("The time-stamps contradict each other: {} and {}.", in_kyiv(*earlier), in_kyiv(*later)),
        ),
        _ => Said::new(
            "Політику підпису, яку він називає, неможливо опрацювати.",
            "The signature policy that the signature names cannot be processed.",
        ),
    }
}

fn format_fault(reason: &Reason) -> Said {
    match reason {
        Reason::NoSigners => Said::new("У файлі P7S немає жодного підпису.", "The P7S holds no signature."),
        Reason::OverBudget { limit } => Said::new(
            format!("Файл P7S завеликий для перевірки: перевищено межу {limit}."),
            format!("The P7S asks for more work than is done for one file: over the limit {limit}."),
        ),
        Reason::ContentTypeNotData { oid } => Said::new(
            format!("Файл P7S підписує не документ, а дані іншого типу ({oid})."),
            format!("The P7S signs no document but data of another type ({oid})."),
        ),
        Reason::Malformed { expected, offset } => Said::new(
            format!("Файл P7S пошкоджено: помилка на байті {offset}."),
            format!("The P7S is damaged: at byte {offset}, {expected} was expected."),
        ),
        _ => Said::new("Файл P7S неможливо прочитати.", "The P7S cannot be read."),
    }
}

fn signature_fault(reason: &Reason) -> Said {
    match reason {
        Reason::NoSignedAttributes => Said::new(
            "Підпис зроблено без обов’язкових підписаних атрибутів, тому він нічого не доводить.",
            "The signature was made without the required signed attributes, so it proves nothing.",
        ),
        Reason::AttributeMissing { name } => Said::new(
            format!("У підписі немає обов’язкового атрибута {name}."),
            format!("The signature lacks the required attribute {name}."),
        ),
        Reason::AttributeNotSingle { name } => Said::new(
            format!("Атрибут підпису {name} повторено або він не має рівно одного значення."),
            format!("The signature's attribute {name} is repeated or has not exactly one value."),
        ),
        Reason::AttributeWrong { name } => Said::new(
            format!("Атрибут підпису {name} суперечить тому, що він описує."),
            format!("The signature's attribute {name} contradicts what it describes."),
        ),
        _ => Said::new(
            "Алгоритми, названі в різних місцях підпису, суперечать один одному.",
            "The algorithms named in different places of the signature contradict each other.",
        ),
    }
}

fn chain_fault(reason: &Reason) -> Said {
    match reason {
        Reason::NoPathToAnchor { last } => Said::new(
            format!(
                "Невідомо, чи можна довіряти підписувачу: від «{last}» немає шляху до довіреного центру."
            ),
            format!(
                "Whether the signer can be trusted is unknown: from “{last}” no path leads to a trusted authority."
            ),
        ),
        Reason::UntrustedRoot { subject } => Said::new(
            format!("Підписувача засвідчив центр «{subject}», якому організація не довіряє."),
            format!("The signer was certified by “{subject}”, which the organisation does not trust."),
        ),
        Reason::ChainConstraint { subject, constraint } => Said::new(
            format!("Сертифікат «{subject}» ужито не за призначенням ({constraint})."),
            format!("The certificate of “{subject}” was used for what it is not meant for ({constraint})."),
        ),
        Reason::CertificateExpired { subject, not_after } => Said::new(
            format!("Сертифікат «{subject}» закінчився {}, до отримання листа.", in_kyiv(*not_after)),
            format!(
                "The certificate of “{subject}” ended on {}, before the letter came.",
                in_kyiv(*not_after)
            ),
        ),
        Reason::CertificateNotYetValid { subject, not_before } => Said::new(
            format!("Сертифікат «{subject}» починає діяти лише {}.", in_kyiv(*not_before)),
            format!("The certificate of “{subject}” is valid only from {}.", in_kyiv(*not_before)),
        ),
        _ => Said::new(
            "Сертифікату підписувача не можна довіряти.",
            "The signer's certificate cannot be trusted.",
        ),
    }
}
