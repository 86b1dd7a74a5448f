//! `skrynka check`, `search`, `list`, `show`, `save`: letters that were filed, or could be.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;
use skrynka::app::App;
use skrynka::model::{
    Anomaly, BranchId, Copy, Defect, DocumentCode, FilingFilter, FilingId, FilingRow, FilingView, Hit, Light,
    MailboxId, MatchReason, Matched, MatchedField, Reading, Timestamp, Verdict, in_kyiv,
};
use skrynka::{parse, search, texts};

use super::Context;
use super::explain::{light_text, said as grounds_said};
use super::read::PATIENCE as OCR_PATIENCE;
use super::reading_lines::reading_lines;
use super::report::{Report, Usage, plain, shortened, table};

#[derive(Args)]
pub(super) struct CheckWords {
    /// The letter (.eml).
    file: PathBuf,
    /// The mailbox that received it; may be left out when the configuration has just one.
    #[arg(long, value_name = "ADDRESS")]
    mailbox: Option<MailboxId>,
    /// When it was received (RFC 3339); now, if not given.
    #[arg(long, value_name = "MOMENT")]
    received: Option<Timestamp>,
}

#[derive(Args)]
pub(super) struct SearchWords {
    /// What to look for: «шевч 2026-03 паспорт», parts of numbers from four digits on, "words in quotes", and in one field
    /// only: name: rnokpp: doc: born: branch: service: from: after: before: light: (also ім'я: рнокпп: документ: народження:
    /// філія: послуга: від: після: до: світло:). `after:` and `before:` take the day itself in. A wrong letter is forgiven from
    /// five letters on.
    #[arg(required = true)]
    words: Vec<String>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

#[derive(Args)]
pub(super) struct ListWords {
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Only those with a smaller number: the next page.
    #[arg(long, value_name = "ID")]
    before: Option<FilingId>,
    /// Only this branch's.
    #[arg(long, value_name = "ID")]
    branch: Option<BranchId>,
    /// Only those with this light: green, amber or red.
    #[arg(long, value_name = "LIGHT")]
    light: Option<Light>,
}

#[derive(Args)]
pub(super) struct ShowWords {
    /// The filing's number.
    id: FilingId,
}

#[derive(Args)]
pub(super) struct SaveWords {
    /// The filing's number.
    id: FilingId,
    /// The folder to write into; it is made if needed, and nothing in it is overwritten.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

pub(super) async fn check(context: &Context, words: &CheckWords) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let mailbox = match (&words.mailbox, app.config().mailboxes.as_slice()) {
        (Some(mailbox), _) => mailbox.clone(),
        (None, [only]) => only.address.clone(),
        (None, _) => bail!("which mailbox received it? Give --mailbox ADDRESS"),
    };
    let mut mail = app.letter_in_file(&words.file, mailbox)?;
    if let Some(received) = words.received {
        mail.received_at = received;
    }
    let patient = app.transcriber().patiently(OCR_PATIENCE);
    let filing = app.pipeline(app.rules()).reading(Some(patient)).examine(mail).await?;
    let assessment = app.store().light_if_filed(&filing).await?;
    let letter = &filing.letter;
    let mut text = String::new();
    let sender = letter.from.as_ref().map_or("", |from| &from.address);
    let _ = writeln!(text, "letter      {}", words.file.display());
    let _ = writeln!(text, "from        {}\nsubject     {}", plain(sender), plain(&letter.subject));
    for (number, attachment) in letter.attachments.iter().enumerate() {
        let kind = attachment.kind.word();
        let bytes = attachment.bytes.len();
        let _ = writeln!(
            text,
            "attachment  {}. {} ({kind}, {bytes} bytes)",
            number + 1,
            plain(&attachment.file_name)
        );
    }
    documents_text(&mut text, &filing.copies, &filing.readings);
    verdicts_text(&mut text, &filing.verdicts);
    match_text(&mut text, &filing.matched.matched, filing.matched.branch.as_ref(), &filing.matched.reasons);
    remarks_text(&mut text, &filing.matched.anomalies, &letter.defects);
    if let Some(assessment) = &assessment {
        light_text(&mut text, assessment);
    }
    text.push_str("\nnothing was filed\n");
    let value = json!({
        "digest": filing.mail.digest,
        "mailbox": filing.mail.mailbox,
        "sender": sender,
        "subject": letter.subject,
        "attachments": letter.attachments.iter().map(|a| json!({
            "file_name": a.file_name, "kind": a.kind.word(), "bytes": a.bytes.len(), "digest": a.digest,
        })).collect::<Vec<_>>(),
        "copies": filing.copies,
        "readings": filing.readings,
        "verdicts": filing.verdicts,
        "match": filing.matched,
        "light": assessment.as_ref().map(|assessment| assessment.light),
        "grounds": assessment.as_ref().map(grounds_said),
        "defects": letter.defects,
        "said": said(&filing.verdicts, &filing.matched.anomalies, &letter.defects),
    });
    Report::new(text, &value)
}

pub(super) async fn search(context: &Context, words: &SearchWords) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let typed = words.words.join(" ");
    let query = search::parse(&typed).map_err(|fault| Usage(texts::query_fault(&fault).en))?;
    if query.terms.is_empty() {
        bail!("«{}» holds no letters or digits to look for", plain(&typed));
    }
    let hits = app.store().search(&query, words.limit).await?;
    let text = if hits.is_empty() {
        format!(
            "nothing found for «{}»; every word must occur: try fewer, or the beginning of a word",
            plain(&typed)
        )
    } else {
        hits_text(&hits)
    };
    Report::new(text, &hits)
}

pub(super) async fn list(context: &Context, words: &ListWords) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let rows = app
        .store()
        .list(
            words.limit,
            words.before,
            &FilingFilter { branch: words.branch.clone(), light: words.light, ..FilingFilter::default() },
        )
        .await?;
    let mut text = match (&words.branch, words.before) {
        _ if !rows.is_empty() => rows_text(&rows),
        _ if words.light.is_some() => "no such letters".to_owned(),
        (None, None) => "no letters filed yet".to_owned(),
        (Some(branch), None) => {
            format!("no letters of branch `{branch}`; `skrynka registry show` lists the branches")
        }
        (_, Some(before)) => format!("no letters before {before}"),
    };
    let waiting = app.store().quarantined(false).await?.len();
    if waiting > 0 {
        let _ = write!(text, "\n\nin quarantine, not filed: {waiting}; see `skrynka quarantine list`");
    }
    Report::new(text, &rows)
}

pub(super) async fn show(context: &Context, words: &ShowWords) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let view = found(&app, words.id).await?;
    let mut text = String::new();
    let row = &view.row;
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<12}{}", plain(value));
    };
    line("filing", &row.id.to_string());
    line("received", &in_kyiv(row.received_at));
    line("filed", &in_kyiv(view.filed_at));
    line("mailbox", &format!("{} ({})", row.mailbox, view.source));
    line("from", &row.sender);
    line("subject", &row.subject);
    line("branch", row.branch_name.as_deref().unwrap_or("—"));
    line("digest", &view.digest.to_string());
    if let Some(earlier) = row.duplicate_of {
        line("repeats", &format!("filing {earlier}: the same documents came before"));
    }
    for (number, (name, kind, bytes, _)) in view.attachments.iter().enumerate() {
        line("attachment", &format!("{}. {name} ({kind}, {bytes} bytes)", number + 1));
    }
    if let Some(record) = &view.assessment {
        light_text(&mut text, &record.assessment);
        let _ = writeln!(text, "            `skrynka explain {}` tells everything", row.id);
    }
    documents_text(&mut text, &view.copies, &view.readings);
    verdicts_text(&mut text, &view.verdicts);
    let earlier = earlier(&app, &view).await?;
    history_text(&mut text, &earlier);
    match_text(&mut text, &view.matched, row.branch.as_ref(), &view.match_reasons);
    remarks_text(&mut text, &view.anomalies, &view.defects);
    let mut value = serde_json::to_value(&view)?;
    if let serde_json::Value::Object(fields) = &mut value {
        fields.insert("said".to_owned(), json!(said(&view.verdicts, &view.anomalies, &view.defects)));
        fields.insert("earlier_verdicts".to_owned(), json!(earlier));
    }
    Report::new(text, &value)
}

pub(super) async fn save(context: &Context, words: &SaveWords) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let view = found(&app, words.id).await?;
    let bytes = app.store().blob(&view.digest).await?;
    let folder = words.to.join(words.id.to_string());
    make_private_folder(&folder)?;
    let mut written = vec![write_new(&folder, "letter.eml", &bytes)?];
    for (number, attachment) in parse::letter(&bytes).attachments.iter().enumerate() {
        let name = saved_name(number + 1, &attachment.file_name, attachment.kind.word());
        written.push(write_new(&folder, &name, &attachment.bytes)?);
    }
    let text: String = written.iter().map(|path| format!("{}\n", path.display())).collect();
    Report::new(text, &json!({ "written": written }))
}

/// One filing of the store, or that there is no such one.
pub(super) async fn found(app: &App, id: FilingId) -> anyhow::Result<FilingView> {
    let view = app.store().view(id).await?;
    view.with_context(|| format!("there is no filing {id}; `skrynka list` shows what there is"))
}

const COLUMNS: [&str; 10] =
    ["No.", "light", "received (Kyiv)", "verdict", "code", "branch", "from", "documents", "signed by", ""];

fn rows_text(rows: &[FilingRow]) -> String {
    table(&COLUMNS, &rows.iter().map(row_cells).collect::<Vec<_>>())
}

/// The same rows, each with where it was found.
fn hits_text(hits: &[Hit]) -> String {
    let mut header = COLUMNS.to_vec();
    header.insert(1, "found in");
    let cells = |hit: &Hit| {
        let mut cells = row_cells(&hit.row);
        cells.insert(1, shortened(&hit.matched.iter().map(matched_text).collect::<Vec<_>>().join("; "), 60));
        cells
    };
    table(&header, &hits.iter().map(cells).collect::<Vec<_>>())
}

/// `Surname: Шевченко`, with a sign where a letter of it was forgiven.
fn matched_text(matched: &MatchedField) -> String {
    let name = texts::field_name(&matched.field).en;
    let typo = if matched.typo { " (typo)" } else { "" };
    match &matched.value {
        Some(value) => format!("{name}: {}{typo}", shortened(value, 28)),
        None => format!("{name}{typo}"),
    }
}

fn row_cells(row: &FilingRow) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.light.map_or_else(|| "—".to_owned(), |light| light.to_string()),
        in_kyiv(row.received_at),
        verdict_word(row),
        row.code.map_or_else(|| "—".to_owned(), |code| code.to_string()),
        row.branch.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string),
        shortened(&row.sender, 28),
        shortened(&row.documents.join(", "), 40),
        shortened(&row.signers.join(", "), 32),
        remarks(row),
    ]
}

/// What a clerk should look at: a repeated letter before anything else.
fn remarks(row: &FilingRow) -> String {
    let repeats = row.duplicate_of.map(|earlier| format!("repeats No. {earlier}"));
    let count = match row.remarks {
        0 => None,
        1 => Some("1 remark".to_owned()),
        many => Some(format!("{many} remarks")),
    };
    repeats.into_iter().chain(count).collect::<Vec<_>>().join(", ")
}

/// The verdict of a whole letter in one word, the worst first: an unsigned document is never hidden behind a signed one.
pub(super) fn verdict_word(row: &FilingRow) -> String {
    match (row.indication, row.unsigned) {
        (None, 0) => "no documents".to_owned(),
        (None, _) => "unsigned".to_owned(),
        (Some(indication), unsigned) => {
            let sub = row.sub_indication.map(|sub| format!(" {}", sub.word())).unwrap_or_default();
            let also = if unsigned > 0 { " + unsigned" } else { "" };
            format!("{}{sub}{also}", indication.word())
        }
    }
}

/// `internal-passport (passport of a citizen of Ukraine (ID card))`; a code that has no name stands alone.
pub(super) fn document_words(code: &DocumentCode) -> String {
    let name = texts::document_name(code).en;
    if name == code.as_str() { name } else { format!("{code} ({name})") }
}

fn documents_text(text: &mut String, copies: &[Copy], readings: &[Option<Reading>]) {
    for (place, copy) in copies.iter().enumerate() {
        let kind = copy.document.as_ref().map_or_else(|| "unknown kind".to_owned(), document_words);
        let signed = if copy.p7s_at.is_some() { "signed" } else { "UNSIGNED" };
        let _ = writeln!(text, "document    {kind}, {signed}: {}", plain(&copy.file_name));
        match readings.get(place).and_then(Option::as_ref) {
            Some(reading) => reading_lines(text, reading),
            None => text.push_str("read        not yet; `skrynka read --filed` reads what is filed\n"),
        }
    }
}

/// The verdicts that newer ones took the place of, oldest first.
async fn earlier(app: &App, view: &FilingView) -> anyhow::Result<Vec<Verdict>> {
    let mut all = app.store().verdict_history(view.row.id).await?;
    all.retain(|verdict| !view.verdicts.contains(verdict));
    Ok(all)
}

fn history_text(text: &mut String, earlier: &[Verdict]) {
    for verdict in earlier {
        let sub = verdict.sub_indication.map(|sub| format!(" / {}", sub.word())).unwrap_or_default();
        let (word, name) = (verdict.indication.word(), plain(&verdict.p7s));
        let judged_at = in_kyiv(verdict.judged_at);
        let _ =
            writeln!(text, "earlier     {word}{sub}: {name}, judged {judged_at}; the verdict changed since");
        let _ = writeln!(text, "            вердикт змінився після {judged_at}");
    }
}

fn verdicts_text(text: &mut String, verdicts: &[Verdict]) {
    for verdict in verdicts {
        let sub = verdict.sub_indication.map(|sub| format!(" / {}", sub.word())).unwrap_or_default();
        let _ = writeln!(text, "\nverdict     {}{sub}: {}", verdict.indication.word(), plain(&verdict.p7s));
        let sentence = texts::verdict(verdict);
        let _ = writeln!(text, "            {}\n            {}", plain(&sentence.en), plain(&sentence.uk));
        if let Some(next) = texts::verdict_next_step(verdict) {
            let _ = writeln!(text, "next step   {}\n            {}", plain(&next.en), plain(&next.uk));
        }
        for signer in verdict.signers.iter().filter_map(|signer| signer.certificate.as_ref()) {
            let edrpou =
                signer.edrpou.as_ref().map(|number| format!(", ЄДРПОУ {number}")).unwrap_or_default();
            let _ = writeln!(
                text,
                "signer      {}{edrpou}; issued by {}",
                plain(&signer.subject),
                plain(&signer.issuer)
            );
        }
        for stamp in verdict.signers.iter().flat_map(|signer| &signer.time_stamps) {
            if let Some(fault) = texts::time_stamp_fault(stamp) {
                let kind = texts::time_stamp_kind(stamp.kind);
                let _ = writeln!(
                    text,
                    "time-stamp  {}: proves nothing. {}\n            {}: нічого не доводить. {}",
                    kind.en,
                    plain(&fault.en),
                    kind.uk,
                    plain(&fault.uk)
                );
            }
        }
    }
}

fn match_text(text: &mut String, matched: &Matched, branch: Option<&BranchId>, reasons: &[MatchReason]) {
    let to = texts::matched(matched).en;
    let branch = branch.map_or_else(|| "no branch".to_owned(), |id| format!("branch {id}"));
    let _ = writeln!(text, "\nmatch       {to}, {branch}");
    for reason in reasons {
        let _ = writeln!(text, "because     {}", texts::match_reason(reason).en);
    }
}

fn remarks_text(text: &mut String, anomalies: &[Anomaly], defects: &[Defect]) {
    let remarks = anomalies.iter().map(texts::anomaly).chain(defects.iter().map(texts::defect));
    for remark in remarks {
        let _ = writeln!(text, "remark      {}\n            {}", plain(&remark.en), plain(&remark.uk));
    }
}

/// The sentences that belong to the facts, in both languages, for programs that show them.
fn said(verdicts: &[Verdict], anomalies: &[Anomaly], defects: &[Defect]) -> serde_json::Value {
    json!({
        "verdicts": verdicts.iter().map(texts::verdict).collect::<Vec<_>>(),
        "next_steps": verdicts.iter().map(texts::verdict_next_step).collect::<Vec<_>>(),
        "anomalies": anomalies.iter().map(texts::anomaly).collect::<Vec<_>>(),
        "defects": defects.iter().map(texts::defect).collect::<Vec<_>>(),
    })
}

/// Personal documents are written for their owner's eyes only.
pub(super) fn make_private_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}

pub(super) fn write_new(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = folder.join(name);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).with_context(
            || format!("cannot write {}; nothing is overwritten: choose another folder", path.display()),
        )?;
    file.write_all(bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// A file name that cannot leave the folder nor hide: number first, then the given name's harmless characters.
fn saved_name(number: usize, given: &str, kind: &str) -> String {
    let harmless = |c: char| if c.is_alphanumeric() || "-_.() №".contains(c) { c } else { '_' };
    let name: String = plain(given).chars().map(harmless).take(100).collect();
    let name = name.trim().trim_start_matches('.');
    if name.is_empty() { format!("{number:02}.{kind}") } else { format!("{number:02}-{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_name_cannot_leave_the_folder() {
        for (given, expected) in [
            ("паспорт.pdf", "01-паспорт.pdf"),
            ("../../etc/passwd", "01-_.._etc_passwd"),
            ("", "01.p7s"),
            ("...", "01.p7s"),
            ("a\u{202e}b\0c.pdf", "01-a b c.pdf"),
        ] {
            assert_eq!(saved_name(1, given, "p7s"), expected, "{given:?}");
        }
    }
}
