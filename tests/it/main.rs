//! Everything that needs more than one room: one binary, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected stops right there"
)]

mod layers;
mod newcomer;
mod program;
