//! A row → its mark of genuineness. The one place that says it for lists: whoever knows better replaces this function and
//! `templates/light.html`.

use crate::model::{FilingRow, Indication};
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

/// The mark of a letter: that of its worst part.
pub(super) const fn light(row: &FilingRow, t: &'static Words) -> Light {
    let (colour, sign, sentence) = match (row.indication, row.unsigned) {
        (Some(Indication::TotalFailed), _) => ("red", "✕", t.light_red),
        (Some(Indication::Indeterminate), _) => ("amber", "?", t.light_amber),
        (_, unsigned) if unsigned > 0 => ("amber", "!", t.light_unsigned),
        (Some(Indication::TotalPassed), _) => ("green", "✓", t.light_green),
        (None, _) => ("grey", "–", t.light_none),
    };
    Light { colour, sign, sentence }
}
