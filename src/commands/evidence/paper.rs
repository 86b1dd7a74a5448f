//! A dossier → `report.pdf`: the same facts as in `report.json`, in Ukrainian, for people and for a court's file.

mod sheet;

use skrynka::model::{
    CertificateFacts, Indication, ProofKind, ProofOrigin, ProofRole, RevocationStanding, SignerVerdict,
    TimeStampKind, in_kyiv,
};
use skrynka::texts;

use super::dossier::{Dossier, Exhibit, Part, words};
use sheet::Sheets;

/// The PDF's bytes: the same for the same dossier.
///
/// # Errors
/// When the built-in font cannot be read.
pub(super) fn report(dossier: &Dossier<'_>) -> anyhow::Result<Vec<u8>> {
    let view = dossier.view;
    let row = &view.row;
    let mut sheets = Sheets::new()?;
    sheets.title(&format!("Звіт про електронні підписи копій документів, лист № {}", row.id));
    sheets.row("Отримано", &in_kyiv(row.received_at));
    sheets.row("Записано", &format!("{} ({})", in_kyiv(view.filed_at), view.filed_at));
    sheets.row("Скринька", &format!("{}, {}", row.mailbox, view.source));
    sheets.row("Відправник", &row.sender);
    sheets.row("Тема", &row.subject);
    let branch = row.branch_name.as_deref().unwrap_or("не визначено");
    sheets.row("Підрозділ", branch);
    sheets.row("Код", &row.code.map_or_else(|| "не визначено".to_owned(), |code| format!("№ {code}")));
    sheets.row("SHA-256 листа", &view.digest.to_string());
    for (number, part) in dossier.parts.iter().enumerate() {
        sheets.heading(&format!("Підписана частина {} із {}", number + 1, dossier.parts.len()));
        add_part(&mut sheets, part);
    }
    sheets.heading("Що цей звіт доводить");
    sheets.text(
        "Кожен може перевірити підписи сам: файли поруч зі звітом і наведені вище команди дають той самий висновок \
         без інтернету. Корені довіри з теки trust — це те, чому ця організація довіряла тоді; їхні відбитки звірте \
         з оприлюдненими центральним засвідчувальним органом іншим шляхом.",
    );
    sheets.text(&format!(
        "Те, що підпис існував не пізніше {}, засвідчує запис організації, якщо цього не доводить дійсна позначка \
         часу. Після закінчення сертифікатів без цього запису відповідь буде INDETERMINATE / OUT_OF_BOUNDS_NO_POE. \
         Докладніше: README.txt.",
        in_kyiv(view.filed_at)
    ));
    sheets.row(
        "Складено",
        &format!(
            "{}, skrynka {}; час скрізь за Києвом",
            in_kyiv(dossier.exported_at),
            env!("CARGO_PKG_VERSION")
        ),
    );
    sheets.finish()
}

fn add_part(sheets: &mut Sheets, part: &Part) {
    let verdict = &part.verdict;
    let result = words(verdict.indication, verdict.sub_indication);
    sheets.row("Файл підпису", &verdict.p7s);
    sheets.row("Висновок", &format!("{} ({result})", texts::judged(verdict.indication).uk));
    sheets.row("", &texts::file_verdict(verdict).uk);
    if let Some(content) = &part.content {
        let place = if content.attached {
            "усередині підпису"
        } else {
            "окремим файлом"
        };
        sheets.row("Документ", &format!("{place}, {} Б", content.length));
        sheets.row("", &format!("SHA-256 {}", content.sha256));
    }
    for signer in &verdict.signers {
        add_signer(sheets, signer);
    }
    sheets.row(
        "Перевірено",
        &format!("станом на {}; висновок зроблено {}", in_kyiv(verdict.proof_at), in_kyiv(verdict.judged_at)),
    );
    let exhibits = part.exhibits();
    if !exhibits.is_empty() {
        sheets.row(
            "Докази",
            if part.is_kept {
                "збережені разом із висновком"
            } else {
                "разом із висновком не збережені; зібрані під час складання звіту"
            },
        );
        exhibits.iter().for_each(|exhibit| add_exhibit(sheets, exhibit));
    }
    sheets.row("Перевірити", &part.command());
    let checked = &part.checked;
    let result = words(checked.indication, checked.sub_indication);
    let agrees = match checked.agrees {
        true => "той самий висновок",
        false => "інший висновок: правила організації відрізняються від правил команди",
    };
    sheets.row("", &format!("Під час складання звіту команда відповіла: {result} — {agrees}."));
}

fn add_signer(sheets: &mut Sheets, signer: &SignerVerdict) {
    match &signer.certificate {
        Some(certificate) => {
            let label = if signer.indication == Indication::TotalPassed {
                "Підписав"
            } else {
                "Вказано"
            };
            sheets.row(label, &who(certificate));
            sheets.row("", &texts::signer_kind(certificate.kind, certificate.qualified).uk);
        }
        None => sheets.row("Підписав", "невідомо: сертифіката підписувача немає"),
    }
    if let Some(claimed) = signer.claimed_at {
        sheets.row("Час підпису", &format!("{} за словами підписувача", in_kyiv(claimed)));
    }
    let is_stamped = signer
        .time_stamps
        .iter()
        .any(|stamp| stamp.kind == TimeStampKind::Signature && stamp.indication == Indication::TotalPassed);
    let by = if is_stamped {
        "доведено позначкою часу"
    } else {
        "за записом організації"
    };
    sheets.row("Існував", &format!("не пізніше {}, {by}", in_kyiv(signer.proven_at)));
    for stamp in &signer.time_stamps {
        let kind = texts::time_stamp_kind(stamp.kind).uk;
        let time = stamp.time.map_or_else(|| "час невідомий".to_owned(), in_kyiv);
        let authority =
            stamp.authority.as_ref().map(|facts| format!(", {}", facts.subject)).unwrap_or_default();
        let said = match texts::time_stamp_fault(stamp) {
            None => "дійсна".to_owned(),
            Some(fault) => format!("нічого не доводить. {}", fault.uk),
        };
        sheets.row("Позначка часу", &format!("{kind}, {time}{authority}: {said}"));
    }
    for (place, link) in signer.chain.iter().enumerate() {
        let validity = format!("{} – {}", in_kyiv(link.not_before), in_kyiv(link.not_after));
        sheets.row(
            if place == 0 { "Ланцюг" } else { "" },
            &format!("{}. {}, {validity}", place + 1, link.subject),
        );
        sheets.row("", &format!("SHA-256 {}", link.fingerprint));
    }
    for (place, facts) in signer.revocation.iter().enumerate() {
        let standing = match &facts.standing {
            RevocationStanding::Unknown { .. } => "чи скасовано, невідомо".to_owned(),
            standing => texts::revocation(standing).uk,
        };
        sheets.row(if place == 0 { "Скасування" } else { "" }, &format!("{}: {standing}", facts.subject));
    }
}

fn add_exhibit(sheets: &mut Sheets, exhibit: &Exhibit) {
    let what = match (exhibit.kind, exhibit.role) {
        (ProofKind::Crl, _) => "список скасованих сертифікатів",
        (ProofKind::Ocsp, _) => "відповідь OCSP",
        (_, ProofRole::Signer) => "сертифікат підписувача",
        (_, ProofRole::Anchor) => "корінь довіри",
        (_, ProofRole::TimeStamping) => "сертифікат служби позначок часу",
        (_, ProofRole::Responder) => "сертифікат служби OCSP",
        (_, ProofRole::Authority | ProofRole::Revocation) => "сертифікат центру",
    };
    let origin = match exhibit.origin {
        ProofOrigin::File => "із файла підпису",
        ProofOrigin::Operator => "від організації",
        ProofOrigin::Fetched => "отримано з мережі",
    };
    sheets.row("", &format!("{what}, {origin}: {}", exhibit.file));
    sheets.row("", &format!("SHA-256 {}", exhibit.sha256));
}

/// The signer in one line.
fn who(certificate: &CertificateFacts) -> String {
    let mut who = certificate.subject.clone();
    if let Some(organisation) = certificate.organisation.as_ref().filter(|name| **name != certificate.subject)
    {
        who = format!("{who}, {organisation}");
    }
    for (label, number) in [("ЄДРПОУ", &certificate.edrpou), ("РНОКПП", &certificate.rnokpp)] {
        if let Some(number) = number {
            who = format!("{who}, {label} {number}");
        }
    }
    format!("{who}; видав «{}»", certificate.issuer)
}
