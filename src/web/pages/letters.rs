//! The letters of the scope, the newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::DeskRow;
use crate::store::LetterFilter;
use crate::web::Web;
use crate::web::access::Visitor;
use crate::web::fault::Fault;
use crate::web::frame::{Frame, Section, page};

/// Letters on a page.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "letters.html")]
struct Letters {
    frame: Frame,
    rows: Vec<DeskRow>,
}

pub(in crate::web) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Fault> {
    let rows = web.store().within(&visitor.scope).letters(ROWS, None, &LetterFilter::default()).await?;
    let frame = Frame::of(&visitor, Section::Letters, visitor.caller.lang.words().letters_title);
    Ok(page(&Letters { frame, rows }))
}
