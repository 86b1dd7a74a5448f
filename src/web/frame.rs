//! What every page has around its own content: language, navigation, who is signed in, the token of its forms.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use super::access::{Access, Visitor};
use super::session::Caller;
use super::{assets, csrf, fault::Fault};
use crate::texts::web::{self as texts, Lang, Words};

/// A section of the navigation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Section {
    /// None of them.
    Other,
    Letters,
    Search,
    Codes,
    Health,
}

impl Section {
    const fn word(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Letters => "letters",
            Self::Search => "search",
            Self::Codes => "codes",
            Self::Health => "health",
        }
    }
}

/// What every template has as `frame`.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) t: &'static Words,
    pub(super) lang: Lang,
    pub(super) title: String,
    pub(super) section: Section,
    /// Who is signed in: name and role.
    pub(super) who: Option<(String, String)>,
    pub(super) is_administrator: bool,
    pub(super) csrf: String,
    /// Path and query, to come back to.
    pub(super) path: String,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
    pub(super) icon: &'static str,
}

impl Frame {
    /// The frame of a page that anybody may see.
    pub(super) fn open(caller: &Caller, title: &str) -> Self {
        let lang = caller.lang;
        Self {
            t: lang.words(),
            lang,
            title: title.to_owned(),
            section: Section::Other,
            who: caller
                .person
                .as_ref()
                .map(|person| (person.name.clone(), lang.of(texts::role(person.role)))),
            is_administrator: false,
            csrf: csrf::token(caller),
            path: caller.path.clone(),
            style: &assets::STYLE.path,
            script: &assets::SCRIPT.path,
            icon: &assets::ICON.path,
        }
    }

    /// The frame of a page for whoever is signed in.
    pub(super) fn of(visitor: &Visitor, section: Section, title: &str) -> Self {
        let is_administrator = visitor.may(Access::Administrator);
        Self { section, is_administrator, ..Self::open(&visitor.caller, title) }
    }

    /// `page` for the navigation's link to the section that is shown, as `aria-current` has it.
    pub(super) fn current(&self, section: &str) -> &'static str {
        if self.section.word() == section { "page" } else { "false" }
    }

    pub(super) fn is_ukrainian(&self) -> bool {
        self.lang == Lang::Uk
    }
}

/// A template → a page.
pub(super) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            ([(header::CONTENT_TYPE, kind)], html).into_response()
        }
        Err(fault) => {
            tracing::error!("a page could not be written: {fault}");
            Fault::Broken.into_response()
        }
    }
}
