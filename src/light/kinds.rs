//! A kind of document (`kinds.toml`) → what it says of persons: whose it is, and in which fields.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::DocumentCode;

/// What a kind of document says of persons.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    document: String,
    pub(super) whose: Whose,
    /// Whether every such document names its holder.
    #[serde(default)]
    pub(super) names: bool,
    /// Fields that name the holder's parents.
    #[serde(default)]
    pub(super) parents: Vec<String>,
    /// Whether several of it are nothing odd: a parent sends a certificate for each child.
    #[serde(default)]
    pub(super) several: bool,
}

/// Whose a document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Whose {
    /// The sender's own.
    #[default]
    Own,
    /// A child's, sent by a parent.
    Child,
    /// The sender's own or a child's.
    OwnOrChild,
    /// Anybody's.
    OwnOrOther,
}

/// The names of the fields that describe a document's holder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolderFields {
    pub(super) surname: String,
    pub(super) given: String,
    pub(super) given_and_patronymic: String,
    pub(super) patronymic: String,
    /// All of the name in one value.
    pub(super) whole: String,
    pub(super) latin: String,
    pub(super) surname_latin: String,
    pub(super) given_latin: String,
    pub(super) birth_date: String,
    pub(super) rnokpp: String,
    pub(super) unzr: String,
}

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    not_given: Vec<String>,
    holder: HolderFields,
    kind: Vec<Kind>,
    #[serde(skip)]
    unknown: Kind,
}

/// What is known of a kind.
pub(super) fn kind(document: &DocumentCode) -> &'static Kind {
    let kinds = kinds();
    kinds.kind.iter().find(|kind| kind.document == document.as_str()).unwrap_or(&kinds.unknown)
}

/// What is known of a document whose kind could not be told.
pub(super) fn unknown() -> &'static Kind {
    &kinds().unknown
}

/// The fields that describe a holder.
pub(super) fn holder_fields() -> &'static HolderFields {
    &kinds().holder
}

/// Whether a value says that nothing is known.
pub(super) fn is_not_given(value: &str) -> bool {
    let words = ukr::words(value).join(" ");
    let unread = value.contains(super::letters::UNKNOWN);
    !unread && (words.is_empty() || kinds().not_given.contains(&words))
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
fn kinds() -> &'static Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    KINDS.get_or_init(|| toml::from_str(include_str!("kinds.toml")).expect("kinds.toml is whole"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::model::FieldKind;

    #[derive(Deserialize)]
    struct Template {
        document: Option<String>,
        #[serde(default)]
        field: Vec<Field>,
    }

    #[derive(Deserialize)]
    struct Field {
        name: String,
        kind: FieldKind,
        rest: Option<Box<Field>>,
    }

    fn templates() -> Vec<Template> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reading/templates");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let tomls = files.filter(|path| path.extension().is_some_and(|end| end == "toml"));
        tomls.map(|path| toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()).collect()
    }

    #[test]
    fn every_kind_that_has_a_template_has_a_rule() {
        let ruled: BTreeSet<&str> = kinds().kind.iter().map(|kind| kind.document.as_str()).collect();
        assert_eq!(ruled.len(), kinds().kind.len(), "a kind stands twice");
        let templates = templates();
        let read: Vec<&String> = templates.iter().filter_map(|template| template.document.as_ref()).collect();
        assert!(read.len() > 10);
        for document in read {
            assert!(ruled.contains(document.as_str()), "{document} has no rule");
        }
    }

    #[test]
    fn every_field_that_names_a_person_is_compared() {
        let own = holder_fields();
        let known = [
            &own.surname,
            &own.given,
            &own.given_and_patronymic,
            &own.patronymic,
            &own.whole,
            &own.latin,
            &own.surname_latin,
            &own.given_latin,
            &own.birth_date,
            &own.rnokpp,
            &own.unzr,
        ];
        for template in templates() {
            let document = template.document.unwrap_or_default();
            let kind = document.parse().map_or_else(|_| unknown(), |document| kind(&document));
            let fields: Vec<&Field> = template
                .field
                .iter()
                .flat_map(|field| std::iter::once(field).chain(field.rest.as_deref()))
                .collect();
            for field in &fields {
                let of_a_person = matches!(
                    field.kind,
                    FieldKind::Name
                        | FieldKind::NameLatin
                        | FieldKind::BirthDate
                        | FieldKind::Rnokpp
                        | FieldKind::Unzr
                );
                let of_a_parent = kind.parents.iter().any(|parent| field.name.starts_with(parent));
                assert!(
                    !of_a_person || of_a_parent || known.contains(&&field.name),
                    "{document}: {} is not compared",
                    field.name
                );
            }
            for parent in &kind.parents {
                for field in [parent.clone(), format!("{parent}-birth-date"), format!("{parent}-rnokpp")] {
                    assert!(fields.iter().any(|known| known.name == field), "{document} has no {field}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_given_is_no_value() {
        for nothing in ["", "—", "Відсутній", "не вказано", "НЕМАЄ", "None"] {
            assert!(is_not_given(nothing), "{nothing}");
        }
        for value in ["Немаєнко", "□", "Відсутн□й"] {
            assert!(!is_not_given(value), "{value}");
        }
    }
}
