//! Skrynka receives signed copies of documents that visitors mail through QR codes.
//!
//! The modules stand in the order in which a letter meets them; see ARCHITECTURE.md for the floors and the rules.

pub mod config;
pub mod model;
pub mod texts;

pub mod qr;

pub mod intake;
pub mod matching;
pub mod parse;
pub mod reading;
pub mod search;
pub mod store;
pub mod verify;
