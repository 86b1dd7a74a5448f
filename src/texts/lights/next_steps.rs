//! What to do about a row.

use super::Said;
use crate::model::LightRow;

/// What a clerk does next; none for what is good.
#[must_use]
pub fn light_next_step(row: LightRow) -> Option<Said> {
    use LightRow as R;
    let send_again = ("Попросіть надіслати копію ще раз", "Ask for the copy to be sent again");
    let scan_ours = (
        "Попросіть відсканувати наш QR-код і надіслати копію ще раз",
        "Ask the visitor to scan our QR code and send the copy again",
    );
    let compare = (
        "Порівняйте з документом у застосунку або з паперовим",
        "Compare with the document in the app or on paper",
    );
    let (uk, en) = match row {
        R::ContentChanged | R::SignatureFailed => (
            "Попросіть надіслати ще раз із застосунку або показати паперовий документ",
            "Ask for it to be sent again from the app, or for the document on paper",
        ),
        R::SignatureUntrusted | R::SignerNotAllowed => (
            "Попросіть надіслати копію із застосунку Дія або показати паперовий документ; якщо так буде знову, скажіть адміністратору",
            "Ask for a copy from the Diia app, or for the document on paper; if it happens again, tell the administrator",
        ),
        R::UsedBefore | R::SentAgain => (
            "Знайдіть попередній лист; якщо його не ваш відвідувач надіслав, попросіть зробити нову копію",
            "Find the earlier letter; if your visitor did not send it, ask for a new copy",
        ),
        R::InitiatorOther | R::InitiatorOtherBranch | R::RequestStale | R::RequestFuture | R::CodeUnknown => {
            scan_ours
        }
        R::InitiatorUnasked | R::InitiatorMissing => (
            "Спитайте, для чого зроблено копію; якщо є сумнів, попросіть відсканувати код послуги в Дії",
            "Ask what the copy was made for; in doubt, let the visitor scan the service's code in Diia",
        ),
        R::InitiatorUnclear | R::RequestTimeMissing | R::Unread | R::PartlyRead => {
            ("Відкрийте копію і прочитайте самі", "Open the copy and read it yourself")
        }
        R::VisitPersonDiffers | R::VisitSpellingDiffers | R::VisitPersonUnclear => (
            "Порівняйте дані візиту з документом і з людиною перед вами",
            "Compare the visit with the document and with the person before you",
        ),
        R::VisitTaken | R::VisitOver => {
            ("Відкрийте новий візит і покажіть новий код", "Open a new visit and show its code")
        }
        R::PersonsDiffer | R::PersonsUnclear | R::SpellingDiffers => (
            "Порівняйте документи між собою; якщо людина не одна, попросіть кожну надіслати свої",
            "Compare the documents with each other; if there are several persons, each sends their own",
        ),
        R::CitizenDiffers => {
            ("Попросіть, щоб підписав власник документа", "Ask the document's holder to sign")
        }
        R::NotSigned => (
            "Попросіть надіслати копію разом із підписом (P7S) або показати документ",
            "Ask for the copy together with its signature (P7S), or for the document itself",
        ),
        R::NoDocuments => ("Попросіть надіслати копії документів", "Ask for the copies to be sent"),
        R::SignatureUndecided => (
            "Зачекайте: перевірка повториться сама; якщо не можна чекати, попросіть паперовий документ",
            "Wait: it is checked again by itself; if that cannot be, ask for the document on paper",
        ),
        R::SetIncomplete => ("Попросіть надіслати весь набір", "Ask for the whole set"),
        R::DocumentExpired => ("Попросіть чинний документ", "Ask for a document that is valid"),
        R::ReadLater => {
            ("Зачекайте хвилину або відкрийте копію самі", "Wait a minute, or open the copy yourself")
        }
        R::SaysContradict => compare,
        R::CodeExpired | R::CodeRetired => (
            "Прийміть, якщо решта гаразд, і скажіть адміністратору замінити плакат",
            "Accept it if the rest is right, and tell the administrator to change the poster",
        ),
        R::CodeNotYetValid | R::CodeElsewhere => {
            ("Перевірте, чи лист для вашого відділення", "Check whether the letter is for your branch")
        }
        R::CodeAmbiguous | R::CodeNone => {
            ("Спитайте, на яку послугу прийшла людина", "Ask which service the visitor came for")
        }
        R::SetExtra => (
            "Не використовуйте зайвих документів: для них немає підстави",
            "Do not use the others: there is no ground for them",
        ),
        R::SetRepeated | R::KindUnknown => {
            ("Відкрийте документи і порівняйте", "Open the documents and compare")
        }
        R::LetterHides => send_again,
        R::FileHides => compare,
        R::SignaturePassed
        | R::InitiatorOurs
        | R::InitiatorNotNeeded
        | R::RequestFresh
        | R::SetComplete
        | R::PersonsAgree
        | R::VisitPersonAgrees
        | R::CitizenAgrees => return None,
    };
    Some(Said::new(uk, en))
}
