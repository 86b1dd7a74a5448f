//! Why a letter was given up and what a person can do, in words.

use super::Said;
use crate::model::{AttemptFault, QuarantineState};

/// What went wrong with a letter.
#[must_use]
pub fn attempt_fault(fault: &AttemptFault) -> Said {
    match fault {
        AttemptFault::Died => Said::new(
            "програма завершилася, коли обробляла цей лист",
            "the program ended while it had the letter in hand",
        ),
        AttemptFault::Panicked => Said::new(
            "під час обробки листа виявилася помилка самої програми; місце названо в журналі",
            "the program has a mistake that this letter brings out; the log names the place",
        ),
        AttemptFault::TookTooLong { seconds_max } => Said::new(
            format!("обробка листа тривала довше за {seconds_max} с"),
            format!("looking into the letter took longer than {seconds_max} s"),
        ),
        AttemptFault::Refused { said } => Said::new(
            format!("сховище не прийняло цей лист: {said}"),
            format!("the store refuses this letter: {said}"),
        ),
    }
}

/// What a person can do with a letter in quarantine.
#[must_use]
pub fn quarantine_next_step(state: &QuarantineState) -> Said {
    match state {
        QuarantineState::Held | QuarantineState::Released { .. } => Said::new(
            "Сам лист збережено. Після оновлення програми спробуйте ще раз (quarantine retry) або заберіть лист \
             (quarantine release) і опрацюйте його вручну. Про помилку повідомте розробників.",
            "The letter itself is kept. After an update of the program try again (quarantine retry), or take the letter \
             (quarantine release) and handle it by hand. Report the mistake to the program's makers.",
        ),
        QuarantineState::Filed { filing } => Said::new(
            format!("Лист оброблено, реєстраційний № {filing}."),
            format!("The letter is filed: No. {filing}."),
        ),
    }
}
