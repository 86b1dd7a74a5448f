//! Names of things: made only by a validating constructor, so that an invalid one does not exist.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}: {rule}")]
pub struct InvalidId {
    /// The text as given.
    pub text: String,
    /// What it was to be, with its article.
    pub what: &'static str,
    /// What such an id looks like.
    pub rule: &'static str,
}

const SLUG_RULE: &str = "1 to 40 small Latin letters, digits and hyphens, a letter or digit at both ends, for example `cnap-centre`";

fn is_slug(text: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=40).contains(&text.len())
        && text.bytes().all(|c| plain(c) || c == b'-')
        && text.bytes().next().is_some_and(plain)
        && text.bytes().last().is_some_and(plain)
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:expr, $check:expr, $normal:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let normal: String = $normal(text);
                if $check(&normal) {
                    Ok(Self(normal))
                } else {
                    Err(InvalidId { text: text.to_owned(), what: $what, rule: $rule })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// An organisation's key in the registry.
    OrganisationId, "an organisation id", SLUG_RULE, is_slug, str::to_owned
);
text_id!(
    /// A branch's key in the registry, unique over all organisations.
    BranchId, "a branch id", SLUG_RULE, is_slug, str::to_owned
);
text_id!(
    /// A service's key in the registry, unique over all organisations.
    ServiceId, "a service id", SLUG_RULE, is_slug, str::to_owned
);
text_id!(
    /// A mailbox is known by its address, in lower case: `cnap@example.org`.
    MailboxId,
    "a mailbox address",
    "an address such as `cnap@example.org`: ASCII, one @, no spaces, at most 100 characters",
    is_address,
    |text: &str| text.trim().to_ascii_lowercase()
);

text_id!(
    /// Where a person of the organisation reads mail, in lower case: `head@example.org`.
    MailAddress,
    "a mail address",
    "an address such as `head@example.org`: ASCII, one @, no spaces, at most 100 characters",
    is_address,
    |text: &str| text.trim().to_ascii_lowercase()
);

impl MailAddress {
    /// The address as a log may show it: `h…@example.org`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        format!("{}…@{domain}", local.chars().take(1).collect::<String>())
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let atom = |c: u8| c.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&c);
    let host = |c: u8| c.is_ascii_alphanumeric() || b".-".contains(&c);
    (6..=100).contains(&text.len())
        && !local.is_empty()
        && local.bytes().all(atom)
        && !domain.is_empty()
        && domain.bytes().all(host)
        && domain.split('.').all(|label| !label.is_empty())
}

/// A text that is no number of something that is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a whole number from 1 on is expected, as the lists show it")]
pub struct InvalidNumber;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidNumber;

            fn from_str(text: &str) -> Result<Self, InvalidNumber> {
                text.parse().ok().filter(|number| *number > 0).map(Self).ok_or(InvalidNumber)
            }
        }
    };
}

number_id!(
    /// A code's number, in the order of issue.
    CodeId
);
number_id!(
    /// A session's number.
    SessionId
);
number_id!(
    /// A filing's number, in the order of arrival; also its row in the search index.
    FilingId
);
number_id!(
    /// A visit's number, in the order of opening.
    VisitId
);
number_id!(
    /// The number of a letter in quarantine.
    QuarantineId
);
number_id!(
    /// The number of a person who may sign in.
    PersonId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_small_latin_letters_digits_and_inner_hyphens() {
        for good in ["a", "cnap-centre", "hotel2", "2nd"] {
            assert_eq!(good.parse::<BranchId>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a-", "Cnap", "цнап", "a b", &"a".repeat(41)] {
            assert!(bad.parse::<BranchId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mailbox_is_known_by_its_address_whatever_its_case() {
        assert_eq!("CNAP@Example.org".parse::<MailboxId>().unwrap().as_str(), "cnap@example.org");
        for bad in [
            "",
            "cnap",
            "@example.org",
            "a@b@example.org",
            "a b@example.org",
            "a@exa..org",
            "цнап@example.org",
        ] {
            assert!(bad.parse::<MailboxId>().is_err(), "{bad}");
            assert!(bad.parse::<MailAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_log_shows_no_whole_address() {
        assert_eq!("Head.Of@x.org".parse::<MailAddress>().unwrap().masked(), "h…@x.org");
    }
}
