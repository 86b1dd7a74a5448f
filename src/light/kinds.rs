//! A kind of document → what it says of persons, as data.

use crate::model::DocumentCode;

/// What a kind of document says of persons.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    /// Whether several of it are nothing odd: a parent sends a certificate for each child.
    pub(super) several: bool,
}

/// What is known of a kind.
pub(super) fn kind(document: &DocumentCode) -> Kind {
    Kind { several: document.as_str() == "birth-certificate" }
}
