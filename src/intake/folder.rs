//! A folder's plain name → the folder opened, and the UIDs in it.

use std::collections::BTreeSet;

use super::Account;
use super::error::Fault;
use super::folder_name;
use super::wire::{Answer, Wire};
use crate::model::ImapFolder;

/// Letters that one search answer may name. The library parses a line anew for each piece that arrives, so lines
/// stay short.
const SEARCH_LETTERS_MAX: u32 = 5_000;

/// Folder, UIDVALIDITY, UID: one letter for all time (RFC 9051 §2.3.1.1).
pub(super) type Place = (String, u32, u32);

/// An opened folder.
pub(super) struct Folder {
    /// Its plain name, as configured.
    pub(super) name: String,
    /// While this stays, a UID means the same letter.
    pub(super) uid_validity: u32,
    /// The UID that the next letter will have, if the server says so.
    pub(super) uid_next: Option<u32>,
    /// Flags that it keeps, in upper case.
    pub(super) permanent_flags: Vec<String>,
    /// How many letters it had when it was opened.
    pub(super) letters: u32,
}

impl Folder {
    /// Opens a folder; only for reading (EXAMINE) unless something is to be written.
    pub(super) async fn open(wire: &mut Wire, name: &str, writes: bool) -> Result<Self, Fault> {
        let verb = if writes { "SELECT" } else { "EXAMINE" };
        let command = format!("{verb} {}", folder_name::quoted(name));
        let (answers, done) = wire.run_any(&command, "opening a folder").await?;
        let folder = name.to_owned();
        if !done.ok {
            let existing = wire.folders().await?;
            return Err(if existing.iter().any(|known| folder_name::same(known, name)) {
                Fault::FolderRefused { folder, answer: done.words }
            } else {
                Fault::NoFolder { folder, existing }
            });
        }
        let mut opened =
            Self { name: folder, uid_validity: 0, uid_next: None, permanent_flags: Vec::new(), letters: 0 };
        for answer in answers {
            match answer {
                Answer::UidValidity(value) => opened.uid_validity = value,
                Answer::UidNext(value) => opened.uid_next = Some(value),
                Answer::PermanentFlags(flags) => opened.permanent_flags = flags,
                Answer::Exists(letters) => opened.letters = letters,
                _ => {}
            }
        }
        if opened.uid_validity == 0 {
            let answer = "it gives no UIDVALIDITY, so its letters cannot be told apart".to_owned();
            return Err(Fault::FolderRefused { folder: opened.name, answer });
        }
        Ok(opened)
    }

    /// The UIDs of its letters that meet `key`, a search key with a space in front, or empty for all.
    pub(super) async fn search(&self, wire: &mut Wire, key: &str) -> Result<BTreeSet<u32>, Fault> {
        let mut found = BTreeSet::new();
        let (mut from, mut letters) = (1, self.letters);
        while from <= letters {
            // Sequence numbers, because UIDs may have wide gaps. Numbers that the folder does not have are an error
            // to some servers, and each letter removed meanwhile moves the later ones down by one.
            let to = letters.min(from.saturating_add(SEARCH_LETTERS_MAX - 1));
            let command = format!("UID SEARCH {from}:{to}{key}");
            from = to.saturating_add(1);
            for answer in wire.run(&command, "searching a folder").await? {
                match answer {
                    Answer::Found(uids) => found.extend(uids),
                    Answer::Exists(now) => letters = now,
                    Answer::Expunged(number) => {
                        letters = letters.saturating_sub(1);
                        from -= u32::from(number < from);
                    }
                    _ => {}
                }
            }
        }
        Ok(found)
    }

    /// A letter's place, to remember it by.
    pub(super) fn place(&self, uid: u32) -> Place {
        (self.name.clone(), self.uid_validity, uid)
    }

    /// The folder, as the rest of the house knows it.
    pub(super) fn known(&self, account: &Account) -> ImapFolder {
        ImapFolder {
            mailbox: account.mailbox.clone(),
            account: account.key(),
            folder: self.name.clone(),
            uid_validity: self.uid_validity,
        }
    }
}
