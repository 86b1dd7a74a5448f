//! Words, to come.
