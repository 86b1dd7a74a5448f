//! Everything that needs more than one room: one binary, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected stops right there")]

mod layers;
mod newcomer;
mod program;
