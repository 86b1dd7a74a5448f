//! Lights and their grounds in words: what holds, and what to do next.

mod conditions;
mod next_steps;

pub use conditions::light_condition;
pub use next_steps::light_next_step;

use super::{Said, defect, document_name, field_name, oddity, reading_trouble, reading_warning};
use crate::model::{
    DocumentCode, Ground, GroundFact, KyivDay, Light, LightRow, Occasion, SubIndication, Timestamp, in_kyiv,
};

/// What a light says to a clerk.
#[must_use]
pub fn light(light: Light) -> Said {
    match light {
        Light::Green => Said::new(
            "Можна приймати: справжнє, для нас, свіже, повне. Звірте обличчя",
            "May be accepted: genuine, for us, fresh, complete. Compare the face",
        ),
        Light::Amber => Said::new("Придивіться, перш ніж приймати", "Look at it before you accept it"),
        Light::Red => Said::new("Не приймайте", "Do not accept it"),
    }
}

/// A light in one word.
#[must_use]
pub fn light_word(light: Light) -> Said {
    match light {
        Light::Green => Said::new("зелений", "green"),
        Light::Amber => Said::new("жовтий", "amber"),
        Light::Red => Said::new("червоний", "red"),
    }
}

/// On what occasion a light was made.
#[must_use]
pub fn occasion(occasion: Occasion) -> Said {
    match occasion {
        Occasion::Filed => Said::new("лист зареєстровано", "the letter was filed"),
        Occasion::Verdict => Said::new("підпис перевірено знову", "a signature was judged again"),
        Occasion::Reading => Said::new("копію прочитано знову", "a copy was read again"),
        Occasion::Rules => Said::new("змінилися правила або реєстр", "the rules or the registry changed"),
        Occasion::Visit => Said::new("змінився візит", "a visit changed"),
    }
}

/// What a ground says. Of another letter it says only that there is one.
#[must_use]
pub fn light_ground(ground: &Ground) -> Said {
    let said = row(ground.row);
    let Some(fact) = &ground.fact else { return said };
    match detail(ground.row, fact) {
        Some(detail) => {
            Said::new(format!("{}: {}", said.uk, detail.uk), format!("{}: {}", said.en, detail.en))
        }
        None => said,
    }
}

/// The sentence of a row, without its facts.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn row(row: LightRow) -> Said {
    use LightRow as R;
    let (uk, en) = match row {
        R::ContentChanged => {
            ("Документ змінено після підписання", "The document was changed after it was signed")
        }
        R::SignatureFailed => ("Підпис недійсний", "The signature is not valid"),
        R::SignatureUntrusted => (
            "Підпис не підтверджує жоден довірений центр",
            "No authority that is trusted vouches for the signature",
        ),
        R::SignerNotAllowed => ("Підписав той, хто не видає копій", "Whoever signed may not issue copies"),
        R::UsedBefore => ("Цю копію вже використано", "This copy has been used already"),
        R::InitiatorOther => {
            ("Копію запитувала інша організація", "Another organisation asked for this copy")
        }
        R::VisitPersonDiffers => ("Дані не збігаються з візитом", "It is not the person of the visit"),
        R::VisitTaken => ("Одноразовий код уже використано", "The one-time code has been used already"),
        R::PersonsDiffer => ("Документи належать різним людям", "The documents are of different persons"),
        R::CitizenDiffers => (
            "Документ підписала інша людина, ніж його власник",
            "Somebody else than the document's holder signed it",
        ),
        R::NotSigned => (
            "Документ без електронного підпису: справжність нічим не підтверджено",
            "The document has no signature: nothing shows that it is genuine",
        ),
        R::NoDocuments => ("У листі немає документів", "There is no document in the letter"),
        R::RequestStale => ("Копію зроблено задовго до листа", "The copy was made long before the letter"),
        R::SignatureUndecided => {
            ("Справжність іще не підтверджено", "It has not been shown yet that it is genuine")
        }
        R::SetIncomplete => ("Надіслано не всі документи", "Not all documents came"),
        R::InitiatorOtherBranch => ("Копію запитувало інше відділення", "Another branch asked for this copy"),
        R::InitiatorUnasked => ("Копію зроблено не на наш запит", "The copy was not made at our request"),
        R::InitiatorUnclear => (
            "Не вдалося певно прочитати, хто запитував копію",
            "Who asked for the copy was not read for certain",
        ),
        R::InitiatorMissing => (
            "Адресата не вказано: невідомо, хто запитував копію",
            "No addressee is given: who asked for the copy is not known",
        ),
        R::SentAgain => (
            "Ця копія вже надходила від того самого відправника",
            "The same sender has sent this copy before",
        ),
        R::RequestFuture => {
            ("Копію нібито зроблено після листа", "The copy seems to be made after the letter")
        }
        R::RequestTimeMissing => {
            ("Невідомо, коли запитано копію", "When the copy was asked for is not known")
        }
        R::DocumentExpired => ("Строк дії документа минув", "The document's term is over"),
        R::SpellingDiffers => ("Написання відрізняється", "The spelling differs"),
        R::PersonsUnclear => {
            ("Не вдалося зіставити, чиї це документи", "Whose documents these are could not be compared")
        }
        R::VisitSpellingDiffers => {
            ("Написання відрізняється від даних візиту", "The spelling differs from that of the visit")
        }
        R::VisitPersonUnclear => {
            ("Не вдалося зіставити з даними візиту", "It could not be compared with the visit")
        }
        R::VisitOver => ("Лист надійшов, коли час візиту минув", "The letter came after the visit was over"),
        R::Unread => ("Копію не вдалося прочитати", "The copy could not be read"),
        R::ReadLater => ("Копію ще читаємо", "The copy is still being read"),
        R::PartlyRead => ("Копію прочитано не всю", "The copy was not read whole"),
        R::SaysContradict => ("Дані в копії не узгоджуються", "What the copy says does not agree"),
        R::CodeExpired => ("Строк дії QR-коду минув", "The QR code is over"),
        R::CodeRetired => ("QR-код виведено з ужитку", "The QR code is out of use"),
        R::CodeNotYetValid => ("QR-код ще не почав діяти", "The QR code is not valid yet"),
        R::CodeUnknown => ("У листі чужий QR-код", "The letter names a QR code that is not ours"),
        R::CodeAmbiguous => ("Підходить кілька QR-кодів", "Several QR codes fit"),
        R::CodeNone => ("Жоден QR-код не просить таких документів", "No QR code asks for these documents"),
        R::CodeElsewhere => (
            "QR-код належить відділенню з іншою скринькою",
            "The QR code belongs to a branch with another mailbox",
        ),
        R::SetExtra => ("Є документи, яких не просили", "There are documents that nobody asked for"),
        R::SetRepeated => {
            ("Той самий документ надіслано кілька разів", "The same kind of document came more than once")
        }
        R::KindUnknown => ("Невідомо, що це за документ", "What document it is is not known"),
        R::LetterHides => ("З листом щось не так", "Something is wrong with the letter"),
        R::FileHides => ("З файлом щось не так", "Something is wrong with the file"),
        R::SignaturePassed => ("Підпис дійсний", "The signature is valid"),
        R::InitiatorOurs => ("Копію запитували ми", "We asked for this copy"),
        R::InitiatorNotNeeded => (
            "Для цієї послуги не потрібно, щоб копію запитували ми",
            "For this service the copy need not be made at our request",
        ),
        R::RequestFresh => {
            ("Копію зроблено щойно перед листом", "The copy was made shortly before the letter")
        }
        R::SetComplete => ("Надіслано всі документи", "All documents came"),
        R::PersonsAgree => ("Усі документи однієї людини", "All documents are of one person"),
        R::VisitPersonAgrees => ("Дані збігаються з візитом", "It is the person of the visit"),
        R::CitizenAgrees => ("Документ підписав його власник", "The document's holder signed it"),
    };
    Said::new(uk, en)
}

/// The facts of a ground, where they say more than its row.
fn detail(row: LightRow, fact: &GroundFact) -> Option<Said> {
    let both = |text: String| Some(Said::new(text.clone(), text));
    match fact {
        GroundFact::Signature { why } => why.map(signature),
        GroundFact::Signers { edrpou } if edrpou.is_empty() => None,
        GroundFact::Signers { edrpou } => {
            let list = edrpou.join(", ");
            Some(Said::new(format!("ЄДРПОУ {list}"), format!("EDRPOU {list}")))
        }
        // Which letter it is, is not everybody's to know.
        GroundFact::Earlier { .. } | GroundFact::Visit { .. } => None,
        GroundFact::Initiator { named } => both(format!("«{named}»")),
        GroundFact::Requested { at, received_at } => Some(requested(*at, *received_at)),
        GroundFact::Day { day } => both(day.parse::<KyivDay>().map_or_else(|_| day.clone(), KyivDay::dotted)),
        GroundFact::Documents { documents } => Some(names(documents)),
        GroundFact::Values { field, one, other } => {
            let field = field_name(field);
            Some(Said::new(
                format!("{} «{one}» і «{other}»", field.uk.to_lowercase()),
                format!("{} «{one}» and «{other}»", field.en.to_lowercase()),
            ))
        }
        GroundFact::Codes { codes } => {
            let list = codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            Some(Said::new(format!("№ {list}"), format!("No. {list}")))
        }
        GroundFact::Defect { defect: what } => Some(defect(what)),
        GroundFact::Oddity { oddity: what } => Some(oddity(*what)),
        GroundFact::Warning { warning } => Some(reading_warning(warning)),
        GroundFact::Trouble { trouble } if row == LightRow::Unread => Some(reading_trouble(*trouble)),
        GroundFact::Trouble { .. } => None,
        GroundFact::Letters { unread: 0 } => None,
        GroundFact::Letters { unread } => Some(Said::new(
            format!("невпізнаних літер {unread}, вони позначені □"),
            format!("{unread} letters are not known and are shown as □"),
        )),
    }
}

/// What stands against a signature, in a few words; the report of the verdict says more.
fn signature(why: SubIndication) -> Said {
    use SubIndication as S;
    let (uk, en) = match why {
        S::FormatFailure => ("файл підпису пошкоджений", "the signature's file is damaged"),
        S::HashFailure => ("підписано інший вміст", "other content was signed"),
        S::SigCryptoFailure => ("він не відповідає ключу", "it does not fit the key"),
        S::Revoked | S::RevokedNoPoe | S::RevokedCaNoPoe => {
            ("сертифікат відкликано", "a certificate is revoked")
        }
        S::Expired | S::OutOfBoundsNoPoe => ("строк сертифіката минув", "a certificate's term is over"),
        S::NotYetValid => ("сертифікат іще не діяв", "a certificate was not valid yet"),
        S::NoCertificateChainFound => {
            ("видавець сертифіката невідомий", "who issued the certificate is not known")
        }
        S::NoSigningCertificateFound => {
            ("немає сертифіката підписувача", "the signer's certificate is missing")
        }
        S::ChainConstraintsFailure => {
            ("сертифікат видано не для цього", "a certificate was not issued for this")
        }
        S::CryptoConstraintsFailure | S::CryptoConstraintsFailureNoPoe => {
            ("алгоритм надто слабкий", "the algorithm is too weak")
        }
        S::TryLater => ("чекаємо на відповідь про відкликання", "the answer about revocation is awaited"),
        S::NoPoe => ("немає позначки часу", "there is no time-stamp"),
        S::SignedDataNotFound => {
            ("підписаного документа немає в листі", "the signed document is not in the letter")
        }
        S::TimestampOrderFailure => {
            ("позначки часу суперечать одна одній", "the time-stamps contradict each other")
        }
        S::SigConstraintsFailure => ("підпис не відповідає вимогам", "the signature is not as it must be"),
        S::PolicyProcessingError => ("правила підпису невідомі", "the signature's policy is not known"),
        S::CertificateChainGeneralFailure | S::Generic => {
            ("перевірку не вдалося завершити", "the check could not be completed")
        }
    };
    Said::new(uk, en)
}

fn requested(at: Timestamp, received_at: Timestamp) -> Said {
    let (asked, came) = (in_kyiv(at), in_kyiv(received_at));
    Said::new(
        format!("запитано {asked}, лист надійшов {came}"),
        format!("asked for {asked}, received {came}"),
    )
}

fn names(documents: &[DocumentCode]) -> Said {
    let names: Vec<Said> = documents.iter().map(document_name).collect();
    let list = |of: fn(&Said) -> &str| names.iter().map(of).collect::<Vec<_>>().join(", ");
    Said::new(list(|name| &name.uk), list(|name| &name.en))
}
