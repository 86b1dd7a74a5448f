//! A verdict that did not pass → the one thing to do next.

use super::Met;
use crate::model::{ContentSource, Reason, SubIndication, Verdict};
use crate::texts::Said;

/// What whoever met the signature does next.
pub(super) fn next_step(verdict: &Verdict, met: Met) -> Said {
    match (&verdict.reason, met) {
        (None, Met::InLetter) => ask_again(),
        (None, Met::InFile) => sign_anew(),
        (Some(reason), Met::InLetter) => in_letter(reason, verdict),
        (Some(reason), Met::InFile) => in_file(reason, verdict.sub_indication),
    }
}

/// For a clerk who can ask the sender, and an administrator.
fn in_letter(reason: &Reason, verdict: &Verdict) -> Said {
    match reason {
        Reason::ContentNotFound => content_not_found(verdict),
        Reason::ContentChanged | Reason::SignatureWrong => Said::new(
            "Не приймайте цю копію; попросіть надіслати документ ще раз із Дії, нічого не змінюючи в листі.",
            "Do not accept this copy; ask for the document to be sent again from Diia, with nothing in the letter changed.",
        ),
        Reason::UnsupportedAlgorithm { .. } => Said::new(
            "Перевірте підпис програмою, яка знає цей алгоритм; надсилати документ ще раз не потрібно.",
            "Check the signature with a program that knows this algorithm; the document need not be sent again.",
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
            "Перевірте годинник сервера; якщо він точний, попросіть надіслати документ ще раз із Дії.",
            "Check the server's clock; if it is right, ask for the document to be sent again from Diia.",
        ),
        Reason::CertificateRevoked { .. } | Reason::TimeStampOrder { .. } => Said::new(
            "Не приймайте цю копію; попросіть надіслати документ ще раз із Дії.",
            "Do not accept this copy; ask for the document to be sent again from Diia.",
        ),
        Reason::CertificateOnHold { .. } | Reason::RevocationUnknown { .. } => Said::new(
            "Зачекайте й перевірте копію ще раз, коли стане відомо, чи не скасовано сертифікат.",
            "Wait, and check the copy again when it is known whether the certificate is revoked.",
        ),
        Reason::SealerNotAllowed { .. } => Said::new(
            "Не приймайте копію: копії з Дії засвідчує печатка дозволеної організації. Перелік дозволених — у налаштуваннях.",
            "Do not accept the copy: copies from Diia bear the seal of an allowed organisation. The allowed ones are in the configuration.",
        ),
        Reason::ChainConstraint { .. } | Reason::ServiceNotGranted { .. } => Said::new(
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
    }
}

/// For whoever runs `skrynka verify`.
fn in_file(reason: &Reason, sub: Option<SubIndication>) -> Said {
    match reason {
        Reason::Malformed { .. } | Reason::NoSigners | Reason::ContentTypeNotData { .. } => Said::new(
            "Перевірте, чи це саме той файл; якщо так, отримайте його ще раз.",
            "Check that this is the right file; if it is, get it once more.",
        ),
        Reason::OverBudget { .. } => Said::new(
            "Перевірте, чи це саме той файл; якщо так, не приймайте його.",
            "Check that this is the right file; if it is, do not accept it.",
        ),
        Reason::ContentNotFound => Said::new(
            "Вкажіть підписаний документ: --content ФАЙЛ.",
            "Name the signed document: --content FILE.",
        ),
        Reason::ContentChanged => Said::new(
            "Перевірте, чи це саме той документ; якщо так, не приймайте його й попросіть надіслати ще раз.",
            "Check that this is the right document; if it is, do not accept it and ask for it to be sent again.",
        ),
        Reason::UnsupportedAlgorithm { .. } => Said::new(
            "Перевірте підпис програмою, яка знає цей алгоритм.",
            "Check the signature with a program that knows this algorithm.",
        ),
        Reason::SignerCertificateNotFound { .. } => Said::new(
            "Додайте сертифікат підписувача: --cert ФАЙЛ.",
            "Give the signer's certificate: --cert FILE.",
        ),
        Reason::NoPathToAnchor { .. } | Reason::UntrustedRoot { .. } => Said::new(
            "Оновіть довірчий список: якщо цьому центру слід довіряти, додайте його кореневий сертифікат (--trust ФАЙЛ), а проміжні — як --cert ФАЙЛ.",
            "Bring the trusted list up to date: if this authority is to be trusted, give its root certificate (--trust FILE), and those in between as --cert FILE.",
        ),
        Reason::CertificateExpired { .. } | Reason::CertificateRevoked { .. }
            if is_without_proof_of_time(sub) =>
        {
            Said::new(
                "Попросіть підписати документ заново; якщо можна довести, що підпис уже існував раніше, вкажіть той час: --at ЧАС.",
                "Ask for the document to be signed anew; if it can be proven that the signature existed earlier, give that time: --at TIME.",
            )
        }
        Reason::CertificateNotYetValid { .. } => Said::new(
            "Перевірте годинник комп’ютера або час, указаний як --at; якщо він правильний, не приймайте документ.",
            "Check the computer's clock or the time given as --at; if it is right, do not accept the document.",
        ),
        Reason::CertificateOnHold { .. } => Said::new(
            "Перевірте підпис згодом: сертифікат або поновлять, або скасують.",
            "Check the signature later: the certificate will be restored or revoked.",
        ),
        Reason::RevocationUnknown { .. } => Said::new(
            "Додайте свіжу відповідь OCSP (--ocsp ФАЙЛ) або список відкликаних сертифікатів (--crl ФАЙЛ) і перевірте ще раз.",
            "Give a fresh OCSP response (--ocsp FILE) or revocation list (--crl FILE) and check again.",
        ),
        Reason::SealerNotAllowed { .. } => Said::new(
            "Не приймайте документ, якщо його мала засвідчити інша організація; дозволені перелічено в налаштуваннях (sealers).",
            "Do not accept the document if another organisation had to seal it; the allowed ones are in the configuration (sealers).",
        ),
        Reason::LevelTooLow { .. } | Reason::NoValidTimeStamp => Said::new(
            "Попросіть підписати документ заново, з позначкою часу.",
            "Ask for the document to be signed anew, with a time-stamp.",
        ),
        Reason::WeakAlgorithm { .. } => Said::new(
            "Попросіть підписати документ заново сучасним алгоритмом.",
            "Ask for the document to be signed anew with an algorithm of today.",
        ),
        Reason::ServiceNotGranted { .. } => Said::new(
            "Не приймайте документ; попросіть підписати його сертифікатом чинного надавача довірчих послуг.",
            "Do not accept the document; ask for it to be signed with a certificate of a trust service that is granted.",
        ),
        Reason::SignatureWrong | Reason::ChainConstraint { .. } | Reason::TimeStampOrder { .. } => Said::new(
            "Не приймайте документ; попросіть надіслати його ще раз.",
            "Do not accept the document; ask for it to be sent again.",
        ),
        Reason::CertificateExpired { .. }
        | Reason::CertificateRevoked { .. }
        | Reason::NoSignedAttributes
        | Reason::AttributeMissing { .. }
        | Reason::AttributeNotSingle { .. }
        | Reason::AttributeWrong { .. }
        | Reason::DigestAlgorithmsDiffer { .. }
        | Reason::TimeStampOfOther
        | Reason::SignaturePolicyBroken => sign_anew(),
    }
}

const fn is_without_proof_of_time(sub: Option<SubIndication>) -> bool {
    matches!(
        sub,
        Some(SubIndication::OutOfBoundsNoPoe | SubIndication::RevokedNoPoe | SubIndication::RevokedCaNoPoe)
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

fn sign_anew() -> Said {
    Said::new(
        "Не приймайте документ; попросіть підписати його заново.",
        "Do not accept the document; ask for it to be signed anew.",
    )
}
