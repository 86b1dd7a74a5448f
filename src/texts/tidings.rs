//! The words of mails that tell of changed verdicts and of anchors of trust that end. Of a letter they say its number,
//! branch and kinds of documents, and nothing of its sender.

use super::notices::{Plural, counted, left, plural};
use super::{DigestWords, NoticeWords, Said, Step, document_name, judged};
use crate::model::{AnchorRole, EndingAnchor, Indication, PartChange, SubIndication, VerdictChange, in_kyiv};

/// The words around changed verdicts; `shown` of them are told one by one.
#[must_use]
pub fn verdict_changes(about: &[VerdictChange], shown: usize) -> DigestWords {
    let count = about.len();
    let letters = counted(count, ["лист", "листи", "листів"]);
    let letters_en = if count == 1 { "1 letter".to_owned() } else { format!("{count} letters") };
    let worse = about.iter().filter(|change| change.is_worse()).count();
    let nearest = match (count, worse) {
        (1, 1) => Said::new("1 лист, на гірше", "1 letter, for the worse"),
        (_, 0) => Said::new(letters, letters_en),
        (_, worse) if worse == count => {
            Said::new(format!("{letters}, усі на гірше"), format!("{letters_en}, all for the worse"))
        }
        (_, worse) => Said::new(
            format!("{letters}, з них на гірше {worse}"),
            format!("{letters_en}, {worse} of them for the worse"),
        ),
    };
    let left_out = count.saturating_sub(shown);
    let (rest_uk, rest_en) = if left_out == 0 {
        (String::new(), String::new())
    } else {
        let letters = counted(left_out, ["лист", "листи", "листів"]);
        (
            format!("Тут не показано ще {letters}; усі висновки: `skrynka list`. "),
            format!("{left_out} more are not shown here; all verdicts: `skrynka list`. "),
        )
    };
    DigestWords {
        headline: Said::new("Вердикт змінився", "A verdict changed"),
        nearest,
        to_do: to_do(),
        footer: Said::new(
            format!(
                "{rest_uk}Цей лист надіслала Скринька, бо вашу адресу названо в її реєстрі серед відповідальних. \
                 Попередні висновки збережено: `skrynka show` їх показує. Відповідати не потрібно."
            ),
            format!(
                "{rest_en}Skrynka sent this because its registry names your address among those who answer for it. \
                 The earlier verdicts are kept: `skrynka show` has them. There is no need to answer."
            ),
        ),
    }
}

/// The words for one letter whose verdict changed.
#[must_use]
pub fn verdict_change(change: &VerdictChange) -> NoticeWords {
    let id = change.filing;
    let same = |text: &str| Said::new(text, text);
    let branch = change.branch_name.as_deref().unwrap_or_else(|| change.mailbox.as_str());
    let names: Vec<Said> = change.documents.iter().map(document_name).collect();
    let documents = if names.is_empty() {
        Said::new("невідомі", "unknown")
    } else {
        let list = |word: fn(&Said) -> &str| names.iter().map(word).collect::<Vec<_>>().join(", ");
        Said::new(list(|said| &said.uk), list(|said| &said.en))
    };
    let mut facts = vec![
        (Said::new("Відділення", "Branch"), same(branch)),
        (Said::new("Документи", "Documents"), documents),
        (Said::new("Змінився", "Changed"), same(&in_kyiv(change.changed_at))),
    ];
    let mut told: Vec<&PartChange> = Vec::new();
    for part in &change.parts {
        let alike = |one: &&PartChange| (one.before, one.now, one.why) == (part.before, part.now, part.why);
        if !told.iter().any(alike) {
            told.push(part);
        }
    }
    facts.extend(told.into_iter().map(|part| (Said::new("Було → є", "Was → is"), was_and_is(part))));
    NoticeWords {
        place: Said::new(format!("Лист № {id}"), format!("Letter No. {id}")),
        left: if change.is_worse() {
            Said::new("змінився на гірше", "changed for the worse")
        } else {
            Said::new("вирішено", "decided")
        },
        facts,
        why: why(change),
        steps: vec![Step {
            said: Said::new("Подивіться, що саме змінилося:", "See what changed:"),
            command: Some(format!("skrynka show {id}")),
        }],
    }
}

/// `Підпис дійсний (TOTAL-PASSED) → Не підтверджено (INDETERMINATE, REVOKED)`.
fn was_and_is(part: &PartChange) -> Said {
    let (before, now) = (judged(part.before), judged(part.now));
    let why = part.why.map(|why| format!(", {}", SubIndication::word(why))).unwrap_or_default();
    let codes = (part.before.word(), format!("{}{why}", part.now.word()));
    Said::new(
        format!("{} ({}) → {} ({})", before.uk, codes.0, now.uk, codes.1),
        format!("{} ({}) → {} ({})", before.en, codes.0, now.en, codes.1),
    )
}

fn why(change: &VerdictChange) -> Said {
    let has = |now: Indication| change.parts.iter().any(|part| part.is_worse() && part.now == now);
    if has(Indication::TotalFailed) {
        return Said::new(
            "Тепер відомо, що підпис недійсний: на ці копії не можна спиратися. Перевірте, чи не видано за ними послугу.",
            "It is known now that a signature is not valid: these copies must not be relied on. See whether a service was \
             given by them.",
        );
    }
    if has(Indication::Indeterminate) {
        return Said::new(
            "Підпис, що вважався дійсним, більше не підтверджується (наприклад, сертифікат відкликано або центр утратив \
             довіру). Не спирайтеся на ці копії, доки не подивитеся чому.",
            "A signature that was taken for valid is not established any more (for example, a certificate was revoked or an \
             authority lost its trust). Do not rely on these copies before you have seen why.",
        );
    }
    Said::new(
        "Бракувало відомостей; тепер вони є, і висновок зроблено.",
        "Something was missing; it has come, and the verdict is made.",
    )
}

/// The words around anchors that end; `shown` of them are told one by one.
#[must_use]
pub fn ending_anchors(about: &[EndingAnchor], shown: usize) -> DigestWords {
    let count = about.len();
    let ends = match plural(count) {
        Plural::One => "закінчується",
        Plural::Few | Plural::Many => "закінчуються",
    };
    let word = counted(count, ["сертифікат довіри", "сертифікати довіри", "сертифікатів довіри"]);
    let headline_en =
        if count == 1 { "1 trust anchor ends".to_owned() } else { format!("{count} trust anchors end") };
    let first = about.iter().min_by_key(|anchor| anchor.until);
    let day = first.map(|anchor| anchor.until.dotted()).unwrap_or_default();
    let nearest = if count == 1 {
        Said::new(format!("останній день {day}"), format!("the last day is {day}"))
    } else {
        Said::new(format!("найближчий {day}"), format!("the nearest on {day}"))
    };
    let (rest_uk, rest_en) = match count.saturating_sub(shown) {
        0 => (String::new(), String::new()),
        rest => (
            format!("Тут не показано ще {rest}; усі: `skrynka trust check`. "),
            format!("{rest} more are not shown here; all: `skrynka trust check`. "),
        ),
    };
    DigestWords {
        headline: Said::new(format!("{ends} {word}"), headline_en),
        nearest,
        to_do: to_do(),
        footer: Said::new(
            format!(
                "{rest_uk}Цей лист надіслала Скринька, бо вашу адресу названо в її реєстрі серед відповідальних. Старий \
                 сертифікат лишайте в папці: за ним перевіряють раніші підписи. Відповідати не потрібно."
            ),
            format!(
                "{rest_en}Skrynka sent this because its registry names your address among those who answer for it. Leave \
                 the old certificate in the folder: earlier signatures are judged by it. There is no need to answer."
            ),
        ),
    }
}

/// The words for one anchor that ends.
#[must_use]
pub fn ending_anchor(anchor: &EndingAnchor) -> NoticeWords {
    let same = |text: &str| Said::new(text, text);
    let role = match anchor.role {
        AnchorRole::Authority => Said::new("центр, якому довіряють", "a trusted authority"),
        AnchorRole::TimeStamps => Said::new("служба позначок часу", "a time-stamping authority"),
        AnchorRole::ListSigner => Said::new("підписує довірчі списки", "signs trusted lists"),
    };
    let mut facts = vec![
        (Said::new("Для чого", "What for"), role),
        (Said::new("Останній день", "Last day"), same(&anchor.until.dotted())),
        (Said::new("SHA-256", "SHA-256"), same(&anchor.fingerprint.to_string())),
    ];
    if let Some(list) = &anchor.list {
        facts.push((Said::new("З довірчого списку", "Of the trusted list"), same(list)));
    }
    let why = match anchor.role {
        AnchorRole::ListSigner => Said::new(
            "Після цього дня видавець підписуватиме списки новим сертифікатом, і їх не буде прийнято, доки ви його не \
             закріпите.",
            "After that day the publisher will sign its lists with a new certificate, and they will count for nothing until \
             you pin it.",
        ),
        AnchorRole::Authority | AnchorRole::TimeStamps => Said::new(
            "Підписи, зроблені після цього дня за новим сертифікатом центру, не буде підтверджено, доки ви його не додасте.",
            "Signatures that are made after that day under the authority's new certificate will not be established until you \
             take it in.",
        ),
    };
    NoticeWords {
        place: same(&anchor.subject),
        left: left(anchor.days_left),
        facts,
        why,
        steps: steps(anchor),
    }
}

fn steps(anchor: &EndingAnchor) -> Vec<Step> {
    let look = Step {
        said: Said::new("Перевірте, що стало добре:", "See that all is well:"),
        command: Some("skrynka trust check".to_owned()),
    };
    let (said, command) = match (&anchor.list, anchor.role) {
        (Some(_), _) => (
            Said::new(
                "Візьміть новий випуск довірчого списку там, де його оприлюднено:",
                "Take in the newer issue of the trusted list from where it is published:",
            ),
            "skrynka trust fetch URL",
        ),
        (None, AnchorRole::ListSigner) => (
            Said::new(
                "Додайте сертифікат наступника, порівнявши відбиток:",
                "Pin its successor after comparing the fingerprint:",
            ),
            "skrynka trust import --list-signer FILE",
        ),
        (None, AnchorRole::Authority | AnchorRole::TimeStamps) => (
            Said::new(
                "Додайте сертифікат наступника поруч, порівнявши відбиток:",
                "Take in its successor beside it after comparing the fingerprint:",
            ),
            "skrynka trust import FILE",
        ),
    };
    vec![Step { said, command: Some(command.to_owned()) }, look]
}

fn to_do() -> Said {
    Said::new("Що зробити", "What to do")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FilingId, Rung};

    fn change(filing: i64, before: Indication, now: Indication) -> VerdictChange {
        VerdictChange {
            id: filing,
            filing: FilingId(filing),
            mailbox: "cnap@example.org".parse().unwrap(),
            branch: None,
            branch_name: None,
            code: None,
            documents: vec!["taxpayer-card".parse().unwrap()],
            changed_at: "2026-03-16T10:00:00Z".parse().unwrap(),
            parts: vec![PartChange { part: 1, before, now, why: Some(SubIndication::Revoked) }; 2],
        }
    }

    #[test]
    fn a_letter_is_told_by_number_place_and_documents_with_what_it_was_and_is() {
        let words = verdict_change(&change(17, Indication::TotalPassed, Indication::Indeterminate));
        let told = format!("{words:?}");
        for part in ["Лист № 17", "cnap@example.org", "картка платника податків", "skrynka show 17"]
        {
            assert!(told.contains(part), "no «{part}» in {told}");
        }
        let was: Vec<&Said> =
            words.facts.iter().filter(|(name, _)| name.en == "Was → is").map(|(_, value)| value).collect();
        assert_eq!(was.len(), 1, "two parts alike are told once");
        assert_eq!(was[0].uk, "Підпис дійсний (TOTAL-PASSED) → Не підтверджено (INDETERMINATE, REVOKED)");
    }

    #[test]
    fn the_subject_says_how_many_and_how_bad() {
        let (passed, unsure, failed) =
            (Indication::TotalPassed, Indication::Indeterminate, Indication::TotalFailed);
        let subject = |about: &[VerdictChange]| {
            let words = verdict_changes(about, about.len());
            format!("{}: {}", words.headline.uk, words.nearest.uk)
        };
        assert_eq!(subject(&[change(1, passed, failed)]), "Вердикт змінився: 1 лист, на гірше");
        assert_eq!(subject(&[change(1, unsure, passed)]), "Вердикт змінився: 1 лист");
        let both = [change(1, passed, failed), change(2, unsure, passed), change(3, unsure, passed)];
        assert_eq!(subject(&both), "Вердикт змінився: 3 листи, з них на гірше 1");
        assert!(verdict_changes(&both, 2).footer.uk.contains("не показано ще 1 лист;"));
        assert!(!verdict_changes(&both, 3).footer.uk.contains("не показано"));
    }

    #[test]
    fn an_anchor_is_told_with_its_end_its_fingerprint_and_what_to_do() {
        let anchor = EndingAnchor {
            fingerprint: crate::model::Digest([7; 32]),
            subject: "Центральний засвідчувальний орган".to_owned(),
            role: AnchorRole::Authority,
            list: None,
            until: "2026-06-15".parse().unwrap(),
            days_left: 30,
            rung: Rung::Days(30),
        };
        let words = ending_anchor(&anchor);
        assert_eq!(words.left.uk, "залишилося 30 днів");
        assert!(format!("{words:?}").contains(&"07".repeat(32)));
        assert_eq!(words.steps[0].command.as_deref(), Some("skrynka trust import FILE"));
        let listed = EndingAnchor { list: Some("TL-UA.xml".to_owned()), ..anchor.clone() };
        assert_eq!(ending_anchor(&listed).steps[0].command.as_deref(), Some("skrynka trust fetch URL"));
        let two = ending_anchors(&[anchor, listed], 1);
        assert!(two.footer.uk.contains("не показано ще 1;"));
        assert_eq!(two.headline.uk, "закінчуються 2 сертифікати довіри");
    }
}
