//! Tests of the light.

mod initiator;
mod persons;
