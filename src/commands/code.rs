//! `skrynka code`: QR codes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use skrynka::app::{App, system_random};
use skrynka::issuing::{self, Issued, Wanted};
use skrynka::model::{BranchId, CodeId, CodeKind, CodeState, KyivDay, QrCode, ServiceId, Timestamp};
use skrynka::qr;

use super::Context;
use super::report::{Report, table};

#[derive(Subcommand)]
pub(super) enum Words {
    /// Make an own code: any phone camera opens a letter with the code's token in its subject.
    Issue(IssueWords),
    /// Keep a code that was made in the Дія cabinet.
    Register(RegisterWords),
    /// All codes.
    List,
    /// One code.
    Show(OneWords),
    /// Write a code's poster (SVG, A4).
    Poster(PosterWords),
    /// Take a code out of use.
    Retire(OneWords),
}

#[derive(Args)]
pub(super) struct ForWhat {
    /// The branch where it will hang.
    #[arg(long, value_name = "ID")]
    branch: BranchId,
    /// The service it is for; may be given again for services with the same documents.
    #[arg(long = "service", value_name = "ID", required = true)]
    services: Vec<ServiceId>,
    /// Also write the poster here.
    #[arg(long, value_name = "FILE.svg")]
    poster: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct IssueWords {
    #[command(flatten)]
    what: ForWhat,
    /// The first valid day (YYYY-MM-DD); today, if not given.
    #[arg(long, value_name = "DATE")]
    issued: Option<KyivDay>,
}

#[derive(Args)]
pub(super) struct RegisterWords {
    #[command(flatten)]
    what: ForWhat,
    /// The day on which the cabinet made it (YYYY-MM-DD).
    #[arg(long, value_name = "DATE")]
    issued: KyivDay,
    /// The link that the code holds (https://diia.app/…).
    #[arg(long, value_name = "URL", conflicts_with = "picture", required_unless_present = "picture")]
    link: Option<String>,
    /// The picture downloaded from the cabinet (SVG or PNG).
    picture: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct OneWords {
    /// The code's number.
    code: CodeId,
}

#[derive(Args)]
pub(super) struct PosterWords {
    /// The code's number.
    code: CodeId,
    /// Where to write it.
    #[arg(long, value_name = "FILE.svg")]
    out: PathBuf,
}

/// A registered code's term, by the rules of Дія.
const REGISTERED_DAYS: u16 = 180;

pub(super) async fn code(context: &Context, words: Words) -> anyhow::Result<Report> {
    let app = context.app().await?;
    match words {
        Words::Issue(words) => issue(&app, words).await,
        Words::Register(words) => register(&app, words).await,
        Words::List => list(&app).await,
        Words::Show(words) => {
            let code = found(&app, words.code).await?;
            Report::new(one_text(&code, app.now()), &one_value(&code, app.now()))
        }
        Words::Poster(words) => {
            let code = found(&app, words.code).await?;
            write_poster(&app, &code, &words.out).await?;
            let mut text = format!("{} written\n", words.out.display());
            let state = code.state_at(app.now());
            let useless = matches!(state, CodeState::Expired | CodeState::Retired);
            let warnings: Vec<String> = useless
                .then(|| format!("code {} is {}; do not put this poster up", code.id, state_word(state)))
                .into_iter()
                .collect();
            for warning in &warnings {
                let _ = writeln!(text, "warning     {warning}");
            }
            Report::new(text, &json!({ "poster": words.out, "warnings": warnings }))
        }
        Words::Retire(words) => {
            found(&app, words.code).await?;
            app.store().retire_code(words.code, app.now()).await?;
            let code = found(&app, words.code).await?;
            let text = format!(
                "code {} is retired; take its poster down. Letters that answer it are filed all the same and marked",
                code.id
            );
            Report::new(text, &one_value(&code, app.now()))
        }
    }
}

async fn issue(app: &App, words: IssueWords) -> anyhow::Result<Report> {
    let wanted = Wanted {
        branch: words.what.branch,
        services: words.what.services,
        issued_on: words.issued.unwrap_or_else(|| KyivDay::of(app.now())),
        days: app.config().policy.code_days,
    };
    let issued = issuing::issue(app.store(), &wanted, &mut system_random, app.now()).await?;
    issued_report(app, &issued, words.what.poster.as_deref()).await
}

async fn register(app: &App, words: RegisterWords) -> anyhow::Result<Report> {
    let payload = match (words.link, words.picture) {
        (Some(link), None) => link,
        (None, Some(picture)) => {
            let bytes =
                std::fs::read(&picture).with_context(|| format!("cannot read {}", picture.display()))?;
            qr::read_picture(&bytes).with_context(|| picture.display().to_string())?
        }
        _ => bail!("give either --link or a picture"),
    };
    let wanted = Wanted {
        branch: words.what.branch,
        services: words.what.services,
        issued_on: words.issued,
        days: REGISTERED_DAYS,
    };
    let issued = issuing::register(app.store(), &wanted, &payload, app.now()).await?;
    issued_report(app, &issued, words.what.poster.as_deref()).await
}

async fn issued_report(app: &App, issued: &Issued, poster: Option<&Path>) -> anyhow::Result<Report> {
    let mut text = one_text(&issued.code, app.now());
    if let Some(path) = poster {
        // The code stands in the registry of codes already: made again, it would stand there twice.
        write_poster(app, &issued.code, path).await.with_context(|| {
            let id = issued.code.id;
            format!("code {id} is made, only its poster is not; mend this and run `skrynka code poster {id} --out FILE.svg`")
        })?;
        let _ = writeln!(text, "poster      {}", path.display());
    }
    for warning in &issued.warnings {
        let _ = writeln!(text, "warning     {warning}");
    }
    let mut value = one_value(&issued.code, app.now());
    if let Value::Object(fields) = &mut value {
        fields.insert("warnings".to_owned(), json!(issued.warnings));
        fields.insert("poster".to_owned(), json!(poster));
    }
    Report::new(text, &value)
}

async fn write_poster(app: &App, code: &QrCode, path: &Path) -> anyhow::Result<()> {
    let registry = app.store().registry().await?;
    let svg = issuing::poster(&registry, code)?;
    // An earlier poster may be replaced. Anything else, such as the picture from the cabinet, cannot be made again.
    if let Ok(there) = std::fs::read(path)
        && !there.starts_with(svg.lines().next().unwrap_or_default().as_bytes())
    {
        bail!("{} exists, is no poster, and is not overwritten; name another file", path.display());
    }
    std::fs::write(path, svg).with_context(|| format!("cannot write the poster {}", path.display()))
}

async fn found(app: &App, id: CodeId) -> anyhow::Result<QrCode> {
    let code = app.store().code(id).await?;
    code.with_context(|| format!("there is no code {id}; `skrynka code list` shows what there is"))
}

async fn list(app: &App) -> anyhow::Result<Report> {
    let codes = app.store().codes().await?;
    let now = app.now();
    let rows: Vec<Vec<String>> = codes
        .iter()
        .map(|code| {
            vec![
                code.id.to_string(),
                kind_word(code).to_owned(),
                state_word(code.state_at(now)).to_owned(),
                code.valid_until.to_string(),
                days_left(code, now).to_string(),
                code.branch.to_string(),
                joined(&code.services),
                joined(&code.documents),
            ]
        })
        .collect();
    let text = if rows.is_empty() {
        "no codes yet; make one with `skrynka code issue` or keep one from the Дія cabinet with `skrynka code register`"
            .to_owned()
    } else {
        table(&["No.", "kind", "state", "until", "days left", "branch", "services", "documents"], &rows)
    };
    Report::new(text, &codes.iter().map(|code| one_value(code, now)).collect::<Vec<_>>())
}

fn one_text(code: &QrCode, now: Timestamp) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12}{value}");
    };
    line("code", format!("{} ({}, {})", code.id, kind_word(code), state_word(code.state_at(now))));
    line("branch", code.branch.to_string());
    line("services", joined(&code.services));
    line("documents", joined(&code.documents));
    line("valid", format!("{} to {}, {} days left", code.issued_on, code.valid_until, days_left(code, now)));
    if let Some(token) = code.token() {
        line("token", token.to_string());
    }
    line("payload", code.payload.clone());
    text
}

fn one_value(code: &QrCode, now: Timestamp) -> Value {
    json!({
        "id": code.id,
        "kind": kind_word(code),
        "state": code.state_at(now),
        "branch": code.branch,
        "services": code.services,
        "documents": code.documents,
        "payload": code.payload,
        "token": code.token().map(|token| token.to_string()),
        "issued_on": code.issued_on,
        "valid_until": code.valid_until,
        "days_left": days_left(code, now),
        "retired_at": code.retired_at,
    })
}

/// Days of validity that remain, today not counted; 0 on the last day and after it.
fn days_left(code: &QrCode, now: Timestamp) -> i32 {
    match code.state_at(now) {
        CodeState::Retired => 0,
        _ => KyivDay::of(now).days_until(code.valid_until).max(0),
    }
}

fn kind_word(code: &QrCode) -> &'static str {
    match code.kind {
        CodeKind::Registered => "registered",
        CodeKind::Own { .. } => "own",
    }
}

fn state_word(state: CodeState) -> &'static str {
    match state {
        CodeState::NotYetValid => "not yet valid",
        CodeState::Live => "live",
        CodeState::Expired => "expired",
        CodeState::Retired => "retired",
    }
}

fn joined(items: &[impl std::fmt::Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
