//! The live list: a row for every letter of the scope, as soon as it is filed.
//!
//! A hint says that something was filed; what, the store says: the rows above the last number that the browser has. Letters
//! are committed in the order of their numbers (SQLite has one writer, and the number is given inside its transaction), so
//! a browser that comes back with its last number misses none and gets none twice.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use askama::Template as _;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::rows::{Row, RowPart};
use crate::model::{DeskRow, FilingId};
use crate::web::Web;
use crate::web::access::{Visitor, again};
use crate::web::fault::Fault;

/// How often the store is asked although nothing was hinted: another process may have filed something, and the session may
/// have ended.
const LOOK: Duration = Duration::from_secs(10);

/// How often a line is sent although nothing happens, so that nobody on the way thinks the connection dead.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Rows that are read at once.
const ROWS: u32 = 50;

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    after: i64,
}

struct Live {
    web: Web,
    visitor: Visitor,
    last: FilingId,
    ready: VecDeque<DeskRow>,
    hint: watch::Receiver<u64>,
    is_over: bool,
    _permit: OwnedSemaphorePermit,
}

pub(in crate::web) async fn stream(
    State(web): State<Web>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let permit = web.0.streams.clone().try_acquire_owned().map_err(|_| Fault::Busy)?;
    let last_seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let live = Live {
        last: FilingId(last_seen.unwrap_or(asked.after)),
        hint: web.health().filings(),
        ready: VecDeque::new(),
        is_over: false,
        _permit: permit,
        web,
        visitor,
    };
    let events = stream::unfold(live, |mut live| async move {
        let event = live.next().await?;
        Some((Ok::<_, Infallible>(event), live))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response())
}

impl Live {
    /// The next event; none when the stream is at its end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.is_over {
                return None;
            }
            if let Some(desk) = self.ready.pop_front() {
                self.last = desk.row.id;
                if let Some(event) = self.event(&desk) {
                    return Some(event);
                }
            }
            // A hint that comes while the store is asked is seen in the next turn.
            self.hint.borrow_and_update();
            match again(&self.web, &self.visitor).await {
                Ok(Some(visitor)) => self.visitor = visitor,
                Ok(None) => {
                    self.is_over = true;
                    return Some(Event::default().event("over").data("over"));
                }
                // The browser comes back with its last number.
                Err(_) => return None,
            }
            let within = self.web.store().within(&self.visitor.scope);
            match within.letters_since(self.last, ROWS).await {
                Ok(rows) => self.ready.extend(rows),
                Err(fault) => {
                    tracing::error!("the live list could not be read: {fault}");
                    return None;
                }
            }
            if self.ready.is_empty() {
                let _ = tokio::time::timeout(LOOK, self.hint.changed()).await;
            }
        }
    }

    fn event(&self, desk: &DeskRow) -> Option<Event> {
        let lang = self.visitor.caller.lang;
        let part = RowPart { t: lang.words(), row: Row::of(desk, lang, self.web.now()) };
        let html = part.render().ok()?;
        Some(Event::default().event("letter").id(desk.row.id.to_string()).data(html))
    }
}
