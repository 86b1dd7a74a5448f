//! GOST 34.311-95: published vectors, an independent oracle, a slow twin, and every path against the others.
#![cfg(test)]

mod agreement;
mod hasher;
mod random;
mod reference;
mod vectors;
