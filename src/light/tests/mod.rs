//! Tests of the light.

mod case;
mod monotone;
mod rows;
