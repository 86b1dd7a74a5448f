//! The letters of the scope, the newest first; new ones come by themselves ([`super::live`]).

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::rows::Row;
use crate::model::FilingId;
use crate::store::LetterFilter;
use crate::texts::web::{self as words, Words};
use crate::web::Web;
use crate::web::access::Visitor;
use crate::web::fault::Fault;
use crate::web::frame::{Frame, Section, page};

/// Letters on a page.
const ROWS: u32 = 50;

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "letters.html")]
struct Letters {
    frame: Frame,
    t: &'static Words,
    rows: Vec<Row>,
    /// The newest number of the list, where it is the newest page.
    live_after: Option<i64>,
    older: Option<i64>,
    /// What is wrong with the mailboxes.
    cut_off: Vec<String>,
    mailboxes: Vec<String>,
}

pub(in crate::web) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let (lang, now) = (visitor.caller.lang, web.now());
    let within = web.store().within(&visitor.scope);
    let before = asked.before.map(FilingId);
    let desks = within.letters(ROWS + 1, before, &LetterFilter::default()).await?;
    let has_older = desks.len() > usize::try_from(ROWS).unwrap_or_default();
    let mut rows: Vec<Row> = desks.iter().map(|desk| Row::of(desk, lang, now)).collect();
    rows.truncate(usize::try_from(ROWS).unwrap_or_default());
    let (newest, oldest) = (rows.first().map_or(0, |row| row.id), rows.last().map(|row| row.id));
    let (cut_off, mailboxes) = mailboxes(&web, &visitor).await?;
    let frame = Frame::of(&visitor, Section::Letters, lang.words().letters_title);
    Ok(page(&Letters {
        frame,
        t: lang.words(),
        rows,
        live_after: before.is_none().then_some(newest),
        older: oldest.filter(|_| has_older),
        cut_off,
        mailboxes,
    }))
}

/// What is wrong with the mailboxes of the scope, in words, and their addresses.
pub(super) async fn mailboxes(web: &Web, visitor: &Visitor) -> Result<(Vec<String>, Vec<String>), Fault> {
    let branches = web.store().within(&visitor.scope).branches().await?;
    let mut mailboxes: Vec<String> = branches.iter().map(|branch| branch.mailbox.to_string()).collect();
    mailboxes.sort();
    mailboxes.dedup();
    let now = web.now();
    let known = web.health().mailboxes();
    let cut_off = known.iter().filter(|known| known.is_cut_off && mailboxes.contains(&known.name));
    let said = cut_off
        .map(|known| visitor.caller.lang.of(words::link_missing(&known.name, known.last_round_at, now)));
    Ok((said.collect(), mailboxes))
}
