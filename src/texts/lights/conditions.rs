//! When a row holds, for the table in the documentation.

use super::Said;
use crate::model::LightRow;

/// When the row holds.
#[must_use]
#[expect(clippy::too_many_lines, reason = "it is a table")]
pub fn light_condition(row: LightRow) -> Said {
    use LightRow as R;
    let (uk, en) = match row {
        R::ContentChanged => {
            ("підписано не той вміст (HASH_FAILURE)", "other content was signed (HASH_FAILURE)")
        }
        R::SignatureFailed => ("вердикт TOTAL-FAILED", "the verdict is TOTAL-FAILED"),
        R::SignatureUntrusted => (
            "INDETERMINATE, і жоден доказ, на який варто чекати, цього не змінить",
            "INDETERMINATE, and no evidence that is still to come would change it",
        ),
        R::SignerNotAllowed => {
            ("підписувача немає серед `policy.sealers`", "the signer is not among `policy.sealers`")
        }
        R::UsedBefore => (
            "той самий документ або запит уже надійшов від іншого відправника, в інше відділення чи для іншого візиту",
            "the same document or request came before from another sender, at another branch, or for another visit",
        ),
        R::InitiatorOther => (
            "«Ініціатор запиту» не наш, а код зареєстрований або невідомий",
            "the request initiator is not us, and the code is a registered one or not known",
        ),
        R::VisitPersonDiffers => ("візит названо на іншу людину", "the visit names another person"),
        R::VisitTaken => {
            ("одноразовий код уже забрав інший лист", "another letter has claimed the one-time code")
        }
        R::PersonsDiffer => (
            "документи відправника розходяться в імені, даті народження чи номері",
            "documents of the sender's own differ in name, birth date or number",
        ),
        R::CitizenDiffers => {
            ("власний підпис людини не власника документа", "a person's own signature is not the holder's")
        }
        R::NotSigned => ("документ не покриває жоден підпис", "no signature covers the document"),
        R::NoDocuments => ("документів немає", "there is no document"),
        R::RequestStale => (
            "від запиту до листа минуло понад `light.request_age_minutes_max`",
            "more than `light.request_age_minutes_max` between the request and the letter",
        ),
        R::SignatureUndecided => ("INDETERMINATE: бракує доказу", "INDETERMINATE: evidence is missing"),
        R::SetIncomplete => ("бракує документа зі списку коду", "a document of the code's list is missing"),
        R::InitiatorOtherBranch => {
            ("ініціатор — інше відділення організації", "the initiator is another branch of the organisation")
        }
        R::InitiatorUnasked => {
            ("ініціатор не наш, а код власний", "the initiator is not us, and the code is our own")
        }
        R::InitiatorUnclear => ("ініціатора прочитано з прогалинами", "the initiator was read with gaps"),
        R::InitiatorMissing => ("ініціатора немає", "there is no initiator"),
        R::SentAgain => (
            "та сама копія від того самого відправника тут же",
            "the same copy by the same sender at the same branch",
        ),
        R::RequestFuture => (
            "запит пізніший за лист більш ніж на `light.clock_skew_minutes_max`",
            "the request is later than the letter by more than `light.clock_skew_minutes_max`",
        ),
        R::RequestTimeMissing => ("часу запиту немає", "there is no time of request"),
        R::DocumentExpired => {
            ("«Дійсний до» раніше за день листа", "«valid until» is before the day of the letter")
        }
        R::SpellingDiffers => ("імена різняться написанням", "names differ in spelling"),
        R::PersonsUnclear => {
            ("документ не називає особи, якої мав би", "a document names nobody where it should")
        }
        R::VisitSpellingDiffers => {
            ("ім’я візиту різниться написанням", "the visit's name differs in spelling")
        }
        R::VisitPersonUnclear => ("копії не називають особи", "the copies name nobody"),
        R::VisitOver => {
            ("лист із одноразовим кодом надійшов запізно", "a letter with a one-time code came too late")
        }
        R::Unread => ("жодної літери не прочитано", "not one letter was read"),
        R::ReadLater => ("розпізнавання ще триває", "OCR is still to come"),
        R::PartlyRead => ("є □ або бракує сторінки", "there are □, or a page is missing"),
        R::SaysContradict => (
            "контрольна цифра, суперечність або відсутнє поле",
            "a check digit, a contradiction, or a field that is missing",
        ),
        R::CodeExpired => ("код на час листа вже не діяв", "the code was over when the letter came"),
        R::CodeRetired => ("код на час листа виведено", "the code was out of use when the letter came"),
        R::CodeNotYetValid => {
            ("код на час листа ще не діяв", "the code was not valid yet when the letter came")
        }
        R::CodeUnknown => ("ключ не належить жодному коду", "the token belongs to no code"),
        R::CodeAmbiguous => ("підходять кілька кодів", "several codes fit"),
        R::CodeNone => ("жоден код не підходить", "no code fits"),
        R::CodeElsewhere => ("код іншої скриньки", "the code is of another mailbox"),
        R::SetExtra => ("документ поза списком коду", "a document that is not in the code's list"),
        R::SetRepeated => (
            "той самий вид кілька разів, де має бути один",
            "the same kind more than once, where there should be one",
        ),
        R::KindUnknown => ("вид документа не впізнано", "the kind of the document is not known"),
        R::LetterHides => ("вада листа могла щось приховати", "a defect of the letter may hide something"),
        R::FileHides => ("вада файлу могла щось приховати", "a defect of the file may hide something"),
        R::SignaturePassed => ("вердикт TOTAL-PASSED", "the verdict is TOTAL-PASSED"),
        R::InitiatorOurs => ("ініціатор — ми", "the initiator is us"),
        R::InitiatorNotNeeded => {
            ("послуга є в `light.without_initiator`", "the service is in `light.without_initiator`")
        }
        R::RequestFresh => ("запит перед самим листом", "the request was shortly before the letter"),
        R::SetComplete => ("є весь список коду", "the code's whole list is there"),
        R::PersonsAgree => ("документи однієї особи", "the documents are of one person"),
        R::VisitPersonAgrees => ("особа візиту", "the visit's person"),
        R::CitizenAgrees => ("власний підпис власника", "the holder's own signature"),
    };
    Said::new(uk, en)
}
