//! `skrynka person`: who may sign in to the pages.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use skrynka::app::{App, system_random};
use skrynka::model::{BranchId, Digest, Login, NewPerson, OrganisationId, Person, Role, in_kyiv};

use super::Context;
use super::report::{Report, plain, table};

/// How long a link to set a password can be used: over a weekend.
const LINK_HOURS: i64 = 48;

#[derive(Subcommand)]
pub(super) enum Words {
    /// Add a person, and print the link by which they set their password.
    Add(AddWords),
    /// Everybody.
    List,
    /// Let a person sign in no more; their sessions end now.
    Disable(OneWord),
    /// Let a person sign in again.
    Enable(OneWord),
    /// Print a new link to set a password: it works once, within 48 hours; earlier ones end.
    Link(OneWord),
}

#[derive(Args)]
pub(super) struct AddWords {
    /// The name, as colleagues know it.
    #[arg(long)]
    name: String,
    /// What the person types to sign in.
    #[arg(long)]
    login: Login,
    /// What the person may do: `clerk` sees letters, `branch-admin` also makes codes and takes them out of use,
    /// `organisation-admin` the same for whoever answers for an organisation.
    #[arg(long)]
    role: Role,
    /// A branch that the person sees; may be given again.
    #[arg(long = "branch", value_name = "ID", required_unless_present = "organisations")]
    branches: Vec<BranchId>,
    /// An organisation with all its branches; may be given again.
    #[arg(long = "organisation", value_name = "ID")]
    organisations: Vec<OrganisationId>,
}

#[derive(Args)]
pub(super) struct OneWord {
    /// The login.
    login: Login,
}

pub(super) async fn person(context: &Context, words: Words) -> anyhow::Result<Report> {
    let app = context.app().await?;
    match words {
        Words::Add(words) => {
            let name = plain(&words.name).trim().to_owned();
            anyhow::ensure!(!name.is_empty(), "--name is empty; give the name as colleagues know it");
            let new = NewPerson {
                login: words.login,
                name,
                role: words.role,
                organisations: words.organisations,
                branches: words.branches,
            };
            let person = app.store().add_person(&new, app.now()).await?;
            with_link(&app, &person).await
        }
        Words::List => list(&app).await,
        Words::Disable(word) => {
            let person = app.store().let_person(&word.login, false, app.now()).await?;
            Report::new(format!("{} can sign in no more", person.login), &value(&person))
        }
        Words::Enable(word) => {
            let person = app.store().let_person(&word.login, true, app.now()).await?;
            Report::new(format!("{} can sign in again", person.login), &value(&person))
        }
        Words::Link(word) => {
            let person = app.store().person_called(&word.login).await?;
            anyhow::ensure!(
                person.disabled_at.is_none(),
                "{} may not sign in; `skrynka person enable {}` changes that",
                person.login,
                person.login
            );
            with_link(&app, &person).await
        }
    }
}

async fn with_link(app: &App, person: &Person) -> anyhow::Result<Report> {
    let mut secret = [0; 32];
    system_random(&mut secret);
    let secret = URL_SAFE_NO_PAD.encode(secret);
    let now = app.now();
    let ends_at = now + jiff::SignedDuration::from_hours(LINK_HOURS);
    app.store().keep_link(person.id, &Digest::of(secret.as_bytes()), ends_at, now).await?;
    let web = app.config().web.as_ref();
    let address =
        web.map_or_else(|| "https://ADDRESS-OF-THE-PAGES".to_owned(), skrynka::config::Web::address);
    let link = format!("{address}/password/{secret}");
    let mut text = format!(
        "person      {} ({}), {}\nlink        {link}\n            sets the password once, until {}; give it to nobody else\n",
        plain(&person.name),
        person.login,
        person.role,
        in_kyiv(ends_at)
    );
    if web.is_none() {
        text.push_str("warning     [web] has no `listen`: the daemon serves no pages yet\n");
    }
    let mut value = value(person);
    if let Value::Object(fields) = &mut value {
        fields.insert("link".to_owned(), json!(link));
        fields.insert("link_ends_at".to_owned(), json!(ends_at));
    }
    Report::new(text, &value)
}

async fn list(app: &App) -> anyhow::Result<Report> {
    let people = app.store().people().await.context("the people cannot be listed")?;
    let rows: Vec<Vec<String>> = people.iter().map(cells).collect();
    let text = if rows.is_empty() {
        "nobody yet; add people with `skrynka person add`".to_owned()
    } else {
        table(&["login", "name", "role", "sees", "state"], &rows)
    };
    Report::new(text, &people.iter().map(value).collect::<Vec<_>>())
}

fn cells(person: &Person) -> Vec<String> {
    let organisations = person.organisations.iter().map(|id| format!("{id} (all)"));
    let branches = person.branches.iter().map(ToString::to_string);
    vec![
        person.login.to_string(),
        plain(&person.name),
        person.role.to_string(),
        organisations.chain(branches).collect::<Vec<_>>().join(", "),
        state(person).to_owned(),
    ]
}

const fn state(person: &Person) -> &'static str {
    match (person.disabled_at.is_some(), person.has_password) {
        (true, _) => "disabled",
        (false, true) => "may sign in",
        (false, false) => "no password yet",
    }
}

fn value(person: &Person) -> Value {
    json!({
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "role": person.role,
        "organisations": person.organisations,
        "branches": person.branches,
        "state": state(person),
        "added_at": person.added_at,
        "disabled_at": person.disabled_at,
    })
}
