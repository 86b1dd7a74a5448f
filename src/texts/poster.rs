//! The words of a poster, by the kind of its code.

use super::Said;
use crate::model::{CodeKind, KyivDay};

/// Every sentence of a poster that is not a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PosterWords {
    /// What the poster is for.
    pub headline: Said,
    /// Over the purposes.
    pub purpose: Said,
    /// Over the list of documents.
    pub documents: Said,
    /// Beneath the list when it has more than one document; none when there is nothing to say.
    pub documents_note: Option<Said>,
    /// Beneath the code: what reads it.
    pub scan_with: Said,
    /// Over the address and the subject of an own code's letter, for those who type it themselves.
    pub by_hand: Said,
    /// Before the token, which is the subject of the letter.
    pub subject: Said,
    /// What to do, in order.
    pub steps: [Said; 3],
    /// The last valid day.
    pub valid_until: Said,
    /// The ban on placing the code online.
    pub not_online: Said,
    /// Why.
    pub not_online_reason: Said,
}

/// The words for a code of this kind that is valid until the end of a day.
#[must_use]
pub fn poster(kind: CodeKind, valid_until: KyivDay) -> PosterWords {
    let day = valid_until.dotted();
    let common = PosterWords {
        headline: Said::new("Копії документів зі смартфона", "Copies of your documents from your phone"),
        purpose: Said::new("Мета", "Purpose"),
        documents: Said::new("Потрібні документи", "Documents requested"),
        documents_note: None,
        scan_with: Said::new("", ""),
        by_hand: Said::new("Або напишіть самі", "Or write to"),
        subject: Said::new("з темою", "with the subject"),
        steps: registered_steps(),
        valid_until: Said::new(format!("Дійсний до {day}"), format!("Valid until {day}")),
        not_online: Said::new("Розміщення онлайн заборонено", "Not to be placed online"),
        not_online_reason: Said::new("", ""),
    };
    match kind {
        CodeKind::Registered => PosterWords {
            headline: Said::new("Копії документів через Дію", "Copies of your documents through Diia"),
            documents_note: Some(Said::new(
                "Поділитися можна лише всіма разом.",
                "They can be shared only all together.",
            )),
            scan_with: Said::new("Для сканера в застосунку Дія", "For the scanner inside the Diia app"),
            not_online_reason: Said::new(
                "Код, розміщений на сайті чи в застосунку, вимкнуть.",
                "A code found on a site or in an app is switched off.",
            ),
            ..common
        },
        CodeKind::Own { .. } => PosterWords {
            scan_with: Said::new("Для камери телефона", "For the phone's camera"),
            steps: own_steps(),
            not_online_reason: Said::new(
                "Код лише для відвідувачів за цією адресою.",
                "The code is only for visitors at this address.",
            ),
            ..common
        },
    }
}

fn registered_steps() -> [Said; 3] {
    [
        Said::new("Відкрийте застосунок Дія та його сканер", "Open the Diia app and its scanner"),
        Said::new(
            "Наведіть на код, перевірте, хто й що запитує, і підтвердьте",
            "Point it at the code, check who asks for what, and confirm",
        ),
        Said::new(
            "Надішліть лист, який підготує Дія, нічого в ньому не змінюючи",
            "Send the letter that Diia prepares, without changing it",
        ),
    ]
}

fn own_steps() -> [Said; 3] {
    [
        Said::new(
            "Наведіть на код камеру телефона й відкрийте лист",
            "Point your phone's camera at the code and open the letter",
        ),
        Said::new(
            "Не змінюючи теми, додайте файли PDF і P7S кожного документа",
            "Keep the subject; attach the PDF and P7S files of every document",
        ),
        Said::new("Надішліть лист", "Send the letter"),
    ]
}
