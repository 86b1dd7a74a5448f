//! The facts behind a sub-indication → one plain sentence.

use super::Met;
use crate::model::{Reason, SubIndication, in_kyiv};
use crate::texts::Said;

/// What is wrong with a signature.
pub(super) fn of_signature(reason: &Reason, sub: Option<SubIndication>, met: Met) -> Said {
    match reason {
        Reason::Malformed { .. }
        | Reason::NoSigners
        | Reason::OverBudget { .. }
        | Reason::ContentTypeNotData { .. } => format_fault(reason),
        Reason::NoSignedAttributes
        | Reason::AttributeMissing { .. }
        | Reason::AttributeNotSingle { .. }
        | Reason::AttributeWrong { .. }
        | Reason::DigestAlgorithmsDiffer { .. } => attribute_fault(reason),
        Reason::ContentChanged
        | Reason::ContentNotFound
        | Reason::SignatureWrong
        | Reason::UnsupportedAlgorithm { .. }
        | Reason::WeakAlgorithm { .. } => signature_fault(reason, met),
        Reason::SignerCertificateNotFound { .. }
        | Reason::NoPathToAnchor { .. }
        | Reason::UntrustedRoot { .. }
        | Reason::ChainConstraint { .. }
        | Reason::ServiceNotGranted { .. } => chain_fault(reason),
        Reason::CertificateExpired { .. } | Reason::CertificateNotYetValid { .. } => {
            validity_fault(reason, sub)
        }
        Reason::CertificateRevoked { .. }
        | Reason::CertificateOnHold { .. }
        | Reason::RevocationUnknown { .. } => revocation_fault(reason, sub),
        Reason::SealerNotAllowed { .. } | Reason::LevelTooLow { .. } | Reason::SignaturePolicyBroken => {
            policy_fault(reason)
        }
        Reason::TimeStampOfOther | Reason::NoValidTimeStamp | Reason::TimeStampOrder { .. } => {
            time_fault(reason)
        }
    }
}

/// What is wrong with a time-stamp: the same words where they speak of certificates, others where they would name the
/// signer instead of the authority that made the time-stamp.
pub(super) fn of_time_stamp(reason: &Reason, sub: Option<SubIndication>) -> Said {
    match reason {
        Reason::Malformed { .. } => Said::new("Позначку часу пошкоджено.", "The time-stamp is damaged."),
        Reason::SignatureWrong => {
            Said::new("Підпис самої позначки часу неправильний.", "The time-stamp's own signature is wrong.")
        }
        Reason::UnsupportedAlgorithm { oid } => Said::new(
            format!("Її ще не перевірено: ця програма поки не знає алгоритму {oid}."),
            format!("It is not checked yet: this program does not know the algorithm {oid} so far."),
        ),
        Reason::WeakAlgorithm { what } => Said::new(
            format!("Застарілий алгоритм або замалий ключ ({what})."),
            format!("An outdated algorithm or too small a key ({what})."),
        ),
        Reason::CertificateExpired { subject, not_after } => Said::new(
            format!("Строк дії сертифіката «{subject}» минув {}.", in_kyiv(*not_after)),
            format!("The certificate of “{subject}” ended on {}.", in_kyiv(*not_after)),
        ),
        Reason::CertificateRevoked { subject, since, cause } => {
            let (uk, en) = cause_words(cause.as_deref());
            Said::new(
                format!("Сертифікат «{subject}» скасовано {}{uk}.", in_kyiv(*since)),
                format!("The certificate of “{subject}” was revoked on {}{en}.", in_kyiv(*since)),
            )
        }
        Reason::SignerCertificateNotFound { .. } => Said::new(
            "Немає сертифіката служби, що видала позначку часу.",
            "The certificate of the authority that made the time-stamp is not there.",
        ),
        Reason::NoPathToAnchor { .. } | Reason::UntrustedRoot { .. } => Said::new(
            "Служба, що видала позначку часу, не веде до довіреного центру.",
            "The authority that made the time-stamp does not lead to a trusted one.",
        ),
        Reason::TimeStampOrder { .. } => Said::new(
            "Час у позначці ще не настав або суперечить іншому часу.",
            "The time-stamp's time is yet to come or contradicts another one.",
        ),
        Reason::RevocationUnknown { subject, .. } => Said::new(
            format!("Невідомо, чи не скасовано сертифікат служби позначок часу «{subject}»."),
            format!(
                "Whether the certificate of the time-stamping authority “{subject}” is revoked is unknown."
            ),
        ),
        other => of_signature(other, sub, Met::InFile),
    }
}

fn format_fault(reason: &Reason) -> Said {
    match reason {
        Reason::NoSigners => Said::new("У файлі немає жодного підпису.", "The file holds no signature."),
        Reason::OverBudget { limit } => Said::new(
            format!("Підпис завеликий для перевірки: перевищено межу {limit}."),
            format!("The signature asks for more work than is done for one file: over the limit {limit}."),
        ),
        Reason::ContentTypeNotData { oid } => Said::new(
            format!("Підписано не документ, а дані іншого типу ({oid})."),
            format!("What is signed is no document but data of another type ({oid})."),
        ),
        Reason::Malformed { expected, offset } => Said::new(
            format!("Файл підпису пошкоджено або це взагалі не підпис: помилка на байті {offset}."),
            format!(
                "The signature file is damaged, or no signature at all: at byte {offset}, {expected} was expected."
            ),
        ),
        _ => Said::new("Файл підпису неможливо прочитати.", "The signature file cannot be read."),
    }
}

fn attribute_fault(reason: &Reason) -> Said {
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
            format!("Атрибут підпису {name} повторено, або він не має рівно одного значення."),
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

fn signature_fault(reason: &Reason, met: Met) -> Said {
    match (reason, met) {
        (Reason::ContentChanged, _) => {
            Said::new("Документ змінено після підписання.", "The document was changed after it was signed.")
        }
        (Reason::ContentNotFound, Met::InLetter) => Said::new(
            "У листі немає документа, якого стосується цей підпис.",
            "The letter does not hold the document that this signature is about.",
        ),
        (Reason::ContentNotFound, Met::InFile) => Said::new(
            "У файлі є лише підпис, а самого документа немає.",
            "The file holds a signature only, without the document that it is about.",
        ),
        (Reason::UnsupportedAlgorithm { oid }, _) => Said::new(
            format!("Підпис ще не перевірено: ця програма поки не знає алгоритму {oid}."),
            format!(
                "The signature is not checked yet: this program does not know the algorithm {oid} so far."
            ),
        ),
        (Reason::WeakAlgorithm { what }, _) => Said::new(
            format!("Підпис нічого не доводить: застарілий алгоритм або замалий ключ ({what})."),
            format!("The signature proves nothing: an outdated algorithm or too small a key ({what})."),
        ),
        _ => Said::new(
            "Підпис неправильний: його зроблено не ключем цього підписувача або змінено.",
            "The signature is wrong: it was not made with this signer's key, or it was changed.",
        ),
    }
}

fn chain_fault(reason: &Reason) -> Said {
    match reason {
        Reason::SignerCertificateNotFound { sought } => Said::new(
            format!("Сертифіката підписувача немає ні в підписі, ні серед відомих ({sought})."),
            format!(
                "The signer's certificate is neither in the signature nor among the known ones ({sought})."
            ),
        ),
        Reason::NoPathToAnchor { last } => Said::new(
            format!(
                "Невідомо, чи можна довіряти підписувачу: від «{last}» немає шляху до довіреного центру."
            ),
            format!(
                "Whether the signer can be trusted is unknown: from “{last}” no path leads to a trusted authority."
            ),
        ),
        Reason::UntrustedRoot { subject } => Said::new(
            format!("Усе спирається на «{subject}», який засвідчив себе сам і якого немає серед довірених."),
            format!(
                "All rests on “{subject}”, which certified itself and is not among those that are trusted."
            ),
        ),
        Reason::ServiceNotGranted { subject, since, list } => {
            let (uk, en) = since.map_or_else(Default::default, |since| {
                (format!(" від {}", in_kyiv(since)), format!(" since {}", in_kyiv(since)))
            });
            Said::new(
                format!(
                    "Довірчий список ({list}) каже, що послуга «{subject}» не має статусу наданої{uk}, а підпис не доведено давнішим."
                ),
                format!(
                    "The trusted list ({list}) says that the service of “{subject}” is not granted{en}, and the signature is not proven to be older."
                ),
            )
        }
        Reason::ChainConstraint { subject, constraint } => {
            match constraint.strip_prefix("criticalExtension ") {
                Some(oid) => Said::new(
                    format!("Сертифікат «{subject}» має обов’язкову умову {oid}, якої ця програма не знає."),
                    format!(
                        "The certificate of “{subject}” has the critical extension {oid}, which is unknown here."
                    ),
                ),
                None => Said::new(
                    format!("Сертифікат «{subject}» ужито не за призначенням ({constraint})."),
                    format!(
                        "The certificate of “{subject}” was used for what it is not meant for ({constraint})."
                    ),
                ),
            }
        }
        _ => Said::new(
            "Сертифікату підписувача не можна довіряти.",
            "The signer's certificate cannot be trusted.",
        ),
    }
}

fn validity_fault(reason: &Reason, sub: Option<SubIndication>) -> Said {
    match (reason, sub) {
        (Reason::CertificateExpired { subject, not_after }, Some(SubIndication::Expired)) => Said::new(
            format!(
                "Підпис поставлено вже після {}, коли минув строк дії сертифіката «{subject}».",
                in_kyiv(*not_after)
            ),
            format!(
                "The signature was made after {}, when the certificate of “{subject}” had ended.",
                in_kyiv(*not_after)
            ),
        ),
        (Reason::CertificateExpired { subject, not_after }, _) => Said::new(
            format!(
                "Строк дії сертифіката «{subject}» минув {}, і ніщо не доводить, що підпис давніший.",
                in_kyiv(*not_after)
            ),
            format!(
                "The certificate of “{subject}” ended on {}, and nothing proves that the signature is older.",
                in_kyiv(*not_after)
            ),
        ),
        (Reason::CertificateNotYetValid { subject, not_before }, _) => Said::new(
            format!(
                "Сертифікат «{subject}» починає діяти лише {}, пізніше за час підпису.",
                in_kyiv(*not_before)
            ),
            format!(
                "The certificate of “{subject}” is valid only from {}, later than the signature.",
                in_kyiv(*not_before)
            ),
        ),
        _ => Said::new(
            "Сертифікат не діяв у час підпису.",
            "The certificate was not in force at the time of signing.",
        ),
    }
}

fn revocation_fault(reason: &Reason, sub: Option<SubIndication>) -> Said {
    match (reason, sub) {
        (Reason::CertificateRevoked { subject, since, cause }, Some(SubIndication::Revoked)) => {
            let (uk, en) = cause_words(cause.as_deref());
            Said::new(
                format!(
                    "Підпис поставлено вже після {}, коли сертифікат «{subject}» скасовано{uk}.",
                    in_kyiv(*since)
                ),
                format!(
                    "The signature was made after {}, when the certificate of “{subject}” was revoked{en}.",
                    in_kyiv(*since)
                ),
            )
        }
        (Reason::CertificateRevoked { subject, since, cause }, _) => {
            let (uk, en) = cause_words(cause.as_deref());
            Said::new(
                format!(
                    "Сертифікат «{subject}» скасовано {}{uk}, і ніщо не доводить, що підпис давніший.",
                    in_kyiv(*since)
                ),
                format!(
                    "The certificate of “{subject}” was revoked on {}{en}, and nothing proves that the signature is older.",
                    in_kyiv(*since)
                ),
            )
        }
        (Reason::CertificateOnHold { subject, since }, _) => Said::new(
            format!("Дію сертифіката «{subject}» зупинено {}.", in_kyiv(*since)),
            format!("The certificate of “{subject}” has been on hold since {}.", in_kyiv(*since)),
        ),
        (Reason::RevocationUnknown { subject, why }, _) => Said::new(
            format!("Поки невідомо, чи не скасовано сертифікат «{subject}»."),
            format!("Whether the certificate of “{subject}” is revoked is not known yet: {why}."),
        ),
        _ => Said::new(
            "Чинність сертифіката не з’ясовано.",
            "Whether the certificate is in force is not clear.",
        ),
    }
}

/// The CRLReason (RFC 5280 §5.3.1) in brackets; nothing where none is given or it says nothing.
fn cause_words(cause: Option<&str>) -> (String, String) {
    let (uk, en) = match cause {
        Some("keyCompromise") => ("ключ міг потрапити до чужих рук", "its key may be in foreign hands"),
        Some("cACompromise" | "aACompromise") => {
            ("ключ центру міг потрапити до чужих рук", "the authority's key may be in foreign hands")
        }
        Some("affiliationChanged") => ("дані власника змінилися", "its holder's data changed"),
        Some("superseded") => ("його замінено новим", "it was replaced by a new one"),
        Some("cessationOfOperation") => ("його більше не використовують", "it is no longer used"),
        Some("privilegeWithdrawn") => ("власник утратив повноваження", "its holder lost the authority"),
        _ => return (String::new(), String::new()),
    };
    (format!(" ({uk})"), format!(" ({en})"))
}

fn policy_fault(reason: &Reason) -> Said {
    match reason {
        Reason::SealerNotAllowed { edrpou } if !edrpou.is_empty() => Said::new(
            format!(
                "Підписала організація, якій не дозволено засвідчувати копії (ЄДРПОУ {}).",
                edrpou.join(", ")
            ),
            format!("Signed by an organisation that may not seal copies (ЄДРПОУ {}).", edrpou.join(", ")),
        ),
        Reason::SealerNotAllowed { .. } => Said::new(
            "Підписала особа, а не організація, якій дозволено засвідчувати копії.",
            "Signed by a person, not by an organisation that may seal copies.",
        ),
        Reason::LevelTooLow { level, level_min } => Said::new(
            format!("Підпис має формат {level}, а потрібен щонайменше {level_min}."),
            format!("The signature is of the form {level}; at least {level_min} is asked for."),
        ),
        _ => Said::new(
            "Правила підпису, на які він посилається, неможливо опрацювати.",
            "The signature policy that the signature names cannot be processed.",
        ),
    }
}

fn time_fault(reason: &Reason) -> Said {
    match reason {
        Reason::TimeStampOfOther => {
            Said::new("Позначка часу стосується чогось іншого.", "The time-stamp is over something else.")
        }
        Reason::TimeStampOrder { earlier, later } => Said::new(
            format!(
                "Час суперечить сам собі: {} мало бути раніше, ніж {}.",
                in_kyiv(*earlier),
                in_kyiv(*later)
            ),
            format!(
                "The times contradict each other: {} should be earlier than {}.",
                in_kyiv(*earlier),
                in_kyiv(*later)
            ),
        ),
        _ => Said::new(
            "Час підписання нічим не доведено: жодна позначка часу не дійсна.",
            "Nothing proves the time of signing: no time-stamp is valid.",
        ),
    }
}
