//! People who may sign in, the links by which they set their passwords, and what they did, for the audit.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;

use super::columns::{moment, moment_maybe, parsed, value};
use super::work::Work;
use super::{Store, StoreError, audit};
use crate::model::{CodeId, Digest, FilingId, Login, NewPerson, Person, PersonId, Timestamp};

/// How the secret of a person is kept, and whose it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptPassword {
    /// Whose.
    pub person: PersonId,
    /// As argon2 wrote it.
    pub hash: String,
}

/// Something that a person did, for the audit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Opened a letter.
    LetterOpened(FilingId),
    /// Took a file of a letter: its place in the letter, from 0; none: the letter itself.
    FileTaken(FilingId, Option<usize>),
    /// Made a code, or added one from the cabinet.
    CodeMade(CodeId),
    /// Took a code out of use.
    CodeRetired(CodeId),
}

impl Store {
    /// Adds a person.
    ///
    /// # Errors
    /// When the login is taken; when a branch or organisation is not in the registry; when neither is named.
    pub async fn add_person(&self, new: &NewPerson, now: Timestamp) -> Result<Person, StoreError> {
        if new.organisations.is_empty() && new.branches.is_empty() {
            return Err(StoreError::SeesNothing);
        }
        let mut work = self.writing().await?;
        let same = sqlx::query("SELECT id FROM person WHERE login = $1").bind(new.login.as_str());
        if work.maybe(same).await?.is_some() {
            return Err(StoreError::LoginTaken(new.login.clone()));
        }
        let row = sqlx::query(
            "INSERT INTO person (login, name, role, password, added_at, disabled_at)
             VALUES ($1, $2, $3, NULL, $4, NULL) RETURNING id",
        )
        .bind(new.login.as_str())
        .bind(&new.name)
        .bind(new.role.word())
        .bind(now.as_microsecond());
        let id = PersonId(value(&work.one(row).await?, "id")?);
        for branch in &new.branches {
            let known = sqlx::query("SELECT 1 FROM branch WHERE id = $1").bind(branch.as_str());
            if work.maybe(known).await?.is_none() {
                return Err(StoreError::NoSuchBranch(branch.clone()));
            }
            let row = sqlx::query(
                "INSERT INTO person_branch (person, branch) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            );
            work.run(row.bind(id.0).bind(branch.as_str())).await?;
        }
        for organisation in &new.organisations {
            let known = sqlx::query("SELECT 1 FROM organisation WHERE id = $1").bind(organisation.as_str());
            if work.maybe(known).await?.is_none() {
                return Err(StoreError::NoSuchOrganisation(organisation.clone()));
            }
            let row = sqlx::query(
                "INSERT INTO person_organisation (person, organisation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            );
            work.run(row.bind(id.0).bind(organisation.as_str())).await?;
        }
        audit::note(&mut work, now, "person.added", &subject(id), &new.role).await?;
        let person = by_id(&mut work, id).await?;
        work.commit().await?;
        Ok(person)
    }

    /// Everybody, in the order in which they were added.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut work = self.reading().await?;
        let rows = work.all(sqlx::query("SELECT * FROM person ORDER BY id")).await?;
        let mut people = Vec::with_capacity(rows.len());
        for row in &rows {
            people.push(person(&mut work, row).await?);
        }
        Ok(people)
    }

    /// The person with this login.
    ///
    /// # Errors
    /// When there is none; when the database cannot be read.
    pub async fn person_called(&self, login: &Login) -> Result<Person, StoreError> {
        let mut work = self.reading().await?;
        let row = sqlx::query("SELECT * FROM person WHERE login = $1").bind(login.as_str());
        match work.maybe(row).await? {
            Some(row) => person(&mut work, &row).await,
            None => Err(StoreError::NoSuchPerson(login.clone())),
        }
    }

    /// Lets a person sign in no more (`may` = false), which ends their sessions and links, or again.
    ///
    /// # Errors
    /// When there is no such person; when the database cannot be written.
    pub async fn let_person(&self, login: &Login, may: bool, now: Timestamp) -> Result<Person, StoreError> {
        let id = self.person_called(login).await?.id;
        let mut work = self.writing().await?;
        let changed = if may {
            sqlx::query("UPDATE person SET disabled_at = NULL WHERE id = $1 AND disabled_at IS NOT NULL")
                .bind(id.0)
        } else {
            sqlx::query("UPDATE person SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL")
                .bind(id.0)
                .bind(now.as_microsecond())
        };
        if work.run(changed).await? > 0 {
            let action = if may { "person.enabled" } else { "person.disabled" };
            audit::note(&mut work, now, action, &subject(id), &()).await?;
        }
        if !may {
            work.run(sqlx::query("DELETE FROM web_session WHERE person = $1").bind(id.0)).await?;
            work.run(sqlx::query("DELETE FROM person_link WHERE person = $1").bind(id.0)).await?;
        }
        let person = by_id(&mut work, id).await?;
        work.commit().await?;
        Ok(person)
    }

    /// Keeps a link, in place of an earlier one of the same person: the SHA-256 of its secret.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_link(
        &self,
        person: PersonId,
        secret: &Digest,
        ends_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut work = self.writing().await?;
        work.run(sqlx::query("DELETE FROM person_link WHERE person = $1").bind(person.0)).await?;
        let row = sqlx::query("INSERT INTO person_link (digest, person, ends_at) VALUES ($1, $2, $3)")
            .bind(secret.to_string())
            .bind(person.0)
            .bind(ends_at.as_microsecond());
        work.run(row).await?;
        audit::note(&mut work, now, "person.link_made", &subject(person), &()).await?;
        work.commit().await
    }

    /// Whose link this is, if it can still be used.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn link_of(&self, secret: &Digest, now: Timestamp) -> Result<Option<Person>, StoreError> {
        let mut work = self.reading().await?;
        match usable_link(&mut work, secret, now).await? {
            Some(id) => by_id(&mut work, id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Sets a password by a link, which is used up; every session of the person ends. None when the link cannot be used.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_password(
        &self,
        secret: &Digest,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<Person>, StoreError> {
        let mut work = self.writing().await?;
        let Some(id) = usable_link(&mut work, secret, now).await? else { return Ok(None) };
        work.run(sqlx::query("DELETE FROM person_link WHERE person = $1").bind(id.0)).await?;
        work.run(sqlx::query("DELETE FROM web_session WHERE person = $1").bind(id.0)).await?;
        work.run(sqlx::query("UPDATE person SET password = $2 WHERE id = $1").bind(id.0).bind(hash)).await?;
        audit::note(&mut work, now, "person.password_set", &subject(id), &()).await?;
        let person = by_id(&mut work, id).await?;
        work.commit().await?;
        Ok(Some(person))
    }

    /// The password of the person with this login, if they may sign in and have set one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn password_of(&self, login: &Login) -> Result<Option<KeptPassword>, StoreError> {
        let row = sqlx::query(
            "SELECT id, password FROM person
             WHERE login = $1 AND password IS NOT NULL AND disabled_at IS NULL",
        )
        .bind(login.as_str());
        let row = self.reading().await?.maybe(row).await?;
        row.map(|row| {
            Ok(KeptPassword { person: PersonId(value(&row, "id")?), hash: value(&row, "password")? })
        })
        .transpose()
    }

    /// Notes what a person did.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_deed(&self, person: PersonId, deed: Deed, now: Timestamp) -> Result<(), StoreError> {
        #[derive(Serialize)]
        struct Done {
            person: PersonId,
            #[serde(skip_serializing_if = "Option::is_none")]
            file: Option<usize>,
        }
        let (action, subject, file) = match deed {
            Deed::LetterOpened(filing) => ("letter.opened", format!("filing {filing}"), None),
            Deed::FileTaken(filing, file) => ("letter.taken", format!("filing {filing}"), file),
            Deed::CodeMade(code) => ("code.made_by", format!("code {code}"), None),
            Deed::CodeRetired(code) => ("code.retired_by", format!("code {code}"), None),
        };
        let mut work = self.writing().await?;
        audit::note(&mut work, now, action, &subject, &Done { person, file }).await?;
        work.commit().await
    }
}

/// A person in the audit.
pub(super) fn subject(id: PersonId) -> String {
    format!("person {id}")
}

async fn usable_link(
    work: &mut Work,
    secret: &Digest,
    now: Timestamp,
) -> Result<Option<PersonId>, StoreError> {
    let link = sqlx::query("SELECT person FROM person_link WHERE digest = $1 AND ends_at > $2")
        .bind(secret.to_string())
        .bind(now.as_microsecond());
    work.maybe(link).await?.map(|row| value(&row, "person").map(PersonId)).transpose()
}

/// A person who is known to be there.
pub(super) async fn by_id(work: &mut Work, id: PersonId) -> Result<Person, StoreError> {
    let row = work.one(sqlx::query("SELECT * FROM person WHERE id = $1").bind(id.0)).await?;
    person(work, &row).await
}

async fn person(work: &mut Work, row: &SqliteRow) -> Result<Person, StoreError> {
    let id = PersonId(value(row, "id")?);
    let branches =
        sqlx::query("SELECT branch FROM person_branch WHERE person = $1 ORDER BY branch").bind(id.0);
    let branches = work.all(branches).await?;
    let organisations =
        sqlx::query("SELECT organisation FROM person_organisation WHERE person = $1 ORDER BY organisation");
    let organisations = work.all(organisations.bind(id.0)).await?;
    Ok(Person {
        id,
        login: parsed(row, "login")?,
        name: value(row, "name")?,
        role: parsed(row, "role")?,
        organisations: organisations
            .iter()
            .map(|row| parsed(row, "organisation"))
            .collect::<Result<_, _>>()?,
        branches: branches.iter().map(|row| parsed(row, "branch")).collect::<Result<_, _>>()?,
        has_password: value::<Option<&str>>(row, "password")?.is_some(),
        added_at: moment(row, "added_at")?,
        disabled_at: moment_maybe(row, "disabled_at")?,
    })
}
