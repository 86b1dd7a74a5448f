//! People who use the pages, and what each of them may see.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BranchId, InvalidId, OrganisationId, PersonId, Timestamp};

/// Which letters and codes a question is about: those of these branches, and of every branch of these organisations.
///
/// A letter that no branch could be told for belongs to whoever sees *all* branches that receive in its mailbox, closed
/// ones too; where no branch receives, to whoever sees all branches there are. Every question that the pages ask the
/// store takes a scope, and what lies outside of it does not exist for the answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Organisations with all their branches, those to come too.
    pub organisations: Vec<OrganisationId>,
    /// Single branches.
    pub branches: Vec<BranchId>,
}

/// What a person may do within the scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sees letters, finds them, takes copies; looks at codes.
    Clerk,
    /// Also makes codes and takes them out of use.
    BranchAdmin,
    /// The same for whoever answers for an organisation.
    OrganisationAdmin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Clerk, Self::BranchAdmin, Self::OrganisationAdmin];

    /// The word for it on the command line and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::BranchAdmin => "branch-admin",
            Self::OrganisationAdmin => "organisation-admin",
        }
    }
}

/// A text that is no role.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a role is `clerk`, `branch-admin` or `organisation-admin`")]
pub struct InvalidRole;

impl FromStr for Role {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        Self::ALL.into_iter().find(|role| role.word() == text).ok_or(InvalidRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The name that a person types to sign in, in lower case: `olena`, `olena@example.org`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

impl Login {
    /// The login as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let normal = text.trim().to_ascii_lowercase();
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_@".contains(&c);
        if (2..=100).contains(&normal.len()) && normal.bytes().all(plain) {
            return Ok(Self(normal));
        }
        Err(InvalidId {
            text: text.to_owned(),
            what: "a login",
            rule: "2 to 100 Latin letters, digits, `.`, `-`, `_`, `@`, for example `olena` or `olena@example.org`",
        })
    }
}

impl TryFrom<String> for Login {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Person {
    /// Their number.
    pub id: PersonId,
    /// Their login.
    pub login: Login,
    /// Their name, as colleagues know it.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Organisations whose branches they see, all of them.
    pub organisations: Vec<OrganisationId>,
    /// Single branches that they see.
    pub branches: Vec<BranchId>,
    /// Whether they have set a password.
    pub has_password: bool,
    /// When they were added.
    pub added_at: Timestamp,
    /// Since when they may not sign in; none when they may.
    pub disabled_at: Option<Timestamp>,
}

/// Somebody to be added; the store gives the number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPerson {
    /// Their login, not used by another person.
    pub login: Login,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Organisations whose branches they see, all of them.
    pub organisations: Vec<OrganisationId>,
    /// Single branches that they see; with no organisation at least one.
    pub branches: Vec<BranchId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_the_same_whatever_its_case() {
        assert_eq!(" Olena@Example.org ".parse::<Login>().unwrap().as_str(), "olena@example.org");
        for bad in ["", "a", "олена", "a b", &"a".repeat(101)] {
            assert!(bad.parse::<Login>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_role_reads_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.word().parse::<Role>(), Ok(role));
        }
        assert!("boss".parse::<Role>().is_err());
    }
}
