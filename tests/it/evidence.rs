//! Fetching evidence from real servers on loopback: good ones, bad ones, and ones that lie about where they are.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod addresses;
mod ahead;
mod answers;
pub(crate) mod house;
mod keeping;
mod live;
mod misbehaving;
mod sharing;
mod told;
mod ways_out;
mod world;
