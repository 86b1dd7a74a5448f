//! Tests of the light.

mod case;
mod initiator;
mod monotone;
mod persons;
mod rows;
