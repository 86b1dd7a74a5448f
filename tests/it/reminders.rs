//! Reminding as a whole: a clock that is turned, a store that is opened again and again, and posts that fail.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod house;
pub(crate) mod server;
mod smtp;
mod words;
mod year;
