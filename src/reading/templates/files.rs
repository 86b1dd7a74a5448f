//! A template's file as it is written.

use serde::Deserialize;

use super::{Source, TemplateFault, Where};
use crate::model::FieldKind;
use crate::reading::forms::Script;

/// The fields that every copy has.
pub(super) const COMMON: (&str, &str) = ("every-copy.toml", include_str!("every-copy.toml"));

/// The files that come with the program.
pub(super) const BUILT_IN: [(&str, &str); 12] = [
    COMMON,
    ("internal-passport.toml", include_str!("internal-passport.toml")),
    ("foreign-passport.toml", include_str!("foreign-passport.toml")),
    ("taxpayer-card.toml", include_str!("taxpayer-card.toml")),
    ("birth-certificate.toml", include_str!("birth-certificate.toml")),
    (
        "reference-internally-displaced-person.toml",
        include_str!("reference-internally-displaced-person.toml"),
    ),
    ("driver-license.toml", include_str!("driver-license.toml")),
    ("vehicle-license.toml", include_str!("vehicle-license.toml")),
    ("student-id-card.toml", include_str!("student-id-card.toml")),
    ("pension-card.toml", include_str!("pension-card.toml")),
    ("residence-permit-permanent.toml", include_str!("residence-permit-permanent.toml")),
    ("residence-permit-temporary.toml", include_str!("residence-permit-temporary.toml")),
];

/// A template's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The kind of document; none in the file of what every copy has.
    pub(super) document: Option<String>,
    /// Whether its fields are known or assumed, where they do not say it themselves.
    pub(super) source: Source,
    #[serde(default)]
    pub(super) titles: Vec<String>,
    #[serde(default)]
    pub(super) titles_en: Vec<String>,
    /// What may stand under a title and is no name.
    #[serde(default)]
    pub(super) subtitles: Vec<String>,
    #[serde(default)]
    pub(super) field: Vec<RawField>,
    #[serde(default)]
    pub(super) heading: Vec<RawHeading>,
}

/// A field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    #[serde(default)]
    pub(super) labels: Vec<String>,
    #[serde(default)]
    pub(super) labels_en: Vec<String>,
    #[serde(default)]
    pub(super) at: Where,
    /// Patterns of its value ([`super::Form::Signs`]).
    #[serde(default)]
    pub(super) signs: Vec<String>,
    /// The alphabet that the letters of its value are of, where it is but one.
    pub(super) script: Option<Script>,
    /// The section in which its label counts.
    pub(super) section: Option<String>,
    /// The section that begins with its label.
    pub(super) opens: Option<String>,
    /// Another field in the same place: Latin words behind Ukrainian ones, a place behind a day.
    pub(super) rest: Option<RawRest>,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) source: Option<Source>,
}

/// What is left of a value when a field took its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRest {
    pub(super) name: String,
    pub(super) kind: FieldKind,
}

/// A heading, or another text that is no value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHeading {
    #[serde(default)]
    pub(super) labels: Vec<String>,
    #[serde(default)]
    pub(super) labels_en: Vec<String>,
    /// The section that begins with it.
    pub(super) opens: Option<String>,
}

impl File {
    pub(super) fn read(text: &str) -> Result<Self, TemplateFault> {
        toml::from_str(text).map_err(|error| TemplateFault::Toml {
            said: error.message().trim().to_owned(),
            at: error.span().map(|span| span.start),
        })
    }
}
