//! A person and a route → whether they may, and the scope of every question that the page asks the store.
//!
//! This is the one place where access is decided. A page takes a [`Visitor`], which only [`guard`] makes, and asks the
//! store [`Store::within`](crate::store::Store::within) its scope.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::Web;
use super::fault::Fault;
use super::session::Caller;
use crate::model::{Person, Role, Scope};

/// Who may use a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Anybody: the way in.
    Anybody,
    /// Whoever is signed in, within their scope.
    SignedIn,
    /// Whoever administers a branch or an organisation, within their scope.
    Administrator,
}

impl Access {
    /// Whether somebody of this role may.
    #[must_use]
    pub const fn allows(self, role: Role) -> bool {
        match self {
            Self::Anybody | Self::SignedIn => true,
            Self::Administrator => matches!(role, Role::BranchAdmin | Role::OrganisationAdmin),
        }
    }
}

/// Somebody who is signed in and may use this route.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) caller: Caller,
    pub(super) person: Person,
    /// What every question to the store is about.
    pub(super) scope: Scope,
}

impl Visitor {
    fn new(caller: &Caller, person: &Person) -> Self {
        Self { caller: caller.clone(), person: person.clone(), scope: scope_of(person) }
    }

    /// Whether this visitor may use routes with this access too: what is not allowed is not offered.
    pub(super) const fn may(&self, access: Access) -> bool {
        access.allows(self.person.role)
    }
}

/// What a person sees: their branches, and every branch of their organisations. The role says what they may do there.
fn scope_of(person: &Person) -> Scope {
    Scope { organisations: person.organisations.clone(), branches: person.branches.clone() }
}

/// The same visitor as of now; none when the session is over, or the person may not sign in any more.
pub(super) async fn again(web: &Web, visitor: &Visitor) -> Result<Option<Visitor>, Fault> {
    let Some(session) = &visitor.caller.session else { return Ok(None) };
    let person = web.store().session(session, web.session_limits(), false, web.now()).await?;
    Ok(person.map(|person| Visitor::new(&visitor.caller, &person)))
}

/// Lets a request through to its page, or not.
pub(super) async fn guard(State(access): State<Access>, mut request: Request, next: Next) -> Response {
    if access == Access::Anybody {
        return next.run(request).await;
    }
    let Some(caller) = request.extensions().get::<Caller>().cloned() else {
        return Fault::Broken.into_response();
    };
    let Some(person) = &caller.person else { return to_the_door(&caller, request.method()) };
    if !access.allows(person.role) {
        return Fault::Forbidden.into_response();
    }
    let visitor = Visitor::new(&caller, person);
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// A page is asked for again after signing in; a program is told so.
fn to_the_door(caller: &Caller, method: &Method) -> Response {
    if caller.wants_page && method == Method::GET {
        let next: String = url::form_urlencoded::byte_serialize(caller.path.as_bytes()).collect();
        return Redirect::to(&format!("/login?next={next}")).into_response();
    }
    Fault::SignInFirst.into_response()
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        // Missing only on a route that anybody may use: a fault of the table.
        parts.extensions.get::<Self>().cloned().ok_or(Fault::Broken)
    }
}
