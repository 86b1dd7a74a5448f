//! What is to be said of the name of a branch or of the purpose of a service.

use serde::Serialize;

use super::{BranchId, ServiceId};

/// A remark on a name, with the facts that it rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum NamingFinding {
    /// There is no name, or not one letter or digit in it.
    Empty {
        /// Whose name.
        of: Named,
    },
    /// The name is nothing but a word that Дія does not allow alone.
    BannedAlone {
        /// Whose name.
        of: Named,
        /// The name as given.
        name: String,
        /// Where the name is used.
        used: NameUse,
    },
    /// The name is longer than the cabinet's field for it.
    TooLong {
        /// Whose name.
        of: Named,
        /// Characters in it.
        chars: usize,
        /// Which field, and so how many characters it takes.
        field: NameField,
    },
    /// Two branches of one organisation have the same name, whatever their case, spaces and quotation marks.
    SameName {
        /// The first of them.
        first: BranchId,
        /// The one that repeats it.
        second: BranchId,
        /// The name.
        name: String,
    },
    /// A service asks for many documents at once.
    ManyDocuments {
        /// Which service.
        service: ServiceId,
        /// How many it asks for.
        documents: usize,
        /// How many are still a small package.
        documents_max: usize,
    },
}

/// What bears a name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// A branch, by its name.
    Branch(BranchId),
    /// A service, by its purpose.
    Service(ServiceId),
}

/// Where a name is used: who can still change it differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameUse {
    /// In our own registry, or on a code that we make: it can be changed now.
    Own,
    /// On a code that was made in the Дія cabinet: it exists already, and Дія may delete it.
    RegisteredCode,
}

/// A field of the cabinet for the name of a branch (the acquirer API's names).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NameField {
    /// `name`: the short name.
    Name,
    /// `customFullName`: the full name.
    CustomFullName,
}

impl NameField {
    /// Characters that the field takes.
    #[must_use]
    pub const fn chars_max(self) -> usize {
        match self {
            Self::Name => 32,
            Self::CustomFullName => 100,
        }
    }
}

/// How much a remark matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It would work better otherwise.
    Advice,
    /// It will cause trouble, but can be done.
    Warning,
    /// It cannot be done.
    Refused,
}

impl NamingFinding {
    /// How much it matters.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Empty { .. } | Self::BannedAlone { used: NameUse::Own, .. } => Severity::Refused,
            Self::BannedAlone { used: NameUse::RegisteredCode, .. } | Self::SameName { .. } => {
                Severity::Warning
            }
            Self::TooLong { .. } | Self::ManyDocuments { .. } => Severity::Advice,
        }
    }
}
