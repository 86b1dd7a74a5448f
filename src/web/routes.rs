//! Every page there is: its method, path, who may use it, what makes it. A page that is not here does not exist, and
//! every route of this table is tried with every role and a foreign branch by `web::matrix`.

use axum::routing::{MethodRouter, get, post};

use super::access::Access::{self, Administrator, Anybody, SignedIn};
use super::session::LIVE;
use super::{Web, assets, pages};

/// A page.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path; what stands in braces names a letter, a code …
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    make: fn() -> MethodRouter<Web>,
}

impl Route {
    pub(super) fn handler(&self) -> MethodRouter<Web> {
        (self.make)()
    }
}

const fn read(path: &'static str, access: Access, make: fn() -> MethodRouter<Web>) -> Route {
    Route { method: "GET", path, access, make }
}

const fn change(path: &'static str, access: Access, make: fn() -> MethodRouter<Web>) -> Route {
    Route { method: "POST", path, access, make }
}

/// Every page.
#[must_use]
pub fn table() -> Vec<Route> {
    vec![
        read("/assets/{asset}", Anybody, || get(assets::asset)),
        // The way in.
        read("/login", Anybody, || get(pages::way_in::show)),
        change("/login", Anybody, || post(pages::way_in::sign_in)),
        change("/logout", Anybody, || post(pages::way_in::sign_out)),
        read("/password/{link}", Anybody, || get(pages::password::show)),
        change("/password/{link}", Anybody, || post(pages::password::set)),
        change("/language", Anybody, || post(pages::way_in::language)),
        // Letters.
        read("/", SignedIn, || get(pages::letters::show)),
        read(LIVE, SignedIn, || get(pages::live::stream)),
        read("/letters/{letter}", SignedIn, || get(pages::letter::show)),
        read("/letters/{letter}/eml", SignedIn, || get(pages::letter::eml)),
        read("/letters/{letter}/files/{file}", SignedIn, || get(pages::letter::file)),
        read("/letters/{letter}/pictures/{copy}", SignedIn, || get(pages::letter::picture)),
        read("/search", SignedIn, || get(pages::search::show)),
        read("/health", SignedIn, || get(pages::health::show)),
        // Codes.
        read("/codes", SignedIn, || get(pages::codes::list)),
        read("/codes/issue", Administrator, || get(pages::new_code::issue_form)),
        change("/codes/issue", Administrator, || post(pages::new_code::issue)),
        read("/codes/register", Administrator, || get(pages::new_code::register_form)),
        change("/codes/register", Administrator, || post(pages::new_code::register)),
        read("/codes/{code}", SignedIn, || get(pages::codes::show)),
        read("/codes/{code}/poster", SignedIn, || get(pages::codes::poster)),
        read("/codes/{code}/poster.svg", SignedIn, || get(pages::codes::poster_file)),
        change("/codes/{code}/retire", Administrator, || post(pages::codes::retire)),
    ]
}
