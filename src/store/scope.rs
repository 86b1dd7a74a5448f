//! A [`Scope`] → the branches and mailboxes that it means at this moment, and the SQL by which a filing lies in it.

use super::StoreError;
use super::columns::{as_json, value};
use super::work::Work;
use crate::model::Scope;

/// What a scope means in one transaction, as values for `filing_in_scope`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct InScope {
    /// Keys of its branches, a JSON list.
    pub(super) branches: String,
    /// Mailboxes whose letters without a branch belong to it, a JSON list.
    pub(super) mailboxes: String,
    /// Whether it has every branch there is: then letters of mailboxes without a branch belong to it too.
    pub(super) has_all: bool,
}

impl InScope {
    /// Looks the scope up in the registry as it is now.
    pub(super) async fn of(work: &mut Work, scope: &Scope) -> Result<Self, StoreError> {
        let all = sqlx::query(
            "SELECT id, mailbox, id IN (SELECT value FROM json_each($1))
                 OR organisation IN (SELECT value FROM json_each($2)) AS inside
             FROM branch ORDER BY id",
        )
        .bind(as_json(&scope.branches, "branches")?)
        .bind(as_json(&scope.organisations, "organisations")?);
        let rows = work.all(all).await?;
        let (mut branches, mut inside, mut outside) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let (id, mailbox): (&str, &str) = (value(row, "id")?, value(row, "mailbox")?);
            if value::<bool>(row, "inside")? {
                branches.push(id);
                inside.push(mailbox);
            } else {
                outside.push(mailbox);
            }
        }
        inside.retain(|mailbox| !outside.contains(mailbox));
        inside.dedup();
        Ok(Self {
            has_all: outside.is_empty() && !branches.is_empty(),
            branches: as_json(&branches, "branches")?,
            mailboxes: as_json(&inside, "mailboxes")?,
        })
    }
}

/// The condition that a filing lies in a scope; `$a`, `$b`, `$c` are the places of [`InScope`]'s values in its order.
macro_rules! filing_in_scope {
    ($filing:literal, $a:literal, $b:literal, $c:literal) => {
        concat!(
            "(",
            $filing,
            ".branch IN (SELECT value FROM json_each(",
            $a,
            "))
              OR (",
            $filing,
            ".branch IS NULL
                  AND (",
            $c,
            " OR ",
            $filing,
            ".mailbox IN (SELECT value FROM json_each(",
            $b,
            ")))))"
        )
    };
}

pub(super) use filing_in_scope;
