//! A letter's light → its mark in lists, with `templates/light.html`.

use crate::model::{self, FilingRow};
use crate::texts::web::Words;

/// A mark: a colour, and the sentence that says the same in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Light {
    /// `green`, `amber`, `red` or `grey`: the class of the mark.
    pub(super) colour: &'static str,
    /// A sign for those who do not see colours.
    pub(super) sign: &'static str,
    pub(super) sentence: &'static str,
}

/// The mark of a letter.
pub(super) const fn light(row: &FilingRow, t: &'static Words) -> Light {
    let (colour, sign, sentence) = match row.light {
        Some(model::Light::Red) => ("red", "✕", t.light_red),
        Some(model::Light::Amber) => ("amber", "!", t.light_amber),
        Some(model::Light::Green) => ("green", "✓", t.light_green),
        None => ("grey", "–", t.light_none),
    };
    Light { colour, sign, sentence }
}
