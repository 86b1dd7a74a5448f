//! How the mailboxes of the scope go, what could not be filed, which codes end, whom we trust.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::codes::CodeLine;
use super::letters::mailboxes;
use crate::model::{CodeState, KyivDay, in_kyiv};
use crate::texts;
use crate::texts::web::{self as words, Words};
use crate::web::Web;
use crate::web::access::Visitor;
use crate::web::fault::Fault;
use crate::web::frame::{Frame, Section, page};

/// Codes that end within so many days are named.
const SOON_DAYS: i32 = 30;

#[derive(Template)]
#[template(path = "health.html")]
struct Health {
    frame: Frame,
    t: &'static Words,
    cut_off: Vec<String>,
    boxes: Vec<Mailbox>,
    quarantine: Vec<(String, String, String)>,
    ending: Vec<CodeLine>,
    anchors: Vec<(String, String)>,
}

struct Mailbox {
    name: String,
    state: &'static str,
    is_well: bool,
    last_round: String,
    newest: String,
    lag: String,
}

pub(in crate::web) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Fault> {
    let (lang, now) = (visitor.caller.lang, web.now());
    let t = lang.words();
    let within = web.store().within(&visitor.scope);
    let watched = web.health().mailboxes();
    let mut boxes = Vec::new();
    for (name, newest) in within.mailboxes().await? {
        let known = watched.iter().find(|known| known.name == name.as_str());
        let state = match known {
            None => t.health_unwatched,
            Some(known) if known.is_cut_off => t.health_silent,
            Some(known) if known.last_round_at.is_none() => t.health_never,
            Some(_) => t.health_well,
        };
        let last_round = known.and_then(|known| known.last_round_at);
        boxes.push(Mailbox {
            name: name.to_string(),
            state,
            is_well: state == t.health_well,
            last_round: last_round.map(|at| lang.of(words::ago(at, now))).unwrap_or_default(),
            newest: newest.map(|(received, _)| words::clock(received, now)).unwrap_or_default(),
            lag: newest.map(|(received, filed)| lang.of(words::lasted(received, filed))).unwrap_or_default(),
        });
    }
    let quarantine = within.quarantined().await?.into_iter().map(|letter| {
        let fault = lang.of(texts::attempt_fault(&letter.fault));
        (letter.mailbox.to_string(), in_kyiv(letter.received_at), fault)
    });
    let ending = within.codes().await?.into_iter().filter(|(code, _)| {
        let days = KyivDay::of(now).days_until(code.valid_until);
        code.state_at(now) == CodeState::Live && days <= SOON_DAYS
    });
    let branches = within.branches().await?;
    let ending = ending.map(|(code, letters)| CodeLine::of(&code, letters, &branches, lang, now)).collect();
    let anchors = web.health().anchors().into_iter();
    let (cut_off, _) = mailboxes(&web, &visitor).await?;
    Ok(page(&Health {
        frame: Frame::of(&visitor, Section::Health, t.health_title),
        t,
        cut_off,
        boxes,
        quarantine: quarantine.collect(),
        ending,
        anchors: anchors.map(|(subject, end)| (subject, KyivDay::of(end).dotted())).collect(),
    }))
}
