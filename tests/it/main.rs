//! Everything that needs more than one room: one binary, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected stops right there"
)]

mod architecture;
mod backup;
#[cfg(debug_assertions)]
mod copies;
mod crash;
mod daemon;
mod evidence;
mod evidence_export;
mod forgeries;
mod health;
mod journey;
mod kills;
mod layers;
mod letters;
mod lights;
mod mailbox;
mod mutations;
mod newcomer;
mod program;
#[cfg(debug_assertions)]
mod reader;
mod reading;
mod real_files;
mod reminders;
mod trust;
mod verify_cli;
mod visits;
mod web;
