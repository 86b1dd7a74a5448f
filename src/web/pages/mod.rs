//! The pages: each a file, which asks the store within the visitor's scope and fills a template.

pub(super) mod codes;
pub(super) mod health;
pub(super) mod letter;
pub(super) mod letters;
mod light;
pub(super) mod live;
pub(super) mod new_code;
pub(super) mod password;
mod rows;
pub(super) mod search;
pub(super) mod way_in;

use askama::Template;
use axum::response::Response;

use super::fault::Fault;
use super::frame::{Frame, page};
use super::session::Caller;

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure {
    frame: Frame,
    text: &'static str,
}

/// Why something is not shown, in words.
pub(super) fn failure(caller: &Caller, fault: Fault) -> Response {
    let (title, text) = fault.said(caller.lang.words());
    page(&Failure { frame: Frame::open(caller, title), text })
}
