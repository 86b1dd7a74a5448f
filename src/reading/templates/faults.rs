//! What is wrong with a template, and in which line of its file.

use crate::model::DocumentCode;

/// Why a template cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("template `{file}`{}: {fault}", .line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TemplateError {
    /// The file's name.
    pub file: String,
    /// The line of which it is said, from 1, where it is of one.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub fault: TemplateFault,
}

/// What is wrong with a template.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TemplateFault {
    /// No TOML, an unknown key, a value of another type.
    #[error("{said}")]
    Toml {
        /// What the reader says.
        said: String,
        /// Where, in octets from the beginning.
        at: Option<usize>,
    },
    /// Its `document` is no code.
    #[error("{0}")]
    Document(String),
    /// It names no kind of document.
    #[error(
        "it has no `document`: the code of the kind that it is for, for example `document = \"hunting-permit\"`"
    )]
    NoDocument,
    /// Another kind has the same title.
    #[error("the title «{0}» is that of `{1}` too: no page could tell them apart")]
    SameTitle(String, DocumentCode),
    /// A kind of document without a title cannot be told.
    #[error("it has no `titles`")]
    NoTitle,
    /// Two files for one kind of document.
    #[error("another template is for `{0}` too; keep one of them")]
    Twice(DocumentCode),
    /// Two fields with one name that are different things.
    #[error("two fields of different kinds are named `{0}`; give each its own name")]
    FieldTwice(String),
    /// A name that is not made of small Latin letters, digits and hyphens.
    #[error("`{0}` is no name: small Latin letters, digits and hyphens, for example `birth-date`")]
    Name(String),
    /// A field that stands in a row or line needs labels, one that stands elsewhere has none.
    #[error("field `{0}` needs `labels` or `labels_en`, or `at` says where it stands without one")]
    NoLabel(String),
    /// A label that says nothing.
    #[error("a label or title of `{0}` has no letters")]
    EmptyLabel(String),
    /// Two things that look the same cannot be told apart.
    #[error("`{0}` and `{1}` cannot be told apart in one section")]
    Confused(String, String),
    /// A section that no heading opens.
    #[error("field `{field}` is in section `{section}`, which nothing `opens`")]
    NoSection {
        /// Which field.
        field: String,
        /// Which section.
        section: String,
    },
}

impl TemplateError {
    /// What is wrong with a file of this name and text.
    pub(super) fn of(file: &str, text: &str, fault: TemplateFault) -> Self {
        let line_at = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let line = match &fault {
            TemplateFault::Toml { at, .. } => at.map(line_at),
            other => {
                other.words().into_iter().find_map(|word| text.find(&format!("\"{word}\""))).map(line_at)
            }
        };
        Self { file: file.to_owned(), line, fault }
    }
}

impl TemplateFault {
    /// Words of the file that it is about, the nearest to the mistake first.
    fn words(&self) -> Vec<String> {
        let owned = |words: &[&String]| words.iter().map(|word| (*word).clone()).collect();
        match self {
            Self::Toml { .. } | Self::Document(_) | Self::NoDocument | Self::NoTitle => Vec::new(),
            Self::Twice(document) => vec![document.to_string()],
            Self::FieldTwice(name) | Self::Name(name) | Self::NoLabel(name) | Self::EmptyLabel(name) => {
                owned(&[name])
            }
            Self::Confused(one, other) => owned(&[other, one]),
            Self::NoSection { field, section } => owned(&[section, field]),
            Self::SameTitle(title, _) => owned(&[title]),
        }
    }
}
