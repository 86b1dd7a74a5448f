//! x

mod mailbox;
