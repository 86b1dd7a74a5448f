//! A dossier → `README.txt`: what this is, how to check it, and what it does not prove; in Ukrainian, then in English.

use std::fmt::Write as _;

use skrynka::model::in_kyiv;

use super::dossier::Dossier;

/// The text.
pub(super) fn text(dossier: &Dossier<'_>) -> String {
    let commands: String = dossier.parts.iter().fold(String::new(), |mut text, part| {
        let _ = writeln!(text, "  {}\n", part.command());
        text
    });
    let (id, filed_at) = (dossier.view.row.id, dossier.view.filed_at);
    let kyiv = in_kyiv(filed_at);
    format!(
        "\
ДОКАЗИ ДО ЛИСТА № {id}

Що тут є
  letter.eml        лист, як його отримано, до останнього байта
  part-1, part-2 …  кожна підписана частина листа:
    copy.pdf          копія документа
    signature.p7s     електронний підпис, як його отримано
    certificates/     сертифікати підписувача, центрів, служб позначок часу та OCSP
    crl/, ocsp/       списки скасованих сертифікатів і відповіді про стан сертифікатів
    trust/            корені, яким ця організація довіряла тоді
  report.pdf        звіт для людей
  report.json       той самий звіт для програм
  SHA256SUMS        контрольні суми всіх файлів: sha256sum -c SHA256SUMS

Як перевірити самому (інтернет не потрібен; команди виконують у цій теці)

{commands}\
  Перед тим звірте SHA-256 кожного кореня з теки trust/ з тим, що оприлюднив центральний засвідчувальний орган, іншим
  шляхом, ніж отримали цю теку: корінь, якому не можна вірити, робить усе інше нічого не вартим.

Чому в команді стоїть --at
  Сертифікати мають строк дії. {filed_at} ({kyiv}) організація вперше записала цей лист: тоді підпис
  уже існував, і саме на цей момент перевірено сертифікати. Якщо перевіряти без --at через роки, коли сертифікати
  підписувача та служби позначок часу вже закінчилися, відповідь буде INDETERMINATE / OUT_OF_BOUNDS_NO_POE: самі файли
  не доводять, що підпис зроблено до того. Цей момент засвідчує запис організації (report.json, поле filed_at) і ніщо
  інше; архівних позначок часу програма не робить. Хто хоче доказу, який не залежить від слова організації, нехай
  невдовзі після експорту накладе на SHA256SUMS або report.pdf власний кваліфікований підпис із позначкою часу.

EVIDENCE OF LETTER No. {id}

What is here
  letter.eml        the letter as it was received, to the last byte
  part-1, part-2 …  each signed part of the letter:
    copy.pdf          the copy of the document
    signature.p7s     the signature, as it was received
    certificates/     certificates of the signer, authorities, time-stamp and OCSP services
    crl/, ocsp/       lists of revoked certificates and answers about the state of certificates
    trust/            the roots that this organisation trusted then
  report.pdf        a report for people, in Ukrainian
  report.json       the same report for programs
  SHA256SUMS        digests of all files: sha256sum -c SHA256SUMS

How to check it yourself (no internet is needed; run the commands in this folder)

{commands}\
  First compare the SHA-256 of each root in trust/ with what the Central Certification Authority has published, by another
  channel than the one that brought you this folder: a root that cannot be trusted makes everything else worthless.

Why the command says --at
  Certificates end. At {filed_at} the organisation first wrote this letter down: the signature existed by then, and
  certificates were judged at that moment. Checked without --at years later, when the certificates of the signer and of the
  time-stamp service have ended, the answer is INDETERMINATE / OUT_OF_BOUNDS_NO_POE: the files alone do not prove that the
  signature was made before that. The moment is attested by the organisation's record (report.json, filed_at) and by
  nothing else; this program makes no archive time-stamps. Whoever wants a proof that does not depend on the
  organisation's word should put a qualified signature with a time-stamp of his own on SHA256SUMS or report.pdf soon after
  the export.
"
    )
}
