//! How the rounds go → who is told when a mailbox falls silent, and what a monitoring program reads on a loopback port.
//!
//! Nothing is concluded from errors alone: what counts is the last time when a mailbox was read to its end. Errors only
//! say why it was not.

mod board;
mod keeper;
mod mail;
mod metrics;
mod port;
mod pulse;

pub use board::{Health, LetterFacts, MailboxHealth};
pub use keeper::{Alarm, Keeper};
pub use mail::{MailAlarm, Telling};
pub use port::serve;
