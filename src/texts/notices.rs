//! The words of a mail that reminds of codes: how long they last and what to do.
//!
//! What to do in the Дія cabinet is said only as far as it is known (domain facts §2): the head makes the new code there.

use super::{Said, document_name};
use crate::model::{Reminder, Rung};

/// What a mail says of one code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeWords {
    /// Where the code hangs.
    pub place: Said,
    /// How long it lasts still.
    pub left: Said,
    /// Names and values, in order.
    pub facts: Vec<(Said, Said)>,
    /// Why, in a sentence.
    pub why: Said,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

/// One thing to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What.
    pub said: Said,
    /// The command that does it, if there is one.
    pub command: Option<String>,
}

/// What a mail says of all its codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DigestWords {
    /// How many codes.
    pub headline: Said,
    /// The first of them to end; with the headline, the subject.
    pub nearest: Said,
    /// Over what to do.
    pub to_do: Said,
    /// Why the recipient gets this.
    pub footer: Said,
}

/// The name of the program as people read it.
pub const NOTICE_SENDER: &str = "Скринька";

/// The words for one code.
#[must_use]
pub fn notice(about: &Reminder) -> NoticeWords {
    NoticeWords {
        place: Said::new(&about.branch_name, &about.branch_name),
        left: left(about.days_left),
        facts: facts(about),
        why: why(about),
        steps: steps(about),
    }
}

/// The words around several codes.
#[must_use]
pub fn digest(about: &[Reminder]) -> DigestWords {
    let count = about.len();
    let (codes, need) = match plural(count) {
        Plural::One => ("код", "потребує"),
        Plural::Few => ("коди", "потребують"),
        Plural::Many => ("кодів", "потребують"),
    };
    let headline = if count == 1 {
        Said::new("1 код потребує уваги", "1 code needs attention")
    } else {
        Said::new(format!("{count} {codes} {need} уваги"), format!("{count} codes need attention"))
    };
    let first = about.iter().min_by_key(|reminder| reminder.valid_until);
    let day = first.map(|reminder| reminder.valid_until.dotted()).unwrap_or_default();
    let over = first.is_some_and(|reminder| reminder.days_left < 0);
    let nearest = match (count, over) {
        (1, false) => Said::new(format!("діє до {day}"), format!("valid until {day}")),
        (1, true) => Said::new(format!("діяв до {day}"), format!("was valid until {day}")),
        (_, false) => {
            Said::new(format!("найближчий діє до {day}"), format!("the nearest is valid until {day}"))
        }
        (_, true) => Said::new(format!("перший діяв до {day}"), format!("the first was valid until {day}")),
    };
    let mut organisations: Vec<&str> = about.iter().map(|reminder| reminder.organisation.as_str()).collect();
    organisations.sort_unstable();
    organisations.dedup();
    let organisations = organisations.join("; ");
    DigestWords {
        headline,
        nearest,
        to_do: Said::new("Що зробити", "What to do"),
        footer: Said::new(
            format!(
                "Цей лист надіслала Скринька, бо вашу адресу названо в її реєстрі серед тих, кому нагадувати: \
                 {organisations}. Про код, виведений з ужитку, вона більше не нагадує. Відповідати не потрібно."
            ),
            format!(
                "Skrynka sent this because its registry names your address among those to be reminded: \
                 {organisations}. Of a code that was retired it does not remind any more. There is no need to answer."
            ),
        ),
    }
}

/// A mail that only shows that mail arrives: subject and text.
#[must_use]
pub fn notice_trial() -> (Said, Said) {
    (
        Said::new("Пробний лист Скриньки", "Test mail from Skrynka"),
        Said::new(
            "Якщо ви це читаєте, нагадування про коди дійдуть за цією адресою.",
            "If you read this, reminders of codes will arrive at this address.",
        ),
    )
}

/// A step of the ladder in words.
#[must_use]
pub fn rung(rung: Rung) -> Said {
    match rung {
        Rung::Months(1) => Said::new("за місяць", "1 month before"),
        Rung::Months(months) => {
            let word = counted(months.into(), ["місяць", "місяці", "місяців"]);
            Said::new(format!("за {word}"), format!("{months} months before"))
        }
        Rung::Days(0) => Said::new("в останній день", "on the last day"),
        Rung::Days(1) => Said::new("за день", "1 day before"),
        Rung::Days(days) => {
            let word = counted(days.into(), ["день", "дні", "днів"]);
            Said::new(format!("за {word}"), format!("{days} days before"))
        }
    }
}

/// How long something lasts, told with the days until its last one.
pub(super) fn left(days: i32) -> Said {
    let count = usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX);
    let word = counted(count, ["день", "дні", "днів"]);
    match days {
        0 => Said::new("сьогодні останній день", "today is the last day"),
        1 => Said::new("завтра останній день", "tomorrow is the last day"),
        -1 => Said::new("закінчився вчора", "ended yesterday"),
        ..0 => Said::new(format!("закінчився {word} тому"), format!("ended {count} days ago")),
        _ => {
            let left =
                if plural(count) == Plural::One { "залишився" } else { "залишилося" };
            Said::new(format!("{left} {word}"), format!("{count} days left"))
        }
    }
}

fn facts(about: &Reminder) -> Vec<(Said, Said)> {
    let id = about.code;
    let purposes: Vec<&str> = about.services.iter().map(|(_, purpose)| purpose.as_str()).collect();
    let names: Vec<Said> = about.documents.iter().map(document_name).collect();
    let uk: Vec<&str> = names.iter().map(|name| name.uk.as_str()).collect();
    let en: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
    let same = |text: &str| Said::new(text, text);
    let code = if about.registered {
        Said::new(format!("№ {id}, з кабінету Дії"), format!("No. {id}, from the Diia cabinet"))
    } else {
        Said::new(format!("№ {id}, власний"), format!("No. {id}, own"))
    };
    let day = about.valid_until.dotted();
    let until = if about.days_left < 0 {
        (Said::new("Діяв до", "Was valid until"), same(&day))
    } else {
        (Said::new("Діє до", "Valid until"), Said::new(format!("{day} включно"), format!("the end of {day}")))
    };
    vec![
        (Said::new("Код", "Code"), code),
        until,
        (Said::new("Послуга", "Service"), same(&purposes.join(", "))),
        (Said::new("Документи", "Documents"), Said::new(uk.join(", "), en.join(", "))),
        (Said::new("Адреса", "Address"), same(&about.address)),
    ]
}

fn why(about: &Reminder) -> Said {
    if let Some((id, until)) = about.replaced_by {
        let day = until.dotted();
        return Said::new(
            format!("Новий код № {id} уже є, він діє до {day}. Лишилося замінити плакат."),
            format!(
                "The new code, No. {id}, is there already, valid until {day}. What is left is the poster."
            ),
        );
    }
    match (about.registered, about.days_left < 0) {
        (false, true) => Said::new(
            "Листи за цим кодом позначено як прострочені, доки висить старий плакат.",
            "Letters that answer this code are marked as late as long as the old poster hangs.",
        ),
        (true, true) => Said::new(
            "Плакат із цим кодом більше не годиться: відвідувачі не зможуть ним скористатися, \
             а листи за ним буде позначено.",
            "A poster with this code is of no use any more: visitors cannot use it, and letters that answer \
             it will be marked.",
        ),
        (true, false) => Said::new(
            "Код Дії діє 180 днів, потім потрібен новий. Поновлювати його радять, коли лишається менш як три місяці.",
            "A code of Diia is valid for 180 days; then a new one is needed. The advice is to renew it when less \
             than three months remain.",
        ),
        (false, false) => Said::new(
            "Після цього дня листи за кодом буде позначено як прострочені.",
            "After that day letters that answer the code will be marked as late.",
        ),
    }
}

fn steps(about: &Reminder) -> Vec<Step> {
    let Reminder { code, branch, head, .. } = about;
    let retire = Step {
        said: Said::new("Виведіть старий код з ужитку:", "Retire the old code:"),
        command: Some(format!("skrynka code retire {code}")),
    };
    if let Some((id, _)) = about.replaced_by {
        let said = Said::new(
            "Перевірте, що висить плакат нового коду. Роздрукувати його ще раз:",
            "See that the poster of the new code hangs. To print it again:",
        );
        let command = Some(format!("skrynka code poster {id} --out poster.svg"));
        return vec![Step { said, command }, retire];
    }
    // A rule of Дія (domain facts §2), for its own codes.
    let (not_online_uk, not_online_en) = if about.registered {
        (" Розміщувати код онлайн заборонено.", " Placing the code online is forbidden.")
    } else {
        ("", "")
    };
    let hang = Step {
        said: Said::new(
            format!("Роздрукуйте новий плакат і повісьте його замість старого.{not_online_uk}"),
            format!("Print the new poster and hang it in place of the old one.{not_online_en}"),
        ),
        command: None,
    };
    let services: String = about.services.iter().map(|(id, _)| format!(" --service {id}")).collect();
    if !about.registered {
        let said = Said::new("Зробіть новий код із плакатом:", "Make a new code with its poster:");
        let command = Some(format!("skrynka code issue --branch {branch}{services} --poster poster.svg"));
        return vec![Step { said, command }, hang, retire];
    }
    let renew = Said::new(
        format!(
            "Новий код може зробити лише керівник організації ({}, {}) у кабінеті Дії: для того самого відділення, \
             послуги й переліку документів.",
            head.name, head.position
        ),
        format!(
            "Only the head of the organisation ({}, {}) can make the new code, in the Diia cabinet: for the same \
             branch, service and list of documents.",
            head.name, head.position
        ),
    );
    let keep = Said::new(
        "Завантажте його з кабінету (SVG) і додайте до Скриньки, вказавши день, коли його зроблено:",
        "Download it from the cabinet (SVG) and hand it to Skrynka with the day on which it was made:",
    );
    let register = format!(
        "skrynka code register --branch {branch}{services} --issued YYYY-MM-DD code.svg --poster poster.svg"
    );
    vec![Step { said: renew, command: None }, Step { said: keep, command: Some(register) }, hang, retire]
}

/// The three forms of a Ukrainian noun after a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Plural {
    One,
    Few,
    Many,
}

/// The form after this number.
pub(super) fn plural(count: usize) -> Plural {
    match (count % 10, count % 100) {
        (_, 11..=14) => Plural::Many,
        (1, _) => Plural::One,
        (2..=4, _) => Plural::Few,
        _ => Plural::Many,
    }
}

/// The number with its noun.
pub(super) fn counted(count: usize, [one, few, many]: [&str; 3]) -> String {
    let word = match plural(count) {
        Plural::One => one,
        Plural::Few => few,
        Plural::Many => many,
    };
    format!("{count} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_right_form() {
        for (count, expected) in [
            (1, "1 день"),
            (2, "2 дні"),
            (4, "4 дні"),
            (5, "5 днів"),
            (11, "11 днів"),
            (12, "12 днів"),
            (14, "14 днів"),
            (21, "21 день"),
            (22, "22 дні"),
            (90, "90 днів"),
            (101, "101 день"),
            (111, "111 днів"),
        ] {
            assert_eq!(counted(count, ["день", "дні", "днів"]), expected);
        }
    }

    #[test]
    fn what_is_left_reads_naturally() {
        for (days, uk, en) in [
            (30, "залишилося 30 днів", "30 days left"),
            (21, "залишився 21 день", "21 days left"),
            (3, "залишилося 3 дні", "3 days left"),
            (1, "завтра останній день", "tomorrow is the last day"),
            (0, "сьогодні останній день", "today is the last day"),
            (-1, "закінчився вчора", "ended yesterday"),
            (-2, "закінчився 2 дні тому", "ended 2 days ago"),
            (-21, "закінчився 21 день тому", "ended 21 days ago"),
        ] {
            assert_eq!(left(days), Said::new(uk, en));
        }
    }

    #[test]
    fn steps_of_the_ladder_have_names() {
        assert_eq!(rung(Rung::Months(3)).uk, "за 3 місяці");
        assert_eq!(rung(Rung::Days(14)).uk, "за 14 днів");
        assert_eq!(rung(Rung::Days(0)).en, "on the last day");
    }
}
