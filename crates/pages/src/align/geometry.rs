//! Letters and their boxes → the height of capitals and the baseline; whether a box is where its letter would be.

use crate::Rect;
use crate::outlines::Measure;

/// Capitals and digits with a flat top: they are as high as capitals are measured.
const FLAT: &str = "БГДЕЖИІКЛМНПРТХЦЧШЩЬЯABDEFHIKLMNPRTVWXYZ1457";
/// Capitals and digits with a round top, which is a little higher.
const ROUND: &str = "АВЄЗОСУФЮCGJOQSU023689";
/// Letters and digits with a flat foot: they stand on the baseline, round ones a little below it.
const STANDING: &str = "БВГЕЖИІЇЙКМНПРТХЧШЬЯвгжиіїйкмнптхчшьяABDEFHIKLMNPRTXZhiklmnrxz1247";
/// How much higher a round top is.
const OVERSHOOT: f32 = 1.02;
/// Small letters without anything above.
const LOW: &str = "авгґдеєжзиклмнопрстухцчшщьюяacegmnopqrsuvwxyz";
/// Small letters with something above.
const RISING: &str = "бїійфbdfhijklt";
/// Capitals with something above.
const CROWNED: &str = "ЇЙҐ";
/// Letters that go below the baseline.
const DEEP: &str = "рфуgjpqy";
/// Letters that may go below it a little, or much.
const LOOSE: &str = "дцщґДЦЩQJ,;()[]{}/|\\@№§$Ґ";
/// Signs that hang or stand in the air.
const FLYING: &str = "'’\"-–—«»*°+=~";

/// The measure of a row by the letters that should stand in it; none without a capital or a digit.
pub(super) fn measure(letters: &[(char, Rect)]) -> Option<Measure> {
    let stands = |letter: char| letter.is_alphanumeric() && !DEEP.contains(letter) && !LOOSE.contains(letter);
    let feet = |of: &dyn Fn(char) -> bool| {
        median(letters.iter().filter(|(letter, _)| of(*letter)).map(|(_, at)| at.bottom).collect())
    };
    let baseline_pt = feet(&|letter| STANDING.contains(letter)).or_else(|| feet(&stands))?;
    let heights = |of: &str| -> Vec<f32> {
        letters
            .iter()
            .filter(|(letter, _)| of.contains(*letter))
            .map(|(_, at)| baseline_pt - at.top)
            .collect()
    };
    let cap_pt = median(heights(FLAT)).or_else(|| Some(median(heights(ROUND))? / OVERSHOOT))?;
    (cap_pt > 0.5).then_some(Measure { cap_pt, baseline_pt })
}

/// Whether a box is where a letter would be. Only the grossest differences are seen: small from capital, comma from
/// apostrophe, letters that go below from those that stand.
pub(super) fn fits(letter: char, at: &Rect, measure: Measure) -> bool {
    let rise = (measure.baseline_pt - at.top) / measure.cap_pt;
    let drop = (at.bottom - measure.baseline_pt) / measure.cap_pt;
    let within = |from: f32, value: f32, to: f32| (from..=to).contains(&value);
    let top = if LOW.contains(letter) {
        within(0.55, rise, 0.9)
    } else if FLAT.contains(letter) || ROUND.contains(letter) {
        within(0.94, rise, 1.08)
    } else if CROWNED.contains(letter) {
        within(0.98, rise, 1.6)
    } else if RISING.contains(letter) {
        within(0.7, rise, 1.45)
    } else if ".,".contains(letter) {
        within(0.05, rise, 0.4)
    } else {
        within(-0.3, rise, 1.6)
    };
    let bottom = if DEEP.contains(letter) {
        within(0.08, drop, 0.6)
    } else if FLYING.contains(letter) {
        drop < -0.1
    } else if LOOSE.contains(letter) {
        within(-0.08, drop, 0.6)
    } else if letter == '_' {
        drop > -0.05
    } else {
        within(-0.08, drop, 0.08)
    };
    top && bottom
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
