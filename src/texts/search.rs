//! Why a search cannot be followed, and what would work.

use super::{Said, field_name};
use crate::model::{QueryFault, SearchField};

/// The prefixes that a search understands.
const PREFIXES_EN: &str = "name: rnokpp: doc: born: branch: service: from: after: before: light:";
const PREFIXES_UK: &str = "ім'я: рнокпп: документ: народження: філія: послуга: від: після: до: світло:";

/// What is wrong with a search as it was typed, and what would work.
#[must_use]
pub fn query_fault(fault: &QueryFault) -> Said {
    match fault {
        QueryFault::UnknownField { typed } => Said::new(
            format!(
                "«{typed}:» — такого поля немає. Можна: {PREFIXES_UK}. Щоб шукати сам текст, візьміть його в лапки"
            ),
            format!(
                "`{typed}:` names no field; these work: {PREFIXES_EN}. To look for the text itself, put it in quotes"
            ),
        ),
        QueryFault::NoValue { field } => {
            let (uk, en) = prefix(*field);
            Said::new(
                format!("після «{uk}» немає чого шукати; наприклад: {}", example(*field).0),
                format!("nothing to look for follows `{en}`; for example: {}", example(*field).1),
            )
        }
        QueryFault::NoDate { field, typed } => {
            let (uk, en) = prefix(*field);
            Said::new(
                format!(
                    "«{uk}{typed}» — це не дата; можна: 17.01.1997, 1997-01-17, 17 січня 1997, 01.1997, 1997"
                ),
                format!(
                    "`{en}{typed}` is no date; these work: 17.01.1997, 1997-01-17, 17 січня 1997, 01.1997, 1997"
                ),
            )
        }
        QueryFault::NoNumber { field, typed } => {
            let (uk, en) = prefix(*field);
            Said::new(
                format!("«{uk}{typed}» — очікується номер або його частина, від 4 до 10 цифр"),
                format!("`{en}{typed}`: a number or a part of it is expected, 4 to 10 digits"),
            )
        }
        QueryFault::NoLight { typed } => Said::new(
            format!("«світло:{typed}» — можна: зелене, жовте, червоне"),
            format!("`light:{typed}`: green, amber or red is expected"),
        ),
        QueryFault::EmptyRange { from, until } => Said::new(
            format!(
                "нічого не могло надійти після {} і до {}: поміняйте дати місцями",
                from.dotted(),
                until.dotted()
            ),
            format!("nothing can be received on or after {from} and on or before {until}: change them about"),
        ),
        QueryFault::TooMuch { terms_max } => Said::new(
            format!("забагато слів: шукати можна щонайбільше {terms_max} за раз"),
            format!("too many words: one search takes {terms_max} at most"),
        ),
    }
}

/// The name of a place where a search found something: a field of a copy, or what of the letter.
#[must_use]
pub fn matched_field(field: &str) -> Said {
    let (uk, en) = match field {
        "sender" => ("відправник", "sender"),
        "subject" => ("тема листа", "subject"),
        "file-name" => ("назва файлу", "file name"),
        "document" => ("документ", "document"),
        "branch" => ("відділення", "branch"),
        "service" => ("послуга", "service"),
        "token" => ("ключ коду", "the code's token"),
        "received" => ("день надходження", "day of receipt"),
        "mailbox" => ("скринька", "mailbox"),
        "body" => ("текст листа", "text of the letter"),
        "text" => ("текст документа", "text of the document"),
        other => return field_name(other),
    };
    Said::new(uk, en)
}

/// The prefix of a field, Ukrainian and English.
const fn prefix(field: SearchField) -> (&'static str, &'static str) {
    match field {
        SearchField::Name => ("ім'я:", "name:"),
        SearchField::Rnokpp => ("рнокпп:", "rnokpp:"),
        SearchField::Document => ("документ:", "doc:"),
        SearchField::Born => ("народження:", "born:"),
        SearchField::Branch => ("філія:", "branch:"),
        SearchField::Service => ("послуга:", "service:"),
        SearchField::Sender => ("від:", "from:"),
        SearchField::After => ("після:", "after:"),
        SearchField::Before => ("до:", "before:"),
        SearchField::Light => ("світло:", "light:"),
    }
}

const fn example(field: SearchField) -> (&'static str, &'static str) {
    match field {
        SearchField::Name => ("ім'я:Шевченко", "name:Шевченко"),
        SearchField::Rnokpp => ("рнокпп:1759013776", "rnokpp:1759013776"),
        SearchField::Document => ("документ:паспорт", "doc:passport"),
        SearchField::Born => ("народження:17.01.1997", "born:17.01.1997"),
        SearchField::Branch => ("філія:Житомир", "branch:centre"),
        SearchField::Service => ("послуга:поселення", "service:hotel"),
        SearchField::Sender => ("від:olena@example.com", "from:olena@example.com"),
        SearchField::After => ("після:01.03.2026", "after:2026-03-01"),
        SearchField::Before => ("до:31.03.2026", "before:2026-03-31"),
        SearchField::Light => ("світло:червоне", "light:red"),
    }
}
