//! Mailboxes and drop folders → raw letters, each handed over once it is whole and acted on only once it is filed.
//!
//! What was taken is known by a [`Ledger`], what becomes of a letter is decided by a [`Desk`]: both are ports that
//! the trunk fills; a [`Witness`] learns how it goes. A letter is fetched with BODY.PEEK, so `\Seen` stays what its reader made of it and is never our
//! state. Whatever fails here leaves the letter where it lies, and the next round finds it again.

mod account;
mod action;
mod check;
mod door;
mod drop_folder;
mod error;
mod fetch;
mod folder;
mod folder_name;
mod port;
mod report;
mod round;
mod stock;
mod tls;
mod uids;
mod watch;
mod wire;

pub use account::{Account, AfterFiling, LETTER_BYTES_HARD_MAX, Security};
pub use action::ActionProblem;
pub use check::{CheckLine, check_account};
pub use drop_folder::{DropFolder, DropReport, scan_drop_folder, watch_drop_folder};
pub use error::{Fault, IntakeError};
pub use port::{Desk, Ledger, PortError, TooLarge, Witness};
pub use report::RoundReport;
pub use round::poll_once;
pub use stock::{Books, FolderStock, Stock, Target, Waiting, take_stock};
pub use watch::{SILENT_MAX, watch};
