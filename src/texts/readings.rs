//! What was read of a copy → words: names of fields, what to look at, why nothing was read.

use pages::Oddity;

use super::Said;
use crate::model::{ReadingTrouble, ReadingWarning, ReadingWay};

/// A field's name; one that is not known is its own name.
#[must_use]
pub fn field_name(name: &str) -> Said {
    let (uk, en) =
        of_holder(name).or_else(|| of_document(name)).or_else(|| of_vehicle(name)).unwrap_or((name, name));
    Said::new(uk, en)
}

/// The holder's names, numbers and places, and the parents'.
fn of_holder(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "surname" => ("Прізвище", "Surname"),
        "given-names" => ("Ім’я", "Given names"),
        "patronymic" => ("По батькові", "Patronymic"),
        "given-names-and-patronymic" => ("Ім’я та по батькові", "Given names and patronymic"),
        "name-latin" => ("Прізвище та ім’я латиницею", "Name in Latin letters"),
        "surname-latin" => ("Прізвище латиницею", "Surname in Latin letters"),
        "given-names-latin" => ("Ім’я латиницею", "Given names in Latin letters"),
        "sex" => ("Стать", "Sex"),
        "birth-date" => ("Дата народження", "Date of birth"),
        "birth-place" => ("Місце народження", "Place of birth"),
        "citizenship" => ("Громадянство", "Citizenship"),
        "residence" => ("Місце проживання", "Place of residence"),
        "actual-residence" => ("Фактичне місце проживання", "Actual place of residence"),
        "rnokpp" => ("РНОКПП", "Taxpayer number (RNOKPP)"),
        "unzr" => ("УНЗР", "Record number (UNZR)"),
        "signature" => ("Підпис", "Signature"),
        "father" => ("Батько", "Father"),
        "father-citizenship" => ("Громадянство батька", "Father's citizenship"),
        "father-rnokpp" => ("РНОКПП батька", "Father's taxpayer number"),
        "father-birth-date" => ("Дата народження батька", "Father's date of birth"),
        "mother" => ("Мати", "Mother"),
        "mother-citizenship" => ("Громадянство матері", "Mother's citizenship"),
        "mother-rnokpp" => ("РНОКПП матері", "Mother's taxpayer number"),
        "mother-birth-date" => ("Дата народження матері", "Mother's date of birth"),
        _ => return None,
    })
}

/// The document itself, and the request for its copy.
fn of_document(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "document" => ("Вид документа", "Kind of document"),
        "number" => ("Номер документа", "Document number"),
        "type" => ("Тип", "Type"),
        "country-code" => ("Код держави", "Country code"),
        "authority" => ("Орган, що видав", "Issuing authority"),
        "issue-date" => ("Дата видачі", "Date of issue"),
        "valid-until" => ("Дійсний до", "Valid until"),
        "record-number" => ("Номер актового запису", "Number of the civil record"),
        "record-authority" => ("Орган, що склав актовий запис", "Authority of the civil record"),
        "record-date" => ("Дата складання актового запису", "Date of the civil record"),
        "identity-number" => ("Номер документа, що посвідчує особу", "Number of the identity document"),
        "identity-issue-date" => {
            ("Дата видачі документа, що посвідчує особу", "Issue date of the identity document")
        }
        "identity-authority" => {
            ("Ким видано документ, що посвідчує особу", "Authority of the identity document")
        }
        "ground" => ("Підстава для отримання", "Ground"),
        "categories" => ("Категорії", "Categories"),
        "categories-since" => ("Дати відкриття категорій", "Categories valid from"),
        "institution" => ("Заклад освіти", "Educational institution"),
        "faculty" => ("Факультет", "Faculty"),
        "form-of-study" => ("Форма навчання", "Form of study"),
        "pension-case" => ("Номер пенсійної справи", "Number of the pension case"),
        "pension-kind" => ("Вид пенсії", "Kind of pension"),
        "request-time" => ("Час запиту", "Time of the request"),
        "request-initiator" => ("Ініціатор запиту", "Initiator of the request"),
        "request-id" => ("Ідентифікатор запиту", "Request ID"),
        _ => return None,
    })
}

/// A vehicle.
fn of_vehicle(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "plate" => ("Реєстраційний номер", "Registration number"),
        "first-registration-date" => ("Дата першої реєстрації", "Date of first registration"),
        "registration-date" => ("Дата реєстрації", "Date of registration"),
        "make-year" => ("Рік випуску", "Year of manufacture"),
        "ownership" => ("Форма власності", "Form of ownership"),
        "proper-user" => ("Належний користувач", "Proper user"),
        "owner" => ("Власник", "Owner"),
        "brand" => ("Марка", "Make"),
        "model" => ("Модель", "Model"),
        "vin" => ("Номер кузова (VIN)", "Vehicle identification number (VIN)"),
        "total-weight" => ("Повна маса", "Total weight"),
        "own-weight" => ("Маса без навантаження", "Own weight"),
        "vehicle-category" => ("Категорія ТЗ", "Vehicle category"),
        "capacity" => ("Об’єм двигуна", "Engine capacity"),
        "fuel" => ("Тип пального", "Type of fuel"),
        "color" => ("Колір", "Colour"),
        "seats" => ("Сидячих місць", "Seats"),
        "standing-places" => ("Стоячих місць", "Standing places"),
        "body" => ("Тип кузова", "Body type"),
        _ => return None,
    })
}

/// How something was read.
#[must_use]
pub fn reading_way(way: ReadingWay) -> Said {
    let (uk, en) = match way {
        ReadingWay::TextLayer => ("з тексту документа", "from the document's text"),
        ReadingWay::Outlines => ("за обрисами літер", "by the outlines of letters"),
        ReadingWay::Ocr => {
            ("розпізнано з картинки, можливі помилки", "recognised from a picture, mistakes are possible")
        }
        ReadingWay::FileName => ("лише з назви файла", "from the file name only"),
        ReadingWay::Unread => ("не прочитано", "not read"),
    };
    Said::new(uk, en)
}

/// What a person should look at in a copy, and why.
#[must_use]
pub fn reading_warning(warning: &ReadingWarning) -> Said {
    match warning {
        ReadingWarning::CheckDigit { field } => {
            let Said { uk, en } = field_name(field);
            Said::new(
                format!("«{uk}»: контрольна цифра не сходиться; порівняйте номер із документом."),
                format!("“{en}”: the check digit does not fit; compare the number with the document."),
            )
        }
        ReadingWarning::Contradicts { field, other } => {
            let (one, two) = (field_name(field), field_name(other));
            Said::new(
                format!("«{}» суперечить полю «{}»: перегляньте обидва на копії.", one.uk, two.uk),
                format!("“{}” contradicts “{}”: look at both on the copy.", one.en, two.en),
            )
        }
        ReadingWarning::Form { field } => {
            let Said { uk, en } = field_name(field);
            Said::new(
                format!("«{uk}» має незвичний вигляд: перегляньте це поле на копії."),
                format!("“{en}” does not look as it usually does: look at it on the copy."),
            )
        }
        ReadingWarning::Missing { field } => {
            let Said { uk, en } = field_name(field);
            Said::new(
                format!("Поля «{uk}» не знайдено: перегляньте копію."),
                format!("“{en}” was not found: look at the copy."),
            )
        }
        ReadingWarning::FileName { field } => {
            let Said { uk, en } = field_name(field);
            Said::new(
                format!("«{uk}»: назва файла каже інше, ніж сторінка; вірте сторінці."),
                format!("“{en}”: the file name says something else than the page; go by the page."),
            )
        }
        ReadingWarning::Unread { field } => {
            let Said { uk, en } = field_name(field);
            Said::new(
                format!("«{uk}»: не всі літери прочитано (□); подивіться на копію."),
                format!("“{en}”: not every letter was read (□); look at the copy."),
            )
        }
    }
}

/// Why a copy was not read, or not whole, and what to do.
#[must_use]
pub fn reading_trouble(trouble: ReadingTrouble) -> Said {
    let (uk, en) = match trouble {
        ReadingTrouble::NoReader => (
            "Копії тут не читаються: відкрийте файл самі.",
            "Copies are not read here: open the file yourself.",
        ),
        ReadingTrouble::NotPdf => (
            "Це не PDF: попросіть надіслати копію із застосунку Дія ще раз.",
            "This is not a PDF: ask for the copy to be sent from the Diia app again.",
        ),
        ReadingTrouble::Password => (
            "Файл захищено паролем: попросіть надіслати копію без пароля.",
            "The file wants a password: ask for a copy without one.",
        ),
        ReadingTrouble::NoPages => (
            "Файл пошкоджено, у ньому немає жодної сторінки: попросіть надіслати копію ще раз.",
            "The file is damaged and has no page: ask for the copy again.",
        ),
        ReadingTrouble::TookTooLong => (
            "Файл читався задовго, читання зупинено: поводьтеся з ним обережно.",
            "Reading the file took too long and was stopped: handle it with care.",
        ),
        ReadingTrouble::TookTooMuch => (
            "Файлу забракло дозволеної пам’яті, читання зупинено: поводьтеся з ним обережно.",
            "The file wanted more memory than is allowed and reading was stopped: handle it with care.",
        ),
        ReadingTrouble::Broke => (
            "Читання файла зламалося: поводьтеся з ним обережно й перегляньте його самі.",
            "Reading broke on the file: handle it with care and look at it yourself.",
        ),
        ReadingTrouble::NoOcr => (
            "У файлі лише картинки або невідомі літери, а програми розпізнавання немає: перегляньте копію самі.",
            "The file has only pictures or unknown letters, and there is no OCR program: look at the copy yourself.",
        ),
        ReadingTrouble::OcrLater => (
            "Розпізнавання не встигло: копію буде прочитано пізніше.",
            "OCR did not end in time: the copy will be read later.",
        ),
        ReadingTrouble::OcrFailed => {
            ("Розпізнавання не вдалося: перегляньте копію самі.", "OCR failed: look at the copy yourself.")
        }
    };
    Said::new(uk, en)
}

/// What is strange about a file; nothing of it was run or followed.
#[must_use]
pub fn oddity(oddity: Oddity) -> Said {
    let (uk, en) = match oddity {
        Oddity::Encrypted => (
            "Файл зашифровано, але він читається без пароля.",
            "The file is encrypted but can be read without a password.",
        ),
        Oddity::JavaScript => (
            "У файлі є сценарії (JavaScript): їх не виконано, у справжніх копіях їх немає.",
            "The file has scripts (JavaScript): they were not run; genuine copies have none.",
        ),
        Oddity::EmbeddedFiles => (
            "Файл несе в собі інші файли: їх не відкрито.",
            "The file carries other files: they were not opened.",
        ),
        Oddity::Actions => (
            "Файл хоче щось запустити, відкрити або надіслати: цього не зроблено.",
            "The file wants to start, open or send something: that was not done.",
        ),
        Oddity::Form => (
            "У файлі є поля для заповнення: їхній вміст міг змінити будь-хто.",
            "The file has fields to fill in: anybody could have changed their content.",
        ),
        Oddity::HiddenText => (
            "У файлі є невидимий текст: зважайте лише на те, що видно.",
            "The file has text that nobody sees: go by what is visible.",
        ),
        Oddity::PageTree => (
            "Дерево сторінок зациклене або надто глибоке: прочитано лише те, до чого можна дійти.",
            "The tree of pages loops or is too deep: only what can be reached was read.",
        ),
        Oddity::TooManyPages => (
            "Сторінок більше, ніж переглядається: решту не прочитано.",
            "There are more pages than are looked at: the rest was not read.",
        ),
        Oddity::PageBox => (
            "Розмір сторінки не вказано або він неможливий: його змінено, щоб її показати.",
            "A page's size is missing or impossible: it was changed so that the page can be shown.",
        ),
        Oddity::Rebuilt => (
            "Зміст файла пошкоджено, його відновлено.",
            "The file's table of contents was broken and has been rebuilt.",
        ),
        Oddity::Damaged => (
            "Частину файла прочитати не вдалося: порівняйте з тим, що видно.",
            "A part of the file could not be read: compare with what is visible.",
        ),
        Oddity::Updated => (
            "Файл змінено після створення: зважайте на висновок про підпис.",
            "The file was changed after it was made: go by the verdict on the signature.",
        ),
        Oddity::Layers => (
            "У файлі є шари, які видно не всім: порівняйте з тим, що друкується.",
            "The file has layers that not everybody sees: compare with what is printed.",
        ),
    };
    Said::new(uk, en)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[track_caller]
    fn all_differ(said: Vec<Said>, are_sentences: bool) {
        let mut seen = BTreeSet::new();
        for Said { uk, en } in said {
            assert!(!are_sentences || (uk.ends_with('.') && en.ends_with('.')), "{uk} {en}");
            assert!(uk.chars().any(|c| ('а'..='я').contains(&c) || c.is_alphabetic()), "{uk}");
            assert!(seen.insert(uk.clone()), "{uk}");
            assert!(seen.insert(en.clone()), "{en}");
        }
    }

    #[test]
    fn every_trouble_and_oddity_has_its_own_sentence() {
        use Oddity as O;
        use ReadingTrouble as T;
        let troubles = [
            T::NoReader,
            T::NotPdf,
            T::Password,
            T::NoPages,
            T::TookTooLong,
            T::TookTooMuch,
            T::Broke,
            T::NoOcr,
            T::OcrLater,
            T::OcrFailed,
        ];
        all_differ(troubles.map(reading_trouble).to_vec(), true);
        let oddities = [
            O::Encrypted,
            O::JavaScript,
            O::EmbeddedFiles,
            O::Actions,
            O::Form,
            O::HiddenText,
            O::PageTree,
            O::TooManyPages,
            O::PageBox,
            O::Rebuilt,
            O::Damaged,
            O::Updated,
            O::Layers,
        ];
        all_differ(oddities.map(oddity).to_vec(), true);
    }

    #[test]
    fn every_way_has_its_own_words() {
        use ReadingWay as W;
        all_differ(
            [W::TextLayer, W::Outlines, W::Ocr, W::FileName, W::Unread].map(reading_way).to_vec(),
            false,
        );
    }

    #[test]
    fn every_warning_names_its_field_in_both_languages() {
        let field = || "rnokpp".to_owned();
        let warnings = [
            ReadingWarning::CheckDigit { field: field() },
            ReadingWarning::Contradicts { field: field(), other: "sex".to_owned() },
            ReadingWarning::Form { field: field() },
            ReadingWarning::Missing { field: field() },
            ReadingWarning::FileName { field: field() },
            ReadingWarning::Unread { field: field() },
        ];
        let said: Vec<Said> = warnings.iter().map(reading_warning).collect();
        for Said { uk, en } in &said {
            assert!(uk.contains("«РНОКПП»") && en.contains("“Taxpayer number (RNOKPP)”"), "{uk} {en}");
        }
        assert!(said[1].uk.contains("«Стать»") && said[1].en.contains("“Sex”"));
        all_differ(said, true);
    }

    #[test]
    fn a_field_that_is_not_known_is_its_own_name() {
        assert_eq!(field_name("port-of-call"), Said::new("port-of-call", "port-of-call"));
    }
}
