//! Filed letters → moved or marked on the server, as configured.

use super::error::Fault;
use super::wire::Wire;
use super::{AfterFiling, folder_name, uids};

/// Why letters that are filed could not be moved or marked. They are safe; the action is tried again in every round.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ActionProblem {
    /// The server did not move them.
    #[error(
        "filed letters cannot be moved from `{folder}` to `{target}` ({answer}); create that folder or change `after_filing`"
    )]
    NotMoved {
        /// Where they lie.
        folder: String,
        /// Where they belong.
        target: String,
        /// The server's words.
        answer: String,
    },
    /// The folder keeps no such keyword.
    #[error("the folder `{folder}` keeps no keyword `{keyword}` ({answer}); change `after_filing`")]
    NotMarked {
        /// The folder.
        folder: String,
        /// The keyword.
        keyword: String,
        /// The server's words, or why it was not asked.
        answer: String,
    },
}

/// What is to be done in one folder.
pub(super) enum Action<'a> {
    /// Nothing.
    None,
    /// Move to the folder with this plain name.
    Move(&'a str),
    /// Set this keyword.
    Keyword(&'a str),
}

impl<'a> Action<'a> {
    /// What is to be done with letters in `folder`: letters in the target folder of a move stay there.
    pub(super) fn of(after_filing: &'a AfterFiling, folder: &str) -> Self {
        match after_filing {
            AfterFiling::Move(target) if !folder_name::same(target, folder) => Self::Move(target),
            AfterFiling::Keyword(keyword) => Self::Keyword(keyword),
            AfterFiling::Nothing | AfterFiling::Move(_) => Self::None,
        }
    }

    /// Whether the folder must be opened for writing.
    pub(super) const fn writes(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The search key (RFC 9051 §6.4.4) of letters on which the action is still to be done, whether or not they are
    /// filed. Empty: all.
    pub(super) fn search_key(&self, wire: &Wire) -> String {
        match self {
            // Copied and marked, but this server has no way to expunge just these.
            Self::Move(_) if !wire.can_move && !wire.can_uid_expunge => " UNDELETED".to_owned(),
            Self::Keyword(keyword) => format!(" UNKEYWORD {keyword}"),
            Self::Move(_) | Self::None => String::new(),
        }
    }

    /// Why the action is impossible in a folder that keeps these flags (upper case), if it is.
    pub(super) fn impossible(&self, folder: &str, permanent_flags: &[String]) -> Option<ActionProblem> {
        let Self::Keyword(keyword) = self else { return None };
        let not_marked = |answer: &str| {
            let (folder, keyword) = (folder.to_owned(), (*keyword).to_owned());
            Some(ActionProblem::NotMarked { folder, keyword, answer: answer.to_owned() })
        };
        if !is_keyword(keyword) {
            return not_marked("a keyword has Latin letters, digits and `$`, `-`, `_`, `.` only");
        }
        let kept = permanent_flags.iter().any(|flag| flag == r"\*" || flag.eq_ignore_ascii_case(keyword));
        if kept { None } else { not_marked("it is not among the folder's PERMANENTFLAGS") }
    }

    /// Does it. Only for letters that are accounted for.
    pub(super) async fn carry_out(
        &self,
        wire: &mut Wire,
        folder: &str,
        letters: &[u32],
    ) -> Result<Result<(), ActionProblem>, Fault> {
        for letters in letters.chunks(uids::UIDS_MAX) {
            let set = uids::set(letters);
            match self {
                Self::None => {}
                Self::Move(target) => {
                    if let Err(answer) = relocate(wire, &set, target).await? {
                        let (folder, target) = (folder.to_owned(), (*target).to_owned());
                        return Ok(Err(ActionProblem::NotMoved { folder, target, answer }));
                    }
                }
                Self::Keyword(keyword) => {
                    let command = format!("UID STORE {set} +FLAGS.SILENT ({keyword})");
                    let (_, done) = wire.run_any(&command, "marking filed letters").await?;
                    if !done.ok {
                        let (folder, keyword) = (folder.to_owned(), (*keyword).to_owned());
                        return Ok(Err(ActionProblem::NotMarked { folder, keyword, answer: done.words }));
                    }
                }
            }
        }
        Ok(Ok(()))
    }
}

/// MOVE (RFC 6851), or else COPY, and only after its OK `\Deleted` and UID EXPUNGE (RFC 4315).
///
/// A crash between the steps leaves a second copy at the target, never none. Without UIDPLUS nothing is expunged:
/// a plain EXPUNGE would also remove what others have marked.
async fn relocate(wire: &mut Wire, set: &str, target: &str) -> Result<Result<(), String>, Fault> {
    const DOING: &str = "moving filed letters";
    let target = folder_name::quoted(target);
    let mut commands = Vec::new();
    if wire.can_move {
        commands.push(format!("UID MOVE {set} {target}"));
    } else {
        commands.push(format!("UID COPY {set} {target}"));
        commands.push(format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)"));
        if wire.can_uid_expunge {
            commands.push(format!("UID EXPUNGE {set}"));
        }
    }
    for command in commands {
        let (_, done) = wire.run_any(&command, DOING).await?;
        if !done.ok {
            return Ok(Err(done.words));
        }
    }
    Ok(Ok(()))
}

/// An atom that is no system flag: `\Seen` and its like are not ours to set.
fn is_keyword(text: &str) -> bool {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"$-_.".contains(&c);
    !text.is_empty() && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_set_only_where_it_is_kept() {
        let flags = |flags: &[&str]| flags.iter().map(|flag| (*flag).to_owned()).collect::<Vec<_>>();
        let possible = |keyword: &str, kept: &[&str]| {
            Action::Keyword(keyword).impossible("INBOX", &flags(kept)).is_none()
        };
        assert!(possible("$Skrynka", &[r"\SEEN", r"\*"]));
        assert!(possible("$Skrynka", &[r"\SEEN", "$SKRYNKA"]));
        assert!(!possible("$Skrynka", &[r"\SEEN"]));
        for never in [r"\Seen", "", "a b", "a)\r\nT DELETE INBOX", "a]", "слово"] {
            assert!(!possible(never, &[r"\*"]), "{never}");
        }
    }

    #[test]
    fn letters_in_the_target_of_a_move_stay_there() {
        let after = AfterFiling::Move("inbox".to_owned());
        assert!(!Action::of(&after, "INBOX").writes());
        assert!(Action::of(&after, "Спам").writes());
    }
}
