//! `skrynka visit`: a person is at the counter, and a letter is expected.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use skrynka::app::system_random;
use skrynka::model::{
    BranchId, FilingId, Light, Offer, ServiceId, Timestamp, Visit, VisitId, VisitState, in_kyiv,
};
use skrynka::visits::{self, Listed, MINUTES_MAX, Opened, Wanted};

use super::Context;
use super::report::{Report, plain, shortened};

#[derive(Subcommand)]
pub(super) enum Words {
    /// Expect a person's letter from now on.
    Open(OpenWords),
    /// The open visits, and the letters that came for them.
    List(ListWords),
    /// Take an offered letter for a visit: a visit has one letter, and a letter has one visit.
    Claim(ClaimWords),
    /// End a visit; the letter that it claimed stays its letter.
    Close(OneWords),
}

#[derive(Args)]
pub(super) struct OpenWords {
    /// The branch where the person is.
    #[arg(long, value_name = "ID")]
    branch: BranchId,
    /// What the person came for.
    #[arg(long, value_name = "ID")]
    service: ServiceId,
    /// Who is expected: surname, name, or both, in either alphabet.
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,
    /// The person's РНОКПП.
    #[arg(long, value_name = "DIGITS")]
    rnokpp: Option<String>,
    /// How long letters are waited for.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=i64::from(MINUTES_MAX)))]
    minutes: u32,
    /// Make a one-time code for a screen: its letter claims the visit by itself.
    #[arg(long)]
    code: bool,
    /// Also write the one-time code here.
    #[arg(long, value_name = "FILE.svg", requires = "code")]
    svg: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct ListWords {
    /// Only this branch's.
    #[arg(long, value_name = "ID")]
    branch: Option<BranchId>,
    /// Also those that are over or closed.
    #[arg(long)]
    all: bool,
}

#[derive(Args)]
pub(super) struct ClaimWords {
    /// The visit's number.
    visit: VisitId,
    /// The letter's number.
    filing: FilingId,
}

#[derive(Args)]
pub(super) struct OneWords {
    /// The visit's number.
    visit: VisitId,
}

pub(super) async fn visit(context: &Context, words: Words) -> anyhow::Result<Report> {
    let app = context.app().await?;
    let (store, now) = (app.store(), app.now());
    match words {
        Words::Open(words) => {
            let OpenWords { branch, service, name, rnokpp, minutes, code, svg } = words;
            let wanted = Wanted { branch, service, name, rnokpp, minutes, code };
            let opened = visits::open(store, &wanted, &mut system_random, now).await?;
            opened_report(&opened, svg.as_deref(), now)
        }
        Words::List(words) => {
            let listed = visits::list(store, words.branch.as_ref(), words.all, now).await?;
            let text = match (listed.is_empty(), words.all) {
                (false, _) => {
                    listed.iter().map(|listed| one_text(listed, now)).collect::<Vec<_>>().join("\n")
                }
                (true, false) => "no visit is open; open one with `skrynka visit open`".to_owned(),
                (true, true) => "no visits yet; open one with `skrynka visit open`".to_owned(),
            };
            Report::new(text, &listed.iter().map(|listed| one_value(listed, now)).collect::<Vec<_>>())
        }
        Words::Claim(words) => {
            store.claim_letter(words.visit, words.filing, now).await?;
            one(&visits::one(store, words.visit).await?, now)
        }
        Words::Close(words) => {
            store.close_visit(words.visit, now).await?;
            one(&visits::one(store, words.visit).await?, now)
        }
    }
}

fn one(listed: &Listed, now: Timestamp) -> anyhow::Result<Report> {
    Report::new(one_text(listed, now), &one_value(listed, now))
}

fn opened_report(opened: &Opened, svg: Option<&Path>, now: Timestamp) -> anyhow::Result<Report> {
    let Opened { visit, pictures, warnings } = opened;
    let mut text = visit_text(visit, now);
    let mut value = visit_value(visit, now);
    if let Some((picture, drawn)) = pictures {
        if let Some(path) = svg {
            std::fs::write(path, picture).with_context(|| {
                format!(
                    "visit {} is open, only its code could not be written to {}",
                    visit.id,
                    path.display()
                )
            })?;
            let _ = writeln!(text, "written     {}", path.display());
        }
        let _ = write!(text, "\n{drawn}");
    }
    for warning in warnings {
        let _ = writeln!(text, "warning     {warning}");
    }
    if let Value::Object(fields) = &mut value {
        fields.insert("svg".to_owned(), json!(pictures.as_ref().map(|(picture, _)| picture)));
        fields.insert("written".to_owned(), json!(svg));
        fields.insert("warnings".to_owned(), json!(warnings));
    }
    Report::new(text, &value)
}

fn one_text(listed: &Listed, now: Timestamp) -> String {
    let Listed { visit, letters } = listed;
    let mut text = visit_text(visit, now);
    for letter in letters {
        let what = if visit.claimed.is_some() { "letter" } else { "offered" };
        let _ = writeln!(text, "{what:<12}{}", letter_text(letter));
    }
    if letters.is_empty() && visit.state_at(now) == VisitState::Open {
        text.push_str("offered     nothing yet\n");
    }
    text
}

fn letter_text(letter: &Offer) -> String {
    let row = &letter.row;
    let persons = letter.holders.join("; ");
    let persons = if persons.is_empty() { "nobody read".to_owned() } else { shortened(&persons, 80) };
    let light = row.light.map_or("—", Light::word);
    format!("{}  {light}  {}  {persons}  {}", row.id, in_kyiv(row.received_at), row.documents.join(", "))
}

fn visit_text(visit: &Visit, now: Timestamp) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<12}{}", plain(value));
    };
    line("visit", &format!("{} ({})", visit.id, state_word(visit.state_at(now))));
    line("branch", visit.branch.as_str());
    line("service", visit.service.as_str());
    if !visit.name.is_empty() {
        line("name", &visit.name);
    }
    if let Some(rnokpp) = &visit.rnokpp {
        line("РНОКПП", rnokpp);
    }
    line("open", &format!("{} to {}", in_kyiv(visit.opened_at), in_kyiv(visit.ends_at())));
    if let Some(code) = &visit.code {
        line("token", &code.token.to_string());
        line("payload", &code.payload);
    }
    text
}

fn one_value(listed: &Listed, now: Timestamp) -> Value {
    let letters: Vec<Value> = listed
        .letters
        .iter()
        .map(|letter| {
            json!({
                "id": letter.row.id,
                "received_at": letter.row.received_at,
                "persons": letter.holders,
                "documents": letter.row.documents,
                "indication": letter.row.indication,
                "light": letter.row.light,
            })
        })
        .collect();
    let claimed = listed.visit.claimed.is_some();
    let mut value = visit_value(&listed.visit, now);
    if let Value::Object(fields) = &mut value {
        fields.insert("offered".to_owned(), json!(if claimed { &[][..] } else { &letters }));
        fields.insert("letter".to_owned(), json!(letters.first().filter(|_| claimed)));
    }
    value
}

fn visit_value(visit: &Visit, now: Timestamp) -> Value {
    json!({
        "id": visit.id,
        "state": visit.state_at(now),
        "branch": visit.branch,
        "service": visit.service,
        "name": visit.name,
        "rnokpp": visit.rnokpp,
        "opened_at": visit.opened_at,
        "until": visit.until,
        "closed_at": visit.closed_at,
        "token": visit.code.as_ref().map(|code| code.token),
        "payload": visit.code.as_ref().map(|code| &code.payload),
        "code": visit.code.as_ref().map(|code| code.code),
        "filing": visit.claimed.map(|(filing, _)| filing),
        "claimed_at": visit.claimed.map(|(_, at)| at),
    })
}

const fn state_word(state: VisitState) -> &'static str {
    match state {
        VisitState::Open => "open",
        VisitState::Over => "over",
        VisitState::Closed => "closed",
    }
}
