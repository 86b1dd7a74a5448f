//! Tests of the light.
