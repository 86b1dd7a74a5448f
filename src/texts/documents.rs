//! Names of documents (domain facts §3).

use super::Said;
use crate::model::DocumentCode;

/// A document's name; a code that is not known is its own name.
#[must_use]
pub fn document_name(code: &DocumentCode) -> Said {
    let (uk, en) = match code.as_str() {
        "internal-passport" => {
            ("паспорт громадянина України (ID-картка)", "passport of a citizen of Ukraine (ID card)")
        }
        "foreign-passport" => {
            ("закордонний паспорт (для виїзду за кордон)", "passport for travelling abroad")
        }
        "passport" => ("паспорт (ID-картка або закордонний)", "passport (ID card or for travelling abroad)"),
        "taxpayer-card" => ("картка платника податків (РНОКПП)", "taxpayer card (RNOKPP)"),
        "birth-certificate" => ("свідоцтво про народження дитини", "child's birth certificate"),
        "reference-internally-displaced-person" => {
            ("довідка ВПО", "certificate of an internally displaced person")
        }
        "driver-license" => ("посвідчення водія", "driving licence"),
        "vehicle-license" => {
            ("свідоцтво про реєстрацію транспортного засобу", "vehicle registration certificate")
        }
        "student-id-card" => ("студентський квиток", "student card"),
        "pension-card" => ("пенсійне посвідчення", "pension card"),
        "education-document" => ("документ про освіту", "document of education"),
        "veteran-certificate" => ("посвідчення ветерана", "veteran's certificate"),
        "name-change-act-record" => ("відомості про зміну імені", "record of a change of name"),
        "marriage-act-record" => ("відомості про шлюб", "record of marriage"),
        "divorce-act-record" => ("відомості про розірвання шлюбу", "record of divorce"),
        "residence-permit-permanent" => ("посвідка на постійне проживання", "permanent residence permit"),
        "residence-permit-temporary" => ("посвідка на тимчасове проживання", "temporary residence permit"),
        other => (other, other),
    };
    Said::new(uk, en)
}

/// Words under which a document is found: its code and both names.
#[must_use]
pub fn document_search_words(code: &DocumentCode) -> String {
    let Said { uk, en } = document_name(code);
    format!("{code} {uk} {en}")
}
