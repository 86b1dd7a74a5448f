//! Why a page is not shown → its status; the words are added where the language is known.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::store::StoreError;
use crate::texts::web::Words;

/// Why a page is not shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// There is no such thing, or none that this person may know of: the answers are the same.
    NotFound,
    /// The role does not allow it.
    Forbidden,
    /// Only for whoever is signed in.
    SignInFirst,
    /// The change was not asked for by a page of this session.
    Stale,
    /// What was sent cannot be read.
    Bad,
    /// Too much at once.
    Busy,
    /// We failed.
    Broken,
}

impl Fault {
    const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Stale => StatusCode::FORBIDDEN,
            Self::SignInFirst => StatusCode::UNAUTHORIZED,
            Self::Bad => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Title and sentence.
    pub(super) const fn said(self, t: &'static Words) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => (t.not_found_title, t.not_found_text),
            Self::Forbidden => (t.forbidden_title, t.forbidden_text),
            Self::SignInFirst => (t.sign_in_title, t.live_over),
            Self::Stale => (t.stale_title, t.stale_text),
            Self::Bad => (t.bad_title, t.bad_text),
            Self::Busy => (t.busy_title, t.busy_text),
            Self::Broken => (t.broken_title, t.broken_text),
        }
    }

    /// What an answer without words of its own means, if it is a failure.
    pub(super) fn of(response: &Response) -> Option<Self> {
        if let Some(fault) = response.extensions().get::<Self>() {
            return Some(*fault);
        }
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("text/html")) {
            return None;
        }
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Self::NotFound),
            status if status.is_client_error() => Some(Self::Bad),
            status if status.is_server_error() => Some(Self::Broken),
            _ => None,
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Fault {
    fn from(fault: StoreError) -> Self {
        tracing::error!("a page could not be made: {fault}");
        Self::Broken
    }
}
