//! Organisations, their branches and services, and what a change to them is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BranchId, CodeId, MailAddress, MailboxId, OrganisationId, ServiceId};

/// Everything that an installation serves, in the order of the file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Registry {
    /// Who is responsible; several for a department that runs one installation for its institutions.
    pub organisations: Vec<Organisation>,
    /// Places with a counter.
    pub branches: Vec<Branch>,
    /// Purposes with their documents.
    pub services: Vec<Service>,
}

/// A legal entity or a ФОП that receives copies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Organisation {
    /// Its key.
    pub id: OrganisationId,
    /// Its full name.
    pub name: String,
    /// Its ЄДРПОУ: 8 digits with a right check digit.
    pub edrpou: String,
    /// Who renews its codes in the Дія cabinet.
    pub head: Head,
    /// Who is reminded of codes of all its branches.
    pub admins: Vec<MailAddress>,
}

/// The head of an organisation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Full name.
    pub name: String,
    /// Position, for example «директорка».
    pub position: String,
}

/// A place of an organisation with its own counter, address and mailbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Branch {
    /// Its key.
    pub id: BranchId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its name as visitors see it.
    pub name: String,
    /// Where it is.
    pub address: BranchAddress,
    /// Where its letters arrive; branches may share one.
    pub mailbox: MailboxId,
    /// Other spellings of its or its organisation's name that copies may carry.
    pub known_as: Vec<String>,
    /// Who is reminded of its codes, besides the organisation's.
    pub admins: Vec<MailAddress>,
}

/// A branch's address in the parts that the Дія cabinet asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BranchAddress {
    /// Область.
    pub region: String,
    /// Район.
    pub district: String,
    /// Населений пункт.
    pub location: String,
    /// Вулиця.
    pub street: String,
    /// Будинок.
    pub house: String,
}

impl fmt::Display for BranchAddress {
    /// One line, nearest part first: `вул. Михайлівська, 4, м. Житомир, Житомирський район, Житомирська область`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { region, district, location, street, house } = self;
        write!(f, "{street}, {house}, {location}, {district}, {region}")
    }
}

/// A purpose for which documents are asked for, at some branches of an organisation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Service {
    /// Its key.
    pub id: ServiceId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Where it is offered.
    pub branches: Vec<BranchId>,
    /// The purpose as visitors see it: «для поселення у готель».
    pub purpose: String,
    /// The documents asked for, without repeats.
    pub documents: Vec<DocumentCode>,
    /// The legal ground for processing these personal data. Without one no code can be made; empty means none yet.
    pub legal_ground: String,
    /// How long copies are kept, in days; none yet when absent, and then no code can be made.
    pub retention_days: Option<u32>,
    /// Who answers for the processing; empty means nobody yet, and then no code can be made.
    pub responsible: String,
}

/// A kind of document as Дія names it: `internal-passport`, `taxpayer-card` … The list is open (domain facts, not an enum).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentCode(String);

/// The text cannot be a document code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a document code: small Latin letters and hyphens, for example `internal-passport`")]
pub struct InvalidDocumentCode(pub String);

impl DocumentCode {
    /// Codes confirmed in public sources (domain facts §3), with their Ukrainian names in `texts`.
    pub const KNOWN: [&'static str; 17] = [
        "internal-passport",
        "foreign-passport",
        "passport",
        "taxpayer-card",
        "birth-certificate",
        "reference-internally-displaced-person",
        "driver-license",
        "vehicle-license",
        "student-id-card",
        "pension-card",
        "education-document",
        "veteran-certificate",
        "name-change-act-record",
        "marriage-act-record",
        "divorce-act-record",
        "residence-permit-permanent",
        "residence-permit-temporary",
    ];

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is one of [`Self::KNOWN`].
    #[must_use]
    pub fn is_known(&self) -> bool {
        Self::KNOWN.contains(&self.0.as_str())
    }

    /// Whether a document of kind `arrived` answers a request for `self`:
    /// `passport` is satisfied by either of the two passports.
    #[must_use]
    pub fn is_satisfied_by(&self, arrived: &Self) -> bool {
        self == arrived
            || (self.0 == "passport"
                && matches!(arrived.0.as_str(), "internal-passport" | "foreign-passport"))
    }
}

impl FromStr for DocumentCode {
    type Err = InvalidDocumentCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: u8| c.is_ascii_lowercase() || c == b'-';
        let ends = |c: Option<u8>| c.is_some_and(|c| c.is_ascii_lowercase());
        let good = text.len() <= 60
            && text.bytes().all(plain)
            && ends(text.bytes().next())
            && ends(text.bytes().last());
        if good { Ok(Self(text.to_owned())) } else { Err(InvalidDocumentCode(text.to_owned())) }
    }
}

impl TryFrom<String> for DocumentCode {
    type Error = InvalidDocumentCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DocumentCode> for String {
    fn from(code: DocumentCode) -> Self {
        code.0
    }
}

impl fmt::Display for DocumentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One difference between the registry in the store and the one in a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Something new.
    Added {
        /// `organisation`, `branch` or `service`.
        what: String,
        /// Its key.
        id: String,
    },
    /// A field has another value.
    Changed {
        /// `organisation`, `branch` or `service`.
        what: String,
        /// Its key.
        id: String,
        /// Which field.
        field: String,
        /// The value before.
        from: String,
        /// The value after.
        to: String,
    },
    /// No longer in the file and without history: forgotten.
    Removed {
        /// `organisation`, `branch` or `service`.
        what: String,
        /// Its key.
        id: String,
    },
    /// No longer in the file but with history (codes or filings): kept, closed for new codes.
    Closed {
        /// `organisation`, `branch` or `service`.
        what: String,
        /// Its key.
        id: String,
    },
    /// Closed before, in the file again.
    Reopened {
        /// `organisation`, `branch` or `service`.
        what: String,
        /// Its key.
        id: String,
    },
    /// Codes in use were made with what the changes before this one altered (documents, address, mailbox, or a closed
    /// branch or service): they keep what they were made with. Make new ones and retire these.
    LiveCodes {
        /// `branch` or `service`.
        what: String,
        /// Its key.
        id: String,
        /// The codes, oldest first.
        codes: Vec<CodeId>,
    },
}
