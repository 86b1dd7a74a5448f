//! A letter's defect → one sentence: what, where, and what to do about it.

use super::Said;
use crate::model::Defect;

/// The sentence for a defect.
#[must_use]
pub fn defect(defect: &Defect) -> Said {
    let said = of_arrival(defect).or_else(|| of_content(defect)).or_else(|| of_letter(defect));
    said.unwrap_or_else(|| limit(defect))
}

/// How an attachment arrived: `None` for other defects.
fn of_arrival(defect: &Defect) -> Option<Said> {
    let (uk, en) = match defect {
        Defect::DamagedEncoding { at } => (
            format!("Вкладення «{at}» пошкоджене дорогою: попросіть надіслати лист ще раз."),
            format!("Attachment “{at}” was damaged on the way: ask for the letter to be sent again."),
        ),
        Defect::EmptyAttachment { at } => (
            format!("Вкладення «{at}» порожнє: попросіть надіслати лист ще раз."),
            format!("Attachment “{at}” is empty: ask for the letter to be sent again."),
        ),
        Defect::RepeatedAttachment { at } => (
            format!("Вкладення «{at}» повторює попереднє байт у байт: достатньо переглянути одне з них."),
            format!(
                "Attachment “{at}” repeats an earlier one byte for byte: looking at one of them is enough."
            ),
        ),
        Defect::NameCleaned { at } => (
            format!(
                "Ім’я вкладення «{at}» містило небезпечні або зайві знаки: їх прибрано, вміст не змінено."
            ),
            format!(
                "The name of attachment “{at}” held dangerous or needless characters: they were removed, its content is unchanged."
            ),
        ),
        Defect::UnknownEncoding { at, encoding } => (
            format!(
                "Вкладення «{at}» закодоване невідомим способом «{encoding}»: якщо воно не відкривається, попросіть надіслати лист з іншої поштової програми."
            ),
            format!(
                "Attachment “{at}” is in an unknown encoding “{encoding}”: if it does not open, ask for the letter to be sent from another mail program."
            ),
        ),
        Defect::UndeclaredEncoding { at } => (
            format!(
                "Вкладення «{at}» надійшло закодованим без позначки про це: його розкодовано, робити нічого не треба."
            ),
            format!(
                "Attachment “{at}” came encoded without saying so: it was decoded, nothing needs to be done."
            ),
        ),
        Defect::BytesAfterSignature { at } => (
            format!(
                "У вкладенні «{at}» після підпису є зайві дані: їх не враховано, зважайте на висновок про підпис."
            ),
            format!(
                "Attachment “{at}” holds needless data after the signature: they were left out, go by the verdict on the signature."
            ),
        ),
        _ => return None,
    };
    Some(Said::new(uk, en))
}

/// What an attachment is: `None` for other defects.
fn of_content(defect: &Defect) -> Option<Said> {
    let (uk, en) = match defect {
        Defect::NotWhatItsNameSays { at, promised } => {
            let promised = promised.to_uppercase();
            (
                format!(
                    "Вкладення «{at}» названо як {promised}, але всередині щось інше: не відкривайте його, попросіть надіслати копію із застосунку Дія ще раз."
                ),
                format!(
                    "Attachment “{at}” is named as a {promised} but holds something else: do not open it, ask for the copy to be sent from the Diia app again."
                ),
            )
        }
        Defect::WinmailDat { at } => (
            format!(
                "Вкладення «{at}» — пакунок Outlook, який не розпаковується: попросіть надіслати файли звичайними вкладеннями."
            ),
            format!(
                "Attachment “{at}” is an Outlook package, which is not unpacked: ask for the files as ordinary attachments."
            ),
        ),
        Defect::Uuencoded { at } => (
            format!(
                "Файл «{at}» вписано в текст листа застарілим способом (uuencode): попросіть надіслати його звичайним вкладенням."
            ),
            format!(
                "File “{at}” is written into the letter's text in an outdated way (uuencode): ask for it as an ordinary attachment."
            ),
        ),
        Defect::Archive { at } => (
            format!(
                "Вкладення «{at}» — архів, який не розпаковується: попросіть надіслати файли без архіву."
            ),
            format!(
                "Attachment “{at}” is an archive, which is not unpacked: ask for the files without an archive."
            ),
        ),
        Defect::Encrypted { at } => (
            format!(
                "Вкладення «{at}» зашифроване, прочитати його неможливо: попросіть надіслати незашифровані PDF і P7S."
            ),
            format!(
                "Attachment “{at}” is encrypted and cannot be read: ask for the PDF and P7S without encryption."
            ),
        ),
        _ => return None,
    };
    Some(Said::new(uk, en))
}

/// What the letter is as a whole: `None` for other defects.
fn of_letter(defect: &Defect) -> Option<Said> {
    let (uk, en) = match defect {
        Defect::NotALetter => (
            "Це не лист: не вдалося прочитати жодного заголовка; перевірте, звідки взявся файл.".to_owned(),
            "This is not a letter: not one header could be read; check where the file came from.".to_owned(),
        ),
        Defect::CutShort => (
            "Лист обірваний: його кінець загубився дорогою, останнє вкладення може бути неповним; попросіть надіслати лист ще раз.".to_owned(),
            "The letter is cut short: its end was lost on the way and the last attachment may be incomplete; ask for it to be sent again.".to_owned(),
        ),
        Defect::BordersMissing => (
            "Частини листа не вдалося розділити: перегляньте вихідний лист, а якщо вкладень не видно, попросіть надіслати його ще раз.".to_owned(),
            "The letter's parts could not be told apart: look at the original letter, and if attachments are missing ask for it to be sent again.".to_owned(),
        ),
        Defect::FieldContradicts { field } => (
            format!("Поле {field} написано двічі й по-різному: поштова програма може показати інше, ніж перевірено; зважайте лише на збережені файли."),
            format!("The field {field} is written twice and differently: a mail program may show something else than what was checked; go by the saved files alone."),
        ),
        Defect::DateUnreadable => (
            "Дату в листі неможливо прочитати: зважайте на час отримання.".to_owned(),
            "The letter's date cannot be read: go by the time of receipt.".to_owned(),
        ),
        Defect::DamagedText => (
            "Текст листа пошкоджений дорогою: вкладення це не зачіпає, а якщо потрібен текст, попросіть надіслати лист ще раз.".to_owned(),
            "The letter's text was damaged on the way: attachments are not affected; if the text is needed ask for it to be sent again.".to_owned(),
        ),
        Defect::LetterInside { at } if at.is_empty() => (
            "У лист вкладено інший лист без теми, його вкладення показано тут: відправник лише переслав їх.".to_owned(),
            "The letter holds another letter without a subject, whose attachments are shown here: the sender only forwarded them.".to_owned(),
        ),
        Defect::LetterInside { at } => (
            format!("У лист вкладено інший лист «{at}», його вкладення показано тут: відправник лише переслав їх."),
            format!("The letter holds another letter, “{at}”, whose attachments are shown here: the sender only forwarded them."),
        ),
        Defect::HtmlOnly => (
            "Лист має лише вебтекст: із нього взято слова без оформлення, робити нічого не треба.".to_owned(),
            "The letter has only HTML text: its words were taken without their looks, nothing needs to be done.".to_owned(),
        ),
        Defect::NoSender => (
            "У листі немає адреси відправника: відповісти на нього неможливо, зважайте лише на підписи.".to_owned(),
            "The letter has no sender's address: it cannot be answered, go by the signatures only.".to_owned(),
        ),
        Defect::NothingAttached => (
            "У листі немає вкладень: попросіть надіслати копії із застосунку Дія ще раз.".to_owned(),
            "The letter has no attachments: ask for the copies to be sent from the Diia app again.".to_owned(),
        ),
        _ => return None,
    };
    Some(Said::new(uk, en))
}

/// Defects that name a limit.
fn limit(defect: &Defect) -> Said {
    match defect {
        Defect::LetterTooLarge { bytes, bytes_max } => {
            let (size, max) = (megabytes(*bytes), megabytes(*bytes_max));
            Said::new(
                format!(
                    "Лист завеликий ({size} МБ, дозволено {max} МБ) і не розібраний: попросіть надіслати документи кількома листами."
                ),
                format!(
                    "The letter is too large ({size} MB, {max} MB allowed) and was not taken apart: ask for the documents in several letters."
                ),
            )
        }
        Defect::TooManyParts { parts_max } => Said::new(
            format!(
                "У листі понад {parts_max} частин: решту не переглянуто, попросіть надіслати лише потрібні документи."
            ),
            format!(
                "The letter has more than {parts_max} parts: the rest was not looked at, ask for the needed documents only."
            ),
        ),
        Defect::NestedTooDeep { depth_max } => Said::new(
            format!(
                "Листи вкладено один в одного глибше ніж {depth_max} разів: найглибші не відкрито, попросіть надіслати документи прямо."
            ),
            format!(
                "Letters lie in each other more than {depth_max} deep: the innermost were not opened, ask for the documents directly."
            ),
        ),
        Defect::HeadersTooLarge { bytes_max } => Said::new(
            format!(
                "Заголовки листа довші за {bytes_max} байтів: те, що після них, не переглянуто; попросіть надіслати лист з іншої поштової програми."
            ),
            format!(
                "The letter's headers are longer than {bytes_max} bytes: what follows was not looked at; ask for it to be sent from another mail program."
            ),
        ),
        Defect::BodyCut { chars_max } => Said::new(
            format!(
                "Текст листа довгий: для пошуку взято перші {chars_max} знаків, сам лист збережено повністю."
            ),
            format!(
                "The letter's text is long: its first {chars_max} characters were taken for search, the letter itself is kept whole."
            ),
        ),
        // These have their sentences above. They are listed so that a new defect does not compile without a sentence.
        Defect::DamagedEncoding { .. }
        | Defect::EmptyAttachment { .. }
        | Defect::NotWhatItsNameSays { .. }
        | Defect::RepeatedAttachment { .. }
        | Defect::WinmailDat { .. }
        | Defect::NameCleaned { .. }
        | Defect::UnknownEncoding { .. }
        | Defect::UndeclaredEncoding { .. }
        | Defect::BytesAfterSignature { .. }
        | Defect::Uuencoded { .. }
        | Defect::Archive { .. }
        | Defect::Encrypted { .. }
        | Defect::NotALetter
        | Defect::CutShort
        | Defect::BordersMissing
        | Defect::FieldContradicts { .. }
        | Defect::DateUnreadable
        | Defect::DamagedText
        | Defect::LetterInside { .. }
        | Defect::HtmlOnly
        | Defect::NoSender
        | Defect::NothingAttached => Said::new(
            "Лист має ваду: перегляньте його вручну.",
            "The letter has a defect: look at it by hand.",
        ),
    }
}

/// Whole megabytes, rounded up.
const fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<Defect> {
        let at = || "довідка.pdf".to_owned();
        vec![
            Defect::NotALetter,
            Defect::LetterTooLarge { bytes: 70 << 20, bytes_max: 64 << 20 },
            Defect::TooManyParts { parts_max: 500 },
            Defect::NestedTooDeep { depth_max: 8 },
            Defect::DamagedEncoding { at: at() },
            Defect::EmptyAttachment { at: at() },
            Defect::NotWhatItsNameSays { at: at(), promised: "pdf".to_owned() },
            Defect::RepeatedAttachment { at: at() },
            Defect::WinmailDat { at: at() },
            Defect::HtmlOnly,
            Defect::NoSender,
            Defect::BodyCut { chars_max: 100_000 },
            Defect::NameCleaned { at: at() },
            Defect::HeadersTooLarge { bytes_max: 1 << 18 },
            Defect::CutShort,
            Defect::BordersMissing,
            Defect::FieldContradicts { field: at() },
            Defect::DateUnreadable,
            Defect::DamagedText,
            Defect::UnknownEncoding { at: at(), encoding: "x-new".to_owned() },
            Defect::UndeclaredEncoding { at: at() },
            Defect::BytesAfterSignature { at: at() },
            Defect::Uuencoded { at: at() },
            Defect::Archive { at: at() },
            Defect::Encrypted { at: at() },
            Defect::LetterInside { at: at() },
            Defect::NothingAttached,
        ]
    }

    #[test]
    fn every_defect_has_its_own_sentence_in_both_languages_and_names_its_place() {
        let mut seen = std::collections::BTreeSet::new();
        for each in every() {
            let Said { uk, en } = defect(&each);
            assert!(uk.ends_with('.') && en.ends_with('.'), "{uk} {en}");
            assert!(!uk.contains("має ваду"), "{each:?}");
            if format!("{each:?}").contains("at:") {
                assert!(uk.contains("«довідка.pdf»") && en.contains("“довідка.pdf”"), "{uk} {en}");
            }
            assert!(seen.insert(uk) && seen.insert(en), "{each:?}");
        }
    }

    #[test]
    fn a_size_is_said_in_megabytes() {
        let said = defect(&Defect::LetterTooLarge { bytes: (64 << 20) + 1, bytes_max: 64 << 20 });
        assert!(said.uk.contains("65 МБ, дозволено 64 МБ"), "{}", said.uk);
    }
}
