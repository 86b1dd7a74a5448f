//! A mailbox → what its server holds, letter by letter, beside how each is accounted for. Nothing is changed there.

use std::collections::{BTreeSet, HashMap};
use std::future::Future;

use serde::Serialize;
use tokio::sync::watch;

use super::error::Fault;
use super::fetch::{self, Known};
use super::folder::Folder;
use super::port::PortError;
use super::round::blame;
use super::wire::Wire;
use super::{Account, AfterFiling, IntakeError, LETTER_BYTES_HARD_MAX, folder_name, uids};
use crate::model::{ImapFolder, Standing, Timestamp};

/// UIDs that the books are asked for at once: a list of about 100 KB.
const ASKED_MAX: usize = 10_000;

/// Letters of a folder that are named one by one; a mailbox that was never read has as many as it likes.
const WAITING_NAMED_MAX: usize = 1_000;

/// Knows how letters are accounted for.
pub trait Books: Send + Sync {
    /// Of `uids`, those that are accounted for, and how.
    ///
    /// # Errors
    /// The books cannot be read.
    fn standings(
        &self,
        folder: &ImapFolder,
        uids: Vec<u32>,
    ) -> impl Future<Output = Result<Vec<(u32, Standing)>, PortError>> + Send;

    /// How many letters with UIDs below `below` are accounted for, whether or not they still lie there.
    ///
    /// # Errors
    /// The books cannot be read.
    fn accounted_below(
        &self,
        folder: &ImapFolder,
        below: u32,
    ) -> impl Future<Output = Result<u64, PortError>> + Send;
}

/// A mailbox, counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stock {
    /// Every watched folder.
    pub folders: Vec<FolderStock>,
    /// Where filed letters are moved to, if they are.
    pub target: Option<Target>,
}

/// A watched folder, counted: `on_server` = `filed` + `already_filed` + `quarantined` + `waiting`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FolderStock {
    /// Its name.
    pub folder: String,
    /// Why it could not be read; nothing below counts then.
    pub problem: Option<String>,
    /// Its UIDVALIDITY.
    pub uid_validity: u32,
    /// Letters that the server holds in it.
    pub on_server: usize,
    /// Of these, letters that are a filing of their own.
    pub filed: usize,
    /// Of these, letters whose bytes were filed from another place.
    pub already_filed: usize,
    /// Of these, letters that were set aside with a reason.
    pub quarantined: usize,
    /// Of these, letters that are not accounted for: they wait to be fetched.
    pub waiting: usize,
    /// The first of those that wait.
    pub waiting_letters: Vec<Waiting>,
    /// Letters that are accounted for and no longer lie in the folder: moved or removed, by us or by others.
    pub gone: u64,
}

/// A letter that is not accounted for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Waiting {
    /// Its UID.
    pub uid: u32,
    /// INTERNALDATE; absent when the letter went away meanwhile, or the server does not say.
    pub received_at: Option<Timestamp>,
    /// Its size as the server gives it.
    pub bytes: Option<u64>,
    /// It is larger than what is taken at all, and waits for a person.
    pub too_large: bool,
}

/// The folder that filed letters are moved to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Target {
    /// Its name.
    pub folder: String,
    /// Letters that it holds; absent when it cannot be opened.
    pub letters: Option<u32>,
    /// Whether it is watched too, so that its letters are counted above.
    pub watched: bool,
}

/// Counts a mailbox. Folders are opened with EXAMINE: nothing changes on the server.
///
/// # Errors
/// The mailbox or the books cannot be read. A single folder that does not open is an answer.
pub async fn take_stock(account: &Account, books: &impl Books) -> Result<Stock, IntakeError> {
    let (_never, stop) = watch::channel(false);
    let failed = |fault| blame(account, fault);
    let mut wire = Wire::log_in(account, stop).await.map_err(failed)?;
    let mut folders = Vec::new();
    for name in &account.folders {
        folders.push(match Folder::open(&mut wire, name, false).await {
            Ok(folder) => count(account, books, &mut wire, &folder).await?,
            Err(fault @ (Fault::NoFolder { .. } | Fault::FolderRefused { .. })) => {
                FolderStock { problem: Some(fault.to_string()), ..empty(name, 0) }
            }
            Err(fault) => return Err(failed(fault)),
        });
    }
    let target = match &account.after_filing {
        AfterFiling::Move(target) => Some(Target {
            folder: target.clone(),
            watched: account.folders.iter().any(|folder| folder_name::same(folder, target)),
            letters: match Folder::open(&mut wire, target, false).await {
                Ok(folder) => Some(folder.letters),
                Err(Fault::NoFolder { .. } | Fault::FolderRefused { .. }) => None,
                Err(fault) => return Err(failed(fault)),
            },
        }),
        AfterFiling::Nothing | AfterFiling::Keyword(_) => None,
    };
    wire.log_out().await;
    Ok(Stock { folders, target })
}

async fn count(
    account: &Account,
    books: &impl Books,
    wire: &mut Wire,
    folder: &Folder,
) -> Result<FolderStock, IntakeError> {
    let failed = |fault| blame(account, fault);
    let known = folder.known(account);
    let unread = |source| IntakeError::Ledger { mailbox: account.mailbox.clone(), source };
    let lying = folder.search(wire, "").await.map_err(failed)?;
    let mut stock = empty(&folder.name, folder.uid_validity);
    stock.on_server = lying.len();
    let mut waiting = lying.clone();
    for asked in lying.iter().copied().collect::<Vec<_>>().chunks(ASKED_MAX) {
        let standings = books.standings(&known, asked.to_vec()).await;
        for (uid, standing) in standings.map_err(unread)? {
            if waiting.remove(&uid) {
                match standing {
                    Standing::Filed(_) => stock.filed += 1,
                    Standing::AlreadyFiled(_) => stock.already_filed += 1,
                    Standing::Quarantined => stock.quarantined += 1,
                }
            }
        }
    }
    // A letter that arrived since the search, and was filed at once, lies above all that were found.
    let below = lying.last().copied().max(folder.uid_next.map(|next| next.saturating_sub(1)));
    let below = below.map_or(u32::MAX, |last| last.saturating_add(1));
    let accounted = books.accounted_below(&known, below).await;
    let there = u64::try_from(stock.on_server - waiting.len()).unwrap_or(u64::MAX);
    stock.gone = accounted.map_err(unread)?.saturating_sub(there);
    stock.waiting = waiting.len();
    stock.waiting_letters = named(account, wire, waiting).await.map_err(failed)?;
    Ok(stock)
}

/// The first letters that wait, with what the server says of each.
async fn named(account: &Account, wire: &mut Wire, waiting: BTreeSet<u32>) -> Result<Vec<Waiting>, Fault> {
    let bytes_max = account.letter_bytes_hard_max.min(LETTER_BYTES_HARD_MAX);
    let waiting: Vec<u32> = waiting.into_iter().take(WAITING_NAMED_MAX).collect();
    let mut known: HashMap<u32, Known> = HashMap::new();
    for asked in waiting.chunks(uids::UIDS_MAX) {
        known.extend(fetch::known(wire, asked).await?.into_iter().map(|letter| (letter.uid, letter)));
    }
    let named = waiting.into_iter().map(|uid| {
        let known = known.get(&uid);
        Waiting {
            uid,
            received_at: known.map(|known| known.received_at),
            bytes: known.map(|known| known.size),
            too_large: known.is_some_and(|known| known.size > bytes_max),
        }
    });
    Ok(named.collect())
}

fn empty(folder: &str, uid_validity: u32) -> FolderStock {
    FolderStock {
        folder: folder.to_owned(),
        problem: None,
        uid_validity,
        on_server: 0,
        filed: 0,
        already_filed: 0,
        quarantined: 0,
        waiting: 0,
        waiting_letters: Vec::new(),
        gone: 0,
    }
}
